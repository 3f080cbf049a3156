"""Copying published files whole to this computer: resumed where they broke off, and checked."""

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from rhythmtrainer.model import RecordError, UnreachableError
from rhythmtrainer.records.archive.address import Archive
from rhythmtrainer.records.archive.stream import Stream
from rhythmtrainer.records.tables.listing import is_safe
from rhythmtrainer.training.cancel import Cancel

PART: Final = ".part"
# A connection is given so long, then the next one goes on where it stood: what comes more slowly
# than `_WORTH_RESUMING` in that time is as good as dead.
_CONNECTION_S: Final = 120.0
_WORTH_RESUMING: Final = 1 << 16
_FRUITLESS_TRIES: Final = 2
# The longest file of any database that is known has 0.5 GB.
LARGEST: Final = 4 << 30
_HASHED_AT_ONCE: Final = 1 << 20
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

# Takes the bytes that have just come of a file, and which share of it is here, where that is known.
Arrived = Callable[[int, float | None], None]


class Download:
    """Copies files of one archive into a folder that is laid out as the archive is.

    A file is written as ``name.part``, which a later download goes on with, and gets its name
    when all of it is there and is what was published.

    Parameters
    ----------
    folder
        Made when it is first written.
    """

    def __init__(self, archive: Archive, folder: Path) -> None:
        self._archive = archive
        self._folder = folder

    def file(
        self,
        path: str,
        digest: str | None,
        arrived: Arrived,
        cancel: Cancel,
        *,
        largest: int = LARGEST,
    ) -> Path:
        """Make sure that the file at `path` is here, and return where.

        Parameters
        ----------
        path
            Below the archive's root.
        digest
            Its published SHA-256; None where that is not known: then a file that is here is
            taken as it is.
        arrived
            Is called for every portion that comes.
        largest
            Bytes above which it cannot be what it should be.

        Raises
        ------
        MissingFileError
            If the archive has no such file.
        RecordError
            If it is not the published file, or longer than it may be.
        UnreachableError
            If the archive fails or the file cannot be written.
        CancelledError
            If `cancel` was thrown.
        """
        if not is_safe(path):
            raise RecordError(f"“{path}” is no path of a published file.")
        target = self._folder / path
        with _told_faults(target):
            if target.is_file() and digest in (None, sha256_of(target, cancel)):
                return target
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(target.name + PART)
            resumed = part.exists()
            with _nothing_empty_left(part):
                self._complete(path, part, largest, arrived, cancel)
                if resumed and digest is not None and sha256_of(part, cancel) != digest:
                    # What stood there was of something else: once more from the first byte.
                    part.unlink()
                    self._complete(path, part, largest, arrived, cancel)
            if digest is not None and sha256_of(part, cancel) != digest:
                part.unlink()
                raise RecordError(
                    f"{path} at {self._archive.host} is not the published file: its checksum"
                    " differs."
                )
            part.replace(target)
        return target

    def _complete(
        self, path: str, part: Path, largest: int, arrived: Arrived, cancel: Cancel
    ) -> None:
        """Append what is missing of a file, over as many connections as bring something."""
        fruitless = 0
        while True:
            start = _size_of(part)
            try:
                deadline = time.monotonic() + _CONNECTION_S
                with self._archive.stream(path, start, cancel, deadline) as stream:
                    self._append(path, stream, part, largest, arrived)
            except RecordError:
                part.unlink(missing_ok=True)
                # What was resumed may have been of something else: once more from the first byte.
                if not start:
                    raise
            except UnreachableError:
                came = _size_of(part) - start
                fruitless = 0 if came >= _WORTH_RESUMING else fruitless + 1
                if fruitless == _FRUITLESS_TRIES:
                    raise
            else:
                return

    def _append(
        self, path: str, stream: Stream, part: Path, largest: int, arrived: Arrived
    ) -> None:
        written = _size_of(part)
        if stream.size is not None:
            _check_size(path, stream.size, largest)
            _check_room(part, stream.size - written)
        with part.open("ab") as file:
            for chunk in stream.chunks:
                written += len(chunk)
                _check_size(path, written, largest)
                file.write(chunk)
                arrived(len(chunk), written / stream.size if stream.size else None)


def sha256_of(path: Path, cancel: Cancel) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal digits.

    Raises
    ------
    OSError
        If the file cannot be read.
    CancelledError
        If `cancel` was thrown.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for portion in _portions(file):
            cancel.check()
            digest.update(portion)
    return digest.hexdigest()


def _portions(file: BinaryIO) -> Iterator[bytes]:
    while portion := file.read(_HASHED_AT_ONCE):
        yield portion


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _check_size(path: str, size: int, largest: int) -> None:
    if size > largest:
        raise RecordError(f"{path} is longer than {largest} bytes, so it is not what it should be.")


def _check_room(part: Path, needed: int) -> None:
    if shutil.disk_usage(part.parent).free < needed:
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def _nothing_empty_left(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if not _size_of(part):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def _told_faults(target: Path) -> Iterator[None]:
    """Say in a sentence why a file cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise UnreachableError(
                f"{target.name} was not fetched: the disk of {target.parent} is full."
            ) from error
        raise UnreachableError(f"{target} cannot be written: {error.strerror or error}.") from error

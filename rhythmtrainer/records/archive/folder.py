"""An archive in a folder: a copy on a disk of this computer, or one that it sees over a network."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from rhythmtrainer.records.archive.faults import Faults
from rhythmtrainer.records.archive.stream import Stream
from rhythmtrainer.training.cancel import Cancel

_CHUNK: Final = 1 << 16


class FolderFiles:
    """Reads files, or parts of them, below one folder; see `Archive`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faults = Faults(self.host)

    @property
    def host(self) -> str:
        """The folder, as a phrase."""
        return f"the folder {self._folder}"

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def whole(self, path: str, limit: int, cancel: Cancel, deadline: float) -> bytes:
        """Return the content of a file that has at most `limit` bytes; see `Archive.whole`."""
        with self._opened(path, cancel, deadline) as (file, size):
            if size > limit:
                raise self._faults.too_long(path, limit)
            return self._read(path, file, size)

    def part(
        self, path: str, start: int, stop: int, cancel: Cancel, deadline: float
    ) -> tuple[bytes, int | None]:
        """Return a part of a file and the size of the whole; see `Archive.part`."""
        with self._opened(path, cancel, deadline) as (file, size):
            if stop > size:
                raise self._faults.too_short(path)
            file.seek(start)
            return self._read(path, file, stop - start), size

    def size(self, path: str, cancel: Cancel, deadline: float) -> int:
        """Return the size of a file in bytes; see `Archive.size`."""
        with self._opened(path, cancel, deadline) as (_, size):
            return size

    @contextmanager
    def stream(self, path: str, start: int, cancel: Cancel, deadline: float) -> Iterator[Stream]:
        """Give a file from byte `start` on; see `Archive.stream`."""
        with self._opened(path, cancel, deadline) as (file, size):
            if start > size:
                raise self._faults.too_short(path)
            file.seek(start)
            yield Stream(size, self._chunks(path, file, size - start, cancel, deadline))

    def _chunks(
        self, path: str, file: BinaryIO, left: int, cancel: Cancel, deadline: float
    ) -> Iterator[bytes]:
        while left:
            cancel.check()
            if time.monotonic() > deadline:
                raise self._faults.too_slow(path)
            yield self._read(path, file, min(_CHUNK, left))
            left -= min(_CHUNK, left)

    def _read(self, path: str, file: BinaryIO, count: int) -> bytes:
        try:
            content = file.read(count)
        except OSError as error:
            raise self._faults.unreadable(path, error.strerror or str(error)) from error
        if len(content) != count:
            # Somebody has cut the file since its size was looked at.
            raise self._faults.broken_off(path)
        return content

    @contextmanager
    def _opened(self, path: str, cancel: Cancel, deadline: float) -> Iterator[tuple[BinaryIO, int]]:
        """Give an open file and its size."""
        cancel.check()
        with self._open(path) as file:
            if time.monotonic() > deadline:
                raise self._faults.too_late(path)
            yield file, os.fstat(file.fileno()).st_size

    def _open(self, path: str) -> BinaryIO:
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts:
            raise self._faults.missing(path)
        try:
            # A pipe would keep whoever opens it waiting for its other end.
            if (self._folder / place).is_fifo():
                raise self._faults.missing(path)
            return (self._folder / place).open("rb")
        except OSError as error:
            if not self._folder.is_dir():
                raise self._faults.unreachable(path) from error
            if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
                raise self._faults.missing(path) from error
            raise self._faults.unreadable(path, error.strerror or str(error)) from error

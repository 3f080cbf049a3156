"""A folder of this process beside the packs, for files that are on their way in or out."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rhythmtrainer.model import RecordError

_log = logging.getLogger(__name__)
_NAME: Final = ".work-"
_LOCK: Final = "lock"
_PACKS_LOCK: Final = ".lock"
# A change takes milliseconds; who holds the lock for longer hangs.
_PATIENCE_S: Final = 10.0
_REPLACED: Final = "replaced-"


class Workbench:
    """A folder that belongs to this process as long as it runs, and to nobody afterwards.

    New files are written here and moved into their place when they are whole; what is taken away
    waits here until the program ends. A lock that ends with the process tells others that the
    folder is in use; `sweep` removes those of processes that were killed.

    Parameters
    ----------
    packs
        The folder of packs, on the same disk.
    """

    def __init__(self, packs: Path) -> None:
        self._packs = packs
        self._packs_lock = FileLock(packs / _PACKS_LOCK, timeout=_PATIENCE_S)
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self._numbers = count()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep other threads and processes from changing the packs while the block runs.

        Raises
        ------
        RecordError
            If another takes too long, or the disk cannot be written, also inside the block.
        """
        try:
            self._packs.mkdir(parents=True, exist_ok=True)
            with self._packs_lock:
                yield
        except Timeout as error:
            raise RecordError(
                "Strips and packs cannot be changed: another rhythmtrainer is changing them."
            ) from error
        except OSError as error:
            raise RecordError(
                f"Strips and packs cannot be changed on the disk: {error.strerror or error}."
            ) from error

    def place(self) -> Path:
        """Return a path on the workbench at which there is nothing yet.

        To be asked for while `changing`, as is all else that is on the workbench.

        Raises
        ------
        OSError
            If the disk cannot be written.
        """
        return self._made() / f"{next(self._numbers)}"

    def written(self, content: bytes) -> Path:
        """Write a file that is on the disk, and not only on its way there, when this returns.

        Raises
        ------
        OSError
            If the disk cannot be written; nothing is left of the file.
        """
        file = self.place()
        try:
            with file.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            file.unlink(missing_ok=True)
            raise
        return file

    def replaced(self, pack: str) -> Path:
        """Return where a pack waits while another takes its place."""
        return self._made() / f"{_REPLACED}{pack}"

    def close(self) -> None:
        """Remove the workbench with all that is on it."""
        if self._lock is not None:
            self._lock.release()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None

    def _made(self) -> Path:
        if self._folder is None:
            folder = Path(tempfile.mkdtemp(prefix=_NAME, dir=self._packs))
            # Taken and let go in different threads.
            self._lock = FileLock(folder / _LOCK, thread_local=False)
            self._lock.acquire(timeout=0)
            self._folder = folder
        return self._folder


def sweep(packs: Path) -> None:
    """Remove what processes that were killed have left behind; put back what they took away.

    To be done while `Workbench.changing`, so that nobody makes a workbench meanwhile.

    Raises
    ------
    OSError
        If the disk cannot be written.
    """
    for folder in packs.glob(f"{_NAME}*"):
        lock = FileLock(folder / _LOCK)
        # Its process is alive.
        with suppress(Timeout):
            lock.acquire(timeout=0)
            lock.release()
            for replaced in folder.glob(f"{_REPLACED}*"):
                _put_back(replaced, packs / replaced.name.removeprefix(_REPLACED))
            shutil.rmtree(folder)


def _put_back(replaced: Path, place: Path) -> None:
    if not place.exists():
        replaced.rename(place)
        _log.info("put back %s, whose replacement had not been finished", place.name)

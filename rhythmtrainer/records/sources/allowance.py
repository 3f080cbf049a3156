"""How much a cache on disk may hold, and what goes first when it holds more."""

import errno
import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

_log = logging.getLogger(__name__)

NEW: Final = ".new-"
"""What the names of folders begin with that are not in their place yet, or no longer."""

# Nothing takes so long to write: what is older was left behind by a process that was killed.
_LEFT_BEHIND_S: Final = 3600.0
# Room is made for a while, so that the whole cache is not looked through at every excerpt.
_FILL_AGAIN: Final = 0.9
# Whoever holds the lock for longer is making room, and counts all anew.
_PATIENCE_S: Final = 0.5
_LOCK: Final = "count.lock"
_COUNT: Final = "count"
_EXCERPT: Final = re.compile(r"\d{10,}-\d{10,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something that is kept or goes by itself: an excerpt's folder, or a file beside them."""

    path: Path
    size: int
    used_ns: int
    is_excerpt: bool


class Allowance:
    """Counts what a cache holds and makes room in it; several processes may do so at once.

    The count stands in a file in the cache's folder. It is made anew whenever room is made, so
    that it need not be exact: what a killed process did not count is found then. Excerpts go
    before the headers beside them, and what was used last goes last.

    Parameters
    ----------
    folder
        The cache's folder.
    limit_bytes
        What the files below it may have together.
    remove
        Takes an excerpt's folder away, and returns whether it did.
    """

    def __init__(self, folder: Path, limit_bytes: int, remove: Callable[[Path], bool]) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._remove = remove

    def take(self, size: int) -> None:
        """Count `size` bytes that are about to be kept; make room if that is too much.

        Raises
        ------
        OSError
            If the folder cannot be written, or they are more than it may hold.
        """
        if size > self._limit:
            raise OSError(errno.EFBIG, f"it has {size} bytes, and the cache {self._limit}")
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._locked() as locked:
            if not locked:
                return
            counted = self._counted()
            if counted is None or counted + size > self._limit:
                counted = self._evict(int(self._limit * _FILL_AGAIN) - size)
            self._count(counted + size)

    def give_back(self, share: float) -> None:
        """Take away so large a share of what is kept, from 0 to 1.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        if not self._folder.is_dir():
            return
        with self._locked() as locked:
            if locked:
                self._count(self._evict(int(self.size() * (1.0 - share))))

    def size(self, below: str = "") -> int:
        """Return the bytes of what is kept, in all or in a folder of the cache."""
        return sum(entry.size for entry in _entries(self._folder / below))

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Say whether nobody else counts while the block runs."""
        lock = FileLock(self._folder / _LOCK)
        try:
            lock.acquire(timeout=_PATIENCE_S)
        except Timeout:
            yield False
            return
        except NotImplementedError as error:
            raise OSError(str(error)) from error
        try:
            yield True
        finally:
            lock.release()

    def _counted(self) -> int | None:
        try:
            return max(0, int((self._folder / _COUNT).read_text(encoding="ascii")))
        except (OSError, ValueError):
            return None

    def _count(self, total: int) -> None:
        (self._folder / _COUNT).write_text(str(total), encoding="ascii")

    def _evict(self, goal: int) -> int:
        """Take away what was not used for longest until `goal` is met; return what is left."""
        entries = sorted(_entries(self._folder), key=lambda e: (not e.is_excerpt, e.used_ns))
        left = sum(entry.size for entry in entries)
        for entry in entries:
            if left <= goal:
                break
            if self._take_away(entry):
                left -= entry.size
        return left

    def _take_away(self, entry: _Entry) -> bool:
        try:
            if entry.path.stat().st_mtime_ns != entry.used_ns:
                # Somebody uses it just now.
                return False
            if not entry.is_excerpt:
                entry.path.unlink()
            elif not self._remove(entry.path):
                return False
        except OSError as error:
            _log.info("%s stays in the cache: %s", entry.path, error)
            return False
        _remove_empty(entry.path.parent, self._folder)
        return True


def remove_left_behind(folder: Path) -> None:
    """Take away what processes that were killed have left in a folder of the cache."""
    for left in folder.glob(f"{NEW}*"):
        # Another process may be removing it as well.
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(left)


def _entries(folder: Path) -> Iterator[_Entry]:
    """Yield what is kept below a folder, without what is about to come or to go."""
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if any(name.startswith(NEW) for name in folders):
            remove_left_behind(here)
        excerpts = [name for name in folders if _EXCERPT.fullmatch(name)]
        folders[:] = [n for n in folders if n not in excerpts and not n.startswith(NEW)]
        for name in (*excerpts, *files):
            # What another process takes away in the meantime is not there any more.
            with suppress(OSError):
                if name not in (_LOCK, _COUNT):
                    yield _entry(here / name, is_excerpt=name in excerpts)


def _entry(path: Path, *, is_excerpt: bool) -> _Entry:
    found = path.stat()
    if not is_excerpt:
        return _Entry(path, found.st_size, found.st_mtime_ns, is_excerpt)
    with os.scandir(path) as files:
        size = sum(file.stat().st_size for file in files)
    return _Entry(path, size, found.st_mtime_ns, is_excerpt)


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder, and those above it below `top`, as far as nothing is in them."""
    with suppress(OSError):
        while folder != top:
            folder.rmdir()
            folder = folder.parent

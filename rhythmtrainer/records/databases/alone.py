"""One process at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rhythmtrainer.model import CancelledError, UnreachableError
from rhythmtrainer.training.cancel import Cancel

# Somebody who waits so long has gone home.
_PATIENCE_S: Final = 86_400.0


@contextmanager
def alone(file: Path, waits: Callable[[], None], cancel: Cancel) -> Iterator[None]:
    """While the block runs, no other process is inside one for the same `file`.

    The file is gone afterwards; a process that was killed leaves it behind, but not the lock.

    Parameters
    ----------
    waits
        Is called once, if another process has to be waited for.

    Raises
    ------
    UnreachableError
        If the file cannot be made.
    CancelledError
        If `cancel` was thrown.
    """
    lock = FileLock(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waits()
            with suppress(Timeout):
                lock.acquire(timeout=_PATIENCE_S, cancel_check=lambda: cancel.thrown)
    except OSError as error:
        raise UnreachableError(
            f"{file.parent} cannot be written: {error.strerror or error}."
        ) from error
    if not lock.is_locked:
        raise CancelledError
    try:
        yield
    finally:
        # Removed while it is held: who waits for it notices, and makes a new one. Where an open
        # file cannot be removed it stays, which does no harm.
        with suppress(OSError):
            file.unlink()
        lock.release()

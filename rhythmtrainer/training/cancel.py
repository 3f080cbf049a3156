"""Calling work off from outside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rhythmtrainer.model import CancelledError


class Cancel:
    """A switch that one thread throws and the working thread looks at.

    Work that waits inside a library, where it cannot look, says with `calling` what has to
    be called to wake it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thrown = False
        self._wake: Callable[[], None] | None = None

    @property
    def thrown(self) -> bool:
        """Whether the work has been called off."""
        return self._thrown

    def throw(self) -> None:
        """Call the work off. May be called from any thread, more than once."""
        with self._lock:
            self._thrown = True
            wake = self._wake
        if wake is not None:
            wake()

    def check(self) -> None:
        """Raise `CancelledError` if the work has been called off."""
        if self._thrown:
            raise CancelledError

    @contextmanager
    def calling(self, wake: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `throw` also calls `wake`, from the throwing thread."""
        with self._lock:
            self._wake = wake
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._wake = None

"""What happens while a strip is waited for."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

# Shorter waits are not worth a word.
_BEFORE_SAYING_MS: Final = 300


class Waiting(QObject):
    """Says after a moment that a strip is being read, and gives up on the first one for another.

    Parameters
    ----------
    say
        Called when the wait is long enough to be explained.
    give_up
        Called when the first strip has taken too long.
    """

    def __init__(
        self,
        say: Callable[[], object],
        give_up: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._said = _single_shot(say, self)
        self._said.setInterval(_BEFORE_SAYING_MS)
        self._given_up = _single_shot(give_up, self)
        self._given_up.timeout.connect(self.begin)

    def begin(self) -> None:
        """Wait for the next strip."""
        self._said.start()

    def begin_first(self, patience_ms: int) -> None:
        """Wait for the first strip of all, but no longer than this: nothing need be said yet."""
        self._said.stop()
        self._given_up.start(patience_ms)

    def pause(self) -> None:
        """Say nothing for now; the first strip is waited for all the same."""
        self._said.stop()

    def end(self) -> None:
        """Wait no more."""
        self._said.stop()
        self._given_up.stop()


def _single_shot(call: Callable[[], object], parent: QObject) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    return timer

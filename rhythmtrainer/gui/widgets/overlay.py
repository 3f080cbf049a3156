"""What lies over a strip without moving it: marks, calipers, rulers."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter

from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch


class Overlay(Protocol):
    """Something drawn over a strip; the same on paper, on the monitor and in saved files."""

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Draw over what is shown; leave nothing of the painter's state changed."""
        ...


class Tool(Overlay, Protocol):
    """An overlay that hands can move.

    Attributes
    ----------
    changed
        Signal: it must be drawn again.
    """

    changed: SignalInstance

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        """Take hold of what lies at a point; False leaves the press to the view."""
        ...

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        """Move what is held."""
        ...

    def released(self) -> None:
        """Let go."""
        ...

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        """Return the shape that tells what a press at a point would do."""
        ...

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        """Answer a key; False leaves it to the view and the page."""
        ...

    @property
    def description(self) -> str:
        """What a screen reader says: what is measured now, in a sentence."""
        ...

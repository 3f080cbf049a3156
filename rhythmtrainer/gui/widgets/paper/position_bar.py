"""A thin bar that tells where in a recording one looks."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import StripColours

_HEIGHT: Final = float(UNIT)
# A hand needs more room than an eye.
_REACH: Final = 2.0 * UNIT
_LEAST_WIDTH: Final = 3.0 * UNIT


@dataclass(frozen=True, slots=True)
class PositionBar:
    """Lies along the lower edge of an area, as long as the recording.

    Attributes
    ----------
    start_s, end_s
        Of the recording, in seconds from its first sample.
    """

    area: QRectF
    start_s: float
    end_s: float

    def paint(
        self, painter: QPainter, visible_s: tuple[float, float], colours: StripColours
    ) -> None:
        """Draw the bar, and on it what is seen."""
        left, right = self._x(visible_s[0]), self._x(visible_s[1])
        width = min(max(right - left, _LEAST_WIDTH), self.area.width())
        left = min(max((left + right - width) / 2, 0.0), self.area.width() - width)
        top = self.area.bottom() - _HEIGHT
        painter.fillRect(QRectF(0.0, top, self.area.width(), _HEIGHT), colours.small_line)
        painter.fillRect(QRectF(left, top, width, _HEIGHT), colours.text)

    def holds(self, at: QPointF) -> bool:
        """Return whether a point lies on the bar, or so near that it is meant."""
        return at.y() >= self.area.bottom() - _REACH

    def seconds(self, x: float) -> float:
        """Return the time that lies at a place of the bar."""
        share = min(max(x / max(self.area.width(), 1.0), 0.0), 1.0)
        return self.start_s + share * (self.end_s - self.start_s)

    def _x(self, seconds: float) -> float:
        length = max(self.end_s - self.start_s, 1e-9)
        return (seconds - self.start_s) / length * self.area.width()

"""Small printed texts on the ground's colour, to be read over any trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch

_SMALLEST_PX: Final = 12
_TEXT_MM: Final = 2.5
# A strip that is zoomed is not looked at from farther away; a wide picture is.
_LARGEST_PX: Final = 16
_SHARE_OF_WIDTH: Final = 1 / 140
# Lines of large pictures may be heavier, but never hide the trace.
_HEAVIEST: Final = 1.6
# The grid shows through a little; the trace does not disturb the letters.
_OPACITY: Final = 0.92


@dataclass(frozen=True, slots=True)
class Lettering:
    """How large everything is that is printed, and what is drawn around it.

    Attributes
    ----------
    px
        Height of the type in logical pixels.
    """

    px: int = _SMALLEST_PX

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> "Lettering":
        """Return what suits a picture."""
        if not stretches:
            return cls()
        width = max(each.right for each in stretches) - min(each.left for each in stretches)
        most = max(_LARGEST_PX, int(_SHARE_OF_WIDTH * width))
        wanted = int(_TEXT_MM * max(each.px_per_mm for each in stretches))
        return cls(min(max(wanted, _SMALLEST_PX), most))

    @property
    def unit(self) -> float:
        """The unit of every distance."""
        return UNIT * self.px / _SMALLEST_PX

    @property
    def line(self) -> float:
        """Width of a thin line."""
        return min(self.px / _SMALLEST_PX, _HEAVIEST)

    @property
    def plate_height(self) -> float:
        """Height of a text in a frame."""
        return 5.0 * self.unit

    @property
    def word_height(self) -> float:
        """Height of a text without a frame."""
        return 4.0 * self.unit

    def plate_width(self, text: str) -> float:
        """Return how wide a text in a frame is."""
        return self._advance(text) + 3.0 * self.unit

    def word_width(self, text: str) -> float:
        """Return how wide a text is with the little room that it needs around it."""
        return self._advance(text) + self.unit

    def draw_plate(self, painter: QPainter, box: QRectF, text: str, colours: StripColours) -> None:
        """Draw a text in a frame."""
        painter.save()
        painter.setPen(colours.mark)
        painter.setBrush(_ground(colours))
        painter.drawRoundedRect(box, self.unit / 2, self.unit / 2)
        self._letter(painter, box, text, colours.mark)
        painter.restore()

    def draw_word(self, painter: QPainter, box: QRectF, text: str, colours: StripColours) -> None:
        """Draw a text without a frame."""
        painter.save()
        painter.fillRect(box, _ground(colours))
        self._letter(painter, box, text, colours.mark)
        painter.restore()

    def diamond(self, centre: QPointF) -> QPolygonF:
        """Return the outline of a diamond: the sign of a landmark that is held."""
        reach = 1.25 * self.unit
        corners = ((0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0))
        return QPolygonF([centre + QPointF(x, y) for x, y in corners])

    def _letter(self, painter: QPainter, box: QRectF, text: str, colour: QColor) -> None:
        painter.setFont(self._font)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _advance(self, text: str) -> float:
        return QFontMetricsF(self._font).horizontalAdvance(text)

    @property
    def _font(self) -> QFont:
        font = tabular_font()
        font.setPixelSize(self.px)
        return font


def _ground(colours: StripColours) -> QColor:
    ground = QColor(colours.background)
    ground.setAlphaF(_OPACITY)
    return ground

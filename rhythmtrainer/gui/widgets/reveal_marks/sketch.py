"""Shapes and words gathered before they are painted, so that words never lie on each other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from math import ceil
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from rhythmtrainer.gui.theme import tabular_font
from rhythmtrainer.gui.widgets.colours import StripColours

_PLATE_ALPHA: Final = 225
_TINT_ALPHA: Final = 40
_HATCH_ALPHA: Final = 70
_PAD: Final = 0.2  # of the text's height, to the left and right of it
_APART: Final = 1.0  # logical pixels between two words
_RING_PX: Final = 2.0
_DOTTED_PX: Final = 1.5
_DOTS: Final = (2.0, 2.0)  # in widths of the line
_ROUNDING: Final = 1e-6
_LINE: Final = 1.15  # of the text's height: a line of text


class Ink(StrEnum):
    """What a mark is about; the values are the names of colours in `StripColours`."""

    MARK = "mark"
    P = "p_wave"
    QRS = "qrs"
    T = "t_wave"
    ALERT = "alert"


class Plate(Enum):
    """What lies under a word."""

    PAPER = "the paper's colour, so that lines do not run through the word"
    FILLED = "the mark's own colour, with the word in the paper's"


@dataclass(frozen=True, slots=True)
class _Word:
    ink: Ink
    text: str
    at: QPointF
    box: QRectF
    size: int
    bold: bool
    plate: Plate


@dataclass(frozen=True, slots=True)
class Style:
    """How words are written: their size in logical pixels, weight, and what lies under them."""

    size: int
    bold: bool = False
    plate: Plate = Plate.PAPER


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> QFont:  # noqa: FBT001 - a key of the cache
    font = tabular_font()
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, bold: bool = False) -> float:  # noqa: FBT001, FBT002 - a key
    """Return the width of a word on its plate, in logical pixels."""
    return QFontMetricsF(_font(size, bold)).horizontalAdvance(text) + 2 * _PAD * size


@lru_cache(maxsize=64)
def _rise(size: int, bold: bool) -> float:  # noqa: FBT001 - a key of the cache
    """Return how far below a line's middle the letters stand."""
    metrics = QFontMetricsF(_font(size, bold))
    return metrics.capHeight() / 2


def line_height(size: int) -> float:
    """Return the height of a word on its plate, in logical pixels."""
    return size * _LINE


class Sketch:
    """Gathers marks and paints them: tints first, then lines and shapes, then words.

    Words are taken in the order of their importance: one that would lie on another that was taken
    before is left out.

    Parameters
    ----------
    weight
        By how much lines are drawn wider than their width says, for a large picture.
    """

    def __init__(self, weight: float = 1.0) -> None:
        self._weight = max(weight, 1.0)
        self._tints: list[tuple[Ink, QRect]] = []
        self._hatched: list[QRectF] = []
        self._dotted: dict[Ink, list[QLineF]] = defaultdict(list)
        self._bars: list[tuple[Ink, QRectF]] = []
        self._filled: dict[Ink, list[QPolygonF]] = defaultdict(list)
        self._rings: list[tuple[Ink, QPointF, tuple[float, float]]] = []
        self._words: list[_Word] = []
        self._taken: list[tuple[float, float, float, float]] = []

    def tint(self, ink: Ink, left: float, top: float, right: float, bottom: float) -> None:
        """Mark a part as with a highlighter."""
        if right > left and bottom > top:
            # Along whole pixels they are painted several times faster.
            box = QRectF(left, top, right - left, bottom - top).toAlignedRect()
            self._tints.append((ink, box))

    def hatch(self, left: float, top: float, right: float, bottom: float) -> None:
        """Mark a part as hard to read."""
        self._hatched.append(QRectF(left, top, right - left, bottom - top))

    def line(
        self, ink: Ink, start: tuple[float, float], end: tuple[float, float], width: float = 1.0
    ) -> None:
        """Draw a line along one of the edges of the picture."""
        # As boxes such lines are painted several times faster than with a wide pen.
        half = max(width * self._weight, 1.0) / 2
        (x0, y0), (x1, y1) = start, end
        if x0 == x1:
            box = QRectF(_crisp(x0) - half, min(y0, y1), 2 * half, abs(y1 - y0))
        else:
            box = QRectF(min(x0, x1), _crisp(y0) - half, abs(x1 - x0), 2 * half)
        self._bars.append((ink, box))

    def dots(self, ink: Ink, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a dotted line along one of the edges of the picture."""
        (x0, y0), (x1, y1) = start, end
        if x0 == x1:
            x0 = x1 = _crisp(x0)
        else:
            y0 = y1 = _crisp(y0)
        self._dotted[ink].append(QLineF(x0, y0, x1, y1))

    def shape(self, ink: Ink, points: Sequence[tuple[float, float]]) -> None:
        """Draw a filled polygon."""
        self._filled[ink].append(QPolygonF([QPointF(x, y) for x, y in points]))

    def ring(self, ink: Ink, centre: tuple[float, float], reach: tuple[float, float]) -> None:
        """Draw an ellipse around something the eye has to find."""
        self._rings.append((ink, QPointF(*centre), reach))

    def bracket(
        self, ink: Ink, ends: tuple[float, float], y: float, *, size: float, width: float = 1.0
    ) -> None:
        """Draw a measure: a line between two times, with a short stroke at either end."""
        left, right = ends
        self.line(ink, (left, y), (right, y), width)
        for x in ends:
            self.line(ink, (x, y - size), (x, y + size), width)

    def bar(self, ink: Ink, ends: tuple[float, float], y: float, height: float) -> None:
        """Draw a thick bar from the beginning of a wave to its end."""
        self._bars.append((ink, QRectF(ends[0], y - height / 2, ends[1] - ends[0], height)))

    def boxes(
        self, ink: Ink, edges: tuple[float, float], y: float, *, height: float, width: float
    ) -> None:
        """Draw boxes of one width in a row, the last as wide as there is room for it."""
        left, right = edges
        top, bottom = y - height / 2, y + height / 2
        for level in (top, bottom):
            self.line(ink, (left, level), (right, level))
        count = ceil((right - left) / width - _ROUNDING)
        for nth in range(count + 1):
            x = min(left + nth * width, right)
            self.line(ink, (x, top), (x, bottom))

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep words away from a part."""
        self._taken.append((left, top, right, bottom))

    def word(
        self,
        ink: Ink,
        text: str,
        middle: tuple[float, float],
        style: Style,
        within: tuple[float, float] | None = None,
    ) -> bool:
        """Write a word if there is room for it.

        Parameters
        ----------
        middle
            Of the word, in logical pixels.
        within
            Left and right edge between which the word is pushed; without them it stays put.

        Returns
        -------
        bool
            Whether there was room.
        """
        width = text_width(text, style.size, style.bold)
        height = line_height(style.size)
        x, y = middle
        if within is not None:
            if within[1] - within[0] < width:
                return False
            x = min(max(x, within[0] + width / 2), within[1] - width / 2)
        left, top = x - width / 2, y - height / 2
        if not self._is_free(left, top, left + width, top + height):
            return False
        self._taken.append((left, top, left + width, top + height))
        at = QPointF(left + _PAD * style.size, y + _rise(style.size, style.bold))
        box = QRectF(left, top, width, height)
        self._words.append(_Word(ink, text, at, box, style.size, style.bold, style.plate))
        return True

    def _is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        return not any(
            left < taken_right + _APART
            and right > taken_left - _APART
            and top < taken_bottom
            and bottom > taken_top
            for taken_left, taken_top, taken_right, taken_bottom in self._taken
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What is written, in the order of importance."""
        return tuple(word.text for word in self._words)

    @property
    def word_boxes(self) -> tuple[QRectF, ...]:
        """Where each of the `words` stands."""
        return tuple(word.box for word in self._words)

    def paint(self, painter: QPainter, colours: StripColours) -> None:
        """Paint everything that was gathered."""
        painter.save()
        # Edges that run along the pixels are sharper without, and painted faster.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_areas(painter, colours)
        self._paint_lines(painter, colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_shapes(painter, colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_plates(painter, colours)
        self._paint_words(painter, colours)
        painter.restore()

    def _paint_areas(self, painter: QPainter, colours: StripColours) -> None:
        for ink, box in self._tints:
            painter.fillRect(box, _faint(_colour(colours, ink), _TINT_ALPHA))
        if self._hatched:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_faint(colours.mark, _HATCH_ALPHA))
            brush = painter.brush()
            brush.setStyle(Qt.BrushStyle.BDiagPattern)
            painter.setBrush(brush)
            painter.drawRects(self._hatched)

    def _paint_lines(self, painter: QPainter, colours: StripColours) -> None:
        for ink, box in self._bars:
            painter.fillRect(box, _colour(colours, ink))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, lines in self._dotted.items():
            pen = QPen(_colour(colours, ink), _DOTTED_PX * self._weight)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(_DOTS)
            painter.setPen(pen)
            painter.drawLines(lines)

    def _paint_shapes(self, painter: QPainter, colours: StripColours) -> None:
        for ink, centre, reach in self._rings:
            painter.setPen(QPen(_colour(colours, ink), _RING_PX * self._weight))
            painter.drawEllipse(centre, *reach)
        painter.setPen(Qt.PenStyle.NoPen)
        for ink, polygons in self._filled.items():
            painter.setBrush(_colour(colours, ink))
            # One by one: a path of them all costs more than their sum.
            for polygon in polygons:
                painter.drawPolygon(polygon)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_plates(self, painter: QPainter, colours: StripColours) -> None:
        paper = _faint(colours.background, _PLATE_ALPHA)
        for word in self._words:
            filled = word.plate is Plate.FILLED
            painter.fillRect(word.box, _colour(colours, word.ink) if filled else paper)

    def _paint_words(self, painter: QPainter, colours: StripColours) -> None:
        style: tuple[int, bool] | None = None
        pen: tuple[Ink, Plate] | None = None
        for word in self._words:
            if (word.size, word.bold) != style:
                style = (word.size, word.bold)
                painter.setFont(_font(*style))
            if (word.ink, word.plate) != pen:
                pen = (word.ink, word.plate)
                filled = word.plate is Plate.FILLED
                painter.setPen(colours.background if filled else _colour(colours, word.ink))
            painter.drawText(word.at, word.text)


def _crisp(place: float) -> float:
    """Put a thin line where it covers whole pixels, at one and at two to a logical pixel."""
    return int(place) + 0.5


def _colour(colours: StripColours, ink: Ink) -> QColor:
    colour: QColor = getattr(colours, ink.value)
    return colour


def _faint(colour: QColor, alpha: int) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(alpha)
    return faint

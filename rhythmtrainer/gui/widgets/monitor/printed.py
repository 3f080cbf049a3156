"""What is printed on the monitor: above the traces, and left of each of them."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.monitor.layout import HEADER_PX, Layout
from rhythmtrainer.gui.widgets.monitor.words import Header


@dataclass(frozen=True, slots=True)
class _Type:
    """How large and how heavy letters are."""

    pixels: int
    weight: QFont.Weight = QFont.Weight.Normal

    @property
    def font(self) -> QFont:
        font = tabular_font()
        font.setPixelSize(self.pixels)
        font.setWeight(self.weight)
        return font

    def width(self, text: str) -> float:
        # One more pixel, because a text that just fits is cut for want of a fraction.
        return QFontMetricsF(self.font).horizontalAdvance(text) + 1.0


_SMALL: Final = _Type(12)
_PLAIN: Final = _Type(13)
_STRONG: Final = _Type(13, QFont.Weight.DemiBold)
_RATE: Final = _Type(34, QFont.Weight.DemiBold)

_SIMULATED: Final = "SIMULATED"
_MILLIVOLT: Final = "1 mV"

_MARGIN_PX: Final = 2 * UNIT
_BETWEEN_PX: Final = 4 * UNIT
_RATE_WIDTH_PX: Final = 28 * UNIT
_HEART_PX: Final = 4 * UNIT
_HEART_TOP_PX: Final = 5 * UNIT
_TICK_PX: Final = UNIT
_NAME_PX: Final = 6 * UNIT
_LINE_PX: Final = 4 * UNIT

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def rate_area(width: int) -> QRect:
    """Return where the heart rate stands on a screen of some width, in logical pixels."""
    return QRect(max(width - _RATE_WIDTH_PX, 0), 0, min(_RATE_WIDTH_PX, width), HEADER_PX)


def heart_area(width: int) -> QRect:
    """Return where the heart beside the heart rate stands."""
    left = rate_area(width).left()
    return QRect(left, _HEART_TOP_PX, _HEART_PX + 2 * UNIT, HEADER_PX - _HEART_TOP_PX)


def draw_header(painter: QPainter, area: QRectF, header: Header, colours: StripColours) -> None:
    """Print the words above the traces over what was there.

    What the sweep is doing stands at the right, or in a line of its own where it is too long.
    """
    painter.fillRect(area, colours.background)
    upper = area.adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
    lower = QRectF(upper)
    simulated_px = _STRONG.width(_SIMULATED) + _BETWEEN_PX if header.simulated else 0.0
    needed_px = simulated_px + _PLAIN.width(header.scale) + _STRONG.width(header.state)
    beside = needed_px + _BETWEEN_PX <= upper.width()
    if header.state and not beside:
        upper.setBottom(area.center().y())
        lower.setTop(area.center().y())
    if header.simulated:
        painter.setPen(colours.alert)
        _print(painter, upper, _STRONG, _SIMULATED)
        upper.setLeft(upper.left() + simulated_px)
    painter.setPen(colours.text)
    _print(painter, upper, _PLAIN, header.scale)
    _print(painter, lower, _STRONG, header.state, _RIGHT if beside else _LEFT)


def draw_rate(painter: QPainter, area: QRectF, rate: str, colours: StripColours) -> None:
    """Print the heart rate over what was there; the heart comes after it."""
    painter.fillRect(area, colours.background)
    painter.setPen(colours.trace)
    _print(painter, area.adjusted(0, 0, -_MARGIN_PX, 0), _RATE, rate, _RIGHT)
    beside = QRectF(area.left() + UNIT, area.top() + UNIT, area.width(), _LINE_PX)
    _print(painter, beside, _SMALL, "HR")


def draw_heart(painter: QPainter, area: QRectF, colours: StripColours, *, filled: bool) -> None:
    """Draw a heart over the one that was there."""
    painter.fillRect(area, colours.background)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.trace, 1.5))
    painter.setBrush(colours.trace if filled else QColor(Qt.GlobalColor.transparent))
    painter.drawPath(_heart(area.left() + UNIT, area.top() + UNIT / 2))


def draw_gutter(painter: QPainter, layout: Layout, colours: StripColours) -> None:
    """Print each lead's name left of its row, and how high a millivolt stands."""
    ratio = layout.ratio
    width = layout.gutter / ratio
    for row in layout.rows:
        place = QRectF(0, row.top / ratio, width, (row.bottom - row.top) / ratio)
        painter.setClipRect(place)
        painter.setPen(QPen(colours.text, 1.0))
        _draw_millivolt(painter, place, abs(layout.px_per_mv) / ratio)
        painter.setPen(colours.trace)
        # In a low row the name has no room above it.
        above = min(UNIT, (place.height() - _LINE_PX) / 2)
        name = QRectF(UNIT, place.top() + above, width - UNIT, _LINE_PX)
        _print(painter, name, _STRONG, row.channel.lead)


def _draw_millivolt(painter: QPainter, place: QRectF, height: float) -> None:
    """Draw a bar as high as one millivolt beside the trace, unless the name needs the room."""
    if place.height() < 2 * _NAME_PX:
        return
    right = place.right() - UNIT
    bottom = min(place.center().y() + height / 2, place.bottom() - UNIT)
    top = bottom - height
    corners = [(right - _TICK_PX, top), (right, top), (right, bottom), (right - _TICK_PX, bottom)]
    painter.drawPolyline([QPointF(x, y) for x, y in corners])
    middle = (top + bottom) / 2
    words = QRectF(0, middle - _LINE_PX / 2, right - _TICK_PX, _LINE_PX)
    room_above = words.top() >= place.top() + _NAME_PX
    if (
        room_above
        and words.bottom() <= place.bottom()
        and words.width() >= _SMALL.width(_MILLIVOLT)
    ):
        _print(painter, words, _SMALL, _MILLIVOLT, _RIGHT)


def _print(
    painter: QPainter, area: QRectF, type_: _Type, text: str, side: Qt.AlignmentFlag = _LEFT
) -> None:
    """Print one line; what does not fit is cut, and marked so."""
    font = type_.font
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(area.width(), 0.0))
    painter.setFont(font)
    painter.drawText(area, side, cut)


def _heart(left: float, top: float) -> QPainterPath:
    size = float(_HEART_PX)
    middle = left + size / 2
    path = QPainterPath()
    for side in (-size, size):
        path.moveTo(middle, top + 0.3 * size)
        path.cubicTo(
            QPointF(middle + side * 0.15, top - 0.1 * size),
            QPointF(middle + side * 0.65, top + 0.1 * size),
            QPointF(middle + side * 0.45, top + 0.5 * size),
        )
        path.cubicTo(
            QPointF(middle + side * 0.35, top + 0.7 * size),
            QPointF(middle + side * 0.15, top + 0.8 * size),
            QPointF(middle, top + size),
        )
    return path

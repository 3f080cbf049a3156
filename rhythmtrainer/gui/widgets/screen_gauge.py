"""A card, a ruler and ECG boxes drawn in a size that is still being found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, grid_lines
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.colours import PaperStyle

# 96 to the inch: what desktops assume of a screen that says nothing.
USUAL_PX_PER_MM: Final = 96 / 25.4

# ISO/IEC 7810, format ID-1: bank cards, most driving licences and hospital badges.
_CARD_MM: Final = (85.60, 53.98)
_CORNER_MM: Final = 3.18

_RULER_MM: Final = 100
_RULER_STEP_MM: Final = 10
_SAMPLE_BOXES: Final = 10
_SAMPLE_HEIGHT_MM: Final = 10.0

FINE: Final = 1.001
_COARSE: Final = 1.01

# What the grip needs right of the edge.
_MARGIN: Final = 3 * UNIT
_GUIDE: Final = 3 * UNIT
_RULER_HEIGHT: Final = 18 * UNIT
_LINE: Final = 2.0
_GRIP: Final = QSize(4 * UNIT, 9 * UNIT)
_TEXT_PX: Final = 13
# Closer than this, lines a millimetre apart are a grey area.
_TELLABLE_PX: Final = 2.5
_ROOM_FOR_NUMBER_PX: Final = 7 * UNIT

_FORWARD: Final = (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_PageUp)
_BACK: Final = (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Minus, Qt.Key.Key_PageDown)
_FAR: Final = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Gauge(StrEnum):
    """What is held to the screen."""

    CARD = "bank card"
    RULER = "ruler"


@dataclass(frozen=True, slots=True)
class _Held:
    """What a drag began with: the place of the hand, the value, and what lies between the lines."""

    x: float
    value: float
    length_mm: float


class Outline(QWidget):
    """A card or a ruler whose right edge can be moved.

    Signals
    -------
    wanted
        The pixels for each millimetre at which the edge would lie where it was moved.
    confirmed
        Enter was pressed: the edge lies where it has to.
    """

    wanted = Signal(float)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screenRulerOutline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = tabular_font()
        font.setPixelSize(_TEXT_PX)
        self.setFont(font)
        self._gauge = Gauge.CARD
        self._value = USUAL_PX_PER_MM
        self._held: _Held | None = None
        self._fit_height()

    def show_gauge(self, gauge: Gauge, px_per_mm: float) -> None:
        """Draw a card or a ruler in a size."""
        self._gauge, self._value = gauge, px_per_mm
        self._fit_height()
        self.update()

    @property
    def length_mm(self) -> float:
        """Millimetres between the two lines; 0 where nothing fits."""
        if self._held is not None:
            return self._held.length_mm
        room = self._room / self._value
        if self._gauge is Gauge.RULER:
            return float(min(_RULER_MM, room // _RULER_STEP_MM * _RULER_STEP_MM))
        return next((side for side in _CARD_MM if side <= room), 0.0)

    @property
    def edge(self) -> float:
        """Where the right line lies, in logical pixels."""
        return self.length_mm * self._value

    @property
    def _room(self) -> float:
        return max(0.0, self.width() - float(_MARGIN))

    @property
    def _height_mm(self) -> float:
        """Height of the card as it lies: on its side, or upright where it is too wide."""
        return _CARD_MM[0] if self.length_mm == _CARD_MM[1] else _CARD_MM[1]

    def _fit_height(self) -> None:
        height = float(_RULER_HEIGHT)
        if self._gauge is Gauge.CARD and self.length_mm:
            height = self._height_mm * self._value
        self.setFixedHeight(round(height) + 2 * _GUIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the card on its side or stand it upright, whichever fits."""
        self._fit_height()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the edge."""
        if event.button() is Qt.MouseButton.LeftButton and self.length_mm:
            self._held = _Held(event.position().x(), self._value, self.length_mm)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the edge with the hand, as far as there is room."""
        if (held := self._held) is not None:
            moved = held.value + (event.position().x() - held.x) / held.length_mm
            self.wanted.emit(min(moved, max(self._room / held.length_mm, held.value)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the edge."""
        del event
        self._held = None
        self.show_gauge(self._gauge, self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the edge by a little, with Shift by more; Enter confirms it."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
            return
        if key not in (*_FORWARD, *_BACK):
            super().keyPressEvent(event)
            return
        # Plus is typed with Shift on many keyboards.
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        far = key in _FAR or (shift and key is not Qt.Key.Key_Plus)
        step = _COARSE if far else FINE
        self.wanted.emit(self._value * step if key in _FORWARD else self._value / step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the two lines and what lies between them."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.length_mm:
            self._draw_apology(painter)
            return
        if self._gauge is Gauge.CARD:
            self._draw_card(painter)
        else:
            self._draw_ruler(painter)
        self._draw_lines(painter)

    def _draw_apology(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(
            self.rect(),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            f"A {self._gauge.value} of this size is wider than the window: "
            "make the window wider, or the size smaller.",
        )

    def _draw_card(self, painter: QPainter) -> None:
        box = QRectF(0.0, _GUIDE, self.edge, self._height_mm * self._value)
        # The line lies inside: the outer edge is the card's.
        inside = box.adjusted(_LINE / 2, _LINE / 2, -_LINE / 2, -_LINE / 2)
        corner = _CORNER_MM * self._value
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), _LINE))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(inside, corner, corner)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        lying = "" if self.length_mm == _CARD_MM[0] else ", upright"
        text = f"Bank card{lying}\n{self.length_mm:.2f} by {self._height_mm:.2f} mm"
        room = box.adjusted(corner, 0.0, -_GRIP.width(), 0.0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _draw_ruler(self, painter: QPainter) -> None:
        box = QRectF(0.0, _GUIDE, self.edge, _RULER_HEIGHT)
        painter.fillRect(box, self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.0))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        numbered = 1 if _RULER_STEP_MM * self._value >= _ROOM_FOR_NUMBER_PX else 5
        for mm in range(1, round(self.length_mm) + 1):
            x = mm * self._value
            if (tick := _tick_height(mm, self._value)) and mm < self.length_mm:
                painter.drawLine(QPointF(x, box.bottom() - tick), QPointF(x, box.bottom()))
            if mm % (numbered * _RULER_STEP_MM) == 0:
                where = QRectF(x - 20 * UNIT, box.top(), 19 * UNIT, 6 * UNIT)
                painter.drawText(where, right, f"{mm}")

    def _draw_lines(self, painter: QPainter) -> None:
        """Draw the lines that are held to both edges; what is measured lies between their feet."""
        palette = self.palette()
        colour = palette.color(QPalette.ColorRole.Highlight)
        for x in (0.0, self.edge - _LINE):
            painter.fillRect(QRectF(x, 0.0, _LINE, self.height()), colour)
        middle = QPointF(self.edge - _LINE / 2, self.height() / 2)
        grip = QRectF(0.0, 0.0, _GRIP.width(), _GRIP.height())
        grip.moveCenter(middle)
        ground = colour if self.hasFocus() else palette.color(QPalette.ColorRole.Base)
        ink = palette.color(QPalette.ColorRole.HighlightedText) if self.hasFocus() else colour
        painter.setPen(QPen(colour, _LINE))
        painter.setBrush(ground)
        painter.drawRoundedRect(grip, UNIT, UNIT)
        _draw_arrows(painter, middle, ink)


def _tick_height(mm: int, px_per_mm: float) -> float:
    if mm % _RULER_STEP_MM == 0:
        return 9.0 * UNIT
    if mm % round(LARGE_BOX_MM) == 0:
        return 6.0 * UNIT
    return 4.0 * UNIT if px_per_mm >= _TELLABLE_PX else 0.0


def _draw_arrows(painter: QPainter, middle: QPointF, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for way in (-1.0, 1.0):
        tip = middle + QPointF(way * 1.5 * UNIT, 0.0)
        foot = middle.x() + way * 0.5 * UNIT
        above, below = QPointF(foot, middle.y() - UNIT), QPointF(foot, middle.y() + UNIT)
        painter.drawPolygon(QPolygonF([tip, above, below]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


class BoxSample(QWidget):
    """Large boxes of ECG paper in a size, as many as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screenRulerSample")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._value = USUAL_PX_PER_MM

    def set_value(self, px_per_mm: float) -> None:
        """Draw the boxes in another size."""
        self._value = px_per_mm
        self.setFixedHeight(round(_SAMPLE_HEIGHT_MM * px_per_mm) + 1)
        self.update()

    @property
    def boxes(self) -> int:
        """How many large boxes are drawn."""
        return max(0, min(_SAMPLE_BOXES, int((self.width() - 1) / (LARGE_BOX_MM * self._value))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the boxes, each line on whole pixels of the screen."""
        del event
        colours = PaperStyle.PINK.colours
        width = self.boxes * LARGE_BOX_MM
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        scale = self._value * ratio
        right, bottom = round(width * scale), round(_SAMPLE_HEIGHT_MM * scale)
        painter.fillRect(0, 0, right, bottom, colours.background)
        thick = max(1, round(ratio))
        lines = list(
            zip(
                grid_lines(width),
                grid_lines(_SAMPLE_HEIGHT_MM),
                (colours.small_line, colours.large_line),
                strict=True,
            )
        )
        for across, down, colour in lines[0 if self._value >= _TELLABLE_PX else 1 :]:
            for x in np.rint(across * scale).astype(int).tolist():
                painter.fillRect(x, 0, thick, bottom + thick, colour)
            for y in np.rint(down * scale).astype(int).tolist():
                painter.fillRect(0, y, right + thick, thick, colour)

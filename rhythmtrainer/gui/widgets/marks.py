"""Marks over beats and the intervals between them, on paper and on the monitor alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

_HEAD_PX = 5.0
_ROOM_FOR_TEXT_PX = 30.0
_TEXT_PX = 12


@dataclass(frozen=True, slots=True)
class BeatMarks:
    """Draws a triangle over each beat and the RR interval between neighbours."""

    colour: QColor
    ground: QColor

    def draw(
        self,
        painter: QPainter,
        x: NDArray[np.float64],
        rr_s: NDArray[np.float64],
        top: float,
    ) -> None:
        """Draw the marks in one band.

        Parameters
        ----------
        x
            Where the beats are, in the painter's coordinates.
        rr_s
            Seconds between neighbours, one fewer than the beats. An interval is left out where
            the right beat does not lie right of the left one, as over a monitor's erase bar, or
            where it is NaN, as over a gap.
        top
            Upper edge of the band.
        """
        font = painter.font()
        font.setPixelSize(_TEXT_PX)
        painter.setFont(font)
        self._draw_heads(painter, x, top)
        level = top + 2 * _HEAD_PX + _TEXT_PX * 0.6
        for left, right, seconds in zip(x[:-1], x[1:], rr_s, strict=True):
            if right > left and np.isfinite(seconds):
                self._draw_interval(painter, float(left), float(right), level, float(seconds))

    def _draw_heads(self, painter: QPainter, x: NDArray[np.float64], top: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        for beat in x:
            tip = QPointF(beat, top + 1.6 * _HEAD_PX)
            left, right = QPointF(beat - _HEAD_PX, top), QPointF(beat + _HEAD_PX, top)
            painter.drawPolygon(QPolygonF([left, right, tip]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_interval(
        self, painter: QPainter, left: float, right: float, level: float, seconds: float
    ) -> None:
        painter.setPen(QPen(self.colour, 1.0))
        inset = 2.0
        for edge in (left + inset, right - inset):
            painter.drawLine(QPointF(edge, level - 3), QPointF(edge, level + 3))
        painter.drawLine(QPointF(left + inset, level), QPointF(right - inset, level))
        if right - left < _ROOM_FOR_TEXT_PX:
            return
        text = f"{seconds:.2f} s" if right - left > 1.6 * _ROOM_FOR_TEXT_PX else f"{seconds:.2f}"
        width = painter.fontMetrics().horizontalAdvance(text) + 4
        box = QRectF((left + right - width) / 2, level - _TEXT_PX * 0.7, width, _TEXT_PX * 1.4)
        painter.fillRect(box, self.ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

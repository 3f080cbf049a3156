"""What is printed on paper and stays where it is: calibration, lead names, the scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, TICK_MM, Paper
from rhythmtrainer.gui.theme import tabular_font
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.trace import draw_trace

# A lead's name stands at the top of its row, but below the ticks.
_NAME_BELOW_MM: Final = TICK_MM + 1.0
# In a high row it stands nearer to its trace.
_NAME_ABOVE_MM: Final = 25.0
_NAME_RIGHT_MM: Final = 1.0
# Of the lines where a row changes from one lead to the next, above and below the baseline.
_BORDER_MM: Final = LARGE_BOX_MM
_GROUND_OPACITY: Final = 215


@dataclass(frozen=True, slots=True)
class Band:
    """A row in pixels: its baseline, and how far its traces reach."""

    baseline: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Name:
    """A lead's name, or what else stands at the beginning of its trace."""

    text: str
    x: float
    band: Band


class Printer:
    """Prints on one frame of a sheet."""

    def __init__(self, painter: QPainter, frame: Frame, colours: StripColours) -> None:
        self._painter = painter
        self._frame = frame
        self._colours = colours
        self._font = print_font(frame)
        self._metrics = QFontMetricsF(self._font)

    def calibrate(self, paper: Paper, bands: Sequence[Band]) -> None:
        """Draw the mark at the left of each row: 1 mV high, cut off where the row ends."""
        frame, painter = self._frame, self._painter
        if not frame.margin:
            return
        x, mv = paper.calibration_mark()
        pen = QPen(self._colours.trace, frame.trace_px)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        for band in bands:
            painter.save()
            area = QRectF(0.0, band.top, frame.margin, band.bottom - band.top)
            edge = frame.trace_px
            area.adjust(0.0, -edge, 0.0, edge)
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            mark_x = x * frame.px_per_mm
            mark_y = band.baseline - mv * paper.gain_mm_mv * frame.px_per_mm
            if frame.crisp:
                mark_x, mark_y = np.floor(mark_x) + 0.5, np.floor(mark_y) + 0.5
            draw_trace(painter, mark_x, mark_y)
            painter.restore()

    def divide(self, places: Sequence[tuple[float, Band]]) -> None:
        """Draw the short lines where a row changes from one lead to the next."""
        reach = _BORDER_MM * self._frame.px_per_mm
        self._painter.setPen(QPen(self._colours.trace, self._frame.trace_px))
        for x, band in places:
            top = max(band.baseline - reach, band.top)
            bottom = min(band.baseline + reach, band.bottom)
            gap = (bottom - top) * 0.3
            self._painter.drawLine(QLineF(x, top, x, top + gap))
            self._painter.drawLine(QLineF(x, bottom - gap, x, bottom))

    def name(self, names: Sequence[Name]) -> None:
        """Print what each trace shows above its beginning."""
        font = QFont(self._font)
        font.setWeight(QFont.Weight.DemiBold)
        self._painter.setFont(font)
        self._painter.setPen(self._colours.text)
        frame = self._frame
        for name in names:
            top = max(
                name.band.top,
                name.band.baseline - _NAME_ABOVE_MM * frame.px_per_mm,
                _NAME_BELOW_MM * frame.px_per_mm,
            )
            x = name.x + _NAME_RIGHT_MM * frame.px_per_mm
            self._painter.drawText(QPointF(x, top + self._metrics.ascent()), name.text)

    def foot(self, left: str, right: str) -> None:
        """Print on pieces of blank paper at the lower left, and at the lower right or above."""
        at_left, at_right = self._foot_box(left, right=False), self._foot_box(right, right=True)
        if at_left.intersects(at_right):
            at_right.moveBottom(at_left.top())
        for box, text in ((at_left, left), (at_right, right)):
            if text:
                self._print_on_blank(box, text)

    def _foot_box(self, text: str, *, right: bool) -> QRectF:
        frame, metrics = self._frame, self._metrics
        if not text:
            return QRectF()
        pad = metrics.height() / 3
        width = min(metrics.horizontalAdvance(text) + 2 * pad, frame.width)
        height = metrics.height() + pad / 2
        left = frame.width - pad - width if right else pad
        return QRectF(max(left, 0.0), frame.height - height - pad, width, height)

    def _print_on_blank(self, box: QRectF, text: str) -> None:
        painter = self._painter
        ground = QColor(self._colours.background)
        ground.setAlpha(_GROUND_OPACITY)
        # On whole pixels it is filled many times as fast.
        painter.fillRect(QRectF(box.toRect()) if self._frame.crisp else box, ground)
        painter.setFont(self._font)
        painter.setPen(self._colours.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def print_font(frame: Frame) -> QFont:
    """Return the font of what is printed, with figures of equal width."""
    font = tabular_font()
    font.setPixelSize(max(round(frame.text_px), 1))
    return font

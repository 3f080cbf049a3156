"""A strip on ECG paper."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rhythmtrainer.ecg.paper import (
    TICK_EVERY_S,
    Paper,
    baseline_mv,
    fitting_gain,
    grid_lines,
)
from rhythmtrainer.gui.theme import PINK_PAPER, UNIT
from rhythmtrainer.gui.widgets.marks import BeatMarks
from rhythmtrainer.gui.widgets.trace import draw_trace
from rhythmtrainer.model import Measurement, Origin, Strip, describe_lead

_TRACE_WIDTH: Final = 1.4
_TICK_MM: Final = 2.0


class PaperView(QWidget):
    """Draws the first lead of a strip across its whole width.

    Signals
    -------
    painted
        A new strip's samples are on the screen for the first time.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40 * UNIT)
        self._strip: Strip | None = None
        self._marks: Measurement | None = None
        self._sheet: QPixmap | None = None
        self._announced = True

    def sizeHint(self) -> QSize:
        """Ask for the proportions of a ten-second strip."""
        return QSize(1000, 280)

    def set_strip(self, strip: Strip | None) -> None:
        """Show a strip without marks, or nothing."""
        self._strip = strip
        self._marks = None
        self._sheet = None
        self._announced = strip is None
        self.update()

    def set_marks(self, measurement: Measurement | None) -> None:
        """Mark beats and RR intervals on the strip, which stays where it is."""
        self._marks = measurement
        self.update()

    @property
    def px_per_mm(self) -> float:
        """Logical pixels for each millimetre of paper."""
        seconds = self._strip.duration_s if self._strip else 10.0
        return self.width() / Paper().width_mm(seconds)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the sheet anew at the new size."""
        self._sheet = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the sheet, then the marks."""
        del event
        ratio = self.devicePixelRatioF()
        if self._sheet is None or self._sheet.devicePixelRatio() != ratio:
            self._sheet = self._draw_sheet(ratio)
        painter = QPainter(self)
        painter.drawPixmap(QPointF(0, 0), self._sheet)
        if self._strip is not None and self._marks is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_marks(painter, self._strip, self._marks)
        painter.end()
        if not self._announced:
            self._announced = True
            self.painted.emit()

    def _draw_sheet(self, ratio: float) -> QPixmap:
        sheet = QPixmap((self.size() * ratio).expandedTo(QSize(1, 1)))
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(PINK_PAPER.background)
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_grid(painter)
        if self._strip is not None:
            self._draw_strip(painter, self._strip)
        painter.end()
        return sheet

    def _draw_grid(self, painter: QPainter) -> None:
        width, height, scale = self.width(), self.height(), self.px_per_mm
        small_x, large_x = grid_lines(width / scale)
        small_y, large_y = grid_lines(height / scale)
        for lines_x, lines_y, colour in (
            (small_x, small_y, PINK_PAPER.small_line),
            (large_x, large_y, PINK_PAPER.large_line),
        ):
            painter.setPen(QPen(colour, 1.0))
            for x in lines_x * scale:
                painter.drawLine(QPointF(x, 0), QPointF(x, height))
            for y in lines_y * scale:
                painter.drawLine(QPointF(0, y), QPointF(width, y))

    def _draw_strip(self, painter: QPainter, strip: Strip) -> None:
        scale = self.px_per_mm
        signal = strip.signal[0]
        paper = Paper(gain_mm_mv=fitting_gain(signal, self.height() / scale))
        base = baseline_mv(signal)
        # The baseline lies on a large line, as a careful technician would set it.
        middle = round(self.height() / scale / 2 / 5) * 5 * scale
        per_mv = paper.gain_mm_mv * scale

        painter.setPen(QPen(PINK_PAPER.trace, _TRACE_WIDTH))
        mark_x, mark_mv = paper.calibration_mark()
        draw_trace(painter, mark_x * scale, middle - mark_mv * per_mv)
        x = paper.x_mm(np.arange(signal.size) / strip.fs) * scale
        draw_trace(painter, x, middle - (signal.astype(np.float64) - base) * per_mv)

        ticks = paper.x_mm(np.arange(0.0, strip.duration_s + 1e-6, TICK_EVERY_S)) * scale
        for tick in ticks:
            painter.drawLine(QPointF(tick, 0), QPointF(tick, _TICK_MM * scale))
        self._draw_print(painter, strip, paper)

    def _draw_print(self, painter: QPainter, strip: Strip, paper: Paper) -> None:
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        printed = f"{describe_lead(strip.leads[0])}   {paper.printed}"
        if strip.provenance.origin is Origin.SIMULATED:
            printed = f"SIMULATED   {printed}"
        where = painter.fontMetrics().boundingRect(printed)
        box = QRectF(UNIT, self.height() - 5 * UNIT, where.width() + 2 * UNIT, 4.5 * UNIT)
        ground = QColor(PINK_PAPER.background)
        ground.setAlpha(220)
        painter.fillRect(box, ground)
        painter.setPen(PINK_PAPER.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, printed)

    def _draw_marks(self, painter: QPainter, strip: Strip, marks: Measurement) -> None:
        scale = self.px_per_mm
        x = Paper().x_mm(marks.beats_s - strip.start_s) * scale
        BeatMarks(PINK_PAPER.mark, PINK_PAPER.background).draw(
            painter, x, marks.rr_s, (_TICK_MM + 1) * scale
        )

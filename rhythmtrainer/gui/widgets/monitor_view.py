"""A strip on a bedside monitor that sweeps in real time."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from rhythmtrainer.ecg.paper import Paper, baseline_mv, fitting_gain, grid_lines
from rhythmtrainer.gui.theme import GREEN_MONITOR, UNIT
from rhythmtrainer.gui.widgets.marks import BeatMarks
from rhythmtrainer.gui.widgets.trace import draw_trace
from rhythmtrainer.model import Measurement, Origin, Strip, describe_lead

_FRAME_MS: Final = 16
_ERASE_MM: Final = 8.0
# Repainting from just behind the head joins the new piece of line to the old without a seam.
_OVERLAP_PX: Final = 3.0
_ASK_AHEAD_S: Final = 4.0
_TRACE_WIDTH: Final = 1.5
# After a stall (a laptop's lid, a dragged window) the sweep goes on where it was.
_LONGEST_STEP_S: Final = 0.25


class MonitorView(QWidget):
    """Sweeps the first lead of a strip from left to right behind an erase bar.

    It never loops: when the samples end, the sweep freezes and says why.

    Signals
    -------
    painted
        A new strip's first sample is on the screen.
    running_out
        Samples behind this time (seconds from the recording's first sample) are needed soon.
    """

    painted = Signal()
    running_out = Signal(float)

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40 * UNIT)
        self._clock = clock
        self._strip: Strip | None = None
        self._base_mv = 0.0
        self._first_signal = np.zeros(0, dtype=np.float32)
        self._marks: Measurement | None = None
        self._screen: QImage | None = None
        self._grid: QImage | None = None
        self._played_s = 0.0
        self._drawn_s = 0.0
        self._last_tick = 0.0
        self._frozen = False
        self._ending = ""
        self._asked_for_s = 0.0
        self._announced = True
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._tick)

    def sizeHint(self) -> QSize:
        """Ask for the same room as the paper, so that changing over moves nothing."""
        return QSize(1000, 280)

    def set_strip(self, strip: Strip | None) -> None:
        """Begin a new sweep with these samples, or go dark."""
        self._strip = strip
        # Level and gain are set once: a trace that jumps when more samples come is a false step.
        self._first_signal = strip.signal[0] if strip else np.zeros(0, dtype=np.float32)
        self._base_mv = baseline_mv(self._first_signal)
        self._marks = None
        self._ending = ""
        self._frozen = False
        self._played_s = self._drawn_s = 0.0
        self._asked_for_s = 0.0
        self._announced = strip is None
        self._screen = None
        self._last_tick = self._clock()
        self._run_or_rest()
        self.update()

    def extend(self, strip: Strip) -> None:
        """Go on with samples that follow directly on those already here.

        Raises
        ------
        ValueError
            If they do not follow: a seam would be a false pause.
        """
        if self._strip is None:
            return
        if abs(strip.start_s - self._strip.end_s) > 0.5 / self._strip.fs:
            raise ValueError(
                f"samples must go on at {self._strip.end_s:.3f} s, got {strip.start_s:.3f} s"
            )
        self._strip = Strip(
            signal=np.concatenate([self._strip.signal, strip.signal], axis=1),
            fs=self._strip.fs,
            leads=self._strip.leads,
            start_s=self._strip.start_s,
            at_end=strip.at_end,
            provenance=self._strip.provenance,
        )
        self._run_or_rest()

    def finish(self, ending: str) -> None:
        """Say what to print when the last sample has been swept: there are no more."""
        self._ending = ending
        self.update()

    def set_frozen(self, frozen: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Hold the sweep, or let it go on."""
        self._frozen = frozen
        self._last_tick = self._clock()
        self._run_or_rest()
        self.update()

    @property
    def frozen(self) -> bool:
        """Whether the sweep is held."""
        return self._frozen

    @property
    def at_end(self) -> bool:
        """Whether every sample has been swept and no more will come."""
        return bool(self._ending) and self._strip is not None and self._left_s <= 0

    @property
    def swept(self) -> Strip | None:
        """The strip as far as it has been swept."""
        if self._strip is None:
            return None
        return self._strip.cropped(self._strip.start_s, self._strip.start_s + self._played_s)

    def show_all(self) -> None:
        """Freeze with the whole strip swept."""
        if self._strip is not None:
            self._played_s = self._strip.duration_s
            self._screen = None
        self.set_frozen(True)

    def set_marks(self, measurement: Measurement | None) -> None:
        """Mark beats on what stands on the screen."""
        self._marks = measurement
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the screen anew at the new size."""
        self._screen = None
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on sweeping."""
        self._last_tick = self._clock()
        self._run_or_rest()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        self._timer.stop()
        super().hideEvent(event)

    @property
    def _left_s(self) -> float:
        return (self._strip.duration_s - self._played_s) if self._strip else 0.0

    @property
    def _scale(self) -> float:
        return self.width() / Paper().width_mm(10.0)

    @property
    def _px_per_s(self) -> float:
        return Paper().speed_mm_s * self._scale

    @property
    def _sweep_s(self) -> float:
        return max(self.width(), 1) / self._px_per_s

    def _run_or_rest(self) -> None:
        running = self._left_s > 0 and not self._frozen and self.isVisible()
        if running and not self._timer.isActive():
            self._last_tick = self._clock()
            self._timer.start()
        elif not running:
            self._timer.stop()

    def _tick(self) -> None:
        now = self._clock()
        step = min(now - self._last_tick, _LONGEST_STEP_S, self._left_s)
        self._last_tick = now
        before_px = self._played_s * self._px_per_s
        self._played_s += step
        if self._strip is not None and self._left_s < _ASK_AHEAD_S and not self._ending:
            self._ask_for_more(self._strip.end_s)
        if self._left_s <= 0:
            self._timer.stop()
            self.update()
            return
        self._update_between(before_px, self._played_s * self._px_per_s)

    def _ask_for_more(self, from_s: float) -> None:
        if self._asked_for_s < from_s:
            self._asked_for_s = from_s
            self.running_out.emit(from_s)

    def _update_between(self, first_px: float, last_px: float) -> None:
        width, height = self.width(), self.height()
        left = int((first_px - 2 * _OVERLAP_PX) % width)
        length = int(last_px - first_px + 3 * _OVERLAP_PX + _ERASE_MM * self._scale) + 1
        self.update(left, 0, min(length, width - left), height)
        if left + length > width:
            self.update(0, 0, min(left + length - width, width), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Stroke what is new into the screen's memory and show it."""
        ratio = self.devicePixelRatioF()
        if self._screen is None or self._screen.devicePixelRatio() != ratio:
            self._make_screen(ratio)
        if self._screen is None:
            return
        if self._played_s > self._drawn_s:
            self._draw_new(self._screen)
        painter = QPainter(self)
        area = QRectF(event.rect())
        painter.drawImage(area, self._screen, QRectF(area.topLeft() * ratio, area.size() * ratio))
        self._draw_print(painter)
        painter.end()
        if not self._announced and self._drawn_s > 0:
            self._announced = True
            self.painted.emit()

    def _make_screen(self, ratio: float) -> None:
        size = (self.size() * ratio).expandedTo(QSize(1, 1))
        self._grid = QImage(size, QImage.Format.Format_RGB32)
        self._grid.setDevicePixelRatio(ratio)
        self._grid.fill(GREEN_MONITOR.background)
        painter = QPainter(self._grid)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(GREEN_MONITOR.grid, 1.0))
        for x in grid_lines(self.width() / self._scale)[1] * self._scale:
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        for y in grid_lines(self.height() / self._scale)[1] * self._scale:
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        painter.end()
        self._screen = self._grid.copy()
        self._drawn_s = max(0.0, self._played_s - self._sweep_s)

    def _draw_new(self, screen: QImage) -> None:
        """Erase ahead of the head and stroke the samples since the last time."""
        if self._strip is None or self._grid is None:
            return
        painter = QPainter(screen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first_px = self._drawn_s * self._px_per_s - _OVERLAP_PX
        last_px = self._played_s * self._px_per_s
        erase_px = _ERASE_MM * self._scale
        for shift in self._turns(first_px, last_px + erase_px):
            left, right = first_px - shift, last_px - shift
            self._clear(painter, left, right + erase_px)
            if right <= left:
                continue
            # A line that reaches into the erase bar or out of the new piece is cut off here.
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            self._stroke(painter, self._strip, shift, (first_px, last_px))
            painter.setClipping(False)
        painter.end()
        self._drawn_s = self._played_s

    def _turns(self, first_px: float, last_px: float) -> list[float]:
        """Return how far each turn of the sweep that a piece touches is shifted left."""
        width = max(self.width(), 1)
        first, last = int(max(first_px, 0) // width), int(last_px // width)
        return [turn * width for turn in range(first, last + 1)]

    def _clear(self, painter: QPainter, left: float, right: float) -> None:
        if self._grid is None:
            return
        area = QRectF(left, 0, right - left, self.height())
        ratio = self._grid.devicePixelRatio()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setClipRect(area)
        painter.drawImage(area, self._grid, QRectF(area.topLeft() * ratio, area.size() * ratio))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _stroke(
        self, painter: QPainter, strip: Strip, shift: float, span_px: tuple[float, float]
    ) -> None:
        per_sample = self._px_per_s / strip.fs
        first = max(int(span_px[0] / per_sample) - 2, 0)
        last = min(int(np.ceil(self._played_s * strip.fs)), strip.signal.shape[1])
        x = np.arange(first, last) * per_sample - shift
        painter.setPen(QPen(GREEN_MONITOR.trace, _TRACE_WIDTH))
        draw_trace(painter, x, self._y(strip.signal[0, first:last]))

    @property
    def _paper(self) -> Paper:
        return Paper(gain_mm_mv=fitting_gain(self._first_signal, self.height() / self._scale))

    def _y(self, signal: NDArray[np.float32]) -> NDArray[np.float64]:
        per_mv = self._paper.gain_mm_mv * self._scale
        return self.height() / 2 - (signal.astype(np.float64) - self._base_mv) * per_mv

    def _draw_print(self, painter: QPainter) -> None:
        font = painter.font()
        font.setPixelSize(13)
        painter.setFont(font)
        painter.setPen(GREEN_MONITOR.text)
        if self._strip is None:
            return
        printed = f"{describe_lead(self._strip.leads[0])}   {self._paper.printed}"
        if self._strip.provenance.origin is Origin.SIMULATED:
            printed = f"SIMULATED   {printed}"
        painter.drawText(QPointF(3 * UNIT, 5 * UNIT), printed)
        if state := self._state:
            right = QRectF(0, 0, self.width() - 3 * UNIT, 7 * UNIT)
            painter.drawText(
                right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, state
            )
        if self._marks is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_marks(painter, self._strip, self._marks)

    @property
    def _state(self) -> str:
        if self.at_end:
            return self._ending
        if self._frozen:
            return "Frozen"
        return "Waiting for the recording …" if self._left_s <= 0 else ""

    def _draw_marks(self, painter: QPainter, strip: Strip, marks: Measurement) -> None:
        since = marks.beats_s - strip.start_s
        oldest = self._played_s - self._sweep_s + _ERASE_MM / Paper().speed_mm_s
        shown = (since > oldest) & (since <= self._played_s)
        x = (since[shown] * self._px_per_s) % max(self.width(), 1)
        # The shown beats are neighbours, so their intervals are too.
        intervals = marks.rr_s[np.flatnonzero(shown)[:-1]]
        colours = GREEN_MONITOR
        BeatMarks(colours.mark, colours.background).draw(painter, x, intervals, 8 * UNIT)

"""Other ways to draw a sweep, to be timed beside ours.

All draw the same samples at the same size, with a grid, antialiased, 1.5 pixels wide.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from shiboken6 import VoidPtr

from rhythmtrainer.gui.widgets.colours import MONITOR, StripColours

TRACE_PX: Final = 1.5
SWEEP_S: Final = 10.0
GRID_S: Final = 0.2
ERASE_S: Final = 0.32
MV_IN_ROW: Final = 2.0

# The stubs know only the form that takes a whole number.
_pointer: Any = VoidPtr
_WRITABLE: Final = 1

PIECE: Final = 256
_SEAM_PX: Final = 3
_WHOLE: Final = 1 << 62

Signal = NDArray[np.float32]


def polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Return points for Qt, filled in the fastest way."""
    points = QPolygonF()
    points.resize(x.size)
    memory = _pointer(points.data(), 16 * x.size, _WRITABLE)
    both = np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
    both[:, 0], both[:, 1] = x, y
    return points


class Canvas(QWidget):
    """A widget that paints all of itself."""

    def __init__(self, paint: Callable[[QPainter, QRect], None]) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._paint = paint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hand the work over."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, event.rect())
        painter.end()


def draw_grid(painter: QPainter, size: tuple[int, int], box: float, colours: StripColours) -> None:
    """Draw large boxes of a width in pixels."""
    width, height = size
    painter.fillRect(QRect(0, 0, width, height), colours.background)
    painter.setPen(QPen(colours.large_line, 1.0))
    for x in np.arange(0, width, box).tolist():
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    for y in np.arange(0, height, box).tolist():
        painter.drawLine(QPointF(0, y), QPointF(width, y))


class SweepGeometry:
    """Where the samples of a sweep lie; time begins at the left edge and wraps at the right."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self.signal, self.fs = signal, fs
        self.width, self.height = size
        self.px_per_s = self.width / SWEEP_S
        self.row = self.height / len(signal)

    def y(self, lead: int, first: int, last: int) -> NDArray[np.float64]:
        """Return heights of samples; beyond its end the signal begins anew."""
        samples = self.signal[lead].take(np.arange(first, last), mode="wrap").astype(np.float64)
        heights: NDArray[np.float64] = (lead + 0.5) * self.row - samples * self.row / MV_IN_ROW
        return heights


class FullRedraw:
    """Draws the grid and every visible sample in every frame.

    Parameters
    ----------
    piece
        Points in each line: Qt's rasteriser is superlinear in them.
    """

    def __init__(
        self, signal: Signal, fs: float, size: tuple[int, int], piece: int = _WHOLE
    ) -> None:
        self._at = SweepGeometry(signal, fs, size)
        self._piece = piece
        self._now_s = SWEEP_S
        self.widget = Canvas(self._paint)
        self.widget.resize(*size)

    @classmethod
    def in_pieces(cls, signal: Signal, fs: float, size: tuple[int, int]) -> "FullRedraw":
        """Cut lines so that they stay short."""
        return cls(signal, fs, size, PIECE)

    def frame(self, step_s: float) -> None:
        """Go on."""
        self._now_s += step_s
        self.widget.update()

    def _paint(self, painter: QPainter, area: QRect) -> None:
        del area
        at = self._at
        draw_grid(painter, (at.width, at.height), GRID_S * at.px_per_s, MONITOR)
        painter.setPen(QPen(MONITOR.trace, TRACE_PX))
        turn_s = self._now_s // SWEEP_S * SWEEP_S
        self._stroke(painter, turn_s, self._now_s, turn_s)
        self._stroke(painter, self._now_s - SWEEP_S + ERASE_S, turn_s, turn_s - SWEEP_S)

    def _stroke(self, painter: QPainter, from_s: float, to_s: float, left_s: float) -> None:
        at = self._at
        first, last = round(from_s * at.fs), round(to_s * at.fs)
        x = (np.arange(first, last) / at.fs - left_s) * at.px_per_s
        for lead in range(len(at.signal)):
            y = at.y(lead, first, last)
            for start in range(0, max(x.size - 1, 0), self._piece):
                part = slice(start, start + self._piece + 1)
                painter.drawPolyline(polygon(x[part], y[part]))


class Incremental:
    """The plainest incremental sweep: an image that keeps what is drawn, and a clip."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self._at = SweepGeometry(signal, fs, size)
        self._now_s = 0.0
        self._grid = QImage(*size, QImage.Format.Format_RGB32)
        painter = QPainter(self._grid)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_grid(painter, size, GRID_S * self._at.px_per_s, MONITOR)
        painter.end()
        self._screen = self._grid.copy()
        self.widget = Canvas(self._show)
        self.widget.resize(*size)

    def frame(self, step_s: float) -> None:
        """Stroke what is new, and have it shown."""
        at, before_s = self._at, self._now_s
        self._now_s += step_s
        left_s = before_s // SWEEP_S * SWEEP_S
        left = int((before_s - left_s) * at.px_per_s) - _SEAM_PX
        right = int((self._now_s - left_s) * at.px_per_s)
        erased = QRect(left, 0, right - left + round(ERASE_S * at.px_per_s), at.height)
        painter = QPainter(self._screen)
        painter.drawImage(erased, self._grid, erased)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRect(left, 0, right - left, at.height))
        painter.setPen(QPen(MONITOR.trace, TRACE_PX))
        first = max(int((left_s + left / at.px_per_s) * at.fs) - 2, 0)
        last = int(self._now_s * at.fs) + 1
        x = (np.arange(first, last) / at.fs - left_s) * at.px_per_s
        for lead in range(len(at.signal)):
            painter.drawPolyline(polygon(x, at.y(lead, first, last)))
        painter.end()
        self.widget.update(erased)

    def _show(self, painter: QPainter, area: QRect) -> None:
        painter.drawImage(area, self._screen, area)


class PyqtgraphSweep:
    """A plot with a curve for each lead, all of them given anew in every frame."""

    def __init__(
        self, pyqtgraph: ModuleType, signal: Signal, fs: float, size: tuple[int, int]
    ) -> None:
        self._at = SweepGeometry(signal, fs, size)
        self._now_s = SWEEP_S
        plot = pyqtgraph.PlotWidget(background=MONITOR.background)
        plot.showGrid(x=True, y=True)
        plot.setXRange(0, SWEEP_S, padding=0)
        plot.setYRange(-MV_IN_ROW * len(signal), 0, padding=0)
        pen = pyqtgraph.mkPen(MONITOR.trace, width=TRACE_PX)
        self._curves: list[Any] = []
        for _ in signal:
            curve = pyqtgraph.PlotCurveItem(pen=pen, antialias=True, connect="finite")
            plot.addItem(curve)
            self._curves.append(curve)
        self._time = np.arange(round(SWEEP_S * fs)) / fs
        self._shown = np.zeros((len(signal), self._time.size))
        self._put(0.0, SWEEP_S)
        self.widget = plot
        self.widget.resize(*size)

    def frame(self, step_s: float) -> None:
        """Write the new samples into a ring and give all of it to the curves."""
        before_s = self._now_s
        self._now_s += step_s
        self._put(before_s, self._now_s)
        for curve, shown in zip(self._curves, self._shown, strict=True):
            curve.setData(self._time, shown)

    def _put(self, from_s: float, to_s: float) -> None:
        at, count = self._at, self._time.size
        numbers = np.arange(round(from_s * at.fs), round(to_s * at.fs))
        for lead, shown in enumerate(self._shown):
            samples = at.signal[lead].take(numbers, mode="wrap")
            shown[numbers % count] = samples - (lead + 0.5) * MV_IN_ROW
        ahead = np.arange(round(to_s * at.fs), round((to_s + ERASE_S) * at.fs))
        self._shown[:, ahead % count] = np.nan

"""Other ways to draw a page of twelve leads and to move in a long recording."""

from types import ModuleType
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QLineF, QRect
from PySide6.QtGui import QPainter, QPen

from rhythmtrainer.gui.widgets.colours import PaperStyle
from tests.bench.paint_sweeps import (
    GRID_S,
    MV_IN_ROW,
    PIECE,
    TRACE_PX,
    Canvas,
    Signal,
    SweepGeometry,
    draw_grid,
    polygon,
)

_COLOURS: Final = PaperStyle.PINK.colours
_THIN_PX: Final = 1.0


class RedrawnPage:
    """Draws ECG paper, small boxes and all, and all samples on it, in every frame."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self._at = SweepGeometry(signal, fs, size)
        self.widget = Canvas(self._paint)
        self.widget.resize(*size)

    def frame(self) -> None:
        """Draw it again."""
        self.widget.update()

    def _paint(self, painter: QPainter, area: QRect) -> None:
        del area
        at = self._at
        large = at.px_per_s * GRID_S
        draw_grid(painter, (at.width, at.height), large, _COLOURS)
        painter.setPen(QPen(_COLOURS.small_line, 1.0))
        painter.drawLines(
            [QLineF(x, 0, x, at.height) for x in np.arange(0, at.width, large / 5).tolist()]
        )
        painter.drawLines(
            [QLineF(0, y, at.width, y) for y in np.arange(0, at.height, large / 5).tolist()]
        )
        painter.setPen(QPen(_COLOURS.trace, TRACE_PX))
        count = at.signal.shape[1]
        x = np.arange(count) / at.fs * at.px_per_s
        for lead in range(len(at.signal)):
            painter.drawPolyline(polygon(x, at.y(lead, 0, count)))


class PyqtgraphPage:
    """A plot with a curve for each lead, which are given anew in every frame."""

    def __init__(
        self, pyqtgraph: ModuleType, signal: Signal, fs: float, size: tuple[int, int]
    ) -> None:
        self._time = np.arange(signal.shape[1]) / fs
        self._rows = signal - (np.arange(len(signal))[:, np.newaxis] + 0.5) * MV_IN_ROW
        plot = _plot(pyqtgraph, len(signal), size)
        plot.setXRange(0, float(self._time[-1]), padding=0)
        pen = pyqtgraph.mkPen(_COLOURS.trace, width=TRACE_PX)
        self._curves: list[Any] = []
        for _ in signal:
            curve = pyqtgraph.PlotCurveItem(pen=pen, antialias=True)
            plot.addItem(curve)
            self._curves.append(curve)
        self.widget = plot

    def frame(self) -> None:
        """Draw it again."""
        for curve, row in zip(self._curves, self._rows, strict=True):
            curve.setData(self._time, row)


class RedrawnRecording:
    """Looks at every visible sample and draws all of the picture in every frame.

    Lines are thin and cut in pieces: otherwise an hour across the screen takes half a minute.
    """

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self._signal, self._fs, self._size = signal, fs, size
        self._span_s = (0.0, 10.0)
        self.widget = Canvas(self._paint)
        self.widget.resize(*size)

    def show_span(self, start_s: float, seconds: float) -> None:
        """Show a stretch."""
        self._span_s = (start_s, seconds)
        self.widget.update()

    def _paint(self, painter: QPainter, area: QRect) -> None:
        del area
        width, height = self._size
        start_s, seconds = self._span_s
        large = max(GRID_S * width / seconds, 8)
        draw_grid(painter, self._size, large, _COLOURS)
        painter.setPen(QPen(_COLOURS.trace, _THIN_PX))
        row = height / len(self._signal)
        first, last = round(start_s * self._fs), round((start_s + seconds) * self._fs)
        for lead, whole in enumerate(self._signal):
            samples = whole[max(first, 0) : last]
            middle, per_mv = (lead + 0.5) * row, row / MV_IN_ROW
            if samples.size > 2 * width:
                bounds = np.arange(width) * samples.size // width
                low, high = (
                    np.minimum.reduceat(samples, bounds),
                    np.maximum.reduceat(samples, bounds),
                )
                y = np.stack([low, high], axis=1).ravel().astype(np.float64)
                x = np.repeat(np.arange(width) + 0.5, 2)
            else:
                y = samples.astype(np.float64)
                x = np.arange(samples.size) / self._fs * width / seconds
            y = middle - y * per_mv
            for start in range(0, max(x.size - 1, 0), PIECE):
                piece = slice(start, start + PIECE + 1)
                painter.drawPolyline(polygon(x[piece], y[piece]))


class PyqtgraphRecording:
    """A plot that draws the peaks of what is seen, with pyqtgraph's own settings for that.

    Thin and without antialiasing, which is many times faster than what it is compared with.
    """

    def __init__(
        self, pyqtgraph: ModuleType, signal: Signal, fs: float, size: tuple[int, int]
    ) -> None:
        time = np.arange(signal.shape[1]) / fs
        plot = _plot(pyqtgraph, len(signal), size)
        pen = pyqtgraph.mkPen(_COLOURS.trace, width=_THIN_PX)
        for lead, row in enumerate(signal):
            heights = row - np.float32((lead + 0.5) * MV_IN_ROW)
            plot.plot(time, heights, pen=pen, skipFiniteCheck=True)
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        self._plot = plot
        self.widget = plot

    def show_span(self, start_s: float, seconds: float) -> None:
        """Show a stretch."""
        self._plot.setXRange(start_s, start_s + seconds, padding=0)


def _plot(pyqtgraph: ModuleType, leads: int, size: tuple[int, int]) -> Any:
    plot = pyqtgraph.PlotWidget(background=_COLOURS.background)
    plot.showGrid(x=True, y=True)
    plot.setYRange(-MV_IN_ROW * leads, 0, padding=0)
    plot.resize(*size)
    return plot

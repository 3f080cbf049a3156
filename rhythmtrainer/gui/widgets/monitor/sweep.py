"""The picture on the monitor's screen, of which every column is drawn only once."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter, QPen

from rhythmtrainer.ecg.paper import LARGE_BOX_MM
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.monitor.layout import Layout, Row
from rhythmtrainer.gui.widgets.monitor.track import Track
from rhythmtrainer.gui.widgets.monitor.window import Piece, Window, turns
from rhythmtrainer.gui.widgets.trace import draw_trace

_TRACE_PX: Final = 1.5
# How far, in logical pixels, the line that joins two samples reaches beyond them: half its width,
# its cap, and the softened edge.
_LINE_REACH_PX: Final = 3.0
# Qt's rasteriser is superlinear in the points of a line.
_BLOCK_POINTS: Final = 128
# Where more samples than these share a column, their lowest and highest in each half of it do.
_CROWDED: Final = 8.0
_HALVES: Final = 2
# Beyond this, in device pixels, Qt's rasteriser loses its way.
_FARTHEST: Final = 20_000.0
_PIXEL_BYTES: Final = 4
# Rows of memory whose distance is a multiple of a page fall into the same few cache lines.
_CACHE_LINE_PIXELS: Final = 16


class Sweep:
    """Draws tracks behind an erase bar that goes from left to right, or standing still.

    A column is cleared and stroked once, with the samples on both sides of it, and clipped to
    whole device pixels. So the picture does not depend on the steps in which it was drawn, and a
    frame costs as much as its new columns.

    Attributes
    ----------
    image
        The whole screen in device pixels; header and gutter are left to others.
    """

    def __init__(
        self, layout: Layout, tracks: Sequence[Track], origin_s: float, colours: StripColours
    ) -> None:
        self._layout = layout
        self._tracks = [
            _Pen(layout, track, [row for row in layout.rows if row.channel.track == number])
            for number, track in enumerate(tracks)
        ]
        self._origin_s = origin_s
        self._colours = colours
        self._pixels, self.image = _blank(layout.width, layout.height, colours)
        self._area = self._pixels[layout.header :, layout.gutter : layout.gutter + layout.columns]
        self._paint_grid_lines()
        self._drawn = 0
        self._blank = 0

    def redraw(self, window: Window) -> None:
        """Draw everything that is on the screen."""
        self._clear(0, self._layout.columns)
        self._stroke_pieces(window.pieces(self._layout.columns))
        self._drawn, self._blank = window.last, window.blank

    def reopen(self) -> None:
        """Draw the last columns once more: samples have come that their lines lead to."""
        apart = max((track.px_apart for track in self._tracks), default=0.0)
        reach = math.ceil(apart + _LINE_REACH_PX * self._layout.ratio)
        self._drawn = max(self._drawn - reach, self._blank - self._layout.columns, 0)

    def advance(self, window: Window) -> list[Piece]:
        """Go on from what was last drawn of the sweep, and return what has changed."""
        columns = self._layout.columns
        if self._drawn < window.first:
            self.redraw(window)
            return [Piece(0, columns, 0)]
        new = list(turns(self._drawn, window.last, columns))
        erased = list(turns(max(self._blank, window.last), window.blank, columns))
        for piece in new + erased:
            self._clear(piece.first - piece.shift, piece.last - piece.shift)
        self._stroke_pieces(new)
        self._drawn, self._blank = window.last, window.blank
        return new + erased

    def _stroke_pieces(self, pieces: Iterable[Piece]) -> None:
        with QPainter(self.image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._colours.trace, _TRACE_PX * self._layout.ratio))
            for piece in pieces:
                for track in self._tracks:
                    self._stroke(painter, track, piece)

    def _stroke(self, painter: QPainter, track: "_Pen", piece: Piece) -> None:
        """Stroke a track's leads in columns that stand side by side."""
        left = self._layout.gutter - piece.shift
        reach = _LINE_REACH_PX * self._layout.ratio
        for first in range(piece.first, piece.last, track.block):
            last = min(first + track.block, piece.last)
            x, heights = track.line(first - reach, last + reach, self._origin_s)
            x += left
            for row, y in zip(track.rows, heights, strict=True):
                painter.setClipRect(first + left, row.top, last - first, row.bottom - row.top)
                draw_trace(painter, x, y)

    def _clear(self, left: int, right: int) -> None:
        """Show nothing but the grid between two columns of the screen."""
        self._area[:, left:right] = self._empty_column[:, np.newaxis]
        first, last = np.searchsorted(self._line_columns, [left, right])
        if last > first:
            self._area[:, self._line_columns[first:last]] = self._colours.large_line.rgb()

    def _paint_grid_lines(self) -> None:
        """Find the grid's lines: whole device pixels, so that they are sharp."""
        height, columns = self._area.shape
        self._line_columns = _line_places(columns, self._layout)
        self._empty_column = np.full(height, self._colours.background.rgb(), dtype=np.uint32)
        self._empty_column[_line_places(height, self._layout)] = self._colours.large_line.rgb()


class _Pen:
    """Turns one track's samples into lines in the rows that show it."""

    def __init__(self, layout: Layout, track: Track, rows: list[Row]) -> None:
        self._track = track
        self._px_per_s = layout.px_per_s
        self._px_per_mv = layout.px_per_mv
        self.rows = rows
        self._signal_rows = np.array([row.channel.row for row in rows], dtype=np.intp)
        self._base_mv = np.array([[row.base_mv] for row in rows])
        self._middle = np.array([[row.middle] for row in rows])
        samples_per_px = track.fs / layout.px_per_s
        crowded = samples_per_px >= _CROWDED
        self._step = int(samples_per_px / _HALVES) if crowded else 1
        self.px_apart = self._step / samples_per_px
        points_per_px = 2 * _HALVES if crowded else samples_per_px
        self.block = max(int(_BLOCK_POINTS / points_per_px), 1) if rows else layout.columns

    def line(
        self, first_px: float, last_px: float, origin_s: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the lines that cross columns: x, and y for each row, in device pixels."""
        track, step = self._track, self._step
        offset_s = track.start_s - origin_s
        first = int((first_px / self._px_per_s - offset_s) * track.fs) - 1
        last = int((last_px / self._px_per_s - offset_s) * track.fs) + 2
        number, signal = track.samples(first // step * step, -(-last // step) * step)
        signal = signal[self._signal_rows]
        places = np.arange(number, number + signal.shape[1], dtype=np.float64)
        if step > 1:
            places, signal = _thinned(number, signal, step)
        x = (places / track.fs + offset_s) * self._px_per_s
        y = self._middle - (signal - self._base_mv) * self._px_per_mv
        return x, np.clip(y, -_FARTHEST, _FARTHEST)


def _thinned(
    number: int, signal: NDArray[np.float32], step: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Keep the lowest and the highest of every `step` samples, counted from number 0."""
    skipped = -number % step
    groups = (signal.shape[1] - skipped) // step
    if groups <= 0:
        return np.empty(0), signal[:, :0]
    cut = signal[:, skipped : skipped + groups * step].reshape(signal.shape[0], groups, step)
    ends = np.stack([cut.min(axis=2), cut.max(axis=2)], axis=2)
    places = number + skipped + np.arange(2 * groups) * (step / 2)
    return places, ends.reshape(signal.shape[0], 2 * groups)


def _line_places(length: int, layout: Layout) -> NDArray[np.intp]:
    """Return the device pixels of the large boxes' lines along an edge of some length."""
    every = LARGE_BOX_MM * layout.px_per_mm
    thick = max(round(layout.ratio), 1)
    if every <= thick:
        return np.empty(0, dtype=np.intp)
    firsts = (np.arange(int(length / every) + 1) * every).astype(np.intp)
    places = (firsts[:, np.newaxis] + np.arange(thick)).ravel()
    return places[places < length]


def _blank(width: int, height: int, colours: StripColours) -> tuple[NDArray[np.uint32], QImage]:
    """Return an image and the memory behind it, which must live as long."""
    lines = -(-max(width, 1) // _CACHE_LINE_PIXELS)
    stride = (lines + 1 - lines % 2) * _CACHE_LINE_PIXELS
    memory = np.full((max(height, 1), stride), colours.background.rgb(), dtype=np.uint32)
    image = QImage(
        memory.data,
        max(width, 1),
        max(height, 1),
        stride * _PIXEL_BYTES,
        QImage.Format.Format_RGB32,
    )
    return memory[:, :width], image

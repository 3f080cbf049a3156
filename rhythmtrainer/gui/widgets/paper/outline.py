"""The outline of a lead where samples crowd: a column for each pixel, from lowest to highest."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from rhythmtrainer.gui.widgets.paper.channel import Channel
from rhythmtrainer.gui.widgets.paper.frame import Frame, whole_px
from rhythmtrainer.gui.widgets.paper.stroke import draw_boxes
from rhythmtrainer.gui.widgets.stretch import Stretch

# Columns in a file, in which there are no pixels.
_COLUMNS_A_MM: Final = 10.0
# Bounds of columns lie a little beside samples: on one, rounding would decide whose it is.
_ASIDE: Final = 0.0137
# Two of three colours are mixed at once: between them there is room for the product.
_BLUE_AND_RED: Final = np.uint64(0xFF00FF)
_GREEN: Final = np.uint64(0x00FF00)
_OPAQUE: Final = np.uint64(0xFF000000)


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A picture's memory, into which may be written beside its painter.

    Attributes
    ----------
    pixels
        RGB32, shape ``(height, width)``, C-contiguous.
    shift
        What has to be added to a place in the frame to have its column in the picture.
    """

    pixels: NDArray[np.uint32]
    shift: int


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Columns of one lead between two places of a frame.

    Attributes
    ----------
    left, width
        Left edge of the first column in the frame, and how wide each is.
    top, bottom
        Heights in the frame, float64, one for each column; NaN in a gap.
    """

    left: float
    width: float
    top: NDArray[np.float64]
    bottom: NDArray[np.float64]

    @classmethod
    def of(
        cls, channel: Channel, stretch: Stretch, frame: Frame, left: float, right: float
    ) -> "Outline":
        """Look up the columns; they reach a little beyond.

        They count from the lead's first sample, so that they are the same wherever one begins.
        """
        width = column_px(frame)
        per_column = channel.fs / frame.px_per_s * width
        zero = stretch.x(channel.start_s)
        if frame.crisp:
            zero = whole_px(zero)
        first, last = int((left - zero) // width) - 2, int((right - zero) // width) + 3
        bounds = first * per_column - _ASIDE, last * per_column - _ASIDE
        low, high = channel.extremes(*bounds, last - first)
        _join(low, high)
        ends = stretch.y(low.astype(np.float64)), stretch.y(high.astype(np.float64))
        pen = frame.trace_px / 2 / width
        return cls(
            left=zero + first * width,
            width=width,
            top=-_thickened(-np.minimum(*ends) / width, pen) * width,
            bottom=_thickened(np.maximum(*ends) / width, pen) * width,
        )

    def paint(self, painter: QPainter, colour: QColor) -> None:
        """Draw the columns as boxes, which is faster than as lines."""
        here = np.flatnonzero(np.isfinite(self.top))
        boxes = np.empty((here.size, 4))
        boxes[:, 0], boxes[:, 2] = self.left + here * self.width, self.width
        boxes[:, 1], boxes[:, 3] = self.top[here], (self.bottom - self.top)[here]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        draw_boxes(painter, boxes)

    def fill(self, canvas: Canvas, area: QRect, colour: QColor) -> None:
        """Write the columns into a picture; many times as fast as they are drawn.

        Parameters
        ----------
        area
            What may be written, in the frame.
        """
        first = round(self.left)
        inside = slice(max(area.left() - first, 0), max(area.right() + 1 - first, 0))
        top, bottom = self.top[inside], self.bottom[inside]
        present = np.isfinite(top)
        above, below = area.top(), area.bottom() + 1
        top = np.where(present, top, below).clip(above, below)
        bottom = np.where(present, bottom, above).clip(top, below)
        if not top.size or not (top < bottom).any():
            return
        whole_top, whole_bottom = np.ceil(top), np.floor(bottom)
        place = first + inside.start + canvas.shift
        columns = canvas.pixels[:, place : place + top.size]
        _fill(columns, whole_top.astype(np.int16), whole_bottom.astype(np.int16), colour)
        _blend(columns, whole_top.astype(np.int64) - 1, whole_top - top, colour)
        _blend(columns, whole_bottom.astype(np.int64), bottom - whole_bottom, colour)


def column_px(frame: Frame) -> float:
    """Return how wide the columns of an outline are."""
    return 1.0 if frame.crisp else frame.px_per_mm / _COLUMNS_A_MM


def _join(low: NDArray[np.float32], high: NDArray[np.float32]) -> None:
    """Let neighbouring columns touch, as the line between their samples does."""
    before_low, before_high = low[:-1].copy(), high[:-1].copy()
    present = np.isfinite(low[1:])
    np.fmin(low[1:], before_high, out=low[1:], where=present)
    np.fmax(high[1:], before_low, out=high[1:], where=present)


def _thickened(line: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Return how far a round pen of a radius reaches beyond a line, all in columns."""
    thick = line + radius
    for away in range(1, int(radius) + 1):
        reach = line + math.sqrt(radius**2 - away**2)
        # A gap stays one: the pen does not begin before the line.
        for here, there in ((thick[away:], reach[:-away]), (thick[:-away], reach[away:])):
            np.fmax(here, there, out=here, where=np.isfinite(here))
    return thick


def _fill(
    columns: NDArray[np.uint32], top: NDArray[np.int16], bottom: NDArray[np.int16], colour: QColor
) -> None:
    """Paint each column from a row up to, but without, another."""
    filled = top < bottom
    if not filled.any():
        return
    first, last = int(top[filled].min()), int(bottom[filled].max())
    heights = np.maximum(bottom - top, 0).astype(np.uint16)
    # Above a column's top the difference is negative, which is a large number without a sign.
    below_top = np.subtract(np.arange(first, last, dtype=np.int16)[:, np.newaxis], top)
    painted = below_top.view(np.uint16) < heights
    np.copyto(columns[first:last], np.uint32(colour.rgb()), where=painted)


def _blend(
    columns: NDArray[np.uint32],
    rows: NDArray[np.int64],
    covered: NDArray[np.float64],
    colour: QColor,
) -> None:
    """Mix a colour into one pixel of each column, by how much of the pixel is covered."""
    places = np.flatnonzero(covered > 0)
    if not places.size:
        return
    rows, share = rows[places], np.round(covered[places] * 256).astype(np.uint64)
    ground, ink = columns[rows, places].astype(np.uint64), np.uint64(colour.rgb())
    mixed = np.full(places.size, _OPAQUE)
    for mask in (_BLUE_AND_RED, _GREEN):
        product = (ground & mask) * (256 - share) + (ink & mask) * share
        mixed |= (product >> np.uint64(8)) & mask
    columns[rows, places] = mixed.astype(np.uint32)

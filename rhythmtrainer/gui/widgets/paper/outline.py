"""The outline of a lead where samples crowd: a column for each pixel, from lowest to highest."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from rhythmtrainer.gui.widgets.paper.channel import Channel
from rhythmtrainer.gui.widgets.paper.frame import Frame, whole_px
from rhythmtrainer.gui.widgets.paper.stroke import draw_boxes
from rhythmtrainer.gui.widgets.stretch import Stretch

# Columns in a file, in which there are no pixels.
_COLUMNS_A_MM: Final = 10.0
# Bounds of columns lie a little beside samples: on one, rounding would decide whose it is.
_ASIDE: Final = 0.0137
# With fewer samples to a pixel, columns are half as wide: steep lines then look as if stroked.
_FEW: Final = 4.0
# How finely a pixel may be covered.
_SHARES: Final = 256


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
        is_fine = frame.crisp and per_column < _FEW
        if is_fine:
            width, per_column, first, last = width / 2, per_column / 2, first * 2, last * 2
        bounds = np.arange(first, last + 1, dtype=np.float64) * per_column - _ASIDE
        low, high = channel.extremes(bounds[0], bounds[-1], last - first)
        if is_fine:
            _reach(low, high, channel.between_samples(bounds))
        else:
            _join(low, high)
        ends = stretch.y(np.stack([low, high]).astype(np.float64))
        edges = np.stack([-ends.min(axis=0), ends.max(axis=0)])
        above, below = _thickened(edges / width, frame.trace_px / 2 / width) * width
        return cls(left=zero + first * width, width=width, top=-above, bottom=below)

    def paint(self, painter: QPainter, colour: QColor) -> None:
        """Draw the columns as boxes, which is faster than as lines."""
        here = np.flatnonzero(np.isfinite(self.top))
        boxes = np.empty((here.size, 4))
        boxes[:, 0], boxes[:, 2] = self.left + here * self.width, self.width
        boxes[:, 1], boxes[:, 3] = self.top[here], (self.bottom - self.top)[here]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        draw_boxes(painter, boxes)

    def paint_pixels(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        """Draw the columns as a picture of them, which is many times as fast as boxes.

        Parameters
        ----------
        painter
            Its pixels have to be those of the frame, which has to be crisp.
        area
            What may be drawn upon, in the frame.
        """
        left, parts = round(self.left), round(1 / self.width)
        begin, end = max(area.left() - left, 0), max(area.right() + 1 - left, 0)
        inside = slice(begin * parts, end * parts)
        top = self.top[inside].clip(area.top(), area.bottom() + 1)
        bottom = self.bottom[inside].clip(area.top(), area.bottom() + 1)
        drawn = top < bottom
        if not drawn.any():
            return
        first, last = math.floor(top[drawn].min()), math.ceil(bottom[drawn].max())
        # A column that is not drawn is one without height.
        top, bottom = (np.where(drawn, edge - first, 0.0) for edge in (top, bottom))
        pixels = _columns(top, bottom, last - first, _inks(colour.rgb(), parts))
        if parts > 1:
            pixels = pixels[:, ::2] + pixels[:, 1::2]
        picture = QImage(
            pixels.data,
            pixels.shape[1],
            pixels.shape[0],
            pixels.strides[0],
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        painter.drawImage(left + begin, first, picture)


def column_px(frame: Frame) -> float:
    """Return how wide the columns of an outline are."""
    return 1.0 if frame.crisp else frame.px_per_mm / _COLUMNS_A_MM


def _join(low: NDArray[np.float32], high: NDArray[np.float32]) -> None:
    """Let neighbouring columns touch, as the line between their samples does."""
    before_low, before_high = low[:-1].copy(), high[:-1].copy()
    present = np.isfinite(low[1:])
    np.fmin(low[1:], before_high, out=low[1:], where=present)
    np.fmax(high[1:], before_low, out=high[1:], where=present)


def _reach(
    low: NDArray[np.float32], high: NDArray[np.float32], at_bounds: NDArray[np.float32]
) -> None:
    """Let columns reach to where the line between samples enters and leaves them."""
    for bound in (at_bounds[:-1], at_bounds[1:]):
        np.fmin(low, bound, out=low)
        np.fmax(high, bound, out=high)


def _thickened(lines: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Return how far a round pen of a radius reaches beyond lines, all in columns."""
    thick = lines + radius
    for away in range(1, int(radius) + 1):
        reach = lines + math.sqrt(radius**2 - away**2)
        # A gap stays one: the pen does not begin before the line.
        for here, there in (
            (thick[:, away:], reach[:, :-away]),
            (thick[:, :-away], reach[:, away:]),
        ):
            np.fmax(here, there, out=here, where=np.isfinite(here))
    return thick


def _columns(
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    height: int,
    inks: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """Return a picture of columns, each from one place up to another, on nothing."""
    whole_top, whole_bottom = np.ceil(top).astype(np.int16), np.floor(bottom).astype(np.int16)
    lengths = np.maximum(whole_bottom - whole_top, 0).astype(np.uint16)
    # Above a column's top the difference is negative, which is a large number without a sign.
    below_top = np.subtract(np.arange(height, dtype=np.int16)[:, np.newaxis], whole_top)
    pixels: NDArray[np.uint32] = np.multiply(below_top.view(np.uint16) < lengths, inks[-1])
    for rows, covered in ((whole_top - 1, whole_top - top), (whole_bottom, bottom - whole_bottom)):
        edge = np.flatnonzero(covered > 0)
        pixels[rows[edge], edge] = inks[np.round(covered[edge] * _SHARES).astype(np.int64)]
    return pixels


@cache
def _inks(rgb: int, parts: int) -> NDArray[np.uint32]:
    """Return a colour as it covers none of a part of a pixel, a bit more of it ... and all."""
    colour = QColor.fromRgb(rgb)
    levels = np.array([255, colour.red(), colour.green(), colour.blue()])
    shares = np.arange(_SHARES + 1)[:, np.newaxis] / _SHARES / parts
    # Rounded down, or the parts of a pixel could be more than all of it.
    mixed = (levels * shares).astype(np.uint32)
    places = np.array([1 << 24, 1 << 16, 1 << 8, 1], dtype=np.uint32)
    inks: NDArray[np.uint32] = mixed @ places
    return inks

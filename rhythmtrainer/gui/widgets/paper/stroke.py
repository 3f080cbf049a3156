"""Lines that are stroked fast, however wide the pen and however many the samples."""

from typing import Any, Final

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

# Pieces that end flat leave notches where the line bends; longer by this part of its width, none.
_LONGER: Final = 0.3

# The stubs know neither a line that lies in an array, nor that the first one tells of all.
_wrap: Any = shiboken6.wrapInstance

# Across and down.
_Points = tuple[NDArray[np.float64], NDArray[np.float64]]


def stroke(
    painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], colour: QColor, width: float
) -> None:
    """Draw a line through points, leaving gaps where `y` is not finite.

    Each piece between two points is stroked by itself: with a pen wider than a pixel that is five
    times as fast as a polyline, and looks the same.

    Parameters
    ----------
    x, y
        Positions in the painter's coordinates, equally long.
    width
        Of the pen, in the painter's coordinates.
    """
    alone = np.isfinite(y)
    present = alone[:-1] & alone[1:]
    alone[:-1] &= ~present
    alone[1:] &= ~present
    places = slice(None) if present.all() else np.flatnonzero(present)
    begin, end = (x[:-1][places], y[:-1][places]), (x[1:][places], y[1:][places])
    lines = _lines(begin, end, _LONGER * width)
    dots = np.stack([x - width / 2, y, x + width / 2, y], axis=1)[alone]
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    draw_lines(painter, lines)
    draw_lines(painter, dots)


def draw_lines(painter: QPainter, lines: NDArray[np.float64]) -> None:
    """Draw lines with the painter's pen.

    Parameters
    ----------
    lines
        Shape ``(lines, 4)``: x and y of both ends.
    """
    held = np.ascontiguousarray(lines, dtype=np.float64)
    if len(held):
        first: Any = _wrap(held.ctypes.data, QLineF)
        count: Any = len(held)
        painter.drawLines(first, count)


def draw_boxes(painter: QPainter, boxes: NDArray[np.float64]) -> None:
    """Fill boxes with the painter's brush.

    Parameters
    ----------
    boxes
        Shape ``(boxes, 4)``: left, top, width and height.
    """
    held = np.ascontiguousarray(boxes, dtype=np.float64)
    if len(held):
        first: Any = _wrap(held.ctypes.data, QRectF)
        count: Any = len(held)
        painter.drawRects(first, count)


def _lines(begin: _Points, end: _Points, longer: float) -> NDArray[np.float64]:
    """Return the lines between points, lengthened at both ends."""
    across, down = end[0] - begin[0], end[1] - begin[1]
    share = longer / np.sqrt(across**2 + down**2)
    across *= share
    down *= share
    lines = np.empty((across.size, 4))
    np.subtract(begin[0], across, out=lines[:, 0])
    np.subtract(begin[1], down, out=lines[:, 1])
    np.add(end[0], across, out=lines[:, 2])
    np.add(end[1], down, out=lines[:, 3])
    return lines

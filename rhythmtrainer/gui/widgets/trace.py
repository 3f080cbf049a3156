"""Turning samples into lines that Qt draws fast."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPolygonF
from shiboken6 import VoidPtr

# Long lines cost more than their length: Qt's rasteriser is superlinear in their points.
_MOST_POINTS: Final = 256

# The stubs know only the form that takes a whole number.
_pointer: Any = VoidPtr
_WRITABLE: Final = 1
_POINT_BYTES: Final = 16


def draw_trace(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Draw a line through points, leaving gaps where `y` is not finite.

    Parameters
    ----------
    x, y
        Positions in the painter's coordinates, equally long.
    """
    present = np.isfinite(y)
    if present.all():
        _draw_unbroken(painter, x, y)
        return
    edges = np.flatnonzero(np.diff(present)) + 1
    bounds = [0, *edges.tolist(), y.size]
    for first, last in pairwise(bounds):
        if first < y.size and present[first]:
            _draw_unbroken(painter, x[first:last], y[first:last])


def _draw_unbroken(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    if x.size == 1:
        painter.drawPoint(QPointF(float(x[0]), float(y[0])))
        return
    for first in range(0, x.size - 1, _MOST_POINTS):
        piece = slice(first, first + _MOST_POINTS + 1)
        painter.drawPolyline(_polygon(x[piece], y[piece]))


def _polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Fill a polygon through its buffer: appending points one by one is ten times slower."""
    polygon = QPolygonF()
    polygon.resize(x.size)
    points = np.frombuffer(
        _pointer(polygon.data(), x.size * _POINT_BYTES, _WRITABLE), dtype=np.float64
    ).reshape(-1, 2)
    points[:, 0] = x
    points[:, 1] = y
    return polygon

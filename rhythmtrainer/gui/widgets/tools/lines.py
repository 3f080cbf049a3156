"""Upright lines over a strip, many of them and fast."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPen, QPixmap

_OPAQUE: Final = 255
_BYTES: Final = 4
# Lines farther apart than so many pixels are drawn faster one by one.
_FAR_APART: Final = 128


def faded(colour: QColor, strength: float) -> QColor:
    """Return a colour of which the ground shows through."""
    fainter = QColor(colour)
    fainter.setAlphaF(strength)
    return fainter


def draw_lines(
    painter: QPainter, pen: QPen, x: NDArray[np.float64], top: float, bottom: float
) -> None:
    """Draw upright lines; on a screen they lie on whole pixels.

    Parameters
    ----------
    x
        Where their middles lie, in the painter's coordinates, ascending.
    """
    if not x.size:
        return
    if painter.paintEngine().type() is not QPaintEngine.Type.Raster:
        _draw_rectangles(painter, pen, x - pen.widthF() / 2, (pen.widthF(), top, bottom))
        return
    ratio = painter.deviceTransform().m11()
    columns = max(round(pen.widthF() * ratio), 1)
    first = np.round(x * ratio - columns / 2).astype(np.int64)
    if first[-1] - first[0] >= _FAR_APART * (first.size - 1):
        _draw_rectangles(painter, pen, first / ratio, (columns / ratio, top, bottom))
        return
    row = _row_of_pixels(first - first[0], columns, pen.color())
    row.setDevicePixelRatio(ratio)
    area = QRectF(float(first[0]) / ratio, top, row.width() / ratio, bottom - top)
    painter.drawTiledPixmap(area, QPixmap.fromImage(row))


def _draw_rectangles(
    painter: QPainter,
    pen: QPen,
    left: NDArray[np.float64],
    size: tuple[float, float, float],
) -> None:
    width, top, bottom = size
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    painter.drawRects([QRectF(place, top, width, bottom - top) for place in left.tolist()])
    painter.restore()


def _row_of_pixels(first: NDArray[np.int64], columns: int, colour: QColor) -> QImage:
    """Return one row of a picture of the lines, to be repeated downwards.

    Lines drawn one by one touch each row of the screen's memory anew: for hundreds of them that
    takes a hundred times longer.
    """
    row = np.zeros(int(first[-1]) + columns, np.uint32)
    pixel = _premultiplied(colour)
    for offset in range(columns):
        row[first + offset] = pixel
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(row.tobytes(), row.size, 1, row.size * _BYTES, kind).copy()


def _premultiplied(colour: QColor) -> int:
    alpha = colour.alpha()
    red, green, blue = (
        round(part * alpha / _OPAQUE) for part in (colour.red(), colour.green(), colour.blue())
    )
    return alpha << 24 | red << 16 | green << 8 | blue

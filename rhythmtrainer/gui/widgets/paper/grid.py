"""Small and large boxes: crisp, even and square on a screen, exact in a file."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, SMALL_BOX_MM
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.paper.frame import Frame

_SMALL_LINE_MM: Final = 0.1
_LARGE_LINE_MM: Final = 0.2
# However near one looks, lines stay finer than the trace.
_SMALL_OF_TRACE: Final = 0.5
_LARGE_OF_TRACE: Final = 1.0
# Lines that lie closer than the first number of pixels are not drawn, from the second on fully.
_SMALL_FADE: Final = (3.0, 4.0)
_LARGE_FADE: Final = (5.0, 7.5)
_ROUNDING: Final = 1e-6
# A picture so high is copied fast, and does not take long to be made.
_TILE_PX: Final = 60
_SMALL_IN_LARGE: Final = round(LARGE_BOX_MM / SMALL_BOX_MM)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a large line lies, from which all are counted, in the painter's pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Kind:
    """Small lines, or large ones."""

    step: float
    every: int
    width: float
    colour: QColor


class Grid:
    """The lines of one frame.

    Parameters
    ----------
    across
        Whether there are boxes: not where a long stretch is pressed into the width, because they
        would not be square. Then there are only lines half a millivolt apart, at standard gain.
    """

    def __init__(
        self, frame: Frame, anchor: Anchor, colours: StripColours, *, across: bool
    ) -> None:
        self._frame = frame
        self._anchor = anchor
        self._background = colours.background
        self._across = across
        scale, trace = frame.px_per_mm, frame.trace_px
        small_width = min(_SMALL_LINE_MM * scale, _SMALL_OF_TRACE * trace)
        large_width = min(_LARGE_LINE_MM * scale, _LARGE_OF_TRACE * trace)
        small_step = SMALL_BOX_MM * scale if across else 0.0
        self._small = self._kind(small_step, small_width, colours.small_line, _SMALL_FADE)
        self._large = self._kind(LARGE_BOX_MM * scale, large_width, colours.large_line, _LARGE_FADE)

    def _kind(self, step: float, width: float, colour: QColor, fade: tuple[float, float]) -> _Kind:
        seen = 1.0
        if self._frame.crisp:
            width = max(round(width), 1)
            seen = min(max((step - fade[0]) / (fade[1] - fade[0]), 0.0), 1.0)
        return _Kind(
            step=step if seen > 0 else 0.0,
            every=_SMALL_IN_LARGE if fade is _SMALL_FADE else 0,
            width=width,
            colour=_between(self._background, colour, seen),
        )

    def paint(self, painter: QPainter) -> None:
        """Draw background and lines."""
        frame = self._frame
        area = QRectF(0.0, 0.0, frame.width, frame.height)
        tile = self._tile()
        if tile is not None:
            for y in range(0, int(frame.height), tile.height()):
                part = QRect(0, 0, tile.width(), min(tile.height(), int(frame.height) - y))
                painter.drawImage(QPoint(0, y), tile, part)
            return
        painter.fillRect(area, self._background)
        for kind in (self._small, self._large):
            columns = self._columns(kind, 0.0, frame.width).tolist()
            rows = self._rows(kind).tolist()
            if frame.crisp:
                _fill_lines(painter, frame, kind, columns, rows)
            else:
                _draw_lines(painter, frame, kind, columns, rows)

    @property
    def is_painted_fast(self) -> bool:
        """Whether it takes no longer to draw the grid than to copy a picture of it."""
        return not self._across or self._tile_height is not None

    @property
    def _tile_height(self) -> int | None:
        """After how many rows the grid is the same again; None if it is not on whole pixels."""
        height = LARGE_BOX_MM * self._frame.px_per_mm
        whole = round(height)
        is_whole = whole > 0 and abs(height - whole) < _ROUNDING
        return whole if is_whole and self._frame.crisp and self._across else None

    def _tile(self) -> QImage | None:
        """Return some rows of large boxes, of which all paper consists."""
        width, height = int(self._frame.width), self._tile_height
        if height is None or width < 1:
            return None
        height *= max(_TILE_PX // height, 1)
        tile = QImage(width, height, QImage.Format.Format_RGB32)
        pixels = np.frombuffer(tile.bits(), dtype=np.uint32).reshape(height, width)
        self.fill(pixels, 0)
        return tile

    def fill(self, pixels: NDArray[np.uint32], first: int) -> None:
        """Write the grid into some columns of a picture, from its top; only for crisp frames.

        Parameters
        ----------
        pixels
            RGB32, shape ``(rows, columns)``.
        first
            Place of the first of these columns in the frame.
        """
        height, width = pixels.shape
        small, large = self._small, self._large
        # A row of pixels lies between lines, on a small one, or on a large one.
        rows = np.empty((3, width), dtype=np.uint32)
        rows[:] = [[kind.rgb()] for kind in (self._background, small.colour, large.colour)]
        kinds = np.zeros(height, dtype=np.intp)
        for number, kind in enumerate((small, large)):
            columns = self._columns(kind, first, first + width) - first
            for row in rows[: number + 1]:
                _mark(row, columns, kind, kind.colour.rgb())
            _mark(kinds, self._rows(kind, height), kind, number + 1)
        rows.take(kinds, axis=0, out=pixels, mode="clip")

    def _columns(self, kind: _Kind, first: float, last: float) -> NDArray[np.float64]:
        return self._places(kind, self._anchor.x, first, last) if self._across else np.empty(0)

    def _rows(self, kind: _Kind, height: float | None = None) -> NDArray[np.float64]:
        below = self._frame.height if height is None else height
        return self._places(kind, self._anchor.y, 0.0, below)

    def _places(self, kind: _Kind, anchor: float, first: float, last: float) -> NDArray[np.float64]:
        """Return where lines lie that touch a range; on whole pixels where they are to be crisp.

        Numbers count from the anchor, so that lines stay the same wherever the range begins.
        """
        if not kind.step:
            return np.empty(0)
        numbers = np.arange(
            np.floor((first - anchor - kind.width) / kind.step),
            np.ceil((last - anchor + kind.width) / kind.step) + 1,
        )
        if kind.every:
            numbers = numbers[numbers % kind.every != 0]
        if not self._frame.crisp:
            return anchor + numbers * kind.step
        whole = np.floor(anchor)
        shift = anchor - whole - kind.width / 2 + 0.5
        return np.asarray(whole + np.floor(numbers * kind.step + shift + _ROUNDING))


def _fill_lines(
    painter: QPainter, frame: Frame, kind: _Kind, columns: list[float], rows: list[float]
) -> None:
    """Draw lines on whole pixels, as boxes: those are filled much faster than lines are drawn."""
    for x in columns:
        painter.fillRect(QRectF(x, 0.0, kind.width, frame.height), kind.colour)
    for y in rows:
        painter.fillRect(QRectF(0.0, y, frame.width, kind.width), kind.colour)


def _draw_lines(
    painter: QPainter, frame: Frame, kind: _Kind, columns: list[float], rows: list[float]
) -> None:
    """Draw lines that stay lines in a file."""
    pen = QPen(kind.colour, kind.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for x in columns:
        painter.drawLine(QLineF(x, 0.0, x, frame.height))
    for y in rows:
        painter.drawLine(QLineF(0.0, y, frame.width, y))


def _mark(
    pixels: NDArray[np.uint32] | NDArray[np.intp],
    places: NDArray[np.float64],
    kind: _Kind,
    value: int,
) -> None:
    """Write a value where lines lie."""
    for more in range(int(kind.width)):
        here = places.astype(np.int64) + more
        pixels[here[(here >= 0) & (here < pixels.size)]] = value


def _between(ground: QColor, line: QColor, seen: float) -> QColor:
    """Return a solid colour between two, as a line would look that is seen through in part."""
    mixed = (
        round(a + (b - a) * seen)
        for a, b in zip(ground.getRgb()[:3], line.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)

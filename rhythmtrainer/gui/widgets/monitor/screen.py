"""The monitor's screen: the sweep, and the print around it."""

import math

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.monitor.layout import HEADER_PX, Layout
from rhythmtrainer.gui.widgets.monitor.printed import (
    draw_gutter,
    draw_header,
    draw_heart,
    draw_rate,
    heart_area,
    rate_area,
)
from rhythmtrainer.gui.widgets.monitor.sweep import Sweep
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.gui.widgets.monitor.window import Piece, Window
from rhythmtrainer.gui.widgets.monitor.words import Header


class Screen:
    """Holds the picture in memory and changes only what has to be.

    Methods that draw return the areas that changed, in logical pixels.
    """

    def __init__(
        self, size: tuple[int, int], layout: Layout, tape: Tape | None, colours: StripColours
    ) -> None:
        self.layout = layout
        self._width, self._height = size
        self._colours = colours
        self._header: Header | None = None
        self._rate = ""
        self._filled: bool | None = None
        tracks, origin_s = (tape.tracks, tape.origin_s) if tape else ((), 0.0)
        self._sweep = Sweep(layout, tracks, origin_s, colours)
        with self._painter() as painter:
            draw_gutter(painter, layout, colours)

    @property
    def image(self) -> QImage:
        """The picture in device pixels."""
        return self._sweep.image

    def redraw(self, window: Window) -> None:
        """Draw all traces anew."""
        self._sweep.redraw(window)

    def reopen(self) -> None:
        """Be ready for samples that follow those drawn last."""
        self._sweep.reopen()

    def advance(self, window: Window) -> list[QRect]:
        """Draw what the sweep has newly passed."""
        return [self._area(piece) for piece in self._sweep.advance(window)]

    def print_header(self, header: Header, *, beside_rate: bool) -> list[QRect]:
        """Print the words above the traces, if they are others now."""
        if header == self._header:
            return []
        self._header = header
        area = QRect(0, 0, self._width, HEADER_PX)
        if beside_rate:
            area.setRight(rate_area(self._width).left() - 1)
        with self._painter() as painter:
            draw_header(painter, QRectF(area), header, self._colours)
        return [area]

    def print_rate(self, rate: str) -> list[QRect]:
        """Print the heart rate, if it is another now."""
        if rate == self._rate:
            return []
        self._rate = rate
        self._filled = None
        area = rate_area(self._width)
        with self._painter() as painter:
            draw_rate(painter, QRectF(area), rate, self._colours)
        return [area]

    def fill_heart(self, *, filled: bool) -> list[QRect]:
        """Fill the heart beside the heart rate, or leave its outline, if that is a change."""
        if filled == self._filled:
            return []
        self._filled = filled
        area = heart_area(self._width)
        with self._painter() as painter:
            draw_heart(painter, QRectF(area), self._colours, filled=filled)
        return [area]

    def _painter(self) -> QPainter:
        painter = QPainter(self.image)
        painter.scale(self.layout.ratio, self.layout.ratio)
        return painter

    def _area(self, piece: Piece) -> QRect:
        """Return the logical pixels that hold some columns."""
        layout = self.layout
        left = layout.gutter - piece.shift
        # Where logical pixels are no whole device pixels, Qt rounds an area's edges either way.
        more = 0 if float(layout.ratio).is_integer() else 1
        first = math.floor((left + piece.first) / layout.ratio) - more
        behind = math.ceil((left + piece.last) / layout.ratio) + more
        top = math.floor(layout.header / layout.ratio)
        return QRect(first, top, behind - first, self._height - top)

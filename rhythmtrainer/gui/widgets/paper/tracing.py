"""Drawing a part of one lead: sample by sample, or its outline where samples crowd."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from rhythmtrainer.gui.widgets.paper.channel import Channel
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.outline import Outline, column_px
from rhythmtrainer.gui.widgets.paper.stroke import stroke
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.trace import draw_trace

# With more samples to a column only the lowest and the highest are drawn.
_CROWDED: Final = 6.0
# On a screen, lines of many samples would take too long. A usual page of twelve leads has fewer.
_CROWDED_IF_MANY: Final = 0.5
_MANY_A_ROW: Final = 5_500
_MANY: Final = 32_000
# In a file, they would make it large.
_CROWDED_IF_MANY_IN_FILE: Final = 1.5
_MANY_A_ROW_IN_FILE: Final = 10_000


class Tracer:
    """Draws leads on one frame.

    Parameters
    ----------
    rows
        How many leads lie one below another.
    """

    def __init__(self, frame: Frame, colour: QColor, rows: int) -> None:
        self._frame = frame
        self._colour = colour
        self._rows = rows

    def is_crowded(self, channel: Channel) -> bool:
        """Return whether a lead is drawn as an outline."""
        per_column = channel.fs / self._frame.px_per_s * column_px(self._frame)
        samples = self._rows * channel.fs * self._frame.shown_s
        if self._frame.crisp:
            many, crowded_if_many = min(_MANY_A_ROW * self._rows, _MANY), _CROWDED_IF_MANY
        else:
            many, crowded_if_many = _MANY_A_ROW_IN_FILE * self._rows, _CROWDED_IF_MANY_IN_FILE
        return per_column > (crowded_if_many if samples > many else _CROWDED)

    def paint(
        self, painter: QPainter, channel: Channel, stretch: Stretch, left: float, right: float
    ) -> None:
        """Draw a lead between two places of the frame. The painter is expected to smooth edges."""
        area = _area(stretch, left, right)
        if area.width() <= 0:
            return
        clip = QRectF(area.toRect()) if self._frame.crisp else area
        painter.save()
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        if not self.is_crowded(channel):
            self._draw_samples(painter, channel, stretch, area)
        else:
            outline = Outline.of(channel, stretch, self._frame, area.left(), area.right())
            if self._frame.crisp:
                outline.paint_pixels(painter, area.toRect(), self._colour)
            else:
                outline.paint(painter, self._colour)
        painter.restore()

    def _draw_samples(
        self, painter: QPainter, channel: Channel, stretch: Stretch, area: QRectF
    ) -> None:
        per_px = channel.fs / self._frame.px_per_s
        zero = stretch.x(channel.start_s)
        # The line of a wide pen begins before its first point.
        reach = 2 * self._frame.trace_px + 2 / per_px
        first = max(int((area.left() - reach - zero) * per_px), 0)
        last = min(int((area.right() + reach - zero) * per_px) + 1, channel.signal.size)
        if first >= last:
            return
        x = zero + np.arange(first, last) / per_px
        y = stretch.y(channel.signal[first:last].astype(np.float64))
        if self._frame.crisp:
            stroke(painter, x, y, self._colour, self._frame.trace_px)
        else:
            self._draw_polyline(painter, x, y)

    def _draw_polyline(
        self, painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> None:
        """Draw a line that a file keeps as one line."""
        pen = QPen(self._colour, self._frame.trace_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        draw_trace(painter, x, y)


def _area(stretch: Stretch, left: float, right: float) -> QRectF:
    begin, end = max(left, stretch.left), min(right, stretch.right)
    return QRectF(begin, stretch.top, end - begin, stretch.bottom - stretch.top)

"""Marks on the paper between which lies what becomes the strip; a hand can move them."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from rhythmtrainer.gui.label.draft import LONGEST_S, SHORTEST_S, Trim
from rhythmtrainer.gui.label.times import written
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch

# How near a mark a press takes hold of it.
_REACH_PX: Final = 2.5 * UNIT
_LINE_PX: Final = 2.0
_HANDLE: Final = (3.0 * UNIT, 4.0 * UNIT)
_FADED: Final = 0.6
_FOOT_PX: Final = 6.0 * UNIT
_TENTHS: Final = 10


class _Grip(Enum):
    START = auto()
    END = auto()


class TrimTool(QObject):
    """Two marks on the strip. What lies outside of them is faded.

    Signals
    -------
    changed
        They must be drawn again.
    dragged
        A hand wants them here, a `Trim`.
    let_go
        The hand has let go of them.
    """

    changed = Signal()
    dragged = Signal(Trim)
    let_go = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trim = Trim(0.0, 0.0)
        self._duration_s = 0.0
        self._grip: _Grip | None = None

    def show_trim(self, trim: Trim, duration_s: float) -> None:
        """Mark this part of a recording that is so long."""
        if (trim, duration_s) != (self._trim, self._duration_s):
            self._trim, self._duration_s = trim, duration_s
            self.changed.emit()

    @property
    def description(self) -> str:
        """What is marked, in a sentence."""
        return f"The strip begins at {written(self._trim.start_s)}, {self._trim.length_s:.1f} s."

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Fade what is left out, and draw the marks."""
        painter.save()
        faded = QColor(colours.background)
        faded.setAlphaF(_FADED)
        for stretch in stretches:
            left, right = self._edges(stretch)
            height = stretch.bottom - stretch.top
            painter.fillRect(QRectF(stretch.left, stretch.top, left - stretch.left, height), faded)
            painter.fillRect(QRectF(right, stretch.top, stretch.right - right, height), faded)
            for time_s in (self._trim.start_s, self._trim.end_s):
                if stretch.start_s <= time_s <= stretch.end_s:
                    _draw_mark(painter, stretch, stretch.x(time_s), colours)
        painter.restore()

    def _edges(self, stretch: Stretch) -> tuple[float, float]:
        left = min(max(stretch.x(self._trim.start_s), stretch.left), stretch.right)
        right = min(max(stretch.x(self._trim.end_s), stretch.left), stretch.right)
        return left, right

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        """Take hold of the mark that lies at a point, if one does."""
        self._grip = self._grip_at(at, stretches)
        return self._grip is not None

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        """Ask for the mark that is held to be here."""
        stretch = _nearest(to, stretches)
        if self._grip is None or stretch is None:
            return
        at_s = round(stretch.seconds(to.x()) * _TENTHS) / _TENTHS
        start_s, end_s = self._trim.start_s, self._trim.end_s
        if self._grip is _Grip.START:
            start_s = min(max(at_s, end_s - LONGEST_S, 0.0), end_s - SHORTEST_S)
        else:
            end_s = max(min(at_s, start_s + LONGEST_S, self._duration_s), start_s + SHORTEST_S)
        self.dragged.emit(Trim(start_s, end_s - start_s).within(self._duration_s))

    def released(self) -> None:
        """Let go."""
        if self._grip is not None:
            self._grip = None
            self.let_go.emit()

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        """Return the shape that tells whether a press would take hold of a mark."""
        held = self._grip is not None or self._grip_at(at, stretches) is not None
        return Qt.CursorShape.SizeHorCursor if held else Qt.CursorShape.ArrowCursor

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        """Leave all keys to the page, whose fields move the marks."""
        del event, stretches
        return False

    def _grip_at(self, at: QPointF, stretches: Sequence[Stretch]) -> _Grip | None:
        stretch = _nearest(at, stretches)
        if stretch is None:
            return None
        apart = {
            _Grip.START: abs(stretch.x(self._trim.start_s) - at.x()),
            _Grip.END: abs(stretch.x(self._trim.end_s) - at.x()),
        }
        nearest = min(apart, key=lambda grip: apart[grip])
        return nearest if apart[nearest] <= _REACH_PX else None


def _nearest(at: QPointF, stretches: Sequence[Stretch]) -> Stretch | None:
    """Return the stretch at a point, or the one whose row is nearest to it."""

    def away(stretch: Stretch) -> float:
        above, below = stretch.top - at.y(), at.y() - stretch.bottom
        beside = max(stretch.left - at.x(), at.x() - stretch.right, 0.0)
        return max(above, below, 0.0) + beside

    return min(stretches, key=away, default=None)


def _draw_mark(painter: QPainter, stretch: Stretch, x: float, colours: StripColours) -> None:
    painter.setPen(QPen(colours.mark, _LINE_PX))
    # What is printed at the foot of the paper stays readable.
    painter.drawLine(QPointF(x, stretch.top), QPointF(x, stretch.bottom - _FOOT_PX))
    width, height = _HANDLE
    # At the paper's edge it would be half a handle.
    left = min(max(x - width / 2, stretch.left), stretch.right - width)
    # Near the foot, where there is seldom a trace to be covered.
    bottom = max(stretch.bottom - _FOOT_PX, stretch.top + height)
    painter.fillRect(QRectF(left, bottom - height, width, height), colours.mark)

"""A ruler that reads a rate: by the 300 rule, or by counting six seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter

from rhythmtrainer.ecg.calipers import SIX_SECONDS, Landmark, cycle_after, nearest_line
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.rows import (
    Home,
    drawable,
    speed_of,
    stretch_at,
    stretch_of,
)
from rhythmtrainer.gui.widgets.tools.ruler_layout import ROUNDING_S, RulerLayout, lay_out_ruler
from rhythmtrainer.gui.widgets.tools.ruler_reading import Rule, texts_of
from rhythmtrainer.gui.widgets.tools.snapping import Modifiers, Snapping, reach_s
from rhythmtrainer.model import Measurement, describe_lead

__all__ = ["Rule", "Ruler"]

_TICK_S: Final = 3.0
_SMALL_MM, _LARGE_MM = 1.0, 5.0
# Where the 300 rule is put down where no R peak is known: of the stretch's width.
_SHARE_IN: Final = 0.2

_ARROWS: Final[dict[int, int]] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_OTHER_COMMANDS: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the ruler begins: a time on a row."""

    seconds: float
    home: Home

    def stretch(self, shown: Sequence[Stretch]) -> Stretch | None:
        """Return the stretch that shows the time, if one does."""
        row = self.home.row(shown, [self.seconds])
        nearest = stretch_of(self.seconds, row) if row else None
        seen = nearest is not None and nearest.start_s <= self.seconds <= nearest.end_s
        return nearest if seen else None


@dataclass(frozen=True, slots=True)
class _Grip:
    """How far behind the ruler's beginning a hand holds it, and where it was before."""

    behind_s: float
    before: _Spot | None


class Ruler(QObject):
    """A ruler that is put down by a press on a strip, and dragged, or moved by keys.

    The 300 rule takes hold of R peaks where they were measured, and of heavy lines; the 6-second
    rule of the three-second ticks, and of heavy lines. Alt held while dragging lets it lie between.

    Keys: left and right move it by a small box, with Shift by a large one, with Ctrl to the next
    R peak or tick; Delete puts it away.

    Signals
    -------
    changed
        It must be drawn again, and may read something else.

    Parameters
    ----------
    modifiers
        Tells which modifier keys are held.
    """

    changed = Signal()

    def __init__(
        self,
        rule: Rule = Rule.THREE_HUNDRED,
        parent: QObject | None = None,
        *,
        modifiers: Modifiers = QGuiApplication.keyboardModifiers,
    ) -> None:
        super().__init__(parent)
        self._rule = rule
        self._snapping = Snapping(modifiers)
        self._snapping.set_kinds((Landmark.R,))
        self._snapping.on = True
        self._origin_s: float | None = None
        self._counts_shown = False
        self._spot: _Spot | None = None
        self._grip: _Grip | None = None
        self._paper: tuple[float | None, bool] = (None, True)
        self._commands: dict[int, Callable[[], bool]] = {
            Qt.Key.Key_Delete: self._delete,
            Qt.Key.Key_Backspace: self._delete,
            Qt.Key.Key_Escape: self._escape,
        }

    def set_rule(self, rule: Rule) -> None:
        """Choose how a rate is read; the ruler is put away."""
        if rule is not self._rule:
            self._rule = rule
            self._spot = self._grip = None
            self.changed.emit()

    def set_measurement(self, measurement: Measurement | None) -> None:
        """Offer the R peaks that were measured to hold on to; None offers nothing."""
        if self._snapping.set_measurement(measurement):
            self.changed.emit()

    def set_counts_shown(self, shown: bool) -> None:  # noqa: FBT001 - a Qt setter
        """Let the ruler read the rate itself where it was measured, or leave that to the reader."""
        if shown != self._counts_shown:
            self._counts_shown = shown
            self.changed.emit()

    def set_origin(self, seconds: float | None) -> None:
        """Say where heavy lines and ticks are counted from: the first sample on the paper.

        None takes what is shown first, which is the same until the paper is scrolled.
        """
        if seconds != self._origin_s:
            self._origin_s = seconds
            self.changed.emit()

    def place(self, stretches: Sequence[Stretch]) -> bool:
        """Put the ruler on the first R peak that is shown, or on the first tick.

        Returns
        -------
        bool
            Whether there is a strip to put it on.
        """
        shown = drawable(stretches)
        if not shown:
            return False
        stretch = next((each for each in shown if self._suits(each)), shown[0])
        self._put(self._first_s(stretch), Home.of(stretch, shown), stretch)
        return True

    def put_away(self) -> None:
        """Take the ruler off the strip."""
        self._grip = None
        self._set(None)

    @property
    def rule(self) -> Rule:
        """How a rate is read."""
        return self._rule

    @property
    def start_s(self) -> float | None:
        """Where the ruler begins, in seconds; None while it is put away."""
        return self._spot.seconds if self._spot else None

    @property
    def reading(self) -> str:
        """What the ruler says, in one line to be copied; empty while it is put away."""
        if self._spot is None:
            return ""
        return texts_of(self._rule, self._spot.seconds, self._paper, self._told)[0]

    @property
    def description(self) -> str:
        """What is read now, in a sentence."""
        if self._spot is None:
            return f"{self._rule.value}: not on the strip. Press on the strip, or an arrow key."
        where = "beginning at an R peak" if self._on_peak else "beginning between R peaks"
        known = self._snapping.landmarks.times_s.size and self._rule is Rule.THREE_HUNDRED
        lead = describe_lead(self._spot.home.lead)
        return f"Ruler on {lead}{f', {where}' if known else ''}: {self.reading}."

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Draw the ruler where its beginning is shown."""
        layout = self._layout(drawable(stretches))
        if layout is not None:
            layout.draw(painter, colours, on_peak=self._on_peak)

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        """Return the shape that tells what a press at a point would do, or what is held."""
        if self._grip is not None:
            return Qt.CursorShape.ClosedHandCursor
        shown = drawable(stretches)
        layout = self._layout(shown)
        if layout is not None and layout.holds(at):
            return Qt.CursorShape.OpenHandCursor
        inside = stretch_at(at, shown) is not None
        return Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        """Take hold of the ruler, or put it down here."""
        shown = drawable(stretches)
        layout = self._layout(shown)
        if layout is not None and self._spot is not None and layout.holds(at):
            behind = layout.stretch.seconds(at.x()) - self._spot.seconds
            self._grip = _Grip(behind, self._spot)
            return True
        stretch = stretch_at(at, shown)
        if stretch is None:
            return False
        self._grip = _Grip(0.0, self._spot)
        self._put(stretch.seconds(at.x()), Home.of(stretch, shown), stretch)
        return True

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        """Move the ruler along its stretch."""
        stretch = self._spot.stretch(drawable(stretches)) if self._spot else None
        if self._grip is not None and self._spot is not None and stretch is not None:
            self._put(stretch.seconds(to.x()) - self._grip.behind_s, self._spot.home, stretch)

    def released(self) -> None:
        """Let go."""
        self._grip = None

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        """Answer a key."""
        key, held = event.key(), event.modifiers()
        if held & _OTHER_COMMANDS:
            return False
        if key in _ARROWS:
            return self._move(_ARROWS[key], held, drawable(stretches))
        return key in self._commands and not held & _CONTROL and self._commands[key]()

    def _move(self, direction: int, held: Qt.KeyboardModifier, shown: list[Stretch]) -> bool:
        if self._spot is None:
            return self.place(shown)
        stretch = self._spot.stretch(shown)
        if stretch is None:
            return self.place(shown)
        seconds = self._spot.seconds
        if held & _CONTROL:
            seconds = self._next_s(seconds, direction, stretch)
        else:
            mm = _LARGE_MM if held & _SHIFT else _SMALL_MM
            seconds += direction * mm * stretch.px_per_mm / stretch.px_per_s
        self._set(_Spot(self._limited(seconds, stretch), self._spot.home))
        return True

    def _delete(self) -> bool:
        was_placed = self._spot is not None
        self.put_away()
        return was_placed

    def _escape(self) -> bool:
        """Take back what is being dragged."""
        grip, self._grip = self._grip, None
        if grip is not None:
            self._set(grip.before)
        return grip is not None

    def _suits(self, stretch: Stretch) -> bool:
        if self._rule is Rule.SIX_SECONDS:
            return stretch.end_s - stretch.start_s >= SIX_SECONDS - ROUNDING_S
        peaks = self._snapping.landmarks.between(stretch.start_s, stretch.end_s, Landmark.R)
        return peaks.size > 0

    def _first_s(self, stretch: Stretch) -> float:
        """Return where the ruler is put down that nobody has put anywhere."""
        if self._rule is Rule.SIX_SECONDS:
            zero = self._zero(stretch)
            return zero + ceil((stretch.start_s - zero - ROUNDING_S) / _TICK_S) * _TICK_S
        peaks = self._snapping.landmarks.between(stretch.start_s, stretch.end_s, Landmark.R)
        if peaks.size:
            return float(peaks[0])
        return stretch.start_s + _SHARE_IN * (stretch.end_s - stretch.start_s)

    def _next_s(self, seconds: float, direction: int, stretch: Stretch) -> float:
        """Return the next R peak or tick, or where there is none the same time."""
        if self._rule is Rule.SIX_SECONDS:
            tick = nearest_line(seconds, self._zero(stretch), _TICK_S)
            passed = (tick - seconds) * direction <= 2 * ROUNDING_S
            return tick + direction * _TICK_S if passed else tick
        found = self._snapping.landmarks.beyond(seconds, direction)
        return seconds if found is None else found

    def _put(self, seconds: float, home: Home, stretch: Stretch) -> None:
        """Put the ruler down where a hand has moved it."""
        seconds = self._limited(seconds, stretch)
        if self._snapping.wanted:
            caught = self._caught(seconds, stretch)
            seconds = caught if caught == self._limited(caught, stretch) else seconds
        self._remember_paper(seconds, stretch)
        self._set(_Spot(seconds, home))

    def _caught(self, seconds: float, stretch: Stretch) -> float:
        """Return what the ruler holds on to near a time: an R peak or tick, or a heavy line."""
        within, zero = reach_s(stretch), self._zero(stretch)
        if self._rule is Rule.SIX_SECONDS:
            first: float | None = nearest_line(seconds, zero, _TICK_S)
        else:
            first = self._snapping.landmarks.nearest(seconds, within)
        if first is not None and abs(first - seconds) <= within:
            return first
        speed = speed_of(stretch)
        if speed is None:
            return seconds
        line = nearest_line(seconds, zero, _LARGE_MM / speed)
        return line if abs(line - seconds) <= within else seconds

    def _limited(self, seconds: float, stretch: Stretch) -> float:
        """Return a time at which the ruler begins within its stretch, and six seconds fit."""
        length = SIX_SECONDS if self._rule is Rule.SIX_SECONDS else 0.0
        latest = max(stretch.end_s - length, stretch.start_s)
        return min(max(seconds, stretch.start_s), latest)

    def _zero(self, stretch: Stretch) -> float:
        return stretch.start_s if self._origin_s is None else self._origin_s

    @property
    def _on_peak(self) -> bool:
        return (
            self._spot is not None and self._snapping.landmarks.at(self._spot.seconds) is not None
        )

    def _set(self, spot: _Spot | None) -> None:
        if spot != self._spot:
            self._spot = spot
            self.changed.emit()

    def _remember_paper(self, seconds: float, stretch: Stretch) -> None:
        fits = seconds + SIX_SECONDS <= stretch.end_s + ROUNDING_S
        self._paper = (speed_of(stretch), fits)

    def _layout(self, shown: Sequence[Stretch]) -> RulerLayout | None:
        stretch = self._spot.stretch(shown) if self._spot else None
        if self._spot is None or stretch is None:
            return None
        self._remember_paper(self._spot.seconds, stretch)
        start_s, told = self._spot.seconds, self._told
        texts = texts_of(self._rule, start_s, self._paper, told)
        cycle = cycle_after(told, start_s) if told and self._rule is Rule.THREE_HUNDRED else None
        next_s = None if cycle is None else start_s + cycle
        return lay_out_ruler(self._rule, start_s, stretch, shown, texts, next_s=next_s)

    @property
    def _told(self) -> Measurement | None:
        """What may be read off by the ruler itself."""
        return self._snapping.measurement if self._counts_shown else None

"""Calipers: two legs that read an interval, and if wanted two feet that read a voltage."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter

from rhythmtrainer.ecg.calipers import Landmark, Pair, Reading
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.pair_drawing import PairDrawing
from rhythmtrainer.gui.widgets.tools.pair_layout import PairLayout, Part, lay_out
from rhythmtrainer.gui.widgets.tools.pair_moving import (
    beginning_at,
    dragged,
    moved_in_time,
    moved_in_voltage,
    on_next_landmark,
    snapped,
    spanned,
    with_feet_turned,
)
from rhythmtrainer.gui.widgets.tools.placed import Grip, Placed, first_placed
from rhythmtrainer.gui.widgets.tools.rows import Home, drawable, speed_of, stretch_at
from rhythmtrainer.gui.widgets.tools.snapping import Modifiers, Snapping, reach_s
from rhythmtrainer.model import Measurement

# A hand that presses does not hold quite still.
_CLICK_PX: Final = 3.0
# Keys move by a tenth of a small box (4 ms at 25 mm/s), with Shift by a whole one.
_FINE_MM, _COARSE_MM = 0.1, 1.0

_NOTHING_YET: Final = (
    "Calipers: nothing is measured yet. Drag across the strip, or press an arrow key."
)
_CURSORS: Final = {
    Part.FIRST: Qt.CursorShape.SizeHorCursor,
    Part.SECOND: Qt.CursorShape.SizeHorCursor,
    Part.BOTH: Qt.CursorShape.OpenHandCursor,
    Part.FIRST_FOOT: Qt.CursorShape.SizeVerCursor,
    Part.SECOND_FOOT: Qt.CursorShape.SizeVerCursor,
}
_ARROWS: Final[dict[int, tuple[int, int]]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_CHOOSING: Final[dict[int, int]] = {
    Qt.Key.Key_Comma: -1,
    Qt.Key.Key_Period: 1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_Tab: 1,
}
_TABS: Final = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_OTHER_COMMANDS: Final = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Calipers(QObject):
    """A pair of calipers that is put down by dragging across a strip, or by keys.

    Keys: left and right move the chosen leg by a tenth of a small box, with Shift by a small box,
    with Ctrl to the next landmark; up and down move its foot; Tab, full stop and comma choose the
    left leg, the right leg or both; S snapping, M marching, V voltage; Delete puts the calipers
    away. Alt held while dragging turns snapping round.

    Signals
    -------
    changed
        They must be drawn again, and may read something else.

    Parameters
    ----------
    modifiers
        Tells which modifier keys are held.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        modifiers: Modifiers = QGuiApplication.keyboardModifiers,
    ) -> None:
        super().__init__(parent)
        self._snapping = Snapping(modifiers)
        self._placed: Placed | None = None
        self._grip: Grip | None = None
        self._chosen: Part | None = None
        self._marching = False
        self._speed_mm_s: float | None = None
        self._commands: dict[int, Callable[[list[Stretch]], bool]] = {
            Qt.Key.Key_S: self._turn_snapping,
            Qt.Key.Key_M: self._turn_marching,
            Qt.Key.Key_V: self._turn_voltage,
            Qt.Key.Key_Delete: self._delete,
            Qt.Key.Key_Backspace: self._delete,
            Qt.Key.Key_Escape: self._escape,
        }

    def set_measurement(self, measurement: Measurement | None) -> None:
        """Offer what was measured to snap to; None offers nothing."""
        if self._snapping.set_measurement(measurement):
            self.changed.emit()

    def set_snap_kinds(self, kinds: Collection[Landmark]) -> None:
        """Say which landmarks may be snapped to and named, such as R peaks alone."""
        if self._snapping.set_kinds(kinds):
            self.changed.emit()

    def set_snapping(self, on: bool) -> None:  # noqa: FBT001 - a Qt setter
        """Let dragged legs hold on to landmarks."""
        if on != self._snapping.on:
            self._snapping.on = on
            self.changed.emit()

    def set_marching(self, on: bool) -> None:  # noqa: FBT001 - a Qt setter
        """Repeat the interval across everything that is shown."""
        if on != self._marching:
            self._marching = on
            self.changed.emit()

    def place(self, stretches: Sequence[Stretch]) -> bool:
        """Put the legs on the first two R peaks that are shown, or else in the middle.

        Returns
        -------
        bool
            Whether there is a strip to put them on.
        """
        shown = drawable(stretches)
        placed = first_placed(shown, self._snapping.landmarks)
        if placed is not None:
            self._speed_mm_s = speed_of(shown[0])
            self._set(placed, Part.SECOND)
        return placed is not None

    def is_seen(self, stretches: Sequence[Stretch]) -> bool:
        """Return whether any part of the calipers stands on what is shown."""
        layout = self._layout(drawable(stretches))
        return layout is not None and bool(layout.legs or layout.bars)

    def put_away(self) -> None:
        """Take the calipers off the strip."""
        self._grip = None
        self.set_marching(False)
        self._set(None)

    @property
    def pair(self) -> Pair | None:
        """Where the legs stand; None while they are put away."""
        return self._placed.pair if self._placed else None

    @property
    def snapping(self) -> bool:
        """Whether dragged legs hold on to landmarks."""
        return self._snapping.on

    @property
    def marching(self) -> bool:
        """Whether the interval is repeated."""
        return self._marching

    @property
    def reading(self) -> str:
        """What is read, in one line to be copied; empty while the calipers are put away."""
        pair = self.pair
        if pair is None:
            return ""
        return Reading(pair.interval_s, pair.rise_mv, self._speed_mm_s).text

    @property
    def description(self) -> str:
        """What is measured now, in a sentence."""
        if self._placed is None:
            return _NOTHING_YET
        unmeasured = "" if self._snapping.landmarks.times_s.size else ", but nothing is measured"
        sentences = (
            self._placed.sentence(self._snapping.landmarks, self._speed_mm_s),
            f"{self._placed.side(self._chosen)} chosen." if self._chosen else "",
            "Marched out." if self._marching else "",
            f"Snapping is on{unmeasured}." if self.snapping else "",
        )
        return " ".join(sentence for sentence in sentences if sentence)

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Draw legs, bar and reading over what is shown."""
        shown = drawable(stretches)
        layout = self._layout(shown)
        if self._placed is None or layout is None:
            return
        self._speed_mm_s = speed_of(layout.row[0])
        PairDrawing(
            self._placed.pair, layout, self._snapping.landmarks, self._chosen, self._marching
        ).draw(painter, shown, colours)

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        """Return the shape that tells what a press at a point would do, or what is held."""
        shown = drawable(stretches)
        part = self._grip.part if self._grip else self._part_at(at, shown)
        if part is Part.BOTH and self._grip:
            return Qt.CursorShape.ClosedHandCursor
        if part is not None:
            return _CURSORS[part]
        inside = self._grip is not None or stretch_at(at, shown) is not None
        return Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        """Take hold of a part, or begin a new pair."""
        shown = drawable(stretches)
        part = self._part_at(at, shown)
        if part is not None and self._placed is not None:
            seconds = self._placed.seconds(part)
            self._grip = Grip(part, at, self._placed.home, seconds, self._placed)
            return True
        stretch = stretch_at(at, shown)
        if stretch is None:
            return False
        home, seconds = Home.of(stretch, shown), stretch.seconds(at.x())
        self._grip = Grip(None, at, home, seconds, self._placed)
        if self._placed is None:
            self._put(beginning_at(seconds, stretch), home, stretch, (Part.FIRST,))
        return True

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        """Move what is held; it stays within the stretch in which it was taken."""
        grip = self._grip
        stretch = grip.stretch(drawable(stretches)) if grip else None
        if grip is None or stretch is None:
            return
        if grip.part is not None and grip.before is not None:
            pair = dragged(grip.before.pair, grip.part, grip.at, to, stretch)
            self._put(pair, grip.home, stretch, (grip.part,))
        elif abs(to.x() - grip.at.x()) > _CLICK_PX:
            pair = spanned(grip.seconds, to, stretch)
            self._put(pair, grip.home, stretch, (Part.FIRST, Part.SECOND))

    def released(self) -> None:
        """Let go."""
        self._grip = None

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        """Answer a key."""
        key, held = event.key(), event.modifiers()
        shown = drawable(stretches)
        if held & _OTHER_COMMANDS:
            return False
        if key in _ARROWS:
            return self._move(_ARROWS[key], held, shown)
        if held & _CONTROL:
            return False
        if key in self._commands:
            return self._commands[key](shown)
        return key in _CHOOSING and self._choose(_CHOOSING[key], leaving=key in _TABS)

    def _move(
        self, direction: tuple[int, int], held: Qt.KeyboardModifier, shown: list[Stretch]
    ) -> bool:
        if self._placed is None:
            return self.place(shown)
        placed, (across, up) = self._placed, direction
        part = self._chosen or Part(placed.pair.right_leg)
        stretch = placed.stretch(part, shown)
        if stretch is None:
            return False
        step_px = (_COARSE_MM if held & _SHIFT else _FINE_MM) * stretch.px_per_mm
        if up:
            pair = moved_in_voltage(placed.pair, part, up * step_px / stretch.px_per_mv, stretch)
        elif held & _CONTROL:
            pair = on_next_landmark(placed.pair, part, across, self._snapping.landmarks)
        else:
            pair = moved_in_time(placed.pair, part, across * step_px / stretch.px_per_s, stretch)
        self._set(Placed(pair, placed.home), part)
        return True

    def _choose(self, step: int, *, leaving: bool) -> bool:
        """Choose the next part; Tab goes on to the next widget behind the last part."""
        if self._placed is None:
            return False
        right = self._placed.pair.right_leg
        parts = (Part(1 - right), Part(right), Part.BOTH)
        from_outside = -1 if step > 0 else len(parts)
        place = step + (parts.index(self._chosen) if self._chosen else from_outside)
        leaves = leaving and not 0 <= place < len(parts)
        self._set(self._placed, None if leaves else parts[place % len(parts)])
        return not leaves

    def _turn_snapping(self, shown: list[Stretch]) -> bool:
        """Let go of landmarks, or hold on to those that the legs are already close to."""
        self.set_snapping(not self.snapping)
        for part in (Part.FIRST, Part.SECOND) if self.snapping else ():
            stretch = self._placed.stretch(part, shown) if self._placed else None
            if self._placed is not None and stretch is not None:
                landmarks, within = self._snapping.landmarks, reach_s(stretch)
                pair = snapped(self._placed.pair, part, landmarks, within)
                self._set(Placed(pair, self._placed.home), self._chosen)
        return True

    def _turn_marching(self, shown: list[Stretch]) -> bool:
        if self._placed is None and not self.place(shown):
            return False
        self.set_marching(not self._marching)
        return True

    def _turn_voltage(self, shown: list[Stretch]) -> bool:
        if self._placed is None and not self.place(shown):
            return False
        stretch = self._placed.stretch(Part.BOTH, shown) if self._placed else None
        if self._placed is not None and stretch is not None:
            pair = with_feet_turned(self._placed.pair, stretch)
            self._set(Placed(pair, self._placed.home), self._chosen)
        return True

    def _delete(self, _shown: list[Stretch]) -> bool:
        was_placed = self._placed is not None
        self.put_away()
        return was_placed

    def _escape(self, _shown: list[Stretch]) -> bool:
        """Take back what is being dragged, or else the march."""
        grip, self._grip = self._grip, None
        if grip is not None:
            self._set(grip.before)
            return True
        marched = self._marching
        self.set_marching(False)
        return marched

    def _put(self, pair: Pair, home: Home, stretch: Stretch, moved: tuple[Part, ...]) -> None:
        """Put a pair down as a hand has moved some of its parts."""
        for part in moved:
            if self._snapping.wanted and not part.is_foot:
                pair = snapped(pair, part, self._snapping.landmarks, reach_s(stretch))
        self._speed_mm_s = speed_of(stretch)
        self._set(Placed(pair, home))

    def _set(self, placed: Placed | None, chosen: Part | None = None) -> None:
        if (placed, chosen) != (self._placed, self._chosen):
            self._placed, self._chosen = placed, chosen
            self.changed.emit()

    def _layout(self, shown: Sequence[Stretch]) -> PairLayout | None:
        if self._placed is None:
            return None
        pair, home = self._placed.pair, self._placed.home
        return lay_out(pair, home, shown, marching=self._marching)

    def _part_at(self, at: QPointF, shown: Sequence[Stretch]) -> Part | None:
        layout = self._layout(shown)
        return layout.part_at(at) if layout else None

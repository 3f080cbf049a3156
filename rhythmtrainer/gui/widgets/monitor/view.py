"""A strip on a bedside monitor that sweeps in real time."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPaintEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from rhythmtrainer.gui.widgets.monitor.heart_rate import HeartDisplay
from rhythmtrainer.gui.widgets.monitor.surface import RUNNING, MonitorSurface
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.gui.widgets.monitor.window import farthest_back_s
from rhythmtrainer.gui.widgets.monitor.words import Standing
from rhythmtrainer.model import Strip

_FRAME_MS: Final = 16
_ASK_AHEAD_S: Final = 4.0
# After a stall (a laptop's lid, a dragged window) the sweep goes on where it was.
_LONGEST_STEP_S: Final = 0.25
_NOTCH: Final = 120.0
_BACK_A_NOTCH_S: Final = 1.0


class MonitorView(MonitorSurface):
    """Sweeps leads of a recording from left to right behind an erase bar.

    It never loops: when the samples end, the sweep rests and says why. While it rests, the wheel or
    a drag looks back, unless a tool takes the press.

    Parameters
    ----------
    clock
        Seconds that go on evenly. The sweep moves by what has passed on it when its own timer, or
        whoever wants to step through the frames, calls `advance`.

    Signals
    -------
    painted
        A new strip's first sample is on the screen.
    running_out
        Samples behind this time (seconds from the recording's first sample) are needed soon.
    beat
        The sweep has just passed an R peak.
    frozen_changed
        The sweep is held now, or goes on.
    """

    painted = Signal()
    running_out = Signal(float)
    beat = Signal()
    frozen_changed = Signal(bool)

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._last_tick = clock()
        self._asked_for_s = -math.inf
        self._announced = True
        self._dragged: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.advance)

    def set_strip(self, strip: Strip | None, *others: Strip) -> None:
        """Begin a new sweep with these samples, or go dark.

        Parameters
        ----------
        others
            Further leads of the same recording, with another rate, length or start.
        """
        self._tape = Tape((strip, *others)) if strip else None
        self._heart = HeartDisplay(self._tape.origin_s if self._tape else 0.0)
        self._asked_for_s = -math.inf
        self._announced = strip is None
        was_frozen = self.frozen
        self._standing = RUNNING
        self._lay_out_anew()
        self._run_or_rest()
        if was_frozen:
            self.frozen_changed.emit(False)  # noqa: FBT003 - a signal's value has no name

    def extend(self, strip: Strip, *others: Strip) -> None:
        """Go on with samples that follow directly on those already here.

        Raises
        ------
        ValueError
            If they do not follow: a seam would be a false pause.
        """
        if self._tape is None:
            return
        self._tape.extend((strip, *others))
        self._heart.rate.forget(self._tape.oldest_s)
        if self._screen is not None and not self.back_s:
            self._screen.reopen()
        self._print()
        self._run_or_rest()

    def finish(self, ending: str) -> None:
        """Say what to print when the last sample has been swept: there are no more."""
        if ending != self._standing.ending:
            self._stand(replace(self._standing, ending=ending))

    def set_frozen(self, frozen: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Hold the sweep, or let it go on."""
        if frozen != self.frozen:
            self._stand(replace(self._standing, frozen=frozen, back_s=0.0))
            self.frozen_changed.emit(frozen)

    @property
    def frozen(self) -> bool:
        """Whether the sweep is held."""
        return self._standing.frozen

    @property
    def at_end(self) -> bool:
        """Whether every sample has been swept and no more will come."""
        return bool(self._standing.ending) and self._tape is not None and self._tape.left_s <= 0

    @property
    def swept(self) -> Strip | None:
        """The first strip as far as it has been swept and is kept: the last five minutes."""
        return self._tape.swept[0] if self._tape else None

    @property
    def all_swept(self) -> tuple[Strip, ...]:
        """All strips as far as they have been swept and are kept."""
        return self._tape.swept if self._tape else ()

    def show_all(self) -> None:
        """Freeze with every sample swept."""
        if self._tape is not None:
            self._tape.play(self._tape.left_s)
            self._heart.refresh(self._tape.now_s, signal=not self._tape.all_silent)
        was_frozen = self.frozen
        self._stand(replace(self._standing, frozen=True, back_s=0.0))
        self._redraw()
        if not was_frozen:
            self.frozen_changed.emit(True)  # noqa: FBT003 - a signal's value has no name

    def scroll_back(self, seconds: float) -> None:
        """Look at what was swept before, while the sweep rests.

        Parameters
        ----------
        seconds
            How far further back; negative towards now, where the sweep stands as it was held.
        """
        back_s = self._standing.back_s
        wanted_s = min(max(back_s + seconds, 0.0), self._farthest_s)
        if wanted_s != back_s:
            self._stand(replace(self._standing, back_s=wanted_s))

    @property
    def _farthest_s(self) -> float:
        """How far one can look back now."""
        if self._tape is None or not self._resting:
            return 0.0
        return farthest_back_s(self._ready_layout(), self._tape)

    @property
    def back_s(self) -> float:
        """How many seconds ago the right edge of what is looked at was swept; 0 for now."""
        return self._standing.back_s

    def set_beats(self, times_s: ArrayLike, until_s: float | None = None) -> None:
        """Take R peaks in place of those known so far.

        Parameters
        ----------
        times_s
            Seconds from the recording's first sample, float, shape ``(beats,)``.
        until_s
            Up to where they were searched; None for all samples that are here.
        """
        if self._tape is not None:
            self._heart.rate.set_beats(times_s, self._tape.end_s if until_s is None else until_s)

    def add_beats(self, times_s: ArrayLike, until_s: float | None = None) -> None:
        """Take further R peaks; they may come late, and again."""
        if self._tape is not None:
            self._heart.rate.add_beats(times_s, self._tape.end_s if until_s is None else until_s)

    def advance(self) -> None:
        """Go on by the time that has passed since the last call; a timer calls this."""
        now = self._clock()
        step_s = min(max(now - self._last_tick, 0.0), _LONGEST_STEP_S)
        self._last_tick = now
        tape = self._tape
        if tape is None or self.frozen or tape.left_s <= 0:
            return
        before_s = tape.now_s
        tape.play(step_s)
        self._draw_new(tape)
        beaten = self._heart.go_on(before_s, tape.now_s)
        if tape.left_s <= 0 or self._heart.due(tape.now_s):
            printed = self.heart_rate
            self._heart.refresh(tape.now_s, signal=not tape.all_silent)
            self._print()
            if self.heart_rate != printed:
                self.view_changed.emit()
        self._print_rate()
        if tape.left_s <= 0:
            self._run_or_rest()
            self.update()
            self.view_changed.emit()
        self._tell(tape, beaten=beaten)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Look further back, or towards now."""
        zooms = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if zooms or not self._farthest_s:
            event.ignore()
            return
        turned, pixels = event.angleDelta(), event.pixelDelta()
        seconds = (turned.x() + turned.y()) / _NOTCH * _BACK_A_NOTCH_S
        if not pixels.isNull():
            seconds = (pixels.x() + pixels.y()) / self._px_per_s
        self.scroll_back(seconds)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give the press to the tool, else take hold of what was swept."""
        super().mousePressEvent(event)
        left = event.button() is Qt.MouseButton.LeftButton
        if left and not self._hand.holds and self._farthest_s:
            self._dragged = event.position().x(), self.back_s
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held."""
        if self._dragged is None:
            super().mouseMoveEvent(event)
            return
        from_x, from_s = self._dragged
        back_s = from_s + (event.position().x() - from_x) / self._px_per_s
        self.scroll_back(back_s - self.back_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        super().mouseReleaseEvent(event)
        if self._dragged is not None:
            self._dragged = None
            self.unsetCursor()

    @property
    def _px_per_s(self) -> float:
        """Logical pixels for each second."""
        return self._ready_layout().px_per_s / self.devicePixelRatioF()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on sweeping."""
        self._run_or_rest()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        self._timer.stop()
        self._dragged = None
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the screen, and tell when a new strip is on it."""
        super().paintEvent(event)
        tape = self._tape
        if tape is None or self._announced:
            return
        if tape.now_s > tape.origin_s or tape.left_s <= 0:
            self._announced = True
            self.painted.emit()

    def _stand(self, standing: Standing) -> None:
        """Hold the sweep, let it go on, or look at another part of it."""
        moved = standing.back_s != self._standing.back_s
        self._standing = standing
        if moved:
            self._redraw()
        self._print()
        self._print_rate()
        self._run_or_rest()
        self.update()
        self.view_changed.emit()

    def _run_or_rest(self) -> None:
        left = self._tape is not None and self._tape.left_s > 0
        running = left and not self.frozen and self.isVisible()
        if running and not self._timer.isActive():
            self._last_tick = self._clock()
            self._timer.start()
        elif not running:
            self._timer.stop()

    def _tell(self, tape: Tape, *, beaten: bool) -> None:
        """Tell others what has happened; they may give another strip meanwhile."""
        if beaten:
            self.beat.emit()
        if tape is not self._tape or tape.left_s >= _ASK_AHEAD_S or self._standing.ending:
            return
        if self._asked_for_s < tape.end_s:
            self._asked_for_s = tape.end_s
            self.running_out.emit(tape.end_s)

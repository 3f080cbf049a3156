"""Reading the strips of the next questions while the learner looks at this one."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import CourseId, Question, QuestionId, Session, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource
from rhythmtrainer.training.practice import Practice, session_length
from rhythmtrainer.training.preparation import Prepared, prepare
from rhythmtrainer.training.selection import Material

DEPTH = 5
"""Questions that are kept ready.

At one megabit a second a strip of twelve leads takes more than a second: five of them outlast
ten seconds of quick answers, or one connection that has to be given up.
"""

# What is on this computer is read fast, and the network may be back for the question after it.
_DEPTH_FROM_HAND = 1

# After a failure the network is left alone for so long; strips come from what is at hand.
_NETWORK_REST_S = 30.0


@dataclass(slots=True)
class _Line:
    """The questions of one session, in their order.

    Attributes
    ----------
    shown, place
        The question that was taken last, and the place in the session of the one behind it.
    """

    practice: Practice
    shown: Question | None = None
    place: int = 0
    ready: deque[Prepared] = field(default_factory=deque)

    @property
    def last(self) -> Question | None:
        """The question that the next one to be drawn follows."""
        return self.ready[-1].question if self.ready else self.shown

    @property
    def drawn(self) -> int:
        """The place in the session of the next question to be drawn."""
        return self.place + len(self.ready)

    @property
    def is_complete(self) -> bool:
        """Whether the last question of the session is drawn."""
        return self.drawn >= self.practice.length


class ReadingAhead:
    """Draws, reads and measures questions in the order of the session, one after the other.

    Each is drawn when the one before it is known, so that a session's seed settles its questions
    however fast the network is. When a session is read to its end, the next one is begun. What
    fails is not tried again before somebody asks for it.

    Parameters
    ----------
    new_session
        Gives a session of a course that has not begun yet.
    clock
        Seconds that only go forward.
    now
        The time of day.
    arrived
        Called when one more question is ready.
    failed
        Called when the next question cannot be read.
    """

    def __init__(
        self,
        tasks: Tasks,
        material: Material,
        *,
        new_session: Callable[[CourseId], Session],
        new_id: Callable[[], QuestionId],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        arrived: Callable[[], object],
        failed: Callable[[UserError], object],
    ) -> None:
        self._tasks = tasks
        self._material = material
        self._new_session = new_session
        self._new_id = new_id
        self._clock = clock
        self._now = now
        self._arrived = arrived
        self._failed = failed
        self._source: StripSource | None = None
        self._network_failed_at: float | None = None
        self._line: _Line | None = None
        self._next_line: _Line | None = None
        self._task: Task | None = None
        self._standing_in: Task | None = None

    @property
    def ready(self) -> int:
        """How many questions of this session are ready."""
        return len(self._line.ready) if self._line is not None else 0

    def set_source(self, source: StripSource) -> None:
        """Read from another place from now on; what was read from the last one is dropped."""
        self._source = source
        self._network_failed_at = None
        self._drop()

    def set_material(self, material: Material) -> None:
        """Draw from other stretches from now on; what was drawn from the last ones is dropped."""
        if material.course.id is not self._material.course.id:
            self._next_line = None
        self._material = material
        self._drop()

    def next_session(self) -> Session:
        """Return the session to begin now: one whose first strips are ready, or a new one."""
        if self._next_line is not None:
            return replace(self._next_line.practice.session, started_at=self._now())
        return self._new_session(self._material.course.id)

    def begin(self, practice: Practice) -> None:
        """Read the questions of a session from its first on; those of the last one are dropped."""
        following, self._next_line = self._next_line, None
        if following is not None and following.practice.session.id == practice.session.id:
            following.practice = practice
            if self._line is None or not self._line.is_complete:
                self.stop()
            self._line = following
        else:
            self.stop()
            self._line = _Line(practice)
        self._network_failed_at = None

    def take(self) -> Prepared | None:
        """Return the next question of the session, or None if it is not ready."""
        line = self._line
        if line is None or not line.ready:
            return None
        prepared = line.ready.popleft()
        line.shown, line.place = prepared.question, line.place + 1
        return prepared

    def read(self) -> None:
        """Go on reading, unless that is being done or enough is ready."""
        line = self._unfinished()
        if line is None or self._source is None or self._task is not None:
            return
        at_hand_only = self._rests()

        def deliver(prepared: Prepared) -> None:
            self._task = None
            if prepared.from_hand and not at_hand_only:
                self._network_failed_at = self._clock()
            line.ready.append(prepared)
            self._arrived()
            # Who took it at once shows it now, and asks for the next when it is painted.
            if line.ready:
                self.read()

        work = self._preparing(line, self._source, self._material, at_hand_only=at_hand_only)
        self._task = self._tasks.run(work, deliver, self._fail)

    def _preparing(
        self, line: _Line, source: StripSource, material: Material, *, at_hand_only: bool = False
    ) -> Callable[[Cancel], Prepared]:
        """Return the work that gets the next question of a line ready."""
        practice, previous, place = line.practice, line.last, line.drawn

        def work(cancel: Cancel) -> Prepared:
            return prepare(
                practice,
                material,
                source,
                previous,
                self._new_id,
                place=place,
                at_hand_only=at_hand_only,
                cancel=cancel,
            )

        return work

    def stand_in(self) -> None:
        """Have the next question simulated, unless what is being read comes before it.

        The reading goes on: what it brings is the question after that one.
        """
        line = self._line
        if line is None or line.ready or self._source is None or self._standing_in is not None:
            return

        place = line.place

        def deliver(prepared: Prepared) -> None:
            self._standing_in = None
            if not line.ready and line.place == place:
                line.ready.append(prepared)
                self._arrived()

        def fail(_: UserError) -> None:
            self._standing_in = None

        work = self._preparing(line, self._source, self._material.without_recordings)
        self._standing_in = self._tasks.run(work, deliver, fail)

    def trust_the_network(self) -> None:
        """Try the network again, although it failed just now."""
        self._network_failed_at = None

    def stop(self) -> None:
        """Call off what is being read."""
        for task in (self._task, self._standing_in):
            if task is not None:
                task.cancel()
        self._task = self._standing_in = None

    def _drop(self) -> None:
        self.stop()
        for line in (self._line, self._next_line):
            if line is not None:
                line.ready.clear()

    def _fail(self, fault: UserError) -> None:
        self._task = None
        self._failed(fault)

    def _unfinished(self) -> _Line | None:
        """Return the line that wants another question."""
        line, following = self._line, self._next_line
        if line is None:
            return None
        ready = [*line.ready, *(following.ready if following else ())]
        from_hand = any(prepared.from_hand for prepared in ready)
        if len(ready) >= (_DEPTH_FROM_HAND if from_hand else DEPTH):
            return None
        if not line.is_complete:
            return line
        if following is None:
            following = self._next_line = _Line(
                Practice(self.next_session(), session_length(self._material))
            )
        return None if following.is_complete else following

    def _rests(self) -> bool:
        failed_at = self._network_failed_at
        return failed_at is not None and self._clock() - failed_at < _NETWORK_REST_S

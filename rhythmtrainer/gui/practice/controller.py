"""What happens on the practice page, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from rhythmtrainer.ecg.rate import measure
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import (
    Attempt,
    Measurement,
    Question,
    QuestionId,
    RhythmId,
    Session,
    StoreError,
    Strip,
    UnreachableError,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import explain
from rhythmtrainer.training.marking import mark
from rhythmtrainer.training.ports import AttemptStore, StripSource
from rhythmtrainer.training.practice import Practice
from rhythmtrainer.training.preparation import Prepared, prepare
from rhythmtrainer.training.selection import WINDOW_S, Material

# Shorter waits are not worth a word.
_WAIT_BEFORE_SAYING_MS = 300

_CHOOSE_FOLDER = ("chooseFolderButton", "Choose a folder of recordings …")
_TRY_AGAIN = ("retryButton", "Try again")
_GO_ONLINE = ("goOnlineButton", "Use the network")
_STOP_WAITING = ("stopWaitingButton", "Stop waiting")
_AGAIN = ("againButton", "Start another session")
_SEE_REVIEW = ("seeReviewButton", "See the review")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the page needs from the program: chance, time and names come from outside.

    Attributes
    ----------
    new_session
        Gives a session that has not begun yet.
    clock
        Seconds that only go forward, for response times.
    now
        The time of day, aware.
    """

    store: AttemptStore
    material: Material
    new_session: Callable[[], Session]
    new_id: Callable[[], QuestionId]
    clock: Callable[[], float]
    now: Callable[[], datetime]


class PracticeController(QObject):
    """Holds the session, asks for strips ahead of time, marks and saves answers.

    Signals
    -------
    answer_saved
        The store holds one more answer.
    folder_wanted, network_wanted, review_wanted
        The learner pressed a button whose work is done elsewhere.
    """

    answer_saved = Signal()
    folder_wanted = Signal()
    network_wanted = Signal()
    review_wanted = Signal()

    def __init__(self, page: PracticePage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._tasks = tasks
        self._around: Surroundings | None = None
        self._source: StripSource | None = None
        self._offline = False
        self._practice: Practice | None = None
        self._shown: Prepared | None = None
        self._ready: Prepared | None = None
        self._unsaved: Attempt | None = None
        self._reading: Task | None = None
        self._extending: Task | None = None
        self._painted_at: float | None = None
        self._network_failed = False
        # Whether the learner waits for the next question now, or it is only read ahead.
        self._due = False
        self._wait_timer = QTimer(self)
        self._wait_timer.setSingleShot(True)
        self._wait_timer.setInterval(_WAIT_BEFORE_SAYING_MS)
        self._wait_timer.timeout.connect(self._say_waiting)
        page.answered.connect(self._answer)
        page.next_requested.connect(self._next)
        page.start_requested.connect(self.start)
        page.message_pressed.connect(self._pressed)
        page.strip.painted.connect(self._painted)
        page.strip.running_out.connect(self._extend)

    def set_surroundings(self, around: Surroundings) -> None:
        """Take what the program has brought together, once."""
        self._around = around
        self._page.set_course(around.material.course.title)

    def set_source(self, source: StripSource, *, offline: bool) -> None:
        """Read from another place from now on; the question on the screen stays."""
        self._source = source
        self._offline = offline
        self._network_failed = False
        self._drop_reading()
        self._ready = None
        if self._practice is not None and not self._page.showing_question:
            self._go_on()

    def start(self) -> None:
        """Begin a new session with a fresh first question."""
        if self._around is None or self._source is None or not self._save():
            return
        session = self._around.new_session()
        try:
            self._around.store.start_session(session)
        except StoreError as error:
            self._page.show_message("Your answers cannot be saved", str(error), [_TRY_AGAIN])
            self._practice = None
            return
        self._drop_reading()
        self._practice = Practice(session)
        self._shown = self._ready = self._unsaved = None
        self._go_on()

    def stop(self) -> None:
        """Call off what is under way."""
        self._save()
        self._drop_reading()
        if self._extending is not None:
            self._extending.cancel()

    def _go_on(self) -> None:
        """Show the next question, as soon as it is there."""
        if self._practice is None:
            self.start()
        elif self._practice.finished:
            self._show_finished(self._practice)
        elif self._ready is not None:
            self._show(self._ready)
        else:
            self._due = True
            self._wait_timer.start()
            self._read_ahead()

    def _read_ahead(self) -> None:
        around, source, practice = self._around, self._source, self._practice
        if around is None or source is None or practice is None or self._reading is not None:
            return
        previous = self._shown.question if self._shown else None
        work = partial(
            _prepare, practice, around, source, previous, at_hand_only=self._network_failed
        )
        self._reading = self._tasks.run(work, self._have_read, self._cannot_read)

    def _have_read(self, prepared: Prepared) -> None:
        self._reading = None
        self._network_failed = prepared.network_failed
        self._ready = prepared
        if self._due:
            self._show(prepared)

    def _cannot_read(self, fault: UserError) -> None:
        self._reading = None
        # What was only read ahead is asked for again, and its fault told, when it is due.
        if self._due:
            self._due = False
            self._wait_timer.stop()
            self._show_fault(fault)

    def _drop_reading(self) -> None:
        self._wait_timer.stop()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _show(self, prepared: Prepared) -> None:
        if self._practice is None or self._around is None:
            return
        self._wait_timer.stop()
        if self._extending is not None:
            self._extending.cancel()
            self._extending = None
        self._shown, self._ready, self._due = prepared, None, False
        self._painted_at = None
        names = self._around.material.rhythms
        self._page.show_question(
            prepared.strip,
            [names[choice].name for choice in prepared.question.choices],
            f"{self._practice.position + 1} of {self._practice.length}",
        )
        self._page.set_status(_status(prepared, offline=self._offline))
        if self._practice.position + 1 < self._practice.length:
            self._read_ahead()

    def _painted(self) -> None:
        if self._around is not None and self._painted_at is None:
            self._painted_at = self._around.clock()

    def _answer(self, place: int) -> None:
        around, practice, shown = self._around, self._practice, self._shown
        if around is None or practice is None or shown is None or not self._page.asking:
            return
        if self._painted_at is None or place >= len(shown.question.choices):
            return
        response_s = around.clock() - self._painted_at
        chosen: RhythmId = shown.question.choices[place]
        marking = mark(shown.question, chosen, around.material.rhythms)
        self._practice, attempt = practice.answered(
            shown.question, marking, response_s, around.now(), shown.strip.provenance.origin
        )
        self._unsaved = attempt
        self._save()
        self._reveal(attempt, shown, around)

    def _save(self) -> bool:
        """Save the last answer; say so and keep it if that fails."""
        if self._unsaved is None or self._around is None:
            return True
        try:
            self._around.store.add(self._unsaved)
        except StoreError as error:
            self._page.set_status(f"{error} Press Next to try again; the answer is kept.")
            return False
        self._unsaved = None
        self.answer_saved.emit()
        return True

    def _reveal(self, attempt: Attempt, shown: Prepared, around: Surroundings) -> None:
        reveal = explain(
            attempt,
            shown.strip,
            shown.measurement,
            around.material.rhythms,
            shown.question.span.rate_bpm,
        )
        self._page.show_reveal(reveal)
        strip = self._page.strip
        strip.freeze()
        if reveal.beats_count:
            strip.set_paper_marks(shown.measurement)
            self._mark_monitor(strip.swept)

    def _mark_monitor(self, swept: Strip | None) -> None:
        if swept is None or swept.duration_s <= 0:
            return

        def work(cancel: Cancel) -> Measurement:
            cancel.check()
            return measure(swept, swept.start_s, swept.end_s)

        def deliver(measurement: Measurement) -> None:
            if self._page.revealing:
                self._page.strip.set_monitor_marks(measurement)

        self._tasks.run(work, deliver, self._show_fault)

    def _next(self) -> None:
        if self._page.revealing and self._save():
            self._go_on()

    def _extend(self, from_s: float) -> None:
        if self._shown is None or self._source is None:
            return
        span, source = self._shown.question.span.ref, self._source
        seconds = min(WINDOW_S, span.end_s - from_s)
        # Less than a tenth of a second is rounding, not signal.
        if seconds < 0.1:  # noqa: PLR2004 - said in the line above
            self._page.strip.finish("End of this stretch of the recording")
            return
        question = self._shown.question

        def deliver(strip: Strip) -> None:
            if self._shown is None or self._shown.question.id != question.id:
                return
            self._page.strip.extend(strip)
            if strip.at_end or not strip.signal.shape[1]:
                self._page.strip.finish("The recording ends here")

        def fail(fault: UserError) -> None:
            self._page.strip.finish("The recording cannot be read further")
            self._page.set_status(str(fault))

        def work(cancel: Cancel) -> Strip:
            return source.read(question.window, from_s, seconds, cancel)

        self._extending = self._tasks.run(work, deliver, fail)

    def _say_waiting(self) -> None:
        self._page.show_message(
            "Reading the next strip …",
            "It comes over the network. This takes a few seconds at most.",
            [_STOP_WAITING],
        )

    def _show_fault(self, fault: UserError) -> None:
        heading = "No recording can be read"
        buttons = [_CHOOSE_FOLDER, _TRY_AGAIN]
        text = str(fault)
        if isinstance(fault, UnreachableError):
            heading = "No recording is within reach"
            if self._offline:
                text += " The program is set to work offline."
                buttons = [_CHOOSE_FOLDER, _GO_ONLINE, _TRY_AGAIN]
        self._page.show_message(heading, text, buttons)

    def _show_finished(self, practice: Practice) -> None:
        right = sum(attempt.verdict.counts_as_right for attempt in practice.attempts)
        self._page.show_message(
            "Session finished",
            f"{right} of {practice.length} right. Every answer is saved.",
            [_AGAIN, _SEE_REVIEW],
        )

    def _pressed(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            _CHOOSE_FOLDER[0]: self.folder_wanted.emit,
            _GO_ONLINE[0]: self.network_wanted.emit,
            _SEE_REVIEW[0]: self.review_wanted.emit,
            _TRY_AGAIN[0]: self._try_again,
            _AGAIN[0]: self.start,
            _STOP_WAITING[0]: self._stop_waiting,
        }
        actions[name]()

    def _try_again(self) -> None:
        self._network_failed = False
        self._go_on()

    def _stop_waiting(self) -> None:
        self._drop_reading()
        self._due = False
        self._page.show_message(
            "Stopped waiting",
            "The next strip was not read. Your answers are saved.",
            [_TRY_AGAIN, _CHOOSE_FOLDER],
        )


def _prepare(
    practice: Practice,
    around: Surroundings,
    source: StripSource,
    previous: Question | None,
    cancel: Cancel,
    *,
    at_hand_only: bool,
) -> Prepared:
    return prepare(
        practice,
        around.material,
        source,
        previous,
        around.new_id,
        at_hand_only=at_hand_only,
        cancel=cancel,
    )


def _status(prepared: Prepared, *, offline: bool) -> str:
    said = [f"Skipped a recording: {sentence}" for sentence in prepared.skipped]
    if prepared.network_failed and not offline:
        said.append("The network gives nothing now; strips come from this computer.")
    return " ".join(said)

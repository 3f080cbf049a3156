"""What happens on the practice page, and when."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rhythmtrainer.gui.beside import Beside
from rhythmtrainer.gui.practice import messages
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.practice.reading_ahead import ReadingAhead
from rhythmtrainer.gui.practice.running_on import RunningOn
from rhythmtrainer.gui.practice.surroundings import Surroundings
from rhythmtrainer.gui.practice.waiting import Waiting
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.widgets.message_panel import Message
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import (
    Attempt,
    Measurement,
    StoreError,
    Strip,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import beats_count, explain, is_as_made, scenario
from rhythmtrainer.training.made import as_made
from rhythmtrainer.training.measuring import measured
from rhythmtrainer.training.ports import StripSource
from rhythmtrainer.training.practice import Practice, session_length
from rhythmtrainer.training.preparation import Prepared
from rhythmtrainer.training.selection import Material

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = "Press Next to try again; the answer is kept here."


class PracticeController(QObject):
    """Holds the session, asks for strips ahead of time, marks and saves answers.

    Signals
    -------
    course_wanted, folder_wanted, network_wanted, review_wanted, restart_wanted, simulated_wanted
        The learner pressed a button whose work is done elsewhere.
    defect
        Saving raised something that nobody foresaw.
    """

    defect = Signal(Exception)
    restart_wanted = Signal()
    course_wanted = Signal()
    folder_wanted = Signal()
    network_wanted = Signal()
    review_wanted = Signal()
    simulated_wanted = Signal()

    def __init__(self, page: PracticePage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._tasks = tasks
        self._beside = Beside(tasks)
        self._around: Surroundings | None = None
        self._ahead: ReadingAhead | None = None
        self._source: StripSource | None = None
        self._offline = False
        self._practice: Practice | None = None
        self._shown: Prepared | None = None
        self._unsaved: Attempt | None = None
        self._running_on = RunningOn(tasks, page.strip, page.set_status)
        self._painted_at: float | None = None
        self._advice = ""
        # Whether the learner waits for the next question now, or it is only read ahead.
        self._due = False
        self._waiting = Waiting(self._say_reading, self._stand_in, self)
        self._is_first_session = True
        # What was said last about strips that come from elsewhere than was asked for.
        self._reason = ""
        page.answered.connect(self._answer)
        page.next_requested.connect(self._next)
        page.start_requested.connect(self.start)
        page.course_requested.connect(self.course_wanted)
        page.message_pressed.connect(self._pressed)
        page.strip.painted.connect(self._painted)

    def set_surroundings(self, around: Surroundings) -> None:
        """Take what the program has brought together; again when its material has changed.

        The question on the screen stays, and the session goes on with the new material.
        """
        self._around = around
        self._page.set_course(around.material.course, in_pack=self._in_pack)
        if self._ahead is not None:
            self._ahead.set_material(around.material)
            if self._due:
                self._ahead.read()
            return
        self._ahead = ReadingAhead(
            self._tasks,
            around.material,
            new_session=around.new_session,
            new_id=around.new_id,
            clock=around.clock,
            now=around.now,
            arrived=self._have_read,
            failed=self._cannot_read,
        )

    def set_material(self, material: Material) -> None:
        """Ask about something else from the next question on, or at once where none stands."""
        if self._around is not None:
            self.set_surroundings(replace(self._around, material=material))
            self._carry_on()

    def practise(self, material: Material) -> bool:
        """Begin a session with something else, unless the last answer cannot be saved."""
        if self._around is None or not self._save():
            return False
        self.stop()
        self._practice, self._due = None, False
        # The question that stands there belongs to what is practised no more.
        self._page.show_message(messages.LOADING)
        self.set_surroundings(replace(self._around, material=material))
        self.start()
        return True

    def set_source(self, source: StripSource, *, offline: bool, advice: str = "") -> None:
        """Read from another place from now on; the question on the screen stays.

        Parameters
        ----------
        offline
            Whether `source` leaves the network alone.
        advice
            What is wrong with the settings, to be said where nothing can be read.
        """
        self._source = source
        self._running_on.set_source(source)
        self._offline = offline
        self._advice = advice
        self._reason = ""
        self._waiting.pause()
        if self._ahead is not None:
            self._ahead.set_source(source)
        self._carry_on()

    def _carry_on(self) -> None:
        """Go on with what is asked now, without touching the question on the screen."""
        if self._practice is not None and (self._due or not self._page.showing_question):
            self._go_on()
        elif self._ahead is not None:
            self._ahead.read()

    def start(self) -> None:
        """Begin a new session with a fresh first question."""
        around, ahead = self._around, self._ahead
        if around is None or ahead is None or self._source is None or not self._save():
            return
        if self._due and self._practice is not None and not self._practice.attempts:
            # A second press: the session that the first one began is on its way.
            return
        session = ahead.next_session()
        try:
            around.store.start_session(session)
        except StoreError as error:
            self._page.show_message(messages.cannot_save(error))
            self._practice = None
            return
        self._practice = Practice(session, session_length(around.material))
        self._shown = self._unsaved = None
        ahead.begin(self._practice)
        self._go_on()
        if self._is_first_session and self._due and around.material.simulated:
            self._waiting.begin_first(around.patience_ms)
        self._is_first_session = False

    @property
    def unsaved(self) -> bool:
        """Whether the last answer is not saved, although that was tried again just now."""
        return not self._save()

    def stop(self) -> None:
        """Call off what is under way."""
        self._stop_reading()
        self._beside.stop()
        self._running_on.stop()

    def _go_on(self) -> None:
        """Show the next question, as soon as it is there."""
        self._beside.stop()
        if self._practice is None or self._ahead is None:
            self.start()
        elif self._practice.finished:
            self._page.show_message(messages.finished(self._practice, in_pack=self._in_pack))
        elif (prepared := self._ahead.take()) is not None:
            self._show(prepared)
        else:
            self._due = True
            self._waiting.begin()
            self._ahead.read()

    @property
    def _in_pack(self) -> bool:
        return self._around is not None and bool(self._around.material.quiz)

    def _say_reading(self) -> None:
        can_simulate = self._around is not None and bool(self._around.material.simulated)
        self._page.show_message(messages.reading(can_simulate=can_simulate))

    def _stand_in(self) -> None:
        """Show a simulated strip for now; the recording is read on for the next question."""
        if self._due and self._ahead is not None:
            self._ahead.stand_in()

    def _have_read(self) -> None:
        if self._due:
            self._go_on()

    def _cannot_read(self, fault: UserError) -> None:
        # What was only read ahead is asked for again, and its fault told, when it is due.
        if self._due:
            self._due = False
            self._waiting.end()
            self._page.show_message(self._message_about(fault))

    def _message_about(self, fault: UserError) -> Message:
        if self._in_pack:
            return messages.pack_unreadable(fault)
        if self._around is not None and self._around.material.course.ages is not None:
            return messages.ONLY_SIMULATED
        return messages.nothing_to_read(fault, self._advice, offline=self._offline)

    def _stop_reading(self) -> None:
        self._waiting.end()
        if self._ahead is not None:
            self._ahead.stop()

    def _show(self, prepared: Prepared) -> None:
        if self._practice is None or self._around is None:
            return
        self._waiting.end()
        self._shown, self._due = prepared, False
        self._painted_at = None
        names = self._around.material.rhythms
        self._page.show_question(
            prepared.strip,
            [names[choice].name for choice in prepared.question.choices],
            f"{self._practice.position + 1} of {self._practice.length}",
            scenario(prepared.question.span.teaching),
        )
        counts = self._counts(prepared)
        if counts:
            self._page.strip.offer_beats(prepared.measurement)
        self._running_on.begin(prepared.question.span.ref, counts=counts)
        course = self._around.material.course
        reason = messages.reason_for(prepared, course, offline=self._offline)
        news = reason if reason != self._reason else ""
        self._reason = reason
        self._page.set_status(" ".join([*messages.skipped(prepared), news]).strip())

    def _counts(self, prepared: Prepared) -> bool:
        """Return whether the beats that were found are beats: a wrong rate is worse than none."""
        if self._around is None:
            return False
        span, found = prepared.question.span, prepared.measurement
        answer = self._around.material.rhythms[prepared.question.answer]
        return beats_count(answer, found, span) and not is_as_made(found, span)

    def _painted(self) -> None:
        if self._around is None or self._painted_at is not None:
            return
        self._painted_at = self._around.clock()
        if self._ahead is not None:
            # Not a moment before: reading and measuring would hold the painting up.
            self._ahead.read()

    def _answer(self, place: int) -> None:
        around, practice, shown = self._around, self._practice, self._shown
        if around is None or practice is None or shown is None or not self._page.asking:
            return
        if self._painted_at is None or place >= len(shown.question.choices):
            return
        self._practice, attempt = practice.answered(
            shown.question,
            shown.question.choices[place],
            around.clock() - self._painted_at,
            around.now(),
            shown.strip.provenance.origin,
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
            self._page.set_status(f"{error} {_KEPT}")
            return False
        except Exception as error:  # noqa: BLE001 - an answer is not lost over a defect either
            self._page.set_status(f"The answer could not be saved. {_KEPT}")
            self.defect.emit(error)
            return False
        self._unsaved = None
        return True

    def _reveal(self, attempt: Attempt, shown: Prepared, around: Surroundings) -> None:
        strip = self._page.strip
        swept = strip.swept if strip.mode is StripMode.MONITOR else None
        strip.hold()
        if swept is None:
            strip.sweep_all()
        marked = self._explain(attempt, shown, around, shown.measurement)
        strip.set_paper_marks(marked)
        if swept is not None and swept.duration_s > shown.strip.duration_s:
            self._measure_swept(attempt, shown, around, swept)
        else:
            strip.set_monitor_marks(marked)
        if self._source is not None:
            self._beside.find(
                attempt,
                around.material,
                self._source,
                around.simulator,
                child_years=shown.question.span.child_years,
                show=self._page.show_chosen,
                say=self._page.set_status,
            )

    def _explain(
        self, attempt: Attempt, shown: Prepared, around: Surroundings, found: Measurement
    ) -> Measurement | None:
        """Show the reason; return what was found if its beats may be marked."""
        rhythms, span = around.material.rhythms, shown.question.span
        reveal = explain(attempt, shown.strip, found, rhythms, span)
        self._page.show_reveal(reveal)
        return found if reveal.beats_count else None

    def _measure_swept(
        self, attempt: Attempt, shown: Prepared, around: Surroundings, swept: Strip
    ) -> None:
        """Measure what the monitor has shown, and read it from what stands there last."""
        window = shown.question.window

        def work(cancel: Cancel) -> tuple[Measurement, Measurement]:
            cancel.check()
            first_s = max(swept.start_s, swept.end_s - shown.strip.duration_s)
            whole, last = (
                as_made(
                    measured(swept, start_s, swept.end_s),
                    replace(window, start_s=start_s, duration_s=swept.end_s - start_s),
                    around.material.simulations,
                )
                for start_s in (swept.start_s, first_s)
            )
            return whole, last

        def deliver(found: tuple[Measurement, Measurement]) -> None:
            if self._shown is not shown or not self._page.revealing:
                return
            whole, last = found
            marked = self._explain(attempt, shown, around, last)
            self._page.strip.set_monitor_marks(whole if marked is not None else None)

        def fail(fault: UserError) -> None:
            if self._shown is shown:
                self._page.set_status(str(fault))

        self._tasks.run(work, deliver, fail)

    def _next(self) -> None:
        if self._page.revealing and self._save():
            self._go_on()

    def _pressed(self, name: str) -> None:
        actions: dict[str, Callable[[], object]] = {
            messages.CHOOSE_FOLDER[0]: self.folder_wanted.emit,
            messages.TO_COURSE[0]: self.course_wanted.emit,
            messages.GO_ONLINE[0]: self.network_wanted.emit,
            messages.SIMULATE[0]: self.simulated_wanted.emit,
            messages.SEE_REVIEW[0]: self.review_wanted.emit,
            messages.START_AGAIN[0]: self.restart_wanted.emit,
            messages.TRY_AGAIN[0]: self._try_again,
            messages.ANOTHER_SESSION[0]: self.start,
            messages.STAND_IN[0]: self._stand_in,
            messages.STOP_WAITING[0]: self._stop_waiting,
        }
        actions[name]()

    def _try_again(self) -> None:
        if self._ahead is not None:
            self._ahead.trust_the_network()
        self._go_on()

    def _stop_waiting(self) -> None:
        self._stop_reading()
        self._due = False
        self._page.show_message(messages.STOPPED)

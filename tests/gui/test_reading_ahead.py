import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.practice.reading_ahead import DEPTH, ReadingAhead
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import CourseId, QuestionId, Session, UserError
from rhythmtrainer.training.practice import SESSION_LENGTH, Practice
from rhythmtrainer.training.preparation import Prepared
from rhythmtrainer.training.selection import Material
from tests.gui.conftest import COURSE, RHYTHMS
from tests.support import fakes
from tests.support.simulated import FakeSimulations

pytestmark = pytest.mark.gui

NAMES = {span.ref.record.record for span in fakes.SPANS}


@dataclass
class Reader:
    """Reads ahead from made-up recordings, and takes what is ready."""

    qtbot: QtBot
    tasks: Tasks
    source: fakes.FakeSource = field(default_factory=fakes.FakeSource)
    now: float = 0.0
    faults: list[UserError] = field(default_factory=list)
    sessions: Iterator[Session] = field(
        default_factory=lambda: (fakes.session(f"s{n}", seed=n) for n in itertools.count(1))
    )

    def __post_init__(self) -> None:
        ids = itertools.count()
        self.ahead = ReadingAhead(
            self.tasks,
            Material(fakes.SPANS, COURSE, RHYTHMS),
            new_session=lambda course: replace(next(self.sessions), course=course),
            new_id=lambda: QuestionId(str(next(ids))),
            clock=lambda: self.now,
            now=lambda: fakes.NOW,
            arrived=lambda: None,
            failed=self.faults.append,
        )
        self.ahead.set_source(self.source)

    def begin(self) -> Practice:
        practice = Practice(self.ahead.next_session())
        self.ahead.begin(practice)
        self.ahead.read()
        return practice

    def take(self) -> Prepared:
        self.ahead.read()
        self.qtbot.waitUntil(lambda: self.ahead.ready > 0)
        prepared = self.ahead.take()
        assert prepared is not None
        return prepared

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def rest(self) -> None:
        self.until(lambda: not self.tasks._running)


@pytest.fixture
def reader(qtbot: QtBot, tasks: Tasks) -> Iterator[Reader]:
    reader = Reader(qtbot, tasks)
    yield reader
    reader.ahead.stop()


def asked(prepared: Prepared) -> tuple[object, ...]:
    question = prepared.question
    return question.window, question.choices


def test_so_many_questions_are_read_and_no_more(reader: Reader) -> None:
    reader.begin()
    reader.rest()
    assert reader.ahead.ready == DEPTH
    assert len(reader.source.reads) == DEPTH
    reader.ahead.take()
    reader.ahead.read()
    reader.rest()
    assert reader.ahead.ready == DEPTH


def test_one_is_read_after_the_other(reader: Reader) -> None:
    gate = reader.source.gate = threading.Event()
    reader.begin()
    for _ in range(3):
        reader.ahead.read()
    assert len(reader.tasks._running) == 1
    gate.set()
    reader.rest()


def test_the_questions_do_not_depend_on_how_many_were_ready(reader: Reader, qtbot: QtBot) -> None:
    reader.begin()
    reader.rest()
    eager = [asked(reader.take()) for _ in range(8)]
    slow = Reader(qtbot, reader.tasks)
    practice = Practice(next(slow.sessions))
    slow.ahead.begin(practice)
    previous, one_by_one = None, []
    for _ in range(len(eager)):
        prepared = slow.take()
        slow.ahead.stop()
        question = practice.draw(
            Material(fakes.SPANS, COURSE, RHYTHMS), previous, prepared.question.id
        )
        assert question == prepared.question
        previous = question
        practice, _ = practice.answered(
            question, question.choices[0], 1.0, fakes.NOW, prepared.strip.provenance.origin
        )
        one_by_one.append(asked(prepared))
    assert one_by_one == eager


def test_nobody_is_asked_about_twice_in_a_row(reader: Reader) -> None:
    reader.begin()
    patients = [reader.take().question.span.patient for _ in range(SESSION_LENGTH)]
    assert all(one != other for one, other in itertools.pairwise(patients))


def test_the_next_session_is_ready_when_this_one_ends(reader: Reader) -> None:
    practice = reader.begin()
    for _ in range(SESSION_LENGTH):
        reader.take()
    assert reader.ahead.take() is None
    reader.ahead.read()
    reader.rest()
    session = reader.ahead.next_session()
    assert session.id != practice.session.id
    reader.ahead.begin(Practice(session))
    assert reader.ahead.ready == DEPTH
    following = [asked(reader.take()) for _ in range(DEPTH)]
    reader.ahead.begin(Practice(session))
    assert [asked(reader.take()) for _ in range(DEPTH)] == following


def test_a_new_session_in_mid_session_drops_what_was_ready(reader: Reader) -> None:
    first = reader.begin()
    reader.rest()
    second = reader.begin()
    assert second.session.id != first.session.id
    assert reader.ahead.ready == 0
    assert reader.take().question.window != asked(reader.take())[0]


def test_a_session_that_was_read_to_its_end_may_be_dropped_too(reader: Reader) -> None:
    reader.begin()
    for _ in range(SESSION_LENGTH - 2):
        reader.take()
    reader.ahead.read()
    reader.rest()
    assert reader.ahead.ready == 2
    session = reader.ahead.next_session()
    reader.ahead.begin(Practice(session))
    assert reader.ahead.ready == DEPTH - 2


def test_another_source_gives_the_same_questions_anew(reader: Reader) -> None:
    reader.begin()
    reader.rest()
    before = [asked(reader.take()) for _ in range(2)]
    expected = [asked(prepared) for prepared in list(reader.ahead._line.ready)]  # type: ignore[union-attr]
    other = fakes.FakeSource()
    reader.ahead.set_source(other)
    assert reader.ahead.ready == 0
    after = [asked(reader.take()) for _ in range(len(expected))]
    assert after == expected
    assert not set(after) & set(before)
    assert len(other.reads) >= len(expected)


def test_other_material_is_drawn_from_at_once(reader: Reader) -> None:
    reader.begin()
    reader.take()
    reader.rest()
    only = [span for span in fakes.SPANS if span.ref.record.record in ("a", "b")]
    reader.ahead.set_material(Material(only, COURSE, RHYTHMS))
    assert reader.ahead.ready == 0
    taken = [reader.take() for _ in range(6)]
    assert {prepared.question.window.record.record for prepared in taken} == {"a", "b"}


def test_what_fails_is_told_once_and_not_tried_before_it_is_asked_for(reader: Reader) -> None:
    reader.source.remote = NAMES
    reader.source.network_down = True
    reader.begin()
    reader.rest()
    assert len(reader.faults) == 1
    assert len(reader.source.reads) == 1
    reader.source.network_down = False
    assert reader.take() is not None


def test_a_network_that_failed_is_left_alone_for_a_while(reader: Reader) -> None:
    reader.source.remote = NAMES - {"b"}
    reader.source.network_down = True
    reader.begin()
    taken = [reader.take() for _ in range(6)]
    asked_in_vain = [ref for ref in reader.source.reads if ref.record.record != "b"]
    assert len(asked_in_vain) == 1
    assert taken[-1].from_hand
    # One is enough of what is read at once: the network may be back for the one after it.
    reader.ahead.read()
    reader.rest()
    assert reader.ahead.ready == 1
    reader.source.network_down = False
    reader.now = 31.0
    assert {reader.take().question.window.record.record for _ in range(12)} > {"b"}


def test_a_learner_who_asks_for_the_network_gets_it_at_once(reader: Reader) -> None:
    reader.source.remote = NAMES - {"b"}
    reader.source.network_down = True
    reader.begin()
    reader.take()
    reader.rest()
    reader.source.network_down = False
    reader.ahead.trust_the_network()
    assert {reader.take().question.window.record.record for _ in range(12)} > {"b"}


def test_what_is_called_off_does_not_come(reader: Reader) -> None:
    gate = reader.source.gate = threading.Event()
    reader.begin()
    reader.ahead.stop()
    gate.set()
    reader.rest()
    assert reader.ahead.ready == 0
    reader.source.gate = None
    assert reader.take() is not None


def test_nothing_is_read_without_a_source_or_a_session(reader: Reader, tasks: Tasks) -> None:
    reader.ahead.read()
    assert reader.ahead.take() is None
    assert not tasks._running


def test_damaged_recordings_are_passed_over_ahead_of_time(reader: Reader) -> None:
    reader.source.damaged = NAMES - {"c", "e"}
    reader.begin()
    taken = [reader.take() for _ in range(8)]
    assert {prepared.question.window.record.record for prepared in taken} == {"c", "e"}
    assert any(prepared.skipped for prepared in taken)


@pytest.fixture
def slow(reader: Reader) -> Reader:
    """A reader who may simulate, and whose recordings wait for their gate."""
    simulations = FakeSimulations(reader.source)
    reader.source.gate = threading.Event()
    course = replace(COURSE, rhythms=tuple(span.rhythm for span in fakes.SPANS))
    reader.ahead.set_material(Material(fakes.SPANS, course, RHYTHMS, simulations=simulations))
    reader.ahead.set_source(simulations)
    return reader


def test_a_simulated_strip_stands_in_and_what_is_read_meanwhile_comes_next(slow: Reader) -> None:
    slow.begin()
    slow.ahead.stand_in()
    slow.until(lambda: slow.ahead.ready == 1)
    first = slow.take()
    assert first.question.span.is_simulated
    assert not first.recorded
    assert slow.source.gate is not None
    slow.source.gate.set()
    second = slow.take()
    assert not second.question.span.is_simulated
    assert second.recorded
    # Nothing was read in vain.
    assert slow.source.reads[0] == second.question.window
    rest = [slow.take() for _ in range(SESSION_LENGTH - 2)]
    assert not any(prepared.question.span.is_simulated for prepared in rest)
    assert slow.ahead._line is not None
    assert slow.ahead._line.is_complete


def test_the_same_session_has_the_same_stand_in(slow: Reader) -> None:
    practice = slow.begin()
    slow.ahead.stand_in()
    first = asked(slow.take())
    slow.ahead.begin(practice)
    # Calling off what was read has opened the gate.
    slow.source.gate = threading.Event()
    slow.ahead.stand_in()
    assert asked(slow.take()) == first


def test_a_recording_that_comes_before_it_is_not_kept_waiting(slow: Reader) -> None:
    slow.begin()
    assert slow.source.gate is not None
    slow.source.gate.set()
    slow.until(lambda: slow.ahead.ready > 0)
    slow.ahead.stand_in()
    assert not slow.take().question.span.is_simulated


def test_a_stand_in_that_comes_too_late_is_not_asked_at_all(slow: Reader) -> None:
    simulations = slow.ahead._source
    assert isinstance(simulations, FakeSimulations)
    simulations.gate = threading.Event()
    slow.begin()
    slow.ahead.stand_in()
    assert slow.source.gate is not None
    slow.source.gate.set()
    first = slow.take()
    assert not first.question.span.is_simulated
    slow.ahead._line.ready.clear()  # type: ignore[union-attr]  # as if the next were not ready yet
    simulations.gate.set()
    slow.until(lambda: slow.ahead._standing_in is None)
    slow.rest()
    assert not slow.take().question.span.is_simulated


def test_a_stand_in_is_called_off_with_the_rest(slow: Reader) -> None:
    slow.begin()
    slow.ahead.stand_in()
    slow.ahead.stop()
    slow.rest()
    assert slow.ahead.ready == 0


def test_nothing_stands_in_without_a_session_or_where_nothing_may_be_simulated(
    reader: Reader,
) -> None:
    reader.ahead.stand_in()
    reader.source.gate = threading.Event()
    reader.begin()
    reader.ahead.stand_in()
    reader.until(lambda: reader.ahead._standing_in is None)
    assert reader.ahead.ready == 0
    assert reader.faults == []


def test_a_session_that_was_read_ahead_for_another_course_is_not_begun(reader: Reader) -> None:
    first = reader.begin()
    for _ in range(SESSION_LENGTH):
        reader.take()
    reader.rest()
    other = replace(COURSE, id=CourseId.TELEMETRY)
    reader.ahead.set_material(Material(fakes.SPANS, other, RHYTHMS))
    session = reader.ahead.next_session()
    assert first.session.course is CourseId.ACLS
    assert session.course is CourseId.TELEMETRY

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from rhythmtrainer.model import CourseId, Origin, StripRef, Supply
from rhythmtrainer.training.selection import Material
from tests.gui.conftest import COURSE, RHYTHMS, Desk, visible_text
from tests.support import fakes
from tests.support.simulated import FakeSimulations

pytestmark = pytest.mark.gui

NAMES = {span.ref.record.record for span in fakes.SPANS}
# All of it is in the made-up recordings.
RECORDED = replace(COURSE, rhythms=tuple(span.rhythm for span in fakes.SPANS))
SOON = 0
NEVER = 3_600_000


def material(supply: Supply = Supply.REAL_FIRST, beside: FakeSimulations | None = None) -> Material:
    simulations = beside or FakeSimulations()
    return Material(fakes.SPANS, RECORDED, RHYTHMS, simulations=simulations, supply=supply)


def begin(desk: Desk, supply: Supply = Supply.REAL_FIRST, patience_ms: int = NEVER) -> None:
    """Start the program with simulated strips beside the recordings."""
    around = desk.controller._around
    assert around is not None
    simulations = FakeSimulations(desk.source)
    asked = material(supply, simulations)
    desk.controller.set_surroundings(replace(around, material=asked, patience_ms=patience_ms))
    desk.controller.set_source(simulations, offline=False)
    desk.controller.start()


@pytest.fixture
def gate(desk: Desk) -> threading.Event:
    """Recordings come when it is opened."""
    desk.source.gate = threading.Event()
    return desk.source.gate


def origin(desk: Desk) -> Origin:
    assert desk.controller._shown is not None
    return desk.controller._shown.strip.provenance.origin


def go_on(desk: Desk) -> None:
    desk.answer(desk.right_place)
    desk.press(Qt.Key.Key_Return)


def says(desk: Desk, text: str) -> Callable[[], bool]:
    return lambda: text in visible_text(desk.page)


def test_the_first_strip_is_simulated_while_the_recording_is_still_read(
    desk: Desk, gate: threading.Event
) -> None:
    begin(desk, patience_ms=SOON)
    desk.await_question()
    assert origin(desk) is Origin.SIMULATED
    assert "is still being read; this strip is simulated" in visible_text(desk.page)
    assert "The signal is simulated." in desk.page.strip._paper.description
    gate.set()
    for _ in range(5):
        go_on(desk)
        desk.await_question()
        assert origin(desk) is Origin.REAL
    assert [attempt.position for attempt in desk.store.saved] == list(range(5))
    assert desk.store.saved[0].origin is Origin.SIMULATED
    assert {attempt.origin for attempt in desk.store.saved[1:]} == {Origin.REAL}


def test_a_recording_that_is_there_in_time_comes_first(desk: Desk) -> None:
    begin(desk)
    desk.await_question()
    assert origin(desk) is Origin.REAL
    assert "simulated" not in visible_text(desk.page)


def test_with_real_strips_only_nothing_stands_in(desk: Desk, gate: threading.Event) -> None:
    begin(desk, Supply.REAL_ONLY, patience_ms=SOON)
    desk.qtbot.waitUntil(says(desk, "Reading the next strip"))
    assert desk.page.findChild(type(desk.button("startPracticeButton")), "standInButton") is None
    gate.set()
    desk.await_question()
    assert origin(desk) is Origin.REAL


def test_in_a_pack_nothing_is_simulated(desk: Desk, gate: threading.Event) -> None:
    around = desk.controller._around
    assert around is not None
    pack = Material(fakes.SPANS, COURSE, RHYTHMS, quiz=fakes.SPANS)
    desk.controller.set_surroundings(replace(around, material=pack, patience_ms=SOON))
    desk.start()
    desk.qtbot.waitUntil(says(desk, "Reading the next strip"))
    gate.set()
    for _ in fakes.SPANS:
        desk.await_question()
        assert origin(desk) is Origin.REAL
        go_on(desk)
    desk.qtbot.waitUntil(says(desk, "Session finished"))


def test_whoever_waits_later_may_take_a_simulated_strip_meanwhile(desk: Desk) -> None:
    begin(desk)
    desk.await_question()
    desk.qtbot.waitUntil(lambda: not desk.controller._tasks._running)
    desk.source.gate = threading.Event()
    desk.controller.start()
    desk.qtbot.waitUntil(says(desk, "Reading the next strip"))
    desk.click("standInButton")
    desk.await_question()
    assert origin(desk) is Origin.SIMULATED
    desk.source.gate.set()
    go_on(desk)
    desk.await_question()
    assert origin(desk) is Origin.REAL


def test_without_any_recording_the_session_is_simulated_and_says_why_once(desk: Desk) -> None:
    desk.source.remote, desk.source.network_down = NAMES, True
    begin(desk)
    why = "No recording is within reach; strips are simulated."
    desk.await_question()
    assert why in visible_text(desk.page)
    for _ in range(3):
        go_on(desk)
        desk.await_question()
        assert origin(desk) is Origin.SIMULATED
        assert why not in visible_text(desk.page)


def test_a_network_that_fails_in_the_middle_leaves_what_is_here_and_then_simulation(
    desk: Desk,
) -> None:
    desk.source.remote = NAMES
    begin(desk)
    desk.await_question()
    assert origin(desk) is Origin.REAL
    desk.source.network_down = True
    seen = []
    for _ in range(10):
        go_on(desk)
        desk.await_question()
        seen.append(origin(desk))
    # What was read ahead is asked first.
    assert seen[0] is Origin.REAL
    assert seen[-1] is Origin.SIMULATED
    assert seen == sorted(seen)


def test_another_wish_in_the_middle_of_a_question_holds_from_the_next_one_on(desk: Desk) -> None:
    begin(desk)
    desk.await_question()
    shown = desk.controller._shown
    around = desk.controller._around
    assert around is not None
    simulations = FakeSimulations(desk.source)
    only_simulated = replace(material(Supply.REAL_FIRST, simulations), spans=())
    desk.controller.set_material(only_simulated)
    assert desk.controller._shown is shown
    assert desk.page.asking
    go_on(desk)
    desk.await_question()
    assert origin(desk) is Origin.SIMULATED
    desk.controller.set_material(material(Supply.REAL_ONLY, simulations))
    assert desk.page.asking
    go_on(desk)
    desk.await_question()
    assert origin(desk) is Origin.REAL


def test_simulated_strips_can_be_asked_for_where_nothing_else_is_within_reach(desk: Desk) -> None:
    desk.source.remote, desk.source.network_down = NAMES, True
    begin(desk, Supply.REAL_ONLY)
    desk.qtbot.waitUntil(says(desk, "No recording is within reach"))
    with desk.qtbot.waitSignal(desk.controller.simulated_wanted):
        desk.click("simulateButton")
    desk.controller.set_material(material(Supply.REAL_FIRST))
    desk.await_question()
    assert origin(desk) is Origin.SIMULATED


@pytest.mark.usefixtures("gate")
def test_a_changed_source_during_the_first_wait_changes_nothing_for_the_learner(
    desk: Desk,
) -> None:
    begin(desk, patience_ms=SOON)
    gate = threading.Event()
    other = FakeSimulations(fakes.FakeSource(gate=gate))
    desk.controller.set_source(other, offline=True)
    desk.await_question()
    assert origin(desk) is Origin.SIMULATED
    gate.set()
    go_on(desk)
    desk.await_question()
    assert origin(desk) is Origin.REAL
    assert len(desk.store.begun) == 1


def test_stopping_to_wait_stops_the_stand_in_too(desk: Desk, gate: threading.Event) -> None:
    begin(desk)
    desk.controller._stop_waiting()
    desk.controller._stand_in()
    desk.qtbot.waitUntil(lambda: not desk.controller._tasks._running)
    assert not desk.page.showing_question
    gate.set()


def test_the_monitor_runs_on_along_a_simulated_recording(desk: Desk) -> None:
    desk.source.remote, desk.source.network_down = NAMES, True
    begin(desk)
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    monitor = desk.page.strip._monitor
    now = 0.0
    monitor._clock = lambda: now
    monitor._last_tick = 0.0
    shown = desk.controller._shown
    assert shown is not None

    def play() -> bool:
        nonlocal now
        now += 0.25
        monitor.advance()
        return monitor.at_end

    desk.qtbot.waitUntil(play, timeout=20_000)
    assert monitor.swept is not None
    assert monitor.swept.end_s == pytest.approx(shown.question.span.ref.end_s, abs=0.3)
    assert monitor.swept.provenance.origin is Origin.SIMULATED
    assert "Simulated" in monitor.description
    assert "End of this stretch" in monitor.description


CHILDREN = replace(RECORDED, id=CourseId.PALS, title="PALS", ages=(2, 3))


def begin_children(desk: Desk, supply: Supply = Supply.REAL_FIRST) -> None:
    desk.source.remote, desk.source.network_down = NAMES, True
    begin(desk)
    desk.await_question()
    asked = replace(material(supply, FakeSimulations(desk.source)), course=CHILDREN, spans=())
    desk.controller.practise(asked)


def test_a_course_about_children_says_their_age_and_once_that_they_are_simulated(
    desk: Desk,
) -> None:
    begin_children(desk)
    why = "strips of this course are simulated"
    desk.await_question()
    assert why in visible_text(desk.page)
    for _ in range(3):
        assert "Teaching scenario: 2 years old" in visible_text(desk.page)
        assert origin(desk) is Origin.SIMULATED
        go_on(desk)
        desk.await_question()
        assert why not in visible_text(desk.page)
    assert desk.store.begun[-1].course is CourseId.PALS
    assert desk.store.begun[0].course is CourseId.ACLS


def test_with_real_strips_only_a_course_about_children_offers_simulated_ones(desk: Desk) -> None:
    begin_children(desk, Supply.REAL_ONLY)
    desk.qtbot.waitUntil(says(desk, "No recording of a child is in the catalogue"))
    with desk.qtbot.waitSignal(desk.controller.simulated_wanted):
        desk.click("simulateButton")


def test_a_wrong_answer_about_a_child_is_held_against_a_child(desk: Desk) -> None:
    begin_children(desk)
    desk.await_question()
    desk.answer(desk.wrong_place)
    desk.qtbot.waitUntil(says(desk, ", 2 years old"))


class Knowing(FakeSimulations):
    """Knows of a beat every two seconds, where the program finds others."""

    def complexes(self, window: StripRef) -> NDArray[np.float64]:
        peaks = np.arange(np.ceil(window.start_s) + 0.5, window.end_s - 0.5, 2.0)
        return np.column_stack([peaks - 0.04, peaks, peaks + 0.06])


def test_where_the_program_finds_other_beats_those_that_were_made_are_marked(desk: Desk) -> None:
    desk.source.remote, desk.source.network_down = NAMES, True
    around = desk.controller._around
    assert around is not None
    simulations = Knowing(desk.source)
    asked = material(Supply.REAL_FIRST, simulations)
    desk.controller.set_surroundings(replace(around, material=asked))
    desk.controller.set_source(simulations, offline=True)
    desk.controller.start()
    desk.await_question()
    shown = desk.controller._shown
    assert shown is not None
    known = simulations.complexes(shown.question.window)[:, 1]
    np.testing.assert_array_equal(shown.measurement.beats_s, known)
    assert "made" not in visible_text(desk.page)
    desk.answer(desk.right_place)
    assert "marked as they were made" in visible_text(desk.page)
    assert "30/min" in visible_text(desk.page)

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QWidget

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import Origin, RhythmId, Step, Strip, Verdict
from tests.gui.conftest import RHYTHMS, Desk, visible_text
from tests.support import fakes

pytestmark = pytest.mark.gui

# A monitor takes a longer pause of its clock for a stall, and goes on where it was.
LONGEST_STEP_S = 0.25


class Hands:
    """Moves the clock of a monitor."""

    def __init__(self, monitor: MonitorView) -> None:
        self._monitor = monitor
        self._now = 0.0
        monitor._clock = lambda: self._now
        monitor._last_tick = 0.0

    def play(self, seconds: float) -> None:
        until = self._now + seconds
        while self._now < until - 1e-9:
            self._now = min(self._now + LONGEST_STEP_S, until)
            self._monitor.advance()


def shown_strip(desk: Desk) -> Strip:
    assert desk.controller._shown is not None
    return desk.controller._shown.strip


def read_ahead(desk: Desk) -> int:
    assert desk.controller._ahead is not None
    return desk.controller._ahead.ready


def test_the_page_opens_on_a_question_with_four_to_six_answers(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    shown = [n for n in range(1, 7) if desk.button(f"answer{n}").isVisible()]
    assert len(shown) == len(desk.choices)
    assert 4 <= len(shown) <= 6
    for place, choice in enumerate(desk.choices):
        assert desk.button(f"answer{place + 1}").text().endswith(RHYTHMS[choice].name)
    lead = desk.page.findChild(QComboBox, "leadChoice")
    assert lead is not None
    assert lead.currentText() == "Lead II"


def test_a_right_answer_by_key_is_marked_saved_and_explained(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    name = RHYTHMS[desk.choices[desk.right_place]].name
    desk.answer(desk.right_place)
    assert desk.page.revealing
    assert [a.verdict for a in desk.store.saved] == [Verdict.RIGHT]
    said = visible_text(desk.page)
    assert "Right" in said
    assert name in said
    assert "Made-up Database" in said


def test_a_wrong_answer_by_mouse_says_what_tells_the_two_apart(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    chosen = desk.choices[desk.wrong_place]
    desk.click(f"answer{desk.wrong_place + 1}")
    assert [a.chosen for a in desk.store.saved] == [chosen]
    said = visible_text(desk.page)
    assert f"You chose {RHYTHMS[chosen].name}" in said
    difference = desk.page.findChild(QLabel, "differenceLabel")
    assert difference is not None
    assert difference.text()


def test_enter_goes_on_and_a_whole_session_ends_with_its_score(desk: Desk) -> None:
    desk.start()
    for number in range(20):
        desk.await_question()
        desk.answer(desk.right_place if number % 2 else desk.wrong_place)
        desk.press(Qt.Key.Key_Return)
    assert len(desk.store.saved) == 20
    assert [a.position for a in desk.store.saved] == list(range(20))
    assert "10 of 20 right" in visible_text(desk.page)
    desk.click("againButton")
    desk.await_question()
    assert len(desk.store.begun) == 2


def test_each_answer_is_saved_before_the_reason_is_shown(desk: Desk) -> None:
    revealed: list[bool] = []
    desk.store.on_add = lambda: revealed.append(desk.page.revealing)
    desk.start()
    desk.await_question()
    desk.answer(0)
    assert revealed == [False]
    assert desk.page.revealing


def test_the_strip_does_not_move_when_the_reason_comes(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    before = desk.page.strip.geometry()
    desk.answer(desk.wrong_place)
    QTest.qWait(50)
    assert desk.page.strip.geometry() == before


def test_a_double_click_on_an_answer_answers_once_and_does_not_go_on(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    for place in range(len(desk.choices)):
        button = desk.button(f"answer{place + 1}")
        where = button.mapTo(desk.page, button.rect().center())
        next_button = desk.button("nextButton")
        area = next_button.rect().translated(next_button.mapTo(desk.page, QPoint(0, 0)))
        assert not area.contains(where)
    button = desk.button("answer1")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    assert len(desk.store.saved) == 1
    assert desk.page.revealing


def test_keys_for_answers_that_are_not_there_do_nothing(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    for place in range(len(desk.choices), 6):
        desk.answer(place)
    desk.press(Qt.Key.Key_Return)
    assert desk.store.saved == []
    assert desk.page.asking


def test_an_answer_before_the_strip_is_painted_is_not_taken(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.controller._painted_at = None
    desk.answer(0)
    assert desk.store.saved == []


def test_the_response_time_runs_from_the_first_painted_sample(desk: Desk) -> None:
    desk.now = 100.0
    desk.page.hide()
    desk.start()
    desk.qtbot.waitUntil(lambda: desk.page.asking)
    assert not desk.shown_painted
    desk.now = 107.0
    desk.page.show()
    desk.await_question()
    desk.now = 112.5
    desk.answer(0)
    assert desk.store.saved[0].response_s == 5.5


def test_one_key_changes_paper_for_monitor_and_back(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    seen = [desk.mode]
    desk.press(Qt.Key.Key_P)
    seen.append(desk.mode)
    assert desk.button("monitorButton").isChecked()
    desk.click("paperButton")
    seen.append(desk.mode)
    assert seen == [StripMode.PAPER, StripMode.MONITOR, StripMode.PAPER]


def test_the_monitor_runs_on_along_the_span_and_stops_at_its_end(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    monitor = desk.page.strip._monitor
    shown = desk.controller._shown
    assert shown is not None
    span = shown.question.span.ref
    hands = Hands(monitor)

    def play() -> bool:
        hands.play(0.2)
        return monitor.at_end

    desk.qtbot.waitUntil(play, timeout=20_000)
    assert monitor.swept is not None
    assert monitor.swept.end_s == pytest.approx(span.end_s, abs=0.2)
    assert "End of this stretch" in monitor.description


def test_a_recording_that_fails_in_mid_sweep_is_said_and_the_strip_can_still_be_answered(
    desk: Desk,
) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    desk.qtbot.waitUntil(lambda: read_ahead(desk) > 0)
    desk.source.damaged = {span.ref.record.record for span in fakes.SPANS}
    monitor = desk.page.strip._monitor
    hands = Hands(monitor)

    def play() -> bool:
        hands.play(0.2)
        return monitor.at_end

    desk.qtbot.waitUntil(play)
    assert "cannot be read further" in monitor.description
    assert "is damaged" in visible_text(desk.page)
    desk.answer(0)
    assert len(desk.store.saved) == 1
    assert desk.page.revealing


def test_the_monitor_counts_the_beats_of_what_it_sweeps(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    monitor = desk.page.strip._monitor
    hands = Hands(monitor)

    def play() -> bool:
        hands.play(0.2)
        swept = monitor.swept
        return swept is not None and swept.duration_s > 18.0

    desk.qtbot.waitUntil(play, timeout=20_000)
    assert monitor.heart_rate == "75"


def test_a_strip_of_what_was_chosen_stands_beside_the_reason(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.answer(desk.wrong_place)
    chosen = desk.page.chosen
    desk.qtbot.waitUntil(lambda: chosen.picture("", with_marks=False) is not None)
    said = visible_text(desk.page)
    assert "Real: Made-up Database" in said or "Simulated, seed" in said
    desk.press(Qt.Key.Key_Return)
    desk.await_question()
    desk.answer(desk.right_place)
    assert chosen.picture("", with_marks=False) is None


def test_up_and_down_show_one_step_after_the_other(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.answer(desk.right_place)
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        desk.press(key)
        seen.append(desk.page.strip._step)
    assert seen == [Step.RATE, Step.REGULARITY, Step.RATE, None]


def test_a_button_reached_by_tab_is_pressed_with_enter_and_space(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.button("answer2").setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Qt.Key.Key_Return)
    assert [a.chosen for a in desk.store.saved] == [desk.choices[1]]


def test_damaged_recordings_are_skipped_with_a_sentence(desk: Desk) -> None:
    desk.source.damaged = {"a", "b", "d", "f"}
    desk.start()
    skipped = 0
    for _ in range(6):
        desk.await_question()
        assert desk.controller._shown is not None
        assert desk.controller._shown.question.window.record.record in ("c", "e")
        if desk.controller._shown.skipped:
            skipped += 1
            assert "Skipped a recording: madeup/1.0.0/" in visible_text(desk.page)
        desk.answer(0)
        desk.press(Qt.Key.Key_Return)
    assert skipped > 0


def test_nothing_within_reach_is_a_page_with_ways_on(desk: Desk) -> None:
    desk.source.remote = {span.ref.record.record for span in fakes.SPANS}
    desk.source.network_down = True
    desk.start()
    desk.qtbot.waitUntil(lambda: "No recording is within reach" in visible_text(desk.page))
    desk.qtbot.waitUntil(desk.button("chooseFolderButton").isVisible)
    desk.source.network_down = False
    desk.click("retryButton")
    desk.await_question()


def test_the_folder_can_be_chosen_from_there(desk: Desk) -> None:
    desk.source.remote = {span.ref.record.record for span in fakes.SPANS}
    desk.source.network_down = True
    desk.start()
    desk.qtbot.waitUntil(lambda: "within reach" in visible_text(desk.page))
    with desk.qtbot.waitSignal(desk.controller.folder_wanted):
        desk.click("chooseFolderButton")
    desk.controller.set_source(fakes.FakeSource(), offline=False)
    desk.await_question()


def test_offline_says_so_and_offers_the_network(desk: Desk) -> None:
    desk.source.remote = {span.ref.record.record for span in fakes.SPANS}
    desk.source.network_down = True
    desk.controller.set_source(desk.source, offline=True)
    desk.controller.start()
    desk.qtbot.waitUntil(lambda: "works offline" in visible_text(desk.page))
    with desk.qtbot.waitSignal(desk.controller.network_wanted):
        desk.click("goOnlineButton")


def test_a_slow_read_is_told_and_can_be_stopped(desk: Desk) -> None:
    gate = desk.source.gate = threading.Event()
    desk.start()
    desk.qtbot.waitUntil(lambda: "Reading the next strip" in visible_text(desk.page))
    desk.click("stopWaitingButton")
    assert "Stopped waiting" in visible_text(desk.page)
    gate.set()
    desk.source.gate = None
    desk.click("retryButton")
    desk.await_question()


def test_the_window_answers_while_a_strip_is_read(desk: Desk) -> None:
    gate = desk.source.gate = threading.Event()
    desk.start()
    desk.press(Qt.Key.Key_P)
    assert desk.mode is StripMode.MONITOR
    assert desk.source.reads == []
    gate.set()
    desk.await_question()


def test_the_reason_is_drawn_on_the_paper_and_on_the_monitor(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.answer(0)
    strip = desk.page.strip
    shown = desk.controller._shown
    assert shown is not None
    if RHYTHMS[shown.question.answer].id is RhythmId.ASYSTOLE:
        pytest.fail("the seed of these tests begins with a rhythm that has beats")
    assert strip._paper_marks is shown.measurement
    assert strip._monitor_marks is shown.measurement
    for view in (strip._paper, strip._monitor):
        assert [type(overlay) for overlay in view._overlays] == [RevealMarks]
    assert strip.swept is not None
    assert strip.swept.duration_s == pytest.approx(10.0, abs=0.01)


def test_the_monitor_is_read_where_it_stopped(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    strip, monitor = desk.page.strip, desk.page.strip._monitor
    first = shown_strip(desk)
    monitor.extend(fakes.strip(first.provenance.source[-1], first.end_s, 10.0))
    Hands(monitor).play(15.0)
    desk.answer(0)
    assert monitor.frozen
    desk.qtbot.waitUntil(lambda: strip._monitor_marks is not None)
    marks = strip._monitor_marks
    assert marks is not None
    assert marks.beats_s.max() > first.end_s + 3.0


def test_a_short_look_at_the_monitor_is_marked_with_the_beats_of_the_strip(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    monitor = desk.page.strip._monitor
    Hands(monitor).play(3.0)
    desk.answer(0)
    shown = desk.controller._shown
    assert shown is not None
    assert desk.page.strip._monitor_marks is shown.measurement
    assert monitor.swept is not None
    assert monitor.swept.duration_s == pytest.approx(3.0, abs=0.1)


def test_after_an_answer_on_paper_the_monitor_holds_that_strip_and_no_more(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    monitor = desk.page.strip._monitor
    first = shown_strip(desk)
    monitor.extend(fakes.strip(first.provenance.source[-1], first.end_s, 10.0))
    desk.answer(0)
    assert monitor.swept is not None
    assert monitor.swept.end_s == pytest.approx(first.end_s, abs=0.01)
    assert desk.page.strip._monitor_marks is not None


def test_pressing_twice_begins_one_session(desk: Desk) -> None:
    gate = desk.source.gate = threading.Event()
    desk.start()
    desk.click("startPracticeButton")
    desk.click("startPracticeButton")
    assert len(desk.store.begun) == 1
    gate.set()
    desk.await_question()


def test_space_holds_the_monitor_but_not_in_the_reason(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    monitor = desk.page.strip._monitor
    held = [monitor.frozen]
    for _ in range(2):
        desk.press(Qt.Key.Key_Space)
        held.append(monitor.frozen)
    assert held == [False, True, False]
    desk.answer(0)
    desk.press(Qt.Key.Key_Space)
    assert monitor.frozen


def test_marks_that_come_late_do_not_land_on_the_next_strip(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slowly(*arguments: object) -> object:
        gate.wait(5.0)
        return measure(*arguments)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr("rhythmtrainer.gui.practice.controller.measured", slowly)
    desk.start()
    desk.await_question()
    desk.press(Qt.Key.Key_P)
    Hands(desk.page.strip._monitor).play(5.0)
    desk.answer(0)
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.page.asking)
    gate.set()
    desk.qtbot.waitUntil(lambda: not desk.controller._tasks._running)
    assert desk.page.strip._monitor_marks is None


def test_what_is_ready_is_on_the_screen_at_once(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.qtbot.waitUntil(lambda: read_ahead(desk) > 2)
    gate = desk.source.gate = threading.Event()
    for _ in range(2):
        desk.answer(desk.right_place)
        desk.press(Qt.Key.Key_Return)
        assert desk.page.asking
    gate.set()


def test_the_next_session_begins_with_a_strip_that_is_ready(desk: Desk) -> None:
    desk.start()
    for _ in range(20):
        desk.await_question()
        desk.answer(desk.right_place)
        desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not desk.controller._tasks._running)
    gate = desk.source.gate = threading.Event()
    desk.click("againButton")
    assert desk.page.asking
    gate.set()
    first, second = desk.store.begun
    assert first.id != second.id


def test_a_strip_is_read_ahead_only_after_the_last_one_is_painted(desk: Desk) -> None:
    desk.page.hide()
    desk.start()
    desk.qtbot.waitUntil(lambda: desk.page.asking)
    desk.qtbot.waitUntil(lambda: not desk.controller._tasks._running)
    before = len(desk.source.reads)
    desk.page.show()
    desk.await_question()
    desk.qtbot.waitUntil(lambda: read_ahead(desk) > 0)
    assert len(desk.source.reads) > before


def test_another_source_is_used_for_the_very_next_strip(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.qtbot.waitUntil(lambda: read_ahead(desk) > 0)
    other = fakes.FakeSource()
    desk.controller.set_source(other, offline=False)
    desk.answer(0)
    desk.press(Qt.Key.Key_Return)
    desk.await_question()
    assert other.reads


def test_the_network_is_tried_again_after_a_while(desk: Desk) -> None:
    names = {span.ref.record.record for span in fakes.SPANS}
    desk.source.remote = names - {"b"}
    desk.source.network_down = True
    desk.now = 0.0
    desk.start()
    desk.await_question()
    desk.source.network_down = False
    seen = set()
    for _ in range(12):
        desk.answer(0)
        desk.now += 10.0
        desk.press(Qt.Key.Key_Return)
        desk.await_question()
        assert desk.controller._shown is not None
        seen.add(desk.controller._shown.question.window.record.record)
    assert len(seen) > 2


def test_a_simulated_strip_is_remembered_as_one(desk: Desk) -> None:
    desk.source.origin = Origin.SIMULATED
    desk.start()
    desk.await_question()
    desk.answer(0)
    assert desk.store.saved[0].origin is Origin.SIMULATED
    assert "Simulated:" in visible_text(desk.page)


def test_a_defect_in_the_store_leaves_one_answer_and_a_way_on(desk: Desk) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    desk.start()
    desk.await_question()
    desk.store.on_add = fail
    with desk.qtbot.waitSignal(desk.controller.defect):
        desk.answer(0)
    assert desk.page.revealing
    assert "could not be saved" in visible_text(desk.page)
    assert desk.controller.unsaved
    desk.store.on_add = lambda: None
    desk.answer(1)
    desk.press(Qt.Key.Key_Return)
    assert [a.chosen for a in desk.store.saved] == [desk.store.saved[0].choices[0]]
    desk.await_question()


def test_long_sentences_below_the_strip_do_not_push_it(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    before = desk.page.strip.geometry()
    desk.page.set_status("Skipped a recording, and here is why. " * 40)
    QTest.qWait(20)
    assert desk.page.strip.geometry() == before


def test_every_word_of_a_message_can_be_read(desk: Desk) -> None:
    desk.source.remote = {span.ref.record.record for span in fakes.SPANS}
    desk.source.network_down = True
    desk.start()
    desk.qtbot.waitUntil(lambda: "within reach" in visible_text(desk.page))
    text = desk.page.findChild(QLabel, "messageText")
    assert text is not None
    assert text.height() >= text.heightForWidth(text.width())


def test_an_answer_that_cannot_be_saved_is_kept_and_tried_again(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.store.full = True
    desk.answer(0)
    assert desk.page.revealing
    assert "disk is full" in visible_text(desk.page)
    desk.press(Qt.Key.Key_Return)
    assert desk.page.revealing
    desk.store.full = False
    desk.press(Qt.Key.Key_Return)
    assert len(desk.store.saved) == 1
    desk.await_question()


def test_a_new_session_can_be_started_at_any_time(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.click("startPracticeButton")
    desk.await_question()
    assert len(desk.store.begun) == 2
    label = desk.page.findChild(QLabel, "progressLabel")
    assert label is not None
    assert label.text() == "1 of 20"


def test_a_session_that_cannot_be_saved_does_not_begin(desk: Desk) -> None:
    desk.store.full = True
    desk.start()
    assert "cannot be saved" in visible_text(desk.page)
    desk.store.full = False
    desk.click("retryButton")
    desk.await_question()


def test_the_strip_describes_itself_without_giving_the_answer_away(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    description = desk.page.strip.accessibleDescription()
    assert "Lead II" in description
    for rhythm in RhythmId:
        assert RHYTHMS[rhythm].name.lower() not in description.lower()


def test_every_control_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    controls = [
        child
        for child in desk.page.findChildren(QWidget)
        if isinstance(child, QAbstractButton | QCheckBox) and child.isVisible()
    ]
    assert len(controls) >= 8
    for control in controls:
        assert control.accessibleName() or control.text(), control.objectName()


def test_nothing_overlaps_and_no_answer_is_cut_off_in_a_small_window(desk: Desk) -> None:
    desk.start()
    desk.await_question()
    desk.page.resize(760, 600)
    QTest.qWait(20)
    for place in range(len(desk.choices)):
        button = desk.button(f"answer{place + 1}")
        assert button.fontMetrics().horizontalAdvance(button.text()) < button.width() - 20
    assert desk.page.strip.height() >= 150

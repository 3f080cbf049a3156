import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rhythmtrainer.content import load_rhythms
from rhythmtrainer.gui.label.controller import LabelController
from rhythmtrainer.gui.label.draft import Trim
from rhythmtrainer.gui.label.page import LabelPage
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import STANDARD_LEADS, LabelledStrip, LeadName, RhythmId, Scenario, Strip
from rhythmtrainer.paths import asset
from tests.gui.conftest import visible_text
from tests.support.fake_recordings import TABLE, FakeFiles, FakeRecording, FakeShelf

pytestmark = [
    pytest.mark.gui,
    # What is found while one types comes in a popup.
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
FILE = Path("madeup.edf")
DAY_S = 86_400.0


class Labelling:
    """The page with recordings and a shelf that are made up, and hands to use it."""

    def __init__(self, qtbot: QtBot, tasks: Tasks) -> None:
        self.qtbot = qtbot
        self.page = LabelPage()
        qtbot.addWidget(self.page)
        self.page.resize(1100, 760)
        self.files, self.shelf, self.tasks = FakeFiles(), FakeShelf(), tasks
        self.controller = LabelController(self.page, tasks)
        self.controller.set_files(self.files)
        self.controller.set_shelf(self.shelf)
        self.controller.set_rhythms(RHYTHMS)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitExposed(self.page)

    def open(self, recording: FakeRecording | None = None, file: Path = FILE) -> FakeRecording:
        found = FakeRecording(duration_s=DAY_S) if recording is None else recording
        self.files.recordings[file.name] = found
        self.controller.open(file)
        return found

    def open_and_wait(self, recording: FakeRecording | None = None) -> FakeRecording:
        found = self.open(recording)
        self.qtbot.waitUntil(lambda: self.page.working and bool(self.page.strip.leads))
        return found

    def child(self, kind: type[QWidget], name: str) -> QWidget:
        # A message that was shown before may not have gone yet.
        *_, newest = self.page.findChildren(kind, name)
        return newest

    def click(self, name: str) -> None:
        button = self.child(QPushButton, name)
        assert isinstance(button, QPushButton)
        assert button.isEnabled(), name
        button.click()

    def type(self, name: str, text: str) -> None:
        field = self.child(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def text(self, name: str) -> str:
        field = self.child(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        return field.text()

    def answer(self, typed: str, name: str = "labelAnswer") -> None:
        choice = self.child(QComboBox, name)
        assert isinstance(choice, QComboBox)
        line = choice.lineEdit()
        assert line is not None
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def saved(self) -> tuple[Strip, LabelledStrip]:
        self.click("labelSaveButton")
        self.qtbot.waitUntil(lambda: "Saved to your strips" in visible_text(self.page))
        return list(self.shelf.strips.values())[-1]

    @property
    def shown_s(self) -> tuple[float, float]:
        return self.page.strip._paper.visible_s

    @property
    def trim(self) -> Trim:
        return self.controller._history.now.trim

    def await_measured(self) -> None:
        self.qtbot.waitUntil(lambda: "Measured on" in visible_text(self.page), timeout=10_000)


@pytest.fixture
def labelling(qtbot: QtBot, tasks: Tasks) -> Iterator[Labelling]:
    labelling = Labelling(qtbot, tasks)
    yield labelling
    labelling.controller.stop()


def test_before_a_recording_is_opened_the_page_says_what_to_do(labelling: Labelling) -> None:
    assert "Label a strip of your own" in visible_text(labelling.page)
    with labelling.qtbot.waitSignal(labelling.page.open_wanted):
        labelling.click("labelOpenButton")


def test_of_a_day_only_what_is_seen_is_read(labelling: Labelling) -> None:
    day = labelling.open_and_wait()
    assert day.reads == [(0.0, 10.0)]
    assert labelling.shown_s == pytest.approx((0.0, 10.0))


def test_a_typed_time_is_shown(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.type("labelGoTo", "13:45:10")
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(49_510.0))
    labelling.type("labelGoTo", "99:00:00")
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[1] == pytest.approx(DAY_S))


def test_a_time_that_is_none_is_told_in_its_place(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.type("labelGoTo", "noon")
    assert "“noon” is no time" in visible_text(labelling.page)
    assert labelling.text("labelGoTo") == "00:00:00.0"


@pytest.mark.parametrize(
    ("key", "start_s"),
    [
        (Qt.Key.Key_Right, 1.0),
        (Qt.Key.Key_PageDown, 10.0),
        (Qt.Key.Key_End, DAY_S - 10.0),
        (Qt.Key.Key_Left, 0.0),
    ],
)
def test_keys_move_along_the_recording(labelling: Labelling, key: Qt.Key, start_s: float) -> None:
    labelling.open_and_wait()
    QTest.keyClick(labelling.page, key)
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(start_s))


def test_a_click_on_the_timeline_shows_that_place(labelling: Labelling) -> None:
    labelling.open_and_wait()
    timeline = labelling.page.desk.timeline
    middle = QPoint(timeline.width() // 2, 8)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=middle)
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(DAY_S / 2, rel=0.01))


def test_scrubbing_calls_older_reads_off(labelling: Labelling) -> None:
    day = labelling.open_and_wait()
    day.gate = threading.Event()
    timeline = labelling.page.desk.timeline
    for place in range(100, 200_000, 1000):
        timeline.setValue(place)
        labelling.qtbot.wait(1)
    day.gate.set()
    last_s = timeline.start_s
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(last_s))
    read = [start_s for start_s, seconds in day.reads if seconds == pytest.approx(10.0)]
    assert len(read) < 100
    assert read[-1] == pytest.approx(last_s)


def test_gain_and_lead_stay_when_one_moves_along(labelling: Labelling) -> None:
    leads = tuple(LeadName(name) for name in STANDARD_LEADS)
    labelling.open_and_wait(FakeRecording(leads, (500.0,) * 12, 60.0))
    labelling.page.strip.set_channel(6)
    labelling.page.strip.set_gain(20.0)
    QTest.keyClick(labelling.page, Qt.Key.Key_PageDown)
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(10.0))
    assert labelling.page.strip.channel == 6
    assert labelling.page.strip.gain_mm_mv == pytest.approx(20.0)


def test_until_somebody_trims_the_strip_is_what_is_shown(labelling: Labelling) -> None:
    labelling.open_and_wait()
    QTest.keyClick(labelling.page, Qt.Key.Key_PageDown)
    assert labelling.trim == Trim(10.0, 10.0)
    labelling.type("labelBegin", "12")
    assert labelling.trim == Trim(12.0, 10.0)
    QTest.keyClick(labelling.page, Qt.Key.Key_Escape)
    labelling.page.setFocus()
    QTest.keyClick(labelling.page, Qt.Key.Key_PageDown)
    assert labelling.trim == Trim(12.0, 10.0)
    labelling.click("labelTakeShown")
    assert labelling.trim == Trim(20.0, 10.0)


def test_a_drag_of_a_mark_trims_and_is_one_step_back(labelling: Labelling) -> None:
    labelling.open_and_wait()
    paper = labelling.page.strip._paper
    stretch = paper.stretches[0]
    at = QPoint(round(stretch.right) - 2, round((stretch.top + stretch.bottom) / 2))
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=at)
    for seconds in (9.0, 8.0, 7.0):
        QTest.mouseMove(paper, QPoint(round(stretch.x(seconds)), at.y()))
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton)
    assert labelling.trim.length_s == pytest.approx(7.0, abs=0.11)
    labelling.click("labelUndoButton")
    assert labelling.trim == Trim(0.0, 10.0)
    labelling.click("labelRedoButton")
    assert labelling.trim.length_s == pytest.approx(7.0, abs=0.11)


def test_a_mark_cannot_be_dragged_over_the_other(labelling: Labelling) -> None:
    labelling.open_and_wait()
    tool = labelling.page.desk._trim_tool
    stretches = labelling.page.strip._paper.stretches
    stretch = stretches[0]
    right = QPoint(round(stretch.right) - 1, round(stretch.top) + 20).toPointF()
    assert tool.pressed(right, stretches)
    tool.moved(QPoint(-500, 20).toPointF(), stretches)
    assert labelling.trim == Trim(0.0, 3.0)


@pytest.mark.parametrize("typed", ["Mobitz II", "mobitz type ii", "2AVB-II"])
def test_an_answer_is_found_by_any_of_its_names(labelling: Labelling, typed: str) -> None:
    labelling.open_and_wait()
    labelling.answer(typed)
    assert labelling.page.desk.form.label.answer is RhythmId.AVB2_TYPE2


def test_what_is_no_rhythm_is_no_answer(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("zzz")
    assert labelling.page.desk.form.label.answer is None
    labelling.answer("Sinus rhythms")
    assert labelling.page.desk.form.label.answer is None


def test_all_rhythms_are_offered_by_family(labelling: Labelling) -> None:
    choice = labelling.child(QComboBox, "labelAnswer")
    assert isinstance(choice, QComboBox)
    offered = {choice.itemData(place) for place in range(choice.count())} - {None}
    assert offered == set(RhythmId)


def test_a_strip_is_saved_with_all_that_was_said(labelling: Labelling) -> None:
    recording = FakeRecording(
        (LeadName("II"), LeadName("V5")), (250.0, 250.0), 300.0, dropped=("patient's name",)
    )
    labelling.open_and_wait(recording)
    labelling.answer("Atrial flutter")
    labelling.answer("SVT", "labelAccepted")
    labelling.answer("ectopic atrial", "labelAccepted")
    labelling.type("labelTitle", "Flutter, 2:1")
    scenario = labelling.child(QComboBox, "labelScenario")
    assert isinstance(scenario, QComboBox)
    scenario.setCurrentText("With a pulse")
    labelling.type("labelAge", "68")
    note = labelling.child(QPlainTextEdit, "labelNote")
    QTest.keyClicks(note, "Sawtooth in II.")
    labelling.type("labelBegin", "0:02.5")
    strip, label = labelling.saved()
    assert label.answer is RhythmId.ATRIAL_FLUTTER
    assert label.accepted == {RhythmId.SVT, RhythmId.ATRIAL_TACHYCARDIA}
    assert label.title == "Flutter, 2:1"
    assert label.teaching.scenario is Scenario.WITH_PULSE
    assert label.teaching.age_years == pytest.approx(68.0)
    assert label.teaching.note == "Sawtooth in II."
    assert label.dropped == ("patient's name",)
    assert label.leads == strip.leads == ("II",)
    assert strip.start_s == pytest.approx(2.5)
    assert label.duration_s == strip.duration_s == pytest.approx(10.0)
    assert "Flutter, 2:1" in visible_text(labelling.page)
    assert not labelling.controller.unsaved


def test_all_leads_are_kept_if_wanted(labelling: Labelling) -> None:
    leads = tuple(LeadName(name) for name in STANDARD_LEADS)
    labelling.open_and_wait(FakeRecording(leads, (500.0,) * 12, 60.0))
    labelling.page.desk._choose_all_leads(wanted=True)
    labelling.answer("Normal sinus rhythm")
    strip, label = labelling.saved()
    assert strip.leads == label.leads == leads


def test_of_leads_of_several_rates_those_of_one_are_kept(labelling: Labelling) -> None:
    mixed = tuple(LeadName(name) for name in ("I", "II", "V1"))
    labelling.open_and_wait(FakeRecording(mixed, (250.0, 250.0, 500.0), 60.0))
    labelling.page.strip.set_channel(2)
    assert list(labelling.page.desk.kept_leads) == ["V1"]
    labelling.page.strip.set_channel(1)
    labelling.page.desk._choose_all_leads(wanted=True)
    assert list(labelling.page.desk.kept_leads) == ["I", "II"]


def test_nothing_is_saved_before_an_answer_was_chosen(labelling: Labelling) -> None:
    labelling.open_and_wait()
    save = labelling.child(QPushButton, "labelSaveButton")
    assert not save.isEnabled()
    assert "Choose the answer" in visible_text(labelling.page)
    labelling.answer("PEA")
    assert save.isEnabled()
    labelling.type("labelAge", "old")
    assert not save.isEnabled()
    assert "The age is a number" in visible_text(labelling.page)


def test_a_measurement_that_contradicts_is_told_and_changes_nothing(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Normal sinus rhythm")
    labelling.await_measured()
    assert "⚠" not in visible_text(labelling.page)
    labelling.answer("Third-degree (complete) AV block")
    assert "⚠" in visible_text(labelling.page)
    assert "P waves measured" in visible_text(labelling.page)
    labelling.answer("Asystole")
    assert "Beats were found, 75/min" in visible_text(labelling.page)
    assert labelling.saved()[1].answer is RhythmId.ASYSTOLE


def test_what_cannot_be_measured_is_told(labelling: Labelling) -> None:
    labelling.open_and_wait(FakeRecording(rates=(50.0,)))
    labelling.qtbot.waitUntil(lambda: "too few for that" in visible_text(labelling.page))


def test_a_reading_is_marked_on_the_strip_when_it_is_looked_at(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.await_measured()
    seen = [labelling.page.strip.marked]
    for by in (1, -1):
        labelling.page.desk._panel._readings.move_focus(by)
        seen.append(labelling.page.strip.marked)
    assert seen == [False, True, False]


def test_a_full_disk_is_told_and_nothing_is_lost(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Asystole")
    labelling.shelf.full = True
    labelling.click("labelSaveButton")
    labelling.qtbot.waitUntil(lambda: "the disk is full" in visible_text(labelling.page))
    assert labelling.page.desk.form.label.answer is RhythmId.ASYSTOLE
    labelling.shelf.full = False
    labelling.saved()


def test_another_strip_is_made_of_the_same_recording(labelling: Labelling) -> None:
    day = labelling.open_and_wait()
    labelling.answer("Asystole")
    QTest.keyClick(labelling.page, Qt.Key.Key_PageDown)
    labelling.saved()
    labelling.click("labelAnotherButton")
    assert labelling.page.working
    assert labelling.page.desk.form.label.answer is None
    assert not day.closed


def test_what_is_not_saved_is_not_lost_without_a_question(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Asystole")
    labelling.open(FakeRecording(source="another"), Path("another.edf"))
    assert "This strip is not saved" in visible_text(labelling.page)
    labelling.click("labelGoOnButton")
    assert labelling.page.desk.form.label.answer is RhythmId.ASYSTOLE
    labelling.controller.open(Path("another.edf"))
    labelling.click("labelLeaveButton")
    labelling.qtbot.waitUntil(lambda: "another" in visible_text(labelling.page))
    assert labelling.page.desk.form.label.answer is None


def test_the_label_of_an_own_strip_is_changed(labelling: Labelling) -> None:
    labelling.open_and_wait(FakeRecording(dropped=("patient's name",)))
    labelling.answer("Asystole")
    before, label = labelling.saved()
    labelling.controller.edit(label.id)
    labelling.qtbot.waitUntil(lambda: labelling.page.working and bool(labelling.page.strip.leads))
    assert labelling.page.desk.form.label.title == "Asystole"
    labelling.answer("Agonal rhythm")
    after, changed = labelling.saved()
    assert after is before
    assert changed.id == label.id
    assert changed.answer is RhythmId.AGONAL
    assert changed.dropped == ("patient's name",)


def test_an_own_strip_is_trimmed_further(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Asystole")
    before, label = labelling.saved()
    labelling.controller.edit(label.id)
    labelling.qtbot.waitUntil(lambda: labelling.page.working and bool(labelling.page.strip.leads))
    labelling.type("labelBegin", "2")
    assert labelling.trim == Trim(0.0, 10.0)
    labelling.page.desk._trim_typed(Trim(2.0, 6.0))
    after, changed = labelling.saved()
    assert list(labelling.shelf.strips) == [changed.id]
    assert after.duration_s == pytest.approx(6.0)
    np.testing.assert_array_equal(after.signal, before.signal[:, 500:2000])


def test_a_strip_that_is_gone_is_told(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Asystole")
    _, label = labelling.saved()
    labelling.shelf.remove(label.id)
    labelling.controller.edit(label.id)
    labelling.qtbot.waitUntil(lambda: "no such strip" in visible_text(labelling.page))


def test_a_table_is_read_only_when_it_was_confirmed(labelling: Labelling) -> None:
    labelling.open(file=Path("table.csv"))
    read = labelling.child(QPushButton, "tableReadButton")
    labelling.qtbot.waitUntil(read.isVisible)
    assert labelling.files.opened_with == []
    labelling.click("tableReadButton")
    labelling.qtbot.waitUntil(lambda: labelling.page.working)
    assert labelling.files.opened_with == [TABLE.layout]


def test_a_file_that_is_no_recording_is_told_with_a_way_on(labelling: Labelling) -> None:
    labelling.controller.open(FILE)
    labelling.qtbot.waitUntil(lambda: "madeup.edf is missing" in visible_text(labelling.page))
    labelling.qtbot.waitUntil(lambda: labelling.child(QPushButton, "labelOpenButton").isVisible())


@pytest.mark.parametrize("seconds", [0.0, 2.9])
def test_a_recording_that_is_too_short_is_told(labelling: Labelling, seconds: float) -> None:
    recording = labelling.open(FakeRecording(duration_s=seconds))
    labelling.qtbot.waitUntil(lambda: "shorter than 3 seconds" in visible_text(labelling.page))
    assert recording.closed


def test_a_short_recording_is_shown_whole(labelling: Labelling) -> None:
    labelling.open_and_wait(FakeRecording(duration_s=4.5))
    assert labelling.trim == Trim(0.0, 4.5)


def test_a_damaged_stretch_is_told_and_others_can_be_seen(labelling: Labelling) -> None:
    recording = FakeRecording(duration_s=600.0, damaged_from_s=300.0)
    labelling.open_and_wait(recording)
    labelling.type("labelGoTo", "400")
    labelling.qtbot.waitUntil(lambda: "is damaged" in labelling.page._status.text())
    assert not labelling.page.strip.leads
    labelling.type("labelGoTo", "100")
    labelling.qtbot.waitUntil(lambda: labelling.shown_s[0] == pytest.approx(100.0))
    assert "is damaged" not in labelling.page._status.text()


def test_what_was_dropped_and_mended_is_told(labelling: Labelling) -> None:
    recording = FakeRecording(dropped=("patient's name",), repairs=("The gain was missing.",))
    labelling.open_and_wait(recording)
    assert "patient's name" in visible_text(labelling.page)
    assert "The gain was missing." in visible_text(labelling.page)


def test_letters_typed_in_a_field_do_nothing_else(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.type("labelTitle", "caliper mark")
    assert labelling.page.strip.tool is None
    assert labelling.text("labelTitle") == "caliper mark"


def test_a_note_is_bounded(labelling: Labelling) -> None:
    labelling.open_and_wait()
    note = labelling.child(QPlainTextEdit, "labelNote")
    assert isinstance(note, QPlainTextEdit)
    note.setPlainText("x" * 5000)
    assert len(note.toPlainText()) == 1000
    assert "0 letters left" in visible_text(labelling.page)


def test_a_file_dropped_on_a_field_is_for_the_page(labelling: Labelling) -> None:
    labelling.open_and_wait()
    assert labelling.page.acceptDrops()
    fields = [
        *labelling.page.desk.form.findChildren(QLineEdit),
        *labelling.page.desk.form.findChildren(QPlainTextEdit),
    ]
    assert fields
    assert not any(field.acceptDrops() for field in fields)


def test_every_control_has_a_name_to_be_read_out(labelling: Labelling) -> None:
    labelling.open_and_wait()
    for kind in (QLineEdit, QComboBox, QPlainTextEdit):
        for control in labelling.page.desk.findChildren(kind):
            inner = isinstance(control.parentWidget(), QComboBox) or control.objectName() == (
                "qt_spinbox_lineedit"
            )
            assert inner or control.accessibleName(), control.objectName()


def test_the_page_fits_into_the_smallest_window(labelling: Labelling) -> None:
    leads = tuple(LeadName(name) for name in STANDARD_LEADS)
    labelling.open_and_wait(FakeRecording(leads, (500.0,) * 12, 60.0))
    assert labelling.page.minimumSizeHint().width() <= 900 - 129
    assert labelling.page.minimumSizeHint().height() <= 640
    labelling.page.resize(900 - 129, 640)
    labelling.await_measured()
    area = labelling.child(QScrollArea, "labelArea")
    assert isinstance(area, QScrollArea)
    inside = area.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= area.viewport().width()


def test_a_long_title_leaves_room_for_the_window(labelling: Labelling) -> None:
    labelling.open_and_wait()
    labelling.answer("Asystole")
    labelling.type("labelTitle", "<b>W</b>" * 15)
    _, label = labelling.saved()
    labelling.controller.edit(label.id)
    labelling.qtbot.waitUntil(lambda: labelling.page.working and bool(labelling.page.strip.leads))
    assert "<b>W</b>" in visible_text(labelling.page)
    assert labelling.page.minimumSizeHint().width() <= 900 - 129


@pytest.mark.parametrize(
    "name", ["labelLength", "labelBegin", "labelTimeline", "labelAllLeads", ""]
)
def test_keys_take_a_change_back_and_save_wherever_the_focus_is(
    labelling: Labelling, name: str
) -> None:
    labelling.open_and_wait(FakeRecording((LeadName("I"), LeadName("II")), (250.0, 250.0)))
    labelling.answer("Asystole")
    labelling.page.desk._trim_typed(Trim(0.0, 6.0))
    control = labelling.child(QWidget, name) if name else labelling.page
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert labelling.trim == Trim(0.0, 10.0)
    undone = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(control, Qt.Key.Key_Z, undone)
    assert labelling.trim == Trim(0.0, 6.0)
    QTest.keyClick(control, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    labelling.qtbot.waitUntil(lambda: "Saved to your strips" in visible_text(labelling.page))

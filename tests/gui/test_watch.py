import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.watch import reading_on
from rhythmtrainer.gui.watch.controller import WatchController
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.gui.widgets.strip_tools import ToolKind
from rhythmtrainer.model import STANDARD_LEADS, LeadName
from rhythmtrainer.training.cancel import Cancel
from tests.gui.conftest import visible_text
from tests.support.fake_recordings import TABLE, FakeFiles, FakeRecording

pytestmark = pytest.mark.gui

FILE = Path("madeup.hea")


class Watching:
    """The page, and the recordings that can be opened."""

    def __init__(self, qtbot: QtBot, tasks: Tasks) -> None:
        self.qtbot = qtbot
        self.page = WatchPage()
        qtbot.addWidget(self.page)
        self.page.resize(1100, 700)
        self.files = FakeFiles()
        self.controller = WatchController(self.page, tasks)
        self.controller.set_files(self.files)
        self.tasks = tasks
        self.page.show()

    def open(self, recording: FakeRecording, file: Path = FILE) -> None:
        self.files.recordings = {file.name: recording}
        self.controller.open(file)

    def open_and_wait(self, recording: FakeRecording) -> None:
        self.open(recording)
        self.qtbot.waitUntil(lambda: self.page.strip.isVisible() and not self.tasks._running)

    @property
    def shown_s(self) -> float:
        return self.page.strip.end_s

    def button(self, name: str) -> QPushButton:
        # A message that was shown before may not have gone yet.
        *_, newest = self.page.findChildren(QPushButton, name)
        return newest


def recording(
    leads: tuple[str, ...] = ("II",), *, rate: float = 250.0, seconds: float = 20.0
) -> FakeRecording:
    names = tuple(LeadName(name) for name in leads)
    return FakeRecording(names, (rate,) * len(names), seconds)


@pytest.fixture
def watching(qtbot: QtBot, tasks: Tasks) -> Iterator[Watching]:
    watching = Watching(qtbot, tasks)
    yield watching
    watching.controller.stop()


def test_before_a_recording_is_opened_the_page_says_how(watching: Watching) -> None:
    assert "Watch a recording" in visible_text(watching.page)
    button = watching.page.findChild(QPushButton, "watchOpenButton")
    assert button is not None
    with watching.qtbot.waitSignal(watching.page.open_wanted):
        button.click()


def test_enter_opens_a_recording_when_the_page_is_turned_to(watching: Watching) -> None:
    button = watching.page.findChild(QPushButton, "watchOpenButton")
    assert button is not None
    watching.qtbot.waitUntil(button.isVisible)
    watching.page.setFocus()
    assert button.hasFocus()
    with watching.qtbot.waitSignal(watching.page.open_wanted):
        QTest.keyClick(button, Qt.Key.Key_Return)


def test_twelve_leads_are_shown_as_a_page_and_fewer_one_below_another(watching: Watching) -> None:
    seen = []
    for leads in (STANDARD_LEADS, ("MLII", "V5"), ("MLII",)):
        watching.open_and_wait(recording(leads))
        seen.append(watching.page.strip.layout_shown)
    assert seen == [PaperLayout.TWELVE, PaperLayout.STACKED, PaperLayout.RHYTHM]
    assert "madeup" in visible_text(watching.page)


def test_leads_of_other_rates_are_shown_beside_the_first(watching: Watching) -> None:
    mixed = FakeRecording((LeadName("I"), LeadName("V1")), (250.0, 500.0), 20.0)
    watching.open_and_wait(mixed)
    assert watching.page.strip.leads == ("I", "V1")
    assert {each.lead for each in watching.page.strip._paper.stretches} == {"I", "V1"}


def test_a_long_recording_begins_with_seconds_that_can_be_read(watching: Watching) -> None:
    watching.open_and_wait(recording(("MLII", "V5"), seconds=1800.0))
    first_s, last_s = watching.page.strip._paper.visible_s
    assert first_s == pytest.approx(0.0)
    assert last_s == pytest.approx(10.0, rel=0.2)
    QTest.keyClick(watching.page, Qt.Key.Key_0)
    assert watching.page.strip._paper.visible_s[1] == pytest.approx(1800.0, rel=0.01)


def test_a_days_beginning_is_shown_before_the_rest_has_been_read(watching: Watching) -> None:
    day = recording(("MLII", "V5"), seconds=86_400.0)
    day.gate, day.gated_from_s = threading.Event(), 2500.0
    watching.open(day)
    watching.qtbot.waitUntil(watching.page.strip.isVisible)
    assert day.reads[0] == (0.0, 60.0)
    watching.qtbot.waitUntil(lambda: "of 24:00:00 read" in watching.page._status.text())
    watching.button("watchEnoughButton").click()
    day.gate.set()
    watching.qtbot.waitUntil(lambda: "reading was stopped" in visible_text(watching.page))
    assert 60.0 < watching.shown_s < 86_400.0
    assert not watching.button("watchEnoughButton").isVisible()


def test_where_one_looks_stays_when_the_rest_has_been_read(watching: Watching) -> None:
    long = recording(seconds=600.0)
    long.gate, long.gated_from_s = threading.Event(), 100.0
    watching.open(long)
    watching.qtbot.waitUntil(watching.page.strip.isVisible)
    watching.page.strip._paper.show_from(30.0)
    watching.page.strip.set_gain(20.0)
    before = watching.page.strip._paper.visible_s
    long.gate.set()
    watching.qtbot.waitUntil(lambda: watching.shown_s == pytest.approx(600.0))
    assert watching.page.strip._paper.visible_s == pytest.approx(before, abs=0.02)
    assert watching.page.strip.gain_mm_mv == pytest.approx(20.0)


def test_all_samples_of_a_recording_come_to_the_paper_unchanged(watching: Watching) -> None:
    long = FakeRecording((LeadName("I"), LeadName("V1")), (250.0, 333.25), 4000.0)
    watching.open_and_wait(long)
    for strip, lead in zip(watching.page.strip._strips, long.leads, strict=True):
        whole = long.read((lead,), 0.0, long.duration_s, Cancel())
        np.testing.assert_array_equal(strip.signal, whole.signal)
        assert strip.at_end


def test_what_does_not_fit_into_memory_is_told_and_the_beginning_shown(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_on, "MOST_SAMPLES", 25_000)
    watching.open_and_wait(recording(seconds=500.0))
    assert watching.shown_s == pytest.approx(100.0)
    assert "only the first 1:40 of 8:20" in visible_text(watching.page)


def test_without_memory_the_beginning_is_shown(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_on, "MOST_SAMPLES", 2**60)
    watching.open_and_wait(recording(seconds=1e14))
    assert watching.shown_s == pytest.approx(60.0)
    assert "there is no memory for more" in visible_text(watching.page)


def test_a_fault_further_on_leaves_what_was_read_before_it(watching: Watching) -> None:
    damaged = recording(seconds=8000.0)
    damaged.damaged_from_s = 2500.0
    watching.open_and_wait(damaged)
    assert 1900.0 < watching.shown_s <= 2500.0
    assert "madeup.dat is damaged" in visible_text(watching.page)


def test_the_monitor_runs_on_through_a_recording_of_which_it_got_a_minute(
    watching: Watching,
) -> None:
    mixed = FakeRecording((LeadName("I"), LeadName("V1")), (250.0, 333.25), 200.0)
    watching.open_and_wait(mixed)
    monitor = watching.page.strip._monitor
    assert monitor._tape is not None
    for end_s in (60.0, 120.0, 180.0, 200.0):
        assert monitor._tape.end_s == pytest.approx(end_s, abs=0.01)
        watching.page.strip.running_out.emit(monitor._tape.end_s)
        watching.qtbot.waitUntil(lambda: not watching.tasks._running)
    monitor.show_all()
    assert "The recording ends here" in monitor.description
    assert monitor.heart_rate == "75"


def test_the_monitor_counts_the_beats_and_says_where_the_recording_ends(
    watching: Watching,
) -> None:
    watching.open_and_wait(recording())
    view = watching.page.strip
    view.set_mode(StripMode.MONITOR)
    view._monitor.show_all()
    assert "The recording ends here" in view._monitor.description
    assert view._monitor.heart_rate == "75"


@pytest.mark.parametrize("rate", [50.0, 5000.0])
def test_a_recording_of_any_rate_is_shown(watching: Watching, rate: float) -> None:
    watching.open_and_wait(recording(rate=rate))
    view = watching.page.strip
    view._monitor.show_all()
    assert view._monitor.heart_rate == ("75" if rate > 100.0 else "---")


def test_what_was_dropped_and_mended_is_told(watching: Watching) -> None:
    told = recording()
    told.dropped, told.repairs = ("patient's name",), ("The gain was missing: 200 was taken.",)
    watching.open_and_wait(told)
    assert "patient's name" in visible_text(watching.page)
    assert "The gain was missing" in visible_text(watching.page)


def test_a_table_is_read_only_when_it_was_confirmed(watching: Watching) -> None:
    watching.open(recording(), Path("table.csv"))
    read = watching.button("tableReadButton")
    watching.qtbot.waitUntil(read.isVisible)
    assert watching.files.opened_with == []
    read.click()
    watching.qtbot.waitUntil(
        lambda: watching.page.strip.isVisible() and not watching.tasks._running
    )
    assert watching.files.opened_with == [TABLE.layout]


def test_a_table_need_not_be_confirmed(watching: Watching) -> None:
    watching.open(recording(), Path("table.csv"))
    cancel = watching.button("tableCancelButton")
    watching.qtbot.waitUntil(cancel.isVisible)
    cancel.click()
    assert "Watch a recording" in visible_text(watching.page)
    assert watching.files.opened_with == []


def test_a_file_can_be_dropped_on_the_page(watching: Watching) -> None:
    watching.files.recordings = {FILE.name: recording()}
    watching.page.file_dropped.emit(FILE)
    watching.qtbot.waitUntil(watching.page.strip.isVisible)


def test_a_pack_is_sent_to_the_library(watching: Watching) -> None:
    watching.page.file_dropped.emit(Path("/made/up/course.RTPACK"))
    told = "course.RTPACK is a pack of strips: open it in the Library."
    assert told in visible_text(watching.page)


def test_a_recording_that_cannot_be_read_is_told_with_a_way_on(watching: Watching) -> None:
    watching.controller.open(FILE)
    watching.qtbot.waitUntil(lambda: "madeup.hea is missing" in visible_text(watching.page))
    assert watching.page.findChild(QPushButton, "watchOpenButton") is not None


def test_reading_can_be_stopped(watching: Watching) -> None:
    slow = recording()
    slow.gate = threading.Event()
    watching.open(slow)
    watching.button("watchStopButton").click()
    watching.qtbot.waitUntil(lambda: not watching.tasks._running)
    assert "Watch a recording" in visible_text(watching.page)


def test_the_file_is_let_go_when_another_is_opened(watching: Watching) -> None:
    first = recording()
    watching.open_and_wait(first)
    watching.open_and_wait(recording())
    assert first.closed


def test_what_is_mentioned_gives_way_to_the_source_again(watching: Watching) -> None:
    watching.open_and_wait(recording())
    source = watching.page._status.text()
    watching.page.mention("Saved.")
    assert watching.page._status.text() == "Saved."
    QTest.keyClick(watching.page, Qt.Key.Key_C)
    assert watching.page._status.text() == source


def test_the_page_keeps_the_keys_while_a_recording_is_read(watching: Watching) -> None:
    watching.open_and_wait(recording())
    watching.page._open.setFocus()
    watching.page.show_reading()
    assert watching.page.hasFocus()


def test_the_strip_is_measured_by_keys(watching: Watching) -> None:
    watching.open_and_wait(recording())
    QTest.keyClick(watching.page, Qt.Key.Key_C)
    assert watching.page.strip.tool is ToolKind.CALIPERS
    before = watching.page.strip._paper.visible_s
    QTest.keyClick(watching.page, Qt.Key.Key_Plus)
    assert watching.page.strip._paper.visible_s != before

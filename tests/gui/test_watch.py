from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.watch.controller import WatchController
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.gui.widgets.strip_tools import ToolKind
from rhythmtrainer.model import (
    STANDARD_LEADS,
    LeadName,
    Origin,
    Provenance,
    RecordError,
    Strip,
)
from tests.gui.conftest import visible_text
from tests.support.synthetic import ecg_at, regular_peaks

pytestmark = pytest.mark.gui

FILE = Path("madeup.hea")


def recording(leads: tuple[str, ...], fs: float = 250.0, seconds: float = 20.0) -> Strip:
    lead = ecg_at(regular_peaks(75.0, seconds), fs, seconds)
    return Strip(
        np.stack([lead] * len(leads)),
        fs,
        tuple(LeadName(name) for name in leads),
        0.0,
        at_end=True,
        provenance=Provenance(Origin.REAL, "madeup"),
    )


class Watching:
    """The page, and the recordings that can be opened."""

    def __init__(self, qtbot: QtBot, tasks: Tasks) -> None:
        self.qtbot = qtbot
        self.page = WatchPage()
        qtbot.addWidget(self.page)
        self.page.resize(1100, 700)
        self.controller = WatchController(self.page, tasks)
        self.tasks = tasks
        self.page.show()

    def open(self, *strips: Strip) -> None:
        self.controller.set_reader(lambda _: strips)
        self.controller.open(FILE)
        self.qtbot.waitUntil(lambda: self.page.strip.isVisible() and not self.tasks._running)


@pytest.fixture
def watching(qtbot: QtBot, tasks: Tasks) -> Watching:
    return Watching(qtbot, tasks)


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
        watching.open(recording(leads))
        seen.append(watching.page.strip.layout_shown)
    assert seen == [PaperLayout.TWELVE, PaperLayout.STACKED, PaperLayout.RHYTHM]
    assert "madeup" in visible_text(watching.page)


def test_leads_of_other_rates_are_shown_beside_the_first(watching: Watching) -> None:
    watching.open(recording(("I",)), recording(("V1",), fs=500.0, seconds=12.0))
    assert watching.page.strip.leads == ("I", "V1")
    assert {each.lead for each in watching.page.strip._paper.stretches} == {"I", "V1"}


def test_a_long_recording_begins_with_seconds_that_can_be_read(watching: Watching) -> None:
    watching.open(recording(("MLII", "V5"), seconds=1800.0))
    first_s, last_s = watching.page.strip._paper.visible_s
    assert first_s == pytest.approx(0.0)
    assert last_s == pytest.approx(10.0, rel=0.2)
    QTest.keyClick(watching.page, Qt.Key.Key_0)
    assert watching.page.strip._paper.visible_s[1] == pytest.approx(1800.0, rel=0.01)


def test_the_monitor_counts_the_beats_and_says_where_the_recording_ends(
    watching: Watching,
) -> None:
    watching.open(recording(("II",)))
    view = watching.page.strip
    view.set_mode(StripMode.MONITOR)
    view._monitor.show_all()
    assert "The recording ends here" in view._monitor.description
    assert view._monitor.heart_rate == "75"


def test_a_recording_that_cannot_be_read_is_told_with_a_way_on(watching: Watching) -> None:
    def refuse(file: Path) -> tuple[Strip, ...]:
        raise RecordError(f"{file.stem}.dat is missing.")

    watching.controller.set_reader(refuse)
    watching.controller.open(FILE)
    watching.qtbot.waitUntil(lambda: "madeup.dat is missing" in visible_text(watching.page))
    assert watching.page.findChild(QPushButton, "watchOpenButton") is not None


def test_reading_can_be_stopped(watching: Watching) -> None:
    watching.controller.set_reader(lambda _: (recording(("II",)),))
    watching.controller.open(FILE)
    button = watching.page.findChild(QPushButton, "watchStopButton")
    assert button is not None
    button.click()
    watching.qtbot.waitUntil(lambda: not watching.tasks._running)
    assert "Watch a recording" in visible_text(watching.page)


def test_what_is_mentioned_gives_way_to_the_source_again(watching: Watching) -> None:
    watching.open(recording(("II",)))
    source = watching.page._status.text()
    watching.page.mention("Saved.")
    assert watching.page._status.text() == "Saved."
    QTest.keyClick(watching.page, Qt.Key.Key_C)
    assert watching.page._status.text() == source


def test_the_page_keeps_the_keys_while_a_recording_is_read(watching: Watching) -> None:
    watching.open(recording(("II",)))
    watching.page._open.setFocus()
    watching.page.show_reading()
    assert watching.page.hasFocus()


def test_the_strip_is_measured_by_keys(watching: Watching) -> None:
    watching.open(recording(("II",)))
    QTest.keyClick(watching.page, Qt.Key.Key_C)
    assert watching.page.strip.tool is ToolKind.CALIPERS
    before = watching.page.strip._paper.visible_s
    QTest.keyClick(watching.page, Qt.Key.Key_Plus)
    assert watching.page.strip._paper.visible_s != before

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.review.controller import ReviewController
from rhythmtrainer.gui.review.page import ReviewPage
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.widgets.table import Table
from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.training.selection import Material
from tests.gui.conftest import COURSE, RHYTHMS, visible_text
from tests.support import fakes

pytestmark = pytest.mark.gui


@dataclass
class Reviewed:
    qtbot: QtBot
    page: ReviewPage
    controller: ReviewController
    store: fakes.FakeStore
    source: fakes.FakeSource

    def table(self, name: str) -> Table:
        found = self.page.findChild(Table, name)
        assert found is not None
        return found

    def rows(self, name: str) -> list[list[str]]:
        table = self.table(name)
        return [
            [
                item.text() if (item := table.item(row, column)) else ""
                for column in range(table.columnCount())
            ]
            for row in range(table.rowCount())
        ]


@pytest.fixture
def reviewed(qtbot: QtBot, tasks: Tasks) -> Reviewed:
    page = ReviewPage()
    qtbot.addWidget(page)
    page.resize(1100, 780)
    controller = ReviewController(page, tasks)
    store, source = fakes.FakeStore(), fakes.FakeSource()
    controller.set_store(store, simulate_known, lambda _: None)
    controller.set_material(Material(fakes.SPANS, COURSE, RHYTHMS))
    controller.set_source(source)
    store.start_session(fakes.session())
    page.show()
    qtbot.waitExposed(page)
    return Reviewed(qtbot, page, controller, store, source)


def test_without_answers_it_says_what_to_do(reviewed: Reviewed) -> None:
    reviewed.controller.refresh()
    assert "Nothing to review yet" in visible_text(reviewed.page)
    button = reviewed.page.findChild(QPushButton, "reviewPractiseButton")
    assert button is not None
    with reviewed.qtbot.waitSignal(reviewed.page.practice_wanted):
        button.click()


def test_enter_goes_to_practice_when_there_is_nothing_to_review(reviewed: Reviewed) -> None:
    reviewed.controller.refresh()
    button = reviewed.page.findChild(QPushButton, "reviewPractiseButton")
    assert button is not None
    reviewed.qtbot.waitUntil(button.isVisible)
    reviewed.page.setFocus()
    assert button.hasFocus()


def test_the_monitor_of_a_missed_strip_shows_its_rate(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.controller.refresh()
    reviewed.page.missed_chosen.emit(reviewed.store.saved[0])
    reviewed.qtbot.waitUntil(lambda: "You chose" in visible_text(reviewed.page))
    assert reviewed.page.strip._monitor.heart_rate.isdigit()


def test_a_question_mark_shows_the_keys_of_a_missed_strip(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.controller.refresh()
    assert not reviewed.page._show_keys.isVisible()
    reviewed.page.missed_chosen.emit(reviewed.store.saved[0])
    reviewed.qtbot.waitUntil(lambda: "You chose" in visible_text(reviewed.page))
    QTest.keyClick(reviewed.page, Qt.Key.Key_Question)
    reviewed.qtbot.waitUntil(lambda: "march the calipers out" in visible_text(reviewed.page))
    QTest.keyClick(reviewed.page._keys, Qt.Key.Key_Escape)
    assert not reviewed.page._keys.isVisible()
    assert "You chose" in visible_text(reviewed.page)


def test_scores_are_shown_by_rhythm_and_by_session(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", response_s=2.0))
    reviewed.store.add(fakes.attempt("q2", chosen=RhythmId.SVT, response_s=5.0))
    reviewed.controller.refresh()
    assert reviewed.rows("rhythmTable") == [["Normal sinus rhythm", "2", "1 (50 %)", "3.5 s"]]
    assert [row[1:] for row in reviewed.rows("sessionTable")] == [["2", "1 (50 %)", "3.5 s"]]
    assert "2 answers, 50 % right" in visible_text(reviewed.page)


def test_a_missed_strip_is_one_click_away_with_its_reason(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.controller.refresh()
    table = reviewed.table("missedTable")
    item = table.item(0, 0)
    assert item is not None
    where = table.visualItemRect(item).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    reviewed.qtbot.waitUntil(lambda: "You chose" in visible_text(reviewed.page))
    said = visible_text(reviewed.page)
    assert "It is: Normal sinus rhythm" in said
    assert "Made-up Database" in said
    assert reviewed.source.reads[0] == reviewed.store.saved[0].window
    back = reviewed.page.findChild(QPushButton, "reviewBackButton")
    assert back is not None
    back.click()
    assert "By rhythm" in visible_text(reviewed.page)


def test_a_missed_strip_is_reached_by_keyboard_too(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.controller.refresh()
    table = reviewed.table("missedTable")
    table.setFocus()
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    reviewed.qtbot.waitUntil(lambda: "You chose" in visible_text(reviewed.page))


def test_a_strip_that_cannot_be_read_again_is_told(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.source.damaged = {"a"}
    reviewed.controller.refresh()
    reviewed.page.missed_chosen.emit(reviewed.store.saved[0])
    reviewed.qtbot.waitUntil(lambda: "is damaged" in visible_text(reviewed.page))
    fault = reviewed.page.findChild(QLabel, "reviewFault")
    assert fault is not None
    assert fault.isVisible()


def test_a_strip_that_takes_long_is_told_and_given_up_by_leaving(reviewed: Reviewed) -> None:
    reviewed.store.add(fakes.attempt("q1", chosen=RhythmId.SVT))
    reviewed.source.gate = threading.Event()
    reviewed.controller.refresh()
    reviewed.page.missed_chosen.emit(reviewed.store.saved[0])
    assert "Reading the strip" in visible_text(reviewed.page)
    reviewed.controller.stop()
    reviewed.qtbot.waitUntil(lambda: not reviewed.controller._tasks._running)
    assert "By rhythm" in visible_text(reviewed.page)


def test_missed_strips_come_newest_first(reviewed: Reviewed) -> None:
    for n, chosen in enumerate((RhythmId.SVT, RhythmId.AVB1)):
        reviewed.store.add(
            fakes.attempt(f"q{n}", chosen=chosen, answered_at=fakes.NOW + timedelta(minutes=n))
        )
    reviewed.controller.refresh()
    assert [row[1] for row in reviewed.rows("missedTable")] == [
        RHYTHMS[RhythmId.AVB1].name,
        RHYTHMS[RhythmId.SVT].name,
    ]

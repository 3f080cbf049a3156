import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.library.controller import LibraryController
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import Progress, RecordError, UnreachableError
from tests.gui.conftest import RHYTHMS, visible_text
from tests.support.fake_library import HOLDINGS, TODAY, FakeLibrary, FakeShelf, holding

pytestmark = pytest.mark.gui

_Kind = TypeVar("_Kind", bound=QWidget)


@dataclass
class Libraried:
    """The page with a made-up library behind it, and hands to use it."""

    qtbot: QtBot
    page: LibraryPage
    controller: LibraryController
    library: FakeLibrary
    tasks: Tasks

    def button(self, name: str) -> QPushButton:
        return _child(self.page, QPushButton, name)

    def press(self, name: str) -> None:
        button = self.button(name)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)

    def choose(self, database: str) -> None:
        assert self.page.databases.table.go_to(database)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=5000)

    def wait_for(self, text: str) -> None:
        self.wait_until(lambda: text in visible_text(self.page))

    def rest(self) -> None:
        self.wait_until(lambda: not self.tasks._running)

    def facts(self) -> str:
        return _child(self.page, QTextBrowser, "libraryDatabaseFacts").toPlainText()

    def row(self, database: str) -> list[str]:
        model = self.page.databases.table.model()
        row = self.page.databases.table.keys.index(database)
        return [model.index(row, column).data() for column in range(model.columnCount())]


def _child(page: QWidget, kind: type[_Kind], name: str) -> _Kind:
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def libraried(qtbot: QtBot, tasks: Tasks) -> Iterator[Libraried]:
    page = LibraryPage()
    qtbot.addWidget(page)
    page.resize(1100, 780)
    controller = LibraryController(page, tasks)
    library = FakeLibrary()
    controller.set_library(library, RHYTHMS)
    controller.set_shelf(FakeShelf(), RHYTHMS, lambda: TODAY)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    found = Libraried(qtbot, page, controller, library, tasks)
    found.rest()
    yield found
    controller.stop()


def test_every_database_is_listed_with_what_is_here(libraried: Libraried) -> None:
    assert libraried.page.databases.table.keys == tuple(each.database.id for each in HOLDINGS)
    assert libraried.row("small")[1:5] == ["10 of 10", "104 MB", "18", "339"]
    assert libraried.row("elsewhere")[1:5] == ["0 of 25", "-", "-", "-"]
    assert libraried.row("odd")[1] == "3"


def test_the_chosen_database_is_described(libraried: Libraried) -> None:
    libraried.choose("huge")
    facts = libraried.facts()
    for said in ("Huge Database 1.0.0", "doi.org/10.0000/none", "Attribution License", "agree"):
        assert said in facts
    assert "Not in the catalogue." in facts


def test_numbers_sort_as_numbers_and_the_row_stays_chosen(libraried: Libraried) -> None:
    table = libraried.page.databases.table
    libraried.choose("odd")
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.keys == ("small", "odd", "elsewhere", "huge")
    assert table.current == "odd"


def test_a_database_is_fetched_with_progress_and_a_sentence_at_the_end(
    libraried: Libraried,
) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("Fetching 100.dat, 12 of 91 MB")
    bar = _child(libraried.page, QProgressBar, "libraryJobProgress")
    assert bar.value() == pytest.approx(0.13 * bar.maximum())
    assert libraried.button("libraryJobCancel").hasFocus()
    libraried.library.gate.set()
    libraried.wait_for("All of elsewhere is on this computer.")
    assert libraried.library.asked == [("fetch", "elsewhere", ())]
    libraried.wait_until(lambda: libraried.row("elsewhere")[1] == "25 of 25")
    assert libraried.page.databases.table.hasFocus()
    assert libraried.page.databases.table.current == "elsewhere"


def test_progress_without_an_end_in_sight_keeps_the_bar_busy(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.library.news = (Progress("elsewhere: checksums"),)
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("Fetching elsewhere: checksums")
    assert _child(libraried.page, QProgressBar, "libraryJobProgress").maximum() == 0
    libraried.controller.stop()
    libraried.rest()


def test_records_can_be_named(libraried: Libraried) -> None:
    libraried.choose("elsewhere")
    names = _child(libraried.page, QLineEdit, "libraryRecordNames")
    QTest.keyClicks(names, "100, 101;102  103")
    QTest.keyClick(names, Qt.Key.Key_Return)
    libraried.rest()
    assert libraried.library.asked == [("fetch", "elsewhere", ("100", "101", "102", "103"))]


def test_the_names_of_records_do_not_go_along_to_another_database(libraried: Libraried) -> None:
    names = _child(libraried.page, QLineEdit, "libraryRecordNames")
    libraried.choose("elsewhere")
    names.setText("100")
    libraried.choose("small")
    assert libraried.page.databases.record_names == []


def test_a_fetch_of_more_than_a_gigabyte_is_asked_about_first(libraried: Libraried) -> None:
    libraried.choose("huge")
    libraried.press("libraryFetchButton")
    assert "about 3.3 GB" in visible_text(libraried.page)
    assert libraried.button("libraryQuestionNo").hasFocus()
    QTest.keyClick(libraried.button("libraryQuestionNo"), Qt.Key.Key_Return)
    assert libraried.library.asked == []
    assert "about 3.3 GB" not in visible_text(libraried.page)
    libraried.press("libraryFetchButton")
    libraried.press("libraryQuestionYes")
    libraried.rest()
    assert libraried.library.asked == [("fetch", "huge", ())]


def test_a_few_records_of_a_large_database_are_not_asked_about(libraried: Libraried) -> None:
    libraried.choose("huge")
    _child(libraried.page, QLineEdit, "libraryRecordNames").setText("00001_hr")
    libraried.press("libraryFetchButton")
    libraried.rest()
    assert libraried.library.asked == [("fetch", "huge", ("00001_hr",))]


def test_what_nobody_knows_the_size_of_is_asked_about(libraried: Libraried) -> None:
    libraried.library.held = (holding("unknown", "Database Unknown", published=84),)
    libraried.controller.refresh()
    libraried.wait_until(lambda: libraried.page.databases.table.current == "unknown")
    libraried.press("libraryFetchButton")
    asked = "That is 84 records of Database Unknown; how much is not known beforehand."
    assert asked in visible_text(libraried.page)
    QTest.keyClick(libraried.button("libraryQuestionNo"), Qt.Key.Key_Escape)
    assert "not known beforehand" not in visible_text(libraried.page)
    assert libraried.library.asked == []


def test_a_question_is_off_when_another_database_is_chosen(libraried: Libraried) -> None:
    libraried.choose("huge")
    libraried.press("libraryFetchButton")
    libraried.choose("small")
    assert not libraried.button("libraryQuestionYes").isVisible()


def test_cancel_ends_the_work_and_says_what_stays(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("12 of 91 MB")
    libraried.press("libraryJobCancel")
    libraried.wait_for("Fetching elsewhere was stopped: what is complete stays")
    assert "All of elsewhere" not in visible_text(libraried.page)
    assert libraried.library.called_off == 1
    assert libraried.button("libraryFetchButton").isEnabled()


def test_what_is_fetched_is_called_off_where_the_network_is_to_be_left_alone(
    libraried: Libraried,
) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.controller.set_offline(True)
    libraried.wait_for("Fetching elsewhere was stopped")
    assert not libraried.button("libraryFetchButton").isEnabled()
    libraried.wait_for("You work offline: nothing can be fetched")
    libraried.library.gate = threading.Event()
    libraried.choose("small")
    libraried.press("libraryVerifyButton")
    libraried.controller.set_offline(True)
    assert "stopping" not in visible_text(libraried.page)
    libraried.library.gate.set()
    libraried.rest()


def test_nothing_begins_before_what_was_cancelled_has_let_go(libraried: Libraried) -> None:
    held = threading.Event()
    libraried.library.on_work = lambda: held.wait(5.0)
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.press("libraryJobCancel")
    assert "stopping …" in visible_text(libraried.page)
    assert libraried.page.databases.table.hasFocus()
    assert not libraried.button("libraryFetchButton").isEnabled()
    assert not libraried.button("libraryJobCancel").isEnabled()
    held.set()
    libraried.wait_for("was stopped")
    assert libraried.button("libraryFetchButton").isEnabled()


def test_one_thing_at_a_time_and_the_others_say_why(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("small")
    libraried.press("libraryVerifyButton")
    for name in ("libraryFetchButton", "libraryVerifyButton", "libraryIndexButton"):
        button = libraried.button(name)
        assert not button.isEnabled()
        assert button.accessibleDescription() == "One thing at a time: verifying small."
    libraried.page.databases.fetch_wanted.emit("small", [])
    libraried.library.gate.set()
    libraried.wait_for("All files of small are as they were published.")
    assert [verb for verb, *_ in libraried.library.asked] == ["verify"]


def test_adding_to_the_catalogue_tells_the_rest_of_the_program(libraried: Libraried) -> None:
    libraried.choose("small")
    with libraried.qtbot.waitSignal(libraried.controller.holdings_changed):
        libraried.press("libraryIndexButton")
        libraried.wait_for("small is in your catalogue.")


def test_what_cannot_be_done_says_why(libraried: Libraried) -> None:
    libraried.choose("elsewhere")
    assert libraried.button("libraryFetchButton").isEnabled()
    assert "fetch it first" in libraried.button("libraryVerifyButton").toolTip()
    assert "fetch it first" in libraried.button("libraryIndexButton").toolTip()
    assert "fetch it first" in visible_text(libraried.page)
    libraried.choose("odd")
    assert libraried.button("libraryVerifyButton").isEnabled()
    assert "not understood" in libraried.button("libraryIndexButton").toolTip()


@pytest.mark.parametrize(
    "fault",
    [
        UnreachableError("physionet.org does not answer."),
        RecordError("100.dat is not the published file."),
    ],
)
def test_a_fault_is_a_sentence_and_the_page_goes_on(
    libraried: Libraried, fault: UnreachableError | RecordError
) -> None:
    libraried.library.fault = fault
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for(f"⚠ {fault}")
    libraried.library.fault = None
    libraried.press("libraryFetchButton")
    libraried.wait_for("All of elsewhere is on this computer.")
    assert str(fault) not in visible_text(libraried.page)


def test_work_goes_on_while_other_parts_and_pages_are_shown(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("12 of 91 MB")
    libraried.press("libraryShowCoverage")
    assert "12 of 91 MB" in visible_text(libraried.page)
    libraried.page.hide()
    libraried.library.gate.set()
    libraried.rest()
    libraried.page.show()
    assert "All of elsewhere is on this computer." in visible_text(libraried.page)


def test_verifying_changes_nothing_for_the_rest_of_the_program(libraried: Libraried) -> None:
    libraried.choose("small")
    with libraried.qtbot.assertNotEmitted(libraried.controller.holdings_changed):
        libraried.press("libraryVerifyButton")
        libraried.wait_for("as they were published")
        libraried.rest()


def test_the_library_is_not_asked_for_two_things_at_once(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("12 of 91 MB")
    libraried.controller.refresh()
    libraried.wait_until(lambda: len(libraried.tasks._running) == 1)
    libraried.library.gate.set()
    libraried.wait_until(lambda: libraried.row("elsewhere")[1] == "25 of 25")


def test_closing_calls_the_work_off(libraried: Libraried) -> None:
    libraried.library.gate = threading.Event()
    libraried.choose("elsewhere")
    libraried.press("libraryFetchButton")
    libraried.wait_for("12 of 91 MB")
    with libraried.qtbot.assertNotEmitted(libraried.controller.holdings_changed):
        libraried.controller.stop()
        libraried.rest()
    assert libraried.library.called_off == 1
    assert "All of elsewhere" not in visible_text(libraried.page)


def test_holdings_that_cannot_be_read_are_told(libraried: Libraried) -> None:
    libraried.library.unreadable = RecordError("The folder of recordings cannot be read.")
    libraried.controller.refresh()
    libraried.wait_until(lambda: "cannot be read" in libraried.facts())


def test_the_cache_is_shown_and_cleared_after_a_question(libraried: Libraried) -> None:
    libraried.page.show_cache(23_400_000, 500_000_000)
    label = _child(libraried.page, QLabel, "libraryCacheSize")
    assert label.text().endswith("23 MB of at most 500 MB")
    libraried.press("libraryClearCache")
    with libraried.qtbot.waitSignal(libraried.page.clear_cache_wanted):
        libraried.press("libraryQuestionYes")
    libraried.page.show_cache(0, 500_000_000)
    assert label.text().endswith("nothing")
    assert not libraried.button("libraryClearCache").isEnabled()


def test_the_parts_are_reached_by_keys(libraried: Libraried) -> None:
    for key, view in (
        (Qt.Key.Key_2, libraried.page.coverage.table),
        (Qt.Key.Key_3, libraried.page.strips.strips),
        (Qt.Key.Key_1, libraried.page.databases.table),
    ):
        QTest.keyClick(libraried.page, key, Qt.KeyboardModifier.AltModifier)
        libraried.wait_until(view.hasFocus)


def test_a_question_mark_shows_the_keys(libraried: Libraried) -> None:
    QTest.keyClick(libraried.page, Qt.Key.Key_Question)
    libraried.wait_for("bring back the strip that was removed last")


def test_turning_to_the_page_puts_the_focus_into_the_table(libraried: Libraried) -> None:
    libraried.button("libraryKeys").setFocus()
    libraried.page.setFocus()
    assert libraried.page.databases.table.hasFocus()


def test_tab_goes_through_the_controls_in_the_order_of_the_page(libraried: Libraried) -> None:
    libraried.choose("small")
    libraried.page.databases.table.setFocus()
    seen = []
    for _ in range(5):
        libraried.page.focusNextChild()
        focused = libraried.page.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
    assert seen == [
        "libraryDatabaseFacts",
        "libraryRecordNames",
        "libraryFetchButton",
        "libraryVerifyButton",
        "libraryIndexButton",
    ]


def test_all_controls_have_names(libraried: Libraried) -> None:
    for kind in (QPushButton, QLineEdit, QTextBrowser):
        for control in libraried.page.findChildren(kind):
            if control.focusPolicy() and not control.objectName().startswith("qt_"):
                assert control.objectName(), control
    for button in libraried.page.findChildren(QPushButton):
        if button.text():
            assert button.accessibleName(), button.objectName()


def test_the_page_needs_no_more_than_the_smallest_window(libraried: Libraried) -> None:
    smallest = libraried.page.minimumSizeHint()
    assert smallest.width() <= 900 - 130
    assert smallest.height() <= 640


def test_files_of_packs_are_chosen_by_their_ending(libraried: Libraried) -> None:
    libraried.controller.open_packs([Path("madeup.rtpack")])
    libraried.wait_for("⚠ madeup.rtpack is not a pack of strips.")

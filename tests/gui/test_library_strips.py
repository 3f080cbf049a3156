import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.library.controller import LibraryController
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import Pack, RecordError, StripId, Teaching
from rhythmtrainer.model.pack import OWN_STRIPS
from tests.gui.conftest import RHYTHMS, visible_text
from tests.support.fake_library import STRIPS, TODAY, FakeLibrary, FakeShelf, pack

pytestmark = pytest.mark.gui

_Kind = TypeVar("_Kind", bound=QWidget)


@dataclass
class Shelved:
    """The page with made-up strips behind it, and hands to use it."""

    qtbot: QtBot
    page: LibraryPage
    controller: LibraryController
    shelf: FakeShelf
    tasks: Tasks

    def find(self, kind: type[_Kind], name: str) -> _Kind:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def button(self, name: str) -> QPushButton:
        return self.find(QPushButton, name)

    def press(self, name: str) -> None:
        button = self.button(name)
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)

    def type(self, name: str, text: str) -> None:
        self.find(QLineEdit, name).setText(text)

    def choose(self, strip: str) -> None:
        assert self.page.strips.strips.go_to(strip)

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks._running, timeout=5000)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=5000)

    def wait_for(self, text: str) -> None:
        self.wait_until(lambda: text in visible_text(self.page))

    def facts(self, name: str) -> str:
        return self.find(QTextBrowser, name).toPlainText()

    def saved_pack(self) -> Pack:
        with self.qtbot.waitSignal(self.page.save_pack_wanted) as told:
            self.press("libraryPackSave")
        assert told.args is not None
        found = told.args[0]
        assert isinstance(found, Pack)
        return found

    @property
    def listed(self) -> tuple[str, ...]:
        return self.page.strips.strips.keys

    @property
    def packs(self) -> tuple[str, ...]:
        return self.page.strips.packs.keys


@pytest.fixture
def shelf() -> FakeShelf:
    return FakeShelf()


@pytest.fixture
def shelved(qtbot: QtBot, tasks: Tasks, shelf: FakeShelf) -> Iterator[Shelved]:
    page = LibraryPage()
    qtbot.addWidget(page)
    page.resize(1100, 780)
    controller = LibraryController(page, tasks)
    controller.set_library(FakeLibrary(), RHYTHMS)
    controller.set_shelf(shelf, RHYTHMS, lambda: TODAY)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    found = Shelved(qtbot, page, controller, shelf, tasks)
    found.rest()
    page.show_strips()
    yield found
    controller.stop()


def test_a_pack_that_cannot_be_read_is_told(shelved: Shelved, shelf: FakeShelf) -> None:
    shelf.damaged.append("manifest.json of “First hour” is damaged.")
    shelved.controller.refresh()
    shelved.wait_for("“First hour” is damaged")


def test_strips_are_listed_with_answer_length_leads_and_note(shelved: Shelved) -> None:
    assert shelved.listed == ("wenckebach", "vt", "flutter")
    model = shelved.page.strips.strips.model()
    assert [model.index(1, column).data() for column in range(model.columnCount())] == [
        "Wide and fast",
        "Monomorphic ventricular tachycardia",
        "10.0 s",
        "12 leads",
        "Look at the PR intervals.",
    ]


def test_the_chosen_strip_says_everything_about_itself(shelved: Shelved) -> None:
    shelved.choose("wenckebach")
    facts = shelved.facts("libraryStripFacts")
    for said in (
        "also accepted: Second-degree AV block, 2:1",
        "with a pulse",
        "71 years old",
        "Note: Look at the PR intervals.",
        "own recording (EDF)",
        "CC0",
        "taken out of the file: patient's name",
    ):
        assert said in facts
    shelved.choose("flutter")
    assert "licence not stated" in shelved.facts("libraryStripFacts")


def test_what_a_pack_says_is_never_taken_for_markup(shelved: Shelved) -> None:
    strip = replace(STRIPS[0], title="<h1>a</h1>", source="<img src='file:///etc/passwd'>")
    shelved.shelf.strips = [strip]
    shelved.shelf.opened = [replace(pack("odd", "<b>odd</b>", strip), note="<a href='x'>y</a>")]
    shelved.controller.refresh()
    shelved.rest()
    assert "<img src='file:///etc/passwd'>" in shelved.facts("libraryStripFacts")
    assert "<b>odd</b>" in shelved.facts("libraryPackFacts")
    assert "<a href='x'>y</a>" in shelved.facts("libraryPackFacts")
    tip = shelved.page.strips.strips.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<p>&lt;h1&gt;a&lt;/h1&gt;</p>"


def test_a_note_of_several_lines_keeps_to_its_row(shelved: Shelved) -> None:
    note = "First the rate.\nThen the P waves."
    shelved.shelf.strips = [replace(STRIPS[0], teaching=Teaching(note=note))]
    shelved.controller.refresh()
    shelved.rest()
    shown = shelved.page.strips.strips.model().index(0, 4).data()
    assert shown == "First the rate. Then the P waves."
    assert note in shelved.facts("libraryStripFacts")


def test_without_strips_and_packs_it_says_what_to_do(shelved: Shelved) -> None:
    shelved.shelf.strips, shelved.shelf.opened = [], []
    shelved.controller.refresh()
    shelved.wait_for("No strips of your own yet.")
    assert "No packs yet." in visible_text(shelved.page)
    for name in ("libraryEditStrip", "libraryRemoveStrip", "libraryHandOut", "libraryRemovePack"):
        assert not shelved.button(name).isEnabled()
        assert shelved.button(name).toolTip()
    shelved.page.take_focus()
    with shelved.qtbot.waitSignal(shelved.page.strip_wanted):
        QTest.keyClick(shelved.button("libraryNewStrip"), Qt.Key.Key_Return)


def test_enter_on_a_strip_edits_its_label(shelved: Shelved) -> None:
    shelved.choose("vt")
    with shelved.qtbot.waitSignal(shelved.page.edit_wanted) as told:
        QTest.keyClick(shelved.page.strips.strips, Qt.Key.Key_Return)
    assert told.args == ["vt"]


def test_two_clicks_on_a_strip_edit_its_label(shelved: Shelved) -> None:
    table = shelved.page.strips.strips
    where = table.visualRect(table.model().index(2, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    with shelved.qtbot.waitSignal(shelved.page.edit_wanted) as told:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert told.args == ["flutter"]


def test_a_removed_strip_comes_back_with_undo(shelved: Shelved) -> None:
    shelved.choose("vt")
    QTest.keyClick(shelved.page.strips.strips, Qt.Key.Key_Delete)
    shelved.wait_for("“Wide and fast” was removed.")
    shelved.wait_until(lambda: shelved.listed == ("wenckebach", "flutter"))
    assert shelved.page.strips.strips.current == "flutter"
    shelved.press("libraryUndoYes")
    shelved.wait_for("“Wide and fast” is back.")
    shelved.wait_until(lambda: shelved.page.strips.strips.current == "vt")
    assert not shelved.button("libraryUndoYes").isVisible()
    assert shelved.page.strips.strips.hasFocus()


def test_undo_brings_strips_back_one_after_the_other(shelved: Shelved) -> None:
    for strip in ("vt", "flutter"):
        shelved.choose(strip)
        QTest.keyClick(shelved.page.strips.strips, Qt.Key.Key_Delete)
        shelved.rest()
    for listed in (("wenckebach", "flutter"), ("wenckebach", "flutter", "vt")):
        QTest.keyClick(
            shelved.page.strips.strips, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
        )
        shelved.rest()
        assert shelved.listed == listed


def test_the_focus_stays_where_a_strip_was_removed(shelved: Shelved) -> None:
    shelved.choose("vt")
    shelved.press("libraryRemoveStrip")
    shelved.rest()
    assert shelved.button("libraryRemoveStrip").hasFocus()


def test_a_strip_that_cannot_be_removed_stays_and_the_fault_is_told(shelved: Shelved) -> None:
    shelved.shelf.fault = RecordError("The folder of strips cannot be written: the disk is full.")
    shelved.choose("vt")
    shelved.press("libraryRemoveStrip")
    shelved.wait_for("⚠ The folder of strips cannot be written")
    assert "vt" in shelved.listed
    assert not shelved.button("libraryUndoYes").isVisible()


def test_a_pack_is_practised(shelved: Shelved) -> None:
    with shelved.qtbot.waitSignal(shelved.page.practise_wanted) as told:
        shelved.press("libraryPractisePack")
    assert told.args == ["first"]


def test_a_pack_is_removed_only_after_a_question(shelved: Shelved) -> None:
    QTest.keyClick(shelved.page.strips.packs, Qt.Key.Key_Delete)
    assert "“First hour” and its 3 strips will be gone" in visible_text(shelved.page)
    QTest.keyClick(shelved.button("libraryPackQuestionNo"), Qt.Key.Key_Return)
    shelved.rest()
    assert shelved.packs == ("first",)
    shelved.press("libraryRemovePack")
    shelved.press("libraryPackQuestionYes")
    shelved.wait_for("“First hour” was removed.")
    shelved.wait_for("No packs yet.")
    assert shelved.button("libraryOpenPack").hasFocus()


def test_a_pack_is_opened_and_listed(shelved: Shelved) -> None:
    shelved.shelf.files["new.rtpack"] = pack("second", "Second hour", *STRIPS[:2])
    with shelved.qtbot.waitSignal(shelved.page.open_pack_wanted):
        shelved.press("libraryOpenPack")
    shelved.controller.open_packs([Path("new.rtpack")])
    shelved.wait_for("Opened “Second hour”")
    shelved.wait_until(lambda: shelved.packs == ("first", "second"))
    assert shelved.page.strips.packs.current == "second"


def test_what_a_pack_replaces_is_told(shelved: Shelved) -> None:
    shelved.shelf.files["new.rtpack"] = pack("first", "First hour anew", *STRIPS[:2])
    shelved.controller.open_packs([Path("new.rtpack")])
    shelved.wait_for("It replaces “First hour”")


def test_a_pack_does_not_give_its_answers_away(shelved: Shelved) -> None:
    told = shelved.facts("libraryPackFacts")
    assert "First hour" in told
    assert not any(RHYTHMS[strip.answer].name in told for strip in STRIPS)


def test_strips_of_ones_own_can_be_practised(shelved: Shelved) -> None:
    with shelved.qtbot.waitSignal(shelved.page.practise_wanted) as wanted:
        shelved.press("libraryPractiseOwn")
    assert wanted.args == [OWN_STRIPS]


def test_opening_a_pack_can_be_called_off(shelved: Shelved) -> None:
    shelved.shelf.files["new.rtpack"] = pack("second", "Second hour")
    shelved.shelf.gate = threading.Event()
    shelved.controller.open_packs([Path("new.rtpack")])
    shelved.wait_for("Opening “new.rtpack” …")
    shelved.controller.open_packs([Path("new.rtpack")])
    assert not shelved.page.acceptDrops()
    shelved.press("libraryShelfJobCancel")
    shelved.wait_for("Opening “new.rtpack” was stopped.")
    shelved.rest()
    assert shelved.packs == ("first",)


def test_a_file_that_is_no_pack_is_told(shelved: Shelved) -> None:
    shelved.controller.open_packs([Path("holiday.rtpack")])
    shelved.wait_for("⚠ holiday.rtpack is not a pack of strips.")


def _drop(page: LibraryPage, *files: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(file) for file in files])
    actions, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(page.rect().center(), actions, data, left, none)
    page.dragEnterEvent(enter)
    drop = QDropEvent(QPointF(page.rect().center()), actions, data, left, none)
    if enter.isAccepted():
        page.dropEvent(drop)


def test_packs_are_opened_by_dropping_them(shelved: Shelved) -> None:
    shelved.shelf.files = {
        "a.rtpack": pack("a", "Pack A", STRIPS[0]),
        "B.RTPACK": pack("b", "Pack B", STRIPS[1]),
    }
    shelved.press("libraryShowCoverage")
    _drop(shelved.page, "/made/up/a.rtpack", "/made/up/B.RTPACK", "/made/up/notes.txt")
    shelved.wait_for("Opened “Pack A”")
    shelved.wait_for("Opened “Pack B”")
    assert shelved.page.strips.isVisible()


def test_other_files_are_not_taken(shelved: Shelved) -> None:
    with shelved.qtbot.assertNotEmitted(shelved.page.packs_dropped):
        _drop(shelved.page, "/made/up/notes.txt")


def test_a_pack_is_handed_out_with_the_chosen_strips_in_their_order(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    assert shelved.find(QLineEdit, "libraryPackTitle").hasFocus()
    shelved.type("libraryPackTitle", "  Tuesday evening ")
    shelved.type("libraryPackAuthor", "The ward")
    shelved.type("libraryPackNote", "Read the notes.")
    shelved.type("libraryQuizTitle", "Three of a kind")
    strips = shelved.find(QListWidget, "libraryPackStrips")
    strips.item(1).setCheckState(Qt.CheckState.Unchecked)
    strips.setFocus()
    strips.setCurrentRow(2)
    for _ in range(2):
        QTest.keyClick(strips, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    made = shelved.saved_pack()
    assert made.title == "Tuesday evening"
    assert (made.author, made.note, made.created) == ("The ward", "Read the notes.", TODAY)
    assert [strip.id for strip in made.strips] == ["flutter", "wenckebach"]
    assert made.quiz is not None
    assert (made.quiz.title, made.quiz.strips) == ("Three of a kind", ("flutter", "wenckebach"))
    assert re.fullmatch(r"tuesday-evening-[0-9a-f]{8}", made.id)


def test_a_pack_that_was_written_closes_the_form_and_says_where_it_is(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    shelved.type("libraryPackTitle", "Tuesday")
    made = shelved.saved_pack()
    shelved.controller.write_pack(made, Path("tuesday.rtpack"))
    shelved.wait_for("“Tuesday” with 3 strips is in tuesday.rtpack.")
    assert shelved.shelf.written == [(made, Path("tuesday.rtpack"))]
    assert shelved.page.strips.isVisible()


def test_writing_is_not_called_off_half_way(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    shelved.type("libraryPackTitle", "Tuesday")
    shelved.shelf.gate = threading.Event()
    shelved.controller.write_pack(shelved.saved_pack(), Path("tuesday.rtpack"))
    shelved.wait_for("Writing “Tuesday” …")
    assert not shelved.button("libraryShelfJobCancel").isEnabled()
    assert not shelved.button("libraryPackSave").isEnabled()
    shelved.shelf.gate.set()
    shelved.wait_for("is in tuesday.rtpack.")


def test_a_pack_that_cannot_be_written_keeps_what_was_typed(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    shelved.type("libraryPackTitle", "Tuesday")
    shelved.find(QListWidget, "libraryPackStrips").item(0).setCheckState(Qt.CheckState.Unchecked)
    made = shelved.saved_pack()
    shelved.shelf.fault = RecordError("tuesday.rtpack cannot be written: the disk is full.")
    shelved.controller.write_pack(made, Path("tuesday.rtpack"))
    shelved.wait_for("⚠ tuesday.rtpack cannot be written")
    shelved.rest()
    assert shelved.page.pack_form.isVisible()
    assert shelved.page.pack_form.pack(TODAY) == made


def test_nothing_is_handed_out_without_a_title_or_strips(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    assert not shelved.button("libraryPackSave").isEnabled()
    assert "Give the pack a title." in visible_text(shelved.page)
    shelved.type("libraryPackTitle", "   ")
    shelved.press("libraryPackNone")
    assert "Choose the strips" in visible_text(shelved.page)
    shelved.type("libraryPackTitle", "Tuesday")
    assert not shelved.button("libraryPackSave").isEnabled()
    shelved.press("libraryPackAll")
    assert shelved.button("libraryPackSave").isEnabled()


def test_a_licence_that_is_not_stated_is_warned_of(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    shelved.type("libraryPackTitle", "Tuesday")
    assert "The licence of 1 strip is not stated" in visible_text(shelved.page)
    shelved.find(QListWidget, "libraryPackStrips").item(2).setCheckState(Qt.CheckState.Unchecked)
    assert "is not stated" not in visible_text(shelved.page)


def test_the_same_title_by_the_same_author_is_an_edition_of_one_pack(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    ids = []
    for title, author, first in (
        ("Tuesday", "The ward", True),
        ("Tuesday", "The ward", False),
        ("Tuesday", "Another ward", True),
        ("Tuesday", "", True),
        ("Tuesday", "", False),
        ("Dienstag: Übung!", "", True),
    ):
        shelved.type("libraryPackTitle", title)
        shelved.type("libraryPackAuthor", author)
        item = shelved.find(QListWidget, "libraryPackStrips").item(0)
        item.setCheckState(Qt.CheckState.Checked if first else Qt.CheckState.Unchecked)
        ids.append(shelved.page.pack_form.pack(TODAY).id)
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(ids) - 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in ids)


def test_escape_goes_back_to_the_strips_and_keeps_what_was_typed(shelved: Shelved) -> None:
    shelved.press("libraryHandOut")
    shelved.type("libraryPackTitle", "Tuesday")
    QTest.keyClick(shelved.find(QLineEdit, "libraryPackTitle"), Qt.Key.Key_Escape)
    assert shelved.page.strips.isVisible()
    assert shelved.page.strips.strips.hasFocus()
    shelved.press("libraryHandOut")
    assert shelved.find(QLineEdit, "libraryPackTitle").text() == "Tuesday"


def test_a_new_strip_is_listed_when_the_page_is_turned_to_again(shelved: Shelved) -> None:
    shelved.shelf.strips.append(replace(STRIPS[0], id=StripId("late"), title="Late"))
    shelved.controller.refresh()
    shelved.wait_until(lambda: shelved.listed[-1] == "late")


def test_a_shelf_that_cannot_be_read_is_told(shelved: Shelved) -> None:
    shelved.shelf.unreadable = RecordError("The folder of strips cannot be read.")
    shelved.controller.refresh()
    shelved.wait_for("The folder of strips cannot be read.")

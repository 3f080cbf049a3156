import csv
import io
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.library.coverage_view import CoverageView
from rhythmtrainer.gui.library.words import total_coverage
from rhythmtrainer.model import RhythmId
from tests.gui.conftest import RHYTHMS, visible_text
from tests.support.fake_library import COVERAGE, coverage

pytestmark = pytest.mark.gui


@pytest.fixture
def view(qtbot: QtBot) -> CoverageView:
    view = CoverageView()
    qtbot.addWidget(view)
    view.resize(770, 500)
    view.show_coverage(COVERAGE, RHYTHMS)
    view.show()
    qtbot.waitExposed(view)
    return view


def cells(view: CoverageView, rhythm: RhythmId) -> list[str]:
    model, row = view.table.model(), view.table.keys.index(rhythm)
    return [model.index(row, column).data() for column in range(model.columnCount())]


def keep(view: CoverageView, letters: str) -> None:
    field = view.findChild(QLineEdit, "libraryCoverageFilter")
    assert field is not None
    field.setText(letters)


def order_by(view: CoverageView, text: str) -> None:
    box = view.findChild(QComboBox, "libraryCoverageOrder")
    assert box is not None
    box.setFocus()
    place = box.findText(text)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def copied(view: CoverageView, name: str) -> str:
    button = view.findChild(QPushButton, name)
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    return QGuiApplication.clipboard().text()


def as_listed(rhythms: Sequence[str]) -> bool:
    order = list(RhythmId)
    places = [order.index(RhythmId(rhythm)) for rhythm in rhythms]
    return places == sorted(places)


def test_all_rhythms_are_listed_in_their_order(view: CoverageView) -> None:
    assert view.table.keys == tuple(RhythmId)


def test_each_rhythm_says_how_much_there_is_of_it(view: CoverageView) -> None:
    name = RHYTHMS[RhythmId.WPW].name
    assert cells(view, RhythmId.WPW) == [name, "1,400", "233", "140", "46", "small, huge"]


def test_where_only_simulation_serves_it_says_so(view: CoverageView) -> None:
    shown = cells(view, RhythmId.NORMAL_SINUS_RHYTHM)
    assert shown[1:] == ["-", "-", "-", "-", "only simulated"]
    assert "For 18 rhythms only simulation serves." in visible_text(view)


def test_totals_count_real_recordings_only() -> None:
    rows = [
        coverage(RhythmId.SVT, 1200, "small"),
        coverage(RhythmId.AVB1, 5, "small"),
        coverage(RhythmId.PEA),
    ]
    assert total_coverage(rows) == (
        "Real recordings show 2 of 3 rhythms: 1,205 excerpts of ten seconds, 201 minutes in all. "
        "For 1 rhythm only simulation serves."
    )


def test_nothing_is_said_of_simulation_where_recordings_show_all() -> None:
    assert "simulation" not in total_coverage([coverage(RhythmId.SVT, 12, "small")])


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("wenckebach", RhythmId.AVB2_TYPE1),
        ("TORSADES", RhythmId.TORSADES),
        ("block type i (", RhythmId.AVB2_TYPE1),
        ("huge", RhythmId.SINUS_BRADYCARDIA),
        ("simulated", RhythmId.NORMAL_SINUS_RHYTHM),
    ],
)
def test_letters_find_names_databases_and_what_is_simulated(
    view: CoverageView, letters: str, found: RhythmId
) -> None:
    keep(view, letters)
    assert found in view.table.keys
    assert len(view.table.keys) < len(RhythmId)
    assert f"{len(view.table.keys)} of 53 rhythms shown." in visible_text(view)
    keep(view, "")
    assert view.table.keys == tuple(RhythmId)


def test_letters_that_nothing_has_are_told(view: CoverageView) -> None:
    keep(view, "zzz")
    assert view.table.keys == ()
    assert "No rhythm and no database has these letters" in visible_text(view)


def test_the_row_stays_the_current_one_while_the_table_is_filtered_and_sorted(
    view: CoverageView,
) -> None:
    assert view.table.go_to(RhythmId.SVT)
    keep(view, "tachycardia")
    order_by(view, "by excerpts")
    assert view.table.current == RhythmId.SVT


def test_amounts_are_sorted_with_the_largest_first_and_the_list_comes_back(
    view: CoverageView,
) -> None:
    order_by(view, "by excerpts")
    excerpts = {row.rhythm: row.excerpts for row in COVERAGE}
    shown = [excerpts[RhythmId(key)] for key in view.table.keys]
    assert shown == sorted(shown, reverse=True)
    order_by(view, "as listed")
    assert as_listed(view.table.keys)


def test_names_are_sorted_as_in_a_dictionary(view: CoverageView) -> None:
    order_by(view, "by rhythm")
    names = [RHYTHMS[RhythmId(key)].name.casefold() for key in view.table.keys]
    assert names == sorted(names)


def test_a_click_on_a_heading_sorts_and_the_choice_follows(view: CoverageView) -> None:
    header = view.table.horizontalHeader()
    middle = header.sectionViewportPosition(1) + header.sectionSize(1) // 2
    clicked = header.viewport().rect().topLeft()
    clicked.setX(middle)
    clicked.setY(header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=clicked)
    assert view.table.keys != tuple(RhythmId)
    box = view.findChild(QComboBox, "libraryCoverageOrder")
    assert box is not None
    assert box.currentText() == "by excerpts"


def test_what_is_shown_is_copied_as_csv(view: CoverageView) -> None:
    keep(view, "sinus")
    rows = list(csv.DictReader(io.StringIO(copied(view, "libraryCopyCsv"))))
    assert tuple(row["rhythm"] for row in rows) == view.table.keys
    brady = next(row for row in rows if row["rhythm"] == RhythmId.SINUS_BRADYCARDIA)
    assert brady == {
        "rhythm": "sinus_bradycardia",
        "name": "Sinus bradycardia",
        "excerpts": "100",
        "minutes": "16.7",
        "patients": "10",
        "exam_patients": "3",
        "databases": "small huge",
    }
    said = view.findChild(QLabel, "libraryCoverageSaid")
    assert said is not None
    assert said.text() == f"Copied {len(rows)} rhythms."


def test_the_text_lines_up(view: CoverageView) -> None:
    lines = copied(view, "libraryCopyText").splitlines()
    assert len(lines) == 1 + len(RhythmId)
    column = lines[0].index("excerpts")
    assert all(line[column - 1] == " " != line[column] for line in lines)


def test_ctrl_f_goes_to_the_filter(view: CoverageView, qtbot: QtBot) -> None:
    view.activateWindow()
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = view.findChild(QLineEdit, "libraryCoverageFilter")
    assert field is not None
    qtbot.waitUntil(field.hasFocus)

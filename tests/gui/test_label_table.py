from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.recordings.table_choices import split_again
from rhythmtrainer.gui.recordings.table_form import TableForm
from rhythmtrainer.model import LeadName, TableGuess, TableLayout
from rhythmtrainer.model.table_layout import Column
from tests.gui.conftest import visible_text
from tests.support.fake_recordings import TABLE

pytestmark = pytest.mark.gui


class Asked:
    """The form, and what was confirmed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.form = TableForm()
        qtbot.addWidget(self.form)
        self.form.resize(900, 600)
        self.form.show()
        self.confirmed: list[TableLayout] = []
        self.form.confirmed.connect(self.confirmed.append)

    def show(self, guess: TableGuess = TABLE) -> None:
        self.form.show_guess("table.csv", guess)

    def choose(self, name: str, text: str) -> None:
        choice = self.form.findChild(QComboBox, name)
        assert choice is not None, name
        place = choice.findText(text)
        assert place >= 0, text
        choice.setCurrentIndex(place)
        choice.activated.emit(place)

    def name_lead(self, column: int, text: str) -> None:
        choice = self.form.findChild(QComboBox, f"tableLead{column}")
        assert choice is not None
        choice.setCurrentText(text)

    @property
    def read(self) -> QPushButton:
        button = self.form.findChild(QPushButton, "tableReadButton")
        assert button is not None
        return button

    @property
    def fault(self) -> str:
        label = self.form.findChild(QLabel, "tableFaults")
        assert label is not None
        return label.text()

    @property
    def table(self) -> QTableWidget:
        table = self.form.findChild(QTableWidget)
        assert table is not None
        return table


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked(qtbot)


def test_what_was_guessed_is_confirmed_as_it_is(asked: Asked) -> None:
    asked.show()
    asked.read.click()
    assert asked.confirmed == [TABLE.layout]


def test_doubts_are_shown_as_sentences(asked: Asked) -> None:
    asked.show()
    assert TABLE.doubts[0] in visible_text(asked.form)


def test_the_rows_follow_another_delimiter(asked: Asked) -> None:
    asked.show()
    assert asked.table.columnCount() == 3
    asked.choose("tableDelimiter", "Tab")
    assert asked.table.columnCount() == 1
    assert not asked.read.isEnabled()
    asked.choose("tableDelimiter", "Semicolon")
    assert asked.table.columnCount() == 3


def test_another_decimal_sign_is_refused_where_the_numbers_contradict_it(asked: Asked) -> None:
    asked.show()
    asked.choose("tableDecimal", "Point  1.5")
    assert "no number" in asked.fault
    asked.read.click()
    assert asked.confirmed == []


def test_a_full_stop_is_no_decimal_comma(asked: Asked) -> None:
    asked.show(replace(TABLE, preview=(("t", "a", "b"), ("0,0", "1.234", "0,1"))))
    assert "“1.234”, no number" in asked.fault


def test_leads_are_named_and_left_out(asked: Asked) -> None:
    asked.show()
    asked.name_lead(2, "V5")
    asked.name_lead(3, "not read")
    asked.choose("tableUnits2", "µV")
    asked.read.click()
    assert asked.confirmed[0].columns == (Column(1, LeadName("V5"), "uV"),)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("not read", "", "Name at least one column"), ("II", "ii", "More than one column")],
)
def test_leads_that_cannot_be_are_told(asked: Asked, first: str, second: str, said: str) -> None:
    asked.show()
    asked.name_lead(2, first)
    asked.name_lead(3, second)
    assert said in asked.fault
    assert not asked.read.isEnabled()


def test_another_unit_of_time_is_another_rate(asked: Asked) -> None:
    asked.show()
    asked.choose("tableTimeUnit", "milliseconds")
    rate = asked.form.findChild(QDoubleSpinBox, "tableRate")
    assert rate is not None
    assert rate.value() == pytest.approx(100_000.0)
    assert "samples per second" in asked.fault


def test_a_table_without_times_has_a_rate(asked: Asked) -> None:
    asked.show()
    asked.choose("tableTimeColumn", "None: evenly sampled")
    asked.name_lead(1, "not read")
    rate = asked.form.findChild(QDoubleSpinBox, "tableRate")
    assert rate is not None
    rate.setValue(360.0)
    asked.read.click()
    assert asked.confirmed[0].time_column is None
    assert asked.confirmed[0].fs == pytest.approx(360.0)


def test_rows_without_samples_are_told(asked: Asked) -> None:
    asked.show()
    skipped = asked.form.findChild(QSpinBox, "tableSkippedRows")
    assert skipped is not None
    skipped.setValue(0)
    assert "Row 1 of column 2 holds “I”, no number." in asked.fault


def test_a_guess_with_unusual_signs_is_shown_as_it_is(asked: Asked) -> None:
    layout = replace(TABLE.layout, delimiter="~", time_unit_s=0.5)
    asked.show(replace(TABLE, layout=layout))
    asked.read.click()
    assert asked.confirmed == [layout]


def test_a_table_of_ten_thousand_columns_is_shown_in_part(asked: Asked) -> None:
    row = ("0,5",) * 10_000
    asked.show(TableGuess(replace(TABLE.layout, skipped_rows=0), (row, row), ()))
    assert asked.table.columnCount() == 64
    assert "first 64 columns" in visible_text(asked.form)


def test_an_empty_table_cannot_be_read(asked: Asked) -> None:
    asked.show(TableGuess(replace(TABLE.layout, columns=()), (), ()))
    assert not asked.read.isEnabled()


def test_samples_below_a_long_preamble_can_be_read(asked: Asked) -> None:
    layout = replace(TABLE.layout, skipped_rows=40)
    asked.show(TableGuess(layout, (("Recorded by", ""),) * 12, ()))
    assert "The samples begin in row 41" in visible_text(asked.form)
    asked.read.click()
    assert asked.confirmed == [layout]


def test_cells_are_cut_again() -> None:
    assert split_again((("a b", "c"),), "\t", " ") == (("a", "b", "c"),)
    assert split_again((("a", "b"),), ",", ";") == (("a,b",),)

"""What the catalogue holds of every rhythm, and where only simulation serves."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from rhythmtrainer.gui.library import words
from rhythmtrainer.gui.library.controls import button
from rhythmtrainer.gui.library.listing import Amount, Column, Listing, Row
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import OneLine, wrapping_label
from rhythmtrainer.model import Rhythm, RhythmCoverage, RhythmId

_COLUMNS: Final = (
    Column("Rhythm", share=5),
    Column("Excerpts", "Ten-second windows that do not overlap", number=True),
    Column("Minutes", "Length of all stretches together", number=True),
    Column("Patients", "People who were recorded", number=True),
    Column("In exam", "How many of these people are asked about in exams only", number=True),
    Column("Databases", "The one with most excerpts first", share=4),
)
_FACTS: Final = ("rhythm", "name", "excerpts", "minutes", "patients", "exam_patients", "databases")
_FILTER_WIDTH: Final = 60 * UNIT


class CoverageView(QWidget):
    """Shows all rhythms in the order in which they are listed, or sorted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryCoverage")
        self._rows: dict[str, RhythmCoverage] = {}
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self.table = Listing("libraryCoverageTable", "What the catalogue covers", _COLUMNS)
        self._filter = QLineEdit()
        self._filter.setObjectName("libraryCoverageFilter")
        self._filter.setAccessibleName("Show only rhythms and databases with these letters")
        self._filter.setPlaceholderText("Filter: a rhythm or a database")
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(_FILTER_WIDTH)
        self._filter.textChanged.connect(self.table.show_only)
        self._filter.textChanged.connect(self._tell_shown)
        self._order = QComboBox()
        self._order.setObjectName("libraryCoverageOrder")
        self._order.setAccessibleName("Order of the rhythms")
        self._order.addItem("as listed")
        self._order.addItems([f"by {words.small(column.title)}" for column in _COLUMNS])
        self._order.activated.connect(self._sort)
        header = self.table.horizontalHeader()
        header.sortIndicatorChanged.connect(lambda at, _: self._order.setCurrentIndex(at + 1))
        self._total = wrapping_label()
        self._total.setObjectName("libraryCoverageTotal")
        self._said = OneLine()
        self._said.setObjectName("libraryCoverageSaid")
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self._filter.setFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * UNIT)
        order = QLabel("Order")
        order.setBuddy(self._order)
        head.addWidget(self._filter, 1)
        head.addWidget(order)
        head.addWidget(self._order)
        head.addStretch(1)
        for name, label, write in (
            ("libraryCopyText", "Copy as text", _as_text),
            ("libraryCopyCsv", "Copy as CSV", _as_csv),
        ):
            copy = button(name, label)
            copy.clicked.connect(lambda _=False, write=write: self._copy(write))
            head.addWidget(copy)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        whole.addWidget(self._total)
        whole.addLayout(head)
        whole.addWidget(self.table, 1)
        whole.addWidget(self._said)

    def show_coverage(
        self, rows: Sequence[RhythmCoverage], rhythms: Mapping[RhythmId, Rhythm]
    ) -> None:
        """Fill the table."""
        self._rows = {row.rhythm: row for row in rows}
        self._rhythms = rhythms
        self._total.setText(words.total_coverage(rows))
        self.table.show_rows([_row(row, rhythms[row.rhythm]) for row in rows])
        self._tell_shown()

    def take_focus(self) -> None:
        """Put the focus where the view is used from."""
        self.table.setFocus()

    def show_fault(self, sentence: str) -> None:
        """Say why it is not known what the catalogue covers."""
        self._total.setText(sentence)

    def _sort(self, place: int) -> None:
        # Who asks for amounts looks for the largest.
        most_first = place > 0 and _COLUMNS[place - 1].number
        order = Qt.SortOrder.DescendingOrder if most_first else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(place - 1, order)

    def _tell_shown(self) -> None:
        shown = len(self.table.keys)
        few = f"{shown} of {words.many(len(self._rows), 'rhythm')} shown."
        nothing = "No rhythm and no database has these letters in its name."
        all_ = shown == len(self._rows)
        self._said.say("" if all_ else few if shown else nothing)

    def _copy(self, write: Callable[[Sequence[Sequence[str]]], str]) -> None:
        rows = [self._rows[key] for key in self.table.keys]
        facts = [_facts(row, self._rhythms[row.rhythm]) for row in rows]
        QGuiApplication.clipboard().setText(write([_FACTS, *facts]))
        self._said.say(f"Copied {words.many(len(rows), 'rhythm')}.")


def _row(row: RhythmCoverage, rhythm: Rhythm) -> Row:
    some = bool(row.databases)
    counts = [
        Amount(count, f"{count:,}" if some else words.NONE)
        for count in (row.excerpts, row.patients, row.exam_patients)
    ]
    minutes = Amount(row.minutes, words.minutes(row.minutes) if some else words.NONE)
    return Row(
        row.rhythm,
        (
            rhythm.name,
            counts[0],
            minutes,
            *counts[1:],
            ", ".join(row.databases) if some else words.SIMULATION_ONLY,
        ),
        " ".join((rhythm.abbreviation, *rhythm.synonyms)),
    )


def _facts(row: RhythmCoverage, rhythm: Rhythm) -> tuple[str, ...]:
    return (
        row.rhythm,
        rhythm.name,
        str(row.excerpts),
        f"{row.minutes:.1f}",
        str(row.patients),
        str(row.exam_patients),
        " ".join(row.databases) or "only simulated",
    )


def _as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return a table that lines up wherever all letters are equally wide."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"


def _as_csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

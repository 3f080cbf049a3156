"""Asking how a table of numbers is to be read: what was guessed, beside its first rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.recordings.heading import Heading
from rhythmtrainer.gui.recordings.table_choices import (
    MOST_COLUMNS,
    Rows,
    adjusted,
    faults,
    lead_in,
    width_of,
    with_leads,
)
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.text import set_or_hide, wrapping_label
from rhythmtrainer.model import STANDARD_LEADS, TableGuess, TableLayout

_DELIMITERS: Final = (
    (",", "Comma"),
    (";", "Semicolon"),
    ("\t", "Tab"),
    (" ", "Spaces"),
    ("|", "Bar"),
)
_DECIMALS: Final = ((".", "Point  1.5"), (",", "Comma  1,5"))
_TIME_UNITS: Final = (
    (1.0, "seconds"),
    (1e-3, "milliseconds"),
    (1e-6, "microseconds"),
    (60.0, "minutes"),
)
_UNITS: Final = (("mV", "mV"), ("uV", "µV"), ("V", "V"))
_NO_TIME: Final = "None: evenly sampled"
_NOT_READ: Final = "not read"
# Above the first rows of the file.
_LEAD_ROW, _UNITS_ROW, _CHOICE_ROWS = 0, 1, 2
_CHOICES_A_ROW: Final = 3
_COLUMN_PX: Final = 26 * UNIT
_MOST_RATE_TYPED: Final = 100_000.0
_NOTHING: Final = TableGuess(
    TableLayout("utf-8", ",", ".", 0, time_column=None, time_unit_s=1.0, fs=250.0, columns=()),
    preview=(),
    doubts=(),
)


class TableForm(QWidget):
    """Shows how a table seems to be laid out; nothing is read before that was confirmed.

    Signals
    -------
    confirmed
        The table is to be read like this.
    left
        The user would rather not.
    """

    confirmed = Signal(TableLayout)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tableForm")
        self._guess = _NOTHING
        self._filling = False
        self._unit_s = self._guess.layout.time_unit_s
        self._leads: dict[int, QComboBox] = {}
        self._units: dict[int, QComboBox] = {}
        self._title = Heading()
        self._doubts = wrapping_label()
        self._doubts.setObjectName("tableDoubts")
        self._delimiter = self._choice("tableDelimiter", "Between the cells", _DELIMITERS)
        self._decimal = self._choice("tableDecimal", "Decimal sign", _DECIMALS)
        self._skipped = QSpinBox()
        self._skipped.setObjectName("tableSkippedRows")
        self._skipped.setAccessibleName("Rows before the first sample")
        self._time = self._choice("tableTimeColumn", "Time in column", ())
        self._time_unit = self._choice("tableTimeUnit", "Time counted in", _TIME_UNITS)
        self._rate = QDoubleSpinBox()
        self._rate.setObjectName("tableRate")
        self._rate.setAccessibleName("Samples per second")
        self._rate.setDecimals(3)
        self._rate.setRange(0.001, _MOST_RATE_TYPED)
        self._table = QTableWidget()
        self._table.setObjectName("tablePreview")
        self._table.setAccessibleName("First rows of the table, with the leads they hold")
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setTabKeyNavigation(False)
        self._table.setFont(tabular_font())
        self._faults = wrapping_label()
        self._faults.setObjectName("tableFaults")
        self._read = QPushButton("Read it like this")
        self._read.setObjectName("tableReadButton")
        self._read.setProperty("role", "primary")
        self._read.setAutoDefault(True)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("tableCancelButton")
        self._cancel.setAutoDefault(True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(4 * UNIT)
        choices.setVerticalSpacing(UNIT)
        for place, widget in enumerate(
            (self._delimiter, self._decimal, self._skipped, self._time, self._time_unit, self._rate)
        ):
            row, place_in_row = divmod(place, _CHOICES_A_ROW)
            label = QLabel(widget.accessibleName())
            label.setProperty("role", "quiet")
            label.setBuddy(widget)
            choices.addWidget(label, 2 * row, place_in_row)
            choices.addWidget(widget, 2 * row + 1, place_in_row)
            choices.setColumnStretch(place_in_row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * UNIT)
        buttons.addWidget(self._faults, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * UNIT)
        column.addWidget(self._title)
        column.addWidget(self._doubts)
        column.addLayout(choices)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._delimiter.activated.connect(lambda _: self._fill_table())
        self._decimal.activated.connect(lambda _: self._check())
        self._time.activated.connect(lambda _: self._fill_table())
        self._time_unit.activated.connect(self._scale_rate)
        self._skipped.valueChanged.connect(lambda _: self._fade_rows())
        self._rate.valueChanged.connect(lambda _: self._check())
        self._read.clicked.connect(self._confirm)
        self._cancel.clicked.connect(self.left)

    def show_guess(self, name: str, guess: TableGuess) -> None:
        """Show what was guessed about the table in a file."""
        self._guess = guess
        layout = guess.layout
        self._filling = True
        self._title.say(f"How is {name} to be read?")
        doubts = list(guess.doubts)
        if any(len(row) > MOST_COLUMNS for row in guess.preview):
            doubts.append(f"Only the first {MOST_COLUMNS} columns can be read.")
        if 0 < len(guess.preview) <= layout.skipped_rows:
            doubts.append(
                f"The samples begin in row {layout.skipped_rows + 1}, below what is seen."
            )
        set_or_hide(self._doubts, "\n".join(f"•  {doubt}" for doubt in doubts))
        _select(self._delimiter, layout.delimiter, repr(layout.delimiter))
        _select(self._decimal, layout.decimal, layout.decimal)
        self._skipped.setRange(0, max(len(guess.preview) - 1, layout.skipped_rows))
        self._skipped.setValue(layout.skipped_rows)
        self._time.clear()
        _select(self._time_unit, layout.time_unit_s, f"{layout.time_unit_s:g} s")
        self._unit_s = layout.time_unit_s
        self._rate.setValue(layout.fs)
        self._filling = False
        self._fill_table(first=True)
        self._read.setFocus()

    @property
    def chosen(self) -> TableLayout:
        """How the table is to be read, as the form says now."""
        bare = replace(
            self._guess.layout,
            delimiter=self._delimiter.currentData(),
            decimal=self._decimal.currentData(),
            skipped_rows=self._skipped.value(),
            time_column=self._time.currentData(),
            time_unit_s=self._time_unit.currentData(),
            fs=self._rate.value(),
        )
        leads = {column: choice.currentText() for column, choice in self._leads.items()}
        units = {column: choice.currentData() for column, choice in self._units.items()}
        leads = {column: "" if name == _NOT_READ else name for column, name in leads.items()}
        return with_leads(bare, leads, units)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the table cannot be read like this."""
        chosen = self.chosen
        return faults(chosen, adjusted(self._guess, chosen))

    def _confirm(self) -> None:
        if not self.faults:
            self.confirmed.emit(self.chosen)

    def _scale_rate(self) -> None:
        """Another unit of time means another rate."""
        unit_s = self._time_unit.currentData()
        if self._time.currentData() is not None:
            self._rate.setValue(self._rate.value() * self._unit_s / unit_s)
        self._unit_s = unit_s
        self._check()

    def _fill_table(self, *, first: bool = False) -> None:
        """Show the rows as they are cut now, and ask what each column holds."""
        self._filling = True
        known = {column.index: column for column in self._guess.layout.columns} if first else {}
        kept = {column: choice.currentText() for column, choice in self._leads.items()}
        kept_units = {column: choice.currentData() for column, choice in self._units.items()}
        delimiter = self._delimiter.currentData()
        rows = adjusted(self._guess, replace(self._guess.layout, delimiter=delimiter))
        columns = width_of(rows, self._guess.layout if first else _NOTHING.layout)
        self._fill_time(columns, first=first)
        self._show_cells(rows, columns)
        self._leads, self._units = {}, {}
        for column in range(columns):
            lead, units = lead_in(rows, column, self._skipped.value()), "mV"
            if first:
                found = known.get(column)
                lead, units = (found.lead, found.units) if found else ("", "mV")
            elif column in kept:
                lead, units = kept[column], kept_units[column]
            self._ask_column(column, lead or _NOT_READ, units)
        self._filling = False
        self._fade_rows()

    def _fill_time(self, columns: int, *, first: bool) -> None:
        wanted = self._guess.layout.time_column if first else self._time.currentData()
        self._time.clear()
        self._time.addItem(_NO_TIME, None)
        for column in range(columns):
            self._time.addItem(f"Column {column + 1}", column)
        self._time.setCurrentIndex(0 if wanted is None or wanted >= columns else wanted + 1)

    def _show_cells(self, rows: Rows, columns: int) -> None:
        table = self._table
        table.clear()
        table.setColumnCount(columns)
        table.setRowCount(_CHOICE_ROWS + len(rows))
        table.setHorizontalHeaderLabels([f"Column {column + 1}" for column in range(columns)])
        names = ["Lead", "Units", *(f"{row + 1}" for row in range(len(rows)))]
        table.setVerticalHeaderLabels(names)
        for place, row in enumerate(rows, start=_CHOICE_ROWS):
            for column, text in enumerate(row[:columns]):
                table.setItem(place, column, QTableWidgetItem(text))

    def _ask_column(self, column: int, lead: str, units: str) -> None:
        name = QComboBox()
        name.setEditable(True)
        name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        name.addItems([_NOT_READ, *STANDARD_LEADS])
        name.setCurrentText(lead)
        name.setObjectName(f"tableLead{column + 1}")
        name.setAccessibleName(f"Lead in column {column + 1}")
        name.currentTextChanged.connect(lambda _: self._check())
        choice = self._choice(f"tableUnits{column + 1}", f"Units of column {column + 1}", _UNITS)
        _select(choice, units, units)
        choice.activated.connect(lambda _: self._check())
        is_time = column == self._time.currentData()
        name.setEnabled(not is_time)
        choice.setEnabled(not is_time)
        if is_time:
            name.setCurrentText("time")
        elif lead == "time":
            name.setCurrentText(_NOT_READ)
        self._leads[column], self._units[column] = name, choice
        self._table.setCellWidget(_LEAD_ROW, column, name)
        self._table.setCellWidget(_UNITS_ROW, column, choice)
        self._table.setColumnWidth(column, _COLUMN_PX)

    def _fade_rows(self) -> None:
        """Draw rows that are not read as such."""
        if self._filling:
            return
        palette = self.palette()
        read, not_read = palette.text(), palette.placeholderText()
        for row in range(_CHOICE_ROWS, self._table.rowCount()):
            skipped = row - _CHOICE_ROWS < self._skipped.value()
            for column in range(self._table.columnCount()):
                item = self._table.item(row, column)
                if item is not None:
                    font = item.font()
                    font.setItalic(skipped)
                    item.setFont(font)
                    item.setForeground(not_read if skipped else read)
        self._check()

    def _check(self) -> None:
        """Say what is wrong, and let the table be read if nothing is."""
        if self._filling:
            return
        found = self.faults
        self._faults.setText(" ".join(found))
        self._read.setEnabled(not found)
        self._time_unit.setEnabled(self._time.currentData() is not None)

    def _choice(self, name: str, label: str, items: Sequence[tuple[Any, str]]) -> QComboBox:
        choice = QComboBox()
        choice.setObjectName(name)
        choice.setAccessibleName(label)
        for value, text in items:
            choice.addItem(text, value)
        return choice


def _select(choice: QComboBox, value: object, text: str) -> None:
    """Show a value, also one that nobody offered."""
    values = [choice.itemData(place) for place in range(choice.count())]
    if value not in values:
        choice.addItem(text, value)
        values.append(value)
    choice.setCurrentIndex(values.index(value))

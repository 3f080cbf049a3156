"""Tables of numbers in text files, read as a person confirmed that they are laid out."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Database, RecordError, TableLayout
from rhythmtrainer.records.files.opened import LEAST_FS, MOST_FS, Facts, OpenedFile, Track
from rhythmtrainer.records.files.source import provenance_of
from rhythmtrainer.records.files.table_personal import personal_kinds
from rhythmtrainer.records.files.table_rows import Lines, find_lines
from rhythmtrainer.records.files.table_text import (
    DAY_S,
    cells_of,
    decimals_of,
    number_of,
    read_head,
    seconds_of,
)
from rhythmtrainer.records.signals.units import millivolts_in
from rhythmtrainer.training.cancel import Cancel

_MOST_COLUMNS: Final = 512
_LONGEST_NAME: Final = 20
# Lines behind the samples, as some programs write them, and a last line that was cut off.
_MOST_FOOTER: Final = 40
# Where the times are compared with the sampling rate when a table is opened.
_TIMES_COMPARED: Final = 17
# A clock may run this much faster or slower than the sampling rate says, and single times may
# stray by some samples; what strays further is a gap or a wrong rate.
_DRIFT: Final = 2e-4
_STRAY_SAMPLES: Final = 2.5
_STRAY_STEPS: Final = 1.5
_TOLD_STEPS: Final = 0.6


def open_table(
    file: Path,
    layout: TableLayout,
    databases: Mapping[tuple[str, str], Database],
    cancel: Cancel,
) -> OpenedFile:
    """Open a table.

    Raises
    ------
    RecordError
        If it is no table, or not laid out so.
    OSError
        If it cannot be read.
    CancelledError
        If `cancel` was thrown.
    """
    check_layout(layout, file.name)
    head = read_head(file)
    rows = _Rows(file.name, layout, find_lines(file, head.newline, cancel))
    facts = Facts(
        file.name,
        provenance_of(file, databases, "table"),
        personal_kinds(head.lines, layout),
        (*rows.repairs, *rows.compare_times()),
    )
    return _TableFile(facts, rows)


def check_layout(layout: TableLayout, file: str) -> None:
    """Make sure that a table can be read like this.

    Raises
    ------
    RecordError
        If it cannot; says all that is wrong.
    """
    indices = [column.index for column in layout.columns]
    leads = [column.lead for column in layout.columns]
    faults = {
        "no column is a lead": not indices,
        f"more than {_MOST_COLUMNS} columns are leads": len(indices) > _MOST_COLUMNS,
        "a column is used twice": len(set(indices)) < len(indices) or layout.time_column in indices,
        "a column lies left of the first": min([*indices, layout.time_column or 0], default=0) < 0,
        "two leads bear one name": len(set(leads)) < len(leads),
        "a lead has no name, or a long one": any(
            not lead.strip() or len(lead) > _LONGEST_NAME or not lead.isprintable()
            for lead in leads
        ),
        "a unit is no voltage": any(
            millivolts_in(column.units) is None for column in layout.columns
        ),
        f"the sampling rate is not between {LEAST_FS:g} and {MOST_FS:g} per second": (
            not LEAST_FS <= layout.fs <= MOST_FS
        ),
        "the delimiter is not one character": len(layout.delimiter) != 1,
        "the decimal sign is neither point nor comma": layout.decimal not in (".", ","),
        "delimiter and decimal sign are the same": layout.delimiter == layout.decimal,
        "a negative number of rows is to be skipped": layout.skipped_rows < 0,
        "the unit of time is not above 0": layout.time_column is not None
        and not 0 < layout.time_unit_s < math.inf,
    }
    found = [fault for fault, is_so in faults.items() if is_so]
    if found:
        raise RecordError(f"{file} cannot be read like this: {', '.join(found)}.")


class _Rows:
    """The rows of a table that hold samples.

    Attributes
    ----------
    count
        How many samples there are.
    """

    def __init__(self, name: str, layout: TableLayout, lines: Lines) -> None:
        self.layout = layout
        self.repairs: list[str] = []
        self._name = name
        self._lines = lines
        self._needed = max(column.index for column in layout.columns)
        self.count = self._without_footer(lines.count - layout.skipped_rows)
        first = self._read(0, 1)[0]
        self._check_row(0, first)
        self._start_s = self._time(0, first)

    def values(self, columns: Sequence[int], first: int, end: int) -> NDArray[np.float64]:
        """Return the numbers in some columns, shape ``(columns, end - first)``.

        Raises
        ------
        RecordError
            If a cell holds something else, or the times do not fit the sampling rate.
        """
        lines = self._read(first, end)
        for place in (0, len(lines) - 1):
            self._stray_s(first + place, lines[place])
        values = self._parsed(lines, columns)
        if values is None:
            values = np.array(
                [self._cells(first + place, line, columns) for place, line in enumerate(lines)]
            )
        return values.T

    def compare_times(self) -> tuple[str, ...]:
        """Compare some times with the sampling rate, and say how far they stray.

        Raises
        ------
        RecordError
            If they stray so far that they are not regular.
        """
        if self.layout.time_column is None:
            return ()
        places = np.unique(np.linspace(0, self.count - 1, _TIMES_COMPARED).astype(int))
        strays = [
            self._stray_s(int(place), self._read(int(place), int(place) + 1)[0]) for place in places
        ]
        most = max(strays)
        if most <= _TOLD_STEPS / self.layout.fs:
            return ()
        return (
            f"The times stray by up to {most * 1000:.3g} ms: samples are shown in equal steps of"
            f" {1000 / self.layout.fs:.4g} ms.",
        )

    def _without_footer(self, rows: int) -> int:
        """Return how many rows there are up to the last one that holds samples."""
        if rows > 0:
            looked = min(rows, _MOST_FOOTER)
            tail = self._read(rows - looked, rows)
            for behind, line in enumerate(reversed(tail)):
                if self._holds_samples(line):
                    if any(line.strip() for line in tail[looked - behind :]):
                        self.repairs.append("What stands behind the samples was left out.")
                    return rows - behind
        raise RecordError(f"{self._name} has no row of numbers where they are looked for.")

    def _holds_samples(self, line: str) -> bool:
        cells = cells_of(line, self.layout.delimiter)
        if len(cells) <= self._needed:
            return False
        numbers = [
            number_of(cells[column.index], self.layout.decimal) for column in self.layout.columns
        ]
        # A line of gaps alone is no sign of samples.
        return None not in numbers and any(not math.isnan(number or 0) for number in numbers)

    def _read(self, first: int, end: int) -> list[str]:
        skipped = self.layout.skipped_rows
        lines = self._lines.read(first + skipped, end + skipped)
        # Numbers are written in ASCII, whatever the text around them is.
        return [line.decode("latin-1") for line in lines]

    def _parsed(self, lines: list[str], columns: Sequence[int]) -> NDArray[np.float64] | None:
        """Return the numbers if all lines are as they should be, which is quick to find out."""
        if self.layout.decimal != ".":
            if any("." in line for line in lines):
                return None
            lines = [line.replace(self.layout.decimal, ".") for line in lines]
        delimiter = None if self.layout.delimiter == " " else self.layout.delimiter
        try:
            values = np.loadtxt(
                lines, delimiter=delimiter, usecols=columns, comments=None, quotechar='"', ndmin=2
            )
        except ValueError:
            return None
        return values if len(values) == len(lines) else None

    def _cells(self, row: int, line: str, columns: Sequence[int]) -> list[float]:
        cells = cells_of(line, self.layout.delimiter) or [""]
        if len(cells) <= max(columns):
            raise self._fault(row, f"has {len(cells)} cells where {max(columns) + 1} are needed")
        numbers = [number_of(cells[column], self.layout.decimal) for column in columns]
        if None in numbers:
            cell = cells[columns[numbers.index(None)]]
            raise self._fault(row, f"holds {cell[:20]!r}, which is no number")
        return [number for number in numbers if number is not None]

    def _check_row(self, row: int, line: str) -> None:
        self._cells(row, line, [column.index for column in self.layout.columns])

    def _time(self, row: int, line: str) -> float:
        """Return the time of a row in seconds; 0 where there is no column of times."""
        column = self.layout.time_column
        if column is None:
            return 0.0
        cells = cells_of(line, self.layout.delimiter)
        cell = cells[column] if column < len(cells) else ""
        clock = seconds_of(cell)
        if clock is not None:
            return clock
        number = number_of(cell, self.layout.decimal)
        if number is None or not math.isfinite(number):
            raise self._fault(row, f"holds {cell[:30]!r}, which is no time")
        return number * self.layout.time_unit_s

    def _stray_s(self, row: int, line: str) -> float:
        """Return by how much the time of a row strays from the sampling rate."""
        column, fs = self.layout.time_column, self.layout.fs
        if column is None:
            return 0.0
        passed, wanted = self._time(row, line) - self._start_s, row / fs
        stray = abs(passed - wanted)
        cell = cells_of(line, self.layout.delimiter)[column]
        step = 10.0 ** -decimals_of(cell, self.layout.decimal)
        if seconds_of(cell) is None:
            step *= self.layout.time_unit_s
        else:
            # A clock without a date begins anew at midnight.
            stray = min(stray % DAY_S, -stray % DAY_S)
        if stray > max(_STRAY_SAMPLES / fs, _STRAY_STEPS * step, _DRIFT * wanted):
            raise self._fault(
                row,
                f"is at {passed:.6g} s by its time and at {wanted:.6g} s by {fs:.6g} samples per"
                " second: there is a gap, or the rate is another",
            )
        return stray

    def _fault(self, row: int, what: str) -> RecordError:
        return RecordError(f"Line {row + self.layout.skipped_rows + 1} of {self._name} {what}.")


class _TableFile(OpenedFile):
    """An open table."""

    # A line of text is much longer than the number in it.
    block_values: ClassVar[int] = 200_000

    def __init__(self, facts: Facts, rows: _Rows) -> None:
        columns, fs = rows.layout.columns, rows.layout.fs
        tracks = [Track(column.index, column.lead, fs, rows.count) for column in columns]
        super().__init__(facts, tracks)
        self._rows = rows
        self._factors = {column.index: millivolts_in(column.units) or 1.0 for column in columns}

    def _millivolts(self, indices: tuple[int, ...], first: int, end: int) -> NDArray[np.float64]:
        factors = np.array([self._factors[index] for index in indices])
        try:
            values = self._rows.values(indices, first, end)
        except OSError as error:
            raise RecordError(
                f"{self._facts.name} cannot be read: {error.strerror or error}."
            ) from error
        return np.asarray(values * factors[:, np.newaxis], dtype=np.float64)

"""What a person says about a table of numbers, apart from the widgets that ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import LeadName, TableGuess, TableLayout
from rhythmtrainer.model.lead import is_ecg_lead
from rhythmtrainer.model.table_layout import Column

LEAST_RATE, MOST_RATE = 50.0, 5000.0
"""Samples per second of a recording that is read."""

MOST_COLUMNS: Final = 64
"""Columns that can be looked at; more are no ECG."""

_LONGEST_CELL: Final = 24

Rows = tuple[tuple[str, ...], ...]


def split_again(rows: Rows, before: str, after: str) -> Rows:
    """Return the cells of some rows as another character between cells would have them.

    Examples
    --------
    >>> split_again((("0,1;0", "2"),), ",", ";")
    (('0,1', '0,2'),)
    """
    if before == after:
        return rows
    lines = (before.join(row) for row in rows)
    return tuple(tuple(line.split() if after == " " else line.split(after)) for line in lines)


def width_of(rows: Rows, layout: TableLayout) -> int:
    """Return how many columns are offered: all that are seen, and those that are read."""
    seen = max((len(row) for row in rows), default=0)
    read = max((column.index + 1 for column in layout.columns), default=0)
    return min(max(seen, read), MOST_COLUMNS)


def lead_in(rows: Rows, column: int, skipped_rows: int) -> str:
    """Return the name of a lead above the first sample of a column; empty if there is none."""
    heads = (row[column].strip() for row in rows[:skipped_rows] if column < len(row))
    return next((head for head in heads if head and is_ecg_lead(head)), "")


def with_leads(
    layout: TableLayout, leads: Mapping[int, str], units: Mapping[int, str]
) -> TableLayout:
    """Return a layout that reads these columns; those without a name are left out."""
    columns = tuple(
        Column(index, LeadName(name.strip()), units[index])
        for index, name in sorted(leads.items())
        if name.strip() and index != layout.time_column
    )
    return replace(layout, columns=columns)


def faults(layout: TableLayout, rows: Rows) -> tuple[str, ...]:
    """Return a sentence for each thing because of which a table cannot be read like this."""
    found = []
    if not layout.columns:
        found.append("Name at least one column as a lead.")
    names = [column.lead.casefold() for column in layout.columns]
    twice = sorted(
        {column.lead for column in layout.columns if names.count(column.lead.casefold()) > 1}
    )
    if twice:
        found.append(f"More than one column is called {' and '.join(twice)}.")
    if not LEAST_RATE <= layout.fs <= MOST_RATE:
        found.append(
            f"A recording has {LEAST_RATE:g} to {MOST_RATE:g} samples per second, "
            f"not {layout.fs:g}."
        )
    found.extend(_unread_cells(layout, rows[layout.skipped_rows :]))
    return tuple(found)


def _unread_cells(layout: TableLayout, rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a sentence about the first cell of a lead that holds no number."""
    if layout.delimiter == layout.decimal:
        return ["The same sign cannot part cells and the decimals of a number."]
    for place, row in enumerate(rows, start=layout.skipped_rows + 1):
        for column in layout.columns:
            cell = row[column.index].strip() if column.index < len(row) else ""
            if cell and not _is_number(cell, layout.decimal):
                shown = cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"
                return [f"Row {place} of column {column.index + 1} holds “{shown}”, no number."]
    return []


def _is_number(cell: str, decimal: str) -> bool:
    # A full stop in a number with decimal commas would be read as something else.
    if decimal != "." and "." in cell:
        return False
    try:
        float(cell.replace(decimal, "."))
    except ValueError:
        return False
    return True


def adjusted(guess: TableGuess, layout: TableLayout) -> Rows:
    """Return the first rows of a guessed table as a layout has them."""
    return split_again(guess.preview, guess.layout.delimiter, layout.delimiter)

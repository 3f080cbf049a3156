"""How a text seems to be cut into rows and columns."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.records.files.table_text import cells_of, number_of, seconds_of

# The signs between cells and in numbers that occur together, the likelier first.
_SIGNS: Final = (
    *((",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ",")),
    *(("|", "."), (" ", "."), (" ", ",")),
)
MOST_COLUMNS: Final = 512
_ROWS_LOOKED_AT: Final = 2000
# Of the cells of a column, so that a few gaps and notes do not hide what it is.
_MOSTLY: Final = 0.9
_LEAST_SCORE: Final = 0.5
# Above so many rows of numbers, so many others are damaged rows of the table, not a heading.
_LEAST_RUN: Final = 8
_MOST_DAMAGED: Final = 3
_FRACTION_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to cut a text into a table.

    Attributes
    ----------
    first_row
        The first line that holds numbers.
    columns
        How many cells a row has.
    numeric
        Which columns hold numbers, and which a clock.
    body
        The cells of all lines that were looked at, from the first that holds numbers on.
    score
        How well the lines fit, from 0 to 1.
    """

    delimiter: str
    decimal: str
    first_row: int
    columns: int
    numeric: tuple[int, ...]
    clocks: tuple[int, ...]
    body: tuple[tuple[str, ...], ...]
    score: float

    def column(self, index: int) -> NDArray[np.float64]:
        """Return the numbers of a column, NaN where a cell holds none."""
        cells = (row[index] if index < len(row) else "" for row in self.body)
        read = seconds_of if index in self.clocks else self._number
        numbers = (read(cell) for cell in cells)
        return np.array([np.nan if number is None else number for number in numbers])

    def _number(self, cell: str) -> float | None:
        return number_of(cell, self.decimal)


def find_shape(lines: Sequence[str]) -> tuple[Shape | None, str | None]:
    """Return how a text is best cut into a table, and a doubt about it.

    Parameters
    ----------
    lines
        The first lines of the file.
    """
    shapes = [shape for signs in _SIGNS if (shape := _shape(lines, *signs)) is not None]
    best = max(shapes, key=lambda shape: (round(shape.score, 2), shape.columns), default=None)
    if best is None or best.score < _LEAST_SCORE:
        return None, None
    if (best.delimiter, best.decimal, best.columns) == (",", ".", 2):
        alone = _shape(lines, ";", ",")
        if alone is not None and alone.score >= best.score and _could_be_fractions(best):
            return alone, "The commas were taken for decimal signs, not for signs between columns."
    return best, None


def _shape(lines: Sequence[str], delimiter: str, decimal: str) -> Shape | None:
    rows = [cells_of(line, delimiter) for line in lines[:_ROWS_LOOKED_AT]]
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        return None
    late = [row for row in rows[len(rows) // 2 :] if any(row)]
    if not late:
        return None
    columns = Counter(map(len, late)).most_common(1)[0][0]
    body = [row for row in late if len(row) == columns]
    numeric, clocks = [], []
    for index in range(columns):
        # A column of notes is empty but for them.
        cells = [row[index] for row in body if row[index]]
        if _share(number_of(cell, decimal) is not None for cell in cells) >= _MOSTLY:
            numeric.append(index)
        elif _share(seconds_of(row[index]) is not None for row in body) >= _MOSTLY:
            clocks.append(index)
    if not numeric:
        return None
    used = (*numeric, *clocks)
    first = _first_row(rows, columns, numeric, decimal)
    fitting = _share(len(row) == columns for row in rows[first:] if any(row))
    filled = [index for index in range(columns) if any(row[index] for row in body)]
    score = fitting * len([index for index in used if index in filled]) / max(len(filled), 1)
    body_rows = tuple(tuple(row) for row in rows[first:])
    return Shape(
        delimiter, decimal, first, columns, tuple(numeric), tuple(clocks), body_rows, score
    )


def _first_row(
    rows: Sequence[Sequence[str]], columns: int, numeric: Sequence[int], decimal: str
) -> int:
    """Return the first row from which on nearly all are rows of numbers, as far as the middle."""
    middle = len(rows) // 2
    fits = [_is_body(row, columns, numeric, decimal) for row in rows]
    first = _start_of_run(fits, middle)
    end = _end_of_run_above(fits, first)
    while end - _start_of_run(fits, end) >= _LEAST_RUN:
        first = _start_of_run(fits, end)
        end = _end_of_run_above(fits, first)
    while first < len(rows) - 1 and not fits[first]:
        first += 1
    return first


def _end_of_run_above(fits: Sequence[bool], first: int) -> int:
    """Return behind which row there is a gap of few rows that do not fit; 0 where there is none."""
    ends = range(first - 1, max(0, first - 1 - _MOST_DAMAGED), -1)
    return next((end for end in ends if fits[end - 1]), 0)


def _start_of_run(fits: Sequence[bool], end: int) -> int:
    """Return the first of the rows that fit in a row before `end`."""
    first = end
    while first > 0 and fits[first - 1]:
        first -= 1
    return first


def _is_body(row: Sequence[str], columns: int, numeric: Sequence[int], decimal: str) -> bool:
    if len(row) != columns:
        return False
    numbers = [number_of(row[index], decimal) for index in numeric]
    return None not in numbers and any(row[index] for index in numeric)


def _could_be_fractions(shape: Shape) -> bool:
    """Return whether two columns of whole numbers are rather those before and behind a comma."""
    rows = [row for row in shape.body if len(row) == shape.columns]
    whole = [row[0].lstrip("+-") for row in rows]
    parts = [row[1] for row in rows]
    if not all(part.isdecimal() for part in parts) or not all(text.isdecimal() for text in whole):
        return False
    counts_up = all(int(b) == int(a) + 1 for a, b in itertools.pairwise(whole))
    widths = {len(part) for part in parts}
    padded = any(part.startswith("0") and len(part) > 1 for part in parts)
    return not counts_up and (padded or widths in ({_FRACTION_DIGITS}, {3}))


def _share(holds: Iterable[bool]) -> float:
    held = list(holds)
    return sum(held) / len(held) if held else 0.0

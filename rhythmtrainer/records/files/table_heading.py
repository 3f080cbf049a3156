"""What the lines above a table say about its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.model import is_ecg_lead
from rhythmtrainer.records.files.table_programs import find_columns
from rhythmtrainer.records.files.table_rate import ToldRate, find_rate
from rhythmtrainer.records.files.table_shape import Shape
from rhythmtrainer.records.files.table_text import cells_of, number_of
from rhythmtrainer.records.signals.units import millivolts_in, plain_unit

_HEADING_ROWS: Final = 3
_LONGEST_LINE: Final = 300
_REMARK: Final = re.compile(r"^\s*(?:#|%|//|!)+\s*")
_UNIT_BEHIND: Final = re.compile(
    r"(?P<name>.*?)\s*(?:[\[(](?P<in>[^\])]{1,16})[\])]\s*|"
    r"[ _/,-](?P<after>[^\s_/,-]{1,12}))"
)
_SECONDS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek"), 1.0),
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "usec", "micros", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), 1e-9),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
}
_CLOCK_UNIT: Final = re.compile(r"(?:h?h:)?mm:ss.*|hh:mm.*", re.IGNORECASE)
_OTHER_UNITS: Final = frozenset(
    (
        *("-", "n", "#", "bpm", "mmhg", "nu", "adu", "l", "pm", "%", "counts", "samples", "sample"),
        *("unit", "units", "einheit", "einheiten", "unité", "unités", "unidad", "unidades"),
    )
)
# Names of two words, where white space stands between columns.
_WIDE_SPACE: Final = re.compile(r"\s{2,}|\t")
_UNIT: Final = re.compile(
    r"\b(?:units?|einheit|unit[eé]|unidad)\b\W{1,4}([^\s,;:]{1,12})|\bin ([munµμ]V)\b",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"\b(?:lead|ableitung|d[eé]rivation|derivaci[oó]n)\b\W{1,4}(?:\w+\s+)?(\w{1,6})\s*(?:$|[,;])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands above a column.

    Attributes
    ----------
    unit
        Empty where none is written.
    """

    name: str
    unit: str = ""

    @property
    def seconds(self) -> float | None:
        """Seconds in the unit, which may be all there is; None for what is no time, or a clock."""
        return _SECONDS.get(plain_unit(self.unit or self.name).casefold())


@dataclass(frozen=True, slots=True)
class Heading:
    """What is written above a table.

    Attributes
    ----------
    row
        The line of the columns' names, or the first line of numbers.
    first_row
        The first line of samples.
    labels
        One for each column; none where there are no names.
    rate, unit, lead
        What is said about all columns; None and empty where it is not.
    """

    row: int
    first_row: int
    labels: tuple[Label, ...]
    rate: ToldRate | None
    unit: str
    lead: str

    def label(self, column: int) -> Label:
        """Return what stands above a column."""
        return self.labels[column] if column < len(self.labels) else Label("")


def read_heading(lines: Sequence[str], shape: Shape) -> Heading:
    """Read what stands above the numbers of a table."""
    above = [_REMARK.sub("", line)[:_LONGEST_LINE] for line in lines[: shape.first_row]]
    found = find_columns(lines, shape)
    if found is None:
        row, names, units = _rows_of_names(lines, above, shape)
        first_row = shape.first_row
    else:
        row, first_row = found.row, found.first_row
        names, units = found.names, found.units
    return Heading(
        row=row,
        first_row=first_row,
        labels=_labels(names, units, shape.columns),
        rate=find_rate(above),
        unit=next((unit for line in above if (unit := _unit(line))), ""),
        lead=next((lead for line in above if (lead := _lead(line))), ""),
    )


def _rows_of_names(
    lines: Sequence[str], above: Sequence[str], shape: Shape
) -> tuple[int, Sequence[str], Sequence[str]]:
    """Return the line of the columns' names, these, and their units, as far as there are any."""
    units: list[str] = []
    row = shape.first_row
    for place in range(len(above) - 1, max(-1, len(above) - 1 - _HEADING_ROWS), -1):
        cells = _cells(lines[place], above[place], shape)
        if cells is None:
            break
        row = place
        if not all(_is_unit(cell) for cell in cells):
            return row, cells, units
        units = units or cells
    return row, (), units


def _cells(line: str, plain: str, shape: Shape) -> list[str] | None:
    """Return the cells of a line if it can be one of names or units."""
    wide = _WIDE_SPACE.split(plain.strip()) if shape.delimiter == " " else []
    for cells in (cells_of(line, shape.delimiter), cells_of(plain, shape.delimiter), wide):
        numbers = [number_of(cell, shape.decimal) for cell in cells if cell.strip("-?*")]
        if len(cells) == shape.columns and any(cells) and all(n is None for n in numbers):
            return [_REMARK.sub("", cell) or cell for cell in cells]
    return None


def _labels(names: Sequence[str], units: Sequence[str], columns: int) -> tuple[Label, ...]:
    if not names and not units:
        return ()
    labels = [_label(name) for name in names] or [Label("")] * columns
    if not units:
        return tuple(labels)
    return tuple(
        Label(label.name, unit.strip("[]() ") or label.unit)
        for label, unit in zip(labels, units, strict=True)
    )


def _label(name: str) -> Label:
    match = _UNIT_BEHIND.fullmatch(name)
    if match is not None:
        unit = (match["in"] or match["after"] or "").strip()
        if (_is_unit(unit) and unit.casefold() not in ("v", "n", "l")) or match["in"]:
            return Label(match["name"].strip(), unit)
    return Label(name)


def _is_unit(cell: str) -> bool:
    plain = plain_unit(cell).casefold().strip("()[] ")
    return (
        not plain
        or millivolts_in(plain) is not None
        or plain in _SECONDS
        or plain in _OTHER_UNITS
        or _CLOCK_UNIT.fullmatch(plain) is not None
    )


def _unit(line: str) -> str:
    match = _UNIT.search(line)
    unit = (match[1] or match[2] or "").strip("()[]\"'") if match is not None else ""
    return unit if unit and millivolts_in(unit) is not None else ""


def _lead(line: str) -> str:
    match = _LEAD.search(line)
    return match[1] if match is not None and is_ecg_lead(match[1]) else ""

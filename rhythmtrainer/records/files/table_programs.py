"""What programs of two makers write above their tables, one thing to a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.records.files.table_shape import Shape
from rhythmtrainer.records.files.table_text import cells_of

# LabChart: a key with an equals sign, then one cell for each channel.
_TITLES: Final = "ChannelTitle="
_UNITS: Final = "UnitName="
# AcqKnowledge: so many channels, then a line for the name and one for the unit of each, then a
# line of numbered channels and one of how many samples each has.
_CHANNEL_COUNT: Final = re.compile(r"(\d{1,3}) channels?", re.ASCII)
# The amplifier stands behind what it measures: "ECG - ECG100C".
_AMPLIFIER: Final = re.compile(r"\s+-\s+[A-Z]+100\w?$", re.ASCII)
_CHANNEL: Final = re.compile(r"CH\d{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a program wrote about the columns.

    Attributes
    ----------
    row
        The line that is nearest to one of names.
    first_row
        The first line of samples.
    names, units
        One for each column.
    """

    row: int
    first_row: int
    names: tuple[str, ...]
    units: tuple[str, ...]


def find_columns(lines: Sequence[str], shape: Shape) -> Columns | None:
    """Return what one of the programs wrote above a table; None if none of them did."""
    above = lines[: shape.first_row + 1]
    return _labchart(above, shape) or _acqknowledge(above, shape)


def _labchart(lines: Sequence[str], shape: Shape) -> Columns | None:
    keyed = {cells[0]: cells[1:] for line in lines if (cells := cells_of(line, shape.delimiter))}
    names = keyed.get(_TITLES)
    if not names:
        return None
    row = next(place for place, line in enumerate(lines) if line.startswith(_TITLES))
    units = keyed.get(_UNITS, [])
    return Columns(row, shape.first_row, _last(names, shape), _last(units, shape, len(names)))


def _acqknowledge(lines: Sequence[str], shape: Shape) -> Columns | None:
    for place, line in enumerate(lines):
        match = _CHANNEL_COUNT.fullmatch(line.strip(f" \t{shape.delimiter}"))
        count = int(match[1]) if match is not None else 0
        row = place + 2 * count + 1
        if not count or row >= len(lines):
            continue
        heads = cells_of(lines[row], shape.delimiter)
        columns = [index for index, cell in enumerate(heads) if _CHANNEL.fullmatch(cell)]
        if len(columns) != count or len(heads) != shape.columns:
            continue
        names, units = list(heads), [""] * len(heads)
        for number, column in enumerate(columns):
            names[column] = _AMPLIFIER.sub("", lines[place + 1 + 2 * number].strip())
            units[column] = lines[place + 2 + 2 * number].strip()
        return Columns(row, max(shape.first_row, row + 2), tuple(names), tuple(units))
    return None


def _last(cells: Sequence[str], shape: Shape, count: int | None = None) -> tuple[str, ...]:
    """Let cells stand above the last columns; the first is the time, if there is one."""
    held = [*cells, *[""] * ((count or len(cells)) - len(cells))]
    return tuple(([""] * shape.columns + held)[-shape.columns :])

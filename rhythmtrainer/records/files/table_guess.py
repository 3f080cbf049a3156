"""Guessing how a table of numbers is laid out, for a person to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    STANDARD_LEADS,
    Column,
    LeadName,
    RecordError,
    TableGuess,
    TableLayout,
    is_ecg_lead,
)
from rhythmtrainer.records.files.table_heading import Heading, read_heading
from rhythmtrainer.records.files.table_shape import MOST_COLUMNS, Shape, find_shape
from rhythmtrainer.records.files.table_text import cells_of, read_head
from rhythmtrainer.records.files.table_timing import Timing, find_timing
from rhythmtrainer.records.signals.leads import own_leads, printed_lead
from rhythmtrainer.records.signals.units import millivolts_in

_PREVIEW_ROWS: Final = 12
_PREVIEW_COLUMNS: Final = 64
_LONGEST_CELL: Final = 40
# Where nothing says how fast samples were taken; a doubt says so.
_DEFAULT_FS: Final = 250.0
# Two rates that differ by a smaller share are one, rounded.
_SAME_RATE: Final = 0.005
# From trough to peak, most ECGs have between these many units in mV.
_MILLIVOLTS: Final = (0.05, 30.0)
_EIGHT: Final = ("I", "II", *STANDARD_LEADS[6:])


def guess_table(file: Path) -> TableGuess:
    """Say how a table seems to be laid out.

    Raises
    ------
    RecordError
        If it is no text with numbers.
    OSError
        If it cannot be read.
    """
    head = read_head(file)
    shape, doubt = find_shape(head.lines)
    if shape is None:
        raise RecordError(
            f"{file.name} is a text without columns of numbers, or with more than"
            f" {MOST_COLUMNS}: it holds no ECG that can be read."
        )
    heading = read_heading(head.lines, shape)
    timing = find_timing(shape, heading)
    chosen = _leads(shape, heading, timing)
    if not chosen.leads:
        raise RecordError(f"{file.name} has no column of voltages.")
    units, unit_doubts = _units(shape, heading, tuple(chosen.leads))
    fs = timing.fs or (heading.rate.fs if heading.rate else None)
    layout = TableLayout(
        encoding=head.encoding,
        delimiter=shape.delimiter,
        decimal=shape.decimal,
        skipped_rows=heading.first_row,
        time_column=timing.column,
        time_unit_s=timing.unit_s,
        fs=fs or _DEFAULT_FS,
        columns=tuple(
            Column(index, lead, unit)
            for (index, lead), unit in zip(chosen.leads.items(), units, strict=True)
        ),
    )
    doubts = [doubt] if doubt else []
    doubts += [*_rate_doubts(timing, heading), *timing.doubts, *chosen.doubts, *unit_doubts]
    return TableGuess(layout, _preview(head.lines, shape, heading), tuple(doubts))


def _rate_doubts(timing: Timing, heading: Heading) -> tuple[str, ...]:
    """Say what was assumed about the sampling rate."""
    told = heading.rate
    if timing.fs is not None:
        if told is None or told.assumed or abs(told.fs - timing.fs) <= _SAME_RATE * timing.fs:
            return ()
        return (
            f"The text above the numbers says {told.fs:g} samples per second, but the times make"
            f" {timing.fs:g}, which was taken.",
        )
    if told is None:
        return (
            f"The file does not say its sampling rate: {_DEFAULT_FS:g} per second is a mere guess.",
        )
    if told.assumed:
        return (f"The {told.fs:g} Hz above the numbers were taken for the sampling rate.",)
    return ()


@dataclass(frozen=True, slots=True)
class _Leads:
    """Which columns are leads, and what was assumed to say so."""

    leads: dict[int, LeadName]
    doubts: tuple[str, ...] = ()


def _leads(shape: Shape, heading: Heading, timing: Timing) -> _Leads:
    columns = [index for index in shape.numeric if index not in (timing.column, *timing.counters)]
    names = [heading.label(index).name for index in columns]
    if any(map(is_ecg_lead, names)):
        return _named(columns, names)
    if len(columns) == 1 and heading.lead:
        return _Leads({columns[0]: printed_lead(heading.lead)})
    for usual in (STANDARD_LEADS, _EIGHT):
        if len(columns) == len(usual):
            return _Leads(
                {index: LeadName(lead) for index, lead in zip(columns, usual, strict=True)},
                (f"The leads are not named: the usual order of {len(usual)} was taken.",),
            )
    leads = own_leads([""] * len(columns))
    doubt = "The leads are not named" if not any(names) else "No column bears the name of a lead"
    return _Leads(
        {index: lead for index, lead in zip(columns, leads, strict=True) if lead is not None},
        (f"{doubt}: all columns of numbers were taken for leads.",),
    )


def _named(columns: Sequence[int], names: Sequence[str]) -> _Leads:
    found = dict(zip(columns, own_leads(names), strict=True))
    leads = {index: lead for index, lead in found.items() if lead is not None}
    left = [str(index + 1) for index, lead in found.items() if lead is None]
    if not left:
        return _Leads(leads)
    return _Leads(leads, (f"Left out, not bearing the name of a lead: column {', '.join(left)}.",))


def _units(
    shape: Shape, heading: Heading, columns: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the unit of each column, and what was assumed."""
    written = [_written_unit(heading.label(index).unit or heading.unit) for index in columns]
    if all(written):
        return tuple(unit for unit in written if unit), ()
    values = [
        shape.column(index) for index, unit in zip(columns, written, strict=True) if unit is None
    ]
    height = float(np.median([_height(column) for column in values]))
    guessed = "V" if 0 < height < _MILLIVOLTS[0] else "mV" if height <= _MILLIVOLTS[1] else "uV"
    others = {heading.label(index).unit for index in columns} - {""}
    no_voltage = sorted(unit for unit in others if _written_unit(unit) is None)
    why = f"The unit {no_voltage[0]!r} is no voltage" if no_voltage else "No unit is written"
    doubts = [f"{why}: {guessed} was judged from the height of the waves ({height:.3g})."]
    if guessed == "uV" and all(_whole_numbers(column) for column in values):
        doubts.append("All numbers are whole: they may be those of a converter, not microvolts.")
    return tuple(unit or guessed for unit in written), tuple(doubts)


def _written_unit(unit: str) -> str | None:
    factor = millivolts_in(unit) if unit else None
    return next((name for name in ("mV", "uV", "V", "nV") if millivolts_in(name) == factor), None)


def _height(values: NDArray[np.float64]) -> float:
    """Return how far apart the trough and the peak of nearly all samples are."""
    held = values[np.isfinite(values)]
    return float(np.ptp(np.percentile(held, (0.5, 99.5)))) if held.size else 0.0


def _whole_numbers(values: NDArray[np.float64]) -> bool:
    held = values[np.isfinite(values)]
    return bool(np.all(held == np.round(held)))


def _preview(lines: Sequence[str], shape: Shape, heading: Heading) -> tuple[tuple[str, ...], ...]:
    shown = lines[heading.row : heading.row + _PREVIEW_ROWS]
    return tuple(
        tuple(cell[:_LONGEST_CELL] for cell in cells_of(line, shape.delimiter)[:_PREVIEW_COLUMNS])
        for line in shown
    )

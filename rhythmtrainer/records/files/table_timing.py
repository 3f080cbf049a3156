"""Which column of a table counts time, and how fast samples were taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import is_ecg_lead
from rhythmtrainer.records.files.opened import LEAST_FS, MOST_FS
from rhythmtrainer.records.files.table_heading import Heading, Label
from rhythmtrainer.records.files.table_rate import ToldRate
from rhythmtrainer.records.files.table_shape import Shape

_TIME: Final = re.compile(
    r"(?:elapsed|abs\w*|rel\w*|sample)?[ _]*(?:time|zeit|temps|tiempo)(?:[ _]?stamp)?s?|t|sec|secs"
    r"|seconds?|ms|msec|milliseconds?|timestamps?|date(?:[ _/]?time)?|clock|uhrzeit",
    re.IGNORECASE,
)
_COUNTER: Final = re.compile(
    r"(?:samples?|index|idx|n|no|nr|num(?:ber)?|id|frame|row|count(?:er)?|unnamed.*)?[ _:.#]*\d*"
    r"|sample[ _](?:number|index|no|id|num)",
    re.IGNORECASE,
)
_UNITS: Final = {1.0: "seconds", 1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}
_COMMON: Final = (
    *(50, 60, 64, 75, 80, 90, 100, 120, 125, 128, 130, 150, 180, 200, 240, 250, 256, 257, 300),
    *(333, 360, 400, 480, 500, 512, 600, 720, 750, 800, 900, 977, 1000, 1024, 1200, 1250, 1440),
    *(1500, 1600, 2000, 2048, 2400, 2500, 3000, 4000, 4096, 4800, 5000),
)
_LEAST_ROWS: Final = 3
# How far a rate may lie from a common one to be taken for it, and from when that is told.
_CLOSE: Final = 2e-3
_TOLD: Final = 2e-4
# Single times may stray by this many steps, as rounded ones do.
_STRAY_STEPS: Final = 3.0
_GAP_STEPS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How time goes on in a table.

    Attributes
    ----------
    column
        None where no column counts time.
    unit_s
        Seconds in one unit of it.
    fs
        Samples per second; None where the table does not tell.
    counters
        Columns that number the rows.
    doubts
        What was assumed, in sentences.
    even
        Whether time goes on in equal steps.
    """

    column: int | None = None
    unit_s: float = 1.0
    fs: float | None = None
    counters: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    even: bool = True


def find_timing(shape: Shape, heading: Heading) -> Timing:
    """Find the column of times: of several, the first in which time goes on in equal steps."""
    counters: list[int] = []
    timings: list[Timing] = []
    for column in sorted((*shape.clocks, *shape.numeric)):
        label = heading.label(column)
        named = _TIME.fullmatch(label.name.strip()) is not None or label.seconds is not None
        clock = column in shape.clocks
        if not (named or clock or _may_count(column, label)):
            continue
        values = shape.column(column)
        if not _goes_up(values, strictly=not (named or clock)):
            continue
        if not (named or clock) and np.all(np.diff(values) == 1):
            counters.append(column)
            continue
        found = _timing(column, values, label, heading.rate, clock=clock)
        if found is None:
            counters.append(column)
        else:
            timings.append(found)
    if timings:
        return _evenest(timings, counters)
    doubts = tuple(
        f"Column {column + 1} seems to number the rows and was left out." for column in counters
    )
    return Timing(counters=tuple(counters), doubts=doubts)


def _evenest(timings: Sequence[Timing], counters: Sequence[int]) -> Timing:
    chosen = next((timing for timing in timings if timing.even), timings[0])
    others = [timing.column for timing in timings if timing is not chosen]
    doubts = chosen.doubts
    if chosen is not timings[0]:
        doubts += ("Another column of times does not go on in equal steps and was left out.",)
    columns = [*counters, *(column for column in others if column is not None)]
    return replace(chosen, counters=tuple(columns), doubts=doubts)


def _may_count(column: int, label: Label) -> bool:
    if is_ecg_lead(label.name):
        return False
    return _COUNTER.fullmatch(label.name.strip()) is not None or (column == 0 and not label.unit)


def _goes_up(values: NDArray[np.float64], *, strictly: bool) -> bool:
    held = values[np.isfinite(values)]
    if held.size < max(_LEAST_ROWS, 0.9 * values.size):
        return False
    steps, step = np.diff(held), _step(held)
    if not step > 0 or (strictly and not np.all(steps > 0)):
        return False
    # A column of times may have a gap; a lead that happens to rise is not regular.
    return not strictly or bool(np.abs(steps - step).max() <= _STRAY_STEPS * step)


def _timing(
    column: int,
    values: NDArray[np.float64],
    label: Label,
    told: ToldRate | None,
    *,
    clock: bool,
) -> Timing | None:
    """Return the rate that a column of times tells; None if no unit of time makes sense."""
    held = values[np.isfinite(values)]
    step = _step(held)
    doubts = []
    known = 1.0 if clock else label.seconds
    units = _UNITS if known is None else (known,)
    unit_s = next((unit for unit in units if LEAST_FS <= 1 / (step * unit) <= MOST_FS), None)
    if unit_s is None:
        # Many times are the same where they are written without fractions of a second.
        return None
    if known is None:
        doubts.append(f"Column {column + 1} was taken for the time in {_UNITS[unit_s]}.")
    exact = 1 / (step * unit_s)
    fs = _common(exact, held.size)
    if told is not None and not told.assumed and abs(exact - told.fs) <= _TOLD * exact:
        fs = told.fs
    if abs(exact - fs) > _TOLD * fs:
        doubts.append(f"The times make {exact:.6g} samples per second; {fs:g} was taken.")
    expected = held[0] + np.arange(held.size) / (fs * unit_s)
    even = bool(np.abs(held - expected).max() <= _STRAY_STEPS * step + 1 / (fs * unit_s))
    if not even:
        doubts.append("The times do not go on in equal steps: there may be gaps.")
    return Timing(column, unit_s, fs, (), tuple(doubts), even)


def _step(times: NDArray[np.float64]) -> float:
    """Return the mean step without those over gaps."""
    steps = np.diff(times)
    usual = float(np.median(steps))
    if usual > 0:
        return float(np.mean(steps[steps <= _GAP_STEPS * usual]))
    # Written too coarsely for every row: what counts is how many rows there are to a change.
    changes = np.flatnonzero(steps > 0)
    rows = int(np.ptp(changes)) if changes.size else 0
    return float(np.ptp(times[changes + 1]) / rows) if rows else 0.0


def _common(exact: float, rows: int) -> float:
    """Return the rate that was meant, where times are rounded."""
    close = max(_CLOSE, min(1 / (rows - 1), 5 * _CLOSE)) * exact
    nearest = min(_COMMON, key=lambda fs: abs(fs - exact))
    if abs(nearest - exact) <= close:
        return float(nearest)
    if abs(round(exact) - exact) <= _TOLD * exact:
        return float(round(exact))
    return float(f"{exact:.7g}")

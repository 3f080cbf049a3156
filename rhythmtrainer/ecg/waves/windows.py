"""The surroundings of beats as rows of a matrix, the same times in each row at any sampling rate.

Everything about the waves of a beat is decided in such rows, so that no constant depends on the
sampling rate and no loop runs over beats.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.float32]
Columns: TypeAlias = NDArray[np.int64]
Seconds: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
Samples: TypeAlias = NDArray[np.float32] | NDArray[np.float64]

FINE_STEP: Final = 0.002  # s, the grid of QRS bounds
STEP: Final = 0.004  # s, the grid of P and T waves
BEFORE: Final = 0.48  # s before the R peak: a P wave with a PR interval of 0.4 s
AFTER: Final = 0.72  # s after it: the end of the T wave at any rate
R_COLUMN: Final = round(BEFORE / STEP)
COLUMNS: Final = round((BEFORE + AFTER) / STEP) + 1

QRS_BEFORE, QRS_AFTER = 0.2, 0.26  # s, where the bounds of a QRS complex can be
QRS_R_COLUMN: Final = round(QRS_BEFORE / FINE_STEP)

_MAINS = (50.0, 60.0)  # Hz
_ASIDE = 15.0  # Hz to neighbours that hum does not reach
_PIECE = 100  # fine columns (200 ms): whole periods of the mains, and few of them hold a complex
_LEAST_HUM = 0.01  # of the usual QRS complex, its amplitude
_PURITY = 2.5  # times the amplitude of its neighbours
_HUM_RESOLVED = 0.3  # of the sampling rate; beyond it interpolated hum is not of one frequency

_FINE_REACH = 2  # fine columns to each side that are averaged for the QRS complex (10 ms)
_REACH = 7  # and for P and T waves (30 ms: more than a period of the mains)
_SHAPE_BEFORE, _SHAPE_AFTER = 0.08, 0.12  # s, what is compared of two QRS complexes
# Beats whose complexes correlate by 0.9 count 0.28 for each other, those by 0.7 no more than 0.014.
_LIKENESS_POWER = 12
_NO_SHARE = np.float32(1e-6)


def rows_around(samples: Samples, beats: NDArray[np.int64], fs: float) -> Rows:
    """Take the surroundings of each beat, interpolated to the fine grid; the usual size is 1.

    Hum that stands out is taken away.

    Returns
    -------
    ndarray of float32, shape (beats, columns)
        With as many columns more on each side as averaging takes.
    """
    first = -round(BEFORE / FINE_STEP) - _REACH - 1
    last = round(AFTER / FINE_STEP) + _REACH
    time = np.arange(first, last + 1) * (FINE_STEP * fs)
    whole = np.floor(time + 1e-9)
    part = (time - whole).astype(samples.dtype)
    index = beats[:, None] + whole.astype(np.int64)
    rows = samples.take(index, mode="clip")
    if part.max() > 1e-6:  # noqa: PLR2004 - less is rounding
        rows += (samples.take(index + 1, mode="clip") - rows) * part
    rows -= samples[beats][:, None]
    size = middle_of(np.ptp(rows, axis=1)) or float(np.ptp(rows))
    if size > 0:
        rows /= samples.dtype.type(size)
    rows = np.asarray(rows, np.float32)
    _take_hum_away(rows, fs)
    return rows


def _hum_probes() -> Rows:
    """Return what a piece is multiplied with: 50 and 60 Hz and their neighbours, cosine and sine.

    A piece holds whole periods of both, so that the phase in every piece is that in the row.
    """
    frequencies = np.array([[hz, hz - _ASIDE, hz + _ASIDE] for hz in _MAINS]).ravel()
    turns = 2 * np.pi * FINE_STEP * np.arange(_PIECE)[:, None] * frequencies
    taper = np.hanning(_PIECE + 1)[:-1, None]
    probes = np.hstack([np.cos(turns), np.sin(turns)]) * (2 / taper.sum()) * taper
    return np.asarray(probes, np.float32)


_HUM_PROBES = _hum_probes()


def _take_hum_away(rows: Rows, fs: float) -> None:
    """Subtract hum of 50 or 60 Hz from each row, if the usual piece of the rows has it.

    Pieces in which a complex or other noise makes the neighbouring frequencies strong count little.
    """
    count = rows.shape[1] // _PIECE
    pieces = rows[:, : count * _PIECE].reshape(-1, _PIECE)
    parts = (pieces @ _HUM_PROBES).reshape(len(pieces), 2, len(_MAINS), -1)
    power = parts[:, 0] ** 2 + parts[:, 1] ** 2
    usual = np.sort(power, axis=0)[len(power) // 2]
    for number, hz in enumerate(_MAINS):
        pure = usual[number, 0] > _PURITY**2 * usual[number, 1:].mean()
        if pure and usual[number, 0] > _LEAST_HUM**2 and hz <= _HUM_RESOLVED * fs:
            aside = power[:, number, 1:].mean(axis=1).reshape(-1, count)
            trust = 1 / (aside + np.float32(_LEAST_HUM**2))
            trust /= trust.sum(axis=1, keepdims=True)
            turns = 2 * np.pi * hz * FINE_STEP * np.arange(rows.shape[1])
            shapes = (np.cos(turns), np.sin(turns))
            for part, shape in zip(parts[:, :, number, 0].T, shapes, strict=True):
                size = (part.reshape(-1, count) * trust).sum(axis=1, keepdims=True)
                rows -= size * shape.astype(np.float32)


def known_around(
    size: int, unknown: NDArray[np.bool_] | None, beats: NDArray[np.int64], fs: float
) -> Mask:
    """Tell which columns of the P and T grid lie in the signal and not in a gap."""
    time = np.round((np.arange(COLUMNS) - R_COLUMN) * (STEP * fs)).astype(np.int64)
    index = beats[:, None] + time
    inside = (index >= 0) & (index < size)
    if unknown is not None:
        inside &= ~unknown.take(index, mode="clip")
    return inside


def running_sums(rows: Rows) -> Rows:
    """Sum each row up, less its mean, for `qrs_grid` and `pt_grid`."""
    level = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(np.cumsum(level, axis=1, out=level))


def qrs_grid(sums: Rows) -> Rows:
    """Means over 10 ms from `QRS_BEFORE` to `QRS_AFTER`, every 2 ms."""
    return _means(sums, _FINE_REACH, 1, round(QRS_AFTER / FINE_STEP), QRS_R_COLUMN)


def pt_grid(sums: Rows) -> Rows:
    """Means over 30 ms from `BEFORE` to `AFTER`, every 4 ms."""
    return _means(sums, _REACH, 2, round(AFTER / FINE_STEP), round(BEFORE / FINE_STEP))


def _means(sums: Rows, reach: int, stride: int, after: int, before: int) -> Rows:
    centre = round(BEFORE / FINE_STEP) + _REACH + 1
    ends = sums[:, centre - before + reach : centre + after + reach + 1 : stride]
    starts = sums[:, centre - before - reach - 1 : centre + after - reach : stride]
    return np.asarray((ends - starts) * np.float32(1 / (2 * reach + 1)))


def likeness(qrs: Rows) -> Rows:
    """Weigh for each beat (row) how much every other one (column) resembles it; rows add up to 1.

    A mean with these weights is a mean over beats of one kind: ventricular premature beats keep
    their own shape.
    """
    start = QRS_R_COLUMN - round(_SHAPE_BEFORE / FINE_STEP)
    shape = qrs[:, start : QRS_R_COLUMN + round(_SHAPE_AFTER / FINE_STEP) + 1]
    shape = shape - shape.mean(axis=1, keepdims=True)
    shape /= np.maximum(np.sqrt((shape**2).sum(axis=1, keepdims=True)), np.float32(1e-12))
    weights = np.maximum(shape @ shape.T, 0) ** _LIKENESS_POWER
    np.fill_diagonal(weights, 1.0)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(weights, np.float32)


def others(weights: Rows) -> Rows:
    """Leave each beat itself out of `likeness`, unless no other resembles it."""
    without = weights.copy()
    np.fill_diagonal(without, _NO_SHARE)
    without /= without.sum(axis=1, keepdims=True)
    return np.asarray(without)


def _mean_of_known(rows: Rows, known: Mask, weights: Rows) -> Rows:
    """Average rows of one kind over what is known of them; 0 where nothing is."""
    shares = known.astype(np.float32)
    return np.asarray((weights @ (rows * shares)) / np.maximum(weights @ shares, _NO_SHARE))


def box(rows: Rows, reach: int) -> Rows:
    """Average each value with `reach` neighbours on each side."""
    sums = _padded_sums(rows, reach + 1, reach)
    size = 2 * reach + 1
    return np.asarray((sums[:, size:] - sums[:, :-size]) * np.float32(1 / size))


def bumps(rows: Rows, *reaches: int) -> list[Rows]:
    """Mean of `reach` columns to each side, less the mean of as many beyond them on both sides.

    A filter for waves of about that width that sees neither the level nor the slope under them.

    Returns
    -------
    list of ndarray
        One as large as `rows` for each of `reaches`.
    """
    width = rows.shape[1]
    centre = 2 * max(reaches) + 1
    sums = _padded_sums(rows, centre, centre)

    def shifted(by: int) -> Rows:
        return sums[:, centre + by : centre + by + width]

    found = []
    for reach in reaches:
        middle = shifted(reach) - shifted(-reach - 1)
        middle *= np.float32(1 / (2 * reach + 1) + 0.5 / reach)
        whole = shifted(2 * reach) - shifted(-2 * reach - 1)
        whole *= np.float32(0.5 / reach)
        middle -= whole
        found.append(middle)
    return found


def _padded_sums(rows: Rows, before: int, after: int) -> Rows:
    """Sum up each row, its first and last value going on beyond its ends."""
    width = rows.shape[1]
    padded = np.empty((rows.shape[0], before + width + after), np.float32)
    padded[:, :before] = rows[:, :1]
    padded[:, before : before + width] = rows
    padded[:, before + width :] = rows[:, -1:]
    return np.asarray(np.cumsum(padded, axis=1, out=padded))


def middle_of(values: NDArray[np.floating]) -> float:
    """Return the median, the upper one of two; several times faster than `numpy.median`."""
    return float(np.sort(values)[values.size // 2])


def pick(rows: Rows, index: Columns) -> Rows:
    """Take the columns `index` of each row, shape ``(rows, wanted)``; they must be in range."""
    start = np.arange(rows.shape[0])[:, None] * rows.shape[1]
    return np.asarray(rows.ravel().take(index + start))


def column(seconds: Seconds) -> Columns:
    """Column of the P and T grid at a time from the R peak."""
    return np.asarray(np.rint(seconds / STEP).astype(np.int64) + R_COLUMN)


def time_of(columns: NDArray[np.int64] | NDArray[np.float32]) -> Seconds:
    """Time from the R peak at a column of the P and T grid."""
    return ((columns - R_COLUMN) * STEP).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Beats of one lead in rows: what all later steps start from.

    Attributes
    ----------
    qrs
        Fine grid around the R peaks.
    waves
        P and T grid; where the signal is not known, the mean of similar beats.
    weights
        From `likeness`.
    """

    qrs: Rows
    waves: Rows
    weights: Rows


def surroundings(
    samples: Samples, unknown: Mask | None, beats: NDArray[np.int64], fs: float
) -> Surroundings:
    """Gather the rows of some beats, and compare their complexes."""
    sums = running_sums(rows_around(samples, beats, fs))
    qrs, waves = qrs_grid(sums), pt_grid(sums)
    weights = likeness(qrs)
    known = known_around(samples.size, unknown, beats, fs)
    if not known.all():
        waves = np.where(known, waves, _mean_of_known(waves, known, weights))
    return Surroundings(qrs, waves, weights)


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """RR intervals around each beat, in s, and the usual one."""

    before: Seconds
    after: Seconds
    usual: float


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Peaks of one wave, a column of the grid and a sign for each beat."""

    column: Columns
    sign: Rows
    present: Mask

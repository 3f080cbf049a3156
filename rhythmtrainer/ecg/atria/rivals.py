"""What else a bump before the QRS complex may be, and P waves that no complex follows.

A bump that stands where the T wave of the beat before may stand, and is the only one between two
complexes, may be either. Where several bumps of one shape divide the time between two P waves into
equal parts, the atria beat more often than the ventricles.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria.p_waves import (
    BUMP,
    GRID_RATE,
    Complexes,
    Indices,
    Mask,
    PEvidence,
    Values,
)

_TINY = 1e-12
# s per root of a second of RR, from the R peak: the peak of a late T wave, and its end
_LATEST_T, _LATEST_T_END = 0.40, 0.50
_NARROW_END = 8  # grid samples after the R peak; a complex that lasts longer delays its T wave
_AFTER_QRS, _BEFORE_BUMP = 2, 9  # grid samples without another bump
_OTHER_BUMP = 0.5  # of the height of the bump: enough for a T wave of its own
_BOUND_TO_PREVIOUS = -0.5  # change of the RP interval over that of RR: halfway between P and T
_LEAST_SPREAD = 0.7  # grid samples of RR intervals from which that can be told
_LEAST_ERROR = 0.5  # grid samples of the place of a bump
_FEWEST, _MOST_GAPS = 2, 0.6  # gaps; share of them that can be looked at
_QT_SHORTEST, _QT_SHARE, _LONGEST_RR = 0.40, 0.42, 1.6  # s, s per root of a second, s
_T_AFTER_WIDE = 0.28  # s after the end of a wide complex
_PARTS = (2, 3, 4)  # waves a complex
_SHORTEST_PERIOD = 0.15  # s: 400 waves a minute
_ALIKE_REACH = 8  # grid samples to each side of a P wave that must be alike
_SHIFT_REACH = 5  # grid samples around the place of a wave
_SIZES = (0.4, 2.0)  # of the conducted P waves
_USUAL_GAP = 0.3  # quantile of the time from P wave to P wave
_PAUSE = 1.4  # of the usual gap
_SAME_PACE = 0.25  # of the usual gap: the atria keep their pace
_ALIKE = 0.8  # correlation of waves of one kind
# A U wave may stand a third or a quarter of the way before the P wave, but it is flatter.
_ALIKE_OF_MANY, _SIZES_OF_MANY = 0.92, (0.75, 1.5)
_FLANK, _FLANK_REACH = 1.6, 10  # times the bump; grid samples before it
_MOST_PAUSES = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Unconducted:
    """P waves that no QRS complex follows.

    Attributes
    ----------
    strength
        How alike the waves that divide every time from P to P equally are to the P waves, 0 to 1.
    parts
        Waves for each complex where they do so.
    dropped
        Peaks of P waves in pauses, grid samples; empty unless most pauses have them.
    """

    strength: float
    parts: int
    dropped: Indices


def may_be_t_wave(waves: Values, complexes: Complexes, p: PEvidence) -> bool:
    """Tell whether what stands before each complex may be the T wave of the beat before.

    It may be its end, if it follows a larger wave of the other sign at once. It may be the T wave
    where it stands early enough, unless there is another bump for the T wave, or it keeps
    its distance from the next complex while RR intervals change.
    """
    intervals = np.diff(complexes.peaks)
    before_usual = intervals[complexes.usual[1:]]
    usual = float(np.median(before_usual if before_usual.size else intervals))
    after_r = usual + p.lag
    bumps = np.convolve(waves, BUMP, "same")
    wide = max(0, complexes.end - _NARROW_END)
    scale = GRID_RATE * float(np.sqrt(usual / GRID_RATE))
    if after_r < _LATEST_T_END * scale + wide and _is_flank(bumps, complexes, p):
        return True
    if after_r >= _LATEST_T * scale + wide:
        return False
    slope, error = _bound_to(p.shifts[1:], intervals - usual)
    if slope + 2 * error < _BOUND_TO_PREVIOUS:
        return True
    if slope - 2 * error > _BOUND_TO_PREVIOUS:
        return False
    between = np.arange(complexes.end + _AFTER_QRS, int(after_r) - _BEFORE_BUMP)
    starts = complexes.peaks[:-1][complexes.usual[:-1]]
    if between.size == 0 or starts.size == 0:
        return True
    other = np.abs(bumps.take(starts[:, None] + between, mode="clip").mean(axis=0)).max()
    return float(other) < _OTHER_BUMP * p.height * complexes.size


def _is_flank(bumps: Values, complexes: Complexes, p: PEvidence) -> bool:
    """Tell whether the filter only answers to the end of a larger wave of the other sign."""
    before = complexes.peaks[complexes.usual][:, None] + p.lag + np.arange(-_FLANK_REACH, 0)
    mean = bumps.take(before, mode="clip").mean(axis=0)
    return float((-p.polarity * mean).max()) > _FLANK * p.height * complexes.size


def _bound_to(shifts: NDArray[np.float64], longer: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of the place of the bump against the RR interval before it, with its error.

    0 where it goes with the next complex, -1 where it goes with the one before.
    """
    known = np.isfinite(shifts)
    x, y = longer[known], shifts[known]
    spread = float(x.std()) if x.size > _FEWEST else 0.0
    if spread < _LEAST_SPREAD:
        return 0.0, np.inf
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    error = max(float((y - slope * x).std()), _LEAST_ERROR) / (spread * np.sqrt(x.size))
    return slope, error


def find_unconducted(waves: Values, complexes: Complexes, p: PEvidence) -> Unconducted:
    """Look between the P waves before the complexes for others that are like them.

    Where a T wave may stand, nothing is looked for.
    """
    nothing = Unconducted(0.0, 1, np.empty(0, np.int64))
    places = np.round(complexes.peaks + p.lag + np.nan_to_num(p.shifts)).astype(np.int64)
    reach = _ALIKE_REACH
    good = (places > reach) & (places < waves.size - reach - 1) & complexes.usual
    both = good[:-1] & good[1:]
    if np.count_nonzero(both) < _FEWEST:
        return nothing
    shape = np.median(waves[places[good, None] + np.arange(-reach, reach + 1)], axis=0)
    first: Indices = places[:-1][both]
    gaps: Indices = np.diff(places)[both]
    t_end = (complexes.peaks[:-1][both] + _t_wave_end(complexes)).astype(np.float64)
    strength, parts = 0.0, 1
    for count in _PARTS:
        if float(np.median(gaps)) / GRID_RATE < count * _SHORTEST_PERIOD:
            break
        sizes = _SIZES if count == _PARTS[0] else _SIZES_OF_MANY
        likeness = _likeness(waves, shape, _between(first, gaps, count), t_end, sizes)[0]
        if likeness > max(strength, 0 if count == _PARTS[0] else _ALIKE_OF_MANY):
            strength, parts = likeness, count
    return Unconducted(strength, parts, _dropped(waves, shape, (first, gaps, t_end)))


def _t_wave_end(complexes: Complexes) -> float:
    """Time from the R peak to the end of the T wave in grid samples; a pause does not delay it."""
    usual = float(np.median(np.diff(complexes.peaks))) / GRID_RATE
    after = max(_QT_SHORTEST, _QT_SHARE * float(np.sqrt(min(usual, _LONGEST_RR))))
    return GRID_RATE * max(after, complexes.end / GRID_RATE + _T_AFTER_WIDE)


def _between(first: Indices, gaps: Indices, parts: int) -> Indices:
    """Places that divide each gap into equal parts, shape ``(gaps, parts - 1)``."""
    share = np.arange(1, parts) / parts
    return np.round(first[:, None] + gaps[:, None] * share).astype(np.int64)


def _likeness(
    waves: Values,
    shape: Values,
    places: Indices,
    t_end: NDArray[np.float64],
    sizes: tuple[float, float] = _SIZES,
) -> tuple[float, NDArray[np.float64], Indices]:
    """Compare what stands at the places with a P wave.

    Returns the median likeness, that of each gap (the least of its places; NaN where all lie in
    a T wave), and the places moved to the best fit.
    """
    free: Mask = places > t_end[:, None]
    alike, moved = _fit(waves, shape, places, sizes)
    least = np.where(free, alike, np.inf).min(axis=1)
    each = np.where(np.isfinite(least), least, np.nan)
    known = each[np.isfinite(each)]
    median = float(np.median(known)) if known.size >= max(_FEWEST, _MOST_GAPS * each.size) else 0.0
    return median, each, np.where(free, moved, places)


def _fit(
    waves: Values, shape: Values, places: Indices, sizes: tuple[float, float]
) -> tuple[NDArray[np.float64], Indices]:
    """Correlation of the best fit near each place, 0 where its size does not fit; and where."""
    shape = shape - shape.mean()
    norm = float(np.sqrt((shape**2).sum())) + _TINY
    span = _SHIFT_REACH + _ALIKE_REACH
    around = places[..., None] + np.arange(-span, span + 1)
    pieces = sliding_window_view(waves.take(around, mode="clip"), shape.size, axis=-1)
    pieces = pieces - pieces.mean(axis=-1, keepdims=True)
    projected = pieces @ shape / norm
    alike = projected / (np.sqrt((pieces**2).sum(axis=-1)) + _TINY)
    size = projected / norm
    alike = np.where((size > sizes[0]) & (size < sizes[1]), alike, 0)
    return np.asarray(alike.max(axis=-1)), places + alike.argmax(axis=-1) - _SHIFT_REACH


def _dropped(
    waves: Values, shape: Values, pairs: tuple[Indices, Indices, NDArray[np.float64]]
) -> Indices:
    """Find P waves in pauses that keep the pace of the others."""
    first, gaps, t_end = pairs
    usual = float(np.quantile(gaps, _USUAL_GAP))
    parts = np.round(gaps / usual).astype(np.int64)
    pace = gaps / np.maximum(parts, 1)
    paused = (gaps > _PAUSE * usual) & (np.abs(pace - usual) < _SAME_PACE * usual)
    found = [np.empty(0, np.int64)]
    hits = 0
    for count in _PARTS:
        these = paused & (parts == count)
        if not these.any():
            continue
        between = _between(first[these], gaps[these], count)
        _, each, places = _likeness(waves, shape, between, t_end[these])
        hit = each > _ALIKE
        hits += int(np.count_nonzero(hit))
        found.append(places[hit].ravel())
    enough = hits >= max(1, _MOST_PAUSES * np.count_nonzero(paused))
    return np.sort(np.concatenate(found)) if enough else found[0]

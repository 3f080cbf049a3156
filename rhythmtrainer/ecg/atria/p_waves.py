"""Evidence for P waves before the QRS complexes of one lead.

Everything happens on a grid of 100 Hz, which holds all there is in a P wave. The signal is aligned
on the QRS complexes of the usual shape; what comes back before each of them in the same place and
shape is a P wave, what does not is noise or fibrillation.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]
Values: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

GRID_RATE: Final = 100.0  # Hz
FEWEST_BEATS: Final = 4
"""Fewer beats of the usual shape say nothing about what comes back before each of them."""

_TINY = 1e-9
_FEWEST_SAMPLES = 2  # of the grid
# A P wave is a bump of 0.08 to 0.11 s, a Gaussian of 0.022 s; the second derivative of such a bump
# answers to it and neither to slopes nor to offsets.
_BUMP_SPREAD = 0.022  # s
_BUMP_REACH = 9  # grid samples to each side
_SHAPE_BEFORE, _SHAPE_AFTER = 14, 14  # grid samples around the R peak that hold a QRS complex
_CORE = slice(4, -2)  # of these, what must be alike in complexes of one shape
_ALIKE = 0.85  # correlation of complexes of one shape
_LARGEST_RATIO = 2.0  # of their sizes
_QUIET = 0.08  # of the steepest slope: outside the complex
_QUIET_SAMPLES = 3
_LONGEST_ONSET, _SHORTEST_ONSET = 14, 3  # grid samples before the R peak
_SEARCH = 36  # grid samples before the QRS complex
_LIKELY = 26  # of these, where most P waves are
_BESIDE_QRS = 4  # grid samples: too near for a whole P wave
_NEAREST_SEARCH = 12  # grid samples: searched even where the T wave may reach into them
_T_WAVE_END = 0.36  # s after the R peak, of a narrow complex
_T_WAVE_LENGTH = 0.28  # s after the end of a wide one
_IN_VIEW = 0.6  # of the beats need a place in the search for it to count
_LOBE_REACH = 9  # grid samples
_LOBE = 0.6  # of the larger wave
_OUTLIER = 6.0  # times the usual energy: an artefact, not a P wave
_NOISE_FLOOR = 0.004  # of the QRS complex: what comes back but is smaller may be its own tail
_LONGEST_PATTERN = 3  # beats: trigeminy repeats itself after three intervals
_PATIENCE = 3  # differences of intervals needed
# Shares of the energy: one bump before each complex explains most, one place for it does not.
WANDERING, BOUND = 0.8, 0.5
_LOOSE = 0.6  # two places for it may explain a little more
_FARTHEST_SHIFT = 9  # grid samples
_ROUNDS = 2


def _bump() -> Values:
    time = np.arange(-_BUMP_REACH, _BUMP_REACH + 1) / GRID_RATE / _BUMP_SPREAD
    gauss = np.exp(-0.5 * time**2)
    kernel = (1 - time**2) * gauss
    kernel -= kernel.mean()
    return np.asarray(kernel / (kernel * gauss).sum(), np.float32)


BUMP: Final = _bump()
"""Filter that answers to a P wave with its height."""
BUMP_ANSWER: Final = np.convolve(
    BUMP,
    np.exp(-0.5 * (np.arange(-_BUMP_REACH, _BUMP_REACH + 1) / GRID_RATE / _BUMP_SPREAD) ** 2),
    "same",
).astype(np.float32)
"""What the filter makes of a P wave."""


@dataclass(frozen=True, slots=True, eq=False)
class Complexes:
    """The QRS complexes of one lead on the grid.

    Attributes
    ----------
    peaks
        R peaks, grid samples, shape ``(beats,)``.
    usual
        For each beat, whether it has the shape most beats have.
    onset, end
        Where the usual complex begins and ends, grid samples from the R peak.
    size
        Height of the usual complex from its lowest to its highest point, in the lead's unit.
    """

    peaks: Indices
    usual: Mask
    onset: int
    end: int
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class PEvidence:
    """What comes back before each QRS complex.

    Attributes
    ----------
    shared
        Share of the energy before the complexes that comes back in all of them, less what noise
        alone would share: about 0 in fibrillation, near 1 with P waves on a quiet baseline.
    likeness
        Median correlation between the stretches before any two complexes.
    certainty
        Height of the clearest bump over its standard error.
    height, noise
        Height of the bump and root mean square of what differs from beat to beat, as shares of
        the QRS complex.
    lag
        Peak of the bump, grid samples from the R peak (negative).
    polarity
        1 for an upright bump, -1 for an inverted one.
    aligned
        `shared`, once each stretch may move to where it fits best.
    wandering
        Share of the energy that lies in one bump of the same height and shape before each complex,
        wherever it stands.
    shifts
        For each beat, how far its own bump stands after the usual place, in grid samples; NaN for
        beats that were not used.
    room
        Grid samples that could be searched.
    """

    shared: float
    likeness: float
    certainty: float
    height: float
    noise: float
    lag: int
    polarity: int
    aligned: float
    wandering: float
    shifts: NDArray[np.float64]
    room: int


def on_grid(samples: NDArray[np.floating], fs: float) -> Values:
    """Average one lead down to the grid, its largest deflection 1, gaps bridged.

    Returns
    -------
    ndarray of float32, shape (seconds * 100,)
        Empty where nothing is left of the lead.
    """
    known = np.isfinite(samples)
    if not known.any():
        return np.empty(0, np.float32)
    values = samples.astype(np.float64)
    if not known.all():
        where = np.flatnonzero(known)
        values = np.interp(np.arange(samples.size), where, values[where])
    values /= max(float(np.abs(values).max()), float(np.finfo(np.float64).tiny))
    step = max(1, int(fs // GRID_RATE))
    count = values.size // step
    if count == 0 or values.size < _FEWEST_SAMPLES * fs / GRID_RATE:
        return np.empty(0, np.float32)
    mean = values[: count * step].reshape(count, step).sum(axis=1) / step
    centres = (np.arange(count) * step + (step - 1) / 2) / fs
    grid = np.interp(np.arange(int(values.size / fs * GRID_RATE)) / GRID_RATE, centres, mean)
    return np.asarray(grid - grid.mean(), np.float32)


def find_complexes(grid: Values, peaks: Indices) -> Complexes | None:
    """Find the beats of the usual shape, and how long their complexes last.

    Usual is the shape whose intervals before it fill most of the time: in bigeminy, where two
    shapes are equally many, the one that does not come early.
    """
    around = np.arange(-_SHAPE_BEFORE, _SHAPE_AFTER + 1)
    shapes = grid.take(peaks[:, None] + around, mode="clip")
    shapes = shapes - np.median(shapes, axis=1, keepdims=True)
    core = shapes[:, _CORE]
    core = core - np.median(core, axis=1, keepdims=True)
    sizes = np.sqrt((core**2).sum(axis=1)) + _TINY
    core /= sizes[:, None]
    ratio = sizes[:, None] / sizes
    alike = (core @ core.T > _ALIKE) & (ratio < _LARGEST_RATIO) & (ratio > 1 / _LARGEST_RATIO)
    np.fill_diagonal(alike, val=True)
    intervals = np.diff(peaks)
    before = np.concatenate([[float(np.median(intervals))], intervals])
    usual = alike[np.argmax(alike @ before)]
    shape = np.median(shapes[usual], axis=0)
    size = float(np.ptp(shape))
    if size <= _TINY:
        return None
    onset, end = _bounds(shape)
    return Complexes(peaks=peaks, usual=usual, onset=onset, end=end, size=size)


def _bounds(shape: Values) -> tuple[int, int]:
    """Where the slopes of a complex begin and end, in grid samples from its R peak."""
    slopes = np.abs(np.diff(shape))
    is_quiet: Mask = slopes < _QUIET * slopes.max()
    quiet: Mask = np.asarray(sliding_window_view(is_quiet, _QUIET_SAMPLES).all(axis=1))
    before = np.flatnonzero(quiet[: _SHAPE_BEFORE - _QUIET_SAMPLES])
    onset = int(before[-1]) + _QUIET_SAMPLES - 1 if before.size else 0
    after = np.flatnonzero(quiet[_SHAPE_BEFORE + 2 :])
    end = int(after[0]) + _SHAPE_BEFORE + 2 if after.size else shape.size - 1
    onset = int(np.clip(onset - _SHAPE_BEFORE, -_LONGEST_ONSET, -_SHORTEST_ONSET))
    return onset, end - _SHAPE_BEFORE + 1


def unevenness(intervals: NDArray[np.float64]) -> tuple[float, float]:
    """How much RR intervals change, as shares of the median: half of all changes, 7 of 10.

    Intervals are compared with the last one and with those two and three beats before, and the
    smallest change counts: bigeminy and trigeminy are even, fibrillation is not.

    Examples
    --------
    >>> unevenness(np.array([0.6, 1.0, 0.6, 1.0, 0.6, 1.0, 0.6]))
    (0.0, 0.0)
    """
    usual = max(float(np.median(intervals)), _TINY)
    far = min(_LONGEST_PATTERN, max(1, intervals.size - _PATIENCE))
    changes = [np.abs(intervals[k:] - intervals[:-k]) / usual for k in range(1, far + 1)]
    halves = [np.quantile(change, (0.5, 0.7)) for change in changes if change.size]
    if not halves:
        return 0.0, 0.0
    half, most = np.min(halves, axis=0)
    return float(half), float(most)


def p_evidence(grid: Values, complexes: Complexes) -> PEvidence | None:
    """Compare the stretches before the usual complexes; None where there are too few."""
    peaks, onset = complexes.peaks, complexes.onset
    chosen = _chosen(complexes)
    if np.count_nonzero(chosen) < FEWEST_BEATS - 1:
        return None
    response = _before_complexes(grid, peaks[chosen] + onset)
    energy = (response[:, -_LIKELY:] ** 2).sum(axis=1)
    sound = energy < _OUTLIER * np.median(energy)
    if np.count_nonzero(sound) >= FEWEST_BEATS:
        response = response[sound]
        chosen[np.flatnonzero(chosen)[~sound]] = False
    searched, room = _searched(complexes, chosen)
    seen = response[:, searched]
    count = seen.shape[0]
    mean = seen.mean(axis=0)
    spread = seen.std(axis=0, ddof=1)
    error = np.sqrt(spread**2 / count + (_NOISE_FLOOR * complexes.size) ** 2)
    everywhere = response.mean(axis=0)
    at = _clearest(mean, mean / error, ~_side_lobes(everywhere)[searched])
    shared = count * float((mean**2).sum()) / (float((seen**2).sum()) + _TINY)
    shifts, aligned = _alignment(seen, mean)
    places, wandering = _wandering(seen)
    if wandering > WANDERING and shared < _LOOSE:
        shifts = places - at
    all_shifts = np.full(peaks.size, np.nan)
    all_shifts[chosen] = shifts
    lags = np.flatnonzero(searched) - _SEARCH
    return PEvidence(
        shared=(count * shared - 1) / (count - 1),
        likeness=_likeness(seen),
        certainty=float(abs(mean[at]) / error[at]),
        height=float(abs(mean[at])) / complexes.size,
        noise=float(np.sqrt(((seen - mean) ** 2).mean())) / complexes.size,
        lag=int(lags[at]) + onset,
        polarity=1 if mean[at] >= 0 else -1,
        aligned=(count * aligned - 1) / (count - 1),
        wandering=wandering,
        shifts=all_shifts,
        room=room,
    )


def _chosen(complexes: Complexes) -> Mask:
    """Tell which beats are usual, with all of the search before them inside the strip.

    Those after a beat of another shape are left out where there are enough others: its T wave is
    another one as well.
    """
    inside = complexes.peaks + complexes.onset >= _SEARCH + _BUMP_REACH
    chosen = complexes.usual & inside
    after_usual = np.concatenate([[True], complexes.usual[:-1]])
    clean = chosen & after_usual
    return clean if np.count_nonzero(clean) >= FEWEST_BEATS else chosen


def _before_complexes(grid: Values, onsets: Indices) -> Values:
    """Filter what comes before each onset, shape ``(beats, search)``.

    The complex itself is replaced by the level at its onset, or it would answer to the filter.
    """
    before = grid[onsets[:, None] + np.arange(-_SEARCH - _BUMP_REACH, 0)]
    level = before[:, -2:].mean(axis=1, keepdims=True)
    held = np.concatenate([before, np.repeat(level, _BUMP_REACH, axis=1)], axis=1)
    return sliding_window_view(held, BUMP.size, axis=1) @ BUMP


def _searched(complexes: Complexes, chosen: Mask) -> tuple[Mask, int]:
    """Tell where a P wave can be looked for: after the T waves, before the complexes."""
    intervals = np.diff(complexes.peaks, prepend=-(10**6))[chosen] / GRID_RATE
    t_end = max(_T_WAVE_END, complexes.end / GRID_RATE + _T_WAVE_LENGTH)
    lags = np.arange(-_SEARCH, 0)
    free = (lags + complexes.onset) / GRID_RATE > t_end - intervals[:, None]
    searched = free.sum(axis=0) >= max(FEWEST_BEATS - 1, _IN_VIEW * intervals.size)
    room = int(np.count_nonzero(searched))
    if room < _NEAREST_SEARCH:
        searched[-_NEAREST_SEARCH:] = True
    searched[-_BESIDE_QRS:] = False
    return searched, room


def _side_lobes(mean: Values) -> Mask:
    """Tell where the filter only answers to the flank of a larger wave of the other sign."""
    padded = np.pad(mean, _LOBE_REACH)
    nearby = sliding_window_view(padded, 2 * _LOBE_REACH + 1)
    other = np.where(mean > 0, -nearby.min(axis=1), nearby.max(axis=1))
    return np.asarray(np.abs(mean) < _LOBE * other)


def _clearest(mean: Values, certainty: Values, genuine: Mask) -> int:
    """Where the clearest bump stands; flanks and the edge are none unless nothing else is."""
    height = np.abs(mean)
    inner = np.zeros(mean.size, np.bool_)
    inner[1:-1] = (height[1:-1] >= height[:-2]) & (height[1:-1] > height[2:])
    score = np.abs(certainty)
    for allowed in (inner & genuine, inner):
        if allowed.any():
            return int(np.argmax(np.where(allowed, score, 0)))
    return int(np.argmax(score))


def _likeness(seen: Values) -> float:
    unit = seen / (np.sqrt((seen**2).sum(axis=1, keepdims=True)) + _TINY)
    first, second = np.triu_indices(seen.shape[0], 1)
    return float(np.median((unit @ unit.T)[first, second]))


def _alignment(seen: Values, mean: Values) -> tuple[NDArray[np.float64], float]:
    """Move each stretch to where it fits the mean of all best; return moves and what is shared."""
    reach = _FARTHEST_SHIFT
    padded = np.pad(seen, ((0, 0), (reach, reach)))
    moved = sliding_window_view(padded, seen.shape[1], axis=1)  # beats, shifts, samples
    each = np.arange(seen.shape[0])
    target = mean
    best = np.full(seen.shape[0], reach)
    fit = moved @ target
    for _ in range(_ROUNDS):
        fit = moved @ target
        best = fit.argmax(axis=1)
        target = moved[each, best].mean(axis=0)
    aligned = moved[each, best]
    shared = each.size * float((target**2).sum()) / (float((aligned**2).sum()) + _TINY)
    return best - reach + _vertex(fit, best), shared


def _wandering(seen: Values) -> tuple[NDArray[np.float64], float]:
    """Find one bump before each complex, wherever it stands, and how much it explains.

    Returns the places of the bumps and the share of the energy in them.
    """
    reach = _BUMP_REACH
    padded = np.pad(seen, ((0, 0), (reach, reach)))
    pieces = sliding_window_view(padded, 2 * reach + 1, axis=1)  # beats, places, samples
    fit = pieces @ BUMP_ANSWER
    if np.abs(fit.min(axis=1)).sum() > fit.max(axis=1).sum():
        fit = -fit
    best = fit.argmax(axis=1)
    each = np.arange(seen.shape[0])
    mean = pieces[each, best].mean(axis=0)
    explained = each.size * float((mean**2).sum()) / (float((seen**2).sum()) + _TINY)
    return best + _vertex(fit, best), explained


def _vertex(fit: Values, best: NDArray[np.intp]) -> NDArray[np.float64]:
    """Where between the grid samples the best fit lies, -0.5 to 0.5."""
    each = np.arange(fit.shape[0])
    inner = np.clip(best, 1, fit.shape[1] - 2)
    left, middle, right = fit[each, inner - 1], fit[each, inner], fit[each, inner + 1]
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / np.where(bend < 0, bend, -np.inf)
    return np.where(best == inner, np.clip(offset, -0.5, 0.5), 0.0)

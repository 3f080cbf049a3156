"""How alike the QRS complexes of a lead are, and which of them are the usual ones."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

GRID_HZ: Final = 250.0
"""Everything is compared at this rate, whatever the recording's."""

UNLIKE: Final = 0.84
"""Complexes whose slopes correlate less with the usual ones have another form."""

_HALF_SLOPE = 2  # grid points: slopes are taken over 16 ms, above the noise of the samples
_REACH_S = 0.12  # to each side of the R peak
_SHIFT = 5  # grid points (20 ms) by which R peaks of one form may be marked apart
_MOST_COMPARED = 200  # complexes stand for all those of a long recording
_RIVAL = 0.4  # of the largest group: as many may be the usual ones after all
_EARLIER = 0.9  # times the other group's interval: who comes earlier is not the usual one
_TURNS = 3  # beats of two or three forms may take turns
_CORE_S = 0.08  # to each side of the R peak
# Log odds of chaos for sameness, contrast and unevenness: a logistic regression of fibrillation and
# asystole against everything else (tests/bench/fit_evidence.py). Its constant, 4.94, is lowered: so
# much that 96 % of the strips of fibrillation and of asystole are still not read.
_CHAOS = (4.5, -1.78, -2.38, 5.06)
_MOST_UNEVEN = 0.6
# Log odds that an early beat of mitdb is ventricular (V, not A, J, N, L or R), each patient and
# class with the same weight: for the logarithms of 1.02 less the likeness, of the breadth, of the
# size, and of how ST segment and T wave differ from the usual ones.
_FOREIGN = (-0.82, 0.97, 3.16, 4.14, 1.83)
_LIKENESS_CEILING, _LEAST_DIFFERENCE = 1.02, 0.1
_RECOVERY_S = (0.10, 0.36)  # after the R peak
_TINY = 1e-9
# Periodicity is sought at rates of 97 to 375/min, without what is slower or much faster.
_COARSE = 4  # grid points are averaged
_DRIFT_S = 0.7
_STRETCH_S, _STEP_S = 3.0, 1.0
_SHORTEST_CYCLE_S, _LONGEST_CYCLE_S = 0.16, 0.62
_WORST_STRETCHES = 20  # percentile: a rhythm is there most of the time
_AS_GOOD = 0.9  # of the highest peak
_CREST_REACH = 0.4  # of the cycle to each side
# From here on a rhythm is organised, also where the form of its complexes does not show it. A
# choice: at 0.8 it let 4 more of 225 strips of fibrillation be read, at 0.88 3; of 487 strips of
# tachycardia 56 and 40.
_EVENLY = 0.9
# As much energy of slopes between the complexes as in them: one wave runs into the next.
_MERGED, _NEARLY_MERGED = 1.3, 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Complexes:
    """The complexes of one lead, beat by beat; arrays of shape ``(beats,)``.

    Attributes
    ----------
    likeness
        Correlation of the slopes with those of the usual complexes, -1 to 1.
    unlike
        Whether a complex has another form than the usual ones.
    foreign
        Whether it seems to come from elsewhere, as a ventricular beat does: by form, breadth and
        size of its slopes together.
    shift_s
        Seconds by which a complex lies behind its mark, against the usual ones. Intervals between
        complexes are surer than those between R peaks, which noise and notches move.
    sameness
        Median likeness of neighbours, or of those two or three beats apart where these are more
        alike (beats that take turns): near 1 in an organised rhythm, near 0.6 in chaos.
    contrast
        Logarithm of one more than the energy of the slopes in the complexes, as a multiple of that
        between them: 4 and more for sharp complexes on a quiet baseline, near 1 in chaos.
    unevenness
        Standard deviation of the intervals divided by their mean.
    periodicity
        How well the signal foretells itself one cycle of a fast rhythm later, from `periodicity`.
    figures
        What tells a foreign complex, shape ``(beats, 4)``, for whoever fits the weights.
    """

    likeness: NDArray[np.float32]
    unlike: NDArray[np.bool_]
    foreign: NDArray[np.bool_]
    shift_s: NDArray[np.float64]
    sameness: float
    contrast: float
    unevenness: float
    periodicity: float = 0.0
    figures: NDArray[np.float64] | None = None

    @property
    def organised(self) -> bool:
        """Whether these are complexes of a heart that beats, not chaos or noise."""
        return self.clear or self.repeating

    @property
    def repeating(self) -> bool:
        """Whether a fast rhythm repeats so evenly that it is no chaos, whatever its form."""
        return self.periodicity >= _EVENLY

    @property
    def merged(self) -> bool:
        """Whether one wave runs into the next, with no line between the complexes."""
        return self.contrast < _MERGED

    @property
    def nearly_merged(self) -> bool:
        """Whether there is hardly a line between the complexes that would show where they end."""
        return self.contrast < _NEARLY_MERGED

    @property
    def clear(self) -> bool:
        """Whether the form of the complexes and their timing show a heart that beats."""
        base, same, contrast, uneven = _CHAOS
        odds = base + same * self.sameness + contrast * self.contrast
        return odds + uneven * min(self.unevenness, _MOST_UNEVEN) < 0


def on_grid(signal: NDArray[np.float32], fs: float) -> NDArray[np.float32]:
    """Resample one lead to `GRID_HZ`, its median at 0 and its largest deflection at 1 or -1.

    Gaps are bridged with straight lines. A lead that is flat, or nothing but gap, is all 0.

    Examples
    --------
    >>> on_grid(np.array([0.0, np.nan, 2.0, 4.0], np.float32), 125.0).tolist()
    [-1.0, -0.75, -0.5, -0.25, 0.0, 0.5, 1.0, 1.0]
    """
    known = np.flatnonzero(np.isfinite(signal))
    at = np.arange(int(signal.size / fs * GRID_HZ)) * (fs / GRID_HZ)
    if known.size == 0:
        return np.zeros(at.size, np.float32)
    values = signal[known].astype(np.float64)
    values -= np.median(values)
    largest = np.abs(values).max()
    if largest == 0:
        return np.zeros(at.size, np.float32)
    return np.asarray(np.interp(at, known, values / largest), np.float32)


def compare_complexes(
    grid: NDArray[np.float32],
    beats: NDArray[np.int64],
    usual: NDArray[np.bool_] | None = None,
) -> Complexes:
    """Compare the complexes with each other and with the usual ones.

    Those are the largest group that look alike; where two groups are about as large (a bigeminal
    rhythm), the one that does not come early.

    Parameters
    ----------
    grid
        One lead at `GRID_HZ`, from `on_grid`.
    beats
        R peaks as positions on that grid, ascending.
    usual
        Which beats are the usual ones, where that is known from their timing; at least one.

    Examples
    --------
    >>> time = np.arange(0, 8, 1 / GRID_HZ)
    >>> lead = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2)).astype(np.float32)
    >>> found = compare_complexes(lead, np.arange(100, 2000, 200))
    >>> round(found.sameness, 2), bool(found.unlike.any())
    (1.0, False)
    """
    if beats.size == 0:
        nobody = np.empty(0, np.bool_)
        nothing = np.empty(0, np.float32)
        return Complexes(nothing, nobody, nobody, nothing.astype(np.float64), 0.0, 0.0, 1.0)
    shifted = _shifted_slopes(grid, beats)
    core = shifted[:, _SHIFT]
    breadth = _breadth(core)
    unit = shifted / np.maximum(np.linalg.norm(shifted, axis=2, keepdims=True), _TINY)
    if usual is None:
        usual = _usual(unit, np.diff(beats, prepend=beats[0]))
    form = core[usual].mean(axis=0)
    by_shift = unit @ (form / max(float(np.linalg.norm(form)), _TINY))
    likeness = by_shift.max(axis=1)
    shift = (by_shift.argmax(axis=1) - _SHIFT) / GRID_HZ
    aligned = beats + np.rint(shift * GRID_HZ).astype(np.int64)
    figures = _figures(
        likeness,
        breadth / np.median(breadth[usual]),
        _of_usual(np.linalg.norm(core, axis=1), usual),
        np.where(
            aligned + round(_RECOVERY_S[1] * GRID_HZ) <= grid.size,
            _of_usual(_recovery(grid, aligned, usual), usual),
            1.0,  # what the end of the signal cuts off counts as the usual
        ),
    )
    base, *weights = _FOREIGN
    return Complexes(
        likeness=likeness,
        unlike=likeness < UNLIKE,
        foreign=base + figures @ np.array(weights) > 0,
        shift_s=np.where(likeness < UNLIKE, 0.0, shift),
        sameness=_sameness(unit),
        contrast=_contrast(grid, beats),
        unevenness=_unevenness(beats),
        periodicity=periodicity(grid),
        figures=figures,
    )


def periodicity(grid: NDArray[np.float32]) -> float:
    """Tell how evenly a fast rhythm repeats: near 1 in an even one, also where its waves merge.

    The highest peak of the autocorrelation of three seconds at the delays of a fast rhythm, taken
    every second; the 20th percentile of these.

    Examples
    --------
    >>> time = np.arange(0, 8, 1 / GRID_HZ)
    >>> round(periodicity(np.sin(2 * np.pi * 3 * time).astype(np.float32)), 1)
    1.0
    >>> periodicity(np.zeros(2000, np.float32))
    0.0
    """
    return _repetition(_without_drift(grid))[0]


def crests(grid: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return one place on the grid for each cycle of an even, fast rhythm: its sharper crest.

    It is of use where waves merge, and no complex is told from what lies between.

    Examples
    --------
    >>> time = np.arange(0, 8, 1 / GRID_HZ)
    >>> found = crests(np.sin(2 * np.pi * 3 * time).astype(np.float32))
    >>> bool(np.all(np.abs(np.diff(found) - GRID_HZ / 3) < 6))
    True
    """
    coarse = _without_drift(grid)
    _, cycle = _repetition(coarse)
    reach = int(_CREST_REACH * cycle)
    if reach < 1:
        return np.empty(0, np.int64)
    # The sharper side rises higher above the middle.
    upright = coarse if (coarse**3).sum() >= 0 else -coarse
    padded = np.pad(upright, reach, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    places = np.flatnonzero((upright == highest) & (upright > 0))
    places = places[np.diff(places, prepend=-reach - 1) > reach]  # of a flat crest the beginning
    return places * _COARSE + _COARSE // 2


def _without_drift(grid: NDArray[np.float32]) -> NDArray[np.float64]:
    whole = grid[: grid.size // _COARSE * _COARSE].astype(np.float64)
    coarse = np.asarray(whole.reshape(-1, _COARSE).mean(axis=1), np.float64)
    if coarse.size:
        coarse -= _running_mean(coarse, round(_DRIFT_S * GRID_HZ / _COARSE) | 1)
    return coarse


def _repetition(coarse: NDArray[np.float64]) -> tuple[float, float]:
    """Return the periodicity, and the usual cycle in points of the coarse grid; 0 for none."""
    rate = GRID_HZ / _COARSE
    length, step = round(_STRETCH_S * rate), round(_STEP_S * rate)
    if coarse.size < length:
        return 0.0, 0.0
    stretches = np.lib.stride_tricks.sliding_window_view(coarse, length)[::step]
    stretches = stretches - stretches.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(stretches, 2 * length, axis=1)) ** 2
    first, last = round(_SHORTEST_CYCLE_S * rate), round(_LONGEST_CYCLE_S * rate)
    delayed = np.fft.irfft(spectrum, 2 * length, axis=1)[:, : last + 1]
    # What is left to compare shrinks with the delay.
    delayed *= length / (length - np.arange(last + 1))
    delayed /= np.maximum(delayed[:, :1], _TINY)
    inner = delayed[:, first + 1 : last]
    crest = (inner >= delayed[:, first : last - 1]) & (inner >= delayed[:, first + 2 :])
    peaks = np.where(crest, inner, 0.0)
    foretold = peaks.max(axis=1)
    # A rhythm that repeats after one cycle does so after two: the shortest that is as good counts.
    nearly = (peaks >= _AS_GOOD * foretold[:, None]) & crest
    cycle = first + 1 + np.median(nearly.argmax(axis=1))
    worst = float(np.percentile(foretold, _WORST_STRETCHES))
    return worst, float(cycle) if worst > 0 else 0.0


def _running_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    sums = np.cumsum(np.pad(values, (width // 2 + 1, width // 2), mode="edge"))
    return np.asarray((sums[width:] - sums[:-width]) / width)


def slopes(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the change over 16 ms around each point, 0 at both ends."""
    change = np.zeros_like(grid)
    wide = 2 * _HALF_SLOPE
    change[_HALF_SLOPE:-_HALF_SLOPE] = grid[wide:] - grid[:-wide]
    return change


def _shifted_slopes(grid: NDArray[np.float32], beats: NDArray[np.int64]) -> NDArray[np.float32]:
    """Slopes around each beat, once for each shift: shape ``(beats, shifts, points)``."""
    reach = round(_REACH_S * GRID_HZ)
    around = np.arange(-_SHIFT, _SHIFT + 1)[:, None] + np.arange(-reach, reach + 1)
    return np.asarray(slopes(grid).take(beats[:, None, None] + around, mode="clip"))


def _breadth(core: NDArray[np.float32]) -> NDArray[np.float32]:
    energy = -np.sort(-(core**2), axis=1)
    held = np.cumsum(energy, axis=1) < 0.9 * energy.sum(axis=1, keepdims=True)
    return np.asarray((held.sum(axis=1) + 1) / GRID_HZ, np.float32)


def _usual(unit: NDArray[np.float32], since: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the usual complexes, in a long recording only among some of them."""
    step = -(-len(unit) // _MOST_COMPARED)
    some = unit[::step]
    usual = np.zeros(len(unit), np.bool_)
    usual[::step] = _largest_group((some @ some[:, _SHIFT].T).max(axis=1) > UNLIKE, since[::step])
    return usual


def _largest_group(likes: NDArray[np.bool_], since: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Choose a group of complexes, given who is like whom and the intervals before each."""
    first = likes[:, likes.sum(axis=0).argmax()]
    if not first.any():  # a flat stretch, where nothing is like anything
        return ~first
    second = likes[:, ((likes & ~first).sum(axis=0) * ~first).argmax()] & ~first
    if second.sum() < max(2, _RIVAL * first.sum()):
        return first
    # The first beat of all has no interval before it.
    known = since > 0
    ahead, behind = since[first & known], since[second & known]
    if ahead.size and behind.size and np.median(ahead) < _EARLIER * np.median(behind):
        return second
    return first


def _figures(
    likeness: NDArray[np.float32],
    breadth: NDArray[np.float32],
    size: NDArray[np.float64],
    difference: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what tells a foreign complex; all but the likeness are multiples of the usual."""
    figures = (
        np.log(_LIKENESS_CEILING - likeness),
        np.log(breadth),
        np.abs(np.log(size)),
        np.log(difference + _LEAST_DIFFERENCE),
    )
    return np.stack(figures, axis=1).astype(np.float64)


def _of_usual(figures: NDArray[np.floating], usual: NDArray[np.bool_]) -> NDArray[np.float64]:
    typical = max(float(np.median(figures[usual])), _TINY)
    return np.asarray(np.maximum(figures, _TINY) / typical, np.float64)


def _recovery(
    grid: NDArray[np.float32], beats: NDArray[np.int64], usual: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """How far ST segment and T wave lie from those of the usual beats."""
    first, last = (round(seconds * GRID_HZ) for seconds in _RECOVERY_S)
    after = grid.take(beats[:, None] + np.arange(first, last), mode="clip")
    after = after - after.mean(axis=1, keepdims=True)
    typical = np.median(after[usual], axis=0)
    return np.asarray(np.sqrt(np.square(after - typical).mean(axis=1)))


def _sameness(unit: NDArray[np.float32]) -> float:
    """Median likeness of each complex to one, two or three before it, whichever is largest."""
    middle = unit[:, _SHIFT]
    return max(
        (
            float(np.median(np.einsum("ijk,ik->ij", unit[lag:], middle[:-lag]).max(axis=1)))
            for lag in range(1, min(_TURNS, len(unit) - 1) + 1)
        ),
        default=0.0,
    )


def _unevenness(beats: NDArray[np.int64]) -> float:
    intervals = np.diff(beats)
    return float(intervals.std() / intervals.mean()) if intervals.size else 1.0


def _contrast(grid: NDArray[np.float32], beats: NDArray[np.int64]) -> float:
    energy = slopes(grid) ** 2
    reach = round(_CORE_S * GRID_HZ)
    inside = np.zeros(grid.size, np.bool_)
    inside[np.clip(beats[:, None] + np.arange(-reach, reach + 1), 0, grid.size - 1)] = True
    outside = ~inside
    if not outside.any():
        return 0.0
    between = float(energy[outside].mean())
    return float(np.log1p(float(energy[inside].mean()) / max(between, _TINY)))

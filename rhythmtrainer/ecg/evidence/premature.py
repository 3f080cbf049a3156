"""Early beats, how they follow each other, and pauses."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.complexes import Complexes
from rhythmtrainer.ecg.running import running_median
from rhythmtrainer.model import Pattern

EARLY: Final = 0.83
"""A beat of the usual form is early if it comes before this share of the usual interval."""

EARLY_UNLIKE: Final = 0.9
"""A beat of another form, with which there is no mistake about noise in the rhythm."""

PAUSE_S: Final = 2.0
"""Intervals from here on are pauses, if they are long for the rhythm too."""

_PAUSE_SHARE = 1.5  # of the usual interval: a slow rhythm has no pauses
_STANDS_OUT = 3.0  # standard deviations of the rhythm's own variation
_SURELY_EARLY = 0.75  # of the usual interval, in whatever rhythm
_STEADIER = 0.5  # times the scatter of the intervals, where long and short ones take turns
_SUDDEN = 0.9  # of the interval before
_BACK = 0.95  # of the usual interval is the next at least, or another early one
_RHYTHM = 9  # intervals around a beat tell what is usual
_CLEAR_PERIODS = 0.6  # of the beats take part in a pattern that repeats
_RUN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Early:
    """Which beats are early; masks of shape ``(beats,)``.

    Attributes
    ----------
    narrow, wide
        Early with the usual form, and early with another and broader one.
    usual_rr_s
        Interval of the basic rhythm at each beat, in seconds; NaN where there is none.
    """

    narrow: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    usual_rr_s: NDArray[np.float64]

    @property
    def any(self) -> NDArray[np.bool_]:
        """For each beat, whether it is early."""
        return self.narrow | self.wide


def early_beats(rr_s: NDArray[np.float64], complexes: Complexes) -> Early:
    """Tell which beats come before their time.

    A beat is measured against the intervals around it that lead from one beat of the usual form to
    the next. The first beat is never early: what was before it is not seen.

    Parameters
    ----------
    rr_s
        Intervals between the beats, NaN across a gap, one fewer than the beats.
    complexes
        Forms of the same beats.
    """
    foreign = complexes.foreign
    if foreign.size == 0:
        nobody = np.zeros(0, np.bool_)
        return Early(nobody, nobody, np.empty(0, np.float64))
    since = np.append(np.nan, rr_s)
    until = np.append(rr_s, np.nan)
    usual = _usual_intervals(since, foreign)
    share = since / usual
    wide = foreign & (share < EARLY_UNLIKE)
    narrow = ~foreign & (share < _early_share(share, foreign))
    # An interval from a beat that came early to the next says nothing about the next.
    narrow[1:] &= ~wide[:-1]
    # Breathing also shortens intervals, but over several beats.
    narrow[1:] &= _sudden(since, narrow, wide)[1:]
    narrow[:-1] &= (until[:-1] > _BACK * usual[:-1]) | narrow[1:] | np.isnan(until[:-1])
    return Early(narrow, wide, usual)


def _early_share(share: NDArray[np.float64], foreign: NDArray[np.bool_]) -> float:
    """Below which share of the usual interval a beat stands out of the rhythm's own variation."""
    own = share.copy()
    own[foreign] = np.nan
    own[1:][foreign[:-1]] = np.nan
    # Of normal values the quartiles lie 1.35 standard deviations apart.
    variation = _scatter(own) / 1.35
    return float(np.clip(1.0 - _STANDS_OUT * variation, _SURELY_EARLY, EARLY))


def _sudden(
    since: NDArray[np.float64], narrow: NDArray[np.bool_], wide: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Mark the beats whose interval is short against the one before, or follows an early beat's."""
    before = np.append(np.nan, since[:-1])
    after_early = np.append(False, (narrow | wide)[:-1])
    return np.asarray((since < _SUDDEN * before) | after_early | np.isnan(before))


def _usual_intervals(since: NDArray[np.float64], foreign: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Interval of the basic rhythm at each beat; NaN where nothing tells it.

    The mean of the intervals before and after an early beat is the basic interval too, if a pause
    follows it. That serves where every second beat is early.
    """
    basic = np.isfinite(since) & ~foreign
    basic[1:] &= ~foreign[:-1]
    usual = _smoothed(since, basic)
    halves = np.append((since[:-1] + since[1:]) / 2, np.nan)
    if np.isnan(usual).all() or _scatter(halves) < _STEADIER * _scatter(since):
        usual = np.fmax(usual, _smoothed(halves, np.isfinite(halves)))
    return usual


def _scatter(intervals: NDArray[np.float64]) -> float:
    """Distance between the quartiles."""
    known = intervals[np.isfinite(intervals)]
    if known.size == 0:
        return 0.0
    low, high = np.percentile(known, (25, 75))
    return float(high - low)


def _smoothed(intervals: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    places = np.flatnonzero(counted)
    if places.size < 2:  # noqa: PLR2004 - one interval is not yet a rhythm
        return np.full(intervals.size, np.nan)
    near = running_median(intervals[places], _RHYTHM)
    return np.asarray(np.interp(np.arange(intervals.size), places, near))


def pattern_of(early: NDArray[np.bool_]) -> Pattern:
    """Tell how early beats follow each other.

    Examples
    --------
    >>> pattern_of(np.array([0, 1, 0, 1, 0, 1, 0, 1], np.bool_)).value
    'every second beat'
    """
    if not early.any():
        return Pattern.NONE
    for period, pattern in ((2, Pattern.BIGEMINAL), (3, Pattern.TRIGEMINAL)):
        if _repeats(early, period):
            return pattern
    longest = _longest_run(early)
    if longest >= _RUN:
        return Pattern.RUNS
    return Pattern.COUPLETS if longest == _RUN - 1 else Pattern.NONE


def _repeats(early: NDArray[np.bool_], period: int) -> bool:
    """Whether early beats `period` apart, with none between, fill most of the strip."""
    places = np.flatnonzero(early)
    steps = np.diff(places) == period
    if np.count_nonzero(steps) < 2:  # noqa: PLR2004 - three in a row make a pattern
        return False
    return bool((np.count_nonzero(steps) + 1) * period >= _CLEAR_PERIODS * early.size)


def _longest_run(early: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], early, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max())


def pauses(rr_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which intervals are pauses: two seconds or more, and long for the rhythm.

    Examples
    --------
    >>> pauses(np.array([0.9, 0.9, 2.4, 0.9]))
    array([2])
    """
    known = rr_s[np.isfinite(rr_s)]
    if known.size == 0:
        return np.empty(0, np.int64)
    long = rr_s >= max(PAUSE_S, _PAUSE_SHARE * float(np.median(known)))
    return np.flatnonzero(long)

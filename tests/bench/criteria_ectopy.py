"""Numbers that are read off the truth about early beats, runs of them, and how they begin."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.simulated import Beginning
from tests.bench.criteria_observed import Observed, Times

_BEHIND = 0.9
"""Of the usual interval: an early beat comes before."""


def events(seen: Observed, of: Beginning) -> float:
    """Number of ectopic beats, or of runs of them, that a usual beat precedes."""
    return _firsts(seen, of).size


def latest_coupling(seen: Observed, of: Beginning) -> float:
    """Longest interval before such a beat, in usual intervals."""
    firsts = _firsts(seen, of)
    return float(seen.rr[firsts - 1].max() / seen.usual_rr) if firsts.size else np.nan


def coupling_spread(seen: Observed, of: Beginning) -> float:
    """Longest minus shortest interval before such beats, in seconds; NaN with fewer than two."""
    firsts = _firsts(seen, of)
    return float(np.ptp(seen.rr[firsts - 1])) if firsts.size > 1 else np.nan


def farthest_from_full_pause(seen: Observed, of: Beginning) -> float:
    """How far the time from the beat before a single ectopic beat to the one behind is from two.

    In usual intervals, the median; from one where it is an interpolated beat, without a pause.
    """
    around = _around_singles(seen, of) / seen.usual_pp
    away = np.minimum(np.abs(around - 2.0), np.abs(around - 1.0))
    return float(np.median(away)) if around.size else np.nan


def longest_run(seen: Observed, of: Beginning) -> float:
    return float(max((len(run) for run in _runs(seen, of)), default=0))


def pairs(seen: Observed, of: Beginning) -> float:
    """Number of pairs that the strip shows whole."""
    return float(sum(len(run) == 2 for run in _whole_runs(seen, of)))


def whole_runs(seen: Observed, of: Beginning) -> float:
    """Number of runs of three beats and more that begin and end inside the strip."""
    return float(sum(len(run) > 2 for run in _whole_runs(seen, of)))


def slowest_run(seen: Observed, of: Beginning) -> float:
    """Rate of the slowest run of three beats and more."""
    return min(_run_rates(seen, of), default=np.nan)


def fastest_run(seen: Observed, of: Beginning) -> float:
    return max(_run_rates(seen, of), default=np.nan)


def run_variation(seen: Observed, of: Beginning) -> float:
    """Standard deviation of the intervals in the longest run, as a share of their mean."""
    rr = _longest_run_rr(seen, of)
    return float(rr.std() / rr.mean()) if rr.size > 1 else np.nan


def fewest_usual_between(seen: Observed, of: Beginning) -> float:
    """Number of usual beats between two ectopic ones, at least."""
    return float(min(_between(seen, of), default=np.nan))


def most_usual_between(seen: Observed, of: Beginning) -> float:
    return float(max(_between(seen, of), default=np.nan))


def earliest_onset_in_qt(seen: Observed, of: Beginning) -> float:
    """Interval before such a beat as a share of the QT of usual beats, the shortest."""
    return float(_onsets_in_qt(seen, of).min()) if events(seen, of) else np.nan


def latest_onset_in_qt(seen: Observed, of: Beginning) -> float:
    return float(_onsets_in_qt(seen, of).max()) if events(seen, of) else np.nan


def qtc_of_usual_beats(seen: Observed) -> float:
    """Longest QT of the beats that the sinus node led, corrected for its rate by Fridericia."""
    qt = seen.qt[(seen.qrs_from == Beginning.SINUS) & np.isfinite(seen.qt)]
    return float(qt.max() / np.cbrt(seen.usual_pp)) if qt.size else np.nan


def pause_before_run(seen: Observed, of: Beginning) -> float:
    """Longest of the two intervals before the beat that a run begins on, in usual intervals."""
    starts = [run[0] for run in _runs(seen, of) if len(run) > 2 and run[0] > 1]
    before = [float(seen.rr[max(start - 3, 0) : start - 1].max()) for start in starts]
    return min(before, default=np.nan) / seen.usual_pp


def earliest_p(seen: Observed, of: Beginning) -> float:
    """Shortest interval before a P wave from there, in usual intervals."""
    early = np.flatnonzero(seen.p_from == of)
    before = seen.pp[early[early > 0] - 1]
    return float(before.min() / seen.usual_pp) if before.size else np.nan


def early_p(seen: Observed, of: Beginning) -> float:
    """Number of P waves from there that come before their time."""
    odd = np.flatnonzero(seen.p_from == of)
    return float((seen.pp[odd[odd > 0] - 1] < _BEHIND * seen.usual_pp).sum())


def usual_interval_around_early_p(seen: Observed, of: Beginning) -> float:
    """Median time from the P wave before an early one to the one behind it, in usual intervals."""
    odd = np.flatnonzero(seen.p_from == of)
    odd = odd[(odd > 0) & (odd < seen.p.size - 1)]
    if not odd.size:
        return np.nan
    return float(np.median(seen.p[odd + 1] - seen.p[odd - 1]) / seen.usual_pp)


def _is(seen: Observed, of: Beginning) -> NDArray[np.bool_]:
    return np.asarray(seen.qrs_from == of)


def _firsts(seen: Observed, of: Beginning) -> NDArray[np.int64]:
    """Beats from there that another beat precedes."""
    there = _is(seen, of)
    return np.flatnonzero(there[1:] & ~there[:-1]) + 1


def _around_singles(seen: Observed, of: Beginning) -> Times:
    singles = [run[0] for run in _whole_runs(seen, of) if len(run) == 1]
    return np.array([seen.qrs[at + 1] - seen.qrs[at - 1] for at in singles])


def _runs(seen: Observed, of: Beginning) -> list[list[int]]:
    there = _is(seen, of)
    return [
        list(run) for told, run in groupby(range(there.size), lambda at: bool(there[at])) if told
    ]


def _whole_runs(seen: Observed, of: Beginning) -> list[list[int]]:
    last = seen.qrs.size - 1
    return [run for run in _runs(seen, of) if run[0] > 0 and run[-1] < last]


def _run_rates(seen: Observed, of: Beginning) -> list[float]:
    runs = [seen.qrs[run] for run in _runs(seen, of) if len(run) > 2]
    return [float(60.0 * (run.size - 1) / (run[-1] - run[0])) for run in runs]


def _longest_run_rr(seen: Observed, of: Beginning) -> Times:
    runs = _runs(seen, of)
    return np.diff(seen.qrs[max(runs, key=len)]) if runs else np.zeros(0)


def _between(seen: Observed, of: Beginning) -> list[int]:
    there = np.flatnonzero(_is(seen, of))
    between = np.diff(there) - 1
    return [int(count) for count in between if count > 0]


def _onsets_in_qt(seen: Observed, of: Beginning) -> Times:
    sinus = (seen.qrs_from == Beginning.SINUS) & np.isfinite(seen.qt)
    qt = float(np.median(seen.qt[sinus])) if sinus.any() else np.nan
    return np.asarray(seen.rr[_firsts(seen, of) - 1] / qt)

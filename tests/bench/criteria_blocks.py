"""Numbers that are read off the truth about waves that are late, missing, or blocked."""

from itertools import groupby, pairwise

import numpy as np

from rhythmtrainer.model.simulated import Beginning
from tests.bench.criteria_observed import Observed, Times

_GAP = 1.5
"""Of the usual interval between P waves: what is longer is a gap."""


def gaps(seen: Observed) -> float:
    """Number of gaps between P waves."""
    return _gaps(seen).size


def gaps_of_two_seconds(seen: Observed) -> float:
    """Number of intervals of two seconds and more between complexes."""
    return float((seen.rr >= 2.0).sum())


def nearest_gap_to_multiple(seen: Observed) -> float:
    """How near a gap comes to a whole number of usual intervals, in these."""
    return float(_from_multiple(seen).min()) if gaps(seen) else np.nan


def farthest_gap_from_multiple(seen: Observed) -> float:
    """How far a gap is from a whole number of usual intervals, in these."""
    return float(_from_multiple(seen).max()) if gaps(seen) else np.nan


def uneven_pp_but_for_gaps(seen: Observed) -> float:
    """Longest minus shortest interval that is no gap, in seconds."""
    even = seen.pp[seen.pp <= _GAP * seen.usual_pp]
    return float(np.ptp(even)) if even.size > 1 else np.nan


def blocked(seen: Observed) -> float:
    """Number of P waves that were not conducted."""
    return float((~seen.answered).sum())


def most_blocked_in_a_row(seen: Observed) -> float:
    return _longest(seen, answered=False)


def most_conducted_in_a_row(seen: Observed) -> float:
    return _longest(seen, answered=True)


def least_growth_of_pr(seen: Observed) -> float:
    """Smallest change of PR from beat to beat inside a group of Wenckebach's."""
    steps = [float(np.diff(pr).min()) for pr, _ in _groups(seen) if pr.size > 1]
    return min(steps, default=np.nan)


def least_gain_of_pr(seen: Observed) -> float:
    """By how much the last PR of a whole group exceeds its first, at least."""
    gains = [float(pr[-1] - pr[0]) for pr, whole in _groups(seen) if whole and pr.size > 1]
    return min(gains, default=np.nan)


def whole_groups(seen: Observed) -> float:
    """Number of groups, with two beats or more, that begin and end inside the strip."""
    return float(sum(whole and pr.size > 1 for pr, whole in _groups(seen)))


def most_growth_of_rr_before_drop(seen: Observed) -> float:
    """Largest change of RR from beat to beat inside a group; 0 where groups are too short."""
    onsets = [answers for answers in _answers(seen) if answers.size > 2]
    return max((float(np.diff(times, 2).max()) for times in onsets), default=0.0)


def longest_pause_by_shortest_rr(seen: Observed) -> float:
    """Longest interval across a dropped beat, in shortest intervals."""
    pauses = _pauses(seen)
    return float(pauses.max() / seen.rr.min()) if pauses.size else np.nan


def shortest_pause_by_pp(seen: Observed) -> float:
    """Shortest interval across one dropped beat, in intervals between P waves."""
    pauses = _pauses(seen)
    return float(pauses.min() / np.median(seen.pp)) if pauses.size else np.nan


def longest_pause_by_pp(seen: Observed) -> float:
    pauses = _pauses(seen)
    return float(pauses.max() / np.median(seen.pp)) if pauses.size else np.nan


def wandering_of_p_before_qrs(seen: Observed) -> float:
    """Spread of the time from the last P wave to a complex, as a share of the P waves' interval."""
    before = [at - seen.p[seen.p < at][-1] for at in seen.qrs if (seen.p < at).any()]
    if len(before) < 2 or not seen.pp.size:
        return np.nan
    return float(np.ptp(before) / np.median(seen.pp))


def uneven_ratio_of_rr_to_pp(seen: Observed) -> float:
    """How far an interval between complexes is from a whole number of waves, in these."""
    if not (seen.rr.size and seen.pp.size):
        return np.nan
    waves = seen.rr / np.median(seen.pp)
    return float(np.abs(waves - np.rint(waves)).max())


def _gaps(seen: Observed) -> Times:
    sinus = seen.p[seen.p_from == Beginning.SINUS]
    intervals = np.diff(sinus)
    return np.asarray(intervals[intervals > _GAP * seen.usual_pp])


def _from_multiple(seen: Observed) -> Times:
    lengths = _gaps(seen) / seen.usual_pp
    return np.asarray(np.abs(lengths - np.rint(lengths)))


def _longest(seen: Observed, *, answered: bool) -> float:
    runs = [len(list(run)) for told, run in groupby(seen.answered.tolist()) if told is answered]
    return float(max(runs, default=0))


def _answers(seen: Observed) -> list[Times]:
    """Onsets of the complexes of each group of conducted P waves."""
    told = seen.answer_s[: seen.answered.size]
    return [
        told[list(rows)]
        for conducted, rows in groupby(range(told.size), lambda row: bool(seen.answered[row]))
        if conducted
    ]


def _groups(seen: Observed) -> list[tuple[Times, bool]]:
    """PR intervals of each group, and whether a dropped beat stands before and behind it."""
    rows = [
        (conducted, list(run))
        for conducted, run in groupby(
            range(seen.answered.size), lambda row: bool(seen.answered[row])
        )
    ]
    return [
        (seen.answer_s[run] - seen.p[run], 0 < place < len(rows) - 1)
        for place, (conducted, run) in enumerate(rows)
        if conducted
    ]


def _pauses(seen: Observed) -> Times:
    """Intervals between complexes of groups that one dropped beat divides."""
    told = seen.answered
    ends = [
        (first, second)
        for first, second in pairwise(np.flatnonzero(told).tolist())
        if second - first == 2
    ]
    return np.array([seen.answer_s[second] - seen.answer_s[first] for first, second in ends])

"""Numbers that are read off the truth: rate, regularity, P waves, PR, QRS.

Each is NaN where a strip does not have it.
"""

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.simulated import Beginning
from tests.bench.criteria_limits import Of
from tests.bench.criteria_observed import Observed, Times

# Where the beats lie so far apart that three small boxes are little, 10 % take their place.
_SMALL_BOXES_S, _SHARE = 0.12, 0.10
_EDGE_S = 0.7
"""The P wave of a complex so near to the strip's beginning may not be shown."""


def ventricular_rate(seen: Observed) -> float:
    return _rate(seen.qrs, seen.seconds)


def atrial_rate(seen: Observed) -> float:
    return _rate(seen.p, seen.seconds)


def complexes(seen: Observed) -> float:
    return seen.qrs.size


def p_waves(seen: Observed) -> float:
    return seen.p.size


def p_per_qrs(seen: Observed) -> float:
    return atrial_rate(seen) / ventricular_rate(seen) if seen.qrs.size else np.nan


def uneven_rr(seen: Observed) -> float:
    """Longest minus shortest interval, in units of what still counts as regular."""
    return _uneven(seen.rr)


def uneven_pp(seen: Observed) -> float:
    return _uneven(seen.pp)


def rr_spread(seen: Observed) -> float:
    """Longest minus shortest interval, in seconds."""
    return _spread(seen.rr)


def rr_variation(seen: Observed) -> float:
    """Standard deviation of the intervals as a share of their mean."""
    return float(seen.rr.std() / seen.rr.mean()) if seen.rr.size > 1 else np.nan


def rr_disorder(seen: Observed) -> float:
    """Root mean square of the change from interval to interval, as a share of their mean."""
    if seen.rr.size < 2:
        return np.nan
    return float(np.sqrt((np.diff(seen.rr) ** 2).mean()) / seen.rr.mean())


def most_sudden_change(seen: Observed) -> float:
    """Largest ratio of two intervals in a row."""
    if seen.rr.size < 2:
        return np.nan
    ratio = seen.rr[1:] / seen.rr[:-1]
    return float(np.maximum(ratio, 1 / ratio).max())


def shortest_rr(seen: Observed) -> float:
    return _least(seen.rr)


def shortest_pr(seen: Observed) -> float:
    return _least(seen.pr)


def longest_pr(seen: Observed) -> float:
    return _most(seen.pr)


def pr_spread(seen: Observed) -> float:
    return _spread(seen.pr)


def narrowest_qrs(seen: Observed) -> float:
    return _least(seen.qrs_s)


def widest_qrs(seen: Observed) -> float:
    return _most(seen.qrs_s)


def qrs_width_spread(seen: Observed) -> float:
    return _spread(seen.qrs_s)


def widest_conducted_qrs(seen: Observed) -> float:
    """Width of the widest complex of the sinus node's."""
    return _most(seen.qrs_s[seen.qrs_from == Beginning.SINUS])


def share_of_wide_qrs(seen: Observed) -> float:
    return _share(seen.qrs_s >= 0.12)


def share_of_qrs_with_p(seen: Observed) -> float:
    """Share of the complexes that a P wave was conducted to, but for the strip's beginning."""
    return _share(seen.led[seen.qrs > _EDGE_S])


def share_of_p_conducted(seen: Observed) -> float:
    return _share(seen.answered)


def p_from(seen: Observed, of: Of) -> float:
    """Share of the P waves that began in one of these places."""
    return _share(np.isin(seen.p_from, of))


def qrs_from(seen: Observed, of: Of) -> float:
    """Share of the complexes that began in one of these places."""
    return _share(np.isin(seen.qrs_from, of))


def count_of_qrs_from(seen: Observed, of: Of) -> float:
    return float(np.isin(seen.qrs_from, of).sum())


def count_of_p_from(seen: Observed, of: Of) -> float:
    return float(np.isin(seen.p_from, of).sum())


def narrowest_qrs_from(seen: Observed, of: Of) -> float:
    """Width of the narrowest complex from there, fusion beats left out."""
    return _least(seen.qrs_s[np.isin(seen.qrs_from, of) & ~seen.fused])


def widest_qrs_from(seen: Observed, of: Of) -> float:
    """Width of the widest complex from there, fusion beats left out."""
    return _most(seen.qrs_s[np.isin(seen.qrs_from, of) & ~seen.fused])


def longest_time_from_qrs_to_p(seen: Observed) -> float:
    """How far behind the complex before it a P wave lies, at most."""
    known = seen.p[seen.p > seen.truth.qrs_s[0]] if seen.truth.qrs_s.size else seen.p[:0]
    before = seen.truth.qrs_s[np.searchsorted(seen.truth.qrs_s, known) - 1]
    return _most(known - before)


def longest_pr_of_inverted_p(seen: Observed) -> float:
    """Time from a P wave of the junction, where one stands before a complex, to that complex."""
    before = []
    for at in seen.p[seen.p_from == Beginning.JUNCTION].tolist():
        later = seen.truth.qrs_s[seen.truth.qrs_s >= at]
        nearest_before = seen.truth.qrs_s[seen.truth.qrs_s < at]
        if later.size and (not nearest_before.size or later[0] - at < at - nearest_before[-1]):
            before.append(float(later[0]) - at)
    return max(before, default=0.0)


def _rate(times: Times, seconds: float) -> float:
    if times.size < 2:
        return 60.0 * times.size / seconds
    return float(60.0 * (times.size - 1) / (times[-1] - times[0]))


def _uneven(intervals: Times) -> float:
    if intervals.size < 2:
        return np.nan
    return float(np.ptp(intervals) / max(_SMALL_BOXES_S, _SHARE * intervals.mean()))


def _spread(values: Times) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(known)) if known.size > 1 else np.nan


def _least(values: Times) -> float:
    return float(np.nanmin(values)) if np.isfinite(values).any() else np.nan


def _most(values: Times) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else np.nan


def _share(chosen: NDArray[np.bool_]) -> float:
    return float(chosen.mean()) if chosen.size else np.nan

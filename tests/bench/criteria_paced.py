"""Numbers that are read off the truth about the stimuli of a pacemaker and what they meet."""

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.simulated import Beginning
from tests.bench.criteria_observed import Observed, Rows, Times

_ANSWER_S = 0.08
"""From a stimulus to the wave that it makes, at most."""
_REFRACTORY_S = 0.35
"""From the beginning of a complex until a stimulus must be answered."""


def atrial_spikes(seen: Observed) -> float:
    """Number of stimuli in the atria."""
    return _spikes(seen, in_atria=True).size


def ventricular_spikes(seen: Observed) -> float:
    """Number of stimuli in the ventricles."""
    return _spikes(seen, in_atria=False).size


def share_of_atrial_spikes_answered(seen: Observed) -> float:
    """Share of the stimuli that a wave of the pacemaker's follows at once."""
    return _share_answered(seen, in_atria=True)


def share_of_ventricular_spikes_answered(seen: Observed) -> float:
    """Share of the stimuli that a complex of the pacemaker's follows at once."""
    return _share_answered(seen, in_atria=False)


def share_of_qrs_from_spike(seen: Observed) -> float:
    return float((seen.qrs_from == Beginning.DEVICE).mean()) if seen.qrs.size else np.nan


def longest_spike_to_qrs(seen: Observed) -> float:
    """From a stimulus in the atria to the next complex, the longest time."""
    behind = _atrial_spike_to_qrs(seen)
    return float(behind.max()) if behind.size else np.nan


def shortest_spike_to_qrs(seen: Observed) -> float:
    behind = _atrial_spike_to_qrs(seen)
    return float(behind.min()) if behind.size else np.nan


def spread_of_p_to_spike(seen: Observed) -> float:
    """Longest minus shortest time from a P wave to the stimulus in the ventricles behind it."""
    times = seen.truth.spikes_s[_spikes(seen, in_atria=False)]
    before = [at - seen.p[seen.p < at][-1] for at in times.tolist() if (seen.p < at).any()]
    return float(np.ptp(before)) if len(before) > 1 else np.nan


def stimuli_in_vain(seen: Observed) -> float:
    """Number of stimuli in the ventricles that should have been answered and were not."""
    rows = _spikes(seen, in_atria=False)
    unanswered = ~_is_answered(seen, rows, in_atria=False)
    times = seen.truth.spikes_s[rows[unanswered]]
    return float((_since_qrs(seen, times) > _REFRACTORY_S).sum())


def stimuli_too_soon(seen: Observed) -> float:
    """Number of stimuli in the ventricles that come long before the device's interval is over.

    That interval is the shortest between two stimuli in a row without a complex of the heart's own.
    """
    times = seen.truth.spikes_s[_spikes(seen, in_atria=False)]
    interval = _interval(seen)
    return float((_since_own_beat(seen, times) < 0.8 * interval).sum())


def stimuli_that_are_missing(seen: Observed) -> float:
    """Number of gaps, well beyond the device's interval, with neither stimulus nor complex."""
    events = np.sort(np.concatenate([seen.qrs, seen.truth.spikes_s[_spikes(seen, in_atria=False)]]))
    return float((np.diff(events) > 1.25 * _interval(seen)).sum())


def _spikes(seen: Observed, *, in_atria: bool) -> Rows:
    times = seen.truth.spikes_s
    inside = (times >= 0.0) & (times < seen.seconds - _ANSWER_S)
    return np.flatnonzero(inside & (seen.truth.spike_in_atria == in_atria))


def _share_answered(seen: Observed, *, in_atria: bool) -> float:
    answered = _is_answered(seen, _spikes(seen, in_atria=in_atria), in_atria=in_atria)
    return float(answered.mean()) if answered.size else np.nan


def _is_answered(seen: Observed, rows: Rows, *, in_atria: bool) -> NDArray[np.bool_]:
    truth = seen.truth
    waves, beginnings = (
        (truth.p_s, truth.p_beginning) if in_atria else (truth.qrs_s, truth.qrs_beginning)
    )
    own = waves[beginnings == Beginning.DEVICE]
    times = truth.spikes_s[rows]
    following = np.searchsorted(own, times - 1e-6)
    behind = np.append(own, np.inf)[following] - times
    return np.asarray(behind <= _ANSWER_S)


def _atrial_spike_to_qrs(seen: Observed) -> Times:
    times = seen.truth.spikes_s[_spikes(seen, in_atria=True)]
    following = np.searchsorted(seen.truth.qrs_s, times)
    known = following < seen.truth.qrs_s.size
    return seen.truth.qrs_s[following[known]] - times[known]


def _since_qrs(seen: Observed, times: Times) -> Times:
    before = np.append(-np.inf, seen.truth.qrs_s)
    return np.asarray(times - before[np.searchsorted(seen.truth.qrs_s, times)])


def _since_own_beat(seen: Observed, times: Times) -> Times:
    """Time since the last complex that was not paced."""
    own = seen.truth.qrs_s[seen.truth.qrs_beginning != Beginning.DEVICE]
    before = np.append(-np.inf, own)
    return np.asarray(times - before[np.searchsorted(own, times)])


def _interval(seen: Observed) -> float:
    """The device's interval: between stimuli that no complex of the heart's own divides."""
    times = seen.truth.spikes_s[_spikes(seen, in_atria=False)]
    own = seen.truth.qrs_s[seen.truth.qrs_beginning != Beginning.DEVICE]
    alone = np.searchsorted(own, times[1:]) == np.searchsorted(own, times[:-1])
    intervals = np.diff(times)[alone]
    return float(intervals.min()) if intervals.size else np.nan

"""Laws that the truth about every simulated strip keeps, whatever its rhythm."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.simulated import Beginning, Truth
from tests.bench.criteria_observed import LONGEST_PR_S, Observed, Times, is_fusion

_APART_S = 0.16
"""Two activations of the ventricles are never nearer: the muscle is refractory."""
_SHORTEST_PR_S = 0.06
_QT_S = (0.15, 0.80)
_ANSWER_S = 0.08
_ATRIAL = ("p_s", "p_end_s", "p_beginning")
_VENTRICULAR = ("qrs_s", "qrs_end_s", "qrs_beginning", "qrs_p", "t_peak_s", "t_end_s")
_STIMULI = ("spikes_s", "spike_in_atria", "spike_captures")


def _aligned(seen: Observed) -> bool:
    return all(
        len({getattr(seen.truth, name).shape for name in names}) == 1
        for names in (_ATRIAL, _VENTRICULAR, _STIMULI)
    )


def _ascending(seen: Observed) -> bool:
    truth = seen.truth
    return all(_ascends(times) for times in (truth.p_s, truth.qrs_s, truth.spikes_s))


def _waves_end_after_they_begin(seen: Observed) -> bool:
    truth = seen.truth
    return bool((truth.p_end_s > truth.p_s).all() and (truth.qrs_end_s > truth.qrs_s).all())


def _refractory(seen: Observed) -> bool:
    return bool((np.diff(seen.truth.qrs_s) >= _APART_S).all())


def _complexes_do_not_overlap(seen: Observed) -> bool:
    truth = seen.truth
    return bool((truth.qrs_end_s[:-1] <= truth.qrs_s[1:]).all())


def _p_waves_do_not_overlap(seen: Observed) -> bool:
    truth = seen.truth
    return bool((truth.p_end_s[:-1] <= truth.p_s[1:]).all())


def _causes_exist(seen: Observed) -> bool:
    causes = seen.truth.qrs_p
    return bool(((causes >= -1) & (causes < seen.truth.p_s.size)).all())


def _one_complex_for_a_p(seen: Observed) -> bool:
    causes = seen.truth.qrs_p[seen.truth.qrs_p >= 0]
    return causes.size == np.unique(causes).size


def _pr_is_possible(seen: Observed) -> bool:
    pr = _pr(seen.truth)
    return bool(((pr >= _SHORTEST_PR_S) & (pr <= LONGEST_PR_S)).all())


def _conducted_begin_where_their_p_began(seen: Observed) -> bool:
    """Fusion beats left out, and waves that came back from below and go down again."""
    truth = seen.truth
    led = (truth.qrs_p >= 0) & ~is_fusion(truth)
    beginning = truth.p_beginning[truth.qrs_p[led]]
    came_back = np.isin(beginning, (Beginning.JUNCTION, Beginning.VENTRICLES))
    return bool((came_back | (truth.qrs_beginning[led] == beginning)).all())


def _sinus_complexes_have_their_p(seen: Observed) -> bool:
    truth = seen.truth
    sinus = (truth.qrs_beginning == Beginning.SINUS) & (truth.qrs_s > LONGEST_PR_S)
    return bool((truth.qrs_p[sinus] >= 0).all())


def _t_follows_its_qrs(seen: Observed) -> bool:
    truth = seen.truth
    peaks = ~(truth.t_peak_s <= truth.qrs_s)
    ends = ~(truth.t_end_s <= np.fmax(truth.t_peak_s, truth.qrs_end_s))
    return bool(peaks.all() and ends.all())


def _t_ends_before_the_next(seen: Observed) -> bool:
    truth = seen.truth
    return bool((~(truth.t_end_s[:-1] > truth.t_peak_s[1:])).all())


def _qt_is_possible(seen: Observed) -> bool:
    qt = seen.truth.t_end_s - seen.truth.qrs_s
    return bool((~(qt < _QT_S[0]) & ~(qt > _QT_S[1])).all())


def _captures_are_answered(seen: Observed) -> bool:
    truth = seen.truth
    for spikes, own in _paced(truth):
        inside = truth.spikes_s[spikes] < seen.seconds - _ANSWER_S
        behind = _behind(truth.spikes_s[spikes][inside], own)
        if (truth.spike_captures[spikes][inside] != (behind <= _ANSWER_S)).any():
            return False
    return True


def _paced_waves_have_their_spike(seen: Observed) -> bool:
    truth = seen.truth
    for spikes, own in _paced(truth):
        inside = own[own > _ANSWER_S]
        if inside.size and (_since(inside, truth.spikes_s[spikes]) > _ANSWER_S).any():
            return False
    return True


def _episodes_without_gaps(seen: Observed) -> bool:
    episodes = seen.truth.episodes
    if not episodes:
        return False
    joined = all(before.end_s == after.start_s for before, after in pairwise(episodes))
    whole = episodes[0].start_s <= 0.0 and episodes[-1].end_s >= seen.seconds
    return joined and whole and all(one.start_s < one.end_s for one in episodes)


_Laws: TypeAlias = Mapping[str, Callable[[Observed], bool]]
_FORM: Final[_Laws] = {"arrays are aligned": _aligned, "every cause is a P": _causes_exist}
_LAWS: Final[_Laws] = {
    "times ascend": _ascending,
    "waves end after they begin": _waves_end_after_they_begin,
    "no complex while refractory": _refractory,
    "no complex overlaps the next": _complexes_do_not_overlap,
    "no P overlaps the next": _p_waves_do_not_overlap,
    "no P is conducted twice": _one_complex_for_a_p,
    "PR is possible": _pr_is_possible,
    "a conducted complex begins where its P began": _conducted_begin_where_their_p_began,
    "what the sinus node leads has its P": _sinus_complexes_have_their_p,
    "T follows its QRS": _t_follows_its_qrs,
    "T ends before the next T": _t_ends_before_the_next,
    "QT is possible": _qt_is_possible,
    "captures are answered, and nothing else": _captures_are_answered,
    "paced waves have their spike": _paced_waves_have_their_spike,
    "episodes have no gap": _episodes_without_gaps,
}


def broken(seen: Observed) -> list[str]:
    """Return the laws that a truth breaks; where the arrays do not fit, no others are tried."""
    for name, holds in _FORM.items():
        if not holds(seen):
            return [name]
    return [name for name, holds in _LAWS.items() if not holds(seen)]


def _pr(truth: Truth) -> Times:
    led = np.flatnonzero((truth.qrs_p >= 0) & ~is_fusion(truth))
    return truth.qrs_s[led] - truth.p_s[truth.qrs_p[led]]


def _paced(truth: Truth) -> Iterator[tuple[NDArray[np.bool_], Times]]:
    """Yield for each chamber which stimuli are meant for it, and the waves that they made."""
    yield truth.spike_in_atria, truth.p_s[truth.p_beginning == Beginning.DEVICE]
    conducted = (truth.qrs_p >= 0) & ~is_fusion(truth)
    made = (truth.qrs_beginning == Beginning.DEVICE) & ~conducted
    yield ~truth.spike_in_atria, truth.qrs_s[made]


def _ascends(times: NDArray[np.float64]) -> bool:
    return bool(np.isfinite(times).all() and (np.diff(times) >= 0).all())


def _behind(times: Times, waves: Times) -> Times:
    """Time from each to the first of the waves that is not before it."""
    return np.asarray(np.append(waves, np.inf)[np.searchsorted(waves, times - 1e-6)] - times)


def _since(waves: Times, times: Times) -> Times:
    """Time from the last of the times that is not behind it to each wave."""
    return np.asarray(waves - np.append(-np.inf, times)[np.searchsorted(times, waves + 1e-6)])

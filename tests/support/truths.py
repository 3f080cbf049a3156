"""Truths about strips that nobody simulated, made by hand."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning, Entry, Episode, Truth

SECONDS: Final = 12.0
PR_S, QRS_S, QT_S = 0.16, 0.09, 0.38
_P_S: Final = 0.1
_T_PEAK: Final = 0.8


def truth(
    p: Sequence[float] = (),
    qrs: Sequence[float] = (),
    causes: Mapping[int, int] | None = None,
    *,
    width: float | Sequence[float] = QRS_S,
    **changed: Any,
) -> Truth:
    """Make a truth from the onsets of P waves and complexes.

    Parameters
    ----------
    width
        Of the complexes, in seconds.
    causes
        Which P wave (by its place) was conducted to which complex.
    changed
        Other values for the truth's attributes, each for all its waves or one for each.
    """
    at, qrs_s = np.array(p, np.float64), np.array(qrs, np.float64)
    qrs_p = np.full(qrs_s.size, -1)
    for complex_, wave in (causes or {}).items():
        qrs_p[complex_] = wave
    ends: dict[str, Any] = {
        "p_s": at,
        "p_end_s": at + _P_S,
        "p_beginning": Beginning.SINUS,
        "qrs_s": qrs_s,
        "qrs_end_s": qrs_s + width,
        "qrs_beginning": Beginning.SINUS,
        "qrs_entry": Entry.BOTH_BUNDLES,
        "qrs_p": qrs_p,
        "t_peak_s": qrs_s + _T_PEAK * QT_S,
        "t_end_s": qrs_s + QT_S,
        "spikes_s": np.zeros(0),
        "spike_in_atria": False,
        "spike_captures": True,
        "episodes": (Episode(RhythmId.NORMAL_SINUS_RHYTHM, 0.0, SECONDS),),
    } | changed
    like = {"p": at.size, "q": qrs_s.size, "t": qrs_s.size, "s": np.size(ends["spikes_s"])}
    kinds: dict[str, Any] = {"p_beginning": np.int8, "qrs_beginning": np.int8, "qrs_p": np.int64}
    kinds |= {"qrs_entry": np.int8}
    kinds |= {"spike_in_atria": np.bool_, "spike_captures": np.bool_}
    arrays = {
        name: np.array(np.broadcast_to(value, (like[name[0]],)), kinds.get(name, np.float64))
        for name, value in ends.items()
        if name != "episodes"
    }
    return Truth(**arrays, episodes=ends["episodes"])


def conducted(p: Sequence[float], pr: float | Sequence[float] = PR_S, **changed: Any) -> Truth:
    """Make a truth in which every P wave is conducted after its PR interval."""
    qrs = np.asarray(p, np.float64) + pr
    return truth(p, qrs.tolist(), {each: each for each in range(len(p))}, **changed)


def dropped(p: Sequence[float], every: int, pr: Sequence[float] | float = PR_S) -> Truth:
    """Make a truth in which every so-manieth P wave is blocked; PR by its place in the group."""
    intervals = [pr] * (every - 1) if isinstance(pr, float) else list(pr)
    led = [place for place in range(len(p)) if place % every != every - 1]
    qrs = [p[place] + intervals[place % every] for place in led]
    return truth(p, qrs, dict(enumerate(led)))


def even(interval_s: float, first_s: float = 0.3, seconds: float = SECONDS) -> list[float]:
    """Return times at even distances."""
    return np.arange(first_s, seconds, interval_s).tolist()

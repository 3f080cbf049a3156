"""Simulated strips whose signal and truth were made by hand, for what writes or draws them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    Episode,
    LeadName,
    Origin,
    Provenance,
    RhythmId,
    Simulated,
    Strip,
)
from tests.support.truths import PR_S, QRS_S, QT_S, truth

_FIRST_P_S, _INTERVAL_S = 0.2, 0.8


def simulated(
    seconds: float = 10.0,
    fs: float = 500.0,
    leads: Sequence[str] = ("II",),
    episodes: Sequence[tuple[RhythmId, float]] = ((RhythmId.NORMAL_SINUS_RHYTHM, 0.0),),
    **changed: Any,
) -> Simulated:
    """Return a strip with a sinus beat every 0.8 s, the first P at 0.2 s.

    Parameters
    ----------
    episodes
        Each rhythm with the time at which it begins.
    changed
        Other values for the truth's attributes; the signal stays as it is.
    """
    signal = np.stack([(1 + 0.3 * row) * _drawn(seconds, fs) for row in range(len(leads))])
    strip = Strip(
        signal.astype(np.float32),
        fs,
        tuple(map(LeadName, leads)),
        0.0,
        at_end=True,
        provenance=Provenance(Origin.SIMULATED, "simulated, seed 7"),
    )
    ends = [*(start for _, start in episodes[1:]), seconds]
    held = tuple(
        Episode(rhythm, start, end) for (rhythm, start), end in zip(episodes, ends, strict=True)
    )
    p_s = np.asarray(changed.pop("p_s", np.arange(_FIRST_P_S, seconds, _INTERVAL_S)))
    qrs_s = np.asarray(changed.pop("qrs_s", p_s + PR_S))
    facts = {"qrs_p": np.arange(qrs_s.size), "episodes": held, **changed}
    return Simulated(strip, truth(p_s.tolist(), qrs_s.tolist(), **facts))


def _drawn(seconds: float, fs: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * fs)) / fs
    phase = (time - _FIRST_P_S) % _INTERVAL_S

    def bump(at_s: float, width_s: float, millivolts: float) -> NDArray[np.float64]:
        return np.asarray(millivolts * np.exp(-(((phase - at_s) / width_s) ** 2)))

    r_s, t_s = PR_S + QRS_S / 2, PR_S + 0.8 * QT_S
    return bump(0.05, 0.02, 0.15) + bump(r_s, 0.012, 1.1) + bump(t_s, 0.04, 0.3)

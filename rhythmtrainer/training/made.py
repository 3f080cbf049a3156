"""What is known of the beats of a simulated strip, because they were made."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.rate import measure_beats
from rhythmtrainer.model import Measurement, StripRef
from rhythmtrainer.training.ports import Simulations

# So far outside of its complex a beat may be found.
_BESIDE_S: Final = 0.04
# Nearer to the strip's ends a complex is cut, and need not be found.
_EDGE_S: Final = 0.15


def as_made(found: Measurement, window: StripRef, simulations: Simulations | None) -> Measurement:
    """Return what was measured in a window, if its beats are those that were made.

    If they are not, what the beats that were made are worth is returned in its place: rate and
    regularity, and no waves. Of a recording nothing is known, and `found` is returned.
    """
    complexes = simulations.complexes(window) if simulations is not None else None
    if complexes is None or _are_those(found.beats_s, complexes, window):
        return found
    peaks_s = complexes[:, 1]
    inside = (peaks_s >= window.start_s) & (peaks_s < window.end_s)
    return measure_beats(peaks_s[inside], window.start_s, window.end_s)


def _are_those(
    beats_s: NDArray[np.float64], complexes: NDArray[np.float64], window: StripRef
) -> bool:
    """Return whether each beat lies in a complex of its own, and each whole complex has one."""
    onsets, ends = complexes[:, 0] - _BESIDE_S, complexes[:, 2] + _BESIDE_S
    own = np.searchsorted(onsets, beats_s, side="right") - 1
    if (own < 0).any() or (beats_s > ends[own]).any() or np.unique(own).size < own.size:
        return False
    whole = (complexes[:, 0] > window.start_s + _EDGE_S) & (
        complexes[:, 2] < window.end_s - _EDGE_S
    )
    return bool(np.isin(np.flatnonzero(whole), own).all())

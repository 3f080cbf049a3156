"""The PR interval of each beat, how it behaves, and where the P waves of the beats stand."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria.lead import LeadEvidence, to_samples
from rhythmtrainer.ecg.atria.p_waves import BUMP, FEWEST_BEATS, GRID_RATE
from rhythmtrainer.model.evidence import PrRelation
from rhythmtrainer.model.waves import Waves

Indices: TypeAlias = NDArray[np.int64]
Intervals: TypeAlias = NDArray[np.float64]

_SPREAD = (0.15, 0.85)  # quantiles of the PR intervals
_CONSTANT_SPREAD, _VARYING_SPREAD = 0.040, 0.060  # s
_FEWEST_PR = 4
_RISING_SHARE, _RISE, _RESET = 0.7, 0.010, -0.030  # of the steps; s a beat; s after a pause
_HALF_P = 0.05  # s from onset to peak of a usual P wave
_SAME_P = 0.06  # s between two opinions where its peak is
_SEEN = 0.35  # of the usual height: a P wave that can be shown
PAUSE: Final = 1.25
"""Share of the median interval: after a longer one, the PR interval may begin anew."""


def pr_intervals(lead: LeadEvidence, fs: float, peaks: Indices, waves: Waves) -> Intervals:
    """PR interval of each beat: the usual one, less how much later its own P wave stands.

    The usual one is what the waves of the beats say where they agree on the P wave, because an
    average has no clearer onset than its parts.
    """
    offset = (waves.p.peak - peaks) / fs - lead.p.lag / GRID_RATE
    agreed = waves.p.present & (waves.qrs.onset >= 0) & (np.abs(offset) < _SAME_P)
    if np.count_nonzero(agreed) >= FEWEST_BEATS:
        usual = float(np.median((waves.qrs.onset - waves.p.onset)[agreed])) / fs
    else:
        usual = (lead.complexes.onset - lead.p.lag) / GRID_RATE + _HALF_P
    return np.asarray(usual - lead.p.shifts / GRID_RATE)


def pr_relation(pr_s: Intervals, rr_s: Intervals) -> tuple[PrRelation, float]:
    """How the PR interval behaves, and how sure that is."""
    known = np.flatnonzero(np.isfinite(pr_s))
    if known.size < _FEWEST_PR:
        return PrRelation.CANNOT_TELL, 0.0
    spread = float(np.ptp(np.nanquantile(pr_s, _SPREAD)))
    if spread <= _CONSTANT_SPREAD:
        return PrRelation.CONSTANT, 1 - 0.4 * spread / _CONSTANT_SPREAD
    steps, neighbours = np.diff(pr_s[known]), np.diff(known) == 1
    paused = rr_s[known[1:] - 1] > PAUSE * float(np.median(rr_s))
    rising, resets = steps[neighbours & ~paused], steps[neighbours & paused]
    if (
        rising.size >= _FEWEST_PR - 1
        and float(rising.mean()) > _RISE
        and float((rising > 0).mean()) >= _RISING_SHARE
        and (resets.size == 0 or float(resets.mean()) < _RESET)
    ):
        return PrRelation.LENGTHENING, float((rising > 0).mean())
    if spread >= _VARYING_SPREAD:
        return PrRelation.VARYING, 1.0 - 0.4 * _VARYING_SPREAD / spread
    return PrRelation.CANNOT_TELL, 0.0


def p_places(lead: LeadEvidence, fs: float, pr_s: Intervals) -> Indices:
    """Peaks of the P waves before the beats, those that are high enough to be shown."""
    shifts = np.where(np.isfinite(pr_s), lead.p.shifts, 0.0)
    places = lead.complexes.peaks + lead.p.lag + np.nan_to_num(shifts)
    inside = (places >= 0) & (lead.complexes.usual | np.isfinite(pr_s))
    near = np.clip(np.round(places).astype(np.int64), 0, lead.grid.size - 1)
    heights = lead.p.polarity * np.convolve(lead.baseline.waves, BUMP, "same")[near]
    seen = heights > _SEEN * lead.p.height * lead.complexes.size
    return to_samples(places[inside & (seen | np.isfinite(pr_s))], fs)

"""The evidence of one lead about the atria, and how much of it there is."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria.flutter import (
    Baseline,
    FlutterEvidence,
    MarchEvidence,
    find_baseline,
    flutter_evidence,
    march_evidence,
)
from rhythmtrainer.ecg.atria.odds import log_odds, terms
from rhythmtrainer.ecg.atria.p_waves import (
    BOUND,
    BUMP,
    FEWEST_BEATS,
    GRID_RATE,
    WANDERING,
    Complexes,
    PEvidence,
    Values,
    find_complexes,
    on_grid,
    p_evidence,
)
from rhythmtrainer.ecg.atria.rivals import Unconducted, find_unconducted, may_be_t_wave
from rhythmtrainer.ecg.pacing import find_spikes

Indices: TypeAlias = NDArray[np.int64]

_LEAST_CERTAINTY = 2.0  # height of a P wave over its standard error
_WIDE, _FAST = 16, 50  # grid samples of the complex and the interval
_FLUTTER = (0.35, 0.25)  # line and steadiness of flutter waves in the whole baseline
_FLUTTER_REST = (0.38, 0.20, 0.28)  # the same in what the beats do not explain; line in the whole
_VAGUE_ONSET, _VAGUE = -14, 0.8  # a complex without a beginning may itself be the wave
_MARCHING = 0.55
_DROWNING = 0.012  # of the QRS complex: error of the average that hides a P wave
_SPIKE_TO_QRS = 0.12  # s to the R peak: a spike in the ventricle
UNEVEN: Final = float(np.log(0.06))
"""Logarithm of the change of RR intervals, as a share, from which on they are uneven."""


@dataclass(frozen=True, slots=True, eq=False)
class LeadEvidence:
    """The evidence of one lead.

    Attributes
    ----------
    grid
        The lead, 100 samples per second.
    complexes, baseline, p, flutter, march, unconducted
        What its modules found in it.
    terms, odds
        The terms of `odds`, and the logarithm of the odds that P waves stand before the
        complexes.
    """

    grid: Values
    complexes: Complexes
    baseline: Baseline
    p: PEvidence
    flutter: FlutterEvidence
    march: MarchEvidence
    unconducted: Unconducted
    terms: dict[str, float]
    odds: float


def weigh(samples: NDArray[np.float64], fs: float, peaks: Indices) -> LeadEvidence | None:
    """Gather the evidence of one lead; None where there is too little of it."""
    grid = on_grid(samples, fs)
    on = np.minimum(np.round(peaks / fs * GRID_RATE).astype(np.int64), grid.size - 1)
    if grid.size == 0 or peaks.size < FEWEST_BEATS or not (np.diff(on) > 0).all():
        return None
    complexes = find_complexes(grid, on)
    if complexes is None:
        return None
    p, baseline = p_evidence(grid, complexes), find_baseline(grid, complexes)
    if p is None or baseline is None:
        return None
    flutter = flutter_evidence(baseline, complexes)
    values = terms(grid, complexes, baseline, p, flutter)
    return LeadEvidence(
        grid=grid,
        complexes=complexes,
        baseline=baseline,
        p=p,
        flutter=flutter,
        march=march_evidence(baseline, complexes),
        unconducted=find_unconducted(baseline.waves, complexes, p),
        terms=values,
        odds=log_odds(values),
    )


def visible(lead: LeadEvidence) -> bool:
    """Tell whether there is a bump, with room for it between the T wave and the complex."""
    return lead.p.room > 0 and lead.p.certainty >= _LEAST_CERTAINTY


def hidden(lead: LeadEvidence) -> bool:
    """Tell whether wide complexes follow each other so fast that no P wave could be seen."""
    complexes = lead.complexes
    wide = complexes.end - complexes.onset >= _WIDE
    return wide and lead.p.room == 0 and float(np.median(np.diff(complexes.peaks))) < _FAST


def drowned(lead: LeadEvidence) -> bool:
    """Tell whether noise could hide a P wave, and even intervals do not deny it either."""
    used = np.count_nonzero(np.isfinite(lead.p.shifts))
    return lead.p.noise > _DROWNING * float(np.sqrt(used)) and lead.terms["uneven"] < UNEVEN


def t_taken_for_p(lead: LeadEvidence) -> bool:
    """Tell whether the only bump may be the T wave of the beat before."""
    return may_be_t_wave(lead.baseline.waves, lead.complexes, lead.p)


def spike_ahead(samples: NDArray[np.float64], fs: float, peaks: Indices) -> float | None:
    """Time from the spikes of a pacemaker in the ventricle to the R peaks; None without them."""
    known = np.isfinite(samples)
    if not known.any():
        return None
    size = max(float(np.abs(samples[known]).max()), float(np.finfo(np.float64).tiny))
    scaled = np.where(known, samples, 0) / size
    spikes = find_spikes(scaled.astype(np.float32), fs, peaks, wide=True)
    if spikes.size == 0:
        return None
    following = np.searchsorted(spikes, peaks, side="right") - 1
    ahead = (peaks - spikes[np.maximum(following, 0)])[following >= 0]
    time = float(np.median(ahead)) / fs if ahead.size else np.inf
    return time if time < _SPIKE_TO_QRS else None


def flutter_margin(lead: LeadEvidence) -> float:
    """How much stronger the signs of flutter are than they need to be."""
    seen = lead.flutter
    line, steady = _FLUTTER
    whole = min(seen.line / line, seen.steady / steady)
    line_rest, steady_rest, line = _FLUTTER_REST
    rest = min(seen.line_rest / line_rest, seen.steady_rest / steady_rest, seen.line / line)
    vague = lead.complexes.onset <= _VAGUE_ONSET
    return max(whole, rest) * (_VAGUE if vague else 1.0)


def march_margin(lead: LeadEvidence) -> float:
    """How much stronger the signs of P waves of their own pace are than they need to be."""
    return lead.march.strength / _MARCHING if lead.p.shared < BOUND else 0.0


def wandering(lead: LeadEvidence) -> bool:
    """Tell whether there are P waves whose distance from the complexes changes."""
    return lead.p.wandering > WANDERING and lead.p.shared < BOUND


def to_samples(grid_samples: NDArray[np.floating] | Indices, fs: float) -> Indices:
    """Turn places on the grid into sample numbers of the lead, ascending."""
    return np.unique(np.round(np.asarray(grid_samples) / GRID_RATE * fs).astype(np.int64))


def crests(lead: LeadEvidence, period: float) -> Indices:
    """Where waves of a steady period stand: the phase at which the baseline is highest."""
    bumps = np.convolve(lead.baseline.waves, BUMP, "same") * lead.baseline.clear
    cycles = int(bumps.size / period)
    phases = np.arange(max(1, int(period)))
    places = np.round(phases[:, None] + np.arange(max(1, cycles)) * period).astype(np.int64)
    heights = bumps.take(places, mode="clip").mean(axis=1)
    highest: Indices = places[int(np.argmax(np.abs(heights)))]
    return np.minimum(highest, bumps.size - 1)

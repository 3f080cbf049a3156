"""How likely P waves before the QRS complexes are, from the evidence of one lead.

A logistic model: the logarithm of the odds is a weighted sum of terms, each of which a reader would
recognise. Most weight lies on what stands before the complexes; RR intervals count as well, because
a rhythm that is as uneven as fibrillation seldom has P waves. `rr` counts for another reason: in a
fast rhythm the T wave comes back before every complex as well.

`tests.bench.fit_atria` fits the weights, and prints them as they stand here.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria.flutter import Baseline, FlutterEvidence
from rhythmtrainer.ecg.atria.p_waves import GRID_RATE, Complexes, PEvidence, Values, unevenness

_PEAK_TO_QRS = (0.07, 0.26)  # s from the peak of a P wave to the QRS complex: the usual range
_FARTHEST_OFF = 0.12  # s
_LARGEST_ROOM = 30.0  # grid samples
_WIDEST = 0.25  # s
_ALIGNED_SPREAD = (0.15, 0.85)  # quantiles of the shifts
_INTERVAL_SPREAD = (0.2, 0.8)  # quantiles of the RR intervals

_CONSTANT = 1.42
WEIGHTS: Final[dict[str, float]] = {
    "shared": 0.447,
    "likeness": -0.304,
    "certainty": 0.538,
    "height": 1.28,
    "noise": -1.43,
    "aligned": 1.92,
    "shifts": -0.552,
    "misplaced": -2.21,
    "room": -1.17,
    "rr": 3.17,
    "rr variation": 0.672,
    "rr spread": 0.13,
    "uneven": -1.96,
    "most uneven": -0.185,
    "width": 0.16,
    "rough": 0.726,
    "fast share": -0.32,
    "line": -0.981,
    "steady": 0.0637,
    "shared x rr": 0.805,
    "shared x width": -0.185,
    "uneven x width": 0.599,
}
"""Weight of each term, fitted to the rhythm labels of mitdb, vfdb, cpsc2021, LUDB, PTB-XL and the
PhysioNet challenge of 2021, so that labels and patients with many strips count little more than
others."""


def terms(
    grid: Values,
    complexes: Complexes,
    baseline: Baseline,
    p: PEvidence,
    flutter: FlutterEvidence,
) -> dict[str, float]:
    """Turn the evidence of one lead into the terms of the model, by name."""
    intervals = np.diff(complexes.peaks) / GRID_RATE
    usual = float(np.median(intervals))
    half, most = unevenness(intervals)
    low, high = np.quantile(intervals, _INTERVAL_SPREAD)
    shifts = p.shifts[np.isfinite(p.shifts)]
    early, late = np.quantile(shifts, _ALIGNED_SPREAD)
    shared = float(np.clip(p.shared, 0.01, 0.98))
    shared = float(np.log(shared / (1 - shared)))
    roughness = np.diff(grid, 2)[baseline.clear[1:-1]]
    width = 10 * min((complexes.end - complexes.onset) / GRID_RATE, _WIDEST)
    rr = _log(usual, 0.25, 2.0)
    half_uneven = _log(half, 0.01, 0.3)
    return {
        "shared": shared,
        "likeness": float(np.clip(p.likeness, -0.1, 1.0)),
        "certainty": _log(p.certainty, 0.7, 20.0),
        "height": _log(p.height, 0.004, 0.3),
        "noise": _log(p.noise, 0.004, 0.3),
        "aligned": float(np.clip(p.aligned, 0.0, 1.0)),
        "shifts": _log(float(late - early), 0.2, 10.0),
        "misplaced": _misplaced((complexes.onset - p.lag) / GRID_RATE),
        "room": min(p.room / _LARGEST_ROOM, 1.0),
        "rr": rr,
        "rr variation": _log(float(intervals.std()) / float(intervals.mean()), 0.01, 0.4),
        "rr spread": _log(float(high - low) / usual, 0.01, 0.4),
        "uneven": half_uneven,
        "most uneven": _log(most, 0.01, 0.4),
        "width": width,
        "rough": _log(float(np.sqrt((roughness**2).mean())) / complexes.size, 0.003, 0.3),
        "fast share": _log(flutter.fast_share, 0.5, 40.0),
        "line": 4 * flutter.line,
        "steady": flutter.steady,
        "shared x rr": shared * rr,
        "shared x width": shared * width,
        "uneven x width": half_uneven * width,
    }


def log_odds(values: dict[str, float]) -> float:
    """Logarithm of the odds that P waves stand before the complexes."""
    return _CONSTANT + sum(WEIGHTS[name] * value for name, value in values.items())


def probability(odds: float | NDArray[np.float64]) -> float:
    """Turn the logarithm of odds into a share, 0 to 1."""
    return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def _misplaced(distance: float) -> float:
    """How far, in tenths of a second, a P wave is from where they are usually found."""
    nearest, farthest = _PEAK_TO_QRS
    return 10 * float(np.clip(max(nearest - distance, distance - farthest), 0.0, _FARTHEST_OFF))


def _log(value: float, low: float, high: float) -> float:
    return float(np.log(np.clip(value, low, high)))

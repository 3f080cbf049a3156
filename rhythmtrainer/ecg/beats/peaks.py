"""Where in a QRS complex the R peak is."""

import numpy as np

from rhythmtrainer.ecg.beats.strength import Indices, Samples, Strengths
from rhythmtrainer.ecg.running import neighbourhoods

PEAK_REACH = 0.06  # s to each side of the maximum of strength
BASELINE_STRIDE = 3  # grid points; a third of them have the same median at a third of the time
SHARP_REACH = 0.033  # s to each side of a peak: how far it stands out there shows how sharp it is
SHARPNESS = 0.67  # share of the sharpness in what makes a peak the R peak; the rest is its size
OTHER_POLARITY = 1.25  # times the deflection in the lead's usual direction: the mark changes sides


def r_peaks(
    samples: Samples, around: Strengths, beats: Indices, step: int, grid_rate: float
) -> Indices:
    """Place each mark on the R peak, first on the grid, then among the samples."""
    if beats.size == 0:
        return beats
    reach, wide = round(PEAK_REACH * grid_rate), around.shape[1] // 2
    windows = around[beats]
    some = windows[:, ::BASELINE_STRIDE].copy()
    middle = some.shape[1] // 2
    some.partition(middle, axis=1)
    baseline = some[:, middle]
    complexes = windows[:, wide - reach : wide + reach + 1]
    places = np.array([complexes.argmax(axis=1), complexes.argmin(axis=1)])
    side, flat = max(1, round(SHARP_REACH * grid_rate)), windows.reshape(-1)
    at = np.arange(wide - reach, windows.size, windows.shape[1]) + places
    sides = flat.take(at - side)
    sides += flat.take(at + side)
    sides *= np.float32(SHARPNESS / 2)
    sides += np.float32(1 - SHARPNESS) * baseline
    up, down = flat.take(at) - sides
    np.negative(down, out=down)
    # A lead keeps its polarity: R and S waves of one size must not take turns.
    excess = up - down
    excess.sort()
    upright = excess[(beats.size - 1) // 2] + excess[beats.size // 2] >= 0
    marked_up = up * OTHER_POLARITY >= down if upright else up > down * OTHER_POLARITY
    peak = beats - reach + np.where(marked_up, places[0], places[1])
    sign = np.where(marked_up, np.float32(1), np.float32(-1))[:, None]

    first = np.minimum(np.maximum(peak * step - step, 0), samples.size - 3 * step)
    near = neighbourhoods(samples, 3 * step)[first]
    near *= sign
    return np.asarray(first + near.argmax(axis=1), np.int64)


def nearest(ascending: Indices, wanted: Indices) -> Indices:
    """Return for each of `wanted` the nearest of `ascending`."""
    after = np.clip(np.searchsorted(ascending, wanted), 1, max(1, ascending.size - 1))
    left, right = ascending[after - 1], ascending[np.minimum(after, ascending.size - 1)]
    return np.where(wanted - left <= right - wanted, left, right)

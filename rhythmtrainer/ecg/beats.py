"""Find the beats of one lead, fast, without a loop over samples.

The signal is averaged down to a grid of about 90 Hz, where everything is decided with whole arrays;
only the last step, placing the mark on the R peak, goes back to the samples.

1. *Strength*: squared envelope of what is as quick in the signal as a QRS complex.
2. *Level*: how strong the complexes are hereabouts, from the strongest point of every second.
3. *Beats*: the maxima that are strong for the level, less what stands in a refractory period,
   T waves and what noise put between two beats, plus weaker maxima where the rhythm leaves a gap,
   less runs of noise.
4. *R peaks*: the largest deflection from the local baseline.
"""

from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.running import odd_window, running_median, running_quantiles

Samples: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Strengths: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

MIN_RATE, MAX_RATE = 100.0, 1000.0  # Hz
MIN_DURATION = 1.0  # s, because the level is taken from whole seconds

# Most of the energy of a QRS lies at 5 to 20 Hz (Thakor 1984); the upper half leaves T waves and
# electrode motion furthest behind. What follows was settled on mitdb, where moving any one value by
# 5 % adds at most 45 errors in 109,494 beats.
GRID_RATE = 90.0  # Hz, about
QRS_FREQUENCY = 17.0  # Hz
QRS_SPREAD = 0.0275  # s, standard deviation of the filter's window
FILTER_REACH = 0.05  # s to each side
ROUNDING = 1e-12  # strength of rounding errors, where the largest deflection is 1

# Strengths are squares: 0.16 of the level is 40 % of the usual amplitude.
LEVEL_WINDOW = 11  # s, holds three beats at 20/min and still follows a drift
LEVEL_FLOOR = 0.15  # of the third-strongest second, or pauses would lower the level to the noise
STRONG = 0.16  # of the level: a beat on its own
WEAK = 0.06  # of the level: a beat if the rhythm wants one

SHORTEST_REFRACTORY = 0.16  # s, lets an irregular 300/min through
LONGEST_REFRACTORY = 0.262  # s, a wide complex with its notches
REFRACTORY_SHARE = 0.75  # of the longest interval nearby
T_WAVE_WINDOW = 0.45  # s after a beat
T_WAVE_STRENGTH = 0.09  # of the beat before: 30 % of its amplitude
FEWEST_BEATS = 4  # for a rhythm to show
RHYTHM_WINDOW = 9  # intervals
LONG_INTERVAL = 1.4  # of the usual interval: look again for a beat
SEARCHES = 2  # an interval can hide more than one beat
SEARCH_START = 0.314  # s after a beat, clear of its T wave

NOISE_WINDOW = 15  # intervals
STRAY_STRENGTH = 0.015  # of the level: a maximum that a clean baseline does not have
STRAYS_PER_BEAT = 0.2  # from here on a stretch is noisy
EXTRA_STRENGTH = 0.9  # of both neighbours: weaker may be noise between two beats
EXTRA_INTERVAL = 1.1  # of the usual interval: the two neighbours are one beat apart
# The strongest point against the mean is 7 and more in an ECG below 150/min, 2 to 6 in the fastest
# rhythms, and 3 to 5.5 in noise, where however no complex resembles the next (0.33 at most).
ECG_CONTRAST = 5.5
RESEMBLANCE = 0.3  # correlation of the slopes
RESEMBLANCE_REACH = 0.15  # s to each side
FAST_INTERVAL = 1.0  # s; a slower rhythm without contrast is a wandering baseline

PEAK_REACH = 0.06  # s to each side of the maximum of strength
BASELINE_REACH = 0.15  # s to each side
BASELINE_STRIDE = 3  # grid points; a third of them have the same median at a third of the time
OTHER_POLARITY = 1.5  # times the deflection in the lead's usual direction: the mark changes sides


def detect_beats(signal: ArrayLike, fs: float) -> Indices:
    """Find the R peaks of one lead.

    Size and polarity of the signal do not matter: the level is learned from the signal itself.
    Rates from 20 to 300/min are found. Where there is only noise, there are few beats or none.

    Parameters
    ----------
    signal : array_like, shape (samples,)
        One lead, in millivolts or any other unit. Samples that are not finite are a gap: it never
        makes a beat, and beats beside it are found.
    fs : float
        Sampling rate in hertz, 100 to 1000.

    Returns
    -------
    ndarray of int64, shape (beats,)
        Sample numbers of the R peaks (the largest deflection of each QRS complex from its local
        baseline), ascending. Empty for signals that are flat or shorter than a second.

    Raises
    ------
    ValueError
        If `signal` is not one-dimensional or not real numbers, or `fs` is out of range.

    Notes
    -----
    A threshold that follows the signal, a refractory period and a search back are those of [1]_;
    here they are medians over whole seconds and intervals rather than averages that run from beat
    to beat, so that every step works on whole arrays. The band of the filter follows [2]_.

    References
    ----------
    .. [1] J. Pan, W. J. Tompkins. A real-time QRS detection algorithm. IEEE Trans Biomed Eng
       1985;32:230-236.
    .. [2] N. V. Thakor, J. G. Webster, W. J. Tompkins. Estimation of QRS complex power spectra for
       design of a QRS filter. IEEE Trans Biomed Eng 1984;31:702-706.

    Examples
    --------
    >>> import numpy as np
    >>> time = np.arange(0, 8, 1 / 250)
    >>> detect_beats(np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2)), 250)
    array([ 100,  300,  500,  700,  900, 1100, 1300, 1500, 1700, 1900])
    """
    samples = _checked(signal, fs)
    nothing = np.empty(0, np.int64)
    known = None
    if samples.size < MIN_DURATION * fs:
        return nothing
    if not (np.isfinite(samples.min()) and np.isfinite(samples.max())):
        known = np.flatnonzero(np.isfinite(samples))
        if known.size == 0:
            return nothing
        samples = _bridged(samples, known, fs)
    step = max(1, round(fs / GRID_RATE))
    grid_rate = fs / step
    grid = _averaged(samples, step)
    if grid is None:
        return nothing
    strength = _qrs_strength(grid, grid_rate)
    beats = _beats_on_grid(grid, strength, grid_rate)
    peaks = _r_peaks(samples, grid, beats, step, grid_rate)
    return peaks if known is None else np.unique(_nearest(known, peaks))


def _checked(signal: ArrayLike, fs: float) -> Samples:
    array = np.asarray(signal)
    faults = []
    if array.ndim != 1:
        faults.append(f"signal has shape {array.shape}; allowed is one dimension, (samples,)")
    if array.dtype.kind not in "fiub":
        faults.append(f"signal has type {array.dtype}; allowed are real numbers")
    if not MIN_RATE <= fs <= MAX_RATE:
        faults.append(f"fs is {fs}; allowed is {MIN_RATE:g} to {MAX_RATE:g} Hz")
    if faults:
        raise ValueError("; ".join(faults))
    if np.can_cast(array.dtype, np.float32):
        return np.ascontiguousarray(array, np.float32)
    return np.ascontiguousarray(array, np.float64)


def _bridged(samples: Samples, known: Indices, fs: float) -> Samples:
    """Draw straight lines over gaps, level ones over those that are longer than the filter."""
    values, _ = _within_bounds(samples[known])
    steps = np.diff(values)
    steps[np.diff(known) <= 2 * FILTER_REACH * fs] = 0
    values[1:] -= np.cumsum(steps)
    return np.interp(np.arange(samples.size), known, values)


def _within_bounds(samples: Samples) -> tuple[Samples, float]:
    """Scale numbers so large that their sum might overflow; return the largest as well."""
    largest = float(max(samples.max(), -samples.min()))
    if largest > np.finfo(samples.dtype).max / (2 * samples.size):
        return samples / samples.dtype.type(largest), 1.0
    return samples, largest


def _averaged(samples: Samples, step: int) -> Strengths | None:
    """Average every `step` samples, centred, the largest deflection 1; None if nothing is left.

    Adding strided slices is several times faster than a mean along an axis, and a product with a
    vector of weights would wake the threads of the linear algebra for nothing.
    """
    limits = np.finfo(samples.dtype)
    samples, largest = _within_bounds(samples)
    end = samples.size // step * step
    grid = samples[0:end:step].copy()
    for offset in range(1, step):
        grid += samples[offset:end:step]
    grid -= grid.mean()
    span = max(grid.max(), -grid.min())
    if span < max(limits.tiny, 4 * step * limits.eps * largest):
        return None
    grid /= span
    return np.asarray(grid, np.float32)


def _qrs_strength(grid: Strengths, grid_rate: float) -> Strengths:
    """Square of the envelope, from an even and an odd filter a quarter of a wave apart."""
    reach = round(FILTER_REACH * grid_rate)
    time = np.arange(-reach, reach + 1) / grid_rate
    window = np.exp(-0.5 * (time / QRS_SPREAD) ** 2)
    phase = 2 * np.pi * QRS_FREQUENCY * time
    even = window * np.cos(phase)
    even -= window * even.sum() / window.sum()
    odd = window * np.sin(phase)
    padded = np.pad(grid, reach, mode="edge")
    strength = np.convolve(padded, even.astype(np.float32), "valid")
    strength *= strength
    other = np.convolve(padded, odd.astype(np.float32), "valid")
    other *= other
    strength += other
    return strength


def _beats_on_grid(grid: Strengths, strength: Strengths, grid_rate: float) -> Indices:
    level, contrast = _level_and_contrast(strength, round(grid_rate))
    maxima = _local_maxima(strength)
    second = np.minimum(maxima // round(grid_rate), level.size - 1)
    heard = level[second] > 0
    maxima, second = maxima[heard], second[heard]
    weight = strength[maxima] / level[second]

    beats = np.flatnonzero(weight > STRONG)
    beats = beats[_survivors(maxima[beats], weight[beats], SHORTEST_REFRACTORY * grid_rate)]
    refractory = _adaptive_refractory(maxima[beats], grid_rate)
    beats = beats[_survivors(maxima[beats], weight[beats], refractory)]
    beats = beats[_without_t_waves(maxima[beats], weight[beats], grid_rate)]
    if beats.size >= FEWEST_BEATS:
        noisy = _in_noise(maxima[beats], maxima[weight > STRAY_STRENGTH], grid_rate)
        beats = beats[_without_extra(maxima[beats], weight[beats], noisy)]
        for _ in range(SEARCHES):
            missed = _missed(beats, maxima, weight, grid_rate)
            if missed.size == 0:
                break
            beats = np.sort(np.concatenate([beats, missed]))
        beats = beats[_not_noise(grid, maxima[beats], contrast[second[beats]], grid_rate)]
    return maxima[beats]


def _level_and_contrast(strength: Strengths, second: int) -> tuple[Strengths, Strengths]:
    """Level of the QRS complexes and its ratio to the mean strength, for every second.

    Seconds without a signal (a gap, a lead that is off) have a level of 0 and do not count for
    their neighbours.
    """
    starts = np.arange(max(1, strength.size // second)) * second
    strongest = np.maximum.reduceat(strength, starts)
    mean = np.add.reduceat(strength, starts) / np.diff(starts, append=strength.size)
    heard = strongest > ROUNDING
    level, contrast = np.zeros_like(strongest), np.zeros_like(strongest)
    if heard.any():
        usual, high = running_quantiles(strongest[heard], LEVEL_WINDOW, 0.5, 0.8)
        level[heard] = np.maximum(usual, LEVEL_FLOOR * high)
        contrast[heard] = level[heard] / running_median(mean[heard], LEVEL_WINDOW)
    return level, contrast


def _local_maxima(values: Strengths) -> Indices:
    inner = values[1:-1]
    return np.flatnonzero((inner > values[:-2]) & (inner >= values[2:])) + 1


def _adaptive_refractory(position: Indices, grid_rate: float) -> NDArray[np.float64]:
    """Refractory period of every beat, which only a run of short intervals makes short.

    A fixed one of 262 ms loses beats from 229/min on; a notch or a T wave makes one interval short,
    but never all of those around it.
    """
    longest = np.full(position.size, LONGEST_REFRACTORY * grid_rate)
    if position.size < FEWEST_BEATS:
        return longest
    intervals = np.pad(np.diff(position), 2, mode="edge")
    longest_nearby = sliding_window_view(intervals, 4).max(axis=1)
    return np.asarray(np.minimum(longest, REFRACTORY_SHARE * longest_nearby))


def _survivors(position: Indices, weight: Strengths, refractory: ArrayLike) -> Indices:
    """Let the stronger of two that are too close survive, the strongest first."""
    refractory = np.broadcast_to(refractory, position.shape)
    kept = np.arange(position.size)
    while True:
        allowed = np.minimum(refractory[kept][1:], refractory[kept][:-1])
        close = np.diff(position[kept]) < allowed
        if not close.any():
            return kept
        falling = weight[kept][:-1] >= weight[kept][1:]
        beaten_from_left = np.append(False, close & falling)
        beaten_from_right = np.append(close & ~falling, False)
        winner = ~(beaten_from_left | beaten_from_right)
        # Only a winner removes: what is close to a loser may yet stand.
        lost = beaten_from_left & np.append(False, winner[:-1])
        lost |= beaten_from_right & np.append(winner[1:], False)
        kept = kept[~lost]


def _without_t_waves(position: Indices, weight: Strengths, grid_rate: float) -> Indices:
    """Drop what follows a much stronger beat at the distance of a T wave."""
    kept = np.arange(position.size)
    while True:
        soon = np.diff(position[kept]) < T_WAVE_WINDOW * grid_rate
        weak = weight[kept][1:] < T_WAVE_STRENGTH * weight[kept][:-1]
        t_wave = np.append(False, soon & weak)
        t_wave[1:] &= ~t_wave[:-1]
        if not t_wave.any():
            return kept
        kept = kept[~t_wave]


def _in_noise(beats: Indices, maxima: Indices, grid_rate: float) -> Mask:
    """Tell around which beats there are maxima away from any beat."""
    after = np.searchsorted(beats, maxima)
    inside = (after > 0) & (after < beats.size)
    maxima, after = maxima[inside], after[inside]
    to_nearest = np.minimum(maxima - beats[after - 1], beats[after] - maxima)
    stray = to_nearest > LONGEST_REFRACTORY * grid_rate
    strays = np.bincount(after[stray] - 1, minlength=beats.size - 1)
    window = odd_window(NOISE_WINDOW, strays.size)
    noisy = np.convolve(strays, np.ones(window), "same") > STRAYS_PER_BEAT * window
    return np.asarray(np.append(False, noisy) | np.append(noisy, False))


def _without_extra(position: Indices, weight: Strengths, noisy: Mask) -> Indices:
    """Drop, in noise, what is weaker than both neighbours and one too many for the rhythm.

    Interpolated ventricular beats look the same to the rhythm; on a clean baseline they stay.
    """
    kept = np.arange(position.size)
    while kept.size >= FEWEST_BEATS:
        intervals, mine = np.diff(position[kept]), weight[kept]
        usual = running_median(intervals, NOISE_WINDOW)
        without = intervals[:-1] + intervals[1:]
        extra = without < EXTRA_INTERVAL * np.maximum(usual[:-1], usual[1:])
        extra &= mine[1:-1] < EXTRA_STRENGTH * np.minimum(mine[:-2], mine[2:])
        extra &= noisy[kept][1:-1]
        if not extra.any():
            break
        kept = np.delete(kept, np.flatnonzero(extra) + 1)
    return kept


def _missed(beats: Indices, maxima: Indices, weight: Strengths, grid_rate: float) -> Indices:
    """Find the strongest weak maximum of each interval that is too long for the rhythm."""
    position = maxima[beats]
    intervals = np.diff(position)
    long = intervals > LONG_INTERVAL * running_median(intervals, RHYTHM_WINDOW)
    weak = np.flatnonzero(weight > WEAK)
    before = np.searchsorted(position, maxima[weak], side="right") - 1
    inside = (before >= 0) & (before < intervals.size)
    weak, before = weak[inside], before[inside]

    since = maxima[weak] - position[before]
    until = position[before + 1] - maxima[weak]
    t_wave = weight[weak] < T_WAVE_STRENGTH * weight[beats[before]]
    t_wave &= since < T_WAVE_WINDOW * grid_rate
    free = (since >= SEARCH_START * grid_rate) & (until >= LONGEST_REFRACTORY * grid_rate)
    wanted = long[before] & free & ~t_wave
    weak, before = weak[wanted], before[wanted]
    strongest_first = np.lexsort((-weight[weak], before))
    first = np.diff(before[strongest_first], prepend=-1) > 0
    return weak[strongest_first[first]]


def _not_noise(grid: Strengths, beats: Indices, contrast: Strengths, grid_rate: float) -> Mask:
    """Tell which beats have the contrast of an ECG or are fast and resemble their neighbours."""
    real = contrast >= ECG_CONTRAST
    doubtful = beats[~real]
    if doubtful.size < FEWEST_BEATS:
        return np.ones(beats.size, np.bool_)
    # Slopes, because on a wandering baseline everything resembles everything.
    slopes = np.diff(_windows(grid, doubtful, round(RESEMBLANCE_REACH * grid_rate)), axis=1)
    slopes -= slopes.mean(axis=1, keepdims=True)
    size = np.sqrt((slopes**2).sum(axis=1, keepdims=True))
    slopes /= np.maximum(size, np.finfo(np.float32).tiny)
    alike = (slopes[1:] * slopes[:-1]).sum(axis=1)
    # In bigeminy and alternans it is the next but one that looks the same.
    alike[:-1] = np.maximum(alike[:-1], (slopes[2:] * slopes[:-2]).sum(axis=1))
    steady = running_median(alike, NOISE_WINDOW) >= RESEMBLANCE
    fast = running_median(np.diff(beats), NOISE_WINDOW) < FAST_INTERVAL * grid_rate
    kept = np.append(fast, fast[-1])
    kept[~real] &= np.append(steady, steady[-1])
    return np.asarray(real | kept)


def _r_peaks(
    samples: Samples, grid: Strengths, beats: Indices, step: int, grid_rate: float
) -> Indices:
    """Place each mark on the largest deflection, first on the grid, then among the samples."""
    if beats.size == 0:
        return beats
    reach, wide = round(PEAK_REACH * grid_rate), round(BASELINE_REACH * grid_rate)
    windows = _windows(grid, beats, wide)
    some = windows[:, ::BASELINE_STRIDE]
    middle = some.shape[1] // 2
    baseline = np.partition(some, middle, axis=1)[:, middle, None]
    complexes = windows[:, wide - reach : wide + reach + 1] - baseline
    each = np.arange(beats.size)
    highest, lowest = complexes.argmax(axis=1), complexes.argmin(axis=1)
    up, down = complexes[each, highest], -complexes[each, lowest]
    # A lead keeps its polarity: R and S waves of one size must not take turns.
    upright = np.median(up - down) >= 0
    marked_up = up * OTHER_POLARITY >= down if upright else up > down * OTHER_POLARITY
    peak = beats - reach + np.where(marked_up, highest, lowest)

    near = np.clip(peak * step - step, 0, samples.size - 3 * step)[:, None] + np.arange(3 * step)
    height = samples[near] * np.where(marked_up, np.float32(1), np.float32(-1))[:, None]
    return np.asarray(near[each, height.argmax(axis=1)], np.int64)


def _windows(values: Strengths, centres: Indices, reach: int) -> Strengths:
    around = centres[:, None] + np.arange(-reach, reach + 1)
    return values.take(around, mode="clip")


def _nearest(ascending: Indices, wanted: Indices) -> Indices:
    after = np.clip(np.searchsorted(ascending, wanted), 1, max(1, ascending.size - 1))
    left, right = ascending[after - 1], ascending[np.minimum(after, ascending.size - 1)]
    return np.where(wanted - left <= right - wanted, left, right)

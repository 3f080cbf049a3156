"""Where the waves of each beat begin, peak and end.

1. *Surroundings*: the signal around each R peak becomes a row of a matrix, hum is taken away, and
   beats that look the same are averaged.
2. *QRS*: the complex lies between the silences before and after it.
3. *P and T*: the largest bumps in the usual places; a P wave must stand out from the noise and come
   back beat after beat, and leads to no complex that a pacing spike starts.
4. *Bounds of P and T*: several ways to tell where a wave reaches the baseline, weighed by a fit.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.inputs import sample_faults
from rhythmtrainer.ecg.pacing import find_spikes
from rhythmtrainer.ecg.waves.coefficients import P_END, P_ONSET, T_END, T_ONSET
from rhythmtrainer.ecg.waves.qrs import qrs_bounds
from rhythmtrainer.ecg.waves.search import search
from rhythmtrainer.ecg.waves.sides import P_STEP, T_STEP, distance
from rhythmtrainer.ecg.waves.windows import (
    Cycle,
    Mask,
    Samples,
    Seconds,
    Surroundings,
    middle_of,
    surroundings,
    time_of,
)
from rhythmtrainer.model.waves import ABSENT, Wave, Waves

_BLOCK = 48  # beats whose shapes are compared with each other; more would follow no change
_LONE_CYCLE = 1.0  # s, where there is no second beat to tell
_WIDE_QRS = 0.12  # s; complexes behind a spike in the ventricle are wide
_SPIKE_BEFORE, _SPIKE_AFTER = 0.06, 0.03  # s around QRS onset, where such a spike stands
_GUARD = 0.02  # s between a T wave and the next complex
_ROUNDING = 1e-6  # s, so that what meets between two samples is not rounded past each other

_HEADROOM = 1e6  # between the numbers and the ends of what their type holds

Indices: TypeAlias = NDArray[np.int64]


def delineate(signal: ArrayLike, fs: float, beats: ArrayLike) -> Waves:
    """Find onset, peak and end of the P wave, QRS complex and T wave of each beat of one lead.

    Size and polarity of the signal do not matter. A wave that is not there is `ABSENT`: the P wave
    in atrial fibrillation or before a ventricular beat, any wave that the signal's end or a gap
    cuts off.

    Parameters
    ----------
    signal : array_like, shape (samples,)
        One lead, in millivolts or any other unit. Samples that are not finite are a gap.
    fs : float
        Sampling rate in hertz, 100 to 1000.
    beats : array_like of int, shape (beats,)
        Sample numbers of the R peaks, ascending, as from `detect_beats`.

    Returns
    -------
    Waves
        Sample numbers, a row for each of `beats`. The peak of a QRS complex is the beat itself.

    Raises
    ------
    ValueError
        If an argument is not of these shapes, kinds and ranges.

    Notes
    -----
    On the even-numbered records of LUDB [1]_, lead II, the standard deviations of the errors are 14
    and 10 ms for onset and end of P, 9 and 11 ms for QRS, 21 and 19 ms for T. The odd-numbered
    records settled the numbers in here; ``python -m tests.bench waves`` prints both halves.

    Hum of 50 Hz from 167 Hz on, or of 60 Hz from 200 Hz on, is taken away where it stands out.

    P waves that no QRS complex follows are not sought, nor are those that a T wave hides: a P wave
    that peaks within a fifth of the RR interval after the T wave is not told from it.

    References
    ----------
    .. [1] A. I. Kalyakulina, I. I. Yusipov, V. A. Moskalenko, et al. LUDB: a new open-access
       validation tool for electrocardiogram delineation algorithms. IEEE Access 2020;8:186181-90.

    Examples
    --------
    >>> time = np.arange(0, 8, 1 / 250) % 0.8
    >>> waves = [(0.24, 0.15, 0.025), (0.4, 1.0, 0.012), (0.66, 0.3, 0.05)]
    >>> lead = sum(size * np.exp(-(((time - at) / width) ** 2) / 2) for at, size, width in waves)
    >>> found = delineate(lead, 250, np.arange(100, 2000, 200))
    >>> found.p.peak[1:4], found.t.peak[:3]
    (array([260, 460, 660]), array([165, 365, 565]))
    """
    samples, positions = _checked(signal, fs, beats)
    count = positions.size
    bounds = np.zeros((3, 3, count))
    present = np.zeros((3, count), np.bool_)
    samples, unknown = _bridged(samples)
    if count and not (unknown is not None and unknown.all()):
        before, after = rr_intervals(positions, fs)
        size = math.ceil(count / math.ceil(count / _BLOCK))
        for start in range(0, count, size):
            some = slice(start, start + size)
            near = surroundings(samples, unknown, positions[some], fs)
            cycle = Cycle(before[some], after[some], middle_of(after[some]))
            bounds[:, :, some], present[:, some] = _bounds(near, cycle)
        _keep_apart(bounds, present, after)
        present[0] &= ~_ventricular_paced(samples, fs, positions, bounds[1])
    marks = positions + np.rint(bounds * fs).astype(np.int64)
    present &= (marks[:, 0] >= 0) & (marks[:, 2] < samples.size)
    if unknown is not None:
        missing = np.append(0, np.cumsum(unknown))
        first, last = np.clip(marks[:, [0, 2]], 0, samples.size - 1).transpose(1, 0, 2)
        present &= missing[last + 1] == missing[first]
    present &= present[1]
    marks = np.where(present[:, None], marks, ABSENT)
    return Waves(*(Wave(*wave) for wave in marks))


def _checked(signal: ArrayLike, fs: float, beats: ArrayLike) -> tuple[Samples, Indices]:
    samples, positions = np.asarray(signal), np.asarray(beats)
    faults = []
    if samples.ndim != 1:
        faults.append(f"signal has shape {samples.shape}; allowed is one dimension, (samples,)")
    faults += sample_faults(samples, fs)
    faults += _beat_faults(positions, samples.size)
    if faults:
        raise ValueError("; ".join(faults))
    marks = positions.astype(np.int64)
    if np.can_cast(samples.dtype, np.float32):
        return np.ascontiguousarray(samples, np.float32), marks
    return np.ascontiguousarray(samples, np.float64), marks


def _beat_faults(positions: NDArray[np.generic], size: int) -> list[str]:
    if positions.ndim != 1:
        return [f"beats has shape {positions.shape}; allowed is one dimension, (beats,)"]
    if positions.size == 0:
        return []
    if positions.dtype.kind not in "iu":
        return [f"beats has type {positions.dtype}; allowed are sample numbers"]
    numbers = positions.astype(np.int64)
    if numbers.min() < 0 or numbers.max() >= size:
        return [f"beats reach from {numbers.min()} to {numbers.max()}; the signal has {size}"]
    if (np.diff(numbers) <= 0).any():
        return ["beats do not ascend"]
    return []


def _bridged(samples: Samples) -> tuple[Samples, Mask | None]:
    """Draw lines over gaps, and scale numbers so large that sums of them might overflow."""
    unknown = None
    if samples.size == 0:
        return samples, unknown
    lowest, highest = samples.min(), samples.max()
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        unknown = ~np.isfinite(samples)
        known = np.flatnonzero(~unknown)
        if known.size == 0:
            return np.zeros_like(samples), unknown
        lowest, highest = samples[known].min(), samples[known].max()
        samples = np.interp(np.arange(samples.size), known, samples[known])
    limit = np.finfo(samples.dtype)
    largest = max(highest, -lowest)
    if largest > limit.max / _HEADROOM or 0 < largest < limit.tiny * _HEADROOM:
        samples = samples / largest
    return samples, unknown


def rr_intervals(positions: Indices, fs: float) -> tuple[Seconds, Seconds]:
    """RR interval before and after each beat in s, the usual one where there is no neighbour."""
    intervals = (np.diff(positions) / fs).astype(np.float32)
    usual = np.float32(middle_of(intervals) if intervals.size else _LONE_CYCLE)
    return np.append(usual, intervals), np.append(intervals, usual)


def _ventricular_paced(
    samples: Samples, fs: float, positions: Indices, qrs: NDArray[np.float64]
) -> Mask:
    """Tell before which wide complexes a pacing spike stands: no P wave leads to those."""
    onset, _, end = qrs
    never = np.zeros(positions.size, np.bool_)
    if middle_of(end - onset) < _WIDE_QRS:
        return never
    sized = samples / max(samples.max(), -samples.min())
    spikes = find_spikes(sized.astype(np.float32), fs, positions, wide=True)
    if spikes.size == 0:
        return never
    starts = positions + onset * fs
    last = np.searchsorted(spikes, starts + _SPIKE_AFTER * fs, side="right") - 1
    ahead = starts - spikes[np.maximum(last, 0)]
    return np.asarray((last >= 0) & (ahead <= _SPIKE_BEFORE * fs))


def _bounds(near: Surroundings, cycle: Cycle) -> tuple[NDArray[np.float32], Mask]:
    """Onset, peak and end of P, QRS and T in s from the R peak, and which waves there are."""
    qrs_onset, qrs_end, beat = qrs_bounds(near.qrs, near.weights)
    found = search(near, qrs_onset, qrs_end, cycle)
    p_onset, p_end, t_onset, t_end = found.views.reshape(4, beat.size, -1)
    p_peak, t_peak = time_of(found.p.column), time_of(found.t.column)
    bounds = np.zeros((3, 3, beat.size), np.float32)
    bounds[0] = (
        p_peak - distance(p_onset, P_STEP, found.p_context, P_ONSET),
        p_peak,
        p_peak + distance(p_end, P_STEP, found.p_context, P_END),
    )
    bounds[1, 0], bounds[1, 2] = qrs_onset, qrs_end
    bounds[2] = (
        t_peak - distance(t_onset, T_STEP, found.t_context, T_ONSET),
        t_peak,
        t_peak + distance(t_end, T_STEP, found.t_context, T_END),
    )
    present = np.stack([beat & found.p.present, beat, beat & found.t.present])
    return bounds, present


def _keep_apart(bounds: NDArray[np.float64], present: Mask, after: Seconds) -> None:
    """Let no wave reach into the next: each ends at the latest where the next begins.

    A T wave that would peak in the next complex is none, nor is a P wave that would peak before
    the T wave.
    """
    (p_onset, p_peak, p_end), (qrs_onset, _, qrs_end), (t_onset, t_peak, t_end) = bounds
    np.minimum(p_end, qrs_onset, out=p_end)
    np.maximum(t_onset, qrs_end, out=t_onset)
    np.maximum(t_peak, t_onset, out=t_peak)
    latest = np.append(qrs_onset[1:], qrs_onset[-1:]) + after - _GUARD
    present[2] &= t_peak <= latest
    np.minimum(t_end, latest, out=t_end)
    np.maximum(t_end, t_peak, out=t_end)
    # A T wave and the P wave after it that overlap meet halfway between their peaks' sides.
    next_p = p_onset[1:] + after[:-1]
    next_p_peak = p_peak[1:] + after[:-1]
    present[0, 1:] &= ~present[2, :-1] | (next_p_peak > t_peak[:-1])
    overlap = present[2, :-1] & present[0, 1:] & (t_end[:-1] > next_p)
    middle = np.minimum(np.maximum(0.5 * (t_end[:-1] + next_p), t_peak[:-1]), next_p_peak)
    t_end[:-1] = np.where(overlap, np.maximum(middle - _ROUNDING, t_peak[:-1]), t_end[:-1])
    p_onset[1:] = np.where(overlap, middle - after[:-1], p_onset[1:])

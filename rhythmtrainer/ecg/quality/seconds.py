"""Tell which seconds of an ECG can be read, and what disturbs the others."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.inputs import sample_faults
from rhythmtrainer.ecg.quality.texture import EXCURSION, texture_of
from rhythmtrainer.model.quality import Quality

Samples: TypeAlias = NDArray[np.float32]
Figures: TypeAlias = NDArray[np.floating[Any]]
Indices: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


FITS = 1e-6  # s; a second that is shorter by no more than rounding is a second
MOST_DIMENSIONS = 2
LARGEST = 1e12  # in any unit; what is beyond means nothing and would overflow when squared
# Usual heights of a second that no ECG in mV has; the noise of asystole is 0.02 mV and more.
HEIGHT_IN_VOLTS = 0.002
HEIGHT_IN_MICROVOLTS = 20.0
UNIT_STEP = 1000.0

BLOCKS = 10  # per second
KNOWN_SHARE = 0.8  # of a second
FLAT_SHARE = 0.8  # of a second
FLAT_REACH = 1.5  # steps of the recorder to each side, so that one step to and fro is flat
LONGEST_PAUSE = 4  # s; a simulated or filtered trace may be flat between beats, but no longer
COARSEST_STEP = 0.02  # mV, a fifth of a small box
STEP_PAIRS = 5000  # of neighbouring samples, to learn the recorder's step from

RAIL = 0.001  # of a lead's range: as good as at its end
RAIL_DISTANCE = 0.25  # of the range from the median; what is nearer is the baseline
SHORTEST_PLATEAU = 0.008  # s, and three samples
FEWEST_PLATEAU = 3
# Within the rail a parabola has a plateau; half its length further on it has fallen by four rails.
CORNER = 10.0  # rails
CORNER_REACH = 0.02  # s
STUCK = 0.2  # s
AMPLIFIER_RANGE = 10.0  # mV; amplifiers for ECGs take 5 mV to each side (IEC 60601-2-25)

MUSCLE = 0.3  # of the power in the middle: from here on muscle hides the ECG, and not motion
LOST = 3.0  # mV of the baseline in a second: the trace leaves its place on paper and screen

MAINS = (50.0, 60.0)  # Hz
MAINS_ASIDE = 15.0  # Hz; neighbours that hum does not reach
MAINS_RESOLVED = 0.48  # of the sampling rate
MAINS_PIECES = 5  # per second, each with whole periods of 50 and 60 Hz
MAINS_PIECE = 1  # the second lowest: a complex is in the others
MAINS_PURITY = 2.5  # times its neighbours
MAINS_VISIBLE = 0.05  # mV, so that it is a small box from trough to crest
MAINS_COVERING = 0.5  # of the height of the second


def quality(signal: ArrayLike, fs: float) -> Quality:
    """Judge every second of every lead.

    Parameters
    ----------
    signal : array_like, shape (samples,) or (leads, samples)
        Millivolts. Leads whose usual size can only be volts or microvolts are read as such.
        Samples that are not finite are gaps.
    fs : float
        Sampling rate in hertz, 100 to 1000.

    Returns
    -------
    Quality
        Masks of the shape (leads, seconds), with one row for a signal of one dimension. What is
        left after the last whole second counts for that one; less than a second has no seconds.

    Raises
    ------
    ValueError
        If `signal` has more than two dimensions or none, or is not real numbers, or `fs` is out
        of range.

    Notes
    -----
    missing
        Less than 80 % of the samples are finite.
    flat
        80 % of the second stay within one and a half steps of the recorder. Asystole does not: it
        has noise and a wandering baseline, and is readable. A flat line between beats is readable
        as a pause; one of more than 4 s, or from end to end, is an electrode that is off.
    clipped
        Three samples and 8 ms or more at the highest or lowest value of the lead, with a corner
        beside them, and not at the baseline.
    saturated
        The same for 0.2 s, or a height of more than 10 mV.
    motion
        The mean over one second changes by more than 1 mV within the second, or none of the three
        things that make a second readable is found and slow artefacts prevail. Beyond 3 mV the
        trace is lost.
    mains
        A pure component of 50 or 60 Hz of 0.05 mV or more. Where the sampling rate is too low for
        one of them, that one is not seen. Hum that makes up half the height is unreadable.
    noisy
        None of the three things is found and power above 15 Hz prevails.

    Contrast, the share of one band of the spectrum, flat and clipped stretches are used by many
    indices of signal quality [1]_ [2]_; that an index must not take ventricular arrhythmia for
    noise is the lesson of [3]_. The borders were settled with recorded noise [4]_.

    References
    ----------
    .. [1] Q. Li, R. G. Mark, G. D. Clifford. Robust heart rate estimation from multiple
       asynchronous noisy sources using signal quality indices and a Kalman filter. Physiol Meas
       2008;29:15-32.
    .. [2] G. D. Clifford, J. Behar, Q. Li, I. Rezek. Signal quality indices and data fusion for
       determining clinical acceptability of electrocardiograms. Physiol Meas 2012;33:1419-1433.
    .. [3] J. Behar, J. Oster, Q. Li, G. D. Clifford. ECG signal quality during arrhythmia and its
       application to false alarm reduction. IEEE Trans Biomed Eng 2013;60:1660-1666.
    .. [4] G. B. Moody, W. E. Muldrow, R. G. Mark. A noise stress test for arrhythmia detectors.
       Computers in Cardiology 1984;11:381-384.

    Examples
    --------
    >>> import numpy as np
    >>> time = np.arange(0, 8, 1 / 250)
    >>> lead = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2))
    >>> lead[1000:1500] = np.nan
    >>> quality(lead, 250).usable
    array([[ True,  True,  True,  True, False, False,  True,  True]])
    """
    array = _checked(signal, fs)
    seconds = int(array.shape[1] / fs + FITS)
    if array.shape[0] * seconds == 0:
        return Quality(*np.zeros((8, array.shape[0], seconds), np.bool_))
    leads, missing = _without_gaps(array, fs, seconds)
    highest, lowest = _extremes(leads, fs, seconds)
    height = highest.max(axis=2) - lowest.min(axis=2)
    unit = _unit(height[~missing])
    if unit != 1:
        leads, highest, lowest, height = leads * unit, highest * unit, lowest * unit, height * unit
    steps = _recorder_steps(leads)
    flat = _flat(highest, lowest, steps) & ~missing
    clipped, stuck = _cut_off(leads, steps, fs, seconds)
    texture = texture_of(leads, fs, seconds)
    hidden = ~texture.readable & ~missing
    muscle = texture.fast > MUSCLE * texture.middle
    hum = _hum(leads, fs, seconds)
    mains = hum > MAINS_VISIBLE
    saturated = stuck | (height > AMPLIFIER_RANGE)
    unusable = missing | saturated | hidden | _lasting(flat) | (texture.excursion > LOST)
    return Quality(
        missing=missing,
        flat=flat,
        clipped=clipped,
        saturated=saturated,
        motion=(hidden & ~muscle & ~mains) | (texture.excursion > EXCURSION),
        mains=mains,
        noisy=hidden & muscle,
        usable=~unusable & ~(2 * hum > MAINS_COVERING * height),
    )


def _checked(signal: ArrayLike, fs: float) -> NDArray[Any]:
    array = np.asarray(signal)
    faults = []
    if not 1 <= array.ndim <= MOST_DIMENSIONS:
        faults.append(
            f"signal has shape {array.shape}; allowed are (samples,) and (leads, samples)"
        )
    faults += sample_faults(array, fs)
    if faults:
        raise ValueError("; ".join(faults))
    return np.atleast_2d(array)


def _without_gaps(array: NDArray[Any], fs: float, seconds: int) -> tuple[Samples, Mask]:
    """Carry the last known value over gaps; tell which seconds miss too many samples."""
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    missing = np.zeros((array.shape[0], seconds), np.bool_)
    largest = float(max(array.max(), -array.min()))
    if not np.isfinite(largest):
        known = np.isfinite(array)
        starts = _starts(seconds, fs)
        counts = np.add.reduceat(known, starts, axis=1, dtype=np.int64)
        missing = counts < KNOWN_SHARE * np.diff(starts, append=array.shape[1])
        last = np.where(known, np.arange(array.shape[1]), -1)
        np.maximum.accumulate(last, axis=1, out=last)
        first = np.argmax(known, axis=1)[:, None]
        array = np.take_along_axis(array, np.where(last < 0, first, last), axis=1)
        array[~known.any(axis=1)] = 0
        largest = float(max(array.max(), -array.min()))
    if largest > LARGEST:
        array = np.clip(array, -LARGEST, LARGEST)
    return np.ascontiguousarray(array, np.float32), missing


def _starts(count: int, length: float) -> Indices:
    return np.asarray(np.arange(count) * length, np.int64)


def _unit(heights: Samples) -> np.float32:
    """Return what turns the signal into mV, if its size says that it is in V or microvolts."""
    moving = heights[heights > 0]
    usual = np.median(moving) if moving.size else 1.0
    if usual < HEIGHT_IN_VOLTS:
        return np.float32(UNIT_STEP)
    return np.float32(1 / UNIT_STEP if usual > HEIGHT_IN_MICROVOLTS else 1)


def _extremes(leads: Samples, fs: float, seconds: int) -> tuple[Samples, Samples]:
    """Return the highest and lowest sample of each tenth of a second, (leads, seconds, 10)."""
    starts = _starts(seconds * BLOCKS, fs / BLOCKS)
    shape = (leads.shape[0], seconds, BLOCKS)
    highest = np.maximum.reduceat(leads, starts, axis=1).reshape(shape)
    return highest, np.minimum.reduceat(leads, starts, axis=1).reshape(shape)


def _recorder_steps(leads: Samples) -> Samples:
    """Return the smallest change between two samples for each lead."""
    pairs = np.arange(0, leads.shape[1] - 1, 1 + leads.shape[1] // STEP_PAIRS)
    changes = np.abs(leads[:, pairs + 1] - leads[:, pairs])
    return np.asarray(np.min(changes, axis=1, where=changes > 0, initial=COARSEST_STEP))


def _flat(highest: Samples, lowest: Samples, steps: Samples) -> Mask:
    usual = np.median(highest, axis=2, keepdims=True)
    reach = FLAT_REACH * steps[:, None, None]
    still = (highest <= usual + reach) & (lowest >= usual - reach)
    return np.asarray(still.mean(axis=2) >= FLAT_SHARE)


def _lasting(flat: Mask) -> Mask:
    """Keep the runs that are longer than any pause, and those from end to end."""
    lasting = np.zeros_like(flat)
    for kept, row in zip(lasting, flat, strict=True):
        starts, ends = _runs(row)
        long = ends - starts > min(LONGEST_PAUSE, row.size - 1)
        kept[:] = _covered(starts[long], ends[long], row.size)
    return lasting


def _runs(mask: Mask) -> tuple[Indices, Indices]:
    """Return where runs of True start, and where they have ended."""
    inside = np.flatnonzero(mask)
    if inside.size == 0:
        return inside, inside
    breaks = np.flatnonzero(np.diff(inside) > 1)
    return inside[np.append(0, breaks + 1)], inside[np.append(breaks, inside.size - 1)] + 1


def _covered(starts: Indices, ends: Indices, size: int) -> Mask:
    """Turn runs into a mask again."""
    opened = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return np.asarray(np.cumsum(opened)[:size] > 0)


def _cut_off(leads: Samples, steps: Samples, fs: float, seconds: int) -> tuple[Mask, Mask]:
    """Find the seconds with plateaus at an end of the lead's range, and with long ones."""
    clipped = np.zeros((leads.shape[0], seconds), np.bool_)
    stuck = clipped.copy()
    for row, (lead, step) in enumerate(zip(leads, steps, strict=True)):
        for side in (lead, -lead):
            starts, ends = _plateaus(side, float(step), fs)
            long = ends - starts >= STUCK * fs
            first = np.minimum(starts / fs, seconds - 1).astype(np.int64)
            last = np.minimum((ends - 1) / fs, seconds - 1).astype(np.int64) + 1
            clipped[row] |= _covered(first, last, seconds)
            stuck[row] |= _covered(first[long], last[long], seconds)
    return clipped, stuck


def _plateaus(lead: Samples, step: float, fs: float) -> tuple[Indices, Indices]:
    top, span = float(lead.max()), float(np.ptp(lead))
    rail = max(RAIL * span, step / 2)
    if top - np.median(lead[:: 1 + lead.size // STEP_PAIRS]) < RAIL_DISTANCE * span or span <= rail:
        return _runs(np.zeros(0, np.bool_))
    starts, ends = _runs(lead >= top - rail)
    long = ends - starts >= max(FEWEST_PLATEAU, SHORTEST_PLATEAU * fs)
    starts, ends = starts[long], ends[long]
    aside = np.clip((ends - starts) // 2, 1, 1 + int(CORNER_REACH * fs))
    before = lead[np.maximum(starts - aside, 0)]
    after = lead[np.minimum(ends - 1 + aside, lead.size - 1)]
    corner = top - np.minimum(before, after) > CORNER * max(RAIL * span, step)
    return starts[corner], ends[corner]


def _hum(leads: Samples, fs: float, seconds: int) -> Figures:
    """Return the amplitude of the mains in mV; 0 where the neighbouring frequencies are as strong.

    The second lowest of the fifths of a second is free of complexes, and hum is in all of them.
    """
    window = round(fs / MAINS_PIECES)
    starts = np.minimum(_starts(seconds * MAINS_PIECES, fs / MAINS_PIECES), leads.shape[1] - window)
    pieces = np.lib.stride_tricks.sliding_window_view(leads, window, axis=1)[:, starts]
    hum = np.zeros((leads.shape[0], seconds), np.float32)
    for mains in MAINS:
        trio = np.array([mains, mains - MAINS_ASIDE, mains + MAINS_ASIDE])
        trio = trio[trio < MAINS_RESOLVED * fs]
        if mains in trio:
            power = np.square(pieces @ _probes(trio, window, fs))
            power = power[..., : trio.size] + power[..., trio.size :]
            power = power.reshape(*hum.shape, MAINS_PIECES, trio.size)
            power = np.sort(power, axis=2)[:, :, MAINS_PIECE]
            pure = power[..., 0] > MAINS_PURITY**2 * power[..., 1:].mean(axis=2)
            hum = np.maximum(hum, np.sqrt(np.where(pure, power[..., 0], 0)))
    return hum


def _probes(frequencies: NDArray[np.float64], window: int, fs: float) -> Samples:
    """Return the waves whose products with a piece are its amplitudes, even and odd."""
    taper = np.hanning(window + 2)[1:-1, None]
    taper *= 2 / taper.sum()
    turns = 2 * np.pi * np.arange(window)[:, None] / fs * frequencies
    probes = taper * np.hstack([np.cos(turns), np.sin(turns)])
    probes -= taper * probes.sum(axis=0) / taper.sum()
    return np.asarray(probes, np.float32)

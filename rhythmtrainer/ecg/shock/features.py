"""What tells a shockable rhythm from another, as numbers, for many windows at once.

A window is brought to a grid of 100 Hz and split into bands. From these come numbers that do not
change with gain or polarity: how the power is spread, how well the signal repeats itself and after
what time, and how the sizes of its deflections and slopes are spread. The amplitude is kept apart.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Windows: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[np.float64]
Band: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

GRID_RATE: Final = 100.0
"""Samples a second of the grid: four times the highest frequency of a QRS complex that matters."""

# Each band rises from nothing to all between the first two frequencies, and falls likewise; in Hz.
_ECG: Band = ((0.5, 1.5), (25.0, 35.0))
_SMOOTH: Band = ((0.5, 1.5), (12.0, 18.0))
_QRS: Band = ((6.0, 10.0), (25.0, 35.0))
_WAVES: Band = ((1.5, 2.5), (8.0, 12.0))  # fibrillation, flutter and tachycardia, not the wander
_MIRROR = 1.0  # s reflected at each end, so that a filter has something to ring in

_SHORTEST_PERIOD = 0.14  # s; 430/min
_LONGEST_PERIOD = 1.5  # s; 40/min
_WAVE_LAGS = (0.05, 0.4, 0.12, 0.6)  # s; where the trough and the crest of a wave's repetition lie
_BEAT_LAG = 0.2  # s; complexes closer than this are one complex
_CREST_SHARE = 0.85  # of the highest crest: the first one this high is the period
_ENVELOPE_WIDTH = 9  # grid points; 90 ms, a narrow QRS complex
_SPECTRUM = 1024  # points of the transform, 0.1 Hz apart
_SPECTRUM_RANGE = (1.0, 30.0)  # Hz
_VF_RANGE = (2.5, 7.5)  # Hz
_PEAK_RANGE = (1.0, 10.0)  # Hz
_LEAST = 1e-9  # stands for zero in a denominator; mV
_FILLED = 0.2  # of the largest deflection
_FAINT = 0.01  # added to ratios before their logarithm

REGULAR: Final = 0.6
"""A signal that correlates this well with itself one period later is regular."""

FEATURES: Final = (
    "fibrillation_share",
    "peak_frequency",
    "wave_share",
    "evenness",
    "wave_evenness",
    "slope_quarter",
    "slope_median",
    "slope_three_quarters",
    "steepest",
    "middle",
    "fill",
    "wave_middle",
    "skewness",
    "peakedness",
    "qrs_peakedness",
    "qrs_background",
    "leakage",
    "turns",
    "period",
    "regularity",
    "wave_crest",
    "wave_trough",
    "beat_interval",
    "beat_regularity",
)
"""Names of the columns of `ShockFeatures.values`."""


@dataclass(frozen=True, slots=True, eq=False)
class ShockFeatures:
    """What was measured on each window; every array but `values` has the shape ``(windows,)``.

    Attributes
    ----------
    values
        Shape ``(windows, len(FEATURES))``, free of gain and polarity.
    amplitude
        From the 2nd to the 98th percentile between 1 and 30 Hz, in the unit of the signal (mV).
    rate
        Repetitions a minute: by autocorrelation where the window is regular, or else the peak of
        its spectrum.
    regularity
        Correlation with itself one period later, at most 1; see `REGULAR`.
    rise
        Whole range over steepest slope, in seconds: short where the complexes are narrow.
    """

    values: Values
    amplitude: Values
    rate: Values
    regularity: Values
    rise: Values


def shock_features(windows: NDArray[np.floating], fs: float) -> ShockFeatures:
    """Measure windows of one length.

    Parameters
    ----------
    windows
        Finite, in mV, shape ``(windows, samples)``, at least 3 s long.
    fs
        Sampling rate in hertz, at least 100.

    Notes
    -----
    The leakage is the VF filter of [1]_. The shares of power follow [2]_, the use of many such
    numbers together [3]_.

    References
    ----------
    .. [1] S. Kuo, R. Dillman. Computer detection of ventricular fibrillation. Computers in
       Cardiology 1978:347-349.
    .. [2] S. Barro, R. Ruiz, D. Cabello, J. Mira. Algorithmic sequential decision-making in the
       frequency domain for life threatening ventricular arrhythmias and imitative artefacts: a
       diagnostic system. J Biomed Eng 1989;11:320-328.
    .. [3] C. Figuera et al. Machine learning techniques for the detection of shockable rhythms in
       automated external defibrillators. PLoS ONE 2016;11:e0159654.

    Examples
    --------
    >>> wave = np.sin(2 * np.pi * 5 * np.arange(0, 4, 1 / 250))
    >>> float(shock_features(wave[np.newaxis], 250).rate[0])
    300.0
    """
    grid = to_grid(np.asarray(windows, np.float64), fs)
    ecg, smooth, qrs, waves = _bands(grid, (_ECG, _SMOOTH, _QRS, _WAVES))
    low, high = np.quantile(ecg, [0.02, 0.98], axis=1)
    slopes = np.abs(np.diff(ecg, axis=1)) * GRID_RATE
    period, regularity = _period(_autocorrelation(ecg), _SHORTEST_PERIOD)
    share, peak = _spectrum(ecg)
    rise = np.ptp(ecg, axis=1) / (slopes.max(axis=1) + _LEAST)
    values = np.column_stack(
        [
            share,
            np.log(peak),
            np.log(waves.std(axis=1) / (ecg.std(axis=1) + _LEAST) + _FAINT),
            *_evenness(ecg, waves),
            *_log_ratios(slopes, (0.25, 0.5, 0.75)),
            np.log(rise + _LEAST),
            np.log(_middle(ecg) / (high - low + _LEAST) + _FAINT / 2),
            _fill(ecg),
            *_log_ratios(np.abs(waves), (0.75,)),
            np.abs(_moment(ecg, 3)),
            np.log(_moment(ecg, 4) + _FAINT),
            np.log(_moment(qrs, 4) + _FAINT),
            *_background(qrs, high - low),
            _leakage(ecg),
            _turns(smooth),
            np.log(period),
            regularity,
            *_wave_repetition(waves),
            *_beats(qrs),
        ]
    )
    rate = np.where(regularity >= REGULAR, 60 / period, 60 * peak)
    return ShockFeatures(values, high - low, rate, regularity, rise)


def to_grid(windows: Windows, fs: float, rate: float = GRID_RATE) -> Windows:
    """Average windows down to a grid, each point being the mean of its share of the samples."""
    count, length = windows.shape
    start = windows[:, :1]  # taken off, so that sums stay small
    sums = np.cumsum(windows - start, axis=1)
    sums = np.concatenate([np.zeros((count, 1)), sums], axis=1)
    edges = np.arange(int(length * rate / fs + _LEAST) + 1) * fs / rate
    left = np.minimum(edges.astype(np.int64), length - 1)
    part = edges - left
    at_edges = sums[:, left] * (1 - part) + sums[:, left + 1] * part
    means: Windows = np.diff(at_edges, axis=1) * rate / fs + start
    return means


def _bands(grid: Windows, bands: tuple[Band, ...]) -> list[Windows]:
    length = grid.shape[1]
    reach = int(_MIRROR * GRID_RATE)
    left = 2 * grid[:, :1] - grid[:, reach:0:-1]
    right = 2 * grid[:, -1:] - grid[:, -2 : -reach - 2 : -1]
    long = np.concatenate([left, grid, right], axis=1)
    line = np.linspace(0, 1, long.shape[1])
    long = long - long[:, :1] - (long[:, -1:] - long[:, :1]) * line
    spectrum = np.fft.rfft(long, axis=1)
    frequencies = np.fft.rfftfreq(long.shape[1], 1 / GRID_RATE)
    return [
        np.fft.irfft(
            spectrum * _ramp(frequencies, rise) * (1 - _ramp(frequencies, fall)), long.shape[1]
        )[:, reach : reach + length]
        for rise, fall in bands
    ]


def _ramp(frequencies: NDArray[np.floating], edges: tuple[float, float]) -> Values:
    start, end = edges
    ramp: Values = 0.5 - 0.5 * np.cos(np.pi * np.clip((frequencies - start) / (end - start), 0, 1))
    return ramp


def _spectrum(ecg: Windows) -> tuple[Values, Values]:
    """Return the share of power where fibrillation lies, and the frequency of the peak."""
    length = max(_SPECTRUM, ecg.shape[1])
    power = np.abs(np.fft.rfft(ecg * np.hanning(ecg.shape[1]), length, axis=1)) ** 2
    frequencies = np.fft.rfftfreq(length, 1 / GRID_RATE)

    def within(limits: tuple[float, float]) -> NDArray[np.bool_]:
        return (frequencies >= limits[0]) & (frequencies < limits[1])

    whole = power[:, within(_SPECTRUM_RANGE)].sum(axis=1) + _LEAST**2
    inside = within(_PEAK_RANGE)
    peak = frequencies[inside][power[:, inside].argmax(axis=1)]
    return power[:, within(_VF_RANGE)].sum(axis=1) / whole, peak


def _autocorrelation(signal: Windows) -> Values:
    """Correlate with what is 0 to 1.5 s later, over what both have in common."""
    length = signal.shape[1]
    lags = np.arange(int(_LONGEST_PERIOD * GRID_RATE) + 1)
    points = 1 << int(length + lags.size - 1).bit_length()
    spectrum = np.fft.rfft(signal, points, axis=1)
    products = np.fft.irfft(np.abs(spectrum) ** 2, points, axis=1)[:, : lags.size]
    energy = np.cumsum(signal**2, axis=1)
    energy = np.concatenate([np.zeros((len(signal), 1)), energy], axis=1)
    common = energy[:, length - lags] * (energy[:, -1:] - energy[:, lags])
    correlation: Values = products / np.sqrt(common + _LEAST**2)
    return correlation


def _period(correlation: Values, shortest: float) -> tuple[Values, Values]:
    """Return the period in seconds, the longest where there is none, and the correlation there."""
    first = int(shortest * GRID_RATE)
    middle = correlation[:, first:-1]
    crest = (middle > correlation[:, first - 1 : -2]) & (middle >= correlation[:, first + 1 :])
    heights = np.where(crest & (middle > 0), middle, 0.0)
    highest = heights.max(axis=1)
    found = (heights >= _CREST_SHARE * highest[:, np.newaxis]).argmax(axis=1)
    height = heights[np.arange(len(heights)), found]
    period = np.where(highest > 0, (found + first) / GRID_RATE, _LONGEST_PERIOD)
    return period, height


def _wave_repetition(waves: Windows) -> tuple[Values, Values]:
    correlation = _autocorrelation(waves)
    start, end, crest_start, crest_end = (int(lag * GRID_RATE) for lag in _WAVE_LAGS)
    crest = correlation[:, crest_start:crest_end].max(axis=1)
    return crest, correlation[:, start:end].min(axis=1)


def _beats(qrs: Windows) -> tuple[Values, Values]:
    """Return how far complexes lie apart (logarithm of seconds), and how regularly."""
    envelope = _envelope(qrs)
    correlation = _autocorrelation(envelope - envelope.mean(axis=1, keepdims=True))
    period, height = _period(correlation, _BEAT_LAG)
    return np.log(period), height


def _envelope(qrs: Windows) -> Windows:
    sums = np.cumsum(np.abs(qrs), axis=1)
    envelope: Windows = (sums[:, _ENVELOPE_WIDTH:] - sums[:, :-_ENVELOPE_WIDTH]) / _ENVELOPE_WIDTH
    return envelope


def _background(qrs: Windows, amplitude: Values) -> tuple[Values]:
    """Return what is quick between the complexes against the whole amplitude."""
    between = np.median(_envelope(qrs), axis=1)
    return (np.log(between / (amplitude + _LEAST) + _FAINT / 10),)


def _evenness(ecg: Windows, waves: Windows) -> tuple[Values, Values]:
    """Compare the quietest part with the strongest: seconds, and quarters of the window."""
    second = int(GRID_RATE)
    whole = ecg.shape[1] // second
    ranges = np.ptp(ecg[:, : whole * second].reshape(len(ecg), whole, second), axis=2)
    quarter = waves.shape[1] // 4
    sizes = waves[:, : 4 * quarter].reshape(len(waves), 4, quarter).std(axis=2)
    return _least_to_most(ranges), _least_to_most(sizes)


def _least_to_most(sizes: Values) -> Values:
    ratio: Values = np.log(sizes.min(axis=1) / (sizes.max(axis=1) + _LEAST) + _FAINT)
    return ratio


def _log_ratios(sizes: Windows, quantiles: tuple[float, ...]) -> Values:
    """Return quantiles over the 98th percentile, as logarithms, a row for each."""
    *parts, most = np.quantile(sizes, [*quantiles, 0.98], axis=1)
    ratios: Values = np.log(np.array(parts) / (most + _LEAST) + _FAINT)
    return ratios


def _middle(ecg: Windows) -> Values:
    """Return how far half of the signal stays from its median."""
    distance: Values = np.median(np.abs(ecg - np.median(ecg, axis=1, keepdims=True)), axis=1)
    return distance


def _fill(ecg: Windows) -> Values:
    """Return the share of time that is spent beyond a fifth of the largest deflection."""
    size = np.abs(ecg)
    fill: Values = (size > _FILLED * size.max(axis=1, keepdims=True)).mean(axis=1)
    return fill


def _moment(signal: Windows, order: int) -> Values:
    scaled = signal / (signal.std(axis=1, keepdims=True) + _LEAST)
    power = scaled.copy()
    for _ in range(order - 1):
        power *= scaled
    moment: Values = power.mean(axis=1)
    return moment


def _leakage(ecg: Windows) -> Values:
    """Return what is left when the signal is added to itself half a mean period later."""
    path = np.abs(np.diff(ecg, axis=1)).sum(axis=1) + _LEAST
    length = ecg.shape[1]
    half = np.clip(np.pi * np.abs(ecg).sum(axis=1) / path, 2, length - 2).astype(np.int64) // 2
    earlier = np.arange(length) - half[:, np.newaxis]
    before = np.take_along_axis(ecg, np.maximum(earlier, 0), axis=1)
    known = earlier >= 0
    whole = ((np.abs(ecg) + np.abs(before)) * known).sum(axis=1)
    left: Values = (np.abs(ecg + before) * known).sum(axis=1) / (whole + _LEAST)
    return left


def _turns(smooth: Windows) -> Values:
    """Return crests and troughs a second, as a logarithm."""
    rising = np.signbit(np.diff(smooth, axis=1))
    turns = (rising[:, 1:] != rising[:, :-1]).sum(axis=1)
    seconds = smooth.shape[1] / GRID_RATE
    rate: Values = np.log(turns / seconds + 1 / seconds)
    return rate

"""Evidence in the baseline of one lead: flutter waves, fibrillation, P waves of their own pace.

The QRS complexes are cut out of the lead, and what always follows and precedes them (T waves,
conducted P waves) is averaged and taken away. Waves that keep their own time are left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria.p_waves import BUMP, GRID_RATE, Complexes, Indices, Mask, Values

_TINY = 1e-12
_WANDER_WINDOW = 61  # grid samples, applied twice: takes away what is slower than about 1 Hz
_AFTER = 50  # grid samples after the R peak that hold the T wave
_BEFORE = 30  # grid samples before it that hold the P wave
_FEWEST = 2  # beats an average needs
_BINS = 1024  # of the Fourier transform, for up to ten seconds
_FREQUENCY: NDArray[np.float64] = np.asarray(np.fft.rfftfreq(_BINS, 1 / GRID_RATE), np.float64)
_FLUTTER_BAND = (3.2, 6.8)  # Hz: 200 to 400 waves a minute
_ATRIAL_BAND = (2.2, 12.0)  # Hz
_SLOW_BAND = (0.6, 2.2)  # Hz
_FIBRILLATION_BAND = (3.5, 9.0)  # Hz
_MUSCLE_BAND = (12.0, 25.0)  # Hz
_LINE_WIDTH = 5  # bins
_FLUTTER_PERIODS = np.arange(15, 31)  # grid samples: 200 to 400 waves a minute
_REPEATS = 3  # periods after which flutter waves still agree with themselves
_P_PERIODS = np.arange(40, 150)  # grid samples: 40 to 150 P waves a minute
_NEAR_BEST = 0.8  # of the strength: the shortest period that comes near it is the period
_BOUND = 0.05  # of the RR interval: what repeats with the beats does not keep its own time


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """One lead without its QRS complexes.

    Attributes
    ----------
    waves
        The lead without wander, straight lines in the place of the complexes, shape ``(n,)``.
    rest
        The same without what always follows or precedes the usual complexes.
    clear
        Where the lead is between two complexes.
    """

    waves: Values
    rest: Values
    clear: Mask


@dataclass(frozen=True, slots=True, eq=False)
class FlutterEvidence:
    """How regular the fast waves of the baseline are.

    Attributes
    ----------
    line, line_rest
        Share of the strongest line at 200 to 400 per minute in all that is slower than 12 Hz (in
        the baseline, with its first harmonic) and at 2 to 12 Hz (in what the beats do not explain).
    steady, steady_rest
        Least correlation of the waves with themselves one, two and three periods later.
    rate_hz
        Frequency of the stronger line.
    fast_share
        Power at 3.5 to 9 Hz over that at 12 to 25 Hz: f waves against muscle.
    size
        Root mean square of what the beats do not explain, share of the QRS complex.
    """

    line: float
    line_rest: float
    steady: float
    steady_rest: float
    rate_hz: float
    fast_share: float
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class MarchEvidence:
    """P waves that keep their own time.

    Attributes
    ----------
    strength
        Correlation of the bumps with themselves one and two periods later, the lesser of the two.
    period_s
        From one such P wave to the next.
    """

    strength: float
    period_s: float


def find_baseline(grid: Values, complexes: Complexes) -> Baseline | None:
    """Cut the complexes out and take away what goes with them; None if too little is left."""
    size, peaks = grid.size, complexes.peaks
    marks = np.zeros(size + 1, np.int64)
    np.add.at(marks, np.clip(peaks + complexes.onset - 1, 0, size - 1), 1)
    np.add.at(marks, np.clip(peaks + complexes.end + 1, 0, size - 1), -1)
    clear = np.cumsum(marks[:-1]) <= 0
    known = np.flatnonzero(clear)
    if known.size < GRID_RATE / 2:
        return None
    bridged = np.interp(np.arange(size), known, grid[known])
    waves = bridged - _mean(_mean(bridged, _WANDER_WINDOW), _WANDER_WINDOW)
    rest = waves.copy()
    gap_after = np.diff(peaks, append=size)
    gap_before = np.diff(peaks, prepend=0)
    after, before = np.arange(_AFTER), np.arange(-_BEFORE, 0)
    for kind in (complexes.usual, ~complexes.usual):
        _take_away(rest, peaks[kind], after, after < gap_after[kind, None] + complexes.onset)
    usual = complexes.usual
    _take_away(rest, peaks[usual], before, -before < gap_before[usual, None] - _BEFORE)
    return Baseline(np.asarray(waves, np.float32), np.asarray(rest, np.float32), clear)


def _mean(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    half = window // 2
    sums = np.cumsum(np.pad(values, (half + 1, half), mode="edge"))
    return np.asarray((sums[window:] - sums[:-window]) / window)


def _take_away(values: NDArray[np.float64], peaks: Indices, around: Indices, wanted: Mask) -> None:
    """Subtract, in place, the average of what stands around the peaks."""
    places = peaks[:, None] + around
    wanted = wanted & (places >= 0) & (places < values.size)
    places = np.clip(places, 0, values.size - 1)
    count = wanted.sum(axis=0)
    average = np.where(wanted, values[places], 0).sum(axis=0) / np.maximum(count, 1)
    average[count < _FEWEST] = 0
    values[places[wanted]] -= np.broadcast_to(average, places.shape)[wanted]


def flutter_evidence(baseline: Baseline, complexes: Complexes) -> FlutterEvidence:
    """Measure how regular the fast waves of the baseline are."""
    frequency = _FREQUENCY
    power = _power(baseline.waves)
    power_rest = _power(baseline.rest)
    strongest, line = _strongest_line(frequency, power)
    strongest_rest, line_rest = _strongest_line(frequency, power_rest)
    harmonic = _around(power, 2 * strongest)
    atrial = _in_band(frequency, power, _ATRIAL_BAND)
    slow = _in_band(frequency, power, _SLOW_BAND)
    fast = _in_band(frequency, power_rest, _FIBRILLATION_BAND)
    muscle = _in_band(frequency, power_rest, _MUSCLE_BAND)
    share_rest = line_rest / _in_band(frequency, power_rest, _ATRIAL_BAND)
    share = (line + harmonic) / (atrial + slow)
    at = strongest if share >= share_rest else strongest_rest
    between = baseline.rest[baseline.clear]
    return FlutterEvidence(
        line=share,
        line_rest=share_rest,
        steady=_steadiness(_autocorrelation(baseline.waves, baseline.clear), _FLUTTER_PERIODS),
        steady_rest=_steadiness(_autocorrelation(baseline.rest, baseline.clear), _FLUTTER_PERIODS),
        rate_hz=float(frequency[at]),
        fast_share=fast / muscle,
        size=float(np.sqrt((between**2).mean())) / complexes.size,
    )


def _power(values: Values) -> NDArray[np.float64]:
    bins = max(_BINS, values.size)
    spectrum = np.fft.rfft(values * np.hanning(values.size), bins)
    power = np.asarray(np.abs(spectrum) ** 2, np.float64)
    if bins == _BINS:
        return power
    return np.interp(_FREQUENCY, np.fft.rfftfreq(bins, 1 / GRID_RATE), power)


def _in_band(
    frequency: NDArray[np.float64], power: NDArray[np.float64], band: tuple[float, float]
) -> float:
    return float(power[(frequency > band[0]) & (frequency < band[1])].sum()) + _TINY


def _around(power: NDArray[np.float64], at: int) -> float:
    half = _LINE_WIDTH // 2
    return float(power[max(0, at - half) : at + half + 1].sum())


def _strongest_line(
    frequency: NDArray[np.float64], power: NDArray[np.float64]
) -> tuple[int, float]:
    lines = np.convolve(power, np.ones(_LINE_WIDTH), "same")
    within = np.flatnonzero((frequency > _FLUTTER_BAND[0]) & (frequency < _FLUTTER_BAND[1]))
    at = int(within[np.argmax(lines[within])])
    return at, float(lines[at])


def _autocorrelation(values: Values, clear: Mask) -> NDArray[np.float64]:
    """Correlate the clear parts of a lead with themselves, for lags up to 3 s."""
    bins = 1 << int(2 * values.size - 1).bit_length()
    weight = clear.astype(np.float64)
    products = np.fft.irfft(np.abs(np.fft.rfft(values * weight, bins)) ** 2, bins)
    pairs = np.fft.irfft(np.abs(np.fft.rfft(weight, bins)) ** 2, bins)
    longest = min(values.size, int(3 * GRID_RATE))
    mean = products[:longest] / np.maximum(pairs[:longest], 0.05 * pairs[0])
    return np.asarray(mean / (mean[0] + _TINY))


def _steadiness(correlation: NDArray[np.float64], periods: Indices) -> float:
    lags = periods[:, None] * np.arange(1, _REPEATS + 1)
    least = correlation[np.minimum(lags, correlation.size - 1)].min(axis=1)
    return float(least.max())


def march_evidence(baseline: Baseline, complexes: Complexes) -> MarchEvidence:
    """Look for P waves that keep their own time, whatever the complexes do."""
    bumps = np.convolve(baseline.rest, BUMP, "same")
    correlation = _autocorrelation(np.asarray(bumps, np.float32), baseline.clear)
    periods = _P_PERIODS[: max(0, correlation.size - 1 - int(_P_PERIODS[0]))]
    if periods.size == 0:
        return MarchEvidence(0.0, 1.0)
    once = correlation[periods]
    peak = (once > correlation[periods - 1]) & (once >= correlation[periods + 1])
    near = 2 * periods[:, None] + np.arange(-2, 3)
    twice = correlation[np.minimum(near, correlation.size - 1)].max(axis=1)
    ratio = float(np.median(np.diff(complexes.peaks))) / periods
    bound = np.abs(ratio - np.round(ratio)) < _BOUND * np.maximum(ratio, 1)
    strength = np.where(peak & ~bound, np.minimum(once, twice), 0.0)
    # Twice the period repeats as well.
    at = int(np.argmax(strength > _NEAR_BEST * strength.max()))
    return MarchEvidence(float(strength[at]), float(periods[at]) / GRID_RATE)

"""ECGs whose beats are known, built from Gaussian waves."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Time of the peak after the R peak in s, amplitude in mV, standard deviation in s.
_QRS = ((-0.025, -0.12, 0.008), (0.0, 1.0, 0.011), (0.028, -0.25, 0.010))
_WIDE_QRS = ((0.0, 1.0, 0.030), (0.085, -0.6, 0.035))


def ecg_at(
    peaks: ArrayLike,
    fs: float,
    seconds: float,
    *,
    wide: bool = False,
    t_wave: float = 0.3,
    noise: float = 0.01,
    wander: float = 0.1,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Build `seconds` of a lead in mV with R peaks at the times `peaks` (in s).

    P waves appear where there is room for them, T waves move closer at high rates. A wide complex
    has neither, as in ventricular tachycardia.
    """
    beats = np.asarray(peaks, np.float64)
    time = np.arange(round(seconds * fs)) / fs
    signal = wander * np.sin(2 * np.pi * 0.25 * time)
    interval = np.median(np.diff(beats)) if beats.size > 1 else 1.0
    pace = min(1.0, float(np.sqrt(interval)))
    waves = list(_WIDE_QRS if wide else _QRS)
    if not wide:
        waves.append((min(0.3 * pace, 0.5 * interval), t_wave, 0.045 * pace))
        if interval > 0.3:
            waves.append((-0.16 * pace, 0.12, 0.022 * pace))
    for delay, amplitude, spread in waves:
        add_waves(signal, fs, beats + delay, amplitude, spread)
    signal += noise * np.random.default_rng(seed).standard_normal(time.size)
    return signal.astype(np.float32)


def add_waves(
    signal: NDArray[np.float64], fs: float, times: ArrayLike, amplitude: float, spread: float
) -> None:
    """Add a Gaussian wave to `signal` at each of `times` (in s)."""
    reach = round(6 * spread * fs) + 1
    for wave_time in np.atleast_1d(times):
        centre = round(float(wave_time) * fs)
        near = np.arange(max(0, centre - reach), min(signal.size, centre + reach))
        signal[near] += amplitude * np.exp(-0.5 * ((near / fs - wave_time) / spread) ** 2)


def regular_peaks(rate: float, seconds: float) -> NDArray[np.float64]:
    """Times of the beats of a regular rhythm of `rate` per minute, clear of both ends."""
    return np.arange(0.6, seconds - 0.3, 60 / rate)

"""What of a strip might give away that it is simulated: the same measurements for both kinds."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import welch

from rhythmtrainer.ecg import delineate, detect_beats
from rhythmtrainer.ecg.atria.lead import weigh
from rhythmtrainer.ecg.atria.p_waves import GRID_RATE
from rhythmtrainer.model import ABSENT, RhythmId, Wave
from tests.bench.realism_strips import Sample

Values = NDArray[np.float64]

FEATURES: Final = (
    "SDNN / mean RR",
    "RMSSD / mean RR",
    "QRS duration, s",
    "PR, s",
    "T / R",
    "spectral slope 1-40 Hz",
    "dominant frequency, Hz",
    "spread around it, Hz",
    "f-wave frequency, Hz",
    "f-wave amplitude, mV",
)
WITH_F_WAVES: Final = frozenset({RhythmId.AF_CONTROLLED, RhythmId.AF_RVR, RhythmId.ATRIAL_FLUTTER})
"""Elsewhere what is left between the beats are no waves of the atria."""
_FEWEST_BEATS = 3
_SLOPE_BAND_HZ = (1.0, 40.0)
_DOMINANT_BAND_HZ = (1.0, 15.0)
_F_WAVE_BAND_HZ = (3.0, 12.0)
_WINDOW_S = 4.0
_TINY = 1e-12


def features(sample: Sample, rhythm: RhythmId) -> Values:
    """Measure one strip: a number for each of `FEATURES`, NaN where it does not have it."""
    beats = detect_beats(sample.signal, sample.fs)
    return np.array(
        [
            *_variability(beats / sample.fs),
            *_waves(sample, beats),
            *_spectrum(sample),
            *(_f_waves(sample, beats) if rhythm in WITH_F_WAVES else (np.nan, np.nan)),
        ]
    )


def _variability(times: Values) -> tuple[float, float]:
    rr = np.diff(times)
    if rr.size < _FEWEST_BEATS:
        return np.nan, np.nan
    rmssd = np.sqrt((np.diff(rr) ** 2).mean())
    return float(rr.std() / rr.mean()), float(rmssd / rr.mean())


def _waves(sample: Sample, beats: NDArray[np.int64]) -> tuple[float, float, float]:
    """QRS duration, PR interval, and T wave by R wave, of the median beat."""
    waves = delineate(sample.signal, sample.fs, beats)
    qrs = _median((waves.qrs.end - waves.qrs.onset)[waves.qrs.present])
    pr = _median((waves.qrs.onset - waves.p.onset)[waves.p.present])
    height = np.abs(_above_onset(sample.signal, waves.qrs.peak, waves.qrs))
    t_height = np.abs(_above_onset(sample.signal, waves.t.peak, waves.qrs))
    return qrs / sample.fs, pr / sample.fs, _median((t_height / height)[np.isfinite(t_height)])


def _above_onset(signal: Values, peak: NDArray[np.int64], qrs: Wave) -> Values:
    there = (peak != ABSENT) & qrs.present
    return np.where(there, signal[peak] - signal[qrs.onset], np.nan)


def _spectrum(sample: Sample) -> tuple[float, float, float]:
    """Slope of the spectrum in double logarithms, and where and how wide its crest is."""
    frequency, power = welch(
        sample.signal, sample.fs, nperseg=min(int(_WINDOW_S * sample.fs), sample.signal.size)
    )
    sloping = _between(frequency, _SLOPE_BAND_HZ)
    slope = np.polyfit(np.log(frequency[sloping]), np.log(power[sloping] + _TINY), 1)[0]
    crest = _between(frequency, _DOMINANT_BAND_HZ)
    dominant = float(frequency[crest][np.argmax(power[crest])])
    away = float(((frequency[crest] - dominant) ** 2 * power[crest]).sum())
    return float(slope), dominant, float(np.sqrt(away / max(power[crest].sum(), _TINY)))


def _f_waves(sample: Sample, beats: NDArray[np.int64]) -> tuple[float, float]:
    """Frequency and root mean square of what is left between the beats without what they bring."""
    lead = weigh(sample.signal, sample.fs, beats)
    if lead is None:
        return np.nan, np.nan
    rest = lead.baseline.rest.astype(np.float64)
    frequency, power = welch(rest, GRID_RATE, nperseg=min(int(_WINDOW_S * GRID_RATE), rest.size))
    band = _between(frequency, _F_WAVE_BAND_HZ)
    size = np.sqrt((rest[lead.baseline.clear] ** 2).mean()) * np.abs(sample.signal).max()
    return float(frequency[band][np.argmax(power[band])]), float(size)


def _between(frequency: Values, band: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((frequency >= band[0]) & (frequency <= band[1]))


def _median(values: Values | NDArray[np.int64]) -> float:
    return float(np.median(values)) if values.size else np.nan

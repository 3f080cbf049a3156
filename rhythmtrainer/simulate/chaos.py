"""What is not made of beats: fibrillation, the drift of the baseline, the trembling of muscles."""

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.preset import Ground

# Waves are made this many times finer than their highest frequency, then drawn through.
_FINENESS = 12.0
# Plain random waves fade to nothing now and then, and are round; those of the heart less so.
_EVENNESS = 0.45  # 0 leaves the envelope as it is, 1 makes all waves one size
_SHARPNESS = 0.2  # of the second harmonic, which makes the waves pointed above, below, or lean
_DRIFT_HZ = 0.3  # by which it is out of tune, so that none of these lasts
_WANDER_HZ = (0.05, 0.35)
_SWELL_HZ = (0.08, 0.5)
_SWELL = 0.25  # fibrillation waxes and wanes by so much


def never_repeating(
    samples: int, fs: float, band: tuple[float, float], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw random waves whose frequencies lie around the middle of a band, root mean square 1.

    Parameters
    ----------
    band
        Hz, two standard deviations of the frequencies to either side.
    """
    low, high = band
    rate = min(_FINENESS * high, fs)
    # Longer than the strip, because the two ends of such waves meet.
    count = max(int(1.1 * samples / fs * rate) + 2, 64)
    frequencies = np.fft.rfftfreq(count, 1.0 / rate)
    middle, spread = (low + high) / 2.0, (high - low) / 4.0
    strengths = np.exp(-0.5 * ((frequencies - middle) / spread) ** 2)
    strengths[0] = 0.0
    phases = rng.standard_normal((2, frequencies.size))
    spectrum = np.zeros(count, np.complex128)
    spectrum[: frequencies.size] = strengths * (phases[0] + 1j * phases[1])
    # Of a spectrum without negative frequencies: real part the waves, magnitude their envelope.
    turning = np.fft.ifft(spectrum)
    tiny = np.finfo(np.float64).tiny
    envelope = np.abs(turning) + tiny
    waves = turning.real / envelope**_EVENNESS
    adrift = np.exp(2j * np.pi * _DRIFT_HZ * np.arange(count) / rate)
    waves += _SHARPNESS * (turning**2 * adrift).real / envelope ** (1.0 + _EVENNESS)
    waves /= max(float(np.sqrt(np.mean(waves**2))), tiny)
    return np.interp(np.arange(samples) / fs, np.arange(count) / rate, waves)


def lay_ground(
    samples: int, fs: float, ground: Ground, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw in mV what lies under the beats: waves that never repeat, drift and noise."""
    signal = ground.wander * never_repeating(samples, fs, _WANDER_HZ, rng)
    signal += ground.noise * rng.standard_normal(samples)
    strength = rng.uniform(*ground.waves)
    if strength:
        swell = 1.0 + _SWELL * never_repeating(samples, fs, _SWELL_HZ, rng)
        signal += strength * swell * never_repeating(samples, fs, ground.band, rng)
    return signal

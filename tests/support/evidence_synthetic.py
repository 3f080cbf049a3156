"""Strips of which it is known what a reader should find."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support.synthetic import add_waves, ecg_at

FS = 250.0
SECONDS = 12.0
# Time of the peak after the R peak in s, amplitude in mV, standard deviation in s.
_ECTOPIC = ((0.0, 1.4, 0.025), (0.08, -0.7, 0.03), (0.30, -0.5, 0.06))
_SPIKE_MV = 2.0
_SPIKE_AHEAD_S = 0.06


def lead_with(
    narrow: ArrayLike,
    wide: ArrayLike = (),
    *,
    fs: float = FS,
    seconds: float = SECONDS,
    noise: float = 0.005,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Build a lead in mV with sinus beats and ventricular ones at the times given (in s)."""
    if np.size(narrow):
        signal = ecg_at(narrow, fs, seconds, noise=noise, wander=0.02, seed=seed)
    else:
        signal = np.zeros(round(seconds * fs), np.float32)
    ectopic = np.zeros(signal.size)
    for delay, amplitude, spread in _ECTOPIC:
        add_waves(ectopic, fs, np.asarray(wide, np.float64) + delay, amplitude, spread)
    return (signal + ectopic).astype(np.float32)


def with_spikes(lead: NDArray[np.float32], beats: ArrayLike, fs: float = FS) -> NDArray[np.float32]:
    """Add a spike of one sample ahead of each of `beats` (in s)."""
    spiked = lead.copy()
    places = np.rint((np.asarray(beats, np.float64) - _SPIKE_AHEAD_S) * fs).astype(np.int64)
    spiked[places] += _SPIKE_MV
    return spiked


def strip_of(
    lead: ArrayLike, fs: float = FS, *, start_s: float = 0.0, names: Sequence[str] = ("II",)
) -> Strip:
    """Make a strip of one lead, or of several rows."""
    signal = np.atleast_2d(np.asarray(lead))
    leads = tuple(LeadName(name) for name in names)
    made = Provenance(Origin.SIMULATED, "made")
    return Strip(signal, fs, leads, start_s, at_end=True, provenance=made)


def chaos(seconds: float = SECONDS, fs: float = FS, seed: int = 0) -> NDArray[np.float32]:
    """Build waves at 4 to 7 Hz that never resemble each other: coarse fibrillation."""
    chance = np.random.default_rng(seed)
    time = np.arange(round(seconds * fs)) / fs
    signal = np.zeros(time.size)
    for _ in range(12):
        frequency, phase = chance.uniform(3.5, 7.5), chance.uniform(0, 2 * np.pi)
        swell = 1 + np.sin(2 * np.pi * chance.uniform(0.1, 0.5) * time + chance.uniform(0, 6))
        signal += 0.15 * swell * np.sin(2 * np.pi * frequency * time + phase)
    return signal.astype(np.float32)

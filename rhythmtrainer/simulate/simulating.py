"""Making a strip of a rhythm that nobody had."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Origin, Provenance, RhythmId, Simulated, Strip
from rhythmtrainer.simulate.chaos import lay_ground
from rhythmtrainer.simulate.conduction import activations
from rhythmtrainer.simulate.events import Activation
from rhythmtrainer.simulate.presets import PRESETS
from rhythmtrainer.simulate.waves import draw_spikes, draw_waves

LONGEST_S: Final = 3600.0
RATES_HZ: Final = (50.0, 5000.0)
"""Sampling rates that are made: below, a QRS is three samples; above, nothing is gained."""


def simulate(rhythm: RhythmId, *, seconds: float = 10.0, fs: float = 500.0, seed: int) -> Strip:
    """Make a strip of lead II that shows a rhythm.

    A simple model: one lead, waves as sums of Gaussians, placed where a list of activations says
    that atria and ventricles were activated. The strip says that it is simulated.

    Parameters
    ----------
    seconds
        Length, above 0 and at most 3600.
    fs
        Samples per second, 50 to 5000.
    seed
        The patient, 0 or more: his rate, his intervals, and the looks of his waves. The same seed
        gives the same strip.

    Returns
    -------
    Strip
        float32 mV, shape ``(1, round(seconds * fs))``.

    Raises
    ------
    ValueError
        If an argument lies outside what is allowed; the message tells all that do.

    Examples
    --------
    >>> strip = simulate(RhythmId.AVB3, seconds=6.0, seed=7)
    >>> strip.signal.shape, strip.provenance.title
    ((1, 3000), 'simulated, seed 7')
    """
    return simulate_known(rhythm, seconds=seconds, fs=fs, seed=seed).strip


def simulate_known(
    rhythm: RhythmId, *, seconds: float = 10.0, fs: float = 500.0, seed: int
) -> Simulated:
    """Make the strip that `simulate` makes, and tell when its beats and P waves begin.

    Raises
    ------
    ValueError
        As `simulate` does.

    Examples
    --------
    >>> made = simulate_known(RhythmId.AVB3, seconds=6.0, seed=7)
    >>> made.p_s.size > made.beats_s.size
    True
    """
    _check(seconds, fs, seed)
    rng = np.random.default_rng(seed)
    looks = PRESETS[rhythm]
    preset = looks[int(rng.integers(len(looks)))]
    happened = activations(preset, seconds, rng)
    signal = lay_ground(max(round(seconds * fs), 1), fs, preset.ground, rng)
    draw_waves(signal, fs, happened, rng.uniform(*preset.qtc), rng)
    draw_spikes(signal, fs, happened.spikes_s)
    strip = Strip(
        signal=signal[np.newaxis].astype(np.float32),
        fs=fs,
        leads=(LeadName("II"),),
        start_s=0.0,
        at_end=True,
        provenance=Provenance(Origin.SIMULATED, f"simulated, seed {seed}"),
    )
    return Simulated(strip, _onsets(happened.ventricles), _onsets(happened.atria))


def _onsets(waves: Sequence[Activation]) -> NDArray[np.float64]:
    return np.array([wave.onset_s for wave in waves], dtype=np.float64)


def _check(seconds: float, fs: float, seed: int) -> None:
    low, high = RATES_HZ
    faults = []
    if not 0.0 < seconds <= LONGEST_S:
        faults.append(f"seconds must be above 0 and at most {LONGEST_S:.0f}, got {seconds}")
    if not low <= fs <= high:
        faults.append(f"fs must be {low:.0f} to {high:.0f} samples per second, got {fs}")
    if seed < 0:
        faults.append(f"seed must be 0 or more, got {seed}")
    if faults:
        raise ValueError("; ".join(faults))

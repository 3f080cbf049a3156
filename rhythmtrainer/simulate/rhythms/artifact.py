"""A heart in order, behind noise that is taken for an arrhythmia."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.noise import Noise, artifact_noise, usual_noise
from rhythmtrainer.simulate.rhythms.preset import Preset
from rhythmtrainer.simulate.rhythms.sinus import PR, SINUS_RATE, led_by_sinus, pr, rate


def _disturbing_noise(rng: np.random.Generator) -> Noise:
    """Draw the noise of a patient who trembles, moves, or is given chest compressions."""
    return _compressed(rng) if rng.random() < _COMPRESSED else artifact_noise(rng)


def _compressed(rng: np.random.Generator) -> Noise:
    return replace(
        usual_noise(rng),
        wander_mv=float(rng.uniform(0.05, 0.15)),
        compressions_mv=float(rng.uniform(0.12, 0.3)),
        compressions_per_min=float(rng.uniform(100.0, 120.0)),
    )


_COMPRESSED: Final = 0.33
_LEAST_NOISE: Final = 0.5

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.ARTIFACT: Preset(
        led_by_sinus,
        {SINUS_RATE: rate((62.0, 92.0)), PR: pr()},
        noise=_disturbing_noise,
        least_noise=_LEAST_NOISE,
    ),
}

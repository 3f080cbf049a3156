"""A heart in order, behind noise that is taken for an arrhythmia."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.parts import Heart
from rhythmtrainer.simulate.noise import Noise, usual_noise
from rhythmtrainer.simulate.rhythms.preset import Chosen, Preset
from rhythmtrainer.simulate.rhythms.sinus import PR, SINUS_RATE, av_node, pr, rate, sinus_node


def _in_order(chosen: Chosen) -> Heart:
    return Heart(sinus=sinus_node(chosen), node=av_node(chosen))


def _trembling(noise: Noise, rng: np.random.Generator) -> Noise:
    return replace(
        noise,
        tremor_mv=float(rng.uniform(0.18, 0.4)),
        tremor_hz=float(rng.uniform(4.0, 8.0)),
        muscle_mv=float(rng.uniform(0.03, 0.08)),
    )


def _moving(noise: Noise, rng: np.random.Generator) -> Noise:
    return replace(
        noise,
        wander_mv=float(rng.uniform(0.15, 0.35)),
        muscle_mv=float(rng.uniform(0.06, 0.14)),
        motion_per_min=float(rng.uniform(12.0, 25.0)),
    )


def _compressed(noise: Noise, rng: np.random.Generator) -> Noise:
    return replace(
        noise,
        wander_mv=float(rng.uniform(0.05, 0.15)),
        compressions_mv=float(rng.uniform(0.12, 0.3)),
        compressions_per_min=float(rng.uniform(100.0, 120.0)),
    )


_DISTURBED: Final[tuple[Callable[[Noise, np.random.Generator], Noise], ...]] = (
    _trembling,
    _moving,
    _compressed,
)


def _disturbing_noise(rng: np.random.Generator) -> Noise:
    """Draw the noise of a patient who trembles, moves, or is given chest compressions."""
    disturbed = _DISTURBED[int(rng.integers(len(_DISTURBED)))]
    return disturbed(usual_noise(rng), rng)


_LEAST_NOISE: Final = 0.5

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.ARTIFACT: Preset(
        _in_order,
        {SINUS_RATE: rate((62.0, 92.0)), PR: pr()},
        noise=_disturbing_noise,
        least_noise=_LEAST_NOISE,
    ),
}

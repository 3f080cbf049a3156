"""Simulated strips: a heart whose parts conduct and tire, its waves as dipoles, its leads, noise.

``heart`` says when which part is activated, ``rhythms`` which parts make which rhythm, ``body`` how
that looks from the leads; ``noise`` and ``breathing`` belong to the patient. A strip made here is
no patient's, and says so.
"""

from rhythmtrainer.simulate.asking import Stage
from rhythmtrainer.simulate.noise import Noise
from rhythmtrainer.simulate.rhythms.preset import Number, Options, Variant
from rhythmtrainer.simulate.simulating import (
    MODEL_VERSION,
    has_onset,
    simulate,
    simulate_known,
    simulate_stages,
    variants_of,
)

__all__ = [
    "MODEL_VERSION",
    "Noise",
    "Number",
    "Options",
    "Stage",
    "Variant",
    "has_onset",
    "simulate",
    "simulate_known",
    "simulate_stages",
    "variants_of",
]

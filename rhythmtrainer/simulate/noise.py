"""Noise: what a recording shows that no heart made.

It arises at the electrodes and reaches the leads as the heart's potentials do, so that leads agree
in their noise as in all else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.body.leads import electrode_matrix
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.disturbances import (
    NoisyStrip,
    add_compressions,
    add_mains,
    add_muscle,
    add_tremor,
    add_wander,
    let_go,
    move_electrodes,
    spread,
)

MOST: Final = 1000.0
"""Of whatever number of `Noise`."""

SLOWEST: Final[Mapping[str, float]] = MappingProxyType(
    {"tremor_hz": 0.5, "compressions_per_min": 10.0}
)
"""What is slower is drift; 0 is none."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How much of each kind of noise a strip has; nothing, unless said.

    Attributes
    ----------
    wander_mv, muscle_mv, mains_mv
        Root mean square at one electrode: of the baseline's drift, of the muscles, of the mains.
    tremor_mv, compressions_mv
        Likewise: of a limb that trembles, and of the chest while it is compressed.
    motion_per_min, dropouts_per_min
        How often one electrode moves, and how often it lets go.
    bursts
        Standard deviation of the logarithm of the muscles' loudness as it changes.
    mains_hz, tremor_hz, compressions_per_min
        How fast these are.

    Raises
    ------
    ValueError
        If a number is below 0 or above `MOST`, or a movement slower than any (`SLOWEST`).
    """

    wander_mv: float = 0.0
    muscle_mv: float = 0.0
    mains_mv: float = 0.0
    tremor_mv: float = 0.0
    compressions_mv: float = 0.0
    motion_per_min: float = 0.0
    dropouts_per_min: float = 0.0
    bursts: float = 0.3
    mains_hz: float = 50.0
    tremor_hz: float = 5.0
    compressions_per_min: float = 110.0

    def __post_init__(self) -> None:
        numbers = {field.name: getattr(self, field.name) for field in fields(self)}
        faults = [
            f"{name} is {number:g}; allowed is 0 to {MOST:g}"
            for name, number in numbers.items()
            if not 0.0 <= number <= MOST
        ]
        faults += [
            f"{name} is {numbers[name]:g}; allowed is 0, or {least:g} and more"
            for name, least in SLOWEST.items()
            if 0.0 < numbers[name] < least
        ]
        if faults:
            raise ValueError("; ".join(faults))

    def scaled(self, amount: float) -> "Noise":
        """Return noise of the same kinds, each so many times as strong or as frequent.

        Raises
        ------
        ValueError
            If the amount is below 0, or too large.

        Examples
        --------
        >>> Noise(wander_mv=0.1, tremor_hz=6.0).scaled(0.5)  # doctest: +ELLIPSIS
        Noise(wander_mv=0.05, ... tremor_hz=6.0, ...)
        """
        return replace(self, **{name: amount * getattr(self, name) for name in _AMOUNTS})


_AMOUNTS: Final = (
    "wander_mv",
    "muscle_mv",
    "mains_mv",
    "tremor_mv",
    "compressions_mv",
    "motion_per_min",
    "dropouts_per_min",
)

NOISES: Final[Mapping[str, Noise]] = MappingProxyType(
    {
        "clean": Noise(),
        "usual": Noise(wander_mv=0.04, muscle_mv=0.007, mains_mv=0.0003, motion_per_min=0.02),
        "noisy": Noise(
            wander_mv=0.12, muscle_mv=0.025, mains_mv=0.006, motion_per_min=1.0, bursts=0.7
        ),
        "artifact": Noise(
            wander_mv=0.1, muscle_mv=0.03, mains_mv=0.002, tremor_mv=0.15, motion_per_min=2.0
        ),
        "cpr": Noise(
            wander_mv=0.1, muscle_mv=0.015, mains_mv=0.002, compressions_mv=0.3, motion_per_min=1.0
        ),
    }
)
"""Noise by the name under which it is asked for."""

_POORLY_SHIELDED: Final = 0.15  # of the recordings
_TREMBLES: Final = 0.6  # of the patients behind an artifact; the others move about


def usual_noise(rng: np.random.Generator) -> Noise:
    """Draw what there is of a patient who lies still.

    Middles and spreads are those between the T wave and the next P wave in recordings of good
    quality of MIT-BIH, PTB-XL, LUDB and the Challenge of 2021.
    """
    return Noise(
        wander_mv=spread(0.04, 0.8, rng),
        muscle_mv=spread(0.007, 0.6, rng),
        mains_mv=spread(0.003 if rng.random() < _POORLY_SHIELDED else 0.0003, 0.7, rng),
        motion_per_min=0.02,
        mains_hz=float(rng.choice((50.0, 60.0))),
    )


def artifact_noise(rng: np.random.Generator) -> Noise:
    """Draw what lets a rhythm be taken for another: a patient who trembles, or moves about."""
    trembles = rng.random() < _TREMBLES
    return Noise(
        wander_mv=spread(0.08 if trembles else 0.25, 0.4, rng),
        muscle_mv=spread(0.02 if trembles else 0.06, 0.4, rng),
        mains_mv=spread(0.001, 0.8, rng),
        tremor_mv=spread(0.13, 0.4, rng) if trembles else 0.0,
        motion_per_min=spread(1.0 if trembles else 30.0, 0.4, rng),
        bursts=0.4 if trembles else 0.9,
        mains_hz=float(rng.choice((50.0, 60.0))),
        tremor_hz=float(rng.uniform(3.5, 8.5)),
    )


def add_noise(
    signal: NDArray[np.floating],
    noise: Noise,
    breathing: Breathing,
    *,
    leads: Sequence[LeadName],
    fs: float,
    rng: np.random.Generator,
) -> None:
    """Add noise to a strip, in place.

    Parameters
    ----------
    signal
        In mV, shape ``(leads, samples)``, of float32 or float64.
    breathing
        Moves the baseline.
    leads
        What the rows of the signal are.

    Raises
    ------
    ValueError
        If a lead is not known.
    """
    strip = NoisyStrip(signal, electrode_matrix(leads), fs)
    if noise.wander_mv:
        add_wander(strip, noise.wander_mv, breathing, rng)
    if noise.muscle_mv:
        add_muscle(strip, noise.muscle_mv, noise.bursts, rng)
    if noise.tremor_mv and noise.tremor_hz:
        add_tremor(strip, noise.tremor_mv, noise.tremor_hz, rng)
    if noise.compressions_mv and noise.compressions_per_min:
        add_compressions(strip, noise.compressions_mv, noise.compressions_per_min, rng)
    if noise.mains_mv:
        add_mains(strip, noise.mains_mv, noise.mains_hz, rng)
    if noise.motion_per_min:
        move_electrodes(strip, noise.motion_per_min, rng)
    if noise.dropouts_per_min:
        let_go(strip, noise.dropouts_per_min, rng)

"""Where the waves of each beat begin, peak and end."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ABSENT: Final = -1
"""Stands in the place of a sample number where a beat has no such wave."""


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """One kind of wave, beat by beat.

    Attributes
    ----------
    onset, peak, end
        Sample numbers, int64, shape ``(beats,)``, read-only; `ABSENT` in all three where the beat
        has no such wave.
    """

    onset: NDArray[np.int64]
    peak: NDArray[np.int64]
    end: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("onset", "peak", "end"):
            positions = getattr(self, name)
            if positions.flags.writeable:
                positions = positions.copy()
                positions.flags.writeable = False
                object.__setattr__(self, name, positions)

    @property
    def present(self) -> NDArray[np.bool_]:
        """For each beat, whether it has the wave."""
        return np.asarray(self.peak != ABSENT)


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """P wave, QRS complex and T wave of each beat of one lead.

    Attributes
    ----------
    p
        The P wave that leads to the beat. P waves that no QRS follows are not among these.
    qrs, t
        Of the beat itself.
    """

    p: Wave
    qrs: Wave
    t: Wave

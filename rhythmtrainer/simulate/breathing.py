"""Breathing, which moves the heart's rate, its axis and the baseline together."""

from dataclasses import dataclass
from math import pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ADULT_PER_MIN: Final = (11.0, 19.0)
_NEWBORN_PER_MIN: Final = (35.0, 55.0)
_GROWN_UP_YEARS: Final = 16.0
# By how much breaths come early and late, in radians of a breath, and over how many of them that
# changes: no stretch repeats itself a minute later.
_UNEVENNESS: Final = (0.3, 0.3, 1.8, 3.6)
_BREATHS: Final = (3.3, 7.1, 18.7, 43.0)


@dataclass(frozen=True, slots=True)
class Breathing:
    """How one patient breathes.

    Attributes
    ----------
    rate_hz
        Breaths per second, on the average.
    phases
        Radians: of the breaths, and two from which those of the changes of their length follow.
    """

    rate_hz: float
    phases: tuple[float, float, float]

    def at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far the chest is filled, -1 to 1, at times in seconds."""
        turns = 2.0 * np.pi * self.rate_hz * times_s
        phase = turns + self.phases[0]
        for late, breaths, start in zip(_UNEVENNESS, _BREATHS, self._starts, strict=True):
            phase += late * np.sin(turns / breaths + start)
        return np.asarray(np.sin(phase))

    def now(self, time_s: float) -> float:
        """Return what `at` does for a single time, faster."""
        turns = 2.0 * pi * self.rate_hz * time_s
        phase = turns + self.phases[0]
        for late, breaths, start in zip(_UNEVENNESS, _BREATHS, self._starts, strict=True):
            phase += late * sin(turns / breaths + start)
        return sin(phase)

    @property
    def _starts(self) -> tuple[float, ...]:
        _, second, third = self.phases
        return second, third, second + third, second - third


def draw_breathing(rng: np.random.Generator, age: float) -> Breathing:
    """Draw how a patient of an age in years breathes: children faster (Fleming et al. 2011)."""
    grown = min(age / _GROWN_UP_YEARS, 1.0) ** 0.35
    low, high = (
        newborn + (adult - newborn) * grown
        for newborn, adult in zip(_NEWBORN_PER_MIN, _ADULT_PER_MIN, strict=True)
    )
    first, second, third = (float(rng.uniform(0.0, 2.0 * np.pi)) for _ in range(3))
    return Breathing(float(rng.uniform(low, high)) / 60.0, (first, second, third))

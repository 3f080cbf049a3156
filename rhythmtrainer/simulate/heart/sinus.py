"""The sinus node's intervals: their slow changes, and those with breathing."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.heart.parts import SinusNode

_STEPS_PER_S: Final = 4.0
# Slow changes of the rate: a peak around 0.1 Hz, and below it the more the slower (Task Force of
# the ESC and NASPE 1996).
_PEAK_HZ, _PEAK_WIDTH_HZ = 0.1, 0.02
_SLOWEST_HZ, _SLOW_UNTIL_HZ = 0.005, 0.06
_SLOW_SHARE: Final = 0.65
# From one beat to the next the node is not exact to the millisecond either.
_JITTER: Final = 0.003
_LEAST: Final = 0.5


def slow_changes(
    rng: np.random.Generator, start_s: float, end_s: float
) -> Callable[[float], float]:
    """Draw slow changes of a sinus rate, of standard deviation 1, as a function of the time."""
    # A stretch that is too short for the slowest of them would have a lopsided spectrum.
    seconds = max(end_s - start_s, 2.0 / _SLOWEST_HZ)
    steps = int(seconds * _STEPS_PER_S) + 2
    hz = np.fft.rfftfreq(steps, 1.0 / _STEPS_PER_S).astype(np.float64)
    power = _spectrum(hz)
    turning = rng.standard_normal((2, hz.size))
    values = np.fft.irfft(np.sqrt(power) * (turning[0] + 1j * turning[1]), steps)
    # By its expectation, not by its own size: a calm ten seconds are calm.
    values *= steps / np.sqrt(4.0 * power.sum())
    table = values.tolist()

    def at(time_s: float) -> float:
        place = int((time_s - start_s) * _STEPS_PER_S)
        return float(table[min(max(place, 0), steps - 1)])

    return at


def _spectrum(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    peak = np.exp(-0.5 * ((hz - _PEAK_HZ) / _PEAK_WIDTH_HZ) ** 2)
    slow = np.where((hz >= _SLOWEST_HZ) & (hz < _SLOW_UNTIL_HZ), 1.0 / np.maximum(hz, 1e-9), 0.0)
    shares = [part / max(float(part.sum()), 1e-12) for part in (slow, peak)]
    power: NDArray[np.float64] = _SLOW_SHARE * shares[0] + (1.0 - _SLOW_SHARE) * shares[1]
    return power


class SinusIntervals:
    """How long the sinus node of one patient takes from one impulse to the next."""

    def __init__(
        self, slow: Callable[[float], float], breathing: Breathing, rng: np.random.Generator
    ) -> None:
        self._slow = slow
        self._breathing = breathing
        self._rng = rng

    def after(self, at_s: float, node: SinusNode) -> float:
        """Return the interval that follows an impulse, in seconds."""
        breath = self._breathing.now(at_s)
        change = node.variability * self._slow(at_s) - node.breathing * breath
        change += _JITTER * self._rng.standard_normal()
        return 60.0 / node.rate * max(1.0 + change, _LEAST)

"""A pair of calipers: two legs, and two feet if voltage is measured."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.calipers.landmarks import SAME_S


@dataclass(frozen=True, slots=True)
class Pair:
    """The two legs of a pair of calipers.

    Attributes
    ----------
    legs_s
        Where they stand, in the order in which they were put down: either may be the left one.
    feet_mv
        The heights of their feet in millivolts; None while they measure time alone.

    Examples
    --------
    >>> pair = Pair((1.0, 1.75)).with_leg(0, 2.0)
    >>> pair.interval_s, pair.left_s
    (0.25, 1.75)
    """

    legs_s: tuple[float, float]
    feet_mv: tuple[float, float] | None = None

    @property
    def left_s(self) -> float:
        """Time of the earlier leg."""
        return min(self.legs_s)

    @property
    def right_s(self) -> float:
        """Time of the later leg."""
        return max(self.legs_s)

    @property
    def right_leg(self) -> int:
        """The number of the later leg, 0 or 1."""
        return int(self.legs_s[1] >= self.legs_s[0])

    @property
    def interval_s(self) -> float:
        """Seconds between the legs, never negative."""
        return self.right_s - self.left_s

    @property
    def rise_mv(self) -> float | None:
        """How much higher in millivolts the later leg's foot stands."""
        if self.feet_mv is None:
            return None
        return self.feet_mv[self.right_leg] - self.feet_mv[1 - self.right_leg]

    def with_leg(self, leg: int, seconds: float) -> "Pair":
        """Return the pair with one leg (0 or 1) elsewhere."""
        first, second = self.legs_s
        return replace(self, legs_s=(first, seconds) if leg else (seconds, second))

    def shifted(self, seconds: float) -> "Pair":
        """Return the pair moved as a whole."""
        return replace(self, legs_s=(self.legs_s[0] + seconds, self.legs_s[1] + seconds))

    def with_feet(self, first_mv: float, second_mv: float) -> "Pair":
        """Return the pair with its feet at these heights in millivolts."""
        return replace(self, feet_mv=(first_mv, second_mv))

    def without_feet(self) -> "Pair":
        """Return the pair measuring time alone."""
        return replace(self, feet_mv=None)

    def marched(
        self, start_s: float, end_s: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Repeat the interval over a stretch of time, to both sides.

        Returns
        -------
        multiples, times
            How many intervals after the left leg, and seconds; the legs themselves, 0 and 1, are
            not among them. Both empty where the legs stand together.

        Examples
        --------
        >>> multiples, times = Pair((1.0, 2.0)).marched(0.0, 4.5)
        >>> multiples.tolist(), times.tolist()
        ([-1, 2, 3], [0.0, 3.0, 4.0])
        """
        interval = self.interval_s
        if interval <= SAME_S or end_s < start_s:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        first = int(np.ceil((start_s - self.left_s) / interval))
        last = int(np.floor((end_s - self.left_s) / interval))
        multiples = np.arange(first, last + 1, dtype=np.int64)
        multiples = multiples[(multiples != 0) & (multiples != 1)]
        return multiples, self.left_s + multiples * interval

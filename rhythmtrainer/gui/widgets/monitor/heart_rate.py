"""The heart rate as a bedside monitor shows it: late, and smoothed."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_RATE: Final = "---"
"""What is printed where there is no number."""

_REFRESH_S: Final = 2.0
_LIT_S: Final = 0.15

# Bedside monitors average the last twelve intervals, and the last four once three in a row are
# longer than 1.2 s, so that a slow rate is not twenty seconds old.
_INTERVALS: Final = 12
_INTERVALS_WHEN_SLOW: Final = 4
_SLOW_RR_S: Final = 1.2
# Fewer intervals are no rate yet; as many in a row tell a slow rhythm from one pause.
_FEWEST_INTERVALS: Final = 3
# The usual time without a beat after which a monitor calls the rate zero.
_SILENCE_S: Final = 4.0
# Two finds nearer than this are the same beat, found in two overlapping searches.
_SAME_BEAT_S: Final = 0.1


class HeartRate:
    """Averages RR intervals behind the sweep's head.

    The number is the mean of the last 12 RR intervals, of the last 4 once the rate is below 50 a
    minute; there is none until 3 intervals are known, and it is 0 from 4 s without a beat on.
    After that the average begins anew.

    Parameters
    ----------
    start_s
        Where the sweep begins, in seconds from the recording's first sample, as all times here.

    Examples
    --------
    >>> rate = HeartRate(0.0)
    >>> rate.set_beats([0.5, 1.3, 2.1, 2.9], until_s=10.0)
    >>> rate.reading(2.5), rate.reading(3.0), rate.reading(7.0)
    (None, 75, 0)
    """

    def __init__(self, start_s: float) -> None:
        self._start_s = start_s
        self._beats: NDArray[np.float64] = np.empty(0)
        self._searched_until_s = start_s

    @property
    def beats_s(self) -> NDArray[np.float64]:
        """Times of the known R peaks, ascending."""
        return self._beats

    def set_beats(self, times_s: ArrayLike, until_s: float) -> None:
        """Take R peaks in place of those known so far.

        Parameters
        ----------
        times_s
            Times of the R peaks; those that are not finite are left out.
        until_s
            Up to where they were searched: no beats there is silence, later it is not known yet.
        """
        times = np.asarray(times_s, dtype=np.float64).ravel()
        self._beats = _apart(np.sort(times[np.isfinite(times)]))
        self._searched_until_s = until_s

    def add_beats(self, times_s: ArrayLike, until_s: float) -> None:
        """Take further R peaks; one that is already known is not counted twice."""
        times = np.asarray(times_s, dtype=np.float64).ravel()
        known = np.concatenate([self._beats, times])
        self.set_beats(known, max(until_s, self._searched_until_s))

    def forget(self, before_s: float) -> None:
        """Drop beats before a time."""
        self._beats = self._beats[self._beats >= before_s]

    def between(self, first_s: float, last_s: float) -> bool:
        """Return whether an R peak lies behind `first_s` and not behind `last_s`."""
        first, last = np.searchsorted(self._beats, [first_s, last_s], side="right")
        return bool(last > first)

    def reading(self, now_s: float) -> int | None:
        """Return the number to show at a time, in beats a minute; None where there is none."""
        past = self._beats[: np.searchsorted(self._beats, now_s, side="right")]
        last_s = float(past[-1]) if past.size else self._start_s
        if now_s > self._searched_until_s + _REFRESH_S:
            return None
        if now_s - last_s >= _SILENCE_S:
            return 0
        intervals = np.diff(past[-_INTERVALS - 1 :])
        pauses = np.flatnonzero(intervals >= _SILENCE_S)
        intervals = intervals[pauses[-1] + 1 :] if pauses.size else intervals
        if intervals.size < _FEWEST_INTERVALS:
            return None
        if (intervals[-_FEWEST_INTERVALS:] > _SLOW_RR_S).all():
            intervals = intervals[-_INTERVALS_WHEN_SLOW:]
        return round(60.0 / float(intervals.mean()))


class HeartDisplay:
    """The number on the screen, read anew every two seconds, and the heart that blinks beside it.

    Times are seconds from the recording's first sample.

    Attributes
    ----------
    rate
        The beats it is read from.
    """

    def __init__(self, start_s: float) -> None:
        self.rate = HeartRate(start_s)
        self._start_s = start_s
        self._refreshed = 0
        self._lit_until_s = start_s
        self._number: int | None = None

    @property
    def printed(self) -> str:
        """The number as it is printed."""
        return NO_RATE if self._number is None else str(self._number)

    def go_on(self, before_s: float, now_s: float) -> bool:
        """Go on from one time to another, and return whether a beat lies between them."""
        beaten = self.rate.between(before_s, now_s)
        if beaten:
            self._lit_until_s = now_s + _LIT_S
        return beaten

    def lit(self, now_s: float) -> bool:
        """Return whether a beat was a moment ago."""
        return now_s < self._lit_until_s

    def due(self, now_s: float) -> bool:
        """Return whether the number is old enough to be read anew."""
        return int((now_s - self._start_s) / _REFRESH_S) != self._refreshed

    def refresh(self, now_s: float, *, signal: bool) -> None:
        """Read the number anew; there is none without a signal."""
        self._refreshed = int((now_s - self._start_s) / _REFRESH_S)
        self._number = self.rate.reading(now_s) if signal else None


def _apart(times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out finds of a beat that was already found."""
    return times_s[np.diff(times_s, prepend=-np.inf) >= _SAME_BEAT_S]

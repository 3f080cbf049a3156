"""What was measured on a strip and can be held on to."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Measurement

SAME_S: Final = 0.0002
"""Two times closer than this are the same: below half a sample of every recording."""

_PEAKS_FIRST: Final = 2.0


class Landmark(StrEnum):
    """What a leg can hold on to. The value is printed beside it."""

    R = "R"
    QRS_ONSET = "QRS onset"
    QRS_END = "QRS end"
    P = "P"
    P_ONSET = "P onset"
    P_END = "P end"
    T_END = "T end"


_KINDS: Final = tuple(Landmark)
ALL_LANDMARKS: Final = frozenset(Landmark)


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """What was measured on a strip, in the order of time.

    Attributes
    ----------
    times_s
        Seconds from the recording's first sample, float64, ascending.
    kinds
        For each time its place among the members of `Landmark`, int8.

    Examples
    --------
    >>> Landmarks.none().nearest(1.0, within_s=9.0) is None
    True
    """

    times_s: NDArray[np.float64]
    kinds: NDArray[np.int8]

    @classmethod
    def none(cls) -> "Landmarks":
        """Return nothing to hold on to."""
        return cls(np.empty(0, np.float64), np.empty(0, np.int8))

    @classmethod
    def of(
        cls, measurement: Measurement | None, kinds: Collection[Landmark] = ALL_LANDMARKS
    ) -> "Landmarks":
        """Return what a measurement offers.

        Parameters
        ----------
        kinds
            The landmarks that are wanted. Times that are NaN are none.
        """
        if measurement is None:
            return cls.none()
        found = _times_by_kind(measurement)
        wanted = [(place, found[kind]) for place, kind in enumerate(_KINDS) if kind in kinds]
        times = np.concatenate([np.empty(0, np.float64), *(t for _, t in wanted)])
        places = np.concatenate(
            [np.empty(0, np.int8), *(np.full(t.size, place, np.int8) for place, t in wanted)]
        )
        times, places = times[np.isfinite(times)], places[np.isfinite(times)]
        order = np.argsort(times, kind="stable")
        return cls(times[order], places[order])

    def nearest(self, seconds: float, within_s: float) -> float | None:
        """Return the landmark closest to a time, if one is close enough.

        Seen from half as near, an R peak comes before the borders of its QRS complex: on a strip
        that fits the screen they lie closer together than a hand can tell.
        """
        half = within_s / _PEAKS_FIRST
        peaks = self.between(seconds - half, seconds + half, Landmark.R)
        if peaks.size:
            return float(peaks[np.argmin(np.abs(peaks - seconds))])
        after = int(np.searchsorted(self.times_s, seconds))
        close = self.times_s[max(after - 1, 0) : after + 1]
        if not close.size:
            return None
        found = float(close[np.argmin(np.abs(close - seconds))])
        return found if abs(found - seconds) <= within_s else None

    def beyond(self, seconds: float, direction: int) -> float | None:
        """Return the next landmark later than a time, or with a direction below 0, earlier."""
        if direction > 0:
            rest = self.times_s[np.searchsorted(self.times_s, seconds + SAME_S, "right") :]
            return float(rest[0]) if rest.size else None
        rest = self.times_s[: np.searchsorted(self.times_s, seconds - SAME_S)]
        return float(rest[-1]) if rest.size else None

    def at(self, seconds: float) -> Landmark | None:
        """Return what lies exactly at a time."""
        first = int(np.searchsorted(self.times_s, seconds - SAME_S))
        here = first < self.times_s.size and self.times_s[first] <= seconds + SAME_S
        return _KINDS[self.kinds[first]] if here else None

    def between(self, start_s: float, end_s: float, kind: Landmark) -> NDArray[np.float64]:
        """Return the times of one kind of landmark in a stretch of time, both ends included."""
        first, last = np.searchsorted(self.times_s, [start_s, end_s + SAME_S])
        wanted = self.kinds[first:last] == _KINDS.index(kind)
        return np.asarray(self.times_s[first:last][wanted])


def _times_by_kind(measurement: Measurement) -> dict[Landmark, NDArray[np.float64]]:
    found = dict.fromkeys(_KINDS, np.empty(0, np.float64))
    found |= {Landmark.R: measurement.beats_s, Landmark.P: measurement.p_s}
    if measurement.waves is not None:
        waves = measurement.waves
        found |= {
            Landmark.QRS_ONSET: waves.qrs[:, 0],
            Landmark.QRS_END: waves.qrs[:, 2],
            Landmark.P_ONSET: waves.p[:, 0],
            Landmark.P_END: waves.p[:, 2],
            Landmark.T_END: waves.t[:, 2],
        }
    return found

"""What is measured on a strip, for the reveal. It never decides what the rhythm is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Regularity(StrEnum):
    """How even the RR intervals of a strip are."""

    REGULAR = "regular"
    IRREGULAR = "irregular"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """Beats, intervals and rate of one lead of a strip.

    Attributes
    ----------
    beats_s
        Times of the R peaks in seconds from the recording's first sample, float64.
    rr_s
        Intervals between them in seconds, float64, one fewer than the beats; NaN across a gap
        of the recording.
    rate_bpm
        Mean ventricular rate from the RR intervals; None with fewer than two beats.
    six_second_bpm
        Beats in a six-second stretch times ten; None where the strip is shorter or has a gap.
    regularity, rr_spread_s
        Verdict, and the longest minus the shortest RR interval in seconds behind it.
    """

    beats_s: NDArray[np.float64]
    rr_s: NDArray[np.float64]
    rate_bpm: float | None
    six_second_bpm: int | None
    regularity: Regularity
    rr_spread_s: float | None

    @property
    def known_rr_s(self) -> NDArray[np.float64]:
        """The intervals that lie across no gap, in seconds."""
        return self.rr_s[np.isfinite(self.rr_s)]

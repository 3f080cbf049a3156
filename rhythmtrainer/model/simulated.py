"""A simulated strip with what is known of it because it was made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.strip import Strip


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A strip whose beats nobody needs to find.

    Attributes
    ----------
    beats_s, p_s
        When ventricles and atria begin to be activated: onsets of the QRS complexes and of the P,
        f or F waves, in seconds from the strip's first sample, float64, ascending. Some lie just
        outside of the strip.
    """

    strip: Strip
    beats_s: NDArray[np.float64]
    p_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        for times in (self.beats_s, self.p_s):
            times.flags.writeable = False

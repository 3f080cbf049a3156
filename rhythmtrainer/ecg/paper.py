"""The geometry of ECG paper, in millimetres, for whoever draws it.

Standard paper: 25 mm/s and 10 mm/mV; a small box is 1 mm (0.04 s, 0.1 mV), a large box 5 mm
(0.20 s, 0.5 mV); a tick at the upper edge every three seconds. Calibration mark: 1 mV, 0.20 s.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SMALL_BOX_MM: Final = 1.0
LARGE_BOX_MM: Final = 5.0
TICK_EVERY_S: Final = 3.0
STANDARD_SPEED_MM_S: Final = 25.0
STANDARD_GAIN_MM_MV: Final = 10.0
# Halving is what a person at the machine does when the complexes do not fit.
GAINS_MM_MV: Final = (STANDARD_GAIN_MM_MV, 5.0, 2.5)

MARGIN_MM: Final = 10.0
"""Room left of the first sample for the calibration mark: two large boxes."""

_PULSE_LEAD_IN_MM = 2.5
_PULSE_MV = 1.0
_PULSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Paper:
    """How fast the paper runs and how high a millivolt stands.

    Attributes
    ----------
    speed_mm_s
        Millimetres for each second.
    gain_mm_mv
        Millimetres for each millivolt.
    """

    speed_mm_s: float = STANDARD_SPEED_MM_S
    gain_mm_mv: float = STANDARD_GAIN_MM_MV

    def width_mm(self, seconds: float) -> float:
        """Return the width of a strip with its calibration margin."""
        return MARGIN_MM + seconds * self.speed_mm_s

    def x_mm(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return distances from the paper's left edge for times from the strip's first sample."""
        return MARGIN_MM + seconds * self.speed_mm_s

    def calibration_mark(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the calibration mark as a line: x in mm from the left edge, y in millivolts."""
        width = _PULSE_S * self.speed_mm_s
        left = _PULSE_LEAD_IN_MM
        right = min(left + width, MARGIN_MM - 1.0)
        x = np.array([0.5, left, left, right, right, MARGIN_MM - 0.5])
        return x, np.array([0.0, 0.0, _PULSE_MV, _PULSE_MV, 0.0, 0.0])

    @property
    def printed(self) -> str:
        """The scale as it is printed on a strip."""
        return f"{self.speed_mm_s:g} mm/s  {self.gain_mm_mv:g} mm/mV"


def grid_lines(length_mm: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the positions of the small and of the large boxes' lines along one edge.

    Parameters
    ----------
    length_mm
        Length of the edge in millimetres.

    Returns
    -------
    small, large
        Millimetres from the edge's beginning; a line is in only one of the two.

    Examples
    --------
    >>> small, large = grid_lines(6.0)
    >>> [float(mm) for mm in large]
    [0.0, 5.0]
    """
    every = np.arange(int(np.floor(length_mm / SMALL_BOX_MM)) + 1)
    is_large = every % round(LARGE_BOX_MM / SMALL_BOX_MM) == 0
    return every[~is_large] * SMALL_BOX_MM, every[is_large] * SMALL_BOX_MM


def baseline_mv(signal: NDArray[np.float32]) -> float:
    """Return the level in millivolts that is drawn at the middle of the paper.

    The median: most of an ECG lies near its baseline, whatever its complexes do. 0 for a signal
    with nothing but gaps.
    """
    present = signal[np.isfinite(signal)]
    return float(np.median(present)) if present.size else 0.0


def fitting_gain(signal: NDArray[np.float32], height_mm: float) -> float:
    """Return the largest customary gain at which a signal stays on the paper.

    Parameters
    ----------
    signal
        Millivolts, one lead.
    height_mm
        Height of the paper.

    Returns
    -------
    float
        10, 5 or 2.5 mm/mV; the last also when even that does not fit.
    """
    present = signal[np.isfinite(signal)]
    if not present.size:
        return STANDARD_GAIN_MM_MV
    reach = float(np.abs(present - np.float32(baseline_mv(signal))).max())
    return next((gain for gain in GAINS_MM_MV if reach * gain <= height_mm / 2), GAINS_MM_MV[-1])

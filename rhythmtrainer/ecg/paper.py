"""The geometry of ECG paper, in millimetres, for whoever draws it.

Standard paper: 25 mm/s and 10 mm/mV; a small box is 1 mm (0.04 s, 0.1 mV), a large box 5 mm
(0.20 s, 0.5 mV); a tick at the upper edge every three seconds. Calibration mark: 1 mV, 0.20 s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
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
# Doubling, when they are too small to be read.
HIGH_GAINS_MM_MV: Final = (20.0, 40.0)

MARGIN_MM: Final = 10.0
"""Room left of the first sample for the calibration mark: two large boxes."""

TICK_MM: Final = 2.0
"""Height of the ticks at the upper edge."""

PAGE_S: Final = 10.0
"""What a page of twelve leads shows."""

_PULSE_LEAD_IN_MM = 2.5
_PULSE_MV = 1.0
_PULSE_S = 0.2

# Complexes lower than this, half a large box, are hard to read at the standard gain.
_LOW_MM = 2.5
# How far complexes stand out from what lies between them. Noise alone, as in asystole, and
# fibrillation do not: those are never made to look larger than they are.
_STANDS_OUT = 8.0

# No heart makes more. What is rare beyond it, a loose lead or a shock, would flatten the rest.
_HIGHEST_MV = 5.0
_RARE = 0.02

_PAGE_ROWS = (
    ("I", "aVR", "V1", "V4"),
    ("II", "aVL", "V2", "V5"),
    ("III", "aVF", "V3", "V6"),
)
_RHYTHM_LEAD = "II"


class PaperLayout(StrEnum):
    """How leads are laid out on paper. Values are stored in the settings."""

    RHYTHM = "rhythm"
    """One lead across the width."""

    STACKED = "stacked"
    """Leads one below another."""

    TWELVE = "twelve"
    """Three rows of four leads, a quarter of the time each, and a lead below across the width."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one lead on a page.

    Attributes
    ----------
    channel
        Place of the lead among all leads that there are, from 0.
    row
        From the top, from 0.
    begins, ends
        The part of the shown time that it shows: 0 is its start, 1 its end.
    """

    channel: int
    row: int
    begins: float = 0.0
    ends: float = 1.0


def lay_out(
    leads: Sequence[str],
    layout: PaperLayout,
    channel: int | None = None,
    chosen: Sequence[int] | None = None,
) -> tuple[Cell, ...]:
    """Return where each lead is drawn.

    A page of twelve leads needs all twelve standard leads; fewer are laid one below another.

    Parameters
    ----------
    leads
        Names of all leads that there are.
    channel
        The lead that is drawn across the width; if None, the first one alone
        (`PaperLayout.RHYTHM`), lead II below the twelve (`PaperLayout.TWELVE`).
    chosen
        The leads that are drawn one below another, all if None.

    Returns
    -------
    tuple of Cell
        Empty without leads. Channels that do not exist are left out.

    Examples
    --------
    >>> [(cell.channel, cell.row) for cell in lay_out(["I", "II"], PaperLayout.TWELVE)]
    [(0, 0), (1, 1)]
    """
    if layout is PaperLayout.RHYTHM:
        alone = channel or 0
        return (Cell(alone, 0),) if 0 <= alone < len(leads) else ()
    if layout is PaperLayout.TWELVE and has_twelve_leads(leads):
        return _page_of_twelve(leads, channel)
    wanted = range(len(leads)) if chosen is None else chosen
    present = [channel for channel in wanted if 0 <= channel < len(leads)]
    return tuple(Cell(channel, row) for row, channel in enumerate(present))


def has_twelve_leads(leads: Sequence[str]) -> bool:
    """Return whether all twelve standard leads are among these."""
    names = {lead.casefold() for lead in leads}
    return all(lead.casefold() in names for row in _PAGE_ROWS for lead in row)


def _page_of_twelve(leads: Sequence[str], channel: int | None) -> tuple[Cell, ...]:
    names = [lead.casefold() for lead in leads]
    if channel is None or not 0 <= channel < len(leads):
        channel = names.index(_RHYTHM_LEAD.casefold())
    cells = [
        Cell(names.index(lead.casefold()), number, place / len(row), (place + 1) / len(row))
        for number, row in enumerate(_PAGE_ROWS)
        for place, lead in enumerate(row)
    ]
    cells.append(Cell(channel, len(_PAGE_ROWS)))
    return tuple(cells)


@dataclass(frozen=True, slots=True)
class Rows:
    """Heights on the paper, in millimetres from its upper edge.

    Attributes
    ----------
    baselines
        Where each row's baseline lies, from the top.
    pitch
        From a baseline to the next. A row reaches half as far above and below its baseline.
    """

    baselines: tuple[float, ...]
    pitch: float

    @classmethod
    def of(cls, count: int, height_mm: float, head_mm: float = 0.0, foot_mm: float = 0.0) -> "Rows":
        """Divide a height among rows, their baselines whole boxes apart: large ones if possible.

        Parameters
        ----------
        count
            How many rows, at least one.
        height_mm
            Of the paper.
        head_mm, foot_mm
            What is kept free of rows where there are several. A single row takes all.

        Examples
        --------
        >>> Rows.of(2, 70.0, head_mm=3.0, foot_mm=5.0)
        Rows(baselines=(19.0, 49.0), pitch=30.0)
        """
        if count == 1:
            boxes = round(height_mm / 2 / LARGE_BOX_MM)
            return cls((boxes * LARGE_BOX_MM,), height_mm)
        room = max(height_mm - head_mm - foot_mm, 0.0)
        pitch = room / max(count, 1)
        # In rows as low as this, whole large boxes would leave too much room empty.
        box = LARGE_BOX_MM if pitch >= 2 * LARGE_BOX_MM else SMALL_BOX_MM
        pitch = max(pitch // box * box, min(pitch, SMALL_BOX_MM))
        top = head_mm + (room - pitch * count) / 2
        return cls(tuple(top + pitch * (row + 0.5) for row in range(count)), pitch)


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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far signals reach from their baselines, from which a gain is chosen.

    Attributes
    ----------
    millivolts
        The farthest.
    stands_out
        Whether that is far beyond what lies between: complexes do, noise alone does not.
    """

    millivolts: float
    stands_out: bool

    @classmethod
    def of(cls, around: NDArray[np.float32]) -> "Reach":
        """Measure signals; without steps of many millivolts, if they are rare.

        Parameters
        ----------
        around
            Millivolts from the baseline, of one lead or of several one after another, without
            gaps.
        """
        if not around.size:
            return cls(0.0, stands_out=False)
        away = np.abs(around)
        heart = away[away <= _HIGHEST_MV]
        if heart.size >= (1 - _RARE) * away.size:
            away = heart
        farthest = float(away.max())
        return cls(farthest, stands_out=farthest > _STANDS_OUT * float(np.median(away)))

    def gain_mm_mv(self, height_mm: float) -> float:
        """Return the customary gain at which all stays on paper of a height and can be read.

        That is 10, 5 or 2.5 mm/mV. Where low complexes stand out from what lies between them it
        is 20 or 40.

        Examples
        --------
        >>> Reach(1.2, stands_out=True).gain_mm_mv(40.0)
        10.0
        >>> Reach(0.1, stands_out=True).gain_mm_mv(40.0)
        40.0
        """
        room = height_mm / 2
        gains = GAINS_MM_MV
        gain = next((gain for gain in gains if self.millivolts * gain <= room), gains[-1])
        for higher in HIGH_GAINS_MM_MV if self.stands_out else ():
            is_low = self.millivolts * gain < _LOW_MM
            if is_low and self.millivolts * higher <= room:
                gain = higher
        return gain

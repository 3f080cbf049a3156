"""The 300 rule and the 6-second rule."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.calipers.landmarks import SAME_S
from rhythmtrainer.ecg.calipers.reading import S_PER_MIN, SMALL_PER_LARGE
from rhythmtrainer.model import Measurement

SIX_SECONDS: Final = 6.0

# The rule's last line: beyond it one counts six seconds instead.
_SLOWEST_RATE_PER_MIN: Final = 30.0


def rule_lines(speed_mm_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lines of the rule that a rate is read with: 300, 150, 100, 75, 60, 50 and on.

    One line for each large box after an R peak, and the rate if the next R peak falls on it. At
    25 mm/s the first is 300 a minute; at another speed boxes last shorter or longer.

    Returns
    -------
    offsets, rates
        Seconds after the R peak, and beats a minute; down to 30 a minute.

    Raises
    ------
    ValueError
        If the speed is not above 0.

    Examples
    --------
    >>> offsets, rates = rule_lines(25.0)
    >>> [round(float(rate)) for rate in rates[:5]], float(offsets[0])
    ([300, 150, 100, 75, 60], 0.2)
    """
    if not speed_mm_s > 0:
        raise ValueError(f"speed must be above 0 mm/s, got {speed_mm_s}")
    large_s = SMALL_PER_LARGE / speed_mm_s
    most = int(S_PER_MIN / _SLOWEST_RATE_PER_MIN / large_s + SAME_S)
    boxes = np.arange(1, most + 1, dtype=np.float64)
    return boxes * large_s, np.asarray(S_PER_MIN * speed_mm_s / SMALL_PER_LARGE / boxes)


def nearest_line(seconds: float, origin_s: float, every_s: float) -> float:
    """Return the line closest to a time, where one lies at the origin and then ever again.

    Examples
    --------
    >>> nearest_line(1.3, origin_s=0.0, every_s=0.25)
    1.25
    """
    return origin_s + round((seconds - origin_s) / every_s) * every_s


def rule_neighbours(cycle_s: float, speed_mm_s: float) -> tuple[float | None, float | None]:
    """Return the rates at the lines of the rule before and behind the next R peak.

    None where that R peak comes before the first line, or behind the last.

    Examples
    --------
    >>> rule_neighbours(0.7, 25.0), rule_neighbours(0.1, 25.0)
    ((100.0, 75.0), (None, 300.0))
    """
    offsets, rates = rule_lines(speed_mm_s)
    passed = int(np.searchsorted(offsets, cycle_s + SAME_S))
    before = float(rates[passed - 1]) if passed else None
    return before, float(rates[passed]) if passed < rates.size else None


def cycle_after(measurement: Measurement, start_s: float) -> float | None:
    """Return the RR interval in seconds that begins at a time.

    None where no R peak lies at that time, none follows, or a gap lies between.
    """
    starts = np.abs(measurement.beats_s[:-1] - start_s) <= SAME_S
    intervals = measurement.rr_s[starts]
    known = intervals[np.isfinite(intervals)]
    return float(known[0]) if known.size else None


def beats_in(measurement: Measurement, start_s: float, end_s: float) -> int | None:
    """Return how many R peaks lie in a stretch of time, its end not included.

    None where no beats were found at all, which need not mean that there are none, or where a gap
    of the recording reaches into the stretch.
    """
    beats = measurement.beats_s
    reaching_in = (beats[:-1] < end_s) & (beats[1:] > start_s)
    if not beats.size or np.isnan(measurement.rr_s[reaching_in]).any():
        return None
    return int(np.count_nonzero((beats >= start_s) & (beats < end_s)))

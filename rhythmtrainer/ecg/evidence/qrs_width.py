"""Whether the usual QRS complexes are narrow or wide."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import QrsWidth, Waves

WIDE_S: Final = 0.12
"""Complexes of three small boxes and more are wide."""

GREY_S: Final = 0.111
"""From here to three small boxes sources and readers differ."""

_READING_S = 0.0015  # the measurement falls short of three boxes by no more than it may err
# Log odds of a wide complex by the logarithm of its duration in one lead: a lead may run along the
# front of activation and see less of it than the twelve together, which is why even odds lie below
# 0.12 s. Fitted on recordings with complete bundle branch block, and without any.
_EVEN_ODDS_S, _EVEN_ODDS_IF_WIDE_S = 0.113, 0.117
_STEEPNESS = 12.0
_SUREST = 0.96  # share of verdicts that were right far from the border
_ROUNDING = 1e-3  # s


@dataclass(frozen=True, slots=True)
class WidthFound:
    """A verdict on the width of the usual complexes; None for the seconds where there are none."""

    verdict: QrsWidth
    seconds: float | None
    confidence: float


NOT_SEEN: Final = WidthFound(QrsWidth.CANNOT_TELL, None, 0.0)

MERGED: Final = WidthFound(QrsWidth.WIDE, None, 0.95)
"""Where no line between the complexes shows where they end: so only wide ones look."""


def judge_width(waves: Waves, usual: NDArray[np.bool_], fs: float) -> WidthFound:
    """Judge the width of the complexes of the usual form, by the median of their durations.

    Parameters
    ----------
    usual
        For each beat, whether its complex is of the usual form.

    Examples
    --------
    >>> from rhythmtrainer.model import ABSENT, Wave
    >>> places = np.array([100, 300])
    >>> none = Wave(*np.full((3, 2), ABSENT))
    >>> waves = Waves(none, Wave(places, places + 10, places + 20), none)
    >>> judge_width(waves, np.array([True, True]), 250.0)
    WidthFound(verdict=<QrsWidth.NARROW: 'narrow'>, seconds=0.08, confidence=0.96)
    """
    counted = waves.qrs.present & usual
    if not counted.any():
        return NOT_SEEN
    seconds = float(np.median(waves.qrs.end[counted] - waves.qrs.onset[counted])) / fs
    if seconds >= WIDE_S - _READING_S:
        return WidthFound(QrsWidth.WIDE, seconds, _share_right(seconds, _EVEN_ODDS_IF_WIDE_S))
    if seconds < GREY_S:
        return WidthFound(QrsWidth.NARROW, seconds, _share_right(seconds, _EVEN_ODDS_S))
    return WidthFound(QrsWidth.CANNOT_TELL, seconds, 0.0)


def _share_right(seconds: float, even_odds_s: float) -> float:
    odds = _STEEPNESS * np.log(max(seconds, _ROUNDING) / even_odds_s)
    return min(float(1.0 / (1.0 + np.exp(-abs(odds)))), _SUREST)

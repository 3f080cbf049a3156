"""Regularity as it is taught, and the numbers behind it.

*Regular*: the longest and the shortest RR interval differ by less than three small boxes (0.12 s).
*Regularly irregular*: there is an order in the irregularity. Either it repeats (beats in pairs, in
threes, in groups, or intervals that swell and shrink in waves, as with breathing), or an even basic
rhythm is interrupted by early or dropped beats ("regular except for the early beats").
*Irregularly irregular*: there is no order.
In slow rhythms 10 % of the interval take the place of the three boxes. Between three and four
small boxes (16 % in slow rhythms) an otherwise even rhythm is on the border, and no verdict is
given.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.premature import Early, pattern_of, pauses
from rhythmtrainer.model import Pattern, Regularity

REGULAR_SPREAD_S: Final = 0.12
"""RR intervals that differ by less than three small boxes count as regular."""

BORDER_SPREAD_S: Final = 0.16
"""Up to four small boxes it depends on where each R peak is read."""

# Three small boxes are little where beats lie far apart: what looks even, and what may look so.
_EVEN_IF_SLOW, _BORDER_IF_SLOW = 0.10, 0.16
_FEWEST_INTERVALS = 2
_FEWEST_FOR_ORDER = 5  # intervals, before the lack of an order shows
_FEWEST_BASIC = 3
_BASIC_SHARE = 0.4
_ALIKE = 1.07  # intervals within 7 % of each other look even
_LAGS = (1, 2, 3, 4)
_BEHIND_LAG = 4  # intervals that must be left to compare
_RETURNING = 0.15  # of the mean interval
_ROUNDING = 0.01  # of the usual interval
# Log odds of no order for the two `order_figures`, fitted on atrial fibrillation against other
# irregular rhythms; see tests/bench/fit_evidence.py.
_NO_ORDER = (7.01, -7.33, 1.47)
_REPEATING = {Pattern.BIGEMINAL: "beats in pairs", Pattern.TRIGEMINAL: "beats in threes"}
# Less log odds of no order, where early beats repeat, or explain what is irregular.
_REPEATS, _INTERRUPTED = 4.5, 2.5
_UNSURE = 0.8  # log odds
# Shares of such verdicts that the benchmark found right.
_SURE, _FEW, _SUREST = 0.98, 0.9, 0.93


@dataclass(frozen=True, slots=True)
class RegularityFound:
    """A verdict on regularity and what it rests on.

    Attributes
    ----------
    spread_s
        Longest minus shortest interval; None with fewer than two intervals.
    variation
        Standard deviation of the intervals divided by their mean; None likewise.
    manner
        A few words on the order, or "" where there is nothing to add.
    """

    verdict: Regularity
    confidence: float
    spread_s: float | None
    variation: float | None
    manner: str = ""


def judge_regularity(
    rr_s: NDArray[np.float64], early: Early | None = None, p_evidence: float = 0.0
) -> RegularityFound:
    """Judge how even RR intervals are.

    Parameters
    ----------
    rr_s
        Intervals in seconds, NaN across a gap.
    early
        Which of the beats between them are early, shape ``(intervals + 1,)``.
    p_evidence
        Log odds that the atria add against an order: positive where there are no P waves.

    Examples
    --------
    >>> judge_regularity(np.array([0.80, 0.82, 0.79, 0.81])).verdict.value
    'regular'
    """
    known = np.isfinite(rr_s)
    rr = rr_s[known]
    if rr.size < _FEWEST_INTERVALS:
        return RegularityFound(Regularity.CANNOT_TELL, 0.0, None, None)
    spread, variation = float(np.ptp(rr)), float(rr.std() / rr.mean())

    judged = _judged(rr_s, early, p_evidence)
    return RegularityFound(*judged[:2], spread, variation, judged[2])


def _judged(
    rr_s: NDArray[np.float64], early: Early | None, p_evidence: float
) -> tuple[Regularity, float, str]:
    """Return verdict, confidence and manner."""
    rr = rr_s[np.isfinite(rr_s)]
    spread, usual = float(np.ptp(rr)), float(np.median(rr))
    enough = rr.size >= _FEWEST_FOR_ORDER
    if spread < max(REGULAR_SPREAD_S, _EVEN_IF_SLOW * usual):
        return Regularity.REGULAR, _SURE if enough else _FEW, ""
    order = _order(rr_s, early) if enough else ""
    odds = no_order_odds(rr_s, early) + p_evidence if enough else 0.0
    if order:
        odds -= _REPEATS if order in _REPEATING.values() else _INTERRUPTED
    confidence = min(float(1.0 / (1.0 + np.exp(-abs(odds)))), _SUREST)
    if not enough:
        verdict, manner = Regularity.CANNOT_TELL, "too few beats to see an order"
    elif not order and spread < max(BORDER_SPREAD_S, _BORDER_IF_SLOW * usual):
        verdict, manner = Regularity.CANNOT_TELL, "on the border of regular"
    elif abs(odds) < _UNSURE:
        verdict, manner = Regularity.CANNOT_TELL, "irregular; hard to see an order"
    elif odds > 0:
        verdict, manner = Regularity.IRREGULARLY_IRREGULAR, ""
    else:
        verdict, manner = Regularity.REGULARLY_IRREGULAR, order or "swelling and shrinking"
    return verdict, 0.0 if verdict is Regularity.CANNOT_TELL else confidence, manner


def no_order_odds(rr_s: NDArray[np.float64], early: Early | None = None) -> float:
    """Return the log odds that intervals follow no order, from the two `order_figures`."""
    base, even, unforetold = _NO_ORDER
    alike, miss = order_figures(rr_s, early)
    return base + even * alike + unforetold * miss


def order_figures(rr_s: NDArray[np.float64], early: Early | None = None) -> tuple[float, float]:
    """Return two signs of an order among intervals.

    Returns
    -------
    alike, miss
        The largest share of intervals within 7 % of each other, and the logarithm of how far an
        interval lies from the one before it, or from those two to four before it, whichever
        foretells it best, as a share of the usual interval.
    """
    rr = rr_s[np.isfinite(rr_s)]
    usual = rr[_between_usual(rr_s, early)[np.isfinite(rr_s)]]
    if usual.size < _FEWEST_BASIC + 1:
        usual = rr
    ordered = np.sort(usual)
    alike = np.searchsorted(ordered, ordered * _ALIKE, side="right") - np.arange(ordered.size)
    misses = [
        float(np.median(np.abs(rr[lag:] - rr[:-lag])))
        for lag in _LAGS
        if rr.size >= lag + _BEHIND_LAG
    ]
    foretold = min(misses, default=float(rr.std())) / float(np.median(usual))
    return float(alike.max() / ordered.size), float(np.log(foretold + _ROUNDING))


def _between_usual(rr_s: NDArray[np.float64], early: Early | None) -> NDArray[np.bool_]:
    """Mark the intervals that neither lead to an early wide beat nor away from one."""
    if early is None:
        return np.ones(rr_s.size, np.bool_)
    return ~(early.wide[1:] | early.wide[:-1])


def _returns(rr_s: NDArray[np.float64], period: int) -> bool:
    """Whether most intervals are as long as the one `period` beats before."""
    apart = np.abs(rr_s[period:] - rr_s[:-period])
    apart = apart[np.isfinite(apart)]
    return bool(apart.size and np.median(apart) < _RETURNING * np.nanmean(rr_s))


def _order(rr_s: NDArray[np.float64], early: Early | None) -> str:
    """Say which order there is, or nothing."""
    if early is None:
        return ""
    pattern = pattern_of(early.any)
    for period, (named, words) in enumerate(_REPEATING.items(), start=2):
        if pattern is named and _returns(rr_s, period):
            return words
    interrupted = early.any.copy()
    basic = np.isfinite(rr_s) & ~(interrupted[1:] | interrupted[:-1])
    gaps = pauses(rr_s)
    basic[gaps] = False
    rest = rr_s[basic]
    if rest.size < max(_FEWEST_BASIC, _BASIC_SHARE * rr_s.size):
        return ""
    if float(np.ptp(rest)) >= REGULAR_SPREAD_S:
        return ""
    what = [
        words
        for words, there in (
            ("the early beats", np.count_nonzero(early.any) > 1),
            ("an early beat", np.count_nonzero(early.any) == 1),
            ("a pause", gaps.size > 0),
        )
        if there
    ]
    return f"regular except for {' and '.join(what)}" if what else ""

"""Heart rates and intervals of newborns, children and adolescents.

Rates are those of the awake child in the PALS table of 2015, kept in 2020, and for its fast
rhythms those of the PALS tachycardia algorithm of 2020. Intervals are the 2nd and 98th centiles of
Rijnbeek et al., "New normal limits for the paediatric electrocardiogram", Eur Heart J 2001;22:702,
the middle between girls and boys; nothing was measured there before the eleventh day. Between
the ages of a table everything changes steadily.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from rhythmtrainer.simulate.rhythms.preset import Range

ADULT_YEARS: Final = 16.0
"""From here on nothing depends on age."""

RangeOfAge: TypeAlias = Callable[[float], Range]
"""Of an age in years."""

_Table: TypeAlias = Sequence[tuple[float, float]]
"""Ages in years, ascending, with a value each."""

# Awake rates per minute from an age in years on: neonate, infant, toddler, preschool, school,
# adolescent.
_PALS_AWAKE: Final = (
    (0.0, 100.0, 205.0),
    (0.077, 100.0, 190.0),
    (1.0, 98.0, 140.0),
    (3.0, 80.0, 120.0),
    (6.0, 75.0, 118.0),
    (12.0, 60.0, 100.0),
)
# Where a sinus tachycardia ends and a tachycardia by re-entry is probable, in infants and later.
_SVT_INFANT, _SVT_CHILD = 220.0, 180.0
_INFANT_YEARS: Final = 1.0
_CHILD_YEARS: Final = 4.0
_SVT_FASTEST: Final = ((0.0, 290.0), (_CHILD_YEARS, 240.0), (ADULT_YEARS, 220.0))
# Teaching values; a table of centiles by age was not found.
_JUNCTION_ESCAPE_SLOWEST: Final = ((0.0, 52.0), (3.0, 48.0), (12.0, 42.0))
_JUNCTION_ESCAPE_FASTEST: Final = ((0.0, 78.0), (3.0, 68.0), (12.0, 58.0))
_JUNCTION_FAST_SLOWEST: Final = ((0.0, 172.0), (3.0, 140.0), (12.0, 110.0))
_JUNCTION_FAST_FASTEST: Final = ((0.0, 228.0), (3.0, 200.0), (12.0, 175.0))
_VENTRICLES_ESCAPE_SLOWEST: Final = ((0.0, 42.0), (3.0, 35.0), (12.0, 26.0))
_VENTRICLES_ESCAPE_FASTEST: Final = ((0.0, 52.0), (3.0, 45.0), (12.0, 38.0))

# Ages in years in the middle of 11-30 d, 1-3, 3-6, 6-12 months, 1-3, 3-5, 5-8, 8-12, 12-16 years.
_RIJNBEEK_YEARS: Final = (0.056, 0.167, 0.375, 0.75, 2.0, 4.0, 6.5, 10.0, 14.0)
_PR_MS: Final = (
    ((77, 120), (85, 120), (87, 134), (82, 141), (86, 151), (98, 152), (99, 160), (105, 174),
     (107, 178)),
    ((91, 121), (78, 133), (84, 127), (88, 133), (78, 147), (99, 153), (92, 156), (103, 163),
     (106, 176)),
)  # fmt: skip
_QRS_MS: Final = (
    ((50, 85), (52, 77), (54, 85), (52, 86), (54, 88), (58, 92), (63, 98), (67, 103), (78, 111)),
    ((54, 79), (48, 77), (50, 78), (52, 80), (54, 85), (58, 88), (59, 95), (66, 99), (72, 106)),
)
_QTC_UPPER_MS: Final = (
    (448, 458, 453, 449, 455, 448, 443, 440, 449),
    (462, 454, 448, 446, 447, 442, 449, 447, 457),
)
_ADULT_PR_S: Final = (0.12, 0.20)
_ADULT_QRS_S: Final = (0.07, 0.11)
_ADULT_RATE: Final = (60.0, 100.0)
_QTC_OF_WOMEN_AND_MEN_S: Final = (0.412, 0.398)
_QTC_SPREAD_S: Final = 0.017
# Shorter, or longer than that in an adult man, is no longer in order.
_SHORTEST_QTC_S, _LONGEST_QTC_S = 0.36, 0.445
_ADULT_SVT: Final = (150.0, 250.0)


def sinus_rate(age: float) -> Range:
    """Return the slowest and fastest rate of an awake child that is in order, per minute.

    The slowest is that of the table at the end of each of its bands, the fastest at the beginning:
    so both fall steadily, and lie inside of the table at every age.
    """
    if age >= ADULT_YEARS:
        return _ADULT_RATE
    starts = [start for start, _, _ in _PALS_AWAKE]
    ends = [*starts[1:], ADULT_YEARS]
    slowest = [(end, low) for end, (_, low, _) in zip(ends, _PALS_AWAKE, strict=True)]
    fastest = [(start, high) for start, _, high in _PALS_AWAKE]
    return _between(slowest, age), _between(fastest, age)


def slow_sinus_rate(age: float) -> Range:
    """Return the rates of a sinus bradycardia, clear of what is in order."""
    slowest = table_rate(age)[0]
    return 0.6 * slowest, 0.94 * slowest


def fast_sinus_rate(age: float) -> Range:
    """Return the rates of a sinus tachycardia: above what is in order, below a re-entry."""
    fastest = table_rate(age)[1]
    most = (_SVT_INFANT if age < _INFANT_YEARS else _SVT_CHILD) - 4.0
    return min(1.04 * fastest, most - 2.0), most


def svt_rate(age: float) -> Range:
    """Return the rates of a tachycardia by re-entry, per minute."""
    if age >= ADULT_YEARS:
        return _ADULT_SVT
    slowest = ((_INFANT_YEARS, _SVT_INFANT), (_CHILD_YEARS, _SVT_CHILD))
    return _between(slowest, age) + 2.0, _between(_SVT_FASTEST, age)


def junction_escape_rate(age: float) -> Range:
    """Return the rates at which a child's AV junction leads when nothing else does."""
    return _between(_JUNCTION_ESCAPE_SLOWEST, age), _between(_JUNCTION_ESCAPE_FASTEST, age)


def ventricles_escape_rate(age: float) -> Range:
    """Return the rates at which a child's ventricles lead when nothing else does."""
    return _between(_VENTRICLES_ESCAPE_SLOWEST, age), _between(_VENTRICLES_ESCAPE_FASTEST, age)


def junctional_tachycardia_rate(age: float) -> Range:
    """Return the rates of a tachycardia from the AV junction: in infants up to 230."""
    return _between(_JUNCTION_FAST_SLOWEST, age), _between(_JUNCTION_FAST_FASTEST, age)


def pr_s(age: float) -> Range:
    """Return the shortest and longest PR interval that is in order, in seconds."""
    return _centiles(_PR_MS, _ADULT_PR_S, age)


def qrs_s(age: float) -> Range:
    """Return the shortest and longest QRS complex that is in order, in seconds."""
    return _centiles(_QRS_MS, _ADULT_QRS_S, age)


def size_for(age: float) -> float:
    """Return how large the ventricles are beside an adult's, as their QRS complexes tell."""
    return sum(qrs_s(age)) / sum(_ADULT_QRS_S)


def longest_qtc_s(age: float) -> float:
    """Return the longest corrected QT interval that is in order, in seconds."""
    girls_and_boys = np.mean(_QTC_UPPER_MS, axis=0) / 1000.0
    return _between(list(zip(_RIJNBEEK_YEARS, girls_and_boys, strict=True)), age)


def usual_qtc_s(age: float, rng: np.random.Generator) -> float:
    """Draw a patient's corrected QT interval in seconds: women's is longer than men's.

    Means and spread are those of adults in Rautaharju et al., "AHA/ACCF/HRS recommendations:
    the ST segment, T and U waves, and the QT interval", J Am Coll Cardiol 2009;53:982.
    """
    middle = _QTC_OF_WOMEN_AND_MEN_S[int(rng.integers(2))]
    longest = min(_LONGEST_QTC_S, longest_qtc_s(age))
    return min(max(float(rng.normal(middle, _QTC_SPREAD_S)), _SHORTEST_QTC_S), longest)


def table_rate(age: float) -> Range:
    """Return the rates of the PALS table, awake: other than `sinus_rate` it goes in steps."""
    if age >= ADULT_YEARS:
        return _ADULT_RATE
    row = bisect_right([start for start, _, _ in _PALS_AWAKE], age) - 1
    _, slowest, fastest = _PALS_AWAKE[row]
    return slowest, fastest


def _centiles(table_ms: Sequence[_Table], adult_s: Range, age: float) -> Range:
    girls_and_boys = np.mean(table_ms, axis=0) / 1000.0
    rows = [*girls_and_boys, adult_s]
    years = (*_RIJNBEEK_YEARS, ADULT_YEARS)
    low, high = (
        _between([(year, float(row[side])) for year, row in zip(years, rows, strict=True)], age)
        for side in (0, 1)
    )
    return low, high


def _between(table: _Table, age: float) -> float:
    years, values = zip(*table, strict=True)
    return float(np.interp(age, years, values))

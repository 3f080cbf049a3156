"""What is demanded of a child's rhythms: rates of the PALS table, intervals of Rijnbeek 2001.

The rates are those of the awake child; intervals lie between the lowest 2nd and the highest 98th
centile of girls and boys. From 220/min in infants and 180/min in children on, a tachycardia is
probably one by re-entry. Of every other rhythm the laws alone are demanded.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from tests.bench import criteria_beats as beats
from tests.bench.criteria_limits import Criterion, limit

_WIDE_S: Final = 0.09
_ALL: Final = 1.0
_TABLE_STEP_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class Band:
    """An age from which on these limits hold, in years, and the limits.

    Attributes
    ----------
    pr_s, qrs_s
        Shortest and longest; longest.
    reentry
        Rate from which on a tachycardia is one by re-entry.
    """

    from_years: float
    rate: tuple[float, float]
    pr_s: tuple[float, float]
    qrs_s: float
    reentry: float


BANDS: Final = (
    Band(0.0, (100, 205), (0.070, 0.133), 0.085, 220),
    Band(0.077, (100, 190), (0.077, 0.141), 0.086, 220),
    Band(1.0, (98, 140), (0.078, 0.151), 0.088, 180),
    Band(3.0, (80, 120), (0.092, 0.160), 0.098, 180),
    Band(6.0, (75, 118), (0.092, 0.174), 0.103, 180),
    Band(12.0, (60, 100), (0.105, 0.178), 0.111, 180),
)


def criteria_at(age: float) -> Mapping[RhythmId, tuple[Criterion, ...]]:
    """Return what is demanded at an age in years, below 16."""
    band = BANDS[bisect_right([band.from_years for band in BANDS], age) - 1]
    (slow, fast), (shortest, longest) = band.rate, band.pr_s
    conducted = (
        limit(beats.share_of_qrs_with_p, _ALL, _ALL),
        limit(beats.share_of_p_conducted, _ALL, _ALL),
        limit(beats.p_from, _ALL, _ALL, of=Beginning.SINUS),
    )
    pr = (limit(beats.shortest_pr, shortest), limit(beats.longest_pr, 0.0, longest))
    narrow = limit(beats.widest_qrs, 0.04, band.qrs_s + _TABLE_STEP_S)
    return {
        RhythmId.NORMAL_SINUS_RHYTHM: (_rate(slow, fast), *conducted, *pr, narrow),
        RhythmId.SINUS_BRADYCARDIA: (_rate(20, slow), *conducted, *pr, narrow),
        RhythmId.SINUS_TACHYCARDIA: (_rate(fast, band.reentry), *conducted, *pr, narrow),
        RhythmId.AVB1: (*conducted, limit(beats.shortest_pr, longest, 0.4), narrow),
        RhythmId.SVT: (_rate(band.reentry, 320), narrow),
        RhythmId.BBB: (*conducted, limit(beats.narrowest_qrs, _WIDE_S)),
        RhythmId.VT_MONOMORPHIC: (
            limit(beats.narrowest_qrs_from, _WIDE_S, of=Beginning.VENTRICLES),
        ),
    }


def _rate(low: float, high: float) -> Criterion:
    return limit(beats.ventricular_rate, low, high)

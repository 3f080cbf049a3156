"""How long the parts of a beat last, over the beats of a strip."""

from dataclasses import dataclass
from typing import Final

CONSTANT_SPREAD_S: Final = 0.04
"""An interval that varies by less than one small box counts as constant."""

_FEWEST_BEATS = 3


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval, measured in as many beats as show it.

    Attributes
    ----------
    value_s
        Median in seconds; None if no beat shows it.
    spread_s
        Longest minus shortest, a tenth of the beats at either end left out; None below two beats.
    range_s
        Longest minus shortest of all.
    count
        Beats that were measured.
    confidence
        0 to 1: the share of the beats that were measured, times 1 / (1 + (e / 0.02 s)^2), where e
        is the standard error of the median. It is near 1 if almost every beat was measured and a
        second strip of this length would give the same value to within half a small box.
    """

    value_s: float | None
    spread_s: float | None
    range_s: float | None
    count: int
    confidence: float

    @property
    def constant(self) -> bool | None:
        """Whether it varies by less than `CONSTANT_SPREAD_S`; None below three beats."""
        if self.spread_s is None or self.count < _FEWEST_BEATS:
            return None
        return self.spread_s < CONSTANT_SPREAD_S


@dataclass(frozen=True, slots=True)
class PToQrs:
    """How many of the QRS complexes a P wave leads to.

    Attributes
    ----------
    share
        0 to 1; None without beats.
    count
        Beats before which a P wave could be seen.
    confidence
        0 to 1: how far the share is from a half, where it would say nothing, less for few beats:
        abs(2 share - 1) count / (count + 1).
    """

    share: float | None
    count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals of one lead.

    Attributes
    ----------
    pr
        From the onset of the P wave to that of the QRS complex.
    qrs
        Duration of the QRS complex.
    qt
        From the onset of the QRS complex to the end of the T wave.
    qtc_bazett, qtc_fridericia
        QT for 60 beats per minute: divided by the square root, or the cube root, of the RR interval
        before the beat in seconds.
    p_to_qrs
        Share of the complexes with a P wave.
    """

    pr: Interval
    qrs: Interval
    qt: Interval
    qtc_bazett: Interval
    qtc_fridericia: Interval
    p_to_qrs: PToQrs

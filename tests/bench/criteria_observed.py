"""What the truth about a simulated strip says of the seconds that are shown."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.simulated import Beginning, Truth

Times = NDArray[np.float64]
Rows = NDArray[np.int64]

LONGEST_PR_S = 0.6
"""A P wave nearer to the strip's end may be conducted to a complex that is not shown."""


@dataclass(frozen=True, eq=False)
class Observed:
    """The waves that begin inside the strip, and what can be told of them.

    Attributes
    ----------
    seconds
        Length of the strip.
    """

    truth: Truth
    seconds: float

    @cached_property
    def p_rows(self) -> Rows:
        """Rows of the P waves that begin inside the strip."""
        return self._inside(self.truth.p_s)

    @cached_property
    def qrs_rows(self) -> Rows:
        """Rows of the complexes that begin inside the strip."""
        return self._inside(self.truth.qrs_s)

    @cached_property
    def p(self) -> Times:
        """Onsets of the P waves."""
        return self.truth.p_s[self.p_rows]

    @cached_property
    def qrs(self) -> Times:
        """Onsets of the complexes."""
        return self.truth.qrs_s[self.qrs_rows]

    @cached_property
    def pp(self) -> Times:
        return np.diff(self.p)

    @cached_property
    def rr(self) -> Times:
        return np.diff(self.qrs)

    @cached_property
    def p_from(self) -> NDArray[np.int8]:
        """`Beginning` of each P wave."""
        return self.truth.p_beginning[self.p_rows]

    @cached_property
    def qrs_from(self) -> NDArray[np.int8]:
        """`Beginning` of each complex."""
        return self.truth.qrs_beginning[self.qrs_rows]

    @cached_property
    def qrs_s(self) -> Times:
        """Durations of the complexes in seconds."""
        return (self.truth.qrs_end_s - self.truth.qrs_s)[self.qrs_rows]

    @cached_property
    def led(self) -> NDArray[np.bool_]:
        """Which complexes a P wave was conducted to."""
        return np.asarray(self.truth.qrs_p[self.qrs_rows] >= 0)

    @cached_property
    def fused(self) -> NDArray[np.bool_]:
        """Which complexes began below while a wave from a P wave was on its way: fusion beats."""
        return is_fusion(self.truth)[self.qrs_rows]

    @cached_property
    def pr(self) -> Times:
        """PR interval of each complex; NaN where no P wave was conducted to all of it."""
        whole = self.led & ~self.fused
        pr = np.full(self.qrs.size, np.nan)
        rows = self.truth.qrs_p[self.qrs_rows[whole]]
        pr[whole] = self.qrs[whole] - self.truth.p_s[rows]
        return pr

    @cached_property
    def answer_s(self) -> Times:
        """Onset of the complex that each P wave was conducted to; NaN where there is none."""
        onset = np.full(self.truth.p_s.size, np.nan)
        led = np.flatnonzero(self.truth.qrs_p >= 0)
        onset[self.truth.qrs_p[led]] = self.truth.qrs_s[led]
        return onset[self.p_rows]

    @cached_property
    def answered(self) -> NDArray[np.bool_]:
        """Which P waves were conducted, as far as the strip can show it: not the last ones."""
        told = self.p <= self.seconds - LONGEST_PR_S
        return np.isfinite(self.answer_s[told])

    @cached_property
    def usual_pp(self) -> float:
        """Median interval between P waves of the sinus node in a row; NaN where there is none."""
        sinus = self.p_from == Beginning.SINUS
        pp = self.pp[sinus[1:] & sinus[:-1]]
        return float(np.median(pp)) if pp.size else np.nan

    @cached_property
    def usual_rr(self) -> float:
        """Median interval between complexes that the sinus node led, or its own interval."""
        sinus = self.qrs_from == Beginning.SINUS
        rr = self.rr[sinus[1:] & sinus[:-1]]
        return float(np.median(rr)) if rr.size else self.usual_pp

    @cached_property
    def qt(self) -> Times:
        """QT interval of each complex; NaN where its T wave does not come to its end."""
        return (self.truth.t_end_s - self.truth.qrs_s)[self.qrs_rows]

    def _inside(self, times: Times) -> Rows:
        return np.flatnonzero((times >= 0.0) & (times < self.seconds))


def is_fusion(truth: Truth) -> NDArray[np.bool_]:
    """Mark complexes that began below although a P wave was conducted to part of them."""
    led = truth.qrs_p >= 0
    beginning = np.append(truth.p_beginning, np.int8(-1))[truth.qrs_p]
    below = np.isin(truth.qrs_beginning, (Beginning.VENTRICLES, Beginning.DEVICE))
    return np.asarray(led & below & (truth.qrs_beginning != beginning))

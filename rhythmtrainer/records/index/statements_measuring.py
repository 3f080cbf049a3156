"""Rate and regularity of recordings of which only whole-record statements exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg import detect_beats
from rhythmtrainer.model import RateSource
from rhythmtrainer.records.index.rules import Interval
from rhythmtrainer.records.index.statements import Measuring

_Times = NDArray[np.float64]

_FEWEST_INTERVALS = 2  # so that there is something to compare


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The leads of a recording that are looked at.

    Attributes
    ----------
    signals
        Millivolts of each lead by its printed name.
    marked
        By lead the R peaks that a person marked, in seconds from the first sample; empty where
        nobody did.
    """

    fs: float
    signals: Mapping[str, NDArray[np.float32]]
    marked: Mapping[str, NDArray[np.float64]]

    @property
    def length_s(self) -> float:
        """Length of the recording."""
        return next(iter(self.signals.values())).size / self.fs


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on a stretch of one recording; None for what cannot be told."""

    rate_bpm: float | None
    rate_source: RateSource
    rr_spread_s: float | None


def measure_figures(trace: Trace, lead: str, part: Interval, how: Measuring) -> Figures:
    """Measure a stretch of a recording.

    Marked beats are used where the lead that will be shown has them. Else beats are looked for in
    several leads together, and count only if enough of the leads alone have the same rate.

    Parameters
    ----------
    part
        Seconds from the first sample.

    Raises
    ------
    ValueError
        If the sampling rate is one at which beats are not looked for.
    """
    marked = trace.marked.get(lead)
    if marked is not None:
        inside = (marked >= part[0]) & (marked < part[1])
        return _figures(np.diff(marked[inside]), RateSource.REFERENCE_BEATS)
    first, last = (round(edge * trace.fs) for edge in part)
    heard = np.stack([trace.signals[name][first:last] for name in how.leads])
    together, *alone = (
        np.diff(detect_beats(samples, trace.fs)) / trace.fs for samples in (heard, *heard)
    )
    agreed = together if _agree(together, alone, how) else together[:0]
    return _figures(agreed, RateSource.MEASURED)


def _figures(rr: _Times, source: RateSource) -> Figures:
    if rr.size < _FEWEST_INTERVALS:
        return Figures(None, RateSource.NONE, None)
    return Figures(round(60 / float(rr.mean()), 1), source, float(np.ptp(rr)))


def _agree(together: _Times, alone: Sequence[_Times], how: Measuring) -> bool:
    if not together.size:
        return False
    rate = 60 / float(together.mean())
    off = [abs(60 / float(rr.mean()) - rate) for rr in alone if rr.size]
    return sum(each <= how.agreement_bpm for each in off) >= how.agreeing_leads

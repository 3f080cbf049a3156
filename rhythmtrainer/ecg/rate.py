"""Rate and regularity from beats, the ways they are taught."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.model import Measurement, Regularity, Strip

REGULAR_SPREAD_S: Final = 0.12
"""RR intervals that differ by less than three small boxes count as regular."""

_SIX_SECONDS = 6.0
_FEWEST_INTERVALS = 2


def measure(strip: Strip, start_s: float, end_s: float, lead: int = 0) -> Measurement:
    """Measure one lead of a strip between two times.

    Beats are sought in the whole strip: a second more on each side than what is shown lets
    those near the edges be found as surely as the others.

    Parameters
    ----------
    strip
        The signal, which may reach beyond the two times.
    start_s, end_s
        Seconds from the recording's first sample.
    lead
        Row of the strip's signal.

    Raises
    ------
    ValueError
        If the strip's sampling rate is outside what `detect_beats` takes.
    """
    signal = strip.signal[lead]
    samples = detect_beats(signal, strip.fs)
    times = strip.start_s + samples / strip.fs
    shown = (times >= start_s) & (times < end_s)
    missing = np.cumsum(~np.isfinite(signal))
    gaps = np.diff(missing[samples[shown]]) > 0
    return measure_beats(times[shown], start_s, end_s, gaps)


def measure_beats(
    beats_s: NDArray[np.float64],
    start_s: float,
    end_s: float,
    gaps: NDArray[np.bool_] | None = None,
) -> Measurement:
    """Measure rate and regularity from the times of the R peaks.

    Parameters
    ----------
    beats_s
        Ascending times between `start_s` and `end_s`, in seconds from the recording's
        first sample.
    gaps
        For each pair of neighbours, whether the recording has a gap between them: such an
        interval may hide a beat, and is not measured.

    Examples
    --------
    >>> measure_beats(np.arange(0.5, 10.0, 1.0), 0.0, 10.0).rate_bpm
    60.0
    """
    rr = np.diff(beats_s)
    if gaps is not None:
        rr[gaps] = np.nan
    known = rr[np.isfinite(rr)]
    spread = float(np.ptp(known)) if known.size >= _FEWEST_INTERVALS else None
    whole = known.size == rr.size
    return Measurement(
        beats_s=beats_s,
        rr_s=rr,
        rate_bpm=60.0 / float(known.mean()) if known.size else None,
        six_second_bpm=_six_second_rate(beats_s, start_s, end_s) if whole else None,
        regularity=_regularity(spread),
        rr_spread_s=spread,
    )


def _six_second_rate(beats_s: NDArray[np.float64], start_s: float, end_s: float) -> int | None:
    if end_s - start_s < _SIX_SECONDS:
        return None
    return 10 * int(np.count_nonzero(beats_s < start_s + _SIX_SECONDS))


def _regularity(spread_s: float | None) -> Regularity:
    if spread_s is None:
        return Regularity.CANNOT_TELL
    return Regularity.REGULAR if spread_s < REGULAR_SPREAD_S else Regularity.IRREGULAR

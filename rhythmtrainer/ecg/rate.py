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
    samples = detect_beats(strip.signal[lead], strip.fs)
    times = strip.start_s + samples / strip.fs
    return measure_beats(times[(times >= start_s) & (times < end_s)], start_s, end_s)


def measure_beats(beats_s: NDArray[np.float64], start_s: float, end_s: float) -> Measurement:
    """Measure rate and regularity from the times of the R peaks.

    Parameters
    ----------
    beats_s
        Ascending times between `start_s` and `end_s`, in seconds from the recording's
        first sample.

    Examples
    --------
    >>> measure_beats(np.arange(0.5, 10.0, 1.0), 0.0, 10.0).rate_bpm
    60.0
    """
    rr = np.diff(beats_s)
    spread = float(np.ptp(rr)) if rr.size >= _FEWEST_INTERVALS else None
    return Measurement(
        beats_s=beats_s,
        rr_s=rr,
        rate_bpm=60.0 / float(rr.mean()) if rr.size else None,
        six_second_bpm=_six_second_rate(beats_s, start_s, end_s),
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

"""PR, QRS and QT intervals from the waves of each beat."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.model.intervals import Interval, Intervals, PToQrs
from rhythmtrainer.model.waves import Waves

# Standard deviations of a single beat's error in s, both bounds together, on the even-numbered
# records of LUDB. They stand in where a strip has too few beats to show a spread.
_PR_ERROR, _QRS_ERROR, _QT_ERROR = 0.016, 0.014, 0.021
_TOLERANCE = 0.02  # s, half a small box
_MEDIAN_ERROR = 1.25  # of the standard error of a mean
_LEFT_OUT = 0.1  # of the beats at either end, for the spread
_NORMAL_WIDTH = 2.563  # standard deviations between the tenth and the ninetieth percentile
_FEWEST_TO_TRIM = 5


def intervals(
    waves: Waves,
    fs: float,
    beats: ArrayLike,
    *,
    among: ArrayLike | None = None,
    gaps: ArrayLike | None = None,
) -> Intervals:
    """Measure the intervals of one lead.

    Parameters
    ----------
    waves
        From `delineate`.
    fs : float
        Sampling rate in hertz.
    beats : array_like of int, shape (beats,)
        Sample numbers of the R peaks that `waves` were found with.
    among : array_like of bool, shape (beats,), optional
        The beats to measure, such as all but the premature ones; RR intervals are those of all.
    gaps : array_like of bool, shape (beats - 1,), optional
        For each pair of neighbours, whether a gap between them may hide a beat: such an RR interval
        corrects no QT interval.

    Raises
    ------
    ValueError
        If `fs` is not positive, or shapes do not fit.

    References
    ----------
    .. [1] H. C. Bazett. An analysis of the time-relations of electrocardiograms. Heart
       1920;7:353-370.
    .. [2] L. S. Fridericia. Die Systolendauer im Elektrokardiogramm bei normalen Menschen und bei
       Herzkranken. Acta Med Scand 1920;53:469-486.

    Examples
    --------
    >>> from rhythmtrainer.model.waves import Wave
    >>> beats = np.array([500, 1000, 1500])
    >>> waves = Waves(
    ...     p=Wave(beats - 100, beats - 80, beats - 50),
    ...     qrs=Wave(beats - 20, beats, beats + 25),
    ...     t=Wave(beats + 80, beats + 130, beats + 170),
    ... )
    >>> found = intervals(waves, 500, beats)
    >>> found.pr.value_s, found.pr.constant, found.qtc_bazett.value_s
    (0.16, True, 0.38)
    """
    peaks = np.asarray(beats)
    measured = np.ones(peaks.size, np.bool_) if among is None else np.asarray(among, np.bool_)
    hidden = np.zeros(max(0, peaks.size - 1), np.bool_) if gaps is None else np.asarray(gaps)
    _check(waves, fs, peaks, measured, hidden)
    before = np.full(peaks.size, np.nan)
    before[1:] = np.where(hidden, np.nan, np.diff(peaks) / fs)

    p, qrs, t = waves.p.present, waves.qrs.present, waves.t.present
    pr = np.where(p & qrs, waves.qrs.onset - waves.p.onset, np.nan)[measured] / fs
    width = np.where(qrs, waves.qrs.end - waves.qrs.onset, np.nan)[measured] / fs
    qt = np.where(qrs & t, waves.t.end - waves.qrs.onset, np.nan)[measured] / fs
    known = before[measured]
    return Intervals(
        pr=_interval(pr, _PR_ERROR),
        qrs=_interval(width, _QRS_ERROR),
        qt=_interval(qt, _QT_ERROR),
        qtc_bazett=_interval(qt / np.sqrt(known), _QT_ERROR),
        qtc_fridericia=_interval(qt / np.cbrt(known), _QT_ERROR),
        p_to_qrs=_p_to_qrs(p[measured & qrs]),
    )


def _check(
    waves: Waves,
    fs: float,
    peaks: NDArray[np.generic],
    measured: NDArray[np.bool_],
    hidden: NDArray[np.generic],
) -> None:
    faults = []
    if not 0 < fs < np.inf:
        faults.append(f"fs is {fs}; allowed is more than 0 Hz")
    if peaks.shape != waves.qrs.peak.shape:
        faults.append(f"beats has shape {peaks.shape}; waves have {waves.qrs.peak.shape}")
    if measured.shape != peaks.shape:
        faults.append(f"among has shape {measured.shape}; beats has {peaks.shape}")
    if hidden.shape != (max(0, peaks.size - 1),):
        faults.append(f"gaps has shape {hidden.shape}; allowed is one less than beats")
    if faults:
        raise ValueError("; ".join(faults))


def _interval(each_s: NDArray[np.float64], error_s: float) -> Interval:
    known = each_s[np.isfinite(each_s)]
    if known.size == 0:
        return Interval(None, None, None, 0, 0.0)
    spread = whole = None
    deviation = 0.0
    if known.size > 1:
        whole = float(np.ptp(known))
        low, high = np.quantile(known, [_LEFT_OUT, 1 - _LEFT_OUT])
        spread = float(high - low) if known.size >= _FEWEST_TO_TRIM else whole
        deviation = float(high - low) / _NORMAL_WIDTH
    error = _MEDIAN_ERROR * max(deviation, error_s) / np.sqrt(known.size)
    confidence = known.size / each_s.size / (1 + (error / _TOLERANCE) ** 2)
    return Interval(float(np.median(known)), spread, whole, int(known.size), float(confidence))


def _p_to_qrs(p: NDArray[np.bool_]) -> PToQrs:
    if p.size == 0:
        return PToQrs(None, 0, 0.0)
    share = float(p.mean())
    return PToQrs(share, int(p.size), abs(2 * share - 1) * p.size / (p.size + 1))

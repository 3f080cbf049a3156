"""Advise for or against a shock, as an automated external defibrillator would.

1. *Windows*: the signal is cut into pieces of four seconds that overlap by half or more.
2. *Shape*: each piece of each lead is measured (`features`) and scored by a sum of small
   trees that was fitted to labelled recordings.
3. *Speed*: what repeats itself regularly is shockable at 220/min and more, whatever its shape, and
   from 150/min on if its complexes are wide.
4. *Amplitude*: what is smaller than 0.2 mV is asystole, whatever its shape.
5. The scores of the leads that are not nearly flat are averaged as log odds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.inputs import sample_faults
from rhythmtrainer.ecg.shock.coefficients import THRESHOLD
from rhythmtrainer.ecg.shock.features import REGULAR, ShockFeatures, shock_features
from rhythmtrainer.ecg.shock.model import FITTED
from rhythmtrainer.model.shock import ShockAdvice

MIN_DURATION: Final = 3.0  # s
MOST_MISSING = 0.1  # of a lead's samples; with more of them gone it is not used

FLAT: Final = 0.2
"""mV from trough to crest; defibrillators take less for asystole."""
NOT_MILLIVOLTS = 30.0  # mV; no electrocardiogram is so large
LARGEST_VALUE: Final = 1e12  # whatever the unit; the squares of larger ones lose all meaning

_PIECE = 4.0  # s
_STEP = 2.0  # s, at most
_FAST = 220.0  # repetitions a minute; neither a sinus rhythm nor, in adults, most SVT is faster
_TACHYCARDIA = 150.0  # repetitions a minute; so fast and wide, it is taken for ventricular
_SURE = 2.0  # log odds of what is shockable, or is not, by rule
_NARROW = 0.045  # s from trough to crest at the steepest slope
_FEWEST_BEATS = 2
_LARGEST = 30.0  # log odds beyond which the score is 0 or 1


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Log odds of a shock and measurements of each lead; both leave flat leads out of account."""

    odds: float
    flat: bool
    amplitude: float
    rate: float
    regularity: float
    rise: float


def advise_shock(signal: ArrayLike, fs: float) -> ShockAdvice:
    """Tell whether some seconds of ECG show a rhythm to shock.

    Ventricular fibrillation, flutter and tachycardia from 150/min on are to be shocked; asystole
    and rhythms with organised beats are not. Everything but asystole is judged by shape alone,
    whatever the gain and the polarity. Asystole however is a matter of amplitude, so the signal
    must be in millivolts: one in volts passes for flat, and one that is too large to be in
    millivolts (over 30 mV) is judged by its shape, and the reason says so.

    Parameters
    ----------
    signal : array_like, shape (samples,) or (leads, samples)
        In millivolts, 3 s or longer, and of one rhythm: what is longer than 4 s is judged in
        pieces, and their average counts. Of several leads those that are not nearly flat count
        alike. Gaps (samples that are not finite) are bridged; a lead that has lost a tenth of
        its samples is left out.
    fs : float
        Sampling rate in hertz, 100 to 1000.

    Raises
    ------
    ValueError
        If `signal` is not an array of real numbers of one or two dimensions, is shorter than 3 s,
        has no usable lead or holds values beyond 1e12, or if `fs` is out of range.

    Notes
    -----
    Supraventricular tachycardia of 220/min and more, as infants have it, cannot be told from
    ventricular tachycardia here, and a shock is advised. This is a teaching aid, no medical device.
    What the advice is measured against are the performance goals of [1]_.

    References
    ----------
    .. [1] R. E. Kerber et al. Automatic external defibrillators for public access defibrillation:
       recommendations for specifying and reporting arrhythmia analysis algorithm performance.
       Circulation 1997;95:1677-1682.

    Examples
    --------
    >>> time = np.arange(0, 4, 1 / 250)
    >>> advise_shock(np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2)), 250).reason
    'narrow complexes at 75/min'
    >>> advise_shock(np.sin(2 * np.pi * 4 * time), 250).reason
    'fast and regular, 240/min'
    """
    leads = _checked(signal, fs)
    judged = _judged(leads, fs)
    score = float(1 / (1 + np.exp(-np.clip(judged.odds, -_LARGEST, _LARGEST))))
    shock = judged.odds >= 0
    if judged.flat:
        reason = f"nearly flat, {judged.amplitude:.2f} mV"
    elif shock:
        reason = _why_shock(judged)
    else:
        reason = _why_not(leads, fs, judged)
    if judged.amplitude > NOT_MILLIVOLTS:
        reason += "; too large for millivolts, judged by its shape alone"
    return ShockAdvice(shock, score, reason)


def shock_odds(features: ShockFeatures) -> NDArray[np.float64]:
    """Return the log odds of each window: from 0 on a shock is advised."""
    odds = FITTED.score(features.values) - THRESHOLD
    return with_rules(odds, features)


def with_rules(odds: NDArray[np.float64], features: ShockFeatures) -> NDArray[np.float64]:
    """Apply the rules of speed and of amplitude to the log odds that the shape gives."""
    wide = features.rise >= _NARROW
    too_fast = features.rate >= np.where(wide, _TACHYCARDIA, _FAST)
    odds = np.where(too_fast & (features.regularity >= REGULAR), np.maximum(odds, _SURE), odds)
    return np.where(features.amplitude < FLAT, np.minimum(odds, -_SURE), odds)


def _checked(signal: ArrayLike, fs: float) -> NDArray[np.float64]:
    """Return the usable leads, shape ``(leads, samples)``, without gaps."""
    array = np.asarray(signal)
    faults = []
    if array.ndim not in (1, 2):
        faults.append(f"signal has shape {array.shape}; allowed is (samples,) or (leads, samples)")
    faults += sample_faults(array, fs)
    if faults:
        raise ValueError("; ".join(faults))
    leads = np.atleast_2d(array.astype(np.float64))
    if leads.size == 0 or leads.shape[1] < MIN_DURATION * fs:
        raise ValueError(
            f"signal has shape {array.shape} at {fs:g} Hz; allowed is {MIN_DURATION:g} s and longer"
        )
    return _without_gaps(leads)


def _without_gaps(leads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the leads that are known well enough, their gaps bridged."""
    known = np.isfinite(leads)
    usable = known.mean(axis=1) > 1 - MOST_MISSING
    if not usable.any():
        raise ValueError(
            "signal has no lead that is known; allowed is one that misses less than"
            f" {100 * MOST_MISSING:g} % of its samples"
        )
    bridged = [_bridged(*pair) for pair in zip(leads[usable], known[usable], strict=True)]
    largest = max(float(np.abs(lead).max()) for lead in bridged)
    if largest > LARGEST_VALUE:
        raise ValueError(f"signal reaches {largest:g}; allowed is up to {LARGEST_VALUE:g}")
    return np.stack(bridged)


def _bridged(lead: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    if known.all():
        return lead
    places = np.arange(lead.size)
    return np.interp(places, places[known], lead[known])


def _judged(leads: NDArray[np.float64], fs: float) -> _Judged:
    pieces = _pieces(leads, fs)
    features = shock_features(pieces, fs)
    by_lead = (len(leads), -1)
    flat = np.median(features.amplitude.reshape(by_lead), axis=1) < FLAT
    counted = flat if flat.all() else ~flat
    whole = [
        field.reshape(by_lead)[counted]
        for field in (
            shock_odds(features),
            features.amplitude,
            features.rate,
            features.regularity,
            features.rise,
        )
    ]
    odds = float(whole[0].mean())
    amplitude, rate, regularity, rise = (float(np.median(field)) for field in whole[1:])
    return _Judged(odds, bool(flat.all()), amplitude, rate, regularity, rise)


def _pieces(leads: NDArray[np.float64], fs: float) -> NDArray[np.float64]:
    """Cut leads into pieces, all pieces of the first lead first."""
    total = leads.shape[1]
    length = min(total, int(_PIECE * fs))
    count = 1 + int(np.ceil((total - length) / (_STEP * fs)))
    starts = np.linspace(0, total - length, count).astype(np.int64)
    return sliding_window_view(leads, length, axis=1)[:, starts].reshape(-1, length)


def _why_shock(judged: _Judged) -> str:
    if judged.regularity < REGULAR:
        return f"chaotic, {judged.rate / 60:.1f} Hz, no QRS"
    if judged.rate >= _FAST:
        return f"fast and regular, {judged.rate:.0f}/min"
    width = "fast" if judged.rise < _NARROW else "wide"
    return f"{width} complexes at {judged.rate:.0f}/min"


def _why_not(leads: NDArray[np.float64], fs: float, judged: _Judged) -> str:
    lead = leads[np.ptp(leads, axis=1).argmax()]
    beats = detect_beats(lead, fs)
    if beats.size < _FEWEST_BEATS:
        return "organised, few beats"
    rate = 60 * fs / float(np.median(np.diff(beats)))
    width = "narrow" if judged.rise < _NARROW else "wide"
    return f"{width} complexes at {rate:.0f}/min"

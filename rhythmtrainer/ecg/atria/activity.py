"""What the atria do: P waves before the beats, more of them than beats, or none.

Four kinds of evidence are weighed, each from its own module:

1. what comes back before every QRS complex (`p_waves`, weighed in `odds`);
2. waves that follow each other without a pause (`flutter`);
3. P waves that no complex follows, between two conducted ones (`rivals`);
4. P waves that march through regardless of the QRS complexes (`flutter.march_evidence`).

Nothing here names a rhythm, and what the evidence does not settle is left open.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.atria.lead import (
    UNEVEN,
    LeadEvidence,
    crests,
    drowned,
    flutter_margin,
    hidden,
    march_margin,
    spike_ahead,
    t_taken_for_p,
    to_samples,
    visible,
    wandering,
    weigh,
)
from rhythmtrainer.ecg.atria.odds import probability
from rhythmtrainer.ecg.atria.p_waves import GRID_RATE
from rhythmtrainer.ecg.atria.pr_interval import PAUSE, p_places, pr_intervals, pr_relation
from rhythmtrainer.ecg.inputs import sample_faults
from rhythmtrainer.model.atria import AtrialActivity, AtrialKind
from rhythmtrainer.model.evidence import PrRelation, PWaves
from rhythmtrainer.model.waves import Waves

__all__ = ["AtrialActivity", "AtrialKind", "atrial_activity", "lead_terms"]

Indices: TypeAlias = NDArray[np.int64]
Intervals: TypeAlias = NDArray[np.float64]


# P waves are told from 0.6 on and denied below 0.28: noise hides P waves more often than it
# makes them.
_PRESENT, _ABSENT = 0.6, 0.28
_SLOPE, _PRIOR = 0.85, 0.6  # from the model's log odds to those found in patients it had not seen
_MOST_CERTAIN_ODDS = 6.0  # log odds: one lead alone decides no more than this
_SHOWING_LEADS = 0.7  # quantile of the leads whose odds count
_MANY_LEADS = 0.6  # quantile of the leads that must show what the first does not
_EXTRA_ALIKE = 0.8
_CLEAR = 0.95  # expected share: P waves so clear that those in pauses are believed
# Of what it takes: too much for one P wave a complex, and enough though there seems to be one.
_ALMOST_FLUTTER, _SURE_FLUTTER = 0.9, 1.2
_CLEAR_THOUGH_PACED = 0.95  # probability
_PACED_CONFIDENCE = 0.6
_BEFORE_SPIKE = 0.04  # s: nearer to it a P wave cannot be told from the spike
_FIBRILLATING = 3.0  # fast share of the baseline

_SIXTY = 60.0


def atrial_activity(signal: ArrayLike, fs: float, beats: ArrayLike, waves: Waves) -> AtrialActivity:
    """Tell what the atria do.

    Parameters
    ----------
    signal : array_like, shape (samples,) or (leads, samples)
        In millivolts or any other unit; size and polarity do not matter. Several leads are weighed
        together; the first is the one that is shown. Samples that are not finite are a gap.
    fs : float
        Sampling rate in hertz, 100 to 1000.
    beats : array_like of int, shape (beats,)
        Sample numbers of the R peaks, ascending.
    waves : Waves
        Waves of these beats in the first lead: they say where P waves begin.

    Returns
    -------
    AtrialActivity
        `PWaves.CANNOT_TELL` with fewer than four beats or where the evidence does not settle it.

    Raises
    ------
    ValueError
        If `signal` or `beats` has another shape or type, `fs` is out of range, or `waves` does not
        belong to `beats`.

    Notes
    -----
    `p_confidence` against the share of verdicts that agreed with the rhythm label, in ten-second
    windows of patients to whom the weights were not fitted (mitdb, vfdb, cpsc2021, LUDB, PTB-XL,
    challenge of 2021; all leads a record has): one P wave per QRS, said 0.76, 0.86, 0.93, 0.97 and
    0.99, right 0.95, 0.98, 0.99, 1.00 and 1.00; absent, said 0.61, 0.75, 0.85, 0.93 and 0.97, right
    0.68, 0.78, 0.88, 0.94 and 0.98; flutter waves, said 0.63 and 0.75, right 0.58 and 0.71.

    The stretches before the QRS complexes are compared with their average, as averaging brings out
    late potentials [1]_; the QRS-T complexes are cancelled by their average before the frequency of
    atrial waves is measured [2]_.

    References
    ----------
    .. [1] M. B. Simson. Use of signals in the terminal QRS complex to identify patients with
       ventricular tachycardia after myocardial infarction. Circulation 1981;64:235-242.
    .. [2] J. Slocum, A. Sahakian, S. Swiryn. Diagnosis of atrial fibrillation from surface
       electrocardiograms based on computer-detected atrial activity. J Electrocardiol 1992;25:1-8.

    Examples
    --------
    >>> from rhythmtrainer.model.waves import ABSENT, Wave
    >>> time = np.arange(0, 8, 1 / 250) % 0.8 - 0.4
    >>> ecg = np.exp(-((time / 0.015) ** 2)) + 0.15 * np.exp(-(((time + 0.16) / 0.03) ** 2))
    >>> beats = np.arange(100, 2000, 200)
    >>> none = Wave(*(np.full(beats.size, ABSENT) for _ in range(3)))
    >>> found = atrial_activity(ecg, 250, beats, Waves(none, none, none))
    >>> found.p_waves, found.pr
    (<PWaves.ONE_PER_QRS: 'one per QRS'>, <PrRelation.CONSTANT: 'constant'>)
    """
    leads, peaks = _checked(signal, fs, beats, waves)
    found = [lead for lead in (weigh(samples, fs, peaks) for samples in leads) if lead]
    if not found:
        return _nothing(peaks.size)
    probable = _probability(found)
    p_seen = _has_p_waves(found, probable)
    fluttering = _over_leads([flutter_margin(lead) for lead in found])
    if fluttering >= (_SURE_FLUTTER if p_seen else 1):
        return _fluttering(found, fluttering, fs, peaks.size)
    conducted = _conducted(found, _expected(max(probable, _PRESENT)), fs, peaks, waves)
    marching = _over_leads([march_margin(lead) for lead in found])
    if marching >= 1:
        return conducted if _dropping(conducted, peaks) else _marching(found, marching, fs, peaks)
    if not p_seen:
        return _without_p_waves(found, probable, peaks.size)
    if _paced(found[0], probable, spike_ahead(leads[0], fs, peaks)):
        return _without(found[0], _PACED_CONFIDENCE, peaks.size)
    return _nothing(peaks.size) if _ambiguous(found, fluttering) else conducted


def lead_terms(samples: ArrayLike, fs: float, beats: ArrayLike) -> dict[str, float] | None:
    """Return the terms of `odds` for one lead, to which its weights are fitted.

    None where there are too few beats, or nothing is left of the lead.
    """
    lead = weigh(np.asarray(samples, np.float64), fs, np.asarray(beats, np.int64))
    return lead.terms if lead else None


def _checked(
    signal: ArrayLike, fs: float, beats: ArrayLike, waves: Waves
) -> tuple[list[NDArray[np.float64]], Indices]:
    array, peaks = np.asarray(signal), np.asarray(beats)
    faults = []
    if array.ndim not in {1, 2}:
        faults.append(
            f"signal has shape {array.shape}; allowed are (samples,) and (leads, samples)"
        )
    faults += sample_faults(array, fs)
    if peaks.ndim != 1 or (peaks.dtype.kind not in "iu" and peaks.size):
        faults.append(
            f"beats has shape {peaks.shape} and type {peaks.dtype}; "
            "allowed is (beats,) of whole numbers"
        )
    elif peaks.size and not _inside(peaks, array.shape[-1] if array.ndim else 0):
        faults.append("beats has samples that do not ascend or lie outside the signal")
    if peaks.ndim == 1 and waves.p.peak.shape != peaks.shape:
        faults.append(f"waves has {waves.p.peak.size} beats; beats has {peaks.size}")
    if faults:
        raise ValueError("; ".join(faults))
    return list(np.atleast_2d(array).astype(np.float64)), peaks.astype(np.int64)


def _inside(peaks: NDArray[np.integer], size: int) -> bool:
    return bool((np.diff(peaks) > 0).all() and peaks[0] >= 0 and peaks[-1] < size)


def _probability(found: list[LeadEvidence]) -> float:
    """How likely P waves before the complexes are, from all leads: not every lead shows them."""
    odds = np.clip([lead.odds for lead in found], -_MOST_CERTAIN_ODDS, _MOST_CERTAIN_ODDS)
    return probability(float(np.quantile(odds, _SHOWING_LEADS)))


def _dropping(conducted: AtrialActivity, peaks: Indices) -> bool:
    """Tell whether PR intervals grow until a complex is missing: then P waves are not their own."""
    intervals = np.diff(peaks)
    paused = float(intervals.max()) > PAUSE * float(np.median(intervals))
    return paused and conducted.pr is PrRelation.LENGTHENING


def _paced(lead: LeadEvidence, probable: float, ahead_s: float | None) -> bool:
    """Tell whether spikes stand before the complexes, and no clear P waves before the spikes."""
    if ahead_s is None:
        return False
    spike_itself = -lead.p.lag / GRID_RATE < ahead_s + _BEFORE_SPIKE
    return spike_itself or probable < _CLEAR_THOUGH_PACED


def _ambiguous(found: list[LeadEvidence], fluttering: float) -> bool:
    """Tell whether what looks like P waves may as well be flutter or T waves."""
    flutter = fluttering > _ALMOST_FLUTTER and not found[0].unconducted.dropped.size
    return flutter or all(t_taken_for_p(lead) for lead in found)


def _has_p_waves(found: list[LeadEvidence], probable: float) -> bool:
    seen = probable >= _PRESENT and any(visible(lead) for lead in found)
    return seen or wandering(found[0])


def _expected(probable: float) -> float:
    """Turn what the model says into the share of strips that can be expected to have P waves.

    The model was fitted as if half of all strips had none; fewer have.
    """
    odds = float(np.log(probable / (1 - probable)))
    return probability(_SLOPE * odds + _PRIOR)


def _over_leads(margins: list[float]) -> float:
    """Return what the first lead shows, or most of the leads."""
    return max(margins[0], float(np.quantile(margins, _MANY_LEADS)))


def _nothing(beats: int) -> AtrialActivity:
    return AtrialActivity(
        p_waves=PWaves.CANNOT_TELL,
        p_confidence=0.0,
        kind=AtrialKind.CANNOT_TELL,
        p_peaks=np.empty(0, np.int64),
        atrial_rate_bpm=None,
        dissociated=False,
        dissociated_confidence=0.0,
        pr=PrRelation.CANNOT_TELL,
        pr_confidence=0.0,
        pr_s=np.full(beats, np.nan),
    )


def _without_p_waves(found: list[LeadEvidence], probable: float, beats: int) -> AtrialActivity:
    """P waves are absent, or noise may hide them."""
    denied = probable < _ABSENT and not all(drowned(lead) for lead in found)
    if hidden(found[0]) or denied:
        return _without(found[0], 1 - _expected(min(probable, _ABSENT)), beats)
    return _nothing(beats)


def _without(lead: LeadEvidence, confidence: float, beats: int) -> AtrialActivity:
    fine = lead.flutter.fast_share > _FIBRILLATING and lead.terms["uneven"] > UNEVEN
    return AtrialActivity(
        p_waves=PWaves.ABSENT,
        p_confidence=confidence,
        kind=AtrialKind.FIBRILLATORY if fine else AtrialKind.NONE_SEEN,
        p_peaks=np.empty(0, np.int64),
        atrial_rate_bpm=None,
        dissociated=False,
        dissociated_confidence=0.0,
        pr=PrRelation.CANNOT_TELL,
        pr_confidence=confidence,
        pr_s=np.full(beats, np.nan),
    )


def _fluttering(found: list[LeadEvidence], margin: float, fs: float, beats: int) -> AtrialActivity:
    lead = max(found, key=flutter_margin)
    rate = lead.flutter.rate_hz
    return AtrialActivity(
        p_waves=PWaves.MORE_THAN_ONE,
        p_confidence=_confidence(margin),
        kind=AtrialKind.FLUTTER_WAVES,
        p_peaks=to_samples(crests(lead, GRID_RATE / rate), fs),
        atrial_rate_bpm=_SIXTY * rate,
        dissociated=False,
        dissociated_confidence=0.0,
        pr=PrRelation.CANNOT_TELL,
        pr_confidence=_confidence(margin),
        pr_s=np.full(beats, np.nan),
    )


def _marching(
    found: list[LeadEvidence], margin: float, fs: float, peaks: Indices
) -> AtrialActivity:
    """P waves that keep their own time; only where they outnumber the beats is that a verdict."""
    lead = max(found, key=march_margin)
    period = lead.march.period_s
    rate = _SIXTY / period
    more = period < float(np.median(np.diff(peaks))) / fs
    return AtrialActivity(
        p_waves=PWaves.MORE_THAN_ONE if more else PWaves.CANNOT_TELL,
        p_confidence=_confidence(margin),
        kind=AtrialKind.P_WAVES,
        p_peaks=to_samples(crests(lead, period * GRID_RATE), fs),
        atrial_rate_bpm=rate,
        dissociated=True,
        dissociated_confidence=_confidence(margin),
        pr=PrRelation.VARYING,
        pr_confidence=_confidence(margin),
        pr_s=np.full(peaks.size, np.nan),
    )


def _confidence(margin: float) -> float:
    """Share of verdicts that can be expected to be right, where 1 just suffices."""
    return float(np.clip(0.6 + 0.4 * (margin - 1), 0.6, 0.98))


def _conducted(
    found: list[LeadEvidence], probable: float, fs: float, peaks: Indices, waves: Waves
) -> AtrialActivity:
    lead = found[0]
    clearest = max(found, key=lambda each: each.odds)
    pr_s = pr_intervals(lead if lead.odds > 0 else clearest, fs, peaks, waves)
    relation, certain = pr_relation(pr_s, np.diff(peaks) / fs)
    places = p_places(lead, fs, pr_s)
    dropped = lead.unconducted.dropped
    if probable < _CLEAR and relation is not PrRelation.LENGTHENING:
        dropped = dropped[:0]
    more = _over_leads([each.unconducted.strength / _EXTRA_ALIKE for each in found]) >= 1
    if dropped.size:
        places = np.union1d(places, to_samples(dropped, fs))
    elif more:
        parts = max(found, key=lambda each: each.unconducted.strength).unconducted.parts
        steps = np.arange(parts) / parts
        between = places[:-1, None] + np.diff(places)[:, None] * steps
        places = np.unique(np.append(np.round(between), places[-1:]).astype(np.int64))
    rate = _SIXTY * fs / float(np.median(np.diff(places))) if places.size > 1 else None
    return AtrialActivity(
        p_waves=PWaves.MORE_THAN_ONE if more or dropped.size else PWaves.ONE_PER_QRS,
        p_confidence=probable,
        kind=AtrialKind.P_WAVES,
        p_peaks=places,
        atrial_rate_bpm=rate,
        dissociated=False,
        dissociated_confidence=0.0,
        pr=relation,
        pr_confidence=certain * probable,
        pr_s=pr_s,
    )

"""Reading a strip the way it is taught: rate, regularity, P waves, PR, QRS, then the rest."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria import AtrialActivity, atrial_activity
from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.evidence.complexes import (
    GRID_HZ,
    Complexes,
    compare_complexes,
    crests,
    on_grid,
)
from rhythmtrainer.ecg.evidence.findings import (
    LeadRead,
    baseline_finding,
    early_findings,
    nothing_told,
    p_finding,
    pacing_finding,
    pauses_finding,
    pr_finding,
    qrs_finding,
)
from rhythmtrainer.ecg.evidence.premature import Early, early_beats
from rhythmtrainer.ecg.evidence.qrs_width import MERGED, NOT_SEEN, WidthFound, judge_width
from rhythmtrainer.ecg.evidence.rate import measure_beats
from rhythmtrainer.ecg.pacing import find_spikes, without_spikes
from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.ecg.waves.intervals import intervals
from rhythmtrainer.model import (
    ABSENT,
    Finding,
    Interval,
    Intervals,
    Measurement,
    PWaves,
    QrsWidth,
    Regularity,
    Strip,
    Wave,
    Waves,
)
from rhythmtrainer.model.measurement import WaveTimes

_FEWEST_BEATS = 3
_MANY_EARLY = 0.25  # of the beats: as in a bigeminal rhythm
_SEVERAL = 3  # leads
_MOSTLY = 0.9  # of its samples make a lead worth reading
_EDGE_S = 0.12  # a complex nearer to an edge is not whole
# How much the P waves tell about the order of the beats; intervals tell more.
_MOST_P_ODDS, _LEAST_P_SHARE, _P_WEIGHT = 2.5, 0.4, 2.0
_EVEN_CHANCE = 0.5
_SIX_SECONDS = 6.0
_SAME_PR_S = 0.03  # two ways to measure it agree
_NO_PR = Interval(None, None, None, 0, 0.0)
_ON_TIME = 0.12  # of itself, by which the PP interval of a sinus rhythm that breathes changes


def measure(
    strip: Strip, start_s: float | None = None, end_s: float | None = None, lead: int = 0
) -> Measurement:
    """Measure a strip and say what it shows, in the teaching order.

    Beats are sought in the whole strip: a second more on each side than what is shown lets
    those near the edges be found as surely as the others.

    Parameters
    ----------
    strip
        The signal, which may reach beyond the two times.
    start_s, end_s
        Seconds from the recording's first sample; None stands for the strip's own start and end.
    lead
        Row of the strip's signal that is read. The other rows help to find the beats, what the
        atria do, and how wide the complexes are.

    Returns
    -------
    Measurement
        With a finding for each step. Where the strip shows no organised QRS complexes (chaos, a
        flat line, noise), it has no beats, and each finding says that it cannot tell.

    Raises
    ------
    ValueError
        If the strip's sampling rate is outside what `detect_beats` takes.

    Examples
    --------
    >>> from rhythmtrainer.model import LeadName, Origin, Provenance
    >>> time = np.arange(0, 10, 1 / 250)
    >>> lead = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2))
    >>> made = Provenance(Origin.SIMULATED, "made")
    >>> strip = Strip(lead[None], 250.0, (LeadName("II"),), 0.0, True, made)
    >>> [finding.text for finding in measure(strip).findings[:2]]
    ['Rate 75/min, 70 by the 6-second rule', 'RR 0.80 s: regular']
    """
    shown = (
        strip.start_s if start_s is None else max(start_s, strip.start_s),
        strip.end_s if end_s is None else min(end_s, strip.end_s),
    )
    signal = strip.signal[lead]
    finite = np.isfinite(signal)
    others = np.delete(strip.signal, lead, axis=0)
    grid = on_grid(signal, strip.fs)
    beats, complexes = _beats(signal, others, strip.fs, grid)
    baseline = baseline_finding(strip, lead, shown)
    if beats.size < _FEWEST_BEATS or not complexes.organised:
        return _nothing_organised(shown, baseline)
    samples = signal if finite.all() else _bridged(signal, finite)
    rr = np.diff(beats) / strip.fs
    missing = np.cumsum(~finite)
    rr[np.diff(missing[beats]) > 0] = np.nan
    complexes, early = _early(grid, beats, strip.fs, rr, complexes)
    waves = _delineated(samples, strip.fs, beats)
    atria = atrial_activity(np.vstack([signal[None], others]), strip.fs, beats, waves)
    times = strip.start_s + beats / strip.fs
    kept = np.flatnonzero((times >= shown[0]) & (times < shown[1]))
    if kept.size < 1:
        return _nothing_organised(shown, baseline)
    these = slice(int(kept[0]), int(kept[-1]) + 1)
    read = LeadRead(
        signal=samples,
        fs=strip.fs,
        first_s=strip.start_s,
        shown_s=shown,
        beats=beats[these],
        rr_s=rr[these.start : these.stop - 1],
        waves=_without_unrelated_p(_waves_of(waves, these), atria),
        complexes=_complexes_of(complexes, these),
        early=_early_of(early, these),
        width=_width(_widest(waves, others, beats, ~complexes.unlike, strip.fs), complexes, others),
        atria=_shown_atria(atria, these, strip, shown),
    )
    first = max(0, round((shown[0] - strip.start_s) * strip.fs))
    six_seconds = finite[first : first + round(_SIX_SECONDS * strip.fs)]
    return _assembled(read, baseline, whole=bool(six_seconds.all()))


def _beats(
    signal: NDArray[np.float32],
    others: NDArray[np.float32],
    fs: float,
    grid: NDArray[np.float32],
) -> tuple[NDArray[np.int64], Complexes]:
    """Find beats in all leads; what an edge cuts off counts only if it looks like the others."""
    # Marks stand on the first lead that shows a beat: the one that is read.
    beats = detect_beats(np.vstack([signal[None], others]) if len(others) else signal, fs)
    complexes = compare_complexes(grid, np.rint(beats * (GRID_HZ / fs)).astype(np.int64))
    edge = _EDGE_S * fs
    if complexes.repeating and not complexes.clear:
        beats = np.rint(crests(grid) * (fs / GRID_HZ)).astype(np.int64)
        beats = beats[beats < signal.size]
        complexes = compare_complexes(grid, np.rint(beats * (GRID_HZ / fs)).astype(np.int64))
    cut_off = complexes.unlike & ((beats < edge) | (beats >= signal.size - edge))
    if cut_off.any():
        beats = beats[~cut_off]
        complexes = compare_complexes(grid, np.rint(beats * (GRID_HZ / fs)).astype(np.int64))
    return beats, complexes


def _delineated(samples: NDArray[np.float32], fs: float, beats: NDArray[np.int64]) -> Waves:
    """Find the waves; where a spike is taken for the whole complex, without the spikes."""
    waves = delineate(samples, fs, beats)
    spikes = find_spikes(samples, fs, beats, wide=False)
    if spikes.size == 0:
        return waves
    under = delineate(without_spikes(samples, fs, spikes), fs, beats).qrs
    both = waves.qrs.present & under.present
    # The spike itself sets the complex off, and belongs to it.
    ends = np.where(both, np.maximum(waves.qrs.end, under.end), waves.qrs.end)
    return replace(waves, qrs=Wave(waves.qrs.onset, waves.qrs.peak, ends))


def _early(
    grid: NDArray[np.float32],
    beats: NDArray[np.int64],
    fs: float,
    rr_s: NDArray[np.float64],
    complexes: Complexes,
) -> tuple[Complexes, Early]:
    """Find early beats; where they are many, compare their form with that of the others alone."""
    early = early_beats(rr_s, complexes)
    if _MANY_EARLY * beats.size <= np.count_nonzero(early.narrow) < beats.size:
        on_it = np.rint(beats * (GRID_HZ / fs)).astype(np.int64)
        complexes = compare_complexes(grid, on_it, ~early.any)
        early = early_beats(rr_s, complexes)
    return complexes, early


def _widest(
    waves: Waves,
    others: NDArray[np.float32],
    beats: NDArray[np.int64],
    usual: NDArray[np.bool_],
    fs: float,
) -> WidthFound:
    """Judge the width of the complexes by the lead that shows most of it.

    Of three leads and more by the second widest: one may be misread.
    """
    found = [judge_width(waves, usual, fs)]
    for other in others:
        finite = np.isfinite(other)
        if finite.mean() > _MOSTLY:
            samples = other if finite.all() else _bridged(other, finite)
            found.append(judge_width(_delineated(samples, fs, beats), usual, fs))
    ordered = sorted((one for one in found if one.seconds is not None), key=_seconds, reverse=True)
    if not ordered:
        return NOT_SEEN
    return ordered[1] if len(ordered) >= _SEVERAL else ordered[0]


def _width(measured: WidthFound, complexes: Complexes, others: NDArray[np.float32]) -> WidthFound:
    """Correct the width where waves merge on the lead: then no silence shows its bounds."""
    told_by_others = len(others) + 1 >= _SEVERAL and measured.verdict is QrsWidth.NARROW
    if complexes.merged and not told_by_others:
        return MERGED
    if complexes.nearly_merged and measured.verdict is QrsWidth.NARROW:
        return NOT_SEEN
    return measured


def _seconds(width: WidthFound) -> float:
    return width.seconds or 0.0


def _assembled(read: LeadRead, baseline: Finding, *, whole: bool) -> Measurement:
    measured = _rhythm(read, read.early, whole=whole)
    early = _early_for_the_atria(read)
    if measured.regularity is Regularity.IRREGULARLY_IRREGULAR:
        # Where there is no order, nothing of the usual form can be early.
        early = replace(early, narrow=np.zeros_like(early.narrow))
    ordered = measured.regularity is not Regularity.CANNOT_TELL
    usual = ~(early.any | read.complexes.unlike)
    lasting = intervals(read.waves, read.fs, read.beats, among=usual, gaps=np.isnan(read.rr_s))
    pr = _agreed_pr(pr_finding(read), lasting)
    if pr.number is None:
        lasting = replace(lasting, pr=_NO_PR)
    findings = (
        *measured.findings,
        p_finding(read),
        pr,
        qrs_finding(read),
        *early_findings(read, early, ordered=ordered),
        pauses_finding(read),
        pacing_finding(read),
        baseline,
    )
    return replace(
        measured,
        intervals=lasting,
        waves=_wave_times(read),
        p_s=read.seconds(read.atria.p_peaks),
        findings=findings,
    )


def _early_for_the_atria(read: LeadRead) -> Early:
    """Take back early beats of the usual form that come at the pace of the P waves.

    Where some P waves lead to no beat, the long intervals are the unusual ones, however many they
    are; a beat one PP interval after another is on time.
    """
    atria, early = read.atria, read.early
    if atria.p_waves is not PWaves.MORE_THAN_ONE or atria.flutter or atria.dissociated:
        return early
    if atria.atrial_rate_bpm is None:
        return early
    pp_s = 60.0 / atria.atrial_rate_bpm
    on_time = np.zeros_like(early.narrow)
    on_time[1:] = np.abs(read.rr_s - pp_s) <= _ON_TIME * pp_s
    return replace(early, narrow=early.narrow & ~on_time)


def _agreed_pr(pr: Finding, lasting: Intervals) -> Finding:
    """Tell how the PR behaves but not how long it is where two ways to measure it disagree."""
    one, other = pr.number, lasting.pr.value_s
    if not pr.told or one is None or other is None or abs(one - other) <= _SAME_PR_S:
        return pr
    return replace(pr, number=None, text=f"PR {pr.verdict.value}, hard to say how long")


def _rhythm(read: LeadRead, early: Early, *, whole: bool) -> Measurement:
    return measure_beats(
        read.seconds(read.beats),
        *read.shown_s,
        np.isnan(read.rr_s),
        early=early,
        complexes_s=read.seconds(read.beats) + read.complexes.shift_s,
        p_evidence=_p_evidence(read.atria),
        whole=whole,
    )


def _p_evidence(atria: AtrialActivity) -> float:
    """Log odds against an order of the beats: there is none where no P wave leads to them."""
    sureness = max(atria.p_confidence - _EVEN_CHANCE, 0.0)
    odds = _MOST_P_ODDS * min(_LEAST_P_SHARE + _P_WEIGHT * sureness, 1.0)
    if atria.p_waves is PWaves.ABSENT:
        return odds
    return -odds if atria.p_waves is PWaves.ONE_PER_QRS else 0.0


def _nothing_organised(shown: tuple[float, float], baseline: Finding) -> Measurement:
    nothing = replace(measure_beats(np.empty(0, np.float64), *shown), six_second_bpm=None)
    return replace(nothing, findings=(*nothing.findings, *nothing_told(), baseline))


def _bridged(signal: NDArray[np.float32], finite: NDArray[np.bool_]) -> NDArray[np.float32]:
    known = np.flatnonzero(finite)
    return np.interp(np.arange(signal.size), known, signal[known]).astype(np.float32)


def _waves_of(waves: Waves, these: slice) -> Waves:
    return Waves(_wave_of(waves.p, these), _wave_of(waves.qrs, these), _wave_of(waves.t, these))


def _wave_of(wave: Wave, these: slice) -> Wave:
    return Wave(wave.onset[these], wave.peak[these], wave.end[these])


def _shown_atria(
    atria: AtrialActivity, these: slice, strip: Strip, shown: tuple[float, float]
) -> AtrialActivity:
    """Keep what was judged on all beats, but only the P waves and PR intervals that are shown."""
    peaks_s = strip.start_s + atria.p_peaks / strip.fs
    inside = (peaks_s >= shown[0]) & (peaks_s < shown[1])
    return replace(atria, p_peaks=atria.p_peaks[inside], pr_s=atria.pr_s[these])


def _without_unrelated_p(waves: Waves, atria: AtrialActivity) -> Waves:
    """Take P waves away that lead to no beat: where there are none, or they go their own way."""
    if atria.p_waves is not PWaves.ABSENT and not atria.dissociated:
        return waves
    return replace(waves, p=Wave(*np.full((3, waves.p.peak.size), ABSENT)))


def _wave_times(read: LeadRead) -> WaveTimes:
    waves = read.waves
    p, qrs, t = (_times_of(read, wave) for wave in (waves.p, waves.qrs, waves.t))
    return WaveTimes(p, qrs, t)


def _times_of(read: LeadRead, wave: Wave) -> NDArray[np.float64]:
    edges = np.stack([wave.onset, wave.peak, wave.end], axis=1)
    return np.where(edges == ABSENT, np.nan, read.seconds(edges))


def _complexes_of(complexes: Complexes, these: slice) -> Complexes:
    return replace(
        complexes,
        likeness=complexes.likeness[these],
        unlike=complexes.unlike[these],
        foreign=complexes.foreign[these],
        shift_s=complexes.shift_s[these],
    )


def _early_of(early: Early, these: slice) -> Early:
    narrow = early.narrow[these].copy()
    narrow[:1] = False  # what it would be early after is not shown
    return Early(narrow, early.wide[these], early.usual_rr_s[these])

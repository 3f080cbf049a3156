"""Putting what was found on a lead into findings: verdict, number, confidence, words and places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.atria import AtrialActivity
from rhythmtrainer.ecg.evidence.complexes import Complexes
from rhythmtrainer.ecg.evidence.premature import Early, pattern_of, pauses
from rhythmtrainer.ecg.evidence.qrs_width import GREY_S, WIDE_S, WidthFound
from rhythmtrainer.ecg.pacing import LOWEST_RATE, find_spikes, spikes_in_wide_complexes
from rhythmtrainer.ecg.quality import quality
from rhythmtrainer.model import (
    Baseline,
    EarlyBeats,
    Finding,
    Pacing,
    Pattern,
    Pauses,
    PrRelation,
    PWaves,
    QrsWidth,
    Step,
    Strip,
    Waves,
)

_SPIKE_S = 0.02  # to each side of a spike
_BEAT_S = 0.15  # to each side of an early beat
_P_S = 0.06  # to each side of a P wave's peak
_MOST_PLACES = 12  # stretches that show the same thing
_MOSTLY = 0.5  # of the seconds
_LEAST_OVERLAP_S = 0.25  # of a second that is shown in part

# Shares of such verdicts that agreed with the annotations in the benchmark (``python -m tests.bench
# evidence``); couplets and runs, and the baseline, have no labels there, and a guess instead.
_EARLY_RIGHT = {
    EarlyBeats.NONE: 0.97,
    EarlyBeats.WIDE: 0.85,
    EarlyBeats.NARROW: 0.7,
    EarlyBeats.BOTH: 0.6,
}
_PATTERN_RIGHT = {
    Pattern.NONE: 0.99,
    Pattern.BIGEMINAL: 0.95,
    Pattern.TRIGEMINAL: 0.9,
    Pattern.COUPLETS: 0.7,
    Pattern.RUNS: 0.7,
}
_PAUSE_RIGHT, _NO_PAUSE_RIGHT = 0.9, 0.99
_SPIKES_RIGHT = 0.98
_BASELINE_RIGHT = 0.9

_Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class LeadRead:
    """What was found on the lead; arrays that go with beats cover the shown ones only."""

    signal: NDArray[np.float32]
    fs: float
    first_s: float
    shown_s: tuple[float, float]
    beats: NDArray[np.int64]
    rr_s: NDArray[np.float64]
    waves: Waves
    complexes: Complexes
    early: Early
    width: WidthFound
    atria: AtrialActivity

    def seconds(self, samples: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return times from the recording's first sample."""
        return self.first_s + samples / self.fs

    def around(self, samples: NDArray[np.int64], reach_s: float) -> _Spans:
        """Stretches around samples, inside what is shown."""
        return self.spans(self.seconds(samples) - reach_s, self.seconds(samples) + reach_s)

    def spans(self, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> _Spans:
        """Return stretches, cut at the edges of what is shown."""
        low, high = self.shown_s
        pairs = zip(
            np.clip(starts, low, high).tolist(), np.clip(ends, low, high).tolist(), strict=True
        )
        return tuple((start, end) for start, end in pairs if end > start)[:_MOST_PLACES]


def p_finding(read: LeadRead) -> Finding:
    """Say how P waves or flutter waves stand to the QRS complexes."""
    atria = read.atria
    words = {
        PWaves.ONE_PER_QRS: "P wave before every QRS",
        PWaves.MORE_THAN_ONE: "more P waves than QRS complexes",
        PWaves.ABSENT: "no P waves",
        PWaves.CANNOT_TELL: "P waves: cannot tell",
    }[atria.p_waves]
    if atria.p_waves is PWaves.ONE_PER_QRS and read.early.wide.any():
        words = "P wave before every usual QRS"
    if atria.flutter:
        words = "flutter waves, no P waves"
    if atria.dissociated:
        words += ", unrelated to them"
    if atria.atrial_rate_bpm is not None and atria.p_waves is PWaves.MORE_THAN_ONE:
        words += f", {atria.atrial_rate_bpm:.0f}/min"
    told = atria.p_waves is not PWaves.CANNOT_TELL
    return Finding(
        step=Step.P_WAVES,
        verdict=atria.p_waves,
        number=atria.atrial_rate_bpm,
        unit="/min",
        confidence=atria.p_confidence if told else 0.0,
        text=words,
        where=read.around(atria.p_peaks, _P_S),
    )


def pr_finding(read: LeadRead) -> Finding:
    """Say how long the PR interval is and how it behaves."""
    atria = read.atria
    known = np.isfinite(atria.pr_s)
    if atria.pr is PrRelation.CANNOT_TELL or not known.any():
        none = atria.p_waves is PWaves.ABSENT
        words = "PR: none to measure" if none else "PR: cannot tell"
        return Finding(Step.PR, PrRelation.CANNOT_TELL, None, "s", 0.0, words)
    pr = atria.pr_s[known]
    usual = float(np.median(pr))
    if atria.pr is PrRelation.CONSTANT:
        words = f"PR {usual:.2f} s, constant"
    else:
        words = f"PR {pr.min():.2f}-{pr.max():.2f} s, {atria.pr.value}"
    onset = read.waves.qrs.onset[known]
    ends = read.seconds(onset)
    return Finding(
        step=Step.PR,
        verdict=atria.pr,
        number=usual,
        unit="s",
        confidence=atria.pr_confidence,
        text=words,
        where=read.spans(ends - pr, ends),
    )


def qrs_finding(read: LeadRead) -> Finding:
    """Say whether the usual complexes are narrow or wide."""
    width, qrs = read.width, read.waves.qrs
    seconds = "" if width.seconds is None else f" {width.seconds:.2f} s"
    told = width.verdict is not QrsWidth.CANNOT_TELL
    words = f"QRS{seconds}: {width.verdict.value}"
    if told and not seconds:
        words += ", no line between the complexes"
    if not told and seconds:
        words = f"QRS {GREY_S:.2f}-{WIDE_S:.2f} s: between narrow and wide"
    usual = qrs.present & ~read.complexes.unlike
    return Finding(
        step=Step.QRS,
        verdict=width.verdict,
        number=width.seconds,
        unit="s",
        confidence=width.confidence,
        text=words,
        where=read.spans(read.seconds(qrs.onset[usual]), read.seconds(qrs.end[usual])),
    )


def early_findings(read: LeadRead, early: Early, *, ordered: bool) -> tuple[Finding, Finding]:
    """Say which beats are early, and how they follow each other.

    Parameters
    ----------
    ordered
        Whether it is known if the rhythm has an order: if not, a beat of the usual form may be
        early, or just one of many uneven ones.
    """
    if not ordered and early.narrow.any():
        text = "early beats: cannot tell, the rhythm is uneven"
        return (
            Finding(Step.EARLY_BEATS, EarlyBeats.CANNOT_TELL, None, "beats", 0.0, text),
            Finding(Step.PATTERN, Pattern.CANNOT_TELL, None, "", 0.0, text),
        )
    narrow, wide = bool(early.narrow.any()), bool(early.wide.any())
    verdict = {
        (False, False): EarlyBeats.NONE,
        (True, False): EarlyBeats.NARROW,
        (False, True): EarlyBeats.WIDE,
        (True, True): EarlyBeats.BOTH,
    }[narrow, wide]
    count = int(np.count_nonzero(early.any))
    times = read.seconds(read.beats[early.any])
    beats = Finding(
        step=Step.EARLY_BEATS,
        verdict=verdict,
        number=float(count),
        unit="beats",
        confidence=_EARLY_RIGHT[verdict],
        text=_early_text(read, early, times),
        where=read.around(read.beats[early.any], _BEAT_S),
    )
    found = pattern_of(early.any)
    pattern = Finding(
        step=Step.PATTERN,
        verdict=found,
        number=None,
        unit="",
        confidence=_PATTERN_RIGHT[found],
        text="no pattern of early beats" if found is Pattern.NONE else f"early beats {found.value}",
        where=beats.where if found is not Pattern.NONE else (),
    )
    return beats, pattern


def _early_text(read: LeadRead, early: Early, times: NDArray[np.float64]) -> str:
    if times.size == 0:
        return "no early beats"
    kinds = []
    for mask, name in ((early.narrow, "narrow"), (early.wide, "wide")):
        at = read.seconds(read.beats[mask])
        if at.size == 1:
            kinds.append(f"early {name} beat at {at[0] - read.shown_s[0]:.1f} s")
        elif at.size > 1:
            kinds.append(f"{at.size} early {name} beats")
    return ", ".join(kinds)


def pauses_finding(read: LeadRead) -> Finding:
    """Say where beats are missing."""
    if not np.isfinite(read.rr_s).any():
        return Finding(Step.PAUSES, Pauses.CANNOT_TELL, None, "s", 0.0, "pauses: cannot tell")
    gaps = pauses(read.rr_s)
    starts = read.seconds(read.beats[gaps])
    ends = read.seconds(read.beats[gaps + 1])
    longest = float(read.rr_s[gaps].max()) if gaps.size else None
    if gaps.size:
        at = starts[int(read.rr_s[gaps].argmax())] - read.shown_s[0]
        text = f"pause of {longest:.1f} s at {at:.1f} s"
    else:
        text = "no pauses"
    verdict = Pauses.PRESENT if gaps.size else Pauses.NONE
    sure = _PAUSE_RIGHT if gaps.size else _NO_PAUSE_RIGHT
    return Finding(Step.PAUSES, verdict, longest, "s", sure, text, read.spans(starts, ends))


def pacing_finding(read: LeadRead) -> Finding:
    """Say whether a pacemaker's spikes are seen."""
    if read.fs < LOWEST_RATE:
        text = f"pacing spikes: cannot tell at {read.fs:g} samples per second"
        return Finding(Step.PACING, Pacing.CANNOT_TELL, None, "", 0.0, text)
    wide = read.width.verdict is not QrsWidth.NARROW
    spikes = find_spikes(read.signal, read.fs, read.beats, wide=wide)
    if spikes.size == 0 and read.width.verdict is QrsWidth.WIDE:
        spikes = spikes_in_wide_complexes(read.signal, read.fs, read.waves.qrs)
    seen = spikes.size > 0
    return Finding(
        step=Step.PACING,
        verdict=Pacing.SPIKES if seen else Pacing.NONE,
        number=float(spikes.size),
        unit="spikes",
        confidence=_SPIKES_RIGHT,
        text="pacing spikes" if seen else "no pacing spikes seen",
        where=read.around(spikes, _SPIKE_S),
    )


def baseline_finding(strip: Strip, lead: int, shown: tuple[float, float]) -> Finding:
    """Say which part of what is shown can be read."""
    judged = quality(strip.signal[lead], strip.fs)
    starts = strip.start_s + np.arange(judged.usable.shape[1])
    ends = starts + 1.0
    overlap = np.minimum(ends, shown[1]) - np.maximum(starts, shown[0])
    inside = overlap >= _LEAST_OVERLAP_S
    if not inside.any():
        text = "baseline: cannot tell"
        return Finding(Step.BASELINE, Baseline.CANNOT_TELL, None, "", 0.0, text)
    share = float(judged.usable[0, inside].mean())
    causes = {
        name: mask[0, inside]
        for name, mask in (
            ("gaps", judged.missing),
            ("a flat line", judged.flat),
            ("clipping", judged.clipped | judged.saturated),
            ("motion", judged.motion),
            ("mains hum", judged.mains),
            ("noise", judged.noisy),
        )
        if mask[0, inside].any()
    }
    disturbed = np.logical_or.reduce([~judged.usable[0, inside], *causes.values()])
    if share < _MOSTLY:
        verdict, words = Baseline.UNREADABLE, "baseline mostly unreadable"
    elif causes:
        verdict, words = Baseline.DISTURBED, f"baseline disturbed by {' and '.join(causes)}"
    else:
        verdict, words = Baseline.CLEAN, "baseline clean"
    where = tuple(
        (max(start, shown[0]), min(end, shown[1]))
        for start, end in zip(
            starts[inside][disturbed].tolist(), ends[inside][disturbed].tolist(), strict=True
        )
    )
    return Finding(
        Step.BASELINE, verdict, share, "of it usable", _BASELINE_RIGHT, words, where[:_MOST_PLACES]
    )


def nothing_told() -> tuple[Finding, ...]:
    """Return a finding that cannot tell for each step after rate and regularity."""
    return tuple(
        Finding(step, verdict, None, "", 0.0, f"{name}: cannot tell")
        for step, verdict, name in (
            (Step.P_WAVES, PWaves.CANNOT_TELL, "P waves"),
            (Step.PR, PrRelation.CANNOT_TELL, "PR"),
            (Step.QRS, QrsWidth.CANNOT_TELL, "QRS"),
            (Step.EARLY_BEATS, EarlyBeats.CANNOT_TELL, "early beats"),
            (Step.PATTERN, Pattern.CANNOT_TELL, "pattern of early beats"),
            (Step.PAUSES, Pauses.CANNOT_TELL, "pauses"),
            (Step.PACING, Pacing.CANNOT_TELL, "pacing spikes"),
        )
    )

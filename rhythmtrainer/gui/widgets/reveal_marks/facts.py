"""What a measurement is sure enough of to be drawn on the strip."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    EarlyBeats,
    Finding,
    Measurement,
    Pattern,
    PWaves,
    Regularity,
    Step,
)

Times = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FLUTTER_BPM: Final = 200.0
"""Atrial waves that outnumber the beats at this rate or above follow each other without a pause."""

_SAME_P_S: Final = 0.09  # two ways to find a P wave agree
_SAME_PR_S: Final = 0.05
_OWN_P_S: Final = 0.15  # nearer to a P wave that leads to a beat lies no other
_LONGEST_PR_S: Final = 0.5
_SHORTEST_PR_S: Final = 0.05
_SAME_BEAT_S: Final = 0.16
_SAME_TIME_S: Final = 0.02
_P_TO_QRS_S: Final = (0.24, 0.04)  # before the QRS complex: where a P wave is expected
_LEAST_QUIET_S: Final = 0.08
_LEAST_ST_T_S: Final = 0.2  # behind a QRS complex there is a T wave, seen or not
_CLEARLY_EARLY_S: Final = 0.08
_FEWEST_USUAL: Final = 2
_FASTEST_WITH_T_S: Final = 0.45  # RR interval below which T waves merge with what follows


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The times of all that is marked, in seconds from the recording's first sample.

    Attributes
    ----------
    shown
        First and last second that were measured.
    beats, rr
        R peaks, and the intervals between them: NaN across a gap.
    early, due
        For each beat whether it came before its time, and when it was due: NaN where no steady
        rhythm tells.
    pattern
        How early beats follow each other; None where they follow no order.
    pauses
        For each interval whether it is a pause.
    p
        Onset, peak and end of the P waves that lead to a beat, shape ``(P waves, 3)``.
    bare_p
        Peaks of P waves that lead to a beat and whose edges are not known.
    dropped, marching, flutter
        Peaks of P waves that lead to no beat, of those that keep their own time, and of flutter
        waves.
    quiet
        Where a P wave is expected and none is seen, shape ``(beats, 2)``.
    pr
        PR intervals as pairs of seconds, shape ``(intervals, 2)``.
    qrs, t
        Onset, peak and end, shape ``(waves, 3)``; of the QRS complexes, those of early beats too.
    early_qrs
        For each of the complexes whether its beat is early.
    """

    shown: tuple[float, float]
    beats: Times
    rr: Times
    early: Mask
    due: Times
    pattern: Pattern | None
    pauses: Mask
    p: Times
    bare_p: Times
    dropped: Times
    marching: Times
    flutter: Times
    quiet: Times
    pr: Times
    qrs: Times
    early_qrs: Mask
    t: Times
    spikes: Times
    disturbed: tuple[tuple[float, float], ...]

    @property
    def usual_rr(self) -> float:
        """The median of the known intervals; NaN without any."""
        known = self.rr[np.isfinite(self.rr)]
        return float(np.median(known)) if known.size else float("nan")


def facts_of(measurement: Measurement) -> Facts:
    """Choose what is drawn: nothing that was not told, and nothing that contradicts the rest."""
    beats, rr = measurement.beats_s, measurement.rr_s
    early = _early(measurement)
    p_rows, qrs, t = _waves(measurement)
    finding = measurement.finding(Step.P_WAVES)
    verdict = finding.verdict if finding else PWaves.CANNOT_TELL
    flutter = bool(
        verdict is PWaves.MORE_THAN_ONE
        and finding
        and finding.number
        and finding.number >= _FLUTTER_BPM
    )
    told = verdict in (PWaves.ONE_PER_QRS, PWaves.MORE_THAN_ONE) and not flutter
    leading = _believed(p_rows, qrs, measurement.p_s, early) if told else np.zeros(beats.size, bool)
    marching = verdict is PWaves.MORE_THAN_ONE and not flutter and not np.isfinite(p_rows).any()
    rest = verdict is PWaves.MORE_THAN_ONE and not flutter and not marching
    nothing = np.empty(0, np.float64)
    dropped = _dropped(measurement.p_s, p_rows[leading, 1], beats) if rest else nothing
    with_t = _usual(rr) >= _FASTEST_WITH_T_S and not flutter
    return Facts(
        shown=_shown(measurement),
        beats=beats,
        rr=rr,
        early=early,
        due=_due(beats, rr, early),
        pattern=_pattern(measurement),
        pauses=_starting(beats[:-1], _where(measurement, Step.PAUSES)),
        p=p_rows[leading],
        bare_p=_bare(measurement, p_rows[leading, 1], dropped, early)
        if told and not marching
        else nothing,
        dropped=dropped,
        marching=measurement.p_s if marching else nothing,
        flutter=measurement.p_s if flutter else nothing,
        quiet=_quiet(qrs, t) if verdict is PWaves.ABSENT else np.empty((0, 2), np.float64),
        pr=_pr(measurement, p_rows, qrs, leading),
        qrs=_known(qrs),
        early_qrs=early[np.isfinite(qrs).all(axis=1)],
        t=_known(t) if with_t else np.empty((0, 3), np.float64),
        spikes=np.array([sum(span) / 2 for span in _where(measurement, Step.PACING)]),
        disturbed=_where(measurement, Step.BASELINE),
    )


def early_word(finding: Finding | None) -> str:
    """Say how wide early beats are, where all are alike."""
    words = {EarlyBeats.WIDE: "wide", EarlyBeats.NARROW: "narrow"}
    return words.get(EarlyBeats(finding.verdict), "") if finding else ""


def is_regular(measurement: Measurement) -> bool:
    """Whether the intervals between the beats were found to be even."""
    return measurement.regularity is Regularity.REGULAR


def _where(measurement: Measurement, step: Step) -> tuple[tuple[float, float], ...]:
    finding = measurement.finding(step)
    return finding.where if finding and finding.notable else ()


def _shown(measurement: Measurement) -> tuple[float, float]:
    spans = _where(measurement, Step.RATE)
    if spans:
        return spans[0]
    beats = measurement.beats_s
    return (float(beats[0]), float(beats[-1])) if beats.size else (0.0, 0.0)


def _usual(rr: Times) -> float:
    known = rr[np.isfinite(rr)]
    return float(np.median(known)) if known.size else float("inf")


def _waves(measurement: Measurement) -> tuple[Times, Times, Times]:
    """Return the rows of each beat, all NaN where the measurement has none."""
    if measurement.waves is not None:
        return measurement.waves.p, measurement.waves.qrs, measurement.waves.t
    none = np.full((measurement.beats_s.size, 3), np.nan)
    return none, none, none


def _known(rows: Times) -> Times:
    return np.asarray(rows[np.isfinite(rows).all(axis=1)])


def _early(measurement: Measurement) -> Mask:
    """Find the beats to which the places of the finding belong."""
    beats = measurement.beats_s
    early = np.zeros(beats.size, np.bool_)
    for start, end in _where(measurement, Step.EARLY_BEATS):
        inside = np.flatnonzero((beats >= start) & (beats <= end))
        if inside.size:
            middle = (start + end) / 2
            nearest = inside[np.abs(beats[inside] - middle).argmin()]
            early[nearest] = abs(beats[nearest] - middle) <= _SAME_BEAT_S
    return early


def _pattern(measurement: Measurement) -> Pattern | None:
    finding = measurement.finding(Step.PATTERN)
    return Pattern(finding.verdict) if finding and finding.notable else None


def _due(beats: Times, rr: Times, early: Mask) -> Times:
    """Tell when early beats were due, where intervals between usual beats tell it."""
    due = np.full(beats.size, np.nan)
    usual = rr[np.isfinite(rr) & ~(early[1:] | early[:-1])]
    if usual.size < _FEWEST_USUAL:
        return due
    after_usual = np.flatnonzero(early[1:] & ~early[:-1]) + 1
    expected = beats[after_usual - 1] + np.median(usual)
    clear = expected - beats[after_usual] >= _CLEARLY_EARLY_S
    due[after_usual[clear]] = expected[clear]
    return due


def _starting(starts: Times, spans: tuple[tuple[float, float], ...]) -> Mask:
    found = np.zeros(starts.size, np.bool_)
    for start, _ in spans:
        found |= np.abs(starts - start) <= _SAME_TIME_S
    return found


def _believed(p: Times, qrs: Times, all_p_s: Times, early: Mask) -> Mask:
    """Mark the beats whose P wave was found twice, or lies where those of the others lie."""
    present = np.isfinite(p).all(axis=1)
    twice = present & (_distance(p[:, 1], all_p_s) <= _SAME_P_S)
    if not twice.any():
        return twice
    pr = qrs[:, 0] - p[:, 0]
    usual = np.nanmedian(pr[twice]) if np.isfinite(pr[twice]).any() else np.nan
    return np.asarray(twice | (present & ~early & (np.abs(pr - usual) <= _SAME_PR_S)))


def _distance(times: Times, others: Times) -> Times:
    """Return how far each time lies from the nearest of others; infinity where that is unknown."""
    if others.size == 0:
        return np.full(times.size, np.inf)
    apart = np.abs(times[:, None] - others[None, :]).min(axis=1)
    return np.where(np.isfinite(apart), apart, np.inf)


def _dropped(all_p_s: Times, leading_s: Times, beats: Times) -> Times:
    """Return the P waves behind which the next P wave comes before the next beat."""
    if all_p_s.size == 0:
        return all_p_s
    next_p = np.append(all_p_s[1:], np.nan)
    place = np.searchsorted(beats, all_p_s)
    next_beat = np.append(beats, np.inf)[place]
    alone = (next_p < next_beat) & (next_beat - all_p_s > _LONGEST_PR_S)
    return np.asarray(all_p_s[alone & (_distance(all_p_s, leading_s) > _OWN_P_S)])


def _bare(measurement: Measurement, leading_s: Times, dropped: Times, early: Mask) -> Times:
    """Return the P waves whose edges were not found, where a beat follows at the right distance."""
    all_p_s, beats = measurement.p_s, measurement.beats_s
    if all_p_s.size == 0:
        return all_p_s
    finding = measurement.finding(Step.EARLY_BEATS)
    narrow = finding is not None and finding.verdict is EarlyBeats.NARROW
    may_follow = beats if narrow else beats[~early]
    place = np.searchsorted(beats, all_p_s)
    next_beat = np.append(beats, np.inf)[place]
    ahead = next_beat - all_p_s
    follows = (ahead >= _SHORTEST_PR_S) & (ahead <= _LONGEST_PR_S) & np.isin(next_beat, may_follow)
    others = _distance(all_p_s, np.append(leading_s, dropped))
    return np.asarray(all_p_s[follows & (others > _OWN_P_S)])


def _quiet(qrs: Times, t: Times) -> Times:
    """Return the stretch before each QRS complex, behind the T wave, where a P wave would be."""
    ends = qrs[:, 0] - _P_TO_QRS_S[1]
    starts = qrs[:, 0] - _P_TO_QRS_S[0]
    rest = np.fmax(t[:-1, 2], qrs[:-1, 2] + _LEAST_ST_T_S)
    starts[1:] = np.fmax(starts[1:], rest)
    spans = np.stack([starts, ends], axis=1)
    return np.asarray(spans[spans[:, 1] - spans[:, 0] >= _LEAST_QUIET_S])


def _pr(measurement: Measurement, p: Times, qrs: Times, leading: Mask) -> Times:
    """Return the PR intervals where their length was told."""
    finding = measurement.finding(Step.PR)
    lasting = measurement.intervals
    if finding is None or not finding.told or lasting is None or finding.number is None:
        return np.empty((0, 2), np.float64)
    spans = np.stack([p[:, 0], qrs[:, 0]], axis=1)
    length = spans[:, 1] - spans[:, 0]
    sound = (length >= _SHORTEST_PR_S) & (length <= _LONGEST_PR_S)
    return np.asarray(spans[leading & sound])

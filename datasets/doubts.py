"""Tell what was measured in a window of a span and does not fit its label. It decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer import paths
from rhythmtrainer.content import load_rhythms
from rhythmtrainer.ecg.matching import match_beats
from rhythmtrainer.model import (
    Baseline,
    EarlyBeats,
    Measurement,
    Pacing,
    Pattern,
    Pauses,
    Rhythm,
    RhythmId,
    Span,
    Step,
)
from rhythmtrainer.training.explain import contradictions

BEATS = "reference beats"
RECORD_RATE = "rate on record"
TAUGHT_RATE = "rate of the rhythm"
"""What is compared besides the steps of reading."""

_SINUS = frozenset(
    {
        RhythmId.NORMAL_SINUS_RHYTHM,
        RhythmId.SINUS_BRADYCARDIA,
        RhythmId.SINUS_TACHYCARDIA,
        RhythmId.SINUS_ARRHYTHMIA,
    }
)
_EVEN = _SINUS | {RhythmId.AVB1, RhythmId.BBB, RhythmId.WPW, RhythmId.AVB2_2TO1}
_VENTRICULAR_ECTOPY = frozenset(
    {
        RhythmId.PVC_UNIFORM,
        RhythmId.PVC_MULTIFORM,
        RhythmId.PVC_COUPLET,
        RhythmId.R_ON_T,
        RhythmId.NSVT,
        RhythmId.VENTRICULAR_BIGEMINY,
        RhythmId.VENTRICULAR_TRIGEMINY,
    }
)
_PACED = frozenset({RhythmId.PACED_ATRIAL, RhythmId.PACED_VENTRICULAR, RhythmId.PACED_DUAL})
_NOISE = frozenset({RhythmId.ARTIFACT})

# Steps for which the taught readings of a rhythm name no verdict: which of them fit, of whom.
_BESIDES: tuple[tuple[Step, frozenset[StrEnum], frozenset[RhythmId]], ...] = (
    (Step.EARLY_BEATS, frozenset({EarlyBeats.NONE}), _EVEN),
    (Step.EARLY_BEATS, frozenset({EarlyBeats.NARROW, EarlyBeats.BOTH}), frozenset({RhythmId.PAC})),
    (Step.EARLY_BEATS, frozenset({EarlyBeats.WIDE, EarlyBeats.BOTH}), _VENTRICULAR_ECTOPY),
    (Step.PATTERN, frozenset({Pattern.BIGEMINAL}), frozenset({RhythmId.VENTRICULAR_BIGEMINY})),
    (Step.PATTERN, frozenset({Pattern.TRIGEMINAL}), frozenset({RhythmId.VENTRICULAR_TRIGEMINY})),
    (Step.PATTERN, frozenset({Pattern.COUPLETS}), frozenset({RhythmId.PVC_COUPLET})),
    (Step.PATTERN, frozenset({Pattern.RUNS}), frozenset({RhythmId.NSVT})),
    (Step.PAUSES, frozenset({Pauses.PRESENT}), frozenset({RhythmId.SINUS_PAUSE_ARREST})),
    (Step.PAUSES, frozenset({Pauses.NONE}), _EVEN - {RhythmId.SINUS_BRADYCARDIA}),
    (Step.PACING, frozenset({Pacing.SPIKES}), _PACED),
    (Step.PACING, frozenset({Pacing.NONE}), frozenset(RhythmId) - _PACED - _NOISE),
    (
        Step.BASELINE,
        frozenset({Baseline.CLEAN, Baseline.DISTURBED}),
        frozenset(RhythmId) - _NOISE,
    ),
)

# The PR interval that divides, and how far beyond it a contradiction counts in full.
_LONGEST_PR_S, _PR_MARGIN_S = 0.20, 0.04
# A window may differ from the mean of its span by so much, and does so in full from there on.
_RATE_SHARE, _WRONG_RATE_SHARE = 0.15, 0.45
# A rhythm's range is taught in round numbers: so far beyond it counts in full.
_RATE_MARGIN_BPM = 15.0
# A beat that was found belongs to a reference beat so near to it.
_SAME_BEAT_S = 0.15
_BEATS_AT_THE_ENDS = 2
# What fits an answer that is accepted as well contradicts by half.
_EXCUSED = 0.5


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something measured that does not fit the label.

    Attributes
    ----------
    step
        A step of reading, or one of `BEATS`, `RECORD_RATE` and `TAUGHT_RATE`.
    strength
        0 to 1: how far it is from fitting, or how sure the verdict is.
    """

    step: str
    strength: float
    text: str


def against(
    span: Span, measured: Measurement, beats_s: NDArray[np.float64]
) -> tuple[Contradiction, ...]:
    """Return what was measured in a window of a span and does not fit the label.

    Parameters
    ----------
    beats_s
        Times of the reference beats in the window, in seconds; empty where there are none.
    """
    return tuple(_against(span, measured, beats_s))


def _against(
    span: Span, measured: Measurement, beats_s: NDArray[np.float64]
) -> Iterator[Contradiction]:
    yield from _unlike_taught(span, measured)
    yield from _unlike_besides(span, measured)
    yield from _pr_beyond(span, measured)
    yield from _rate_beyond(span, measured)
    yield from _other_beats(measured, beats_s)


def _unlike_taught(span: Span, measured: Measurement) -> Iterator[Contradiction]:
    for finding in contradictions(_rhythms()[span.rhythm], measured):
        excused = any(_rhythms()[other].agrees_with(finding) for other in span.accepted)
        yield Contradiction(
            finding.step, finding.confidence * (_EXCUSED if excused else 1.0), finding.text
        )


def _unlike_besides(span: Span, measured: Measurement) -> Iterator[Contradiction]:
    for step, fitting, rhythms in _BESIDES:
        finding = measured.finding(step)
        if (
            span.rhythm in rhythms
            and finding is not None
            and finding.told
            and finding.verdict not in fitting
        ):
            yield Contradiction(step, finding.confidence, finding.text)


def _pr_beyond(span: Span, measured: Measurement) -> Iterator[Contradiction]:
    finding = measured.finding(Step.PR)
    if finding is None or finding.number is None or RhythmId.AVB1 in span.accepted:
        return
    beyond = finding.number - _LONGEST_PR_S
    if span.rhythm is RhythmId.AVB1:
        beyond = -beyond
    elif span.rhythm not in _SINUS:
        return
    if beyond > 0:
        strength = finding.confidence * min(1.0, beyond / _PR_MARGIN_S)
        yield Contradiction(Step.PR, strength, finding.text)


def _rate_beyond(span: Span, measured: Measurement) -> Iterator[Contradiction]:
    rate = measured.rate_bpm
    if rate is None:
        return
    if span.rate_bpm is not None:
        off = abs(rate - span.rate_bpm) / span.rate_bpm
        if off > _RATE_SHARE:
            text = f"{rate:.0f}/min measured, {span.rate_bpm:.0f}/min on record"
            yield Contradiction(RECORD_RATE, min(1.0, off / _WRONG_RATE_SHARE), text)
    taught = _rhythms()[span.rhythm].rate_range
    if taught is not None and span.rate_bpm is not None:
        beyond = max(taught[0] - rate, rate - taught[1])
        if beyond > 0:
            text = f"{rate:.0f}/min measured, {taught[0]}-{taught[1]}/min taught"
            yield Contradiction(TAUGHT_RATE, min(1.0, beyond / _RATE_MARGIN_BPM), text)


def _other_beats(measured: Measurement, beats_s: NDArray[np.float64]) -> Iterator[Contradiction]:
    # Some databases annotate no beats near the ends of a recording, and at the ends of a window
    # one of a pair may lie outside.
    if beats_s.size <= _BEATS_AT_THE_ENDS:
        return
    first, last = beats_s[0] + _SAME_BEAT_S, beats_s[-1] - _SAME_BEAT_S
    found_s = measured.beats_s[(measured.beats_s > first) & (measured.beats_s < last)]
    match = match_beats(beats_s[1:-1], found_s, _SAME_BEAT_S)
    if match.f1 < 1.0:
        text = f"{match.false_negatives} beats missed, {match.false_positives} too many"
        yield Contradiction(BEATS, 1.0 - match.f1, text)


@cache
def _rhythms() -> Mapping[RhythmId, Rhythm]:
    return load_rhythms(paths.asset("content", "rhythms.toml"))

"""What is to be read off a simulated strip, as far as its truth and its rhythm imply anything.

The truth is written down as a cardiologist annotates a recording, so that the rules for real
recordings (`tests.bench.evidence_expected`) say what those beats imply; what is taught about the
rhythm says the rest. Where neither implies anything, nothing is scored.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.content import load_rhythms
from rhythmtrainer.model import Pacing, Pattern, Rhythm, RhythmId, Simulated, Step, Strip
from rhythmtrainer.model.simulated import Beginning, Truth
from rhythmtrainer.paths import asset
from tests.bench.criteria_observed import is_fusion
from tests.bench.evidence_expected import Expected, expected
from tests.bench.evidence_windows import CONTEXT_S, LabelledWindow

SHOWN_S: Final = 10.0
SIMULATED_S: Final = SHOWN_S + 2 * CONTEXT_S

SHOCK: Final = frozenset(
    {RhythmId.VF_COARSE, RhythmId.VENTRICULAR_FLUTTER, RhythmId.VT_MONOMORPHIC}
)
"""To be shocked; tachycardia from `FAST_VT` on."""
FAST_VT: Final = 150.0
EITHER: Final = frozenset(
    {
        RhythmId.VF_FINE,
        RhythmId.VT_POLYMORPHIC,
        RhythmId.TORSADES,
        RhythmId.NSVT,
        RhythmId.PREEXCITED_AF,
        RhythmId.ARTIFACT,
    }
)
"""Reported and not scored: between what must be shocked and what must not."""

UNREADABLE: Final = frozenset({RhythmId.ARTIFACT})
"""Nothing is to be read there."""

_ONE_SHAPE = "seeks P waves of one shape before the beats"
_TALL_STIMULI = "counts tall stimuli that nothing answers"
_LONE_WAVES = "takes the only waves on a quiet line for complexes"
BEYOND: Final[Mapping[tuple[RhythmId, Step], str]] = {
    (RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA, Step.P_WAVES): _ONE_SHAPE,
    (RhythmId.WANDERING_ATRIAL_PACEMAKER, Step.P_WAVES): _ONE_SHAPE,
    (RhythmId.AVB3, Step.P_WAVES): "finds few P waves that march through",
    (RhythmId.SVT, Step.P_WAVES): "takes what every beat brings for flutter waves from 190/min on",
    (RhythmId.FAILURE_TO_CAPTURE, Step.RATE): _TALL_STIMULI,
    (RhythmId.FAILURE_TO_SENSE, Step.RATE): "misses paced complexes on the T wave before them",
    (RhythmId.VENTRICULAR_STANDSTILL, Step.RATE): _LONE_WAVES,
    (RhythmId.VENTRICULAR_STANDSTILL, Step.REGULARITY): _LONE_WAVES,
    (RhythmId.VENTRICULAR_STANDSTILL, Step.QRS): _LONE_WAVES,
}
"""Where the measurement is wrong, also on strips without any noise: no part of the goal."""

# Around 0.12 s, where the placing of a mark decides, a complex is neither narrow nor wide.
_SURELY_NARROW_S, _SURELY_WIDE_S = 0.115, 0.125
_EARLY = 0.9
_T_S = 0.2
# The measurement looks for spikes ahead of the beats, and believes them ahead of half of them.
_MOSTLY_PACED, _SPIKE_BEFORE_S = 0.6, 0.28
_SHORTEST_S = 4.0
_USUAL, _WIDE, _UNSURE, _PACED = "N", "L", "Q", "/"
_PATTERNS: Final[Mapping[RhythmId, Pattern]] = {
    RhythmId.VENTRICULAR_BIGEMINY: Pattern.BIGEMINAL,
    RhythmId.VENTRICULAR_TRIGEMINY: Pattern.TRIGEMINAL,
    RhythmId.PVC_COUPLET: Pattern.COUPLETS,
    RhythmId.NSVT: Pattern.RUNS,
}
# No beat of these is the usual one from which another could be told as early.
_NOT_EARLY = (Step.EARLY_BEATS, Step.PATTERN)
_NOT_IMPLIED: Final[Mapping[RhythmId, tuple[Step, ...]]] = {
    RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA: _NOT_EARLY,
    RhythmId.WANDERING_ATRIAL_PACEMAKER: _NOT_EARLY,
    RhythmId.PREEXCITED_AF: _NOT_EARLY,
    # Three to one with a two to one now and then, and a paced rhythm with beats of the patient's
    # own: there are early ones, whatever the symbols are.
    RhythmId.ATRIAL_FLUTTER: _NOT_EARLY,
    RhythmId.PACED_VENTRICULAR: _NOT_EARLY,
    # At such rates three small boxes are no measure of what is even.
    RhythmId.VT_POLYMORPHIC: (Step.REGULARITY, *_NOT_EARLY),
    RhythmId.TORSADES: (Step.REGULARITY, *_NOT_EARLY),
    RhythmId.FAILURE_TO_SENSE: _NOT_EARLY,
    RhythmId.FAILURE_TO_CAPTURE: _NOT_EARLY,
    RhythmId.FAILURE_TO_PACE: _NOT_EARLY,
}
_BEGIN_WITH_ANOTHER: Final = frozenset({RhythmId.VT_POLYMORPHIC, RhythmId.TORSADES})
# Labels of databases under which the rules for real recordings know what has no beats.
_WITHOUT_BEATS: Final = {
    RhythmId.VF_COARSE: "(VF",
    RhythmId.VF_FINE: "(VF",
    RhythmId.ASYSTOLE: "(ASYS",
    RhythmId.VENTRICULAR_STANDSTILL: "(ASYS",
}


def rhythms_taught() -> Mapping[RhythmId, Rhythm]:
    """Return what is taught about each rhythm."""
    return load_rhythms(asset("content", "rhythms.toml"))


def window_of(made: Simulated, rhythm: RhythmId, strip: Strip) -> LabelledWindow | None:
    """Return the seconds that are shown, annotated; None where they show too little of the rhythm.

    Parameters
    ----------
    strip
        One lead of the simulated strip.
    """
    start_s, end_s = CONTEXT_S, strip.duration_s - CONTEXT_S
    truth = made.truth
    if rhythm in _BEGIN_WITH_ANOTHER:
        first_s, last_s = _longest_run(truth)
        start_s, end_s = max(start_s, first_s), min(end_s, last_s)
        if end_s - start_s < _SHORTEST_S:
            return None
    inside = (truth.qrs_s >= start_s) & (truth.qrs_s < end_s)
    before = truth.qrs_s[truth.qrs_s < start_s]
    label = _WITHOUT_BEATS.get(rhythm)
    symbols = _annotated(truth, rhythm)
    return LabelledWindow(
        database="vfdb" if label else "mitdb",
        record=f"simulated-{rhythm}",
        patient="",
        labels=(label or "(N",),
        strip=strip,
        start_s=start_s,
        end_s=end_s,
        beats_s=None if label else truth.qrs_s[inside],
        symbols=() if label else tuple(symbols[inside].tolist()),
        before_s=float(before[-1]) if before.size else float("nan"),
    )


def implied(window: LabelledWindow, truth: Truth, rhythm: Rhythm) -> Expected:
    """Return the verdicts that agree with the truth, for each finding that it implies."""
    if rhythm.id in UNREADABLE:
        return {}
    found = dict(expected(window))
    if rhythm.id not in _WITHOUT_BEATS:
        # The label says nothing here: the rhythm's own lesson stands in its place.
        for step in (Step.RATE, Step.P_WAVES, Step.PR):
            found.pop(step, None)
        for step, taught in rhythm.agreeing.items():
            from_beats = found.get(step, taught)
            found[step] = from_beats & taught or from_beats
    if rhythm.id in _PATTERNS:
        found[Step.PATTERN] = frozenset({_PATTERNS[rhythm.id]})
    for step in _NOT_IMPLIED.get(rhythm.id, ()):
        found.pop(step, None)
    found.pop(Step.PACING, None)
    if not truth.spikes_s.size:
        found[Step.PACING] = frozenset({Pacing.NONE})
    elif _share_paced(window, truth) > _MOSTLY_PACED:
        found[Step.PACING] = frozenset({Pacing.SPIKES})
    return found


def shock_wanted(window: LabelledWindow, rhythm: RhythmId) -> bool | None:
    """Return whether a shock is to be advised; None where either answer is accepted."""
    if rhythm in EITHER:
        return None
    if rhythm is RhythmId.VT_MONOMORPHIC and window.beats_s is not None:
        return True if 60.0 / float(np.diff(window.beats_s).mean()) >= FAST_VT else None
    return rhythm in SHOCK


def _share_paced(window: LabelledWindow, truth: Truth) -> float:
    """Return the share of the beats that a stimulus comes shortly before."""
    if window.beats_s is None or not window.beats_s.size:
        return 0.0
    since = np.subtract.outer(window.beats_s, truth.spikes_s)
    return float(((since >= 0) & (since < _SPIKE_BEFORE_S)).any(axis=1).mean())


def _annotated(truth: Truth, rhythm: RhythmId) -> NDArray[np.str_]:
    """Return the code of mitdb for each complex."""
    width = truth.qrs_end_s - truth.qrs_s
    symbols = np.full(width.size, _UNSURE)
    symbols[width < _SURELY_NARROW_S] = _USUAL
    symbols[width >= _SURELY_WIDE_S] = _WIDE
    sinus = truth.qrs_beginning == Beginning.SINUS
    usual = float(np.median(np.diff(truth.qrs_s))) if width.size > 1 else np.nan
    early = np.diff(truth.qrs_s, prepend=-np.inf) < _EARLY * usual
    if sinus.any():
        narrow = width < _SURELY_WIDE_S
        odd = early & (truth.qrs_beginning == Beginning.ATRIA)
        symbols[odd] = np.where(narrow[odd], "A", "a")
        junctional = truth.qrs_beginning == Beginning.JUNCTION
        symbols[junctional] = np.where(early[junctional], "J", "j")
    ventricular = truth.qrs_beginning == Beginning.VENTRICLES
    symbols[ventricular] = np.where(early[ventricular] | ~sinus.any(), "V", "E")
    conducted = (truth.qrs_p >= 0) & ~is_fusion(truth)
    symbols[(truth.qrs_beginning == Beginning.DEVICE) & ~conducted] = _PACED
    if rhythm is RhythmId.VENTRICULAR_FLUTTER:
        symbols[:] = "!"
    return symbols


def _longest_run(truth: Truth) -> tuple[float, float]:
    """Return from when to when the longest run of ventricular beats lasts."""
    there = truth.qrs_beginning == Beginning.VENTRICLES
    ends = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]])))
    starts, behind = ends[::2], ends[1::2]
    if not starts.size:
        return np.inf, -np.inf
    longest = np.argmax(behind - starts)
    last = behind[longest] - 1
    return float(truth.qrs_s[starts[longest]]), float(truth.qrs_end_s[last]) + _T_S

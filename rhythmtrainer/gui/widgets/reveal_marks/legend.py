"""What the marks mean, in a line for the panel beside the strip and for screen readers."""

from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts
from rhythmtrainer.model import Step

NOTHING: Final = "Nothing is marked here"

_BEATS: Final = "▼ R peaks, numbers are RR intervals in seconds"
_EARLY: Final = "◆ early beats"
_DROPPED: Final = "○ P waves that no QRS complex follows"
_MARCHING: Final = "P waves and QRS complexes each on a line, in seconds from one to the next"
_FLUTTER: Final = "F flutter waves"
_ABSENT: Final = "no P: where a P wave is expected and none is seen"
_PR: Final = "brackets from the beginning of the P wave to that of the QRS complex, in seconds"
_SPIKES: Final = "bolts: pacing spikes"


def legend(facts: Facts, focus: Step | None) -> str:
    """Say what is marked for a step, or on the whole strip.

    It tells what has been measured: show it only once the question is answered.
    """
    parts = _of_all(facts) if focus is None else _of_step(facts, focus)
    return "; ".join(parts) if parts else NOTHING


def _of_all(facts: Facts) -> list[str]:
    parts = _atria(facts)
    if facts.beats.size:
        parts.insert(0, _BEATS)
    return parts + _present(
        (_EARLY, facts.early.any()), (_PR, facts.pr.size), (_SPIKES, facts.spikes.size)
    )


def _of_step(facts: Facts, focus: Step) -> list[str]:
    pr = _present((_PR, facts.pr.size)) + _atria(facts)
    due = bool(np.isfinite(facts.due).any())
    parts: dict[Step, list[str]] = {
        Step.RATE: [_BEATS, "below, the beats of six seconds counted"],
        Step.REGULARITY: [_BEATS, "below, a bar as high as each interval is long"],
        Step.P_WAVES: _present(("P under each P wave", facts.p.size + facts.bare_p.size))
        + _atria(facts),
        Step.PR: pr,
        Step.QRS: ["bars from beginning to end of each QRS complex", "boxes: 0.12 s"],
        Step.EARLY_BEATS: _present(
            (_EARLY, facts.early.any()), ("dotted lines: when they were due", due)
        ),
        Step.PATTERN: _present(
            (_EARLY, facts.early.any()), ("brackets join what repeats", facts.pattern)
        ),
        Step.PAUSES: _present(("the pause in seconds and large boxes", facts.pauses.any())),
        Step.PACING: _present((_SPIKES, facts.spikes.size)),
        Step.BASELINE: _present(("hatched: seconds that are disturbed", facts.disturbed)),
    }
    needs_beats = focus not in (Step.BASELINE, Step.PACING)
    return parts[focus] if facts.beats.size or not needs_beats else []


def _atria(facts: Facts) -> list[str]:
    return _present(
        (_DROPPED, facts.dropped.size),
        (_MARCHING, facts.marching.size),
        (_FLUTTER, facts.flutter.size),
        (_ABSENT, facts.quiet.size),
    )


def _present(*parts: tuple[str, object]) -> list[str]:
    return [words for words, there in parts if there]

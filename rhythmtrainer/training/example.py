"""Finding a strip of a rhythm to hold beside another: real where there is one, else simulated."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import (
    Attempt,
    Measurement,
    Origin,
    QuestionId,
    RecordError,
    RecordRef,
    Rhythm,
    RhythmId,
    Simulated,
    Span,
    Strip,
    StripRef,
    Supply,
    UnreachableError,
    describe_lead,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import (
    age_in_words,
    agrees,
    beats_count,
    clock,
    placed,
    real_source,
    simulated_source,
)
from rhythmtrainer.training.ports import Simulator, StripSource
from rhythmtrainer.training.preparation import CONTEXT_S, read_window, stretches_at_hand
from rhythmtrainer.training.selection import WINDOW_S, Material, draw_question

EXAMPLE_S = 6.0
"""As long as a strip that is printed at the bedside: enough for a rhythm beside another."""

# A learner waits: after so many recordings that cannot be read, a simulated strip is shown.
_MOST_FAULTS = 3
_SEEDS = 1_000_000
# So many simulated patients are looked at for one on whom all is measured as it was made.
_MOST_PATIENTS = 12
# From the onset of a wave to where its peak is found, in seconds.
_ONSET_TO_R_S = (-0.03, 0.2)
_ONSET_TO_P_S = (-0.03, 0.16)
# Nearer to the strip's ends a wave may be cut off.
_EDGE_S = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A strip that shows what a rhythm looks like.

    Attributes
    ----------
    measurement
        What was measured on the strip, as it is for a question. It may contradict the rhythm.
    span
        The row of the catalogue that the strip lies in; None if the strip is simulated.
    age_years
        Of a simulated child; None for an adult, or where it is not known.
    is_true
        Whether nothing that is known of the strip contradicts what was measured: of a simulated
        one every beat and P wave is known.
    """

    rhythm: Rhythm
    strip: Strip
    measurement: Measurement
    span: Span | None
    is_true: bool = True
    age_years: float | None = None

    @property
    def simulated(self) -> bool:
        """Whether nobody had this rhythm."""
        return self.strip.provenance.origin is Origin.SIMULATED

    @property
    def marks(self) -> Measurement | None:
        """What may be marked on the strip: nothing where a measurement contradicts the rhythm.

        On a strip that is to show what a rhythm looks like, a wrong mark teaches the wrong thing.
        """
        found, rhythm = self.measurement, self.rhythm
        if not (self.is_true and beats_count(rhythm, found, self.span)):
            return None
        of_child = self.age_years is not None
        fits = all(agrees(rhythm, finding, of_child=of_child) for finding in found.findings)
        return found if fits else None

    @property
    def where(self) -> str:
        """A phrase: which recording, and when; or that it is simulated."""
        provenance = self.strip.provenance
        if self.simulated:
            age = "" if self.age_years is None else f", {age_in_words(self.age_years)}"
            return f"{simulated_source(provenance)}{age}"
        return f"Real: {provenance.title}, {clock(self.strip.start_s)}"

    @property
    def source(self) -> str:
        """One line: where the strip comes from, the leads, and, if it is real, when and licence."""
        strip = self.strip
        if self.simulated:
            return f"{self.where} · {', '.join(describe_lead(lead) for lead in strip.leads)}"
        return real_source(strip.provenance, placed(strip.leads, strip.start_s, strip.end_s))


def example_beside(
    attempt: Attempt,
    material: Material,
    source: StripSource,
    simulator: Simulator,
    cancel: Cancel,
    *,
    child_years: float | None = None,
) -> Example:
    """Return a strip of what was chosen, to stand beside the strip that was answered.

    The same answer is shown the same strip whenever it is looked at. Beside a child's stands one of
    a child of that age, which is simulated.
    """
    return example_of(
        attempt.chosen,
        material if child_years is None else material.without_recordings,
        source,
        simulator,
        np.random.default_rng(zlib.crc32(attempt.question.encode())),
        cancel=cancel,
        seconds=EXAMPLE_S,
        child_years=child_years,
        avoid=attempt.window.record,
        unlike=attempt.answer,
    )


def example_of(
    rhythm: RhythmId,
    material: Material,
    source: StripSource,
    simulator: Simulator,
    rng: np.random.Generator,
    *,
    cancel: Cancel,
    seconds: float = WINDOW_S,
    child_years: float | None = None,
    avoid: RecordRef | None = None,
    unlike: RhythmId | None = None,
) -> Example:
    """Read an excerpt that shows a rhythm, or have one simulated.

    What is at hand comes before the network, another patient before the one of `avoid`. Where
    nothing of the rhythm is in the catalogue, or nothing can be read, the strip is simulated.

    Parameters
    ----------
    rng
        Draws the excerpt, and the seed of a simulated strip.
    seconds
        Length of the strip, at most `WINDOW_S`; shorter where the stretch is.
    child_years
        Age of the patient of a simulated strip; None for an adult.
    avoid
        The recording that the learner has just seen.
    unlike
        The rhythm that the example is held against. A stretch whose label cannot tell the two
        apart is no example.

    Raises
    ------
    CancelledError
        If `cancel` was thrown.
    ValueError
        If `seconds` is not above 0 and at most `WINDOW_S`.
    """
    if not 0.0 < seconds <= WINDOW_S:
        raise ValueError(f"seconds must be above 0 and at most {WINDOW_S:g}, got {seconds}")
    known = material.examples or material.spans
    fitting = [s for s in known if s.rhythm == rhythm and unlike not in s.accepted]
    # Questions about this rhythm alone: their windows are drawn as those that are asked.
    course = replace(material.course, rhythms=(rhythm,))
    spans = replace(material, spans=fitting, course=course, supply=Supply.REAL_ONLY)
    found = _real(spans, source, rng, cancel, seconds=seconds, avoid=avoid)
    cancel.check()
    return found or _simulated(
        material.rhythms[rhythm], simulator, rng, seconds=seconds, age=child_years
    )


def _real(
    material: Material,
    source: StripSource,
    rng: np.random.Generator,
    cancel: Cancel,
    *,
    seconds: float,
    avoid: RecordRef | None,
) -> Example | None:
    unusable: set[RecordRef] = set()
    for pool, at_hand in _pools(material, source, avoid):
        while len(unusable) < _MOST_FAULTS:
            cancel.check()
            left = [span for span in pool if span.ref.record not in unusable]
            drawn = draw_question(replace(material, spans=left), None, rng, QuestionId(""))
            if drawn is None:
                break
            window = replace(drawn.window, duration_s=min(seconds, drawn.window.duration_s))
            try:
                strip, measurement = read_window(
                    source, window, cancel, _reach(drawn.span, at_hand=at_hand)
                )
            except RecordError:
                unusable.add(window.record)
            except UnreachableError:
                break
            else:
                return Example(material.rhythms[drawn.span.rhythm], strip, measurement, drawn.span)
    return None


def _reach(span: Span, *, at_hand: bool) -> StripRef | None:
    return span.ref if at_hand else None


def _pools(
    material: Material, source: StripSource, avoid: RecordRef | None
) -> Iterator[tuple[Sequence[Span], bool]]:
    """Give what may be drawn from, the best first, and whether it is at hand."""
    seen = {span.patient for span in material.spans if span.ref.record == avoid}
    near = stretches_at_hand(material, source).spans
    if seen:
        yield [span for span in near if span.patient not in seen], True
        yield [span for span in material.spans if span.patient not in seen], False
    yield near, True
    yield material.spans, False


def _simulated(
    rhythm: Rhythm,
    simulator: Simulator,
    rng: np.random.Generator,
    *,
    seconds: float,
    age: float | None,
) -> Example:
    """Return the strip of some patients on which most of the rhythm's evidence may be marked."""
    tried = (
        _of_patient(rhythm, simulator, int(rng.integers(_SEEDS)), seconds, age)
        for _ in range(_MOST_PATIENTS)
    )
    first = next(tried)
    if not beats_count(rhythm, first.measurement, None):
        return first
    return max(chain([first], tried), key=_evidence)


def _evidence(example: Example) -> int:
    """Return how many of the steps that make the rhythm were read; -1 if none may be shown."""
    if example.marks is None:
        return -1
    steps = [example.marks.finding(step) for step in example.rhythm.agreeing]
    return sum(finding is not None and finding.told for finding in steps)


def _of_patient(
    rhythm: Rhythm, simulator: Simulator, seed: int, seconds: float, age: float | None
) -> Example:
    # It begins where it begins, but goes on behind the end, so that the last beats are found.
    made = simulator(rhythm.id, seconds=seconds + CONTEXT_S, seed=seed, age=age)
    found = measure(made.strip, 0.0, seconds)
    strip = made.strip.cropped(0.0, seconds)
    is_true = _is_true(found, made, seconds)
    return Example(rhythm, strip, found, None, is_true=is_true, age_years=age)


def _is_true(found: Measurement, made: Simulated, seconds: float) -> bool:
    """Return whether what was measured is what was made: the same beats, and P waves."""
    return _same(found.beats_s, made.beats_s, _ONSET_TO_R_S, seconds) and (
        not found.p_s.size or _same(found.p_s, made.p_s, _ONSET_TO_P_S, seconds)
    )


def _same(
    found: NDArray[np.float64],
    onsets: NDArray[np.float64],
    delay: tuple[float, float],
    end_s: float,
) -> bool:
    """Return whether each wave found follows an onset, and each onset but at the edges has one."""
    low, high = delay
    pairs = (found[:, None] - onsets >= low) & (found[:, None] - onsets <= high)
    inside = (onsets >= _EDGE_S) & (onsets <= end_s - _EDGE_S)
    return bool((pairs.sum(axis=1) == 1).all() and (pairs.sum(axis=0)[inside] == 1).all())

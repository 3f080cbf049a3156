"""Drawing the next question: which rhythm, which patient, which window, which answers.

Chance is a seeded generator that the caller gives, so that a session can be drawn again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from rhythmtrainer.model import (
    Course,
    Question,
    QuestionId,
    QuestionKind,
    Rhythm,
    RhythmId,
    Scenario,
    Span,
    StripRef,
    Supply,
)
from rhythmtrainer.training.ports import Simulations

WINDOW_S = 10.0
"""Length of a strip in seconds: thirty large boxes and the ten-second count both fit."""

SHORTEST_WINDOW_S = 6.0
"""Below six seconds the six-second rule has nothing to count."""

MOST_CHOICES = 6
FEWEST_CHOICES = 4

_SEEDS = 2**32
_EVENLY = 0.5

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Material:
    """What questions are made from: the catalogue, a course, and what is taught.

    Attributes
    ----------
    quiz
        Spans that are asked in this order, each once in a session; chance draws where there are
        none.
    examples
        Spans that may be shown beside an answer, where these are others than those that are asked:
        a quiz must not show what it asks later.
    simulations
        What makes strips of rhythms that nobody had; None where only recordings are asked about.
    supply
        Which of the two are asked about.
    """

    spans: Sequence[Span]
    course: Course
    rhythms: Mapping[RhythmId, Rhythm]
    quiz: Sequence[Span] = ()
    examples: Sequence[Span] = ()
    simulations: Simulations | None = None
    supply: Supply = Supply.REAL_FIRST

    @property
    def simulated(self) -> frozenset[RhythmId]:
        """The rhythms of the course that may be asked from simulation, if need be."""
        if self.simulations is None or self.supply is Supply.REAL_ONLY:
            return frozenset()
        return frozenset(self.course.rhythms) & frozenset(self.simulations.rhythms)

    @property
    def without_recordings(self) -> "Material":
        """The same without anything that has to be read."""
        return replace(self, spans=(), quiz=(), examples=())


def span_of(spans: Sequence[Span], window: StripRef) -> Span | None:
    """Return the span of the catalogue that a window lies in, if there is one still."""
    return next(
        (
            span
            for span in spans
            if (span.ref.record, span.ref.leads) == (window.record, window.leads)
            and span.ref.start_s <= window.start_s
            and window.end_s <= span.ref.end_s + 1e-3
        ),
        None,
    )


def draw_question(
    material: Material,
    previous: Question | None,
    rng: np.random.Generator,
    question_id: QuestionId,
) -> Question | None:
    """Draw one question.

    Every rhythm is as likely as every other, however many recordings hold it; within a rhythm
    every patient is; within a patient a second of recording is as likely as any other. The
    patient of `previous` is left out, unless there is no other. A rhythm that no recording holds
    is simulated, if the material allows it; where both are wanted, every other strip is.

    Returns
    -------
    Question or None
        None when nothing is left to ask about.
    """
    usable = [
        span
        for span in material.spans
        if span.rhythm in material.course.rhythms
        # How long a strip of an instructor's is was the instructor's choice.
        and (span.ref.duration_s >= SHORTEST_WINDOW_S or span.teaching is not None)
    ]
    simulated = material.simulated
    if material.supply is Supply.REAL_FIRST:
        simulated -= {span.rhythm for span in usable}
    if previous is not None:
        others = [span for span in usable if span.patient != previous.span.patient]
        usable = others if others or simulated else usable
    rhythms = sorted({span.rhythm for span in usable} | simulated)
    if not rhythms:
        return None
    rhythm = _one_of(rhythms, rng)
    of_rhythm = [span for span in usable if span.rhythm == rhythm]
    made = material.simulations if rhythm in simulated else None
    if made is not None and (not of_rhythm or rng.random() < _EVENLY):
        span = made.span(rhythm, int(rng.integers(_SEEDS)), material.course.ages)
        name = material.rhythms[rhythm].name
        span = replace(span, label=": ".join(filter(None, [name, span.label])))
    else:
        span = _one_recorded(of_rhythm, rng)
    return ask_about(span, material, rng, question_id)


def _one_recorded(spans: Sequence[Span], rng: np.random.Generator) -> Span:
    patient = _one_of(sorted({span.patient for span in spans}), rng)
    of_patient = [span for span in spans if span.patient == patient]
    lengths = np.array([span.ref.duration_s for span in of_patient])
    return of_patient[int(rng.choice(len(of_patient), p=lengths / lengths.sum()))]


def ask_about(
    span: Span, material: Material, rng: np.random.Generator, question_id: QuestionId
) -> Question:
    """Draw a window of a span, and the answers to choose from.

    A strip of an instructor's is asked as a whole: what its label means may lie anywhere in it.
    """
    as_a_whole = span.teaching is not None and not span.is_simulated
    length = span.ref.duration_s if as_a_whole else min(WINDOW_S, span.ref.duration_s)
    start = span.ref.start_s + rng.uniform(0.0, span.ref.duration_s - length)
    # Whole milliseconds survive being written down as text, but must not leave the span.
    start = max(float(np.floor(start * 1e3) / 1e3), span.ref.start_s)
    return Question(
        id=question_id,
        kind=QuestionKind.NAME,
        span=span,
        window=replace(span.ref, start_s=start, duration_s=length),
        choices=draw_choices(span, material, rng),
    )


def draw_choices(span: Span, material: Material, rng: np.random.Generator) -> tuple[RhythmId, ...]:
    """Draw four to six answers in random order: the right one and its look-alikes.

    What the label cannot tell from the answer (``span.accepted``) is never among them. Where a
    rhythm has few look-alikes in the course, its family and then the others fill up. Pulseless
    electrical activity is among them only where it is said that there is no pulse.
    """
    course, rhythms = material.course, material.rhythms
    answer = rhythms[span.rhythm]
    barred = {span.rhythm, *span.accepted}
    if span.teaching is None or span.teaching.scenario is not Scenario.WITHOUT_PULSE:
        barred.add(RhythmId.PEA)
    look_alikes = _allowed([look.id for look in answer.look_alikes], course, barred)
    family = _allowed(
        [r for r in course.rhythms if rhythms[r].category == answer.category], course, barred
    )
    others = _allowed(course.rhythms, course, barred)
    ranked = list(dict.fromkeys([*look_alikes, *_shuffled(family, rng), *_shuffled(others, rng)]))
    wrong = ranked[: max(FEWEST_CHOICES - 1, min(MOST_CHOICES - 1, len(look_alikes)))]
    return tuple(_shuffled([span.rhythm, *wrong], rng))


def _allowed(
    candidates: Sequence[RhythmId], course: Course, barred: Collection[RhythmId]
) -> list[RhythmId]:
    return [r for r in candidates if r in course.rhythms and r not in barred]


def _one_of(items: Sequence[_T], rng: np.random.Generator) -> _T:
    return items[int(rng.integers(len(items)))]


def _shuffled(items: Sequence[RhythmId], rng: np.random.Generator) -> list[RhythmId]:
    return [items[int(i)] for i in rng.permutation(len(items))]

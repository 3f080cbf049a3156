"""A practice session: which question comes next, and what an answer is worth keeping as."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rhythmtrainer.model import (
    Attempt,
    Origin,
    Question,
    QuestionId,
    RhythmId,
    Session,
)
from rhythmtrainer.training.marking import mark
from rhythmtrainer.training.selection import Material, ask_about, draw_question

SESSION_LENGTH = 20
"""Questions in a session: as many strips as the precourse self-assessment has."""


def session_length(material: Material) -> int:
    """Return how many questions a session has: all of a quiz, where there is one."""
    return len(material.quiz) or SESSION_LENGTH


@dataclass(frozen=True, slots=True)
class Practice:
    """A session of practice as it stands. Each step gives a new value.

    Attributes
    ----------
    attempts
        The answers given so far, in order.
    """

    session: Session
    length: int = SESSION_LENGTH
    attempts: tuple[Attempt, ...] = ()

    @property
    def position(self) -> int:
        """The number of questions answered, which is the place of the next one, from 0."""
        return len(self.attempts)

    @property
    def finished(self) -> bool:
        """Whether every question has been answered."""
        return self.position >= self.length

    def draw(
        self,
        material: Material,
        previous: Question | None,
        question_id: QuestionId,
        redraw: int = 0,
        *,
        place: int | None = None,
    ) -> Question | None:
        """Draw the question that follows `previous`, or the first one.

        The session's seed, the place in the session and `redraw` (how many strips could not be
        read here) settle it: the same session asks the same again. `place` counts from 0; without
        it the question is the next one to be answered, or the one behind an open `previous`.
        """
        if place is None:
            place = self.position + (previous is not None and not self.has_answered(previous))
        rng = np.random.default_rng([self.session.seed, place, redraw])
        if place < len(material.quiz) and not redraw:
            return ask_about(material.quiz[place], material, rng, question_id)
        return draw_question(material, previous, rng, question_id)

    def answered(
        self,
        question: Question,
        chosen: RhythmId,
        response_s: float,
        now: datetime,
        origin: Origin,
    ) -> tuple["Practice", Attempt]:
        """Mark an answer; return the session with it, and what has to be remembered of it.

        Raises
        ------
        ValueError
            If the question has been answered already.
        """
        if self.has_answered(question):
            raise ValueError(f"question {question.id} has been answered already")
        attempt = Attempt(
            question=question.id,
            session=self.session.id,
            position=self.position,
            kind=question.kind,
            window=question.window,
            label=question.span.label,
            patient=question.span.patient,
            origin=origin,
            choices=question.choices,
            chosen=chosen,
            answer=question.answer,
            verdict=mark(question, chosen),
            response_s=response_s,
            answered_at=now,
        )
        return replace(self, attempts=(*self.attempts, attempt)), attempt

    def has_answered(self, question: Question) -> bool:
        """Return whether the session holds an answer to a question."""
        return any(attempt.question == question.id for attempt in self.attempts)

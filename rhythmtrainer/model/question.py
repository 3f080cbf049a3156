"""Questions and how an answer to one is judged."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.span import Span
from rhythmtrainer.model.strip import StripRef

QuestionId = NewType("QuestionId", str)


class QuestionKind(StrEnum):
    """What is asked. Values are stored with each answer."""

    NAME = "name"


class Verdict(StrEnum):
    """How an answer was judged. Values are stored with each answer."""

    RIGHT = "right"
    ACCEPTED = "accepted"
    WRONG = "wrong"

    @property
    def counts_as_right(self) -> bool:
        """Whether the answer earns the point."""
        return self is not Verdict.WRONG


@dataclass(frozen=True, slots=True)
class Question:
    """One strip and the answers to choose from.

    Attributes
    ----------
    window
        The stretch that is shown, inside ``span.ref``.
    choices
        Four to six rhythms in the order of the keys that give them; holds the answer.
    """

    id: QuestionId
    kind: QuestionKind
    span: Span
    window: StripRef
    choices: tuple[RhythmId, ...]

    @property
    def answer(self) -> RhythmId:
        """The rhythm that the label names."""
        return self.span.rhythm

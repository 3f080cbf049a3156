"""What is remembered: sessions and the answers given in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from rhythmtrainer.model.course import CourseId
from rhythmtrainer.model.provenance import Origin
from rhythmtrainer.model.question import QuestionId, QuestionKind, Verdict
from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.strip import StripRef

SessionId = NewType("SessionId", str)


class Mode(StrEnum):
    """What kind of session it was. Values are stored."""

    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting. `seed` with the same catalogue draws the same questions again.

    Attributes
    ----------
    started_at
        Aware, in UTC.
    """

    id: SessionId
    course: CourseId
    mode: Mode
    seed: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answered question, with everything needed to show it again.

    Attributes
    ----------
    position
        Place in its session, from 0.
    response_s
        Seconds from the strip's first painted sample to the answer.
    answered_at
        Aware, in UTC.
    label
        The annotation that gave the answer.
    """

    question: QuestionId
    session: SessionId
    position: int
    kind: QuestionKind
    window: StripRef
    label: str
    patient: str
    origin: Origin
    choices: tuple[RhythmId, ...]
    chosen: RhythmId
    answer: RhythmId
    verdict: Verdict
    response_s: float
    answered_at: datetime

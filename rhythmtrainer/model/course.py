"""Courses: which rhythms a learner has to know."""

from dataclasses import dataclass
from enum import StrEnum

from rhythmtrainer.model.rhythm import RhythmId


class CourseId(StrEnum):
    """The stored name of a course. Values never change."""

    ACLS = "acls"


@dataclass(frozen=True, slots=True)
class Course:
    """A course and the rhythms that it asks for.

    Attributes
    ----------
    rhythms
        The possible answers; a question's look-alikes are taken from them.
    """

    id: CourseId
    title: str
    audience: str
    rhythms: tuple[RhythmId, ...]

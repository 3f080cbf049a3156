"""Courses: which rhythms a learner has to know."""

from dataclasses import dataclass
from enum import StrEnum

from rhythmtrainer.model.rhythm import RhythmId


class CourseId(StrEnum):
    """The stored name of a course. Values never change."""

    ACLS = "acls"
    PALS = "pals"
    TELEMETRY = "telemetry"


@dataclass(frozen=True, slots=True)
class Course:
    """A course and the rhythms that it asks for.

    Attributes
    ----------
    rhythms
        The possible answers; a question's look-alikes are taken from them.
    sources
        Ids of the sources that the content file lists.
    ages
        The patients' ages in years, from the first to below the second; None for adults. No age
        is known of the recordings in the catalogue, so strips of children are simulated.
    """

    id: CourseId
    title: str
    audience: str
    rhythms: tuple[RhythmId, ...]
    sources: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None

"""Rows of the catalogue: stretches of recordings in which one rhythm holds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.strip import StripRef

GROWN_UP_YEARS: Final = 16.0
"""From this age on rates and intervals are those of adults."""


class RateSource(StrEnum):
    """How the rate of a span was found."""

    REFERENCE_BEATS = "reference beats"
    MEASURED = "measured"
    SIMULATED = "as it was made"
    NONE = "none"


class Half(StrEnum):
    """Which half of the catalogue a patient is in. Nobody is in both."""

    PRACTICE = "practice"
    EXAM = "exam"


class Scenario(StrEnum):
    """Whether the patient of a teaching strip has a pulse."""

    WITH_PULSE = "with a pulse"
    WITHOUT_PULSE = "without a pulse"


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is said about a strip besides its answer, by an instructor or because it was made.

    Attributes
    ----------
    age_years
        The patient's age; None where it is not said.
    note
        Shown after the answer.
    """

    scenario: Scenario | None = None
    age_years: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one recording in which one rhythm holds from end to end.

    Every window drawn inside `ref` shows `rhythm`; `accepted` are answers that the label
    cannot tell from it, so they are never marked wrong.

    Attributes
    ----------
    label
        The annotation behind the answer, as it stands in the database: code and time.
    rate_bpm
        Mean ventricular rate over the span; None where no rate can be counted.
    patient
        Who was recorded; the same text in every span of one person.
    quality
        Share of the span's seconds, from 0 to 1, in which nothing hinders reading.
    teaching
        What is said about it besides; None in the shipped catalogue.
    """

    ref: StripRef
    rhythm: RhythmId
    accepted: frozenset[RhythmId]
    label: str
    rate_bpm: float | None
    rate_source: RateSource
    patient: str
    quality: float = 1.0
    half: Half = Half.PRACTICE
    teaching: Teaching | None = None

    @property
    def is_simulated(self) -> bool:
        """Whether nobody was recorded: the rhythm is what the recording was made as."""
        return self.rate_source is RateSource.SIMULATED

    @property
    def child_years(self) -> float | None:
        """The age in years of a child; None of an adult, or where no age is said."""
        age = self.teaching.age_years if self.teaching is not None else None
        return age if age is not None and age < GROWN_UP_YEARS else None

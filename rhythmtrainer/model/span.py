"""Rows of the catalogue: stretches of recordings in which one rhythm holds."""

from dataclasses import dataclass
from enum import StrEnum

from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.strip import StripRef


class RateSource(StrEnum):
    """How the rate of a span was found."""

    REFERENCE_BEATS = "reference beats"
    MEASURED = "measured"
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
    """What an instructor says about a strip besides its answer.

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
        What an instructor says about it; None in the shipped catalogue.
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

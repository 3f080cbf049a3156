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
    """

    ref: StripRef
    rhythm: RhythmId
    accepted: frozenset[RhythmId]
    label: str
    rate_bpm: float | None
    rate_source: RateSource
    patient: str

"""What this computer holds of the databases, and what their catalogue covers."""

from dataclasses import dataclass

from rhythmtrainer.model.provenance import Database
from rhythmtrainer.model.rhythm import RhythmId


@dataclass(frozen=True, slots=True)
class Progress:
    """How far slow work has come.

    Attributes
    ----------
    said
        What is being done, as a phrase: ``mitdb 100.dat, 12 of 91 MB``.
    share
        From 0 to 1; None where the end is not known.
    """

    said: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What there is of one database.

    Attributes
    ----------
    records, size
        Whole records in the folders of this computer, and their bytes.
    published
        Records that the database has; None where that is not known.
    spans, rhythms
        Stretches of it in the catalogue, and how many rhythms they show.
    cached
        Bytes of excerpts of it that were read over the network and are kept.
    own
        Whether its spans are in the user's own catalogue, not the shipped one.
    can_index
        Whether its labels are understood, so that it can be added to the user's catalogue.
    published_size
        Bytes of all its records and labels, more or less; None where that is not known.
    """

    database: Database
    records: int
    size: int
    published: int | None
    spans: int
    rhythms: int
    cached: int
    own: bool
    can_index: bool
    published_size: int | None = None


@dataclass(frozen=True, slots=True)
class RhythmCoverage:
    """What the catalogue holds of one rhythm.

    Attributes
    ----------
    excerpts
        Ten-second windows that do not overlap; a shorter span counts as one.
    minutes
        Length of all spans together.
    patients, exam_patients
        How many people were recorded, and how many of them are in the exam half.
    databases
        Ids of the databases, the one with most excerpts first; empty where only simulation
        serves.
    """

    rhythm: RhythmId
    excerpts: int
    minutes: float
    patients: int
    exam_patients: int
    databases: tuple[str, ...]

"""Where a strip comes from, who labelled it, and under which licence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NO_LICENCE_NEEDED: Final = "none needed, nobody was recorded"


class Origin(StrEnum):
    """What kind of signal a strip is. Values are stored with each answer."""

    REAL = "real"
    SIMULATED = "simulated"


class Supply(StrEnum):
    """Which strips questions are made from. Values are kept in the settings."""

    REAL_ONLY = "real only"
    REAL_FIRST = "real first"
    """Simulated ones stand in where there is no real one."""
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Database:
    """A published collection of recordings.

    Attributes
    ----------
    id, version
        As in its PhysioNet address, for example ``mitdb`` and ``1.0.0``.
    labels
        One sentence: who labelled it, and how far that can be trusted.
    """

    id: str
    version: str
    title: str
    citation: str
    doi: str
    licence: str
    labels: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What has to be said wherever a strip is shown.

    Attributes
    ----------
    source
        The record's path in its archive, or the file's name.
    database
        None for a file that belongs to no known database.
    own_licence
        The licence of a signal that belongs to no known database; empty where none is stated.
    """

    origin: Origin
    source: str
    database: Database | None = None
    own_licence: str = ""

    @property
    def title(self) -> str:
        """One phrase that names the source."""
        if self.database is None:
            return self.source
        record = self.source.rpartition("/")[2]
        return f"{self.database.title} {self.database.version}, record {record}"

    @property
    def licence(self) -> str:
        """The licence of the signal, or that there is none to ask for, or that it is not known."""
        if self.database is not None:
            return self.database.licence
        simulated = self.origin is Origin.SIMULATED
        return self.own_licence or (NO_LICENCE_NEEDED if simulated else "licence not stated")

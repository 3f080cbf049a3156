"""What a strip of an archive's record says about itself."""

from collections.abc import Mapping

from rhythmtrainer.model import Database, Origin, Provenance, RecordRef


def provenance_of(record: RecordRef, databases: Mapping[tuple[str, str], Database]) -> Provenance:
    """Return where a record comes from, by the known databases."""
    return Provenance(
        origin=Origin.REAL,
        source=record.path,
        database=databases.get((record.database, record.version)),
    )

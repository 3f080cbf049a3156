"""What a strip out of a file says about where it comes from."""

from collections.abc import Mapping
from pathlib import Path

from rhythmtrainer.model import Database, Origin, Provenance


def provenance_of(
    path: Path, databases: Mapping[tuple[str, str], Database], kind: str = "WFDB"
) -> Provenance:
    """Say which published database a file belongs to, if its folders name one.

    All other files are the user's own: neither their names nor their folders are told, because
    they often name a patient.
    """
    parts = path.resolve().parts
    for place in range(len(parts) - 2):
        database = databases.get((parts[place], parts[place + 1]))
        if database is not None:
            return Provenance(Origin.REAL, "/".join(parts[place:]), database)
    return Provenance(Origin.REAL, f"own recording ({kind})")

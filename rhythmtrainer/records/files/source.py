"""What a strip out of a file says about where it comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Database, Origin, Provenance
from rhythmtrainer.records.files.beside import HEADER

SIMULATED: Final = "SIMULATED by rhythmtrainer"
"""Stands in every file into which a simulated strip was written, among what comes first."""

_FIRST_BYTES: Final = 1 << 16


def provenance_of(
    path: Path, databases: Mapping[tuple[str, str], Database], kind: str = "WFDB"
) -> Provenance:
    """Say which published database a file belongs to, if its folders name one.

    All other files are the user's own: neither their names nor their folders are told, because
    they often name a patient. What this program simulated says so, wherever it lies.
    """
    if _says_simulated(path):
        return Provenance(Origin.SIMULATED, f"simulated ({kind})")
    parts = path.resolve().parts
    for place in range(len(parts) - 2):
        database = databases.get((parts[place], parts[place + 1]))
        if database is not None:
            return Provenance(Origin.REAL, "/".join(parts[place:]), database)
    return Provenance(Origin.REAL, f"own recording ({kind})")


def _says_simulated(path: Path) -> bool:
    """Return whether a file, or the header of a record without its ending, says so."""
    header = path.with_name(f"{path.name}{HEADER}")
    try:
        with (header if header.is_file() else path).open("rb") as stream:
            return SIMULATED.encode() in stream.read(_FIRST_BYTES)
    except OSError:
        # Whoever reads its signals says what is wrong with it.
        return False

"""Recordings read whole, with every ECG lead, to be looked at."""

from collections.abc import Mapping
from pathlib import Path

from rhythmtrainer.model import Database, LeadName, Origin, Provenance, RecordError, Strip
from rhythmtrainer.model.lead import is_ecg_lead
from rhythmtrainer.records.leads import find_lead
from rhythmtrainer.records.wfdb_reader import read_header, read_strip

_DATABASE_DEPTH = 3


def read_whole(path: Path, databases: Mapping[tuple[str, str], Database]) -> tuple[Strip, ...]:
    """Read all ECG leads of the record at `path`.

    Parameters
    ----------
    path
        The record without an ending, or its header file.

    Returns
    -------
    tuple[Strip, ...]
        One strip for each sampling rate, in the order of the record's signals. A signal whose
        unit is no voltage is left out.

    Raises
    ------
    RecordError
        If the record is missing, damaged or of an unknown kind, or holds no ECG lead.
    """
    path = path.with_suffix("") if path.suffix == ".hea" else path
    header = read_header(path)
    # Says what the record holds instead, if it is no ECG.
    find_lead(header, None, path.name)
    by_rate: dict[int, list[LeadName]] = {}
    for signal in header.signals:
        if is_ecg_lead(signal.name) and signal.millivolts is not None:
            by_rate.setdefault(signal.samples_per_frame, []).append(LeadName(signal.name))
    provenance = provenance_of(path, databases)
    strips = [
        read_strip(path, 0.0, None, tuple(dict.fromkeys(leads)), provenance)
        for leads in by_rate.values()
    ]
    if not any(strip.signal.size for strip in strips):
        raise RecordError(f"{path.name} has no samples.")
    return tuple(strips)


def provenance_of(path: Path, databases: Mapping[tuple[str, str], Database]) -> Provenance:
    """Say which published database a record belongs to, if its folders name one."""
    parts = path.resolve().parts[-_DATABASE_DEPTH:]
    database = databases.get((parts[0], parts[1])) if len(parts) == _DATABASE_DEPTH else None
    source = "/".join(parts) if database else path.name
    return Provenance(origin=Origin.REAL, source=source, database=database)

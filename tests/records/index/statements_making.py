"""Small recordings of several leads, in the formats of the databases that make statements."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RecordRef
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules

FS = 500
GAIN = 1000
# Height of the QRS complex in each lead, in mV.
LEADS: Mapping[str, float] = {"I": 0.6, "II": 1.0, "V1": -0.8, "V5": 1.2}


def shipped_rules(database: str) -> Rules:
    return read_rules(dataset("rules"), database)


def every(seconds: float, length_s: float = 10.0) -> NDArray[np.float64]:
    """Return beats at one interval."""
    return np.arange(0.4, length_s - 0.3, seconds)


def at_rate(bpm: float, length_s: float = 10.0) -> NDArray[np.float64]:
    """Return beats at one rate."""
    return every(60 / bpm, length_s)


def ecg(beats: NDArray[np.float64], length_s: float = 10.0) -> NDArray[np.float64]:
    """Return a lead with a P wave, a narrow QRS complex of 1 mV and a T wave at each beat."""
    time = np.arange(round(length_s * FS)) / FS
    lead = np.zeros_like(time)
    for at, size, width in ((-0.16, 0.12, 0.02), (0.0, 1.0, 0.012), (0.24, 0.25, 0.04)):
        lead += size * np.exp(-(((time[:, None] - beats - at) / width) ** 2) / 2).sum(axis=1)
    return lead


def write_record(
    records: Path,
    ref: RecordRef,
    beats: NDArray[np.float64],
    comments: Sequence[str] = (),
    *,
    length_s: float = 10.0,
    leads: Mapping[str, float] = LEADS,
    signals: Mapping[str, NDArray[np.float64]] | None = None,
    first_line: str = "",
    matlab: bool = False,
) -> Path:
    """Write a recording below the folder `records`, and return its path without an ending.

    Parameters
    ----------
    signals
        Leads that are not those of the beats, in mV.
    first_line
        The header's first line; by default what it should be.
    matlab
        Whether the samples stand behind 24 bytes of a MATLAB file, as in the Challenges.
    """
    path = records / ref.path
    path.parent.mkdir(parents=True, exist_ok=True)
    lead = ecg(beats, length_s)
    rows = {name: lead * size for name, size in leads.items()} | dict(signals or {})
    samples = np.rint(np.stack(list(rows.values()), axis=1) * GAIN).astype("<i2")
    file, kind = (f"{path.name}.mat", "16+24") if matlab else (f"{path.name}.dat", "16")
    path.with_name(file).write_bytes(bytes(24 if matlab else 0) + samples.tobytes())
    lines = [
        first_line or f"{path.name} {len(rows)} {FS} {len(lead)}",
        *(
            f"{file} {kind} {GAIN}/mV 16 0 {column[0]} {int(column.sum()) % 65536} 0 {name}"
            for name, column in zip(rows, samples.T.astype(int), strict=True)
        ),
        *(f"#{comment}" for comment in comments),
    ]
    path.with_name(f"{path.name}.hea").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path

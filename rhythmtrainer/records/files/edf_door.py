"""The header of an EDF or BDF file, looked at before edfio believes it."""

import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from rhythmtrainer.model import RecordError

EDF_MAGIC: Final = b"0       "
BDF_MAGIC: Final = b"\xffBIOSEMI"
_FIXED_BYTES: Final = 256
_BYTES_A_SIGNAL: Final = 256
_LABEL_BYTES: Final = 16
# Where the numbers of samples stand, in bytes a signal behind the fixed part, and their width.
_COUNTS: Final = (216, 8)
_MOST_SIGNALS: Final = 512
_ANNOTATIONS: Final = (b"EDF Annotations", b"BDF Annotations")
# The time of a record stands at the start of its notes: "+86399.123456".
_ONSET_BYTES: Final = 32
_ONSET: Final = re.compile(rb"([+-]\d{1,12}(?:\.\d{1,12})?)\x14")
_LONGEST_S: Final = 31 * 86400.0
# EDF has this date for a recording whose date was taken out.
_NO_DATE: Final = (b"01.01.85", b"00.00.00", b"")
_NOBODY: Final = re.compile(rb"[Xx\s]*")
_NO_RECORDING: Final = re.compile(rb"(?:Startdate)?[Xx\s]*")
_OF_THE_PATIENT: Final = ("patient's number", "patient's sex", "date of birth", "patient's name")


@dataclass(frozen=True, slots=True)
class Run:
    """Data records without a gap between them.

    Attributes
    ----------
    start_s
        Seconds from the recording's first sample.
    first, count
        The first of the data records, and how many they are.
    """

    start_s: float
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What the header of a file says, in so far as edfio does not check it.

    Attributes
    ----------
    sample_bytes
        2 for EDF, 3 for BDF.
    records
        Data records that the file really has.
    record_s
        Seconds in each.
    counts
        Samples of each signal in a data record, those of notes included.
    labels
        As they stand in the file.
    interrupted
        Whether there may be gaps between the data records.
    """

    sample_bytes: int
    records: int
    record_s: float
    counts: tuple[int, ...]
    labels: tuple[bytes, ...]
    interrupted: bool
    personal: tuple[str, ...]
    repairs: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """Length of the header."""
        return _FIXED_BYTES + _BYTES_A_SIGNAL * len(self.counts)


def read_edf_header(file: Path) -> EdfHeader:
    """Read and check what decides about the size of everything.

    Raises
    ------
    RecordError
        If it breaks the format.
    OSError
        If the file cannot be read.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        fixed = stream.read(_FIXED_BYTES)
        signals = _number(fixed[252:256], "the number of signals", file.name)
        if signals > _MOST_SIGNALS:
            raise RecordError(
                f"{file.name} announces {signals:g} signals; at most {_MOST_SIGNALS} are read."
            )
        if not signals >= 1:
            raise RecordError(f"{file.name} describes no signal.")
        count = int(signals)
        described = stream.read(_BYTES_A_SIGNAL * count)
    length = _FIXED_BYTES + _BYTES_A_SIGNAL * count
    if len(described) < _BYTES_A_SIGNAL * count:
        raise RecordError(f"{file.name} is cut off inside its header.")
    if _number(fixed[184:192], "the length of its header", file.name) != length:
        raise RecordError(f"{file.name} is damaged: its header has not the length it says.")
    record_s = _number(fixed[244:252], "the length of a data record", file.name)
    if not 0 < record_s <= _LONGEST_S:
        raise RecordError(f"{file.name} is damaged: its data records are {record_s:g} s long.")
    start, width = _COUNTS[0] * count, _COUNTS[1]
    counts = tuple(
        int(_number(described[at : at + width], "a number of samples", file.name))
        for at in range(start, start + width * count, width)
    )
    sample_bytes = 3 if fixed[:8] == BDF_MAGIC else 2
    record_bytes = sample_bytes * sum(counts)
    if min(counts) < 0 or record_bytes == 0:
        raise RecordError(f"{file.name} is damaged: its data records hold no samples.")
    records, rest = divmod(size - length, record_bytes)
    if not records:
        raise RecordError(f"{file.name} is cut off: it holds no whole data record.")
    promised = _number(fixed[236:244], "the number of data records", file.name)
    return EdfHeader(
        sample_bytes,
        records,
        record_s,
        counts,
        tuple(
            described[at : at + _LABEL_BYTES] for at in range(0, _LABEL_BYTES * count, _LABEL_BYTES)
        ),
        fixed[192:197] in (b"EDF+D", b"BDF+D"),
        _personal(fixed, described[: _LABEL_BYTES * count]),
        _repairs(records, rest, promised, record_s),
    )


def record_runs(file: Path, header: EdfHeader) -> tuple[Run, ...]:
    """Return the stretches of data records between the gaps of a recording.

    Raises
    ------
    RecordError
        If the data records do not say when they begin, or do not follow each other in time.
    OSError
        If the file cannot be read.
    """
    if not header.interrupted:
        return (Run(0.0, 0, header.records),)
    starts = _starts(file, header)
    steps = np.diff(starts)
    # Rounded times make steps a little longer or shorter without any gap.
    slack = 0.5 * header.record_s / max(header.counts)
    if np.any(steps < header.record_s - slack):
        raise RecordError(f"{file.name} is damaged: its data records overlap in time.")
    if starts[-1] - starts[0] > _LONGEST_S:
        raise RecordError(f"{file.name} is damaged: its data records lie more than a month apart.")
    firsts = np.concatenate(([0], np.flatnonzero(steps > header.record_s + slack) + 1))
    counts = np.diff(np.append(firsts, header.records))
    return tuple(
        Run(float(starts[first] - starts[0]), int(first), int(count))
        for first, count in zip(firsts, counts, strict=True)
    )


def _starts(file: Path, header: EdfHeader) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return when each data record begins, in seconds."""
    offsets = [0, *accumulate(count * header.sample_bytes for count in header.counts)]
    notes = [number for number, label in enumerate(header.labels) if label.strip() in _ANNOTATIONS]
    if not notes:
        raise RecordError(f"{file.name} is damaged: it does not say when its records begin.")
    stored = np.memmap(
        file, np.uint8, "r", offset=header.bytes, shape=(header.records, offsets[-1])
    )
    begin, end = offsets[notes[0]], offsets[notes[0] + 1]
    heads = np.ascontiguousarray(stored[:, begin : min(end, begin + _ONSET_BYTES)])
    matches = [_ONSET.match(head.tobytes()) for head in heads]
    found = [float(match[1]) for match in matches if match is not None]
    if len(found) < header.records:
        raise RecordError(f"{file.name} is damaged: a data record does not say when it begins.")
    return np.array(found)


def _number(field: bytes, what: str, file: str) -> float:
    try:
        number = float(field.decode("ascii").strip(" \0"))
    except ValueError as error:
        shown = field.decode("ascii", "replace").strip()
        raise RecordError(f"{file} is damaged: {what} reads {shown!r}.") from error
    if not np.isfinite(number):
        raise RecordError(f"{file} is damaged: {what} reads {number}.")
    return number


def _repairs(records: int, rest: int, promised: float, record_s: float) -> tuple[str, ...]:
    told = []
    if rest:
        told.append("The file ends inside a data record, which is left out.")
    if promised < 0:
        told.append("The header does not say how long the recording is: the file was measured.")
    elif promised != records:
        told.append(
            f"The header promises {promised * record_s:.6g} s;"
            f" {records * record_s:.6g} s are there and are read."
        )
    return tuple(told)


def _personal(fixed: bytes, labels: bytes) -> tuple[str, ...]:
    """Return what kinds of facts about a patient the header holds."""
    patient, recording, date = fixed[8:88].strip(), fixed[88:168].strip(), fixed[168:176].strip()
    kinds = []
    if fixed[192:196] in (b"EDF+", b"BDF+"):
        fields = patient.split(maxsplit=len(_OF_THE_PATIENT))
        named = (*_OF_THE_PATIENT, "free text about the patient")
        kinds = [
            kind for kind, field in zip(named, fields, strict=False) if not _NOBODY.fullmatch(field)
        ]
    elif not _NOBODY.fullmatch(patient):
        kinds = ["text about the patient"]
    if not _NO_RECORDING.fullmatch(recording):
        kinds.append("text about the recording")
    if date not in _NO_DATE:
        kinds.append("recording date")
    if any(label in labels for label in _ANNOTATIONS):
        kinds.append("notes in the recording")
    return tuple(kinds)

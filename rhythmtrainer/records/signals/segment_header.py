"""Headers of WFDB records that join several others to one."""

import re
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.signals.header import (
    Signal,
    personal_kinds,
    rate_of,
    signals_of,
    split_header,
)

_GAP: Final = "~"
_SEGMENT_LINE: Final = re.compile(r"(?P<name>[-\w]+|~)\s+(?P<length>\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Segments:
    """What the header of a record says that joins several others.

    Attributes
    ----------
    length
        Number of frames of all together.
    parts
        Name and number of frames of each; no name for a gap.
    layout
        The header that lists the signals that any of them may have; None where all have the
        same ones.
    """

    name: str
    fs: float
    length: int
    parts: tuple[tuple[str | None, int], ...]
    layout: str | None
    personal: tuple[str, ...]


def joins_segments(content: bytes, file: str) -> bool:
    """Return whether a header joins several records to one; see `parse_segments`.

    Raises
    ------
    RecordError
        If it is no WFDB header.
    """
    return split_header(content, file)[0]["segments"] is not None


def parse_segments(content: bytes, file: str) -> Segments:
    """Read the bytes of a header that joins several records to one.

    Raises
    ------
    RecordError
        If the header breaks the format.
    """
    record, lines = split_header(content, file)
    parts = []
    for line in lines[1:]:
        match = _SEGMENT_LINE.fullmatch(line)
        if match is None:
            raise RecordError(f"{file} is damaged: it describes a segment as {line[:60]!r}.")
        parts.append((None if match["name"] == _GAP else match["name"], int(match["length"])))
    if not parts or len(parts) != int(record["segments"] or 0):
        raise RecordError(
            f"{file} is damaged: it announces {record['segments']} segments and lists {len(parts)}."
        )
    # A first segment without samples only says which signals there may be.
    layout = parts.pop(0)[0] if parts[0][1] == 0 else None
    length = sum(frames for _, frames in parts)
    if int(record["length"] or length) != length or not length:
        raise RecordError(
            f"{file} is damaged: it promises {record['length']} samples and its segments have"
            f" {length}."
        )
    return Segments(
        record["name"],
        rate_of(record, file),
        length,
        tuple((name, frames) for name, frames in parts if frames),
        layout,
        personal_kinds(content, record),
    )


def parse_layout(content: bytes, file: str) -> tuple[Signal, ...]:
    """Read which signals the segments of a record may have, from its layout.

    Raises
    ------
    RecordError
        If the header breaks the format.
    """
    record, lines = split_header(content, file)
    return signals_of(record, lines[1:], file, layout=True)

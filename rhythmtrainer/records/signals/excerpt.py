"""Stretches of recordings kept as small WFDB records of their own."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Provenance, RecordError, Strip
from rhythmtrainer.records.signals.decode import decode_checksums, decode_signals
from rhythmtrainer.records.signals.header import (
    BIG_ENDIAN,
    Header,
    Signal,
    copied_files,
    header_text,
    parse_header,
)
from rhythmtrainer.records.signals.layout import Cut, frames_between
from rhythmtrainer.records.signals.leads import find_leads, printed_lead

_REMARK: Final = re.compile(
    rb"# samples (\d{1,12}) to (\d{1,12}) of (\d{1,12}), SHA-256 ([0-9a-f]{64})\n"
)
_UNSAFE: Final = re.compile(r"[^-\w]", re.ASCII)
_DIFFERENCES: Final = "8"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A record on disk and which frames of a recording it holds.

    Attributes
    ----------
    path
        The record without an ending.
    first, end
        The frames of the recording that can be read: first, and one behind the last.
    total
        Frames of the whole recording.
    """

    path: Path
    header: Header
    first: int
    end: int
    total: int

    def holds(self, first: int, end: int) -> bool:
        """Return whether the frames from `first` to before `end` can be read."""
        return self.first <= first and end <= self.end


def write_excerpt(
    folder: Path, name: str, header: Header, where: Cut, pieces: Mapping[str, bytes]
) -> Excerpt:
    """Write a stretch of a recording as a record of its own.

    Parameters
    ----------
    folder
        An existing folder.
    name
        The recording's name.
    header
        The recording's header.
    where
        Which frames.
    pieces
        For each signal file the bytes that `where` needs of it.

    Raises
    ------
    OSError
        If the folder cannot be written.
    RecordError
        If the bytes are not what the header describes.
    """
    name = _UNSAFE.sub("_", name)
    path = folder / name
    frames = where.stored_end - where.first
    swapped = {signal.file for signal in header.signals if signal.format == BIG_ENDIAN}
    written = {
        copy: _swapped(pieces[file]) if file in swapped else pieces[file]
        for file, copy in copied_files(header, name).items()
    }
    for copy, content in written.items():
        (folder / copy).write_bytes(content)
    header_file = folder / f"{name}.hea"
    # The checksums are known once the signals are decoded, which needs a header.
    draft = header_text(header, name, frames, ((0, 0),) * len(header.signals))
    header_file.write_bytes(draft.encode())
    text = header_text(header, name, frames, decode_checksums(path, frames)).encode()
    digest = _digest(text, written.values())
    remark = f"# samples {where.first} to {where.end} of {where.total}, SHA-256 {digest}\n"
    header_file.write_bytes(text + remark.encode())
    return open_excerpt(path)


def open_excerpt(path: Path) -> Excerpt:
    """Open an excerpt that `write_excerpt` wrote.

    Raises
    ------
    OSError
        If it is not there.
    RecordError
        If its header is damaged.
    """
    file = f"{path.name}.hea"
    content = (path.parent / file).read_bytes()
    remark = _REMARK.search(content)
    if remark is None:
        raise RecordError(f"{file} does not say which samples it holds.")
    first, end, total = map(int, remark.groups()[:3])
    header = parse_header(content, file)
    if not first < end <= total or not end - first <= (header.length or 0):
        raise RecordError(f"{file} is damaged: it names samples that it cannot hold.")
    return Excerpt(path, header, first, end, total)


def check_excerpt(excerpt: Excerpt) -> None:
    """Compare an excerpt with the checksum it was written with.

    Raises
    ------
    OSError
        If it is not there.
    RecordError
        If it is damaged.
    """
    path = excerpt.path
    text, found, remark = path.with_name(f"{path.name}.hea").read_bytes().partition(b"# samples")
    files = dict.fromkeys(signal.file for signal in excerpt.header.signals)
    digest = _digest(text, [path.with_name(file).read_bytes() for file in files])
    match = _REMARK.fullmatch(found + remark)
    if match is None or match[4].decode() != digest:
        raise RecordError(f"{path.name} is damaged: its checksum differs.")


def read_excerpt(
    excerpt: Excerpt,
    start_s: float,
    seconds: float | None,
    leads: Sequence[LeadName] | None,
    provenance: Provenance,
) -> Strip:
    """Read a stretch that an excerpt holds.

    Parameters
    ----------
    start_s, seconds
        Where the stretch begins, counted from the recording's first sample, and its length;
        None reads to the recording's end.
    leads
        The leads, or None for the first ECG lead.

    Raises
    ------
    RecordError
        If the excerpt is damaged, or such leads cannot be read from it; see `find_leads`.
    """
    header = excerpt.header
    indices = find_leads(header, leads, f"{excerpt.path.name}.hea")
    first, end = frames_between(header.fs, excerpt.total, start_s, seconds)
    if first == end:
        return empty_strip(header, leads, excerpt.total, provenance)
    signals = [header.signals[index] for index in indices]
    return Strip(
        signal=_millivolts(excerpt, indices, first, end),
        fs=header.fs * signals[0].samples_per_frame,
        leads=_printed(signals),
        start_s=first / header.fs,
        at_end=end == excerpt.total,
        provenance=provenance,
    )


def _millivolts(
    excerpt: Excerpt, indices: Sequence[int], first: int, end: int
) -> NDArray[np.float32]:
    """Return the frames of the recording from `first` to before `end`, one signal in each row."""
    header = excerpt.header
    signals = [header.signals[index] for index in indices]
    per_frame = signals[0].samples_per_frame
    late = [first - excerpt.first + signal.skew for signal in signals]
    # All signals are decoded at once, over the frames that any of them needs.
    start = 0 if any(signal.format == _DIFFERENCES for signal in signals) else min(late)
    stop = min(max(late) + end - first, header.length or excerpt.total)
    values = np.full((len(signals), (end - first) * per_frame), np.nan)
    if start < stop:
        decoded = decode_signals(excerpt.path, indices, start, stop)
        for row, samples, frame in zip(values, decoded, late, strict=True):
            held = samples[(frame - start) * per_frame :][: row.size]
            row[: held.size] = held
    factors = [signal.millivolts or 1.0 for signal in signals]
    return np.asarray(values * np.array(factors)[:, np.newaxis], dtype=np.float32)


def _printed(signals: Iterable[Signal]) -> tuple[LeadName, ...]:
    return tuple(printed_lead(signal.name) for signal in signals)


def empty_strip(
    header: Header, leads: Sequence[LeadName] | None, total: int, provenance: Provenance
) -> Strip:
    """Return the strip without samples that lies behind the last of `total` frames.

    Raises
    ------
    RecordError
        If such leads cannot be read from the recording; see `find_leads`.
    """
    signals = [header.signals[index] for index in find_leads(header, leads, f"{header.name}.hea")]
    return Strip(
        signal=np.empty((len(signals), 0), dtype=np.float32),
        fs=header.fs * signals[0].samples_per_frame,
        leads=_printed(signals),
        start_s=total / header.fs,
        at_end=True,
        provenance=provenance,
    )


def check_signals(path: Path, header: Header, frames: int) -> None:
    """Compare the signals of the record at `path` with the checksums in `header`.

    Raises
    ------
    RecordError
        If a signal file is cut off or its samples do not add up.
    """
    for signal, (_, found) in zip(header.signals, decode_checksums(path, frames), strict=True):
        if signal.checksum is not None and signal.checksum % 65536 != found:
            raise RecordError(
                f"{signal.file} is damaged: the samples of signal {signal.name!r} do not add up"
                " to the checksum in the header."
            )


def _swapped(content: bytes) -> bytes:
    return np.frombuffer(content, dtype="<i2").byteswap().tobytes()


def _digest(text: bytes, files: Iterable[bytes]) -> str:
    digest = hashlib.sha256(text)
    for content in files:
        digest.update(content)
    return digest.hexdigest()

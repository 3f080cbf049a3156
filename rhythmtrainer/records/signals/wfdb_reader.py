"""WFDB records on this computer: headers, strips and annotations.

Whatever is wrong with a file comes out as one sentence in a `RecordError`.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Provenance, RecordError, Strip
from rhythmtrainer.records.signals.decode import decode_annotations
from rhythmtrainer.records.signals.excerpt import (
    Excerpt,
    check_signals,
    empty_strip,
    read_excerpt,
    write_excerpt,
)
from rhythmtrainer.records.signals.header import Header, parse_header, record_file
from rhythmtrainer.records.signals.layout import (
    SignalFile,
    check_ranged,
    cut,
    frames_between,
    signal_files,
)

# A thousand times what a day in thousands of segments needs.
_LONGEST_HEADER: Final = 1 << 24
# Those of a week; the WFDB library takes seconds for as many.
_LONGEST_ANNOTATIONS: Final = 1 << 21
# The code of a comment.
_COMMENT: Final = '"'
# What a sample takes at most that cannot be compressed, and what stands around the samples.
_MOST_SAMPLE_BYTES: Final = 4
_SPARE_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose header has been read and whose signal files have been measured.

    Attributes
    ----------
    base
        The record without an ending.
    total
        Number of frames that can be read.
    """

    base: Path
    header: Header
    files: tuple[SignalFile, ...]
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """What an annotation file says.

    Attributes
    ----------
    samples
        Position of each annotation in samples from the recording's first, int64, read-only.
    symbols
        One code for each, for example ``N`` or ``+``.
    subtypes
        A number beside each, int64, read-only; what it says depends on the symbol.
    aux_notes
        The text beside each, empty where there is none, for example ``(AFIB``.
    """

    samples: NDArray[np.int64]
    symbols: tuple[str, ...]
    subtypes: NDArray[np.int64]
    aux_notes: tuple[str, ...]


def read_header(path: Path) -> Header:
    """Read the header of the record at `path`.

    Parameters
    ----------
    path
        The record without an ending, or its header file.

    Raises
    ------
    RecordError
        If the header is missing, damaged, or describes a record of a kind that is not read.
    """
    file = record_file(path)
    return parse_header(header_content(file), file.name)


def header_content(file: Path) -> bytes:
    """Return the bytes of a header file.

    Raises
    ------
    RecordError
        If it is missing, cannot be opened, or is far too long to be a header.
    """
    try:
        # A pipe would keep whoever opens it waiting for its other end.
        if file.is_fifo():
            raise RecordError(f"{file.name} is no file.")
        with file.open("rb") as stream:
            content = stream.read(_LONGEST_HEADER + 1)
    except FileNotFoundError as error:
        raise RecordError(f"{file.name} is missing: there is no such record.") from error
    except OSError as error:
        raise RecordError(f"{file.name} cannot be opened: {error.strerror or error}.") from error
    if len(content) > _LONGEST_HEADER:
        raise RecordError(f"{file.name} is not a WFDB header: it is far too long.")
    return content


def open_record(path: Path) -> Record:
    """Read the header of the record at `path` and measure its signal files.

    Raises
    ------
    RecordError
        If the record is missing, cut off, damaged, or of a kind that is not read.
    """
    base, header, files = _record(path)
    return Record(base, header, files, _length(base, header, files))


def read_strip(
    path: Path,
    start_s: float,
    seconds: float | None,
    leads: Sequence[LeadName] | None,
    provenance: Provenance,
) -> Strip:
    """Read a stretch of some leads, and nothing else, from the record at `path`.

    Parameters
    ----------
    path
        The record without an ending, or its header file.
    start_s, seconds
        Where the stretch begins, counted from the recording's first sample, and how long it
        is; None reads to the recording's end. What lies outside the recording is left out.
    leads
        The leads in the order of the strip's rows, or None for the first ECG lead.
    provenance
        What the strip will say about itself.

    Returns
    -------
    Strip
        The leads in millivolts, NaN where the recording has a gap. A stretch behind the
        recording's end has no samples.

    Raises
    ------
    RecordError
        If the record is missing, damaged or of an unknown kind, if such leads cannot be read
        from it (see `find_leads`), or if `seconds` is not above 0.
    """
    if seconds is not None and not seconds > 0:
        raise RecordError(f"A strip of {seconds:g} s was asked for; it must be longer than 0 s.")
    return read_stretch(open_record(path), start_s, seconds, leads, provenance)


def read_stretch(
    record: Record,
    start_s: float,
    seconds: float | None,
    leads: Sequence[LeadName] | None,
    provenance: Provenance,
) -> Strip:
    """Read a stretch of some leads of an open record; see `read_strip`.

    Raises
    ------
    RecordError
        If the record is damaged, or such leads cannot be read from it; see `find_leads`.
    """
    header, total = record.header, record.total
    first, end = frames_between(header.fs, total, start_s, seconds)
    if first == end:
        return empty_strip(header, leads, total, provenance)
    with _readable(record, (first, end)) as excerpt:
        return read_excerpt(excerpt, start_s, seconds, leads, provenance)


def check_record(path: Path) -> None:
    """Read the whole record at `path` and compare it with the checksums in its header.

    Raises
    ------
    RecordError
        If the record is missing, cut off, or its samples do not add up to the checksums.
    """
    record = open_record(path)
    with _readable(record, (0, record.total)) as excerpt:
        check_signals(excerpt.path, record.header, record.total)


def read_annotations(path: Path, extension: str) -> Annotations:
    """Read the annotation file with the ending `extension` of the record at `path`.

    Raises
    ------
    RecordError
        If the annotations or the record's header are missing or damaged, or an annotation
        lies outside the record.
    """
    base, header, files = _record(path)
    file = base.with_name(f"{base.name}.{extension}")
    if not file.is_file():
        raise RecordError(f"{file.name} is missing: there are no such annotations of the record.")
    if file.stat().st_size > _LONGEST_ANNOTATIONS:
        raise RecordError(f"{file.name} is far too long for annotations of a record.")
    samples, symbols, subtypes, notes = decode_annotations(base, extension)
    total = _length(base, header, files)
    # An annotation may stand right behind the last sample, to close what came before. Comments may
    # stand anywhere: some programs close a file with one that is about no sample.
    inside = (samples >= 0) & (samples <= total)
    outside = samples[~inside & (np.asarray(symbols) != _COMMENT)]
    if outside.size:
        raise RecordError(
            f"{file.name} is damaged: an annotation lies at sample {outside[0]}, outside the"
            f" record of {total} samples."
        )
    samples, subtypes = samples[inside], subtypes[inside]
    samples.flags.writeable = False
    subtypes.flags.writeable = False
    symbols = list(itertools.compress(symbols, inside))
    notes = [note.strip("\0 ") for note in itertools.compress(notes, inside)]
    return Annotations(samples, tuple(symbols), subtypes, tuple(notes))


def _record(path: Path) -> tuple[Path, Header, tuple[SignalFile, ...]]:
    file = record_file(path)
    header = parse_header(header_content(file), file.name)
    return file.with_suffix(""), header, signal_files(header, file.name)


def _length(base: Path, header: Header, files: Sequence[SignalFile]) -> int:
    """Return the record's length in frames once its signal files are known to hold it."""
    header_file = base.with_name(f"{base.name}.hea")
    sizes = [signal_size(file, header_file) for file in files]
    if header.length is None and files[0].compressed:
        raise RecordError(f"{base.name}.hea does not say how long the record is.")
    length = files[0].frames(sizes[0]) if header.length is None else header.length
    for file, size in zip(files, sizes, strict=True):
        check_compressed(file, size, length)
        if not file.compressed and size < file.size(length):
            raise RecordError(
                f"{file.name} is cut off: it has {size} bytes where its header promises"
                f" {file.size(length)}."
            )
    return length


def check_compressed(file: SignalFile, size: int, frames: int) -> None:
    """Make sure that a compressed file is not longer than its samples can be.

    Its decoder looks through all of a file for the next sample that it understands.

    Raises
    ------
    RecordError
        If it is.
    """
    if file.compressed and size > _MOST_SAMPLE_BYTES * frames * file.frame + _SPARE_BYTES:
        raise RecordError(f"{file.name} is far longer than the samples that its header promises.")


def signal_size(file: SignalFile, header_file: Path) -> int:
    """Return the bytes of a signal file beside the header that names it.

    Raises
    ------
    RecordError
        If it is missing or cannot be opened.
    """
    try:
        return header_file.with_name(file.name).stat().st_size
    except FileNotFoundError as error:
        raise RecordError(
            f"{file.name} is missing: {header_file.name} names it as its signal file."
        ) from error
    except OSError as error:
        raise RecordError(f"{file.name} cannot be opened: {error.strerror or error}.") from error


@contextmanager
def _readable(record: Record, frames: tuple[int, int]) -> Iterator[Excerpt]:
    """Give the frames in a form that the WFDB library reads without guessing."""
    base, header, files, total = record.base, record.header, record.files, record.total
    if header.as_written:
        yield Excerpt(base, header, 0, total, total)
        return
    check_ranged(files, f"{base.name}.hea")
    where = cut(files, *frames, total)
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(TemporaryDirectory(prefix="rhythmtrainer-"))
            pieces = {
                file.name: _piece(base.with_name(file.name), *where.byte_range(file))
                for file in files
            }
            excerpt = write_excerpt(Path(folder), header.name, header, where, pieces)
        except OSError as error:
            raise RecordError(f"{base.name} cannot be read: {error.strerror or error}.") from error
        yield excerpt


def _piece(file: Path, start: int, stop: int) -> bytes:
    with file.open("rb") as stream:
        stream.seek(start)
        return stream.read(stop - start)

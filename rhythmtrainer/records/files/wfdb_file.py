"""WFDB records in files of the user's own."""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Database, Provenance, RecordError
from rhythmtrainer.records.files.beside import HEADER, header_of
from rhythmtrainer.records.files.opened import Facts, FoundSignal, OpenedFile, Track, leads_among
from rhythmtrainer.records.files.segments import open_segments
from rhythmtrainer.records.files.source import provenance_of
from rhythmtrainer.records.signals.header import (
    BIG_ENDIAN,
    Header,
    copied_files,
    header_text,
    parse_header,
)
from rhythmtrainer.records.signals.layout import signal_files
from rhythmtrainer.records.signals.segment_header import joins_segments
from rhythmtrainer.records.signals.wfdb_reader import (
    Record,
    check_compressed,
    header_content,
    read_stretch,
    signal_size,
)

_MENDED: Final = "mended"


def open_wfdb(file: Path, databases: Mapping[tuple[str, str], Database]) -> OpenedFile:
    """Open a record by its header, or by one of its signal files.

    Raises
    ------
    RecordError
        If it is missing, damaged, of a kind that is not read, or no ECG.
    """
    header_file = file if file.suffix.casefold() == HEADER else header_of(file)
    if header_file is None:
        raise RecordError(
            f"{file.name} is no recording by itself: it needs its header ({HEADER}) beside it."
        )
    content = header_content(header_file)
    provenance = provenance_of(header_file.with_suffix(""), databases)
    if joins_segments(content, header_file.name):
        return open_segments(header_file, content, provenance)
    return _WfdbFile(header_file, content, provenance)


class _WfdbFile(OpenedFile):
    """An open record of one segment."""

    def __init__(self, header_file: Path, content: bytes, provenance: Provenance) -> None:
        name = header_file.name
        header, told = _with_files(parse_header(content, name), header_file)
        record, more = _measured(header, header_file)
        leads = leads_among(
            [
                FoundSignal(
                    signal.name,
                    signal.millivolts is not None,
                    header.fs * signal.samples_per_frame,
                    record.total * signal.samples_per_frame,
                )
                for signal in header.signals
            ],
            name,
        )
        repairs = (*header.repairs, *told, *more, *leads.repairs)
        super().__init__(Facts(name, provenance, header.personal, repairs), leads.tracks)
        self._record = _renamed(record, leads.tracks)
        if not header.as_written and all(s.format != BIG_ENDIAN for s in header.signals):
            self._record = _mended(self._record, self._resources)
        self._by_index = {track.index: track for track in leads.tracks}

    def _millivolts(self, indices: tuple[int, ...], first: int, end: int) -> NDArray[np.float32]:
        leads = tuple(self._by_index[index].lead for index in indices)
        per_frame = self._record.header.signals[indices[0]].samples_per_frame
        frame = first // per_frame
        frames = -(-end // per_frame) - frame
        fs = self._record.header.fs
        try:
            strip = read_stretch(self._record, frame / fs, frames / fs, leads, self.provenance)
        except RecordError as error:
            # The record may be a copy that was mended, of another name.
            raise RecordError(
                f"The signals of {self._facts.name} are damaged: they cannot be decoded."
            ) from error
        return strip.signal[:, first - frame * per_frame : end - frame * per_frame]


def _with_files(header: Header, header_file: Path) -> tuple[Header, tuple[str, ...]]:
    """Find the signal file of a record whose files were renamed, by its name and exact size."""
    named = list(dict.fromkeys(signal.file for signal in header.signals))
    missing = [file for file in named if not header_file.with_name(file).is_file()]
    if not missing or len(named) > 1:
        return header, ()
    found = _signal_file_for(header_file, named[0])
    if found is None:
        return header, ()
    signals = tuple(replace(signal, file=found.name) for signal in header.signals)
    (file,) = signal_files(replace(header, signals=signals), header_file.name)
    exact = header.length is not None and not file.compressed
    if not exact or found.stat().st_size != file.size(header.length or 0):
        return header, ()
    told = "The header names another signal file: the one beside it that fits was read."
    return replace(header, signals=signals, as_written=False), (told,)


def _signal_file_for(header_file: Path, named: str) -> Path | None:
    """Return the file called as the header is, or as it says but for the case of letters."""
    called = header_file.with_suffix(Path(named).suffix)
    if called.is_file():
        return called
    beside = header_file.parent.iterdir()
    return next((file for file in beside if file.name.casefold() == named.casefold()), None)


def _measured(header: Header, header_file: Path) -> tuple[Record, tuple[str, ...]]:
    """Find out how much of a record its signal files hold."""
    base, name = header_file.with_suffix(""), header_file.name
    files = signal_files(header, name)
    sizes = [signal_size(file, header_file) for file in files]
    held = [
        file.frames(size) for file, size in zip(files, sizes, strict=True) if not file.compressed
    ]
    if header.length is None and len(held) < len(files):
        raise RecordError(f"{name} does not say how long the record is.")
    total = min([*held, header.length or held[0]])
    for file, size in zip(files, sizes, strict=True):
        check_compressed(file, size, total)
    if not total:
        raise RecordError(f"{files[0].name} is cut off: it has no whole sample.")
    told: tuple[str, ...] = ()
    if header.length is not None and total < header.length:
        told = (
            f"The signals are cut off: {total / header.fs:.6g} of {header.length / header.fs:.6g} s"
            " are there.",
        )
    return Record(base, replace(header, length=total), files, total), told


def _renamed(record: Record, tracks: tuple[Track, ...]) -> Record:
    """Let every lead bear a name of its own, and no other signal that of a lead."""
    names = {track.index: track.lead for track in tracks}
    signals = tuple(
        replace(signal, name=names.get(index, "other"))
        for index, signal in enumerate(record.header.signals)
    )
    return replace(record, header=replace(record.header, signals=signals))


def _mended(record: Record, resources: ExitStack) -> Record:
    """Write the header so that the WFDB library reads it, in a folder beside links to signals."""
    header, name = record.header, _MENDED
    checksums = [(signal.initial or 0, 0) for signal in header.signals]
    text = header_text(header, name, record.total, checksums, with_offsets=True)
    copies = copied_files(header, name)
    try:
        folder = Path(mkdtemp(prefix="rhythmtrainer-"))
        resources.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / f"{name}{HEADER}").write_text(text, encoding="ascii", errors="replace")
        for file, copy in copies.items():
            _link(record.base.with_name(file).resolve(), folder / copy)
    except OSError as error:
        resources.close()
        raise RecordError(
            f"{record.base.name} cannot be read: {error.strerror or error}."
        ) from error
    signals = tuple(replace(signal, file=copies[signal.file]) for signal in header.signals)
    files = tuple(replace(file, name=copies[file.name]) for file in record.files)
    header = replace(header, name=name, signals=signals, as_written=True)
    return Record(folder / name, header, files, record.total)


def _link(file: Path, place: Path) -> None:
    for link in (os.symlink, os.link):
        try:
            link(file, place)
        except (OSError, NotImplementedError):
            continue
        return
    shutil.copyfile(file, place)

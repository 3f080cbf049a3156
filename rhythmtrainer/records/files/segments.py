"""WFDB records that join several others to one."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Provenance, RecordError
from rhythmtrainer.records.files.opened import Facts, FoundSignal, OpenedFile, Track, leads_among
from rhythmtrainer.records.signals.header import Signal
from rhythmtrainer.records.signals.segment_header import Segments, parse_layout, parse_segments
from rhythmtrainer.records.signals.wfdb_reader import (
    Record,
    header_content,
    open_record,
    read_stretch,
)

# Headers of segments that are kept: as many as a stretch is likely to touch again.
_KEPT_HEADERS: Final = 64


def open_segments(header_file: Path, content: bytes, provenance: Provenance) -> OpenedFile:
    """Open a record of several segments, of which only those that are read are opened.

    Raises
    ------
    RecordError
        If it is damaged, or no ECG.
    """
    segments = parse_segments(content, header_file.name)
    signals = _signals(segments, header_file)
    leads = leads_among(
        [
            FoundSignal(
                signal.name,
                signal.millivolts is not None,
                segments.fs * signal.samples_per_frame,
                segments.length * signal.samples_per_frame,
            )
            for signal in signals
        ],
        header_file.name,
    )
    facts = Facts(header_file.name, provenance, segments.personal, leads.repairs)
    return _SegmentedFile(facts, leads.tracks, header_file.parent, segments, signals)


class _SegmentedFile(OpenedFile):
    """An open record of several segments; a lead that one of them lacks has a gap there."""

    def __init__(
        self,
        facts: Facts,
        tracks: Sequence[Track],
        folder: Path,
        segments: Segments,
        signals: Sequence[Signal],
    ) -> None:
        super().__init__(facts, tracks)
        self._folder = folder
        self._segments = segments
        self._signals = tuple(signals)
        self._leads = {track.index: track.lead for track in tracks}
        self._starts = [0, *accumulate(frames for _, frames in segments.parts)]
        self._part = lru_cache(_KEPT_HEADERS)(self._open_part)

    def _millivolts(self, indices: tuple[int, ...], first: int, end: int) -> NDArray[np.float32]:
        per_frame = self._signals[indices[0]].samples_per_frame
        start, stop = first // per_frame, -(-end // per_frame)
        values = np.full((len(indices), (stop - start) * per_frame), np.nan, dtype=np.float32)
        for number in range(bisect_right(self._starts, start) - 1, len(self._segments.parts)):
            offset = self._starts[number]
            if offset >= stop:
                break
            name, frames = self._segments.parts[number]
            if name is None:
                continue
            record = self._part(name, frames)
            low, high = max(start, offset), min(stop, offset + frames)
            held = [
                (row, self._leads[index])
                for row, index in enumerate(indices)
                if any(signal.name == self._leads[index] for signal in record.header.signals)
            ]
            if not held:
                continue
            fs = record.header.fs
            leads = tuple(lead for _, lead in held)
            strip = read_stretch(
                record, (low - offset) / fs, (high - low) / fs, leads, self.provenance
            )
            values[
                [row for row, _ in held], (low - start) * per_frame : (high - start) * per_frame
            ] = strip.signal
        return values[:, first - start * per_frame : end - start * per_frame]

    def _open_part(self, name: str, frames: int) -> Record:
        """Open a segment, its leads called as those of the whole record."""
        record = _segment(self._folder / f"{name}.hea", self._facts.name)
        header = record.header
        if record.total != frames or header.fs != self._segments.fs:
            raise RecordError(f"{name}.hea does not fit into {self._facts.name}.")
        signals = [replace(signal, name="other") for signal in header.signals]
        for index, lead in self._leads.items():
            wanted = self._signals[index]
            place = self._place(wanted, index, header.signals)
            if place is not None:
                found = header.signals[place]
                if found.millivolts is None or found.samples_per_frame != wanted.samples_per_frame:
                    raise RecordError(f"{name}.hea describes {lead} unlike {self._facts.name}.")
                signals[place] = replace(found, name=lead)
        return replace(record, header=replace(header, signals=tuple(signals)))

    def _place(self, wanted: Signal, index: int, signals: Sequence[Signal]) -> int | None:
        """Return where a segment keeps a signal of the whole record."""
        if self._segments.layout is None:
            # All segments have the same signals in the same order.
            return index if index < len(signals) else None
        names = [signal.name for signal in signals]
        return names.index(wanted.name) if wanted.name in names else None


def _signals(segments: Segments, header_file: Path) -> tuple[Signal, ...]:
    """Return the signals that a segment may have."""
    if segments.layout is not None:
        file = header_file.with_name(f"{segments.layout}.hea")
        try:
            return parse_layout(header_content(file), file.name)
        except RecordError as error:
            raise RecordError(f"The layout of {header_file.name} is not read: {error}") from error
    first = next((name for name, _ in segments.parts if name is not None), None)
    if first is None:
        raise RecordError(f"{header_file.name} has no samples.")
    return _segment(header_file.with_name(f"{first}.hea"), header_file.name).header.signals


def _segment(file: Path, whole: str) -> Record:
    try:
        return open_record(file)
    except RecordError as error:
        raise RecordError(f"A segment of {whole} cannot be read: {error}") from error

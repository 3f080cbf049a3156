"""Read recordings with their reference annotations."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RecordError, RecordRef
from rhythmtrainer.records.index.rules import BuildError, Interval, Rules
from rhythmtrainer.records.signals.decode import decode_signals
from rhythmtrainer.records.signals.wfdb_reader import Annotations, read_annotations, read_header

# Annotation codes of beats; "!" is one wave of ventricular flutter.
_BEATS = frozenset("NLRBAaJSVrFejnE/fQ?!")
BLOCKED_P = "x"
_ARTIFACT = "|"
_QUALITY = "~"
_NOTE = '"'
_TAPE_SLIPPAGE = "TS"
# Digits of the sum that stands for what a header says of its patient.
_DIGITS = 8


@dataclass(frozen=True, eq=False)
class Recording:
    """One record with its annotations, all times in seconds from the first sample.

    Attributes
    ----------
    path
        The record's files without their endings.
    episodes
        Code, start and end of each stretch under one rhythm label.
    beats, symbols
        Times and codes of the beats and of the P waves that were not conducted.
    marks
        Times of single artifacts and tape slips.
    noisy
        For each signal the stretches that are annotated as noisy.
    unread
        Stretches without a beat for so long that nobody can have looked for any.
    patient
        Who was recorded.
    """

    ref: RecordRef
    path: Path
    fs: float
    length: int
    leads: tuple[str, ...]
    comments: str
    episodes: tuple[tuple[str, float, float], ...]
    beats: NDArray[np.float64]
    symbols: NDArray[np.str_]
    marks: NDArray[np.float64]
    noisy: tuple[tuple[Interval, ...], ...]
    unread: tuple[Interval, ...]
    patient: str

    @cached_property
    def codes(self) -> str:
        """The codes of all beats and of the P waves that were not conducted, a letter each."""
        return "".join(self.symbols)

    @cached_property
    def conducted(self) -> NDArray[np.float64]:
        """Times of the beats alone."""
        return np.asarray(self.beats[self.symbols != BLOCKED_P])

    def signal(self, lead: str, part: Interval) -> tuple[float, NDArray[np.float64]]:
        """Return the time of the first sample and the millivolts of a lead over a stretch."""
        first = max(0, round(part[0] * self.fs))
        last = min(self.length, round(part[1] * self.fs))
        (samples,) = decode_signals(self.path, [self.leads.index(lead)], first, last)
        return first / self.fs, samples


def read_recording(ref: RecordRef, records: Path, rules: Rules) -> Recording:
    """Read the header and the annotations of one record below the folder `records`.

    Raises
    ------
    RecordError
        If they are missing or damaged, or an annotation lies outside the record.
    """
    path = records / ref.path
    header = read_header(path)
    if header.length is None:
        raise RecordError(f"{path.name}.hea does not say how long the record is.")
    notes = read_annotations(path, rules.annotations)
    end = header.length / header.fs
    times = notes.samples / header.fs
    symbols = np.asarray(notes.symbols)
    slips = (symbols == _NOTE) & (np.asarray(notes.aux_notes) == _TAPE_SLIPPAGE)
    quality = symbols == _QUALITY
    beats, codes = _beats(path, notes, rules, header.fs)
    comments = _comments(path)
    return Recording(
        ref=ref,
        path=path,
        fs=header.fs,
        length=header.length,
        leads=tuple(signal.name for signal in header.signals),
        comments=comments,
        episodes=tuple(_episodes(notes, times, end, rules)),
        beats=beats,
        symbols=codes,
        marks=times[(symbols == _ARTIFACT) | slips],
        noisy=tuple(
            tuple(_noisy_stretches(times[quality], notes.subtypes[quality], channel, end))
            for channel in range(len(header.signals))
        ),
        unread=tuple(_unread_stretches(beats[codes != BLOCKED_P], rules)),
        patient=_patient(ref, comments, rules),
    )


def _beats(
    path: Path, notes: Annotations, rules: Rules, fs: float
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Return the times and the codes of beats and of P waves that were not conducted."""
    for ending in rules.beat_annotations:
        if path.with_name(f"{path.name}.{ending}").is_file():
            notes = read_annotations(path, ending)
            break
    symbols = np.asarray(notes.symbols, dtype=np.str_)
    is_beat = np.isin(symbols, [*_BEATS, BLOCKED_P])
    return notes.samples[is_beat] / fs, symbols[is_beat]


def _episodes(
    notes: Annotations, times: NDArray[np.float64], end: float, rules: Rules
) -> Iterator[tuple[str, float, float]]:
    """Yield the name, the start and the end of each stretch under one label."""
    changes = [(0.0, rules.unlabelled, end)] if rules.unlabelled else []
    symbols = {one.symbol: one.lasts_s for one in rules.episode_symbols}
    for at, symbol, text in zip(times.tolist(), notes.symbols, notes.aux_notes, strict=True):
        # What follows a zero is what stood in the file's buffer before.
        note = rules.rhythm_note.match(text.partition("\0")[0])
        if note is not None:
            changes.append((at, note.group(), end))
        elif symbol in symbols:
            changes.append((at, symbol, symbols[symbol]))
    ends = [*(at for at, _, _ in changes[1:]), end]
    for (start, code, lasts), following in zip(changes, ends, strict=False):
        until = min(start + lasts, following)
        yield code, start, until
        if until < following and rules.unlabelled:
            yield rules.unlabelled, until, following


def _unread_stretches(beats: NDArray[np.float64], rules: Rules) -> Iterator[Interval]:
    if beats.size:
        edges = np.concatenate([[-np.inf], beats, [np.inf]])
        beside = rules.lengths.beside_beat_s
        for at in np.flatnonzero(np.diff(edges) > rules.lengths.silence_s):
            yield float(edges[at]) + beside, float(edges[at + 1]) - beside


def _patient(ref: RecordRef, comments: str, rules: Rules) -> str:
    said = None if rules.patient is None else rules.patient.search(comments)
    if said is None:
        return f"{ref.database}-{ref.record}"
    if said.groups():
        return f"{ref.database}-{said.group(1)}"
    words = " ".join(sorted(said.group().split()))
    return f"{ref.database}-{hashlib.sha256(words.encode()).hexdigest()[:_DIGITS]}"


def _comments(path: Path) -> str:
    lines = path.with_suffix(".hea").read_text(encoding="ascii", errors="replace").splitlines()
    return " ".join(
        word for line in lines if line.startswith("#") for word in line.strip("# ").split()
    )


def _noisy_stretches(
    times: NDArray[np.float64], states: NDArray[np.int64], channel: int, end: float
) -> Iterator[Interval]:
    # Bit n of the state says that signal n is noisy, bit n + 4 that it cannot be read.
    bad = (states < 0) | ((states >> channel) & 1 > 0) | ((states >> (channel + 4)) & 1 > 0)
    if states.size and states[0] == 0:
        yield 0.0, float(times[0])  # where noise ends that no mark began, it was there all along
    until = np.append(times, end)[1:]
    for start, stop, is_bad in zip(times, until, bad, strict=True):
        if is_bad:
            yield float(start), float(stop)


def record_names(folder: Path, rules: Rules) -> list[str]:
    """Return the names of a database's records that have annotations, with their sub-folders.

    Raises
    ------
    BuildError
        If the folder does not hold the database.
    """
    ending = f".{rules.annotations}"
    names = sorted(
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.hea")
        if path.with_suffix(ending).exists()
    )
    if not names:
        raise BuildError(
            f"{folder} holds no recordings: --records must name a folder with <database>/<version>"
        )
    return names

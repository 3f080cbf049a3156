"""Read recordings with their reference annotations."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RecordError, RecordRef
from rhythmtrainer.records.index.rules import BuildError, Interval, Rules
from rhythmtrainer.records.signals.decode import decode_signals
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_header

# Annotation codes of beats; "!" is one wave of ventricular flutter.
_BEATS = frozenset("NLRBAaJSVrFejnE/fQ?!")
BLOCKED_P = "x"
_ARTIFACT = "|"
_QUALITY = "~"
_NOTE = '"'
_TAPE_SLIPPAGE = "TS"


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

    @cached_property
    def _signals(self) -> list[NDArray[np.float64]]:
        return decode_signals(self.path, range(len(self.leads)), 0, self.length)

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
        return first / self.fs, self._signals[self.leads.index(lead)][first:last]


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
    is_beat = np.isin(symbols, [*_BEATS, BLOCKED_P])
    slips = (symbols == _NOTE) & (np.asarray(notes.aux_notes) == _TAPE_SLIPPAGE)
    rhythms = [(at, rules.rhythm_note.match(text)) for at, text in enumerate(notes.aux_notes)]
    changes = [(at, note.group()) for at, note in rhythms if note is not None]
    ends = [*(times[at] for at, _ in changes[1:]), end]
    quality = symbols == _QUALITY
    return Recording(
        ref=ref,
        path=path,
        fs=header.fs,
        length=header.length,
        leads=tuple(signal.name for signal in header.signals),
        comments=_comments(path),
        episodes=tuple(
            (code, float(times[at]), float(until))
            for (at, code), until in zip(changes, ends, strict=False)
        ),
        beats=times[is_beat],
        symbols=symbols[is_beat],
        marks=times[(symbols == _ARTIFACT) | slips],
        noisy=tuple(
            tuple(_noisy_stretches(times[quality], notes.subtypes[quality], channel, end))
            for channel in range(len(header.signals))
        ),
    )


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

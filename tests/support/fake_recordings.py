"""Recordings in files that do not exist, opened as a page opens them, and a shelf in memory."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from rhythmtrainer.model import (
    LabelledStrip,
    LeadName,
    Origin,
    Pack,
    PackId,
    Provenance,
    RecordError,
    Strip,
    StripId,
    TableGuess,
    TableLayout,
)
from rhythmtrainer.model.table_layout import Column
from rhythmtrainer.training.cancel import Cancel
from tests.support.synthetic import ecg_at, regular_peaks

_PERIOD_S = 60.0


@dataclass
class FakeRecording:
    """An `OpenRecording` of any length that repeats one minute of 75 beats.

    `damaged_from_s` on, it cannot be read; while `gate` is given, reads that reach beyond
    `gated_from_s` wait for it.
    """

    leads: tuple[LeadName, ...] = (LeadName("II"),)
    rates: tuple[float, ...] = (250.0,)
    duration_s: float = 120.0
    source: str = "madeup"
    dropped: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    rate_bpm: float = 75.0
    damaged_from_s: float = np.inf
    gate: threading.Event | None = None
    gated_from_s: float = 0.0
    reads: list[tuple[float, float]] = field(default_factory=list)
    closed: bool = False

    @property
    def provenance(self) -> Provenance:
        return Provenance(Origin.REAL, self.source)

    def read(
        self, leads: Sequence[LeadName], start_s: float, seconds: float, cancel: Cancel
    ) -> Strip:
        if self.gate is not None and start_s + seconds > self.gated_from_s:
            with cancel.calling(self.gate.set):
                self.gate.wait(10.0)
        cancel.check()
        assert not self.closed
        rates = {self.rates[self.leads.index(lead)] for lead in leads}
        if len(rates) != 1:
            raise RecordError("The leads differ in their rates.")
        if start_s + seconds > self.damaged_from_s:
            raise RecordError(f"{self.source}.dat is damaged.")
        self.reads.append((start_s, seconds))
        fs = rates.pop()
        count = round(self.duration_s * fs)
        first = min(max(round(start_s * fs), 0), count)
        last = min(max(round((start_s + seconds) * fs), first), count)
        period = ecg_at(regular_peaks(self.rate_bpm, _PERIOD_S), fs, _PERIOD_S, wander=0.0)
        signal = period[np.arange(first, last) % period.size]
        return Strip(
            np.stack([signal] * len(leads)),
            fs,
            tuple(leads),
            first / fs,
            at_end=last == count,
            provenance=self.provenance,
        )

    def close(self) -> None:
        self.closed = True


TABLE = TableGuess(
    TableLayout(
        encoding="utf-8",
        delimiter=";",
        decimal=",",
        skipped_rows=1,
        time_column=0,
        time_unit_s=1.0,
        fs=250.0,
        columns=(Column(1, LeadName("I"), "mV"), Column(2, LeadName("II"), "mV")),
    ),
    preview=(
        ("time", "I", "II"),
        ("0,000", "0,01", "0,02"),
        ("0,004", "0,03", "0,05"),
        ("0,008", "0,02", "0,04"),
    ),
    doubts=("No units are written down: mV was taken, because of how large the numbers are.",),
)


@dataclass
class FakeFiles:
    """A `RecordingFiles` that knows a few files by their names, and tables by `.csv`."""

    recordings: dict[str, FakeRecording] = field(default_factory=dict)
    table: TableGuess = TABLE
    opened_with: list[TableLayout | None] = field(default_factory=list)

    @property
    def patterns(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        return (("WFDB", ("*.hea",)), ("Tables", ("*.csv",)))

    def guess(self, file: Path) -> TableGuess | None:
        if file.name not in self.recordings:
            raise RecordError(f"{file.name} is missing.")
        return self.table if file.suffix == ".csv" else None

    def open(self, file: Path, layout: TableLayout | None, cancel: Cancel) -> FakeRecording:
        cancel.check()
        self.opened_with.append(layout)
        recording = self.recordings[file.name]
        recording.closed = False
        return recording


@dataclass
class FakeShelf:
    """A `StripShelf` in memory that can be told that the disk is full."""

    strips: dict[StripId, tuple[Strip, LabelledStrip]] = field(default_factory=dict)
    removed: dict[StripId, tuple[Strip, LabelledStrip]] = field(default_factory=dict)
    full: bool = False

    def own(self) -> Pack:
        labels = tuple(label for _, label in self.strips.values())
        return Pack(PackId("own-strips"), "My strips", "", date(2026, 3, 1), "", labels)

    def faults(self) -> Sequence[str]:
        return ()

    def packs(self) -> Sequence[Pack]:
        return ()

    def add(self, strip: Strip, label: LabelledStrip) -> None:
        self._check_room()
        self.strips[label.id] = strip, label

    def change(self, label: LabelledStrip) -> None:
        self._check_room()
        self.strips[label.id] = self.strips[label.id][0], label

    def remove(self, strip: StripId) -> None:
        self.removed[strip] = self.strips.pop(strip)

    def restore(self, strip: StripId) -> None:
        self.strips[strip] = self.removed.pop(strip)

    def read(self, pack: PackId, strip: StripId) -> Strip:
        assert pack == self.own().id
        if strip not in self.strips:
            raise RecordError("The strip is missing.")
        return replace(self.strips[strip][0], start_s=0.0)

    def write_pack(self, pack: Pack, file: Path) -> None:
        raise NotImplementedError

    def open_pack(self, file: Path, cancel: Cancel) -> Pack:
        raise NotImplementedError

    def remove_pack(self, pack: PackId) -> None:
        raise NotImplementedError

    def _check_room(self) -> None:
        if self.full:
            raise RecordError("The strip could not be saved: the disk is full.")

"""Small long-term recordings as the databases of PhysioNet hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Progress, RecordRef, Span
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.building import find_database
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.training.cancel import Cancel
from tests.support.wfdb_files import write_annotations

GAIN = 200
_WIDE = "VE"


@dataclass(frozen=True, slots=True)
class Holter:
    """A recording to be written.

    Attributes
    ----------
    beats, codes
        Time in seconds and code of each beat; those of ``V`` and ``E`` are drawn wide.
    notes
        Time, symbol, text and subtype of each annotation besides.
    comments
        Lines of the header's comment.
    gain
        As the header writes it; ``0`` says that nobody calibrated.
    """

    name: str
    fs: int
    leads: Sequence[str]
    beats: NDArray[np.float64]
    codes: str
    notes: Sequence[tuple[float, str, str, int]] = ()
    comments: Sequence[str] = ()
    gain: str = f"{GAIN}/mV"
    seconds: float = 0.0
    noise_mv: float = 0.01
    wave_hz: float = 0.0

    @property
    def length(self) -> int:
        """Number of samples of each signal."""
        return round((self.seconds or float(self.beats[-1]) + 0.5) * self.fs)

    def write(self, folder: Path, beats: str = "") -> Path:
        """Write the recording; with an ending, the beats go to a file of their own."""
        folder.mkdir(parents=True, exist_ok=True)
        signal = np.rint(self._signal() * GAIN).astype("<i2")
        np.repeat(signal[:, None], len(self.leads), axis=1).tofile(folder / f"{self.name}.dat")
        lines = [f"{self.name} {len(self.leads)} {self.fs} {self.length}"]
        lines += [f"{self.name}.dat 16 {self.gain} 12 0 0 0 0 {lead}" for lead in self.leads]
        text = "\n".join([*lines, *self.comments, ""])
        (folder / f"{self.name}.hea").write_text(text, encoding="utf-8")
        rows = [(at, code, "", 0) for at, code in zip(self.beats, self.codes, strict=True)]
        if beats:
            annotate(folder, self, beats, rows)
        annotate(folder, self, "atr", [*self.notes, *(() if beats else rows)])
        return folder / self.name

    def _signal(self) -> NDArray[np.float64]:
        time = np.arange(self.length) / self.fs
        signal = np.random.default_rng(1).normal(0.0, self.noise_mv, time.size)
        for at, code in zip(self.beats, self.codes, strict=True):
            near = slice(max(0, int((at - 0.4) * self.fs)), int((at + 0.6) * self.fs))
            signal[near] += _beat(time[near] - at, wide=code in _WIDE)
        return signal + 0.8 * np.sin(2 * np.pi * self.wave_hz * time)


def _beat(time: NDArray[np.float64], *, wide: bool) -> NDArray[np.float64]:
    """Return a complex around second 0: a narrow one with P and T, or a wide one alone."""
    if wide:
        return np.asarray(1.5 * np.exp(-((time / 0.05) ** 2)))
    waves = ((0.15, -0.12, 0.02), (1.2, 0.0, 0.014), (0.25, 0.2, 0.04))
    return np.asarray(sum(h * np.exp(-(((time - at) / w) ** 2)) for h, at, w in waves))


def annotate(
    folder: Path, holter: Holter, ending: str, rows: Sequence[tuple[float, str, str, int]]
) -> None:
    """Write an annotation file of rows of time, symbol, text and subtype."""
    rows = sorted(rows, key=lambda row: row[0])
    write_annotations(
        holter.name,
        ending,
        np.array([round(at * holter.fs) for at, _, _, _ in rows]),
        symbol=[symbol for _, symbol, _, _ in rows],
        aux_note=[text for _, _, text, _ in rows],
        subtype=np.array([subtype for _, _, _, subtype in rows]),
        write_dir=str(folder),
    )


def steady(rate: float, seconds: float, start: float = 0.3) -> NDArray[np.float64]:
    """Return beats at a steady rate per minute."""
    return np.arange(start, seconds - 0.3, 60 / rate)


def irregular(rate: float, seconds: float, start: float = 0.3) -> NDArray[np.float64]:
    """Return beats as irregular as those of fibrillation, at a mean rate per minute."""
    count = int((seconds - start) * rate / 60)
    rr = 60 / rate * (1 + 0.25 * np.random.default_rng(2).uniform(-1, 1, count))
    return np.asarray(start + np.cumsum(rr))


def early(beats: NDArray[np.float64], which: Sequence[int], share: float = 0.7) -> None:
    """Move some beats to that share of the interval before them."""
    for at in which:
        beats[at] = beats[at - 1] + share * (beats[at] - beats[at - 1])


def shipped(database: str) -> Rules:
    """Return the rules of a database."""
    return read_rules(dataset("rules"), database)


def folder_of(records: Path, rules: Rules) -> Path:
    """Return where the records of a database lie."""
    return records / rules.database / rules.version


def find(records: Path, rules: Rules) -> tuple[list[Span], dict[str, str]]:
    """Return the spans of a database, and why records gave none, by record."""
    skipped: dict[str, str] = {}

    def skip(ref: RecordRef, why: str) -> None:
        skipped[ref.record] = why

    def tell(_progress: Progress) -> None:
        pass

    return find_database(records, rules, tell, Cancel(), skip), skipped

"""Every ten seconds of real recordings that lie wholly inside one rhythm label."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Origin, Provenance, RecordError, Strip
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_strip

WINDOW_S = 10.0
CONTEXT_S = 1.0
"""Read on each side where a recording goes on, as the program does."""

BEATS = tuple("NLRBAaJSVrFejnE/fQ?")

# Two records of one patient; 428 to 430 of vfdb look like one person and can do no harm as one.
_SAME_PATIENT = {"mitdb-202": "mitdb-201", "vfdb-429": "vfdb-428", "vfdb-430": "vfdb-428"}
_AMBULATORY = {
    "mitdb": Path("mitdb", "1.0.0"),
    "vfdb": Path("vfdb", "1.0.0"),
    "cpsc2021": Path("cpsc2021", "1.0.0"),
}
_FOLDERS_12 = {
    "ludb": Path("ludb", "1.0.1"),
    "ptb-xl": Path("ptb-xl", "1.0.3"),
    "challenge-2021": Path("challenge-2021", "1.0.3"),
}


@dataclass(frozen=True, slots=True, eq=False)
class LabelledWindow:
    """Ten seconds, what a label says about them, and the reference beats where there are any.

    Attributes
    ----------
    strip
        One lead, with context on both sides where the recording goes on.
    labels
        The rhythm label of the stretch, or all labels of a 12-lead recording.
    beats_s, symbols
        Annotated beats inside the window; None where the database marks no beats.
    before_s
        Time of the last annotated beat before the window, or NaN.
    """

    database: str
    record: str
    patient: str
    labels: tuple[str, ...]
    strip: Strip
    start_s: float
    end_s: float
    beats_s: NDArray[np.float64] | None = None
    symbols: tuple[str, ...] = ()
    before_s: float = float("nan")

    @property
    def name(self) -> str:
        """Where it lies, for a list or a file name."""
        return f"{self.database}-{Path(self.record).name}-{self.start_s:.0f}s"


def labelled_windows(folder: Path, databases: tuple[str, ...]) -> Iterator[LabelledWindow]:
    """Yield every window of the databases named, record by record."""
    for database in databases:
        if database in _AMBULATORY:
            for header in sorted((folder / _AMBULATORY[database]).rglob("*.hea")):
                yield from _ambulatory(header.with_suffix(""), database)
        else:
            yield from _twelve_leads(folder, database)


DATABASES = (*_AMBULATORY, *_FOLDERS_12)


def _ambulatory(path: Path, database: str) -> Iterator[LabelledWindow]:
    leads = (LeadName("II"),) if database == "cpsc2021" else None
    strip = read_strip(path, 0.0, None, leads, Provenance(Origin.REAL, f"{database}/{path.name}"))
    marks = read_annotations(path, "atr")
    times = marks.samples / strip.fs
    is_beat = np.isin(np.asarray(marks.symbols), BEATS)
    beats, symbols = times[is_beat], np.asarray(marks.symbols)[is_beat]
    for label, first, last in _stretches(marks.aux_notes, times, strip.duration_s, database):
        for index in range(int((last - first) / WINDOW_S)):
            start = first + index * WINDOW_S
            end = start + WINDOW_S
            inside = (beats >= start) & (beats < end)
            before = beats[beats < start]
            yield LabelledWindow(
                database=database,
                record=path.name,
                patient=_patient(database, path.name),
                labels=(label,),
                strip=strip.cropped(start - CONTEXT_S, end + CONTEXT_S),
                start_s=start,
                end_s=end,
                beats_s=None if database == "vfdb" else beats[inside],
                symbols=tuple(symbols[inside].tolist()),
                before_s=float(before[-1]) if before.size else float("nan"),
            )


def _stretches(
    notes: tuple[str, ...], times: NDArray[np.float64], duration_s: float, database: str
) -> Iterator[tuple[str, float, float]]:
    """Yield each label with the seconds between which it holds."""
    changes = [
        (note, time) for note, time in zip(notes, times.tolist(), strict=True) if note[:1] == "("
    ]
    if database == "cpsc2021" and (not changes or changes[0][1] > 0):
        # Its records without such a mark hold no fibrillation, nor does what precedes the first.
        changes.insert(0, ("(N", 0.0))
    ends = [time for _, time in changes[1:]] + [duration_s]
    for (note, start), end in zip(changes, ends, strict=True):
        yield note, start, end


def _patient(database: str, record: str) -> str:
    if database == "cpsc2021":
        return "cpsc2021-" + record.split("_")[1]
    own = f"{database}-{record}"
    return _SAME_PATIENT.get(own, own)


def _twelve_leads(folder: Path, database: str) -> Iterator[LabelledWindow]:
    with (folder / "labels-12lead.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["database"] == database]
    for row in rows:
        path = folder / _FOLDERS_12[database] / row["record"]
        lead = LeadName("ii" if database == "ludb" else "II")
        source = Provenance(Origin.REAL, f"{database}/{row['record']}")
        try:
            strip = read_strip(path, 0.0, WINDOW_S, (lead,), source)
        except RecordError as error:
            print(f"left out, unreadable: {error}")
            continue
        yield LabelledWindow(
            database=database,
            record=row["record"],
            patient=f"{database}-{row['record']}",
            labels=tuple(row["labels"].split("|")),
            strip=strip,
            start_s=0.0,
            end_s=strip.end_s,
        )

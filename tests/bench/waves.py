"""Accuracy and speed of delineation on the Lobachevsky University Database (LUDB).

200 records of 10 s, 12 leads, 500 Hz, the waves of each lead marked by cardiologists. The
odd-numbered records settled the numbers in ``rhythmtrainer.ecg``; the even-numbered ones report.
R peaks are the reference's. Scored is what lies between the first and the last mark of a lead.
A wave counts as found if its peak lies within 150 ms of a reference peak, one to one; errors of
onset and end are those of the waves found, positive where the mark is late. Where the reference has
no P wave, a P wave that is marked is an error; the 24 records that have none in lead II are
reported apart.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.model import LeadName, Origin, Provenance
from rhythmtrainer.model.waves import ABSENT, Wave, Waves
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_strip
from tests.bench.setting import interleaved, peer, records_option, setting

LEADS: Final = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")
RECORDS: Final = tuple(range(1, 201))
TUNING: Final = tuple(record for record in RECORDS if record % 2)
TEST: Final = tuple(record for record in RECORDS if not record % 2)
WAVES: Final = ("p", "qrs", "t")
TOLERANCE_MS: Final = 150.0
SPEED_RECORDS: Final = (2, 44, 52, 100, 120, 168)
SPEED_RUNS: Final = 100
_LOW_QUANTILE = 0.1

_SYMBOLS = {"p": "p", "N": "qrs", "t": "t"}

Marks = NDArray[np.int64]
"""Onset, peak and end of each wave, shape ``(waves, 3)``; `ABSENT` where a bound is not marked."""

Delineator = Callable[[NDArray[np.float32], float, NDArray[np.int64]], Waves]


@dataclass(frozen=True, slots=True, eq=False)
class MarkedLead:
    """One lead of a record in mV and its reference marks."""

    record: int
    lead: str
    signal: NDArray[np.float32]
    fs: float
    marks: Mapping[str, Marks]

    @property
    def beats(self) -> NDArray[np.int64]:
        """Reference R peaks."""
        return np.ascontiguousarray(self.marks["qrs"][:, 1])

    @property
    def span(self) -> tuple[int, int]:
        """First and last marked sample; beyond them nothing was marked."""
        every = np.concatenate([marks.ravel() for marks in self.marks.values()])
        every = every[every != ABSENT]
        return int(every.min()), int(every.max())


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Waves of one kind that were found, missed and made up, and the errors of those found.

    `errors_ms` has a row of onset and end for each wave found, NaN where the reference has no mark.
    """

    found: int
    missed: int
    made_up: int
    errors_ms: NDArray[np.float64]

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.found + other.found,
            self.missed + other.missed,
            self.made_up + other.made_up,
            np.concatenate([self.errors_ms, other.errors_ms]),
        )

    @property
    def f1(self) -> float:
        """In percent; 100 if there was nothing to find and nothing was marked."""
        wrong = self.missed + self.made_up
        return 200 * self.found / (2 * self.found + wrong) if self.found + wrong else 100.0

    def figures(self) -> dict[str, float | int | None]:
        """F1 in percent, mean and standard deviation of the errors in ms, and the counts."""
        known = [errors[np.isfinite(errors)] for errors in self.errors_ms.T]
        onset, end = ((e.mean(), e.std()) if e.size else (None, None) for e in known)
        return {
            "f1": self.f1,
            "found": self.found,
            "missed": self.missed,
            "made_up": self.made_up,
            "onset_mean_ms": onset[0],
            "onset_sd_ms": onset[1],
            "end_mean_ms": end[0],
            "end_sd_ms": end[1],
        }


NOTHING: Final = Score(0, 0, 0, np.empty((0, 2)))


def ludb_folder(records_dir: Path) -> Path:
    """Where LUDB lies in a folder laid out as PhysioNet lays it out."""
    return records_dir / "ludb" / "1.0.1" / "data"


def read_record(folder: Path, record: int, leads: Sequence[str] = LEADS) -> list[MarkedLead]:
    """Read some leads of a record of LUDB with their marks."""
    path = folder / str(record)
    provenance = Provenance(Origin.REAL, path.name)
    names = [LeadName(lead) for lead in leads]
    strip = read_strip(path, start_s=0.0, seconds=None, leads=names, provenance=provenance)
    return [
        MarkedLead(record, lead, signal, strip.fs, _marks(path, lead))
        for lead, signal in zip(leads, strip.signal, strict=True)
    ]


def _marks(path: Path, lead: str) -> dict[str, Marks]:
    """Put the marks ``(``, peak and ``)`` of each wave together; some lack a bracket."""
    annotations = read_annotations(path, lead)
    symbols = ["", *annotations.symbols, ""]
    samples = [ABSENT, *annotations.samples.tolist(), ABSENT]
    marks: dict[str, list[tuple[int, int, int]]] = {wave: [] for wave in WAVES}
    for place, symbol in enumerate(symbols):
        if symbol in _SYMBOLS:
            onset = samples[place - 1] if symbols[place - 1] == "(" else ABSENT
            end = samples[place + 1] if symbols[place + 1] == ")" else ABSENT
            marks[_SYMBOLS[symbol]].append((onset, samples[place], end))
    return {wave: np.array(rows, np.int64).reshape(-1, 3) for wave, rows in marks.items()}


def score(lead: MarkedLead, waves: Waves) -> dict[str, Score]:
    """Compare the waves that were found in a lead with its marks, kind by kind."""
    return {
        name: _score_wave(lead, lead.marks[name], wave)
        for name, wave in zip(WAVES, (waves.p, waves.qrs, waves.t), strict=True)
    }


def _score_wave(lead: MarkedLead, reference: Marks, wave: Wave) -> Score:
    first, last = lead.span
    found = np.stack([wave.onset, wave.peak, wave.end], axis=1)
    found = found[(found[:, 1] >= first) & (found[:, 1] <= last)]
    pairs = match_peaks(reference[:, 1], found[:, 1], TOLERANCE_MS / 1000 * lead.fs)
    true, mine = reference[pairs[:, 0]][:, [0, 2]], found[pairs[:, 1]][:, [0, 2]]
    errors = np.where((true == ABSENT) | (mine == ABSENT), np.nan, mine - true) / lead.fs * 1000
    return Score(len(pairs), len(reference) - len(pairs), len(found) - len(pairs), errors)


def match_peaks(
    reference: NDArray[np.int64], found: NDArray[np.int64], tolerance: float
) -> NDArray[np.int64]:
    """Match one to one, the closest first."""
    pairs: list[tuple[int, int]] = []
    apart = np.abs(reference[:, None] - found).astype(np.float64)
    while apart.size:
        mine, other = np.unravel_index(apart.argmin(), apart.shape)
        if apart[mine, other] > tolerance:
            break
        pairs.append((int(mine), int(other)))
        apart[mine], apart[:, other] = np.inf, np.inf
    return np.array(pairs, np.int64).reshape(-1, 2)


def total(leads: Iterable[MarkedLead], method: Delineator = delineate) -> dict[str, Score]:
    """Delineate leads at their reference R peaks, and add up the scores."""
    sums = dict.fromkeys(WAVES, NOTHING)
    for lead in leads:
        scored = score(lead, method(lead.signal, lead.fs, lead.beats))
        sums = {wave: sums[wave] + scored[wave] for wave in WAVES}
    return sums


def run(argv: list[str]) -> int:
    """Print accuracy and speed; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench waves", description=__doc__)
    records_option(parser)
    parser.add_argument("--peers", action="store_true", help="also run NeuroKit2 on lead II")
    options = parser.parse_args(argv)
    folder = ludb_folder(options.records)
    if not (folder / "1.hea").is_file():
        print(f"no records in {folder}", file=sys.stderr)
        return 2
    leads = [lead for record in RECORDS for lead in read_record(folder, record)]
    notes: list[str] = []
    methods: dict[str, Delineator] = {"rhythmtrainer": delineate}
    if options.peers:
        methods |= _peers(notes)
    report = {
        "accuracy": _accuracy(leads),
        "records without P waves": _without_p(leads),
        "lead II of the test half": _compared(leads, methods),
        "time": _speed(leads, methods),
        "notes": notes,
        "setting": setting(),
    }
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(report)))
    return 0


def _accuracy(leads: list[MarkedLead]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for half, records in (("tuning half", TUNING), ("test half", TEST)):
        by_lead = {
            name: total(x for x in leads if x.lead == name and x.record in records)
            for name in LEADS
        }
        every = dict.fromkeys(WAVES, NOTHING)
        for sums in by_lead.values():
            every = {wave: every[wave] + sums[wave] for wave in WAVES}
        table[half] = {name: _figures(sums) for name, sums in (by_lead | {"all": every}).items()}
    return table


def _figures(sums: Mapping[str, Score]) -> dict[str, Any]:
    return {wave: one.figures() for wave, one in sums.items()}


def _without_p(leads: list[MarkedLead]) -> dict[str, Any]:
    """P waves marked in the records that have none in lead II, and the QRS complexes there."""
    records = {x.record for x in leads if x.lead == "ii" and x.marks["p"].size == 0}
    rows: dict[str, Any] = {}
    for half, some in (("tuning half", records & set(TUNING)), ("test half", records & set(TEST))):
        for name, chosen in (("ii", ("ii",)), ("all", LEADS)):
            sums = total(x for x in leads if x.record in some and x.lead in chosen)
            rows[f"{half}, {name}"] = {
                "records": len(some),
                "beats": sums["qrs"].found,
                "p_made_up": sums["p"].made_up,
            }
    return rows


def _compared(leads: list[MarkedLead], methods: Mapping[str, Delineator]) -> dict[str, Any]:
    chosen = [lead for lead in leads if lead.lead == "ii" and lead.record in TEST]
    return {name: _figures(total(chosen, method)) for name, method in methods.items()}


def _speed(leads: list[MarkedLead], methods: Mapping[str, Delineator]) -> dict[str, float]:
    """Milliseconds for 10 s of one lead: median over records of a low quantile of the runs.

    Ours is timed alone, and once more in turn with the peers, which leave nothing in the caches.
    """
    chosen = [x for x in leads if x.lead == "ii" and x.record in SPEED_RECORDS]
    alone = "rhythmtrainer, alone"
    each: dict[str, list[float]] = {name: [] for name in (alone, *methods)}
    for lead in chosen:
        ours = {alone: _call(delineate, (lead.signal, lead.fs, lead.beats))}
        elapsed_alone = interleaved(ours, SPEED_RUNS)[alone]
        each[alone].append(float(np.quantile(elapsed_alone, _LOW_QUANTILE)))
        if len(methods) == 1:
            continue
        calls = {
            name: _call(method, (lead.signal, lead.fs, lead.beats))
            for name, method in methods.items()
        }
        for name, elapsed_ms in interleaved(calls, SPEED_RUNS // 10).items():
            each[name].append(float(np.quantile(elapsed_ms, _LOW_QUANTILE)))
    return {name: float(np.median(values)) for name, values in each.items() if values}


def _call(
    method: Delineator, arguments: tuple[NDArray[np.float32], float, NDArray[np.int64]]
) -> Callable[[], Waves]:
    return lambda: method(*arguments)


def _peers(notes: list[str]) -> dict[str, Delineator]:
    neurokit = peer("neurokit2", notes)
    if neurokit is None:
        return {}

    def named(method: str) -> Delineator:
        def find(signal: NDArray[np.float32], fs: float, beats: NDArray[np.int64]) -> Waves:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                clean = neurokit.ecg_clean(signal.astype(np.float64), sampling_rate=int(fs))
                _, marks = neurokit.ecg_delineate(
                    clean, rpeaks=beats, sampling_rate=int(fs), method=method
                )

            def wave(letter: str, peak: str | None) -> Wave:
                bounds = (f"ECG_{letter}_Onsets", f"ECG_{letter}_Offsets")
                middle = beats if peak is None else _numbers(marks[peak], beats.size)
                onset, end = (_numbers(marks[name], beats.size) for name in bounds)
                return Wave(onset, middle, end)

            return Waves(wave("P", "ECG_P_Peaks"), wave("R", None), wave("T", "ECG_T_Peaks"))

        return find

    return {f"neurokit2 {method}": named(method) for method in ("dwt", "prominence")}


def _numbers(marks: Iterable[float], count: int) -> NDArray[np.int64]:
    values = np.full(count, np.nan)
    given = np.asarray(list(marks), np.float64)[:count]
    values[: given.size] = given
    return np.where(np.isfinite(values), values, ABSENT).astype(np.int64)


def _lines(report: Mapping[str, Any]) -> Iterable[str]:
    heading = f"{'':24}" + "".join(
        f"{wave.upper():>8} F1   onset ms     end ms  " for wave in WAVES
    )
    for half, rows in report["accuracy"].items():
        yield f"{half}: F1 in %, errors as mean+-SD"
        yield heading
        yield from (_row(name, row) for name, row in rows.items())
        yield ""
    yield "lead II of the test half"
    yield heading
    yield from (_row(name, row) for name, row in report["lead II of the test half"].items())
    yield ""
    yield "records without P waves in the reference: P waves marked"
    for name, row in report["records without P waves"].items():
        yield f"{name}: {row['p_made_up']} at {row['beats']} beats of {row['records']} records"
    yield ""
    for name, figure in report["time"].items():
        yield f"{name}: {figure:.2f} ms for 10 s of one lead"
    yield from report["notes"]
    for name, value in report["setting"].items():
        yield f"{name}: {value}"


def _row(name: str, row: Mapping[str, Mapping[str, float]]) -> str:
    cells = (
        f"{one['f1']:8.2f}  {_error(one, 'onset')} {_error(one, 'end')}   " for one in row.values()
    )
    return f"{name:24}" + "".join(cells)


def _error(figures: Mapping[str, float | None], bound: str) -> str:
    mean, spread = figures[f"{bound}_mean_ms"], figures[f"{bound}_sd_ms"]
    return "     -     " if mean is None else f"{mean:+5.1f}+-{spread:4.1f}"

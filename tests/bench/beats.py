"""Accuracy and speed of beat detection on the MIT-BIH Arrhythmia Database.

Accuracy: first channel, whole record, every beat annotation, one-to-one matching. Between the marks
``[`` and ``]`` (ventricular flutter, record 207) there are no beats to find, and nothing counts.

Speed: time per channel of 30 min, the samples already in memory, in turn with SleepECG's compiled
detector where that is installed, so that both meet the same machine in the same state.
"""

import argparse
import importlib
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.matching import BeatMatch, match_beats
from rhythmtrainer.model import Origin, Provenance
from rhythmtrainer.records.wfdb_reader import read_annotations, read_strip

TOLERANCES_MS = (150, 75, 50)
SPEED_RECORDS = ("100", "105", "119", "203", "207", "228")
SPEED_RUNS = 7

_BEATS = tuple("NLRBAaJSVrFejnE/fQ?")
_THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Detector = Callable[[NDArray[np.float32], float], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedLead:
    """The first lead of a record in mV, its beats, and the stretches that do not count."""

    signal: NDArray[np.float32]
    fs: float
    beats: NDArray[np.int64]
    left_out: tuple[tuple[int, int], ...]

    def counted(self, beats: NDArray[np.int64]) -> NDArray[np.int64]:
        """Leave out what lies where there are no beats to find."""
        for start, end in self.left_out:
            beats = beats[(beats < start) | (beats > end)]
        return beats

    def score(self, detected: NDArray[np.int64], tolerance_ms: float) -> BeatMatch:
        """Match detections with the annotated beats."""
        tolerance = tolerance_ms / 1000 * self.fs
        return match_beats(self.counted(self.beats), self.counted(detected), tolerance)


def read_lead(record: Path) -> AnnotatedLead:
    """Read a WFDB record, given without suffix, and its reference annotations."""
    provenance = Provenance(Origin.REAL, record.name)
    strip = read_strip(record, start_s=0.0, seconds=None, leads=None, provenance=provenance)
    marks = read_annotations(record, "atr")
    samples, symbols = marks.samples, np.asarray(marks.symbols)
    starts, ends = samples[symbols == "["], samples[symbols == "]"]
    return AnnotatedLead(
        signal=strip.signal[0],
        fs=strip.fs,
        beats=samples[np.isin(symbols, _BEATS)],
        left_out=tuple(zip(starts.tolist(), ends.tolist(), strict=True)),
    )


def run(argv: list[str]) -> int:
    """Print accuracy and speed; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench beats", description=__doc__)
    parser.add_argument(
        "--records",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder laid out as PhysioNet lays it out, with mitdb/1.0.0 in it",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    options = parser.parse_args(argv)
    folder: Path = options.records / "mitdb" / "1.0.0"
    names = sorted(path.stem for path in folder.glob("[12]??.hea"))
    if not names:
        print(f"no records in {folder}", file=sys.stderr)
        return 2
    leads = {name: read_lead(folder / name) for name in names}
    report = {
        "setting": _setting(),
        "accuracy": _accuracy(leads),
        "speed": _speed([lead for name, lead in leads.items() if name in SPEED_RECORDS]),
    }
    print(json.dumps(report, indent=2) if options.json else _as_text(report))
    return 0


def _accuracy(leads: dict[str, AnnotatedLead]) -> dict[str, dict[str, dict[str, float]]]:
    table: dict[str, dict[str, dict[str, float]]] = {}
    totals = dict.fromkeys(TOLERANCES_MS, BeatMatch(0, 0, 0))
    for name, lead in leads.items():
        detected = detect_beats(lead.signal, lead.fs)
        matches = {ms: lead.score(detected, ms) for ms in TOLERANCES_MS}
        totals = {ms: totals[ms] + matches[ms] for ms in TOLERANCES_MS}
        table[name] = {str(ms): _figures(match) for ms, match in matches.items()}
    table["total"] = {str(ms): _figures(match) for ms, match in totals.items()}
    return table


def _figures(match: BeatMatch) -> dict[str, float]:
    return {
        "sensitivity": match.sensitivity,
        "positive_predictivity": match.positive_predictivity,
        "f1": match.f1,
        "false_negatives": match.false_negatives,
        "false_positives": match.false_positives,
    }


def _speed(leads: list[AnnotatedLead]) -> dict[str, Any]:
    """Median over records of the median over runs, the detectors taking turns."""
    detectors: dict[str, Detector] = {"rhythmtrainer": detect_beats}
    sleepecg = _sleepecg()
    if sleepecg is not None:
        detectors["sleepecg (C)"] = sleepecg
    medians: dict[str, list[float]] = {name: [] for name in detectors}
    for lead in leads:
        runs: dict[str, list[float]] = {name: [] for name in detectors}
        for turn in range(SPEED_RUNS + 1):
            for name, detect in detectors.items():
                start = time.perf_counter()
                detect(lead.signal, lead.fs)
                elapsed = time.perf_counter() - start
                if turn:  # the first one warms up
                    runs[name].append(elapsed * 1000)
        for name, elapsed_ms in runs.items():
            medians[name].append(statistics.median(elapsed_ms))
    figures: dict[str, Any] = {
        name: statistics.median(values) for name, values in medians.items() if values
    }
    if sleepecg is None:
        figures["note"] = "sleepecg is not installed: nothing to compare with"
    return figures


def _sleepecg() -> Detector | None:
    try:
        sleepecg = importlib.import_module("sleepecg")
    except ImportError:
        return None

    def detect(signal: NDArray[np.float32], fs: float) -> NDArray[np.int64]:
        return np.asarray(sleepecg.detect_heartbeats(signal, fs, backend="c"), np.int64)

    return detect


def _setting() -> dict[str, Any]:
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return {
        "machine": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores_allowed": affinity or os.cpu_count(),
        "threads": {name: os.environ.get(name, "not set") for name in _THREAD_SETTINGS},
        "input": "float32 in memory",
        "runs": f"median of {SPEED_RUNS} after one to warm up, {len(SPEED_RECORDS)} records",
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _as_text(report: dict[str, Any]) -> str:
    return "\n".join(_lines(report))


def _lines(report: dict[str, Any]) -> Iterable[str]:
    yield "record" + "".join(f"   F1@{ms:<3} % {'FN':>5} {'FP':>5}" for ms in TOLERANCES_MS)
    for name, by_tolerance in report["accuracy"].items():
        cells = (
            f"   {100 * row['f1']:9.3f} {row['false_negatives']:5d} {row['false_positives']:5d}"
            for row in by_tolerance.values()
        )
        yield f"{name:6}" + "".join(cells)
    yield ""
    for name, figure in report["speed"].items():
        yield figure if isinstance(figure, str) else f"{name}: {figure:.2f} ms per 30-min channel"
    yield ""
    for name, value in report["setting"].items():
        yield f"{name}: {value}"

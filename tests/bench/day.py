"""How long a recording of a day takes to open, against the library that reads it whole."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from edfio import Edf, EdfSignal, read_edf

from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.training.cancel import Cancel
from tests.bench.setting import setting

# Before the WFDB library, whose import it keeps quiet.
import rhythmtrainer.records.signals.decode  # noqa: F401  # isort: skip
import wfdb  # isort: skip

_FS = 250
_DAY_S = 24 * 3600
_LEADS = ("II", "V1")
_SHOWN_S = 10.0
_GAIN = 1000.0


def run(argv: list[str]) -> int:
    """Make a day as EDF, WFDB and CSV, open each, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench day")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="day-") as name:
        folder = Path(name)
        day = _millivolts()
        rows = [
            _measured(_edf(folder, day), options.runs, lambda file: read_edf(file).signals[0].data),
            _measured(_wfdb(folder, day), options.runs, lambda file: wfdb.rdrecord(file[:-4])),
            _measured(_csv(folder, day), options.runs, None),
        ]
    if options.json:
        print(json.dumps({"rows": rows, "setting": setting()}, indent=2))
        return 0
    print("          MB   open s  first 10 s ms  10 s at noon ms  whole s")
    for row in rows:
        whole = "-" if row["whole_s"] is None else f"{row['whole_s']:.2f}"
        print(
            f"{row['kind']:5} {row['megabytes']:6.0f} {row['open_s']:8.3f} {row['first_ms']:14.1f}"
            f" {row['noon_ms']:16.1f} {whole:>8}"
        )
    return 0


def _measured(file: Path, runs: int, rival: Callable[[str], object] | None) -> dict[str, Any]:
    """Open a file and read from it, in turns with the rival; the slowest of the runs counts."""
    files, cancel = Files({}), Cancel()
    opened: list[float] = []
    first: list[float] = []
    noon: list[float] = []
    whole: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        guess = files.guess(file)
        recording = files.open(file, guess.layout if guess else None, cancel)
        opened.append(time.perf_counter() - began)
        with closing(recording):
            for start_s, times in ((0.0, first), (recording.duration_s / 2, noon)):
                began = time.perf_counter()
                recording.read(recording.leads, start_s, _SHOWN_S, cancel)
                times.append(1e3 * (time.perf_counter() - began))
        if rival is not None:
            began = time.perf_counter()
            rival(str(file))
            whole.append(time.perf_counter() - began)
    return {
        "kind": file.suffix[1:],
        "megabytes": sum(each.stat().st_size for each in file.parent.glob("day.*")) / 1e6
        if file.suffix == ".hea"
        else file.stat().st_size / 1e6,
        "open_s": max(opened),
        "first_ms": max(first),
        "noon_ms": max(noon),
        "whole_s": max(whole) if whole else None,
    }


def _millivolts() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a minute of noise with a spike every second, over and over for a day."""
    minute = np.random.default_rng(1).normal(0.0, 0.02, (len(_LEADS), 60 * _FS))
    minute[:, ::_FS] += 1.0
    return np.tile(np.round(minute, 3).astype(np.float32), _DAY_S // 60)


def _edf(folder: Path, day: np.ndarray[Any, Any]) -> Path:
    file = folder / "day.edf"
    Edf(
        [
            EdfSignal(row, _FS, label=lead, physical_dimension="mV", physical_range=(-5, 5))
            for lead, row in zip(_LEADS, day, strict=True)
        ]
    ).write(file)
    return file


def _wfdb(folder: Path, day: np.ndarray[Any, Any]) -> Path:
    inside = folder / "wfdb"
    inside.mkdir()
    np.rint(day.T * _GAIN).astype("<i2").tofile(inside / "day.dat")
    lines = [f"day.dat 16 {_GAIN:g}(0)/mV 16 0 0 0 0 {lead}" for lead in _LEADS]
    text = "\n".join([f"day {len(_LEADS)} {_FS} {day.shape[1]}", *lines, ""])
    (inside / "day.hea").write_text(text, encoding="ascii")
    return inside / "day.hea"


def _csv(folder: Path, day: np.ndarray[Any, Any]) -> Path:
    file = folder / "day.csv"
    minute = "".join(f"{one:.3f},{other:.3f}\n" for one, other in day[:, : 60 * _FS].T)
    with file.open("w", encoding="ascii") as stream:
        stream.write(f"# sampling rate {_FS} Hz\n{','.join(f'{lead} (mV)' for lead in _LEADS)}\n")
        for _ in range(_DAY_S // 60):
            stream.write(minute)
    return file

"""How long simulated strips take to make: ten seconds of 12 leads, and an hour of one lead.

For sinus rhythm in the same run, in turns, beside ``ecg_simulate`` of NeuroKit2 (method
``ecgsyn``) where that is installed: it makes one lead by solving a differential equation.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from rhythmtrainer.model import STANDARD_LEADS, LeadName, RhythmId
from rhythmtrainer.simulate import simulate
from tests.bench.setting import interleaved, peer, pinned, setting

GOAL_STRIP_MS: Final = 5.0
GOAL_HOUR_MS: Final = 1000.0
_LEADS: Final = tuple(map(LeadName, STANDARD_LEADS))
_FS: Final = 500.0
_STRIP_S: Final = 10.0
_HOUR_S: Final = 3600.0
_OTHERS_S: Final = 60.0


def run(argv: list[str]) -> int:
    """Print the table; return 1 if a rhythm misses a goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench simulate", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="strips of each rhythm")
    parser.add_argument("--hours", type=int, default=2, help="hours of each rhythm; 0 for none")
    parser.add_argument("--rhythm", type=RhythmId, choices=list(RhythmId), metavar="ID")
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    options = parser.parse_args(argv)
    rhythms = [options.rhythm] if options.rhythm else list(RhythmId)
    notes: list[str] = []
    with pinned():
        report: dict[str, Any] = {
            "strip_ms": {rhythm: _strip(rhythm, options.runs) for rhythm in rhythms},
            "hour_ms": {rhythm: _hour(rhythm, options.hours) for rhythm in rhythms}
            if options.hours
            else {},
            "rival_ms": _rival(options.runs, notes),
        }
    report |= {"notes": notes, "setting": setting()}
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(report)))
    return int(any(misses for _, misses in _worst(report).values()))


def _strip(rhythm: RhythmId, runs: int) -> dict[str, float]:
    return _timed(partial(simulate, rhythm, seconds=_STRIP_S, fs=_FS, leads=_LEADS), runs)


def _hour(rhythm: RhythmId, runs: int) -> dict[str, float]:
    lead = (LeadName("II"),)
    return _timed(partial(simulate, rhythm, seconds=_HOUR_S, fs=_FS, leads=lead), runs)


def _timed(make: Callable[..., object], runs: int) -> dict[str, float]:
    """Time one seed after another, as seeds differ in what happens; the first warms up."""
    make(seed=0)
    times = []
    for seed in range(runs):
        begun = time.perf_counter()
        make(seed=seed)
        times.append(1000 * (time.perf_counter() - begun))
    return {"least": min(times), "median": float(np.median(times))}


def _rival(runs: int, notes: list[str]) -> dict[str, dict[str, float]]:
    sinus = RhythmId.NORMAL_SINUS_RHYTHM
    calls: dict[str, Callable[[], object]] = {
        "12 leads, 10 s": partial(simulate, sinus, leads=_LEADS, seed=1),
        "1 lead, 10 s": partial(simulate, sinus, seed=1),
        "1 lead, 60 s": partial(simulate, sinus, seconds=_OTHERS_S, seed=1),
    }
    neurokit = peer("neurokit2", notes)
    if neurokit is not None:
        ecgsyn = partial(
            neurokit.ecg_simulate, sampling_rate=int(_FS), method="ecgsyn", random_state=1
        )
        calls |= {
            "NeuroKit2, 1 lead, 10 s": partial(ecgsyn, duration=int(_STRIP_S)),
            "NeuroKit2, 1 lead, 60 s": partial(ecgsyn, duration=int(_OTHERS_S)),
        }
    return {
        name: {"least": min(times), "median": float(np.median(times))}
        for name, times in interleaved(calls, runs).items()
    }


def _worst(report: dict[str, Any]) -> dict[str, tuple[RhythmId, bool]]:
    """Return the slowest rhythm of each kind by its least time, and whether it misses the goal."""
    worst = {}
    for kind, goal in (("strip_ms", GOAL_STRIP_MS), ("hour_ms", GOAL_HOUR_MS)):
        if report[kind]:
            rhythm = max(report[kind], key=lambda one: report[kind][one]["least"])
            worst[kind] = (rhythm, report[kind][rhythm]["least"] > goal)
    return worst


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"{'ms: least, median':32} {'12 leads, 10 s':>16} {'1 lead, 1 h':>18}"
    for rhythm, strip in report["strip_ms"].items():
        hour = report["hour_ms"].get(rhythm)
        said = f"{hour['least']:9.0f} {hour['median']:8.0f}" if hour else f"{'-':>18}"
        yield f"{rhythm:32} {strip['least']:8.2f} {strip['median']:7.2f} {said}"
    for kind, (rhythm, misses) in _worst(report).items():
        figure = report[kind][rhythm]["least"]
        yield f"slowest, {kind}: {rhythm} {figure:.2f}" + ("  misses the goal" * misses)
    yield f"goals: {GOAL_STRIP_MS:g} ms and {GOAL_HOUR_MS:g} ms"
    yield "sinus rhythm, in turns:"
    for name, figures in report["rival_ms"].items():
        yield f"  {name:28} {figures['least']:9.2f} {figures['median']:9.2f}"
    yield from report["notes"]
    for name, value in report["setting"].items():
        yield f"{name}: {value}"

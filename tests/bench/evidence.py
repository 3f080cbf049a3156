"""How often what is read off a strip agrees with what its label implies.

Over all 10-second windows that lie wholly inside one label, none left out. A finding that the label
implies nothing about is not scored (`tests.bench.evidence_expected` says what is implied). "Agree"
is the share of the verdicts given; "cannot tell" the share of windows without a verdict where one
was implied. A row of 20 strips or more misses the goal below 95 % agreement or above 15 % of
"cannot tell".
"""

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import Finding, Measurement, Step
from tests.bench.evidence_expected import (
    RATE_TOLERANCE,
    RATE_TOLERANCE_BPM,
    Expected,
    expected,
    rate_of_beats,
    row_name,
)
from tests.bench.evidence_windows import DATABASES, LabelledWindow, labelled_windows
from tests.bench.setting import records_option, setting

GOAL_AGREE, GOAL_CANNOT_TELL, FEWEST_STRIPS = 0.95, 0.15, 20

_PICTURES_PER_CELL = 4
_CONFIDENCES = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
AGREE, DISAGREE, CANNOT = "agree", "disagree", "cannot tell"


@dataclass(slots=True)
class Tally:
    """How the verdicts on one finding in one row of windows turned out."""

    agree: int = 0
    disagree: int = 0
    cannot: int = 0
    patients: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, outcome: str, patient: str) -> None:
        place = (AGREE, DISAGREE, CANNOT).index(outcome)
        self.agree += place == 0
        self.disagree += place == 1
        self.cannot += place == 2
        self.patients[patient][place] += 1

    @property
    def strips(self) -> int:
        return self.agree + self.disagree + self.cannot

    @property
    def agreement(self) -> float:
        given = self.agree + self.disagree
        return self.agree / given if given else float("nan")

    @property
    def untold(self) -> float:
        return self.cannot / self.strips

    @property
    def misses(self) -> bool:
        return self.strips >= FEWEST_STRIPS and not (
            self.agreement >= GOAL_AGREE and self.untold <= GOAL_CANNOT_TELL
        )

    def figures(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "strips": self.strips,
            "agree": self.agree,
            "disagree": self.disagree,
            "cannot_tell": self.cannot,
            "agreement": None if np.isnan(self.agreement) else round(self.agreement, 4),
            "untold": round(self.untold, 4),
            "misses_goal": self.misses,
            "patients": {name: tuple(counts) for name, counts in sorted(self.patients.items())},
        }


Table = dict[str, dict[str, Tally]]


def run(argv: list[str]) -> int:
    """Print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench evidence", description=__doc__)
    records_option(parser)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--half", type=int, choices=(0, 1), help="only one half of the patients")
    parser.add_argument(
        "--every", type=int, default=1, help="only every so-manieth window, for a quick look"
    )
    parser.add_argument("--pictures", type=Path, help="folder for strips that disagree")
    options = parser.parse_args(argv)
    windows = labelled_windows(options.records, tuple(options.databases))
    chosen = (
        window
        for index, window in enumerate(windows)
        if index % options.every == 0 and options.half in (None, half_of(window.patient))
    )
    table, confidences, elsewhere = tabulate(chosen, options.pictures)
    report = {
        "setting": setting(),
        "rows": {
            row: {step: tally.figures() for step, tally in steps.items()}
            for row, steps in sorted(table.items())
        },
        "confidence": confidences,
        "windows": elsewhere,
    }
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(table, report)))
    return 0


def half_of(patient: str) -> int:
    """Return in which half a patient stands: 0 for tuning, 1 for the report."""
    return zlib.crc32(patient.encode()) % 2


def tabulate(
    windows: Iterable[LabelledWindow], pictures: Path | None
) -> tuple[Table, dict[str, list[dict[str, Any]]], dict[str, int]]:
    """Measure every window and count how the verdicts turn out."""
    table: Table = defaultdict(lambda: defaultdict(Tally))
    told: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    drawn: dict[tuple[str, str], int] = defaultdict(int)
    for window in windows:
        row = row_name(window)
        counts[row] += 1
        measurement = measure(window.strip, window.start_s, window.end_s)
        for step, outcome, finding in outcomes(window, measurement):
            table[row][step.value].add(outcome, window.patient)
            if outcome != CANNOT and finding.told:
                told[step.value].append((finding.confidence, outcome == AGREE))
            cell = (row, step.value)
            if pictures and outcome == DISAGREE and drawn[cell] < _PICTURES_PER_CELL:
                drawn[cell] += 1
                _draw(window, measurement, step, pictures)
    return table, {step: _calibration(pairs) for step, pairs in told.items()}, dict(counts)


def outcomes(
    window: LabelledWindow, measurement: Measurement
) -> Iterable[tuple[Step, str, Finding]]:
    """Yield how each finding that the labels imply turned out."""
    return judged(measurement, expected(window), rate_of_beats(window))


def judged(
    measurement: Measurement, implied: Expected, reference: float | None
) -> Iterable[tuple[Step, str, Finding]]:
    """Yield how each finding turned out: those that are implied, and the rate where it is known."""
    for finding in measurement.findings:
        if finding.step is Step.RATE and reference is not None:
            yield Step.RATE, _rate_outcome(finding.number, reference), finding
        elif finding.step in implied:
            allowed = {verdict.value for verdict in implied[finding.step]}
            if finding.verdict.value in allowed:
                yield finding.step, AGREE, finding
            else:
                yield finding.step, DISAGREE if finding.told else CANNOT, finding


def _rate_outcome(found: float | None, reference: float) -> str:
    if found is None:
        return CANNOT
    near = abs(found - reference) <= max(RATE_TOLERANCE * reference, RATE_TOLERANCE_BPM)
    return AGREE if near else DISAGREE


def _calibration(pairs: list[tuple[float, bool]]) -> list[dict[str, Any]]:
    """Claimed confidence and the share that was right, by range of confidence."""
    found = []
    for low, high in pairwise(_CONFIDENCES):
        inside = [pair for pair in pairs if low <= pair[0] < high]
        if inside:
            claimed, right = zip(*inside, strict=True)
            found.append(
                {
                    "verdicts": len(inside),
                    "claimed": round(float(np.mean(claimed)), 3),
                    "right": round(float(np.mean(right)), 3),
                }
            )
    return found


def _lines(table: Table, report: dict[str, Any]) -> Iterable[str]:
    yield f"{'finding':24} {'strips':>6} {'patients':>8} {'agree %':>8} {'cannot %':>8}"
    for row, steps in sorted(table.items()):
        yield f"{row} ({report['windows'][row]} windows)"
        for step in Step:
            tally = steps.get(step.value)
            if tally is None:
                continue
            note = "  misses" + _worst(tally) if tally.misses else ""
            yield (
                f"  {step.value:22} {tally.strips:6d} {len(tally.patients):8d} "
                f"{100 * tally.agreement:8.1f} {100 * tally.untold:8.1f}{note}"
            )
    cells = [tally for steps in table.values() for tally in steps.values()]
    counted = [tally for tally in cells if tally.strips >= FEWEST_STRIPS]
    missed = sum(tally.misses for tally in counted)
    yield f"{len(counted) - missed} of {len(counted)} cells of 20 strips or more meet the goal"
    for step, ranges in report["confidence"].items():
        said = ", ".join(f"{r['claimed']:.2f}: {r['right']:.2f} of {r['verdicts']}" for r in ranges)
        yield f"confidence and share right, {step}: {said}"
    for name, value in report["setting"].items():
        yield f"{name}: {value}"


def _worst(tally: Tally) -> str:
    """Name the patients to whom most of a shortfall belongs."""
    lost = sorted(tally.patients.items(), key=lambda item: -item[1][1] - item[1][2])[:4]
    return "; " + ", ".join(
        f"{name.split('-', 1)[-1]} {wrong} wrong {cannot} untold of {right + wrong + cannot}"
        for name, (right, wrong, cannot) in lost
        if wrong + cannot
    )


def _draw(window: LabelledWindow, measurement: Measurement, step: Step, folder: Path) -> None:
    """Save a strip with its beats and where a finding shows."""
    folder.mkdir(parents=True, exist_ok=True)
    strip = window.strip
    figure = Figure(figsize=(14, 3))
    axes = figure.add_subplot()
    times = strip.start_s + np.arange(strip.signal.shape[1]) / strip.fs
    axes.plot(times, strip.signal[0], linewidth=0.8, color="black")
    low, high = np.nanmin(strip.signal[0]), np.nanmax(strip.signal[0])
    axes.vlines(measurement.beats_s, low, high, color="tab:blue", linewidth=0.5)
    finding = measurement.finding(step)
    for start, end in finding.where if finding else ():
        axes.axvspan(start, end, color="tab:orange", alpha=0.3)
    if window.beats_s is not None:
        for time, symbol in zip(window.beats_s.tolist(), window.symbols, strict=False):
            axes.text(time, high, symbol, color="tab:red")
    said = finding.text if finding else ""
    wanted = "/".join(sorted(v.value for v in expected(window).get(step, ())))
    axes.set_title(f"{window.name} {'|'.join(window.labels)}: said “{said}”, implied {wanted}")
    axes.margins(x=0)
    name = f"{row_name(window)}-{step.value}-{window.name}.png".replace(" ", "_").replace("/", "_")
    with mpl.rc_context({"savefig.dpi": 70}):
        figure.savefig(folder / name, bbox_inches="tight")

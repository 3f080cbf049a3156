"""Whether what is measured on simulated strips is what was put into them.

Beats, P waves, PR, QRS, early beats, pauses, pacing and the advice on a shock are read from one
lead, by what was tuned on real recordings alone, and compared with what the truth and the rhythm
imply (`tests.bench.verdicts_expected`). "Agree" is the share of the verdicts given, as in the bench
``evidence``; "cannot tell" is no wrong verdict and is reported apart. Below 97 % either the
measurement is wrong or the simulated strip is: the seeds say where to look.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg import advise_shock, measure
from rhythmtrainer.model import LeadName, Measurement, RhythmId, Simulated, Step, Strip
from rhythmtrainer.model.simulated import Truth
from rhythmtrainer.simulate import simulate_known
from tests.bench.evidence import AGREE, CANNOT, DISAGREE, judged
from tests.bench.evidence_expected import rate_of_beats
from tests.bench.evidence_windows import LabelledWindow
from tests.bench.setting import setting
from tests.bench.verdicts_expected import (
    BEYOND,
    EITHER,
    SIMULATED_S,
    UNREADABLE,
    implied,
    rhythms_taught,
    shock_wanted,
    window_of,
)

GOAL: Final = 0.97
SHOCK: Final = "shock"
COLUMNS: Final = (*(step.value for step in Step if step is not Step.BASELINE), SHOCK)
_HEADS: Final = ("rate", "even", "P", "PR", "QRS", "early", "pattern", "pauses", "spikes", "shock")
_FEWEST = 5
_SAME_BEAT_S = 0.1
_SEEDS_NAMED = 8


@dataclass(slots=True)
class Cell:
    """How the verdicts of one kind on one rhythm turned out, and which were wrong.

    Attributes
    ----------
    counts
        Whether it is part of the goal: what the measurement is known to get wrong is not.
    """

    agree: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)
    cannot: int = 0
    counts: bool = True

    def add(self, outcome: str, seed: int, said: str) -> None:
        self.agree += outcome == AGREE
        self.cannot += outcome == CANNOT
        if outcome == DISAGREE:
            self.wrong.append((seed, said))

    @property
    def given(self) -> int:
        return self.agree + len(self.wrong)

    @property
    def agreement(self) -> float:
        return self.agree / self.given if self.given else float("nan")

    @property
    def untold(self) -> float:
        every = self.given + self.cannot
        return self.cannot / every if every else float("nan")

    @property
    def misses(self) -> bool:
        return self.counts and self.given >= _FEWEST and self.agreement < GOAL

    def figures(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "agree": self.agree,
            "disagree": len(self.wrong),
            "cannot_tell": self.cannot,
            "wrong": self.wrong,
        }


@dataclass(slots=True)
class Row:
    """One rhythm in one lead."""

    cells: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    errors_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    shocked: int = 0

    @property
    def agreement(self) -> float:
        counted = [cell for cell in self.cells.values() if cell.counts]
        given = sum(cell.given for cell in counted)
        return sum(cell.agree for cell in counted) / given if given else float("nan")


Table = Mapping[LeadName, Mapping[RhythmId, Row]]


def run(argv: list[str]) -> int:
    """Print the tables; return 1 if a rhythm misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench verdicts", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="strips of each rhythm")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--rhythm", type=RhythmId, choices=list(RhythmId), metavar="ID")
    parser.add_argument("--leads", nargs="+", type=LeadName, default=[LeadName("II")])
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    options = parser.parse_args(argv)
    seeds = range(options.first, options.first + options.seeds)
    rhythms = [options.rhythm] if options.rhythm else list(RhythmId)
    table = tabulate(rhythms, seeds, tuple(options.leads))
    if options.json:
        print(json.dumps(_figures(table), indent=2))
    else:
        print("\n".join(_lines(table)))
    return int(any(row.agreement < GOAL for rows in table.values() for row in rows.values()))


def tabulate(
    rhythms: Iterable[RhythmId], seeds: Iterable[int], leads: tuple[LeadName, ...]
) -> Table:
    """Simulate and measure every rhythm with every seed, and count how the verdicts turn out."""
    taught = rhythms_taught()
    table: dict[LeadName, dict[RhythmId, Row]] = {
        lead: {rhythm: Row() for rhythm in rhythms} for lead in leads
    }
    for rhythm in rhythms:
        for seed in seeds:
            made = simulate_known(rhythm, seconds=SIMULATED_S, leads=leads, seed=seed)
            for lead in leads:
                row = table[lead][rhythm]
                window = window_of(made, rhythm, _one_lead(made, lead))
                if window is not None:
                    measurement = measure(window.strip, window.start_s, window.end_s)
                    expected = implied(window, made.truth, taught[rhythm])
                    reference = None if rhythm in UNREADABLE else rate_of_beats(window)
                    for step, outcome, finding in judged(measurement, expected, reference):
                        cell = row.cells[step.value]
                        cell.counts = (rhythm, step) not in BEYOND
                        cell.add(outcome, seed, finding.text)
                    _advise(row, window, rhythm, seed)
                    _delineate(row, measurement, made.truth)
    return table


def _one_lead(made: Simulated, lead: LeadName) -> Strip:
    row = made.strip.leads.index(lead)
    return replace(made.strip, leads=(lead,), signal=made.strip.signal[row : row + 1])


def _advise(row: Row, window: LabelledWindow, rhythm: RhythmId, seed: int) -> None:
    wanted = shock_wanted(window, rhythm)
    shown = window.strip.cropped(window.start_s, window.end_s)
    advice = advise_shock(shown.signal, shown.fs)
    row.shocked += advice.shock
    if wanted is not None:
        outcome = AGREE if advice.shock is wanted else DISAGREE
        row.cells[SHOCK].add(outcome, seed, advice.reason)


def _delineate(row: Row, measurement: Measurement, truth: Truth) -> None:
    """Note by how much the bounds of waves are found too late."""
    if measurement.waves is None or not truth.qrs_s.size:
        return
    onsets = measurement.waves.qrs[:, 0]
    beats = np.flatnonzero(np.isfinite(onsets))
    nearest = np.abs(np.subtract.outer(onsets[beats], truth.qrs_s)).argmin(axis=1)
    same = np.abs(truth.qrs_s[nearest] - onsets[beats]) < _SAME_BEAT_S
    beats, rows = beats[same], nearest[same]
    p_onset, p_end = (_at(times, truth.qrs_p[rows]) for times in (truth.p_s, truth.p_end_s))
    waves = measurement.waves
    for name, found, true in (
        ("P on", waves.p[beats, 0], p_onset),
        ("P off", waves.p[beats, 2], p_end),
        ("QRS on", waves.qrs[beats, 0], truth.qrs_s[rows]),
        ("QRS off", waves.qrs[beats, 2], truth.qrs_end_s[rows]),
        ("T peak", waves.t[beats, 1], truth.t_peak_s[rows]),
        ("T off", waves.t[beats, 2], truth.t_end_s[rows]),
    ):
        late = 1000.0 * (found - true)
        row.errors_ms[name] += late[np.isfinite(late)].tolist()


def _at(times: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(rows >= 0, np.append(times, np.nan)[rows], np.nan)


def _lines(table: Table) -> Iterator[str]:
    for lead, rows in table.items():
        yield f"lead {lead}: % of verdicts that agree (* the measurement is known to be wrong)"
        yield f"{'':30} {'all':>6} " + " ".join(f"{head:>7}" for head in _HEADS)
        for rhythm, row in rows.items():
            cells = " ".join(_percent(row.cells.get(column)) for column in COLUMNS)
            note = " misses" if row.agreement < GOAL else ""
            yield f"{rhythm:30} {100 * row.agreement:6.1f} {cells}{note}"
        yield ""
        yield f"lead {lead}: % of strips of which it is said that one cannot tell"
        for rhythm, row in rows.items():
            cells = " ".join(_untold(row.cells.get(column)) for column in COLUMNS)
            yield f"{rhythm:30} {'':6} {cells}"
        yield ""
        yield from _missed(rows)
        either = ", ".join(f"{rhythm} {rows[rhythm].shocked}" for rhythm in EITHER & rows.keys())
        yield f"strips shocked where either answer is accepted: {either}"
        yield ""
        yield from _late(rows)
        yield ""
    for name, value in setting().items():
        yield f"{name}: {value}"


def _percent(cell: Cell | None) -> str:
    if cell is None or not cell.given:
        return f"{'-':>7}"
    return f"{100 * cell.agreement:6.1f}" + (" " if cell.counts else "*")


def _untold(cell: Cell | None) -> str:
    return f"{100 * cell.untold:7.0f}" if cell and cell.cannot else f"{'-':>7}"


def _missed(rows: Mapping[RhythmId, Row]) -> Iterator[str]:
    for (rhythm, step), why in BEYOND.items():
        if rhythm in rows:
            yield f"* {rhythm}, {step}: the measurement {why}"
    yield f"below {100 * GOAL:.0f} %:"
    for rhythm, row in rows.items():
        for column in COLUMNS:
            cell = row.cells.get(column)
            if cell and cell.misses:
                some = "; ".join(f"{seed}: {said}" for seed, said in cell.wrong[:_SEEDS_NAMED])
                share = f"{len(cell.wrong)} of {cell.given} wrong"
                yield f"  {rhythm}, {column}: {share}; seed {some}"


def _late(rows: Mapping[RhythmId, Row]) -> Iterator[str]:
    names = ("P on", "P off", "QRS on", "QRS off", "T peak", "T off")
    yield "found too late by ms: median, standard deviation"
    yield f"{'':30} " + " ".join(f"{name:>12}" for name in names)
    for rhythm, row in rows.items():
        if row.errors_ms:
            yield f"{rhythm:30} " + " ".join(_median_sd(row.errors_ms[name]) for name in names)


def _median_sd(errors: list[float]) -> str:
    if not errors:
        return f"{'-':>12}"
    return f"{np.median(errors):6.0f} {np.std(errors):5.0f}"


def _figures(table: Table) -> dict[str, Any]:
    return {
        "leads": {
            lead: {
                rhythm: {
                    "agreement": None if np.isnan(row.agreement) else row.agreement,
                    "shocked": row.shocked,
                    "cells": {name: cell.figures() for name, cell in row.cells.items()},
                    "late_ms": {
                        name: [float(np.median(errors)), float(np.std(errors)), len(errors)]
                        for name, errors in row.errors_ms.items()
                        if errors
                    },
                }
                for rhythm, row in rows.items()
            }
            for lead, rows in table.items()
        },
        "setting": setting(),
    }

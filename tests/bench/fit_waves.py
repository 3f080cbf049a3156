"""Fit the numbers of ``rhythmtrainer/ecg/coefficients.py`` to the odd-numbered records of LUDB.

``python -m tests.bench.fit_waves --records DIR`` prints the numbers. All fits are linear: bounds
are fitted by regression with Huber's loss, which outliers among the marks do not pull, the evidence
for P waves by logistic regression. Each step starts from what the steps before it have found.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rhythmtrainer.ecg.waves import coefficients
from rhythmtrainer.ecg.waves.delineation import rr_intervals
from rhythmtrainer.ecg.waves.p_wave import SMALLEST, Candidates
from rhythmtrainer.ecg.waves.qrs import around_centre, qrs_bounds, silences
from rhythmtrainer.ecg.waves.search import Sought, search
from rhythmtrainer.ecg.waves.sides import P_STEP, T_STEP, VIEWS
from rhythmtrainer.ecg.waves.windows import (
    STEP,
    Cycle,
    Peaks,
    Rows,
    Surroundings,
    middle_of,
    surroundings,
    time_of,
)
from rhythmtrainer.model.waves import ABSENT
from tests.bench.setting import records_option
from tests.bench.waves import TUNING, MarkedLead, ludb_folder, match_peaks, read_record

_NEAR_MS: Final = {"p": 80.0, "t": 150.0}  # a peak further off says nothing about the bounds
_FREE_NEAR_MS: Final = 80.0
_HUBER: Final = 1.345
_ROUNDS: Final = 12
_RIDGE: Final = 1e-3
_FEWEST_BEATS: Final = 2

Table = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Examples:
    """What a fit is made from: a row of inputs and a value for each wave."""

    inputs: list[Table] = field(default_factory=list)
    values: list[Table] = field(default_factory=list)

    def add(self, inputs: NDArray[np.floating], values: NDArray[np.floating]) -> None:
        """Add the waves of one lead."""
        self.inputs.append(np.asarray(inputs, np.float64))
        self.values.append(np.asarray(values, np.float64))

    def tables(self) -> tuple[Table, Table]:
        """Put all leads together."""
        return np.concatenate(self.inputs), np.concatenate(self.values)


def main() -> int:
    """Print the module; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fit_waves", description=__doc__)
    records_option(parser)
    folder = ludb_folder(parser.parse_args().records)
    leads = [
        (lead, surroundings(lead.signal, None, lead.beats, lead.fs))
        for record in TUNING
        for lead in read_record(folder, record)
        if lead.beats.size >= _FEWEST_BEATS
    ]
    fits = _fit_qrs(leads)
    coefficients.QRS_ONSET, coefficients.QRS_END = fits["QRS_ONSET"], fits["QRS_END"]
    fits |= _fit_evidence(leads)
    coefficients.P_EVIDENCE = fits["P_EVIDENCE"]
    coefficients.P_FREE_EVIDENCE = fits["P_FREE_EVIDENCE"]
    fits |= _fit_sides(leads)
    for name, numbers in fits.items():
        listed = ", ".join(f"{number:.4f}" for number in numbers)
        sys.stdout.write(f"{name} = np.array([{listed}], np.float32)\n")
    return 0


Leads = list[tuple[MarkedLead, Surroundings]]


def _fit_qrs(leads: Leads) -> dict[str, Rows]:
    examples = {"QRS_ONSET": Examples(), "QRS_END": Examples()}
    for lead, near in leads:
        onsets, ends, _ = silences(near.qrs)
        onsets, ends, centre = around_centre(near.weights @ onsets, near.weights @ ends)
        for name, bounds, edge in (("QRS_ONSET", onsets, 0), ("QRS_END", ends, 2)):
            marks = lead.marks["qrs"][:, edge]
            marked = marks != ABSENT
            seconds = (marks - lead.beats) / lead.fs - centre
            examples[name].add(bounds[marked], seconds[marked])
    return {name: _regression(*one.tables()) for name, one in examples.items()}


def _fit_evidence(leads: Leads) -> dict[str, Rows]:
    examples = {"P_EVIDENCE": Examples(), "P_FREE_EVIDENCE": Examples()}
    for lead, found in _searched(leads):
        for name, candidates, near_ms in (
            ("P_EVIDENCE", found.same, 150.0),
            ("P_FREE_EVIDENCE", found.free, _FREE_NEAR_MS),
        ):
            examples[name].add(*_labelled(lead, candidates, near_ms))
    return {name: _logistic(*one.tables()) for name, one in examples.items()}


def _labelled(lead: MarkedLead, candidates: Candidates, near_ms: float) -> tuple[Table, Table]:
    """Evidence for candidates inside the marked span, and 1 for those that are P waves, else -1."""
    at = lead.beats + np.rint(time_of(candidates.column) * lead.fs).astype(np.int64)
    pairs = match_peaks(lead.marks["p"][:, 1], at, near_ms / 1000 * lead.fs)
    label = np.full(at.size, -1.0)
    label[pairs[:, 1]] = 1.0
    counts = (at >= lead.span[0]) & (candidates.evidence[:, 3] > SMALLEST)
    return candidates.evidence[counts].astype(np.float64), label[counts]


def _fit_sides(leads: Leads) -> dict[str, Rows]:
    examples = {name: Examples() for name in ("P_ONSET", "P_END", "T_ONSET", "T_END")}
    for lead, found in _searched(leads):
        onset_p, end_p, onset_t, end_t = found.views.reshape(4, lead.beats.size, VIEWS)
        for name, peaks, context, sides, step in (
            ("p", found.p, found.p_context, (onset_p, end_p), P_STEP),
            ("t", found.t, found.t_context, (onset_t, end_t), T_STEP),
        ):
            at, pairs = _paired(lead, name, peaks)
            for side, edge, key in zip(sides, (0, 2), ("ONSET", "END"), strict=True):
                outward = 1 if edge else -1
                marks = lead.marks[name][pairs[:, 0], edge]
                chosen = pairs[marks != ABSENT, 1]
                seconds = outward * (marks[marks != ABSENT] - at[chosen]) / lead.fs
                inputs = np.concatenate([side * step * STEP, context], axis=1)[chosen]
                examples[f"{name.upper()}_{key}"].add(inputs, seconds)
    return {name: _regression(*one.tables()) for name, one in examples.items()}


def _paired(
    lead: MarkedLead, name: str, peaks: Peaks
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    at = lead.beats + np.rint(time_of(peaks.column) * lead.fs).astype(np.int64)
    present = np.flatnonzero(peaks.present)
    pairs = match_peaks(lead.marks[name][:, 1], at[present], _NEAR_MS[name] / 1000 * lead.fs)
    pairs[:, 1] = present[pairs[:, 1]]
    return at, pairs


def _searched(leads: Leads) -> Iterator[tuple[MarkedLead, Sought]]:
    for lead, near in leads:
        onset, end, _ = qrs_bounds(near.qrs, near.weights)
        before, after = rr_intervals(lead.beats, lead.fs)
        yield lead, search(near, onset, end, Cycle(before, after, middle_of(after)))


def _regression(inputs: Table, values: Table) -> Rows:
    """Weights of a linear regression with Huber's loss, the constant first."""
    rows, centre, scale = _standardised(inputs)
    ridge = _RIDGE * len(values) * np.diag(np.append(0.0, np.ones(inputs.shape[1])))
    trust = np.ones(len(values))
    weights: Table = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        solved = np.linalg.solve(
            rows.T @ (rows * trust[:, None]) + ridge, rows.T @ (trust * values)
        )
        weights = np.asarray(solved, np.float64)
        rest = np.abs(values - rows @ weights)
        limit = _HUBER * 1.4826 * np.median(rest)
        trust = np.minimum(1.0, limit / np.maximum(rest, 1e-12))
    return _in_units(weights, centre, scale)


def _logistic(inputs: Table, labels: Table) -> Rows:
    """Weights of a logistic regression, the constant first."""
    rows, centre, scale = _standardised(inputs)

    def loss(weights: Table) -> tuple[float, Table]:
        margin = labels * (rows @ weights)
        pull = -labels / (1 + np.exp(np.clip(margin, -50, 50)))
        shrunk = np.append(0.0, weights[1:])
        value = np.logaddexp(0, -margin).mean() + _RIDGE * shrunk @ shrunk
        return float(value), (rows * pull[:, None]).mean(axis=0) + 2 * _RIDGE * shrunk

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True)
    return _in_units(found.x, centre, scale)


def _standardised(inputs: Table) -> tuple[Table, Table, Table]:
    centre, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    return np.column_stack([np.ones(len(inputs)), (inputs - centre) / scale]), centre, scale


def _in_units(weights: Table, centre: Table, scale: Table) -> Rows:
    each = weights[1:] / scale
    return np.append(weights[0] - centre @ each, each).astype(np.float32)


if __name__ == "__main__":
    sys.exit(main())

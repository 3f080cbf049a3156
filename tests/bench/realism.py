"""How well simulated strips are told from real ones, and by which of their features.

For each rhythm of which the catalogue has eight patients or more: up to so many strips of each
patient, and as many of a simulated patient beside him (`tests.bench.realism_strips` says how they
are made alike). A logistic regression on ten features (standardised; what is missing is replaced
by the median and marked) learns on some patients to tell the kinds apart and is judged on others.
0.5 is chance, 1 certainty. As few patients depend on their seeds, several cohorts are simulated,
each told from the same real strips; the mean counts. The interval, 95 %, comes from drawing
patients again. Below stands what each feature tells alone.
"""

import argparse
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from rhythmtrainer.model import RhythmId
from tests.bench.realism_features import FEATURES, features
from tests.bench.realism_regression import out_of_fold
from tests.bench.realism_strips import Sample, pairs, spans_by_rhythm
from tests.bench.setting import peer, records_option, setting

GOAL: Final = 0.75
_RESAMPLINGS: Final = 400
_GIVES_AWAY: Final = 0.65
_FEWEST_KNOWN: Final = 8
_SEEDS_APART: Final = 10_000


@dataclass(frozen=True, slots=True)
class Alone:
    """What one feature tells by itself: its AUC, 0.5 and more, and the medians of both kinds.

    The AUC is 0.5, and nothing else known, where too few strips of either kind have the feature.
    """

    name: str
    auc: float
    real: float | None
    simulated: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """How well the strips of one rhythm are told apart."""

    rhythm: RhythmId
    patients: int
    strips: int
    auc: float
    interval: tuple[float, float]
    alone: tuple[Alone, ...]


def run(argv: list[str]) -> int:
    """Print the table; return 1 if a rhythm misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench realism", description=__doc__)
    records_option(parser)
    parser.add_argument("--strips", type=int, default=4, help="of each patient, at most")
    parser.add_argument("--seed", type=int, default=0, help="of the first simulated patient")
    parser.add_argument("--cohorts", type=int, default=3, help="of simulated patients")
    parser.add_argument("--rhythm", type=RhythmId, choices=list(RhythmId), metavar="ID")
    options = parser.parse_args(argv)
    if peer("sklearn") is None:
        print("scikit-learn is not installed: pip install rhythmtrainer[bench]")
        return 1
    seeds = [options.seed + cohort * _SEEDS_APART for cohort in range(options.cohorts)]
    begun = time.perf_counter()
    table = [
        told_apart(rhythm, pairs(rhythm, spans, options.records, options.strips, seeds))
        for rhythm, spans in spans_by_rhythm().items()
        if options.rhythm in (None, rhythm)
    ]
    seconds = time.perf_counter() - begun
    report = {"rhythms": [asdict(told) for told in table], "seconds": seconds, **setting()}
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(table, report)))
    return int(any(told.auc > GOAL for told in table))


def told_apart(rhythm: RhythmId, matched: Iterable[tuple[Sample, list[Sample]]]) -> Told:
    """Learn to tell the kinds apart, and judge that on patients that were not learned from."""
    kept = list(matched)
    real = np.array([features(sample, rhythm) for sample, _ in kept])
    cohorts = [
        np.array([features(sample, rhythm) for sample in cohort])
        for cohort in zip(*(made for _, made in kept), strict=True)
    ]
    patient = np.unique([sample.patient for sample, _ in kept], return_inverse=True)[1]
    is_simulated = np.repeat([False, True], len(kept))
    whose = np.tile(patient, 2)
    scores = [out_of_fold(np.vstack([real, made]), is_simulated, whose) for made in cohorts]
    alone = [
        _alone(name, real[:, column], np.concatenate([made[:, column] for made in cohorts]))
        for column, name in enumerate(FEATURES)
    ]
    return Told(
        rhythm,
        int(patient.max()) + 1,
        len(kept),
        float(np.mean([auc(score, is_simulated) for score in scores])),
        _interval(scores, is_simulated, whose),
        tuple(sorted(alone, key=lambda one: -one.auc)),
    )


def auc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Return the chance that one of the positive has a higher score than one of the others."""
    if positive.all() or not positive.any():
        return float("nan")
    ranks = rankdata(score)[positive]
    others = score.size - ranks.size
    return float((ranks.mean() - (ranks.size + 1) / 2) / others)


def _interval(
    scores: Sequence[NDArray[np.float64]],
    is_simulated: NDArray[np.bool_],
    patient: NDArray[np.int64],
) -> tuple[float, float]:
    chance = np.random.default_rng(0)
    rows = [np.flatnonzero(patient == one) for one in range(int(patient.max()) + 1)]
    found = []
    for _ in range(_RESAMPLINGS):
        drawn = np.concatenate([rows[one] for one in chance.integers(len(rows), size=len(rows))])
        found.append(np.mean([auc(score[drawn], is_simulated[drawn]) for score in scores]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _alone(name: str, real: NDArray[np.float64], simulated: NDArray[np.float64]) -> Alone:
    real, simulated = real[np.isfinite(real)], simulated[np.isfinite(simulated)]
    if min(real.size, simulated.size) < _FEWEST_KNOWN:
        return Alone(name, 0.5, None, None)
    is_simulated = np.repeat([False, True], [real.size, simulated.size])
    found = auc(np.concatenate([real, simulated]), is_simulated)
    return Alone(name, max(found, 1 - found), float(np.median(real)), float(np.median(simulated)))


def _lines(table: list[Told], report: dict[str, Any]) -> Iterator[str]:
    yield f"{'rhythm':24} {'patients':>8} {'strips':>6}   AUC    95 %      what gives it away alone"
    for told in table:
        low, high = told.interval
        note = " misses" if told.auc > GOAL else ""
        row = f"{told.rhythm:24} {told.patients:8d} {told.strips:6d}"
        yield f"{row}  {told.auc:.2f}  {low:.2f}-{high:.2f}{note}"
        for one in told.alone:
            if one.auc >= _GIVES_AWAY:
                medians = f"real {one.real:.3g}, simulated {one.simulated:.3g}"
                yield f"{'':24} {one.auc:.2f} {one.name}: {medians}"
    yield f"{report['seconds']:.0f} s"
    for name, value in setting().items():
        yield f"{name}: {value}"

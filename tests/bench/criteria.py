"""Whether the criteria of each rhythm hold in simulated strips, read off the truth alone.

The table beside this file (`criteria_table`) says what the reference demands of each rhythm, and
`criteria_laws` what holds in any heart; ``--age`` takes children, of whom
`criteria_ages` demands something else. Nothing is measured on a signal.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate import simulate_known
from tests.bench.criteria_ages import criteria_at
from tests.bench.criteria_laws import broken
from tests.bench.criteria_observed import Observed
from tests.bench.criteria_table import CRITERIA, SECONDS, Criteria
from tests.bench.setting import setting

_FS: Final = 100.0
"""Nobody looks at the signal."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One criterion that one strip does not meet, and what was found instead."""

    rhythm: RhythmId
    seed: int
    criterion: str
    found: str


def run(argv: list[str]) -> int:
    """Print the table; return 1 if any criterion fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench criteria", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="strips of each rhythm")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--rhythm", type=RhythmId, choices=list(RhythmId), metavar="ID")
    parser.add_argument("--age", type=float, metavar="YEARS", help="of a child; else adults")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    options = parser.parse_args(argv)
    seeds = range(options.first, options.first + options.seeds)
    rhythms = [options.rhythm] if options.rhythm else list(RhythmId)
    begun = time.perf_counter()
    failures = list(chain.from_iterable(_by_rhythm(rhythms, seeds, options.age, options.jobs)))
    strips = len(rhythms) * len(seeds)
    report = {
        "strips": strips,
        "ms_a_strip": round(1000 * (time.perf_counter() - begun) / max(strips, 1), 2),
        "failures": [asdict(failure) for failure in failures],
        "setting": setting(),
    }
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        demanded = demands(options.age)
        table = {rhythm: len(demanded.get(rhythm, ())) for rhythm in rhythms}
        print("\n".join(_lines(table, len(seeds), failures, report)))
    return 1 if failures else 0


def demands(age: float | None) -> Mapping[RhythmId, Criteria]:
    """Return what is demanded of each rhythm, in adults or at an age in years."""
    return CRITERIA if age is None else criteria_at(age)


def failures_of(rhythm: RhythmId, seeds: Iterable[int], age: float | None = None) -> list[Failure]:
    """Simulate a rhythm with each seed and return what does not hold."""
    criteria = demands(age).get(rhythm, ())
    return list(chain.from_iterable(_failures(rhythm, seed, age, criteria) for seed in seeds))


def _by_rhythm(
    rhythms: list[RhythmId], seeds: range, age: float | None, jobs: int
) -> Iterator[list[Failure]]:
    of_rhythm = partial(failures_of, seeds=seeds, age=age)
    if jobs <= 1:
        yield from map(of_rhythm, rhythms)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(of_rhythm, rhythms)


def _failures(
    rhythm: RhythmId, seed: int, age: float | None, criteria: Criteria
) -> Iterator[Failure]:
    seconds = SECONDS[rhythm]
    made = simulate_known(rhythm, seconds=seconds, fs=_FS, seed=seed, age=age)
    seen = Observed(made.truth, seconds)
    laws = broken(seen)
    for law in laws:
        yield Failure(rhythm, seed, f"law: {law}", "broken")
    if any(episode.rhythm != rhythm for episode in made.truth.episodes):
        yield Failure(rhythm, seed, "episodes name the rhythm", "another rhythm")
    if "arrays are aligned" not in laws:
        for criterion in criteria:
            found = criterion.fault(seen)
            if found is not None:
                yield Failure(rhythm, seed, criterion.name, found)


def _lines(
    table: Mapping[RhythmId, int], seeds: int, failures: list[Failure], report: dict[str, Any]
) -> Iterator[str]:
    yield f"{'rhythm':32} {'criteria':>8} {'seeds':>6} {'failed':>6}"
    by_rhythm: dict[RhythmId, list[Failure]] = defaultdict(list)
    for failure in failures:
        by_rhythm[failure.rhythm].append(failure)
    for rhythm, criteria in table.items():
        own = by_rhythm[rhythm]
        failed = len({failure.seed for failure in own})
        yield f"{rhythm:32} {criteria:8d} {seeds:6d} {failed:6d}"
        yield from _criteria_lines(own)
    strips, failed = report["strips"], len({(each.rhythm, each.seed) for each in failures})
    yield f"{failed} of {strips} strips fail; {report['ms_a_strip']} ms a strip"
    for name, value in report["setting"].items():
        yield f"{name}: {value}"


def _criteria_lines(failures: list[Failure]) -> Iterator[str]:
    by_criterion: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        by_criterion[failure.criterion].append(failure)
    for criterion, own in sorted(by_criterion.items(), key=lambda item: -len(item[1])):
        seen = ", ".join(f"seed {failure.seed}: {failure.found}" for failure in own[:3])
        yield f"    {len(own):6d} x {criterion} ({seen})"

"""What strips from an archive cost, how long a learner waits for them, and what faults do.

Costs: requests and bytes of the first excerpt of a record and of the next one, beside what the
WFDB library reads of the same archive. Waits: from Enter to the painted strip, on the real page,
with an answer every two seconds, half of the strips of two leads and half of twelve, over an
archive with delay that shares one thin line. Faults: an archive that misbehaves; every strip has
to be right, or a sentence has to say why there is none.
"""

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhythmtrainer.paths import dataset
from rhythmtrainer.records.tables.catalogue import FileFacts, load_files, load_spans
from tests.bench.setting import records_option, setting
from tests.bench.stream_costs import OUTCOMES, costs, faults, samples
from tests.bench.stream_robot import Extent, answer_strips, mixed_spans, slow_mirror

_GOAL_MS: Final = 50.0
_PARTS: Final = ("costs", "waits", "faults")


def run(argv: list[str]) -> int:
    """Measure and print; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench stream", description=__doc__)
    records_option(parser)
    parser.add_argument("--delay-ms", type=float, default=150.0)
    parser.add_argument("--mbit", type=float, default=1.0)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--monitor", action="store_true", help="strips run on the monitor")
    parser.add_argument(
        "--catalogue", action="store_true", help="ask the shipped catalogue's strips"
    )
    parser.add_argument("--only", choices=_PARTS, action="append", help="leave the others out")
    arguments = parser.parse_args(argv)
    parts = arguments.only or _PARTS
    files = _published(arguments.records)
    found: dict[str, Any] = {}
    if "costs" in parts:
        found["costs"] = costs(arguments.records, files)
    if "waits" in parts:
        found["waits"] = _waits(arguments, files)
    if "faults" in parts:
        found["faults"] = faults(arguments.records, files)
    found["setting"] = setting()
    print(json.dumps(found) if arguments.json else _table(found))
    return int(_misses(found))


def _waits(arguments: argparse.Namespace, files: dict[str, FileFacts]) -> dict[str, Any]:
    shipped = load_spans(dataset("catalogue.csv")) if arguments.catalogue else ()
    spans = shipped or mixed_spans(arguments.records)
    extent = Extent(arguments.questions, arguments.every, monitor=arguments.monitor)
    with slow_mirror(arguments.records, arguments.delay_ms, arguments.mbit) as (url, asked):
        answered = answer_strips(url, spans, files, extent)
    # The first strip is waited for: nothing is ready yet.
    waits, work = np.array(answered.waits_ms), np.array(answered.work_ms[1:])
    return {
        "questions": len(waits),
        "first ms": round(answered.first_ms, 1),
        "p50 ms": round(float(np.quantile(waits, 0.5)), 1),
        "p95 ms": round(float(np.quantile(waits, 0.95)), 1),
        "max ms": round(float(waits.max()), 1),
        f"over {_GOAL_MS:g} ms": int((waits > _GOAL_MS).sum()),
        "own work p50 ms": round(float(np.quantile(work, 0.5)), 1),
        "own work max ms": round(float(work.max()), 1),
        "reads": answered.reads,
        "cache hits": answered.hits,
        **asked,
    }


def _published(records: Path) -> dict[str, FileFacts]:
    """Return the published facts, and those of the samples as if they had been published."""
    files = dict(load_files(dataset("files.csv")))
    for ref in samples(records).values():
        for ending in ("hea", "dat", "mat"):
            name = f"{ref.record.path}.{ending}"
            if name not in files and (records / name).is_file():
                content = (records / name).read_bytes()
                files[name] = FileFacts(len(content), hashlib.sha256(content).hexdigest())
    return files


def _misses(found: Mapping[str, Any]) -> bool:
    slow = bool(found.get("waits", {}).get(f"over {_GOAL_MS:g} ms"))
    return slow or any(row["first"]["times own"] > 1.2 for row in found.get("costs", []))


def _table(found: Mapping[str, Any]) -> str:
    lines: list[str] = []
    if "costs" in found:
        lines += ["Costs: requests, bytes, and bytes as a multiple of the excerpt's own", ""]
        columns = [name for name in found["costs"][0] if name not in ("database", "own bytes")]
        lines.append(_row("", ["own bytes", *columns]))
        for row in found["costs"]:
            cells = [
                f"{c['requests']}  {c['bytes']}  {c['times own']:g}x" for c in map(row.get, columns)
            ]
            lines.append(_row(row["database"], [str(row["own bytes"]), *cells]))
        lines.append("")
    if "waits" in found:
        lines += ["Waits from Enter to the painted strip (goal: under 50 ms)", ""]
        lines += [f"  {what:16} {value}" for what, value in found["waits"].items()]
        lines.append("")
    if "faults" in found:
        lines += ["Faults: reads that ended in a sentence, in the right strip, in a wrong one", ""]
        lines += [
            _row(row["fault"], [str(row[outcome]) for outcome in OUTCOMES], width=8)
            for row in found["faults"]
        ]
        lines += ["", "Bits turned round inside part of a file can be noticed by TLS alone.", ""]
    return "\n".join([*lines, json.dumps(found["setting"])])


def _row(name: str, cells: Sequence[str], width: int = 22) -> str:
    return f"  {name:30}" + "".join(f"{cell:>{width}}" for cell in cells)

"""Build the catalogue of real excerpts from recordings and their labels.

``python datasets/build.py --records DIR`` reads the recordings below DIR, laid out as PhysioNet
lays them out, applies the rules in ``rules/`` and writes ``catalogue.csv``, ``files.csv`` and
``patients.csv``. The same recordings and rules give the same bytes.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

# A script beside its tables: the package is found from the checkout's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rhythmtrainer.model import Progress, RecordRef, Span, UserError
from rhythmtrainer.records.index.building import find_database
from rhythmtrainer.records.index.files import file_rows
from rhythmtrainer.records.index.halves import into_halves
from rhythmtrainer.records.index.patients import PATIENT_COLUMNS, merged, patient_rows
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.records.tables.catalogue import FILE_COLUMNS, spans_text, table_text
from rhythmtrainer.training.cancel import Cancel

HERE = Path(__file__).resolve().parent
DATABASES = ("mitdb", "vfdb", "ludb", "ptb-xl", "challenge-2021", "cpsc2021")
WINDOW_S = 10.0


def build(
    records: Path, databases: Sequence[str], *, name_left_out: bool = False
) -> dict[str, str]:
    """Return the text of each table, by its file's name.

    Parameters
    ----------
    name_left_out
        Whether to print each recording that gives no span, with the reason.

    Raises
    ------
    UserError
        If recordings or rules are missing or at fault.
    """
    rules = [read_rules(HERE / "rules", database) for database in databases]
    found = [span for one in rules for span in _spans_of(records, one, name_left_out=name_left_out)]
    identities = rules[0].identities
    spans = into_halves(merged(found, identities))
    print(summary(spans))
    return {
        "catalogue.csv": spans_text(spans),
        "files.csv": table_text(FILE_COLUMNS, file_rows(records, spans)),
        "patients.csv": table_text(PATIENT_COLUMNS, patient_rows(spans, identities)),
    }


def _spans_of(records: Path, rules: Rules, *, name_left_out: bool) -> list[Span]:
    left_out: list[str] = []

    def skip(ref: RecordRef, why: str) -> None:
        left_out.append(f"  {ref.path}: {why}")

    began = time.monotonic()
    spans = find_database(records, rules, _show, Cancel(), skip)
    _clear_line()
    seconds = time.monotonic() - began
    print(f"{rules.database}: {len(spans)} spans in {seconds:.1f} s, {len(left_out)} left out")
    if name_left_out:
        print("\n".join(left_out))
    return spans


def _show(progress: Progress) -> None:
    if sys.stdout.isatty():
        print(f"\r{progress.share or 0:4.0%}  {progress.said:60}", end="", flush=True)


def _clear_line() -> None:
    if sys.stdout.isatty():
        print(f"\r{'':66}\r", end="")


def summary(spans: Iterable[Span]) -> str:
    """Return rows, windows that do not overlap, and patients of each rhythm, one line each."""
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        groups[span.rhythm].append(span)
        groups["all"].append(span)
    return "\n".join(
        f"{rhythm:24} {len(group):5} rows {_windows(group):6} windows"
        f" {len({x.patient for x in group}):4} patients"
        for rhythm, group in sorted(groups.items())
    )


def _windows(spans: Iterable[Span]) -> int:
    return sum(max(1, int(span.ref.duration_s / WINDOW_S + 1e-6)) for span in spans)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the tables; return 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(description="Build the catalogue of real excerpts.")
    parser.add_argument("--records", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the tables")
    parser.add_argument("databases", nargs="*", default=DATABASES, help="all that are shipped")
    parser.add_argument(
        "--left-out", action="store_true", help="name the recordings that give no span, and why"
    )
    options = parser.parse_args(arguments)
    try:
        tables = build(options.records, options.databases, name_left_out=options.left_out)
    except UserError as error:
        print(f"The catalogue was not built: {error}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

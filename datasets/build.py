"""Build the catalogue of real excerpts from the annotations of the recordings.

``python datasets/build.py --records DIR`` reads the recordings below DIR, laid out as PhysioNet
lays them out, applies ``rules.toml`` and writes ``catalogue.csv`` and ``files.csv``. The same
recordings and rules give the same bytes.
"""

import argparse
import csv
import io
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

# A script beside its tables: its sister modules are found from the checkout's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from datasets.excerpts import find_spans
from datasets.recordings import file_rows, read_recording, record_names
from datasets.rules import BuildError, Rules, read_rules
from rhythmtrainer.model import RateSource, RecordError, RecordRef, Span
from rhythmtrainer.records.catalogue import FILE_COLUMNS, SPAN_COLUMNS

HERE = Path(__file__).resolve().parent


def build_spans(records: Path, rules: Rules) -> list[Span]:
    """Return all spans in the order of the catalogue.

    Raises
    ------
    BuildError
        If recordings are missing, a measured rate does not lie in its class, or spans overlap.
    RecordError
        If a recording or its annotations are damaged.
    """
    spans: list[Span] = []
    began = time.monotonic()
    for database, version in rules.versions.items():
        for name in record_names(records / database / version):
            ref = RecordRef(database, version, name)
            recording = read_recording(ref, records)
            for rule in rules.rules:
                if rule.concerns(ref):
                    spans += find_spans(recording, rule, rules)
        seconds = time.monotonic() - began
        print(f"{seconds:5.1f} s  {database}: {len(spans)} spans so far", file=sys.stderr)
    spans.sort(key=lambda span: (span.ref.record, span.ref.start_s, span.rhythm))
    faults = [*_outside_their_class(spans, rules), *_overlapping(spans)]
    if faults:
        raise BuildError("; ".join(faults))
    return spans


def _overlapping(spans: Iterable[Span]) -> Iterator[str]:
    for one, other in itertools.pairwise(spans):
        if one.ref.record == other.ref.record and one.ref.end_s > other.ref.start_s + 1e-6:
            yield (
                f"{one.ref.record.path}: {one.rhythm} from {one.ref.start_s} s and"
                f" {other.rhythm} from {other.ref.start_s} s overlap"
            )


def _outside_their_class(spans: Iterable[Span], rules: Rules) -> Iterator[str]:
    borders = {
        (rule.database, rule.rhythm): rule.rate
        for rule in rules.rules
        if rule.rate and rule.rate_source is RateSource.MEASURED
    }
    for span in spans:
        low, high = borders.get((span.ref.record.database, span.rhythm), (0.0, float("inf")))
        if span.rate_bpm is not None and not low <= span.rate_bpm <= high:
            yield (
                f"{span.ref.record.path} from {span.ref.start_s} s: {span.rhythm} measured at"
                f" {span.rate_bpm}/min, allowed {low:g} to {high:g}/min"
            )


def catalogue_text(spans: Iterable[Span]) -> str:
    """Return the catalogue as text."""
    return _table(
        SPAN_COLUMNS,
        (
            (
                span.ref.record.database,
                span.ref.record.version,
                span.ref.record.record,
                " ".join(span.ref.leads),
                f"{span.ref.start_s:.3f}",
                f"{span.ref.duration_s:.3f}",
                span.rhythm,
                " ".join(sorted(span.accepted)),
                span.label,
                "" if span.rate_bpm is None else f"{span.rate_bpm:.1f}",
                span.rate_source,
                span.patient,
            )
            for span in spans
        ),
    )


def files_text(records: Path, spans: Iterable[Span]) -> str:
    """Return the table of the files that the catalogue needs as text."""
    return _table(FILE_COLUMNS, file_rows(records, {span.ref.record for span in spans}))


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def summary(spans: Iterable[Span]) -> str:
    """Return rows, minutes and patients of each rhythm, one line each."""
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        groups[span.rhythm].append(span)
    return "\n".join(
        f"{rhythm:24} {len(group):4} rows {sum(x.ref.duration_s for x in group) / 60:6.1f} min"
        f" {len({x.patient for x in group}):3} patients"
        for rhythm, group in sorted(groups.items())
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Build both tables; return 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(description="Build the catalogue of real excerpts.")
    parser.add_argument("--records", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the tables")
    options = parser.parse_args(arguments)
    try:
        spans = build_spans(options.records, read_rules(HERE / "rules.toml"))
        tables = {
            "catalogue.csv": catalogue_text(spans),
            "files.csv": files_text(options.records, spans),
        }
    except (BuildError, RecordError) as error:
        print(f"The catalogue was not built: {error}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")
    print(summary(spans), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

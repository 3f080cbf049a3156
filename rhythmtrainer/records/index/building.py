"""Find the spans of a whole database."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Progress, RecordError, RecordRef, Span
from rhythmtrainer.records.index import leipzig, ludb, ptbxl, snomed
from rhythmtrainer.records.index.appraisal import appraised
from rhythmtrainer.records.index.patients import identified
from rhythmtrainer.records.index.recordings import read_recording, record_names
from rhythmtrainer.records.index.rules import BuildError, Interval, Rules
from rhythmtrainer.records.index.statements_finding import Skip, tell_nobody
from rhythmtrainer.records.index.stretches import find_spans
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

Namer = Callable[[Path, Rules], list[str]]
"""Names the records in a database's folder."""

Finder = Callable[[RecordRef, Path, Rules, Skip], list[Span]]
"""Finds the spans of one record, or tells why it gives none."""


def find_database(
    records: Path, rules: Rules, tell: Tell, cancel: Cancel, skip: Skip = tell_nobody
) -> list[Span]:
    """Return the spans of one database, in the order of the catalogue.

    Parameters
    ----------
    records
        A folder laid out as PhysioNet lays out its databases.
    skip
        Told about each recording that is damaged, or whose labels give no answer: one of
        thousands must not keep the others out.

    Raises
    ------
    BuildError
        If there are no recordings, nothing can read their labels, or spans overlap.
    CancelledError
        If `cancel` was thrown.
    """
    if rules.reader not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise BuildError(f"{rules.database}.toml: no reader is called {rules.reader!r}: {known}")
    names_of, find = _READERS[rules.reader]
    names = names_of(records / rules.database / rules.version, rules)
    spans: list[Span] = []
    for done, name in enumerate(names):
        cancel.check()
        tell(Progress(f"{rules.database} {name}", done / len(names)))
        ref = RecordRef(rules.database, rules.version, name)
        try:
            spans += list(appraised(find(ref, records, rules, skip), records, rules.borders))
        except RecordError as fault:
            skip(ref, str(fault))
    spans.sort(key=lambda span: (span.ref.record, span.ref.start_s, span.rhythm))
    faults = list(_overlapping(spans))
    if faults:
        raise BuildError("; ".join(faults))
    return identified(spans, rules.identities)


def _of_annotations(ref: RecordRef, records: Path, rules: Rules, skip: Skip) -> list[Span]:
    """Return the spans of a record by its annotations; the first rule to claim a second has it."""
    why_not = rules.why_left_out(ref)
    if why_not is not None:
        skip(ref, why_not)
        return []
    recording = read_recording(ref, records, rules)
    spans: list[Span] = []
    taken: list[Interval] = []
    for rule in rules.rules:
        if rule.concerns(ref):
            found = find_spans(recording, rule, rules, taken)
            spans += found
            taken += [(span.ref.start_s, span.ref.end_s) for span in found]
    return spans


def _overlapping(spans: Iterable[Span]) -> Iterator[str]:
    for one, other in itertools.pairwise(spans):
        if one.ref.record == other.ref.record and one.ref.end_s > other.ref.start_s + 1e-6:
            yield (
                f"{one.ref.record.path}: {one.rhythm} from {one.ref.start_s} s and"
                f" {other.rhythm} from {other.ref.start_s} s overlap"
            )


_READERS: Final[Mapping[str, tuple[Namer, Finder]]] = {
    "annotations": (record_names, _of_annotations),
    "ludb": (ludb.names_of, ludb.find),
    "ptb-xl": (ptbxl.names_of, ptbxl.find),
    "leipzig": (leipzig.names_of, leipzig.find),
    "snomed": (snomed.names_of, snomed.find),
}

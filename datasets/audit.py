"""Measure every excerpt of the catalogue and list those whose numbers contradict their label.

``python datasets/audit.py --records DIR`` prints a row for each span of which a window is
contradicted, the most strongly contradicted first, and the counts for each rhythm and each step
of reading. It only flags: a span leaves the catalogue, or changes its label, by a rule with a
reason, after a look at the trace (``--pictures FOLDER`` draws the worst, or with ``--sample`` some
of those that nothing contradicts), by a comment in a header or by an annotation. What was seen in
those that were looked at stands in ``looks.csv``.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

# A script beside its tables: the package is found from the checkout's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from datasets.doubts import Contradiction, against
from datasets.sheets import Picture, draw_sheets
from rhythmtrainer import paths
from rhythmtrainer.model import RhythmId, Span, StripRef, UserError
from rhythmtrainer.records.index.ludb import read_marked
from rhythmtrainer.records.index.recordings import Recording, read_recording
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.tables.catalogue import load_spans
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.preparation import read_window
from rhythmtrainer.training.selection import WINDOW_S

_SPANS_A_TURN = 16
_SAMPLE_SEED = 20
_FEWEST_OF_A_RHYTHM = 4

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Audited:
    """A span, and what contradicts its label in the window that is contradicted most.

    Attributes
    ----------
    windows, flagged
        How many windows it has that do not overlap, and how many are contradicted.
    worst
        The window that is contradicted most; the first where none is.
    against
        What contradicts there.
    """

    span: Span
    windows: int
    flagged: int
    worst: StripRef
    against: tuple[Contradiction, ...]

    @property
    def weight(self) -> float:
        """The strengths of what contradicts the worst window, added up."""
        return sum(one.strength for one in self.against)

    @property
    def row(self) -> tuple[str, ...]:
        """What is printed of it."""
        ref = self.worst
        return (
            ref.record.database,
            ref.record.record,
            f"{ref.start_s:.3f}",
            self.span.rhythm,
            f"{self.flagged} of {self.windows}",
            f"{self.weight:.2f}",
            "; ".join(one.text for one in self.against),
        )


_COLUMNS = ("database", "record", "start_s", "rhythm", "windows", "weight", "contradicted by")


def windows_of(span: Span) -> list[StripRef]:
    """Return the ten-second windows of a span that do not overlap; of a shorter one, itself."""
    ref = span.ref
    count = max(1, int(ref.duration_s / WINDOW_S))
    length = min(WINDOW_S, ref.duration_s)
    return [
        StripRef(ref.record, ref.leads, round(ref.start_s + number * length, 3), length)
        for number in range(count)
    ]


def audit(span: Span, records: Path) -> Audited:
    """Measure all windows of a span and return what contradicts its label most.

    Raises
    ------
    RecordError, UnreachableError
        If its recording is missing or damaged.
    """
    source = LocalRecords((records,), {}, {})
    beats_s = reference_beats(span, records)
    windows = windows_of(span)
    found = []
    for window in windows:
        measured = read_window(source, window, Cancel())[1]
        inside = beats_s[(beats_s >= window.start_s) & (beats_s < window.end_s)]
        found.append(against(span, measured, inside))
    weights = [sum(one.strength for one in doubts) for doubts in found]
    worst = int(np.argmax(weights))
    return Audited(span, len(windows), sum(map(bool, found)), windows[worst], found[worst])


def reference_beats(span: Span, records: Path) -> NDArray[np.float64]:
    """Return the times of the reference beats of a span's record, in seconds; empty without any."""
    return np.array([at for at, _ in reference_marks(span.ref, records)[0]])


def reference_marks(
    ref: StripRef, records: Path
) -> tuple[tuple[tuple[float, str], ...], tuple[tuple[float, str], ...]]:
    """Return what a database annotates in a record: times and codes of beats, and of rhythms."""
    reader = _reader(ref.record.database)
    if reader == "ludb":
        peaks = read_marked(records / ref.record.path, ref.leads[0])
        return tuple((float(at), "R") for at in (peaks if peaks is not None else ())), ()
    if reader != "annotations":
        return (), ()
    recording = _recording(ref, records)
    conducted = recording.symbols != "x"
    times, codes = recording.beats[conducted].tolist(), recording.symbols[conducted].tolist()
    return (
        tuple(zip(times, codes, strict=True)),
        tuple((start, code) for code, start, _ in recording.episodes),
    )


@cache
def _reader(database: str) -> str:
    return read_rules(paths.dataset("rules"), database).reader


@cache
def _recording(ref: StripRef, records: Path) -> Recording:
    return read_recording(
        ref.record, records, read_rules(paths.dataset("rules"), ref.record.database)
    )


def ranked(audited: Iterable[Audited]) -> list[Audited]:
    """Return the spans that something contradicts, the most strongly contradicted first.

    What contradicts one rhythm of one record again and again tells of the program rather than of
    the labels: the second span of them counts half, the third a third.
    """
    flags = sorted((one for one in audited if one.against), key=lambda one: (-one.weight, one.row))
    seen: Counter[tuple[str, RhythmId, frozenset[str]]] = Counter()
    turns = []
    for one in flags:
        alike = (one.span.ref.record.path, one.span.rhythm, frozenset(x.step for x in one.against))
        seen[alike] += 1
        turns.append((-one.weight / seen[alike], one.row, one))
    return [one for _, _, one in sorted(turns, key=lambda turn: turn[:2])]


def sampled(audited: Sequence[Audited], count: int) -> list[Audited]:
    """Return some spans that nothing contradicts, some of every rhythm, always the same.

    Four of each rhythm where there are so many, of as many patients as can be; the rest fall on
    the rhythms as they are frequent. In place of the worst window stands any of the span's.
    """
    chance = np.random.default_rng(_SAMPLE_SEED)
    mixed = [one for one in audited if not one.against]
    mixed = [mixed[place] for place in chance.permutation(len(mixed))]
    groups: dict[RhythmId, list[Audited]] = defaultdict(list)
    for one in mixed:
        groups[one.span.rhythm].append(one)
    first = [one for group in groups.values() for one in _varied(group)[:_FEWEST_OF_A_RHYTHM]]
    rest = [one for one in mixed if one not in first]
    chosen = first + rest[: max(0, count - len(first))]
    drawn = [replace(one, worst=_any_window(one.span, chance)) for one in chosen]
    return sorted(drawn, key=lambda one: (one.span.rhythm, one.row))


def _any_window(span: Span, chance: np.random.Generator) -> StripRef:
    windows = windows_of(span)
    return windows[int(chance.integers(len(windows)))]


def _varied(group: Sequence[Audited]) -> list[Audited]:
    """Return spans in such an order that everybody comes once before anybody comes twice."""
    seen: Counter[str] = Counter()
    turns = []
    for one in group:
        turns.append((seen[one.span.patient], one))
        seen[one.span.patient] += 1
    return [one for _, one in sorted(turns, key=lambda turn: turn[0])]


def summary(audited: Sequence[Audited]) -> str:
    """Return the counts: in all, for each rhythm, and for each step of the worst windows."""
    flags = [one for one in audited if one.against]
    steps = Counter(step for one in flags for step in {each.step for each in one.against})
    windows: Counter[str] = Counter()
    for one in flags:
        windows[one.span.rhythm] += one.flagged
    spans = Counter(one.span.rhythm for one in flags)
    of_all = Counter(one.span.rhythm for one in audited)
    return "\n".join(
        [
            f"{len(audited)} spans, {sum(one.windows for one in audited)} windows; {len(flags)}"
            f" spans with {sum(one.flagged for one in flags)} contradicted windows",
            *(
                f"{count:5} of {of_all[rhythm]:4} spans, {windows[rhythm]:4} windows  {rhythm}"
                for rhythm, count in _most_common(spans)
            ),
            *(f"{count:5} spans by {step}" for step, count in _most_common(steps)),
        ]
    )


def _most_common(counts: Counter[_T]) -> list[tuple[_T, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))


def picture_of(one: Audited, records: Path) -> Picture:
    """Return the worst window of a span, with what stands in its row and its annotations."""
    beats, rhythms = reference_marks(one.worst, records)
    marks = [
        (at, code) for at, code in (*beats, *rhythms) if one.worst.start_s <= at < one.worst.end_s
    ]
    also = f" ({', '.join(sorted(one.span.accepted))})" if one.span.accepted else ""
    rate = f"{one.span.rate_bpm:.0f}/min" if one.span.rate_bpm else "no rate"
    columns = one.row
    title = "  ".join((*columns[:3], columns[3] + also, rate, *columns[4:], one.span.label[:60]))
    return Picture(one.worst, title, tuple(marks))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the flags, the worst first, and the counts on stderr; return 0, or 1 with a sentence.

    The same recordings give the same output.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--catalogue", type=Path, default=paths.dataset("catalogue.csv"))
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw the worst there")
    parser.add_argument("--worst", type=int, default=200, metavar="N", help="how many to draw")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="draw so many that nothing contradicts instead"
    )
    options = parser.parse_args(arguments)
    try:
        _run(options)
    except UserError as error:
        print(f"The catalogue was not audited: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    spans = load_spans(options.catalogue)
    with ProcessPoolExecutor() as workers:
        look = partial(audit, records=options.records)
        audited = list(workers.map(look, spans, chunksize=_SPANS_A_TURN))
    flags = ranked(audited)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows(one.row for one in flags)
    print(summary(audited), file=sys.stderr)
    if options.pictures is not None:
        shown = sampled(audited, options.sample) if options.sample else flags[: options.worst]
        pictures = [picture_of(one, options.records) for one in shown]
        draw_sheets(pictures, options.records, options.pictures)


if __name__ == "__main__":
    sys.exit(main())

"""Statements about whole recordings: what a database says of one, and which answer follows.

A database writes its statements as codes. Its file of rules gives each code a *term*, a word that
all databases share, so that one table tells what follows from terms, whoever stated them. Codes
without a term leave their recording out: nobody knows what they would have meant.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from rhythmtrainer.model import RecordRef, RhythmId
from rhythmtrainer.records.index.rules import BuildError, Choice, Interval

SHARED_FILE = "statements.toml"

_Row = TypeVar("_Row", "Statement", "Choice")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a database says about one recording.

    Attributes
    ----------
    path
        The record's files without their endings.
    terms
        What was stated, by term: the codes behind it as they are printed.
    unknown
        Codes that have no term.
    age_years
        None where it is not known.
    """

    ref: RecordRef
    path: Path
    terms: Mapping[str, str]
    unknown: tuple[str, ...]
    age_years: float | None
    patient: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Which rhythm a stated term stands for.

    Attributes
    ----------
    when, also
        Terms: one of each must be stated, unless it is empty.
    beside
        Terms that may be stated besides; any other one makes the statement fail.
    rhythm
        None leaves the recording out.
    event
        Whether the rhythm shows itself at one moment, which a strip has to hold.
    records, between
        The records it is about, by name or from one name to another; empty for all. A name is
        the last part of a record's path.
    part
        The stretch that shows the rhythm, in seconds from the first sample; None for all.
    lead
        The lead to show, where this record wants another than its rhythm does.
    says
        Who says so, where it was not the database.
    by_rate
        Whether the rate decides between this rhythm and others: it has to be measured, and to lie
        well inside the rhythm's class.
    rate, rr_spread_s
        Where the mean rate in beats per minute and the difference of the longest and the shortest
        RR interval must lie; None for anywhere.
    """

    reason: str
    when: frozenset[str] = frozenset()
    rhythm: RhythmId | None = None
    accepted: frozenset[RhythmId] = frozenset()
    also: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    event: bool = False
    records: frozenset[str] = frozenset()
    between: tuple[str, str] | None = None
    part: Interval | None = None
    lead: str = ""
    says: str = ""
    by_rate: bool = False
    rate: Interval | None = None
    rr_spread_s: Interval | None = None

    def follows(self, stated: Stated) -> bool:
        """Return whether the statement is about a recording of which this was stated."""
        terms = stated.terms.keys()
        if not self._is_about(stated.ref):
            return False
        if any(needed and not terms & needed for needed in (self.when, self.also)):
            return False
        # What leaves a recording out does so whatever else was stated.
        return self.rhythm is None or terms <= self.when | self.also | self.beside

    def _is_about(self, ref: RecordRef) -> bool:
        name = ref.record.rpartition("/")[2]
        if self.between and not self.between[0] <= name <= self.between[1]:
            return False
        return not self.records or name in self.records


@dataclass(frozen=True, slots=True)
class Measuring:
    """How numbers are taken from a recording; ``statements.toml`` explains each.

    Attributes
    ----------
    leads
        Where beats are looked for.
    agreeing_leads, agreement_bpm
        How many of them must have the same rate alone, and how far each may be off.
    adult_years
        From which age the classes of rate hold.
    """

    leads: tuple[str, ...]
    agreeing_leads: int
    agreement_bpm: float
    adult_years: float


@dataclass(frozen=True, slots=True)
class StatementRules:
    """What the file of one database and the shared one say about statements.

    Attributes
    ----------
    statements
        The first that follows holds; the database's own come first.
    label
        How a code is printed: ``{}`` stands for it.
    terms
        The codes of each term. A code may hold ``*`` for any text.
    silent
        Codes that say nothing about the rhythm.
    leads
        Which lead to show: the first choice that concerns a record and whose lead it has.
    """

    statements: tuple[Statement, ...]
    measuring: Measuring
    label: str
    terms: Mapping[str, tuple[str, ...]]
    silent: tuple[str, ...]
    leads: tuple[Choice, ...]

    def understood(self, codes: Collection[str]) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the terms of some codes, with what is printed of them, and the unknown codes."""
        terms: dict[str, list[str]] = {}
        unknown = []
        for code in codes:
            term = self._term(code)
            if term is not None:
                terms.setdefault(term, []).append(self.label.format(code))
            elif not _fits(code, self.silent):
                unknown.append(code)
        return {term: ", ".join(printed) for term, printed in terms.items()}, tuple(unknown)

    def _term(self, code: str) -> str | None:
        return next((term for term, known in self.terms.items() if _fits(code, known)), None)

    def leads_for(self, ref: RecordRef, rhythm: RhythmId | None) -> list[str]:
        """Return the leads that may be shown, the best first."""
        return [
            choice.lead
            for choice in self.leads
            if rhythm is not None and choice.concerns(ref, rhythm)
        ]


def _fits(code: str, patterns: Sequence[str]) -> bool:
    return any(code == pattern or fnmatchcase(code, pattern) for pattern in patterns)


@lru_cache(maxsize=8)
def read_statements(folder: Path, database: str) -> StatementRules:
    """Read the statement rules of one database from a folder of rules.

    Raises
    ------
    BuildError
        If there are none, or they name something that does not exist; all faults are named at
        once.
    """
    shared, own = _table(folder, SHARED_FILE), _table(folder, f"{database}.toml")
    # Databases with the same codes share a file that says what these mean.
    files = [own, *([_table(folder, own["codes"])] if "codes" in own else []), shared]
    faults: list[str] = []
    terms = _merged(files, "terms")
    rules = StatementRules(
        statements=_rows(Statement, files, "statement", faults),
        measuring=Measuring(
            **{**shared["measuring"], "leads": tuple(shared["measuring"]["leads"])}
        ),
        label=next((table["label"] for table in files if "label" in table), "{}"),
        terms=terms,
        silent=tuple(code for table in files for code in table.get("silent", ())),
        leads=_rows(Choice, files, "lead", faults),
    )
    vocabulary = frozenset(shared["vocabulary"])
    faults += [f"{term!r} is no term" for term in terms.keys() - vocabulary]
    for number, statement in enumerate(rules.statements, start=1):
        used = statement.when | statement.also | statement.beside
        faults += [f"statement {number}: {term!r} is no term" for term in used - vocabulary]
    if faults:
        raise BuildError(f"{database}.toml cannot be used: {'; '.join(sorted(faults))}")
    return rules


def _table(folder: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{name} cannot be read: {error}") from error


def _merged(files: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    return {key: value for table in files for key, value in table.get(name, {}).items()}


def _rows(
    kind: type[_Row], files: Sequence[Mapping[str, Any]], name: str, faults: list[str]
) -> tuple[_Row, ...]:
    rows = []
    tables = [row for table in files for row in table.get(name, [])]
    for number, row in enumerate(tables, start=1):
        try:
            rows.append(kind(**{key: _READERS.get(key, _as_it_is)(row[key]) for key in row}))
        except (TypeError, ValueError) as fault:
            faults.append(f"{name} {number}: {fault}")
    return tuple(rows)


def _as_it_is(value: Any) -> Any:
    return value


def _interval(values: Sequence[float]) -> Interval:
    low, high = map(float, values)
    if not low < high:
        raise ValueError(f"{values} does not end after it begins")
    return low, high


def _rhythms(values: Sequence[str]) -> frozenset[RhythmId]:
    return frozenset(map(RhythmId, values))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "accepted": _rhythms,
    "also": frozenset,
    "beside": frozenset,
    "between": tuple,
    "part": _interval,
    "rate": _interval,
    "records": frozenset,
    "rhythm": RhythmId,
    "rhythms": _rhythms,
    "rr_spread_s": _interval,
    "when": frozenset,
}

"""Leipzig Heart Center: children and adults with heart disease, in the laboratory.

Rhythms and beats are annotated as in the MIT-BIH databases, but what a beat was stands in the text
beside it: ``AVNRT`` at a beat of a code that only this database knows, ``N-Prex`` at a beat with
pre-excitation, ``/A`` and ``/V`` at paced ones. The file of rules gives each text a letter, so that
its rules can speak of beats by letters, like all others.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from rhythmtrainer import paths
from rhythmtrainer.model import RecordError, RecordRef, RhythmId, Span
from rhythmtrainer.records.index.recordings import Recording, read_recording, record_names
from rhythmtrainer.records.index.rules import BuildError, Interval, Rules
from rhythmtrainer.records.index.statements_finding import Skip, tell_nobody
from rhythmtrainer.records.index.stretches import find_spans
from rhythmtrainer.records.signals.wfdb_reader import read_annotations

_SUBJECTS: Final = ("children-subject-info.csv", "adults-subject-info.csv")
_OLDEST_YEARS: Final = 120.0

names_of = record_names


@dataclass(frozen=True, slots=True)
class Letters:
    """What this database's file of rules says beyond the rules.

    Attributes
    ----------
    beats
        A letter for each text beside a beat.
    adult_years
        From which age on adult classes of rate hold.
    for_adults
        The rhythms whose class of rate they are.
    """

    beats: Mapping[str, str]
    adult_years: float
    for_adults: frozenset[RhythmId]


def find(ref: RecordRef, records: Path, rules: Rules, skip: Skip = tell_nobody) -> list[Span]:
    """Return the spans of one recording below the folder `records`.

    A label ends with the patient's age.

    Raises
    ------
    BuildError
        If the rules or the tables of patients cannot be read.
    """
    letters = _read_letters(paths.dataset("rules") / f"{rules.database}.toml")
    years = read_ages(records / ref.database / ref.version).get(ref.record)
    try:
        recording = _lettered(read_recording(ref, records, rules), rules, letters)
    except RecordError as fault:
        skip(ref, str(fault))
        return []
    young = years is None or years < letters.adult_years
    spans: list[Span] = []
    taken: list[Interval] = []
    for rule in rules.rules:
        if not rule.concerns(ref) or (young and rule.rhythm in letters.for_adults):
            continue
        found = find_spans(recording, rule, rules, taken)
        spans += found
        taken += [(span.ref.start_s, span.ref.end_s) for span in found]
    if not spans:
        skip(ref, "no stretch fits a rule")
    return [_with_age(span, years) for span in spans]


def _lettered(recording: Recording, rules: Rules, letters: Letters) -> Recording:
    """Return the recording with the beats by the letters of the rules."""
    notes = read_annotations(recording.path, rules.annotations)
    codes = np.array(
        [
            letters.beats.get(note, symbol)
            for note, symbol in zip(notes.aux_notes, notes.symbols, strict=True)
        ],
        dtype=np.str_,
    )
    known = {*letters.beats.values(), *recording.symbols}
    is_beat = np.isin(codes, sorted(known))
    return replace(recording, beats=notes.samples[is_beat] / recording.fs, symbols=codes[is_beat])


def _with_age(span: Span, years: float | None) -> Span:
    if years is None:
        return span
    return replace(span, label=f"{span.label}; age {int(years)}")


@lru_cache(maxsize=2)
def _read_letters(path: Path) -> Letters:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Letters(
            beats=table["beats"],
            adult_years=float(table["adult_years"]),
            for_adults=frozenset(map(RhythmId, table["for_adults"])),
        )
    except (OSError, ValueError, KeyError) as fault:
        raise BuildError(f"{path.name} cannot be used: {fault}") from fault


def read_ages(folder: Path) -> Mapping[str, float]:
    """Return the ages in years, by record, of all whose age can be read.

    Raises
    ------
    BuildError
        If a table of patients is there and cannot be read.
    """
    ages: dict[str, float] = {}
    for name in _SUBJECTS:
        path = folder / name
        if not path.is_file():
            continue
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file, restval=""):
                    years = _years(row.get("age", ""))
                    if years is not None:
                        ages[row.get("file_name", "").strip()] = years
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BuildError(f"{name} cannot be read: {error}") from error
    return ages


def _years(cell: str) -> float | None:
    # One age is published as ".14.3".
    try:
        years = float(cell.strip().lstrip("."))
    except ValueError:
        return None
    return years if 0 <= years <= _OLDEST_YEARS else None

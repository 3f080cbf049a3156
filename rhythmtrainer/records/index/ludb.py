"""LUDB: the diagnoses of its doctors in the header, and waves that they marked in each lead."""

import re
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer import paths
from rhythmtrainer.model import RecordError, RecordRef, Span
from rhythmtrainer.records.index.rules import BuildError, Rules
from rhythmtrainer.records.index.statements import Stated, read_statements
from rhythmtrainer.records.index.statements_comments import read_comments
from rhythmtrainer.records.index.statements_finding import Skip, spans_of, tell_nobody
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_header

_FOLDER: Final = "data"
_FIELD: Final = re.compile(r"<(?P<name>\w+)>\s*:\s*(?P<value>.*)")
_R_PEAK: Final = "N"


def names_of(folder: Path, _rules: Rules) -> list[str]:
    """Return the records in the order of their numbers.

    Raises
    ------
    BuildError
        If there are none.
    """
    numbers = sorted(
        int(path.stem) for path in (folder / _FOLDER).glob("*.hea") if path.stem.isdecimal()
    )
    if not numbers:
        raise BuildError(f"{folder / _FOLDER} holds no recordings")
    return [f"{_FOLDER}/{number}" for number in numbers]


def find(ref: RecordRef, records: Path, rules: Rules, skip: Skip = tell_nobody) -> list[Span]:
    """Return the spans of one recording below the folder `records`.

    Raises
    ------
    BuildError
        If the rules cannot be read.
    """
    path = records / ref.path
    statements = read_statements(paths.dataset("rules"), rules.database)
    try:
        comments = read_comments(path)
    except RecordError as fault:
        skip(ref, str(fault))
        return []
    fields = {match["name"]: match["value"] for match in map(_FIELD.fullmatch, comments) if match}
    diagnoses = [comment for comment in comments if not _FIELD.fullmatch(comment)]
    terms, unknown = statements.understood(diagnoses)
    age = fields.get("age", "")
    stated = Stated(
        ref,
        path,
        terms,
        unknown,
        age_years=float(age) if age.isascii() and age.isdecimal() else None,
        patient=f"{ref.database}-{path.name}",
    )
    return spans_of(stated, rules, statements, skip, read_marked)


def read_marked(path: Path, lead: str) -> NDArray[np.float64] | None:
    """Read when R peaks were marked in a lead, in seconds; None where there are no marks of it.

    Raises
    ------
    RecordError
        If the marks are damaged.
    """
    ending = lead.casefold()
    if not path.with_name(f"{path.name}.{ending}").is_file():
        return None
    marks = read_annotations(path, ending)
    peaks = marks.samples[np.asarray(marks.symbols) == _R_PEAK]
    return np.asarray(peaks / read_header(path).fs)

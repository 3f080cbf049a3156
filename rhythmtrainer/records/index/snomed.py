"""Databases whose headers carry SNOMED CT codes: ``#Dx: 426177001,164934002``.

These are the Challenge of 2021 and the 45,152 recordings of Chapman University, Shaoxing and
Ningbo, of which the Challenge has a copy.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rhythmtrainer import paths
from rhythmtrainer.model import RecordError, RecordRef, Span
from rhythmtrainer.records.index import ptbxl
from rhythmtrainer.records.index.rules import BuildError, Rules
from rhythmtrainer.records.index.statements import Stated, read_statements
from rhythmtrainer.records.index.statements_comments import read_comments
from rhythmtrainer.records.index.statements_finding import Skip, spans_of, tell_nobody

# The Challenge names the ECG 9 of PTB-XL HR00009.
_OF_PTB_XL: Final = re.compile(r"HR(\d{5})")


def names_of(folder: Path, _rules: Rules) -> list[str]:
    """Return the names of all records in the folder and below.

    Raises
    ------
    BuildError
        If there are none.
    """
    names = sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.hea")
    )
    if not names:
        raise BuildError(f"{folder} holds no recordings")
    return names


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
        said = _fields(read_comments(path))
    except RecordError as fault:
        skip(ref, str(fault))
        return []
    codes = [code for code in re.split(r"[,\s]+", said.get("dx", "")) if code]
    terms, unknown = statements.understood(codes)
    stated = Stated(
        ref,
        path,
        terms,
        unknown,
        age_years=_age(said.get("age", "")),
        patient=_patient(ref, records),
    )
    return spans_of(stated, rules, statements, skip)


def _patient(ref: RecordRef, records: Path) -> str:
    name = ref.record.rpartition("/")[2]
    copied = _OF_PTB_XL.fullmatch(name)
    return ptbxl.patient_of(records, copied[1]) if copied else f"{ref.database}-{name}"


def _fields(comments: list[str]) -> Mapping[str, str]:
    split = (comment.partition(":") for comment in comments)
    return {name.strip().casefold(): value.strip() for name, _, value in split}


def _age(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text, re.ASCII) else None

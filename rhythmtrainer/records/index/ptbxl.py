"""PTB-XL: SCP statements in one table, a row for each recording.

A likelihood of 0 means that none was given, not that the statement is denied: what is listed was
stated.
"""

import ast
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from rhythmtrainer import paths
from rhythmtrainer.model import RecordRef, Span
from rhythmtrainer.records.index.rules import BuildError, Rules
from rhythmtrainer.records.index.statements import Stated, read_statements
from rhythmtrainer.records.index.statements_finding import Skip, spans_of, tell_nobody

TABLE = "ptbxl_database.csv"
DATABASE = "ptb-xl"
_COLUMNS = ("ecg_id", "patient_id", "age", "scp_codes", "filename_hr")
# Ages above 89 years are given as 300, so that nobody can be known by them.
_OLDEST_YEARS = 120.0
_LONGEST_CODES = 10_000  # characters; a list of statements has some hundred


@dataclass(frozen=True, slots=True)
class Row:
    """What the table says about one recording.

    Attributes
    ----------
    codes
        None where the cell cannot be read, or two rows of the recording differ.
    """

    patient: str
    age_years: float | None
    codes: tuple[str, ...] | None


def names_of(folder: Path, _rules: Rules) -> list[str]:
    """Return the records at 500 Hz whose files are there.

    Raises
    ------
    BuildError
        If the table or all recordings are missing.
    """
    rows = read_table(folder / TABLE)
    names = sorted(name for name in rows if (folder / f"{name}.hea").is_file())
    if not names:
        raise BuildError(f"{folder} holds none of the recordings in {TABLE}")
    return names


def find(ref: RecordRef, records: Path, rules: Rules, skip: Skip = tell_nobody) -> list[Span]:
    """Return the spans of one recording below the folder `records`.

    Raises
    ------
    BuildError
        If the table or the rules cannot be read.
    """
    row = read_table(records / ref.database / ref.version / TABLE).get(ref.record)
    if row is None or row.codes is None:
        skip(ref, f"{TABLE} has no row for it that can be read")
        return []
    statements = read_statements(paths.dataset("rules"), rules.database)
    terms, unknown = statements.understood(row.codes)
    stated = Stated(
        ref, records / ref.path, terms, unknown, age_years=row.age_years, patient=row.patient
    )
    return spans_of(stated, rules, statements, skip)


def patient_of(records: Path, ecg_id: str) -> str:
    """Return who stands behind an ECG of PTB-XL, also where another database has copied it.

    Parameters
    ----------
    records
        A folder of databases; where PTB-XL is not among them, each ECG is a person of its own.
    ecg_id
        Five digits, as in the names of the records.
    """
    # A thousand recordings share a folder.
    name = f"records500/{int(ecg_id) // 1000 * 1000:05d}/{ecg_id}_hr"
    for table in sorted((records / DATABASE).glob(f"*/{TABLE}"), reverse=True):
        row = read_table(table).get(name)
        if row is not None:
            return row.patient
    return _of_its_own(ecg_id)


def _of_its_own(ecg_id: str) -> str:
    return f"{DATABASE}-ecg-{ecg_id}"


def read_table(path: Path) -> Mapping[str, Row]:
    """Return the rows of the table by the name of their record at 500 Hz.

    Raises
    ------
    BuildError
        If it is missing, no such table, or not text.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise BuildError(f"{path} is missing: it says what was stated") from error
    return _read_table(path, changed)


@lru_cache(maxsize=2)
def _read_table(path: Path, _changed: int) -> Mapping[str, Row]:
    rows: dict[str, Row] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise BuildError(f"{path.name} has no column {', '.join(missing)}")
            for cells in reader:
                name, row = cells["filename_hr"].strip(), _row(cells)
                known = rows.setdefault(name, row)
                if known != row:
                    rows[name] = Row(known.patient, known.age_years, None)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BuildError(f"{path.name} cannot be read: {error}") from error
    return MappingProxyType(rows)


def _row(cells: Mapping[str, str]) -> Row:
    ecg_id = cells["filename_hr"].rpartition("/")[2].removesuffix("_hr")
    patient_id = _number(cells["patient_id"])
    age = _number(cells["age"])
    return Row(
        patient=(
            _of_its_own(ecg_id) if patient_id is None else f"{DATABASE}-patient-{round(patient_id)}"
        ),
        age_years=None if age is None or age > _OLDEST_YEARS else age,
        codes=_codes(cells["scp_codes"]),
    )


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _codes(cell: str) -> tuple[str, ...] | None:
    if len(cell) > _LONGEST_CODES:
        return None
    try:
        codes = ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return tuple(map(str, codes)) if isinstance(codes, dict) else None

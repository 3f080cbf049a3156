"""The shipped tables about recordings, checked at the door."""

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from rhythmtrainer.model import (
    ContentError,
    Database,
    Half,
    LeadName,
    RateSource,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
)

SPAN_COLUMNS: Final = (
    "database",
    "version",
    "record",
    "leads",
    "start_s",
    "duration_s",
    "rhythm",
    "accepted",
    "label",
    "rate_bpm",
    "rate_source",
    "patient",
    "quality",
    "half",
)
FILE_COLUMNS: Final = ("database", "version", "file", "bytes", "sha256", "described")
_DATABASE_KEYS: Final = tuple(field.name for field in fields(Database))
_INVENTORY_KEYS: Final = ("records", "tables", "megabytes")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a published file must be.

    Attributes
    ----------
    size
        Length in bytes.
    sha256
        SHA-256 in lower-case hexadecimal digits.
    described
        Of a header whose bytes no list of the database confirms, `description_of` it: what is
        published may differ in comments and in the ends of lines. Empty for every other file.
    """

    size: int
    sha256: str
    described: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What else is known of a published database.

    Attributes
    ----------
    records
        How many records its list names; None where that is not known.
    tables
        Files beside the records without which their labels cannot be read.
    megabytes
        About how much records and labels take, in millions of bytes; None where not known.
    """

    records: int | None = None
    tables: tuple[str, ...] = ()
    megabytes: int | None = None


class _Row:
    """One row of a table, which notes its faults instead of stopping at the first."""

    def __init__(self, place: str, cells: Mapping[str, str], faults: list[str]) -> None:
        self._place = place
        self._cells = {column: cell.strip() for column, cell in cells.items()}
        self._faults = faults

    def fault(self, what: str) -> None:
        self._faults.append(f"{self._place}: {what}")

    def given(self, column: str) -> bool:
        return bool(self._cells[column])

    def text(self, column: str) -> str:
        if not self.given(column):
            self.fault(f"{column} is empty")
        return self._cells[column]

    def number(self, column: str, *, zero: bool = True) -> float:
        try:
            number = float(self._cells[column])
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and (number > 0 or (zero and number == 0))):
            allowed = "a number from 0 on" if zero else "a number above 0"
            self.fault(f"{column} must be {allowed}, got {self._cells[column]!r}")
        return number

    def share(self, column: str) -> float:
        number = self.number(column)
        if number > 1:
            self.fault(f"{column} must be a number from 0 to 1, got {self._cells[column]!r}")
        return number

    def half(self, column: str) -> Half:
        value = self._cells[column]
        try:
            return Half(value)
        except ValueError:
            self.fault(f"{column} must be 'practice' or 'exam', got {value!r}")
            return Half.PRACTICE

    def whole_number(self, column: str) -> int:
        digits = self._cells[column]
        if digits.isascii() and digits.isdigit():
            return int(digits)
        self.fault(f"{column} must be a whole number, got {digits!r}")
        return 0

    def digest(self, column: str) -> str:
        if not _SHA256.fullmatch(self._cells[column]):
            self.fault(f"{column} must be 64 lower-case hexadecimal digits")
        return self._cells[column]

    def rhythm(self, column: str, value: str) -> RhythmId:
        try:
            return RhythmId(value)
        except ValueError:
            self.fault(f"{column} names no rhythm: {value!r}")
            return RhythmId.ARTIFACT

    def rhythms(self, column: str) -> frozenset[RhythmId]:
        return frozenset(self.rhythm(column, word) for word in self._cells[column].split())

    def leads(self, column: str) -> tuple[LeadName, ...]:
        names = tuple(map(LeadName, self.text(column).split()))
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                self.fault(f"{column} names {name} twice")
        return names

    def rate_source(self, column: str) -> RateSource:
        value = self._cells[column]
        try:
            return RateSource(value)
        except ValueError:
            allowed = ", ".join(repr(source.value) for source in RateSource)
            self.fault(f"{column} must be one of {allowed}, got {value!r}")
            return RateSource.NONE


def load_spans(path: Path) -> tuple[Span, ...]:
    """Read the catalogue: stretches of recordings in which one rhythm holds.

    Parameters
    ----------
    path
        A CSV file with the columns database, version, record, leads (names separated by
        spaces), start_s, duration_s, rhythm, accepted (rhythms separated by spaces), label,
        rate_bpm (may be empty), rate_source, patient, quality (0 to 1) and half.

    Raises
    ------
    ContentError
        If the file cannot be read or any row has a fault; the message lists all of them.
    """
    faults: list[str] = []
    spans = tuple(_span(row) for row in _rows(path, SPAN_COLUMNS, faults))
    _raise_if_any(faults)
    return spans


def load_files(path: Path) -> dict[str, FileFacts]:
    """Read the sizes and checksums of published files.

    Parameters
    ----------
    path
        A CSV file with the columns database, version, file, bytes, sha256 and described.

    Returns
    -------
    dict
        Facts by the file's path below the archive's root, such as ``mitdb/1.0.0/100.dat``.

    Raises
    ------
    ContentError
        If the file cannot be read or any row has a fault; the message lists all of them.
    """
    faults: list[str] = []
    found: dict[str, FileFacts] = {}
    for row in _rows(path, FILE_COLUMNS, faults):
        name = f"{row.text('database')}/{row.text('version')}/{row.text('file')}"
        if name in found:
            row.fault(f"{name} is listed twice")
        described = row.digest("described") if row.given("described") else ""
        found[name] = FileFacts(row.whole_number("bytes"), row.digest("sha256"), described)
    _raise_if_any(faults)
    return found


def load_databases(path: Path) -> dict[tuple[str, str], Database]:
    """Read what has to be said about each database.

    Parameters
    ----------
    path
        A TOML file with tables ``[[database]]`` of the keys id, version, title, citation,
        doi, licence and labels, all texts, and what `load_inventories` reads.

    Returns
    -------
    dict
        Databases by id and version.

    Raises
    ------
    ContentError
        If the file cannot be read or any table has a fault; the message lists all of them.
    """
    return {
        key: Database(**{name: table[name] for name in _DATABASE_KEYS})
        for key, table in _database_tables(path).items()
    }


def load_inventories(path: Path) -> dict[tuple[str, str], Inventory]:
    """Read how much each database holds.

    Parameters
    ----------
    path
        See `load_databases`; a table may have the keys records and megabytes, whole numbers, and
        tables, a list of names of files.

    Returns
    -------
    dict
        By the database's id and version.

    Raises
    ------
    ContentError
        If the file cannot be read or any table has a fault; the message lists all of them.
    """
    return {
        key: Inventory(table.get("records"), tuple(table.get("tables", ())), table.get("megabytes"))
        for key, table in _database_tables(path).items()
    }


def _database_tables(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    text = _text_of(path)
    try:
        tables = tomllib.loads(text).get("database", [])
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: not TOML: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ContentError(f"{path.name}: databases must be written as [[database]] tables")
    faults: list[str] = []
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for place, table in zip(_places(path.name, text, len(tables)), tables, strict=True):
        wrong = _faults_of_database(table)
        faults += [f"{place}: {fault}" for fault in wrong]
        if not wrong:
            key = (table["id"], table["version"])
            if key in found:
                faults.append(f"{place}: {table['id']} {table['version']} is described twice")
            found[key] = table
    _raise_if_any(faults)
    return found


def _span(row: _Row) -> Span:
    record = RecordRef(row.text("database"), row.text("version"), row.text("record"))
    ref = StripRef(
        record,
        row.leads("leads"),
        row.number("start_s"),
        row.number("duration_s", zero=False),
    )
    source = row.rate_source("rate_source")
    rate = row.number("rate_bpm", zero=False) if row.given("rate_bpm") else None
    if (rate is None) != (source is RateSource.NONE):
        row.fault("rate_bpm must be empty where rate_source is 'none', and only there")
    return Span(
        ref=ref,
        rhythm=row.rhythm("rhythm", row.text("rhythm")),
        accepted=row.rhythms("accepted"),
        label=row.text("label"),
        rate_bpm=rate,
        rate_source=source,
        patient=row.text("patient"),
        quality=row.share("quality"),
        half=row.half("half"),
    )


def spans_text(spans: Iterable[Span]) -> str:
    """Return the catalogue of some spans as text, as `load_spans` reads it."""
    return table_text(
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
                f"{span.quality:.2f}",
                span.half,
            )
            for span in spans
        ),
    )


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _rows(path: Path, columns: tuple[str, ...], faults: list[str]) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, []))
        if header != columns:
            faults.append(
                f"{path.name}, line 1: the columns must be {','.join(columns)}, got "
                f"{','.join(header)}"
            )
            return
        for cells in reader:
            place = f"{path.name}, line {reader.line_num}"
            if len(cells) == len(columns):
                yield _Row(place, dict(zip(columns, cells, strict=True)), faults)
            elif cells:
                faults.append(f"{place}: {len(columns)} cells are needed, got {len(cells)}")
    except csv.Error as error:
        faults.append(f"{path.name}, line {reader.line_num}: not CSV: {error}")


def _places(file: str, text: str, count: int) -> list[str]:
    """Say where each table of a TOML file stands, since the parser does not."""
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(r"\s*\[\[\s*database\s*\]\]", line)
    ]
    if len(lines) == count:
        return [f"{file}, line {line}" for line in lines]
    return [f"{file}, database {number}" for number in range(1, count + 1)]


def _faults_of_database(table: Mapping[str, object]) -> list[str]:
    known = (*_DATABASE_KEYS, *_INVENTORY_KEYS)
    faults = [f"unknown key {key!r}" for key in table if key not in known]
    for key in _DATABASE_KEYS:
        value = table.get(key)
        if value is None:
            faults.append(f"{key} is missing")
        elif not isinstance(value, str) or not value.strip():
            faults.append(f"{key} must be a text that is not empty, got {value!r}")
    for key in ("records", "megabytes"):
        count = table.get(key, 1)
        if type(count) is not int or count < 1:
            faults.append(f"{key} must be a whole number above 0, got {count!r}")
    tables = table.get("tables", [])
    if not isinstance(tables, list) or not all(isinstance(name, str) for name in tables):
        faults.append(f"tables must be a list of names, got {tables!r}")
    return faults


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ContentError(f"{path.name}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: not UTF-8 text at byte {error.start}") from error


def _raise_if_any(faults: list[str]) -> None:
    if faults:
        raise ContentError("\n".join(faults))

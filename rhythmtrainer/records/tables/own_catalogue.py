"""The catalogue as one user has it: the shipped tables, and databases of the user's own."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rhythmtrainer.model import ContentError, Database, Half, RecordError, Span, UnreachableError
from rhythmtrainer.records.tables.catalogue import (
    FILE_COLUMNS,
    FileFacts,
    Inventory,
    load_databases,
    load_files,
    load_inventories,
    load_spans,
    spans_text,
    table_text,
)
from rhythmtrainer.records.tables.listing import near_names

_SPANS: Final = ".csv"
_FILES: Final = ".files.csv"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is known of recordings before any is read.

    Attributes
    ----------
    databases, inventories
        By the database's id and version.
    files
        Published sizes and checksums by path below the archive's root.
    own
        Ids of the databases of which some spans are the user's own.
    faults
        A sentence for each table of the user's own that cannot be used and was left out.
    """

    databases: Mapping[tuple[str, str], Database]
    inventories: Mapping[tuple[str, str], Inventory]
    spans: tuple[Span, ...]
    files: Mapping[str, FileFacts]
    own: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()

    def database(self, name: str) -> Database:
        """Return the newest edition of the database with an id.

        Raises
        ------
        RecordError
            If no such database is known; says which are like it.
        """
        known = {database.id: database for database in self.databases.values()}
        wanted = name.strip().strip("/").casefold()
        if wanted not in known:
            raise RecordError(
                f"There is no database “{name}”.{near_names(wanted, list(known))} Known are"
                f" {', '.join(known)}."
            )
        return known[wanted]


def load_catalogue(shipped: Path, own: Path) -> Catalogue:
    """Read the shipped tables and the user's own.

    The user's own spans of a record stand in the place of the shipped ones, also where the
    record lies in another folder of its database. A patient is in one half only: the one of the
    shipped tables, or of the first of the user's own.

    Parameters
    ----------
    shipped
        The folder that holds ``catalogue.csv``, ``files.csv`` and ``databases.toml``.
    own
        The folder of the user's own tables; need not be there.

    Raises
    ------
    ContentError
        If a shipped table has a fault.
    """
    spans = load_spans(shipped / "catalogue.csv")
    files = load_files(shipped / "files.csv")
    halves = {span.patient: span.half for span in spans}
    found: dict[str, list[Span]] = {}
    faults: list[str] = []
    for database in own_databases(own):
        try:
            found[database], facts = _read_own(own, database)
        except ContentError as error:
            faults.append(_left_out(own, database, error))
            continue
        files = facts | files
        found[database] = list(_in_known_halves(found[database], halves))
    replaced = {_record(span) for own_spans in found.values() for span in own_spans}
    kept = [span for span in spans if _record(span) not in replaced]
    return Catalogue(
        databases=load_databases(shipped / "databases.toml"),
        inventories=load_inventories(shipped / "databases.toml"),
        spans=(*kept, *(span for own_spans in found.values() for span in own_spans)),
        files=files,
        own=frozenset(found),
        faults=tuple(faults),
    )


def own_databases(folder: Path) -> tuple[str, ...]:
    """Return the databases of which the user's own catalogue has tables, sorted."""
    names = (path.name for path in folder.glob(f"*{_SPANS}"))
    return tuple(sorted(name.removesuffix(_SPANS) for name in names if not name.endswith(_FILES)))


def keep_own(
    folder: Path, database: str, spans: Sequence[Span], files: Mapping[str, FileFacts]
) -> None:
    """Write the tables of one database into the user's own catalogue, in place of older ones.

    Raises
    ------
    UnreachableError
        If they cannot be written; the older ones stay.
    """
    rows = (
        (*path.split("/", 2), facts.size, facts.sha256, facts.described)
        for path, facts in files.items()
    )
    tables = {
        # Last, because the other one means nothing without it.
        f"{database}{_FILES}": table_text(FILE_COLUMNS, rows),
        f"{database}{_SPANS}": spans_text(spans),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in tables.items():
            _write(folder / name, text)
    except OSError as error:
        raise UnreachableError(
            f"The tables of {database} cannot be written to {folder}: {error.strerror or error}."
        ) from error


def _write(file: Path, text: str) -> None:
    """Write a file in one step: who reads it meanwhile finds the older one or the new one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def _read_own(folder: Path, database: str) -> tuple[list[Span], dict[str, FileFacts]]:
    spans = load_spans(folder / f"{database}{_SPANS}")
    files = load_files(folder / f"{database}{_FILES}")
    strange = {span.ref.record.database for span in spans} - {database}
    strange |= {path.split("/", 1)[0] for path in files} - {database}
    if strange:
        raise ContentError(f"it has rows of {', '.join(sorted(strange))}")
    return list(spans), files


def _record(span: Span) -> tuple[str, str]:
    record = span.ref.record
    return record.database, record.record.rpartition("/")[2]


def _in_known_halves(spans: Iterable[Span], halves: dict[str, Half]) -> Iterator[Span]:
    for span in spans:
        half = halves.setdefault(span.patient, span.half)
        yield span if half is span.half else replace(span, half=half)


def _left_out(folder: Path, database: str, error: ContentError) -> str:
    first = str(error).splitlines()[0]
    return (
        f"Your own catalogue of {database} in {folder} cannot be used and was left out: {first}."
        f" “rhythmtrainer records index {database}” makes it anew."
    )

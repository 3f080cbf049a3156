"""The commands about recordings: what they do, and what they print."""

import configparser
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from rhythmtrainer import paths
from rhythmtrainer.content import load_rhythms
from rhythmtrainer.model import Holding, Progress, RhythmCoverage, Span, UserError
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records.databases.holdings import Places, holdings_of
from rhythmtrainer.records.databases.stock import Stock
from rhythmtrainer.records.tables.coverage import coverage_of
from rhythmtrainer.records.tables.own_catalogue import Catalogue, load_catalogue
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Library, Tell

if TYPE_CHECKING:
    from rhythmtrainer.records.databases.indexing import Indexed
    from rhythmtrainer.records.index.rules import Rules

_MEGABYTE: Final = 1e6
_GIGABYTE: Final = 1e9
_NONE: Final = "-"
# Between lines of progress where no terminal could write over the one before.
_QUIET_SHARE: Final = 0.1
_SECTION: Final = "records"
# How Qt writes characters that have a meaning in its files.
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{1,4})|(.))")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the command line and the environment say; None leaves it to the settings."""

    records: Path | None
    data_dir: Path | None
    archive: str | None
    offline: bool
    environ: Mapping[str, str]

    def catalogue(self) -> Catalogue:
        """Read the catalogue, the user's own tables included."""
        own = paths.user_folders(self.data_dir).catalogue
        return load_catalogue(paths.dataset(), own)

    def places(self) -> Places:
        """Return where recordings are looked for, and where new ones go."""
        from rhythmtrainer.records.sources.local import local_folders

        folders = paths.user_folders(self.data_dir)
        setting = self._settings().get("folder", "")
        return Places(
            recordings=folders.recordings,
            folders=local_folders(self.records, Path(setting) if setting else None, self.environ),
            shipped=paths.dataset(),
            own=folders.catalogue,
        )

    def address(self) -> str | None:
        """Return the archive's address; None where the network is to be left alone."""
        settings = self._settings()
        address = self.archive or settings.get("archive") or DEFAULT_ARCHIVE
        offline = self.offline or settings.get("offline") == "true"
        on_this_computer = address.strip().casefold().startswith("file:")
        return None if offline and not on_this_computer else address

    def cached(self) -> Callable[[str], int]:
        """Return what tells how many bytes of a database's excerpts are kept."""
        from rhythmtrainer.records.sources.cache import ExcerptCache

        return ExcerptCache(paths.user_folders(self.data_dir).cache).size_of

    def library(self) -> Library:
        """Return what fetches, compares and adds databases."""
        from rhythmtrainer.records.databases.library import DatabaseLibrary

        return DatabaseLibrary(
            self.places(),
            self.catalogue(),
            self.address(),
            indexer=_index_database,
            cached=self.cached(),
        )

    def _settings(self) -> Mapping[str, str]:
        return saved_settings(paths.user_folders(self.data_dir).settings)


def coverage(around: Surroundings, *, as_json: bool) -> str:
    """Say how much there is of every rhythm."""
    catalogue = around.catalogue()
    rows = coverage_of(catalogue.spans)
    if as_json:
        return json.dumps({"rhythms": [_as_json(row) for row in rows]}, indent=2)
    names = load_rhythms(paths.asset("content", "rhythms.toml"))
    table: list[Sequence[str]] = [
        ("Rhythm", "Excerpts", "Minutes", "Patients", "In exam", "Databases")
    ]
    table += [(names[row.rhythm].name, *_cells(row)) for row in rows]
    real = [row for row in rows if row.excerpts]
    lines = [
        *_table(table, right=(1, 2, 3, 4)),
        "",
        f"{len(real)} of {len(rows)} rhythms have real recordings; where it says “only simulated”,"
        " there is none.",
        f"{sum(row.excerpts for row in real):,} excerpts of ten seconds that do not overlap,"
        f" {sum(row.minutes for row in real):,.0f} minutes, of"
        f" {len({span.patient for span in catalogue.spans}):,} patients.",
        *catalogue.faults,
    ]
    return "\n".join(lines)


def list_databases(around: Surroundings) -> str:
    """Say which databases are known, and what is here of each."""
    catalogue, places = around.catalogue(), around.places()
    stock = Stock(places.all_folders)
    found = holdings_of(catalogue, stock, places, around.cached(), Cancel())
    table: list[Sequence[str]] = [
        ("Database", "Version", "Records here", "Size", "Cached", "In the catalogue")
    ]
    table += [_holding_cells(holding) for holding in found]
    folders = ", ".join(map(str, places.all_folders))
    return "\n".join(
        [
            *_table(table, right=(2, 3, 4)),
            "",
            f"Records are looked for in {folders}.",
            *catalogue.faults,
        ]
    )


def list_records(around: Surroundings, name: str) -> str:
    """Say what has to be said about a database, and which records of it are here."""
    catalogue, places = around.catalogue(), around.places()
    database = catalogue.database(name)
    records = Stock(places.all_folders).records(database.id, database.version, Cancel())
    spans: dict[str, set[str]] = {}
    for span in catalogue.spans:
        if span.ref.record.database == database.id:
            spans.setdefault(span.ref.record.record, set()).add(span.rhythm)
    table = [("Record", "Size", "Rhythms in the catalogue")]
    table += [
        (record, _size(size), ", ".join(sorted(spans.get(record, ()))) or _NONE)
        for record, size in sorted(records.items())
    ]
    return "\n".join(
        [
            f"{database.title} {database.version}",
            database.citation,
            f"DOI {database.doi}. {database.licence}.",
            database.labels,
            "",
            *(_table(table, right=(1,)) if records else ["No records of it are here."]),
        ]
    )


def fetch(around: Surroundings, database: str, records: Sequence[str], out: TextIO) -> str:
    """Copy records, or a whole database, to this computer."""
    with ProgressLine(out) as tell:
        return around.library().fetch(database, records, tell, Cancel())


def index(around: Surroundings, database: str, out: TextIO) -> str:
    """Add what is here of a database to the user's own catalogue."""
    with ProgressLine(out) as tell:
        return around.library().index(database, tell, Cancel())


def verify(around: Surroundings, database: str | None, out: TextIO) -> Iterator[tuple[str, bool]]:
    """Compare the files that are here with what was published.

    Yields
    ------
    tuple[str, bool]
        A sentence for each database, and whether nothing is wrong with it.
    """
    library = around.library()
    names = [database] if database else _here(library)
    if not names:
        yield "No records are here.", True
    for name in names:
        try:
            with ProgressLine(out) as tell:
                said = library.verify(name, tell, Cancel())
        except UserError as error:
            yield str(error), False
        else:
            yield said, True


def _here(library: Library) -> list[str]:
    return [holding.database.id for holding in library.holdings(Cancel()) if holding.records]


def saved_settings(file: Path) -> dict[str, str]:
    """Return what the settings say about recordings, without Qt, which wrote them.

    What cannot be read is left out.
    """
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=(";",))
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError):
        return {}
    if not parser.has_section(_SECTION):
        return {}
    return {key: _unescaped(value) for key, value in parser.items(_SECTION)}


def _unescaped(value: str) -> str:
    value = value.removeprefix('"').removesuffix('"')
    return _ESCAPE.sub(lambda part: chr(int(part[1], 16)) if part[1] else part[2], value)


class ProgressLine:
    """Shows progress: on a terminal one line that changes, elsewhere a line now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._width = shutil.get_terminal_size().columns - 1 if out.isatty() else 0
        self._shown = False
        self._next_share = 0.0

    def __enter__(self) -> Tell:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._out.write(f"\r{'':{self._width}}\r")
            self._out.flush()

    def _tell(self, progress: Progress) -> None:
        share = "" if progress.share is None else f"{progress.share:4.0%}  "
        said = f"{share}{progress.said}"
        if self._width:
            self._out.write(f"\r{said[: self._width]:{self._width}}")
            self._shown = True
        elif progress.share is not None and progress.share >= self._next_share:
            self._next_share = progress.share + _QUIET_SHARE
            self._out.write(f"{said}\n")
        self._out.flush()


def _index_database(
    rules: "Rules", records: Path, known: Sequence[Span], tell: Tell, cancel: Cancel
) -> "Indexed":
    from rhythmtrainer.records.databases.indexing import index_database

    return index_database(rules, records, known, tell, cancel)


def _as_json(row: RhythmCoverage) -> dict[str, Any]:
    return {
        "rhythm": row.rhythm.value,
        "excerpts": row.excerpts,
        "minutes": round(row.minutes, 2),
        "patients": row.patients,
        "databases": list(row.databases),
        "exam_patients": row.exam_patients,
        "simulated_only": not row.excerpts,
    }


def _cells(row: RhythmCoverage) -> tuple[str, ...]:
    if not row.excerpts:
        return (_NONE, _NONE, _NONE, _NONE, "only simulated")
    return (
        f"{row.excerpts:,}",
        f"{row.minutes:,.1f}",
        f"{row.patients:,}",
        f"{row.exam_patients:,}",
        ", ".join(row.databases),
    )


def _holding_cells(holding: Holding) -> tuple[str, ...]:
    of = f" of {holding.published:,}" if holding.published else ""
    spans = _NONE
    if holding.spans:
        yours = ", your own" if holding.own else ""
        spans = f"{holding.spans:,} stretches, {holding.rhythms} rhythms{yours}"
    elif holding.can_index:
        spans = "can be added"
    return (
        holding.database.id,
        holding.database.version,
        f"{holding.records:,}{of}",
        _size(holding.size),
        _size(holding.cached),
        spans,
    )


def _size(count: int) -> str:
    if not count:
        return _NONE
    if count < _GIGABYTE:
        return f"{count / _MEGABYTE:.1f} MB"
    return f"{count / _GIGABYTE:.1f} GB"


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:{'>' if number in right else '<'}{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]

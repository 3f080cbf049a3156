"""Filling this computer's copy of a database from an archive."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Database, Progress, RecordError
from rhythmtrainer.records.archive.faults import MissingFileError
from rhythmtrainer.records.databases.download import LARGEST, Download
from rhythmtrainer.records.signals.header import parse_header
from rhythmtrainer.records.tables.catalogue import FileFacts, Inventory
from rhythmtrainer.records.tables.listing import (
    ANNOTATORS,
    CHECKSUMS,
    HEADER,
    LARGEST_LIST,
    RECORDS,
    Listing,
    read_annotators,
    read_checksums,
    read_records,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

_LARGEST_HEADER: Final = 1 << 20
_MOST_FOLDERS: Final = 2_000
# An archive that is wrong so often, and more often than right, is not asked for the rest.
_MOST_FAULTS: Final = 20
_MEGABYTE: Final = 1e6
# What databases call their reference annotations, where nobody says which they have.
_USUAL_ANNOTATOR: Final = "atr"


@dataclass(slots=True)
class Copied:
    """What a copy has brought so far.

    Attributes
    ----------
    files
        Paths of what is here now.
    size
        Bytes that came from the archive.
    unchecked
        Paths of files for which nothing is published that they could be compared with.
    faults
        A sentence for each record that could not be copied.
    notes
        A sentence for whatever else is not as it should be.
    """

    records: int = 0
    files: set[str] = field(default_factory=set)
    size: int = 0
    unchecked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class DatabaseCopy:
    """Copies records of one database, with what is published about them.

    Parameters
    ----------
    download
        Writes into a folder that is laid out as the archive is.
    facts
        Sizes and checksums that are known without the archive, by path below its root.
    """

    def __init__(
        self,
        database: Database,
        inventory: Inventory,
        download: Download,
        *,
        facts: Mapping[str, FileFacts],
        tell: Tell,
        cancel: Cancel,
    ) -> None:
        self._root = f"{database.id}/{database.version}"
        self._database = database
        self._inventory = inventory
        self._download = download
        self._facts = facts
        self._tell = tell
        self._cancel = cancel
        self._checksums: Mapping[str, str] = {}
        self._copied = Copied()
        self._wanted = 0
        self._at = ""
        self._within = 0.0

    def fetch(self, names: Sequence[str]) -> Copied:
        """Copy the records that `names` mean, or all.

        Raises
        ------
        RecordError
            If there is no such record, or what is published contradicts itself.
        UnreachableError
            If the archive fails or the files cannot be written.
        CancelledError
            If `cancel` was thrown.
        """
        listing = self._listing()
        records = listing.resolve(names) if names else listing.records
        if not records:
            raise RecordError(f"The archive does not say which records {self._database.id} has.")
        for path in dict.fromkeys((*listing.papers, *self._inventory.tables)):
            self._begin(path)
            self._paper(path)
        self._wanted = len(records)
        for record in records:
            self._begin(record)
            try:
                self._record(record, listing)
                self._copied.records += 1
            except RecordError as error:
                self._copied.faults.append(str(error))
                if len(self._copied.faults) >= max(_MOST_FAULTS, self._copied.records):
                    break
        return self._copied

    def _listing(self) -> Listing:
        self._begin(CHECKSUMS)
        self._checksums = read_checksums(self._list(CHECKSUMS))
        listed = read_records(self._list(RECORDS))
        closed = bool(listed or self._checksums)
        if not closed:
            self._copied.notes.append(
                "The archive has no list of records: only those of the catalogue are known by their"
                " names, others by their whole paths."
            )
        records = self._without_folders(listed) or _headers_in(self._checksums or self._known())
        return Listing(
            database=self._database.id,
            version=self._database.version,
            records=tuple(dict.fromkeys(records)),
            checksums=self._checksums,
            annotators=read_annotators(self._list(ANNOTATORS))
            or (() if self._checksums else (_USUAL_ANNOTATOR,)),
            closed=closed,
        )

    def _without_folders(self, listed: Sequence[str]) -> list[str]:
        """Return the records of a list, with those inside the folders that it names."""
        inside: dict[str, list[str]] = defaultdict(list)
        for record in _headers_in(self._checksums):
            inside[record.rpartition("/")[0] + "/"].append(record)
        records: list[str] = []
        waiting = list(reversed(listed))
        folders = 0
        while waiting:
            entry = waiting.pop()
            if not entry.endswith("/"):
                records.append(entry)
                continue
            folders += 1
            if folders > _MOST_FOLDERS:
                raise RecordError(f"The list of records of {self._database.id} has no end.")
            # The list of checksums tells as well what the folder's own list would.
            found = inside[entry] or read_records(self._list(entry + RECORDS), entry)
            waiting += reversed(found)
        return records

    def _known(self) -> list[str]:
        start = f"{self._root}/"
        return [path.removeprefix(start) for path in self._facts if path.startswith(start)]

    def _record(self, record: str, listing: Listing) -> None:
        header = self._file(f"{record}{HEADER}", largest=_LARGEST_HEADER)
        for path in _signals(header, record) or listing.files(record):
            # Some records are published without their signals.
            if not self._checksums or path in self._checksums:
                self._file(path)
        for path in listing.annotations(record):
            with suppress(MissingFileError):
                self._file(path)

    def _list(self, name: str) -> str:
        """Return the text of a list about the database; empty where the archive has none."""
        file = self._paper(name)
        return file.read_text(encoding="utf-8", errors="replace") if file else ""

    def _paper(self, path: str) -> Path | None:
        """Copy a file without which the records serve all the same, and return where it is."""
        if self._checksums and path not in self._checksums:
            return None
        try:
            return self._file(path, largest=LARGEST_LIST)
        except MissingFileError:
            return None
        except RecordError as error:
            if str(error) not in self._copied.notes:
                self._copied.notes.append(str(error))
            return None

    def _file(self, path: str, *, largest: int = LARGEST) -> Path:
        full = f"{self._root}/{path}"
        facts = self._facts.get(full)
        if facts and facts.described:
            # No list confirmed these bytes.
            facts = None
        digest = self._checksums.get(path) or (facts.sha256 if facts else None)
        if facts and digest != facts.sha256:
            raise RecordError(
                f"The archive lists another checksum of {full} than the catalogue: one of them is"
                " not of the published file."
            )
        limit = facts.size if facts else largest
        file = self._download.file(full, digest, self._arrived, self._cancel, largest=limit)
        self._copied.files.add(path)
        if digest is None and path != CHECKSUMS:
            self._copied.unchecked.add(path)
        return file

    def _arrived(self, count: int, share: float | None) -> None:
        self._copied.size += count
        # Small files come in one piece, and would only make the share jump.
        if share is not None and share < 1:
            self._within = share
        self._tell_progress()

    def _begin(self, what: str) -> None:
        self._cancel.check()
        self._at = what
        self._within = 0.0
        self._tell_progress()

    def _tell_progress(self) -> None:
        done = self._copied.records + len(self._copied.faults)
        said = f"{self._database.id} {self._at}"
        if not self._wanted:
            self._tell(Progress(said))
            return
        came = f"{self._copied.size / _MEGABYTE:.1f} MB"
        of = f"record {done + 1:,} of {self._wanted:,}"
        self._tell(Progress(f"{said}: {of}, {came}", (done + self._within) / self._wanted))


def _headers_in(paths: Iterable[str]) -> list[str]:
    """Return the records whose headers are among some files."""
    return [path.removesuffix(HEADER) for path in paths if path.endswith(HEADER)]


def _signals(header: Path, record: str) -> list[str]:
    """Return the signal files that a header names; none where it is not understood."""
    try:
        signals = parse_header(header.read_bytes(), header.name).signals
    except RecordError:
        return []
    return list(dict.fromkeys(_beside(record, signal.file) for signal in signals))


def _beside(record: str, file: str) -> str:
    folder = record.rpartition("/")[0]
    return f"{folder}/{file}" if folder else file

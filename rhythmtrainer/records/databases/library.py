"""The databases of recordings: what is here, and getting more."""

import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from rhythmtrainer.model import (
    Database,
    Holding,
    Progress,
    RecordError,
    RhythmCoverage,
    Span,
    UnreachableError,
)
from rhythmtrainer.records.archive.address import open_archive
from rhythmtrainer.records.databases.alone import alone
from rhythmtrainer.records.databases.copying import Copied, DatabaseCopy
from rhythmtrainer.records.databases.download import Download
from rhythmtrainer.records.databases.holdings import Places, holdings_of
from rhythmtrainer.records.databases.inspection import Inspection, inspect
from rhythmtrainer.records.databases.stock import Stock
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.records.tables.coverage import coverage_of
from rhythmtrainer.records.tables.listing import (
    ANNOTATORS,
    CHECKSUMS,
    LARGEST_LIST,
    Listing,
    read_annotators,
    read_checksums,
)
from rhythmtrainer.records.tables.own_catalogue import Catalogue, keep_own, load_catalogue
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

FETCH: Final = "rhythmtrainer records fetch"
_LIST_S: Final = 300.0
_TOLD_FAULTS: Final = 3
_TOLD_CHARACTERS: Final = 120
_MEGABYTE: Final = 1e6


class Indexed(Protocol):
    """What was found in the records of a database; see `databases.indexing`."""

    @property
    def spans(self) -> Sequence[Span]:
        """In the order of the catalogue."""
        ...

    @property
    def files(self) -> Mapping[str, FileFacts]:
        """Facts of the files that the spans are read from."""
        ...

    @property
    def left_out(self) -> Sequence[str]:
        """A phrase for each record that gives none."""
        ...


Indexer: TypeAlias = Callable[[Rules, Path, Sequence[Span], Tell, Cancel], Indexed]
"""`index_database`, or what loads it when it is asked for: reading signals takes long to load."""


class DatabaseLibrary:
    """What `Library` asks for, from folders on this computer and one archive.

    Fetching, comparing and adding go on one at a time; several processes may work on the same
    folders.

    Parameters
    ----------
    catalogue
        What `load_catalogue` read from `places`.
    address
        The archive's; None leaves the network alone.
    indexer
        Finds the spans in the records of a database.
    cached
        Returns how many bytes of a database's excerpts are kept, by its id.
    """

    def __init__(
        self,
        places: Places,
        catalogue: Catalogue,
        address: str | None,
        *,
        indexer: Indexer,
        cached: Callable[[str], int],
    ) -> None:
        self._places = places
        self._catalogue = catalogue
        self._address = address
        self._indexer = indexer
        self._cached = cached
        self._stock = Stock(places.all_folders)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it is now; another one after a database was added to it."""
        return self._catalogue

    def holdings(self, cancel: Cancel) -> Sequence[Holding]:
        """Return what there is of every known database; see `Library.holdings`."""
        return holdings_of(self._catalogue, self._stock, self._places, self._cached, cancel)

    def coverage(self) -> Sequence[RhythmCoverage]:
        """Return what the catalogue holds of every rhythm; see `Library.coverage`."""
        return coverage_of(self._catalogue.spans)

    def fetch(self, database: str, records: Sequence[str], tell: Tell, cancel: Cancel) -> str:
        """Copy records to this computer; see `Library.fetch`."""
        known = self._catalogue.database(database)
        if self._address is None:
            raise UnreachableError(
                f"{known.id} cannot be fetched while the network is to be left alone."
            )
        folder = self._places.recordings
        waiting = Progress(f"waiting for another program that fetches {known.id}")
        lock = folder / f".{known.id}-{known.version}.lock"
        with closing(open_archive(self._address)) as archive:
            try:
                with alone(lock, lambda: tell(waiting), cancel):
                    copied = DatabaseCopy(
                        known,
                        self._catalogue.inventories[known.id, known.version],
                        Download(archive, folder),
                        facts=self._catalogue.files,
                        tell=tell,
                        cancel=cancel,
                    ).fetch(records)
            except UnreachableError as error:
                raise UnreachableError(
                    f"{error} What was fetched stays, and the next try goes on from there."
                ) from error
        return _said_of_copy(known, copied)

    def verify(self, database: str, tell: Tell, cancel: Cancel) -> str:
        """Compare the files that are here with what was published; see `Library.verify`."""
        known = self._catalogue.database(database)
        places = self._stock.places(known.id, known.version)
        if not places:
            raise self._none_here(known)
        found = {place: self._inspected(known, place, tell, cancel) for place in places}
        faults = [f"in {place}, {one.faults}" for place, one in found.items() if one.faults]
        if faults:
            ours = any(one.faults and self._is_ours(place) for place, one in found.items())
            advice = f" “{FETCH} {known.id}” brings them as published." if ours else ""
            raise RecordError(f"{known.id}: {'; '.join(faults)}.{advice}")
        return _said_of_inspections(known, list(found.values()))

    def index(self, database: str, tell: Tell, cancel: Cancel) -> str:
        """Add what is here of a database to the user's own catalogue; see `Library.index`."""
        known = self._catalogue.database(database)
        if known.id not in self._places.indexable:
            understood = {one.id for one in self._catalogue.databases.values()}
            raise RecordError(
                f"{known.id} cannot be added: its labels are not understood. Understood are those"
                f" of {', '.join(sorted(understood & self._places.indexable))}."
            )
        root, rules = self._root_of(known, cancel), read_rules(self._places.rules, known.id)
        found = self._indexer(rules, root, self._catalogue.spans, tell, cancel)
        if not found.spans:
            raise RecordError(
                f"No stretch of the records of {known.id} in {root} shows one rhythm that can be"
                f" asked about.{_said_of_left_out(found)}"
            )
        keep_own(self._places.own, known.id, found.spans, found.files)
        self._catalogue = load_catalogue(self._places.shipped, self._places.own)
        rhythms = len({span.rhythm for span in found.spans})
        patients = len({span.patient for span in found.spans})
        return (
            f"{known.id}: {_count(len(found.spans), 'stretch', 'stretches')} with"
            f" {_count(rhythms, 'rhythm')} of {_count(patients, 'patient')} are in your catalogue."
            f"{_said_of_left_out(found)}"
        )

    def _inspected(self, known: Database, place: Path, tell: Tell, cancel: Cancel) -> Inspection:
        root = f"{known.id}/{known.version}/"
        facts = {
            path.removeprefix(root): one
            for path, one in self._catalogue.files.items()
            if path.startswith(root)
        }
        checksums = read_checksums(_text_of(place / CHECKSUMS))
        listing = Listing(
            database=known.id,
            version=known.version,
            records=(),
            checksums=checksums or self._published(known, facts, cancel),
            annotators=read_annotators(_text_of(place / ANNOTATORS)),
        )
        return inspect(place, listing, facts, tell, cancel)

    def _published(
        self, known: Database, facts: Mapping[str, FileFacts], cancel: Cancel
    ) -> dict[str, str]:
        """Return the archive's list of checksums; nothing where other facts have to do."""
        if self._address is None:
            if facts:
                return {}
            raise UnreachableError(
                f"Nothing on this computer says what was published of {known.id}, and the network"
                " is to be left alone."
            )
        try:
            path = f"{known.id}/{known.version}/{CHECKSUMS}"
            with closing(open_archive(self._address)) as archive:
                content = archive.whole(path, LARGEST_LIST, cancel, time.monotonic() + _LIST_S)
        except (RecordError, UnreachableError):
            if facts:
                return {}
            raise
        return read_checksums(content.decode("utf-8", errors="replace"))

    def _root_of(self, known: Database, cancel: Cancel) -> Path:
        """Return the folder, laid out as an archive, that holds most records of a database."""
        counts = {
            place.parent.parent: len(self._stock.below(place, cancel))
            for place in self._stock.places(known.id, known.version)
            if (place.parent.name, place.name) == (known.id, known.version)
        }
        if not any(counts.values()):
            raise self._none_here(known)
        return max(counts, key=lambda root: counts[root])

    def _none_here(self, known: Database) -> RecordError:
        folders = ", ".join(map(str, self._places.all_folders))
        return RecordError(
            f"No records of {known.id} {known.version} are on this computer (looked in {folders}"
            f" for {known.id}/{known.version}). “{FETCH} {known.id}” brings them."
        )

    def _is_ours(self, place: Path) -> bool:
        return place.is_relative_to(self._places.recordings)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _said_of_copy(known: Database, copied: Copied) -> str:
    fetched = (
        f"{copied.size / _MEGABYTE:.1f} MB were fetched" if copied.size else "none was fetched"
    )
    files = _count(len(copied.files), "file")
    said = [
        f"{known.id}: {_count(copied.records, 'record')} with {files} are on this computer, of"
        f" which {fetched} now.{_not_compared(len(copied.unchecked))}",
        *copied.notes,
    ]
    if copied.faults:
        told = " ".join(copied.faults[:_TOLD_FAULTS])
        more = " …" if len(copied.faults) > _TOLD_FAULTS else ""
        failed = _count(len(copied.faults), "record")
        raise RecordError(" ".join([f"{failed} could not be fetched: {told}{more}", *said]))
    return " ".join(said)


def _said_of_inspections(known: Database, found: Sequence[Inspection]) -> str:
    sound = sum(one.sound for one in found)
    unknown = sum(one.unknown for one in found)
    return f"{known.id}: {_count(sound, 'file')} as published.{_not_compared(unknown)}"


def _said_of_left_out(found: Indexed) -> str:
    if not found.left_out:
        return ""
    first = textwrap.shorten(found.left_out[0], _TOLD_CHARACTERS, placeholder=" …")
    return f" {_count(len(found.left_out), 'record')} gave none; the first is {first}"


def _not_compared(count: int) -> str:
    return (
        f" Nothing is published that {_count(count, 'file')} could be compared with."
        if count
        else ""
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"

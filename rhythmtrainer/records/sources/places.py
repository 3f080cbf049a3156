"""Where the records of an archive lie, if not where their names say.

PhysioNet keeps the records of some databases in folders that their names leave out: the record
``training/georgia/E00271`` lies in ``training/georgia/g1``. There a file ``RECORDS`` names the
folders, each with a slash at its end, and a ``RECORDS`` in each of them names what lies in it.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from rhythmtrainer.model import RecordError, RecordRef
from rhythmtrainer.records.archive.address import Archive
from rhythmtrainer.records.archive.faults import MissingFileError
from rhythmtrainer.records.signals.header import checked_path
from rhythmtrainer.records.sources.cache import ExcerptCache
from rhythmtrainer.records.tables.listing import RECORDS, read_records
from rhythmtrainer.training.cancel import Cancel

_T = TypeVar("_T")
# The longest list of one folder on PhysioNet has some ten thousand names.
_LONGEST_LISTING: Final = 1 << 18
# Enough for every folder of the largest database there is, and an end to any other.
_MOST_LISTINGS: Final = 64
_DIGITS: Final = re.compile(r"(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a file ``RECORDS`` names; folders stand without their slash."""

    folders: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class Places:
    """Finds records in the folders of an archive, and remembers where they were.

    Parameters
    ----------
    archive
        What is searched.
    cache
        Keeps the lists of folders and records.
    """

    def __init__(self, archive: Archive, cache: ExcerptCache) -> None:
        self._archive = archive
        self._cache = cache
        self._listings: dict[str, _Listing] = {}
        self._found: dict[RecordRef, str] = {}
        self._nowhere: set[RecordRef] = set()
        # Databases whose records lie where their names say, at least here.
        self._as_named: set[str] = set()

    def try_in_each(
        self, record: RecordRef, read: Callable[[str], _T], cancel: Cancel, deadline: float
    ) -> _T:
        """Return what `read` returns for the first folder in which it finds what it reads.

        Parameters
        ----------
        read
            Gets a folder below the archive's root; raises `MissingFileError` where the record
            does not lie in it.

        Raises
        ------
        MissingFileError
            If the record is in no folder: what was said of the one that its name says.
        RecordError, UnreachableError, CancelledError
            As `read` and the archive do.
        """
        missing: dict[str, MissingFileError] = {}
        named = checked_path(record).rpartition("/")[0]
        for folder in self._folders(record, named, cancel, deadline):
            try:
                content = read(folder)
            except MissingFileError as error:
                missing[folder] = error
            else:
                self._remember(record, folder, named)
                return content
        raise missing[named]

    def _remember(self, record: RecordRef, folder: str, named: str) -> None:
        self._found[record] = folder
        if folder == named:
            self._as_named.add(_root(record))

    def _folders(
        self, record: RecordRef, named: str, cancel: Cancel, deadline: float
    ) -> Iterator[str]:
        """Yield the folders in which a record may lie, the likeliest first, none twice."""
        likely = self._found.get(record)
        if likely is None and self._may_lie_deeper(record, named):
            likely = self._search(record, named, cancel, deadline)
        if likely is not None and likely != named:
            yield likely
        yield named
        found = self._search(record, named, cancel, deadline)
        if found is not None and found not in (likely, named):
            yield found

    def _may_lie_deeper(self, record: RecordRef, named: str) -> bool:
        """Return whether it is known already that there are folders below the one named."""
        root = _root(record)
        if root in self._as_named:
            return False
        listing = self._known_listing(root)
        return listing is not None and any(
            f"{root}/{folder}".startswith(f"{named}/") for folder in listing.folders
        )

    def _search(self, record: RecordRef, named: str, cancel: Cancel, deadline: float) -> str | None:
        if record in self._nowhere:
            return None
        search = _Search(
            name=record.path.rpartition("/")[2],
            below=named,
            listing_of=lambda folder: self._listing(folder, cancel, deadline),
        )
        found = search.within(_root(record))
        if found is None:
            self._nowhere.add(record)
        return found

    def _listing(self, folder: str, cancel: Cancel, deadline: float) -> _Listing:
        known = self._known_listing(folder)
        if known is not None:
            return known
        try:
            content = self._archive.whole(f"{folder}/{RECORDS}", _LONGEST_LISTING, cancel, deadline)
        except RecordError:
            # None there, or not one that helps: it is not asked for again before the next start.
            self._listings[folder] = _Listing()
        else:
            self._cache.keep_listing(folder, content)
            self._listings[folder] = _parsed(content)
        return self._listings[folder]

    def _known_listing(self, folder: str) -> _Listing | None:
        if folder not in self._listings:
            content = self._cache.listing(folder)
            if content is None:
                return None
            self._listings[folder] = _parsed(content)
        return self._listings[folder]


class _Search:
    """One search for a record in the lists of an archive, with an end.

    Parameters
    ----------
    name
        The record's name without folders.
    below
        The folder in which, or somewhere below which, it lies.
    """

    def __init__(self, name: str, below: str, listing_of: Callable[[str], _Listing]) -> None:
        self._name = name
        self._below = below
        self._listing_of = listing_of
        self._left = _MOST_LISTINGS

    def within(self, folder: str) -> str | None:
        """Return the folder of the record at or below `folder`, or None."""
        if not self._left:
            return None
        self._left -= 1
        listing = self._listing_of(folder)
        for entry in listing.records:
            inside, _, name = f"{folder}/{entry}".rpartition("/")
            if name == self._name and _is_at_or_below(inside, self._below):
                return inside
        deeper = [f"{folder}/{name}" for name in listing.folders]
        on_the_way = [
            folder
            for folder in deeper
            if _is_at_or_below(folder, self._below) or _is_at_or_below(self._below, folder)
        ]
        return self._within_one_of(sorted(on_the_way, key=_by_number))

    def _within_one_of(self, folders: Sequence[str]) -> str | None:
        """Search folders that mostly hold names in order, so that few lists need be read."""
        if not folders:
            return None
        middle = len(folders) // 2
        found = self.within(folders[middle])
        if found is not None or not self._left:
            return found
        names = self._listing_of(folders[middle]).records
        halves = [folders[:middle], folders[middle + 1 :]]
        if names and self._name > names[-1]:
            halves.reverse()
        return self._within_one_of(halves[0]) or self._within_one_of(halves[1])


def _parsed(content: bytes) -> _Listing:
    names = read_records(content.removeprefix(codecs.BOM_UTF8).decode("ascii", errors="replace"))
    return _Listing(
        folders=tuple(name.rstrip("/") for name in names if name.endswith("/")),
        records=tuple(name for name in names if not name.endswith("/")),
    )


def _root(record: RecordRef) -> str:
    return f"{record.database}/{record.version}"


def _is_at_or_below(folder: str, other: str) -> bool:
    return f"{folder}/".startswith(f"{other}/")


def _by_number(folder: str) -> list[tuple[int, str]]:
    """Sort ``g10`` behind ``g9``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(folder)]

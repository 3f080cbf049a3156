"""Excerpts of recordings that were read over the network and can be read again."""

import logging
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from rhythmtrainer.model import (
    Database,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.excerpt import (
    Excerpt,
    check_excerpt,
    open_excerpt,
    read_excerpt,
    write_excerpt,
)
from rhythmtrainer.records.header import Header, checked_path
from rhythmtrainer.records.layout import Cut, frames_between
from rhythmtrainer.records.provenance import provenance_of
from rhythmtrainer.training.cancel import Cancel

_log = logging.getLogger(__name__)
_STRETCH: Final = re.compile(r"(\d+)-(\d+)", re.ASCII)
_NEW: Final = ".new-"
# Nothing takes so long to write: what is older was left behind by a process that was killed.
_LEFT_BEHIND_S: Final = 3600.0


class ExcerptCache:
    """A folder of excerpts, each a small WFDB record of its own.

    Below it every record has a folder, laid out as PhysioNet lays out the records, with the
    record's header as it was published and a folder for each excerpt, named by its first sample
    and the one behind its last. The whole may be deleted at any time; several processes may use
    it at once. Where it cannot be written nothing is kept, and nobody is told.

    Parameters
    ----------
    folder
        Made when it is first written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def header(self, record: RecordRef) -> bytes | None:
        """Return the record's header as it was published, or None if it is not kept."""
        try:
            return self._header_file(record).read_bytes()
        except OSError:
            return None

    def keep_header(self, record: RecordRef, content: bytes) -> None:
        """Keep the record's header as it was published."""
        try:
            folder = self._record_folder(record)
            folder.mkdir(parents=True, exist_ok=True)
            with _new_folder(folder) as new:
                fresh = new / "header"
                fresh.write_bytes(content)
                fresh.replace(self._header_file(record))
        except OSError as error:
            _log.info("the header of %s is not kept: %s", record.path, error)

    def keep(
        self, record: RecordRef, header: Header, where: Cut, pieces: Mapping[str, bytes]
    ) -> Excerpt | None:
        """Keep a stretch of a recording; see `write_excerpt`.

        Returns
        -------
        Excerpt or None
            The excerpt as it is kept; None where the cache cannot be written.

        Raises
        ------
        RecordError
            If the bytes are not what the header describes.
        """
        place = self._record_folder(record) / f"{where.first:010}-{where.end:010}"
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with _new_folder(place.parent) as new:
                excerpt = write_excerpt(new, header.name, header, where, pieces)
                self._move(new, place)
            return open_excerpt(place / excerpt.path.name)
        except OSError as error:
            _log.info("an excerpt of %s is not kept: %s", record.path, error)
            return None

    def find(self, record: RecordRef, first: int, end: int) -> Excerpt | None:
        """Return an undamaged excerpt that holds the frames from `first` to before `end`.

        Damaged ones that would hold them are removed.
        """
        for excerpt in self.excerpts(record):
            if excerpt.holds(first, end) and self._is_sound(excerpt):
                return excerpt
        return None

    def excerpts(self, record: RecordRef) -> Iterator[Excerpt]:
        """Yield the excerpts of a record, by their first samples."""
        folder = self._record_folder(record)
        try:
            places = sorted(place for place in folder.iterdir() if _STRETCH.fullmatch(place.name))
        except OSError:
            return
        for place in places:
            excerpt = self._open(place)
            if excerpt is not None:
                yield excerpt

    def _record_folder(self, record: RecordRef) -> Path:
        return self._folder / checked_path(record)

    def _header_file(self, record: RecordRef) -> Path:
        folder = self._record_folder(record)
        return folder / f"{folder.name}.hea"

    def _open(self, place: Path) -> Excerpt | None:
        try:
            (header_file,) = place.glob("*.hea")
            excerpt = open_excerpt(header_file.with_suffix(""))
        except (OSError, ValueError, RecordError) as error:
            self._remove(place, error)
            return None
        if place.name != f"{excerpt.first:010}-{excerpt.end:010}":
            self._remove(place, "its header names other samples")
            return None
        return excerpt

    def _is_sound(self, excerpt: Excerpt) -> bool:
        try:
            check_excerpt(excerpt)
        except (OSError, RecordError) as error:
            self._remove(excerpt.path.parent, error)
            return False
        return True

    def _move(self, new: Path, place: Path) -> None:
        kept = self._open(place) if place.is_dir() else None
        if kept is not None and self._is_sound(kept):
            return
        try:
            new.rename(place)
        except OSError:
            # Another process may have been faster; what it put there is as new as ours.
            if not place.is_dir():
                raise

    def _remove(self, place: Path, reason: object) -> None:
        _log.info("removed the damaged excerpt %s: %s", place, reason)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _new_folder(beside: Path) -> Iterator[Path]:
    """Make a folder that is gone afterwards, unless it was moved."""
    _remove_left_behind(beside)
    with tempfile.TemporaryDirectory(dir=beside, prefix=_NEW, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _remove_left_behind(beside: Path) -> None:
    for folder in beside.glob(f"{_NEW}*"):
        # Another process may be removing it as well.
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(folder)


class CachedRecords:
    """Strips from the cache.

    Parameters
    ----------
    cache
        Where excerpts are kept.
    databases
        What to say about each database, by its id and version.
    """

    def __init__(self, cache: ExcerptCache, databases: Mapping[tuple[str, str], Database]) -> None:
        self._cache = cache
        self._databases = databases

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read a strip; see `StripSource.read`.

        Raises
        ------
        RecordError
            If the record has no such leads.
        UnreachableError
            If no excerpt in the cache holds the whole stretch.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        known = next(self._cache.excerpts(ref.record), None)
        if known is not None:
            first, end = frames_between(known.header.fs, known.total, start_s, seconds)
            excerpt = known if first == end else self._cache.find(ref.record, first, end)
            if excerpt is not None:
                provenance = provenance_of(ref.record, self._databases)
                return read_excerpt(excerpt, start_s, seconds, ref.leads, provenance)
        raise UnreachableError(f"This stretch of {ref.record.path} is not in the cache.")

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return the stretches inside `ref` that the cache holds."""
        try:
            shared = [_shared(ref, excerpt) for excerpt in self._cache.excerpts(ref.record)]
        except RecordError:
            return ()
        return tuple(dict.fromkeys(stretch for stretch in shared if stretch is not None))


def _shared(ref: StripRef, excerpt: Excerpt) -> StripRef | None:
    """Return the stretch that lies in both, or None."""
    fs = excerpt.header.fs
    if excerpt.holds(*frames_between(fs, excerpt.total, ref.start_s, ref.duration_s)):
        return ref
    start_s = max(ref.start_s, excerpt.first / fs)
    end_s = min(ref.end_s, excerpt.end / fs)
    if start_s >= end_s:
        return None
    return StripRef(ref.record, ref.leads, start_s, end_s - start_s)

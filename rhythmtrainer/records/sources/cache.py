"""Excerpts of recordings that were read over the network and can be read again."""

import errno
import hashlib
import logging
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections import Counter
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
from rhythmtrainer.records.signals.excerpt import (
    Excerpt,
    check_excerpt,
    empty_strip,
    open_excerpt,
    read_excerpt,
    write_excerpt,
)
from rhythmtrainer.records.signals.header import Header, checked_path
from rhythmtrainer.records.signals.layout import Cut, frames_between
from rhythmtrainer.records.sources.allowance import NEW, Allowance, remove_left_behind
from rhythmtrainer.records.sources.provenance import provenance_of
from rhythmtrainer.training.cancel import Cancel

DEFAULT_LIMIT_BYTES: Final = 500_000_000
"""Some forty thousand excerpts of two leads, or four thousand of twelve."""

_log = logging.getLogger(__name__)
_STRETCH: Final = re.compile(r"(\d{10,})-(\d{10,})", re.ASCII)
_SEAL: Final = b"\n# SHA-256 "
# What is given back to a disk that is full, so that not every excerpt asks for room again.
_SHARE_OF_A_FULL_DISK: Final = 0.25
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


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
    limit_bytes
        What is kept at most. Beyond it goes what was not used for longest, headers last.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        self._folder = folder
        self._allowance = Allowance(folder, limit_bytes, self._evict)
        self._lock = threading.Lock()
        # Excerpts that threads of this process read now, and how many threads each.
        self._in_use: Counter[Path] = Counter()

    def size(self) -> int:
        """Return how many bytes are kept. Every file is looked at: no work for a question."""
        return self._allowance.size()

    def size_of(self, database: str) -> int:
        """Return how many bytes of a database are kept; see `size`."""
        return self._allowance.size(database)

    def clear(self) -> None:
        """Take away all that is not in use.

        Raises
        ------
        OSError
            If the cache cannot be written.
        """
        self._allowance.give_back(1.0)

    def header(self, record: RecordRef) -> bytes | None:
        """Return the record's header as it was published, or None if it is not kept."""
        return _unsealed(self._header_file(record))

    def keep_header(self, record: RecordRef, content: bytes) -> None:
        """Keep the record's header as it was published."""
        self._keep_file(self._header_file(record), content)

    def listing(self, folder: str) -> bytes | None:
        """Return the list of the records in an archive's folder, or None if it is not kept."""
        return _unsealed(self._folder / folder / "RECORDS")

    def keep_listing(self, folder: str, content: bytes) -> None:
        """Keep the list of the records in an archive's folder."""
        self._keep_file(self._folder / folder / "RECORDS", content)

    def keep(
        self, record: RecordRef, header: Header, where: Cut, pieces: Mapping[str, bytes]
    ) -> Excerpt | None:
        """Keep a stretch of a recording; see `write_excerpt`.

        Returns
        -------
        Excerpt or None
            The excerpt as it is kept; None where the cache cannot be written, or the bytes are
            not what the header describes.
        """
        with self.keeping(record, header, where, pieces) as excerpt:
            return excerpt

    @contextmanager
    def keeping(
        self, record: RecordRef, header: Header, where: Cut, pieces: Mapping[str, bytes]
    ) -> Iterator[Excerpt | None]:
        """Keep a stretch of a recording, and hold on to it inside the block; see `keep`."""
        place = self._record_folder(record) / f"{where.first:010}-{where.end:010}"
        with self._using(place):
            yield self._kept(place, header, where, pieces)

    @contextmanager
    def holding(self, record: RecordRef, first: int, end: int) -> Iterator[Excerpt | None]:
        """Find an undamaged excerpt with the frames from `first` to before `end`, and hold it.

        Damaged ones that would hold them are removed.
        """
        for place, held_first, held_end in self._places(record):
            if held_first <= first and end <= held_end:
                with self._using(place):
                    excerpt = self._open(place)
                    if excerpt is not None and self.is_sound(excerpt):
                        with suppress(OSError):
                            os.utime(place)
                        yield excerpt
                        return
        yield None

    def stretches(self, record: RecordRef) -> Iterator[tuple[int, int]]:
        """Yield the first frame of each excerpt of a record, and one behind its last.

        They are what the names of the folders say.
        """
        for _, first, end in self._places(record):
            yield first, end

    def any_excerpt(self, record: RecordRef) -> Excerpt | None:
        """Return some excerpt of a record, to learn from it how the recording is laid out."""
        opened = (self._open(place) for place, _, _ in self._places(record))
        return next((excerpt for excerpt in opened if excerpt is not None), None)

    def _record_folder(self, record: RecordRef) -> Path:
        return self._folder / checked_path(record)

    def _header_file(self, record: RecordRef) -> Path:
        folder = self._record_folder(record)
        return folder / f"{folder.name}.hea"

    def _places(self, record: RecordRef) -> list[tuple[Path, int, int]]:
        try:
            places = sorted(self._record_folder(record).iterdir())
        except OSError:
            return []
        named = [(place, _STRETCH.fullmatch(place.name)) for place in places]
        return [(place, int(name[1]), int(name[2])) for place, name in named if name]

    def _kept(
        self, place: Path, header: Header, where: Cut, pieces: Mapping[str, bytes]
    ) -> Excerpt | None:
        try:
            try:
                return self._write(place, header, where, pieces)
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                self._allowance.give_back(_SHARE_OF_A_FULL_DISK)
                return self._write(place, header, where, pieces)
        except (OSError, RecordError) as error:
            _log.info("%s is not kept: %s", place, error)
            return None

    def _write(
        self, place: Path, header: Header, where: Cut, pieces: Mapping[str, bytes]
    ) -> Excerpt | None:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _new_folder(place.parent) as new:
            write_excerpt(new, header.name, header, where, pieces)
            self._allowance.take(sum(file.stat().st_size for file in new.iterdir()))
            self._move(new, place)
        return self._open(place)

    def _keep_file(self, file: Path, content: bytes) -> None:
        sealed = content + _SEAL + hashlib.sha256(content).hexdigest().encode() + b"\n"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with _new_folder(file.parent) as new:
                fresh = new / file.name
                fresh.write_bytes(sealed)
                self._allowance.take(len(sealed))
                fresh.replace(file)
        except OSError as error:
            _log.info("%s is not kept: %s", file, error)

    @contextmanager
    def _using(self, place: Path) -> Iterator[None]:
        with self._lock:
            self._in_use[place] += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_use[place] -= 1
                if not self._in_use[place]:
                    del self._in_use[place]

    def _evict(self, place: Path) -> bool:
        # Under another name nobody finds it, while its files go one after the other.
        away = place.with_name(f"{NEW}{secrets.token_hex(8)}")
        with self._lock:
            if place in self._in_use:
                return False
            place.rename(away)
        shutil.rmtree(away, ignore_errors=True)
        return True

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

    def is_sound(self, excerpt: Excerpt) -> bool:
        """Return whether an excerpt is what was kept; one that is not is removed."""
        try:
            check_excerpt(excerpt)
        except (OSError, RecordError) as error:
            self._remove(excerpt.path.parent, error)
            return False
        return True

    def _move(self, new: Path, place: Path) -> None:
        kept = self._open(place) if place.is_dir() else None
        if kept is not None and self.is_sound(kept):
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


def _unsealed(file: Path) -> bytes | None:
    """Return what a file was sealed with; None where it is not there or not whole."""
    try:
        content, _, digest = file.read_bytes().rpartition(_SEAL)
    except OSError:
        return None
    sound = digest == hashlib.sha256(content).hexdigest().encode() + b"\n"
    return content if sound else None


@contextmanager
def _new_folder(beside: Path) -> Iterator[Path]:
    """Make a folder that is gone afterwards, unless it was moved."""
    remove_left_behind(beside)
    with tempfile.TemporaryDirectory(dir=beside, prefix=NEW, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


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
        # Rate and length of recordings, which do not change once they are published.
        self._laid_out: dict[RecordRef, tuple[float, int]] = {}

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
        known = self._cache.any_excerpt(ref.record)
        if known is None:
            raise _not_kept(ref)
        provenance = provenance_of(ref.record, self._databases)
        first, end = frames_between(known.header.fs, known.total, start_s, seconds)
        if first == end:
            return empty_strip(known.header, ref.leads, known.total, provenance)
        with self._cache.holding(ref.record, first, end) as excerpt:
            if excerpt is None:
                raise _not_kept(ref)
            try:
                strip = read_excerpt(excerpt, start_s, seconds, ref.leads, provenance)
            except RecordError:
                if self._cache.is_sound(excerpt):
                    raise
            else:
                if self._cache.is_sound(excerpt):
                    return strip
            # Another process made room just now, or something else spoiled what was read.
            raise _not_kept(ref)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return the stretches inside `ref` that the cache holds."""
        try:
            stretches = list(self._cache.stretches(ref.record))
        except RecordError:
            return ()
        if not stretches:
            return ()
        if ref.record not in self._laid_out:
            known = self._cache.any_excerpt(ref.record)
            if known is None:
                return ()
            self._laid_out[ref.record] = known.header.fs, known.total
        fs, total = self._laid_out[ref.record]
        wanted = frames_between(fs, total, ref.start_s, ref.duration_s)
        shared = (_shared(ref, fs, wanted, stretch) for stretch in stretches)
        return tuple(dict.fromkeys(stretch for stretch in shared if stretch is not None))


def _not_kept(ref: StripRef) -> UnreachableError:
    return UnreachableError(f"This stretch of {ref.record.path} is not in the cache.")


def _shared(
    ref: StripRef, fs: float, wanted: tuple[int, int], stretch: tuple[int, int]
) -> StripRef | None:
    """Return what of `ref`, which is `wanted` in frames, lies in a stretch of frames, or None."""
    first, end = stretch
    if first <= wanted[0] and wanted[1] <= end:
        return ref
    start_s, end_s = max(ref.start_s, first / fs), min(ref.end_s, end / fs)
    if start_s >= end_s:
        return None
    return StripRef(ref.record, ref.leads, start_s, end_s - start_s)

"""Strips from PhysioNet, or a mirror of it, without downloading whole recordings."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from rhythmtrainer.model import (
    Database,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.archive.address import open_archive
from rhythmtrainer.records.archive.faults import BrokenOffError
from rhythmtrainer.records.archive.fetch import WHOLE_S
from rhythmtrainer.records.signals.excerpt import empty_strip, read_excerpt, write_excerpt
from rhythmtrainer.records.signals.header import Header, checked_path, parse_header
from rhythmtrainer.records.signals.layout import (
    Cut,
    SignalFile,
    check_ranged,
    cut,
    frames_between,
    signal_files,
)
from rhythmtrainer.records.signals.leads import find_leads
from rhythmtrainer.records.sources.cache import ExcerptCache
from rhythmtrainer.records.sources.places import Places
from rhythmtrainer.records.sources.provenance import provenance_of
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.records.tables.verify import check_content
from rhythmtrainer.training.cancel import Cancel

_T = TypeVar("_T")
_LONGEST_HEADER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Errand:
    """One read: of which record, who may call it off, and when it is given up."""

    record: RecordRef
    cancel: Cancel
    deadline: float


class PhysioNet:
    """Strips from an archive that is laid out as PhysioNet is.

    Of a record its header is read once, and of each strip only the bytes that hold it. Where
    the archive keeps records in folders that their names leave out, they are found there.

    Parameters
    ----------
    base_url
        The archive's address; see `open_archive`.
    cache
        Where headers and excerpts are kept.
    databases
        What to say about each database, by its id and version.
    files
        Published sizes and checksums by path below the archive's root, without folders that the
        names of records leave out.

    Raises
    ------
    UserError
        If `base_url` makes no sense.
    """

    def __init__(
        self,
        base_url: str,
        cache: ExcerptCache,
        databases: Mapping[tuple[str, str], Database],
        files: Mapping[str, FileFacts],
    ) -> None:
        self._archive = open_archive(base_url)
        self._cache = cache
        self._places = Places(self._archive, cache)
        self._databases = databases
        self._files = files
        # Serves where the cache cannot be written.
        self._headers: dict[RecordRef, Header] = {}

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._archive.close()

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read a strip; see `StripSource.read`.

        Raises
        ------
        RecordError
            If the archive has no such record, or it is damaged, of a kind of which no excerpt
            can be read, or has no such leads.
        UnreachableError
            If the network or the archive fails, or the strip takes longer than half a minute.
        CancelledError
            If `cancel` was thrown.
        """
        errand = _Errand(ref.record, cancel, time.monotonic() + WHOLE_S)
        header = self._header(errand)
        file = f"{checked_path(ref.record)}.hea"
        find_leads(header, ref.leads, file)
        files = signal_files(header, file)
        check_ranged(files, file)
        total = self._length(errand, header, files)
        provenance = provenance_of(ref.record, self._databases)
        first, end = frames_between(header.fs, total, start_s, seconds)
        if first == end:
            return empty_strip(header, ref.leads, total, provenance)
        where = cut(files, first, end, total)
        pieces = {file.name: self._piece(errand, file, where) for file in files}
        strip = partial(
            read_excerpt, start_s=start_s, seconds=seconds, leads=ref.leads, provenance=provenance
        )
        # What is spoiled between writing and reading is still here in memory.
        with (
            self._cache.keeping(ref.record, header, where, pieces) as excerpt,
            suppress(RecordError),
        ):
            if excerpt is not None:
                read = strip(excerpt)
                if self._cache.is_sound(excerpt):
                    return read
        try:
            with tempfile.TemporaryDirectory(prefix="rhythmtrainer-") as folder:
                return strip(write_excerpt(Path(folder), header.name, header, where, pieces))
        except OSError as error:
            raise UnreachableError(
                f"{ref.record.path} was not read: {error.strerror or error} in the folder for"
                " temporary files."
            ) from error

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:  # noqa: ARG002 - as the port has it
        """Return nothing: all that is read here needs the network."""
        return ()

    def _header(self, errand: _Errand) -> Header:
        errand.cancel.check()
        record = errand.record
        known = self._headers.get(record) or self._kept_header(record)
        if known is None:
            content = self._fetched_header(errand)
            known = parse_header(content, f"{record.path}.hea")
            self._cache.keep_header(record, content)
        self._headers[record] = known
        return known

    def _fetched_header(self, errand: _Errand) -> bytes:
        name = f"{checked_path(errand.record).rpartition('/')[2]}.hea"

        def read(folder: str) -> bytes:
            return self._archive.whole(
                f"{folder}/{name}", _LONGEST_HEADER, errand.cancel, errand.deadline
            )

        content = self._at_its_place(errand, read)
        check_content(f"{errand.record.path}.hea", content, self._files)
        return content

    def _kept_header(self, record: RecordRef) -> Header | None:
        checked_path(record)
        content = self._cache.header(record)
        if content is None:
            return None
        name = f"{record.path}.hea"
        try:
            check_content(name, content, self._files)
            return parse_header(content, name)
        except RecordError:
            # Damaged on this computer: the archive has it as it should be.
            return None

    def _length(self, errand: _Errand, header: Header, files: Sequence[SignalFile]) -> int:
        if header.length is not None:
            return header.length
        facts = self._files.get(_beside(errand.record, files[0].name))
        if facts is not None:
            return files[0].frames(facts.size)

        def read(folder: str) -> int:
            path = f"{folder}/{files[0].name}"
            return self._archive.size(path, errand.cancel, errand.deadline)

        return files[0].frames(self._at_its_place(errand, read))

    def _piece(self, errand: _Errand, file: SignalFile, where: Cut) -> bytes:
        path = _beside(errand.record, file.name)
        facts = self._files.get(path)
        first, stop = where.byte_range(file)
        # With what stands before its first sample a whole file can be compared.
        is_whole = facts is not None and (first, stop) == (file.byte_offset, facts.size)
        start = 0 if is_whole else first

        def read(folder: str) -> tuple[bytes, int | None]:
            place = f"{folder}/{file.name}"
            return self._archive.part(place, start, stop, errand.cancel, errand.deadline)

        content, size = self._at_its_place(errand, read)
        if facts is not None and size is not None and size != facts.size:
            raise RecordError(
                f"{path} is not the published file: it has {size} bytes instead of {facts.size}."
            )
        if is_whole:
            check_content(path, content, self._files)
        return content[first - start :]

    def _at_its_place(self, errand: _Errand, read: Callable[[str], _T]) -> _T:
        def read_again(folder: str) -> _T:
            try:
                return read(folder)
            except BrokenOffError:
                # Once: a connection that was kept may have been closed at the other end.
                return read(folder)

        return self._places.try_in_each(errand.record, read_again, errand.cancel, errand.deadline)


def _beside(record: RecordRef, file: str) -> str:
    return f"{record.path.rpartition('/')[0]}/{file}"

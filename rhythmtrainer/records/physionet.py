"""Strips from PhysioNet, or a mirror of it, without downloading whole recordings."""

import tempfile
import time
from collections.abc import Mapping, Sequence
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
from rhythmtrainer.records.cache import ExcerptCache
from rhythmtrainer.records.catalogue import FileFacts
from rhythmtrainer.records.excerpt import empty_strip, read_excerpt, write_excerpt
from rhythmtrainer.records.fetch import WHOLE_S, Fetcher
from rhythmtrainer.records.header import Header, checked_path, parse_header
from rhythmtrainer.records.layout import (
    Cut,
    SignalFile,
    check_ranged,
    cut,
    frames_between,
    signal_files,
)
from rhythmtrainer.records.leads import find_leads
from rhythmtrainer.records.provenance import provenance_of
from rhythmtrainer.records.verify import check_content
from rhythmtrainer.training.cancel import Cancel

_LONGEST_HEADER: Final = 1 << 20


class PhysioNet:
    """Strips from an archive that is laid out as PhysioNet is.

    Of a record its header is read once, and of each strip only the bytes that hold it.

    Parameters
    ----------
    base_url
        The archive's address, with or without a slash at its end.
    cache
        Where headers and excerpts are kept.
    databases
        What to say about each database, by its id and version.
    files
        Published sizes and checksums by path below the archive's root.

    Raises
    ------
    UserError
        If `base_url` is no http or https address.
    """

    def __init__(
        self,
        base_url: str,
        cache: ExcerptCache,
        databases: Mapping[tuple[str, str], Database],
        files: Mapping[str, FileFacts],
    ) -> None:
        self._fetcher = Fetcher(base_url)
        self._cache = cache
        self._databases = databases
        self._files = files
        # Serves where the cache cannot be written.
        self._headers: dict[RecordRef, Header] = {}

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._fetcher.close()

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
        deadline = time.monotonic() + WHOLE_S
        header = self._header(ref.record, cancel, deadline)
        file = f"{checked_path(ref.record)}.hea"
        find_leads(header, ref.leads, file)
        files = signal_files(header, file)
        check_ranged(files, file)
        total = self._length(ref.record, header, files, cancel, deadline)
        provenance = provenance_of(ref.record, self._databases)
        first, end = frames_between(header.fs, total, start_s, seconds)
        if first == end:
            return empty_strip(header, ref.leads, total, provenance)
        where = cut(files, first, end, total)
        pieces = {
            file.name: self._piece(ref.record, file, where, cancel, deadline) for file in files
        }
        excerpt = self._cache.keep(ref.record, header, where, pieces)
        if excerpt is not None:
            return read_excerpt(excerpt, start_s, seconds, ref.leads, provenance)
        try:
            with tempfile.TemporaryDirectory(prefix="rhythmtrainer-") as folder:
                excerpt = write_excerpt(Path(folder), header.name, header, where, pieces)
                return read_excerpt(excerpt, start_s, seconds, ref.leads, provenance)
        except OSError as error:
            raise UnreachableError(
                f"{ref.record.path} was not read: {error.strerror or error} in the folder for"
                " temporary files."
            ) from error

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:  # noqa: ARG002 - as the port has it
        """Return nothing: all that is read here needs the network."""
        return ()

    def _header(self, record: RecordRef, cancel: Cancel, deadline: float) -> Header:
        cancel.check()
        known = self._headers.get(record) or self._kept_header(record)
        if known is None:
            name = f"{checked_path(record)}.hea"
            content = self._fetcher.whole(name, _LONGEST_HEADER, cancel, deadline)
            check_content(name, content, self._files)
            known = parse_header(content, name)
            self._cache.keep_header(record, content)
        self._headers[record] = known
        return known

    def _kept_header(self, record: RecordRef) -> Header | None:
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

    def _length(
        self,
        record: RecordRef,
        header: Header,
        files: Sequence[SignalFile],
        cancel: Cancel,
        deadline: float,
    ) -> int:
        if header.length is not None:
            return header.length
        path = _beside(record, files[0].name)
        facts = self._files.get(path)
        size = facts.size if facts else self._fetcher.size(path, cancel, deadline)
        return files[0].frames(size)

    def _piece(
        self, record: RecordRef, file: SignalFile, where: Cut, cancel: Cancel, deadline: float
    ) -> bytes:
        path = _beside(record, file.name)
        content, size = self._fetcher.part(path, *where.byte_range(file), cancel, deadline)
        facts = self._files.get(path)
        if facts is not None and size is not None and size != facts.size:
            raise RecordError(
                f"{path} is not the published file: it has {size} bytes instead of {facts.size}."
            )
        return content


def _beside(record: RecordRef, file: str) -> str:
    return f"{record.path.rpartition('/')[0]}/{file}"

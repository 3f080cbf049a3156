"""Recordings in folders on this computer."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Database, RecordError, RecordRef, Strip, StripRef, UnreachableError
from rhythmtrainer.records.signals.header import checked_path, record_file
from rhythmtrainer.records.signals.wfdb_reader import read_header, read_strip
from rhythmtrainer.records.sources.provenance import provenance_of
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.records.tables.verify import VerifiedFiles
from rhythmtrainer.training.cancel import Cancel

_OURS: Final = "RHYTHMTRAINER_RECORDS"
_WFDB: Final = "WFDB"
# A record's name and its number of signals come first in a header.
_RECORD_WORDS: Final = 2
_FILE_NAME: Final = re.compile(r"\w[-+.\w]*", re.ASCII)


class LocalRecords:
    """Strips from folders of WFDB records, as PhysioNet lays them out or one database alone.

    Parameters
    ----------
    folders
        Where to look, in this order. A folder may hold databases with or without the folder
        of their version, or be the folder of a database itself.
    databases
        What to say about each database, by its id and version.
    files
        Published sizes and checksums by path below the archive's root; files listed there are
        compared before they are read.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        databases: Mapping[tuple[str, str], Database],
        files: Mapping[str, FileFacts],
    ) -> None:
        self._folders = tuple(folder.absolute() for folder in folders)
        self._databases = databases
        self._verified = VerifiedFiles(files)
        # What headers name, by their paths and when they were changed: tens of thousands of
        # records may be asked about before one is read.
        self._named: dict[Path, tuple[int, tuple[str, ...]]] = {}
        self._folders_in: dict[Path, tuple[int, tuple[Path, ...]]] = {}

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read a strip; see `StripSource.read`.

        Raises
        ------
        RecordError
            If the record is damaged, not the published one, or has no such leads.
        UnreachableError
            If the record is in none of the folders.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        path = self._find(ref.record)
        if path is None:
            raise UnreachableError(f"{ref.record.path} is in no folder of recordings.")
        self._verify(ref.record, path)
        cancel.check()
        provenance = provenance_of(ref.record, self._databases)
        return read_strip(path, start_s, seconds, ref.leads, provenance)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return `ref` if its record's header and signal files are in one of the folders."""
        try:
            path = self._find(ref.record)
            return (ref,) if path is not None and self._is_whole(path) else ()
        except RecordError:
            return ()

    def _find(self, record: RecordRef) -> Path | None:
        checked_path(record)
        places = list(self._places(record))
        found = [path for path in places if record_file(path).is_file()]
        if not found and "/" in record.record:
            # PhysioNet keeps some records in folders below the one that their names end with.
            deeper = [inner / path.name for path in places for inner in self._inside(path.parent)]
            found = [path for path in deeper if record_file(path).is_file()]
        return next((path for path in found if self._is_whole(path)), found[0] if found else None)

    def _inside(self, folder: Path) -> tuple[Path, ...]:
        """Return the folders in a folder; it is looked through again when it has changed."""
        try:
            changed_ns = folder.stat().st_mtime_ns
            known = self._folders_in.get(folder)
            if known is None or known[0] != changed_ns:
                with os.scandir(folder) as entries:
                    names = sorted(entry.name for entry in entries if entry.is_dir())
                known = changed_ns, tuple(folder / name for name in names)
                self._folders_in[folder] = known
        except OSError:
            return ()
        return known[1]

    def _is_whole(self, path: Path) -> bool:
        """Return whether a record has a header and the signal files that it names."""
        header = record_file(path)
        try:
            changed_ns = header.stat().st_mtime_ns
            known = self._named.get(header)
            if known is None or known[0] != changed_ns:
                known = self._named[header] = changed_ns, _files_named(header.read_bytes())
        except OSError:
            return False
        return bool(known[1]) and all(path.with_name(name).is_file() for name in known[1])

    def _places(self, record: RecordRef) -> Iterator[Path]:
        for folder in self._folders:
            yield folder / record.database / record.version / record.record
            yield folder / record.database / record.record
            if folder.name == record.database:
                yield folder / record.version / record.record
                yield folder / record.record
            if (folder.parent.name, folder.name) == (record.database, record.version):
                yield folder / record.record

    def _verify(self, record: RecordRef, path: Path) -> None:
        header_file = record_file(path)
        published = record.path.rpartition("/")[0]
        self._verified.check(f"{published}/{header_file.name}", header_file)
        for name in dict.fromkeys(signal.file for signal in read_header(path).signals):
            if path.with_name(name).is_file():
                self._verified.check(f"{published}/{name}", path.with_name(name))


def local_folders(
    explicit: Path | None, setting: Path | None, environ: Mapping[str, str]
) -> tuple[Path, ...]:
    """Return the folders in which recordings are looked for, in order and without duplicates.

    Parameters
    ----------
    explicit
        The folder named on the command line.
    setting
        The folder chosen in the settings.
    environ
        The environment: ``RHYTHMTRAINER_RECORDS`` lists folders as ``PATH`` does, ``WFDB`` as
        the WFDB software has it (also separated by spaces, addresses in it are left out).

    Raises
    ------
    RecordError
        If `explicit` is no folder. Others that are missing are left out.
    """
    if explicit is not None and not explicit.is_dir():
        raise RecordError(f"There is no folder of recordings at {explicit}.")
    named = [explicit, setting]
    named += [Path(part) for part in environ.get(_OURS, "").split(os.pathsep) if part]
    named += [Path(part) for part in _wfdb_parts(environ.get(_WFDB, ""))]
    folders = [folder.absolute() for folder in named if folder is not None and folder.is_dir()]
    return tuple(dict.fromkeys(Path(os.path.normpath(folder)) for folder in folders))


def _wfdb_parts(path: str) -> list[str]:
    # The colon of an address or of a drive letter does not separate folders.
    separator = r"[\s;]+" if os.pathsep == ";" else r"\s+|:(?!//)"
    return [part for part in re.split(separator, path) if part and "://" not in part]


def _files_named(header: bytes) -> tuple[str, ...]:
    """Return the signal files that a header names, as far as it is one; says no more of it."""
    lines = [line.split() for line in header.splitlines() if not line.startswith(b"#")]
    first, *signals = [words for words in lines if words] or [[]]
    if len(first) < _RECORD_WORDS or first[1] != b"%d" % len(signals):
        return ()
    names = {words[0].decode("ascii", errors="replace") for words in signals}
    return tuple(names) if all(map(_FILE_NAME.fullmatch, names)) else ()

"""Recordings in folders on this computer."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Database, RecordError, RecordRef, Strip, StripRef, UnreachableError
from rhythmtrainer.records.catalogue import FileFacts
from rhythmtrainer.records.header import checked_path, record_file
from rhythmtrainer.records.provenance import provenance_of
from rhythmtrainer.records.verify import VerifiedFiles
from rhythmtrainer.records.wfdb_reader import read_header, read_strip
from rhythmtrainer.training.cancel import Cancel

_OURS: Final = "RHYTHMTRAINER_RECORDS"
_WFDB: Final = "WFDB"


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
            return (ref,) if path is not None and _is_whole(path) else ()
        except RecordError:
            return ()

    def _find(self, record: RecordRef) -> Path | None:
        checked_path(record)
        found = [path for path in self._places(record) if record_file(path).is_file()]
        return next((path for path in found if _is_whole(path)), found[0] if found else None)

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


def _is_whole(path: Path) -> bool:
    try:
        signals = read_header(path).signals
    except RecordError:
        return False
    return all(path.with_name(signal.file).is_file() for signal in signals)

"""The zip that a pack travels in: equal packs are equal files, and nothing in one is believed."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.packs.fields import shown
from rhythmtrainer.records.packs.limits import (
    FREE_OF_RATIO_BYTES,
    MIB,
    MOST_DIRECTORY_BYTES,
    MOST_FILES,
    MOST_PACK_BYTES,
    MOST_RATIO,
)
from rhythmtrainer.records.packs.manifest import is_pack_name
from rhythmtrainer.training.cancel import Cancel

# A zip counts years from 1980 on; the same time in every pack makes equal packs equal files.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = stat.S_IFREG | 0o644
_ENCRYPTED: Final = 0x1
# The record that ends a zip: signature, disk numbers, entries here and in all, size and place of
# the directory, length of the comment behind it.
_END: Final = struct.Struct("<4s4H2LH")
_END_SIGNATURE: Final = b"PK\x05\x06"
# What stands before it where numbers of 64 bits are used: they would count instead of its own.
_LOCATOR_BYTES: Final = 20
_LOCATOR_SIGNATURE: Final = b"PK\x06\x07"
# What the library raises for broken files: it unpacks numbers and names without checking first.
_ZIP_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def write_archive(stream: IO[bytes], names: Sequence[str], content: Callable[[str], bytes]) -> None:
    """Write some files as a zip: the same files are the same bytes, whenever they are written."""
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content(name), compresslevel=9)


class Archive:
    """The files in a zip, none of which is unpacked before all of them are known to be bounded.

    Parameters
    ----------
    file
        What the zip is called, for messages.
    """

    def __init__(self, opened: zipfile.ZipFile, file: str) -> None:
        self._opened = opened
        self._file = file
        self._entries = {entry.filename: entry for entry in opened.infolist()}

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many bytes each file has once it is unpacked, as the zip says."""
        return {name: entry.file_size for name, entry in self._entries.items()}

    def read(self, name: str, most: int, cancel: Cancel) -> bytes:
        """Unpack one file.

        Parameters
        ----------
        most
            Bytes that it may have.

        Raises
        ------
        RecordError
            If it is not there, is larger than that or than the zip says, or is damaged.
        CancelledError
            If `cancel` was thrown.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise RecordError(f"{self._file} is not a pack: it has no {name}.")
        if entry.file_size > most:
            raise RecordError(f"{self._file} cannot be opened: {name} in it is too large.")
        content = bytearray()
        with _said_of(self._file), self._opened.open(entry) as stream:
            # One byte more than promised is asked for, to notice it.
            while chunk := stream.read(min(MIB, entry.file_size - len(content) + 1)):
                cancel.check()
                content += chunk
                if len(content) > entry.file_size:
                    break
        if len(content) != entry.file_size:
            raise RecordError(f"{self._file} is damaged: {name} has not the size that it claims.")
        return bytes(content)


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Open a zip that may come from anybody.

    Raises
    ------
    RecordError
        If it cannot be read, is damaged, encrypted or too large, or holds what no pack holds.
    """
    with _said_of(file.name):
        # A pipe would never end.
        if file.exists() and not file.is_file():
            raise RecordError(f"{file.name} cannot be read: it is no file.")
        stream = file.open("rb")
    with stream:
        with _said_of(file.name):
            _check_end(stream, file.name)
            opened = zipfile.ZipFile(stream)
            _check_entries(opened.infolist(), file.name)
        yield Archive(opened, file.name)


@contextmanager
def _said_of(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror or error}.") from error
    except _ZIP_FAULTS as error:
        raise RecordError(f"{file} is damaged: it cannot be unpacked.") from error


def _check_end(stream: IO[bytes], file: str) -> None:
    """Make sure that the zip's directory is small before the library reads all of it at once.

    A pack has no comment, needs no 64-bit numbers, and has nothing before or behind its zip.
    """
    size = stream.seek(0, 2)
    if size > MOST_PACK_BYTES:
        raise RecordError(
            f"{file} cannot be opened: it has more than {MOST_PACK_BYTES // MIB} MiB."
        )
    if size < _END.size:
        raise RecordError(f"{file} is not a pack, or is cut off.")
    stream.seek(size - _END.size)
    signature, *_, entries, directory, place, comment = _END.unpack(stream.read(_END.size))
    if signature != _END_SIGNATURE or comment or place + directory + _END.size != size:
        raise RecordError(f"{file} is not a pack, or is cut off.")
    stream.seek(max(0, size - _END.size - _LOCATOR_BYTES))
    if stream.read(len(_LOCATOR_SIGNATURE)) == _LOCATOR_SIGNATURE:
        raise RecordError(f"{file} cannot be opened: it is a zip of a kind that no pack is.")
    if entries > MOST_FILES or directory > MOST_DIRECTORY_BYTES:
        raise RecordError(f"{file} cannot be opened: it holds more than {MOST_FILES} files.")


def _check_entries(entries: Sequence[zipfile.ZipInfo], file: str) -> None:
    names: set[str] = set()
    for entry in entries:
        fault = _fault_of(entry)
        # Some systems take names that differ in case for one and the same file.
        if entry.filename.casefold() in names:
            fault = "is there twice"
        if fault:
            named = shown(entry.orig_filename)
            raise RecordError(f"{file} cannot be opened: {named} in it {fault}.")
        names.add(entry.filename.casefold())
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    allowed = min(MOST_PACK_BYTES, max(FREE_OF_RATIO_BYTES, MOST_RATIO * packed))
    if unpacked > allowed:
        raise RecordError(f"{file} cannot be opened: unpacked it would take {unpacked // MIB} MiB.")


def _fault_of(entry: zipfile.ZipInfo) -> str:
    """Return what keeps a file in a zip from being read, or nothing."""
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in an unknown way"
    # The library cuts a name at its first zero byte.
    if entry.orig_filename != entry.filename or not is_pack_name(entry.filename):
        return "is no file of a pack"
    mode = entry.external_attr >> 16
    return "is no plain file" if stat.S_IFMT(mode) not in (0, stat.S_IFREG) else ""

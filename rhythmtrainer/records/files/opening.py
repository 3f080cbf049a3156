"""Opening recordings in files of any kind that is read."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Final, TypeVar

from rhythmtrainer.model import Database, RecordError, TableGuess, TableLayout
from rhythmtrainer.records.files.beside import HEADER, header_of
from rhythmtrainer.records.files.edf_door import BDF_MAGIC, EDF_MAGIC
from rhythmtrainer.records.files.opened import OpenedFile
from rhythmtrainer.training.cancel import Cancel

_Result = TypeVar("_Result")

# What each kind is called, and how its files' names end.
PATTERNS: Final = (
    ("WFDB", ("*.hea", "*.dat", "*.mat")),
    ("EDF", ("*.edf", "*.rec", "*.bdf")),
    ("DICOM", ("*.dcm", "*.dicom")),
    ("Table", ("*.csv", "*.tsv", "*.txt")),
)
_EDF_MARKS: Final = (EDF_MAGIC, BDF_MAGIC)
_DICOM_MARK: Final = b"DICM"
_DICOM_PREAMBLE: Final = 128
_START_BYTES: Final = 256
_TEXTS: Final = (".csv", ".tsv", ".txt")


class _Kind(Enum):
    WFDB = auto()
    EDF = auto()
    DICOM = auto()
    TABLE = auto()


class Files:
    """Opens files of the user's own; see `RecordingFiles`.

    What a file is is told by what it begins with, and by its name only where that does not say
    it. The libraries that read it are imported when the first of a kind is opened.

    Parameters
    ----------
    databases
        What to say about each published database, by its id and version.
    """

    def __init__(self, databases: Mapping[tuple[str, str], Database]) -> None:
        self._databases = databases

    @property
    def patterns(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """What each kind is called, and how its files' names end."""
        return PATTERNS

    def guess(self, file: Path) -> TableGuess | None:
        """Say how a table seems to be laid out; None for a file that says itself what it holds.

        Raises
        ------
        RecordError
            If the file cannot be read, or is no recording.
        """
        if _told(file, lambda: _kind(file)) is not _Kind.TABLE:
            return None
        from rhythmtrainer.records.files.table_guess import guess_table  # noqa: PLC0415 - slow

        return _told(file, lambda: guess_table(file))

    def open(self, file: Path, layout: TableLayout | None, cancel: Cancel) -> OpenedFile:
        """Open a recording; see `RecordingFiles.open`.

        Raises
        ------
        RecordError
            If the file is missing, damaged, of an unknown kind, or no ECG, or if it is a
            table and `layout` is None.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        return _told(file, lambda: self._open(file, layout, cancel))

    def _open(self, file: Path, layout: TableLayout | None, cancel: Cancel) -> OpenedFile:
        kind = _kind(file)
        if kind is _Kind.TABLE:
            return self._open_table(file, layout, cancel)
        if kind is _Kind.EDF:
            from rhythmtrainer.records.files.edf_file import open_edf  # noqa: PLC0415 - slow

            return open_edf(file, self._databases)
        if kind is _Kind.DICOM:
            from rhythmtrainer.records.files.dicom_file import open_dicom  # noqa: PLC0415 - slow

            return open_dicom(file, self._databases)
        from rhythmtrainer.records.files.wfdb_file import open_wfdb  # noqa: PLC0415 - slow

        return open_wfdb(file, self._databases)

    def _open_table(self, file: Path, layout: TableLayout | None, cancel: Cancel) -> OpenedFile:
        if layout is None:
            # Whatever is no table either is told first.
            self.guess(file)
            raise RecordError(
                f"{file.name} is a table: how it is laid out has to be confirmed before it is read."
            )
        from rhythmtrainer.records.files.table_file import open_table  # noqa: PLC0415 - slow

        return open_table(file, layout, self._databases, cancel)


def _kind(file: Path) -> _Kind:
    if not file.exists():
        raise RecordError(f"{file.name} is missing: there is no such file.")
    if not file.is_file():
        raise RecordError(f"{file.name} is no file.")
    if file.suffix.casefold() == HEADER:
        return _Kind.WFDB
    with file.open("rb") as stream:
        start = stream.read(_START_BYTES)
    # A table may begin with a nought and as much space.
    if start.startswith(_EDF_MARKS) and b"\n" not in start:
        return _Kind.EDF
    if start[_DICOM_PREAMBLE:].startswith(_DICOM_MARK):
        return _Kind.DICOM
    if file.suffix.casefold() not in _TEXTS and header_of(file) is not None:
        return _Kind.WFDB
    return _Kind.TABLE


def _told(file: Path, read: Callable[[], _Result]) -> _Result:
    """Say in a sentence what the operating system says about a file."""
    try:
        return read()
    except OSError as error:
        raise RecordError(f"{file.name} cannot be read: {error.strerror or error}.") from error
    except MemoryError as error:
        raise RecordError(f"{file.name} does not fit into memory.") from error

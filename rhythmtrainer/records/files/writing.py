"""Writing a simulated strip, with what is known of it, as a recording that others can read."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, TypeAlias

from rhythmtrainer import __version__
from rhythmtrainer.model import RecordError, Simulated
from rhythmtrainer.records.files.beside import HEADER
from rhythmtrainer.records.files.source import SIMULATED

_Write: TypeAlias = Callable[[Path, Simulated, Sequence[str]], list[str]]

_NOTICE: Final = f"{SIMULATED} {__version__}. For training only: it is nobody's ECG."


def write_simulated(file: Path, made: Simulated, remarks: Sequence[str] = ()) -> tuple[Path, ...]:
    """Write a simulated strip; what the file's name ends with says in which format.

    It is written into a folder beside it, then moved into place: whatever fails, there is no half
    a recording. Older files are replaced.

    Parameters
    ----------
    file
        One of `ENDINGS`. A WFDB record has files of signals, of beats and rhythms (``.atr``), and
        of waves (``.marks``) beside its header.
    remarks
        Lines about how it was made, which the file tells after that it is simulated.

    Returns
    -------
    tuple of Path
        The files that were written; `file` is the last.

    Raises
    ------
    RecordError
        If the ending is none of them, or the files cannot be written.
    """
    write = _WRITERS.get(file.suffix.casefold())
    if write is None:
        allowed = ", ".join(ENDINGS)
        raise RecordError(f"{file.name} cannot be written: its name must end with one of {allowed}")
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".") as folder:
            names = write(Path(folder) / file.name, made, (_NOTICE, *remarks))
            return _moved([Path(folder) / name for name in names], file.parent)
    except OSError as error:
        raise RecordError(f"{file} cannot be written: {error.strerror or error}.") from error


def _moved(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Move files into a folder, all or none."""
    places = [folder / file.name for file in files]
    taken = next((place for place in places if place.is_dir()), None)
    if taken is not None:
        raise RecordError(f"{taken} cannot be written: it is a folder.")
    done: list[Path] = []
    try:
        for file, place in zip(files, places, strict=True):
            file.replace(place)
            done.append(place)
    except OSError:
        for place in done:
            place.unlink(missing_ok=True)
        raise
    return tuple(places)


def _wfdb(file: Path, made: Simulated, remarks: Sequence[str]) -> list[str]:
    from rhythmtrainer.records.files.writing_wfdb import (  # noqa: PLC0415 - slow
        check_name,
        write_wfdb,
    )

    check_name(file)
    return write_wfdb(file.parent, file.stem, made, remarks)


def _edf(file: Path, made: Simulated, remarks: Sequence[str]) -> list[str]:
    from rhythmtrainer.records.files.writing_edf import write_edf  # noqa: PLC0415 - slow

    write_edf(file, made, remarks)
    return [file.name]


def _table(file: Path, made: Simulated, remarks: Sequence[str]) -> list[str]:
    from rhythmtrainer.records.files.writing_table import write_table  # noqa: PLC0415 - slow

    write_table(file, made, remarks)
    return [file.name]


_WRITERS: Final[Mapping[str, _Write]] = MappingProxyType(
    {HEADER: _wfdb, ".edf": _edf, ".csv": _table}
)
ENDINGS: Final = tuple(_WRITERS)

"""Finding the header of a record by one of its signal files."""

from pathlib import Path
from typing import Final

HEADER: Final = ".hea"
# Those of WFDB records that are looked for by the record's name; any other file has to be named
# in a header.
_SIGNALS: Final = (".dat", ".mat")
_MOST_HEADERS: Final = 1000
_HEADER_BYTES: Final = 1 << 16


def header_of(file: Path) -> Path | None:
    """Return the header of the record to which a signal file belongs, if it is beside it."""
    beside = file.with_suffix(HEADER)
    if file.suffix.casefold() in _SIGNALS and beside.is_file():
        return beside
    name = file.name.encode()
    headers = sorted(file.parent.glob(f"*{HEADER}"))[:_MOST_HEADERS]
    return next((header for header in headers if header.is_file() and _names(header, name)), None)


def _names(header: Path, signal_file: bytes) -> bool:
    with header.open("rb") as stream:
        lines = stream.read(_HEADER_BYTES).splitlines()
    return any(line.split(maxsplit=1)[:1] == [signal_file] for line in lines)

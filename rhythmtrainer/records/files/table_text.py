"""Cells of tables: how text files of numbers write them."""

import csv
import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from rhythmtrainer.model import RecordError

DAY_S: Final = 86400.0
_HEAD_BYTES: Final = 1 << 17
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# Bytes that texts have no use for.
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_QUOTES: Final = "\"'"
_GAPS: Final = frozenset(
    ("", "nan", "na", "n/a", "null", "none", "-", "--", "?", "*", "inf", "-inf", "#n/a")
)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII)
_CLOCK: Final = re.compile(
    r"""
    (?:(?P<a>\d{1,4})[-./](?P<b>\d{1,2})[-./](?P<c>\d{1,4})(?:\s+|T))?
    (?:(?P<hours>\d{1,3}):)? (?P<minutes>\d{1,3}) : (?P<seconds>\d{1,2}(?:[.,]\d{0,9})?)
    (?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?
    (?:\s*(?:Z|(?P<zone>[+-]\d\d):?(?P<zone_minutes>\d\d)))?
    (?:\s+\d{1,2}[-./]\d{1,2}[-./]\d{4})?
    """,
    re.VERBOSE | re.ASCII,
)
# With a sign between thousands, and the decimal sign behind them: "1.234,5".
_THOUSANDS: Final = {
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII),
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII),
}
_LEAST_YEAR: Final = 100
_LONGEST_NUMBER: Final = 64


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a text file.

    Attributes
    ----------
    newline
        The byte that ends a line; other white space may stand before it.
    whole
        Whether these are all lines of the file.
    """

    lines: tuple[str, ...]
    encoding: str
    newline: bytes
    whole: bool


def read_head(file: Path) -> Head:
    """Read the first lines of a file that should be a text.

    Raises
    ------
    RecordError
        If it is empty, or no text.
    OSError
        If it cannot be read.
    """
    with file.open("rb") as stream:
        content = stream.read(_HEAD_BYTES + 1)
    whole = len(content) <= _HEAD_BYTES
    if not content.strip():
        raise RecordError(f"{file.name} is empty.")
    if content.startswith(_WIDE_MARKS):
        raise RecordError(f"{file.name} is a text in UTF-16: save it as UTF-8.")
    if _BINARY.search(content):
        raise RecordError(
            f"{file.name} is of no kind that is read: WFDB with its header (.hea) beside it, EDF,"
            " DICOM, or a text with numbers."
        )
    newline = b"\r" if b"\n" not in content and b"\r" in content else b"\n"
    if not whole:
        content = content[: content.rfind(newline) + 1]
        if not content:
            raise RecordError(f"{file.name} is no table: its first line does not end.")
    encoding = _encoding(content)
    lines = content.decode(encoding).split(newline.decode())
    if not lines[-1].strip():
        lines.pop()
    return Head(tuple(line.rstrip("\r\n") for line in lines), encoding, newline, whole)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without white space and quotes around them.

    Examples
    --------
    >>> cells_of("'0:00.004', -0.15,", ",")
    ['0:00.004', '-0.15', '']
    """
    if delimiter == " ":
        return [cell.strip(_QUOTES) for cell in line.split()]
    if '"' in line and delimiter in line:
        try:
            row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            row = line.split(delimiter)
    else:
        row = line.split(delimiter)
    return [cell.strip().strip(_QUOTES).strip() for cell in row]


def number_of(cell: str, decimal: str) -> float | None:
    """Return the number in a cell, NaN for what stands for a gap, None for other text.

    Examples
    --------
    >>> number_of("-0,15", ","), number_of("NaN", "."), number_of("II", ".")
    (-0.15, nan, None)
    """
    if len(cell) > _LONGEST_NUMBER:
        return None
    plain = cell.casefold()
    if _THOUSANDS[decimal].fullmatch(plain):
        plain = plain.replace("." if decimal == "," else ",", "")
    if decimal != ".":
        if "." in plain:
            return None
        plain = plain.replace(decimal, ".")
    if _NUMBER.fullmatch(plain):
        return float(plain)
    return math.nan if plain in _GAPS else None


def seconds_of(cell: str) -> float | None:
    """Return the time in a cell that shows a clock, in seconds; None for other text.

    With a date, days count from the year 1, and a time zone is taken into account.

    Examples
    --------
    >>> seconds_of("0:01.250"), seconds_of("01:00:00,5"), seconds_of("250")
    (1.25, 3600.5, None)
    """
    match = _CLOCK.fullmatch(cell.strip(" []")) if len(cell) <= _LONGEST_NUMBER else None
    if match is None:
        return None
    clock = 60.0 * int(match["minutes"]) + float(match["seconds"].replace(",", "."))
    clock += 3600.0 * _hours(match["hours"], match["half"])
    if match["a"] is None:
        return clock
    day = _day(int(match["a"]), int(match["b"]), int(match["c"]))
    if day is None:
        return None
    return day * DAY_S + clock - _zone_s(match["zone"], match["zone_minutes"])


def _hours(hours: str | None, half: str | None) -> int:
    """Return the hours of a clock, which may count them by halves of a day."""
    if half is None:
        return int(hours or 0)
    return int(hours or 0) % 12 + (12 if half in "Pp" else 0)


def _zone_s(hours: str | None, minutes: str | None) -> float:
    """Return by how many seconds a time zone is ahead."""
    if hours is None or minutes is None:
        return 0.0
    return 3600.0 * int(hours) + math.copysign(60.0 * int(minutes), float(f"{hours[0]}1"))


def shows_date(cell: str) -> bool:
    """Return whether a cell shows a date beside a clock."""
    match = _CLOCK.fullmatch(cell.strip(" []"))
    return match is not None and (match["a"] is not None or "]" in cell)


def decimals_of(cell: str, decimal: str) -> int:
    """Return how many digits stand behind the decimal sign of a number or a clock.

    Examples
    --------
    >>> decimals_of("0,15", ","), decimals_of("28.03.2021 09:00:01.250+01:00", ".")
    (2, 3)
    """
    match = _CLOCK.fullmatch(cell.strip(" []"))
    number = cell.replace(decimal, ".") if match is None else match["seconds"].replace(",", ".")
    _, found, digits = number.partition(".")
    return len(digits) if found and digits.isdecimal() else 0


def _day(a: int, b: int, c: int) -> int | None:
    """Return the number of a day, written with the year first, or the month, or the day."""
    orders = ((a, b, c),) if a >= _LEAST_YEAR else ((c, b, a), (c, a, b))
    for year, month, day in orders:
        try:
            return date(year, month, day).toordinal()
        except ValueError:
            continue
    return None


def _encoding(content: bytes) -> str:
    encoding = "utf-8-sig" if content.startswith(_UTF8_MARK) else "utf-8"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return "latin-1"
    return encoding

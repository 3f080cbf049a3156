"""What the lines above a table say about the sampling rate."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.records.files.opened import LEAST_FS, MOST_FS
from rhythmtrainer.records.signals.units import plain_unit

_NUMBER: Final = r"(\d{1,5}(?:[.,]\d{1,9})?)\s*"
_HERTZ: Final = r"(k?)(?:hz\b|hert[sz]|hercios?|sps\b|samples? ?(?:/|per) ?s)"
_SAMPLING: Final = (
    r"(?:sampl\w*[ _\"-]*(?:rate|freq\w*)|sampling|abtast\w*|\bfs\b|[eé]chantillon\w*|muestreo"
    r"|campionamento|amostragem|bemonster\w*)"
)
_RATE: Final = re.compile(rf"{_SAMPLING}[^\d\n]{{0,20}}{_NUMBER}(k?)", re.IGNORECASE)
_BARE_RATE: Final = re.compile(rf"(?<!\d)(?<!\d[.,]){_NUMBER}{_HERTZ}", re.IGNORECASE)
_INTERVALS: Final = (
    re.compile(rf"(?:interval|period)\D{{0,12}}{_NUMBER}(us|ms|msec|s|sec)\b", re.IGNORECASE),
    re.compile(rf"{_NUMBER}(usec|us|msec|ms|sec|s) ?/ ?sample\b", re.IGNORECASE),
)
_SECONDS: Final = {"u": 1e-6, "m": 1e-3, "s": 1.0}
# Waves have intervals too, and filters, hearts and mains have rates.
_ABOUT_WAVES: Final = re.compile(r"\b(?:p|pr|pq|qrs|qtc?|rr)\b", re.IGNORECASE)
_ABOUT_OTHERS: Final = re.compile(
    r"filt|pass|notch|heart|puls|vent|atri|resp|band|\bline|mains|netz|muscle|drift|cut|hum\b"
    r"|refresh|frame|accel|gyro|bpm|/ ?min",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ToldRate:
    """A sampling rate that is written above a table.

    Attributes
    ----------
    assumed
        Whether it may be the rate of something else, because nothing says that it is of samples.
    """

    fs: float
    assumed: bool = False


def find_rate(lines: Sequence[str]) -> ToldRate | None:
    """Return the sampling rate that some lines name, rather one that is called so."""
    said = _first(map(_said, lines))
    if said is not None:
        return ToldRate(said)
    bare = _first(map(_bare, lines))
    return None if bare is None else ToldRate(bare, assumed=True)


def _first(rates: Iterable[float | None]) -> float | None:
    return next((fs for fs in rates if fs is not None), None)


def _said(line: str) -> float | None:
    found = [_hertz(number, thousand) for number, thousand in _RATE.findall(line)]
    if not _ABOUT_WAVES.search(line):
        for interval in _INTERVALS:
            found += [_per_second(*match) for match in interval.findall(plain_unit(line))]
    return _first(found)


def _bare(line: str) -> float | None:
    if _ABOUT_OTHERS.search(line):
        return None
    return _first(_hertz(number, thousand) for number, thousand in _BARE_RATE.findall(line))


def _hertz(number: str, thousand: str) -> float | None:
    return _possible(float(number.replace(",", ".")) * (1000 if thousand else 1))


def _per_second(number: str, unit: str) -> float | None:
    step_s = float(number.replace(",", ".")) * _SECONDS[unit[0].casefold()]
    return _possible(float(f"{1 / step_s:.9g}")) if step_s > 0 else None


def _possible(fs: float) -> float | None:
    return fs if LEAST_FS <= fs <= MOST_FS else None

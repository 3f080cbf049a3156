"""Units of voltage, by the ways in which files spell them."""

import re
from typing import Final

_PREFIXES: Final = {"": 1e3, "m": 1.0, "u": 1e-3, "n": 1e-6}
_LONG_PREFIXES: Final = {"milli": "m", "micro": "u", "nano": "n"}
_LONGEST: Final = 16
_UNIT: Final = re.compile(r"(milli|micro|nano|m|u|n|)[ _]?v(?:olts?)?", re.ASCII)
# The two letters for "micro" that Unicode has, the first also as it looks where UTF-8 was read as
# Latin-1, and how UCUM writes it.
_MICRO: Final = re.compile(
    "\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}?\N{MICRO SIGN}|\N{GREEK SMALL LETTER MU}|\\[mu\\]"
)


def millivolts_in(unit: str) -> float | None:
    """Return how many millivolts one of `unit` is; None for what is no voltage.

    Examples
    --------
    >>> millivolts_in("uV"), millivolts_in("µV"), millivolts_in("millivolts"), millivolts_in("mmHg")
    (0.001, 0.001, 1.0, None)
    """
    if len(unit) > _LONGEST:
        return None
    match = _UNIT.fullmatch(plain_unit(unit).strip().casefold())
    if match is None:
        return None
    return _PREFIXES[_LONG_PREFIXES.get(match[1], match[1])]


def plain_unit(unit: str) -> str:
    """Return a unit with ``u`` in the place of every sign for "micro"."""
    return _MICRO.sub("u", unit)

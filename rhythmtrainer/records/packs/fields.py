"""Reading JSON that somebody else wrote: every fault is noted, and no value is believed."""

import json
import math
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeVar

_Member = TypeVar("_Member", bound=StrEnum)

_LONGEST_ID: Final = 64
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# Windows keeps these names for devices, whatever ending follows them.
_DEVICES: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.ASCII)
# Control characters but the line feed, and halves of surrogate pairs.
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# These turn the direction of writing, so that a text reads as something else than it holds.
_TURNING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_END: Final = re.compile("\r\n?|[\u2028\u2029]")
_SHOWN: Final = 60


def plain_text(text: str) -> str:
    """Return a text without control characters; line feeds stay.

    Examples
    --------
    >>> plain_text(f" a{chr(0)}b{chr(27)} ")
    'ab'
    """
    text = _LINE_END.sub("\n", text.replace("\t", " "))
    return _CONTROL.sub("", _TURNING.sub("", text)).strip()


def is_id(text: str) -> bool:
    """Return whether a text can name a pack or a strip, and a file on every system.

    Examples
    --------
    >>> is_id("strip-1"), is_id("Strip 1"), is_id("../x"), is_id("nul")
    (True, False, False, False)
    """
    fits = len(text) <= _LONGEST_ID and _ID.fullmatch(text) is not None
    return fits and _DEVICES.fullmatch(text) is None


def parse_json(content: bytes) -> object:
    """Read JSON strictly: UTF-8, no key twice in an object, no numbers that are none.

    Raises
    ------
    ValueError
        If it is anything else; the message says what.
    """
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


class Fields:
    """The fields of one JSON object, which notes its faults instead of stopping at the first.

    Parameters
    ----------
    place
        Where the object stands, for messages, for example ``strip 3``.
    keys
        The keys that it must have; others are faults.
    faults
        To which every fault is added as a phrase.
    """

    def __init__(self, place: str, value: object, keys: Sequence[str], faults: list[str]) -> None:
        self._place = place
        self._faults = faults
        self._values: dict[str, object] = {}
        if not isinstance(value, dict):
            self.fault("must be an object")
            return
        self._values = value
        for key in value:
            if key not in keys:
                self.fault(f"has the unknown key {shown(key)}")
        for key in keys:
            if key not in value:
                self.fault(f"lacks {key}")

    def fault(self, what: str) -> None:
        """Note a fault of this object."""
        self._faults.append(f"{self._place} {what}")

    def given(self, key: str) -> bool:
        """Return whether the field holds anything but null."""
        return self._values.get(key) is not None

    def text(self, key: str, longest: int, *, needed: bool = False) -> str:
        """Return a text without control characters."""
        if key not in self._values:
            return ""
        value = self._values[key]
        text = plain_text(value) if isinstance(value, str) else None
        if text is None or len(text) > longest:
            self.fault(f"{key} must be a text of at most {longest} characters")
            return ""
        if needed and not text:
            self.fault(f"{key} is empty")
        return text

    def texts(self, key: str, most: int, longest: int) -> tuple[str, ...]:
        """Return a list of texts without control characters."""
        items = self._list(key, most)
        if not all(isinstance(item, str) and len(item) <= longest for item in items):
            self.fault(f"{key} must hold texts of at most {longest} characters")
            return ()
        return tuple(plain_text(str(item)) for item in items)

    def id(self, key: str) -> str:
        """Return a text that can name a pack or a strip."""
        value = self._values.get(key, "")
        if key in self._values and not (isinstance(value, str) and is_id(value)):
            self.fault(f"{key} must be small letters, digits and hyphens, got {shown(value)}")
        return str(value)

    def number(self, key: str, least: float, most: float) -> float:
        """Return a number between two others."""
        value = self._values.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int | float):
            value = math.nan
        if not least <= value <= most:
            self.fault(f"{key} must be a number from {least:g} to {most:g}")
            return least
        return float(value)

    def size(self, key: str, most: int) -> int:
        """Return a number of bytes."""
        value = self._values.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.fault(f"{key} must be a whole number from 0 to {most}")
            return 0
        return value

    def member(self, key: str, kind: type[_Member], fallback: _Member) -> _Member:
        """Return a member of an enumeration."""
        if key not in self._values:
            return fallback
        found = self._member(self._values[key], kind)
        if found is None:
            self.fault(f"{key} is unknown: {shown(self._values[key])}")
        return found or fallback

    def members(self, key: str, kind: type[_Member]) -> frozenset[_Member]:
        """Return a set of members of an enumeration."""
        items = self._list(key, len(kind))
        found = [self._member(item, kind) for item in items]
        if None in found:
            self.fault(f"{key} is unknown: {shown(items[found.index(None)])}")
        return frozenset(member for member in found if member is not None)

    def nested(self, key: str, keys: Sequence[str]) -> "Fields":
        """Return an object inside this one."""
        if key not in self._values:
            return Fields(f"{self._place} {key}", {}, (), self._faults)
        return Fields(f"{self._place} {key}", self._values[key], keys, self._faults)

    def list_of(self, key: str, keys: Sequence[str], most: int, each: str) -> list["Fields"]:
        """Return a list of objects, each called by its number in messages."""
        return [
            Fields(f"{each} {number}", item, keys, self._faults)
            for number, item in enumerate(self._list(key, most), start=1)
        ]

    def named(self, key: str, keys: Sequence[str], most: int) -> dict[str, "Fields"]:
        """Return the objects inside another object, by their keys."""
        value = self._values.get(key, {})
        if not isinstance(value, dict) or len(value) > most:
            self.fault(f"{key} must be an object of at most {most} entries")
            return {}
        return {name: Fields(shown(name), item, keys, self._faults) for name, item in value.items()}

    def _list(self, key: str, most: int) -> list[object]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or len(value) > most:
            self.fault(f"{key} must be a list of at most {most} entries")
            return []
        return value

    @staticmethod
    def _member(value: object, kind: type[_Member]) -> _Member | None:
        return next((member for member in kind if member.value == value), None)


def shown(value: object) -> str:
    """Return a value as it stands in a message: short, and with nothing that cannot be printed."""
    text = ascii(value) if isinstance(value, str | int | float) else type(value).__name__
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""Reading TOML tables so that every fault of a file is found at once."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from rhythmtrainer.model import ContentError

_E = TypeVar("_E", bound=StrEnum)


def load_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    ContentError
        If the file is missing, not UTF-8, or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name} is not valid TOML: {error}.") from error


class Faults:
    """Collects what is wrong with a content file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note a fault: the place in the file, and what is wrong there."""
        self._found.append(f"{where}: {what}")

    def raise_any(self) -> None:
        """Raise one `ContentError` that lists every fault, if there was one."""
        if self._found:
            raise ContentError(
                f"{self._path.name} has {len(self._found)} fault(s):\n  " + "\n  ".join(self._found)
            )


class Row:
    """One table of a content file, whose values are asked for by key and type.

    A value that is missing or of the wrong type is noted as a fault, and a harmless stand-in
    is returned so that the rest of the file is still checked.
    """

    def __init__(self, values: Mapping[str, Any], where: str, faults: Faults) -> None:
        self._values = values
        self._where = where
        self._faults = faults

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str, what: str) -> None:
        """Note a fault under `key`."""
        self._faults.add(f"{self._where}, {key}", what)

    def text(self, key: str, *, empty: bool = False) -> str:
        """Return a string; an empty one is a fault unless `empty` is true."""
        value = self._values.get(key)
        if not isinstance(value, str):
            self.fault(key, "a text is missing")
            return ""
        if not value.strip() and not empty:
            self.fault(key, "must not be empty")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._values.get(key)
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
            return False
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, which may be empty."""
        value = self._values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, "must be a list of texts")
            return ()
        return tuple(value)

    def table(self, key: str) -> "Row":
        """Return a table within this one."""
        value = self._values.get(key)
        if not isinstance(value, dict):
            self.fault(key, "must be a table")
            value = {}
        return Row(value, f"{self._where}, {key}", self._faults)

    def only(self, keys: Collection[str]) -> None:
        """Note a fault for each key that is none of these."""
        for key in self._values:
            if key not in keys:
                self.fault(key, f"is unknown; allowed are {', '.join(keys)}")

    def tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        """Return a list of tables, which may be empty."""
        value = self._values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(key, "must be a list of tables")
            return ()
        return value

    def number_pair(self, key: str) -> tuple[int, int] | None:
        """Return an ascending pair of whole numbers, or None if the key is absent."""
        value = self._values.get(key)
        if value is None:
            return None
        match value:
            case [int(low), int(high)] if low <= high:
                return low, high
        self.fault(key, f"must be two whole numbers, the lower first, got {value}")
        return None

    def member(self, key: str, kind: type[_E]) -> _E:
        """Return a member of an enumeration by its stored value."""
        return self.as_member(key, self.text(key), kind)

    def as_member(self, key: str, value: str, kind: type[_E]) -> _E:
        """Return the member of `kind` that is stored as `value`, noting a fault under `key`."""
        try:
            return kind(value)
        except ValueError:
            self.fault(key, f"{value!r} is not one of the {kind.__name__} values")
            return next(iter(kind))

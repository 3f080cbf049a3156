"""Read the rules of a database, and tell everything that is wrong with them at once."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from rhythmtrainer.model import RateSource, RhythmId
from rhythmtrainer.records.index.rules import (
    Borders,
    BuildError,
    Choice,
    EpisodeSymbol,
    Floor,
    Identity,
    Interval,
    Lengths,
    RateClass,
    Rule,
    Rules,
    WidthBorder,
)

_Row = TypeVar("_Row", Rule, Choice, RateClass, WidthBorder, Floor, Identity, EpisodeSymbol)

COMMON = "common.toml"
"""The file beside those of the databases that holds what is true of all of them."""

PATIENTS = "patients.toml"
"""The file that says whose recordings belong together."""

_NEVER = re.compile(r"(?!)")
_KINDS: Mapping[str, type] = {
    "version": str,
    "reader": str,
    "annotations": str,
    "beat_annotations": list,
    "rhythm_note": str,
    "unlabelled": str,
    "patient": str,
    "most_spans": int,
}


def read_rules(folder: Path, database: str) -> Rules:
    """Read the rules of one database from a folder of such files.

    Raises
    ------
    BuildError
        If there are none, or they name something that does not exist; all faults are named at
        once.
    """
    path = folder / f"{database}.toml"
    if not path.is_file():
        raise BuildError(f"There are no rules for {database}: it cannot be indexed.")
    faults: list[str] = []
    common = _table(folder / COMMON, faults)
    patients = _table(folder / PATIENTS, faults)
    table = _of_right_kinds(_table(path, faults), path.name, faults)
    parts: dict[str, Any] = {
        "version": table.get("version", ""),
        "reader": table.get("reader", ""),
        "rules": _rows(Rule, table, "rule", faults),
        "leads": _rows(Choice, table, "lead", faults),
        "left_out": _rows(Choice, table, "left_out", faults),
        "chosen": _rows(Choice, table, "chosen", faults),
        "identities": _rows(Identity, patients, "identity", faults),
        "borders": Borders(
            {**_classes(common, COMMON, faults), **_classes(table, path.name, faults)},
            _rows(WidthBorder, common, "width_border", faults),
            _rows(Floor, common, "quality_floor", faults),
        ),
        "lengths": _lengths(common.get("lengths", {}), faults),
        "annotations": table.get("annotations", "atr"),
        "beat_annotations": tuple(map(str, table.get("beat_annotations", ()))),
        "rhythm_note": _pattern("rhythm_note", table.get("rhythm_note", r"\([A-Z]+"), faults),
        "episode_symbols": _rows(EpisodeSymbol, table, "episode_symbol", faults),
        "unlabelled": table.get("unlabelled", ""),
        "patient": _pattern("patient", table["patient"], faults) if "patient" in table else None,
        "most_spans": table.get("most_spans", 0),
    }
    faults += [f"{path.name}: {key} is missing" for key in ("version", "reader") if not parts[key]]
    if faults:
        raise BuildError(f"The rules for {database} cannot be used: {'; '.join(faults)}")
    return Rules(database=database, **parts)


def _table(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        faults.append(f"{path.name} cannot be opened: {fault.strerror or fault}")
    except ValueError as fault:
        faults.append(f"{path.name} is not TOML: {fault}")
    return {}


def _of_right_kinds(table: dict[str, Any], file: str, faults: list[str]) -> dict[str, Any]:
    """Return a table without the keys whose values are of another kind than they must be."""
    wrong = {key for key, kind in _KINDS.items() if not isinstance(table.get(key, kind()), kind)}
    faults += [f"{file}: {key} is no {_KINDS[key].__name__}" for key in sorted(wrong)]
    return {key: value for key, value in table.items() if key not in wrong}


def _lengths(table: Mapping[str, float], faults: list[str]) -> Lengths | None:
    try:
        return Lengths(**table)
    except TypeError as fault:
        faults.append(f"{COMMON}, lengths: {fault}")
    return None


def _classes(table: dict[str, Any], file: str, faults: list[str]) -> dict[RhythmId, Interval]:
    """Return the rates between which rhythms keep clear of their neighbours, each at most once."""
    classes = _rows(RateClass, table, "rate_class", faults)
    split = [rhythm for one in classes for rhythm in sorted(one.rhythms)]
    faults += [f"{file}: two classes for {one}" for one in set(split) if split.count(one) > 1]
    return {rhythm: one.rate for one in classes for rhythm in sorted(one.rhythms)}


def _pattern(name: str, text: str, faults: list[str]) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as fault:
        faults.append(f"{name}: {fault}")
    return _NEVER


def _rows(
    kind: type[_Row], table: dict[str, Any], name: str, faults: list[str]
) -> tuple[_Row, ...]:
    known = {field.name for field in fields(kind)}
    rows = []
    for number, row in enumerate(table.get(name, []), start=1):
        strange = sorted(row.keys() - known)
        try:
            if strange:
                raise ValueError(f"unknown: {', '.join(strange)}")  # noqa: TRY301 - one way out
            if not str(row.get("reason", "")).strip():
                raise ValueError("no reason is given")  # noqa: TRY301 - one way out
            rows.append(kind(**{key: _READERS.get(key, _as_it_is)(row[key]) for key in row}))
        except (TypeError, ValueError, re.error) as fault:
            faults.append(f"{name} {number}: {fault}")
    return tuple(rows)


def _as_it_is(value: Any) -> Any:
    return value


def _rhythms(values: list[str]) -> frozenset[RhythmId]:
    return frozenset(map(RhythmId, values))


def _interval(values: list[float]) -> Interval:
    low, high = map(float, values)
    if not low < high:
        raise ValueError(f"{values} does not end after it begins")
    return low, high


_READERS: dict[str, Callable[[Any], Any]] = {
    "accepted": _rhythms,
    "closest_s": _interval,
    "codes": frozenset,
    "event": re.compile,
    "except_for": _rhythms,
    "header_has": re.compile,
    "header_lacks": re.compile,
    "pattern": re.compile,
    "qrs_s": _interval,
    "rate": _interval,
    "rate_source": RateSource,
    "record": re.compile,
    "records": frozenset,
    "rhythm": RhythmId,
    "rhythms": _rhythms,
    "rr_spread_s": _interval,
    "stretches": lambda values: tuple(map(_interval, values)),
    "swing_mv": _interval,
    "widest_s": _interval,
}

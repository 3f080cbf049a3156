"""Read ``rules.toml``: which stretches under which labels become spans of the catalogue."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rhythmtrainer.model import RateSource, RecordRef, RhythmId

Interval = tuple[float, float]
_Row = TypeVar("_Row", "Rule", "Choice")


class BuildError(Exception):
    """The catalogue cannot be built; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How spans of one rhythm are found under some codes of one database.

    Attributes
    ----------
    records
        The records to look in; empty for all of the database.
    header
        Words of the header's comment on which the rhythm rests, where no code says it.
    least_s
        Shortest span.
    minutes
        Most that one record may give; None for all it has.
    beats
        Codes that beats may have inside a span; empty where the database marks no beats.
    pattern
        Beat codes of one period of a rhythm that repeats itself.
    clear_s
        Seconds on either side of a window in which the same beats are asked for.
    rate
        Lowest and highest rate in beats per minute: of each window where the reference beats
        tell it, of the whole span where it is measured.
    rr_spread_s
        Most that the longest and the shortest RR interval of a window may differ.
    peak_to_peak_mv
        Least swing of the signal, its wander taken off.
    waves
        Whether a measured rate comes from the period of the waves, not from beats.
    """

    database: str
    codes: frozenset[str]
    rhythm: RhythmId
    rate_source: RateSource
    reason: str
    accepted: frozenset[RhythmId] = frozenset()
    records: frozenset[str] = frozenset()
    header: str = ""
    least_s: float = 10.0
    minutes: float | None = None
    beats: frozenset[str] = frozenset()
    pattern: str = ""
    clear_s: float = 0.0
    rate: Interval | None = None
    rr_spread_s: float | None = None
    peak_to_peak_mv: float | None = None
    waves: bool = False

    def concerns(self, record: RecordRef) -> bool:
        """Return whether the rule looks into a record."""
        return self.database == record.database and (
            not self.records or record.record in self.records
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that a person made about records, with the reason and who says so.

    Attributes
    ----------
    records, rhythms, stretches
        What it concerns; empty means all of them. Stretches are seconds from the first sample.
    lead
        The lead to show, where the choice is about leads.
    """

    database: str
    reason: str
    says: str
    records: frozenset[str] = frozenset()
    rhythms: frozenset[RhythmId] = frozenset()
    stretches: tuple[Interval, ...] = ()
    lead: str = ""

    def concerns(self, record: RecordRef, rhythm: RhythmId) -> bool:
        """Return whether the choice is about this rhythm in this record."""
        return (
            self.database == record.database
            and (not self.records or record.record in self.records)
            and (not self.rhythms or rhythm in self.rhythms)
        )


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in seconds that hold for every rule; ``rules.toml`` explains each."""

    window_s: float
    least_window_s: float
    step_s: float
    margin_s: float
    least_margin_s: float
    longest_s: float
    swing_s: float
    wander_s: float
    beside_s: float
    likeness_s: float
    shortest_wave_s: float
    longest_wave_s: float


@dataclass(frozen=True, slots=True)
class Rules:
    """All that ``rules.toml`` holds.

    Attributes
    ----------
    versions
        The version of each database.
    leads
        Which lead to show: the first choice that concerns a record and whose lead it has.
    left_out
        Stretches that never become spans.
    chosen
        Stretches that alone become spans of a rhythm in a record.
    patients
        Records of a person who stands in more than one, ``database-record``, with one common id.
    """

    versions: dict[str, str]
    lengths: Lengths
    rules: tuple[Rule, ...]
    leads: tuple[Choice, ...]
    left_out: tuple[Choice, ...]
    chosen: tuple[Choice, ...]
    patients: dict[str, str] = field(default_factory=dict)

    def patient(self, record: RecordRef) -> str:
        """Return who was recorded."""
        own = f"{record.database}-{record.record}"
        return self.patients.get(own, own)

    def lead(self, record: RecordRef, rhythm: RhythmId, present: Sequence[str]) -> str | None:
        """Return the lead to show, or None where the record lacks it."""
        for choice in self.leads:
            if choice.concerns(record, rhythm) and choice.lead in present:
                return choice.lead
        return None

    def usable(self, record: RecordRef, rhythm: RhythmId, episode: Interval) -> list[Interval]:
        """Return the parts of an episode that the choices leave."""
        chosen = [choice for choice in self.chosen if choice.concerns(record, rhythm)]
        parts = [episode]
        if chosen:
            stretches = [stretch for choice in chosen for stretch in choice.stretches]
            parts = [(max(a, episode[0]), min(b, episode[1])) for a, b in stretches]
        for gap in self.gaps(record, rhythm):
            parts = [rest for part in parts for rest in _without(part, gap)]
        return sorted((a, b) for a, b in parts if b > a)

    def gaps(self, record: RecordRef, rhythm: RhythmId) -> list[Interval]:
        """Return the stretches of a record that are left out for a rhythm."""
        return [
            stretch
            for choice in self.left_out
            if choice.concerns(record, rhythm)
            for stretch in choice.stretches or ((0.0, float("inf")),)
        ]


def _without(part: Interval, gap: Interval) -> list[Interval]:
    pieces = [(part[0], min(part[1], gap[0])), (max(part[0], gap[1]), part[1])]
    return [(a, b) for a, b in pieces if b > a]


def read_rules(path: Path) -> Rules:
    """Read the rules.

    Raises
    ------
    BuildError
        If the file names something that does not exist; all faults are named at once.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    faults: list[str] = []
    rules = Rules(
        versions=table["versions"],
        lengths=Lengths(**table["lengths"]),
        rules=_rows(Rule, table, "rule", faults),
        leads=_rows(Choice, table, "lead", faults),
        left_out=_rows(Choice, table, "left_out", faults),
        chosen=_rows(Choice, table, "chosen", faults),
        patients=table["patients"],
    )
    if faults:
        raise BuildError(f"{path.name} cannot be used: {'; '.join(faults)}")
    return rules


def _rows(
    kind: type[_Row], table: dict[str, Any], name: str, faults: list[str]
) -> tuple[_Row, ...]:
    rows = []
    for number, row in enumerate(table[name], start=1):
        try:
            rows.append(kind(**{key: _READERS.get(key, _as_it_is)(row[key]) for key in row}))
        except (TypeError, ValueError) as fault:
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
    "beats": frozenset,
    "codes": frozenset,
    "rate": _interval,
    "rate_source": RateSource,
    "records": frozenset,
    "rhythm": RhythmId,
    "rhythms": _rhythms,
    "stretches": lambda values: tuple(map(_interval, values)),
}

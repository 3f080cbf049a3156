"""What the rules of a database say: which stretches under which labels become spans."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rhythmtrainer.model import RateSource, RecordRef, RhythmId, UserError

Interval = tuple[float, float]
_SAYS = frozenset({"annotation", "header", "documentation", "seen in the trace"})


class BuildError(UserError):
    """A database cannot be indexed; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How spans of one rhythm are found under some codes of one database.

    Rules are applied in the order of their file, and no second belongs to two of them.

    Attributes
    ----------
    records
        The records to look in; empty for all of the database.
    header
        Words of the header's comment on which the rhythm rests, where no code says it.
    header_has, header_lacks
        What the header's comment must say and must not say for the rule to look into a record.
    least_s
        Shortest span.
    window_s
        Length of the windows that must all fit; 0 for what is shown to a learner, or for the
        shortest that is shown where an event has to be in it.
    pattern
        Beat codes of a run, as a regular expression: all beats of a window belong to one run.
    clear_s
        Seconds on either side of a window in which the beats have to belong to the run as well.
    event
        Beat codes of something that happens, as a regular expression: each window holds it whole.
    closest_s, widest_s
        Shortest and longest that the shortest RR interval inside an event may be; the same of its
        longest.
    early
        Most that the shortest RR interval inside an event may be, as a share of its first.
    rate
        Lowest and highest rate in beats per minute: of each window where the reference beats
        tell it, of the whole span where it is measured.
    rr_spread_s
        How much the longest and the shortest RR interval of a window differ, least and most.
    rr_step_s
        Most that neighbouring RR intervals of a window may differ.
    swing_mv
        Least and most swing of the signal in every short stretch, its wander taken off.
    waves
        Whether a measured rate comes from the period of the waves, not from beats.
    noisy
        Whether stretches that are annotated as noisy may be shown.
    edge_s
        Seconds kept away from the edges of the label, where the common margin is not right.
    """

    codes: frozenset[str]
    rhythm: RhythmId
    rate_source: RateSource
    reason: str
    accepted: frozenset[RhythmId] = frozenset()
    records: frozenset[str] = frozenset()
    header: str = ""
    header_has: re.Pattern[str] | None = None
    header_lacks: re.Pattern[str] | None = None
    least_s: float = 6.0
    window_s: float = 0.0
    pattern: re.Pattern[str] | None = None
    clear_s: float = 0.0
    event: re.Pattern[str] | None = None
    closest_s: Interval | None = None
    widest_s: Interval | None = None
    early: float = 1.0
    rate: Interval | None = None
    rr_spread_s: Interval | None = None
    rr_step_s: float | None = None
    swing_mv: Interval | None = None
    waves: bool = False
    noisy: bool = False
    edge_s: float | None = None

    def __post_init__(self) -> None:
        if self.event is not None and self.event.match(""):
            raise ValueError(f"the event {self.event.pattern!r} may be no beat at all")

    def concerns(self, record: RecordRef) -> bool:
        """Return whether the rule looks into a record."""
        return not self.records or record.record in self.records

    def fits(self, comments: str) -> bool:
        """Return whether a header's comment is as the rule asks for."""
        return (self.header_has is None or self.header_has.search(comments) is not None) and (
            self.header_lacks is None or self.header_lacks.search(comments) is None
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

    reason: str
    says: str
    records: frozenset[str] = frozenset()
    rhythms: frozenset[RhythmId] = frozenset()
    stretches: tuple[Interval, ...] = ()
    lead: str = ""

    def __post_init__(self) -> None:
        if self.says not in _SAYS:
            raise ValueError(f"says is {self.says!r}; allowed is one of {sorted(_SAYS)}")

    def concerns(self, record: RecordRef, rhythm: RhythmId) -> bool:
        """Return whether the choice is about this rhythm in this record."""
        return (not self.records or record.record in self.records) and (
            not self.rhythms or rhythm in self.rhythms
        )


@dataclass(frozen=True, slots=True)
class RateClass:
    """Between which rates a rhythm keeps well clear of its neighbours."""

    rhythms: frozenset[RhythmId]
    rate: Interval
    reason: str


@dataclass(frozen=True, slots=True)
class WidthBorder:
    """Widths of the QRS complex in seconds that are neither narrow nor wide for some rhythms."""

    rhythms: frozenset[RhythmId]
    qrs_s: Interval
    reason: str


@dataclass(frozen=True, slots=True)
class Floor:
    """The least share of readable seconds, for all rhythms but some."""

    quality: float
    except_for: frozenset[RhythmId]
    reason: str


@dataclass(frozen=True, slots=True)
class Identity:
    r"""Who was recorded, or which recording of another database it is.

    Attributes
    ----------
    record
        A regular expression that the whole of a record's path below its database matches.
    patient, recording
        Names in which ``\1`` stands for the first group of `record`. Recordings of one name are
        one recording. Without a patient, the one that the reader found in the database's own
        table is kept.
    """

    database: str
    record: re.Pattern[str]
    reason: str
    says: str
    patient: str = ""
    recording: str = ""

    def concerns(self, ref: RecordRef) -> bool:
        """Return whether it is about a record."""
        return ref.database == self.database and self.record.fullmatch(ref.record) is not None


@dataclass(frozen=True, slots=True)
class EpisodeSymbol:
    """A code of single annotations that begins a stretch of its own, as rhythm notes do.

    Attributes
    ----------
    symbol
        The code, which is the name of the stretch as well.
    lasts_s
        How long the stretch lasts at most.
    """

    symbol: str
    reason: str
    lasts_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in seconds that hold for every rule; ``common.toml`` explains each."""

    window_s: float
    least_window_s: float
    step_s: float
    margin_s: float
    least_margin_s: float
    record_edge_s: float
    event_margin_s: float
    longest_s: float
    swing_s: float
    wander_s: float
    beside_s: float
    likeness_s: float
    shortest_wave_s: float
    longest_wave_s: float
    silence_s: float
    beside_beat_s: float


@dataclass(frozen=True, slots=True)
class Borders:
    """Where classes of rhythms meet, and how far items keep away from there."""

    rates: Mapping[RhythmId, Interval]
    widths: tuple[WidthBorder, ...]
    floors: tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the file of one database holds, and what is true of every database.

    Attributes
    ----------
    reader
        Which reader understands the database's labels.
    annotations
        Ending of the files with the labels.
    beat_annotations
        Endings of the files with the beats, the best first; none where they stand among the labels.
    rhythm_note
        What the text beside an annotation looks like, from its beginning, if it names a rhythm.
    episode_symbols
        Codes that begin a stretch without such a text.
    unlabelled
        The name of stretches that nothing labels; without it, they give no spans.
    patient
        What of the header's comment says who was recorded: its group is the patient's name.
        Without a group, recordings whose comments say the same in any order are of one person.
    most_spans
        At most so many spans of one rule in one record, spread over it; 0 for all of them.
    leads
        Which lead to show: the first choice that concerns a record and whose lead it has.
    left_out
        Stretches that never become spans.
    chosen
        Stretches that alone become spans of a rhythm in a record.
    identities
        Whose recordings they are, of every database.
    """

    database: str
    version: str
    reader: str
    lengths: Lengths
    borders: Borders
    rules: tuple[Rule, ...]
    leads: tuple[Choice, ...]
    left_out: tuple[Choice, ...]
    chosen: tuple[Choice, ...]
    identities: tuple[Identity, ...]
    annotations: str = "atr"
    beat_annotations: tuple[str, ...] = ()
    rhythm_note: re.Pattern[str] = re.compile(r"\([A-Z]+")
    episode_symbols: tuple[EpisodeSymbol, ...] = ()
    unlabelled: str = ""
    patient: re.Pattern[str] | None = None
    most_spans: int = 0

    def lead(self, record: RecordRef, rhythm: RhythmId, present: Sequence[str]) -> str | None:
        """Return the lead to show, or None where the record lacks it."""
        for choice in self.leads:
            if choice.concerns(record, rhythm) and choice.lead in present:
                return choice.lead
        return None

    def rate(self, rule: Rule) -> Interval | None:
        """Return the rates that a rule allows: its own, or else those of the rhythm's class."""
        return rule.rate or self.borders.rates.get(rule.rhythm)

    def usable(self, record: RecordRef, rhythm: RhythmId, episode: Interval) -> list[Interval]:
        """Return the parts of an episode that the choices leave."""
        chosen = [choice for choice in self.chosen if choice.concerns(record, rhythm)]
        parts = [episode]
        if chosen:
            stretches = [stretch for choice in chosen for stretch in choice.stretches]
            parts = [(max(a, episode[0]), min(b, episode[1])) for a, b in stretches]
        return without(parts, self.gaps(record, rhythm))

    def why_left_out(self, record: RecordRef) -> str | None:
        """Return the reason for which all of a record is left out, or None."""
        for choice in self.left_out:
            if record.record in choice.records and not (choice.rhythms or choice.stretches):
                return choice.reason
        return None

    def gaps(self, record: RecordRef, rhythm: RhythmId) -> list[Interval]:
        """Return the stretches of a record that are left out for a rhythm."""
        return [
            stretch
            for choice in self.left_out
            if choice.concerns(record, rhythm)
            for stretch in choice.stretches or ((0.0, float("inf")),)
        ]


def without(parts: Sequence[Interval], gaps: Sequence[Interval]) -> list[Interval]:
    """Return what is left of some stretches when others are taken away, in order."""
    left = [(a, b) for a, b in parts if b > a]
    for start, end in gaps:
        left = [
            (a, b)
            for one in left
            for a, b in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if b > a
        ]
    return sorted(left)

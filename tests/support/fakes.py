"""Stand-ins for what the program reaches through ports, and small values to build tests from."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from rhythmtrainer.model import (
    Attempt,
    CourseId,
    Database,
    LeadName,
    Mode,
    Origin,
    Provenance,
    QuestionId,
    QuestionKind,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Session,
    SessionId,
    Span,
    StoreError,
    Strip,
    StripRef,
    UnreachableError,
    Verdict,
)
from rhythmtrainer.training.cancel import Cancel
from tests.support.synthetic import ecg_at, regular_peaks

FS = 250.0
RECORD_SECONDS = 120.0
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

DATABASE = Database(
    id="madeup",
    version="1.0.0",
    title="Made-up Database",
    citation="Nobody. A database that tests make. 2026.",
    doi="10.0000/none",
    licence="CC0",
    labels="Labelled by the tests.",
)


def record(name: str) -> RecordRef:
    return RecordRef("madeup", "1.0.0", name)


def span(
    rhythm: RhythmId,
    name: str,
    *,
    start_s: float = 10.0,
    duration_s: float = 60.0,
    accepted: frozenset[RhythmId] = frozenset(),
    patient: str | None = None,
) -> Span:
    return Span(
        ref=StripRef(record(name), (LeadName("II"),), start_s, duration_s),
        rhythm=rhythm,
        accepted=accepted,
        label=f"({rhythm} at {start_s} s",
        rate_bpm=75.0,
        rate_source=RateSource.REFERENCE_BEATS,
        patient=patient or f"madeup-{name}",
    )


SPANS = (
    span(RhythmId.NORMAL_SINUS_RHYTHM, "a"),
    span(RhythmId.SINUS_BRADYCARDIA, "b"),
    span(RhythmId.SINUS_TACHYCARDIA, "c"),
    span(RhythmId.AVB2_2TO1, "d"),
    span(RhythmId.VT_MONOMORPHIC, "e", accepted=frozenset({RhythmId.VENTRICULAR_FLUTTER})),
    span(RhythmId.ASYSTOLE, "f"),
)


def strip(
    name: str = "a", start_s: float = 0.0, seconds: float = 10.0, rate: float = 75.0
) -> Strip:
    """A stretch of a made-up recording of two minutes."""
    whole = ecg_at(regular_peaks(rate, RECORD_SECONDS), FS, RECORD_SECONDS, seed=1)
    first = min(max(round(start_s * FS), 0), whole.size)
    last = min(round((start_s + seconds) * FS), whole.size)
    return Strip(
        signal=whole[np.newaxis, first:last],
        fs=FS,
        leads=(LeadName("II"),),
        start_s=first / FS,
        at_end=last == whole.size,
        provenance=Provenance(Origin.REAL, record(name).path, DATABASE),
    )


@dataclass
class FakeSource:
    """A `StripSource` of made-up recordings.

    `damaged` records raise `RecordError`; `remote` ones need a network, which is down while
    `network_down` is set, except for their `stretches`; while `gate` is given, reads wait for it.
    """

    damaged: set[str] = field(default_factory=set)
    stretches: dict[str, tuple[float, float]] = field(default_factory=dict)
    remote: set[str] = field(default_factory=set)
    network_down: bool = False
    gate: threading.Event | None = None
    reads: list[StripRef] = field(default_factory=list)
    read_at: list[tuple[float, float]] = field(default_factory=list)
    origin: Origin = Origin.REAL

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        if self.gate is not None:
            with cancel.calling(self.gate.set):
                self.gate.wait(10.0)
        cancel.check()
        self.reads.append(ref)
        self.read_at.append((start_s, seconds))
        name = ref.record.record
        if name in self.damaged:
            raise RecordError(f"{ref.record.path} is damaged.")
        kept_from, kept_to = self.stretches.get(name, (0.0, 0.0))
        kept = kept_from <= start_s and start_s + seconds <= kept_to + 1e-9
        if name in self.remote and self.network_down and not kept:
            raise UnreachableError("The network does not answer.")
        found = strip(name, start_s, seconds)
        return replace(found, provenance=replace(found.provenance, origin=self.origin))

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        name = ref.record.record
        if name not in self.remote:
            return (ref,)
        first, last = self.stretches.get(name, (0.0, 0.0))
        first, last = max(first, ref.start_s), min(last, ref.end_s)
        return (replace(ref, start_s=first, duration_s=last - first),) if last > first else ()


class FakeStore:
    """An `AttemptStore` in memory that can be told to fail."""

    def __init__(self) -> None:
        self.saved: list[Attempt] = []
        self.begun: list[Session] = []
        self.full = False
        self.on_add: Callable[[], object] = lambda: None

    def start_session(self, session: Session) -> None:
        if self.full:
            raise StoreError("The answer could not be saved: the disk is full.")
        self.begun.append(session)

    def add(self, attempt: Attempt) -> None:
        self.on_add()
        if self.full:
            raise StoreError("The answer could not be saved: the disk is full.")
        if all(known.question != attempt.question for known in self.saved):
            self.saved.append(attempt)

    def attempts(self) -> Sequence[Attempt]:
        return tuple(self.saved)

    def sessions(self, limit: int) -> Sequence[Session]:
        return tuple(reversed(self.begun))[:limit]


def session(
    name: str = "s1",
    *,
    seed: int = 1,
    started_at: datetime = NOW,
    course: CourseId = CourseId.ACLS,
) -> Session:
    return Session(SessionId(name), course, Mode.PRACTICE, seed, started_at)


def attempt(
    question: str = "q1",
    *,
    session_id: str = "s1",
    position: int = 0,
    answer: RhythmId = RhythmId.NORMAL_SINUS_RHYTHM,
    chosen: RhythmId = RhythmId.NORMAL_SINUS_RHYTHM,
    response_s: float = 4.0,
    origin: Origin = Origin.REAL,
    answered_at: datetime = NOW,
) -> Attempt:
    return Attempt(
        question=QuestionId(question),
        session=SessionId(session_id),
        position=position,
        kind=QuestionKind.NAME,
        window=StripRef(record("a"), (LeadName("II"),), 12.5, 10.0),
        label="(N at 10.0 s",
        patient="madeup-a",
        origin=origin,
        choices=(answer, RhythmId.AVB3, RhythmId.SVT, RhythmId.ASYSTOLE),
        chosen=chosen,
        answer=answer,
        verdict=Verdict.RIGHT if answer == chosen else Verdict.WRONG,
        response_s=response_s,
        answered_at=answered_at,
    )

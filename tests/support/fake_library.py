"""A library and a shelf of strips that tests make up."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from rhythmtrainer.model import (
    STANDARD_LEADS,
    Database,
    Holding,
    LabelledStrip,
    LeadName,
    Pack,
    PackId,
    Progress,
    Quiz,
    RecordError,
    RhythmCoverage,
    RhythmId,
    Scenario,
    Strip,
    StripId,
    Teaching,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

TODAY: Final = date(2026, 3, 1)
_PATIENCE_S: Final = 10.0


def database(name: str, title: str, version: str = "1.0.0", doi: str = "10.0000/none") -> Database:
    return Database(
        name,
        version,
        title,
        citation=f"Nobody. {title}. A database that tests make. 2026.",
        doi=doi,
        licence="Open Data Commons Attribution License v1.0",
        labels="Labelled by the tests, which agree with each other.",
    )


def holding(
    name: str,
    title: str = "Made-up Database",
    *,
    records: int = 0,
    size: int = 0,
    published: int | None = 10,
    spans: int = 0,
    rhythms: int = 0,
    cached: int = 0,
    own: bool = False,
    can_index: bool = True,
    published_size: int | None = None,
) -> Holding:
    return Holding(
        database(name, title),
        records,
        size,
        published,
        spans,
        rhythms,
        cached,
        own,
        can_index,
        published_size,
    )


HOLDINGS: Final = (
    holding("small", records=10, size=104_300_000, spans=339, rhythms=18),
    holding("elsewhere", "Database Elsewhere", published=25, published_size=430_000_000),
    holding("huge", "Huge Database", published=21_799, published_size=3_300_000_000),
    holding(
        "odd", "Odd Database", records=3, size=4_200_000, published=None, own=True, can_index=False
    ),
)


def coverage(rhythm: RhythmId, excerpts: int = 0, *databases: str) -> RhythmCoverage:
    patients = (excerpts + 9) // 10
    return RhythmCoverage(rhythm, excerpts, excerpts / 6.0, patients, patients // 3, databases)


COVERAGE: Final = tuple(
    coverage(rhythm, 100 * place, "small", "huge") if place % 3 else coverage(rhythm)
    for place, rhythm in enumerate(RhythmId)
)


def labelled(
    name: str,
    title: str = "Made-up strip",
    answer: RhythmId = RhythmId.AVB2_TYPE1,
    *,
    leads: Sequence[str] = ("II",),
    licence: str = "CC0",
    dropped: tuple[str, ...] = ("patient's name",),
) -> LabelledStrip:
    return LabelledStrip(
        StripId(name),
        title,
        tuple(LeadName(lead) for lead in leads),
        10.0,
        answer,
        accepted=frozenset({RhythmId.AVB2_2TO1}),
        teaching=Teaching(Scenario.WITH_PULSE, 71.0, "Look at the PR intervals."),
        source="own recording (EDF)",
        licence=licence,
        dropped=dropped,
    )


def pack(name: str, title: str = "Made-up pack", *strips: LabelledStrip) -> Pack:
    quiz = Quiz("First quiz", tuple(strip.id for strip in strips)) if strips else None
    return Pack(PackId(name), title, "Nobody", TODAY, "For a first hour.", strips, quiz)


STRIPS: Final = (
    labelled("wenckebach", "Wenckebach in the morning"),
    labelled("vt", "Wide and fast", RhythmId.VT_MONOMORPHIC, leads=STANDARD_LEADS),
    labelled("flutter", "Two flutter waves to one", RhythmId.ATRIAL_FLUTTER, licence=""),
)


@dataclass
class FakeLibrary:
    """Databases as a test wants them.

    Attributes
    ----------
    gate
        Work waits until it is opened, or until it is called off.
    fault
        What work ends with in place of a sentence.
    unreadable
        Why nobody knows what there is.
    news
        What work tells of before it waits.
    asked
        What was wanted, in order: the verb, the database, and the records.
    """

    held: tuple[Holding, ...] = HOLDINGS
    covered: tuple[RhythmCoverage, ...] = COVERAGE
    gate: threading.Event | None = None
    fault: UserError | None = None
    unreadable: UserError | None = None
    news: tuple[Progress, ...] = (Progress("100.dat, 12 of 91 MB", 0.13),)
    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    called_off: int = 0
    on_work: Callable[[], object] = lambda: None

    def holdings(self, cancel: Cancel) -> Sequence[Holding]:
        cancel.check()
        if self.unreadable is not None:
            raise self.unreadable
        return self.held

    def coverage(self) -> Sequence[RhythmCoverage]:
        return self.covered

    def fetch(self, database: str, records: Sequence[str], tell: Tell, cancel: Cancel) -> str:
        self._work("fetch", database, tuple(records), tell, cancel)
        self.held = tuple(
            replace(each, records=each.published or 1) if each.database.id == database else each
            for each in self.held
        )
        return f"All of {database} is on this computer."

    def verify(self, database: str, tell: Tell, cancel: Cancel) -> str:
        self._work("verify", database, (), tell, cancel)
        return f"All files of {database} are as they were published."

    def index(self, database: str, tell: Tell, cancel: Cancel) -> str:
        self._work("index", database, (), tell, cancel)
        return f"{database} is in your catalogue."

    def _work(
        self, verb: str, database: str, records: tuple[str, ...], tell: Tell, cancel: Cancel
    ) -> None:
        self.asked.append((verb, database, records))
        self.on_work()
        for news in self.news:
            tell(news)
        _wait(self.gate, cancel)
        if cancel.thrown:
            self.called_off += 1
        cancel.check()
        if self.fault is not None:
            raise self.fault


@dataclass
class FakeShelf:
    """Strips and packs in memory.

    Attributes
    ----------
    files
        What is in the files that can be opened, by their names.
    written
        What was written, and where.
    fault
        What every change ends with.
    unreadable
        Why nothing can be listed.
    damaged
        A sentence about each pack that cannot be read.
    """

    strips: list[LabelledStrip] = field(default_factory=lambda: list(STRIPS))
    opened: list[Pack] = field(default_factory=lambda: [pack("first", "First hour", *STRIPS)])
    files: dict[str, Pack] = field(default_factory=dict)
    written: list[tuple[Pack, Path]] = field(default_factory=list)
    removed: list[LabelledStrip] = field(default_factory=list)
    gate: threading.Event | None = None
    fault: UserError | None = None
    unreadable: UserError | None = None
    damaged: list[str] = field(default_factory=list)

    def own(self) -> Pack:
        if self.unreadable is not None:
            raise self.unreadable
        return Pack(PackId("own-strips"), "My strips", "", TODAY, "", tuple(self.strips))

    def packs(self) -> Sequence[Pack]:
        return tuple(sorted(self.opened, key=lambda each: each.title))

    def faults(self) -> Sequence[str]:
        return tuple(self.damaged)

    def add(self, strip: Strip, label: LabelledStrip) -> None:
        del strip
        self._change()
        self.strips.append(label)

    def change(self, label: LabelledStrip) -> None:
        self._change()
        self.strips = [label if each.id == label.id else each for each in self.strips]

    def remove(self, strip: StripId) -> None:
        self._change()
        self.removed += [each for each in self.strips if each.id == strip]
        self.strips = [each for each in self.strips if each.id != strip]

    def restore(self, strip: StripId) -> None:
        self._change()
        back = next(each for each in reversed(self.removed) if each.id == strip)
        self.removed.remove(back)
        self.strips.append(back)

    def read(self, pack: PackId, strip: StripId) -> Strip:
        del pack, strip
        raise NotImplementedError

    def write_pack(self, pack: Pack, file: Path) -> None:
        _wait(self.gate, Cancel())
        self._change()
        self.written.append((pack, file))

    def open_pack(self, file: Path, cancel: Cancel) -> Pack:
        _wait(self.gate, cancel)
        cancel.check()
        self._change()
        if file.name not in self.files:
            raise RecordError(f"{file.name} is not a pack of strips.")
        found = self.files[file.name]
        self.opened = [each for each in self.opened if each.id != found.id] + [found]
        return found

    def remove_pack(self, pack: PackId) -> None:
        self._change()
        self.opened = [each for each in self.opened if each.id != pack]

    def _change(self) -> None:
        if self.fault is not None:
            raise self.fault


def _wait(gate: threading.Event | None, cancel: Cancel) -> None:
    if gate is not None:
        with cancel.calling(gate.set):
            gate.wait(_PATIENCE_S)

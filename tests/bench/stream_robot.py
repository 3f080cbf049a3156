"""The practice page with a robot that answers its strips, over a slow archive."""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rhythmtrainer import paths
from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.gui.practice.controller import PracticeController
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.practice.surroundings import Surroundings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import (
    STANDARD_LEADS,
    CourseId,
    LeadName,
    Mode,
    QuestionId,
    RateSource,
    RecordRef,
    RhythmId,
    Session,
    SessionId,
    Span,
    Strip,
    StripRef,
)
from rhythmtrainer.records.sources.cache import CachedRecords, ExcerptCache
from rhythmtrainer.records.sources.in_turn import RecordLibrary
from rhythmtrainer.records.sources.physionet import PhysioNet
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.store import open_store, sqlite_url
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.selection import Material

_ROOT: Final = Path(__file__).resolve().parents[2]
_WINDOW: Final = (1280, 800)
_SEEDS: Final = itertools.count(7)
# A robot that sees no question for so long has found a fault.
_PATIENCE_S: Final = 60.0


@dataclass
class Answered:
    """What the robot met.

    Attributes
    ----------
    waits_ms
        From Enter to the painted strip, for each question.
    work_ms
        What the window's thread itself worked in that time: what is left of the wait where
        nothing else runs on the machine.
    hits, reads
        Strips that came from the cache, and strips that were read at all.
    """

    waits_ms: list[float] = field(default_factory=list)
    work_ms: list[float] = field(default_factory=list)
    first_ms: float = 0.0
    hits: int = 0
    reads: int = 0


class _Counted:
    """The cache and the archive as one source, which notes who gave what."""

    def __init__(self, cached: CachedRecords, archive: PhysioNet, found: Answered) -> None:
        self._cached = cached
        self._library = RecordLibrary([cached, archive])
        self._found = found

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        self._found.reads += 1
        kept = self._cached.at_hand(StripRef(ref.record, ref.leads, start_s, seconds))
        self._found.hits += any(
            stretch.start_s <= start_s and stretch.end_s >= start_s + seconds for stretch in kept
        )
        return self._library.read(ref, start_s, seconds, cancel)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        return self._library.at_hand(ref)


def mixed_spans(records: Path) -> list[Span]:
    """Return stretches of two leads and records of twelve, half of the questions each.

    Their rhythms are made up: what is measured is how strips come, not what they show.
    """
    course = load_courses(paths.asset("content", "courses.toml"))[CourseId.ACLS]
    long = [_stretch(path, records) for path in sorted((records / "mitdb/1.0.0").glob("*.hea"))]
    short = [
        _record(path, records)
        for pattern in ("ptb-xl/*/records500/*/*.hea", "challenge-2021/*/training/*/*.hea")
        for path in sorted(records.glob(pattern))
    ]
    short += [_record(path, records) for path in sorted(records.glob("ludb/*/data/*.hea"))]
    rhythms = course.rhythms[: len(course.rhythms) // 2 * 2]
    spans = []
    for place, rhythm in enumerate(rhythms):
        refs = (long, short)[place % 2][place // 2 :: len(rhythms) // 2]
        spans += [_span(ref, rhythm) for ref in refs]
    return spans


@contextmanager
def slow_mirror(
    records: Path, delay_ms: float, mbit: float
) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a folder from a process of its own; what it was asked for is known at the end."""
    asked: dict[str, int] = {}
    command = ["-m", "tests.support.physionet_server", str(records)]
    command += ["--delay-ms", str(delay_ms), "--mbit", str(mbit)]
    with subprocess.Popen(  # noqa: S603 - this interpreter with a module of ours
        [sys.executable, *command],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), asked
        finally:
            server.stdin.close()
            asked.update(json.loads(server.stdout.read() or "{}"))


def answer_strips(
    url: str, spans: Sequence[Span], files: dict[str, FileFacts], extent: "Extent"
) -> Answered:
    """Let the robot answer questions on the real page; return how long it waited."""
    app = QApplication.instance() or QApplication([])
    found = Answered()
    with tempfile.TemporaryDirectory() as folder:
        cache = ExcerptCache(Path(folder) / "cache")
        archive = PhysioNet(url, cache, {}, files)
        store = open_store(sqlite_url(Path(folder) / "answers.sqlite"))
        page, tasks = PracticePage(), Tasks()
        page.resize(*_WINDOW)
        controller = PracticeController(page, tasks)
        controller.set_surroundings(
            Surroundings(
                store=store,
                material=Material(
                    spans,
                    load_courses(paths.asset("content", "courses.toml"))[CourseId.ACLS],
                    load_rhythms(paths.asset("content", "rhythms.toml")),
                ),
                simulator=simulate_known,
                new_session=_new_session,
                new_id=lambda: QuestionId(uuid.uuid4().hex),
                clock=time.perf_counter,
                now=lambda: datetime.now(UTC),
            )
        )
        page.strip.set_mode(StripMode.MONITOR if extent.monitor else StripMode.PAPER)
        page.show()
        controller.set_source(_Counted(CachedRecords(cache, {}), archive, found), offline=False)
        try:
            _Robot(page, controller, found).answer(extent)
        finally:
            controller.stop()
            tasks.stop(5.0)
            archive.close()
            store.close()
            page.deleteLater()
            app.processEvents()
    return found


@dataclass(frozen=True, slots=True)
class Extent:
    """How many questions are answered, how often, and whether the monitor runs beside."""

    questions: int
    every_s: float
    monitor: bool = False


class _Robot:
    """Presses keys on the page: an answer, and a while later Enter."""

    def __init__(self, page: PracticePage, controller: PracticeController, found: Answered) -> None:
        self._page = page
        self._controller = controller
        self._found = found

    def answer(self, extent: Extent) -> None:
        self._found.first_ms = self._wait_for_strip(self._controller.start)
        for number in range(extent.questions):
            _let_pass(extent.every_s / 2)
            # Every other answer is the first one, right or wrong: wrong ones cost a strip beside.
            QTest.keyClick(self._page, Qt.Key(Qt.Key.Key_1 + number % 2))
            _let_pass(extent.every_s / 2)
            self._found.waits_ms.append(self._wait_for_strip(self._go_on))

    def _go_on(self) -> None:
        QTest.keyClick(self._page, Qt.Key.Key_Return)
        if not self._page.showing_question:
            # The session is over: its last Enter is followed by the button's.
            self._controller.start()

    def _wait_for_strip(self, act: Any) -> float:
        began, began_work = time.perf_counter(), time.thread_time()
        act()
        painted = [] if self._controller._painted_at is None else [self._controller._painted_at]
        while not painted:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if self._controller._painted_at is not None:
                painted.append(self._controller._painted_at)
            if time.perf_counter() - began > _PATIENCE_S:
                raise TimeoutError("no strip came")
        self._found.work_ms.append(1e3 * (time.thread_time() - began_work))
        return 1e3 * (painted[0] - began)


def _let_pass(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


def _new_session(_: CourseId) -> Session:
    return Session(
        SessionId(uuid.uuid4().hex), CourseId.ACLS, Mode.PRACTICE, next(_SEEDS), datetime.now(UTC)
    )


def _reference(header: Path, records: Path) -> RecordRef:
    database, version, *record = header.with_suffix("").relative_to(records).parts
    return RecordRef(database, version, "/".join(record))


def _stretch(header: Path, records: Path) -> StripRef:
    leads = [line.split()[-1] for line in header.read_text().splitlines()[1:3]]
    return StripRef(_reference(header, records), tuple(map(LeadName, leads)), 30.0, 1700.0)


def _record(header: Path, records: Path) -> StripRef:
    return StripRef(_reference(header, records), tuple(map(LeadName, STANDARD_LEADS)), 0.0, 10.0)


def _span(ref: StripRef, rhythm: RhythmId) -> Span:
    patient = ref.record.path
    return Span(ref, rhythm, frozenset(), "made up", 75.0, RateSource.MEASURED, patient)

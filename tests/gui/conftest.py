"""What tests of the window share."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.gui.practice.controller import PracticeController
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.practice.surroundings import Surroundings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import CourseId, QuestionId, RhythmId
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.training.selection import Material
from tests.support import fakes

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
COURSE = load_courses(asset("content", "courses.toml"))[CourseId.ACLS]


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    """Work beside the window; whatever goes wrong in it fails the test."""
    del qtbot
    running = Tasks()
    crashes: list[Exception] = []
    running.crashed.connect(crashes.append)
    yield running
    running.stop(5.0)
    assert crashes == []


@dataclass
class Desk:
    """A practice page with everything behind it made up, and hands to use it."""

    qtbot: QtBot
    page: PracticePage
    controller: PracticeController
    store: fakes.FakeStore
    source: fakes.FakeSource
    now: float | None = None

    def clock(self) -> float:
        """The real clock, unless a test moves the hands."""
        return time.perf_counter() if self.now is None else self.now

    def start(self) -> None:
        self.controller.set_source(self.source, offline=False)
        self.controller.start()

    def await_question(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.asking and self.shown_painted, timeout=5000)

    @property
    def shown_painted(self) -> bool:
        return self.controller._painted_at is not None

    @property
    def choices(self) -> tuple[RhythmId, ...]:
        assert self.controller._shown is not None
        return self.controller._shown.question.choices

    @property
    def right_place(self) -> int:
        assert self.controller._shown is not None
        return self.choices.index(self.controller._shown.question.answer)

    @property
    def wrong_place(self) -> int:
        return (self.right_place + 1) % len(self.choices)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.window(), key)

    def answer(self, place: int) -> None:
        self.press(Qt.Key(Qt.Key.Key_1 + place))

    def button(self, name: str) -> QPushButton:
        button = self.page.findChild(QPushButton, name)
        assert button is not None, name
        return button

    @property
    def mode(self) -> StripMode:
        return self.page.strip.mode

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: QtBot, tasks: Tasks) -> Iterator[Desk]:
    page = PracticePage()
    qtbot.addWidget(page)
    page.resize(1100, 780)
    store = fakes.FakeStore()
    controller = PracticeController(page, tasks)
    desk = Desk(qtbot, page, controller, store, fakes.FakeSource())
    controller.set_surroundings(
        Surroundings(
            store=store,
            material=Material(fakes.SPANS, COURSE, RHYTHMS),
            simulator=simulate_known,
            new_session=lambda course: fakes.session(uuid.uuid4().hex, seed=7, course=course),
            new_id=lambda: QuestionId(uuid.uuid4().hex),
            clock=desk.clock,
            now=lambda: fakes.NOW,
        )
    )
    page.show()
    qtbot.waitExposed(page)
    yield desk
    controller.stop()


def visible_text(widget: QWidget) -> str:
    """Everything that labels and buttons show now."""
    found = [
        child.text()
        for child in widget.findChildren(QWidget)
        if child.isVisible() and isinstance(child, QLabel | QAbstractButton)
    ]
    return "\n".join(found)

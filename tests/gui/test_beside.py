import threading

import pytest
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.beside import Beside
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.training.example import Example
from rhythmtrainer.training.selection import Material
from tests.gui.conftest import COURSE, RHYTHMS
from tests.support import fakes

pytestmark = pytest.mark.gui

MATERIAL = Material(fakes.SPANS, COURSE, RHYTHMS)


class Desk:
    """Somebody who asks for strips, and what came of it."""

    def __init__(self, tasks: Tasks) -> None:
        self.tasks = tasks
        self.beside = Beside(tasks)
        self.source = fakes.FakeSource()
        self.shown: list[RhythmId] = []
        self.said: list[str] = []

    def show(self, example: Example) -> None:
        self.shown.append(example.rhythm.id)

    def find(self, chosen: RhythmId) -> None:
        self.beside.find(
            fakes.attempt(chosen=chosen),
            MATERIAL,
            self.source,
            simulate_known,
            show=self.show,
            say=self.said.append,
        )


@pytest.fixture
def desk(tasks: Tasks) -> Desk:
    return Desk(tasks)


def test_what_was_chosen_is_found(desk: Desk, qtbot: QtBot) -> None:
    desk.find(RhythmId.SINUS_BRADYCARDIA)
    qtbot.waitUntil(lambda: bool(desk.shown))
    assert desk.shown == [RhythmId.SINUS_BRADYCARDIA]
    assert desk.said == []


def test_after_a_right_answer_nothing_is_looked_for(desk: Desk) -> None:
    desk.find(RhythmId.NORMAL_SINUS_RHYTHM)
    assert not desk.tasks._running


def test_a_search_gives_way_to_the_next_and_to_nothing(desk: Desk, qtbot: QtBot) -> None:
    gate = desk.source.gate = threading.Event()
    desk.find(RhythmId.SINUS_BRADYCARDIA)
    desk.find(RhythmId.SINUS_TACHYCARDIA)
    gate.set()
    qtbot.waitUntil(lambda: not desk.tasks._running)
    assert desk.shown == [RhythmId.SINUS_TACHYCARDIA]
    desk.find(RhythmId.SINUS_BRADYCARDIA)
    desk.beside.stop()
    qtbot.waitUntil(lambda: not desk.tasks._running)
    assert len(desk.shown) == 1

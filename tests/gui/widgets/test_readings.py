import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.readings import Readings
from rhythmtrainer.model import Reading, Step

pytestmark = pytest.mark.gui

READINGS = (
    Reading(Step.RATE, "Rate", "60-100/min", "72/min"),
    Reading(Step.PR, "PR interval", "0.12-0.20 s", "0.16 s"),
    Reading(Step.PAUSES, "Pauses", "", "Pause of 2.4 s"),
)


@pytest.fixture
def readings(qtbot: QtBot) -> Readings:
    readings = Readings()
    qtbot.addWidget(readings)
    readings.show_readings(READINGS)
    readings.show()
    return readings


def buttons(readings: Readings) -> list[QPushButton]:
    return readings._buttons


def test_each_step_can_be_looked_at_alone_and_let_go_again(readings: Readings) -> None:
    seen: list[Step | None] = []
    readings.focus_changed.connect(seen.append)
    rate, pr, _ = buttons(readings)
    QTest.mouseClick(rate, Qt.MouseButton.LeftButton)
    QTest.mouseClick(pr, Qt.MouseButton.LeftButton)
    assert [button.isChecked() for button in buttons(readings)] == [False, True, False]
    QTest.mouseClick(pr, Qt.MouseButton.LeftButton)
    assert seen == [Step.RATE, Step.PR, None]


def test_going_through_the_steps_comes_back_to_all_of_them(readings: Readings) -> None:
    seen: list[Step | None] = []
    readings.focus_changed.connect(seen.append)
    for _ in range(4):
        readings.move_focus(1)
    readings.move_focus(-1)
    assert seen == [Step.RATE, Step.PR, Step.PAUSES, None, Step.PAUSES]


def test_a_step_that_is_looked_at_stays_so_when_it_is_measured_anew(readings: Readings) -> None:
    readings.set_focus_step(Step.PR)
    seen = []
    for shown in (READINGS[:2], READINGS[2:]):
        readings.show_readings(shown)
        seen.append(readings.focus_step)
    assert seen == [Step.PR, None]
    assert [button.text() for button in buttons(readings)] == ["Pauses"]

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.label.draft import Trim
from rhythmtrainer.gui.label.timeline import Timeline

pytestmark = pytest.mark.gui

DAY_S = 86_400.0


class Line:
    """A timeline, and where it wanted the window to be."""

    def __init__(self, qtbot: QtBot, duration_s: float = DAY_S) -> None:
        self.line = Timeline()
        qtbot.addWidget(self.line)
        self.line.resize(1000, self.line.sizeHint().height())
        self.line.show_recording(duration_s)
        self.line.show_window(0.0, 10.0)
        self.line.show()
        self.wanted: list[float] = []
        self.line.moved.connect(self.wanted.append)


@pytest.fixture
def day(qtbot: QtBot) -> Line:
    return Line(qtbot)


@pytest.mark.parametrize(
    ("key", "modifier", "wanted_s"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1001.0),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 999.9),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 1010.0),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 990.0),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0.0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, DAY_S - 10.0),
    ],
)
def test_keys_move_the_window(
    day: Line, key: Qt.Key, modifier: Qt.KeyboardModifier, wanted_s: float
) -> None:
    day.line.show_window(1000.0, 10.0)
    QTest.keyClick(day.line, key, modifier)
    assert day.wanted == pytest.approx([wanted_s])


def test_a_press_takes_the_middle_there_and_a_drag_takes_it_along(day: Line) -> None:
    QTest.mousePress(day.line, Qt.MouseButton.LeftButton, pos=QPoint(500, 8))
    QTest.mouseMove(day.line, QPoint(750, 8))
    QTest.mouseRelease(day.line, Qt.MouseButton.LeftButton, pos=QPoint(750, 8))
    assert day.wanted == pytest.approx([DAY_S / 2 - 5.0, 0.75 * DAY_S - 5.0], abs=0.1)


def test_a_window_that_is_taken_hold_of_does_not_jump(qtbot: QtBot) -> None:
    minute = Line(qtbot, 60.0)
    QTest.mousePress(minute.line, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    assert minute.wanted == []
    QTest.mouseMove(minute.line, QPoint(120, 8))
    QTest.mouseRelease(minute.line, Qt.MouseButton.LeftButton, pos=QPoint(120, 8))
    assert minute.wanted == pytest.approx([6.0], abs=0.1)


def test_being_shown_a_place_tells_nobody(day: Line) -> None:
    day.line.show_window(5000.0, 30.0)
    day.line.show_trim(Trim(5001.0, 8.0))
    assert day.wanted == []
    assert day.line.start_s == pytest.approx(5000.0)
    assert "01:23:20.0 of 24:00:00.0" in day.line.accessibleDescription()


@pytest.mark.parametrize("duration_s", [0.0, 4.0, 10.0, 10.04])
def test_a_window_as_long_as_the_recording_stays(qtbot: QtBot, duration_s: float) -> None:
    short = Line(qtbot, duration_s)
    QTest.keyClick(short.line, Qt.Key.Key_End)
    QTest.mouseClick(short.line, Qt.MouseButton.LeftButton, pos=QPoint(900, 8))
    assert short.line.start_s == pytest.approx(max(duration_s - 10.0, 0.0))
    short.line.grab()

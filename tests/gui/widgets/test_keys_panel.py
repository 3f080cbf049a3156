import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.keys_panel import KeysPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    page.resize(600, 400)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_any_key_puts_the_keys_away_and_does_nothing_else(page: QWidget) -> None:
    panel = KeysPanel((("1-6", "answer"),), page)
    pressed: list[int] = []
    QShortcut(QKeySequence("1"), page).activated.connect(lambda: pressed.append(1))
    panel.toggle()
    assert panel.isVisible()
    assert panel.hasFocus()
    QTest.keyClick(panel, Qt.Key.Key_1)
    assert not panel.isVisible()
    assert pressed == []
    QTest.keyClick(page, Qt.Key.Key_1)
    assert pressed == [1]


def test_a_click_anywhere_puts_the_keys_away(page: QWidget) -> None:
    panel = KeysPanel((("1-6", "answer"),), page)
    panel.toggle()
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert not panel.isVisible()
    panel.toggle()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()


def test_every_key_is_told_to_a_screen_reader(page: QWidget) -> None:
    panel = KeysPanel((("1-6", "answer"), ("P", "paper")), page)
    assert panel.accessibleDescription() == "1-6: answer; P: paper"

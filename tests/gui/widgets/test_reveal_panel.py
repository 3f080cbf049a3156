import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.reveal_panel import RevealPanel
from rhythmtrainer.model import Reading, Reveal, Step, Verdict

pytestmark = pytest.mark.gui


def reveal() -> Reveal:
    return Reveal(
        verdict=Verdict.WRONG,
        answer="Sinus bradycardia",
        chosen="Junctional rhythm",
        readings=tuple(
            Reading(step=step, heading=step.value, taught="taught", measured="measured")
            for step in Step
        ),
        difference="P waves before every QRS.",
        definition="",
        note="",
        label="Label",
        source="Source",
        beats_count=True,
    )


class Page(QWidget):
    """A panel between two buttons, on a page that wants the arrow keys."""

    def __init__(self) -> None:
        super().__init__()
        self.panel = RevealPanel()
        self.pressed: list[int] = []
        column = QVBoxLayout(self)
        for widget in (QPushButton("before"), self.panel, QPushButton("after")):
            column.addWidget(widget)

    def keyPressEvent(self, event: object) -> None:
        self.pressed.append(event.key())  # type: ignore[attr-defined]  # Qt gives a key event

    @property
    def steps(self) -> list[QPushButton]:
        return self.panel._readings._buttons


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    page.resize(900, 600)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.panel.show_reveal(reveal())
    page.setFocus()
    return page


def test_a_click_leaves_the_arrow_keys_to_the_page(page: Page) -> None:
    area = page.panel.findChild(QScrollArea)
    label = next(text for text in page.panel.findChildren(QLabel) if text.text() == "taught")
    assert area is not None
    for clicked in (page.steps[1], label, area.viewport()):
        QTest.mouseClick(clicked, Qt.MouseButton.LeftButton)
        focused = QApplication.focusWidget()
        assert focused is not None
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Left):
            QTest.keyClick(focused, key)
    assert page.pressed == [Qt.Key.Key_Down, Qt.Key.Key_Left] * 3


def test_tab_goes_through_the_steps_in_their_order_however_often_they_are_filled(
    page: Page, qtbot: QtBot
) -> None:
    page.panel.show_reveal(reveal())
    qtbot.waitUntil(page.steps[-1].isVisible)
    passed: list[str] = []
    while "after" not in passed:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        passed.append(at.text() if isinstance(at, QPushButton) else "")
    assert passed == ["before", "", *(step.value for step in Step), "after"]

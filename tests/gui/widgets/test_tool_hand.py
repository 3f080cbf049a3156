import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.gui.widgets.tools import Calipers
from tests.support import fakes

pytestmark = pytest.mark.gui


class Page(QWidget):
    """A view between two buttons, with calipers over its strip."""

    def __init__(self, view: PaperView | MonitorView) -> None:
        super().__init__()
        self.view = view
        self.after = QPushButton("after")
        column = QVBoxLayout(self)
        for widget in (QPushButton("before"), view, self.after):
            column.addWidget(widget)
        self.calipers = Calipers()
        view.set_strip(fakes.strip())
        if isinstance(view, MonitorView):
            view.show_all()
        view.set_tool(self.calipers)

    def place(self) -> None:
        self.calipers.place(self.view.stretches)
        self.view.setFocus()


@pytest.fixture(params=[PaperView, MonitorView])
def page(request: pytest.FixtureRequest, qtbot: QtBot) -> Page:
    page = Page(request.param())
    page.resize(1000, 400)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_tab_takes_the_next_leg_before_it_leaves_the_strip(page: Page) -> None:
    page.place()
    described = []
    for _ in range(4):
        QTest.keyClick(page.view, Qt.Key.Key_Tab)
        described.append(page.calipers.description)
        if page.after.hasFocus():
            break
    assert page.after.hasFocus()
    assert len(set(described)) >= 2


def test_the_pointer_tells_what_a_press_would_do(page: Page) -> None:
    page.place()
    pair = page.calipers.pair
    assert pair is not None
    stretch = page.view.stretches[0]
    middle = round((stretch.top + stretch.bottom) / 2)
    at_leg = QPoint(round(stretch.x(pair.left_s)), middle)
    QTest.mouseMove(page.view, at_leg)
    assert page.view.cursor().shape() is Qt.CursorShape.SizeHorCursor
    QTest.mouseMove(page.view, QPoint(round(stretch.right) - 20, middle))
    assert page.view.cursor().shape() is Qt.CursorShape.CrossCursor
    page.view.set_tool(None)
    assert page.view.cursor().shape() is Qt.CursorShape.ArrowCursor
    assert not page.view.hasMouseTracking()


def test_a_tool_that_was_put_away_is_not_drawn_for_any_more(page: Page) -> None:
    page.place()
    page.view.set_tool(None)
    with_legs = page.view.grab().toImage()
    page.calipers.put_away()
    assert page.view.grab().toImage() == with_legs

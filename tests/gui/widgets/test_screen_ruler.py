from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.screen_gauge import BoxSample, Gauge, Outline
from rhythmtrainer.gui.widgets.screen_ruler import (
    LEAST_PX_PER_MM,
    MOST_PX_PER_MM,
    ScreenRuler,
)

pytestmark = pytest.mark.gui

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


@pytest.fixture
def ruler(qtbot: QtBot) -> ScreenRuler:
    ruler = ScreenRuler()
    qtbot.addWidget(ruler)
    ruler.resize(700, 620)
    ruler.show()
    qtbot.waitExposed(ruler)
    return ruler


def part(ruler: ScreenRuler, kind: type[AnyWidget], name: str) -> AnyWidget:
    found = ruler.findChild(kind, name)
    assert found is not None, name
    return found


def outline(ruler: ScreenRuler) -> Outline:
    return part(ruler, Outline, "screenRulerOutline")


def press(ruler: ScreenRuler, name: str) -> None:
    QTest.mouseClick(part(ruler, QPushButton, name), Qt.MouseButton.LeftButton)


def key(ruler: ScreenRuler, which: Qt.Key, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(outline(ruler), which, modifier)


def drag(ruler: ScreenRuler, pixels: int) -> None:
    shown = outline(ruler)
    start = QPoint(round(shown.edge), shown.height() // 2)
    QTest.mousePress(shown, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(shown, start + QPoint(pixels, 0))
    QTest.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=start + QPoint(pixels, 0))


def rgb(widget: QWidget) -> NDArray[np.int16]:
    """The widget's pixels, rows by columns by red, green, blue."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    whole = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return whole.astype(np.int16)


@pytest.mark.parametrize("value", [1.0, 2.37, 3.78, 5.51, 7.9])
def test_the_outer_edges_of_the_card_lie_as_far_apart_as_those_of_a_bank_card(
    ruler: ScreenRuler, value: float
) -> None:
    ruler.set_value(value)
    # Above the card are only the two lines that are held to its edges.
    row = rgb(outline(ruler))[2]
    ratio = ruler.devicePixelRatioF()
    drawn = np.flatnonzero((row != row[round(30 * value * ratio)]).any(axis=1))
    assert drawn[0] == 0
    assert drawn[-1] + 1 == pytest.approx(85.6 * value * ratio, abs=1)


def test_a_card_too_wide_for_the_window_stands_upright(ruler: ScreenRuler) -> None:
    ruler.set_value(9.0)
    assert outline(ruler).edge == pytest.approx(53.98 * 9)
    assert outline(ruler).height() > 85.6 * 9


def test_a_card_that_does_not_fit_at_all_is_said_to(ruler: ScreenRuler) -> None:
    ruler.set_value(40.0)
    assert outline(ruler).length_mm == 0
    before = rgb(outline(ruler))
    assert (before != before[0, 0]).any()
    key(ruler, Qt.Key.Key_Left)
    assert ruler.value == pytest.approx(40 / 1.001)
    drag(ruler, -20)
    assert ruler.value == pytest.approx(40 / 1.001)


def test_the_ruler_is_a_hundred_millimetres_or_what_fits(ruler: ScreenRuler) -> None:
    ruler.set_gauge(Gauge.RULER)
    ruler.set_value(4.0)
    assert (outline(ruler).length_mm, outline(ruler).edge) == (100, 400)
    ruler.set_value(9.0)
    assert outline(ruler).length_mm == 70
    ruler.set_value(40.0)
    assert outline(ruler).length_mm == 10


def test_arrow_keys_change_the_size_by_a_thousandth_and_with_shift_by_a_hundredth(
    ruler: ScreenRuler,
) -> None:
    ruler.set_value(4.0)
    key(ruler, Qt.Key.Key_Right)
    assert ruler.value == pytest.approx(4.004)
    key(ruler, Qt.Key.Key_Right, shift=True)
    assert ruler.value == pytest.approx(4.004 * 1.01)
    key(ruler, Qt.Key.Key_Left, shift=True)
    key(ruler, Qt.Key.Key_Down)
    assert ruler.value == pytest.approx(4.0)


def test_plus_is_a_small_step_on_any_keyboard(ruler: ScreenRuler) -> None:
    ruler.set_value(4.0)
    key(ruler, Qt.Key.Key_Plus, shift=True)
    assert ruler.value == pytest.approx(4.004)


def test_the_edge_follows_the_hand(ruler: ScreenRuler) -> None:
    ruler.set_value(4.0)
    before = outline(ruler).edge
    drag(ruler, 30)
    assert outline(ruler).edge == pytest.approx(before + 30)
    assert ruler.value == pytest.approx(4.0 + 30 / 85.6)


def test_a_drag_ends_at_the_window_and_does_not_turn_the_card(ruler: ScreenRuler) -> None:
    ruler.set_value(6.0)
    drag(ruler, 500)
    assert outline(ruler).length_mm == 85.6
    assert outline(ruler).edge <= outline(ruler).width()


def test_a_typed_number_counts_when_it_is_complete(ruler: ScreenRuler) -> None:
    box = part(ruler, QDoubleSpinBox, "screenRulerNumber")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "12.5")
    assert ruler.value != 12.5
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert ruler.value == 12.5


@pytest.mark.parametrize(
    ("asked", "got"), [(0.0, LEAST_PX_PER_MM), (-4.0, LEAST_PX_PER_MM), (1e9, MOST_PX_PER_MM)]
)
def test_the_size_stays_within_what_screens_can_have(
    ruler: ScreenRuler, asked: float, got: float
) -> None:
    ruler.set_value(asked)
    assert ruler.value == got


def test_a_size_is_kept_as_exactly_as_it_was_found(ruler: ScreenRuler, qtbot: QtBot) -> None:
    ruler.set_value(3.77952755)
    with qtbot.waitSignal(ruler.calibrated) as sent:
        press(ruler, "screenRulerUse")
    assert sent.args == [3.77952755]


def test_it_says_what_is_drawn_and_what_is_in_use(ruler: ScreenRuler) -> None:
    ruler.show_screen(None, 3.81)
    known = part(ruler, QLabel, "screenRulerKnown")
    assert ruler.value == 3.81
    assert "Not measured" in known.text()
    assert "3.81" in known.text()
    ruler.set_value(3.78)
    says = part(ruler, QLabel, "screenRulerSays")
    assert says.text().startswith("1 mm = 3.78 pixels")
    assert says.text() in outline(ruler).accessibleDescription()
    press(ruler, "screenRulerUse")
    assert known.text() == "In use on this screen: 1 mm = 3.78 pixels."


def test_forgetting_goes_back_to_what_the_screen_says(ruler: ScreenRuler, qtbot: QtBot) -> None:
    ruler.show_screen(3.5, 3.81)
    assert ruler.value == 3.5
    with qtbot.waitSignal(ruler.forgotten):
        press(ruler, "screenRulerForget")
    assert ruler.value == 3.81
    assert not part(ruler, QPushButton, "screenRulerForget").isEnabled()


def test_a_screen_that_says_nothing_begins_at_the_usual_size(ruler: ScreenRuler) -> None:
    ruler.show_screen(None, None)
    assert ruler.value == pytest.approx(96 / 25.4)
    assert not part(ruler, QPushButton, "screenRulerForget").isEnabled()


def test_ten_large_boxes_are_fifty_millimetres(ruler: ScreenRuler) -> None:
    ruler.set_value(4.0)
    ratio = ruler.devicePixelRatioF()
    row = rgb(part(ruler, BoxSample, "screenRulerSample"))[round(2 * ratio)]
    large = PaperStyle.PINK.colours.large_line
    lines = np.flatnonzero((row == (large.red(), large.green(), large.blue())).all(axis=1))
    each_box = lines[np.diff(lines, prepend=-9) > 1]
    assert each_box.tolist() == list(range(0, round(200 * ratio) + 1, round(20 * ratio)))


def test_fewer_boxes_are_drawn_and_said_where_ten_do_not_fit(ruler: ScreenRuler) -> None:
    ruler.set_value(20.0)
    assert part(ruler, BoxSample, "screenRulerSample").boxes == 6
    assert "6 large boxes are 30 mm" in part(ruler, QLabel, "screenRulerCheck").text()


def test_everything_can_be_reached_and_pressed_by_keyboard(
    ruler: ScreenRuler, qtbot: QtBot
) -> None:
    ruler.show_screen(3.5, None)
    card = part(ruler, QPushButton, "screenRuler-card")
    card.setFocus()
    reached = [card.objectName()]
    for _ in range(4):
        QTest.keyClick(ruler.focusWidget(), Qt.Key.Key_Tab)
        reached.append(ruler.focusWidget().objectName())
    assert reached == [
        "screenRuler-card",
        "screenRulerNumber",
        "screenRulerOutline",
        "screenRulerUse",
        "screenRulerForget",
    ]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Right)
    QTest.keyClick(ruler.focusWidget(), Qt.Key.Key_Space)
    assert ruler.gauge is Gauge.RULER
    with qtbot.waitSignal(ruler.calibrated):
        QTest.keyClick(part(ruler, QPushButton, "screenRulerUse"), Qt.Key.Key_Return)
    with qtbot.waitSignal(ruler.calibrated):
        key(ruler, Qt.Key.Key_Return)


def test_who_cannot_see_the_screen_is_told_what_each_part_is(ruler: ScreenRuler) -> None:
    assert outline(ruler).accessibleName() == "Right edge of the bank card"
    for name in ("screenRuler-card", "screenRuler-ruler", "screenRulerForget"):
        assert part(ruler, QPushButton, name).accessibleName()
    assert part(ruler, QDoubleSpinBox, "screenRulerNumber").accessibleName()


def test_any_size_down_to_nothing_and_back_is_drawn(ruler: ScreenRuler, qtbot: QtBot) -> None:
    inner = outline(ruler)
    for gauge in Gauge:
        ruler.set_gauge(gauge)
        for width in (0, 1, 40, 2000, 700):
            inner.resize(width, inner.height())
            inner.grab()
    ruler.resize(0, 0)
    ruler.resize(700, 620)
    qtbot.waitUntil(lambda: outline(ruler).length_mm == 100)

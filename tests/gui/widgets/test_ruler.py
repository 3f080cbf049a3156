from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.colours import MONITOR, PaperStyle, StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools import Rule, Ruler
from rhythmtrainer.gui.widgets.tools.ruler_layout import RulerLayout
from tests.support.tool_hands import PINK, Hands, measured, page_of_twelve, stretch

pytestmark = pytest.mark.gui

BEATS = (20.65, 21.45, 22.25, 23.05, 23.85, 24.65, 25.45, 26.25)
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
TIMES = "\N{MULTIPLICATION SIGN}"
Y = 200.0


class Ruling(Hands):
    """Hands with a ruler."""

    def __init__(self, rule: Rule, *stretches: Stretch) -> None:
        super().__init__(stretches or (stretch(),))
        self.ruler = Ruler(rule, modifiers=self.modifiers)
        self.take(self.ruler)
        self.told = 0
        self.ruler.changed.connect(self._count)

    def _count(self) -> None:
        self.told += 1

    def x(self, seconds: float) -> float:
        return self.stretches[0].x(seconds)

    def put(self, seconds: float) -> None:
        self.press(self.x(seconds), Y)
        self.ruler.released()

    @property
    def start(self) -> float:
        assert self.ruler.start_s is not None
        return round(self.ruler.start_s, 4)

    @property
    def layout(self) -> RulerLayout:
        layout = self.ruler._layout(self.stretches)
        assert layout is not None
        return layout

    @property
    def numbers(self) -> set[str]:
        return {number.text for number in self.layout.numbers}

    def cursor(self, x: float, y: float) -> Qt.CursorShape:
        return self.ruler.cursor(QPointF(x, y), self.stretches)


@pytest.fixture
def rule_300(qtbot: QtBot) -> Ruling:
    del qtbot
    return Ruling(Rule.THREE_HUNDRED)


@pytest.fixture
def six(qtbot: QtBot) -> Ruling:
    del qtbot
    return Ruling(Rule.SIX_SECONDS)


def test_the_rule_has_a_line_at_each_large_box(rule_300: Ruling) -> None:
    rule_300.put(22.0)
    assert rule_300.numbers == {
        *("300", "150", "100", "75", "60", "50", "43", "38", "33", "30"),
        "/min",
    }
    low = rule_300.inked()[250]
    for box in range(11):
        x = round(rule_300.x(22.0) + box * 20.0)
        assert low[x - 1 : x + 1].any()
        assert not low[x + 4 : x + 16].any()


def test_at_another_speed_the_numbers_are_others_and_the_speed_is_said(qtbot: QtBot) -> None:
    del qtbot
    hands = Ruling(Rule.THREE_HUNDRED, stretch(times=(20.0, 25.0), speed_mm_s=50.0))
    hands.put(22.0)
    assert {"600", "300", "200", "150", "120", "100"} <= hands.numbers
    assert hands.ruler.reading.startswith("600 rule at 50 mm/s")


def test_where_time_is_pressed_together_the_rule_says_what_to_do(qtbot: QtBot) -> None:
    del qtbot
    hands = Ruling(Rule.THREE_HUNDRED, stretch(times=(20.0, 80.0), speed_mm_s=4.2))
    hands.put(40.0)
    assert hands.ruler.reading == "Zoom in to use the 300 rule"
    assert hands.numbers == set()
    assert hands.inked().any()


def test_numbers_never_touch_each_other_or_leave_the_strip(qtbot: QtBot) -> None:
    del qtbot
    for scale in (1.0, 2.0, 3.0, 4.0, 10.0):
        hands = Ruling(Rule.THREE_HUNDRED, stretch(px_per_mm=scale))
        for start in (20.0, 28.0, 29.5):
            hands.put(start)
            boxes = [hands.layout._number_box(number) for number in hands.layout.numbers]
            assert all(box.right() <= hands.stretches[0].right for box in boxes)
            assert not any(
                one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n]
            )


def test_it_takes_hold_of_an_r_peak_and_shows_so(rule_300: Ruling) -> None:
    rule_300.put(20.68)
    free = rule_300.inked()
    assert rule_300.start == 20.6
    rule_300.ruler.set_measurement(measured(BEATS))
    rule_300.put(22.20)
    assert rule_300.start == 22.25
    assert "beginning at an R peak" in rule_300.ruler.description
    x, y = round(rule_300.x(22.25)), round(rule_300.layout.scale_y)
    assert rule_300.inked()[y + 2, x - 2 : x + 2].all()
    assert not free[y + 2, round(rule_300.x(20.6)) - 3]


def test_elsewhere_it_takes_hold_of_a_heavy_line(rule_300: Ruling) -> None:
    rule_300.put(22.07)
    assert rule_300.start == 22.0
    rule_300.ruler.set_origin(20.07)
    rule_300.put(24.1)
    assert rule_300.start == 24.07


def test_alt_lets_it_lie_between(rule_300: Ruling) -> None:
    rule_300.ruler.set_measurement(measured(BEATS))
    rule_300.held = ALT
    rule_300.put(22.23)
    assert rule_300.start == 22.23


def test_the_rate_is_read_only_once_it_may_be_told(rule_300: Ruling) -> None:
    rule_300.ruler.set_measurement(measured(BEATS))
    rule_300.put(22.25)
    assert rule_300.ruler.reading == "300 rule at 25 mm/s: begin at an R, read at the next R"
    assert rule_300.layout.next_x is None
    rule_300.ruler.set_counts_shown(shown=True)
    reading = rule_300.ruler.reading
    assert reading == "300 rule at 25 mm/s: next R between 75 and 60/min, about 75/min"
    assert rule_300.layout.next_x == pytest.approx(rule_300.x(23.05))
    rule_300.put(23.4)
    assert "about" not in rule_300.ruler.reading


def test_a_drag_moves_it_by_what_was_taken_hold_of(rule_300: Ruling) -> None:
    rule_300.put(22.0)
    scale = rule_300.layout.scale_y
    rule_300.drag((rule_300.x(23.0), scale), (rule_300.x(25.0), scale + 50))
    assert rule_300.start == 24.0
    rule_300.drag((rule_300.x(24.0) + 2, Y), (-500.0, Y))
    assert rule_300.start == 20.0


def test_arrows_put_it_on_the_first_r_peak_or_line_and_move_it(rule_300: Ruling) -> None:
    assert rule_300.key(Qt.Key.Key_Right)
    assert rule_300.start == 22.0
    assert rule_300.key(Qt.Key.Key_Right)
    assert rule_300.start == 22.04
    assert rule_300.key(Qt.Key.Key_Left, SHIFT)
    assert rule_300.start == 21.84
    rule_300.ruler.set_measurement(measured(BEATS))
    assert rule_300.key(Qt.Key.Key_Right, CONTROL)
    assert rule_300.start == 22.25
    assert rule_300.ruler.place(rule_300.stretches)
    assert rule_300.start == 20.65


def test_keys_of_the_page_are_left_to_it(rule_300: Ruling) -> None:
    rule_300.put(22.0)
    assert not rule_300.key(Qt.Key.Key_Escape)
    assert not rule_300.key(Qt.Key.Key_Up)
    assert not rule_300.key(Qt.Key.Key_Left, ALT)
    assert not rule_300.key(Qt.Key.Key_1)
    assert rule_300.start == 22.0


def test_delete_puts_it_away_and_escape_takes_a_drag_back(rule_300: Ruling) -> None:
    assert not rule_300.key(Qt.Key.Key_Delete)
    rule_300.put(22.0)
    rule_300.press(rule_300.x(25.0), Y)
    assert rule_300.key(Qt.Key.Key_Escape)
    assert rule_300.start == 22.0
    assert rule_300.key(Qt.Key.Key_Delete)
    assert rule_300.ruler.start_s is None
    assert rule_300.ruler.reading == ""
    assert not rule_300.inked().any()


def test_six_seconds_are_exactly_six_seconds(six: Ruling) -> None:
    six.put(21.0)
    assert six.start == 21.0
    layout = six.layout
    assert layout.end_x - layout.start_x == pytest.approx(6 * 25.0 * 4.0)
    assert six.numbers == {"3 s", "6 s"}
    low = six.inked()[250]
    for time in (21.0, 24.0, 27.0):
        x = round(six.x(time))
        assert low[x - 1 : x + 1].any()


def test_six_seconds_begin_at_a_tick_where_one_is_close(six: Ruling) -> None:
    six.put(23.06)
    assert six.start == 23.0
    six.put(22.88)
    assert six.start == 22.8
    assert six.ruler.place(six.stretches)
    assert six.start == 20.0
    six.key(Qt.Key.Key_Right, CONTROL)
    assert six.start == 23.0


def test_six_seconds_stay_on_the_strip(six: Ruling) -> None:
    six.put(29.0)
    assert six.start == 24.0
    six.key(Qt.Key.Key_Right, SHIFT)
    assert six.start == 24.0


def test_the_learner_counts_until_the_count_may_be_told(six: Ruling) -> None:
    six.ruler.set_measurement(measured(BEATS))
    six.put(20.0)
    assert six.ruler.reading == f"6 s: count the QRS {TIMES} 10"
    six.ruler.set_counts_shown(shown=True)
    assert six.ruler.reading == f"6 s: 7 QRS {TIMES} 10 = 70/min"


def test_nothing_is_counted_across_a_gap_or_where_no_beat_was_found(six: Ruling) -> None:
    with_gap = measured(BEATS)
    with_gap.rr_s[2] = np.nan
    six.ruler.set_counts_shown(shown=True)
    six.put(20.0)
    for measurement in (with_gap, measured([])):
        six.ruler.set_measurement(measurement)
        assert six.ruler.reading == f"6 s: count the QRS {TIMES} 10"


def test_a_strip_that_is_too_short_is_not_counted(qtbot: QtBot) -> None:
    del qtbot
    hands = Ruling(Rule.SIX_SECONDS, stretch(times=(20.0, 24.0)))
    hands.ruler.set_measurement(measured(BEATS))
    hands.ruler.set_counts_shown(shown=True)
    assert hands.key(Qt.Key.Key_Left)
    assert hands.ruler.reading.startswith("6 s do not fit here")
    assert hands.layout.end_x <= hands.stretches[0].right


def test_on_a_page_of_twelve_six_seconds_lie_on_the_rhythm_strip(qtbot: QtBot) -> None:
    del qtbot
    hands = Ruling(Rule.SIX_SECONDS, *page_of_twelve())
    assert hands.ruler.place(hands.stretches)
    assert hands.layout.stretch == hands.stretches[12]


def test_the_ruler_stays_at_its_time_when_the_view_scrolls(rule_300: Ruling) -> None:
    rule_300.put(22.0)
    rule_300.stretches = [stretch(times=(21.0, 31.0))]
    assert rule_300.layout.start_x == rule_300.x(22.0)
    rule_300.stretches = [stretch(times=(24.0, 34.0))]
    assert not rule_300.inked().any()
    assert rule_300.start == 22.0


def test_cursors_tell_what_a_press_would_do(rule_300: Ruling) -> None:
    assert rule_300.cursor(500.0, Y) is Qt.CursorShape.CrossCursor
    assert rule_300.cursor(5.0, Y) is Qt.CursorShape.ArrowCursor
    rule_300.put(22.0)
    assert rule_300.cursor(rule_300.x(22.0), Y) is Qt.CursorShape.OpenHandCursor
    rule_300.press(rule_300.x(22.0), Y)
    assert rule_300.cursor(0.0, 0.0) is Qt.CursorShape.ClosedHandCursor


def test_another_rule_puts_the_ruler_away_and_changes_are_told_once(rule_300: Ruling) -> None:
    ruler = rule_300.ruler
    rule_300.put(22.0)
    rule_300.told = 0
    for _ in range(2):
        ruler.set_rule(Rule.SIX_SECONDS)
        ruler.set_counts_shown(shown=True)
        ruler.set_origin(20.0)
    assert rule_300.told == 3
    assert ruler.start_s is None
    assert ruler.description.startswith("6-second rule: not on the strip.")


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("height", [280.0, 90.0, 50.0, 20.0, 2.0])
def test_a_reading_stays_in_the_picture_and_off_the_lines(
    qtbot: QtBot, rule: Rule, height: float
) -> None:
    del qtbot
    hands = Ruling(
        rule, *(stretch(channel=n, box=(40.0, n * height, (n + 1) * height)) for n in (0, 1))
    )
    hands.press(hands.x(29.0), 1.5 * height)
    layout = hands.layout
    assert layout.scale_y <= layout.stretch.bottom
    if layout.label is not None:
        assert layout.label.top() >= 0
        assert layout.label.right() <= hands.stretches[0].right
        assert layout.label.bottom() <= layout.scale_y
    assert (layout.label is not None) == (height >= 20)
    assert hands.inked().any()


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [replace(stretch(), px_per_s=0.0)],
        [replace(stretch(), end_s=20.0)],
        [replace(stretch(), px_per_mm=float("nan"))],
    ],
    ids=["none", "no speed", "no time", "no scale"],
)
def test_where_nothing_is_shown_nothing_happens(six: Ruling, broken: list[Stretch]) -> None:
    six.put(20.0)
    six.stretches = broken
    assert not six.inked().any()
    assert not six.press(300.0, Y)
    six.move(320.0, Y)
    six.ruler.released()
    assert not six.key(Qt.Key.Key_Left)
    assert six.start == 20.0


@pytest.mark.parametrize("colours", [PINK, PaperStyle.NIGHT.colours, MONITOR])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_ruler_is_seen_on_every_ground_and_screen(
    rule_300: Ruling, colours: StripColours, ratio: float
) -> None:
    rule_300.put(22.0)
    low = rule_300.inked(colours, ratio)[round(250 * ratio)]
    x = round(rule_300.x(22.0) * ratio)
    assert low[x - 1 : x + 1].any()

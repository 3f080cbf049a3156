from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPicture
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.calipers import Landmark
from rhythmtrainer.gui.widgets.colours import MONITOR, PaperStyle, StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools import Calipers
from rhythmtrainer.gui.widgets.tools.pair_layout import PairLayout
from tests.support.tool_hands import PINK, Hands, measured, page_of_twelve, stretch

pytestmark = pytest.mark.gui

BEATS = (20.6, 21.4, 22.2, 23.0, 23.8, 24.6)
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Y = 150.0


class Measuring(Hands):
    """Hands with calipers."""

    def __init__(self, *stretches: Stretch) -> None:
        super().__init__(stretches or (stretch(),))
        self.calipers = Calipers(modifiers=self.modifiers)
        self.take(self.calipers)
        self.told = 0
        self.calipers.changed.connect(self._count)

    def _count(self) -> None:
        self.told += 1

    def x(self, seconds: float, place: int = 0) -> float:
        return self.stretches[place].x(seconds)

    def span(self, first: float, second: float, place: int = 0) -> None:
        """Drag from one time to another."""
        each = self.stretches[place]
        y = (each.top + 2 * each.bottom) / 3
        self.drag((each.x(first), y), (each.x(second), y))

    @property
    def legs(self) -> tuple[float, float]:
        pair = self.calipers.pair
        assert pair is not None
        return (round(pair.left_s, 4), round(pair.right_s, 4))

    @property
    def layout(self) -> PairLayout:
        layout = self.calipers._layout(self.stretches)
        assert layout is not None
        return layout

    def cursor(self, x: float, y: float) -> Qt.CursorShape:
        return self.calipers.cursor(QPointF(x, y), self.stretches)


@pytest.fixture
def hands(qtbot: QtBot) -> Measuring:
    del qtbot
    return Measuring()


def test_calipers_are_a_tool(hands: Measuring) -> None:
    tool = hands.tool
    assert tool is hands.calipers
    assert tool.description.startswith("Calipers: nothing is measured yet.")


def test_a_drag_puts_the_legs_down_where_it_begins_and_ends(hands: Measuring) -> None:
    hands.span(21.0, 21.84)
    assert hands.legs == (21.0, 21.84)
    assert hands.calipers.reading == "840 ms (0.84 s) · 21 small boxes (4.2 large) · 71/min"


def test_a_drag_to_the_left_measures_the_same(hands: Measuring) -> None:
    hands.span(21.84, 21.0)
    assert hands.legs == (21.0, 21.84)


def test_a_click_puts_a_pair_down_but_moves_none(hands: Measuring) -> None:
    assert hands.press(hands.x(21.0), Y)
    hands.calipers.released()
    assert hands.legs == (21.0, 23.0)
    assert hands.press(hands.x(28.0), Y)
    hands.calipers.released()
    assert hands.legs == (21.0, 23.0)


def test_a_press_beside_the_strip_is_left_to_the_view(hands: Measuring) -> None:
    assert not hands.press(10.0, Y)
    assert not hands.press(hands.x(21.0), 400.0)
    assert hands.calipers.pair is None


def test_a_leg_is_taken_hold_of_and_moved_alone(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.drag((hands.x(22.0) + 3, Y), (hands.x(22.5) + 3, Y + 40))
    assert hands.legs == (21.0, 22.5)


def test_the_bar_moves_both_legs(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    bar = hands.layout.bar_y
    hands.drag((hands.x(21.5), bar), (hands.x(24.5), bar + 60))
    assert hands.legs == (24.0, 25.0)


def test_so_does_the_plate_with_the_reading(hands: Measuring) -> None:
    hands.span(21.0, 21.05)
    label = hands.layout.label
    assert label is not None
    start = (label.left() + 8, label.center().y())
    hands.drag(start, (start[0] + 100, start[1]))
    assert hands.legs == (22.0, 22.05)


def test_legs_may_cross(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.drag((hands.x(21.0), Y), (hands.x(23.0), Y))
    assert hands.legs == (22.0, 23.0)


def test_hands_leave_the_legs_within_the_stretch(hands: Measuring) -> None:
    hands.drag((hands.x(29.0), Y), (3000.0, Y))
    assert hands.legs == (29.0, 30.0)
    hands.drag((hands.x(29.5), hands.layout.bar_y), (-3000.0, Y))
    assert hands.legs == (20.0, 21.0)


def test_a_foot_measures_voltage_from_the_baseline(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    each = hands.stretches[0]
    foot = hands.layout.legs[1].foot_y
    hands.drag((hands.x(22.0), foot), (hands.x(25.0), each.y(0.9)))
    assert hands.legs == (21.0, 22.0)
    assert hands.calipers.reading.endswith(" · +0.90 mV")
    hands.drag((hands.x(22.0), each.y(0.9)), (hands.x(22.0), each.bottom + 20))
    assert "mV" not in hands.calipers.reading


def test_an_inverted_lead_reads_the_voltage_that_was_there(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(stretch(gain_mm_mv=-10.0))
    hands.span(21.0, 22.0)
    foot = hands.layout.legs[1].foot_y
    hands.drag((hands.x(22.0), foot), (hands.x(22.0), hands.stretches[0].y(-0.5)))
    assert hands.calipers.reading.endswith(" · \N{MINUS SIGN}0.50 mV")
    hands.key(Qt.Key.Key_Up, SHIFT)
    assert hands.calipers.reading.endswith(" · \N{MINUS SIGN}0.60 mV")


def test_cursors_tell_what_a_press_would_do(hands: Measuring) -> None:
    assert hands.cursor(500, Y) is Qt.CursorShape.CrossCursor
    assert hands.cursor(5, Y) is Qt.CursorShape.ArrowCursor
    hands.span(21.0, 22.0)
    layout = hands.layout
    assert hands.cursor(hands.x(21.0), Y) is Qt.CursorShape.SizeHorCursor
    assert hands.cursor(hands.x(22.0), layout.legs[1].foot_y) is Qt.CursorShape.SizeVerCursor
    assert hands.cursor(hands.x(21.5), layout.bar_y) is Qt.CursorShape.OpenHandCursor
    hands.press(hands.x(21.5), layout.bar_y)
    assert hands.cursor(0.0, 0.0) is Qt.CursorShape.ClosedHandCursor


def test_arrows_put_the_legs_on_the_first_two_r_peaks(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    assert hands.key(Qt.Key.Key_Right)
    assert hands.legs == (20.6, 21.4)


def test_or_in_the_middle_where_none_are_known(hands: Measuring) -> None:
    assert hands.key(Qt.Key.Key_Left)
    assert hands.legs == (24.0, 26.0)


def test_arrows_move_the_right_leg_by_a_tenth_of_a_small_box_or_a_whole_one(
    hands: Measuring,
) -> None:
    hands.span(21.0, 22.0)
    assert hands.key(Qt.Key.Key_Right)
    assert hands.legs == (21.0, 22.004)
    assert hands.key(Qt.Key.Key_Left, SHIFT)
    assert hands.legs == (21.0, 21.964)


@pytest.mark.parametrize("forward", [Qt.Key.Key_Period, Qt.Key.Key_Tab])
def test_keys_choose_a_leg_or_both(hands: Measuring, forward: Qt.Key) -> None:
    hands.span(21.0, 22.0)
    assert hands.key(forward)
    hands.key(Qt.Key.Key_Right, SHIFT)
    assert hands.legs == (21.04, 22.0)
    assert hands.key(forward)
    assert "Right leg chosen." in hands.calipers.description
    assert hands.key(forward)
    hands.key(Qt.Key.Key_Right, SHIFT)
    assert hands.legs == (21.08, 22.04)
    assert "Both legs chosen." in hands.calipers.description


def test_tab_goes_on_behind_the_last_part_and_is_no_trap(hands: Measuring) -> None:
    assert not hands.key(Qt.Key.Key_Tab)
    hands.span(21.0, 22.0)
    assert [hands.key(Qt.Key.Key_Tab) for _ in range(4)] == [True, True, True, False]
    assert [hands.key(Qt.Key.Key_Backtab) for _ in range(4)] == [True, True, True, False]


def test_up_and_down_move_the_foot(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.key(Qt.Key.Key_Up, SHIFT)
    hands.key(Qt.Key.Key_Up, SHIFT)
    hands.key(Qt.Key.Key_Down)
    assert hands.calipers.reading.endswith(" · +0.19 mV")


def test_v_turns_the_voltage_on_and_off(hands: Measuring) -> None:
    hands.span(22.0, 21.0)
    assert hands.key(Qt.Key.Key_V)
    assert hands.calipers.reading.endswith(" · +0.50 mV")
    assert hands.key(Qt.Key.Key_V)
    assert "mV" not in hands.calipers.reading


def test_control_and_arrows_go_from_landmark_to_landmark(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.calipers.set_snap_kinds([Landmark.R])
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right, CONTROL)
    assert hands.legs == (20.6, 22.2)


def test_keys_of_the_page_are_left_to_it(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    for key, held in (
        (Qt.Key.Key_S, CONTROL),
        (Qt.Key.Key_C, CONTROL),
        (Qt.Key.Key_Left, ALT),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    ):
        assert not hands.key(key, held), key
    assert hands.legs == (21.0, 22.0)


def test_delete_puts_them_away(hands: Measuring) -> None:
    assert not hands.key(Qt.Key.Key_Delete)
    hands.span(21.0, 22.0)
    hands.calipers.set_marching(on=True)
    assert hands.key(Qt.Key.Key_Backspace)
    assert hands.calipers.pair is None
    assert not hands.calipers.marching
    assert hands.calipers.reading == ""
    assert not hands.inked().any()


def test_escape_takes_back_a_drag_then_the_march_then_leaves(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.key(Qt.Key.Key_M)
    hands.press(hands.x(22.0), Y)
    hands.move(hands.x(25.0), Y)
    assert hands.key(Qt.Key.Key_Escape)
    assert hands.legs == (21.0, 22.0)
    assert hands.key(Qt.Key.Key_Escape)
    assert not hands.calipers.marching
    assert not hands.key(Qt.Key.Key_Escape)


def test_nothing_is_snapped_to_unless_it_is_wanted_and_measured(hands: Measuring) -> None:
    hands.calipers.set_snapping(on=True)
    hands.span(20.63, 21.37)
    assert hands.legs == (20.63, 21.37)
    hands.calipers.put_away()
    hands.calipers.set_snapping(on=False)
    hands.calipers.set_measurement(measured(BEATS))
    hands.span(20.63, 21.37)
    assert hands.legs == (20.63, 21.37)


def test_dragged_legs_hold_on_to_what_is_close(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.calipers.set_snapping(on=True)
    hands.span(20.62, 21.34)
    assert hands.legs == (20.6, 21.36)
    assert "from R to QRS onset." in hands.calipers.description
    hands.drag((hands.x(21.36), Y), (hands.x(21.75), Y))
    assert hands.legs == (20.6, 21.8)


def test_alt_turns_snapping_round(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.held = ALT
    hands.span(20.62, 21.42)
    assert hands.legs == (20.6, 21.4)
    hands.calipers.set_snapping(on=True)
    hands.drag((hands.x(21.4), Y), (hands.x(22.22), Y))
    assert hands.legs == (20.6, 22.22)


def test_a_pair_moved_by_its_bar_holds_on_with_either_leg(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.calipers.set_snap_kinds([Landmark.R])
    hands.calipers.set_snapping(on=True)
    hands.span(25.5, 26.6)
    bar = hands.layout.bar_y
    hands.drag((hands.x(26.0), bar), (hands.x(24.35), bar))
    assert hands.legs == (23.8, 24.9)


def test_s_pulls_the_legs_to_what_they_are_close_to(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.span(20.62, 21.42)
    assert hands.key(Qt.Key.Key_S)
    assert hands.calipers.snapping
    assert hands.legs == (20.6, 21.4)
    hands.key(Qt.Key.Key_Right)
    assert hands.legs == (20.6, 21.404)


def test_only_the_owners_kinds_are_snapped_to_and_named(hands: Measuring) -> None:
    hands.calipers.set_measurement(measured(BEATS))
    hands.calipers.set_snap_kinds([Landmark.R])
    hands.calipers.set_snapping(on=True)
    hands.span(20.42, 21.32)
    assert hands.legs == (20.42, 21.4)
    assert "onset" not in hands.calipers.description


def test_a_leg_that_holds_on_is_marked_by_its_shape(hands: Measuring) -> None:
    hands.span(20.6, 21.4)
    free = hands.inked()
    hands.calipers.set_measurement(measured(BEATS))
    held = hands.inked()
    x, bar = round(hands.x(20.6)), round(hands.layout.bar_y)
    joint = np.s_[bar - 6 : bar + 7, x - 5 : x + 6]
    assert held[joint].sum() > free[joint].sum() + 20


def test_marching_repeats_the_interval_to_both_sides(hands: Measuring) -> None:
    hands.span(22.2, 23.0)
    hands.key(Qt.Key.Key_M)
    low = hands.inked()[250]
    for time in np.arange(20.6, 30.0, 0.8):
        x = round(hands.x(float(time)))
        assert low[x - 1 : x + 2].any(), time
        assert not low[x + 10 : x + 60].any(), time


def test_a_march_too_close_to_read_is_not_drawn_and_says_so(hands: Measuring) -> None:
    hands.span(24.0, 24.04)
    hands.key(Qt.Key.Key_M)
    ink = hands.inked()
    assert not ink[60:, : round(hands.x(23.9))].any()
    assert not ink[60:, round(hands.x(24.2)) :].any()
    assert "zoom in to march" in hands.layout.text


def test_close_copies_are_drawn_fainter(hands: Measuring) -> None:
    strengths = []
    for interval in (0.08, 0.5):
        hands.span(24.0, 24.0 + interval)
        hands.calipers.set_marching(on=True)
        row = hands.picture()[250].sum(axis=1)
        strengths.append(row.max() - row[: round(hands.x(23.0))].min())
    assert strengths[0] < 0.7 * strengths[1]


def test_a_reading_is_drawn_inside_the_picture_and_above_the_legs(hands: Measuring) -> None:
    for first, second in ((20.0, 20.05), (20.0, 30.0), (29.9, 30.0), (24.0, 24.0)):
        hands.calipers.put_away()
        hands.span(first, second + 0.05)
        label = hands.layout.label
        each = hands.stretches[0]
        assert label is not None
        assert each.left <= label.left()
        assert label.right() <= each.right
        assert label.top() >= each.top
        assert label.bottom() < hands.layout.bar_y


@pytest.mark.parametrize("height", [280.0, 90.0, 50.0, 20.0, 2.0])
@pytest.mark.parametrize("row", [0, 1, 2])
def test_in_low_rows_too_the_reading_neither_leaves_nor_covers_the_legs(
    qtbot: QtBot, height: float, row: int
) -> None:
    del qtbot
    rows = [
        stretch(str(n), n, box=(40.0, n * height, (n + 1) * height), px_per_mm=4.0)
        for n in range(3)
    ]
    hands = Measuring(*rows)
    hands.span(22.0, 23.0, row)
    layout = hands.layout
    if layout.label is not None:
        assert layout.label.top() >= 0
        assert layout.label.bottom() <= 3 * height
        assert layout.label.bottom() <= layout.bar_y or layout.label.top() >= layout.bottom
    assert (layout.label is not None) == (height >= 20)
    assert layout.bar_y <= layout.bottom
    assert hands.inked().any() == (height > 0)


def test_a_reading_leaves_the_leads_name_free(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(stretch(box=(40.0, 0.0, 200.0)))
    hands.span(20.3, 20.9)
    assert hands.layout.label is not None
    assert hands.layout.label.left() > 90.0
    hands.stretches = [stretch(box=(40.0, 0.0, 400.0))]
    assert hands.layout.label.left() == 40.0


def test_where_room_is_short_the_wording_is_too(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(stretch(times=(20.0, 21.2)))
    hands.span(20.2, 21.0)
    assert hands.layout.text in hands.calipers.reading.replace(" (0.80 s)", "") or "ms" in (
        hands.layout.text
    )
    assert len(hands.layout.text) < len(hands.calipers.reading)


def test_times_stay_when_the_view_zooms_and_scrolls(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.stretches = [stretch(times=(20.5, 25.5), px_per_mm=8.0)]
    low = hands.inked()[250]
    assert hands.legs == (21.0, 22.0)
    assert {round(hands.x(21.0)), round(hands.x(22.0))} <= set(np.flatnonzero(low).tolist())
    hands.stretches = [stretch(times=(26.0, 36.0))]
    assert not hands.inked().any()
    assert hands.legs == (21.0, 22.0)
    hands.stretches = [stretch(times=(21.5, 31.5))]
    assert hands.inked()[250].any()


def test_on_a_page_of_twelve_only_cells_of_the_same_time_are_drawn_in(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(*page_of_twelve())
    hands.span(0.5, 1.5, 1)
    ink = hands.inked()
    for cell in hands.stretches:
        columns = ink[round(cell.bottom) - 40 : round(cell.bottom) - 10, :]
        inside = columns[:, round(cell.left) + 2 : round(cell.right) - 2]
        assert inside.any() == (cell.start_s == 0.0), cell.lead


def test_crossed_legs_are_drawn_on_other_leads_too(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(*page_of_twelve())
    hands.span(1.5, 0.5, 1)
    first = hands.stretches[0]
    row = hands.inked()[round(first.bottom) - 40]
    for time in (0.5, 1.5):
        x = round(first.x(time))
        assert row[x - 1 : x + 2].any()


def test_a_march_goes_on_through_cells_by_their_own_times(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(*page_of_twelve())
    hands.span(0.5, 1.5, 1)
    hands.key(Qt.Key.Key_M)
    ink = hands.inked()
    for cell in hands.stretches:
        row = ink[round(cell.bottom) - 20]
        for time in np.arange(0.5, 10.0, 1.0):
            if cell.start_s <= time <= cell.end_s:
                x = round(cell.x(float(time)))
                assert row[x - 1 : x + 2].any(), (cell.lead, time)


def test_a_lead_that_is_drawn_twice_keeps_the_calipers_where_they_were_put(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(*page_of_twelve())
    hands.span(0.5, 1.5, 1)
    assert hands.layout.row[0] == hands.stretches[1]
    hands.calipers.put_away()
    hands.span(0.5, 1.5, 12)
    assert hands.layout.row[0] == hands.stretches[12]
    hands.stretches = [stretch("II", 1, times=(0.0, 10.0))]
    assert hands.layout.row[0] == hands.stretches[0]


def test_on_a_monitor_the_legs_stay_in_their_turn_of_the_sweep(qtbot: QtBot) -> None:
    del qtbot
    newer = stretch(times=(26.0, 29.0), box=(0.0, 0.0, 280.0))
    older = stretch(times=(23.2, 26.0), box=(320.0, 0.0, 280.0))
    hands = Measuring(newer, older)
    hands.drag((older.x(24.0), Y), (newer.x(27.0), Y))
    assert hands.legs == (23.2, 24.0)
    hands.span(24.3, 25.0, 1)
    low = hands.inked()[250]
    assert not low[: round(older.left) - 5].any()
    assert low[round(older.x(24.3))]
    hands.stretches = [replace(newer, end_s=31.0), replace(older, start_s=25.2, left=520.0)]
    assert not hands.inked()[250].any()


def test_changes_are_told_once_and_only_if_something_changes(hands: Measuring) -> None:
    calipers = hands.calipers
    measurement = measured(BEATS)
    for _ in range(2):
        calipers.set_measurement(measurement)
    assert hands.told == 1
    for _ in range(2):
        calipers.set_snapping(on=True)
        calipers.set_snap_kinds([Landmark.R])
    assert hands.told == 3
    for _ in range(2):
        calipers.place(hands.stretches)
        calipers.set_marching(on=True)
    assert hands.told == 5
    hands.cursor(100.0, 100.0)
    hands.picture()
    assert hands.told == 5


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [replace(stretch(), px_per_s=0.0)],
        [replace(stretch(), end_s=20.0)],
        [replace(stretch(), bottom=0.0)],
        [replace(stretch(), px_per_mv=0.0)],
        [replace(stretch(), px_per_mv=float("nan"))],
        [replace(stretch(), px_per_mm=0.0)],
    ],
    ids=["none", "no speed", "no time", "no height", "no gain", "gain not a number", "no scale"],
)
def test_where_nothing_is_shown_nothing_happens(hands: Measuring, broken: list[Stretch]) -> None:
    whole = hands.stretches
    for placed in (False, True):
        hands.stretches = broken
        assert not hands.inked().any()
        assert not hands.press(300.0, Y)
        hands.move(320.0, Y)
        hands.calipers.released()
        assert not hands.key(Qt.Key.Key_Left)
        assert hands.cursor(300.0, Y) is Qt.CursorShape.ArrowCursor
        hands.stretches = whole
        if not placed:
            hands.span(21.0, 22.0)
    assert hands.legs == (21.0, 22.0)


def test_keys_of_any_alphabet_are_left_to_the_page(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    event = QKeyEvent(QEvent.Type.KeyPress, 0x0421, Qt.KeyboardModifier.NoModifier, "\u0441")
    assert not hands.calipers.key(event, hands.stretches)


@pytest.mark.parametrize("colours", [PINK, PaperStyle.NIGHT.colours, MONITOR])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_legs_are_seen_on_every_ground_and_screen(
    hands: Measuring, colours: StripColours, ratio: float
) -> None:
    hands.span(21.0, 22.0)
    low = hands.inked(colours, ratio)[round(250 * ratio)]
    for time in (21.0, 22.0):
        x = round(hands.x(time) * ratio)
        assert low[x - 1 : x + 1].any()


@pytest.mark.parametrize("interval", [0.06, 0.1, 1.5])
def test_copies_lie_where_they_belong_on_a_screen_and_in_a_file(
    hands: Measuring, interval: float
) -> None:
    hands.span(24.0, 24.0 + interval)
    hands.key(Qt.Key.Key_M)
    low = hands.inked()[250]
    picture = QPicture()
    painter = QPainter(picture)
    hands.calipers.draw(painter, hands.stretches, PINK)
    painter.end()
    image = QImage(1060, 300, QImage.Format.Format_RGB32)
    image.fill(PINK.background)
    painter = QPainter(image)
    picture.play(painter)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(300, 1060, 4)
    filed = (rows[250] != rows[250, 5]).any(axis=1)
    for time in np.arange(20.0 + (4.0 % interval), 30.0, interval):
        x = round(hands.x(float(time)))
        assert low[x - 1 : x + 2].any()
        assert filed[x - 1 : x + 2].any()
    assert low.sum() < 0.6 * low.size


def test_the_painter_is_left_as_it_was(hands: Measuring) -> None:
    hands.span(21.0, 22.0)
    hands.key(Qt.Key.Key_V)
    hands.key(Qt.Key.Key_M)
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before = (painter.pen(), painter.brush(), painter.font(), painter.renderHints())
    hands.calipers.draw(painter, hands.stretches, PINK)
    assert (painter.pen(), painter.brush(), painter.font(), painter.renderHints()) == before
    painter.end()


def test_a_view_that_is_zoomed_far_out_reads_time_but_no_boxes(qtbot: QtBot) -> None:
    del qtbot
    hands = Measuring(stretch(times=(0.0, 86_400.0), speed_mm_s=0.003))
    hands.span(20_000.0, 60_000.0)
    assert "box" not in hands.calipers.reading
    assert hands.calipers.reading == "11 h 6 min 40 s"

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.label.trim_tool import TrimTool
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import StripKeys
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.gui.widgets.strip_tools import ToolKind
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.model import STANDARD_LEADS, LeadName, Origin, Provenance, RhythmId, Step, Strip
from tests.gui.conftest import RHYTHMS
from tests.support import fakes
from tests.support.synthetic import ecg_at, regular_peaks

pytestmark = pytest.mark.gui


class Page(QWidget):
    """A page that shows a strip and hands on its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.view = StripView()
        self.bar = StripBar(self.view)
        column = QVBoxLayout(self)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        self.keys = StripKeys(self.view, self.bar, self)

    def keyPressEvent(self, event: object) -> None:
        self.keys.take(event)  # type: ignore[arg-type]  # Qt gives a key event

    def press(self, key: Qt.Key) -> None:
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, key)

    def button(self, name: str) -> QPushButton:
        found = self.findChild(QPushButton, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def choice(self, name: str) -> QComboBox:
        found = self.findChild(QComboBox, name)
        assert found is not None, name
        return found


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    page.resize(1100, 420)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.setFocus()
    return page


def twelve_leads(seconds: float = 10.0) -> Strip:
    lead = ecg_at(regular_peaks(75.0, seconds), 250.0, seconds)
    return Strip(
        np.stack([lead * (0.4 + 0.1 * n) for n in range(12)]).astype(np.float32),
        250.0,
        tuple(LeadName(name) for name in STANDARD_LEADS),
        0.0,
        at_end=True,
        provenance=Provenance(Origin.REAL, "made up"),
    )


def test_a_new_strip_is_told_once_whichever_way_it_is_shown(page: Page, qtbot: QtBot) -> None:
    for mode in StripMode:
        page.view.set_mode(mode)
        with qtbot.waitSignal(page.view.painted):
            page.view.set_strip(fakes.strip())
        told: list[int] = []
        page.view.painted.connect(lambda told=told: told.append(1))
        page.view.change_mode()
        page.repaint()
        assert told == []


def test_speed_and_gain_are_chosen_for_paper_and_monitor_alike(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.view.sweep_all()
    speed, gain = page.choice("speedChoice"), page.choice("gainChoice")
    speed.activated.emit(speed.findText("50 mm/s"))
    gain.activated.emit(gain.findText("5 mm/mV"))
    for view in (page.view._paper, page.view._monitor):
        drawn = view.stretches[0]
        assert drawn.px_per_s / drawn.px_per_mm == pytest.approx(50.0)
        assert drawn.px_per_mv / drawn.px_per_mm == pytest.approx(5.0)
    gain.activated.emit(gain.findText("Inverted"))
    assert all(view.stretches[0].px_per_mv < 0 for view in page.view._views)
    assert (speed.currentText(), gain.currentText()) == ("50 mm/s", "Inverted")


def test_the_next_strip_comes_at_its_usual_speed_and_the_right_way_up(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.view.set_speed(50.0)
    page.view.set_gain(-10.0)
    page.view.set_strip(fakes.strip("b"))
    drawn = page.view._paper.stretches[0]
    assert drawn.px_per_s / drawn.px_per_mm == pytest.approx(25.0)
    assert drawn.px_per_mv > 0
    assert page.choice("speedChoice").currentText() == "25 mm/s"
    assert page.choice("gainChoice").currentText() == "Gain fits"


def test_twelve_leads_are_laid_out_on_a_page_and_one_below_another(page: Page) -> None:
    page.view.set_strip(twelve_leads())
    assert page.view.layouts == tuple(PaperLayout)
    assert len(page.view._paper.stretches) == 1
    page.view.set_layout(PaperLayout.TWELVE)
    assert len(page.view._paper.stretches) == 13
    page.view.set_layout(PaperLayout.STACKED)
    page.view.sweep_all()
    assert len(page.view._paper.stretches) == 12
    assert {each.lead for each in page.view._monitor.stretches} == set(STANDARD_LEADS)


@pytest.mark.parametrize(
    ("count", "layout"),
    [
        (1, PaperLayout.RHYTHM),
        (2, PaperLayout.STACKED),
        (3, PaperLayout.STACKED),
        (4, PaperLayout.RHYTHM),
        (12, PaperLayout.TWELVE),
    ],
)
def test_leads_are_laid_out_so_that_they_can_be_read(
    page: Page, count: int, layout: PaperLayout
) -> None:
    one = fakes.strip()
    signal = np.repeat(one.signal, count, axis=0)
    leads = tuple(LeadName(lead) for lead in STANDARD_LEADS[:count])
    page.view.set_strip(replace(one, signal=signal, leads=leads))
    page.view.lay_out_all()
    assert page.view.layout_shown is layout
    assert page.view.channel == 0


def test_one_of_several_leads_is_chosen_for_paper_and_monitor(page: Page) -> None:
    page.view.set_strip(twelve_leads())
    page.view.sweep_all()
    lead = page.choice("leadChoice")
    assert lead.isEnabled()
    lead.activated.emit(6)
    for view in (page.view._paper, page.view._monitor):
        assert {each.lead for each in view.stretches} == {"V1"}
    page.view.set_strip(fakes.strip())
    assert not lead.isEnabled()
    assert lead.currentText() == "Lead II"


def test_calipers_come_and_go_by_key_and_by_mouse(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.press(Qt.Key.Key_C)
    seen = [page.view.tool]
    assert page.view._tools.calipers.pair is not None
    before = page.view._tools.calipers.pair.legs_s
    page.press(Qt.Key.Key_Right)
    assert page.view._tools.calipers.pair.legs_s != before
    page.press(Qt.Key.Key_Escape)
    seen.append(page.view.tool)
    page.click("calipersButton")
    seen.append(page.view.tool)
    assert page.button("calipersButton").isChecked()
    page.click("calipersButton")
    seen.append(page.view.tool)
    assert seen == [ToolKind.CALIPERS, None] * 2


def test_marching_lays_the_calipers_out_if_they_are_not(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.press(Qt.Key.Key_M)
    assert page.view.tool is ToolKind.CALIPERS
    assert page.view._tools.calipers.marching
    page.press(Qt.Key.Key_M)
    assert not page.view._tools.calipers.marching


def test_the_ruler_turns_from_one_rule_to_the_other_to_none(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    seen = []
    for _ in range(3):
        page.press(Qt.Key.Key_R)
        seen.append((page.view.tool, page.button("rulerButton").text()))
    assert seen == [
        (ToolKind.RULER_300, "300 rule"),
        (ToolKind.RULER_6S, "6-second rule"),
        (None, "Ruler"),
    ]


def test_a_running_monitor_is_frozen_to_be_measured_and_runs_on_afterwards(page: Page) -> None:
    page.view.set_mode(StripMode.MONITOR)
    page.view.set_strip(fakes.strip())
    frozen = [page.view.frozen]
    for key in (Qt.Key.Key_C, Qt.Key.Key_Space):
        page.press(key)
        frozen.append(page.view.frozen)
    assert frozen == [False, True, False]
    assert page.view.tool is None


def test_an_answered_strip_cannot_be_set_running_again(page: Page) -> None:
    page.view.set_mode(StripMode.MONITOR)
    page.view.set_strip(fakes.strip())
    page.view.hold()
    page.press(Qt.Key.Key_Space)
    assert page.view.frozen
    assert not page.button("freezeButton").isVisible()
    page.view.set_strip(fakes.strip("b"))
    assert not page.view.frozen


def test_before_the_answer_the_tools_know_r_peaks_and_no_waves(page: Page) -> None:
    strip = fakes.strip()
    found = measure(strip, strip.start_s, strip.end_s)
    page.view.set_strip(strip)
    page.view.offer_beats(found)
    page.press(Qt.Key.Key_C)
    kinds = set(page.view._tools.calipers._snapping.landmarks.kinds.tolist())
    assert len(kinds) == 1
    assert page.view._tools.calipers.pair is not None
    assert set(page.view._tools.calipers.pair.legs_s) <= set(found.beats_s.tolist())
    page.view.set_paper_marks(found)
    assert len(set(page.view._tools.calipers._snapping.landmarks.kinds.tolist())) > 1


def test_zooming_and_scrolling_by_keys_shows_less_and_elsewhere(page: Page) -> None:
    page.view.set_strip(fakes.strip(seconds=30.0))
    whole = page.view._paper.visible_s
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_End):
        page.press(key)
    first, last = page.view._paper.visible_s
    assert last - first < whole[1] - whole[0]
    assert last == pytest.approx(30.0, abs=0.5)
    page.press(Qt.Key.Key_Left)
    assert page.view._paper.visible_s[0] < first
    page.press(Qt.Key.Key_Home)
    assert page.view._paper.visible_s[0] == pytest.approx(0.0, abs=0.5)
    page.press(Qt.Key.Key_0)
    assert page.view._paper.visible_s == pytest.approx(whole)


def test_actual_size_waits_for_a_measured_screen(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    asked: list[bool] = []
    page.bar.actual_size_chosen.connect(asked.append)
    page.press(Qt.Key.Key_A)
    assert asked == []
    page.view.set_screen_px_per_mm(5.0)
    page.view.sweep_all()
    page.press(Qt.Key.Key_A)
    assert asked == [True]
    page.view.set_actual_size(True)
    for view in (page.view._paper, page.view._monitor):
        assert view.stretches[0].px_per_mm == pytest.approx(5.0)
    page.view.set_screen_px_per_mm(None)
    assert not page.view.actual_size


def test_in_actual_size_a_long_strip_is_not_zoomed_to_its_first_seconds(page: Page) -> None:
    page.view.set_screen_px_per_mm(2.0)
    page.view.set_actual_size(True)
    page.view.set_strip(fakes.strip(seconds=60.0))
    page.view.show_first(6.0)
    assert page.view.shown_in_actual_size
    page.view.set_actual_size(False)
    page.view.show_first(6.0)
    assert page.view._paper.visible_s == pytest.approx((0.0, 6.0), abs=0.5)


def test_every_kind_of_paper_can_be_asked_for(page: Page) -> None:
    asked: list[PaperStyle] = []
    page.bar.style_chosen.connect(asked.append)
    menu = page.findChild(QToolButton, "stripMenuButton")
    assert menu is not None
    for action in menu.menu().actions():
        if action.text() in ("Pink paper", "Green paper", "High contrast", "Night"):
            action.trigger()
    assert asked == list(PaperStyle)


def test_a_picture_holds_what_is_seen_and_its_marks_only_when_wanted(page: Page) -> None:
    strip = fakes.strip()
    assert page.view.picture("Notice.", with_marks=True) is None
    page.view.set_strip(strip)
    page.view.set_paper_marks(measure(strip, strip.start_s, strip.end_s))
    bare = page.view.picture("Notice.", with_marks=False)
    marked = page.view.picture("Notice.", with_marks=True)
    assert bare is not None
    assert marked is not None
    assert (len(bare.overlays), len(marked.overlays)) == (0, 1)
    assert bare.strips[0].duration_s == pytest.approx(strip.duration_s, abs=0.1)
    page.view.zoom_in()
    part = page.view.picture("Notice.", with_marks=False)
    assert part is not None
    assert part.strips[0].duration_s < bare.strips[0].duration_s


def test_looking_at_one_step_changes_the_marks_and_not_the_strip(page: Page) -> None:
    strip = fakes.strip()
    page.view.set_strip(strip)
    page.view.set_paper_marks(measure(strip, strip.start_s, strip.end_s))
    before = page.view._paper.stretches
    whole = page.view._paper.grab().toImage()
    page.view.set_focus_step(Step.PR)
    assert page.view._paper.stretches == before
    assert page.view._paper.grab().toImage() != whole


def test_the_description_follows_the_tool_and_names_no_rhythm(page: Page) -> None:
    strip = fakes.strip()
    page.view.set_strip(strip)
    page.view.set_paper_marks(measure(strip, strip.start_s, strip.end_s))
    for mode in StripMode:
        page.view.set_mode(mode)
        page.press(Qt.Key.Key_C)
        said = page.view.accessibleDescription()
        assert "Lead II" in said
        assert "Calipers" in said
        for rhythm in RhythmId:
            assert RHYTHMS[rhythm].name.lower() not in said.lower()
        page.view.set_tool(None)


def test_a_double_click_on_a_tool_lays_it_out_and_puts_it_away(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    button = page.button("calipersButton")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert button.isChecked() == (page.view.tool is ToolKind.CALIPERS)


def test_without_a_strip_keys_and_buttons_do_no_harm(page: Page) -> None:
    page.view.set_strip(None)
    for key in (
        *(Qt.Key.Key_C, Qt.Key.Key_M, Qt.Key.Key_R, Qt.Key.Key_Plus, Qt.Key.Key_Minus),
        *(Qt.Key.Key_0, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_A),
    ):
        page.press(key)
    assert page.view.accessibleDescription() == "No strip is shown."


@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_M, Qt.Key.Key_R])
def test_without_a_strip_no_tool_is_laid_out(page: Page, key: Qt.Key) -> None:
    page.press(key)
    assert page.view.tool is None
    assert not page.button("calipersButton").isChecked()
    assert not page.button("rulerButton").isChecked()


def test_a_tool_that_is_put_away_leaves_the_keys_to_the_page(page: Page) -> None:
    page.view.set_strip(fakes.strip(seconds=30.0))
    page.press(Qt.Key.Key_C)
    assert page.view._paper.hasFocus()
    page.press(Qt.Key.Key_C)
    assert not page.view._paper.hasFocus()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_End):
        page.press(key)
    assert page.view._paper.visible_s[0] > 0.0


def test_a_tool_is_put_away_before_the_strip_runs(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.press(Qt.Key.Key_C)
    page.press(Qt.Key.Key_P)
    assert not page.view.frozen
    assert page.view.tool is None


def test_a_tool_stays_where_the_monitor_stands_still(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.view.sweep_all()
    page.press(Qt.Key.Key_C)
    page.press(Qt.Key.Key_P)
    assert page.view.tool is ToolKind.CALIPERS
    assert page.view._monitor.hasFocus()


def test_calipers_that_were_left_elsewhere_are_laid_out_where_one_looks(page: Page) -> None:
    page.view.set_strip(fakes.strip(seconds=60.0))
    for key in (*[Qt.Key.Key_Plus] * 6, Qt.Key.Key_C, Qt.Key.Key_Right):
        page.press(key)
    left = page.view._tools.calipers.pair
    for _ in range(2):
        page.press(Qt.Key.Key_C)
    assert page.view._tools.calipers.pair == left
    for key in (Qt.Key.Key_C, Qt.Key.Key_End, Qt.Key.Key_C):
        page.press(key)
    first_s, last_s = page.view._paper.visible_s
    pair = page.view._tools.calipers.pair
    assert pair is not None
    assert all(first_s <= leg <= last_s for leg in pair.legs_s)


def test_a_strip_that_changes_under_the_hand_takes_the_tool_from_it(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    page.view.sweep_all()
    page.press(Qt.Key.Key_C)
    pair = page.view._tools.calipers.pair
    assert pair is not None
    stretch = page.view._paper.stretches[0]
    middle = round((stretch.top + stretch.bottom) / 2)
    at = QPoint(round(stretch.x(pair.right_s)), middle)
    QTest.mousePress(page.view._paper, Qt.MouseButton.LeftButton, pos=at)
    page.press(Qt.Key.Key_P)
    page.press(Qt.Key.Key_P)
    QTest.mouseMove(page.view._paper, at + QPoint(120, 0))
    assert page.view._tools.calipers.pair == pair


def test_on_the_monitor_the_paper_is_not_zoomed_unseen(page: Page) -> None:
    page.view.set_strip(fakes.strip(seconds=30.0))
    page.press(Qt.Key.Key_Plus)
    seen = page.view._paper.visible_s
    page.press(Qt.Key.Key_P)
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus, Qt.Key.Key_0):
        page.press(key)
    page.press(Qt.Key.Key_P)
    assert page.view._paper.visible_s == seen


def test_the_rate_stands_on_the_monitor_of_a_strip_that_was_answered_on_paper(page: Page) -> None:
    strip = fakes.strip()
    page.view.set_strip(strip)
    page.view.offer_beats(measure(strip, strip.start_s, strip.end_s))
    page.view.sweep_all()
    page.view.set_mode(StripMode.MONITOR)
    assert page.view._monitor.heart_rate.isdigit()
    assert page.view._monitor.heart_rate in page.view.accessibleDescription()
    page.view.set_strip(fakes.strip("b"))
    page.view.sweep_all()
    assert not page.view._monitor.heart_rate.isdigit()


def test_zoomed_paper_goes_back_to_its_actual_size_first(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    asked: list[bool] = []
    page.bar.actual_size_chosen.connect(asked.append)
    page.view.set_screen_px_per_mm(3.0)
    page.view.set_actual_size(True)
    shown = [page.view.shown_in_actual_size]
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_A):
        page.press(key)
        shown.append(page.view.shown_in_actual_size)
    assert shown == [True, False, True]
    assert asked == []
    page.press(Qt.Key.Key_A)
    assert asked == [False]


def test_at_its_end_the_sweep_cannot_be_frozen_or_let_run(page: Page) -> None:
    page.view.set_mode(StripMode.MONITOR)
    page.view.set_strip(fakes.strip())
    assert page.button("freezeButton").isVisible()
    page.view.finish("The recording ends here")
    page.view._monitor.show_all()
    page.view._monitor.set_frozen(False)
    assert not page.button("freezeButton").isVisible()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_C):
        page.press(key)
        assert not page.view.frozen
    assert page.view.tool is ToolKind.CALIPERS
    page.view.set_strip(fakes.strip("b"))
    assert page.button("freezeButton").isVisible()


def test_a_zoomed_recording_stays_where_it_was_in_another_layout(page: Page) -> None:
    page.view.set_strip(twelve_leads(seconds=120.0))
    page.view.set_layout(PaperLayout.RHYTHM)
    page.view.show_first(10.0)
    page.view._paper.show_from(40.0)
    seen = []
    for layout in (PaperLayout.STACKED, PaperLayout.RHYTHM):
        page.view.set_layout(layout)
        first_s, last_s = page.view._paper.visible_s
        seen += [first_s, last_s - first_s]
    assert seen == pytest.approx([40.0, 10.0] * 2, rel=0.2)


def test_more_of_the_recording_leaves_view_tool_and_monitor_alone(page: Page) -> None:
    page.view.set_strip(fakes.strip(seconds=20.0))
    page.view.show_first(10.0)
    page.view._paper.show_from(5.0)
    page.view.toggle_calipers()
    tape = page.view._monitor._tape
    before = page.view._paper.visible_s
    page.view.lengthen(fakes.strip(seconds=120.0))
    assert page.view._paper.visible_s == pytest.approx(before, abs=0.02)
    assert page.view.tool is ToolKind.CALIPERS
    assert page.view._monitor._tape is tape
    assert page.view.end_s == pytest.approx(120.0)
    page.view.to_end()
    assert page.view._paper.visible_s[1] == pytest.approx(120.0)


def test_a_tool_of_the_page_rests_while_something_is_measured(page: Page) -> None:
    page.view.set_strip(fakes.strip())
    tool = TrimTool()
    page.view.set_page_tool(tool)
    seen: list[object] = []
    for _ in range(3):
        seen += page.view._paper._hand.overlays
        page.view.toggle_calipers()
    assert seen == [tool, page.view._tools.calipers, tool]
    assert tool not in page.view._monitor._hand.overlays


def test_the_lead_that_was_measured_is_marked(page: Page) -> None:
    first, other = fakes.strip(), fakes.strip("b", rate=60.0)
    page.view.set_strip(first, other)
    page.view.set_paper_marks(measure(other), channel=1)
    (marks,) = page.view._paper.overlays
    assert isinstance(marks, RevealMarks)
    assert (marks._channel, marks._row, marks._strip) == (1, 0, other)
    page.view.set_strip(first)
    page.view.set_paper_marks(measure(first))
    (marks,) = page.view._paper.overlays
    assert isinstance(marks, RevealMarks)
    assert marks._channel == 0

import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.paper import Paper, PaperLayout
from rhythmtrainer.gui.widgets.colours import PaperStyle, StripColours
from rhythmtrainer.gui.widgets.paper import picture, tracing
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support import fakes
from tests.support.synthetic import ecg_at, regular_peaks

pytestmark = pytest.mark.gui

SECONDS = 10.0
PX_PER_MM = 4.0
WIDTH = round(Paper().width_mm(SECONDS) * PX_PER_MM)
STANDARD = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def pixels(picture: QPixmap) -> NDArray[np.int_]:
    """Red, green and blue of each pixel, shape (height, width, 3)."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int)


def strip_of(
    signal: NDArray[np.float32],
    leads: tuple[str, ...] = ("II",),
    fs: float = 250.0,
    start_s: float = 0.0,
) -> Strip:
    return Strip(
        np.atleast_2d(signal),
        fs,
        tuple(LeadName(lead) for lead in leads),
        start_s,
        at_end=False,
        provenance=Provenance(Origin.REAL, "made up"),
    )


def long_strip(seconds: float = 600.0, leads: tuple[str, ...] = ("II",)) -> Strip:
    one = ecg_at(regular_peaks(71, seconds), 250.0, seconds)
    return strip_of(np.stack([one] * len(leads)), leads, start_s=30.0)


def finish_outlines(view: PaperView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view._pyramids.is_building, timeout=5000)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[PaperView]:
    view = PaperView()
    qtbot.addWidget(view)
    view.resize(WIDTH, 280)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.set_strip(None)


class Dot:
    """An overlay that paints a square over the middle of each stretch."""

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        for stretch in stretches:
            middle = (stretch.left + stretch.right) / 2
            painter.fillRect(int(middle) - 3, int(stretch.baseline) - 3, 6, 6, colours.alert)


class Handle(QObject):
    """A tool that takes presses in the left half, and the key C."""

    changed = Signal()
    description = "A handle."

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        del stretches, colours
        painter.fillRect(0, 0, 5, 5, QColor("#010203"))

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        del stretches
        self.told.append("pressed")
        return at.x() < WIDTH / 2

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        del to, stretches
        self.told.append("moved")

    def released(self) -> None:
        self.told.append("released")

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        del at, stretches
        return Qt.CursorShape.SizeHorCursor

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        del stretches
        return event.key() == Qt.Key.Key_C


def test_a_strip_fits_the_width_with_square_even_boxes(view: PaperView) -> None:
    view.set_strip(strip_of(np.zeros(2500, dtype=np.float32)))
    for width in (WIDTH, 1100, 1250, 777, 1920):
        view.resize(width, 280)
        (stretch,) = view.stretches
        assert 0.93 * width <= stretch.right <= width + 1e-6
        assert stretch.px_per_s == pytest.approx(25.0 * stretch.px_per_mm)
        assert stretch.px_per_mv == pytest.approx(10.0 * stretch.px_per_mm)
        assert (5 * stretch.px_per_mm) % 1 == pytest.approx(0.0, abs=1e-9)


def test_one_millivolt_is_ten_millimetres_and_one_second_twenty_five(view: PaperView) -> None:
    signal = np.zeros(2500, dtype=np.float32)
    signal[1250:1255] = 1.0
    view.set_strip(strip_of(signal))
    shown = pixels(view.grab())
    black = shown.max(axis=2) < 120
    spike = round(Paper().x_mm(np.array([5.0]))[0] * PX_PER_MM)
    rows = np.flatnonzero(black[40:250, spike - 1 : spike + 3].any(axis=1)) + 40
    assert np.ptp(rows) == pytest.approx(10 * PX_PER_MM, abs=3)
    columns = np.flatnonzero(black[rows.min() + 6, 200:]) + 200
    assert abs(columns.mean() - spike) < 4


def test_the_baseline_lies_on_a_large_line(view: PaperView) -> None:
    signal = np.full(2500, 0.7, dtype=np.float32)
    signal[:1000] = np.nan
    view.set_strip(strip_of(signal))
    (stretch,) = view.stretches
    row = pixels(view.grab())[int(stretch.baseline)]
    large = np.array(view.sheet.colours.large_line.getRgb()[:3])  # type: ignore[index]
    assert (row[int(stretch.x(1.0)) : int(stretch.x(3.9))] == large).all()
    assert (row[int(stretch.x(4.1)) : int(stretch.x(9.9))] < 70).all()


def test_a_gap_is_drawn_as_a_gap(view: PaperView) -> None:
    signal = np.zeros(2500, dtype=np.float32)
    signal[1000:1500] = np.nan
    view.set_strip(strip_of(signal))
    dark = pixels(view.grab()).max(axis=2) < 110
    first, last = (Paper().x_mm(np.array([4.1, 5.9])) * PX_PER_MM).astype(int)
    assert not dark[20:220, first:last].any()
    assert dark[20:220, last + 40 : WIDTH - 4].any(axis=0).all()
    assert "gaps of 2.0 seconds" in view.description


def test_a_gap_is_a_gap_in_the_outline_too(view: PaperView, qtbot: QtBot) -> None:
    signal = np.zeros(250 * 600, dtype=np.float32)
    signal[250 * 200 : 250 * 400] = np.nan
    view.set_strip(strip_of(signal))
    finish_outlines(view, qtbot)
    (stretch,) = view.stretches
    dark = pixels(view.grab()).max(axis=2) < 110
    row = dark[int(stretch.baseline)]
    assert not row[int(stretch.x(202.0)) : int(stretch.x(398.0))].any()
    assert row[int(stretch.x(5.0)) : int(stretch.x(198.0))].all()


def test_overlays_leave_the_strip_where_it_is(view: PaperView) -> None:
    view.set_strip(fakes.strip(seconds=SECONDS))
    before, stretches = pixels(view.grab()), view.stretches
    view.set_overlays([Dot()])
    after = pixels(view.grab())
    changed = np.argwhere((before != after).any(axis=2))
    assert view.stretches == stretches
    assert changed.size
    assert (np.ptp(changed, axis=0) < 8).all()
    view.set_overlays([])
    assert np.array_equal(pixels(view.grab()), before)


def test_a_new_strip_comes_without_what_lay_over_the_last(view: PaperView) -> None:
    view.set_strip(fakes.strip())
    plain = pixels(view.grab())
    view.set_overlays([Dot()])
    view.set_strip(fakes.strip())
    assert view.overlays == ()
    assert np.array_equal(pixels(view.grab()), plain)


def test_painted_is_told_once_for_each_strip(view: PaperView, qtbot: QtBot) -> None:
    told: list[int] = []
    view.painted.connect(lambda: told.append(1))
    for expected in (1, 2):
        with qtbot.waitSignal(view.painted):
            view.set_strip(fakes.strip())
        view.repaint()
        assert len(told) == expected


def test_a_view_that_stays_the_same_tells_nothing(view: PaperView) -> None:
    view.set_strip(fakes.strip())
    told: list[int] = []
    view.view_changed.connect(lambda: told.append(1))
    view.set_layout(PaperLayout.RHYTHM)
    view.set_gain(None)
    view.set_channel(0)
    view.set_style(PaperStyle.PINK)
    view.set_screen_px_per_mm(None)
    view.fit()
    view.scroll(3.0)
    view.zoom(0.5)
    assert told == []
    view.zoom(2.0)
    assert told == [1]


def test_scrolling_stays_within_the_recording(view: PaperView) -> None:
    view.set_strip(long_strip())
    view.zoom(60.0)
    width_s = view.visible_s[1] - view.visible_s[0]
    view.scroll(-1e9)
    assert view.visible_s == pytest.approx((30.0, 30.0 + width_s), abs=0.01)
    view.show_end()
    assert view.visible_s == pytest.approx((630.0 - width_s, 630.0), abs=0.01)
    view.scroll(-10.0)
    assert view.visible_s[1] == pytest.approx(620.0, abs=0.02)
    view.show_from(100.0)
    assert view.visible_s[0] == pytest.approx(100.0, abs=0.01)


def test_zooming_keeps_what_lies_under_the_pointer(view: PaperView) -> None:
    view.set_strip(long_strip())
    view.zoom(30.0)
    view.show_from(300.0)
    before = view.stretches[0].seconds(700.0)
    for factor in (1.25, 1.25, 1.25, 0.8, 3.0):
        view.zoom(factor, 700.0)
        (stretch,) = view.stretches
        assert stretch.seconds(700.0) == pytest.approx(before, abs=2 / stretch.px_per_s)


def test_zoom_ends_at_a_second_and_at_the_whole(view: PaperView) -> None:
    view.set_strip(long_strip())
    fitting = view.frame
    view.zoom(1e9)
    assert view.visible_s[1] - view.visible_s[0] == pytest.approx(1.0, abs=0.05)
    view.zoom(1e-9)
    assert view.frame == fitting
    assert view.shows_all


def test_boxes_are_square_at_every_zoom_or_there_are_none(view: PaperView) -> None:
    view.set_strip(long_strip())
    pressed = 0
    for _ in range(30):
        view.zoom(1.3)
        (stretch,) = view.stretches
        if view.sheet.is_pressed(view.frame):
            pressed += 1
            assert "across" in view.sheet.printed_scale(view.frame)
        else:
            assert stretch.px_per_s == pytest.approx(25.0 * stretch.px_per_mm)
            assert "25 mm/s" in view.sheet.printed_scale(view.frame)
    assert 0 < pressed < 30


@pytest.mark.parametrize(
    ("layout", "leads"),
    [
        (PaperLayout.RHYTHM, ("II",)),
        (PaperLayout.STACKED, ("II", "V1", "V5")),
        (PaperLayout.TWELVE, STANDARD),
    ],
)
@pytest.mark.parametrize("zoom", [1.0, 7.0, 60.0, 200.0])
def test_a_scrolled_picture_is_the_one_that_would_be_drawn_anew(
    view: PaperView, qtbot: QtBot, layout: PaperLayout, leads: tuple[str, ...], zoom: float
) -> None:
    view.set_strip(long_strip(leads=leads))
    view.set_layout(layout)
    finish_outlines(view, qtbot)
    view.zoom(zoom)
    view.show_from(200.0)
    view.grab()
    for share in (0.013, 0.2, -0.05, 0.7, -0.9, 0.001):
        shown_s = view.frame.shown_s
        view.scroll(share * shown_s)
        scrolled = pixels(view.grab())
        view._picture.forget()
        anew = pixels(view.grab())
        # Where a line was cut, its edge may be rounded otherwise; nothing else may differ.
        assert np.abs(scrolled - anew).max() <= 16


def test_a_picture_is_drawn_anew_when_it_has_been_scrolled_out_of_its_memory(
    view: PaperView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "_ROOM", 100)
    view.set_strip(fakes.strip(seconds=60.0))
    view.zoom(7.0)
    for step in [30.0] * 10 + [-40.0] * 12 + [250.0, -1000.0]:
        view.scroll(step / view.frame.px_per_s)
        scrolled = pixels(view.grab())
        view._picture.forget()
        assert np.abs(scrolled - pixels(view.grab())).max() <= 16


@pytest.mark.parametrize("per_px", [0.7, 1.4, 3.5])
def test_many_samples_look_as_if_each_were_stroked(
    view: PaperView, monkeypatch: pytest.MonkeyPatch, per_px: float
) -> None:
    seconds = 20.0
    view.set_strip(strip_of(ecg_at(regular_peaks(71, seconds), 250.0, seconds)))
    view.zoom(250.0 / per_px / view.frame.px_per_s)
    stroked = pixels(view.grab())
    monkeypatch.setattr(tracing, "_MANY", 0)
    view._redraw()
    outlined = pixels(view.grab())
    dark = [(255.0 - seen.max(axis=2)).sum() for seen in (stroked, outlined)]
    assert not np.array_equal(stroked, outlined)
    assert dark[1] == pytest.approx(dark[0], rel=0.02)
    assert np.abs(stroked - outlined).mean() < 0.4


def test_outlines_show_the_same_before_and_after_they_are_ready(
    view: PaperView, qtbot: QtBot
) -> None:
    slow = np.sin(np.arange(250 * 600) / 250 / 20).astype(np.float32)
    view.set_strip(strip_of(slow))
    assert view._pyramids.is_building
    early = pixels(view.grab()).max(axis=2) < 100
    finish_outlines(view, qtbot)
    ready = pixels(view.grab()).max(axis=2) < 100
    assert (early != ready).mean() < 0.002


def test_a_day_is_shown_at_once_and_outlined_in_short_slices(view: PaperView, qtbot: QtBot) -> None:
    hour = ecg_at(regular_peaks(71, 600), 250.0, 600)
    day = np.tile(hour, 6 * 24)
    day.flags.writeable = False
    started = time.perf_counter()
    view.set_strip(strip_of(day))
    view.repaint()
    assert time.perf_counter() - started < 0.5
    assert view.visible_s == pytest.approx((0.0, 86400.0))
    finish_outlines(view, qtbot)
    assert view.shows_all
    view.zoom(1e9)
    view.repaint()
    assert view.visible_s[1] - view.visible_s[0] < 1.1


def test_actual_size_is_exact_and_says_so(view: PaperView) -> None:
    view.set_strip(fakes.strip(seconds=SECONDS))
    view.set_actual_size(True)
    assert view._size_note() == ""
    view.set_screen_px_per_mm(6.37)
    assert view.is_actual_size
    assert view.stretches[0].px_per_mm == pytest.approx(6.37)
    assert view._size_note() == "actual size"
    assert not view.shows_all
    view.set_actual_size(False)
    assert view._size_note() == "at 63 % of actual size"
    assert view.px_per_mm == PX_PER_MM


def test_speed_and_gain_change_the_scale(view: PaperView) -> None:
    view.set_strip(fakes.strip(seconds=SECONDS))
    view.set_speed(50.0)
    view.set_gain(-5.0)
    (stretch,) = view.stretches
    assert stretch.px_per_s == pytest.approx(50 * stretch.px_per_mm)
    assert stretch.px_per_mv == pytest.approx(-5 * stretch.px_per_mm)
    assert "50 millimetres per second" in view.description
    assert "5 millimetres per millivolt, inverted" in view.description


def test_another_speed_leaves_zoom_and_place(view: PaperView) -> None:
    view.set_strip(long_strip(1800.0))
    view.zoom(1800.0 / 8.0)
    view.show_from(400.0)
    begin, end = view.visible_s
    for mm_s in (50.0, 12.5, 25.0):
        view.set_speed(mm_s)
        assert view.visible_s[0] == pytest.approx(begin, abs=0.02)
        assert view.visible_s[1] - view.visible_s[0] == pytest.approx(end - begin, rel=0.2)


def test_a_page_of_a_long_recording_is_ten_seconds(view: PaperView) -> None:
    view.set_strip(long_strip(60.0, STANDARD))
    view.set_layout(PaperLayout.TWELVE)
    begin, end = view.visible_s
    assert end - begin == pytest.approx(10.0, abs=1.0)
    assert len(view.stretches) == 13


def test_any_lead_can_be_shown_alone(view: PaperView) -> None:
    short = strip_of(np.zeros(500, dtype=np.float32), ("V5",), fs=100.0)
    view.set_strip(fakes.strip(seconds=SECONDS), short)
    view.set_channel(1)
    (stretch,) = view.stretches
    assert (stretch.lead, stretch.channel, stretch.end_s) == ("V5", 1, 5.0)
    assert view.visible_s == (0.0, 5.0)
    assert "Lead V5" in view.description


def test_the_description_tells_what_is_drawn(view: PaperView) -> None:
    assert view.description == "No strip is shown."
    view.set_strip(long_strip(60.0, ("II", "V1")))
    view.set_layout(PaperLayout.STACKED)
    view.zoom(6.0)
    assert view.description.startswith("10 seconds of 2 leads")
    assert "2 leads (II, V1) on ECG paper, 25 millimetres per second" in view.description
    assert "of 60.0 are seen" in view.description


def test_the_tool_has_the_press_before_the_paper(view: PaperView) -> None:
    view.set_strip(long_strip())
    view.zoom(60.0)
    tool = Handle()
    view.set_tool(tool)
    before = view.visible_s
    drag(view, QPoint(100, 100), QPoint(160, 100))
    assert tool.told == ["pressed", "moved", "released"]
    assert view.visible_s == before
    drag(view, QPoint(800, 100), QPoint(700, 100))
    assert tool.told[3:] == ["pressed"]
    moved_px = (view.visible_s[0] - before[0]) * view.frame.px_per_s
    assert moved_px == pytest.approx(100, abs=1)
    assert pixels(view.grab())[2, 2].tolist() == [1, 2, 3]


def test_paper_that_is_hidden_while_it_is_dragged_is_let_go(view: PaperView) -> None:
    view.set_strip(long_strip())
    view.zoom(20.0)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 100))
    view.hide()
    view.show()
    before = view.visible_s
    QTest.mouseMove(view, QPoint(200, 100))
    assert view.visible_s == before
    assert view.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_keys_that_the_tool_does_not_want_go_on(view: PaperView) -> None:
    view.set_strip(fakes.strip())
    assert view.focusPolicy() is Qt.FocusPolicy.NoFocus
    view.set_tool(Handle())
    assert view.focusPolicy() is Qt.FocusPolicy.StrongFocus
    for key, taken in ((Qt.Key.Key_C, True), (Qt.Key.Key_D, False)):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)
        assert event.isAccepted() is taken


def drag(view: PaperView, first: QPoint, last: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(view, last)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)


def wheel(view: PaperView, notches: float, *, ctrl: bool = False) -> bool:
    at = QPointF(600, 100)
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt takes it by its place
    )
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def test_the_wheel_scrolls_and_zooms_about_the_pointer(view: PaperView) -> None:
    view.set_strip(fakes.strip(seconds=SECONDS))
    assert not wheel(view, -1)
    view.set_strip(long_strip())
    view.zoom(60.0)
    before = view.visible_s[0]
    assert wheel(view, -1)
    assert view.visible_s[0] > before
    time_there = view.frame.seconds(600.0)
    assert wheel(view, 2, ctrl=True)
    assert view.frame.seconds(600.0) == pytest.approx(time_there, abs=0.02)


def test_the_position_bar_appears_when_something_lies_beyond(view: PaperView) -> None:
    view.set_strip(long_strip())
    whole = pixels(view.grab())[-2]
    view.zoom(60.0)
    view.show_from(300.0)
    zoomed = pixels(view.grab())[-2]
    text = np.array(view.sheet.colours.text.getRgb()[:3])  # type: ignore[index]
    thumb = np.flatnonzero((zoomed == text).all(axis=1))
    assert not (whole == text).all(axis=1).any()
    assert thumb.mean() / WIDTH == pytest.approx(0.45, abs=0.02)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(0.8 * WIDTH), 278))
    assert np.mean(view.visible_s) == pytest.approx(30.0 + 0.8 * 600, abs=2.0)


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
        np.zeros(2, dtype=np.float32),
        np.full(2500, np.nan, dtype=np.float32),
        np.full(100_000, np.nan, dtype=np.float32),
        np.tile(np.array([0, 10], dtype=np.float32), 1250),
        np.tile(np.array([-1e6, 1e6], dtype=np.float32), 60_000),
        np.full(2500, np.inf, dtype=np.float32),
        np.full(2500, 1e-5, dtype=np.float32),
    ],
    ids=[
        *("nothing", "one sample", "two samples", "only gap", "long gap"),
        *("10 mV steps", "kilovolts", "infinite", "0.01 microvolt"),
    ],
)
def test_odd_signals_are_drawn_sensibly(view: PaperView, signal: NDArray[np.float32]) -> None:
    view.set_strip(strip_of(signal))
    for layout in PaperLayout:
        view.set_layout(layout)
        for factor in (1.0, 1e-6, 1e6, 0.3):
            view.zoom(factor)
            view.scroll(0.4)
            assert not view.grab().isNull()
            assert view.description


def test_any_size_is_survived(view: PaperView) -> None:
    view.setMinimumHeight(0)
    view.set_strip(long_strip(leads=STANDARD))
    for layout in PaperLayout:
        view.set_layout(layout)
        for width, height in ((1, 1), (0, 0), (30, 2000), (1500, 60), (5, 300)):
            view.resize(width, height)
            view.zoom(3.0)
            assert view.grab().isNull() == (min(view.width(), view.height()) == 0)
            assert view.description


def test_the_picture_follows_the_screens_ratio(
    view: PaperView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_strip(fakes.strip(seconds=SECONDS))
    once = pixels(view.grab())
    for ratio in (1.5, 2.0, 1.0):
        monkeypatch.setattr(view, "devicePixelRatioF", lambda ratio=ratio: ratio)
        view.repaint()
        view.repaint()
        assert view._picture._drawn is not None
        assert view._picture._drawn.scale.width == round(WIDTH * ratio)
        (stretch,) = view.stretches
        assert stretch.px_per_s == pytest.approx(25 * stretch.px_per_mm)
    monkeypatch.undo()
    assert np.array_equal(pixels(view.grab()), once)

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support import fakes
from tests.support.synthetic import regular_peaks

pytestmark = pytest.mark.gui

MADE_UP = Provenance(Origin.REAL, "made up")
Mask = NDArray[np.bool_]
HEADER = 44
GUTTER = 40


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Played:
    """A monitor whose time the test moves."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = Clock()
        self.view = MonitorView(clock=self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(800, 240)
        self.view.show()
        qtbot.waitExposed(self.view)

    def play(self, seconds: float, step: float = 0.05) -> None:
        for _ in range(round(seconds / step)):
            self.clock.now += step
            self.view.advance()

    def shown(self) -> NDArray[np.int_]:
        """The whole widget's pixels, red, green and blue, as a window would show them."""
        return pixels(self.view.grab())

    @property
    def swept_s(self) -> float:
        return self.view.swept.duration_s if self.view.swept else 0.0


@pytest.fixture
def played(qtbot: QtBot) -> Played:
    return Played(qtbot)


def pixels(picture: QPixmap | QImage) -> NDArray[np.int_]:
    image = picture if isinstance(picture, QImage) else picture.toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    lines = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return lines[:, : image.width(), 2::-1].astype(np.int_)


def traced(picture: NDArray[np.int_]) -> Mask:
    """Where a trace was drawn, below the header and right of the leads' names."""
    found: Mask = np.asarray(picture[:, :, 1] > 120)
    found[:HEADER] = found[:, :GUTTER] = False
    return found


def made(
    signal: NDArray[np.floating], fs: float = 250.0, start_s: float = 0.0, lead: str = "II"
) -> Strip:
    """A strip of one lead."""
    row = signal[np.newaxis].astype(np.float32)
    return Strip(row, fs, (LeadName(lead),), start_s, at_end=False, provenance=MADE_UP)


def leads(count: int, seconds: float = 20.0) -> Strip:
    one = fakes.strip(seconds=seconds)
    names = tuple(LeadName(f"V{number}") for number in range(1, count + 1))
    return replace(one, signal=np.tile(one.signal, (count, 1)), leads=names)


class Recorder:
    """An overlay that only remembers what it was asked to draw over."""

    def __init__(self) -> None:
        self.drawn: list[tuple[Stretch, ...]] = []

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        del colours
        self.drawn.append(tuple(stretches))
        painter.fillRect(60, 60, 20, 20, Qt.GlobalColor.white)


class Hand(QObject):
    """A tool that notes what reaches it, and takes hold right of x = 100."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        del painter, stretches, colours
        self.noted.append("drawn")

    def pressed(self, at: QPointF, stretches: Sequence[Stretch]) -> bool:
        self.noted.append(f"pressed over {len(stretches)}")
        return at.x() > 100

    def moved(self, to: QPointF, stretches: Sequence[Stretch]) -> None:
        del stretches
        self.noted.append(f"moved to {to.x():g}")

    def released(self) -> None:
        self.noted.append("released")

    def cursor(self, at: QPointF, stretches: Sequence[Stretch]) -> Qt.CursorShape:
        del at, stretches
        return Qt.CursorShape.SizeHorCursor

    def key(self, event: QKeyEvent, stretches: Sequence[Stretch]) -> bool:
        del stretches
        self.noted.append(f"key {event.text()}")
        return event.text() == "m"

    @property
    def description(self) -> str:
        return ""


def test_the_sweep_keeps_the_pace_of_the_recording(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(3.0)
    assert played.swept_s == pytest.approx(3.0, abs=0.06)


def test_it_never_loops_but_rests_and_says_why(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=4.0))
    played.view.finish("The recording ends here")
    played.play(10.0)
    assert played.view.at_end
    assert "The recording ends here" in played.view.description
    assert played.swept_s == pytest.approx(4.0)
    assert not played.view._timer.isActive()


def test_more_samples_are_asked_for_in_time_and_once(played: Played) -> None:
    asked: list[float] = []
    played.view.running_out.connect(asked.append)
    played.view.set_strip(fakes.strip(seconds=10.0))
    played.play(5.9)
    assert asked == []
    played.play(3.0)
    assert asked == [10.0]


def test_no_more_is_asked_for_when_the_ending_is_known(played: Played) -> None:
    asked: list[float] = []
    played.view.running_out.connect(asked.append)
    played.view.set_strip(fakes.strip(seconds=5.0))
    played.view.finish("That is all")
    played.play(6.0)
    assert asked == []


def test_the_sweep_goes_on_without_a_seam_when_more_comes(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=5.0))
    played.play(6.0)
    assert "Waiting" in played.view.description
    played.view.extend(fakes.strip(start_s=5.0, seconds=5.0))
    assert "Waiting" not in played.view.description
    played.play(3.0)
    swept = played.view.swept
    assert swept is not None
    whole = fakes.strip(seconds=10.0)
    assert np.array_equal(swept.signal, whole.signal[:, : swept.signal.shape[1]])
    assert swept.duration_s > 7.5


def test_a_trace_that_came_in_pieces_looks_like_one_that_came_at_once(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=3.0))
    played.view.grab()
    played.play(4.0)
    for second in range(3, 7):
        played.view.extend(fakes.strip(start_s=second, seconds=1.0))
        played.play(1.2)
    in_pieces = played.shown()
    played.view._redraw()
    assert played.swept_s == pytest.approx(7.0)
    assert np.array_equal(in_pieces, played.shown())


def test_samples_that_do_not_follow_are_refused(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=5.0))
    with pytest.raises(ValueError, match="go on at 5"):
        played.view.extend(fakes.strip(start_s=6.0, seconds=5.0))
    with pytest.raises(ValueError, match="lead"):
        played.view.extend(made(np.zeros(100), start_s=5.0, lead="V1"))
    with pytest.raises(ValueError, match="1 strip"):
        played.view.extend(fakes.strip(start_s=5.0), fakes.strip(start_s=5.0))


def test_freezing_holds_the_trace(played: Played) -> None:
    changes: list[bool] = []
    played.view.frozen_changed.connect(changes.append)
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(2.0)
    played.view.set_frozen(True)
    held_s = played.swept_s
    played.view.set_frozen(True)
    played.play(5.0)
    assert played.swept_s == held_s
    assert not played.view._timer.isActive()
    assert "Frozen" in played.view.description
    played.view.set_frozen(False)
    played.play(1.0)
    assert played.swept_s == pytest.approx(held_s + 1.0, abs=0.06)
    assert changes == [True, False]


def test_after_a_stall_the_sweep_goes_on_where_it_was(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.play(2.0)
    played.clock.now += 3600.0
    played.view.advance()
    assert played.swept_s == pytest.approx(2.25, abs=0.06)


def test_the_bar_ahead_of_the_head_is_empty(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.view.grab()
    played.play(12.0)
    green = traced(played.shown())
    newest, oldest = played.view.stretches
    head, behind_bar = round(newest.right), round(oldest.left)
    assert behind_bar - head == pytest.approx(8.0 * newest.px_per_mm, abs=1.0)
    assert not green[:, head + 1 : behind_bar - 1].any()
    assert green[:, head - 60 : head].any()
    assert green[:, behind_bar : behind_bar + 200].any()


def test_ten_seconds_fit_the_width_and_stay_whole(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=10.0))
    played.view.show_all()
    (only,) = played.view.stretches
    assert (only.start_s, only.end_s) == pytest.approx((0.0, 10.0))
    assert only.right == pytest.approx(played.view.width(), abs=1.0)
    green = traced(played.shown())
    assert green[:, round(only.left) : round(only.left) + 30].any()
    assert green[:, -30:].any()


def test_all_is_shown_also_to_one_who_looks_back(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.play(25.0)
    played.view.set_frozen(True)
    played.view.scroll_back(5.0)
    played.view.show_all()
    assert played.view.back_s == 0
    assert played.view.stretches[0].end_s == pytest.approx(60.0, abs=0.02)
    assert "ago" not in played.view.description


def test_a_new_strip_begins_a_new_sweep(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(4.0)
    played.view.set_frozen(True)
    played.view.set_strip(fakes.strip(start_s=30.0, seconds=20.0))
    played.play(1.0)
    assert not played.view.frozen
    assert played.view.swept is not None
    assert played.view.swept.start_s == 30.0
    assert not traced(played.shown())[:, 200:].any()


def test_it_tells_once_when_a_new_strip_is_on_the_screen(qtbot: QtBot, played: Played) -> None:
    told: list[str] = []
    played.view.painted.connect(lambda: told.append("painted"))
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.view.grab()
    assert told == []
    played.play(1.0)
    qtbot.waitUntil(lambda: told == ["painted"])
    played.play(1.0)
    played.view.grab()
    assert told == ["painted"]


def test_it_rests_while_nobody_looks(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(0.5)
    assert played.view._timer.isActive()
    played.view.hide()
    assert not played.view._timer.isActive()
    played.clock.now += 5.0
    played.view.show()
    assert played.view._timer.isActive()
    played.play(0.5)
    assert played.swept_s == pytest.approx(1.0, abs=0.06)


def test_the_trace_survives_a_new_size_down_to_nothing(played: Played) -> None:
    played.view.setMinimumSize(0, 0)
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(leads(3))
    played.play(3.0)
    for size in (QSize(1, 1), QSize(0, 0), QSize(30, 300), QSize(500, 20), QSize(1200, 400)):
        played.view.resize(size)
        played.view.grab()
        played.play(0.2)
        played.view.grab()
    assert traced(played.shown())[:, 60:200].any()


class Elsewhere(MonitorView):
    """A monitor that can be moved to another kind of display."""

    ratio = 1.0

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt's name
        return self.ratio


def test_the_sweep_goes_on_on_another_display(qtbot: QtBot) -> None:
    clock = Clock()
    view = Elsewhere(clock=clock)
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.show()
    view.set_strip(fakes.strip(seconds=30.0))
    for ratio in (1.0, 2.0, 1.5, 1.0):
        view.ratio = ratio
        view.grab()
        for _ in range(60):
            clock.now += 0.05
            view.advance()
        screen = view._ready_screen()
        assert screen.image.width() == 600 * ratio
        stepped = pixels(screen.image)
        view._redraw()
        assert np.array_equal(stepped, pixels(screen.image))
    assert view.swept is not None
    assert view.swept.duration_s == pytest.approx(12.0, abs=0.1)


def test_a_source_that_fails_is_swept_to_its_last_sample_first(played: Played) -> None:
    told: list[bool] = []
    played.view.set_strip(fakes.strip(seconds=6.0))
    played.play(2.0)
    played.view.finish("The network does not answer.")
    played.view.view_changed.connect(lambda: told.append(played.view.at_end))
    assert not played.view.at_end
    assert "network" not in played.view.description
    played.play(5.0)
    assert played.view.description.count("The network does not answer.") == 1
    assert told == [True]
    assert not played.view._timer.isActive()


def test_without_a_strip_the_screen_is_dark(played: Played) -> None:
    assert not traced(played.shown()).any()
    assert played.view.stretches == ()
    assert played.view.swept is None
    assert played.view.description == "The monitor is dark."


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
def test_a_second_is_as_long_as_the_speed_says(played: Played, speed: float) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(3.0)
    played.view.set_speed(speed)
    stretch = played.view.stretches[0]
    assert stretch.px_per_s == pytest.approx(speed * stretch.px_per_mm)
    assert f"{speed:g} millimetres per second" in played.view.description


def test_other_speeds_and_gains_are_refused(played: Played) -> None:
    with pytest.raises(ValueError, match="speed"):
        played.view.set_speed(30.0)
    with pytest.raises(ValueError, match="gain"):
        played.view.set_gain(0.0)
    with pytest.raises(ValueError, match="px_per_mm"):
        played.view.set_px_per_mm(-1.0)


def test_on_a_calibrated_screen_a_millimetre_is_what_was_measured(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(1.0)
    played.view.set_px_per_mm(5.0)
    (stretch,) = played.view.stretches
    assert stretch.px_per_mm == 5.0
    assert stretch.px_per_s == 125.0
    played.view.set_px_per_mm(None)
    assert played.view.stretches[0].px_per_mm == pytest.approx((800 - 40) / 250, abs=0.01)


@pytest.mark.parametrize("gain", [5.0, 20.0, -10.0])
def test_the_drawn_trace_lies_where_the_stretch_says(played: Played, gain: float) -> None:
    step = np.zeros(2500)
    step[250:] = 0.8
    played.view.set_strip(made(step))
    played.view.set_gain(gain)
    played.view.show_all()
    (stretch,) = played.view.stretches
    assert stretch.px_per_mv == pytest.approx(gain * stretch.px_per_mm)
    green = traced(played.shown())
    for seconds, millivolts in ((0.5, 0.0), (5.0, 0.8)):
        rows = np.flatnonzero(green[:, round(stretch.x(seconds))])
        assert rows.mean() + 0.5 == pytest.approx(stretch.y(millivolts), abs=1.0)


def test_an_inverted_lead_says_so(played: Played) -> None:
    played.view.set_strip(fakes.strip())
    played.view.set_gain(-10.0)
    assert "\N{MINUS SIGN}10 mm/mV (inverted)" in played.view._ready_layout().printed
    assert "-10 millimetres per millivolt" in played.view.description


def test_a_very_small_signal_is_drawn_small_and_says_its_gain(played: Played) -> None:
    tiny = 0.01 * np.sin(np.arange(2500) / 10)
    played.view.set_strip(made(tiny))
    played.view.show_all()
    assert "10 millimetres per millivolt" in played.view.description
    rows = np.flatnonzero(traced(played.shown()).any(axis=1))
    assert rows.size
    assert np.ptp(rows) < 5


def test_a_lead_is_cut_off_at_its_own_row(played: Played) -> None:
    high = np.zeros(2500)
    high[800:1200] = 10.0
    played.view.set_gain(10.0)
    played.view.set_strip(made(high), made(np.zeros(2500), lead="V1"))
    played.view.show_all()
    upper, lower = played.view.stretches
    green = traced(played.shown())
    edge = round(upper.bottom)
    beside = round(upper.x(4.0))
    # The high lead has left its row; the flat one below is all that is left.
    assert np.flatnonzero(green[:, beside]).min() >= edge
    assert np.flatnonzero(green[:, beside]).mean() == pytest.approx(lower.y(0.0), abs=1.5)


def test_every_lead_has_a_row_of_its_own(played: Played) -> None:
    played.view.resize(800, 600)
    played.view.set_strip(leads(12))
    played.play(2.0)
    stretches = played.view.stretches
    assert [stretch.channel for stretch in stretches] == list(range(12))
    assert all(upper.bottom <= lower.top for upper, lower in pairwise(stretches))
    green = traced(played.shown())
    assert all(green[round(s.top) : round(s.bottom), 60:150].any() for s in stretches)


def test_only_the_chosen_leads_are_shown(played: Played) -> None:
    played.view.set_strip(leads(2), made(np.zeros(2500), lead="I"))
    assert [s.lead for s in played.view.stretches] == []
    played.play(1.0)
    assert [s.lead for s in played.view.stretches] == ["V1", "V2", "I"]
    played.view.set_leads_shown([2, 0, 7])
    assert [(s.lead, s.channel) for s in played.view.stretches] == [("I", 2), ("V1", 0)]
    played.view.set_leads_shown(None)
    assert len(played.view.stretches) == 3


def test_leads_of_other_rates_keep_their_own_clock(played: Played) -> None:
    quick, slow = np.zeros(5000), np.zeros(1000)
    quick[2000:] = slow[400:] = 0.5
    played.view.set_strip(made(quick, fs=500.0), made(slow, fs=100.0, lead="V1"))
    played.view.show_all()
    green = traced(played.shown())
    for stretch in played.view.stretches:
        above = green[round(stretch.top) : round(stretch.y(0.25))]
        first = np.flatnonzero(above.any(axis=0)).min()
        assert first == pytest.approx(stretch.x(4.0), abs=2.0)


def test_a_shorter_lead_ends_and_that_is_said(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=10.0), made(np.zeros(500), lead="V1"))
    played.play(1.5)
    assert "ended" not in played.view.description
    played.play(4.0)
    assert "V1 has ended" in played.view.description
    longer, shorter = played.view.stretches
    green = traced(played.shown())
    assert not green[round(shorter.top) : round(shorter.bottom), round(shorter.x(2.0)) + 3 :].any()
    assert green[round(longer.top) : round(longer.bottom), round(longer.x(4.0)) :].any()


def test_a_gap_is_drawn_as_a_gap(played: Played) -> None:
    signal = np.zeros(2500)
    signal[500:1000] = np.nan
    played.view.set_strip(made(signal))
    played.view.show_all()
    (stretch,) = played.view.stretches
    columns: Mask = np.asarray(traced(played.shown()).any(axis=0))
    assert not columns[round(stretch.x(2.0)) + 2 : round(stretch.x(4.0)) - 2].any()
    assert columns[round(stretch.x(1.0)) : round(stretch.x(1.9))].all()
    assert columns[round(stretch.x(4.1)) : round(stretch.x(9.0))].all()


def test_a_long_gap_is_said(played: Played) -> None:
    signal = np.zeros(2500)
    signal[500:] = np.nan
    played.view.set_strip(made(signal))
    played.play(6.0)
    assert "No signal in II" in played.view.description


@pytest.mark.parametrize("samples", [0, 1])
def test_hardly_any_samples_do_no_harm(qtbot: QtBot, played: Played, samples: int) -> None:
    with qtbot.waitSignal(played.view.painted):
        played.view.set_strip(made(np.zeros(samples)))
        played.play(0.5)
        played.view.grab()
    played.view.finish("No more samples")
    assert played.view.at_end
    assert traced(played.shown()).any() == (samples == 1)


def test_a_day_of_samples_is_not_touched_but_where_it_is_swept(played: Played) -> None:
    day = np.zeros((1, 24 * 3600 * 250), dtype=np.float32)
    day.flags.writeable = False
    strip = Strip(day, 250.0, (LeadName("II"),), 0.0, at_end=True, provenance=MADE_UP)
    played.view.set_strip(strip)
    played.play(2.0)
    swept = played.view.swept
    assert swept is not None
    assert np.shares_memory(swept.signal, day)
    played.view.show_all()
    assert traced(played.shown()).any()
    assert played.swept_s == pytest.approx(300.0)


def test_what_was_swept_long_ago_is_forgotten(played: Played) -> None:
    played.view.set_strip(made(np.zeros(2500)))
    for start_s in range(10, 600, 10):
        played.view.show_all()
        played.view.extend(made(np.zeros(2500), start_s=start_s))
    played.view.show_all()
    swept = played.view.swept
    assert swept is not None
    assert (swept.start_s, swept.end_s) == pytest.approx((300.0, 600.0))
    assert played.view._tape is not None
    assert len(played.view._tape.tracks[0]._pieces) <= 31


def test_looking_back_shows_the_older_window_from_left_to_right(played: Played) -> None:
    changes: list[float] = []
    played.view.view_changed.connect(lambda: changes.append(played.view.back_s))
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.play(25.0)
    played.view.scroll_back(5.0)
    assert played.view.back_s == 0
    played.view.set_frozen(True)
    played.view.scroll_back(12.0)
    assert "12 s ago" in played.view.description
    (only,) = played.view.stretches
    now_s = played.swept_s
    assert (only.start_s, only.end_s) == pytest.approx((now_s - 22.0, now_s - 12.0), abs=0.02)
    assert traced(played.shown())[:, 60:].any(axis=0).mean() > 0.9
    played.view.scroll_back(100.0)
    assert played.view.back_s == pytest.approx(now_s - 10.0, abs=0.02)
    played.view.scroll_back(-1000.0)
    assert played.view.back_s == 0
    assert len(played.view.stretches) == 2
    assert changes[-3:] == pytest.approx([12.0, now_s - 10.0, 0.0], abs=0.02)


def turn_wheel(view: MonitorView, notches: int) -> bool:
    """Turn the wheel over a view, and return whether that was of use."""
    at = QPointF(view.rect().center())
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - as Qt declares it
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def test_the_mouse_looks_back_while_the_sweep_rests(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.play(25.0)
    left, start = Qt.MouseButton.LeftButton, QPoint(200, 120)

    def drag() -> None:
        QTest.mousePress(played.view, left, pos=start)
        QTest.mouseMove(played.view, start + QPoint(round(3 * per_s), 0))
        QTest.mouseRelease(played.view, left, pos=start + QPoint(round(3 * per_s), 0))

    per_s = played.view.stretches[0].px_per_s
    drag()
    assert not turn_wheel(played.view, 2)
    assert played.view.back_s == 0
    played.view.set_frozen(True)
    assert turn_wheel(played.view, 2)
    assert played.view.back_s == pytest.approx(2.0)
    drag()
    assert played.view.back_s == pytest.approx(5.0, abs=0.05)
    QTest.mouseMove(played.view, QPoint(400, 120))
    assert played.view.back_s == pytest.approx(5.0, abs=0.05)
    assert turn_wheel(played.view, -9)
    assert played.view.back_s == 0


def test_going_on_leaves_the_past(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.view.grab()
    played.play(25.0)
    played.view.set_frozen(True)
    before = played.shown()
    played.view.scroll_back(8.0)
    played.view.set_frozen(False)
    assert played.view.back_s == 0
    played.view.set_frozen(True)
    assert np.array_equal(played.shown(), before)


def test_overlays_are_drawn_only_while_the_sweep_rests(played: Played) -> None:
    over = Recorder()
    played.view.set_overlays([over])
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(2.0)
    played.view.grab()
    assert over.drawn == []
    played.view.set_frozen(True)
    shown = played.shown()
    assert over.drawn[-1] == played.view.stretches
    assert (shown[62:78, 62:78] == 255).all()
    played.view.set_frozen(False)
    assert not (played.shown()[62:78, 62:78] == 255).all()


def test_a_tool_gets_mouse_and_keys_while_the_sweep_rests(played: Played) -> None:
    hand = Hand()
    played.view.set_tool(hand)
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(2.0)
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(played.view, left, pos=played.view.rect().center())
    QTest.keyClick(played.view, Qt.Key.Key_M)
    assert hand.noted == []
    played.view.set_frozen(True)
    QTest.mousePress(played.view, left, pos=QPointF(200, 100).toPoint())
    QTest.mouseMove(played.view, QPointF(250, 100).toPoint())
    QTest.mouseRelease(played.view, left, pos=QPointF(250, 100).toPoint())
    QTest.mousePress(played.view, left, pos=QPointF(50, 100).toPoint())
    QTest.mouseMove(played.view, QPointF(90, 100).toPoint())
    QTest.keyClick(played.view, Qt.Key.Key_M)
    noted = [note for note in hand.noted if note != "drawn"]
    assert noted == [
        "pressed over 1", "moved to 250", "released", "pressed over 1", "key m",
    ]  # fmt: skip


def test_what_a_tool_changes_is_drawn_anew(qtbot: QtBot, played: Played) -> None:
    hand = Hand()
    played.view.set_tool(hand)
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(1.0)
    played.view.set_frozen(True)
    played.view.grab()
    hand.noted.clear()
    hand.changed.emit()
    qtbot.waitUntil(lambda: hand.noted == ["drawn"])


def test_a_tool_that_is_put_away_holds_nothing(played: Played) -> None:
    hand = Hand()
    played.view.set_tool(hand)
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(1.0)
    played.view.set_frozen(True)
    at = QPointF(200, 100).toPoint()
    QTest.mousePress(played.view, Qt.MouseButton.RightButton, pos=at)
    assert not any(note.startswith("pressed") for note in hand.noted)
    QTest.mousePress(played.view, Qt.MouseButton.LeftButton, pos=at)
    played.view.set_tool(None)
    hand.noted.clear()
    QTest.mouseMove(played.view, at * 2)
    QTest.mouseRelease(played.view, Qt.MouseButton.LeftButton, pos=at)
    hand.changed.emit()
    assert hand.noted == []
    assert played.view.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_the_heart_rate_lags_behind_the_beats(played: Played) -> None:
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(fakes.strip(seconds=60.0, rate=75.0))
    played.view.set_beats(regular_peaks(75.0, 60.0))
    played.play(1.5)
    assert played.view.heart_rate == "---"
    played.play(6.0)
    assert played.view.heart_rate == "75"
    assert "Heart rate 75." in played.view.description
    played.view.set_heart_rate_shown(False)
    assert "Heart rate" not in played.view.description


def test_a_new_rate_is_told(played: Played) -> None:
    told: list[str] = []
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(fakes.strip(seconds=60.0, rate=75.0))
    played.view.set_beats(regular_peaks(75.0, 60.0))
    played.view.view_changed.connect(lambda: told.append(played.view.description))
    played.play(12.0)
    assert len(told) == 1
    assert "Heart rate 75." in told[0]


def test_beats_that_come_late_still_count(played: Played) -> None:
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(fakes.strip(seconds=60.0))
    played.view.set_beats([], until_s=0.0)
    played.play(7.0)
    assert played.view.heart_rate == "---"
    played.view.add_beats(np.arange(0.5, 20.0, 1.0))
    played.play(1.5)
    assert played.view.heart_rate == "60"


def test_a_beat_is_told_when_the_head_passes_it(played: Played) -> None:
    told: list[float] = []
    played.view.set_strip(fakes.strip(start_s=20.0, seconds=20.0))
    played.view.beat.connect(lambda: told.append(played.swept_s))
    played.view.set_beats([20.5, 21.5, 23.5])
    played.play(3.0)
    assert told == pytest.approx([0.5, 1.5], abs=0.06)


def test_the_heart_is_filled_at_a_beat_and_only_then(played: Played) -> None:
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.view.set_beats([1.0])
    played.play(0.9)
    empty = played.shown()[:HEADER]
    played.play(0.15)
    filled = played.shown()[:HEADER]
    played.play(0.3)
    assert (filled[:, :, 1] > 120).sum() > (empty[:, :, 1] > 120).sum() + 50
    assert np.array_equal(played.shown()[:HEADER], empty)


def test_the_traces_stay_clear_of_what_is_printed(played: Played) -> None:
    played.view.set_heart_rate_shown(True)
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(3.0)
    assert all(stretch.top >= HEADER for stretch in played.view.stretches)
    played.view.set_heart_rate_shown(False)
    assert all(stretch.top >= HEADER for stretch in played.view.stretches)


def test_a_simulated_strip_says_so(played: Played) -> None:
    real = fakes.strip()
    played.view.set_strip(real)
    plain = played.shown()[:HEADER, :100]
    simulated = Provenance(Origin.SIMULATED, "preset")
    played.view.set_strip(replace(real, provenance=simulated))
    assert "Simulated" in played.view.description
    assert not np.array_equal(played.shown()[:HEADER, :100], plain)


def test_setters_tell_only_of_changes(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(1.0)
    told: list[str] = []
    played.view.view_changed.connect(lambda: told.append("changed"))
    played.view.set_speed(25.0)
    played.view.set_gain(None)
    played.view.set_px_per_mm(None)
    played.view.set_leads_shown(None)
    played.view.set_frozen(False)
    played.view.finish("")
    assert told == []
    played.view.set_speed(50.0)
    assert told == ["changed"]

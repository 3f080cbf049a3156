import numpy as np
import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.widgets.monitor_view import MonitorView
from tests.gui.test_paper_view import pixels
from tests.support import fakes

pytestmark = pytest.mark.gui


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
            self.view._tick()
            self.view.repaint()


@pytest.fixture
def played(qtbot: QtBot) -> Played:
    return Played(qtbot)


def test_the_sweep_keeps_the_pace_of_the_recording(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(3.0)
    assert played.view.swept is not None
    assert played.view.swept.duration_s == pytest.approx(3.0, abs=0.06)


def test_it_never_loops_but_freezes_and_says_why(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=4.0))
    played.view.finish("The recording ends here")
    played.play(10.0)
    assert played.view.at_end
    assert played.view._state == "The recording ends here"
    assert played.view.swept is not None
    assert played.view.swept.duration_s == pytest.approx(4.0)
    assert not played.view._timer.isActive()


def test_more_samples_are_asked_for_in_time_and_once(played: Played) -> None:
    asked: list[float] = []
    played.view.running_out.connect(asked.append)
    played.view.set_strip(fakes.strip(seconds=10.0))
    played.play(8.0)
    assert asked == [10.0]


def test_the_sweep_goes_on_without_a_seam_when_more_comes(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=5.0))
    played.play(6.0)
    assert "Waiting" in played.view._state
    played.view.extend(fakes.strip(start_s=5.0, seconds=5.0))
    played.play(3.0)
    swept = played.view.swept
    assert swept is not None
    whole = fakes.strip(seconds=10.0)
    assert np.array_equal(swept.signal, whole.signal[:, : swept.signal.shape[1]])
    assert swept.duration_s > 7.5


def test_samples_that_do_not_follow_are_refused(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=5.0))
    with pytest.raises(ValueError, match="go on at 5"):
        played.view.extend(fakes.strip(start_s=6.0, seconds=5.0))


def test_freezing_holds_the_trace(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(2.0)
    played.view.set_frozen(True)
    held = played.view.swept
    played.clock.now += 5.0
    assert not played.view._timer.isActive()
    played.view.set_frozen(False)
    played.play(1.0)
    assert held is not None
    assert played.view.swept is not None
    assert played.view.swept.duration_s == pytest.approx(held.duration_s + 1.0, abs=0.06)


def test_what_is_painted_bit_by_bit_equals_what_is_painted_at_once(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(12.0, step=0.017)
    played.view.set_frozen(True)
    piecewise = pixels(played.view.grab()).astype(int)
    played.view._screen = None
    at_once = pixels(played.view.grab()).astype(int)
    different = np.abs(piecewise - at_once).max(axis=2) > 40
    assert different.mean() < 5e-4


def test_the_bar_ahead_of_the_head_is_empty(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=30.0))
    played.play(12.0)
    played.view.set_frozen(True)
    shown = pixels(played.view.grab()).astype(int)
    head = int((played.view._played_s * played.view._px_per_s) % played.view.width())
    green = shown[40:, :, 1] > 120
    assert not green[:, head + 3 : head + 20].any()
    assert green[:, max(head - 60, 0) : head - 2].any()
    assert green[:, head + 60 : head + 300].any()


def test_a_new_strip_begins_a_new_sweep(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(4.0)
    played.view.set_strip(fakes.strip(start_s=30.0, seconds=20.0))
    played.play(1.0)
    assert played.view.swept is not None
    assert played.view.swept.start_s == 30.0
    shown = pixels(played.view.grab()).astype(int)
    assert not (shown[40:, 200:, 1] > 120).any()


def test_marks_stand_only_over_what_is_on_the_screen(played: Played) -> None:
    strip = fakes.strip(seconds=30.0)
    played.view.set_strip(strip)
    played.play(3.0)
    played.view.set_frozen(True)
    before = pixels(played.view.grab()).astype(int)
    played.view.set_marks(measure(strip, 0.0, 30.0))
    changed = np.abs(pixels(played.view.grab()).astype(int) - before).sum(axis=2) > 0
    head = int(played.view._played_s * played.view._px_per_s)
    assert changed[:, :head].any()
    assert not changed[:, head + 10 :].any()


def test_it_rests_while_nobody_looks(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(0.5)
    assert played.view._timer.isActive()
    played.view.hide()
    assert not played.view._timer.isActive()
    played.view.show()
    assert played.view._timer.isActive()


def test_the_trace_survives_a_new_size(played: Played) -> None:
    played.view.set_strip(fakes.strip(seconds=20.0))
    played.play(3.0)
    for size in (QSize(1, 1), QSize(500, 100), QSize(1200, 400)):
        played.view.resize(size)
        played.play(0.2)
    shown = pixels(played.view.grab()).astype(int)
    assert (shown[40:, :, 1] > 120).any()

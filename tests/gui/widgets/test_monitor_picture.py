"""What the sweep draws step by step is, pixel by pixel, what it draws at once."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from rhythmtrainer.gui.widgets.colours import MONITOR
from rhythmtrainer.gui.widgets.monitor.layout import Scale, lay_out
from rhythmtrainer.gui.widgets.monitor.screen import Screen
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.gui.widgets.monitor.window import Window, looking_back, sweeping
from rhythmtrainer.model import LeadName, Strip
from tests.gui.widgets.test_monitor_view import made, pixels
from tests.support.synthetic import ecg_at, regular_peaks

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]

SIZE = (520, 300)
RATIOS = [1.0, 1.5, 2.0]


def noisy(fs: float, seconds: float, *, seed: int = 0) -> Strip:
    signal = ecg_at(regular_peaks(90, seconds), fs, seconds, seed=seed, noise=0.05)
    signal[round(2.1 * fs) : round(2.4 * fs)] = np.nan
    signal[round(3.0 * fs) : round(3.5 * fs)] = 10.0
    signal[round(4.0 * fs) : round(4.0 * fs) + 3 : 2] = np.nan
    return made(signal, fs, lead="II")


class Stepped:
    """A screen whose tape the test plays."""

    def __init__(self, tape: Tape, ratio: float, scale: Scale | None = None) -> None:
        self.tape = tape
        self.layout = lay_out(SIZE, ratio, scale or Scale(), tape.channels(None))
        self.screen = Screen(SIZE, self.layout, tape, MONITOR)
        self.screen.redraw(self.window)

    @property
    def window(self) -> Window:
        return sweeping(self.layout, self.tape)

    def play(self, seconds: float, rng: np.random.Generator) -> None:
        until_s = self.tape.now_s + seconds
        while self.tape.now_s < until_s and self.tape.left_s > 0:
            self.tape.play(float(rng.choice([0.001, 0.013, 0.0167, 0.05, 0.4])))
            self.screen.advance(self.window)

    def shown(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int_]]:
        return pixels(self.screen.image)

    def assert_as_if_drawn_at_once(self) -> None:
        stepped = self.shown()
        self.screen.redraw(self.window)
        assert np.array_equal(stepped, self.shown())


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("seconds", [0.0, 0.05, 6.3, 13.7, 27.0])
def test_uneven_steps_leave_no_trace(ratio: float, seconds: float) -> None:
    stepped = Stepped(Tape([noisy(250.0, 30.0)]), ratio)
    stepped.play(seconds, np.random.default_rng(round(seconds)))
    stepped.assert_as_if_drawn_at_once()


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("fs", [50.0, 360.0, 1000.0, 4000.0])
def test_neither_do_they_with_few_or_many_samples_for_each_pixel(fs: float, ratio: float) -> None:
    tape = Tape([noisy(fs, 16.0), noisy(250.0, 16.0, seed=1), noisy(100.0, 9.0, seed=2)])
    stepped = Stepped(tape, ratio, Scale(speed_mm_s=12.5, gain_mm_mv=-5.0))
    stepped.play(14.0, np.random.default_rng(1))
    stepped.assert_as_if_drawn_at_once()


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("fs", [50.0, 250.0, 4000.0])
def test_samples_that_came_in_pieces_show_no_seams(fs: float, ratio: float) -> None:
    whole = noisy(fs, 16.0)
    stepped = Stepped(Tape([whole.cropped(0.0, 6.0)]), ratio)
    rng = np.random.default_rng(2)
    for second in range(6, 16):
        # Each piece is swept to its end, where the sweep has to wait.
        stepped.play(10.0, rng)
        stepped.tape.extend([whole.cropped(second, second + 1.0)])
        stepped.screen.reopen()
    stepped.play(0.7, rng)
    stepped.assert_as_if_drawn_at_once()


def test_looking_back_shows_what_the_sweep_showed() -> None:
    stepped = Stepped(Tape([noisy(250.0, 60.0)]), 1.0)
    # A whole number of turns, so that both begin with the same column.
    turn_s = stepped.layout.sweep_s
    stepped.play(2 * turn_s, np.random.default_rng(3))
    stepped.tape.now_s = stepped.tape.origin_s + 3 * turn_s
    stepped.screen.redraw(looking_back(stepped.layout, stepped.tape, turn_s))
    back = stepped.shown()
    stepped.tape.now_s = stepped.tape.origin_s + 2 * turn_s
    stepped.screen.redraw(stepped.window)
    bar = stepped.layout.gutter + round(8.0 * stepped.layout.px_per_mm)
    assert np.array_equal(back[:, bar:], stepped.shown()[:, bar:])


@pytest.mark.parametrize("ratio", RATIOS)
def test_grid_lines_are_whole_pixels_five_millimetres_apart(ratio: float) -> None:
    stepped = Stepped(Tape([made(np.zeros(0))]), ratio)
    layout = stepped.layout
    line = (MONITOR.large_line.red(), MONITOR.large_line.green(), MONITOR.large_line.blue())
    below = stepped.shown()[-1, layout.gutter :]
    columns = np.flatnonzero((below == line).all(axis=1))
    firsts = columns[np.diff(columns, prepend=-9) > 1]
    thick = max(round(ratio), 1)
    # The last line may lie half beyond the edge.
    assert np.array_equal(columns[: -2 * thick : thick], firsts[:-2])
    assert np.diff(firsts) == pytest.approx(5 * layout.px_per_mm, abs=1.0)


def test_a_frame_changes_only_its_new_columns() -> None:
    stepped = Stepped(Tape([noisy(250.0, 30.0)]), 1.0)
    stepped.play(13.0, np.random.default_rng(4))
    before, was = stepped.shown(), stepped.window
    stepped.tape.play(0.1)
    areas = stepped.screen.advance(stepped.window)
    new = stepped.window.last - was.last
    assert sum(area.width() for area in areas) == 2 * new
    changed = (stepped.shown() != before).any(axis=2)
    for area in areas:
        changed[area.top() : area.bottom() + 1, area.left() : area.right() + 1] = False
    assert not changed.any()


def test_infinite_and_enormous_voltages_do_no_harm() -> None:
    wild = np.zeros(2500)
    wild[500:600] = 1e30
    wild[700] = np.inf
    wild[900] = -np.inf
    stepped = Stepped(Tape([replace(made(wild), leads=(LeadName("II"),))]), 1.0)
    stepped.play(9.0, np.random.default_rng(5))
    stepped.assert_as_if_drawn_at_once()


_DRAW = """
import numpy as np
from PySide6.QtWidgets import QApplication, QWidget
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip

class Clock:
    now = 0.0
    def __call__(self):
        return self.now

app = QApplication([])
clock = Clock()
page = QWidget()
page.resize(420, 230)
view = MonitorView(page, clock=clock)
# Where the ratio is no whole number, the view does not begin at a whole device pixel.
view.setGeometry(11, 7, 401, 203)
page.show()
signal = np.sin(np.arange(5000) / 9.0, dtype=np.float32)[np.newaxis]
made_up = Provenance(Origin.REAL, "made up")
view.set_strip(Strip(signal, 250.0, (LeadName("II"),), 0.0, at_end=True, provenance=made_up))
app.processEvents()
while clock.now < 12.0:
    clock.now += 0.0173
    view.advance()
    app.processEvents()
window = page.screen().grabWindow(page.winId()).toImage()
anew = page.grab().toImage()
# This platform gives away as many device pixels as the window has logical ones.
anew = anew.copy(window.rect())
print(view.devicePixelRatioF(), window.convertToFormat(anew.format()) == anew)
"""


@pytest.mark.parametrize("factor", ["1.25", "1.5", "2"])
def test_what_was_shown_bit_by_bit_is_the_whole_picture_at_every_scale(factor: str) -> None:
    done = subprocess.run(  # noqa: S603 - this interpreter with the text above
        [sys.executable, "-c", _DRAW],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(float(factor)), "True"]

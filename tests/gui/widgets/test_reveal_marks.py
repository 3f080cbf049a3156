from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.colours import MONITOR, PaperStyle, StripColours
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Sketch, Style
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import Step
from tests.support.reveal_strips import SINUS, STRIPS, measured, stretch

pytestmark = pytest.mark.gui

PINK = PaperStyle.PINK.colours
EVERY_FOCUS = (None, *Step)
SMALLEST_TEXT = 12


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need an application."""
    del qtbot


def marks_on(name: str, focus: Step | None = None, channel: int = 0) -> RevealMarks:
    strip, measurement = measured(name)
    return RevealMarks(measurement, strip, focus=focus, channel=channel, row=0)


def drawn(
    marks: RevealMarks,
    stretches: Sequence[Stretch],
    colours: StripColours = PINK,
    size: tuple[int, int] = (1200, 320),
    ratio: float = 1.0,
) -> NDArray[np.uint8]:
    """Red, green and blue of what the marks leave on blank paper."""
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(colours.background)
    painter = QPainter(image)
    marks.draw(painter, stretches, colours)
    painter.end()
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, 2::-1].copy()


def near(pixels: NDArray[np.uint8], colour: QColor, tolerance: int = 24) -> NDArray[np.bool_]:
    """Which pixels have a colour."""
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    return np.asarray((np.abs(pixels.astype(int) - wanted) <= tolerance).all(axis=2))


def is_blank(pixels: NDArray[np.uint8]) -> bool:
    return bool(near(pixels, PINK.background, 0).all())


@pytest.mark.parametrize("name", STRIPS)
def test_words_stay_apart_in_the_picture_and_large_enough(name: str) -> None:
    sizes = ((400, 120), (800, 200), (1200, 320), (3840, 900))
    for focus, (width, height) in product(EVERY_FOCUS, sizes):
        sketch = marks_on(name, focus).sketch([stretch(width, height)])
        for one, other in combinations(sketch.word_boxes, 2):
            assert not one.intersects(other)
        for box in sketch.word_boxes:
            assert box.height() >= SMALLEST_TEXT
            assert 0 <= box.top() < box.bottom() <= height


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", STRIPS)
def test_it_draws_at_any_size_down_to_nothing(name: str, ratio: float) -> None:
    sizes = ((0.0, 0.0), (1.0, 1.0), (30.0, 400.0), (900.0, 10.0), (300.0, 60.0))
    for focus in EVERY_FOCUS:
        marks = marks_on(name, focus)
        for width, height in sizes:
            drawn(marks, [stretch(width, height)], size=(300, 60), ratio=ratio)
        assert is_blank(drawn(marks, [], size=(30, 30)))


@pytest.mark.parametrize("name", ["chaos", "flat"])
def test_nothing_is_marked_where_nothing_was_measured(name: str) -> None:
    for focus in EVERY_FOCUS:
        if focus is not Step.BASELINE:
            assert is_blank(drawn(marks_on(name, focus), [stretch()]))
            assert marks_on(name, focus).legend == "Nothing is marked here"


def test_the_painter_is_left_as_it_was() -> None:
    image = QImage(1200, 320, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setPen(QColor("#123456"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    font = painter.font()
    marks_on("dropping").draw(painter, [stretch()], PINK)
    assert painter.pen().color() == QColor("#123456")
    assert painter.brush().style() is Qt.BrushStyle.NoBrush
    assert not painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    assert painter.font() == font
    painter.end()


def test_a_triangle_stands_over_each_r_peak() -> None:
    columns = near(drawn(marks_on("sinus", Step.P_WAVES), [stretch()]), PINK.mark)[:40].any(axis=0)
    starts = np.flatnonzero(np.diff(columns.astype(int)) == 1)
    ends = np.flatnonzero(np.diff(columns.astype(int)) == -1)
    assert (starts + ends + 1) / 2 == pytest.approx(SINUS * 120.0, abs=2.0)


def test_a_ring_lies_around_each_dropped_p_wave_and_nowhere_else() -> None:
    alert = near(drawn(marks_on("dropping"), [stretch()]), PINK.alert)
    for dropped_s in (2.7, 5.9):
        x = round(dropped_s * 120)
        assert alert[130:165, x - 14 : x + 15].any()
    assert not alert[:, 100:250].any()


def test_changing_the_focus_changes_what_is_drawn() -> None:
    marks = marks_on("sinus")
    before = drawn(marks, [stretch()])
    marks.set_focus(Step.QRS)
    assert marks.focus is Step.QRS
    assert (drawn(marks, [stretch()]) != before).any()
    marks.set_focus(None)
    assert (drawn(marks, [stretch()]) == before).all()


def test_marks_follow_the_picture_when_it_moves() -> None:
    marks = marks_on("sinus")
    before = drawn(marks, [stretch(600.0)])
    moved = drawn(marks, [stretch(600.0, left=100.0)])
    assert (moved[:, 100:] == before[:, :-100]).mean() > 0.99


@pytest.mark.parametrize("colours", [*(paper.colours for paper in PaperStyle), MONITOR])
def test_marks_take_the_colours_of_what_they_lie_on(colours: StripColours) -> None:
    pixels = drawn(marks_on("dropping"), [stretch()], colours)
    for colour in (colours.mark, colours.p_wave, colours.qrs, colours.t_wave, colours.alert):
        assert near(pixels, colour).sum() > 20


@pytest.mark.parametrize("name", ["sinus", "dropping", "early"])
def test_letters_keep_clear_of_the_trace(name: str) -> None:
    strip, _ = measured(name)
    where = stretch()
    sketch = marks_on(name).sketch([where])
    x = where.x(np.arange(strip.signal.shape[1]) / strip.fs)
    y = where.y(strip.signal[0].astype(np.float64))
    for word, box in zip(sketch.words, sketch.word_boxes, strict=True):
        under = (x >= box.left()) & (x <= box.right())
        if word in {"P", "T", "QRS", "no QRS"}:
            assert (y[under] < box.top() + 2.0).all()


def test_without_the_strip_marks_stand_below_the_middle() -> None:
    _, measurement = measured("sinus")
    sketch = RevealMarks(measurement).sketch([stretch()])
    letters = [
        box for word, box in zip(sketch.words, sketch.word_boxes, strict=True) if word == "P"
    ]
    assert len(letters) == SINUS.size
    assert all(box.top() > 160.0 for box in letters)


def test_on_a_monitor_no_interval_crosses_the_erase_bar() -> None:
    turns = [
        stretch(500.0, start_s=6.0, end_s=10.0),
        stretch(600.0, start_s=1.1, end_s=5.9, left=560.0),
    ]
    words = marks_on("sinus", Step.PAUSES).sketch(turns).words
    inside = [np.count_nonzero((a <= SINUS) & (b >= SINUS)) for a, b in ((6.0, 10.0), (1.1, 5.9))]
    assert sum(word.startswith("0.80") for word in words) == sum(inside) - 2


def test_only_the_measured_lead_is_marked_and_of_two_stretches_the_longer() -> None:
    page = [
        replace(stretch(300.0, end_s=2.5, channel=row), top=160.0 * row, bottom=160.0 * row + 150)
        for row in (0, 1, 2)
    ]
    long = replace(stretch(1200.0, channel=1), top=480.0, bottom=630.0, baseline=555.0)
    boxes = marks_on("sinus", channel=1).sketch([*page, long]).word_boxes
    assert boxes
    assert all(box.top() >= 480.0 for box in boxes)
    assert marks_on("sinus", channel=5).sketch([*page, long]).words == ()


def test_marks_vanish_rather_than_smear_when_beats_run_together() -> None:
    far = stretch(1200.0, end_s=1800.0)
    assert is_blank(drawn(marks_on("sinus"), [far]))


def test_numbers_thin_out_before_they_overlap() -> None:
    words = marks_on("fast").sketch([stretch(900.0)]).words
    assert any(word.startswith("RR 0.") for word in words)
    assert not any(word.startswith("0.") for word in words)


def test_the_more_important_word_keeps_its_place() -> None:
    sketch = Sketch()
    assert sketch.word(Ink.P, "first", (50.0, 20.0), Style(12))
    assert not sketch.word(Ink.P, "second", (55.0, 22.0), Style(12))
    assert sketch.word(Ink.P, "third", (55.0, 60.0), Style(12))
    assert sketch.words == ("first", "third")


def test_a_word_is_pushed_between_its_edges_or_left_out() -> None:
    sketch = Sketch()
    assert sketch.word(Ink.P, "pushed", (0.0, 20.0), Style(12), (0.0, 100.0))
    assert sketch.word_boxes[0].left() == pytest.approx(0.0)
    assert not sketch.word(Ink.P, "far too long for this", (50.0, 60.0), Style(12), (40.0, 60.0))


@pytest.mark.parametrize("height", [90, 116, 160, 320])
def test_marks_leave_the_print_at_the_lower_edge_alone(height: int) -> None:
    low = replace(stretch(434.0, float(height), end_s=6.0), baseline=0.6 * height, px_per_mv=60.0)
    pixels = drawn(marks_on("unrelated"), [low], size=(434, height))
    marked = (pixels != pixels[-1, -1]).any(axis=2)
    assert marked.any()
    # Lead, speed and gain take 22 pixels of the smallest type.
    assert not marked[height - min(22, height // 5) :].any()

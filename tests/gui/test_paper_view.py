import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.paper import Paper
from rhythmtrainer.gui.widgets.paper_view import PaperView
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support import fakes

pytestmark = pytest.mark.gui

# 13 cm of paper at 10 px/mm would hold 4.8 s; round numbers make lines fall on whole pixels.
SECONDS = 10.0
PX_PER_MM = 4.0


def pixels(picture: QPixmap) -> NDArray[np.uint8]:
    """Red, green and blue of each pixel, shape (height, width, 3)."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, 2::-1].copy()


@pytest.fixture
def view(qtbot: QtBot) -> PaperView:
    view = PaperView()
    qtbot.addWidget(view)
    view.resize(round(Paper().width_mm(SECONDS) * PX_PER_MM), 240)
    view.show()
    qtbot.waitExposed(view)
    return view


def flat_strip(signal: NDArray[np.float32], fs: float = 250.0) -> Strip:
    return Strip(
        signal[np.newaxis],
        fs,
        (LeadName("II"),),
        0.0,
        at_end=False,
        provenance=Provenance(Origin.REAL, "made up"),
    )


def line_places(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres of the darker lines in a profile of brightness."""
    dark = profile.max() - profile
    strong = dark > 0.5 * dark.max()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], strong.astype(int), [0]])))
    return np.array(
        [
            np.average(np.arange(a, b), weights=dark[a:b])
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    )


def test_boxes_are_square_and_of_one_size(view: PaperView) -> None:
    shown = pixels(view.grab()).astype(float).mean(axis=2)
    across = line_places(shown.mean(axis=0))
    down = line_places(shown.mean(axis=1))
    large = 5 * PX_PER_MM
    assert np.abs(np.diff(across) - large).max() < 0.6
    assert np.abs(np.diff(down) - large).max() < 0.6


def test_one_millivolt_is_ten_millimetres_and_one_second_twenty_five(view: PaperView) -> None:
    signal = np.zeros(2500, dtype=np.float32)
    signal[1250:1255] = 1.0
    view.set_strip(flat_strip(signal))
    shown = pixels(view.grab())
    black = shown.max(axis=2) < 70
    spike = round(Paper().x_mm(np.array([5.0]))[0] * PX_PER_MM)
    rows = np.flatnonzero(black[: 240 - 24, spike : spike + 3].any(axis=1))
    assert np.ptp(rows) == pytest.approx(10 * PX_PER_MM, abs=3)
    columns = np.flatnonzero(black[rows.min() + 4, 200:]) + 200
    assert abs(columns.mean() - spike) < 4


def test_a_gap_is_drawn_as_a_gap(view: PaperView) -> None:
    signal = np.zeros(2500, dtype=np.float32)
    signal[1000:1500] = np.nan
    view.set_strip(flat_strip(signal))
    shown = pixels(view.grab())
    dark = shown.max(axis=2) < 110
    first, last = (Paper().x_mm(np.array([4.1, 5.9])) * PX_PER_MM).astype(int)
    assert not dark[20:200, first:last].any()
    assert dark[20:200, last + 40 :].any(axis=0).all()


def test_marks_leave_the_strip_where_it_is(view: PaperView) -> None:
    strip = fakes.strip(start_s=20.0, seconds=SECONDS)
    view.set_strip(strip)
    before = pixels(view.grab())
    view.set_marks(measure(strip, strip.start_s, strip.end_s))
    after = pixels(view.grab())
    assert (before != after).any()
    band = round(12 * PX_PER_MM)
    assert (before[band:] == after[band:]).all()


def test_marks_stand_over_the_r_peaks(view: PaperView) -> None:
    strip = fakes.strip(start_s=20.0, seconds=SECONDS)
    found = measure(strip, strip.start_s, strip.end_s)
    view.set_strip(strip)
    before = pixels(view.grab()).astype(int)
    view.set_marks(found)
    after = pixels(view.grab()).astype(int)
    changed = np.abs(after - before).sum(axis=2)
    heads = changed[round(3 * PX_PER_MM) + 1]
    expected = Paper().x_mm(found.beats_s - strip.start_s) * PX_PER_MM
    for x in expected:
        assert heads[round(x) - 2 : round(x) + 3].max() > 50


def test_painted_is_told_once_for_each_strip(view: PaperView, qtbot: QtBot) -> None:
    told: list[int] = []
    view.painted.connect(lambda: told.append(1))
    for expected in (1, 2):
        with qtbot.waitSignal(view.painted):
            view.set_strip(fakes.strip())
        view.repaint()
        assert len(told) == expected


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
        np.full(2500, np.nan, dtype=np.float32),
        np.tile(np.array([0, 10], dtype=np.float32), 1250),
        np.full(2500, 1e-5, dtype=np.float32),
    ],
    ids=["nothing", "one sample", "only gap", "10 mV steps", "0.01 microvolt"],
)
def test_odd_signals_are_drawn_sensibly(view: PaperView, signal: NDArray[np.float32]) -> None:
    view.set_strip(flat_strip(signal))
    assert not view.grab().isNull()


def test_any_size_is_survived(view: PaperView) -> None:
    view.set_strip(fakes.strip())
    for width, height in ((1, 1), (0, 0), (30, 2000), (1500, 160)):
        view.resize(width, height)
        assert view.grab().isNull() == (min(view.width(), view.height()) == 0)


def test_a_simulated_strip_says_so_on_its_face(view: PaperView) -> None:
    strip = fakes.strip()
    made_up = Strip(
        strip.signal,
        strip.fs,
        strip.leads,
        strip.start_s,
        at_end=False,
        provenance=Provenance(Origin.SIMULATED, "made up"),
    )
    view.set_strip(strip)
    real = pixels(view.grab())
    view.set_strip(made_up)
    assert (pixels(view.grab())[-20:] != real[-20:]).any()

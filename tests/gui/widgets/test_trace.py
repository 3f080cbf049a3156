import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from rhythmtrainer.gui.widgets.trace import draw_trace
from tests.gui.widgets.test_monitor_view import pixels

pytestmark = pytest.mark.gui

WIDTH, HEIGHT = 600, 40


def drawn(x: ArrayLike, y: ArrayLike, width: float = 1.0) -> NDArray[np.int_]:
    """Brightness of what is drawn in white on black, shape (height, width)."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("white"), width))
        draw_trace(painter, np.asarray(x, np.float64), np.asarray(y, np.float64))
    return pixels(image)[:, :, 0]


def test_the_line_goes_through_its_points() -> None:
    x = np.arange(0.0, WIDTH, 10.0)
    y = 20 + 10 * np.sin(x / 50)
    columns = drawn(x, y)
    for place, height in zip(x[1:], y[1:], strict=True):
        lit = np.flatnonzero(columns[:, int(place)])
        assert lit.mean() + 0.5 == pytest.approx(height, abs=1.0)


def test_a_gap_stays_empty() -> None:
    y = np.full(WIDTH, 20.0)
    y[100:150] = np.nan
    y[200] = np.inf
    columns = set(np.flatnonzero(drawn(2 * np.arange(WIDTH), y).any(axis=0)).tolist())
    assert columns.isdisjoint(range(201, 298))
    assert columns.issuperset(range(196))
    assert columns.issuperset(range(302, 396))
    assert 400 not in columns


def test_a_sample_between_two_gaps_is_a_dot() -> None:
    y = np.full(WIDTH, np.nan)
    y[100] = 20.0
    lit = np.argwhere(drawn(np.arange(WIDTH), y))
    assert lit.size
    assert np.abs(lit - (20, 100)).max() <= 1


@pytest.mark.parametrize("y", [[], [np.nan], [np.nan] * 5])
def test_nothing_is_drawn_where_there_is_nothing(y: list[float]) -> None:
    assert not drawn(np.arange(len(y)), y).any()


def test_a_long_line_has_no_holes_where_it_was_cut() -> None:
    x = np.linspace(0.0, WIDTH, 5000)
    assert (drawn(x, np.full(x.size, 20.0), width=2.0).max(axis=0) > 250).all()

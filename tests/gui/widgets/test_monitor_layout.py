import numpy as np
import pytest

from rhythmtrainer.gui.widgets.monitor.layout import (
    Channel,
    Layout,
    Reach,
    Scale,
    lay_out,
    reach_of,
)
from rhythmtrainer.model import LeadName

BOTH_SIZES = [(1280, 800), (3840, 2160), (640, 240)]


def channels(*reaches: Reach | None) -> list[Channel]:
    return [
        Channel(LeadName(f"V{number}"), number, 0, number, reach)
        for number, reach in enumerate(reaches, start=1)
    ]


def usual(height_mv: float = 1.2) -> Reach:
    return Reach(-0.2, height_mv - 0.2, 0.0)


def laid_out(
    *reaches: Reach | None,
    size: tuple[int, int] = (1280, 800),
    ratio: float = 1.0,
    scale: Scale | None = None,
) -> Layout:
    return lay_out(size, ratio, scale or Scale(), channels(*reaches))


@pytest.mark.parametrize("size", BOTH_SIZES)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_ten_seconds_fit_the_width_exactly(size: tuple[int, int], ratio: float) -> None:
    layout = laid_out(usual(), size=size, ratio=ratio)
    assert layout.sweep_s == pytest.approx(10.0)
    assert layout.gutter + layout.columns == pytest.approx(size[0] * ratio, abs=1.0)


def test_the_gutter_is_as_wide_as_the_paper_s_margin() -> None:
    layout = laid_out(usual(), size=(1300, 400))
    assert layout.px_per_mm == pytest.approx(5.0)
    assert layout.gutter == 50


def test_rows_share_the_height_without_overlap() -> None:
    layout = laid_out(*[usual()] * 12)
    edges = [(row.top, row.bottom) for row in layout.rows]
    assert edges[0][0] == layout.header
    assert edges[-1][1] == layout.height
    assert [bottom for _, bottom in edges[:-1]] == [top for top, _ in edges[1:]]


def test_all_rows_have_the_gain_at_which_the_highest_fits() -> None:
    assert laid_out(usual(), usual()).gain_mm_mv == 10.0
    many = [usual(0.5)] * 11
    assert laid_out(*many, usual(0.5)).gain_mm_mv == 10.0
    assert laid_out(*many, usual(2.0)).gain_mm_mv == 5.0
    assert laid_out(*many, usual(3.5)).gain_mm_mv == 2.5


def test_one_lead_that_never_fits_does_not_flatten_the_others() -> None:
    assert laid_out(*[usual(0.5)] * 11, usual(50.0)).gain_mm_mv == 10.0


def test_a_lead_stands_in_the_middle_of_its_row_unless_it_is_too_high() -> None:
    layout = laid_out(Reach(-0.5, 1.5, 0.1), Reach(-1.0, 99.0, 0.2), None)
    assert [row.base_mv for row in layout.rows] == [0.5, 0.2, 0.0]


def test_a_given_gain_is_kept_whether_it_fits_or_not() -> None:
    layout = laid_out(*[usual(4.0)] * 12, scale=Scale(gain_mm_mv=-20.0))
    assert layout.gain_mm_mv == -20.0
    assert layout.printed == "25 mm/s  \N{MINUS SIGN}20 mm/mV (inverted)"


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (10, 500), (500, 10)])
def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    layout = laid_out(usual(), usual(), size=size)
    assert layout.columns >= 1
    assert all(row.bottom >= row.top for row in layout.rows)


def test_without_samples_there_is_no_reach() -> None:
    assert reach_of(np.full(10, np.nan, np.float32)) is None
    assert reach_of(np.empty(0, np.float32)) is None
    assert reach_of(np.array([1, np.nan, 3, 3], np.float32)) == Reach(1.0, 3.0, 3.0)

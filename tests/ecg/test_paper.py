import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.ecg.paper import MARGIN_MM, Paper, baseline_mv, fitting_gain, grid_lines


def test_ten_seconds_are_25_centimetres() -> None:
    paper = Paper()
    assert paper.width_mm(10.0) - MARGIN_MM == 250.0
    assert paper.x_mm(np.array([0.0, 0.2])).tolist() == [MARGIN_MM, MARGIN_MM + 5.0]
    assert paper.printed == "25 mm/s  10 mm/mV"


@given(st.floats(0.0, 500.0))
def test_every_millimetre_has_a_line_and_every_fifth_a_strong_one(length: float) -> None:
    small, large = grid_lines(length)
    together = np.sort(np.concatenate([small, large]))
    assert together.tolist() == list(range(int(length) + 1))
    assert (large % 5 == 0).all()
    assert (small % 5 != 0).all()


def test_the_calibration_mark_is_one_millivolt_high_and_one_large_box_wide() -> None:
    x, mv = Paper().calibration_mark()
    assert np.ptp(mv) == 1.0
    assert np.ptp(x[mv == 1.0]) == 5.0
    assert x.max() < MARGIN_MM


@pytest.mark.parametrize(("reach", "gain"), [(1.0, 10.0), (3.5, 5.0), (7.0, 2.5), (90.0, 2.5)])
def test_large_complexes_are_drawn_at_half_gain(reach: float, gain: float) -> None:
    signal = np.zeros(1000, dtype=np.float32)
    signal[500] = reach
    assert fitting_gain(signal, 60.0) == gain


def test_gaps_do_not_disturb_level_and_gain() -> None:
    signal = np.full(1000, 0.25, dtype=np.float32)
    signal[100:300] = np.nan
    assert baseline_mv(signal) == 0.25
    assert fitting_gain(signal, 60.0) == 10.0
    nothing = np.full(10, np.nan, dtype=np.float32)
    assert (baseline_mv(nothing), fitting_gain(nothing, 60.0)) == (0.0, 10.0)

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName

STRETCH = Stretch(
    lead=LeadName("II"),
    channel=0,
    start_s=60.0,
    end_s=66.0,
    left=40.0,
    top=0.0,
    bottom=200.0,
    baseline=100.0,
    base_mv=0.2,
    px_per_s=100.0,
    px_per_mv=40.0,
    px_per_mm=4.0,
)


def test_time_and_voltage_lie_where_paper_has_them() -> None:
    assert STRETCH.right == 640.0
    assert STRETCH.x(61.5) == 190.0
    assert STRETCH.y(0.2) == 100.0
    assert STRETCH.y(1.2) == 60.0
    assert STRETCH.x(np.array([60.0, 66.0])).tolist() == [40.0, 640.0]


@given(st.floats(-1e4, 1e5), st.floats(-20.0, 20.0), st.sampled_from([40.0, -40.0, 2.5]))
def test_there_and_back_again(seconds: float, millivolts: float, px_per_mv: float) -> None:
    stretch = replace(STRETCH, px_per_mv=px_per_mv)
    assert stretch.seconds(stretch.x(seconds)) == pytest.approx(seconds, abs=1e-6)
    assert stretch.millivolts(stretch.y(millivolts)) == pytest.approx(millivolts, abs=1e-6)


def test_an_inverted_lead_goes_down_where_voltage_goes_up() -> None:
    assert replace(STRETCH, px_per_mv=-40.0).y(1.2) == 140.0


def test_points_and_times_outside_do_not_lie_in_it() -> None:
    assert STRETCH.holds(40.0, 200.0)
    assert not STRETCH.holds(39.0, 100.0)
    assert not STRETCH.holds(100.0, 201.0)
    times = np.array([59.9, 60.0, 66.0, 66.1, np.nan])
    assert STRETCH.shows(times).tolist() == [False, True, True, False, False]

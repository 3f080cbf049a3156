import numpy as np
import pytest

from rhythmtrainer.ecg.rate import measure, measure_beats
from rhythmtrainer.model import Regularity
from tests.support import fakes


def test_the_rate_is_that_of_the_mean_interval() -> None:
    found = measure_beats(np.array([0.5, 1.5, 2.3, 3.5]), 0.0, 10.0)
    assert found.rate_bpm == pytest.approx(60.0)
    assert found.rr_s.tolist() == pytest.approx([1.0, 0.8, 1.2])


@pytest.mark.parametrize(("spread", "verdict"), [(0.11, "regular"), (0.13, "irregular")])
def test_three_small_boxes_are_the_border_of_regular(spread: float, verdict: str) -> None:
    found = measure_beats(np.array([0.0, 0.8, 1.6 + spread]), 0.0, 10.0)
    assert found.regularity == verdict
    assert found.rr_spread_s == pytest.approx(spread)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_beats_give_no_rate(count: int) -> None:
    found = measure_beats(np.arange(float(count)), 0.0, 10.0)
    assert found.rate_bpm is None
    assert found.regularity is Regularity.CANNOT_TELL


def test_the_six_second_rule_counts_the_first_six_seconds() -> None:
    found = measure_beats(np.arange(100.5, 110.0, 0.8), 100.0, 110.0)
    assert found.six_second_bpm == 70
    assert measure_beats(np.arange(3.0), 0.0, 5.9).six_second_bpm is None


def test_beats_of_the_margin_help_but_are_not_counted() -> None:
    strip = fakes.strip(start_s=19.0, seconds=12.0)
    found = measure(strip, 20.0, 30.0)
    assert found.beats_s.min() >= 20.0
    assert found.beats_s.max() < 30.0
    assert found.rate_bpm == pytest.approx(75.0, abs=0.5)

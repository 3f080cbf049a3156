import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.rate import measure_beats, rule_300, rule_1500
from rhythmtrainer.model import Pace, Regularity, Step


def even_beats(rate: float) -> NDArray[np.float64]:
    return np.linspace(0.0, 19 * 60.0 / rate, 20)


def test_the_rate_is_that_of_the_mean_interval() -> None:
    found = measure_beats(np.array([0.5, 1.5, 2.3, 3.5]), 0.0, 10.0)
    assert found.rate_bpm == pytest.approx(60.0)
    assert found.rr_s.tolist() == pytest.approx([1.0, 0.8, 1.2])


@pytest.mark.parametrize(
    ("rr", "by_300", "by_1500"),
    [(0.2, 300.0, 300.0), (0.4, 150.0, 150.0), (0.6, 100.0, 100.0), (1.0, 60.0, 60.0)],
)
def test_boxes_give_the_rates_that_are_learned_by_heart(
    rr: float, by_300: float, by_1500: float
) -> None:
    assert rule_300(rr) == pytest.approx(by_300)
    assert rule_1500(rr) == pytest.approx(by_1500)


def test_boxes_are_read_from_the_usual_interval() -> None:
    found = measure_beats(np.array([0.0, 0.8, 1.6, 2.0, 2.8]), 0.0, 10.0)
    assert found.rule_300_bpm == pytest.approx(75.0)
    assert found.rule_1500_bpm == pytest.approx(75.0)


def test_intervals_of_no_length_have_a_rate_all_the_same() -> None:
    assert rule_300(0.0) == pytest.approx(600.0)
    assert rule_1500(0.0) == pytest.approx(1500.0)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_beats_give_no_rate(count: int) -> None:
    found = measure_beats(np.arange(float(count)), 0.0, 10.0)
    assert found.rate_bpm is None
    assert found.rule_300_bpm is None
    assert found.regularity is Regularity.CANNOT_TELL
    assert [finding.told for finding in found.findings] == [False, False]


def test_the_six_second_rule_counts_the_first_six_seconds() -> None:
    found = measure_beats(np.arange(100.5, 110.0, 0.8), 100.0, 110.0)
    assert found.six_second_bpm == 70
    assert measure_beats(np.arange(3.0), 0.0, 5.9).six_second_bpm is None


@pytest.mark.parametrize(
    ("rate", "verdict"), [(50, Pace.SLOW), (60, Pace.USUAL), (100, Pace.USUAL), (120, Pace.FAST)]
)
def test_sixty_and_a_hundred_divide_slow_from_fast(rate: float, verdict: Pace) -> None:
    found = measure_beats(even_beats(rate), 0.0, 30.0).finding(Step.RATE)
    assert found is not None
    assert found.verdict is verdict
    assert found.number == pytest.approx(rate)


def test_a_rate_on_the_border_is_less_sure() -> None:
    on_it, clear = (
        measure_beats(even_beats(rate), 0.0, 30.0).findings[0].confidence for rate in (99.5, 80.0)
    )
    assert on_it < clear


def test_the_longest_and_the_shortest_interval_are_shown() -> None:
    found = measure_beats(np.array([0.0, 0.8, 1.6, 2.1, 3.4, 4.2, 5.0]), 0.0, 10.0)
    regularity = found.finding(Step.REGULARITY)
    assert regularity is not None
    assert regularity.where == ((1.6, 2.1), (2.1, 3.4))
    assert regularity.text.startswith("RR 0.50-1.30 s: ")


def test_an_interval_across_a_gap_is_not_measured() -> None:
    gaps = np.array([False, True, False])
    found = measure_beats(np.array([0.0, 0.8, 3.2, 4.0]), 0.0, 10.0, gaps)
    assert found.rate_bpm == pytest.approx(75.0)
    assert found.six_second_bpm is None
    assert found.regularity is Regularity.REGULAR

import numpy as np
import pytest

from rhythmtrainer.ecg.evidence.premature import Early
from rhythmtrainer.ecg.evidence.regularity import judge_regularity, no_order_odds
from rhythmtrainer.model import Regularity


def early_at(count: int, narrow: tuple[int, ...] = (), wide: tuple[int, ...] = ()) -> Early:
    masks = np.zeros((2, count), np.bool_)
    masks[0, list(narrow)] = True
    masks[1, list(wide)] = True
    return Early(masks[0], masks[1], np.full(count, 0.8))


def uneven(seed: int, count: int = 14) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).uniform(0.45, 1.15, count)


@pytest.mark.parametrize(
    ("spread", "verdict"),
    [(0.11, Regularity.REGULAR), (0.13, Regularity.CANNOT_TELL), (0.159, Regularity.CANNOT_TELL)],
)
def test_three_small_boxes_are_the_border_of_regular(spread: float, verdict: Regularity) -> None:
    found = judge_regularity(0.8 + spread * np.array([0, 0.2, 0.8, 1, 0.5, 0.3, 0.1, 0.6]))
    assert found.verdict is verdict
    assert found.spread_s == pytest.approx(spread)


def test_in_slow_rhythms_the_border_is_a_share_of_the_interval() -> None:
    assert judge_regularity(np.array([1.70, 1.85, 1.78, 1.75])).verdict is Regularity.REGULAR


@pytest.mark.parametrize("count", [0, 1])
def test_one_interval_is_no_rhythm(count: int) -> None:
    found = judge_regularity(np.full(count, 0.8))
    assert found.verdict is Regularity.CANNOT_TELL
    assert found.spread_s is None


def test_a_few_uneven_intervals_show_no_order_yet() -> None:
    found = judge_regularity(np.array([0.8, 1.1, 0.7]))
    assert found.verdict is Regularity.CANNOT_TELL
    assert "too few" in found.manner


@pytest.mark.parametrize("seed", range(8))
def test_intervals_at_random_are_irregularly_irregular(seed: int) -> None:
    verdict = judge_regularity(uneven(seed), p_evidence=1.0).verdict
    assert verdict is Regularity.IRREGULARLY_IRREGULAR


@pytest.mark.parametrize("period", [2, 3, 4])
def test_intervals_that_repeat_are_regularly_irregular(period: int) -> None:
    cycle = np.array([0.5, 1.1, 0.8, 0.7])[:period]
    verdict = judge_regularity(np.tile(cycle, 5)).verdict
    assert verdict is Regularity.REGULARLY_IRREGULAR


def test_intervals_that_swell_and_shrink_are_regularly_irregular() -> None:
    swing = 0.9 + 0.12 * np.sin(2 * np.pi * np.arange(14) / 6.3)
    assert judge_regularity(swing, p_evidence=-2.0).verdict is Regularity.REGULARLY_IRREGULAR


def test_an_even_rhythm_with_early_beats_is_regular_except_for_them() -> None:
    rr = np.array([0.8, 0.8, 0.5, 1.1, 0.8, 0.8, 0.8, 0.5, 1.1, 0.8])
    found = judge_regularity(rr, early_at(11, wide=(3, 8)))
    assert found.verdict is Regularity.REGULARLY_IRREGULAR
    assert found.manner == "regular except for the early beats"
    one = judge_regularity(rr[:7], early_at(8, narrow=(3,)))
    assert one.manner == "regular except for an early beat"


def test_an_even_rhythm_with_a_pause_is_regular_except_for_it() -> None:
    rr = np.array([0.9, 0.9, 0.91, 2.4, 0.9, 0.9, 0.89])
    assert judge_regularity(rr, early_at(8)).manner == "regular except for a pause"


def test_p_waves_speak_for_an_order() -> None:
    rr = np.random.default_rng(3).normal(0.8, 0.09, 12)
    absent, present = (judge_regularity(rr, p_evidence=odds) for odds in (4.0, -4.0))
    assert absent.verdict is Regularity.IRREGULARLY_IRREGULAR
    assert present.verdict is Regularity.REGULARLY_IRREGULAR


def test_order_does_not_depend_on_the_rate() -> None:
    for seed in range(5):
        rr = uneven(seed)
        assert no_order_odds(rr) == pytest.approx(no_order_odds(rr * 0.6))


def test_intervals_across_gaps_do_not_count() -> None:
    rr = np.array([0.8, 0.8, np.nan, 0.8, 0.82])
    assert judge_regularity(rr, early_at(6)).verdict is Regularity.REGULAR
    assert judge_regularity(np.full(5, np.nan)).verdict is Regularity.CANNOT_TELL

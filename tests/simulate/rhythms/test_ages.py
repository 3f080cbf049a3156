"""Rates and intervals of children."""

import numpy as np
import pytest

from rhythmtrainer.simulate.rhythms import ages

YEARS = np.concatenate([np.arange(0.0, 1.0, 0.02), np.arange(1.0, 20.0, 0.1)]).tolist()
RANGES = [
    ages.sinus_rate,
    ages.slow_sinus_rate,
    ages.fast_sinus_rate,
    ages.svt_rate,
    ages.junction_escape_rate,
    ages.ventricles_escape_rate,
    ages.junctional_tachycardia_rate,
    ages.pr_s,
    ages.qrs_s,
]


@pytest.mark.parametrize("of_age", RANGES)
def test_every_range_is_one_at_every_age(of_age: ages.RangeOfAge) -> None:
    for age in YEARS:
        low, high = of_age(age)
        assert 0.0 < low < high


@pytest.mark.parametrize(
    ("age", "slowest", "fastest"),
    [
        (0.0, 100, 205),
        (0.5, 100, 190),
        (1.0, 98, 140),
        (2.9, 98, 140),
        (3.0, 80, 120),
        (6.0, 75, 118),
        (11.9, 75, 118),
        (12.0, 60, 100),
        (15.9, 60, 100),
        (16.0, 60, 100),
        (40.0, 60, 100),
    ],
)
def test_a_rate_that_is_in_order_lies_inside_of_the_pals_table(
    age: float, slowest: float, fastest: float
) -> None:
    low, high = ages.sinus_rate(age)
    assert slowest <= low < high <= fastest


@pytest.mark.parametrize("of_age", [ages.sinus_rate, ages.pr_s, ages.qrs_s, ages.svt_rate])
def test_a_month_changes_little(of_age: ages.RangeOfAge) -> None:
    for age in np.arange(1.0, 15.8, 1 / 12).tolist():
        before, after = of_age(age), of_age(age + 1 / 12)
        np.testing.assert_allclose(before, after, rtol=0.03)


def test_bradycardia_sinus_rhythm_tachycardia_and_reentry_follow_each_other() -> None:
    for age in YEARS:
        slow, usual = ages.slow_sinus_rate(age), ages.sinus_rate(age)
        fast, reentry = ages.fast_sinus_rate(age), ages.svt_rate(age)
        assert slow[1] < usual[0]
        assert usual[1] < fast[0]
        if age < ages.ADULT_YEARS:
            assert fast[1] < reentry[0]


@pytest.mark.parametrize(("age", "floor"), [(0.0, 220), (0.9, 220), (1.5, 180), (10.0, 180)])
def test_reentry_is_as_fast_as_the_pals_algorithm_says(age: float, floor: float) -> None:
    assert ages.svt_rate(age)[0] >= floor


@pytest.mark.parametrize(
    ("age", "low_ms", "high_ms"), [(0.056, 84, 120.5), (2.0, 82, 149), (14.0, 106.5, 177)]
)
def test_pr_is_in_the_middle_between_the_centiles_of_girls_and_boys(
    age: float, low_ms: float, high_ms: float
) -> None:
    np.testing.assert_allclose(np.array(ages.pr_s(age)) * 1000.0, (low_ms, high_ms), atol=0.1)


def test_qrs_of_a_child_is_narrow_by_the_measure_of_children() -> None:
    assert max(ages.qrs_s(age)[1] for age in YEARS if age < 4.0) <= 0.09
    assert max(ages.qrs_s(age)[1] for age in YEARS) <= 0.11


def test_qtc_of_a_child_is_that_of_the_table() -> None:
    assert ages.longest_qtc_s(0.056) == pytest.approx(0.455)
    assert all(0.44 <= ages.longest_qtc_s(age) <= 0.46 for age in YEARS)


def test_a_patients_qtc_is_in_order_and_womens_is_longer() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([ages.usual_qtc_s(40.0, rng) for _ in range(2000)])
    assert drawn.min() >= 0.36
    assert drawn.max() <= 0.445
    assert drawn.mean() == pytest.approx(0.405, abs=0.002)
    assert drawn.std() == pytest.approx(0.018, abs=0.002)
    assert all(ages.usual_qtc_s(age, rng) <= ages.longest_qtc_s(age) for age in YEARS)

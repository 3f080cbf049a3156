"""Rhythms that the sinus node leads."""

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from rhythmtrainer.simulate.rhythms import ages
from tests.simulate.rhythms.hearts import FEW, SEEDS, whole, windows

REGULAR = [
    RhythmId.NORMAL_SINUS_RHYTHM,
    RhythmId.SINUS_BRADYCARDIA,
    RhythmId.SINUS_TACHYCARDIA,
    RhythmId.BBB,
]
ONE_TO_ONE = [*REGULAR, RhythmId.SINUS_ARRHYTHMIA]
RATES = {
    RhythmId.NORMAL_SINUS_RHYTHM: (60.0, 100.0),
    RhythmId.SINUS_BRADYCARDIA: (30.0, 60.0),
    RhythmId.SINUS_TACHYCARDIA: (100.0, 170.0),
    RhythmId.SINUS_ARRHYTHMIA: (60.0, 100.0),
}
# A median of ten seconds of real sinus rhythm, and what one patient in ten is below and above.
REAL_SPREAD = (0.013, 0.024, 0.054)


@pytest.mark.parametrize("rhythm", REGULAR)
def test_rr_of_a_regular_rhythm_differs_by_less_than_three_small_boxes(rhythm: RhythmId) -> None:
    assert all(np.ptp(window.rr_s) < 0.12 for window in windows(rhythm))


@pytest.mark.parametrize("rhythm", ONE_TO_ONE)
def test_each_p_is_conducted_with_the_same_pr_in_order(rhythm: RhythmId) -> None:
    for window in windows(rhythm):
        assert window.conducted[:-1].all()
        assert (window.causes >= 0).all()
        assert 0.12 <= window.pr_s.min() <= window.pr_s.max() <= 0.20
        assert np.ptp(window.pr_s) < 0.03


@pytest.mark.parametrize("rhythm", RATES)
def test_the_rate_is_in_its_range_in_any_ten_seconds(rhythm: RhythmId) -> None:
    low, high = RATES[rhythm]
    assert all(low <= window.rate <= high for window in windows(rhythm))


def test_the_rate_asked_for_is_the_rate() -> None:
    for rate in (62.0, 80.0, 97.0):
        assert whole(RhythmId.NORMAL_SINUS_RHYTHM, 4, rate=rate).rate == pytest.approx(rate, 0.04)


def test_sinus_rhythm_is_as_uneven_as_real_ones() -> None:
    spreads = [
        window.rr_s.std() / window.rr_s.mean() for window in windows(RhythmId.NORMAL_SINUS_RHYTHM)
    ]
    assert np.median(spreads) == pytest.approx(REAL_SPREAD[1], abs=0.006)
    assert np.quantile(spreads, 0.1) > 0.7 * REAL_SPREAD[0]
    assert np.quantile(spreads, 0.9) < REAL_SPREAD[2]


def test_sinus_arrhythmia_is_irregular_without_jumps() -> None:
    for window in windows(RhythmId.SINUS_ARRHYTHMIA):
        assert np.ptp(window.pp_s) > 0.12
        assert (window.p_beginning == Beginning.SINUS).all()


def test_a_sinus_pause_lasts_two_seconds_and_is_no_multiple() -> None:
    for window in windows(RhythmId.SINUS_PAUSE_ARREST):
        assert window.rr_s.max() >= 2.0
        intervals = window.pp_s.max() / np.median(window.pp_s)
        assert abs(intervals - round(intervals)) > 0.2
        assert window.conducted[:-1].all()


@pytest.mark.parametrize("pause", [2.1, 3.0, 4.0])
def test_a_sinus_pause_is_as_long_as_asked_for(pause: float) -> None:
    for seed in FEW:
        longest = whole(RhythmId.SINUS_PAUSE_ARREST, seed, pause=pause).pp_s.max()
        assert longest == pytest.approx(pause, abs=0.5)


def test_exit_block_leaves_out_one_whole_beat() -> None:
    for window in windows(RhythmId.SA_EXIT_BLOCK):
        usual = np.median(window.pp_s)
        gaps = window.pp_s[window.pp_s > 1.5 * usual]
        assert gaps.size >= 1
        np.testing.assert_allclose(gaps / usual, 2.0, atol=0.12)
        assert window.conducted[:-1].all()


def test_early_atrial_beats_come_among_those_of_the_sinus_node() -> None:
    for window in windows(RhythmId.PAC):
        early = window.p_beginning == Beginning.ATRIA
        assert 1 <= early.sum() < 0.5 * early.size
        before = np.flatnonzero(early[1:])
        assert (window.pp_s[before] < 0.85 * np.median(window.pp_s)).all()


@pytest.mark.parametrize("conduction", ["conducted", "blocked", "aberrant"])
def test_an_early_atrial_beat_is_conducted_as_asked_for(conduction: str) -> None:
    for seed in SEEDS:
        window = whole(RhythmId.PAC, seed, conduction=conduction)
        early = window.p_beginning == Beginning.ATRIA
        assert window.conducted[~early][:-1].all()
        assert window.conducted[early].any() == (conduction != "blocked")
        led_early = window.qrs_beginning == Beginning.ATRIA
        assert (window.qrs_width_s[~led_early] < 0.12).all()
        wide = window.qrs_width_s[led_early] >= 0.12
        assert wide.all() if conduction == "aberrant" else not wide.any()


@pytest.mark.parametrize("qrs", ["lbbb", "rbbb"])
def test_bundle_branch_block_is_wide_at_a_pr_in_order(qrs: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.BBB, seed, qrs=qrs)
        assert (window.qrs_width_s >= 0.12).all()
        assert (window.pr_s <= 0.20).all()


@pytest.mark.parametrize("age", [0.02, 0.5, 2.0, 5.0, 9.0, 14.0])
def test_children_have_the_rates_and_the_pr_of_their_age(age: float) -> None:
    slowest, fastest = ages.sinus_rate(age)
    shortest, longest = ages.pr_s(age)
    for seed in FEW:
        usual = whole(RhythmId.NORMAL_SINUS_RHYTHM, seed, age=age)
        assert slowest <= usual.rate <= fastest
        assert shortest - 0.01 <= usual.pr_s.min() <= usual.pr_s.max() <= longest + 0.01
        assert whole(RhythmId.SINUS_BRADYCARDIA, seed, age=age).rate < slowest
        assert whole(RhythmId.SINUS_TACHYCARDIA, seed, age=age).rate > fastest


@pytest.mark.parametrize("age", [0.02, 0.5, 5.0])
def test_sinus_arrhythmia_of_children_passes_three_small_boxes_as_well(age: float) -> None:
    for window in windows(RhythmId.SINUS_ARRHYTHMIA, age=age):
        assert np.ptp(window.pp_s) > 0.12
        assert window.conducted[:-1].all()

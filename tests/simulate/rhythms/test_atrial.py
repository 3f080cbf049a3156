"""Rhythms of the atria, re-entry and pre-excitation."""

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from rhythmtrainer.simulate.rhythms import ages
from tests.simulate.rhythms.hearts import FEW, SEEDS, whole, windows

RATES = {
    RhythmId.WANDERING_ATRIAL_PACEMAKER: (60.0, 100.0),
    RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA: (100.0, 250.0),
    RhythmId.ATRIAL_TACHYCARDIA: (100.0, 250.0),
    RhythmId.ATRIAL_FLUTTER: (60.0, 176.0),
    RhythmId.AF_RVR: (100.0, 180.0),
    RhythmId.SVT: (150.0, 250.0),
    RhythmId.WPW: (60.0, 100.0),
    RhythmId.PREEXCITED_AF: (150.0, 300.0),
}
FIBRILLATION = [RhythmId.AF_CONTROLLED, RhythmId.AF_RVR, RhythmId.PREEXCITED_AF]


@pytest.mark.parametrize("rhythm", RATES)
def test_the_rate_is_in_its_range_in_any_ten_seconds(rhythm: RhythmId) -> None:
    low, high = RATES[rhythm]
    assert all(low <= window.rate <= high for window in windows(rhythm))


def test_controlled_fibrillation_is_hardly_ever_out_of_its_range() -> None:
    rates = [window.rate for window in windows(RhythmId.AF_CONTROLLED)]
    assert np.mean([60.0 <= rate <= 100.0 for rate in rates]) >= 0.98
    assert all(60.0 <= whole(RhythmId.AF_CONTROLLED, seed).rate <= 100.0 for seed in SEEDS)


@pytest.mark.parametrize("rate", [75.0, 85.0, 120.0, 160.0])
def test_fibrillation_conducts_at_the_rate_that_was_asked_for(rate: float) -> None:
    rhythm = RhythmId.AF_RVR if rate > 100.0 else RhythmId.AF_CONTROLLED
    met = [whole(rhythm, seed, rate=rate).rate for seed in SEEDS]
    assert np.mean(met) == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("rhythm", FIBRILLATION)
def test_fibrillation_has_no_p_and_is_irregularly_irregular(rhythm: RhythmId) -> None:
    follows = []
    for window in windows(rhythm):
        assert window.p_s.size == 0
        assert np.ptp(window.rr_s) > 0.12
        follows.append(np.corrcoef(window.rr_s[1:], window.rr_s[:-1])[0, 1])
    assert abs(np.mean(follows)) < 0.2


def test_rr_in_fibrillation_spreads_as_in_real_strips() -> None:
    spreads = [window.rr_s.std() / window.rr_s.mean() for window in windows(RhythmId.AF_CONTROLLED)]
    assert 0.13 < np.median(spreads) < 0.21


@pytest.mark.parametrize(
    "rhythm", [RhythmId.WANDERING_ATRIAL_PACEMAKER, RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA]
)
def test_where_the_wave_begins_changes_its_pr(rhythm: RhythmId) -> None:
    for window in windows(rhythm):
        assert np.ptp(window.pr_s) > 0.012
        assert window.conducted[:-1].mean() > 0.8
        assert (window.causes >= 0).all()


def test_multifocal_tachycardia_is_irregular() -> None:
    for window in windows(RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA):
        assert window.rr_s.std() / window.rr_s.mean() > 0.06


@pytest.mark.parametrize("site", ["high_left", "low_right"])
@pytest.mark.parametrize(("ratio", "waves"), [("1:1", 1), ("2:1", 2)])
def test_atrial_tachycardia_conducts_one_of_so_many(ratio: str, waves: int, site: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.ATRIAL_TACHYCARDIA, seed, ratio=ratio, site=site)
        assert set(np.diff(window.causes)) == {waves}
        assert (window.p_beginning == Beginning.ATRIA).all()
        assert window.pr_s.min() >= 0.12


@pytest.mark.parametrize("ratio", ["2:1", "3:1", "4:1"])
def test_flutter_conducts_one_of_so_many(ratio: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.ATRIAL_FLUTTER, seed, ratio=ratio)
        assert set(np.diff(window.causes)) == {int(ratio[0])}
        assert np.ptp(window.rr_s) < 0.12


def test_flutter_of_a_changing_ratio_conducts_whole_numbers() -> None:
    ratios = set()
    for seed in SEEDS:
        window = whole(RhythmId.ATRIAL_FLUTTER, seed, ratio="variable")
        ratios |= set(np.diff(window.causes).tolist())
        assert np.ptp(window.rr_s) > 0.12
    assert {2, 3, 4} <= ratios
    assert 1 not in ratios


def test_flutter_waves_come_at_their_rate() -> None:
    for window in windows(RhythmId.ATRIAL_FLUTTER):
        assert 250.0 <= 60.0 / window.pp_s.mean() <= 350.0
        assert (window.p_beginning == Beginning.FLUTTER).all()


@pytest.mark.parametrize("age", [None, 0.1, 0.9, 3.0, 10.0])
@pytest.mark.parametrize("circuit", ["avnrt", "avrt"])
def test_reentry_keeps_going_round_at_its_rate(circuit: str, age: float | None) -> None:
    low, high = (150.0, 250.0) if age is None else ages.svt_rate(age)
    for seed in FEW:
        window = whole(RhythmId.SVT, seed, age=age, circuit=circuit)
        assert 0.97 * low <= window.rate <= 1.03 * high
        assert np.ptp(window.rr_s) < 0.04
        assert abs(window.p_s.size - window.qrs_s.size) <= 1


@pytest.mark.parametrize(("circuit", "low", "high"), [("avnrt", -0.01, 0.06), ("avrt", 0.08, 0.14)])
def test_the_wave_that_goes_back_comes_to_the_atria_in_its_time(
    circuit: str, low: float, high: float
) -> None:
    for seed in FEW:
        window = whole(RhythmId.SVT, seed, circuit=circuit)
        apart = window.p_s[:, None] - window.qrs_s
        nearest = apart[np.arange(apart.shape[0]), np.abs(apart - low).argmin(axis=1)]
        assert low < nearest[1:-1].min() <= nearest[1:-1].max() < high


@pytest.mark.parametrize("pathway", ["left", "septal", "right"])
def test_preexcitation_shortens_pr_and_widens_qrs(pathway: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.WPW, seed, pathway=pathway)
        assert window.conducted[:-1].all()
        assert window.pr_s.max() < 0.12
        assert window.qrs_width_s.min() >= 0.10
        assert np.ptp(window.rr_s) < 0.12


def test_preexcited_fibrillation_is_fast_and_mostly_wide_by_degrees() -> None:
    for window in windows(RhythmId.PREEXCITED_AF):
        assert (window.qrs_width_s >= 0.12).mean() > 0.55
        assert np.ptp(window.qrs_width_s) > 0.012
        assert 0.15 < window.rr_s.min() < 0.3

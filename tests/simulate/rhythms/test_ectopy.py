"""Sinus rhythms that beats of the ventricles interrupt."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning, RhythmId
from rhythmtrainer.simulate.asking import chosen
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.ectopy import PRESETS
from tests.simulate.rhythms.hearts import FEW, SEEDS, Window, whole, windows

SINGLE = [RhythmId.PVC_UNIFORM, RhythmId.PVC_MULTIFORM, RhythmId.R_ON_T]
GEMINY = {RhythmId.VENTRICULAR_BIGEMINY: 2, RhythmId.VENTRICULAR_TRIGEMINY: 3}
AGES = (0.02, 5.0)


def early(window: Window) -> NDArray[np.bool_]:
    return np.asarray(window.qrs_beginning == Beginning.VENTRICLES)


def runs(window: Window) -> list[int]:
    """Return how many early beats are in a row, each time between two others."""
    usual = np.flatnonzero(~early(window))
    return [int(gap) - 1 for gap in np.diff(usual) if gap > 1]


@pytest.mark.parametrize("rhythm", PRESETS)
def test_early_beats_are_wide_and_no_p_wave_leads_them(rhythm: RhythmId) -> None:
    for window in windows(rhythm):
        assert (window.causes[early(window)] == -1).all()
        assert window.qrs_width_s[early(window)].min() >= 0.115
        assert (window.causes[~early(window)] >= 0).all()


@pytest.mark.parametrize("age", [None, *AGES])
@pytest.mark.parametrize("rhythm", SINGLE)
def test_ten_seconds_show_single_early_beats_and_their_base(
    rhythm: RhythmId, age: float | None
) -> None:
    for window in windows(rhythm, age):
        assert early(window).sum() >= (1 if rhythm is RhythmId.PVC_UNIFORM else 2)
        assert (~early(window)).sum() >= 4
        assert set(runs(window)) == {1}
        assert np.ptp(window.rr_s) > 0.12 * (age is None)


def test_the_pause_behind_an_early_beat_compensates() -> None:
    for seed in SEEDS:
        window = whole(RhythmId.PVC_UNIFORM, seed, rate=75.0)
        at = np.flatnonzero(early(window)[1:-1]) + 1
        around_s = window.qrs_s[at + 1] - window.qrs_s[at - 1]
        assert around_s == pytest.approx(np.full(at.size, 1.6), abs=0.12)


def test_a_beat_that_is_early_in_a_slow_rhythm_is_interpolated() -> None:
    for seed in FEW:
        window = whole(RhythmId.PVC_UNIFORM, seed, rate=50.0, coupling=0.4)
        at = np.flatnonzero(early(window)[1:-1]) + 1
        around_s = window.qrs_s[at + 1] - window.qrs_s[at - 1]
        assert around_s == pytest.approx(np.full(at.size, 1.2), abs=0.2)
        assert window.conducted[:-1].all()


@pytest.mark.parametrize("age", [None, *AGES])
@pytest.mark.parametrize("rhythm", GEMINY)
def test_bigeminy_and_trigeminy_go_on(rhythm: RhythmId, age: float | None) -> None:
    for window in windows(rhythm, age):
        assert set(np.diff(np.flatnonzero(early(window)))) == {GEMINY[rhythm]}


@pytest.mark.parametrize("age", [None, *AGES])
def test_couplets_are_always_two(age: float | None) -> None:
    for window in windows(RhythmId.PVC_COUPLET, age):
        assert set(runs(window)) == {2}
        assert (~early(window)).sum() >= 4


def test_multiform_beats_come_from_places_that_lead_two_tells_apart() -> None:
    preset = PRESETS[RhythmId.PVC_MULTIFORM]
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        (one_chosen,) = chosen([preset], [{}], 40.0, rng)
        (focus,) = preset.build(one_chosen).ectopy
        one, other = np.array(focus.sites)
        assert one @ other < 0.3


def test_an_early_beat_on_the_t_wave_begins_behind_its_peak_and_before_its_end() -> None:
    for seed in SEEDS:
        truth = whole(RhythmId.R_ON_T, seed).truth
        at = np.flatnonzero(truth.qrs_beginning == Beginning.VENTRICLES)[1:]
        assert np.isfinite(truth.t_peak_s[at - 1]).all()
        assert np.isnan(truth.t_end_s[at - 1]).all()


def test_a_childs_early_beats_interrupt_a_rate_of_its_age() -> None:
    for age in AGES:
        slowest, fastest = ages.sinus_rate(age)
        for seed in FEW:
            window = whole(RhythmId.PVC_UNIFORM, seed, age)
            assert slowest <= 60.0 / np.median(window.pp_s) <= fastest

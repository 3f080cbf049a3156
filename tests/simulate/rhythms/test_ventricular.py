"""Rhythms that the ventricles lead."""

import numpy as np
import pytest

from rhythmtrainer.model import Beginning, RhythmId
from rhythmtrainer.simulate.rhythms import ages
from tests.simulate.rhythms.hearts import FEW, SEEDS, Window, whole, windows

RATES = {
    RhythmId.IDIOVENTRICULAR: (20.0, 40.0),
    RhythmId.AIVR: (50.0, 100.0),
    RhythmId.VT_MONOMORPHIC: (120.0, 250.0),
    RhythmId.VENTRICULAR_FLUTTER: (200.0, 300.0),
}
AGES = (0.02, 5.0)
_THREE_SMALL_BOXES_S = 0.12


def runs(window: Window) -> list[tuple[int, int]]:
    """Return first and last row of what the ventricles lead, one beat or more in a row."""
    led = window.qrs_beginning == Beginning.VENTRICLES
    turns = np.flatnonzero(np.diff(np.concatenate([[False], led, [False]]).astype(int)))
    return [(int(first), int(behind) - 1) for first, behind in turns.reshape(-1, 2)]


def qtc_s(window: Window) -> float:
    """Return the longest QT interval of beats that the sinus node leads, by Fridericia."""
    truth = window.truth
    qt_s = (truth.t_end_s - truth.qrs_s)[truth.qrs_beginning == Beginning.SINUS]
    return float(np.nanmax(qt_s) / np.cbrt(np.median(np.diff(truth.p_s))))


@pytest.mark.parametrize("rhythm", RATES)
def test_rate_regularity_and_width_hold_in_any_ten_seconds(rhythm: RhythmId) -> None:
    low, high = RATES[rhythm]
    for window in windows(rhythm):
        assert (window.qrs_beginning == Beginning.VENTRICLES).all()
        assert low <= window.rate <= high
        assert np.ptp(window.rr_s) < max(_THREE_SMALL_BOXES_S, 0.12 * window.rr_s.mean())
        fused = window.causes >= 0
        assert (window.qrs_width_s[~fused] >= 0.12).all()


@pytest.mark.parametrize("age", AGES)
def test_a_childs_tachycardia_is_faster_than_its_sinus_node(age: float) -> None:
    for seed in FEW:
        window = whole(RhythmId.VT_MONOMORPHIC, seed, age)
        assert window.rate > min(ages.sinus_rate(age)[1], 210.0)
        assert (window.qrs_beginning == Beginning.VENTRICLES).all()


def test_atria_go_their_own_way_where_nothing_comes_back_to_them() -> None:
    for seed in SEEDS:
        window = whole(RhythmId.VT_MONOMORPHIC, seed, atria="dissociated")
        assert (window.p_beginning == Beginning.SINUS).all()
        assert 60.0 / np.median(window.pp_s) < 0.8 * window.rate


def test_atria_follow_where_the_node_conducts_backwards() -> None:
    for seed in FEW:
        window = whole(RhythmId.VT_MONOMORPHIC, seed, atria="retrograde")
        assert np.mean(window.p_beginning == Beginning.VENTRICLES) > 0.9


@pytest.mark.parametrize(("atria", "has_p"), [("dissociated", True), ("silent", False)])
def test_an_accelerated_focus_leads_a_slower_sinus_node(atria: str, has_p: bool) -> None:  # noqa: FBT001 - a case
    for seed in FEW:
        window = whole(RhythmId.AIVR, seed, atria=atria)
        assert (window.p_s.size > 0) is has_p
        assert (window.qrs_beginning == Beginning.VENTRICLES).all()


@pytest.mark.parametrize("age", [None, *AGES])
def test_runs_end_by_themselves_and_come_again(age: float | None) -> None:
    for window in windows(RhythmId.NSVT, age):
        lengths = [last - first + 1 for first, last in runs(window)]
        assert max(lengths) >= 3
        assert window.qrs_s.size - sum(lengths) >= 2
        first, last = max(runs(window), key=lambda run: run[1] - run[0])
        assert 100.0 < 60.0 / window.rr_s[first:last].mean() <= 260.0


def test_before_polymorphic_tachycardia_qt_is_normal_and_then_it_stays() -> None:
    for seed in SEEDS:
        window = whole(RhythmId.VT_POLYMORPHIC, seed)
        assert qtc_s(window) < 0.46
        first, last = runs(window)[0]
        assert first >= 1
        assert last == window.qrs_s.size - 1
        in_run = window.rr_s[first:]
        assert 150.0 < 60.0 / in_run.mean() < 300.0
        assert in_run.std() / in_run.mean() > 0.03


@pytest.mark.parametrize("course", ["ends", "goes_on"])
def test_torsades_follows_a_long_qt_an_early_beat_and_a_pause(course: str) -> None:
    for seed in SEEDS:
        window = whole(RhythmId.TORSADES, seed, course=course)
        assert qtc_s(window) >= 0.5
        usual_s = np.median(window.pp_s)
        first, last = next(run for run in runs(window) if run[1] - run[0] > 3)
        long_s, short_s = window.rr_s[first - 2], window.rr_s[first - 1]
        assert short_s < 0.75 * usual_s
        assert long_s > 1.25 * usual_s
        assert 150.0 < 60.0 / window.rr_s[first:last].mean() < 250.0
        assert (last == window.qrs_s.size - 1) is (course == "goes_on")

"""One rhythm turns into another: what is seen around the change, and soon after it."""

from dataclasses import replace

import numpy as np
import pytest

from rhythmtrainer.model import Beginning, RhythmId, Simulated, Truth
from rhythmtrainer.simulate import Stage, simulate_stages
from tests.bench.criteria_laws import broken
from tests.bench.criteria_observed import Observed
from tests.bench.criteria_table import CRITERIA

SINUS = RhythmId.NORMAL_SINUS_RHYTHM
SEEDS = range(5)
BEFORE_S, SETTLED_S, AFTER_S = 6.0, 3.0, 12.0
CHANGES = [
    (RhythmId.AF_CONTROLLED, SINUS),
    (RhythmId.ATRIAL_FLUTTER, SINUS),
    (RhythmId.SVT, SINUS),
    (RhythmId.VT_MONOMORPHIC, SINUS),
    (RhythmId.VF_COARSE, SINUS),
    (RhythmId.ASYSTOLE, SINUS),
    (SINUS, RhythmId.SVT),
    (SINUS, RhythmId.AF_RVR),
    (SINUS, RhythmId.ATRIAL_FLUTTER),
    (SINUS, RhythmId.VT_MONOMORPHIC),
    (SINUS, RhythmId.VF_COARSE),
    (SINUS, RhythmId.AVB1),
    (RhythmId.AVB1, RhythmId.AVB2_TYPE1),
    (RhythmId.AVB2_TYPE1, RhythmId.AVB2_2TO1),
    (RhythmId.AVB2_2TO1, RhythmId.AVB3),
    (RhythmId.AVB3, RhythmId.PACED_VENTRICULAR),
    (RhythmId.PACED_VENTRICULAR, RhythmId.FAILURE_TO_CAPTURE),
    (RhythmId.PVC_UNIFORM, RhythmId.NSVT),
]
LED_BY_SINUS = [
    SINUS,
    RhythmId.SINUS_BRADYCARDIA,
    RhythmId.SINUS_TACHYCARDIA,
    RhythmId.AVB1,
    RhythmId.BBB,
    RhythmId.WPW,
]


def changing(before: RhythmId, after: RhythmId, seed: int, noise: float = 0.0) -> Simulated:
    stages = [Stage(before, BEFORE_S), Stage(after, SETTLED_S + AFTER_S)]
    return simulate_stages(stages, fs=250.0, seed=seed, noise=noise)


def later(truth: Truth, from_s: float) -> Truth:
    """Return what happened, on a clock that starts at a time."""
    times = (
        "p_s", "p_end_s", "qrs_s", "qrs_end_s", "t_peak_s", "t_end_s", "spikes_s",
    )  # fmt: skip
    return replace(truth, **{name: getattr(truth, name) - from_s for name in times})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_change_breaks_no_law_and_soon_the_new_rhythm_is_what_it_must_be(
    before: RhythmId, after: RhythmId, seed: int
) -> None:
    truth = changing(before, after, seed).truth
    assert not broken(Observed(truth, BEFORE_S + SETTLED_S + AFTER_S))
    seen = Observed(later(truth, BEFORE_S + SETTLED_S), AFTER_S)
    assert not [
        f"{criterion.name}: {fault}"
        for criterion in CRITERIA[after]
        if (fault := criterion.fault(seen)) is not None
    ]


@pytest.mark.parametrize("rhythm", LED_BY_SINUS)
def test_a_rhythm_that_goes_on_shows_no_seam(rhythm: RhythmId) -> None:
    for seed in range(20):
        truth = changing(rhythm, rhythm, seed).truth
        pp_s, rr_s = np.diff(truth.p_s), np.diff(truth.qrs_s)
        assert np.ptp(pp_s) < 0.3 * np.median(pp_s)
        assert np.ptp(rr_s) < 0.3 * np.median(rr_s)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_line_does_not_jump_where_rhythms_meet(before: RhythmId, after: RhythmId) -> None:
    for seed in SEEDS:
        made = changing(before, after, seed)
        steps_mv = np.abs(np.diff(made.strip.signal[0]))
        around = slice(int((BEFORE_S - 0.02) * 250.0), int((BEFORE_S + 0.02) * 250.0))
        is_beat = np.abs(np.append(made.truth.qrs_s, made.truth.spikes_s) - BEFORE_S).min() < 0.15
        assert is_beat or steps_mv[around].max() < 0.08


@pytest.mark.parametrize(
    "before",
    [RhythmId.AF_CONTROLLED, RhythmId.ATRIAL_FLUTTER, RhythmId.SVT, RhythmId.VT_MONOMORPHIC],
)
def test_when_a_tachycardia_ends_the_sinus_node_takes_its_time(before: RhythmId) -> None:
    for seed in range(20):
        truth = changing(before, SINUS, seed).truth
        first_s = truth.p_s[truth.p_beginning == Beginning.SINUS]
        first_s = first_s[first_s > BEFORE_S]
        usual_s = np.median(np.diff(first_s))
        assert 0.0 < first_s[0] - BEFORE_S < 1.3 * usual_s
        # From there on each P wave is conducted.
        rows = np.flatnonzero(truth.p_s >= first_s[1])
        told = rows[truth.p_s[rows] < BEFORE_S + SETTLED_S + AFTER_S - 0.6]
        assert np.isin(told, truth.qrs_p).all()


def test_a_circuit_begins_within_a_second_and_goes_on() -> None:
    for seed in range(40):
        truth = changing(SINUS, RhythmId.SVT, seed).truth
        rr_s = np.diff(truth.qrs_s[truth.qrs_s > BEFORE_S + 1.0])
        assert rr_s.size > 20
        assert rr_s.max() < 0.45


def test_a_pacemaker_counts_on_when_its_faults_begin() -> None:
    for seed in range(20):
        truth = changing(RhythmId.PACED_VENTRICULAR, RhythmId.FAILURE_TO_CAPTURE, seed).truth
        events_s = np.sort(np.concatenate([truth.qrs_s, truth.spikes_s]))
        across_s = events_s[events_s >= BEFORE_S][0] - events_s[events_s < BEFORE_S][-1]
        assert across_s < 1.1


def test_torsades_follows_early_beats_a_long_qt_and_a_pause() -> None:
    for seed in range(10):
        truth = changing(RhythmId.PVC_UNIFORM, RhythmId.TORSADES, seed).truth
        beats_s = truth.qrs_s[truth.qrs_s > BEFORE_S]
        rr_s = np.diff(beats_s)
        fast = np.flatnonzero((rr_s[:-2] < 0.4) & (rr_s[1:-1] < 0.4) & (rr_s[2:] < 0.4))
        assert fast.size
        assert rr_s[: fast[0]].max() > 1.2 * np.median(np.diff(truth.p_s))


def test_a_patient_keeps_what_the_next_rhythm_usually_has() -> None:
    stages = [Stage(SINUS, 5.0, {"rate": 72.0, "pr": 0.16}), Stage(RhythmId.BBB, 5.0)]
    drawn = simulate_stages(stages, seed=1).drawn
    assert drawn[1]["rate"] == drawn[0]["rate"] == 72.0
    assert drawn[1]["pr"] == drawn[0]["pr"] == 0.16
    fast = [stages[0], Stage(RhythmId.SINUS_TACHYCARDIA, 5.0, {"pr": 0.13})]
    drawn = simulate_stages(fast, seed=1).drawn
    assert float(drawn[1]["rate"]) > 100.0
    assert drawn[1]["pr"] == 0.13

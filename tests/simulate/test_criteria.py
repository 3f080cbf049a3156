"""The criteria of every rhythm hold in simulated strips; the criteria can fail; laws too."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning, Episode, Truth
from tests.bench import criteria_beats as beats
from tests.bench import criteria_blocks as blocks
from tests.bench import criteria_ectopy as ectopy
from tests.bench import criteria_paced as paced
from tests.bench.criteria import failures_of
from tests.bench.criteria_laws import broken
from tests.bench.criteria_limits import Criterion, limit
from tests.bench.criteria_observed import Observed
from tests.bench.criteria_table import CRITERIA
from tests.support.truths import QRS_S, SECONDS, conducted, dropped, even, truth

SINUS, ATRIA, JUNCTION = Beginning.SINUS, Beginning.ATRIA, Beginning.JUNCTION
FLUTTER, VENTRICLES, DEVICE = Beginning.FLUTTER, Beginning.VENTRICLES, Beginning.DEVICE
V = {"of": VENTRICLES}


def seen(one: Truth) -> Observed:
    return Observed(one, SECONDS)


def with_early(
    beginning: Beginning, early: list[float], width: float = 0.15, **late: float
) -> Truth:
    """Sinus rhythm at 60/min with beats from elsewhere; what meets them does not come."""
    p = [at for at in even(1.0) if not any(0 < at + 0.16 - one < 0.85 for one in early)]
    own = [(at + 0.16, place, SINUS) for place, at in enumerate(p)]
    every = sorted([*own, *((at, -1, beginning) for at in early)])
    return truth(
        p,
        [at for at, _, _ in every],
        {place: cause for place, (_, cause, _) in enumerate(every) if cause >= 0},
        qrs_beginning=[where for _, _, where in every],
        width=[QRS_S if where is SINUS else width for _, _, where in every],
        **{name: np.add([at for at, _, _ in every], after) for name, after in late.items()},
    )


P_60, P_75 = even(1.0), even(0.8)
GAPPED = [at for at in P_60 if not 4 < at < 6]
SINUS_75 = conducted(P_75)
EVERY = {
    "nothing": truth(),
    "sinus": SINUS_75,
    "slow, first-degree": conducted(even(1.5), 0.26),
    "fast, short PR": conducted(even(0.3), 0.1),
    "uneven, PR varies": conducted(
        np.cumsum([0.3, 0.5, 0.9, 0.4, 1.1, 0.6, 0.8, 0.5, 1.2]).tolist(),
        [0.16, 0.2, 0.12, 0.3, 0.16, 0.26, 0.13, 0.2, 0.16],
    ),
    "Wenckebach": dropped(P_75, 4, (0.18, 0.28, 0.32)),
    "Mobitz II": dropped(P_75, 3),
    "3:1 flutter": truth(
        even(0.2),
        even(0.6),
        {k: 3 * k for k in range(len(even(0.6)))},
        p_end_s=np.array(even(0.2)) + 0.15,
        p_beginning=FLUTTER,
        qrs_beginning=FLUTTER,
    ),
    "high grade": truth(P_75, [P_75[4] + 0.16, P_75[8] + 0.5], {0: 4}),
    "dissociated": truth(P_75, even(1.7, 0.5), qrs_beginning=VENTRICLES, width=0.16),
    "junction": truth((), even(1.2), qrs_beginning=JUNCTION),
    "atrial": conducted(even(0.4), 0.13, p_beginning=ATRIA, qrs_beginning=ATRIA),
    "VT": truth((), even(0.34), qrs_beginning=VENTRICLES, width=0.16),
    "agonal": truth((), [1.0, 7.0, 11.5], qrs_beginning=VENTRICLES, width=0.3),
    "bigeminy": with_early(VENTRICLES, [at + 0.66 for at in P_60[::2]]),
    "couplet": with_early(VENTRICLES, [2.96, 3.4]),
    "run": with_early(VENTRICLES, [2.9, 3.3, 3.7, 4.1, 4.5, 4.9, 5.3]),
    "fast run": with_early(VENTRICLES, np.arange(2.9, 5.0, 0.18).tolist()),
    "junctional ectopy": with_early(JUNCTION, [2.9, 6.9], QRS_S),
    "pause": conducted([*P_75[:5], *even(0.8, P_75[4] + 2.0)]),
    "exit block": conducted([*P_75[:5], *P_75[6:]]),
    "atrial ectopy": conducted(
        [0.3, 1.3, 1.9, 2.9, 3.9, 4.9], p_beginning=[0, 0, ATRIA, 0, 0, 0], qrs_beginning=SINUS
    ),
    "paced": truth(
        (),
        np.add(P_75, 0.01).tolist(),
        qrs_beginning=DEVICE,
        width=0.16,
        spikes_s=P_75,
    ),
    "paced atria": conducted(
        P_75,
        p_beginning=DEVICE,
        qrs_beginning=DEVICE,
        spikes_s=np.subtract(P_75, 0.01),
        spike_in_atria=True,
    ),
    "paced atria in vain": conducted(
        P_75, spikes_s=np.add(P_75, 0.4), spike_in_atria=True, spike_captures=False
    ),
    "paced in vain": truth(
        P_75,
        even(1.7, 0.5),
        width=0.16,
        qrs_beginning=VENTRICLES,
        spikes_s=even(1.1),
        spike_captures=False,
    ),
    "competing": conducted(even(0.9), spikes_s=even(0.8), spike_captures=False),
    "failing to pace": truth(
        (),
        np.add(GAPPED, 0.01).tolist(),
        width=0.16,
        qrs_beginning=DEVICE,
        spikes_s=GAPPED,
    ),
    "paced twice": truth(
        P_75,
        np.add(P_75, 0.16).tolist(),
        width=0.16,
        p_beginning=DEVICE,
        qrs_beginning=DEVICE,
        spikes_s=np.sort([*np.subtract(P_75, 0.01), *np.add(P_75, 0.15)]),
        spike_in_atria=[True, False] * len(P_75),
    ),
    "paced, delay varies": truth(
        P_75,
        [at + (0.16 if k % 2 else 0.3) for k, at in enumerate(P_75)],
        qrs_beginning=DEVICE,
        spikes_s=[at + (0.15 if k % 2 else 0.29) for k, at in enumerate(P_75)],
    ),
    "trigeminy": with_early(VENTRICLES, [at + 0.66 for at in P_60[1::3]]),
    "multiform": with_early(VENTRICLES, [2.9, 5.96, 8.9]),
    "on the T": with_early(VENTRICLES, [2.8, 6.8]),
    "onset behind a pause": with_early(
        VENTRICLES, [2.96, *np.arange(4.86, 9.0, 0.3).tolist()], t_end_s=0.56
    ),
    "narrow run": with_early(VENTRICLES, [3.0, 3.3, 3.6], QRS_S),
    "junction, wide, P ahead": truth(
        np.subtract(even(1.2), 0.13).tolist(),
        even(1.2),
        width=0.14,
        p_beginning=[SINUS, *[JUNCTION] * (len(even(1.2)) - 1)],
        qrs_beginning=JUNCTION,
    ),
    "early from the junction, in pairs": with_early(JUNCTION, [2.9, 3.3, 6.9], 0.09),
}


@pytest.mark.parametrize("rhythm", RhythmId)
def test_the_criteria_of_a_rhythm_hold_in_simulated_strips(rhythm: RhythmId) -> None:
    assert failures_of(rhythm, range(12)) == []


@pytest.mark.parametrize("age", [0.02, 0.5, 2.0, 4.0, 8.0, 14.0])
def test_the_criteria_of_children_hold_in_simulated_strips(age: float) -> None:
    for rhythm in RhythmId:
        assert failures_of(rhythm, range(2), age) == []


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_criterion_can_fail(rhythm: RhythmId) -> None:
    for criterion in CRITERIA[rhythm]:
        assert any(criterion.fault(seen(one)) for one in EVERY.values()), criterion.name
    names = [criterion.name for criterion in CRITERIA[rhythm]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_criterion_can_hold(rhythm: RhythmId) -> None:
    for criterion in CRITERIA[rhythm]:
        assert any(criterion.fault(seen(one)) is None for one in EVERY.values()), criterion.name


@pytest.mark.parametrize(
    ("name", "rhythm"),
    [
        ("sinus", RhythmId.NORMAL_SINUS_RHYTHM),
        ("Wenckebach", RhythmId.AVB2_TYPE1),
        ("Mobitz II", RhythmId.AVB2_TYPE2),
        ("dissociated", RhythmId.AVB3),
        ("junction", RhythmId.JUNCTIONAL_ESCAPE),
        ("VT", RhythmId.VT_MONOMORPHIC),
        ("bigeminy", RhythmId.VENTRICULAR_BIGEMINY),
        ("couplet", RhythmId.PVC_COUPLET),
        ("run", RhythmId.NSVT),
        ("pause", RhythmId.SINUS_PAUSE_ARREST),
        ("exit block", RhythmId.SA_EXIT_BLOCK),
        ("3:1 flutter", RhythmId.ATRIAL_FLUTTER),
        ("paced", RhythmId.PACED_VENTRICULAR),
        ("paced atria", RhythmId.PACED_ATRIAL),
        ("paced in vain", RhythmId.FAILURE_TO_CAPTURE),
        ("competing", RhythmId.FAILURE_TO_SENSE),
        ("nothing", RhythmId.ASYSTOLE),
    ],
)
def test_a_textbook_strip_meets_its_criteria_and_hardly_any_other_does(
    name: str, rhythm: RhythmId
) -> None:
    faults = {
        other: [criterion.name for criterion in CRITERIA[rhythm] if criterion.fault(seen(one))]
        for other, one in EVERY.items()
    }
    assert faults[name] == []
    assert sum(not found for found in faults.values()) <= 3


@pytest.mark.parametrize(
    ("measure", "named", "name", "value"),
    [
        (beats.ventricular_rate, {}, "sinus", 75.0),
        (beats.ventricular_rate, {}, "nothing", 0.0),
        (beats.atrial_rate, {}, "3:1 flutter", 300.0),
        (beats.p_per_qrs, {}, "3:1 flutter", 3.0),
        (beats.uneven_rr, {}, "sinus", 0.0),
        (beats.rr_spread, {}, "exit block", 0.8),
        (beats.most_sudden_change, {}, "exit block", 2.0),
        (beats.rr_variation, {}, "sinus", 0.0),
        (beats.rr_disorder, {}, "sinus", 0.0),
        (beats.shortest_pr, {}, "Wenckebach", 0.18),
        (beats.longest_pr, {}, "Wenckebach", 0.32),
        (beats.pr_spread, {}, "Wenckebach", 0.14),
        (beats.shortest_pr, {}, "VT", math.nan),
        (beats.widest_qrs, {}, "VT", 0.16),
        (beats.share_of_qrs_with_p, {}, "dissociated", 0.0),
        (beats.share_of_p_conducted, {}, "sinus", 1.0),
        (beats.p_from, {"of": SINUS}, "atrial", 0.0),
        (beats.qrs_from, {"of": (JUNCTION, VENTRICLES)}, "junction", 1.0),
        (beats.count_of_p_from, {"of": ATRIA}, "atrial ectopy", 1.0),
        (blocks.gaps, {}, "exit block", 1.0),
        (blocks.gaps_of_two_seconds, {}, "pause", 1.0),
        (blocks.nearest_gap_to_multiple, {}, "pause", 0.5),
        (blocks.farthest_gap_from_multiple, {}, "exit block", 0.0),
        (blocks.uneven_pp_but_for_gaps, {}, "pause", 0.0),
        (blocks.most_blocked_in_a_row, {}, "Wenckebach", 1.0),
        (blocks.most_conducted_in_a_row, {}, "Wenckebach", 3.0),
        (blocks.most_blocked_in_a_row, {}, "high grade", 9.0),
        (blocks.least_growth_of_pr, {}, "Wenckebach", 0.04),
        (blocks.least_gain_of_pr, {}, "Wenckebach", 0.14),
        (blocks.least_gain_of_pr, {}, "Mobitz II", 0.0),
        (blocks.most_growth_of_rr_before_drop, {}, "Wenckebach", -0.06),
        (blocks.longest_pause_by_shortest_rr, {}, "Wenckebach", 1.46 / 0.84),
        (blocks.shortest_pause_by_pp, {}, "Mobitz II", 2.0),
        (blocks.longest_pause_by_pp, {}, "Mobitz II", 2.0),
        (blocks.uneven_ratio_of_rr_to_pp, {}, "3:1 flutter", 0.0),
        (ectopy.longest_run, V, "run", 7.0),
        (ectopy.whole_runs, V, "run", 1.0),
        (ectopy.slowest_run, V, "run", 150.0),
        (ectopy.pairs, V, "couplet", 1.0),
        (ectopy.latest_coupling, V, "bigeminy", 0.25),
        (ectopy.fewest_usual_between, V, "bigeminy", 1.0),
        (ectopy.farthest_from_full_pause, V, "bigeminy", 0.0),
        (ectopy.earliest_onset_in_qt, V, "bigeminy", 0.5 / 0.38),
        (ectopy.qtc_of_usual_beats, {}, "sinus", 0.38 / 0.8 ** (1 / 3)),
        (ectopy.earliest_p, {"of": ATRIA}, "atrial ectopy", 0.6),
        (ectopy.usual_interval_around_early_p, {"of": ATRIA}, "atrial ectopy", 1.6),
        (paced.share_of_ventricular_spikes_answered, {}, "paced", 1.0),
        (paced.share_of_atrial_spikes_answered, {}, "paced atria", 1.0),
        (paced.stimuli_in_vain, {}, "paced", 0.0),
        (paced.stimuli_too_soon, {}, "paced", 0.0),
        (paced.stimuli_that_are_missing, {}, "paced", 0.0),
        (paced.longest_spike_to_qrs, {}, "paced atria", 0.17),
        (paced.share_of_qrs_from_spike, {}, "paced", 1.0),
    ],
)
def test_numbers_are_read_off_a_truth(
    measure: Callable[..., float], named: dict[str, Any], name: str, value: float
) -> None:
    assert measure(seen(EVERY[name]), **named) == pytest.approx(value, nan_ok=True, abs=1e-9)


def test_a_missing_stimulus_shows_as_a_gap() -> None:
    times = [at for at in even(1.0) if at not in (4.3, 5.3)]
    one = truth((), np.add(times, 0.01).tolist(), qrs_beginning=DEVICE, spikes_s=times)
    assert paced.stimuli_that_are_missing(seen(one)) == 1.0


def test_a_criterion_says_what_it_demands_and_what_is_found() -> None:
    demand = limit(beats.ventricular_rate, 60, 100)
    assert demand.name == "ventricular rate 60 to 100"
    assert demand.fault(seen(SINUS_75)) is None
    assert demand.fault(seen(EVERY["VT"])) == "176.5"
    assert limit(beats.longest_pr, 0.2).fault(seen(truth())) == "none there"
    assert Criterion(beats.p_from, 1, 1, of=SINUS).name == "p from (sinus) 1"
    assert Criterion(beats.longest_pr, 0.2, 1, if_any=True).fault(seen(truth())) is None


def test_hand_made_hearts_break_no_law() -> None:
    lawful = {name for name, one in EVERY.items() if not broken(seen(one))}
    assert lawful >= {"nothing", "sinus", "Wenckebach", "dissociated", "bigeminy", "paced"}


def nudged(name: str, place: int, by: float) -> Truth:
    values = getattr(SINUS_75, name).copy()
    values[place] += by
    other: dict[str, Any] = {name: values}
    return replace(SINUS_75, **other)


@pytest.mark.parametrize(
    ("law", "one"),
    [
        ("arrays are aligned", replace(SINUS_75, p_end_s=np.ones(1))),
        ("every cause is a P", nudged("qrs_p", 3, 99)),
        ("times ascend", nudged("p_s", 3, -1.0)),
        ("waves end after they begin", nudged("qrs_end_s", 3, -0.1)),
        ("no complex while refractory", nudged("qrs_s", 3, 0.7)),
        ("no complex overlaps the next", nudged("qrs_end_s", 3, 0.75)),
        ("no P overlaps the next", nudged("p_end_s", 3, 0.75)),
        ("no P is conducted twice", nudged("qrs_p", 3, -1)),
        ("PR is possible", nudged("qrs_s", 3, -0.11)),
        ("a conducted complex begins where its P began", nudged("p_beginning", 3, 1)),
        ("what the sinus node leads has its P", nudged("qrs_p", 3, -4)),
        ("T follows its QRS", nudged("t_peak_s", 3, -0.31)),
        ("T ends before the next T", nudged("t_end_s", 3, 0.74)),
        ("QT is possible", nudged("t_end_s", 3, 0.44)),
        ("captures are answered, and nothing else", EVERY["competing"]),
        ("paced waves have their spike", nudged("p_beginning", 3, 6)),
        ("episodes have no gap", replace(SINUS_75, episodes=())),
        (
            "episodes have no gap",
            replace(
                SINUS_75,
                episodes=(
                    Episode(RhythmId.SVT, 0.0, 3.0),
                    Episode(RhythmId.ASYSTOLE, 3.1, SECONDS),
                ),
            ),
        ),
    ],
)
def test_each_law_can_be_broken(law: str, one: Truth) -> None:
    if law.startswith("captures"):
        one = replace(one, spike_captures=~one.spike_captures)
    assert law in broken(seen(one))


def test_a_fusion_beat_breaks_no_law() -> None:
    one = SINUS_75.qrs_beginning.copy()
    one[3] = VENTRICLES
    fused = replace(SINUS_75, qrs_beginning=one)
    assert broken(seen(fused)) == []
    assert np.isnan(seen(fused).pr[3])

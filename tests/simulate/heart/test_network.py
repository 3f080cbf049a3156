from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhythmtrainer.model import Beginning, Entry
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.heart.activity import UNCAUSED, Activity
from rhythmtrainer.simulate.heart.parts import (
    BLOCKED,
    FROM_BELOW,
    RUN_ON,
    Accessory,
    Atria,
    AvNode,
    Chamber,
    Circuit,
    Device,
    Ectopy,
    Fibrillation,
    Focus,
    Heart,
    HisPurkinje,
    Mode,
    Reentry,
    SinusNode,
    SlowPathway,
    Ventricles,
)
from rhythmtrainer.simulate.heart.running import run

_WALL = (0.6, 0.0, 0.8)
_SINUS = SinusNode(75.0, variability=0.0, breathing=0.0)
_LEAST_S = 0.16


def beating(heart: Heart, seconds: float = 20.0, seed: int = 1) -> Activity:
    breathing = Breathing(0.25, (0.0, 0.0, 0.0))
    return run([(-4.0, heart)], seconds, breathing, np.random.default_rng(seed))


def beats(activity: Activity) -> np.ndarray:
    return np.array([beat.at_s for beat in activity.ventricles])


def waves(activity: Activity) -> np.ndarray:
    return np.array([wave.at_s for wave in activity.atria])


def pr_s(activity: Activity) -> list[float]:
    atria = activity.atria
    return [b.at_s - atria[b.cause].at_s for b in activity.ventricles if b.cause != UNCAUSED]


def blocked(activity: Activity) -> list[int]:
    """How many P waves in a row are dropped before each that is conducted."""
    causes = [beat.cause for beat in activity.ventricles if beat.cause != UNCAUSED]
    return [int(gap) - 1 for gap in np.diff(causes)]


def test_each_p_wave_of_a_healthy_heart_has_its_qrs() -> None:
    activity = beating(Heart(sinus=_SINUS))
    assert [beat.cause for beat in activity.ventricles] == list(range(len(activity.ventricles)))
    assert np.diff(beats(activity)) == pytest.approx(0.8, abs=0.02)
    assert pr_s(activity) == pytest.approx([0.166] * len(activity.ventricles), abs=0.012)


def test_a_node_that_tires_drops_a_beat_and_recovers() -> None:
    tiring = AvNode(fatigue_s=0.08, refractory_s=0.38)
    activity = beating(Heart(sinus=SinusNode(80.0, 0.0, 0.0), node=tiring))
    intervals = pr_s(activity)
    dropped = blocked(activity)
    assert set(dropped) == {0, 1}
    for place, gap in enumerate(dropped):
        if gap == 0:
            assert intervals[place + 1] > intervals[place] - 0.01
        else:
            assert intervals[place + 1] < intervals[place] - 0.05
    assert max(np.diff(beats(activity))) < 2.0 * min(np.diff(beats(activity)))


def test_a_bundle_that_fails_drops_a_beat_without_warning() -> None:
    activity = beating(Heart(sinus=_SINUS, his=HisPurkinje(fails_every=(4, 4))))
    assert set(blocked(activity)) == {0, 1}
    assert np.ptp(pr_s(activity)) < 0.015
    assert sorted({round(gap, 1) for gap in np.diff(beats(activity))}) == [0.8, 1.6]


@pytest.mark.parametrize(("refractory_s", "dropped"), [(1.0, 1), (1.8, 2), (2.6, 3)])
def test_a_bundle_that_recovers_late_lets_every_second_third_or_fourth_pass(
    refractory_s: float, dropped: int
) -> None:
    activity = beating(Heart(sinus=_SINUS, his=HisPurkinje(refractory_s=refractory_s)))
    assert set(blocked(activity)) == {dropped}


@pytest.mark.parametrize(
    "heart",
    [
        Heart(_SINUS, node=AvNode(refractory_s=BLOCKED), foci=(Focus(Chamber.JUNCTION, 45.0),)),
        Heart(
            _SINUS,
            his=HisPurkinje(refractory_s=BLOCKED),
            foci=(Focus(Chamber.VENTRICLES, 32.0, (_WALL,)),),
        ),
    ],
)
def test_behind_a_complete_block_an_escape_keeps_its_own_time(heart: Heart) -> None:
    activity = beating(heart)
    assert {beat.cause for beat in activity.ventricles} == {UNCAUSED}
    expected_s = 60.0 / heart.foci[0].rate
    assert np.diff(beats(activity)) == pytest.approx(expected_s, rel=0.06)
    assert np.diff(waves(activity)) == pytest.approx(0.8, abs=0.02)


def test_an_escape_is_silent_while_a_faster_pacemaker_leads() -> None:
    activity = beating(Heart(sinus=_SINUS, foci=(Focus(Chamber.JUNCTION, 45.0),)))
    seen = [beat for beat in activity.ventricles if beat.at_s > 0.0]
    assert {beat.beginning for beat in seen} == {Beginning.SINUS}


def test_an_early_ventricular_beat_leaves_a_full_compensatory_pause() -> None:
    early = Ectopy(Chamber.VENTRICLES, (4, 4), 0.6, (_WALL,))
    activity = beating(Heart(sinus=_SINUS, ectopy=(early,)))
    kinds = [beat.entry for beat in activity.ventricles]
    for place in (i for i, kind in enumerate(kinds[:-1]) if kind is Entry.SITE):
        around = beats(activity)[place - 1 : place + 2]
        assert around[2] - around[0] == pytest.approx(1.6, abs=0.03)
    assert Entry.SITE in kinds
    assert np.diff(waves(activity)) == pytest.approx(0.8, abs=0.02)


def test_an_early_atrial_beat_resets_the_sinus_node() -> None:
    early = Ectopy(Chamber.ATRIA, (4, 4), 0.6)
    activity = beating(Heart(sinus=_SINUS, ectopy=(early,)))
    at_s = waves(activity)
    for place, wave in enumerate(activity.atria[:-1]):
        if wave.beginning is Beginning.ATRIA:
            assert at_s[place + 1] - at_s[place - 1] < 1.5
    assert Beginning.ATRIA in {wave.beginning for wave in activity.atria}


@pytest.mark.parametrize(("refractory_s", "ratio"), [(0.2, 2), (0.4, 3), (0.55, 4)])
def test_flutter_is_conducted_as_the_node_recovers(refractory_s: float, ratio: int) -> None:
    circuit = Circuit(Chamber.ATRIA, 300.0, FROM_BELOW)
    node = AvNode(refractory_s=refractory_s, decrement_s=0.05)
    activity = beating(Heart(circuits=(circuit,), atria=Atria(refractory_s=0.12), node=node))
    assert set(blocked(activity)[2:]) == {ratio - 1}


def test_fibrillation_of_the_atria_makes_the_ventricles_irregular() -> None:
    atria = Atria(fibrillation=Fibrillation(6.5, 0.06))
    activity = beating(Heart(atria=atria, node=AvNode(refractory_s=0.35, concealed_s=0.12)), 60.0)
    gaps = np.diff(beats(activity))
    assert not activity.atria
    assert 0.12 < gaps.std() / gaps.mean() < 0.4
    # One interval says next to nothing of the one behind it.
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) < 0.4
    assert activity.fibrillating[0].end_s == 60.0


def test_two_pathways_in_the_node_keep_a_wave_going_round() -> None:
    node = AvNode(slow=SlowPathway(0.27), backward_s=0.05)
    activity = beating(Heart(sinus=_SINUS, node=node, reentry=Reentry.NODE))
    assert np.diff(beats(activity)) == pytest.approx(0.36, abs=0.02)
    assert all(wave.retrograde for wave in activity.atria[1:])


def test_an_accessory_pathway_keeps_a_wave_going_round() -> None:
    strand = Accessory(_WALL, delay_s=None, backward_s=0.13)
    heart = Heart(
        sinus=_SINUS,
        node=AvNode(refractory_s=0.1),
        accessory=strand,
        reentry=Reentry.ACCESSORY,
    )
    activity = beating(heart)
    assert {beat.entry for beat in activity.ventricles} == {Entry.BOTH_BUNDLES}
    behind_s = waves(activity)[1:20] - beats(activity)[:19]
    assert behind_s == pytest.approx(0.13, abs=0.001)


def test_an_accessory_pathway_reaches_the_ventricles_first() -> None:
    activity = beating(Heart(sinus=_SINUS, accessory=Accessory(_WALL, delay_s=0.1)))
    assert pr_s(activity) == pytest.approx([0.1] * len(activity.ventricles))
    shares = [beat.share for beat in activity.ventricles]
    assert shares == pytest.approx([0.55] * len(shares), abs=0.15)


@pytest.mark.parametrize(
    ("his", "entry"),
    [
        (HisPurkinje(right_refractory_s=BLOCKED), Entry.LEFT_BUNDLE),
        (HisPurkinje(left_refractory_s=BLOCKED), Entry.RIGHT_BUNDLE),
    ],
)
def test_a_blocked_bundle_leaves_the_other_way(his: HisPurkinje, entry: Entry) -> None:
    activity = beating(Heart(sinus=_SINUS, his=his))
    assert {beat.entry for beat in activity.ventricles} == {entry}


def test_a_circuit_in_the_ventricles_leaves_the_atria_alone() -> None:
    circuit = Circuit(Chamber.VENTRICLES, 170.0, _WALL)
    activity = beating(Heart(sinus=_SINUS, circuits=(circuit,)))
    assert np.diff(waves(activity)) == pytest.approx(0.8, abs=0.02)
    assert np.median(np.diff(beats(activity))) == pytest.approx(60.0 / 170.0, rel=0.02)


def test_a_run_that_needs_a_pause_begins_behind_one() -> None:
    runs = Ectopy(
        Chamber.VENTRICLES, (3, 3), 0.55, (_WALL,), run=RUN_ON, rate=210.0, after_pause=True
    )
    activity = beating(Heart(sinus=SinusNode(60.0, 0.0, 0.0), ectopy=(runs,)))
    kinds = [beat.entry is Entry.SITE for beat in activity.ventricles]
    first = kinds.index(True)
    assert kinds[first : first + 4] == [True, False, True, True]
    gaps = np.diff(beats(activity))
    assert gaps[first] > 1.3 * gaps[0] > gaps[first - 1] * 1.8
    assert all(kinds[first + 2 :])


def test_a_pacemaker_paces_what_is_silent_and_lets_be_what_beats() -> None:
    still = replace(Heart(), device=Device(Mode.VVI, 70.0, _WALL))
    paced = beating(still)
    assert np.diff(beats(paced)) == pytest.approx(60.0 / 70.0, abs=0.005)
    assert all(spike.captures for spike in paced.spikes)
    assert not beating(replace(still, sinus=SinusNode(90.0))).spikes[1:]


def test_what_turns_into_another_heart_goes_on_where_it_was() -> None:
    breathing = Breathing(0.25, (0.0, 0.0, 0.0))
    vf = Heart(ventricles=Ventricles(fibrillation=Fibrillation(5.0, 0.3)))
    activity = run(
        [(-4.0, Heart(_SINUS)), (5.0, vf), (9.0, Heart(_SINUS))],
        15.0,
        breathing,
        np.random.default_rng(3),
    )
    at_s = beats(activity)
    assert not ((at_s > 5.25) & (at_s < 9.0)).any()
    assert (at_s < 5.0).any()
    assert (at_s > 9.0).any()
    assert [(one.start_s, one.end_s) for one in activity.fibrillating] == [(5.0, 9.0)]


_rates = st.floats(20.0, 320.0)
_times = st.floats(0.05, 1.5)
_chambers = st.sampled_from(Chamber)
_fails = st.sampled_from([None, (2, 4)])


@st.composite
def hearts(draw: st.DrawFn) -> Heart:
    """Any heart at all, however sick."""
    node = AvNode(
        delay_s=draw(st.floats(0.04, 0.3)),
        refractory_s=draw(st.one_of(_times, st.just(BLOCKED))),
        fatigue_s=draw(st.floats(0.0, 0.1)),
        concealed_s=draw(st.floats(0.0, 0.2)),
        backward_s=draw(st.one_of(st.none(), st.floats(0.03, 0.3))),
        slow=draw(st.one_of(st.none(), st.builds(SlowPathway, st.floats(0.2, 0.4)))),
    )
    focus = st.builds(Focus, _chambers, _rates, protected=st.booleans())
    circuit = st.builds(Circuit, _chambers.filter(lambda c: c is not Chamber.JUNCTION), _rates,
                        st.just(FROM_BELOW), wander=st.floats(0.0, 0.5))  # fmt: skip
    ectopy = st.builds(
        Ectopy,
        _chambers,
        st.sampled_from([(1, 1), (2, 5)]),
        st.floats(0.3, 0.9),
        run=st.sampled_from([(1, 1), (2, 6), RUN_ON]),
        rate=_rates,
        after_pause=st.booleans(),
    )
    strand = st.builds(
        Accessory, st.just(_WALL), delay_s=st.one_of(st.none(), st.floats(0.03, 0.12)),
        backward_s=st.one_of(st.none(), st.floats(0.05, 0.3)),
    )  # fmt: skip
    device = st.builds(Device, st.sampled_from(Mode), st.floats(40.0, 120.0), st.just(_WALL))
    fibrillation = st.one_of(st.none(), st.just(Fibrillation(6.0, 0.05)))
    return Heart(
        sinus=draw(st.one_of(st.none(), st.builds(SinusNode, st.floats(30.0, 200.0)))),
        atria=Atria(refractory_s=draw(st.floats(0.1, 0.3)), fibrillation=draw(fibrillation)),
        node=node,
        his=HisPurkinje(
            refractory_s=draw(_times), fails_every=draw(st.sampled_from([None, (2, 4)]))
        ),
        foci=tuple(draw(st.lists(focus, max_size=2))),
        ectopy=tuple(draw(st.lists(ectopy, max_size=1))),
        circuits=tuple(draw(st.lists(circuit, max_size=1))),
        accessory=draw(st.one_of(st.none(), strand)),
        reentry=draw(st.one_of(st.none(), st.sampled_from(Reentry))),
        device=draw(st.one_of(st.none(), device)),
    )


def test_a_circuit_in_scarred_muscle_drifts_and_a_steady_one_does_not() -> None:
    def intervals_s(drift: float) -> np.ndarray:
        circuit = Circuit(Chamber.VENTRICLES, 150.0, _WALL, irregularity=0.0, drift=drift)
        return np.diff(beats(beating(Heart(circuits=(circuit,)))))

    assert np.ptp(intervals_s(0.0)) < 1e-9
    wandering_s = intervals_s(0.02)
    assert 0.004 < wandering_s.std() < 0.016
    assert np.abs(np.diff(wandering_s)).mean() < wandering_s.std()


def test_qt_is_the_patients_own_but_where_the_rhythm_changes_it() -> None:
    breathing, rng = Breathing(0.25, (0.0, 0.0, 0.0)), np.random.default_rng(1)
    stages = [(0.0, Heart(sinus=_SINUS)), (5.0, Heart(sinus=_SINUS, qtc_s=0.55))]
    activity = run(stages, 10.0, breathing, rng, qtc_s=0.39)
    assert [one.qtc_s for one in activity.repolarisation] == [0.39, 0.55]


@settings(max_examples=150, deadline=None)
@given(hearts(), hearts(), st.integers(0, 2**32))
def test_no_heart_breaks_the_laws_of_conduction(first: Heart, then: Heart, seed: int) -> None:
    breathing = Breathing(0.25, (0.0, 0.0, 0.0))
    rng = np.random.default_rng(seed)
    activity = run([(-2.0, first), (4.0, then)], 10.0, breathing, rng)
    at_s, p_s = beats(activity), waves(activity)
    assert (np.diff(at_s) >= _LEAST_S - 1e-9).all()
    assert (np.diff(p_s) >= 0.1 - 1e-9).all()
    causes = [beat.cause for beat in activity.ventricles if beat.cause != UNCAUSED]
    if first.accessory is None is then.accessory:
        # On one way down no wave overtakes another, and none arrives twice.
        assert causes == sorted(set(causes))
    assert all(interval > 0.0 for interval in pr_s(activity))
    assert [beat.share for beat in activity.ventricles if not 0.0 <= beat.share <= 1.0] == []
    assert [spike.at_s for spike in activity.spikes] == sorted(s.at_s for s in activity.spikes)
    lengths = [np.linalg.norm(beat.site) for beat in activity.ventricles if beat.site]
    assert np.array(lengths) == pytest.approx(1.0, abs=0.02)

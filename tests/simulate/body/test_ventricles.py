import numpy as np
import pytest

from rhythmtrainer.model import Entry
from rhythmtrainer.simulate.heart.activity import (
    Activity,
)
from tests.simulate.body.hearts import (
    FS,
    II,
    LEFT_VENTRICLE,
    RIGHT_APEX,
    RIGHT_VENTRICLE,
    SEEDS,
    beat,
    complexes,
    drawn,
    from_site,
    share,
    sinus,
    unit,
)


def test_narrow_complexes_grow_from_v1_to_v5_and_are_negative_in_avr() -> None:
    seen = complexes(sinus())
    assert share([qrs["V1"].max() < -qrs["V1"].min() for qrs in seen]) == 1.0
    assert share([qrs["V5"].max() > -qrs["V5"].min() for qrs in seen]) == 1.0
    assert share([-qrs["aVR"].min() > qrs["aVR"].max() for qrs in seen]) == 1.0
    r = np.median([[qrs[lead].max() for lead in ("V1", "V2", "V3", "V4")] for qrs in seen], axis=0)
    assert (np.diff(r) > 0.0).all()


def test_the_septum_is_seen_as_a_small_q_in_v6() -> None:
    seen = complexes(sinus())
    first = [qrs["V6"][: qrs["V6"].argmax()].min() for qrs in seen]
    assert -0.15 < np.median(first) < -0.02


def test_right_bundle_branch_block_ends_right_and_in_front() -> None:
    for qrs in complexes(sinus(Entry.LEFT_BUNDLE)):
        late = slice(2 * qrs["V1"].size // 3, None)
        assert qrs["V1"][late].max() > 0.25  # R'
        assert qrs["V6"][late].min() < -0.15  # a wide S
        assert qrs["I"][late].min() < 0.0
        first = qrs["V1"][: qrs["V1"].size // 3]
        assert first.max() > 0.03  # r


def test_left_bundle_branch_block_runs_left_and_back_all_the_time() -> None:
    for qrs in complexes(sinus(Entry.RIGHT_BUNDLE)):
        assert qrs["V1"].min() < -0.5
        assert qrs["V1"].max() < 0.35 * -qrs["V1"].min()
        assert qrs["V6"].max() > 0.3
        assert qrs["V6"].min() > -0.1 * qrs["V6"].max()  # neither q nor S
        assert qrs["I"].max() > 3.0 * -qrs["I"].min()


def test_a_beat_from_the_right_looks_like_left_bundle_branch_block_and_the_reverse() -> None:
    assert (
        share([qrs["V1"].max() < -qrs["V1"].min() for qrs in complexes(from_site(RIGHT_VENTRICLE))])
        == 1.0
    )
    assert (
        share([qrs["V1"].max() > -qrs["V1"].min() for qrs in complexes(from_site(LEFT_VENTRICLE))])
        == 1.0
    )


def test_a_beat_from_the_apex_runs_up() -> None:
    for qrs in complexes(from_site(RIGHT_APEX)):
        for lead in ("II", "III", "aVF"):
            assert -qrs[lead].min() > qrs[lead].max()


@pytest.mark.parametrize(
    ("activity", "low_s", "high_s"),
    [
        (sinus(), 0.070, 0.113),
        (sinus(Entry.LEFT_BUNDLE), 0.12, 0.165),
        (sinus(Entry.RIGHT_BUNDLE), 0.12, 0.175),
        (from_site(RIGHT_VENTRICLE), 0.12, 0.19),
        (from_site(LEFT_VENTRICLE, slowness=1.2), 0.15, 0.23),
        (sinus(site=unit(0.6, -0.6, 0.5), share=0.3, pr_s=0.1), 0.095, 0.15),
        (sinus(site=unit(0.6, -0.6, 0.5), share=0.6, pr_s=0.1), 0.12, 0.17),
    ],
)
def test_complexes_are_as_wide_as_their_way_makes_them(
    activity: Activity, low_s: float, high_s: float
) -> None:
    onsets_s = np.array([one.at_s for one in activity.ventricles])
    for seed in range(200):
        lasts_s = drawn(activity, seed, leads=II, seconds=0.1)[1].qrs_end_s - onsets_s
        assert low_s <= lasts_s.min()
        assert lasts_s.max() <= high_s


def test_pre_excitation_begins_slowly_from_its_site() -> None:
    """A pathway on the left: the wave begins towards the right and the front, upright in V1."""
    for qrs in complexes(sinus(site=unit(0.7, -0.4, 0.55), share=0.4, pr_s=0.1)):
        begins = qrs["V1"][: round(0.032 * FS)]
        assert begins[-1] > 0.1
        assert (np.diff(begins) > -0.02).all()


def test_a_newborns_heart_leans_to_the_right() -> None:
    seen = [
        beat(sinus(rr_s=0.45, pr_s=0.1), drawn(sinus(rr_s=0.45, pr_s=0.1), seed, age=0.02)[1])
        for seed in SEEDS
    ]
    assert share([qrs["V1"].max() > -qrs["V1"].min() for qrs in seen]) > 0.9
    assert share([-qrs["I"].min() > qrs["I"].max() for qrs in seen]) > 0.8
    assert share([qrs["aVF"].max() > -qrs["aVF"].min() for qrs in seen]) > 0.9


def test_lead_ii_sees_every_conducted_complex_well() -> None:
    for entry in (Entry.BOTH_BUNDLES, Entry.LEFT_BUNDLE, Entry.RIGHT_BUNDLE):
        heights = [np.ptp(qrs["II"]) for qrs in complexes(sinus(entry))]
        assert min(heights) > 0.45


def test_a_beat_from_a_site_has_a_steep_limb() -> None:
    """In recordings its steepest millivolt takes some 23 ms, that of a narrow complex 16 ms."""
    steepness = [
        np.abs(np.diff(qrs["II"])).max() * FS / np.ptp(qrs["II"])
        for qrs in complexes(from_site(RIGHT_APEX))
    ]
    assert 28.0 < np.median(steepness) < 55.0


def test_ventricular_flutter_stays_on_the_paper() -> None:
    heights = [
        np.ptp(drawn(from_site(RIGHT_APEX, rr_s=0.22), seed, leads=II)[1].signal) for seed in SEEDS
    ]
    assert np.median(heights) < 2.6
    assert np.percentile(heights, 90) < 4.0

"""Blocks between atria and ventricles, which follow from the parts."""

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from rhythmtrainer.simulate.rhythms import ages
from tests.simulate.rhythms.hearts import FEW, SEEDS, whole, windows

BLOCKS = [
    RhythmId.AVB2_TYPE1,
    RhythmId.AVB2_TYPE2,
    RhythmId.AVB2_2TO1,
    RhythmId.AVB_HIGH_GRADE,
    RhythmId.AVB3,
]


@pytest.mark.parametrize("rhythm", [*BLOCKS, RhythmId.AVB1])
def test_p_waves_march_whatever_becomes_of_them(rhythm: RhythmId) -> None:
    for window in windows(rhythm):
        assert np.ptp(window.pp_s) < 0.12
        assert (window.p_beginning == Beginning.SINUS).all()
        assert 50.0 <= 60.0 / window.pp_s.mean() <= 100.0


@pytest.mark.parametrize("age", [None, 0.5, 4.0, 12.0])
def test_first_degree_block_conducts_all_with_a_pr_above_what_is_in_order(
    age: float | None,
) -> None:
    longest = 0.20 if age is None else ages.pr_s(age)[1]
    for window in windows(RhythmId.AVB1, age=age):
        assert window.conducted[:-1].all()
        assert window.pr_s.min() > longest
        assert np.ptp(window.pr_s) < 0.03


@pytest.mark.parametrize("age", [None, 3.0])
@pytest.mark.parametrize("ratio", ["3:2", "4:3", "5:4", "6:5"])
def test_a_node_that_tires_drops_every_so_many_waves(ratio: str, age: float | None) -> None:
    conducted = int(ratio[-1])
    for seed in FEW:
        window = whole(RhythmId.AVB2_TYPE1, seed, age=age, ratio=ratio)
        assert set(window.runs_conducted()) == {conducted}


def test_pr_grows_until_a_wave_is_dropped_and_is_shortest_after() -> None:
    for window in windows(RhythmId.AVB2_TYPE1):
        in_a_row = np.diff(window.causes) == 1
        growth = np.diff(window.pr_s)
        assert (growth[in_a_row] > 0.005).all()
        assert (growth[~in_a_row] < -0.05).all()


def test_a_pause_of_type_one_is_shorter_than_two_intervals() -> None:
    for window in windows(RhythmId.AVB2_TYPE1):
        assert window.rr_s.max() < 2.0 * window.rr_s.min()


@pytest.mark.parametrize("ratio", ["3:2", "4:3", "5:4"])
def test_type_two_drops_one_wave_of_so_many_at_the_same_pr(ratio: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.AVB2_TYPE2, seed, ratio=ratio)
        assert set(window.runs_conducted()) == {int(ratio[-1])}
        assert np.ptp(window.pr_s) < 0.03
        pause = window.rr_s.max() / np.median(window.pp_s)
        assert pause == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(("qrs", "wide"), [("narrow", False), ("lbbb", True), ("rbbb", True)])
def test_type_two_is_as_wide_as_asked_for(qrs: str, wide: bool) -> None:  # noqa: FBT001 - a case
    widths = whole(RhythmId.AVB2_TYPE2, 2, qrs=qrs).qrs_width_s
    assert ((widths >= 0.12) == wide).all()


@pytest.mark.parametrize("age", [None, 1.0])
@pytest.mark.parametrize("level", ["nodal", "infranodal"])
def test_two_to_one_conducts_every_second_wave(level: str, age: float | None) -> None:
    for seed in FEW:
        window = whole(RhythmId.AVB2_2TO1, seed, age=age, level=level)
        assert set(np.diff(window.causes)) == {2}
        assert np.ptp(window.pr_s) < 0.03
        assert ((window.qrs_width_s >= 0.12) == (level == "infranodal")).all() or age is not None


def test_two_to_one_is_slow_and_regular() -> None:
    for window in windows(RhythmId.AVB2_2TO1):
        assert 30.0 <= window.rate <= 60.0
        assert np.ptp(window.rr_s) < 0.12


@pytest.mark.parametrize("ratio", ["3:1", "4:1"])
def test_high_grade_block_conducts_one_of_so_many(ratio: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.AVB_HIGH_GRADE, seed, ratio=ratio)
        assert set(np.diff(window.causes)) == {int(ratio[0])}


@pytest.mark.parametrize("ratio", ["mixed", "escapes"])
def test_uneven_high_grade_block_has_two_blocked_waves_in_a_row_and_some_conducted(
    ratio: str,
) -> None:
    for window in windows(RhythmId.AVB_HIGH_GRADE, ratio=ratio):
        assert 20.0 <= window.rate <= 50.0
        conducted = window.causes[window.causes >= 0]
        assert conducted.size >= 1
        assert (np.diff(conducted) >= 3).all()


def test_an_escape_is_heard_in_the_long_pauses_only() -> None:
    heard = [whole(RhythmId.AVB_HIGH_GRADE, seed, ratio="escapes").qrs_beginning for seed in SEEDS]
    assert all((beginning == Beginning.SINUS).any() for beginning in heard)
    assert np.mean([(beginning == Beginning.VENTRICLES).any() for beginning in heard]) > 0.6


@pytest.mark.parametrize(
    ("escape", "beginning", "low", "high"),
    [
        ("junctional", Beginning.JUNCTION, 40.0, 60.0),
        ("ventricular", Beginning.VENTRICLES, 20.0, 40.0),
    ],
)
def test_complete_block_conducts_nothing_and_an_escape_leads(
    escape: str, beginning: Beginning, low: float, high: float
) -> None:
    for window in windows(RhythmId.AVB3, escape=escape):
        assert (window.causes == -1).all()
        assert (window.qrs_beginning == beginning).all()
        assert low <= window.rate <= high
        assert np.ptp(window.rr_s) < 0.12
        assert window.pp_s.mean() < window.rr_s.mean()


def test_in_complete_block_p_waves_march_through() -> None:
    for seed in SEEDS:
        window = whole(RhythmId.AVB3, seed)
        places = [(qrs - window.p_s[window.p_s < qrs][-1]) for qrs in window.qrs_s[2:]]
        assert np.ptp(places) > 0.25

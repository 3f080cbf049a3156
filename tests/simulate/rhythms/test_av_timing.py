"""What a preset finds out beforehand about an AV node, by the node's own equation."""

import pytest

from rhythmtrainer.simulate.heart.parts import BLOCKED, Atria, AvNode, HisPurkinje
from rhythmtrainer.simulate.rhythms.av_timing import (
    brisk_node,
    conducts_all,
    conducts_on_average,
    conducts_one_in,
    his_for,
    node_delay_s,
    node_with_pr,
    tires_after,
    wait_for_wave_s,
    with_branch_blocked,
)

OUTSIDE_S = Atria().to_node_s + HisPurkinje().delay_s


@pytest.mark.parametrize("every_s", [0.3, 0.5, 0.8, 1.3])
@pytest.mark.parametrize("pr_s", [0.1, 0.16, 0.26])
def test_a_node_gives_the_pr_that_it_was_made_for(pr_s: float, every_s: float) -> None:
    node = node_with_pr(AvNode(), pr_s, every_s)
    delay = pr_s - OUTSIDE_S
    assert node_delay_s(node, every_s - delay) == pytest.approx(delay)


def test_what_comes_early_is_delayed_more() -> None:
    node = AvNode()
    assert node_delay_s(node, 0.1) > node_delay_s(node, 0.3) > node_delay_s(node, 1.0)
    assert node_delay_s(node, 0.3, fatigue_s=0.05) == node_delay_s(node, 0.3) + 0.05


@pytest.mark.parametrize("every_s", [0.25, 0.4, 0.8])
def test_a_node_that_conducts_all_is_ready_for_each_wave(every_s: float) -> None:
    node = conducts_all(brisk_node(every_s), every_s)
    delay = node_delay_s(node, every_s - node.delay_s)
    assert 0.0 < node.refractory_s < every_s - delay


@pytest.mark.parametrize("waves", [2, 3, 4])
def test_a_node_that_conducts_one_in_some_is_ready_for_that_one_only(waves: int) -> None:
    node = conducts_one_in(AvNode(), waves, 0.7)
    delay = node_delay_s(node, waves * 0.7 - node.delay_s)
    assert (waves - 1) * 0.7 < delay + node.refractory_s < waves * 0.7


@pytest.mark.parametrize("conducted", [2, 3, 4, 5])
@pytest.mark.parametrize("every_s", [0.6, 0.75, 0.95])
def test_a_tiring_node_blocks_the_wave_behind_so_many(conducted: int, every_s: float) -> None:
    node = tires_after(AvNode(fatigue_s=0.06, fatigue_fades=0.75), conducted, every_s)
    passed, rest, tired = [], 2.0 * every_s, 0.0
    for beat in range(conducted + 1):
        passed.append(rest >= node.refractory_s + tired)
        delay = node_delay_s(node, rest, tired)
        tired += node.fatigue_s * node.fatigue_fades**beat
        rest = every_s - delay
    assert passed == [*[True] * conducted, False]


def test_a_node_that_does_not_tire_is_refused() -> None:
    with pytest.raises(ValueError, match="one wave in 5"):
        tires_after(AvNode(decrement_s=0.0), 4, 0.75)


def test_the_faster_the_ventricles_the_sooner_the_node_is_ready() -> None:
    node = AvNode(concealed_s=0.05)
    periods = [conducts_on_average(node, 60.0 / rate, 6.5).refractory_s for rate in (70, 100, 150)]
    assert periods == sorted(periods, reverse=True)
    assert min(periods) > 0.0
    assert 0.5 / 6.5 < wait_for_wave_s(6.5) < 1.0 / 6.5


def test_branches_are_ready_in_time_and_one_may_be_blocked() -> None:
    his = his_for(0.3)
    assert max(his.refractory_s, his.right_refractory_s, his.left_refractory_s) < 0.3
    assert with_branch_blocked("lbbb").left_refractory_s == BLOCKED
    assert with_branch_blocked("rbbb").right_refractory_s == BLOCKED
    assert with_branch_blocked("rbbb").left_refractory_s < BLOCKED

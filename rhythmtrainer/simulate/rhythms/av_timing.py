"""What an AV node must be like to conduct as is asked: its own equation, solved beforehand.

Nothing here plays a part while the heart beats. A preset asks for a PR interval or for a ratio; the
delay or the refractory period that leads to it is found here, and the rest is up to the node.
"""

from dataclasses import replace
from itertools import accumulate
from math import exp
from typing import Final

from rhythmtrainer.simulate.heart.parts import BLOCKED, EVENNESS, Atria, AvNode, HisPurkinje

NOTHING_PASSES: Final = AvNode(refractory_s=BLOCKED)
"""An AV node that conducts no wave, up or down."""

_BEATS_TO_SETTLE: Final = 12
_LEAST_S: Final = 0.05
_USUAL_INTERVAL_S: Final = 0.75


def his_for(shortest_s: float) -> HisPurkinje:
    """Return a bundle of His with branches that are ready again for waves in an interval."""
    refractory = min(HisPurkinje().refractory_s, 0.7 * shortest_s)
    return HisPurkinje(
        refractory_s=refractory, right_refractory_s=refractory, left_refractory_s=refractory
    )


def with_branch_blocked(which: str) -> HisPurkinje:
    """Return a bundle of His with one branch that conducts nothing: "lbbb" or "rbbb"."""
    if which == "lbbb":
        return HisPurkinje(left_refractory_s=BLOCKED)
    return HisPurkinje(right_refractory_s=BLOCKED)


def brisk_node(every_s: float) -> AvNode:
    """Return an AV node that recovers as fast as waves in an interval need: a child's."""
    usual = AvNode()
    return replace(usual, recovery_s=usual.recovery_s * min(every_s / _USUAL_INTERVAL_S, 1.0))


def node_delay_s(node: AvNode, rest_s: float, fatigue_s: float = 0.0) -> float:
    """Return the delay of a wave after a rest."""
    return node.delay_s + node.decrement_s * exp(-max(rest_s, 0.0) / node.recovery_s) + fatigue_s


def node_with_pr(
    node: AvNode,
    pr_s: float,
    every_s: float,
    *,
    to_node_s: float = Atria().to_node_s,
    his_delay_s: float = HisPurkinje().delay_s,
) -> AvNode:
    """Return the node with the delay that makes a PR interval.

    Parameters
    ----------
    pr_s, every_s
        The PR interval of waves that all are conducted and come in this interval.
    to_node_s, his_delay_s
        From the atria to the node, and from there to the ventricles.
    """
    whole = pr_s - to_node_s - his_delay_s
    rest = every_s - whole
    return replace(node, delay_s=whole - node.decrement_s * exp(-rest / node.recovery_s))


def conducts_all(node: AvNode, every_s: float) -> AvNode:
    """Return the node with a refractory period that lets waves in this interval pass."""
    rest = every_s - _settled_delay_s(node, every_s)
    return replace(node, refractory_s=min(node.refractory_s, max(0.7 * rest, _LEAST_S)))


def conducts_one_in(node: AvNode, waves: float, every_s: float) -> AvNode:
    """Return the node with a refractory period that lets one in so many waves pass.

    A whole number stands in the middle of all periods that lead to it.
    """
    delay = _settled_delay_s(node, waves * every_s)
    return replace(node, refractory_s=(waves - 0.5) * every_s - delay)


def wait_for_wave_s(frequency_hz: float) -> float:
    """Return how long what is ready waits for the next wave of fibrillation, on the average.

    That is half of the interval between waves, and more because long ones are met more often.
    """
    return 0.5 / frequency_hz * (1.0 + 1.0 / EVENNESS)


def conducts_on_average(node: AvNode, every_s: float, frequency_hz: float) -> AvNode:
    """Return the node with a refractory period that makes RR intervals in fibrillation.

    A wave conducted, the node is not ready for its refractory period and for what the waves that
    die in it meanwhile add; then it waits for the next, which it delays.

    Parameters
    ----------
    every_s
        The mean of the RR intervals.
    frequency_hz
        Of the waves that reach the node.
    """
    rest = every_s - node.delay_s
    waiting = wait_for_wave_s(frequency_hz) + node_delay_s(node, rest)
    added = 0.5 * frequency_hz * node.concealed_s
    return replace(node, refractory_s=max(every_s - waiting, _LEAST_S) * (1.0 - added))


def tires_after(node: AvNode, conducted: int, every_s: float) -> AvNode:
    """Return the node with a refractory period that blocks the wave behind so many conducted ones.

    Parameters
    ----------
    node
        One that tires, or is not at rest again when the next wave comes.
    conducted
        Waves that pass in a row.
    every_s
        The interval between waves.

    Raises
    ------
    ValueError
        If the node does not tire enough in this interval to block one.
    """
    steps = (node.fatigue_s * node.fatigue_fades**beat for beat in range(conducted))
    tired = [0.0, *accumulate(steps)]
    margins = [0.0] * conducted
    rest = 2.0 * every_s - node.delay_s
    for _ in range(_BEATS_TO_SETTLE):
        for beat in range(conducted):
            delay = node_delay_s(node, rest, tired[beat])
            rest = every_s - delay
            margins[beat] = rest - tired[beat + 1]
        rest += every_s
    last, before = margins[-1], min(margins[:-1])
    if not 0.0 < last < before:
        raise ValueError(f"A node of this kind cannot block one wave in {conducted + 1}.")
    return replace(node, refractory_s=(last + before) / 2.0)


def _settled_delay_s(node: AvNode, every_s: float) -> float:
    delay = node.delay_s
    for _ in range(_BEATS_TO_SETTLE):
        delay = node_delay_s(node, every_s - delay)
    return delay

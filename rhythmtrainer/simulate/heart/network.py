"""How activations travel: from chamber to chamber, as far as each part is ready to take them.

Nothing here knows of rhythms. A P wave that finds the AV node tired is dropped, a wave that finds a
second way back goes round, a beat from the ventricles meets the one from above: each follows from
when a part was used last. Times are seconds from the strip's first sample.
"""

from collections.abc import Callable
from math import exp, inf, sqrt
from typing import Final

import numpy as np

from rhythmtrainer.model import Beginning, Entry
from rhythmtrainer.simulate.heart.activity import (
    UNCAUSED,
    Activity,
    AtrialBeat,
    Vector,
    VentricularBeat,
)
from rhythmtrainer.simulate.heart.chance import count, left_of
from rhythmtrainer.simulate.heart.parts import (
    FROM_BELOW,
    AvNode,
    Chamber,
    Heart,
)
from rhythmtrainer.simulate.heart.schedule import Schedule

SPREAD_S: Final = 0.12
"""A wave that begins in the muscle has reached all of the ventricles after so long."""

# A wave that comes when so much of the muscle has been activated changes nothing that can be seen.
_LAST_TO_FUSE: Final = 0.85
# Nobody would say of what has so much been activated that it was conducted.
_LAST_TO_LEAD: Final = 0.7
_TO_HIS_S: Final = 0.08  # from the muscle of the ventricles back to the bundle of His
_LEAST_REFRACTORY_S: Final = 0.16
_NODE_JITTER_S: Final = 0.002
_EVEN: Final = sqrt(3.0)  # half of the range of what is evenly spread with a deviation of 1
_LONG_AGO_S: Final = -60.0

Listener = Callable[[float, Chamber, Beginning], None]
"""Hears when a chamber was activated, and where that began."""


class Network:
    """The ways between the chambers, and when each was used last.

    Parameters
    ----------
    hears
        Told of every activation: pacemakers begin anew, devices sense it.
    """

    def __init__(
        self,
        schedule: Schedule,
        activity: Activity,
        hears: Listener,
        rng: np.random.Generator,
        spread_s: float = SPREAD_S,
    ) -> None:
        self.heart = Heart()
        self._schedule = schedule
        self._activity = activity
        self._hears = hears
        self._rng = rng
        self._spread_s = spread_s
        self._atria_s = _LONG_AGO_S
        self._node_left_s = _LONG_AGO_S
        self._node_ready_s = _LONG_AGO_S
        self._slow_ready_s = _LONG_AGO_S
        self._fatigue_s = self._tires_by_s = 0.0
        self._his_ready_s = _LONG_AGO_S
        self._right_ready_s = self._left_ready_s = _LONG_AGO_S
        self._his_fails_in = 0
        self._strand_ready_s = _LONG_AGO_S
        self._ventricles_s = _LONG_AGO_S
        self._ventricles_ready_s = _LONG_AGO_S

    def become(self, heart: Heart, at_s: float) -> None:
        """Let the parts be others from now on; what is on its way goes on."""
        # The last wave of fibrillation.
        if self.heart.atria.fibrillation is not None:
            self._atria_s = at_s
        if self.heart.ventricles.fibrillation is not None:
            self._ventricles_s = at_s
        self.heart = heart
        self._node_ready_s = _mended(self._node_ready_s, heart.node.refractory_s, at_s)
        self._his_ready_s = _mended(self._his_ready_s, heart.his.refractory_s, at_s)
        self._right_ready_s = _mended(self._right_ready_s, heart.his.right_refractory_s, at_s)
        self._left_ready_s = _mended(self._left_ready_s, heart.his.left_refractory_s, at_s)
        self._rest_node()
        self._his_fails_in = left_of(heart.his.fails_every, self._rng)

    def tire_fast_pathway(self, until_s: float) -> None:
        """Leave the AV node only its slow pathway until a time."""
        self._node_ready_s = max(self._node_ready_s, until_s)

    def last_of(self, chamber: Chamber) -> float:
        """Return when a chamber was activated last."""
        return self._atria_s if chamber is Chamber.ATRIA else self._ventricles_s

    # The atria

    def activate_atria(self, at_s: float, beginning: Beginning, site: Vector) -> bool:
        """Activate the atria from a site, if they are ready; return whether they were."""
        if not self._take_atria(at_s, beginning, site, retrograde=False):
            return False
        cause = len(self._activity.atria) - 1
        arrives_s = at_s + self.heart.atria.to_node_from(site)
        self._schedule.at(arrives_s, self.reach_node, beginning, cause)
        self.reach_strand(at_s, beginning, cause)
        return True

    def _take_atria(
        self, at_s: float, beginning: Beginning, site: Vector, *, retrograde: bool
    ) -> bool:
        atria = self.heart.atria
        if atria.fibrillation is not None or at_s - self._atria_s < atria.refractory_s:
            return False
        self._atria_s = at_s
        self._activity.atria.append(AtrialBeat(at_s, beginning, site, retrograde))
        self._hears(at_s, Chamber.ATRIA, beginning)
        return True

    def _atria_from_node(self, at_s: float, beginning: Beginning) -> None:
        if not self._take_atria(at_s, beginning, FROM_BELOW, retrograde=True):
            return
        if self.heart.node.slow is not None:
            # It turns round beside the node, and the way down that is left is the slow one.
            arrives_s = at_s + self.heart.atria.to_node_s
            cause = len(self._activity.atria) - 1
            self._schedule.at(arrives_s, self.reach_node, beginning, cause)

    def _atria_from_strand(self, at_s: float, beginning: Beginning) -> None:
        if self._take_atria(at_s, beginning, FROM_BELOW, retrograde=True):
            arrives_s = at_s + self.heart.atria.to_node_s
            cause = len(self._activity.atria) - 1
            # Whatever the wave came from, it is the atria now that lead.
            self._schedule.at(arrives_s, self.reach_node, Beginning.ATRIA, cause)

    # The AV node

    def reach_node(self, at_s: float, beginning: Beginning, cause: int) -> None:
        """Let a wave from the atria try the AV node."""
        node = self.heart.node
        if at_s >= self._node_ready_s:
            rest_s = max(at_s - self._node_left_s, 0.0)
            delay_s = node.delay_s + node.decrement_s * exp(-rest_s / node.recovery_s)
            delay_s += _NODE_JITTER_S * self._rng.standard_normal()
            leaves_s = at_s + delay_s + self._fatigue_s
            self._fatigue_s += self._tires_by_s
            self._tires_by_s *= node.fatigue_fades
            self._leave_node(leaves_s, node)
            self._schedule.at(leaves_s, self._reach_his, beginning, cause, False)  # noqa: FBT003
        elif node.slow is not None and at_s >= self._slow_ready_s:
            self._slow_ready_s = at_s + node.slow.refractory_s
            jitter_s = _NODE_JITTER_S * self._rng.standard_normal()
            leaves_s = at_s + node.slow.delay_s + jitter_s
            self._schedule.at(leaves_s, self._reach_his, beginning, cause, True)  # noqa: FBT003
        else:
            self._rest_node()
            if node.concealed_s:
                self._node_ready_s += node.concealed_s * self._rng.random()

    def _leave_node(self, at_s: float, node: AvNode) -> None:
        refractory_s = node.refractory_s + self._fatigue_s
        self._node_left_s = at_s
        self._node_ready_s = at_s + self._varied(refractory_s, node.refractory_spread)

    def _varied(self, refractory_s: float, spread: float) -> float:
        """Draw a refractory period, all within a range as likely; its spread is a deviation."""
        if not spread:
            return refractory_s
        return refractory_s * (1.0 + spread * _EVEN * (2.0 * self._rng.random() - 1.0))

    def _rest_node(self) -> None:
        self._fatigue_s, self._tires_by_s = 0.0, self.heart.node.fatigue_s

    def _node_backward(self, at_s: float, beginning: Beginning) -> None:
        """Let a wave from below try the AV node: it comes through, dies inside, or is refused."""
        node = self.heart.node
        if at_s < self._node_ready_s:
            return
        if node.backward_s is None:
            self._leave_node(at_s, node)
        else:
            self._leave_node(at_s + node.backward_s, node)
            self._schedule.at(at_s + node.backward_s, self._atria_from_node, beginning)

    # The bundle of His and its branches

    def activate_junction(self, at_s: float) -> None:
        """Let the junction fire."""
        self._take_his(at_s, Beginning.JUNCTION, UNCAUSED, backward=True)

    def _reach_his(self, at_s: float, beginning: Beginning, cause: int, slow: bool) -> None:  # noqa: FBT001 - handed on by the schedule
        self._take_his(at_s, beginning, cause, backward=slow)

    def _take_his(self, at_s: float, beginning: Beginning, cause: int, *, backward: bool) -> None:
        his = self.heart.his
        if at_s < self._his_ready_s:
            return
        self._his_fails_in -= 1
        if self._his_fails_in == 0:
            self._his_fails_in = count(his.fails_every, self._rng)
            return
        self._his_ready_s = at_s + his.refractory_s
        self._hears(at_s, Chamber.JUNCTION, beginning)
        if backward:
            self._node_backward(at_s, Beginning.JUNCTION)
        right, left = at_s >= self._right_ready_s, at_s >= self._left_ready_s
        if right:
            self._right_ready_s = at_s + his.right_refractory_s
        if left:
            self._left_ready_s = at_s + his.left_refractory_s
        entry = _ENTRIES.get((right, left))
        if entry is not None:
            self._schedule.at(at_s + his.delay_s, self._conducted, beginning, entry, cause)

    def _his_backward(self, at_s: float) -> None:
        if at_s >= self._his_ready_s:
            self._his_ready_s = at_s + self.heart.his.refractory_s
            self._hears(at_s, Chamber.JUNCTION, Beginning.VENTRICLES)
            self._node_backward(at_s, Beginning.VENTRICLES)

    # The accessory pathway

    def reach_strand(self, at_s: float, beginning: Beginning, cause: int) -> None:
        """Let a wave from the atria try the accessory pathway, if there is one."""
        strand = self.heart.accessory
        if strand is None or strand.delay_s is None or at_s < self._strand_ready_s:
            return
        self._strand_ready_s = at_s + self._varied(strand.refractory_s, strand.refractory_spread)
        self._schedule.at(at_s + strand.delay_s, self._preexcited, beginning, strand.site, cause)

    def _preexcited(self, at_s: float, beginning: Beginning, site: Vector, cause: int) -> None:
        if at_s >= self._ventricles_ready_s:
            beat = VentricularBeat(at_s, beginning, Entry.SITE, site, share=1.0, cause=cause)
            self._take_ventricles(beat)
            self._schedule.at(at_s + _TO_HIS_S, self._his_backward)

    # The ventricles

    def _conducted(self, at_s: float, beginning: Beginning, entry: Entry, cause: int) -> None:
        since_s = at_s - self._ventricles_s
        if at_s >= self._ventricles_ready_s:
            if self.heart.ventricles.fibrillation is None:
                self._take_ventricles(VentricularBeat(at_s, beginning, entry, cause=cause))
                self._strand_backward(at_s)
            return
        met, share = self._activity.ventricles[-1], since_s / self._spread_s
        if met.entry is Entry.SITE and share < _LAST_TO_FUSE:
            led_by = cause if share < _LAST_TO_LEAD else met.cause
            self._activity.ventricles[-1] = met._replace(entry=entry, share=share, cause=led_by)

    def activate_ventricles(
        self, at_s: float, beginning: Beginning, site: Vector, slowness: float, size: float
    ) -> bool:
        """Activate the ventricles from a site, if they are ready; return whether they were."""
        if at_s < self._ventricles_ready_s or self.heart.ventricles.fibrillation is not None:
            return False
        self._take_ventricles(
            VentricularBeat(at_s, beginning, Entry.SITE, site, 1.0, slowness, size)
        )
        self._schedule.at(at_s + _TO_HIS_S, self._his_backward)
        self._strand_backward(at_s)
        return True

    def _take_ventricles(self, beat: VentricularBeat) -> None:
        muscle = self.heart.ventricles
        recovers_s = muscle.refractory_share * (beat.at_s - self._ventricles_s)
        recovers_s = max(min(muscle.refractory_s, recovers_s), _LEAST_REFRACTORY_S)
        self._ventricles_s = beat.at_s
        self._ventricles_ready_s = beat.at_s + recovers_s
        self._activity.ventricles.append(beat)
        self._hears(beat.at_s, Chamber.VENTRICLES, beat.beginning)

    def _strand_backward(self, at_s: float) -> None:
        strand = self.heart.accessory
        if strand is not None and strand.backward_s is not None:
            arrives_s = at_s + strand.backward_s
            self._schedule.at(arrives_s, self._atria_from_strand, Beginning.VENTRICLES)


_ENTRIES: Final = {
    (True, True): Entry.BOTH_BUNDLES,
    (False, True): Entry.LEFT_BUNDLE,
    (True, False): Entry.RIGHT_BUNDLE,
}


def _mended(ready_s: float, refractory_s: float, at_s: float) -> float:
    """Return when a part is ready that may have stopped conducting, or begun to again."""
    if refractory_s == inf:
        return inf
    return at_s if ready_s == inf else ready_s

"""What fires by itself: the sinus node, foci, circuits, and atria that fibrillate."""

from typing import Final

import numpy as np

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.heart.activity import UNCAUSED
from rhythmtrainer.simulate.heart.chance import count, dealt, left_of, uneven
from rhythmtrainer.simulate.heart.firing import BEGINNINGS, Drift, Firing, Run, first_s
from rhythmtrainer.simulate.heart.network import Network
from rhythmtrainer.simulate.heart.parts import (
    EVENNESS,
    HIGH_RIGHT,
    Chamber,
    Circuit,
    Fibrillation,
    Focus,
    SinusNode,
)
from rhythmtrainer.simulate.heart.schedule import Alarm, Schedule
from rhythmtrainer.simulate.heart.sinus import SinusIntervals

_IMPULSES_DRAWN: Final = 256


class Sinus:
    """The sinus node; waves of others reset it."""

    def __init__(
        self,
        node: SinusNode,
        network: Network,
        schedule: Schedule,
        intervals: SinusIntervals,
        rng: np.random.Generator,
    ) -> None:
        self._node = node
        self._network = network
        self._intervals = intervals
        self._rng = rng
        self._alarm = Alarm(schedule, self._fire)
        self._until_block = left_of(node.exit_block_every, rng)
        self._until_pause = left_of(node.pause_every, rng)

    def start(self, at_s: float) -> None:
        """Begin where the atria were activated last."""
        interval_s = self._intervals.after(at_s, self._node)
        last_s = self._network.last_of(Chamber.ATRIA)
        self._alarm.set(first_s(at_s, last_s, interval_s, self._rng))

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Begin anew when the atria were activated from elsewhere."""
        if chamber is Chamber.ATRIA and beginning is not Beginning.SINUS:
            self._alarm.set(at_s + self._intervals.after(at_s, self._node))

    def stop(self) -> None:
        """Fire no more."""
        self._alarm.stop()

    def _fire(self, at_s: float) -> None:
        node = self._node
        next_s = at_s + self._intervals.after(at_s, node)
        self._until_pause -= 1
        if self._until_pause == 0:
            self._until_pause = count(node.pause_every, self._rng)
            next_s = at_s + self._rng.uniform(*node.pause_s)
        self._alarm.set(next_s)
        self._until_block -= 1
        if self._until_block == 0:
            self._until_block = count(node.exit_block_every, self._rng)
        else:
            self._network.activate_atria(at_s, Beginning.SINUS, HIGH_RIGHT)


class AutomaticFocus:
    """A focus that keeps its own time."""

    def __init__(
        self, focus: Focus, network: Network, schedule: Schedule, rng: np.random.Generator
    ) -> None:
        self._focus = focus
        self._network = network
        self._rng = rng
        self._sites = dealt(focus.sites, rng)
        self._firing = Firing(focus.chamber, network, focus.slowness, focus.size)
        self._alarm = Alarm(schedule, self._fire)

    def start(self, at_s: float) -> None:
        """Begin where the chamber was activated last."""
        last_s = self._network.last_of(self._focus.chamber)
        self._alarm.set(first_s(at_s, last_s, self._interval(), self._rng))

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Begin anew with every activation of the chamber, if nothing protects the focus."""
        del beginning
        if chamber is self._focus.chamber and not self._focus.protected:
            self._alarm.set(at_s + self._interval())

    def stop(self) -> None:
        """Fire no more."""
        self._alarm.stop()

    def _interval(self) -> float:
        return uneven(60.0 / self._focus.rate, self._focus.irregularity, self._rng)

    def _fire(self, at_s: float) -> None:
        self._alarm.set(at_s + self._interval())
        self._firing.fire(at_s, next(self._sites), BEGINNINGS[self._focus.chamber])


class RunningCircuit:
    """A wave that runs round and round."""

    def __init__(
        self, circuit: Circuit, network: Network, schedule: Schedule, rng: np.random.Generator
    ) -> None:
        self._circuit = circuit
        self._rng = rng
        self._firing = Firing(circuit.chamber, network, circuit.slowness, 1.0)
        self._alarm = Alarm(schedule, self._fire)
        self._run = Run(circuit.site, circuit.wander, circuit.twist_s, 0.0, rng)
        self._drift = Drift(circuit.drift, rng)

    def start(self, at_s: float) -> None:
        """Reach the rest of the chamber soon."""
        self._alarm.set(at_s + 60.0 / self._circuit.rate * self._rng.random())

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Run on, whatever happens."""

    def stop(self) -> None:
        """Run no more."""
        self._alarm.stop()

    def _fire(self, at_s: float) -> None:
        circuit = self._circuit
        usual_s = 60.0 / circuit.rate * self._drift.next()
        interval_s = uneven(usual_s, circuit.irregularity, self._rng)
        self._alarm.set(at_s + interval_s)
        beginning = Beginning.FLUTTER if circuit.chamber is Chamber.ATRIA else Beginning.VENTRICLES
        self._firing.fire(at_s, self._run.at(at_s), beginning)


class FibrillatingAtria:
    """Waves that reach the AV node, and an accessory pathway, without order."""

    def __init__(
        self,
        fibrillation: Fibrillation,
        network: Network,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> None:
        self._mean_s = 1.0 / fibrillation.frequency_hz
        self._network = network
        self._rng = rng
        self._alarm = Alarm(schedule, self._fire)
        self._drawn: list[float] = []

    def start(self, at_s: float) -> None:
        """Begin."""
        self._alarm.set(at_s + self._interval())

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Go on, whatever happens."""

    def stop(self) -> None:
        """Send no more waves."""
        self._alarm.stop()

    def _interval(self) -> float:
        if not self._drawn:
            many = self._rng.gamma(EVENNESS, self._mean_s / EVENNESS, _IMPULSES_DRAWN)
            self._drawn = many.tolist()
        return self._drawn.pop()

    def _fire(self, at_s: float) -> None:
        self._alarm.set(at_s + self._interval())
        self._network.reach_node(at_s, Beginning.FIBRILLATION, UNCAUSED)
        self._network.reach_strand(at_s, Beginning.FIBRILLATION, UNCAUSED)

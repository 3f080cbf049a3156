"""What pacemakers of all kinds have in common: a place that fires, and when it does so next."""

from math import sqrt
from typing import Final, Protocol

import numpy as np

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.directions import full_turns, square_to, turned, wandered
from rhythmtrainer.simulate.heart.network import Network
from rhythmtrainer.simulate.heart.parts import Chamber

_DRIFT_KEPT: Final = 0.8  # of a drift from one interval to the next: half of it after three

_SILENT: Final = 2.0  # intervals

BEGINNINGS: Final = {
    Chamber.ATRIA: Beginning.ATRIA,
    Chamber.JUNCTION: Beginning.JUNCTION,
    Chamber.VENTRICLES: Beginning.VENTRICLES,
}


class Pacemaker(Protocol):
    """Something that fires by itself, and hears what others do."""

    def start(self, at_s: float) -> None:
        """Begin."""
        ...

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Take note that a chamber was activated."""
        ...

    def stop(self) -> None:
        """Fire no more."""
        ...


class Firing:
    """Lets a place in a chamber fire."""

    def __init__(self, chamber: Chamber, network: Network, slowness: float, size: float) -> None:
        self._chamber = chamber
        self._network = network
        self._slowness = slowness
        self._size = size

    def fire(self, at_s: float, site: Vector, beginning: Beginning) -> None:
        """Send a wave from a site, if the chamber is ready for one."""
        if self._chamber is Chamber.ATRIA:
            self._network.activate_atria(at_s, beginning, site)
        elif self._chamber is Chamber.JUNCTION:
            self._network.activate_junction(at_s)
        else:
            self._network.activate_ventricles(at_s, beginning, site, self._slowness, self._size)


class Run:
    """The sites of one beat after another, as they wander and turn."""

    def __init__(
        self, site: Vector, wander: float, twist_s: float, start_s: float, rng: np.random.Generator
    ) -> None:
        self._site = site
        self._wander = wander
        self._twist_s = twist_s
        self._start_s = start_s
        self._rng = rng
        self._axis = square_to(site, rng)

    def at(self, at_s: float) -> Vector:
        """Return the site of a beat at a time in seconds; ask once for each beat."""
        self._site = wandered(self._site, self._wander, self._rng)
        if not self._twist_s:
            return self._site
        return turned(self._site, self._axis, full_turns(at_s - self._start_s, self._twist_s))


class Drift:
    """By how much a pacemaker is slower than usual for a while: it wanders, and comes back.

    Parameters
    ----------
    spread
        Standard deviation, as a share of the usual interval.
    """

    def __init__(self, spread: float, rng: np.random.Generator) -> None:
        self._spread = spread
        self._rng = rng
        self._now = spread * float(rng.standard_normal()) if spread else 0.0

    def next(self) -> float:
        """Return the factor on the next interval; ask once for each."""
        if self._spread:
            step = sqrt(1.0 - _DRIFT_KEPT**2) * self._spread * float(self._rng.standard_normal())
            self._now = _DRIFT_KEPT * self._now + step
        return 1.0 + self._now


def first_s(at_s: float, last_s: float, interval_s: float, rng: np.random.Generator) -> float:
    """Return when a pacemaker that takes over fires first.

    It does so an interval after its chamber was activated last, or at once if that is over: so
    nobody sees where one rhythm ends and the next begins. Where the chamber has long been silent,
    it fires some time within an interval.

    Parameters
    ----------
    at_s, last_s
        When it takes over, and when the chamber was activated last.
    """
    since_s = at_s - last_s
    if since_s > _SILENT * interval_s:
        return at_s + interval_s * float(rng.random())
    return max(at_s, last_s + interval_s)

"""Early beats, singly and in runs: a focus that fires soon after some of the usual ones."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.chance import count, dealt, left_of, uneven
from rhythmtrainer.simulate.heart.firing import BEGINNINGS, Firing, Run
from rhythmtrainer.simulate.heart.network import Network
from rhythmtrainer.simulate.heart.parts import RUN_ON, Chamber, Ectopy
from rhythmtrainer.simulate.heart.schedule import Alarm, Schedule

_LONG_PAUSE: Final = 1.25  # as a share of the usual interval


class EarlyBeats:
    """A focus that fires soon after some of the usual beats."""

    def __init__(
        self,
        ectopy: Ectopy,
        usual_s: float,
        network: Network,
        schedule: Schedule,
        rng: np.random.Generator,
    ) -> None:
        self._ectopy = ectopy
        self._usual_s = usual_s
        self._rng = rng
        self._alarm = Alarm(schedule, self._fire)
        self._firing = Firing(ectopy.chamber, network, ectopy.slowness, 1.0)
        self._sites = dealt(tuple(_coupled(ectopy)), rng)
        # What begins to be seen has begun before, unless its beginning is what is to be seen.
        amid = ectopy.run != RUN_ON and not ectopy.after_pause
        self._until = (left_of if amid else count)(ectopy.every, rng)
        self._left = 0
        self._run: Run | None = None
        # A single early beat comes first where only a pause brings on a run.
        self._primed = not ectopy.after_pause
        self._last_s = -np.inf
        self._active = True

    def start(self, at_s: float) -> None:
        """Wait for usual beats."""

    def stop(self) -> None:
        """Fire no more."""
        self._active = False
        self._alarm.stop()

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Count the usual beats; after the last of them, fire early."""
        if chamber is not _COUNTED[self._ectopy.chamber] or self._left or not self._active:
            return
        interval_s, self._last_s = at_s - self._last_s, at_s
        if beginning is BEGINNINGS[self._ectopy.chamber]:
            return
        self._until -= 1
        paused = interval_s > _LONG_PAUSE * self._usual_s
        if self._ectopy.after_pause and self._primed:
            if paused:
                self._begin(at_s, self._ectopy.run)
        elif self._until <= 0:
            self._begin(at_s, self._ectopy.run if self._primed else (1, 1))
            self._primed = True

    def _begin(self, at_s: float, length: tuple[int, int]) -> None:
        ectopy = self._ectopy
        self._until = count(ectopy.every, self._rng)
        self._left = count(length, self._rng)
        if self._left > 1:
            self._primed = not ectopy.after_pause
        site, coupling = next(self._sites)
        coupling_s = uneven(coupling * self._usual_s, ectopy.coupling_spread, self._rng)
        self._run = Run(site, ectopy.wander, ectopy.twist_s, at_s + coupling_s, self._rng)
        self._alarm.set(at_s + coupling_s)

    def _fire(self, at_s: float) -> None:
        ectopy = self._ectopy
        if self._run is None:
            return
        self._firing.fire(at_s, self._run.at(at_s), BEGINNINGS[ectopy.chamber])
        self._left -= 1
        if self._left > 0:
            self._alarm.set(at_s + uneven(60.0 / ectopy.rate, ectopy.irregularity, self._rng))
        self._last_s = at_s


def _coupled(ectopy: Ectopy) -> Iterator[tuple[Vector, float]]:
    """Yield each site with its coupling: all together they have the one of the focus."""
    middle = (len(ectopy.sites) - 1) / 2.0
    for place, site in enumerate(ectopy.sites):
        yield site, ectopy.coupling * (1.0 + ectopy.coupling_apart * (place - middle))


_COUNTED: Final = {
    Chamber.ATRIA: Chamber.ATRIA,
    Chamber.JUNCTION: Chamber.VENTRICLES,
    Chamber.VENTRICLES: Chamber.VENTRICLES,
}

"""Letting a heart run for a time."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.heart.activity import Activity, Fibrillating, Repolarisation
from rhythmtrainer.simulate.heart.early_beats import EarlyBeats
from rhythmtrainer.simulate.heart.firing import Pacemaker
from rhythmtrainer.simulate.heart.implanted import Implanted
from rhythmtrainer.simulate.heart.network import SPREAD_S, Network
from rhythmtrainer.simulate.heart.pacemakers import (
    AutomaticFocus,
    FibrillatingAtria,
    RunningCircuit,
    Sinus,
)
from rhythmtrainer.simulate.heart.parts import HIGH_RIGHT, Chamber, Fibrillation, Heart, Reentry
from rhythmtrainer.simulate.heart.schedule import Schedule
from rhythmtrainer.simulate.heart.sinus import SinusIntervals, slow_changes

_FAST_PATHWAY_TIRED_S: Final = 0.06
# A circuit that has not begun, as the beats before left no way free, begins a little later.
_TRIED_EVERY_S: Final = 0.25
_SILENT_S: Final = 0.45  # the atria, if nothing goes round
_USUAL_RATE: Final = 75.0


def run(
    stages: Sequence[tuple[float, Heart]],
    until_s: float,
    breathing: Breathing,
    rng: np.random.Generator,
    *,
    qtc_s: float = 0.4,
    spread_s: float = SPREAD_S,
) -> Activity:
    """Let one heart after another run, each from its time on.

    What is on its way when the heart changes goes on: the first beat of the next comes in its own
    time.

    Parameters
    ----------
    stages
        Seconds from the strip's first sample, ascending, and what the heart is like from then on.
        The first may begin before 0, so that the strip begins amid the rhythm.
    until_s
        When the last stage ends.
    qtc_s
        QT interval at 60 beats per minute, as this patient has it in rhythms that do not change it.
    spread_s
        In which a wave that begins in the muscle reaches all of the ventricles; a child's are
        small.

    Returns
    -------
    Activity
        Of all stages.
    """
    return _Running(stages, until_s, breathing, rng, (qtc_s, spread_s)).activity


class _Running:
    def __init__(
        self,
        stages: Sequence[tuple[float, Heart]],
        until_s: float,
        breathing: Breathing,
        rng: np.random.Generator,
        patient: tuple[float, float],
    ) -> None:
        self._qtc_s, spread_s = patient
        self.activity = Activity()
        self._rng = rng
        self._schedule = Schedule()
        self._network = Network(self._schedule, self.activity, self._hear, rng, spread_s)
        start_s = stages[0][0]
        slow = slow_changes(rng, start_s, until_s)
        self._intervals = SinusIntervals(slow, breathing, rng)
        self._pacemakers: list[Pacemaker] = []
        for at_s, heart in stages:
            self._schedule.at(at_s, self._become, heart)
        self._schedule.run(until_s)
        self._end_fibrillation(until_s)

    def _hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        for pacemaker in self._pacemakers:
            pacemaker.hear(at_s, chamber, beginning)

    def _become(self, at_s: float, heart: Heart) -> None:
        for pacemaker in self._pacemakers:
            pacemaker.stop()
        self._end_fibrillation(at_s)
        self._network.become(heart, at_s)
        qtc_s = self._qtc_s if heart.qtc_s is None else heart.qtc_s
        self.activity.repolarisation.append(Repolarisation(at_s, qtc_s))
        self._fibrillate(at_s, heart.atria.fibrillation, in_atria=True)
        self._fibrillate(at_s, heart.ventricles.fibrillation, in_atria=False)
        self._pacemakers = list(self._made(heart))
        for pacemaker in self._pacemakers:
            pacemaker.start(at_s)
        if heart.reentry is not None:
            self._kindle(at_s, heart)

    def _made(self, heart: Heart) -> Iterator[Pacemaker]:
        network, schedule, rng = self._network, self._schedule, self._rng
        if heart.sinus is not None:
            yield Sinus(heart.sinus, network, schedule, self._intervals, rng)
        for focus in heart.foci:
            yield AutomaticFocus(focus, network, schedule, rng)
        for circuit in heart.circuits:
            yield RunningCircuit(circuit, network, schedule, rng)
        for ectopy in heart.ectopy:
            yield EarlyBeats(ectopy, 60.0 / _usual_rate(heart), network, schedule, rng)
        if heart.atria.fibrillation is not None:
            yield FibrillatingAtria(heart.atria.fibrillation, network, schedule, rng)
        if heart.device is not None:
            yield Implanted(heart.device, network, schedule, self.activity, rng)

    def _kindle(self, at_s: float, heart: Heart) -> None:
        """Let one beat of the atria find the way that starts a circuit, and see that it did."""
        if heart is not self._network.heart:
            return
        self._schedule.at(at_s + _TRIED_EVERY_S, self._kindle, heart)
        if at_s - self._network.last_of(Chamber.ATRIA) < _SILENT_S:
            return
        if heart.reentry is Reentry.NODE:
            self._network.tire_fast_pathway(at_s + _FAST_PATHWAY_TIRED_S)
        self._network.activate_atria(at_s, Beginning.ATRIA, HIGH_RIGHT)

    def _fibrillate(self, at_s: float, how: Fibrillation | None, *, in_atria: bool) -> None:
        if how is not None:
            self.activity.fibrillating.append(
                Fibrillating(
                    at_s, np.inf, in_atria, how.frequency_hz, how.amplitude_mv, how.decay_s
                )
            )

    def _end_fibrillation(self, at_s: float) -> None:
        self.activity.fibrillating = [
            one if one.end_s < np.inf else one._replace(end_s=at_s)
            for one in self.activity.fibrillating
        ]


def _usual_rate(heart: Heart) -> float:
    if heart.device is not None:
        return heart.device.rate
    if heart.sinus is not None:
        return heart.sinus.rate
    return max((focus.rate for focus in heart.foci), default=_USUAL_RATE)

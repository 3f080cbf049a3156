"""An implanted pacemaker at its electrodes: what it senses, and what its stimuli do."""

from typing import Final

import numpy as np

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.heart.activity import Activity, Spike
from rhythmtrainer.simulate.heart.device import Pacing
from rhythmtrainer.simulate.heart.firing import Drift
from rhythmtrainer.simulate.heart.network import Network
from rhythmtrainer.simulate.heart.parts import HIGH_RIGHT, Chamber, Device, Fault, Mode
from rhythmtrainer.simulate.heart.schedule import Alarm, Schedule

_LATENCY_S: Final = 0.006  # from a stimulus to the muscle's answer


class Implanted:
    """An implanted pacemaker at its electrodes."""

    def __init__(
        self,
        device: Device,
        network: Network,
        schedule: Schedule,
        activity: Activity,
        rng: np.random.Generator,
    ) -> None:
        self._device = device
        self._drift = Drift(device.drift, rng)
        self._network = network
        self._activity = activity
        self._pacing: Pacing | None = None
        self._alarm = Alarm(schedule, self._stimulate)

    def start(self, at_s: float) -> None:
        """Switch it on, or set it anew: then it goes on to count from the beat before."""
        chamber = Chamber.ATRIA if self._device.mode is Mode.AAI else Chamber.VENTRICLES
        counting = Pacing(self._device, self._network.last_of(chamber), self._drift.next)
        is_over = counting.due()[0] < at_s
        self._pacing = Pacing(self._device, at_s, self._drift.next) if is_over else counting
        self._wait()

    def hear(self, at_s: float, chamber: Chamber, beginning: Beginning) -> None:
        """Sense what the heart does by itself."""
        if self._pacing is None or (beginning is Beginning.DEVICE and chamber is Chamber.ATRIA):
            return
        if chamber is Chamber.JUNCTION or self._answered(chamber, beginning):
            return
        self._pacing.hear(at_s, in_atria=chamber is Chamber.ATRIA)
        self._wait()

    def stop(self) -> None:
        """Switch it off."""
        self._alarm.stop()
        self._pacing = None

    def _answered(self, chamber: Chamber, beginning: Beginning) -> bool:
        """Return whether it is the answer to a stimulus of its own in that chamber."""
        spikes = self._activity.spikes
        return bool(
            beginning is Beginning.DEVICE
            and spikes
            and spikes[-1].in_atria is (chamber is Chamber.ATRIA)
        )

    def _wait(self) -> None:
        if self._pacing is not None:
            self._alarm.set(self._pacing.due()[0])

    def _stimulate(self, at_s: float) -> None:
        if self._pacing is None:
            return
        in_atria = self._pacing.due()[1]
        fault = self._pacing.stimulate()
        if fault is not Fault.NO_OUTPUT:
            place = len(self._activity.spikes)
            spike = Spike(at_s - _LATENCY_S, in_atria, captures=False)
            self._activity.spikes.append(spike)
            if fault is not Fault.NO_CAPTURE and self._capture(at_s, in_atria):
                self._activity.spikes[place] = spike._replace(captures=True)
        self._wait()

    def _capture(self, at_s: float, in_atria: bool) -> bool:  # noqa: FBT001 - as a spike has it
        if in_atria:
            return self._network.activate_atria(at_s, Beginning.DEVICE, HIGH_RIGHT)
        return self._network.activate_ventricles(
            at_s, Beginning.DEVICE, self._device.site, 1.0, 1.0
        )

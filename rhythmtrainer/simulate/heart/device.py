"""The timing of an implanted pacemaker: when it stimulates next, and what makes it wait.

The intervals are those of ventricular based timing (Barold, Stroobandt & Sinnaeve, Cardiac
Pacemakers and Resynchronization Step by Step, 2010): a beat of the ventricles begins the atrial
escape interval, a beat of the atria the AV delay.
"""

from collections.abc import Callable
from itertools import cycle
from math import inf
from typing import Final

from rhythmtrainer.simulate.heart.parts import Device, Fault, Mode

_SECONDS: Final = 60.0

_SENSES_ATRIA: Final = frozenset({Mode.AAI, Mode.DDD})
_SENSES_VENTRICLES: Final = frozenset({Mode.VVI, Mode.DDD})


class Pacing:
    """A pacemaker at work.

    Its faults lie in the electrode of the ventricles, in a device that has none (AAI) in that of
    the atria. Those of its stimuli and those of its sensing run through `Device.faults` each at
    their own pace.

    Parameters
    ----------
    device
        What it was set to.
    start_s
        From when on it counts its intervals.
    slowed
        Draws a factor on each interval.

    Examples
    --------
    >>> pacing = Pacing(Device(Mode.VVI, rate=60.0, site=(0.0, 0.0, 1.0)), start_s=0.0)
    >>> pacing.hear(0.4, in_atria=False)
    >>> pacing.due()
    (1.4, False)
    """

    __slots__ = (
        "_atria_deaf_until_s",
        "_atrial_due_s",
        "_device",
        "_last_ventricular_s",
        "_sensing",
        "_slowed",
        "_stimuli",
        "_ventricles_deaf_until_s",
        "_ventricular_due_s",
    )

    def __init__(
        self, device: Device, start_s: float, slowed: Callable[[], float] = lambda: 1.0
    ) -> None:
        self._device = device
        self._slowed = slowed
        self._stimuli = cycle(device.faults)
        self._sensing = cycle(device.faults)
        self._atria_deaf_until_s = -inf
        self._ventricles_deaf_until_s = -inf
        self._last_ventricular_s = -inf
        self._atrial_due_s = inf
        self._ventricular_due_s = inf
        self._begin_intervals(start_s, in_atria=device.mode is Mode.AAI)

    def due(self) -> tuple[float, bool]:
        """Return when the next stimulus is due, and whether in the atria."""
        in_atria = self._atrial_due_s < self._ventricular_due_s
        return (self._atrial_due_s if in_atria else self._ventricular_due_s), in_atria

    def stimulate(self) -> Fault:
        """Take the stimulus that is due, and begin to count to the next.

        Returns
        -------
        Fault
            What becomes of it: `NONE`, `NO_CAPTURE` or `NO_OUTPUT`.
        """
        at_s, in_atria = self.due()
        fault = next(self._stimuli) if in_atria == self._faulty_in_atria else Fault.NONE
        if fault is Fault.UNDERSENSED:
            fault = Fault.NONE
        if fault is not Fault.NO_OUTPUT:
            self._be_deaf_after(at_s, in_atria=in_atria)
        self._begin_intervals(at_s, in_atria=in_atria)
        return fault

    def hear(self, at_s: float, in_atria: bool) -> None:  # noqa: FBT001 - as a spike has it
        """Let a beat reach the electrode of its chamber.

        The answer to its own stimulus may be told as well: the device is deaf just then.

        Parameters
        ----------
        at_s
            When the chamber is activated.
        in_atria
            Which chamber.
        """
        if not self._listens(at_s, in_atria=in_atria):
            return
        if in_atria == self._faulty_in_atria and next(self._sensing) is Fault.UNDERSENSED:
            return
        if in_atria and not self._follows(at_s):
            return
        self._begin_intervals(at_s, in_atria=in_atria)

    @property
    def _faulty_in_atria(self) -> bool:
        return self._device.mode is Mode.AAI

    def _listens(self, at_s: float, *, in_atria: bool) -> bool:
        senses = _SENSES_ATRIA if in_atria else _SENSES_VENTRICLES
        until_s = self._atria_deaf_until_s if in_atria else self._ventricles_deaf_until_s
        return self._device.mode in senses and at_s >= until_s

    def _follows(self, at_s: float) -> bool:
        """Tell whether a P wave counts: in DDD, the next stimulus must not come too early."""
        if self._device.mode is not Mode.DDD:
            return True
        if self._ventricular_due_s < inf:
            return False
        earliest_s = self._last_ventricular_s + _SECONDS / self._device.upper_rate
        return at_s + self._device.av_delay_s >= earliest_s

    def _be_deaf_after(self, at_s: float, *, in_atria: bool) -> None:
        until_s = at_s + self._device.blanking_s
        self._atria_deaf_until_s = until_s
        if not in_atria:
            self._ventricles_deaf_until_s = until_s

    def _begin_intervals(self, at_s: float, *, in_atria: bool) -> None:
        mode = self._device.mode
        interval_s = _SECONDS / self._device.rate * self._slowed()
        if mode is not Mode.DDD:
            if mode is Mode.AAI:
                self._atrial_due_s = at_s + interval_s
            else:
                self._ventricular_due_s = at_s + interval_s
        elif in_atria:
            self._atrial_due_s = at_s + interval_s
            self._ventricular_due_s = at_s + self._device.av_delay_s
        else:
            self._last_ventricular_s = at_s
            # Else a wave that comes back to the atria would be followed, for ever.
            self._atria_deaf_until_s = max(self._atria_deaf_until_s, at_s + self._device.blanking_s)
            self._atrial_due_s = at_s + interval_s - self._device.av_delay_s
            self._ventricular_due_s = inf

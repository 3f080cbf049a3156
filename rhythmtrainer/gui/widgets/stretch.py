"""Where a strip's signal lies on the screen."""

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one lead as it is drawn: the map between time and voltage, and the picture.

    A rhythm strip is one of these; a page of twelve leads is thirteen, a frozen monitor two for
    each lead: what the sweep has drawn since it last began at the left, and what it left behind.

    Attributes
    ----------
    channel
        Place of the lead among all leads that the view was given, from 0.
    start_s, end_s
        What is shown, in seconds from the recording's first sample.
    left, top, bottom
        Logical pixels of the picture; `left` is where `start_s` lies.
    baseline, base_mv
        The height in the picture of a voltage in millivolts, and that voltage.
    px_per_s, px_per_mv, px_per_mm
        Logical pixels for each second, millivolt and millimetre of paper. The second is negative
        for an inverted lead.
    """

    lead: LeadName
    channel: int
    start_s: float
    end_s: float
    left: float
    top: float
    bottom: float
    baseline: float
    base_mv: float
    px_per_s: float
    px_per_mv: float
    px_per_mm: float

    @property
    def right(self) -> float:
        """Where `end_s` lies."""
        return self.left + (self.end_s - self.start_s) * self.px_per_s

    @overload
    def x(self, seconds: float) -> float: ...
    @overload
    def x(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def x(self, seconds: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return where times lie, in logical pixels."""
        return self.left + (seconds - self.start_s) * self.px_per_s

    @overload
    def y(self, millivolts: float) -> float: ...
    @overload
    def y(self, millivolts: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def y(self, millivolts: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return where voltages lie, in logical pixels."""
        return self.baseline - (millivolts - self.base_mv) * self.px_per_mv

    def seconds(self, x: float) -> float:
        """Return the time that lies at `x`, in seconds from the recording's first sample."""
        return self.start_s + (x - self.left) / self.px_per_s

    def millivolts(self, y: float) -> float:
        """Return the voltage that lies at `y`."""
        return self.base_mv + (self.baseline - y) / self.px_per_mv

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point of the picture lies in this stretch."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def shows(self, seconds: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which times lie in this stretch; NaN does not."""
        return (seconds >= self.start_s) & (seconds <= self.end_s)

"""What a tool may hold on to, and whether it does."""

from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from PySide6.QtCore import Qt

from rhythmtrainer.ecg.calipers import ALL_LANDMARKS, Landmark, Landmarks
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import Measurement

SNAP_PX: Final = 10.0

Modifiers: TypeAlias = Callable[[], Qt.KeyboardModifier]
"""Tells which modifier keys are held."""


class Snapping:
    """The landmarks of a strip, and whether a hand wants them.

    Attributes
    ----------
    on
        Whether a tool holds on to landmarks unless Alt is held; otherwise only while it is.
    landmarks
        Those of the measurement that are wanted.
    """

    def __init__(self, modifiers: Modifiers) -> None:
        self._modifiers = modifiers
        self._kinds = ALL_LANDMARKS
        self.measurement: Measurement | None = None
        self.on = False
        self.landmarks = Landmarks.none()

    def set_measurement(self, measurement: Measurement | None) -> bool:
        """Offer what was measured; return whether that is something else."""
        if measurement is self.measurement:
            return False
        self.measurement = measurement
        self.landmarks = Landmarks.of(measurement, self._kinds)
        return True

    def set_kinds(self, kinds: Collection[Landmark]) -> bool:
        """Say which landmarks are wanted; return whether these are others."""
        if frozenset(kinds) == self._kinds:
            return False
        self._kinds = frozenset(kinds)
        self.landmarks = Landmarks.of(self.measurement, self._kinds)
        return True

    @property
    def wanted(self) -> bool:
        """Whether a hand that moves something wants it to be held."""
        return self.on != bool(self._modifiers() & Qt.KeyboardModifier.AltModifier)


def reach_s(stretch: Stretch) -> float:
    """Return within how many seconds a landmark of a stretch is close."""
    return SNAP_PX / stretch.px_per_s

"""How well each second of a strip can be read."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """What disturbs each second of each lead, and whether it can still be read.

    It marks how hard a strip is and keeps unreadable excerpts out of exams; it does not make the
    quiz clean: real strips have noise, and learners must meet it.

    Attributes
    ----------
    missing
        A fifth of the second or more has no samples.
    flat
        Nothing happens beyond one step of the recorder.
    clipped
        A wave is cut off at the top or bottom of what the recorder holds.
    saturated
        The trace is stuck there, or beyond what an amplifier for ECGs lets through.
    motion
        The baseline runs away, or slow artefacts hide the waves.
    mains
        Hum of 50 or 60 Hz is visible.
    noisy
        Muscle noise or other fast noise hides the waves.
    usable
        A person could read the second. Other marks may be set all the same: hum, or a wandering
        baseline, or a clipped R wave makes reading harder, but not impossible.

    Raises
    ------
    ValueError
        If the masks, all of the shape ``(leads, seconds)``, differ in shape.
    """

    missing: Mask
    flat: Mask
    clipped: Mask
    saturated: Mask
    motion: Mask
    mains: Mask
    noisy: Mask
    usable: Mask

    def __post_init__(self) -> None:
        shapes = {field.name: getattr(self, field.name).shape for field in fields(self)}
        if len(set(shapes.values())) > 1 or self.usable.ndim != 2:  # noqa: PLR2004 - leads, seconds
            raise ValueError(f"all masks must have one shape (leads, seconds), got {shapes}")
        for field in fields(self):
            mask = getattr(self, field.name)
            if mask.flags.writeable:
                mask = mask.copy()
                mask.flags.writeable = False
                object.__setattr__(self, field.name, mask)

    @property
    def usable_share(self) -> float:
        """Share of the seconds that can be read, over all leads; 0 where there is no second."""
        return float(self.usable.mean()) if self.usable.size else 0.0

    @property
    def difficulty(self) -> float:
        """Share of the seconds that something disturbs, over all leads, from 0 to 1."""
        disturbed = ~self.usable
        for mask in (self.flat, self.clipped, self.saturated, self.motion, self.mains, self.noisy):
            disturbed = disturbed | mask
        return float(disturbed.mean()) if disturbed.size else 0.0

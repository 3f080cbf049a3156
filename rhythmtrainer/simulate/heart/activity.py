"""What happens in a heart, as its conduction leaves it for the drawing of the waves.

Times are seconds from the strip's first sample; what is below 0 happened before it begins.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from rhythmtrainer.model import Beginning, Entry

Vector: TypeAlias = tuple[float, float, float]
"""A direction in the chest, of length 1: towards the left arm, the feet, and the back."""

UNCAUSED = -1


class AtrialBeat(NamedTuple):
    """The atria are activated.

    Attributes
    ----------
    site
        Where from, seen from the middle of the atria; the wave moves away from there.
    retrograde
        Whether it came back from below.
    """

    at_s: float
    beginning: Beginning
    site: Vector
    retrograde: bool = False


class VentricularBeat(NamedTuple):
    """The ventricles are activated.

    Attributes
    ----------
    entry
        The way of the conducted part.
    site
        Where the part begins that spreads cell by cell, seen from the middle of the ventricles.
    share
        Part of the muscle that is activated from `site`, 0 to 1: 1 for `Entry.SITE`; between them
        for a fusion beat and for pre-excitation.
    slowness
        Factor on the duration of the part from `site`.
    size
        Factor on the amplitude.
    cause
        Index of the atrial beat that was conducted; `UNCAUSED` if none was.
    """

    at_s: float
    beginning: Beginning
    entry: Entry
    site: Vector | None = None
    share: float = 0.0
    slowness: float = 1.0
    size: float = 1.0
    cause: int = UNCAUSED


class Spike(NamedTuple):
    """A pacemaker gives a stimulus."""

    at_s: float
    in_atria: bool
    captures: bool


class Fibrillating(NamedTuple):
    """A chamber fibrillates for a time.

    Attributes
    ----------
    frequency_hz
        Around which its waves lie.
    amplitude_mv
        Root mean square in lead V1 for the atria, in lead II for the ventricles.
    decay_s
        Time in which amplitude (and, more slowly, frequency) fall by a factor of e; 0 if they stay.
    """

    start_s: float
    end_s: float
    in_atria: bool
    frequency_hz: float
    amplitude_mv: float
    decay_s: float = 0.0


class Repolarisation(NamedTuple):
    """How long the ventricles take to recover, from some time on."""

    from_s: float
    qtc_s: float


@dataclass(slots=True)
class Activity:
    """All that happens, each list in the order of time."""

    atria: list[AtrialBeat] = field(default_factory=list)
    ventricles: list[VentricularBeat] = field(default_factory=list)
    spikes: list[Spike] = field(default_factory=list)
    fibrillating: list[Fibrillating] = field(default_factory=list)
    repolarisation: list[Repolarisation] = field(default_factory=list)

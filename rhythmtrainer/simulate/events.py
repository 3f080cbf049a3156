"""What happens in the heart: which part is activated when, and how that looks in lead II."""

from dataclasses import dataclass
from enum import Enum, auto


class Shape(Enum):
    """How a wave or a complex looks in lead II."""

    P = auto()
    P_PACED = auto()
    P_INVERTED = auto()
    P_TALL = auto()
    P_NOTCHED = auto()
    P_BIPHASIC = auto()
    FLUTTER = auto()
    NARROW = auto()
    LEFT_BUNDLE = auto()
    RIGHT_BUNDLE = auto()
    DELTA = auto()
    DELTA_WIDE = auto()
    PVC = auto()
    PVC_DOWN = auto()
    ESCAPE = auto()
    ESCAPE_DOWN = auto()
    VT = auto()
    VT_DOWN = auto()
    SINE = auto()
    TWISTING = auto()
    TWISTING_DOWN = auto()
    AGONAL = auto()
    PACED = auto()


@dataclass(frozen=True, slots=True)
class Activation:
    """A part of the heart is activated.

    Attributes
    ----------
    onset_s
        Seconds from the strip's first sample; below 0 where only the end of it can be seen.
    scale
        Factor on the amplitude.
    after_s
        The PR interval: seconds from the onset of the P wave that led to it; None if none did.
    pace_s
        Usual interval of a run of early beats, in seconds; None for beats outside of one.
    """

    onset_s: float
    shape: Shape
    scale: float = 1.0
    after_s: float | None = None
    pace_s: float | None = None


@dataclass(frozen=True, slots=True)
class Activations:
    """All that happened in the heart, each sequence in the order of time.

    Attributes
    ----------
    spikes_s
        Stimuli of a pacemaker, in seconds from the strip's first sample.
    interval_s
        Usual interval of the ventricles' beats in seconds, early ones left out; None if there are
        none.
    """

    atria: tuple[Activation, ...]
    ventricles: tuple[Activation, ...]
    spikes_s: tuple[float, ...]
    interval_s: float | None

"""What can be said of a rhythm's conduction: who leads, what gets through, what breaks in.

A pair is a range from which a patient's own value is drawn. Rates are per minute, times are in
seconds, and what is called a share is one of the usual interval between two beats.
"""

from dataclasses import dataclass
from enum import Enum, auto

from rhythmtrainer.simulate.events import Shape

Range = tuple[float, float]

Cycle = tuple[float | None, ...]
"""Added to the PR interval of one P wave after another, in seconds; None where a P is blocked."""

ALL: Cycle = (0.0,)
NONE: Cycle = (None,)


@dataclass(frozen=True, slots=True)
class Interruption:
    """What breaks into the sequence of P waves: an early one, or a gap.

    Attributes
    ----------
    every
        P waves from one interruption to the next.
    gap
        Until the P wave that interrupts, as a share: below 1 it is early, above 1 it is late.
    shape
        Of that P wave; None if it looks like the others.
    """

    every: tuple[int, int]
    gap: Range
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Atria:
    """A pacemaker in the atria, or a flutter circuit.

    Attributes
    ----------
    shapes
        Dealt out in turn, each as often as the others.
    spread
        Standard deviation of the intervals from beat to beat, as a share.
    breathing
        How far breathing lengthens and shortens the interval, as a share.
    """

    rate: Range
    shapes: tuple[Shape, ...] = (Shape.P,)
    spread: float = 0.012
    breathing: float = 0.0
    interruption: Interruption | None = None


@dataclass(frozen=True, slots=True)
class Av:
    """The way from the atria to the ventricles.

    Attributes
    ----------
    pr
        From the onset of the P wave to that of the QRS.
    spread
        Standard deviation of the PR interval from beat to beat, in seconds.
    cycles
        Each is gone through from end to end, then another is drawn.
    shape
        Of the QRS complexes that are conducted.
    """

    pr: Range = (0.14, 0.18)
    spread: float = 0.002
    cycles: tuple[Cycle, ...] = (ALL,)
    shape: Shape = Shape.NARROW


@dataclass(frozen=True, slots=True)
class Focus:
    """A pacemaker below the atria, or AV conduction of fibrillation: beats without a P before them.

    Attributes
    ----------
    shortest
        No interval is shorter, in seconds.
    retrograde
        Onset of an inverted P wave after that of the QRS, in seconds, negative if before it.
    """

    rate: Range
    shapes: tuple[Shape, ...]
    spread: float = 0.008
    shortest: float = 0.2
    retrograde: Range | None = None


@dataclass(frozen=True, slots=True)
class Early:
    """Beats that come before their time, singly or in a run.

    Attributes
    ----------
    every
        Usual beats from one such event to the next.
    coupling
        From the usual beat before it, as a share.
    run
        Beats in a row; None goes on to the end.
    rate
        Within a run.
    spread
        Standard deviation of the intervals within a run, as a share.
    sizes
        Amplitude of each beat, as a factor.
    twist
        Seconds in which the run turns once about the baseline; None where it does not.
    retrograde
        As in `Focus`; the sinus P that would fall into the beat then does not come.
    """

    every: tuple[int, int]
    coupling: Range
    shapes: tuple[Shape, ...]
    run: tuple[int, int] | None = (1, 1)
    rate: Range = (150.0, 180.0)
    spread: float = 0.01
    sizes: Range = (0.95, 1.05)
    twist: Range | None = None
    retrograde: Range | None = None


class Stimulus(Enum):
    """What becomes of one stimulus of a pacemaker that was due."""

    CAPTURES = auto()
    FAILS = auto()
    IS_MISSING = auto()


@dataclass(frozen=True, slots=True)
class Pacer:
    """A pacemaker in the ventricle that senses nothing and keeps its own time."""

    rate: Range
    stimuli: tuple[Stimulus, ...] = (Stimulus.CAPTURES,)


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the beats, in mV (root mean square) and Hz.

    Attributes
    ----------
    waves, band
        Waves that never repeat: fibrillation, or the trembling of muscles.
    wander, noise
        Slow drift of the baseline, and noise of the amplifier.
    """

    waves: Range = (0.0, 0.0)
    band: Range = (4.0, 8.0)
    wander: float = 0.02
    noise: float = 0.004


@dataclass(frozen=True, slots=True)
class Preset:
    """One look of a rhythm.

    Attributes
    ----------
    qtc
        QT interval at 60 beats per minute, in seconds.
    """

    atria: Atria | None = None
    av: Av = Av()
    focus: Focus | None = None
    pacer: Pacer | None = None
    early: Early | None = None
    ground: Ground = Ground()
    qtc: Range = (0.38, 0.42)

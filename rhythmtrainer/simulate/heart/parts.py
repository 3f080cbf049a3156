"""The parts of a heart, and what can be said of each: a rhythm is a choice of them.

Rates are per minute, times in seconds, and a share is one of the usual interval. What is infinite
never recovers: ``refractory_s=BLOCKED`` conducts nothing.
"""

from dataclasses import dataclass
from enum import Enum, auto
from math import dist, inf
from typing import Final

from rhythmtrainer.simulate.heart.activity import Vector

BLOCKED: Final = inf

HIGH_RIGHT: Final[Vector] = (-0.50, -0.80, -0.33)
"""Where the sinus node lies, seen from the middle of the atria: its P wave runs left and down."""

FROM_BELOW: Final[Vector] = (0.05, 0.98, 0.20)
"""Where the AV node lies: a P wave from there runs up, and is inverted in II, III and aVF."""

# Even beside the AV node a wave takes this share of the way from the sinus node.
_NEAREST: Final = 0.4

EVENNESS: Final = 6.0
"""Of the intervals between waves of fibrillation that reach the AV node: gamma distributed."""


class Chamber(Enum):
    """Where a focus or a circuit lies."""

    ATRIA = auto()
    JUNCTION = auto()
    VENTRICLES = auto()


@dataclass(frozen=True, slots=True)
class SinusNode:
    """The natural pacemaker.

    Attributes
    ----------
    variability
        Standard deviation of its slow changes of interval, as a share: those around 0.1 Hz and
        slower.
    breathing
        Amplitude with which breathing in shortens the interval, as a share.
    exit_block_every
        Impulses of which the last does not reach the atria, drawn anew each time; None if all do.
    pause_every, pause_s
        Impulses until the node is silent, and for how long, drawn anew each time.
    """

    rate: float
    variability: float = 0.02
    breathing: float = 0.02
    exit_block_every: tuple[int, int] | None = None
    pause_every: tuple[int, int] | None = None
    pause_s: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Focus:
    """A pacemaker outside of the sinus node.

    Attributes
    ----------
    sites
        From which it fires, one after another, shuffled anew when all have had their turn.
    irregularity
        Standard deviation of its intervals, as a share.
    protected
        Whether nothing from outside resets it. Others begin anew with each activation of their
        chamber: an escape pacemaker is heard only when all others are silent.
    slowness
        Factor on the duration of the QRS complexes that it makes.
    """

    chamber: Chamber
    rate: float
    sites: tuple[Vector, ...] = (FROM_BELOW,)
    irregularity: float = 0.01
    protected: bool = False
    slowness: float = 1.0
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Ectopy:
    """A focus that fires early after some of the usual beats: singly, in pairs, in runs.

    Attributes
    ----------
    every
        Usual beats from one such event to the next, drawn anew each time.
    coupling
        From the usual beat before it: a share of the interval between usual beats.
    coupling_spread
        Standard deviation of the coupling from event to event, as a share of it.
    coupling_apart
        By how much the coupling grows from one site to the next, as a share of it.
    run
        Beats in a row, drawn anew each time; `RUN_ON` goes on for ever.
    rate, irregularity
        Within a run.
    wander
        How far the site moves from one beat of a run to the next, as an angle in radians.
    twist_s
        Time in which the site of a run turns once about the heart; 0 if it does not.
    after_pause
        Whether only a single early beat and the pause behind it bring on a run.
    """

    chamber: Chamber
    every: tuple[int, int]
    coupling: float
    sites: tuple[Vector, ...] = (FROM_BELOW,)
    coupling_spread: float = 0.01
    coupling_apart: float = 0.0
    run: tuple[int, int] = (1, 1)
    rate: float = 150.0
    irregularity: float = 0.01
    wander: float = 0.0
    twist_s: float = 0.0
    after_pause: bool = False
    slowness: float = 1.0


RUN_ON: Final = (1_000_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Circuit:
    """A wave that runs round in a chamber and activates the rest of it at every turn.

    Attributes
    ----------
    rate
        Turns per minute.
    site
        Where the wave leaves the circuit.
    irregularity
        Standard deviation of its intervals from one turn to the next, as a share.
    drift
        Standard deviation of what makes it slower or faster for a few turns, as a share.
    wander, twist_s
        As in `Ectopy`.
    """

    chamber: Chamber
    rate: float
    site: Vector
    irregularity: float = 0.003
    drift: float = 0.0
    wander: float = 0.0
    twist_s: float = 0.0
    slowness: float = 1.0


@dataclass(frozen=True, slots=True)
class Fibrillation:
    """Waves without order in a chamber.

    Attributes
    ----------
    frequency_hz, amplitude_mv, decay_s
        As in `activity.Fibrillating`.
    """

    frequency_hz: float
    amplitude_mv: float
    decay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Atria:
    """The muscle of the atria.

    Attributes
    ----------
    to_node_s
        From its activation to that of the AV node.
    """

    refractory_s: float = 0.2
    to_node_s: float = 0.04
    fibrillation: Fibrillation | None = None

    def to_node_from(self, site: Vector) -> float:
        """Return the seconds that a wave takes from a site to the AV node."""
        distance = dist(site, FROM_BELOW) / dist(HIGH_RIGHT, FROM_BELOW)
        return self.to_node_s * (_NEAREST + (1.0 - _NEAREST) * distance)


@dataclass(frozen=True, slots=True)
class SlowPathway:
    """A second way through the AV node, slower and sooner ready again than the other."""

    delay_s: float
    refractory_s: float = 0.22


@dataclass(frozen=True, slots=True)
class AvNode:
    """The AV node: it delays, it delays more what comes early, it tires.

    The delay is ``delay_s + decrement_s * exp(-rest / recovery_s)`` plus its fatigue, where the
    rest counts from when the wave before left the node: what comes earlier is conducted slower
    (Shrier et al. 1987).

    Attributes
    ----------
    refractory_s
        From when a wave leaves the node until it takes the next.
    refractory_spread
        Standard deviation of that, as a share: vagal tone, and waves that die inside.
    fatigue_s
        By how much each conducted wave lengthens the delay and the refractory period; a wave that
        is blocked gives the node its rest.
    fatigue_fades
        Share of the fatigue's last step that the next one still has: 0.5 makes steps of
        one, a half, a quarter.
    concealed_s
        By how much, at most, a wave that is blocked keeps the node refractory for longer.
    backward_s
        From the bundle of His back to the atria; None where nothing comes back.
    slow
        A second pathway, by which AVNRT runs.
    """

    delay_s: float = 0.08
    decrement_s: float = 0.15
    recovery_s: float = 0.12
    refractory_s: float = 0.28
    refractory_spread: float = 0.0
    fatigue_s: float = 0.0
    fatigue_fades: float = 0.5
    concealed_s: float = 0.0
    backward_s: float | None = None
    slow: SlowPathway | None = None


@dataclass(frozen=True, slots=True)
class HisPurkinje:
    """The bundle of His, its branches and fibres: all or nothing.

    Attributes
    ----------
    delay_s
        From the AV node to the ventricles.
    refractory_s
        Of the bundle of His.
    right_refractory_s, left_refractory_s
        Of the branches; `BLOCKED` makes a bundle branch block, a long one aberrant beats.
    fails_every
        Waves of which the last is not conducted, drawn anew each time; None if none fails.
    """

    delay_s: float = 0.045
    refractory_s: float = 0.25
    right_refractory_s: float = 0.25
    left_refractory_s: float = 0.25
    fails_every: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Accessory:
    """A strand of muscle between atria and ventricles.

    Attributes
    ----------
    delay_s, refractory_s
        Forwards; None where it conducts backwards only.
    refractory_spread
        Standard deviation of the refractory period, as a share: waves that die inside.
    backward_s
        Backwards, from the activation of the ventricles; None where it conducts forwards only.
    site
        Where it enters the ventricles.
    """

    site: Vector
    delay_s: float | None = 0.06
    refractory_s: float = 0.25
    refractory_spread: float = 0.0
    backward_s: float | None = None


@dataclass(frozen=True, slots=True)
class Ventricles:
    """The muscle of the ventricles.

    Attributes
    ----------
    refractory_s, refractory_share
        From one activation until the next is possible: the seconds at most, and less after a short
        interval, this share of it.
    fibrillation
        While it lasts, no wave finds muscle that follows.
    """

    refractory_s: float = 0.24
    refractory_share: float = 0.6
    fibrillation: Fibrillation | None = None


class Mode(Enum):
    """How a pacemaker works: chamber paced, chamber sensed, and what it does with that."""

    AAI = auto()
    VVI = auto()
    VOO = auto()
    DDD = auto()


class Fault(Enum):
    """What becomes of one stimulus that was due, or of one beat that was there to be sensed."""

    NONE = auto()
    NO_CAPTURE = auto()
    NO_OUTPUT = auto()
    UNDERSENSED = auto()


@dataclass(frozen=True, slots=True)
class Device:
    """An implanted pacemaker.

    Attributes
    ----------
    rate
        Lower rate: its interval runs from a sensed or paced beat.
    av_delay_s
        From an atrial event to the stimulus in the ventricles (DDD).
    upper_rate
        Faster P waves are not followed (DDD).
    blanking_s
        After its own stimulus nothing is sensed for so long.
    faults
        Gone through again and again, one for each stimulus (`NO_CAPTURE`, `NO_OUTPUT`), or for
        each beat to be sensed (`UNDERSENSED`); `Fault.NONE` where it works.
    site
        Where the electrode in the ventricles lies.
    drift
        Standard deviation of what makes it slower or faster for a few beats, as a share: a sensor
        of breathing and movement leads its rate.
    """

    mode: Mode
    rate: float
    site: Vector
    av_delay_s: float = 0.16
    upper_rate: float = 130.0
    blanking_s: float = 0.25
    faults: tuple[Fault, ...] = (Fault.NONE,)
    drift: float = 0.0


class Reentry(Enum):
    """Which circuit between atria and ventricles is running when the time begins."""

    NODE = auto()
    """AVNRT: down the slow pathway, up the fast one."""
    ACCESSORY = auto()
    """Orthodromic AVRT: down the node, up the accessory pathway."""


@dataclass(frozen=True, slots=True)
class Heart:
    """A heart as its parts are put together.

    Attributes
    ----------
    sinus
        None where it is silent.
    qtc_s
        QT interval at 60 beats per minute; None for what the patient usually has.
    """

    sinus: SinusNode | None = None
    atria: Atria = Atria()
    node: AvNode = AvNode()
    his: HisPurkinje = HisPurkinje()
    ventricles: Ventricles = Ventricles()
    foci: tuple[Focus, ...] = ()
    ectopy: tuple[Ectopy, ...] = ()
    circuits: tuple[Circuit, ...] = ()
    accessory: Accessory | None = None
    reentry: Reentry | None = None
    device: Device | None = None
    qtc_s: float | None = None

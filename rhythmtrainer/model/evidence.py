"""What a strip shows, step by step in the order in which reading it is taught."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A step of reading a strip, in the teaching order; the five taught ones come first."""

    RATE = "rate"
    REGULARITY = "regularity"
    P_WAVES = "p waves"
    PR = "pr interval"
    QRS = "qrs"
    EARLY_BEATS = "early beats"
    PATTERN = "pattern of early beats"
    PAUSES = "pauses"
    PACING = "pacing spikes"
    BASELINE = "baseline"


class Pace(StrEnum):
    """Where the ventricular rate lies in an adult: 60 to 100/min is neither slow nor fast."""

    SLOW = "slow"
    USUAL = "60-100"
    FAST = "fast"
    CANNOT_TELL = "cannot tell"


class Regularity(StrEnum):
    """How even the RR intervals of a strip are.

    An order that repeats, and an even basic rhythm that early or dropped beats interrupt, are
    regularly irregular; see `rhythmtrainer.ecg.evidence.regularity` for where the lines are drawn.
    """

    REGULAR = "regular"
    REGULARLY_IRREGULAR = "regularly irregular"
    IRREGULARLY_IRREGULAR = "irregularly irregular"
    CANNOT_TELL = "cannot tell"


class PWaves(StrEnum):
    """How the P waves, or flutter waves, stand to the QRS complexes."""

    ONE_PER_QRS = "one per QRS"
    MORE_THAN_ONE = "more than one per QRS"
    ABSENT = "absent"
    CANNOT_TELL = "cannot tell"


class PrRelation(StrEnum):
    """How the PR interval behaves from beat to beat."""

    CONSTANT = "constant"
    LENGTHENING = "lengthening"
    VARYING = "varying"
    CANNOT_TELL = "cannot tell"


class QrsWidth(StrEnum):
    """Whether the ventricles are activated quickly (0.12 s divides) in the usual beats."""

    NARROW = "narrow"
    WIDE = "wide"
    CANNOT_TELL = "cannot tell"


class EarlyBeats(StrEnum):
    """Which beats come before their time."""

    NONE = "none"
    NARROW = "early narrow"
    WIDE = "early wide"
    BOTH = "early narrow and early wide"
    CANNOT_TELL = "cannot tell"


class Pattern(StrEnum):
    """How early beats follow each other."""

    NONE = "none"
    BIGEMINAL = "every second beat"
    TRIGEMINAL = "every third beat"
    COUPLETS = "in pairs"
    RUNS = "three or more in a row"
    CANNOT_TELL = "cannot tell"


class Pauses(StrEnum):
    """Whether beats are missing for two seconds or more."""

    NONE = "none"
    PRESENT = "present"
    CANNOT_TELL = "cannot tell"


class Pacing(StrEnum):
    """Whether a pacemaker's spikes are seen."""

    NONE = "none"
    SPIKES = "spikes"
    CANNOT_TELL = "cannot tell"


class Baseline(StrEnum):
    """How well a strip can be read."""

    CLEAN = "clean"
    DISTURBED = "disturbed"
    UNREADABLE = "unreadable"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was read off a strip. It never names the rhythm.

    Attributes
    ----------
    verdict
        A member of the enumeration that belongs to the finding; `CANNOT_TELL` rather than a guess.
    number, unit
        The figure behind the verdict, and its unit; None where there is none.
    confidence
        0 to 1: the share of such verdicts that can be expected to be right. 0 where the verdict is
        that none can be given.
    text
        A short phrase, such as "PR 0.24 s, constant".
    where
        Stretches that show it: pairs of seconds from the recording's first sample.
    """

    step: Step
    verdict: StrEnum
    number: float | None
    unit: str
    confidence: float
    text: str
    where: tuple[tuple[float, float], ...] = ()

    @property
    def told(self) -> bool:
        """Whether a verdict is given."""
        return self.verdict.value != "cannot tell"

    @property
    def notable(self) -> bool:
        """Whether a reader wants to be told: a taught step, or something that is there."""
        return self.step in TAUGHT_STEPS or (self.told and self.verdict.value not in _NOTHING)


TAUGHT_STEPS = (Step.RATE, Step.REGULARITY, Step.P_WAVES, Step.PR, Step.QRS)
"""What every strip is asked, in this order."""

_NOTHING = frozenset({"none", "clean"})

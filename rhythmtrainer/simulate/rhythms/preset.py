"""What a rhythm is as a choice of parts, and in what it may vary from patient to patient."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

import numpy as np

from rhythmtrainer.simulate.heart.parts import Heart
from rhythmtrainer.simulate.noise import Noise, usual_noise

Range: TypeAlias = tuple[float, float]

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may vary.

    Attributes
    ----------
    low, high
        What may be asked for, both included, in an adult.
    usual
        From which chance draws; all that may be asked for, if None.
    at_age
        What may be asked for, and is drawn, at an age in years below 16; None where age does not
        matter.
    """

    low: float
    high: float
    unit: str
    meaning: str
    usual: Range | None = None
    at_age: Callable[[float], Range] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """A choice among a few names.

    Attributes
    ----------
    names
        What may be asked for.
    usual
        From which chance draws, all as likely; all that may be asked for, if None.
    """

    names: tuple[str, ...]
    meaning: str
    usual: tuple[str, ...] | None = None


Variant: TypeAlias = Number | Options


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for or drawn of one patient's rhythm.

    Attributes
    ----------
    age
        In years.
    rng
        Draws what nobody can ask for.
    """

    values: Mapping[str, float | str]
    age: float
    rng: np.random.Generator

    def number(self, name: str) -> float:
        """Return a number that may vary."""
        return float(self.values[name])

    def option(self, name: str) -> str:
        """Return the name that was chosen."""
        return str(self.values[name])

    def interval_s(self, name: str = "rate") -> float:
        """Return the seconds from beat to beat at a rate that may vary."""
        return 60.0 / self.number(name)

    def drawn(self, low: float, high: float) -> float:
        """Draw from a range."""
        return float(self.rng.uniform(low, high))

    def one_of(self, things: Sequence[_Thing]) -> _Thing:
        """Draw one of several, all as likely."""
        return things[int(self.rng.integers(len(things)))]


@dataclass(frozen=True, slots=True)
class Preset:
    """A rhythm.

    Attributes
    ----------
    build
        Puts the parts of the heart together.
    variants
        By the names under which they are asked for.
    has_onset
        Whether it shows what it is only by how it begins: the time before belongs to it.
    noise
        Draws what noise a patient has.
    least_noise
        Share of that noise without which the rhythm is not what it is.
    """

    build: Callable[[Chosen], Heart]
    variants: Mapping[str, Variant] = field(default_factory=dict)
    has_onset: bool = False
    noise: Callable[[np.random.Generator], Noise] = usual_noise
    least_noise: float = 0.0

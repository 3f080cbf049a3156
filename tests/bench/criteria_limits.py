"""One demand on a simulated strip: a number that lies between two others."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import TypeAlias

from rhythmtrainer.model.simulated import Beginning
from tests.bench.criteria_observed import Observed

Measure: TypeAlias = Callable[..., float]
"""Takes what is observed, and of which waves it is asked where that is said."""

Of: TypeAlias = Beginning | tuple[Beginning, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A number that lies between two others, both included.

    Attributes
    ----------
    of
        Where the waves began that are meant; None where the measure does not ask.
    if_any
        Whether it also holds where a strip does not have what is measured.
    """

    measure: Measure
    low: float
    high: float
    of: Of | None = None
    if_any: bool = False

    @property
    def name(self) -> str:
        """What is demanded, in words."""
        what = self.measure.__name__.replace("_", " ")
        places = () if self.of is None else self.of if isinstance(self.of, tuple) else (self.of,)
        if places:
            what += " (" + ", ".join(place.name.lower() for place in places) + ")"
        if self.low == self.high:
            return f"{what} {self.low:g}"
        if not isfinite(self.high):
            return f"{what} >= {self.low:g}"
        if not isfinite(self.low):
            return f"{what} <= {self.high:g}"
        return f"{what} {self.low:g} to {self.high:g}"

    def fault(self, seen: Observed) -> str | None:
        """Return what is found instead; None where the criterion holds."""
        found = self.measure(seen) if self.of is None else self.measure(seen, self.of)
        if isnan(found):
            return None if self.if_any else "none there"
        return None if self.low <= found <= self.high else f"{found:.4g}"


def limit(measure: Measure, low: float, high: float = inf, *, of: Of | None = None) -> Criterion:
    """Demand that a number be there and lie between two others."""
    return Criterion(measure, low, high, of)


def if_any(measure: Measure, low: float, high: float = inf, *, of: Of | None = None) -> Criterion:
    """Demand that a number, if it is there, lie between two others."""
    return Criterion(measure, low, high, of, if_any=True)

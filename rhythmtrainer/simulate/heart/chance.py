"""Drawing from what is allowed."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

_SHORTEST_S: Final = 0.12  # between two impulses of any pacemaker

_Card = TypeVar("_Card")


def count(limits: tuple[int, int] | None, rng: np.random.Generator) -> int:
    """Draw a whole number, both limits included; -1, which is never reached, without limits."""
    return -1 if limits is None else int(rng.integers(limits[0], limits[1] + 1))


def left_of(limits: tuple[int, int] | None, rng: np.random.Generator) -> int:
    """Draw how much is left of such a count that has begun some time ago, at least 1."""
    drawn = count(limits, rng)
    return drawn if drawn < 1 else int(rng.integers(1, drawn + 1))


def uneven(interval_s: float, spread: float, rng: np.random.Generator) -> float:
    """Draw an interval around a usual one; the spread is its standard deviation as a share."""
    if spread:
        interval_s *= 1.0 + spread * float(rng.standard_normal())
    return max(interval_s, _SHORTEST_S)


def dealt(cards: Sequence[_Card], rng: np.random.Generator) -> Iterator[_Card]:
    """Deal out all of something, shuffled, again and again."""
    while True:
        for place in rng.permutation(len(cards)):
            yield cards[int(place)]

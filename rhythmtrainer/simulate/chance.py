"""Drawing from what a preset allows."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


def count(limits: tuple[int, int], rng: np.random.Generator) -> int:
    """Draw a whole number, both limits included."""
    return int(rng.integers(limits[0], limits[1] + 1))


def drawn(items: Sequence[_T], rng: np.random.Generator) -> Iterator[_T]:
    """Draw one item after another, whatever came before."""
    while True:
        yield items[int(rng.integers(len(items)))]


def dealt(items: Sequence[_T], rng: np.random.Generator) -> Iterator[_T]:
    """Deal out a shuffled hand again and again, so that none of them is long in coming."""
    while True:
        for place in rng.permutation(len(items)):
            yield items[int(place)]

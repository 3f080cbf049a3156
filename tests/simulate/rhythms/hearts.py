"""Truths of simulated rhythms, in the terms in which rhythms are described."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RhythmId, Truth
from rhythmtrainer.simulate import Stage, simulate_stages

SECONDS = 20.0
WINDOW_S = 10.0
SEEDS = range(30)
FEW = range(8)
"""Where ages and variants are gone through as well."""


@dataclass(frozen=True)
class Window:
    """The waves that begin within a stretch of a strip."""

    truth: Truth
    start_s: float
    end_s: float

    @property
    def p_s(self) -> NDArray[np.float64]:
        return self.truth.p_s[self._within(self.truth.p_s)]

    @property
    def qrs_s(self) -> NDArray[np.float64]:
        return self.truth.qrs_s[self._within(self.truth.qrs_s)]

    @property
    def p_beginning(self) -> NDArray[np.int8]:
        return self.truth.p_beginning[self._within(self.truth.p_s)]

    @property
    def qrs_beginning(self) -> NDArray[np.int8]:
        return self.truth.qrs_beginning[self._within(self.truth.qrs_s)]

    @property
    def qrs_width_s(self) -> NDArray[np.float64]:
        return (self.truth.qrs_end_s - self.truth.qrs_s)[self._within(self.truth.qrs_s)]

    @property
    def causes(self) -> NDArray[np.int64]:
        """Rows of the P waves that were conducted; -1 where none was."""
        return self.truth.qrs_p[self._within(self.truth.qrs_s)]

    @property
    def pr_s(self) -> NDArray[np.float64]:
        """Of the complexes that have a P wave."""
        causes, qrs_s = self.causes, self.qrs_s
        return qrs_s[causes >= 0] - self.truth.p_s[causes[causes >= 0]]

    @property
    def conducted(self) -> NDArray[np.bool_]:
        """Which P waves were conducted."""
        rows = np.flatnonzero(self._within(self.truth.p_s))
        return np.isin(rows, self.truth.qrs_p)

    @property
    def rr_s(self) -> NDArray[np.float64]:
        return np.diff(self.qrs_s)

    @property
    def pp_s(self) -> NDArray[np.float64]:
        return np.diff(self.p_s)

    @property
    def rate(self) -> float:
        return float(60.0 / self.rr_s.mean())

    def runs_conducted(self) -> list[int]:
        """Return how many P waves are conducted in a row, each time between two that are not."""
        blocked = np.flatnonzero(~self.conducted)
        return [int(after - before) - 1 for before, after in pairwise(blocked)]

    def _within(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        return (times_s >= self.start_s) & (times_s < self.end_s)


def whole(rhythm: RhythmId, seed: int, age: float | None = None, **variant: float | str) -> Window:
    """Simulate a strip, and return what happened in it but at its very end."""
    return Window(_truth(rhythm, seed, age, tuple(variant.items())), 0.0, SECONDS - 1.0)


def windows(rhythm: RhythmId, age: float | None = None, **variant: float | str) -> Iterator[Window]:
    """Return ten seconds from the beginning and from the middle of a strip of each seed."""
    for seed in SEEDS:
        truth = _truth(rhythm, seed, age, tuple(variant.items()))
        for start_s in (0.0, 4.5, 9.0):
            yield Window(truth, start_s, start_s + WINDOW_S)


@cache
def _truth(
    rhythm: RhythmId, seed: int, age: float | None, variant: tuple[tuple[str, float | str], ...]
) -> Truth:
    stages = [Stage(rhythm, SECONDS, dict(variant))]
    return simulate_stages(stages, fs=100.0, seed=seed, age=age, noise=0.0).truth

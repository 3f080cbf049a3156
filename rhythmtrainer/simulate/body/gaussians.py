"""Adding many Gaussians to a signal at once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

EDGE: Final = 2.2
"""Spreads from its peak at which a Gaussian begins and ends: 9 % of its height are left there.

All onsets and ends that are told of a wave are meant in this sense. Readers and their tangents
put them near there too.
"""

_REACH: Final = 3.9  # spreads; one part in 2,000 is left there
_LEAST_SPREAD: Final = 0.4  # samples; a narrower one could fall between two of them
_WIDER: Final = 1.4  # by which the windows that are drawn together may differ in width
_TOGETHER: Final = 65_536  # samples drawn in one step: they stay in the processor's cache

Times = NDArray[np.float64]


class Gaussians(NamedTuple):
    """Bumps, each with a spread of its own before its peak and behind it.

    Attributes
    ----------
    at_s, before_s, after_s
        Peaks and spreads in seconds, shape ``(beats, bumps)``.
    heights
        mV, shape ``(beats, bumps, channels)``.
    """

    at_s: Times
    before_s: Times
    after_s: Times
    heights: NDArray[np.float64]

    def at(self, onsets_s: Times, sizes: Times) -> "Gaussians":
        """Return those of beats that were drawn from their onsets on, in their places."""
        return self._replace(
            at_s=onsets_s[:, np.newaxis] + self.at_s,
            heights=self.heights * sizes[:, np.newaxis, np.newaxis],
        )


def joined(parts: Sequence[Gaussians]) -> Gaussians:
    """Put several parts of the same beats side by side."""
    return Gaussians(*(np.concatenate(field, axis=1) for field in zip(*parts, strict=True)))


def area(before_s: Times, after_s: Times) -> Times:
    """Return the areas below Gaussians of height 1, in seconds."""
    return np.asarray(np.sqrt(0.5 * np.pi) * (before_s + after_s))


def add_gaussians(signal: NDArray[np.float64], fs: float, bumps: Gaussians) -> None:
    """Add Gaussians to a signal of shape ``(channels, samples)``, in place."""
    before = np.maximum(bumps.before_s.ravel() * fs, _LEAST_SPREAD)
    after = np.maximum(bumps.after_s.ravel() * fs, _LEAST_SPREAD)
    at = bumps.at_s.ravel() * fs
    heights = bumps.heights.reshape(at.size, -1)
    first = np.floor(at - _REACH * before).astype(np.int64)
    width = np.ceil(at + _REACH * after).astype(np.int64) - first + 1
    seen = (first < signal.shape[1]) & (first + width > 0) & heights.any(axis=1)
    # Those of like width are drawn together, in the order of time, so that each step touches a
    # short stretch of the signal.
    kind = np.ceil(np.log(width) / np.log(_WIDER))
    order = np.lexsort((first, kind))
    order = order[seen[order]]
    kinds = kind[order]
    edges = [0, *(np.flatnonzero(np.diff(kinds)) + 1), order.size]
    for low, high in pairwise(edges):
        if low == high:
            continue
        widest = int(width[order[low:high]].max())
        step = max(1, _TOGETHER // widest)
        for start in range(low, high, step):
            some = order[start : min(start + step, high)]
            window = first[some], widest
            _add_some(signal, window, (at[some], before[some], after[some]), heights[some])


def _add_some(
    signal: NDArray[np.float64],
    window: tuple[NDArray[np.int64], int],
    shape: tuple[Times, Times, Times],
    heights: NDArray[np.float64],
) -> None:
    first, widest = window
    at, before, after = shape
    reach = np.arange(widest)
    away = (first - at).astype(np.float32)[:, np.newaxis] + reach.astype(np.float32)
    spreads = np.maximum(
        away * (1.0 / after).astype(np.float32)[:, np.newaxis],
        away * (-1.0 / before).astype(np.float32)[:, np.newaxis],
    )
    drawn = np.exp(-0.5 * spreads * spreads)
    low = int(first[0])
    places = (first - low)[:, np.newaxis] + reach
    high = low + int(first[-1]) - low + widest
    inside = slice(max(low, 0), min(high, signal.shape[1]))
    for channel, height in zip(signal, heights.T.astype(np.float32), strict=True):
        summed = np.bincount(places.ravel(), (drawn * height[:, np.newaxis]).ravel())
        channel[inside] += summed[inside.start - low : inside.stop - low]

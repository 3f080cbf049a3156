"""The usual ways through the ventricles, each a loop of the dipole drawn by a few Gaussians.

The narrow one follows the mean of 150 adults with normal sinus rhythm, taken back from their
twelve leads to the dipole; blocks and sites add what is activated late, and from where.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.heart.activity import Vector

Array = NDArray[np.float64]


class Loop(NamedTuple):
    """Gaussians in shares of the duration of a QRS complex.

    The complex begins at 0 and ends at 1, in the sense of `gaussians.EDGE`.

    Attributes
    ----------
    at, spread
        Shape ``(..., bumps)``.
    vectors
        mV towards left, feet and back, shape ``(..., bumps, 3)``.
    """

    at: Array
    spread: Array
    vectors: Array


class _Bump(NamedTuple):
    at: float
    spread: float
    vector: Vector


_NOTHING: Final = (0.0, 0.0, 0.0)
_SEPTUM: Final = (-0.06, -0.01, -0.16)
RIGHT_WALL: Final = 5
"""Bump of each conducted loop that is the right ventricle's wall, thick in the newborn only."""

_NARROW: Final = (
    _Bump(0.20, 0.080, _SEPTUM),
    _Bump(0.34, 0.074, (0.25, 0.14, -0.18)),
    _Bump(0.48, 0.073, (0.93, 0.57, 0.39)),
    _Bump(0.62, 0.076, (0.20, 0.19, 0.60)),
    _Bump(0.82, 0.080, (-0.09, -0.05, 0.18)),
    _Bump(0.57, 0.090, _NOTHING),
    _Bump(0.50, 0.100, _NOTHING),
)
# What the left bundle leads to takes half of the time; then the right ventricle follows, cell by
# cell, towards the right and the front.
_RIGHT_BLOCKED: Final = (
    _Bump(0.15, 0.068, _SEPTUM),
    _Bump(0.235, 0.054, _NARROW[1].vector),
    _Bump(0.325, 0.054, _NARROW[2].vector),
    _Bump(0.415, 0.056, _NARROW[3].vector),
    _Bump(0.58, 0.090, (-0.30, -0.20, -0.48)),
    _Bump(0.60, 0.090, _NOTHING),
    _Bump(0.764, 0.107, (-0.42, -0.32, -0.50)),
)
# The septum is activated from its right, so there is no q; then the left ventricle, slowly.
_LEFT_BLOCKED: Final = (
    _Bump(0.17, 0.077, (0.16, 0.10, -0.14)),
    _Bump(0.30, 0.094, (0.74, 0.70, 0.72)),
    _Bump(0.45, 0.090, (0.60, 0.50, 1.12)),
    _Bump(0.64, 0.090, (0.76, 0.56, 0.95)),
    _Bump(0.80, 0.090, (0.30, 0.22, 0.32)),
    _Bump(0.30, 0.090, _NOTHING),
    _Bump(0.50, 0.100, _NOTHING),
)
_CELL_BY_CELL: Final = (
    _Bump(0.170, 0.075, (0.28, 0.0, 0.08)),
    _Bump(0.305, 0.058, (0.78, 0.0, 0.15)),
    _Bump(0.435, 0.072, (0.78, 0.06, -0.10)),
    _Bump(0.590, 0.082, (0.74, 0.12, -0.10)),
    _Bump(0.775, 0.088, (0.42, 0.18, 0.05)),
)


def _loop(bumps: Sequence[_Bump]) -> Loop:
    return Loop(
        np.array([bump.at for bump in bumps]),
        np.array([bump.spread for bump in bumps]),
        np.array([bump.vector for bump in bumps]),
    )


CONDUCTED: Final = Loop(
    *map(np.stack, zip(*map(_loop, (_NARROW, _RIGHT_BLOCKED, _LEFT_BLOCKED)), strict=True))
)
"""By `Entry`: both bundles, the left alone, the right alone; a row of bumps for each."""

CELL_BY_CELL: Final = _loop(_CELL_BY_CELL)
"""From a site, at a size of 1. Its vectors are shares of three others: away from the site, towards
the base of the left ventricle, which is reached last, and across."""

LAST_REACHED: Final[Vector] = (0.30, -0.60, 0.74)
"""The base of the left ventricle, seen from the middle of both."""

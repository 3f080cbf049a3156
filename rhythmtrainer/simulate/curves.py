"""Curves that are smooth and never repeat, made of few points."""

from functools import cache
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

_Float = TypeVar("_Float", np.float32, np.float64)

LEAD_IN: Final = 3
"""Points that `through` needs beyond those that it draws."""

# Numbers made at a time. Larger arrays leave the cache, and their memory is asked for anew from
# the system each time, which takes longer than the work on it.
_PIECE: Final = 24_000

# A curve through random points is smaller than they are, because it evens them out; this is the
# mean of what is left over a stretch between two points, 151 / 315 of their variance.
_SMOOTHED: Final = (151.0 / 315.0) ** 0.5


def through(points: NDArray[_Float], every: int) -> NDArray[_Float]:
    """Draw the smooth curve that points pull towards them: a uniform cubic B-spline.

    Parameters
    ----------
    points
        Shape ``(..., n + 3)``.
    every
        Samples from one point to the next.

    Returns
    -------
    ndarray, shape ``(..., n * every)``
        Beginning beside the second point, of the same type as the points.
    """
    count = points.shape[-1] - LEAD_IN
    around = np.stack([points[..., k : k + count] for k in range(LEAD_IN + 1)], axis=-1)
    pull = _pull(every).astype(points.dtype, copy=False)
    return (around @ pull).reshape(*points.shape[:-1], count * every)


def lay(signal: NDArray[np.floating], points: NDArray[np.float32], every: int) -> None:
    """Add the curves that `through` draws to signals of the same or of a shorter length."""
    rows = points.size // points.shape[-1]
    step = max(1, _PIECE // (rows * max(every, LEAD_IN + 1)))
    for first in range(0, points.shape[-1] - LEAD_IN, step):
        place = signal[..., first * every : (first + step) * every]
        place += through(points[..., first : first + step + LEAD_IN], every)[..., : place.shape[-1]]


def wandering(
    shape: tuple[int, ...], samples: int, every: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw curves that wander about 0 with standard deviation 1.

    Parameters
    ----------
    shape
        Of the curves, which have nothing to do with one another.
    every
        Samples after which a curve has forgotten where it was: it holds frequencies up to about
        a third of ``1 / every``, and next to nothing beyond ``1 / every``.

    Returns
    -------
    ndarray, shape ``(*shape, samples)``
    """
    points = rng.standard_normal((*shape, -(-samples // every) + LEAD_IN), np.float32)
    points /= np.float32(_SMOOTHED)
    return through(points, every)[..., :samples]


def rough(
    curves: int, samples: int, octaves: int, falling: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw noise that is the smaller the higher its frequency, with standard deviation 1.

    Parameters
    ----------
    octaves
        Over how many it falls: the highest ends at a third of the sampling rate, and below the
        lowest it falls no more.
    falling
        Size of an octave over that of the one below.

    Returns
    -------
    ndarray, shape ``(curves, samples)``
    """
    noise = np.zeros((curves, 0), np.float32)
    for octave in range(octaves):
        points = -(-samples // 2 ** (octaves - 1 - octave)) + 2 * LEAD_IN
        fresh = rng.standard_normal((curves, points), np.float32)
        fresh *= np.float32(falling**octave)
        noise = through(noise, 2)[:, :points] + fresh if octave else fresh
    return noise[:, :samples] / np.float32(_rough_size(octaves, falling))


def turning(turns: NDArray[np.floating], start: float) -> NDArray[np.complex64]:
    """Return a number of size 1 that turns about 0.

    Parameters
    ----------
    turns
        From point to point, of which one is a whole turn.
    start
        Turns ahead of the first.
    """
    whole = start + np.cumsum(turns, dtype=np.float64)
    angle = (2.0 * np.pi * (whole - np.floor(whole))).astype(np.float32)
    wave = np.empty(angle.shape, np.complex64)
    wave.real, wave.imag = np.cos(angle), np.sin(angle)
    return wave


@cache
def _rough_size(octaves: int, falling: float) -> float:
    """Return the standard deviation of the sum of the octaves of `rough`."""
    # What `through` does at half a step, and how alike that makes samples that lie apart.
    pull = np.array([1.0, 8.0, 23.0, 32.0, 23.0, 8.0, 1.0]) / 48.0
    alike = np.convolve(pull, pull)
    covariance = np.ones(1)
    for octave in range(1, octaves):
        finer = np.zeros(2 * covariance.size - 1)
        finer[::2] = covariance
        covariance = 0.5 * np.convolve(finer, alike)
        covariance[covariance.size // 2] += falling ** (2 * octave)
    return float(covariance[covariance.size // 2] ** 0.5)


@cache
def _pull(every: int) -> NDArray[np.float64]:
    """Return how much each of four points counts at each sample between the middle two."""
    part = np.arange(every) / every
    rest = 1.0 - part
    inner = [3.0 * far**3 - 6.0 * far**2 + 4.0 for far in (part, rest)]
    return np.stack([rest**3, *inner, part**3]) / 6.0

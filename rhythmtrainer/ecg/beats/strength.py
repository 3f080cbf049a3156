"""How strong the QRS complexes of one lead are, on a grid of about 90 Hz."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats.memory import borrowed, give_back
from rhythmtrainer.ecg.running import median_below, neighbourhoods, running_quantiles

Samples: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Strengths: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

GRID_RATE = 90.0  # Hz, about
SMALLEST_SPAN, LARGEST_SPAN = 1e-25, 1e25  # anything beyond is scaled before it is added up
CHUNK = 2**15  # grid points worked on at a time, so that what is in between stays in the cache
SMALL_PRODUCT = 2**18  # multiplications; from here on OpenBLAS wakes its threads

# Most of the energy of a QRS lies at 5 to 20 Hz (Thakor 1984); the upper half leaves T waves and
# electrode motion furthest behind.
QRS_FREQUENCY = 17.0  # Hz
QRS_SPREAD = 0.0275  # s, standard deviation of the filter's window
FILTER_REACH = 0.05  # s to each side
ROUNDING = 1e-12  # strength of rounding errors, where the largest deflection is 1
WIDEST_FILTER = 0.111  # s to each side
SURROUNDINGS = 0.15  # s to each side of a point of the grid

# Strengths are squares: 0.15 of the level is 39 % of the usual amplitude.
LEVEL_WINDOW = 11  # s, holds three beats at 20/min and still follows a drift
LEVEL_FLOOR = 0.15  # of the third-strongest second, or pauses would lower the level to the noise
# The strongest point against the mean is 7 and more in an ECG below 150/min, 2 to 6 in the fastest
# rhythms, and 3 to 5.5 in noise.
ECG_CONTRAST = 5.5


def averaged(samples: Samples, step: int, margin: int) -> tuple[Strengths, float]:
    """Average every `step` samples; return that and the largest deflection, which becomes 1.

    The averages have `margin` more values at either end, equal to the first and the last. The
    deflection is 0 if nothing is left but rounding errors, and not finite if a sample is not.
    """
    size = samples.size // step
    grid = borrowed(size + 2 * margin)
    work = borrowed(min(size, CHUNK) * step, samples.dtype)
    inner = grid[margin : margin + size]
    with np.errstate(all="ignore"):
        offset = samples[0] * step  # any will do that is near enough to keep the precision
        for start in range(0, size, CHUNK):
            sums = _sums(samples[start * step : (start + CHUNK) * step], step, work)
            np.subtract(sums, offset, out=inner[start : start + CHUNK], casting="same_kind")
        # A sum that is not finite shows that one of its terms is not.
        rest = samples[size * step :].sum() * 0
        highest, lowest = inner.max() + rest, inner.min() + rest
        span = float(max(highest, -lowest))
        if highest - lowest <= 4 * step * np.finfo(samples.dtype).eps * (span + abs(offset)):
            span = 0.0
        if SMALLEST_SPAN < span < LARGEST_SPAN:
            inner *= np.float32(1 / span)
    give_back(work)
    grid[:margin], grid[margin + size :] = inner[0], inner[-1]
    return grid, span


def _sums(samples: Samples, step: int, work: Samples) -> Samples:
    """Add up every `step` samples; in pairs while that goes, which is the fastest."""
    sums = samples[: samples.size // step * step]
    start = 0
    while step % 2 == 0:
        end = start + sums.size // 2
        # Of four, two and two can be added at a time, as if they were complex numbers.
        kind = f"c{2 * sums.itemsize}" if step % 4 == 0 else sums.dtype
        pairs = sums.view(kind)
        np.add(pairs[0::2], pairs[1::2], out=work[start:end].view(kind))
        sums, start = work[start:end], end
        step //= 2
    parts = sums
    sums = parts[0::step]
    for offset in range(1, step):
        sums = sums + parts[offset::step]
    return sums


def margin_of(grid_rate: float) -> int:
    """Return how many points beyond either end of the grid the filters need."""
    return 3 * (round(WIDEST_FILTER * grid_rate) + 1)


def surroundings(grid: Strengths, margin: int, reach: int) -> Strengths:
    """Return what is around each point of the grid, a row each."""
    reached = grid[margin - reach : grid.size - margin + reach]
    return neighbourhoods(reached, 2 * reach + 1)


def qrs_strength(grid: Strengths, grid_rate: float, margin: int) -> Strengths:
    """Square of the envelope, from an even and an odd filter a quarter of a wave apart.

    Written as products of matrices, the two filters take half the time of two convolutions: the
    grid is cut into blocks of twice the filters' reach, and a block of waves comes from two blocks
    of the grid. The products are kept too small to wake the threads of the linear algebra.
    """
    reach, here, beyond = _qrs_filters(grid_rate)
    block = 2 * reach
    size = grid.size - 2 * margin
    count = -(-size // block)
    start = margin - reach
    blocks = grid[start : start + (count + 1) * block].reshape(-1, block)
    strength = borrowed(count * block)
    at_once = min(count, SMALL_PRODUCT // (2 * block * block))
    waves, more = borrowed(2 * block * at_once), borrowed(2 * block * at_once)
    for first in range(0, count, at_once):
        last = min(first + at_once, count)
        flat, rest = waves[: 2 * block * (last - first)], more[: 2 * block * (last - first)]
        np.matmul(blocks[first:last], here, out=flat.reshape(-1, 2 * block))
        np.matmul(blocks[first + 1 : last + 1], beyond, out=rest.reshape(-1, 2 * block))
        flat += rest
        flat *= flat
        np.add(flat[0::2], flat[1::2], out=strength[first * block : last * block])
    give_back(waves, more)
    return strength[:size]


@lru_cache
def _qrs_filters(grid_rate: float) -> tuple[int, Strengths, Strengths]:
    """Return the filters' reach, and what either block of the grid adds to a block of waves.

    A column each for the even and the odd wave at the first point, at the second, and so on.
    """
    reach = round(FILTER_REACH * grid_rate)
    time = np.arange(-reach, reach + 1) / grid_rate
    window = np.exp(-0.5 * (time / QRS_SPREAD) ** 2)
    phase = 2 * np.pi * QRS_FREQUENCY * time
    even = window * np.cos(phase)
    even -= window * even.sum() / window.sum()
    odd = window * np.sin(phase)
    both = np.zeros((4 * reach, 2 * reach, 2), np.float32)
    for point in range(2 * reach):
        both[point : point + time.size, point] = np.stack([even, odd], axis=1)
    here, beyond = both.reshape(2, 2 * reach, 4 * reach)
    return reach, here, beyond


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """How strong the complexes of one lead, or of several, are.

    Parameters
    ----------
    strength : ndarray, shape (points,)
        How strong a QRS complex would be at each point of the grid.
    second : int
        Points of the grid to a second.
    level : ndarray, shape (whole seconds,)
        How strong the complexes are around that second; 0 where there is no signal (a gap, a lead
        that is off). Such seconds do not count for their neighbours.
    clear : ndarray of bool, shape (whole seconds,)
        Whether that has the contrast of an ECG.
    """

    strength: Strengths
    second: int
    level: Strengths
    clear: Mask


def levelled(strength: Strengths, grid_rate: float) -> Heard:
    """Find out how strong the complexes are, from the strongest point of every second."""
    second = min(round(grid_rate), strength.size)
    starts = np.arange(0, strength.size - second + 1, second)
    strongest = np.maximum.reduceat(strength, starts)
    mean = np.add.reduceat(strength, starts)
    mean[:-1] /= second
    mean[-1] /= strength.size - starts[-1]
    heard = strongest > ROUNDING
    level, clear = np.zeros(heard.size, np.float32), np.zeros(heard.size, np.bool_)
    if np.count_nonzero(heard):
        usual, high = running_quantiles(strongest[heard], LEVEL_WINDOW, 0.5, 0.8)
        level[heard] = np.maximum(usual, LEVEL_FLOOR * high)
        most = level[heard] / np.float32(ECG_CONTRAST)
        mean = mean[heard]
        certain = mean.max() < most.min()
        clear[heard] = certain or median_below(mean, LEVEL_WINDOW, most)
    return Heard(strength, second, level, clear)


def local_maxima(strength: Strengths, least: Strengths, second: int) -> Indices:
    """Find the maxima above `least`, which is given for every second; 0 means none at all."""
    least = np.where(least > 0, least, np.float32(np.inf))[:, None]
    whole = least.size * second
    found = borrowed(strength.size, np.bool_)
    by_second = found[:whole].reshape(-1, second)
    np.greater(strength[:whole].reshape(-1, second), least, out=by_second)
    np.greater(strength[whole:], least[-1], out=found[whole:])
    rising = np.greater(strength[1:], strength[:-1], out=borrowed(strength.size - 1, np.bool_))
    tops = np.greater(rising[:-1], rising[1:], out=borrowed(rising.size - 1, np.bool_))
    found[1:-1] &= tops
    found[0] = found[-1] = False
    maxima = found.nonzero()[0]
    give_back(found, rising, tops)
    return maxima

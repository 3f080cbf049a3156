"""Hear the QRS complexes of a lead through noise, by what they look like where it is quiet.

What stands out least from noise is told apart best by the matched filter: the shape that is sought,
whitened by the spectrum of the noise it is sought in. Both are learned from the lead itself, so
that electrode motion (slow) and muscle (quick) are each met with the frequencies they leave free.
"""

import numpy as np

from rhythmtrainer.ecg.beats.choice import STRONG, strong_beats
from rhythmtrainer.ecg.beats.strength import (
    LEVEL_WINDOW,
    ROUNDING,
    SMALL_PRODUCT,
    SURROUNDINGS,
    Heard,
    Indices,
    Mask,
    Strengths,
    levelled,
    local_maxima,
    surroundings,
)
from rhythmtrainer.ecg.running import median_above, neighbourhoods

NOISY = 0.004  # of the level: 6 % of the usual amplitude
NOISY_SHARE = 0.6  # of the points of a second
FLOOR_STRIDE = 3  # grid points; a third of them show it as well
LOUDER = 1.5  # times that share: the next step up where hardly any second is quiet
MATCH_REACH = 0.111  # s to each side of the maximum of strength
CALMEST = 0.3  # share of the seconds to learn from, at the least
FEWEST_TO_LEARN = 10  # beats
MOST_TO_LEARN = 100  # beats; more would only repeat them
ALIKE = 0.8  # correlation of the slopes of two beats of one shape
SHAPES = 5  # for normal and ectopic beats, and for one shape caught at two points of the grid
FEWEST_OF_A_SHAPE = 5
SHARE_OF_A_SHAPE = 0.02  # of the beats
LEAST_NOISE = 1e-3  # of the mean square slope, added as white noise
FAINT = 0.1  # of the usual strength: fainter answers are noise


def heard_through_noise(plain: Heard, grid: Strengths, margin: int, grid_rate: float) -> Heard:
    """Return `plain`, and where it is noisy in its place the answer of matched filters."""
    strength, level, second = plain.strength, plain.level, plain.second
    noisy = _noisy(plain, NOISY)
    if not np.count_nonzero(noisy):
        return plain
    around = surroundings(grid, margin, round(SURROUNDINGS * grid_rate))
    maxima = local_maxima(strength, STRONG * level, second)
    of_second = np.minimum(maxima // second, level.size - 1)
    beats = strong_beats(maxima, strength[maxima] / level[of_second], around, grid_rate)
    maxima, of_second = maxima[beats], of_second[beats]
    reach = round(MATCH_REACH * grid_rate)
    learned = maxima[_quiet(plain, noisy)[of_second]]
    learned = learned[(learned > reach) & (learned < strength.size - reach - 1)]
    if learned.size < FEWEST_TO_LEARN:
        return plain
    learned = learned[:: -(-learned.size // MOST_TO_LEARN)]

    slopes = grid[margin - reach + 1 : grid.size - margin + reach + 1]
    slopes = slopes - grid[margin - reach : grid.size - margin + reach]
    shapes, of_first = _shapes(neighbourhoods(slopes, 2 * reach + 1)[learned])
    between = slopes[reach : reach + level.size * second].copy()
    known = maxima[noisy[of_second]]
    between[np.clip(known[:, None] + np.arange(-reach, reach + 1), 0, between.size - 1)] = 0
    between = between.reshape(-1, second)[noisy].reshape(-1)
    if shapes.size == 0 or np.abs(between).max(initial=0) < ROUNDING:
        return plain
    filters = _matched(shapes, between)
    usual = float(np.median(strength[learned[of_first]]))
    filters *= np.float32(np.sqrt(usual)) / (filters[0] @ shapes[0])
    loud = _per_point(noisy, second, strength.size)
    answer = _answer(grid, margin, filters, loud)
    loud &= _per_point(_as_learned(answer, second, usual), second, strength.size)
    return levelled(np.where(loud, answer, strength), grid_rate)


def _as_learned(answer: Strengths, second: int, usual: float) -> Mask:
    """Tell around which seconds the answer is about as strong as it was where it was learned.

    Where it is not, no such complexes are to be heard, only what in the noise resembles them most.
    """
    strongest = np.maximum.reduceat(answer, np.arange(0, answer.size - second + 1, second))
    return median_above(strongest, LEVEL_WINDOW, FAINT * usual)


def _per_point(mask: Mask, second: int, points: int) -> Mask:
    """Repeat what is known of every second for each of its points; of the last for the rest."""
    repeated = mask.repeat(second)
    return np.concatenate([repeated, mask[-1:].repeat(points - repeated.size)])


def _noisy(heard: Heard, floor: float) -> Mask:
    """Tell around which seconds most of the points are stronger than a share of the level.

    Complexes, P and T waves cover no more than half of a second: only noise does that.
    """
    level, second = heard.level, heard.second
    strong = heard.strength[: level.size * second].reshape(-1, second)[:, ::FLOOR_STRIDE]
    # A second without a signal is not noisy.
    least = np.where(level > 0, np.float32(floor) * level, np.float32(np.inf))
    above = np.add.reduce(strong > least[:, None], axis=1, dtype=np.int16)
    most = strong.shape[1] * NOISY_SHARE
    if above.max() <= most:
        return np.zeros(level.size, np.bool_)
    return median_above(above, LEVEL_WINDOW, most)


def _quiet(heard: Heard, noisy: Mask) -> Mask:
    """Tell which seconds are fit to learn from; the calmest, if hardly any is quiet."""
    floor, loud = NOISY, noisy
    while floor < 1 and np.count_nonzero(loud) > (1 - CALMEST) * loud.size:
        floor *= LOUDER
        loud = _noisy(heard, floor)
    return ~loud


def _shapes(windows: Strengths) -> tuple[Strengths, Indices]:
    """Return the shapes that recur, the most frequent first, and the numbers of its windows."""
    size = np.sqrt((windows * windows).sum(axis=1, keepdims=True))
    unit = windows / np.maximum(size, np.finfo(np.float32).tiny)
    alike = unit @ unit.T > ALIKE
    fewest = max(FEWEST_OF_A_SHAPE, SHARE_OF_A_SHAPE * len(windows))
    shapes, of_first = [], np.empty(0, np.int64)
    for _ in range(SHAPES):
        members = alike[alike.sum(axis=1).argmax()].nonzero()[0]
        if members.size < fewest:
            break
        shapes.append(np.median(windows[members], axis=0))
        of_first = of_first if of_first.size else members
        alike[members] = False
        alike[:, members] = False
    return np.array(shapes, np.float32), of_first


def _matched(shapes: Strengths, noise: Strengths) -> Strengths:
    """Return the filters that tell `shapes` best from `noise`, whose answer to it is equal."""
    lags = np.arange(shapes.shape[1])
    noise = noise / np.abs(noise).max()
    covariance = np.array([noise[: noise.size - lag] @ noise[lag:] for lag in lags], np.float64)
    covariance /= covariance[0]
    matrix = covariance[np.abs(lags - lags[:, None])]
    matrix[lags, lags] += LEAST_NOISE
    filters = np.linalg.solve(matrix, shapes.T).T
    filters /= np.sqrt((filters * shapes).sum(axis=1, keepdims=True))
    return filters.astype(np.float32)


def _answer(grid: Strengths, margin: int, filters: Strengths, wanted: Mask) -> Strengths:
    """Return the square of the strongest answer to the slopes of `grid`, where it is wanted."""
    reach = filters.shape[1] // 2 + 1
    taps = np.pad(filters, ((0, 0), (2, 0))) - np.pad(filters, ((0, 0), (1, 1)))
    block, count = 2 * reach, -(-wanted.size // (2 * reach))
    both = np.zeros((2 * block, len(filters), block), np.float32)
    for point in range(block):
        both[point : point + block + 1, :, point] = taps.T
    here, beyond = both.reshape(2, block, -1)
    blocks = grid[margin - reach : margin - reach + (count + 1) * block].reshape(-1, block)
    answer = np.zeros(count * block, np.float32)
    at_once = max(1, SMALL_PRODUCT // here.size)
    for first in range(0, count, at_once):
        last = min(first + at_once, count)
        if not wanted[first * block : last * block].any():
            continue
        waves = blocks[first:last] @ here
        waves += blocks[first + 1 : last + 1] @ beyond
        strongest = np.maximum(waves[:, :block], 0)
        for other in range(block, waves.shape[1], block):
            np.maximum(strongest, waves[:, other : other + block], out=strongest)
        np.square(strongest, out=answer[first * block : last * block].reshape(-1, block))
    return answer[: wanted.size]

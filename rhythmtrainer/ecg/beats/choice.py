"""Which of the places where QRS complexes might be are beats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats.strength import Heard, Indices, Mask, Strengths, local_maxima
from rhythmtrainer.ecg.running import median_below, neighbourhoods, odd_window, running_median

# Strengths are squares: 0.15 of the level is 39 % of the usual amplitude.
STRONG = 0.155  # of the level: a beat on its own
WEAK = 0.06  # of the level: a beat if the rhythm wants one

# A long refractory period loses beats from 229/min on, a short one counts wide complexes twice, on
# the way up and on the way down. What is close is two beats if the two look alike.
SHORTEST_REFRACTORY = 0.16  # s, lets an irregular 300/min through
LONGEST_REFRACTORY = 0.262  # s, a wide complex with its notches
TWIN_REACH = 0.066  # s to each side
ALIKE = 0.8  # correlation of two beats that may be closer
UNLIKE = 0.3  # correlation of what may be two sides of one complex
REFRACTORY_SHARE = 0.75  # of the longest interval nearby
TWIN_LEAST = 0.25  # of the level; flutter waves, which are alike, too, are weaker
TWIN_STRENGTH = 2.25  # times the other's: 1.5 times its amplitude
T_WAVE_WINDOW = 0.45  # s after a beat
T_WAVE_STRENGTH = 0.07  # of the beat before: 26 % of its amplitude
STRONGEST = 6.0  # of the level: a beat; a jump of the baseline is stronger and has no T wave
FEWEST_BEATS = 4  # for a rhythm to show
RHYTHM_WINDOW = 9  # intervals
LONG_INTERVAL = 1.4  # of the usual interval: look again for a beat
SEARCHES = 2  # an interval can hide more than one beat
SEARCH_START = 0.314  # s after a beat, clear of its T wave

NOISE_WINDOW = 15  # intervals
STRAY_STRENGTH = 0.015  # of the level: a maximum that a clean baseline does not have; the least
STRAYS_PER_BEAT = 0.2  # from here on a stretch is noisy
EXTRA_STRENGTH = 0.9  # of both neighbours: weaker may be noise between two beats
EXTRA_INTERVAL = 1.1  # of the usual interval: the two neighbours are one beat apart
# In noise no complex resembles the next (0.33 at most).
RESEMBLANCE = 0.3  # correlation of the slopes
FAST_INTERVAL = 1.0  # s; a slower rhythm without contrast is a wandering baseline


def choose_beats(heard: Heard, around: Strengths, grid_rate: float) -> Indices:
    """Choose the maxima of strength that are beats.

    `around` is what a lead looks like around each point of the grid.
    """
    strength, level, second = heard.strength, heard.level, heard.second
    maxima = local_maxima(strength, STRAY_STRENGTH * level, second)
    of_second = np.minimum(maxima // second, level.size - 1)
    weight = strength[maxima] / level[of_second]
    beats = strong_beats(maxima, weight, around, grid_rate)
    if beats.size >= FEWEST_BEATS:
        noisy = _in_noise(beats, maxima, grid_rate)
        beats = beats[_without_extra(maxima[beats], weight[beats], noisy)]
        for _ in range(SEARCHES):
            missed = _missed(beats, maxima, weight, grid_rate)
            if missed.size == 0:
                break
            beats = np.concatenate([beats, missed])
            beats.sort()
        beats = beats[_not_noise(around, maxima[beats], heard.clear[of_second[beats]], grid_rate)]
    return maxima[beats]


def strong_beats(
    maxima: Indices, weight: Strengths, around: Strengths, grid_rate: float
) -> Indices:
    """Choose the maxima that are beats on their own; return their numbers among `maxima`."""
    beats = (weight > STRONG).nonzero()[0]
    refractory = np.full(beats.size, SHORTEST_REFRACTORY * grid_rate)
    beats = beats[_survivors(maxima[beats], weight[beats], refractory)]
    refractory = _adaptive_refractory(maxima[beats], weight[beats], around, grid_rate)
    beats = beats[_survivors(maxima[beats], weight[beats], refractory)]
    return beats[_without_t_waves(maxima[beats], weight[beats], grid_rate)]


def _adaptive_refractory(
    position: Indices, weight: Strengths, around: Strengths, grid_rate: float
) -> NDArray[np.float64]:
    """Refractory period of every beat: shorter in a run of short intervals, none between twins.

    A notch or a T wave makes one interval short, but never all of those around it. In a fast rhythm
    of wide complexes it is those counted twice that make a run, and they are the unlike ones.
    """
    longest = LONGEST_REFRACTORY * grid_rate
    refractory = np.full(position.size, longest)
    intervals = _gaps(position)
    if position.size < FEWEST_BEATS or intervals.min() >= longest:
        return refractory
    # Of the two intervals to either side; at the ends, of those there are.
    start, end = intervals[:1], intervals[-1:]
    padded = np.concatenate([start, start, intervals, end, end])
    nearby = neighbourhoods(padded, 4).max(axis=1)
    np.minimum(refractory, REFRACTORY_SHARE * nearby, out=refractory)
    first = (intervals < longest).nonzero()[0]
    alike = _alikeness(position[first], position[first + 1], around, grid_rate)
    for pair in (first, first + 1):
        refractory[pair[alike < UNLIKE]] = longest
    weaker = np.minimum(weight[first], weight[first + 1])
    stronger = np.maximum(weight[first], weight[first + 1])
    twins = (alike > ALIKE) & (weaker > TWIN_LEAST) & (stronger < TWIN_STRENGTH * weaker)
    for pair in (first, first + 1):
        refractory[pair[twins]] = 0
    return refractory


def _alikeness(left: Indices, right: Indices, around: Strengths, grid_rate: float) -> Strengths:
    """Return the correlation of what is around pairs of points, shifted by up to one point."""
    middle, reach = around.shape[1] // 2, round(TWIN_REACH * grid_rate)
    here = _standardised(around[left, middle - reach : middle + reach + 1])
    best = np.full(left.size, -1, np.float32)
    for shift in (-1, 0, 1):
        start = middle - reach + shift
        there = _standardised(around[right, start : start + 2 * reach + 1])
        np.maximum(best, (here * there).sum(axis=1), out=best)
    return best


def _standardised(windows: Strengths) -> Strengths:
    windows = windows - windows.mean(axis=1, keepdims=True)
    size = np.sqrt((windows * windows).sum(axis=1, keepdims=True))
    return np.asarray(windows / np.maximum(size, np.finfo(np.float32).tiny))


def _gaps(position: NDArray[Any]) -> NDArray[Any]:
    """Do what `np.diff` does, in a third of the time for a short series."""
    return np.asarray(position[1:] - position[:-1])


def _survivors(
    position: Indices, weight: Strengths, refractory: NDArray[np.float64]
) -> Indices | slice:
    """Let the stronger of two that are too close survive, the strongest first."""
    kept: Indices | slice = slice(None)
    while True:
        close = _gaps(position) < np.minimum(refractory[1:], refractory[:-1])
        if not np.count_nonzero(close):
            return kept
        falling = weight[:-1] >= weight[1:]
        beaten_from_left = np.zeros(position.size, np.bool_)
        beaten_from_right = beaten_from_left.copy()
        np.logical_and(close, falling, out=beaten_from_left[1:])
        np.greater(close, falling, out=beaten_from_right[:-1])
        beaten = beaten_from_left | beaten_from_right
        # Only a winner removes: what is close to a loser may yet stand.
        beaten_from_left[1:] &= ~beaten[:-1]
        beaten_from_right[:-1] &= ~beaten[1:]
        stays = (~(beaten_from_left | beaten_from_right)).nonzero()[0]
        kept = stays if isinstance(kept, slice) else kept[stays]
        position, weight, refractory = position[stays], weight[stays], refractory[stays]


def _without_t_waves(position: Indices, weight: Strengths, grid_rate: float) -> Indices | slice:
    """Drop what follows a much stronger beat at the distance of a T wave."""
    kept: Indices | slice = slice(None)
    while True:
        t_wave = weight[1:] < T_WAVE_STRENGTH * np.minimum(weight[:-1], STRONGEST)
        t_wave &= _gaps(position) < T_WAVE_WINDOW * grid_rate
        if not np.count_nonzero(t_wave):
            return kept
        t_wave[1:] &= ~t_wave[:-1]
        stays = np.append(0, (~t_wave).nonzero()[0] + 1)
        kept = stays if isinstance(kept, slice) else kept[stays]
        position, weight = position[stays], weight[stays]


def _in_noise(beats: Indices, maxima: Indices, grid_rate: float) -> Mask:
    """Tell around which beats there are maxima away from any beat."""
    position, number = maxima[beats], _gaps(beats)
    inside = maxima[beats[0] : beats[-1]]
    to_nearest = np.minimum(
        inside - position[:-1].repeat(number), position[1:].repeat(number) - inside
    )
    stray = to_nearest > LONGEST_REFRACTORY * grid_rate
    strays = np.add.reduceat(stray, beats[:-1] - beats[0], dtype=np.int32)
    window = odd_window(NOISE_WINDOW, strays.size)
    padded = np.zeros(strays.size + window - 1, np.int32)
    padded[window // 2 : window // 2 + strays.size] = strays
    nearby = np.add.reduce(neighbourhoods(padded, strays.size), axis=0, dtype=np.int32)
    noisy = nearby > STRAYS_PER_BEAT * window
    around = np.zeros(beats.size, np.bool_)
    around[1:] = noisy
    around[:-1] |= noisy
    return around


def _without_extra(position: Indices, weight: Strengths, noisy: Mask) -> Indices | slice:
    """Drop, in noise, what is weaker than both neighbours and one too many for the rhythm.

    Interpolated ventricular beats look the same to the rhythm; on a clean baseline they stay.
    """
    kept: Indices | slice = slice(None)
    while position.size >= FEWEST_BEATS:
        extra = weight[1:-1] < EXTRA_STRENGTH * np.minimum(weight[:-2], weight[2:])
        extra &= noisy[1:-1]
        if not np.count_nonzero(extra):
            break
        doubtful = extra.nonzero()[0]
        intervals = _gaps(position)
        without = intervals[doubtful] + intervals[doubtful + 1]
        usual = np.maximum(
            running_median(intervals, NOISE_WINDOW, doubtful),
            running_median(intervals, NOISE_WINDOW, doubtful + 1),
        )
        dropped = doubtful[without < EXTRA_INTERVAL * usual] + 1
        if dropped.size == 0:
            break
        stays = np.delete(np.arange(position.size), dropped)
        kept = stays if isinstance(kept, slice) else kept[stays]
        position, weight, noisy = position[stays], weight[stays], noisy[stays]
    return kept


def _missed(beats: Indices, maxima: Indices, weight: Strengths, grid_rate: float) -> Indices:
    """Find the strongest weak maximum of each interval that is too long for the rhythm."""
    position = maxima[beats]
    intervals = _gaps(position)
    if intervals.max() <= LONG_INTERVAL * intervals.min():
        return np.empty(0, np.int64)
    long = median_below(LONG_INTERVAL * intervals, RHYTHM_WINDOW, intervals)
    if not np.count_nonzero(long):
        return np.empty(0, np.int64)
    weak = long.repeat(_gaps(beats))
    weak &= weight[beats[0] : beats[-1]] > WEAK
    weak = weak.nonzero()[0] + beats[0]
    before = beats.searchsorted(weak, side="right") - 1

    since = maxima[weak] - position[before]
    until = position[before + 1] - maxima[weak]
    t_wave = weight[weak] < T_WAVE_STRENGTH * np.minimum(weight[beats[before]], STRONGEST)
    t_wave &= since < T_WAVE_WINDOW * grid_rate
    wanted = (since >= SEARCH_START * grid_rate) & (until >= LONGEST_REFRACTORY * grid_rate)
    wanted &= ~t_wave
    weak, before = weak[wanted], before[wanted]
    strongest_first = np.lexsort((-weight[weak], before))
    before = before[strongest_first]
    first = np.ones(before.size, np.bool_)
    first[1:] = before[1:] > before[:-1]
    return np.asarray(weak[strongest_first[first]])


def _not_noise(around: Strengths, beats: Indices, clear: Mask, grid_rate: float) -> Mask:
    """Tell which beats have the contrast of an ECG or are fast and resemble their neighbours."""
    doubtful = beats[~clear]
    if doubtful.size < FEWEST_BEATS:
        return np.ones(beats.size, np.bool_)
    # Slopes, because on a wandering baseline everything resembles everything.
    slopes = np.diff(around[doubtful], axis=1)
    slopes -= slopes.mean(axis=1, keepdims=True)
    size = np.sqrt((slopes**2).sum(axis=1, keepdims=True))
    slopes /= np.maximum(size, np.finfo(np.float32).tiny)
    alike = (slopes[1:] * slopes[:-1]).sum(axis=1)
    # In bigeminy and alternans it is the next but one that looks the same.
    alike[:-1] = np.maximum(alike[:-1], (slopes[2:] * slopes[:-2]).sum(axis=1))
    steady = ~median_below(alike, NOISE_WINDOW, RESEMBLANCE)
    fast = median_below(_gaps(beats), NOISE_WINDOW, FAST_INTERVAL * grid_rate)
    kept = np.append(fast, fast[-1])
    kept[~clear] &= np.append(steady, steady[-1])
    return np.asarray(clear | kept)

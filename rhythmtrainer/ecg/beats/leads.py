"""One lead on the grid, and what several leads say together.

Every lead has its own list of beats. What all of them show is a beat. Where they differ, the odds
decide: how strong the complex is in the leads that show it and in those that do not, how noisy and
irregular either are, whether it is like its neighbours, how often a lead agrees with the others,
and whether the rhythm has room for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats.choice import FEWEST_BEATS, choose_beats
from rhythmtrainer.ecg.beats.noise import heard_through_noise
from rhythmtrainer.ecg.beats.peaks import nearest, r_peaks
from rhythmtrainer.ecg.beats.strength import (
    FILTER_REACH,
    GRID_RATE,
    LARGEST_SPAN,
    SMALLEST_SPAN,
    SURROUNDINGS,
    Heard,
    Indices,
    Mask,
    Samples,
    Strengths,
    averaged,
    levelled,
    margin_of,
    qrs_strength,
    surroundings,
)
from rhythmtrainer.ecg.running import running_median

Evidence: TypeAlias = NDArray[np.float64]

ONE_BEAT = 0.133  # s: how far apart the strongest points of a complex are in two leads
NEIGHBOURS = 15  # beats to either side, by which the agreement of the leads is judged
INTERVALS = 9  # to either side, by which the regularity of a lead is judged
LEAST_AGREEMENT = 0.3  # less is the fault of the others, that show hardly any beats
LARGEST_SHARE = 1.5  # of the level; stronger says no more
CLEANEST = 1e-3  # median strength, of the level; what is less makes no difference any more
FLOOR_STRIDE = 3  # grid points; a third of them have the same median
SILENT = 0.05  # of the level: the strongest point of two seconds of a lead that is off
LEAST_REGULAR = 0.6  # change of the intervals, as a logarithm; more makes no difference any more
COMPLEX_REACH = 0.111  # s to each side of a beat, for how alike beats are
NEXT_BEATS = (-3, -2, -1, 1, 2, 3)  # the ones a beat is compared with; ectopic beats recur
USUAL_INTERVAL = 15  # intervals
ROUNDS = 3  # of decisions, each by the rhythm that the one before has left
TRUSTED = 0.5  # of the most reliable lead's agreement: fit to be marked on

# Log odds of a disputed beat. Fitted by logistic regression to what the two leads of the records of
# the MIT-BIH Arrhythmia Database with even numbers disagree about, as they are and with noise, hum,
# spikes or dead stretches in either, and to 3 to 12 leads of LUDB's records with even numbers.
FOR_STRENGTH = 2.7
FOR_NOISE = -2.5
FOR_ALIKE = 1.4
FOR_AGREEMENT = 1.2
AGAINST_STRENGTH = 1.6
AGAINST_NOISE = 1.4
AGAINST_SILENT = 2.7
IRREGULAR = 11.0
MAJORITY = 0.6
NEAREST_BEAT = 3.3
BEAT_BEFORE = 1.9
OFFSET = -6.1


@dataclass(frozen=True, eq=False)
class GridLead:
    """A lead averaged down to the grid.

    Parameters
    ----------
    samples : ndarray, shape (samples,)
        The lead, with lines drawn over its gaps.
    known : ndarray of int64, shape (known samples,), or None
        The samples outside gaps, if there are gaps.
    step : int
        Samples to a point of the grid.
    grid_rate : float
        Points of the grid to a second.
    grid : ndarray, shape (points + 2 * margin,)
        The averages, with `margin` more at either end; the largest deflection is 1.
    margin : int
        See `grid`.
    plain, heard : Heard
        How strong its complexes are; in `heard`, through the noise.
    """

    samples: Samples
    known: Indices | None
    step: int
    grid_rate: float
    grid: Strengths
    margin: int
    plain: Heard
    heard: Heard

    @property
    def around(self) -> Strengths:
        """What is around each point of the grid, a row each."""
        return surroundings(self.grid, self.margin, round(SURROUNDINGS * self.grid_rate))

    @cached_property
    def beats(self) -> Indices:
        """The points of the grid where this lead on its own has a beat."""
        return choose_beats(self.heard, self.around, self.grid_rate)

    @cached_property
    def irregularity(self) -> NDArray[np.float64]:
        """How much the intervals around each beat change: the logarithm of their ratio.

        An interval may be like the one before or, as in bigeminy, like the one before that.
        """
        return _irregularity(self.beats)

    def marks(self, beats: Indices) -> Indices:
        """Return the R peaks of beats given as points of the grid; none of them in a gap."""
        peaks = r_peaks(self.samples, self.around, beats, self.step, self.grid_rate)
        return peaks if self.known is None else nearest(self.known, peaks)


def on_grid(samples: Samples, fs: float) -> GridLead | None:
    """Average a lead down to the grid and hear its complexes; None if nothing is there."""
    known = None
    step = max(1, round(fs / GRID_RATE))
    grid_rate = fs / step
    margin = margin_of(grid_rate)
    grid, span = averaged(samples, step, margin)
    if not SMALLEST_SPAN < span < LARGEST_SPAN:
        known = np.isfinite(samples).nonzero()[0]
        if known.size == 0:
            return None
        samples = _bridged(samples, known, fs)
        grid, span = averaged(samples, step, margin)
        if span == 0:
            return None
    plain = levelled(qrs_strength(grid, grid_rate, margin), grid_rate)
    heard = heard_through_noise(plain, grid, margin, grid_rate)
    return GridLead(samples, known, step, grid_rate, grid, margin, plain, heard)


def _bridged(samples: Samples, known: Indices, fs: float) -> Samples:
    """Draw straight lines over gaps, level ones over those that are longer than the filter.

    The largest number becomes 1, so that sums neither overflow nor vanish.
    """
    values = samples[known]
    largest = max(values.max(), -values.min())
    if largest > 0:
        values /= largest
    if known.size == samples.size:
        return values
    steps = np.diff(values)
    steps[np.diff(known) <= 2 * FILTER_REACH * fs] = 0
    values[1:] -= np.cumsum(steps)
    return np.interp(np.arange(samples.size), known, values)


def agreed_beats(leads: Sequence[GridLead]) -> Indices:
    """Return where the leads together have a beat, as points of the grid."""
    votes = _votes(leads)
    if votes.disputed.size:
        votes = _votes(sorted(leads, key=lambda lead: lead.irregularity.mean()))
    kept = np.ones(votes.places.size, np.bool_)
    if votes.disputed.size:
        kept = _decided(votes, _odds(votes))
    return votes.places[kept]


def marked_together(leads: Sequence[GridLead], beats: Indices) -> Indices:
    """Mark each beat on the first lead that shows it and that can be relied on hereabouts."""
    if beats.size == 0:
        return beats
    own = _own(leads, beats)
    shown = own >= 0
    hits = _nearby(shown)
    agreement = hits**2 / np.maximum(_nearby(_counted(leads, beats)), 1) * shown
    chosen = (agreement >= TRUSTED * agreement.max(axis=0)).argmax(axis=0)
    marks = np.empty(beats.size, np.int64)
    for row in range(chosen.max() + 1):
        here = (chosen == row).nonzero()[0]
        marks[here] = leads[row].marks(np.where(shown[row, here], own[row, here], beats[here]))
    marks.sort()
    return np.asarray(marks[np.diff(marks, prepend=-1) > 0])


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """Which leads have a beat where.

    Parameters
    ----------
    leads : sequence of GridLead
    places : ndarray of int64, shape (places,)
        Points of the grid where any lead has a beat.
    own : ndarray of int64, shape (leads, places)
        Which of the lead's beats that is, -1 if none.
    shown, hidden : ndarray of bool, shape (leads, places)
        Whether the lead has a beat there; whether it has none although it has a signal.
    disputed : ndarray of int64
        Numbers of the places that are hidden in a lead.
    """

    leads: Sequence[GridLead]
    places: Indices
    own: Indices
    shown: Mask
    hidden: Mask
    disputed: Indices


def _votes(leads: Sequence[GridLead]) -> _Votes:
    """Compare the beats of the leads; what is close to a beat of an earlier lead is that beat.

    A lead without the contrast of an ECG does not count where another one has it.
    """
    places = np.empty(0, np.int64)
    for lead in leads:
        others = lead.beats[_distance(places, lead.beats) > _reach(lead)]
        if others.size:
            places = np.concatenate([places, others])
            places.sort()
    seconds = _seconds(leads[0].heard, places)
    clear = np.stack([lead.heard.clear for lead in leads])[:, seconds]
    counts = clear | ~clear.any(axis=0)
    own = _own(leads, places)
    known = ((own >= 0) & counts).any(axis=0)
    places, own, counts, seconds = places[known], own[:, known], counts[:, known], seconds[known]
    shown = (own >= 0) & counts
    hears = np.stack([lead.heard.level for lead in leads])[:, seconds] > 0
    hidden = hears & counts & ~shown
    return _Votes(leads, places, own, shown, hidden, np.flatnonzero(hidden.any(axis=0)))


def _reach(lead: GridLead) -> int:
    return round(ONE_BEAT * lead.grid_rate)


def _distance(ascending: Indices, wanted: Indices) -> Indices:
    """Return how far each of `wanted` is from the nearest of `ascending`."""
    if ascending.size == 0:
        return np.full(wanted.size, np.iinfo(np.int64).max)
    return np.asarray(np.abs(nearest(ascending, wanted) - wanted))


def _own(leads: Sequence[GridLead], places: Indices) -> Indices:
    """Return, a row for each lead, which of its beats is the one at each place; -1 if none is."""
    own = np.full((len(leads), places.size), -1, np.int64)
    if places.size == 0:
        return own
    beats = np.concatenate([lead.beats for lead in leads])
    row = np.arange(len(leads)).repeat([lead.beats.size for lead in leads])
    place = nearest(places, beats)
    same = np.abs(place - beats) <= _reach(leads[0])
    own[row[same], np.searchsorted(places, place[same])] = beats[same]
    return own


def _counted(leads: Sequence[GridLead], places: Indices) -> Evidence:
    """Return, a row for each lead, how many beats it and all together have nearest each place.

    A beat that both have counts once, as does one that only one of them has.
    """
    counts = np.empty((len(leads), places.size))
    for row, lead in enumerate(leads):
        at = np.searchsorted(places, nearest(places, lead.beats))
        counts[row] = np.maximum(np.bincount(at, minlength=places.size), 1)
    return counts


def _seconds(heard: Heard, places: Indices) -> Indices:
    return np.minimum(places // heard.second, heard.level.size - 1)


def _nearby(values: NDArray[Any]) -> Evidence:
    """Add up, in each row, the values at the places nearby."""
    size = values.shape[1]
    sums = np.zeros((len(values), size + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    each = np.arange(size)
    first, last = np.maximum(each - NEIGHBOURS, 0), np.minimum(each + NEIGHBOURS + 1, size)
    return np.asarray(sums[:, last] - sums[:, first])


def _irregularity(beats: Indices) -> Evidence:
    if beats.size < FEWEST_BEATS:
        return np.ones(max(1, beats.size))
    intervals = np.log(np.diff(beats))
    change = np.abs(np.diff(intervals))
    change[1:] = np.minimum(change[1:], np.abs(intervals[2:] - intervals[:-2]))
    change = np.concatenate([change[:1], np.minimum(change, 1), change[-1:]])
    sums = np.concatenate([[0], np.cumsum(change)])
    each = np.arange(beats.size)
    first, last = np.maximum(each - INTERVALS, 0), np.minimum(each + INTERVALS + 1, beats.size)
    return np.asarray((sums[last] - sums[first]) / (last - first))


def _odds(votes: _Votes) -> Evidence:
    """Return the log odds of the disputed beats by what the leads show, but for the rhythm."""
    shown, disputed = votes.shown, votes.disputed
    others = (shown.sum(axis=0) - shown) / np.maximum((shown | votes.hidden).sum(axis=0) - 1, 1)
    agreement = (_nearby(shown * others) + 1) / (_nearby(shown) + 1)
    agreement = np.log(np.maximum(agreement[:, disputed], LEAST_AGREEMENT))
    own, places = votes.own[:, disputed], votes.places[disputed]
    shown, hidden = shown[:, disputed], votes.hidden[:, disputed]
    odds_for, odds_against = np.zeros((2, *shown.shape))
    for row, lead in enumerate(votes.leads):
        size, noise, silent = _around(lead, places)
        after = np.searchsorted(lead.beats, places)
        irregular = lead.irregularity[np.minimum(after, lead.irregularity.size - 1)]
        irregular = IRREGULAR * np.minimum(irregular, LEAST_REGULAR)
        odds_for[row] = FOR_STRENGTH * size + FOR_NOISE * noise - irregular
        odds_for[row, shown[row]] += FOR_ALIKE * _alikeness(lead, own[row, shown[row]])
        odds_against[row] = AGAINST_STRENGTH * size + AGAINST_NOISE * noise + irregular
        odds_against[row] += AGAINST_SILENT * silent
    odds_for += FOR_AGREEMENT * agreement
    votes_for, votes_against = shown.sum(axis=0), hidden.sum(axis=0)
    odds = (odds_for * shown).sum(axis=0) / votes_for
    odds += (odds_against * hidden).sum(axis=0) / votes_against
    return np.asarray(odds + MAJORITY * np.log(votes_for / votes_against) + OFFSET)


def _around(lead: GridLead, places: Indices) -> tuple[Strengths, Strengths, Mask]:
    """Return the amplitude at places, how noisy a lead is there, and whether it seems to be off."""
    heard, plain, second = lead.heard, lead.plain, lead.heard.second
    tiny = np.finfo(np.float32).tiny
    at = _seconds(heard, places)
    level = np.maximum(heard.level[at], tiny)
    near = _strongest(heard.strength, places, _reach(lead))
    floor = plain.strength[at[:, None] * second + np.arange(0, second, FLOOR_STRIDE)]
    floor.sort(axis=1)
    share = np.minimum(floor[:, floor.shape[1] // 2] / np.maximum(plain.level[at], tiny), 1)
    noise = np.log10(share + np.float32(CLEANEST)) - np.float32(np.log10(CLEANEST))
    silent = _strongest(heard.strength, places, second) < SILENT * level
    return np.sqrt(np.minimum(near / level, LARGEST_SHARE)), noise, silent


def _strongest(strength: Strengths, places: Indices, reach: int) -> Strengths:
    near = places[:, None] + np.arange(-reach, reach + 1)
    return np.asarray(strength.take(near, mode="clip").max(axis=1))


def _alikeness(lead: GridLead, beats: Indices) -> Strengths:
    """Return the largest correlation of the slopes of a lead's beats with those next to them."""
    every = lead.beats
    if every.size < FEWEST_BEATS:
        return np.zeros(beats.size, np.float32)
    other = np.searchsorted(every, beats)[:, None] + np.array(NEXT_BEATS)
    there = _slopes(lead, every.take(other, mode="clip"))
    alike = np.einsum("ijk,ik->ij", there, _slopes(lead, beats))
    alike[(other < 0) | (other >= every.size)] = -1
    return np.asarray(alike.max(axis=1))


def _slopes(lead: GridLead, places: Indices) -> Strengths:
    """Return the slopes around places, standardised."""
    middle, reach = lead.around.shape[1] // 2, round(COMPLEX_REACH * lead.grid_rate)
    windows = lead.around[places][..., middle - reach : middle + reach + 1]
    slopes = windows[..., 1:] - windows[..., :-1]
    slopes -= slopes.mean(axis=-1, keepdims=True)
    size = np.sqrt((slopes**2).sum(axis=-1, keepdims=True))
    return np.asarray(slopes / np.maximum(size, np.finfo(np.float32).tiny))


def _decided(votes: _Votes, odds: Evidence) -> Mask:
    """Tell which places are beats: what nobody disputes, and what the odds and the rhythm allow."""
    places, disputed = votes.places, votes.disputed
    kept = np.ones(places.size, np.bool_)
    kept[disputed] = odds + NEAREST_BEAT + BEAT_BEFORE > 0
    for _ in range(ROUNDS - 1):
        kept[disputed] = odds + _room(places, disputed, kept) > 0
    return kept


def _room(places: Indices, disputed: Indices, kept: Mask) -> Evidence:
    """Return the log odds that the distances to the beats before and after give."""
    beats = places[kept]
    if beats.size < FEWEST_BEATS:
        return np.full(disputed.size, NEAREST_BEAT + BEAT_BEFORE)
    intervals = np.diff(beats)
    usual = running_median(intervals, USUAL_INTERVAL)
    at = np.cumsum(kept)[disputed]  # beats up to and including this place
    before, after = at - 1 - kept[disputed], at
    last = intervals.size - 1
    expected = np.maximum(usual[np.clip(before, 0, last)], usual[np.clip(after, 0, last)])
    place = places[disputed]
    gap = np.where(before >= 0, place - beats[np.maximum(before, 0)], expected)
    gap_after = beats[np.minimum(after, beats.size - 1)] - place
    gap_after = np.where(after < beats.size, gap_after, expected)
    nearest_beat = np.minimum(np.minimum(gap, gap_after) / expected, 1)
    return np.asarray(NEAREST_BEAT * nearest_beat + BEAT_BEFORE * np.minimum(gap / expected, 1))

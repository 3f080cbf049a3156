"""The QRS complexes as Gaussians, beat by beat.

What is conducted runs along a loop of the patient's; what begins at a site spreads away from there,
cell by cell. Where both share a beat (pre-excitation, fusion), the slow wave begins alone, and the
conducted one joins it the later, the more muscle the site has taken.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.body.beats import Beats
from rhythmtrainer.simulate.body.gaussians import Gaussians, joined
from rhythmtrainer.simulate.body.loops import LAST_REACHED
from rhythmtrainer.simulate.body.patient import Patient

Array = NDArray[np.float64]

# From when the wave from a site begins until the conducted one joins it, for the whole muscle.
_LAG_S: Final = 0.09
_LEAST_OF_SITE: Final = 0.7  # of its duration, that a small share of the muscle takes
_MOST_OF_CYCLE: Final = 0.62  # that a wave from a site takes where the next comes soon
_SHORTEST_CYCLE_S: Final = 0.2
# Where one wave follows upon another, it finds muscle that has hardly recovered: it is lower.
_FAST_S, _FAST_POWER, _LOWEST = 0.36, 1.6, 0.4
# Complexes from a site that fill so much of their cycle and more are rounded to a sine wave.
_CROWDED, _CROWDED_BY = 0.54, 0.08
_ROUNDED, _LOWERED = 0.6, 0.33
_SLURRED: Final = 0.3  # by which a delta wave is rounder than a complex that is all from a site
_SIZE_POWER: Final = 0.6  # of its share of the muscle, that a wave's size follows
_UNEVEN: Final = 0.012  # standard deviation of a QRS complex's duration, as a share
_MOST_UNEVEN: Final = 2.0  # of these


class Complexes(NamedTuple):
    """QRS complexes.

    Attributes
    ----------
    gaussians
        A row for each beat: peaks from its onset, heights in mV towards left, feet and back.
    lasts_s
        Durations in the sense of `gaussians.EDGE`.
    crowded
        How far they make a sine wave with their T waves, 0 to 1: then neither has an edge.
    """

    gaussians: Gaussians
    lasts_s: Array
    crowded: Array


def complexes(beats: Beats, patient: Patient, rng: np.random.Generator) -> Complexes:
    """Return the QRS complexes of beats."""
    unsteady = np.clip(rng.standard_normal(beats.at_s.size), -_MOST_UNEVEN, _MOST_UNEVEN)
    conducted_s = patient.conducted_s[beats.way] * (1.0 + _UNEVEN * unsteady)
    site_s = _from_site_s(beats, patient) * (1.0 + _UNEVEN * unsteady)
    lag_s = _LAG_S * beats.share * beats.slowness
    lasts_s = np.maximum(
        np.where(beats.share < 1.0, lag_s + conducted_s, 0.0),
        np.where(beats.share > 0.0, site_s, 0.0),
    )
    crowded = np.clip((site_s / _cycle_s(beats) - _CROWDED) / _CROWDED_BY, 0.0, 1.0) * beats.share
    parts = [_conducted(beats, conducted_s, lag_s, patient)]
    if beats.share.any():
        from_site = _from_site(beats, site_s, patient)
        round_by = np.where(beats.share < 1.0, _SLURRED, _ROUNDED * crowded)
        rounded = from_site.before_s * (1.0 + round_by[:, np.newaxis])
        lower = (1.0 - _LOWERED * crowded)[:, np.newaxis, np.newaxis]
        parts.append(Gaussians(from_site.at_s, rounded, rounded, lower * from_site.heights))
    return Complexes(joined(parts), lasts_s, crowded)


def _cycle_s(beats: Beats) -> Array:
    return np.maximum(np.minimum(beats.before_s, beats.until_next_s), _SHORTEST_CYCLE_S)


def _from_site_s(beats: Beats, patient: Patient) -> Array:
    part = _LEAST_OF_SITE + (1.0 - _LEAST_OF_SITE) * beats.share
    return np.minimum(patient.from_site_s * part * beats.slowness, _MOST_OF_CYCLE * _cycle_s(beats))


def _conducted(beats: Beats, lasts_s: Array, lag_s: Array, patient: Patient) -> Gaussians:
    at, spread, vectors = (field[beats.way] for field in patient.conducted)
    spread_s = spread * lasts_s[:, np.newaxis]
    at_s = lag_s[:, np.newaxis] + at * lasts_s[:, np.newaxis]
    heights = vectors * _size_of(1.0 - beats.share)[:, np.newaxis, np.newaxis]
    return Gaussians(at_s, spread_s, spread_s, heights)


def _size_of(share: Array) -> Array:
    """Return the size of a wave in a part of the muscle: less of it meets a wave against it."""
    return np.asarray(share**_SIZE_POWER)


def _from_site(beats: Beats, lasts_s: Array, patient: Patient) -> Gaussians:
    loop = patient.from_site
    across = np.cross(beats.site, patient.across)
    last = np.broadcast_to(LAST_REACHED, beats.site.shape)
    directions = np.stack([-beats.site, last, across], axis=1)
    fast = np.clip((beats.cycle_s / _FAST_S) ** _FAST_POWER, _LOWEST, 1.0)
    # What the usual way reaches in time has rested as long as all that it reaches.
    sizes = np.where(beats.share < 1.0, 1.0, fast) * _size_of(beats.share)
    heights = loop.vectors @ (directions * sizes[:, np.newaxis, np.newaxis])
    spread_s = loop.spread * lasts_s[:, np.newaxis]
    return Gaussians(loop.at * lasts_s[:, np.newaxis], spread_s, spread_s, heights)

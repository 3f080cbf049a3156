"""What is a patient's own: how his waves look, whatever his rhythm.

Sizes and their spreads are those of 150 adults with sinus rhythm in PTB-XL and LUDB where they show
them, and of the premature beats of the MIT-BIH Arrhythmia Database.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Entry, LeadName
from rhythmtrainer.simulate.body.leads import (
    ELECTRODES,
    LIMBS,
    electrode_matrix,
    electrode_vectors,
)
from rhythmtrainer.simulate.body.loops import CELL_BY_CELL, CONDUCTED, RIGHT_WALL, Loop

Array = NDArray[np.float64]

_LEAD_II: Final = LeadName("II")
_ADULT_YEARS: Final = 18.0
# Middles of the ages of Rijnbeek et al. (Eur Heart J 2001) in years, and the 2nd and the 98th
# centile of the QRS duration in s, means of boys and girls; the last is that of adults.
_AGES: Final = (0.05, 0.17, 0.38, 0.75, 2.0, 4.0, 6.5, 10.0, 14.0, _ADULT_YEARS)
_SHORTEST_QRS: Final = (0.052, 0.050, 0.052, 0.052, 0.054, 0.058, 0.061, 0.067, 0.073, 0.075)
_LONGEST_QRS: Final = (0.082, 0.077, 0.081, 0.083, 0.086, 0.090, 0.096, 0.101, 0.106, 0.109)
_CENTILES: Final = 4.1  # standard deviations from the 2nd centile to the 98th
# Of the P wave in s and mV, at birth and when grown up.
_NEWBORN_P, _ADULT_P = 0.066, 0.104
_NEWBORN_P_MV, _ADULT_P_MV = 0.19, 0.175
# Of wide complexes in an adult, in s: by one bundle, and from a site.
_RIGHT_BLOCK_S, _LEFT_BLOCK_S, _SITE_S = (0.126, 0.151), (0.134, 0.164), (0.138, 0.168)
_CHILDS_WIDE: Final = 0.7  # of these, in the newborn

# The right ventricle's share at birth, and the age in years at which it has fallen to 37 %.
_RIGHT_FADES_YEARS, _RIGHT_FADES_POWER = 1.5, 0.6
_RIGHT_WALL: Final = np.array([-0.80, 0.50, -0.88])
_LEFT_YIELDS: Final = 0.45
_THIN_CHEST: Final = 0.35  # by which a newborn's electrodes lie nearer and see more
# The T wave points to the back in children until these ages in years (inverted in V1 to V3).
_CHILDS_T_UNTIL, _CHILDS_T_NO_MORE = 7.0, 16.0
_ADULT_T: Final = np.array([0.340, 0.180, -0.160])
_CHILDS_T: Final = np.array([0.260, 0.140, 0.200])

# What lead I sees beyond the mean of Dower's chests, as the waves of 56 normal adults in PTB-XL
# show; shared out so that lead II and Wilson's terminal stay.
_MORE_IN_I: Final = np.array([0.06, 0.12, 0.0])
_LEAD_I_SHARES: Final = {"RA": -1 / 3, "LA": 2 / 3, "LL": -1 / 3}

# How the heart lies: the axis turns to the left with age, and differs between patients.
_AXIS_TURN_PER_YEAR: Final = np.radians(-0.25)
_AXIS_AGE: Final = 45.0
_AXIS_AGES: Final = (20.0, 80.0)
_TURNS: Final = np.radians([10.0, 12.0, 10.0])  # standard deviations about x, y, z
# Where lead II sees less of a conducted complex, chance draws the heart again: in recordings of
# sinus rhythm, one of twenty has an R wave below 0.5 mV there.
_LEAST_IN_II_MV: Final = 0.6
_SEEN_AT: Final = np.linspace(0.1, 0.9, 17)  # shares of a complex
_USUAL_SIZE, _SIZE_SPREAD = 1.06, 0.22
_SITE_SIZE, _SITE_SIZE_SPREAD = 1.72, 0.12  # of the size of the conducted complexes

# Scars and branches notch a complex: so many bumps, when they come and how sharp they are as shares
# of its duration, and their sizes in mV by way of entry; from a site, as a share of its size.
_NOTCHES: Final = 2
_NOTCHES_AT, _NOTCHES_SPREAD = (0.3, 0.7), (0.045, 0.065)
_NOTCHES_MV: Final = np.array([0.07, 0.10, 0.16])
_SITE_NOTCHES: Final = 0.14

_T_BY_SIZE: Final = 0.7  # power of the QRS complex's size that the T wave follows

# Of a pacemaker's spikes: sizes, where those in atria and ventricles point, and how they differ.
_BIPOLAR_MV, _UNIPOLAR_MV = (0.6, 0.9), (0.9, 1.6)
_SPIKES: Final = np.array([[0.35, 0.75, 0.40], [0.55, 0.60, 0.50]])
_SPIKES_APART: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Patient:
    """How the waves of one patient look.

    Attributes
    ----------
    electrodes
        What each electrode sees of a dipole, shape ``(electrodes, 3)``; they never lie exactly
        where they should.
    conducted
        Loops by way of entry, shape ``(3, bumps)``.
    conducted_s
        Durations of these QRS complexes, shape ``(3,)``.
    from_site
        Loop of a beat that spreads cell by cell, in mV, and how long it takes.
    across
        Direction about which such a wave turns.
    recovery
        T vector in mV of beats by both bundles.
    recovery_shape
        Share of the time from the QRS complex to the end of the T wave that lies behind its peak;
        share of the T wave's height that its shoulder has.
    qt_power
        Of the interval between beats, by which the QT interval follows it.
    p_s, p_mv
        Duration and size of the P wave, the latter at a usual rate.
    p_halves
        By how much right and left atrium pull it apart; and where it points beside the way it
        runs, shape ``(2, 3)``.
    flutter_mv
        Size of the waves of atrial flutter.
    breath_turn, breath_size
        Radians by which a full breath turns the axes, shape ``(3,)``, and share by which it
        changes the size.
    unsteadiness
        Standard deviation of the size from beat to beat, as a share.
    spikes
        Vectors in mV of a pacemaker's spikes in atria and ventricles, shape ``(2, 3)``.
    spike_tail
        Share of a spike that the sample behind it shows.
    """

    age: float
    electrodes: Array
    conducted: Loop
    conducted_s: Array
    from_site: Loop
    from_site_s: float
    across: Array
    recovery: Array
    recovery_shape: tuple[float, float]
    qt_power: float
    p_s: float
    p_mv: float
    p_halves: Array
    flutter_mv: float
    breath_turn: Array
    breath_size: float
    unsteadiness: float
    spikes: Array
    spike_tail: float


def draw_patient(rng: np.random.Generator, age: float) -> Patient:
    """Draw a patient of an age in years."""
    electrodes = _draw_electrodes(rng)
    size, seen_mv, turn, conducted = _draw_heart(rng, age, electrodes)
    grown = _grown(age)
    return Patient(
        age=age,
        electrodes=electrodes,
        conducted=conducted,
        conducted_s=_draw_conducted_s(rng, age),
        from_site=_draw_from_site(rng, (size * seen_mv) ** 0.5),
        from_site_s=_childs_wide(age) * float(rng.uniform(*_SITE_S)),
        across=_direction(rng),
        recovery=size**_T_BY_SIZE * turn @ _draw_recovery(rng, age),
        recovery_shape=(float(rng.uniform(0.23, 0.29)), float(rng.uniform(0.12, 0.4))),
        qt_power=float(rng.uniform(0.28, 0.42)),
        p_s=(_NEWBORN_P + (_ADULT_P - _NEWBORN_P) * grown) * float(rng.normal(1.0, 0.1)),
        p_mv=_lognormal(rng, _NEWBORN_P_MV + (_ADULT_P_MV - _NEWBORN_P_MV) * grown, 0.26),
        p_halves=_draw_p_halves(rng),
        flutter_mv=_lognormal(rng, 0.5, 0.2),
        breath_turn=0.06 * _direction(rng),
        breath_size=float(rng.uniform(0.01, 0.05)),
        unsteadiness=float(rng.uniform(0.008, 0.025)),
        spikes=_draw_spikes(rng),
        spike_tail=float(rng.uniform(-0.25, 0.5)),
    )


def _grown(age: float) -> float:
    return float(min(age / _ADULT_YEARS, 1.0) ** 0.5)


def _lognormal(rng: np.random.Generator, median: float, spread: float) -> float:
    return float(median * np.exp(spread * np.clip(rng.standard_normal(), -2.3, 2.3)))


def _direction(rng: np.random.Generator) -> Array:
    vector = rng.standard_normal(3)
    return np.asarray(vector / np.linalg.norm(vector))


def _childs_wide(age: float) -> float:
    """Return how long wide complexes last, as a share of an adult's."""
    return _CHILDS_WIDE + (1.0 - _CHILDS_WIDE) * _grown(age)


def _varied(rng: np.random.Generator, loop: Loop, notches: Array) -> Loop:
    """Make the parts of a loop larger or smaller, let them point a little elsewhere, notch it.

    Parameters
    ----------
    notches
        Sizes in mV, broadcast with the shape of the loop's bumps but for the last dimension.
    """
    shape = loop.vectors.shape
    length = np.linalg.norm(loop.vectors, axis=-1, keepdims=True)
    sizes = np.exp(0.18 * rng.standard_normal((shape[-2], 1)))
    vectors = loop.vectors * sizes + 0.09 * length * rng.standard_normal(shape[-2:])
    bumps = (*shape[:-2], _NOTCHES)
    ways = rng.standard_normal((*bumps, 3))
    ways *= (notches[..., np.newaxis] / np.linalg.norm(ways, axis=-1))[..., np.newaxis]
    return Loop(
        np.concatenate([loop.at, rng.uniform(*_NOTCHES_AT, bumps)], axis=-1),
        np.concatenate([loop.spread, rng.uniform(*_NOTCHES_SPREAD, bumps)], axis=-1),
        np.concatenate([vectors, ways], axis=-2),
    )


def _draw_electrodes(rng: np.random.Generator) -> Array:
    usual = electrode_vectors()
    for name, share in _LEAD_I_SHARES.items():
        usual[ELECTRODES.index(name)] += share * _MORE_IN_I
    length = np.linalg.norm(usual, axis=1, keepdims=True)
    placed = usual + 0.07 * length * rng.standard_normal(usual.shape)
    # Wilson's terminal is what all are measured against.
    limbs = [ELECTRODES.index(name) for name in LIMBS]
    return np.asarray(placed - placed[limbs].mean(axis=0))


def _draw_heart(
    rng: np.random.Generator, age: float, electrodes: Array
) -> tuple[float, float, Array, Loop]:
    """Draw how large a heart is, what lead II sees of that in mV, how it lies, and its loops."""
    second = electrode_matrix([_LEAD_II])[0] @ electrodes
    while True:
        size = _lognormal(rng, _USUAL_SIZE, _SIZE_SPREAD)
        turn = _draw_turn(rng, age)
        conducted = _draw_conducted(rng, age, size, turn)
        away = (_SEEN_AT[:, np.newaxis, np.newaxis] - conducted.at) / conducted.spread
        seen = np.einsum("twb,wb->tw", np.exp(-0.5 * away**2), conducted.vectors @ second)
        seen_mv = np.ptp(seen, axis=0)
        if seen_mv.min() > _LEAST_IN_II_MV:
            return size, float(seen_mv[Entry.BOTH_BUNDLES]), turn, conducted


def _draw_turn(rng: np.random.Generator, age: float) -> Array:
    """Draw how the heart lies, as a rotation from how it usually does."""
    angles = _TURNS * np.clip(rng.standard_normal(3), -2.0, 2.0)
    angles[2] += _AXIS_TURN_PER_YEAR * (float(np.clip(age, *_AXIS_AGES)) - _AXIS_AGE)
    return _rotation(angles)


def _draw_conducted(rng: np.random.Generator, age: float, size: float, turn: Array) -> Loop:
    right = float(np.exp(-((age / _RIGHT_FADES_YEARS) ** _RIGHT_FADES_POWER)))
    near = 1.0 + _THIN_CHEST * (1.0 - _grown(age))
    vectors = CONDUCTED.vectors * (1.0 - _LEFT_YIELDS * right)
    vectors[:, RIGHT_WALL] = right * _RIGHT_WALL
    usual = CONDUCTED._replace(vectors=size * near * vectors)
    loop = _varied(rng, usual, size * _NOTCHES_MV * rng.uniform(0.3, 1.7, _NOTCHES_MV.size))
    return loop._replace(vectors=loop.vectors @ turn.T)


def _draw_conducted_s(rng: np.random.Generator, age: float) -> Array:
    low, high = (float(np.interp(age, _AGES, bound)) for bound in (_SHORTEST_QRS, _LONGEST_QRS))
    away = float(np.clip(rng.standard_normal(), -_CENTILES / 2, _CENTILES / 2))
    lasts_s = np.zeros(len(CONDUCTED.at))
    lasts_s[Entry.BOTH_BUNDLES] = 0.5 * (low + high) + away * (high - low) / _CENTILES
    lasts_s[Entry.LEFT_BUNDLE] = _childs_wide(age) * rng.uniform(*_RIGHT_BLOCK_S)
    lasts_s[Entry.RIGHT_BUNDLE] = _childs_wide(age) * rng.uniform(*_LEFT_BLOCK_S)
    return lasts_s


def _draw_from_site(rng: np.random.Generator, heart: float) -> Loop:
    size = heart * _lognormal(rng, _SITE_SIZE, _SITE_SIZE_SPREAD)
    usual = CELL_BY_CELL._replace(vectors=size * CELL_BY_CELL.vectors)
    return _varied(rng, usual, np.asarray(size * _SITE_NOTCHES * rng.uniform(0.3, 1.7)))


def _rotation(angles: Array) -> Array:
    """Return the rotation about x, then y, then z."""
    turned = np.eye(3)
    for axis, angle in enumerate(angles):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        turn = np.eye(3)
        turn[[one, other], [one, other]] = np.cos(angle)
        turn[one, other], turn[other, one] = -np.sin(angle), np.sin(angle)
        turned = turn @ turned
    return turned


def _draw_recovery(rng: np.random.Generator, age: float) -> Array:
    childish = np.interp(age, (_CHILDS_T_UNTIL, _CHILDS_T_NO_MORE), (1.0, 0.0))
    usual = _ADULT_T + childish * (_CHILDS_T - _ADULT_T)
    noise = 0.2 * np.linalg.norm(usual) * np.clip(rng.standard_normal(3), -2.0, 2.0)
    return np.asarray(_lognormal(rng, 0.72, 0.28) * (usual + noise))


def _draw_p_halves(rng: np.random.Generator) -> Array:
    apart = np.array([0.15, -0.05, 0.40]) * rng.uniform(0.5, 1.3)
    beside = np.array([0.00, -0.12, -0.40]) + 0.12 * rng.standard_normal(3)
    return np.stack([apart, beside])


def _draw_spikes(rng: np.random.Generator) -> Array:
    """Draw small spikes, between two poles of an electrode, or large ones, to the device."""
    between_poles, upright = rng.integers(2, size=2)
    size = rng.uniform(*(_BIPOLAR_MV if between_poles else _UNIPOLAR_MV))
    away = _SPIKES + _SPIKES_APART * np.stack([_direction(rng), _direction(rng)])
    return np.asarray((1.0 if upright else -1.0) * size * away)

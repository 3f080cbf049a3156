"""Fibrillation: waves that wander through a chamber, beside one another and one after another.

The dipole is that of a main wave whose frequency wanders, of its harmonics, and of rough remains:

    dipole(t) = Re sum over h of W_h(t) exp(i h phase(t)) + rough(t)

Each weight W_h is a complex vector, so that a wave turns as it runs (its parts for the three axes
are not in step), and leads see it differently. A weight holds a part that stays, the main wave,
and one that wanders, the many others: the more of that, the less order. The parts that stay keep
the harmonics in step with the wave and give it a shape of its own, peaked, notched or like a saw;
those that wander change it from wave to wave.

The constants were fitted to recordings of fibrillation, those of the atria after the beats were
taken off. The model of the atria extends that of Stridh and Sörnmo (IEEE Trans Biomed Eng
2001;48:105-111), a sawtooth whose frequency and amplitude are modulated.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.body.leads import electrode_matrix
from rhythmtrainer.simulate.body.patient import Patient
from rhythmtrainer.simulate.curves import LEAD_IN, lay, rough, turning, wandering
from rhythmtrainer.simulate.heart.activity import Fibrillating, Vector

_GRID_HZ: Final = 120.0
"""Waves are made at about this rate, then drawn through: they end below 30 Hz."""

_EDGE_S: Final = 0.2
"""In which fibrillation comes and goes."""

_SLOWS_AFTER: Final = 4.0
"""Times that in which the amplitude falls, the frequency takes to fall as far."""

_SLOWEST: Final = 0.6
"""By which the logarithm of the frequency falls at most: waves of 5 Hz become waves of 2.7."""

_ROUGH_OCTAVES: Final = 5
_ROUGH_FALLING: Final = 0.72
"""The rough remains fall with the square of the frequency, from 3 Hz on."""

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Character:
    """What the waves of a chamber are like; a range is drawn from for each patient.

    Attributes
    ----------
    lead
        In which the amplitude is given.
    frame
        Three directions at right angles, each as long as waves are large in it.
    stray
        How far from the first of them the main wave may point, as a share.
    roundness
        The shorter axis of its turning over the longer one.
    wander, wander_s
        Standard deviation of the frequency's logarithm, and in which time it changes.
    disorder, change_s
        Share of the weights that wanders, as a root mean square, and in which time it changes.
    harmonics, sharpness
        Of the wave, over its fundamental, and a factor on them all.
    rough
        Root mean square of the rough remains over that of all else.
    """

    lead: LeadName
    frame: tuple[Vector, Vector, Vector]
    stray: float
    roundness: Range
    wander: Range
    wander_s: float
    disorder: Range
    change_s: float
    harmonics: tuple[float, ...]
    sharpness: Range
    rough: Range


_VENTRICLES: Final = _Character(
    lead=LeadName("II"),
    frame=((0.30, 0.91, -0.30), (0.95, -0.30, 0.0), (-0.09, -0.29, -0.95)),
    stray=0.7,
    roundness=(0.2, 0.7),
    wander=(0.10, 0.24),
    wander_s=0.3,
    disorder=(0.25, 0.72),
    change_s=0.4,
    harmonics=(0.18, 0.08, 0.04),
    sharpness=(0.4, 2.0),
    rough=(0.26, 0.55),
)

_ATRIA: Final = _Character(
    lead=LeadName("V1"),
    frame=((-0.61, 0.15, -0.78), (-0.38, -0.84, 0.15), (-0.17, 0.11, 0.15)),
    stray=0.3,
    roundness=(0.1, 0.5),
    wander=(0.08, 0.2),
    wander_s=0.4,
    disorder=(0.5, 0.9),
    change_s=0.3,
    harmonics=(0.5, 0.28, 0.15),
    sharpness=(0.6, 1.2),
    rough=(0.4, 0.75),
)


def fibrillation(
    one: Fibrillating, patient: Patient, *, samples: int, fs: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the dipole of a chamber that fibrillates.

    Parameters
    ----------
    one
        When, how fast and how strongly. The amplitude is that without the decay.
    samples, fs
        Of the strip.

    Returns
    -------
    ndarray, shape ``(3, samples)``
        In mV; 0 before it begins and after it ends.
    """
    dipole = np.zeros((3, samples))
    first, last = (round(min(max(at * fs, 0.0), samples)) for at in (one.start_s, one.end_s))
    if first >= last:
        return dipole
    character = _ATRIA if one.in_atria else _VENTRICLES
    every = max(1, int(fs // _GRID_HZ))
    count = -(-(last - first) // every) + LEAD_IN
    since_s = first / fs - one.start_s + np.arange(count) * every / fs
    points = _waves(one, character, since_s, rng)
    seen = electrode_matrix([character.lead])[0] @ patient.electrodes @ points
    points *= one.amplitude_mv / np.sqrt(np.mean(np.square(seen)))
    if one.decay_s:
        points *= np.exp(-since_s / one.decay_s)
    waves = dipole[:, first:last]
    lay(waves, points, every)
    _fade(waves, fs, begins=one.start_s >= 0.0, ends=one.end_s * fs <= samples)
    return dipole


def _waves(
    one: Fibrillating,
    character: _Character,
    since_s: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Draw the waves, of whatever size, at so many seconds from when they began."""
    count, step_s = since_s.size, since_s[1] - since_s[0]

    def wander(shape: tuple[int, ...], seconds: float) -> NDArray[np.float32]:
        return wandering(shape, count, max(1, round(seconds / step_s)), rng)

    pace = rng.uniform(*character.wander) * wander((), character.wander_s)
    if one.decay_s:
        pace -= np.minimum(since_s / (_SLOWS_AFTER * one.decay_s), _SLOWEST)
    wave = turning(one.frequency_hz * step_s * np.exp(pace), rng.random())
    disorder = rng.uniform(*character.disorder)
    share = float(np.sqrt(0.5) * disorder)  # of each of two parts
    main = float(np.sqrt(1.0 - disorder**2)) * _main_wave(character, rng)
    sharpness = rng.uniform(*character.sharpness)
    sizes = (1.0, *(sharpness * size for size in character.harmonics))
    dipole = np.zeros((3, count), np.float32)
    harmonic = np.ones_like(wave)
    for number, size in enumerate(sizes, start=1):
        harmonic *= wave
        others = share * wander((2, 3), character.change_s / number**0.5)
        stays = main if number == 1 else main * _anywhere(rng)
        dipole += size * (stays.real[:, np.newaxis] + others[0]) * harmonic.real
        dipole -= size * (stays.imag[:, np.newaxis] + others[1]) * harmonic.imag
    remains = rng.uniform(*character.rough) * np.sqrt(np.mean(dipole**2))
    dipole += remains * rough(3, count, _ROUGH_OCTAVES, _ROUGH_FALLING, rng)
    return np.asarray(np.array(character.frame, np.float32).T @ dipole)


def _anywhere(rng: np.random.Generator) -> complex:
    """Draw a phase."""
    return complex(np.exp(2j * np.pi * rng.random()))


def _main_wave(character: _Character, rng: np.random.Generator) -> NDArray[np.complex64]:
    """Draw the two axes of the ellipse on which the main wave's dipole turns."""
    axis = np.array([1.0, 0.0, 0.0]) + character.stray * rng.standard_normal(3)
    axis /= np.linalg.norm(axis)
    side = np.cross(axis, rng.standard_normal(3))
    side *= rng.uniform(*character.roundness) / np.linalg.norm(side)
    return np.asarray(axis + 1j * side, np.complex64)


def _fade(waves: NDArray[np.float64], fs: float, *, begins: bool, ends: bool) -> None:
    """Let waves come and go smoothly where they begin and end."""
    length = min(round(_EDGE_S * fs), waves.shape[1] // 2)
    edge = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(length, 1))
    if begins:
        waves[:, :length] *= edge
    if ends:
        waves[:, waves.shape[1] - length :] *= edge[::-1]

"""The kinds of noise, each added to a strip.

What arises at the electrodes is made of few points there, brought to the leads, and drawn through.
Constants without a source were set by looking at recordings of noise, and at what lies between the
beats of others.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.body.leads import ELECTRODES, LIMBS
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.curves import LEAD_IN, lay, rough, turning, wandering

Curves: TypeAlias = NDArray[np.float64]
Range: TypeAlias = tuple[float, float]

_PIECE: Final = 24_000  # numbers made at a time, so that they stay in the cache
_SPREAD: Final = 0.3  # standard deviation of the logarithm, from electrode to electrode
_MOST_SPREADS: Final = 2.0

# Loudness of an electrode beside an arm's. Chest electrodes move with the ribs, and lie on muscles
# that rest.
_WANDER_AT: Final = {f"V{number}": 1.2 for number in range(1, 7)}
_MUSCLE_AT: Final = {"LA": 1.15, "LL": 0.65} | {f"V{number}": 0.4 for number in range(1, 7)}

_WANDER_GRID_HZ: Final = 8.0
_BREATH_SHARE: Final = (0.3, 0.8)  # of the baseline's drift
# The rest falls nearly with the third power of the frequency from 0.1 Hz on.
_DRIFT_OCTAVES, _DRIFT_FALLING = 6, 0.55

_MUSCLE_GRID_HZ: Final = 250.0
# From where on it falls: what is quiet is of the electrodes and slow, what is loud of the muscles.
_FALLS_FROM_HZ: Final = (12.0, 70.0)
_LOUDER_HZ: Final = 4000.0  # per mV
_REMEMBERED: Final = 2.5  # time constants, of the filter that lets it fall
_BURST_S: Final = 0.7

_SWING_GRID_HZ: Final = 100.0
_SHAPE_CHANGES: Final = 5.0  # repetitions
# Of the shape, as root mean squares: what stays, and each of the two parts of what changes.
_STEADY, _CHANGING = 0.92, 0.28

_TREMOR_HARMONICS: Final = (1.0, 0.45, 0.25)
_TREMOR_CHANGES_S: Final = 0.8
_TREMOR_WANDER: Final = 0.08  # standard deviation of the frequency's logarithm
_TREMOR_WAXES: Final = 0.35  # and of the size's
_OTHERS_TREMBLE: Final = (0.03, 0.15)

# Thirty compressions, two breaths, as a single rescuer gives them.
_COMPRESSIONS: Final = 30
_BREATHS_S: Final = 5.0
_HANDS_OFF_S: Final = 0.3
_PRESS_HARMONICS: Final = (1.0, 0.5, 0.3, 0.15, 0.08)
_PRESS_CHANGES_S: Final = 3.0
_PRESS_WANDER: Final = 0.03

# The hum reaches electrodes by ways of their own, and swells as the patient moves.
_MAINS_GRID_HZ: Final = 4.0
_MAINS_APART: Final = 0.6  # radians, from electrode to electrode
_MAINS_TIDE: Final = 0.2  # standard deviation of its size, as a share
_MAINS_CHANGES_S: Final = 2.0

# What skin and gel give when they are pulled: at once, not evenly, and back with the time
# constants of an amplifier's filter.
_STEP_MV, _STEP_SPREAD = 0.3, 0.6
_RISE_S: Final = (0.01, 0.08)
_BACK_S: Final = (0.2, 1.0)
_WOBBLE_S: Final = (0.03, 0.15)
_WOBBLE: Final = (0.1, 0.8)  # of the step
_LASTS: Final = 7.0  # time constants, until nothing is left of it

# A lead whose electrode is off stands at some level, up to where the amplifier ends.
_OFF_S: Final = (0.5, 4.0)
_OFF_MV: Final = (0.5, 4.0)
_SETTLES_S: Final = 0.4


class NoisyStrip:
    """A strip that noise is added to, and the electrodes that its leads are made of.

    Parameters
    ----------
    signal
        In mV, shape ``(leads, samples)``; noise is added in place.
    matrix
        Of what electrodes the leads are made, shape ``(leads, electrodes)``.
    """

    def __init__(self, signal: NDArray[np.floating], matrix: Curves, fs: float) -> None:
        self.signal = signal
        self.fs = fs
        self.samples = signal.shape[1]
        self.used = np.flatnonzero(np.any(matrix, axis=0))
        self.weights = matrix[:, self.used]

    def grid(self, rate: float) -> tuple[int, int]:
        """Return how many points at about a rate cover the strip, and samples between them."""
        every = max(1, int(self.fs // rate))
        return -(-self.samples // every) + LEAD_IN, every

    def lay(self, points: NDArray[np.float32] | Curves, every: int) -> None:
        """Add curves through points at the electrodes, shape ``(used, points)``."""
        seen = self.weights.astype(np.float32) @ points.astype(np.float32, copy=False)
        lay(self.signal, seen, every)


def add_wander(
    strip: NoisyStrip, size_mv: float, breathing: Breathing, rng: np.random.Generator
) -> None:
    """Let the baseline move with the breaths, and drift."""
    count, every = strip.grid(_WANDER_GRID_HZ)
    share = rng.uniform(*_BREATH_SHARE)
    swing = rng.standard_normal(len(ELECTRODES))[strip.used]
    loud = size_mv * _loudness(_WANDER_AT, rng)[strip.used]
    # The first point lies one step ahead of the strip.
    breaths = np.sqrt(2.0) * breathing.at((np.arange(count) - 1) * every / strip.fs)
    drift = rough(strip.used.size, count, _DRIFT_OCTAVES, _DRIFT_FALLING, rng)
    points = np.outer(share * swing, breaths) + np.sqrt(1.0 - share**2) * drift
    strip.lay(loud[:, np.newaxis] * points, every)


def add_muscle(strip: NoisyStrip, size_mv: float, bursts: float, rng: np.random.Generator) -> None:
    """Add the noise of muscles, which comes in bursts, and of electrodes and amplifiers."""
    count, every = strip.grid(_MUSCLE_GRID_HZ)
    loud = size_mv * _loudness(_MUSCLE_AT, rng)[strip.used]
    falls_from = float(np.clip(_LOUDER_HZ * size_mv, *_FALLS_FROM_HZ)) * every / strip.fs
    points = _falling(strip.used.size, count, falls_from, rng)
    burst = bursts * wandering((), count, max(1, round(_BURST_S * strip.fs / every)), rng)
    points *= loud[:, np.newaxis].astype(np.float32)
    points *= np.exp(burst - bursts**2)
    strip.lay(points, every)


def add_tremor(strip: NoisyStrip, size_mv: float, hz: float, rng: np.random.Generator) -> None:
    """Let one limb tremble, and the others a little: one that the first lead sees."""
    count, every = strip.grid(_SWING_GRID_HZ)
    step_s = every / strip.fs
    changes = max(1, round(_TREMOR_CHANGES_S / step_s))
    pace = np.exp(_TREMOR_WANDER * wandering((), count, changes, rng))
    loud = size_mv * rng.uniform(*_OTHERS_TREMBLE, len(ELECTRODES))
    loud[_trembling(strip, rng)] = size_mv
    points = _swings(strip, hz * step_s * pace, _TREMOR_HARMONICS, rng)
    waxing = np.exp(_TREMOR_WAXES * wandering((), count, changes, rng) - _TREMOR_WAXES**2)
    points *= waxing
    points *= loud[strip.used, np.newaxis].astype(np.float32)
    strip.lay(points, every)


def add_compressions(
    strip: NoisyStrip, size_mv: float, per_min: float, rng: np.random.Generator
) -> None:
    """Add compressions of the chest, with pauses for breaths."""
    count, every = strip.grid(_SWING_GRID_HZ)
    step_s = every / strip.fs
    changes = max(1, round(_PRESS_CHANGES_S / step_s))
    pace = np.exp(_PRESS_WANDER * wandering((), count, changes, rng))
    loud = size_mv * _loudness({}, rng)[strip.used]
    points = _swings(strip, per_min / 60.0 * step_s * pace, _PRESS_HARMONICS, rng)
    pressed = _pressed(
        step_s * np.arange(count, dtype=np.float64), 60.0 * _COMPRESSIONS / per_min, rng
    )
    points *= pressed.astype(np.float32)
    points *= loud[:, np.newaxis].astype(np.float32)
    strip.lay(points, every)


def add_mains(strip: NoisyStrip, size_mv: float, hz: float, rng: np.random.Generator) -> None:
    """Add the hum of the mains, if the strip has samples enough to show it."""
    loud = size_mv * np.sqrt(2.0) * _loudness({}, rng)
    angle = 2.0 * np.pi * rng.random() + _MAINS_APART * rng.standard_normal(len(ELECTRODES))
    count, every = strip.grid(_MAINS_GRID_HZ)
    changes = max(1, round(_MAINS_CHANGES_S * strip.fs / every))
    tide = 1.0 + _MAINS_TIDE * wandering((), count, changes, rng)
    if hz >= strip.fs / 2.0:
        return
    parts = np.column_stack([loud * np.cos(angle), loud * np.sin(angle)])[strip.used]
    seen = (strip.weights @ parts).astype(np.float32)
    step = max(1, _PIECE // len(seen))
    for first in range(0, strip.samples, step):
        place = strip.signal[:, first : first + step]
        at = np.arange(first, first + place.shape[1])
        turns = hz / strip.fs * at
        phase = (2.0 * np.pi * (turns - np.floor(turns))).astype(np.float32)
        size = np.interp(at, np.arange(count) * every, tide).astype(np.float32)
        place += seen @ (size * np.stack([np.cos(phase), np.sin(phase)]))


def move_electrodes(strip: NoisyStrip, per_min: float, rng: np.random.Generator) -> None:
    """Let electrodes move: a step, a wobble, and back."""
    for place, at in _events(strip, per_min, rng):
        size = rng.choice((-1.0, 1.0)) * spread(_STEP_MV, _STEP_SPREAD, rng)
        rise_s, back_s, wobble_s = (
            rng.uniform(*limits) for limits in (_RISE_S, _BACK_S, _WOBBLE_S)
        )
        there = strip.signal[:, at : at + round(_LASTS * back_s * strip.fs)]
        time = np.arange(there.shape[1]) / strip.fs
        wobble = wandering((), time.size, max(1, round(wobble_s * strip.fs)), rng)
        step = (1.0 - np.exp(-time / rise_s)) * np.exp(-time / back_s)
        step *= size * (1.0 + rng.uniform(*_WOBBLE) * wobble)
        there += np.outer(strip.weights[:, place], step)


def let_go(strip: NoisyStrip, per_min: float, rng: np.random.Generator) -> None:
    """Let electrodes fall off for a time: the leads that need one show a flat line."""
    for place, at in _events(strip, per_min, rng):
        leads = np.flatnonzero(strip.weights[:, place])
        back = at + round(rng.uniform(*_OFF_S) * strip.fs)
        level = rng.choice((-1.0, 1.0)) * rng.uniform(*_OFF_MV)
        strip.signal[leads, at:back] = level
        there = slice(back, back + round(_LASTS * _SETTLES_S * strip.fs))
        time = np.arange(strip.signal[:, there].shape[1]) / strip.fs
        strip.signal[leads, there] += level * np.exp(-time / _SETTLES_S)


def spread(middle: float, deviation: float, rng: np.random.Generator) -> float:
    """Draw a size whose logarithm has a standard deviation, and is not far off."""
    far = np.clip(rng.standard_normal(), -_MOST_SPREADS, _MOST_SPREADS)
    return middle * float(np.exp(deviation * far))


def _loudness(usual: Mapping[str, float], rng: np.random.Generator) -> Curves:
    """Draw how loud each electrode is."""
    middle = np.array([usual.get(name, 1.0) for name in ELECTRODES])
    far = np.clip(rng.standard_normal(middle.size), -_MOST_SPREADS, _MOST_SPREADS)
    return np.asarray(middle * np.exp(_SPREAD * far))


def _falling(
    curves: int, count: int, falls_from: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw noise of standard deviation 1 that falls from a frequency on, in turns a point."""
    forgets = 2.0 * np.pi * falls_from
    memory = np.exp(-forgets * np.arange(np.ceil(_REMEMBERED / forgets)))
    memory /= np.sqrt(np.sum(memory**2))
    fresh = rng.standard_normal((curves, count + memory.size - 1), np.float32)
    points = fresh[:, :count] * np.float32(memory[0])
    for ago, weight in enumerate(memory[1:], start=1):
        points += fresh[:, ago : ago + count] * np.float32(weight)
    return points


def _trembling(strip: NoisyStrip, rng: np.random.Generator) -> int:
    """Draw an electrode of the first lead, a limb's if it has one."""
    order = [*rng.permutation(len(LIMBS)), *range(len(LIMBS), len(ELECTRODES))]
    first_lead = strip.used[np.flatnonzero(strip.weights[0])]
    return int(next(electrode for electrode in order if electrode in first_lead))


def _swings(
    strip: NoisyStrip,
    turns: NDArray[np.float32],
    harmonics: tuple[float, ...],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Draw a movement that repeats itself, a little different each time and at each electrode.

    Parameters
    ----------
    turns
        Repetitions from point to point.

    Returns
    -------
    ndarray, shape ``(used, points)``
        Root mean square 1.
    """
    wave = turning(turns, 0.0)
    harmonic = np.ones_like(wave)
    points = np.zeros((strip.used.size, turns.size), np.float32)
    changes = max(1, round(_SHAPE_CHANGES / float(turns.mean())))
    for size in harmonics:
        harmonic *= wave
        usual = rng.standard_normal((2, len(ELECTRODES)), np.float32)[:, strip.used, np.newaxis]
        usual *= _STEADY / np.hypot(*usual)
        weights = _CHANGING * wandering((2, strip.used.size), turns.size, changes, rng)
        weights += usual
        points += size * (weights[0] * harmonic.real - weights[1] * harmonic.imag)
    points *= np.float32(np.sqrt(2.0 / np.sum(np.square(harmonics))))
    return points


def _pressed(time_s: Curves, pressing_s: float, rng: np.random.Generator) -> Curves:
    """Return when the chest is pressed, 0 to 1."""
    whole_s = pressing_s + _BREATHS_S
    cycle = (time_s + rng.uniform(0.0, whole_s)) % whole_s
    return 1.0 - np.clip(np.minimum(cycle - pressing_s, whole_s - cycle) / _HANDS_OFF_S, 0.0, 1.0)


def _events(strip: NoisyStrip, per_min: float, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Draw what happens to which electrode, and when: places among the used ones, and samples."""
    how_often = rng.poisson(per_min * strip.samples / strip.fs / 60.0, len(ELECTRODES))
    return [
        (place, int(at))
        for place, electrode in enumerate(strip.used)
        for at in rng.integers(0, strip.samples, how_often[electrode])
    ]

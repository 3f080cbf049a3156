"""What each second of an ECG is made of, and whether noise hides the ECG in it.

A second is not unreadable because it is chaotic: ventricular fibrillation is. What can be read
shows one of three things, and an ECG that noise hides shows none of them:

- *complexes*: the steepest moments of three seconds are much steeper than the usual ones,
- *one frequency* that prevails, alone as in fibrillation and flutter or with its overtones as in
  fast regular rhythms,
- *smoothness*: nothing quick happens and the baseline stays, as in asystole.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
Figures: TypeAlias = NDArray[np.floating[Any]]
Indices: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

GRID_RATE = 100.0  # Hz, about
SPECTRUM_WINDOW = 2.0  # s
SLOW = (0.4, 2.2)  # Hz: baseline, electrode motion
MIDDLE = (2.2, 15.2)  # Hz: waves, the bulk of the complexes
FAST = (15.2, 40.2)  # Hz: the edges of the complexes, muscle
TONE = (2.9, 8.6)  # Hz: 175 to 515 per minute
AROUND_TONE = (0.9, 25.2)  # Hz
FAST_BEATS = (2.4, 6.6)  # Hz: 145 to 395 per minute
AROUND_OVERTONES = (0.4, 40.2)  # Hz
LEVEL_POINTS = 1000  # of the grid, to learn the level of a lead from
BLOCKS = 10  # per second
FAINT_POWER = 1e-8  # mV squared
FAINT_SLOPE = 1e-4  # mV from one point of the grid to the next but one
STEEPEST, USUAL = -2, 15  # of the 30 tenths of seconds, ascending; the steepest may be one spike

# Settled on half of the records of mitdb, vfdb, ludb and ptb-xl, with and without noise of nstdb.
STANDS_OUT = 1.1  # log10 of slopes, noise deducted
NOISE_COST = 0.2  # for each power of ten
TONE_SHARE = 0.3
OVERTONES_SHARE = 0.45
SMOOTH = 1e-3  # mV squared, 0.03 mV root mean square
EXCURSION = 1.0  # mV of the baseline in a second, two large boxes


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """What the seconds are made of; every array has the shape ``(leads, seconds)``.

    Attributes
    ----------
    contrast
        How much steeper the steepest moments are than the usual ones, as a power of ten.
    tone, overtones
        Share of the power around one frequency, and around one and its next two multiples.
    slow, middle, fast
        Mean square of the parts below, at and above the frequencies of the waves, mV squared.
    excursion
        How far the mean over one second moves within the second, mV.
    """

    contrast: Figures
    tone: Figures
    overtones: Figures
    slow: Figures
    middle: Figures
    fast: Figures
    excursion: Figures

    @property
    def readable(self) -> Mask:
        """Whether there are complexes, a prevailing frequency, or nothing that disturbs."""
        return _has_complexes(self) | _has_tone(self) | _is_smooth(self)


def texture_of(leads: Samples, fs: float, seconds: int) -> Texture:
    """Describe each second of each lead.

    Parameters
    ----------
    leads
        Finite millivolts, shape ``(leads, samples)``.
    fs
        Sampling rate in hertz, 100 to 1000.
    seconds
        How many there are, at least one.
    """
    grid, rate = _on_grid(leads, fs)
    power, frequency = _spectra(grid, rate, seconds)

    def in_band(band: tuple[float, float]) -> Figures:
        first, end = np.searchsorted(frequency, band)
        return np.asarray(power[..., first:end].sum(axis=2) + FAINT_POWER)

    around_line = power[..., :-2] + power[..., 1:-1] + power[..., 2:]
    tones = np.flatnonzero((frequency >= TONE[0]) & (frequency <= TONE[1])) - 1
    beats = np.flatnonzero((frequency >= FAST_BEATS[0]) & (frequency <= FAST_BEATS[1]))
    with_overtones = sum(around_line[..., i * beats - 1] for i in (1, 2, 3))
    return Texture(
        contrast=_contrast(grid, rate, seconds),
        tone=around_line[..., tones].max(axis=2) / in_band(AROUND_TONE),
        overtones=np.asarray(with_overtones).max(axis=2) / in_band(AROUND_OVERTONES),
        slow=in_band(SLOW),
        middle=in_band(MIDDLE),
        fast=in_band(FAST),
        excursion=_excursion(grid, rate, seconds),
    )


def _on_grid(leads: Samples, fs: float) -> tuple[Samples, float]:
    """Average neighbouring samples down to about 100 Hz, without the lead's level.

    That is a median: an artefact would move a mean so far that float32 could not hold the rest.
    """
    step = max(1, round(fs / GRID_RATE))
    end = leads.shape[1] // step * step
    grid = leads[:, 0:end:step].copy()
    for offset in range(1, step):
        grid += leads[:, offset:end:step]
    grid /= step
    grid -= np.median(grid[:, :: 1 + grid.shape[1] // LEVEL_POINTS], axis=1, keepdims=True)
    return grid, fs / step


def _spectra(grid: Samples, rate: float, seconds: int) -> tuple[Figures, Figures]:
    """Return the mean square in each line of the spectrum of the two seconds around each second."""
    window = round(SPECTRUM_WINDOW * rate)
    padded = np.pad(grid, ((0, 0), (window, window)), mode="edge")
    firsts = np.asarray((np.arange(seconds) + 0.5) * rate, np.int64) + window - window // 2
    pieces = np.lib.stride_tricks.sliding_window_view(padded, window, axis=1)[:, firsts]
    pieces -= pieces.mean(axis=2, keepdims=True)
    taper = np.hanning(window).astype(np.float32)
    pieces *= taper
    lines = np.fft.rfft(pieces, axis=2)
    power = lines.real**2 + lines.imag**2
    power *= 2 / (window * np.square(taper).sum())
    return power, np.fft.rfftfreq(window, 1 / rate)


def _contrast(grid: Samples, rate: float, seconds: int) -> Figures:
    """Compare, on a logarithmic scale, the steepest slopes of three seconds with the usual."""
    slope = np.abs(grid[:, 2:] - grid[:, :-2])
    starts = np.minimum(_starts(seconds * BLOCKS, rate / BLOCKS), slope.shape[1] - 1)
    shape = (grid.shape[0], seconds, BLOCKS)
    steepest = np.maximum.reduceat(slope, starts, axis=1).reshape(shape)
    second = np.arange(seconds)
    before, after = np.abs(second - 1), second + 1  # at the ends, the other neighbour again
    after[-1] = max(seconds - 2, 0)
    before %= seconds
    around = np.concatenate([steepest[:, before], steepest, steepest[:, after]], axis=2)
    around.sort(axis=2)
    around += FAINT_SLOPE
    return np.asarray(np.log10(around[..., STEEPEST] / around[..., USUAL]))


def _excursion(grid: Samples, rate: float, seconds: int) -> Figures:
    """Return how far the mean over one second moves within each second, in mV."""
    starts = _starts(4 * seconds, rate / 4)
    quarters = np.add.reduceat(grid, starts, axis=1) / np.diff(starts, append=grid.shape[1])
    padded = np.pad(quarters, ((0, 0), (3, 3)), mode="edge")
    means = (padded[:, :-3] + padded[:, 1:-2] + padded[:, 2:-1] + padded[:, 3:]) / 4
    inside = means[:, (4 * np.arange(seconds))[:, None] + np.arange(1, 6)]
    return np.asarray(np.ptp(inside, axis=2))


def _has_complexes(texture: Texture) -> Mask:
    # Added up as logarithms: the product of two powers may be more than float32 holds.
    noise = np.log10(texture.slow) + np.log10(texture.fast) - np.log10(texture.middle)
    return np.asarray(texture.contrast - NOISE_COST * noise > STANDS_OUT)


def _has_tone(texture: Texture) -> Mask:
    tone = _or_around(texture.tone) > TONE_SHARE
    return np.asarray(tone | (_or_around(texture.overtones) > OVERTONES_SHARE))


def _or_around(values: Figures) -> Figures:
    """Return the mean of each second and its neighbours, or its own value if that is larger."""
    padded = np.pad(values, ((0, 0), (1, 1)), mode="edge")
    return np.maximum(values, (padded[:, :-2] + values + padded[:, 2:]) / 3)


def _is_smooth(texture: Texture) -> Mask:
    return np.asarray((texture.fast < SMOOTH) & (texture.excursion < EXCURSION))


def _starts(count: int, length: float) -> Indices:
    return np.asarray(np.arange(count) * length, np.int64)

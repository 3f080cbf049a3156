"""Spikes of a pacemaker: far sharper than anything the heart draws."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Wave

LOWEST_RATE: Final = 200.0
"""Samples per second below which a spike of a millisecond or two may leave no trace."""

_KINK_S = 0.0028  # a second difference over this time is largest for a spike
_BEFORE_S, _AFTER_S = 0.3, 0.04  # of the R peak: where spikes of atrium or ventricle stand
_SWING_S = 0.1  # to each side of the R peak: the complex itself
_SIDE_S, _SPIKE_S = 0.03, 0.008  # to each side of the spike: around it, and itself
_SHARP = 0.2  # kink, as a share of the swing of the complex
# Times the kinks around it: less behind which the complex is wide, as paced ones are, and where
# samples lie too far apart for the notches of a complex to be as sharp as a spike.
_ALONE, _ALONE_IF_BLUNT = 4.8, 3.0
_RESOLVES_NOTCHES = 400.0  # samples per second
_REMOVED_S = 0.016  # to each side of a spike, worn down as it may be
# A spike that is melted into the complex: slopes over 11 ms at its onset, against those before and
# after. In unpaced wide complexes the jump is seldom 9 times as steep as what precedes it, in
# records 107 and 217 of mitdb 17 times and more. There is no third patient paced so to check with.
_JUMP_S = 0.0055
_JUMP_BEFORE_S, _JUMP_AFTER_S = 0.02, 0.05  # of the onset of the complex
_APART_S, _QUIET_S, _SLOW_S = 0.022, 0.1, 0.12  # of the jump
_FROM_SILENCE, _GOES_ON = 12.0, 1.5
_COMPLEX_S, _JUMP = 0.25, 0.3  # jump, as a share of the swing of the complex
_MOST_BEATS = 0.5
_FEWEST = 2


def find_spikes(
    signal: NDArray[np.float32], fs: float, beats: NDArray[np.int64], *, wide: bool
) -> NDArray[np.int64]:
    """Find pacing spikes ahead of the beats of one lead.

    Parameters
    ----------
    signal
        One lead, any unit.
    beats
        R peaks as sample numbers.
    wide
        Whether the complexes are wide, as behind a spike in the ventricle: then a blunter spike,
        worn down by the recorder's filter, is believed.

    Returns
    -------
    ndarray of int64
        Sample numbers of the spikes, ascending; none unless half of the beats have one.
    """
    nothing = np.empty(0, np.int64)
    reach = max(1, round(_KINK_S * fs))
    if fs < LOWEST_RATE or beats.size < _FEWEST or signal.size <= 2 * reach:
        return nothing
    samples = _scaled(signal)
    kink = np.zeros(samples.size, np.float32)
    kink[reach:-reach] = np.abs(
        samples[2 * reach :] - 2 * samples[reach:-reach] + samples[: -2 * reach]
    )
    ahead = _around(beats, -_BEFORE_S * fs, _AFTER_S * fs, samples.size)
    sharpest = kink[ahead].argmax(axis=1)
    spikes = np.take_along_axis(ahead, sharpest[:, None], axis=1)[:, 0]
    height = kink[spikes]
    swing = np.ptp(samples[_around(beats, -_SWING_S * fs, _SWING_S * fs, samples.size)], axis=1)
    near = kink[_around(spikes, -_SIDE_S * fs, _SIDE_S * fs, samples.size)]
    middle, itself = near.shape[1] // 2, max(2, round(_SPIKE_S * fs))
    near[:, middle - itself : middle + itself + 1] = 0
    blunt = wide or fs < _RESOLVES_NOTCHES
    alone = _ALONE_IF_BLUNT if blunt else _ALONE
    seen = (height > _SHARP * swing) & (height > alone * near.max(axis=1))
    if np.count_nonzero(seen) < max(_FEWEST, _MOST_BEATS * beats.size):
        return nothing
    return np.unique(spikes[seen])


def spikes_in_wide_complexes(
    signal: NDArray[np.float32], fs: float, qrs: Wave
) -> NDArray[np.int64]:
    """Find spikes that a recorder's filter has melted into the wide complexes they set off.

    Such a complex jumps out of silence, then goes on slowly. One that the ventricles begin
    themselves sets in slowly, and one with a block is as steep later on.

    Parameters
    ----------
    signal
        One lead, any unit.
    qrs
        Wide complexes of this lead.

    Returns
    -------
    ndarray of int64
        Sample numbers of the jumps, ascending; none unless most complexes begin so.
    """
    nothing = np.empty(0, np.int64)
    reach = max(1, round(_JUMP_S * fs))
    onsets = qrs.onset[qrs.present]
    if fs < LOWEST_RATE or onsets.size < _FEWEST or signal.size <= 2 * reach:
        return nothing
    samples = _scaled(signal)
    slope = np.zeros(samples.size, np.float32)
    slope[reach:-reach] = np.abs(samples[2 * reach :] - samples[: -2 * reach])
    start = _around(onsets, -_JUMP_BEFORE_S * fs, _JUMP_AFTER_S * fs, samples.size)
    jumps = np.take_along_axis(start, slope[start].argmax(axis=1)[:, None], axis=1)[:, 0]
    height = slope[jumps]
    before = slope[_around(jumps, -_QUIET_S * fs, -_APART_S * fs, samples.size)].max(axis=1)
    after = slope[_around(jumps, _APART_S * fs, _SLOW_S * fs, samples.size)].max(axis=1)
    swing = np.ptp(samples[_around(onsets, 0, _COMPLEX_S * fs, samples.size)], axis=1)
    seen = (height > _FROM_SILENCE * before) & (height > _GOES_ON * after)
    seen &= height > _JUMP * swing
    return jumps[seen] if seen.mean() > _MOST_BEATS else nothing


def without_spikes(
    signal: NDArray[np.float32], fs: float, spikes: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Draw straight lines through the spikes, so that what they set off can be measured.

    Examples
    --------
    >>> lead = np.array([0, 0, 0, 9, 0, 0, 0], np.float32)
    >>> float(without_spikes(lead, 100.0, np.array([3])).max())
    0.0
    """
    reach = round(_REMOVED_S * fs)
    spiky = np.zeros(signal.size, np.bool_)
    spiky[_around(spikes, -reach, reach, signal.size)] = True
    kept = np.flatnonzero(~spiky)
    if kept.size == 0:
        return signal
    return np.interp(np.arange(signal.size), kept, signal[kept]).astype(signal.dtype)


def _scaled(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fill gaps, and make the largest value 1: squares of huge ones overflow."""
    samples = np.nan_to_num(signal, nan=float(np.nanmedian(signal)), posinf=0.0, neginf=0.0)
    largest = float(np.abs(samples).max())
    return np.asarray(samples / largest if largest > 0 else samples, np.float32)


def _around(places: NDArray[np.int64], first: float, last: float, size: int) -> NDArray[np.int64]:
    around = places[:, None] + np.arange(round(first), round(last) + 1)
    return np.asarray(np.clip(around, 0, size - 1), np.int64)

"""Onset and end of QRS complexes, from where the slope falls silent."""

from typing import Final

import numpy as np

from rhythmtrainer.ecg.waves import coefficients
from rhythmtrainer.ecg.waves.windows import (
    FINE_STEP,
    QRS_R_COLUMN,
    Columns,
    Mask,
    Rows,
    Seconds,
    box,
)

SILENCE_LEVELS: Final = (0.03, 0.06, 0.12, 0.25)
"""Shares of the steepest slope below which the signal counts as silent, each with its own bounds:
the faintest follow slurred onsets but also noise, the strongest neither."""

_SILENCE = 10  # fine columns (20 ms) that must stay silent: notches are shorter
_SLOPE_REACH = 4  # fine columns (8 ms) to each side
_SLOPE_MEAN = 2  # fine columns to each side over which the slope is averaged
_CORE = 40  # fine columns (80 ms) to each side of the R peak, where the steepest slope is
_QUIET_QUARTER = 4  # a quarter of any row is quieter than a QRS complex
_NOISE_FACTOR, _NOISE_LIMIT = np.float32(3.0), np.float32(0.25)
_SHORTEST_BEFORE, _SHORTEST_AFTER = np.float32(0.006), np.float32(0.010)  # s


def qrs_bounds(qrs: Rows, weights: Rows) -> tuple[Seconds, Seconds, Mask]:
    """Find where each complex begins and ends, in seconds from the R peak.

    The bounds at the four `SILENCE_LEVELS`, each averaged over the beats that look the same, are
    combined with fitted weights.

    Parameters
    ----------
    qrs
        From `qrs_grid`.
    weights
        From `likeness`.

    Returns
    -------
    tuple of ndarray, shape (beats,)
        Onsets (negative), ends (positive), and whether there is a complex at all.
    """
    onsets, ends, present = silences(qrs)
    onsets, ends, centre = around_centre(weights @ onsets, weights @ ends)
    onset = centre + coefficients.QRS_ONSET[0] + onsets @ coefficients.QRS_ONSET[1:]
    end = centre + coefficients.QRS_END[0] + ends @ coefficients.QRS_END[1:]
    return np.minimum(onset, -_SHORTEST_BEFORE), np.maximum(end, _SHORTEST_AFTER), present


def around_centre(onsets: Seconds, ends: Seconds) -> tuple[Seconds, Seconds, Seconds]:
    """Measure bounds from the middle of the complex: a mark beside the R peak moves nothing."""
    centre = 0.5 * (onsets[:, -1] + ends[:, -1])
    return onsets - centre[:, None], ends - centre[:, None], centre


def silences(qrs: Rows) -> tuple[Seconds, Seconds, Mask]:
    """Find the silence before and after each complex at each of the `SILENCE_LEVELS`.

    Returns
    -------
    tuple of ndarray
        Two of shape (beats, levels), in seconds from the R peak, and whether there is a complex.
    """
    slope = np.zeros_like(qrs)
    slope[:, _SLOPE_REACH:-_SLOPE_REACH] = np.abs(
        qrs[:, 2 * _SLOPE_REACH :] - qrs[:, : -2 * _SLOPE_REACH]
    )
    slope = box(slope, _SLOPE_MEAN)
    core = slope[:, QRS_R_COLUMN - _CORE : QRS_R_COLUMN + _CORE + 1]
    steepest = core.max(axis=1)
    at = core.argmax(axis=1) + QRS_R_COLUMN - _CORE
    quarter = slope.shape[1] // _QUIET_QUARTER
    noise = np.partition(slope, quarter, axis=1)[:, quarter]
    floor = np.minimum(_NOISE_FACTOR * noise, _NOISE_LIMIT * steepest)
    levels = np.array(SILENCE_LEVELS, np.float32)[:, None]
    loud = slope > np.maximum(levels * steepest, floor)[:, :, None]
    first, last = np.minimum(at, QRS_R_COLUMN), np.maximum(at, QRS_R_COLUMN)
    onsets, ends = _nearest_silence(loud, first, last)
    return _seconds(onsets.T), _seconds(ends.T), steepest > np.finfo(np.float32).eps


def _seconds(columns: Columns) -> Seconds:
    return (columns - QRS_R_COLUMN).astype(np.float32) * np.float32(FINE_STEP)


def _nearest_silence(loud: Mask, first: Columns, last: Columns) -> tuple[Columns, Columns]:
    """End of the last silence before `first`, and start of the first one after `last`."""
    count = np.zeros((*loud.shape[:-1], loud.shape[-1] + 1), np.int16)
    np.cumsum(loud, axis=-1, out=count[..., 1:])
    silent = count[..., _SILENCE:] == count[..., :-_SILENCE]
    starts = np.arange(silent.shape[-1])
    before = silent & (starts + _SILENCE <= first[:, None])
    after = silent & (starts >= last[:, None])
    # The outermost columns stand for a silence that never comes.
    before[..., 0] = True
    after[..., -1] = True
    onset = silent.shape[-1] - 1 - before[..., ::-1].argmax(axis=-1) + _SILENCE
    return np.asarray(onset), np.asarray(after.argmax(axis=-1))

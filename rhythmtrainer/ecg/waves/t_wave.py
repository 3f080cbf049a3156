"""T waves: the largest bump where a T wave can be, weighed by how usual its place is."""

import numpy as np

from rhythmtrainer.ecg.waves.windows import (
    R_COLUMN,
    STEP,
    Columns,
    Cycle,
    Peaks,
    Rows,
    Seconds,
    bumps,
    pick,
)

LONGEST_CYCLE = 1.5  # s; beyond it the QT interval hardly changes

_REACHES = (9, 14)  # columns: bumps of 76 and 116 ms
_LEVEL = np.float32(0.15)  # weight of the height over the PQ level
_PLACE, _SPREAD = 0.29, 0.08  # s after the R peak at 60/min, and the spread around it
_GAP, _GAP_SHARE = 0.06, 0.15  # s from QRS end to T peak, and of the RR interval at most
_TO_NEXT = 0.16  # s from T peak to the next R peak, the P wave between them
_SHARE_OF_CYCLE = 0.6  # the latest T peak when there is no room for a P wave
_LATEST, _LATEST_BASE, _LATEST_SLOPE = 0.6, 0.25, 0.32  # s
_USUAL_QRS_END = 0.05  # s
_NOISE = np.float32(0.5)  # bump of a T wave against the noise of the mean
_SMALLEST = np.float32(0.004)  # of the usual QRS complex
_NARROWEST = 5  # columns (20 ms) that a place to search must have
_PEAK_REACH = 12  # columns to each side of a bump, where the peak itself is
_SHORTEST_CYCLE = 0.3  # s


def find_t(rows: Rows, noise: Rows, qrs_end: Seconds, cycle: Cycle) -> Peaks:
    """Find the T wave after each complex.

    Parameters
    ----------
    rows
        From `after_qrs`.
    noise
        Uncertainty of the rows, shape ``(beats,)``.
    qrs_end
        Seconds from the R peak.
    """
    time = np.arange(rows.shape[1], dtype=np.float32) * np.float32(STEP)
    first = qrs_end + np.minimum(_GAP, _GAP_SHARE * cycle.after)
    slow = _LATEST_BASE + _LATEST_SLOPE * np.minimum(cycle.after, LONGEST_CYCLE)
    room = np.maximum(cycle.after - _TO_NEXT, _SHARE_OF_CYCLE * cycle.after)
    last = np.minimum(np.minimum(slow, _LATEST), room)
    allowed = (time >= first[:, None]) & (time <= last[:, None])

    pace = 0.5 * (cycle.before + cycle.usual)
    pace = np.minimum(np.maximum(pace, _SHORTEST_CYCLE), LONGEST_CYCLE)
    place = _PLACE * np.sqrt(pace) + 0.5 * (qrs_end - _USUAL_QRS_END)
    off = time - place.astype(np.float32)[:, None]
    off *= off
    off *= np.float32(-0.5 / _SPREAD**2)
    bump, wide_bump = bumps(rows, *_REACHES)
    bump += wide_bump
    bump += _LEVEL * rows
    at = np.where(allowed, np.abs(bump) * np.exp(off), np.float32(-1)).argmax(axis=1)
    height = bump[np.arange(len(rows)), at]
    sign = np.where(height < 0, np.float32(-1), np.float32(1))
    present = np.abs(height) > np.maximum(_NOISE * noise, _SMALLEST)
    present &= last - first >= _NARROWEST * STEP
    return Peaks(_summit(rows, at, sign) + R_COLUMN, sign, present)


def _summit(rows: Rows, at: Columns, sign: Rows) -> Columns:
    """Move from the middle of a bump to its peak over the line between its two ends."""
    shift = np.arange(-_PEAK_REACH, _PEAK_REACH + 1)
    near = np.minimum(np.maximum(at[:, None] + shift, 0), rows.shape[1] - 1)
    values = pick(rows, near) * sign[:, None]
    slant = (values[:, -1:] - values[:, :1]) * np.float32(0.5 / _PEAK_REACH)
    summit = at + (values - slant * shift.astype(np.float32)).argmax(axis=1) - _PEAK_REACH
    return np.asarray(np.minimum(np.maximum(summit, 0), rows.shape[1] - 1))

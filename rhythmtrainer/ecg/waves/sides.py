"""Where a P or T wave begins or ends: several views of one side of a wave, combined by a fit.

Each side of each wave is a row that starts at the peak and falls towards the baseline. T waves are
about twice as long as P waves and their rows twice as coarse, so that all rows look alike and one
pass measures them all.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.waves.windows import STEP, Columns, Rows, Seconds, pick

P_STEP: Final = 1  # grid columns between two columns of a side
T_STEP: Final = 2

REACH: Final = 30  # columns: 120 ms of a P wave, 240 ms of a T wave
VIEWS: Final = 6
SHORTEST: Final = 8  # columns that are looked at however close the next wave
_PEAK = 4  # columns before the peak
_BEYOND = 3  # columns beyond the reach
_AREA_WIDTHS = (15, 22)  # columns
_SLOPE_REACH = 2  # columns to each side
_SLOPE_LEVELS = (0.25, 0.12)  # of the steepest slope
_LEAST = 4  # columns from a peak to either end of its wave
_TINY = np.float32(1e-12)


def side(rows: Rows, peak: Columns, sign: Rows, step: int, limit: Columns) -> Rows:
    """Take one side of a wave in each row, upright; `step` is negative for the side before.

    Beyond the column `limit` the value there goes on.
    """
    index = peak[:, None] + step * np.arange(-_PEAK, REACH + _BEYOND + 1)
    bound = np.minimum if step > 0 else np.maximum
    index = np.minimum(np.maximum(bound(index, limit[:, None]), 0), rows.shape[1] - 1)
    return pick(rows, index) * sign[:, None]


def side_views(sides: Rows, room: Columns) -> Rows:
    """Estimate in six ways at which column each side reaches the baseline.

    Two are the largest area over the end of a window of fixed width [1]_, two the points where the
    slope has fallen to a share of its steepest, one the tangent there [2]_, one the point furthest
    below the straight line from the peak to the last column.

    Parameters
    ----------
    sides
        From `side`.
    room
        Columns between the peak and the next wave.

    Returns
    -------
    ndarray of float32, shape (sides, 6)
        Columns from the peak.

    References
    ----------
    .. [1] Q. Zhang, A. Illanes Manriquez, C. Medigue, Y. Papelier, M. Sorine. An algorithm for
       robust and efficient location of T-wave ends in electrocardiograms. IEEE Trans Biomed Eng
       2006;53:2544-2552.
    .. [2] E. Lepeschkin, B. Surawicz. The measurement of the Q-T interval of the
       electrocardiogram. Circulation 1952;6:378-388.
    """
    each, columns = np.arange(len(sides)), np.arange(sides.shape[1])
    last = _PEAK + np.minimum(np.maximum(room, SHORTEST), REACH)
    inside = columns <= last[:, None]
    views = np.empty((VIEWS, len(sides)), np.float32)

    widest = max(_AREA_WIDTHS)
    level = np.repeat(sides[:, :1], widest, axis=1)
    sums = np.cumsum(np.concatenate([level, sides], axis=1), axis=1)
    for number, width in enumerate(_AREA_WIDTHS):
        area = sums[:, widest:] - sums[:, widest - width : -width] - np.float32(width) * sides
        reached = inside & (columns >= _PEAK + width // 4)
        views[number] = _largest(area, reached)

    fall = np.zeros_like(sides)
    fall[:, _SLOPE_REACH:-_SLOPE_REACH] = (
        sides[:, : -2 * _SLOPE_REACH] - sides[:, 2 * _SLOPE_REACH :]
    )
    inside &= columns > _PEAK
    at = _largest(fall, inside)
    steepest = np.maximum(fall[each, at], _TINY)
    past = columns >= at[:, None]
    for number, share in enumerate(_SLOPE_LEVELS, start=len(_AREA_WIDTHS)):
        calm = fall < (np.float32(share) * steepest)[:, None]
        views[number] = (past & (calm | ~inside)).argmax(axis=1)

    lowest = np.where(inside, sides, np.float32(np.inf)).min(axis=1)
    tangent = at + (sides[each, at] - lowest) / steepest * np.float32(2 * _SLOPE_REACH)
    views[4] = np.minimum(tangent, last)

    fall_to_last = sides[each, last] - sides[:, _PEAK]
    slant = (fall_to_last / (last - _PEAK).astype(np.float32))[:, None]
    chord = sides[:, _PEAK, None] + slant * (columns - _PEAK).astype(np.float32)
    views[5] = _largest(chord - sides, inside)
    return np.asarray(views.T - np.float32(_PEAK))


def distance(views: Rows, step: int, context: Rows, fit: NDArray[np.float32]) -> Seconds:
    """Combine the views and what else is known of the beat to a distance from the peak, in s."""
    columns = fit[0] + views @ (fit[1 : VIEWS + 1] * np.float32(step * STEP))
    reach = columns + context @ fit[VIEWS + 1 :]
    return np.asarray(np.maximum(reach, np.float32(_LEAST * step * STEP)))


def _largest(values: Rows, among: NDArray[np.bool_]) -> Columns:
    return np.asarray(np.where(among, values, np.float32(-np.inf)).argmax(axis=1))

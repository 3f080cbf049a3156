"""Statistics over the neighbours of each value of a short series."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def running_median(
    values: NDArray[Any], window: int, at: NDArray[np.int64] | None = None
) -> NDArray[Any]:
    """Return the median of the `window` values around each one, or around those numbered in `at`.

    See `running_quantiles`.
    """
    return running_quantiles(values, window, 0.5, at=at)[0]


def running_quantiles(
    values: NDArray[Any], window: int, *quantiles: float, at: NDArray[np.int64] | None = None
) -> list[NDArray[Any]]:
    """Return quantiles of the `window` values around each one, mirrored at the ends.

    Parameters
    ----------
    values
        At least one value, shape ``(n,)``.
    window
        Made odd, and no longer than `values`, by `odd_window`.
    quantiles
        From 0 to 1; the nearest value is taken.
    at
        Numbers of the values around which to look, shape ``(m,)``; all of them if left out.

    Returns
    -------
    list of ndarray, shape (n,) or (m,)
        One array for each quantile.

    Examples
    --------
    >>> running_quantiles(np.array([1, 9, 2, 8, 3]), 3, 0.5)
    [array([9, 2, 8, 3, 8])]
    """
    window = odd_window(window, values.size)
    around = neighbourhoods(_mirrored(values, window), window)
    ordered = around.copy() if at is None else around[at]
    ordered.sort(axis=1)
    return [ordered[:, round(q * (window - 1))] for q in quantiles]


def median_below(values: NDArray[Any], window: int, bound: ArrayLike) -> NDArray[np.bool_]:
    """Tell where `running_median` is less than `bound`, in a tenth of its time.

    More than half of a window must be less: that is counted, and nothing needs to be sorted.

    Examples
    --------
    >>> median_below(np.array([1, 9, 2, 8, 3]), 3, 8)
    array([False,  True, False,  True, False])
    """
    window = odd_window(window, values.size)
    less = neighbourhoods(_mirrored(values, window), values.size) < bound
    return np.asarray(np.add.reduce(less.view(np.int8), axis=0, dtype=np.int8) > window // 2)


def median_above(values: NDArray[Any], window: int, bound: ArrayLike) -> NDArray[np.bool_]:
    """Tell where `running_median` is more than `bound`; see `median_below`."""
    return median_below(-values, window, np.negative(bound))


def _mirrored(values: NDArray[Any], window: int) -> NDArray[Any]:
    half = window // 2
    return np.concatenate([values[half:0:-1], values, values[-2 : -half - 2 : -1]])


def neighbourhoods(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Return every run of `width` values, as a view: `sliding_window_view` in a tenth of the time.

    Parameters
    ----------
    values
        Contiguous, shape ``(n,)``.
    width
        1 to n.

    Returns
    -------
    ndarray, shape (n - width + 1, width)
        Not to be written to: the rows share their memory.

    Examples
    --------
    >>> neighbourhoods(np.array([1, 9, 2, 8]), 3)
    array([[1, 9, 2],
           [9, 2, 8]])
    """
    return np.ndarray((values.size - width + 1, width), values.dtype, values, 0, 2 * values.strides)


def odd_window(window: int, available: int) -> int:
    """Return the largest odd length up to `window` and `available`.

    Examples
    --------
    >>> odd_window(15, 100), odd_window(15, 8)
    (15, 7)
    """
    return (min(window, available) - 1) // 2 * 2 + 1

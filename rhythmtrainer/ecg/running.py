"""Statistics over the neighbours of each value of a short series."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


def running_median(values: NDArray[Any], window: int) -> NDArray[Any]:
    """Return the median of the `window` values around each one; see `running_quantiles`."""
    return running_quantiles(values, window, 0.5)[0]


def running_quantiles(values: NDArray[Any], window: int, *quantiles: float) -> list[NDArray[Any]]:
    """Return quantiles of the `window` values around each one, mirrored at the ends.

    Parameters
    ----------
    values
        At least one value, shape ``(n,)``.
    window
        Made odd, and no longer than `values`, by `odd_window`.
    quantiles
        From 0 to 1; the nearest value is taken.

    Returns
    -------
    list of ndarray, shape (n,)
        One array for each quantile.

    Examples
    --------
    >>> running_quantiles(np.array([1, 9, 2, 8, 3]), 3, 0.5)
    [array([9, 2, 8, 3, 8])]
    """
    window = odd_window(window, values.size)
    half = window // 2
    mirrored = np.concatenate([values[half:0:-1], values, values[-2 : -half - 2 : -1]])
    ordered = np.sort(sliding_window_view(mirrored, window), axis=1)
    return [ordered[:, round(q * (window - 1))] for q in quantiles]


def odd_window(window: int, available: int) -> int:
    """Return the largest odd length up to `window` and `available`.

    Examples
    --------
    >>> odd_window(15, 100), odd_window(15, 8)
    (15, 7)
    """
    return (min(window, available) - 1) // 2 * 2 + 1

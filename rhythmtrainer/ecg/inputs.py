"""What the functions of this package take for samples and for a sampling rate."""

from typing import Any, Final

from numpy.typing import NDArray

MIN_RATE: Final = 100.0
MAX_RATE: Final = 1000.0
"""Sampling rates in hertz."""


def sample_faults(signal: NDArray[Any], fs: float) -> list[str]:
    """Return a phrase for what is wrong with the samples' type, and with their rate.

    Examples
    --------
    >>> import numpy as np
    >>> sample_faults(np.zeros(500), 50)
    ['fs is 50; allowed is 100 to 1000 Hz']
    """
    faults = []
    if signal.dtype.kind not in "fiub":
        faults.append(f"signal has type {signal.dtype}; allowed are real numbers")
    if not MIN_RATE <= fs <= MAX_RATE:  # also if it is not a number
        faults.append(f"fs is {fs}; allowed is {MIN_RATE:g} to {MAX_RATE:g} Hz")
    return faults

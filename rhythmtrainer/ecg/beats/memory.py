"""Memory of an earlier call, used again.

Pages that are new to the process cost more than what is calculated on them: half an hour of signal
would lose a sixth of its time to them.
"""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 2**15  # values; for fewer there are pages enough
MOST = 20  # power of two: bytes of the largest array for half an hour
ALIKE = 4  # arrays of a size to be kept

_kept: defaultdict[int, list[NDArray[np.uint8]]] = defaultdict(list)


def borrowed(size: int, kind: Any = np.float32) -> NDArray[Any]:
    """Return an array of `size` values that mean nothing yet."""
    if size < LEAST:
        return np.empty(size, kind)
    needed = size * np.dtype(kind).itemsize
    power = (needed - 1).bit_length()
    if power > MOST:
        return np.empty(size, kind)
    try:
        memory = _kept[power].pop()
    except IndexError:
        memory = np.empty(2**power, np.uint8)
    return memory[:needed].view(kind)


def give_back(*arrays: NDArray[Any]) -> None:
    """Keep the memory of borrowed arrays, which must not be used any more, for the next ones."""
    for array in arrays:
        memory = array.base
        if memory is not None and memory.dtype == np.uint8 and memory.size <= 2**MOST:
            alike = _kept[(memory.size - 1).bit_length()]
            if len(alike) < ALIKE:
                alike.append(memory)

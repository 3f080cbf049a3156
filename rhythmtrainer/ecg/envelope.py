"""The outline of a long signal: the least and the greatest value of each column of pixels.

Over a screen's width a day of signal has thousands of samples for each pixel. A pyramid keeps the
extremes of blocks of 16, 32, 64 ... samples. A column is covered by a few blocks, which may overlap
because an extreme counted twice stays the same: two blocks of each size, and the single samples
that lie between its bounds and the first and last block. So the outline is exact at every zoom, and
costs the same.
"""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

# Smaller blocks take more memory, larger ones more time for the samples at a column's bounds.
_BLOCK: Final = 16
# Up to this many samples a column, reading them all is as fast as asking the pyramid.
_FEW_SAMPLES: Final = 128
# What is built at a time, in samples: it has to stay in the processor's cache.
_PIECE: Final = 65_536


class Envelope:
    """Extremes of any stretch of a signal, at any zoom.

    Built by `Envelope.of`, or step by step by an `EnvelopeBuilder`. It keeps the signal and adds a
    quarter of its size: 21 MB for 24 hours at 250 samples per second. The signal is read only near
    the columns' bounds, so it may lie in a mapped file.
    """

    def __init__(
        self, signal: NDArray[np.float32], levels: tuple[NDArray[np.float32], ...]
    ) -> None:
        self._signal = signal
        self._levels = levels

    @classmethod
    def of(cls, signal: NDArray[np.float32]) -> "Envelope":
        """Build the envelope of a whole signal at once.

        Parameters
        ----------
        signal
            Millivolts, float32, shape ``(samples,)``; NaN where there is a gap.

        Raises
        ------
        ValueError
            If the signal is not 1-D or not float32.

        Examples
        --------
        >>> wave = np.array([0, 3, -1, 0, np.nan, np.nan, 2, 1], dtype=np.float32)
        >>> low, high = Envelope.of(wave).extremes(0, 8, 4)
        >>> low.tolist(), high.tolist()
        ([0.0, -1.0, nan, 1.0], [3.0, 0.0, nan, 2.0])
        """
        builder = EnvelopeBuilder(signal)
        builder.step(signal.size)
        return builder.envelope

    def extremes(
        self, first: float, last: float, columns: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the least and the greatest value of each of equally wide columns.

        Parameters
        ----------
        first, last
            Sample numbers between which the columns lie; `last` is not part of them. They may be
            fractions, and may lie outside the signal.
        columns
            How many.

        Returns
        -------
        low, high
            Shape ``(columns,)``. NaN for a column without a sample: in a gap, outside the signal,
            or narrower than a sample.
        """
        bounds = self._bounds(first, last, columns)
        begins, ends = bounds[:-1], bounds[1:]
        if last - first <= columns * _FEW_SAMPLES or self._signal.size < _BLOCK:
            return _of_samples(self._signal, begins, ends)
        pairs = _of_edges(self._signal, begins, ends)
        self._add_blocks(pairs, begins, ends)
        pairs[begins >= ends] = np.nan
        return pairs[:, 0].copy(), -pairs[:, 1]

    def _bounds(self, first: float, last: float, columns: int) -> NDArray[np.int64]:
        """Return the number of the first sample at or behind each of the columns' bounds."""
        exact = first + np.arange(columns + 1) * ((last - first) / max(columns, 1))
        bounds: NDArray[np.int64] = np.clip(np.ceil(exact), 0, self._signal.size).astype(np.int64)
        return bounds

    def _add_blocks(
        self, pairs: NDArray[np.float32], begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> None:
        """Take the whole blocks of each column into account, from the smallest to the largest."""
        left, right = -(-begins // _BLOCK), ends // _BLOCK
        for level in self._levels:
            inside = left < right
            if not inside.any():
                return
            for block in (left, right - 1):
                known = block if inside.all() else np.where(inside, block, len(level) - 1)
                np.fmin(pairs, level.take(known, axis=0), out=pairs)
            left, right = (left + 1) // 2, right // 2


class EnvelopeBuilder:
    """Builds an envelope in steps, so that a window can go on painting.

    Parameters
    ----------
    signal
        Millivolts, float32, shape ``(samples,)``; NaN where there is a gap.

    Raises
    ------
    ValueError
        If the signal is not 1-D or not float32.

    Examples
    --------
    >>> builder = EnvelopeBuilder(np.zeros(1000, dtype=np.float32))
    >>> builder.step(900), builder.step(900)
    (False, True)
    """

    def __init__(self, signal: NDArray[np.float32]) -> None:
        if signal.ndim != 1 or signal.dtype != np.float32:
            raise ValueError(
                f"signal must be 1-D float32, got {signal.ndim}-D {signal.dtype}: one lead in mV"
            )
        self._signal = signal
        self._blocks = 0
        self._levels = _empty_levels(signal.size // _BLOCK)

    def step(self, samples: int) -> bool:
        """Take some more samples into account; return whether the envelope is complete.

        A step of a million samples takes about a hundredth of a second.
        """
        goal = min(self._blocks + max(samples // _BLOCK, 1), self._all_blocks)
        while self._blocks < goal:
            self._build(min(self._blocks + _PIECE // _BLOCK, goal))
        return self._blocks == self._all_blocks

    @property
    def envelope(self) -> Envelope:
        """The envelope, once it is complete.

        Raises
        ------
        ValueError
            If it is not.
        """
        if self._blocks < self._all_blocks:
            raise ValueError(f"{self._blocks} of {self._all_blocks} blocks are built: step on")
        return Envelope(self._signal, self._levels)

    @property
    def _all_blocks(self) -> int:
        return self._signal.size // _BLOCK

    def _build(self, goal: int) -> None:
        """Go on to `goal` blocks, and on each level as far as they go."""
        first, last = self._blocks, goal
        samples = self._signal[first * _BLOCK : last * _BLOCK].reshape(-1, _BLOCK)
        smaller = self._levels[0]
        _fold(smaller[first:last], samples)
        for level in self._levels[1:]:
            first, last = first // 2, last // 2
            below = smaller[2 * first : 2 * last]
            np.fmin(below[::2], below[1::2], out=level[first:last])
            smaller = level
        self._blocks = goal


def _empty_levels(blocks: int) -> tuple[NDArray[np.float32], ...]:
    """Make room for each level's blocks, and behind them one that stands for nothing.

    A row is the least value and the negative of the greatest: one `fmin` then serves both.
    """
    levels = []
    while True:
        levels.append(np.full((blocks + 1, 2), np.nan, dtype=np.float32))
        if blocks <= 1:
            return tuple(levels)
        blocks //= 2


def _of_samples(
    signal: NDArray[np.float32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the extremes of adjoining columns by looking at every sample."""
    low, high = np.full((2, begins.size), np.nan, dtype=np.float32)
    filled = np.flatnonzero(begins < ends)
    if filled.size:
        start, stop = begins[filled[0]], ends[filled[-1]]
        samples, places = signal[start:stop], begins[filled] - start
        low[filled] = np.fmin.reduceat(samples, places)
        high[filled] = np.fmax.reduceat(samples, places)
    return low, high


def _of_edges(
    signal: NDArray[np.float32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the extremes of a block's length of samples at both ends of each column.

    Parameters
    ----------
    signal
        At least as long as a block.

    Returns
    -------
    ndarray, shape (columns, 2)
        The least value, and the negative of the greatest; of no meaning for an empty column.
    """
    runs = as_strided(signal, (signal.size - _BLOCK + 1, _BLOCK), 2 * signal.strides)
    # A column that the signal's beginning or end cuts off may be shorter than a block.
    short = np.flatnonzero(ends - begins < _BLOCK)
    places = begins[short, np.newaxis] + np.arange(_BLOCK)
    whole = signal.take(np.minimum(places, ends[short, np.newaxis] - 1), mode="clip")
    pairs = np.full((begins.size, 2), np.nan, dtype=np.float32)
    for starts in (begins, ends - _BLOCK):
        samples = runs[np.clip(starts, 0, len(runs) - 1)]
        samples[short] = whole
        _fold(pairs, samples)
    return pairs


def _fold(pairs: NDArray[np.float32], samples: NDArray[np.float32]) -> None:
    """Widen the pairs so that each holds a row of samples."""
    # One row for each place in a run: along rows, NumPy compares several values at once.
    rows = np.ascontiguousarray(samples.T)
    pairs[:, 0] = np.fmin(pairs[:, 0], np.fmin.reduce(rows, axis=0))
    pairs[:, 1] = np.fmin(pairs[:, 1], -np.fmax.reduce(rows, axis=0))

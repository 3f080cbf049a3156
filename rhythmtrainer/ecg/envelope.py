"""The outline of a long signal: the least and the greatest value of each column of pixels.

Over a screen's width a day of signal has thousands of samples for each pixel. A pyramid keeps the
extremes of blocks of 16, 32, 64 ... samples. A column is looked up where it takes 8 to 16 blocks,
so that every zoom costs the same. Its bounds are moved to the nearest ones of blocks, by a
sixteenth of its width at most; every sample counts in one column. Where a column has fewer than 128
samples, these are looked up themselves, and nothing is moved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Smaller blocks take more memory, larger ones more time for columns that are not yet looked up in
# them.
_BLOCK: Final = 16
_BLOCKS_A_COLUMN: Final = 8
_TWO: Final = 2
# What is built at a time, in samples: it has to stay in the processor's cache.
_PIECE: Final = 65_536
# Columns that are as wide but for rounding are looked up in the same blocks.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The least and the greatest value of each of equally long blocks of samples."""

    block: int
    low: NDArray[np.float32]
    high: NDArray[np.float32]


class Envelope:
    """Extremes of any stretch of a signal, at any zoom.

    Built by `Envelope.of`, or step by step by an `EnvelopeBuilder`. It keeps the signal and adds a
    quarter of its size: 21 MB for 24 hours at 250 samples per second. From far the signal is not
    read, so it may lie in a mapped file.
    """

    def __init__(self, signal: NDArray[np.float32], levels: Iterable[_Level]) -> None:
        self._levels = (_Level(1, signal, signal), *levels)

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

        Columns of 128 samples and more are equally wide but for a sixteenth.

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
        per_column = (last - first) / max(columns, 1)
        level = self._level(per_column)
        exact = first + np.arange(columns + 1) * per_column
        # A block belongs to the column that has most of it; a sample to the one it lies in.
        blocks = np.ceil((exact - (level.block - 1) / 2) / level.block)
        bounds = blocks.clip(0, level.low.size).astype(np.int64)
        return _extremes(level, bounds[:-1], bounds[1:])

    def _level(self, per_column: float) -> _Level:
        """Return the level of the longest blocks that are short against a column."""
        longest = per_column / _BLOCKS_A_COLUMN * (1 + _ROUNDING)
        short = (level for level in reversed(self._levels) if level.block <= longest)
        return next(short, self._levels[0])


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
        self._levels = tuple(_empty_levels(signal.size))

    def step(self, samples: int) -> bool:
        """Take some more samples into account; return whether the envelope is complete.

        A step of a million samples takes about a hundredth of a second.
        """
        goal = min(self._blocks + max(-(-samples // _BLOCK), 1), self._all_blocks)
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
        return -(-self._signal.size // _BLOCK)

    def _build(self, goal: int) -> None:
        """Go on to `goal` blocks, and on each level as far as they go."""
        first, last = self._blocks, goal
        samples = self._signal[first * _BLOCK : last * _BLOCK]
        if samples.size % _BLOCK:
            # The last block is not full.
            samples = np.pad(samples, (0, -samples.size % _BLOCK), constant_values=np.nan)
        # One row for each place in a block: along rows, NumPy compares several values at once.
        rows = np.ascontiguousarray(samples.reshape(-1, _BLOCK).T)
        smaller, *larger = self._levels
        np.fmin.reduce(rows, axis=0, out=smaller.low[first:last])
        np.fmax.reduce(rows, axis=0, out=smaller.high[first:last])
        for level in larger:
            first, last = first // 2, -(-last // 2)
            low, high = smaller.low[2 * first : 2 * last], smaller.high[2 * first : 2 * last]
            np.fmin(low[::2], low[1::2], out=level.low[first:last])
            np.fmax(high[::2], high[1::2], out=level.high[first:last])
            smaller = level
        self._blocks = goal


def _extremes(
    level: _Level, begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the extremes of adjoining columns by looking at every block."""
    low, high = np.full((2, begins.size), np.nan, dtype=np.float32)
    filled = np.flatnonzero(begins < ends)
    if filled.size:
        begins, ends = begins[filled], ends[filled]
        if (ends - begins).max() <= _TWO:
            # Between first and last there is nothing to look at.
            low[filled] = np.fmin(level.low[begins], level.low[ends - 1])
            high[filled] = np.fmax(level.high[begins], level.high[ends - 1])
        else:
            seen = slice(begins[0], ends[-1])
            low[filled] = np.fmin.reduceat(level.low[seen], begins - begins[0])
            high[filled] = np.fmax.reduceat(level.high[seen], begins - begins[0])
    return low, high


def _empty_levels(samples: int) -> Iterator[_Level]:
    """Make room for each level's blocks, until there is but one of them."""
    block, blocks = _BLOCK, -(-samples // _BLOCK)
    while True:
        # Pairs are joined on the next level: an odd block has one beside it that is empty.
        blocks += blocks % 2
        yield _Level(block, *np.full((2, blocks), np.nan, dtype=np.float32))
        block, blocks = 2 * block, blocks // 2
        if blocks <= 1:
            return

"""Finding the lines of a long text file without reading it line by line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RecordError
from rhythmtrainer.training.cancel import Cancel

# Small enough to stay in the processor's cache while its lines are counted.
_BLOCK_BYTES: Final = 1 << 16
_MOST_BYTES_READ: Final = 1 << 26
# On average, of all lines that are read at once.
_LONGEST_LINE: Final = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Where the lines of a file are.

    Attributes
    ----------
    newline
        The byte that ends a line.
    size
        Bytes of the file when it was looked through.
    before
        Lines that end before each block of `_BLOCK_BYTES`, and those of the whole file.
    count
        Number of lines, also of a last one that does not end.
    """

    file: Path
    newline: bytes
    size: int
    before: NDArray[np.int64]
    count: int

    def read(self, first: int, end: int) -> list[bytes]:
        """Return the lines from `first` to before `end`, without what ends them.

        Raises
        ------
        RecordError
            If the lines are too long, or the file has changed.
        OSError
            If the file cannot be read.
        """
        start, stop = self._offset(first), self._offset(end)
        if stop - start > min(_MOST_BYTES_READ, (end - first) * _LONGEST_LINE):
            raise RecordError(f"{self.file.name} is no table: line {first + 1} is too long.")
        with self.file.open("rb") as stream:
            stream.seek(start)
            content = stream.read(stop - start)
        lines = content.split(self.newline)
        # Behind the last newline stands nothing, or a last line that does not end.
        if not lines[-1]:
            lines.pop()
        if self.file.stat().st_size != self.size or len(lines) != end - first:
            raise RecordError(f"{self.file.name} has changed since it was opened.")
        return lines

    def _offset(self, line: int) -> int:
        """Return the first byte of a line."""
        if line == 0:
            return 0
        if line > self.before[-1]:
            return self.size
        block = int(np.searchsorted(self.before, line)) - 1
        with self.file.open("rb") as stream:
            stream.seek(block * _BLOCK_BYTES)
            content = np.frombuffer(stream.read(_BLOCK_BYTES), np.uint8)
        ends = np.flatnonzero(content == self.newline[0])
        place = line - int(self.before[block]) - 1
        if place >= ends.size:
            raise RecordError(f"{self.file.name} has changed since it was opened.")
        return block * _BLOCK_BYTES + int(ends[place]) + 1


def find_lines(file: Path, newline: bytes, cancel: Cancel) -> Lines:
    """Count the lines of a file.

    Raises
    ------
    OSError
        If the file cannot be read.
    CancelledError
        If `cancel` was thrown.
    """
    counts = [0]
    size = 0
    last = b""
    held = bytearray(_BLOCK_BYTES)
    numbers = np.frombuffer(held, np.uint8)
    with file.open("rb", buffering=0) as stream:
        while got := stream.readinto(memoryview(held)):
            cancel.check()
            while got < _BLOCK_BYTES:
                more = stream.readinto(memoryview(held)[got:])
                if not more:
                    break
                got += more
            counts.append(int(np.count_nonzero(numbers[:got] == newline[0])))
            size += got
            last = bytes(held[got - 1 : got])
    before = np.cumsum(counts)
    count = int(before[-1]) + (last not in (b"", newline))
    return Lines(file, newline, size, before, count)

"""Where samples lie in the bytes of a signal file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.signals.header import Header, Signal


@dataclass(frozen=True, slots=True)
class _Format:
    """How a WFDB format packs samples: in blocks, the last of which may be cut short."""

    block_samples: int
    block_bytes: int
    part_bytes: tuple[int, ...] = (0,)

    def size(self, samples: int) -> int:
        """Return the bytes that hold `samples` samples from the start of a block on."""
        blocks, rest = divmod(samples, self.block_samples)
        return blocks * self.block_bytes + self.part_bytes[rest]

    def samples(self, size: int) -> int:
        """Return how many samples fit into `size` bytes."""
        blocks, rest = divmod(size, self.block_bytes)
        part = max(n for n, needed in enumerate(self.part_bytes) if needed <= rest)
        return blocks * self.block_samples + part


_FORMATS: Final = {
    "8": _Format(1, 1),
    "16": _Format(1, 2),
    "24": _Format(1, 3),
    "32": _Format(1, 4),
    "61": _Format(1, 2),
    "80": _Format(1, 1),
    "160": _Format(1, 2),
    "212": _Format(2, 3, (0, 2)),
    "310": _Format(3, 4, (0, 2, 4)),
    "311": _Format(3, 4, (0, 2, 3)),
}
# Each sample of format 8 is a difference from the one before it.
_NEEDS_ALL_BEFORE: Final = ("8",)
_COMPRESSED: Final = ("508", "516", "524")


@dataclass(frozen=True, slots=True)
class SignalFile:
    """One signal file of a record.

    Attributes
    ----------
    frame
        Samples that the file holds for one frame, all its signals together.
    skew
        The most frames by which one of its signals runs late.
    """

    name: str
    format: str
    frame: int
    skew: int
    byte_offset: int

    @property
    def compressed(self) -> bool:
        """Whether the file's size says nothing about how many samples it holds."""
        return self.format in _COMPRESSED

    @property
    def from_start_only(self) -> bool:
        """Whether samples can only be read from the file's first one on."""
        return self.compressed or self.format in _NEEDS_ALL_BEFORE

    def step(self) -> int:
        """Return at which multiples of frames a stretch of bytes may begin."""
        block = _FORMATS[self.format].block_samples
        return block // math.gcd(block, self.frame)

    def size(self, frames: int) -> int:
        """Return the bytes needed for the file's first `frames` frames."""
        return self.byte_offset + _FORMATS[self.format].size(frames * self.frame)

    def frames(self, size: int) -> int:
        """Return how many whole frames a file of `size` bytes holds."""
        held = max(0, size - self.byte_offset)
        return _FORMATS[self.format].samples(held) // self.frame


def signal_files(header: Header, file: str) -> tuple[SignalFile, ...]:
    """Return the signal files of a record in the order of its header.

    Raises
    ------
    RecordError
        If one of them has an unknown format.
    """
    by_file: dict[str, list[Signal]] = {}
    for signal in header.signals:
        if signal.format not in _FORMATS and signal.format not in _COMPRESSED:
            raise RecordError(f"{file} names the signal format {signal.format}, which is unknown.")
        by_file.setdefault(signal.file, []).append(signal)
    return tuple(
        SignalFile(
            name=name,
            format=signals[0].format,
            frame=sum(signal.samples_per_frame for signal in signals),
            skew=max(signal.skew for signal in signals),
            byte_offset=signals[0].byte_offset,
        )
        for name, signals in by_file.items()
    )


def check_ranged(files: Sequence[SignalFile], file: str) -> None:
    """Make sure that any stretch can be cut out of the signal files.

    Raises
    ------
    RecordError
        If a format only makes sense from the file's first sample on.
    """
    for signal_file in files:
        if signal_file.from_start_only:
            raise RecordError(
                f"{file} keeps signals in format {signal_file.format}, of which no excerpt can be"
                " read: use a copy of the record on this computer."
            )


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of frames widened to what can be cut out of the signal files.

    Attributes
    ----------
    first, end
        The frames that can be read from the copy: first, and one behind the last.
    stored_end
        One behind the last frame whose bytes are needed, because skewed signals run late.
    total
        Frames of the whole recording.
    """

    first: int
    end: int
    stored_end: int
    total: int

    def byte_range(self, file: SignalFile) -> tuple[int, int]:
        """Return the first byte of `file` that is needed, and one behind the last."""
        return file.size(self.first), file.size(self.stored_end)


def cut(files: Sequence[SignalFile], first: int, end: int, total: int) -> Cut:
    """Widen the frames from `first` to before `end` to what can be cut out of the files."""
    step = math.lcm(*(file.step() for file in files))
    skew = max(file.skew for file in files)
    return Cut(first - first % step, end, min(end + skew, total), total)


def frames_between(fs: float, total: int, start_s: float, seconds: float | None) -> tuple[int, int]:
    """Return the first frame of a stretch and one behind its last, inside the recording.

    Both ends are rounded to the nearest frame, so that stretches that follow each other in
    seconds follow each other in frames.

    Parameters
    ----------
    fs
        Frames per second.
    total
        Frames of the whole recording.
    start_s, seconds
        Where the stretch begins and how long it is; None reads to the recording's end.

    Examples
    --------
    >>> frames_between(360, 650_000, 10.0, 2.5)
    (3600, 4500)
    """
    first = _nearest(start_s * fs)
    end = total if seconds is None else _nearest((start_s + seconds) * fs)
    first = min(max(first, 0), total)
    return first, min(max(end, first), total)


def _nearest(frames: float) -> int:
    # Rounded twice: half a frame is always rounded up, and 4442.4999999 is half a frame.
    return math.floor(round(frames, 6) + 0.5)

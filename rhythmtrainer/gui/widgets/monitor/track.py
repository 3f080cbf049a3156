"""Samples that keep coming, kept for a while."""

from bisect import bisect_right
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Provenance, Strip

# A seam that is off by more than half a sample would be a false pause.
_SEAM_SAMPLES: Final = 0.5


class Track:
    """One strip and those that followed it, in the pieces in which they came.

    Pieces are never joined: a long recording would be copied again with each of them. Sample
    numbers count from the first strip's first sample, also when that has been forgotten.
    """

    def __init__(self, strip: Strip) -> None:
        self._last = strip
        self._pieces = [strip.signal]
        self._starts = [0]
        self._count: int = strip.signal.shape[1]
        self._start_s = strip.start_s

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """The printed name of each row."""
        return self._last.leads

    @property
    def fs(self) -> float:
        """Samples per second."""
        return self._last.fs

    @property
    def start_s(self) -> float:
        """Seconds from the recording's first sample to sample number 0."""
        return self._start_s

    @property
    def end_s(self) -> float:
        """Seconds from the recording's first sample to just behind the last sample."""
        return self._start_s + self._count / self.fs

    @property
    def provenance(self) -> Provenance:
        """Where the samples come from."""
        return self._last.provenance

    @property
    def at_end(self) -> bool:
        """Whether the recording ends with the last sample."""
        return self._last.at_end

    def check_follows(self, strip: Strip) -> None:
        """Refuse samples that do not go on where these end.

        Raises
        ------
        ValueError
            If they begin at another time, or have other leads or another rate.
        """
        if strip.leads != self.leads or strip.fs != self.fs:
            raise ValueError(
                f"samples must go on with leads {', '.join(self.leads)} at {self.fs:g} per second,"
                f" got {', '.join(strip.leads)} at {strip.fs:g}"
            )
        if abs(strip.start_s - self.end_s) > _SEAM_SAMPLES / self.fs:
            raise ValueError(f"samples must go on at {self.end_s:.3f} s, got {strip.start_s:.3f} s")

    def append(self, strip: Strip) -> None:
        """Go on with samples that `check_follows` lets pass."""
        self._last = strip
        self._starts.append(self._count)
        self._pieces.append(strip.signal)
        self._count += strip.signal.shape[1]

    def forget(self, before_s: float) -> None:
        """Drop pieces that lie wholly before a time; the last one stays."""
        number = (before_s - self._start_s) * self.fs
        while len(self._pieces) > 1 and self._starts[1] <= number:
            del self._pieces[0], self._starts[0]

    def samples(self, first: int, last: int) -> tuple[int, NDArray[np.float32]]:
        """Return what is kept of the samples numbered from `first` to before `last`.

        Returns
        -------
        number, signal
            The number of the first sample returned, and millivolts of shape ``(leads, samples)``:
            a view of what was given wherever that is one piece.
        """
        first = max(first, self._starts[0])
        last = max(min(last, self._count), first)
        nearest = max(bisect_right(self._starts, first) - 1, 0)
        parts: list[NDArray[np.float32]] = []
        for start, piece in zip(self._starts[nearest:], self._pieces[nearest:], strict=True):
            if start >= last and parts:
                break
            parts.append(piece[:, max(first - start, 0) : max(last - start, 0)])
        return first, parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def strip(self, start_s: float, end_s: float) -> Strip:
        """Return what is kept between two times, in seconds from the recording's first sample."""
        first, signal = self.samples(
            round((start_s - self._start_s) * self.fs), round((end_s - self._start_s) * self.fs)
        )
        return replace(
            self._last,
            signal=signal,
            start_s=self._start_s + first / self.fs,
            at_end=self.at_end and first + signal.shape[1] == self._count,
        )

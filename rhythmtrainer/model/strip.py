"""Strips: where one lies in a recording, and the signal itself."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.lead import LeadName
from rhythmtrainer.model.provenance import Provenance


@dataclass(frozen=True, slots=True, order=True)
class RecordRef:
    """Names one recording the way PhysioNet lays it out."""

    database: str
    version: str
    record: str

    @property
    def path(self) -> str:
        """The record's path below the archive's root, without an ending."""
        return f"{self.database}/{self.version}/{self.record}"


@dataclass(frozen=True, slots=True)
class StripRef:
    """Names a stretch of some leads of a recording: facts enough to read it again.

    Attributes
    ----------
    leads
        In the order in which they are shown; most strips have one.
    start_s, duration_s
        Seconds from the recording's first sample, and length in seconds.
    """

    record: RecordRef
    leads: tuple[LeadName, ...]
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        """Seconds from the recording's first sample to the end of the stretch."""
        return self.start_s + self.duration_s


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A stretch of signal, ready to be measured and drawn.

    Attributes
    ----------
    signal
        float32 millivolts, shape ``(leads, samples)``, C-contiguous and read-only.
        NaN where the recording has a gap.
    fs
        Samples per second.
    leads
        Printed name of each row of `signal`.
    start_s
        Seconds from the recording's first sample to the strip's.
    at_end
        Whether the recording ends with this strip's last sample.

    Raises
    ------
    ValueError
        If the signal is not 2-D, does not have one row for each lead, or `fs` is not positive.
    """

    signal: NDArray[np.float32]
    fs: float
    leads: tuple[LeadName, ...]
    start_s: float
    at_end: bool
    provenance: Provenance

    def __post_init__(self) -> None:
        signal = np.ascontiguousarray(self.signal, dtype=np.float32)
        if signal.shape[:-1] != (len(self.leads),):
            raise ValueError(
                f"signal must have the shape (leads, samples) with {len(self.leads)} leads,"
                f" got {signal.shape}"
            )
        if not self.fs > 0:
            raise ValueError(f"fs must be above 0 samples per second, got {self.fs}")
        if signal is self.signal and signal.flags.writeable:
            signal = signal.copy()
        signal.flags.writeable = False
        object.__setattr__(self, "signal", signal)
        object.__setattr__(self, "fs", float(self.fs))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.signal.shape[1] / self.fs)

    @property
    def end_s(self) -> float:
        """Seconds from the recording's first sample to just behind the strip's last."""
        return self.start_s + self.duration_s

    def cropped(self, start_s: float, end_s: float) -> "Strip":
        """Return the part between two times, as far as the strip holds it.

        Parameters
        ----------
        start_s, end_s
            Seconds from the recording's first sample.
        """
        count = self.signal.shape[1]
        first = min(max(round((start_s - self.start_s) * self.fs), 0), count)
        last = min(max(round((end_s - self.start_s) * self.fs), first), count)
        return replace(
            self,
            signal=self.signal[:, first:last],
            start_s=self.start_s + first / self.fs,
            at_end=self.at_end and last == count,
        )

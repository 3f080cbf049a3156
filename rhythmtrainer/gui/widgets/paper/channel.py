"""One lead of what is drawn, however it came, and its outline at far zooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.envelope import Envelope
from rhythmtrainer.ecg.paper import Reach, baseline_mv
from rhythmtrainer.model import LeadName, Strip

_LONG_S: Final = 120.0
# Level and gain of a long recording come from short looks at it, spread evenly.
_LOOKS: Final = 100
_LOOK_S: Final = 2.0
# In a long recording a few artefacts must not flatten everything else.
_USUAL_REACH: Final = 0.95
_FEW_LOOKS: Final = 30
# Before the outline of a long recording is ready, so many samples stand for all of a column.
_GLANCES: Final = 24


@dataclass(slots=True, eq=False)
class Channel:
    """A lead's samples and where they lie in time.

    Attributes
    ----------
    signal
        Millivolts, float32, shape ``(samples,)``; NaN where there is a gap.
    start_s
        Seconds from the recording's first sample to this lead's.
    base_mv
        The level that is drawn on the baseline.
    reach
        How far it reaches from there; in a long recording, without what is out of the usual.
    has_signal
        Whether anything but gaps was found; a long recording is not searched all through.
    envelope
        None while it has not been built, or needed.
    """

    name: LeadName
    signal: NDArray[np.float32]
    fs: float
    start_s: float
    base_mv: float
    reach: Reach
    has_signal: bool = True
    envelope: Envelope | None = None

    @property
    def end_s(self) -> float:
        """Seconds from the recording's first sample to just behind this lead's last."""
        return self.start_s + self.signal.size / self.fs

    @property
    def is_long(self) -> bool:
        """Whether building the envelope would take longer than a frame."""
        return self.signal.size > _LONG_S * self.fs

    def extremes(
        self, first: float, last: float, columns: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the least and greatest value of each column, as `Envelope.extremes` does.

        While a long lead has no envelope, a few samples of each column stand for all of them.
        """
        if self.envelope is None and not self.is_long:
            self.envelope = Envelope.of(self.signal)
        if self.envelope is not None:
            return self.envelope.extremes(first, last, columns)
        places = np.linspace(first, last, columns * _GLANCES, endpoint=False).astype(np.int64)
        seen = (places >= 0) & (places < self.signal.size)
        values = np.full(places.size, np.nan, dtype=np.float32)
        values[seen] = self.signal[places[seen]]
        table = np.ascontiguousarray(values.reshape(columns, _GLANCES).T)
        return np.fmin.reduce(table, axis=0), np.fmax.reduce(table, axis=0)

    def between_samples(self, places: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return where the line between samples lies; NaN beside gaps and outside the signal.

        Parameters
        ----------
        places
            Sample numbers, which may be fractions.
        """
        values = np.full(places.size, np.nan, dtype=np.float32)
        before = np.floor(places).astype(np.int64)
        inside = (before >= 0) & (before < self.signal.size - 1)
        before = before[inside]
        share = places[inside] - before
        values[inside] = self.signal[before] * (1 - share) + self.signal[before + 1] * share
        return values


def channels_of(strips: Sequence[Strip]) -> tuple[Channel, ...]:
    """Return all leads of some strips, in their order."""
    return tuple(
        _channel(name, signal, strip)
        for strip in strips
        for name, signal in zip(strip.leads, strip.signal, strict=True)
    )


def _channel(name: LeadName, signal: NDArray[np.float32], strip: Strip) -> Channel:
    looks = [look[np.isfinite(look)] for look in _looks(signal, strip.fs)]
    looks = [look for look in looks if look.size]
    base_mv = baseline_mv(np.concatenate(looks)) if looks else 0.0
    return Channel(
        name=name,
        signal=signal,
        fs=strip.fs,
        start_s=strip.start_s,
        base_mv=base_mv,
        reach=_usual_reach([look - np.float32(base_mv) for look in looks]),
        has_signal=bool(looks),
    )


def _usual_reach(looks: list[NDArray[np.float32]]) -> Reach:
    if len(looks) > _FEW_LOOKS:
        farthest = np.array([np.abs(look).max() for look in looks])
        usual = np.quantile(farthest, _USUAL_REACH)
        looks = [look for look, far in zip(looks, farthest, strict=True) if far <= usual]
    return Reach.of(np.concatenate([np.empty(0, dtype=np.float32), *looks]))


def _looks(signal: NDArray[np.float32], fs: float) -> list[NDArray[np.float32]]:
    length = max(round(_LOOK_S * fs), 1)
    if signal.size <= _LOOKS * length:
        return [signal]
    starts = np.linspace(0, signal.size - length, _LOOKS).astype(np.int64)
    return [signal[start : start + length] for start in starts.tolist()]

"""ECGs whose waves begin and end at known times: each wave is one raised cosine."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

FAINT = 0.12
"""Share of a raised cosine's length that lies, at either end, too close to the baseline to see."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One wave: start and end in s from the R peak, and its height in mV."""

    start: float
    end: float
    height: float

    @property
    def visible(self) -> tuple[float, float]:
        """Where it can be seen to begin and end, in s from the R peak."""
        faint = FAINT * (self.end - self.start)
        return self.start + faint, self.end - faint


@dataclass(frozen=True, slots=True)
class Beat:
    """The waves of one beat; `p` and `t` may be missing."""

    p: Shape | None = Shape(-0.20, -0.09, 0.15)
    qrs: tuple[Shape, ...] = (
        Shape(-0.045, -0.015, -0.1),
        Shape(-0.025, 0.025, 1.0),
        Shape(0.015, 0.05, -0.25),
    )
    t: Shape | None = Shape(0.16, 0.38, 0.3)

    def earlier_p(self, by_s: float) -> "Beat":
        """Lengthen the PR interval."""
        if self.p is None:
            return self
        return replace(self, p=Shape(self.p.start - by_s, self.p.end - by_s, self.p.height))


NORMAL = Beat()
WITHOUT_P = replace(NORMAL, p=None)
WITHOUT_T = replace(NORMAL, t=None)
INVERTED_T = replace(NORMAL, t=Shape(0.16, 0.38, -0.3))
VENTRICULAR = Beat(
    p=None,
    qrs=(Shape(-0.07, 0.06, 1.4), Shape(0.03, 0.11, -0.7)),
    t=Shape(0.18, 0.42, -0.4),
)


def strip_of(
    beats: list[Beat],
    peaks: ArrayLike,
    fs: float,
    seconds: float,
    *,
    noise: float = 0.005,
    wander: float = 0.05,
    fibrillation: float = 0.0,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Build a lead in mV with each of `beats` at one of the times `peaks` (s of the R peaks)."""
    time = np.arange(round(seconds * fs)) / fs
    rng = np.random.default_rng(seed)
    signal = wander * np.sin(2 * np.pi * 0.2 * time + 1.0)
    for beat, peak in zip(beats, np.asarray(peaks, np.float64), strict=True):
        for shape in (beat.p, *beat.qrs, beat.t):
            if shape is not None:
                _add(signal, time - peak, shape)
    if fibrillation:
        signal += fibrillation * fibrillatory(time, rng)
    signal += noise * rng.standard_normal(time.size)
    return signal.astype(np.float32)


def fibrillatory(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Waves of about 6 Hz whose rate and size drift, at most about 1 high."""
    rate = 6.0 + 0.8 * np.sin(2 * np.pi * 0.31 * time + rng.uniform(0, 6))
    rate += 0.5 * np.sin(2 * np.pi * 0.83 * time + rng.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(rate) * (time[1] - time[0])
    size = 0.7 + 0.3 * np.sin(2 * np.pi * 0.47 * time + rng.uniform(0, 6))
    return np.asarray(size * np.sin(phase))


def regular(rate: float, seconds: float) -> NDArray[np.float64]:
    """Times of the beats of a regular rhythm, clear of both ends."""
    return np.arange(0.7, seconds - 0.6, 60 / rate)


def _add(signal: NDArray[np.float64], since: NDArray[np.float64], shape: Shape) -> None:
    inside = (since > shape.start) & (since < shape.end)
    phase = (since[inside] - shape.start) / (shape.end - shape.start)
    signal[inside] += shape.height * np.sin(np.pi * phase) ** 2

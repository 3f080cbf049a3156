"""What is measured on a strip, for the reveal. It never decides what the rhythm is."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.evidence import Finding, Regularity, Step
from rhythmtrainer.model.intervals import Intervals


@dataclass(frozen=True, slots=True, eq=False)
class WaveTimes:
    """When the waves of each beat begin, peak and end, to be drawn on the strip.

    Attributes
    ----------
    p, qrs, t
        Columns onset, peak and end in seconds from the recording's first sample, float64, shape
        ``(beats, 3)``, read-only; a row of NaN where a beat has no such wave. P waves that lead to
        no beat are not among these: see `Measurement.p_s`.
    """

    p: NDArray[np.float64]
    qrs: NDArray[np.float64]
    t: NDArray[np.float64]

    def __post_init__(self) -> None:
        for times in (self.p, self.qrs, self.t):
            times.flags.writeable = False

    @property
    def pr_spans(self) -> NDArray[np.float64]:
        """PR intervals as pairs of seconds, shape ``(beats that have a P wave, 2)``."""
        spans = np.stack([self.p[:, 0], self.qrs[:, 0]], axis=1)
        return np.asarray(spans[np.isfinite(spans).all(axis=1)])


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """Beats, intervals, rate and findings of one lead of a strip.

    Attributes
    ----------
    beats_s
        Times of the R peaks in seconds from the recording's first sample, float64.
    rr_s
        Intervals between them in seconds, float64, one fewer than the beats; NaN across a gap
        of the recording.
    rate_bpm
        Mean ventricular rate from the RR intervals; None with fewer than two beats.
    six_second_bpm
        Beats in a six-second stretch times ten; None where the strip is shorter or has a gap.
    rule_300_bpm
        300 divided by the large boxes between two R waves, the usual interval read to the half
        box; None with fewer than two beats.
    rule_1500_bpm
        1500 divided by the small boxes between two R waves, the usual interval read to the box;
        None with fewer than two beats.
    regularity, rr_spread_s
        Verdict, and the longest minus the shortest RR interval in seconds behind it.
    intervals
        PR, QRS, QT and corrected QT of the usual beats; None where there are no beats.
    waves
        P waves, QRS complexes and T waves of these beats; None where there are no beats.
    p_s
        Times of all P or flutter waves seen, also of those that lead to no beat, in seconds from
        the recording's first sample, float64, ascending; empty where none are seen.
    findings
        What was read, each step of the teaching order first, then what else there is.
    """

    beats_s: NDArray[np.float64]
    rr_s: NDArray[np.float64]
    rate_bpm: float | None
    six_second_bpm: int | None
    regularity: Regularity
    rr_spread_s: float | None
    rule_300_bpm: float | None = None
    rule_1500_bpm: float | None = None
    intervals: Intervals | None = None
    waves: WaveTimes | None = None
    p_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))
    findings: tuple[Finding, ...] = ()

    @property
    def known_rr_s(self) -> NDArray[np.float64]:
        """The intervals that lie across no gap, in seconds."""
        return self.rr_s[np.isfinite(self.rr_s)]

    @property
    def notable(self) -> tuple[Finding, ...]:
        """The findings a reader wants to be told: the taught steps, and what else is there."""
        return tuple(finding for finding in self.findings if finding.notable)

    def finding(self, step: Step) -> Finding | None:
        """Return what was read for a step, if the step was taken."""
        return next((finding for finding in self.findings if finding.step is step), None)

"""The mean rate of a stretch: counted from reference beats, or measured where there are none."""

import numpy as np

from rhythmtrainer.ecg import detect_beats
from rhythmtrainer.model import RateSource
from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import BuildError, Interval, Lengths, Rule
from rhythmtrainer.records.index.windows import without_wander


class NoRateError(BuildError):
    """Nothing in a stretch can be counted."""


# Share of the highest likeness from which on a lag may be the period.
_HIGH = 0.7


def mean_rate(
    recording: Recording, rule: Rule, lead: str, part: Interval, lengths: Lengths
) -> float | None:
    """Return beats or waves per minute; None where the rhythm has none to count.

    Raises
    ------
    NoRateError
        If there is nothing to count where the rule asks for a rate.
    """
    if rule.rate_source is RateSource.NONE:
        return None
    if rule.rate_source is RateSource.MEASURED and rule.waves:
        return round(60 / _wave_period(recording, lead, part, lengths), 1)
    beats = recording.conducted
    if rule.rate_source is RateSource.MEASURED:
        wide = (part[0] - lengths.beside_s, part[1] + lengths.beside_s)
        first, signal = recording.signal(lead, wide)
        beats = first + detect_beats(signal, recording.fs) / recording.fs
    rr = np.diff(beats[(beats >= part[0]) & (beats < part[1])])
    if not rr.size:
        raise NoRateError(f"{recording.ref.path}: no rate from {part[0]} to {part[1]} s")
    return round(60 / float(rr.mean()), 1)


def _wave_period(recording: Recording, lead: str, part: Interval, lengths: Lengths) -> float:
    """Return the mean period in seconds of waves that follow each other without a baseline."""
    _, signal = recording.signal(lead, part)
    steady = without_wander(signal, recording.fs, lengths)
    width, hop = round(lengths.likeness_s * recording.fs), round(lengths.step_s * recording.fs)
    shortest = round(lengths.shortest_wave_s * recording.fs)
    longest = round(lengths.longest_wave_s * recording.fs)
    periods = []
    for window in np.lib.stride_tricks.sliding_window_view(steady, width)[::hop]:
        likeness = np.correlate(window, window, "full")[width - 1 :][: longest + 2]
        # The overlap shrinks with the lag; uncorrected, the shorter of two lags would win.
        likeness = likeness / (width - np.arange(likeness.size))
        inner = likeness[1:-1]
        peaks = 1 + np.flatnonzero((inner >= likeness[:-2]) & (inner > likeness[2:]))
        peaks = peaks[(peaks >= shortest) & (peaks <= longest)]
        # Twice the period is as alike as the period itself: the first of the high peaks counts.
        high = peaks[likeness[peaks] >= _HIGH * likeness[peaks].max(initial=0.0)]
        periods += list(high[:1] / recording.fs)
    if not periods:
        raise NoRateError(f"{recording.ref.path}: no waves from {part[0]} to {part[1]} s")
    return float(1 / np.mean(1 / np.asarray(periods)))

"""Tell of many windows of a recording at once which of them show what a rule asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import Interval, Lengths, Rule

Times = NDArray[np.float64]
Mask = NDArray[np.bool_]

# An RR interval needs two beats.
_FEWEST_BEATS = 2
_ANY: Interval = (0.0, float("inf"))


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Stretches of one length, in seconds from the recording's first sample."""

    starts: Times
    ends: Times

    def indices(self, times: Times, clear_s: float = 0.0) -> tuple[NDArray[np.int64], ...]:
        """Return for each window the first of some times in it, and the one behind the last."""
        return (
            np.searchsorted(times, self.starts - clear_s),
            np.searchsorted(times, self.ends + clear_s),
        )

    def free_of(self, times: Times) -> Mask:
        """Return which windows hold none of some times."""
        first, last = self.indices(times)
        return np.asarray(first == last)

    def among(self, mask: Mask) -> "Windows":
        """Return some of the windows."""
        return Windows(self.starts[mask], self.ends[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """What a rule looks for in a recording, and where its beats are so.

    Attributes
    ----------
    rate
        Lowest and highest mean rate of a window, by the reference beats.
    runs
        For each beat the number of the run of the rule's pattern that it belongs to, from 1; 0
        for none, and for the place behind the last beat.
    events
        Codes, first and last time of each of the rule's events, in order.
    """

    recording: Recording
    rule: Rule
    lead: str
    rate: Interval | None
    runs: NDArray[np.int64]
    events: tuple[tuple[str, float, float], ...]


def sought_in(recording: Recording, rule: Rule, lead: str, rate: Interval | None) -> Sought:
    """Find the runs and the events of a rule in a recording."""
    runs = np.zeros(len(recording.codes) + 1, np.int64)
    if rule.pattern is not None:
        for number, run in enumerate(rule.pattern.finditer(recording.codes), start=1):
            runs[run.start() : run.end()] = number
    return Sought(recording, rule, lead, rate, runs, tuple(_events(recording, rule)))


def fitting(sought: Sought, windows: Windows, lengths: Lengths) -> Mask:
    """Return which windows show what the rule asks for and nothing that it does not allow."""
    rule = sought.rule
    good = np.ones(windows.starts.size, np.bool_)
    if not rule.noisy:
        good &= _quiet(sought, windows)
    if rule.pattern is not None:
        good &= _in_one_run(sought, windows)
        good[good] &= _steady(sought, windows.among(good))
    if rule.event is not None:
        good &= _holds(sought.events, windows, lengths.event_margin_s)
    if rule.swing_mv is not None:
        good &= _swings(sought, windows, rule.swing_mv, lengths)
    return good


def _events(recording: Recording, rule: Rule) -> Iterator[tuple[str, float, float]]:
    if rule.event is None:
        return
    # Looking ahead finds events that share beats with the one before.
    for match in re.finditer(f"(?=({rule.event.pattern}))", recording.codes):
        first, last = match.span(1)
        times = recording.beats[first:last]
        if _spaced(times, rule):
            yield match.group(1), float(times[0]), float(times[-1])


def _spaced(times: Times, rule: Rule) -> bool:
    """Return whether the beats of an event are spaced as a rule asks for."""
    rr = np.diff(times)
    if not rr.size:
        return True
    closest, widest = rule.closest_s or _ANY, rule.widest_s or _ANY
    return bool(
        closest[0] <= rr.min() <= closest[1]
        and widest[0] <= rr.max() <= widest[1]
        and rr.min() <= rule.early * rr[0]
    )


def _quiet(sought: Sought, windows: Windows) -> Mask:
    recording = sought.recording
    good = windows.free_of(recording.marks)
    for a, b in recording.noisy[recording.leads.index(sought.lead)]:
        good &= (windows.ends <= a) | (windows.starts >= b)
    return good


def _in_one_run(sought: Sought, windows: Windows) -> Mask:
    first, last = windows.indices(sought.recording.beats, sought.rule.clear_s)
    runs = sought.runs
    return np.asarray((first < last) & (runs[first] > 0) & (runs[first] == runs[last - 1]))


def _steady(sought: Sought, windows: Windows) -> Mask:
    """Return in which windows the RR intervals are as the rule asks for."""
    beats, rule, rate = sought.recording.conducted, sought.rule, sought.rate
    first, last = windows.indices(beats)
    good = last - first >= _FEWEST_BEATS
    first, last = first[good], last[good]
    if not first.size:
        return np.asarray(good)
    rr = np.diff(beats)
    right = np.ones(first.size, np.bool_)
    if rate:
        right &= _within(60 * (last - first - 1) / (beats[last - 1] - beats[first]), rate)
    if rule.rr_spread_s:
        highest = _over(np.maximum, rr, first, last - 1)
        right &= _within(highest - _over(np.minimum, rr, first, last - 1), rule.rr_spread_s)
    if rule.rr_step_s is not None:
        steps = np.append(np.abs(np.diff(rr)), 0.0)
        inner = last - first > _FEWEST_BEATS
        right[inner] &= _over(np.maximum, steps, first[inner], last[inner] - 2) <= rule.rr_step_s
    good[good] = right
    return np.asarray(good)


def _over(
    extreme: np.ufunc, values: Times, first: NDArray[np.int64], last: NDArray[np.int64]
) -> Times:
    """Return the extreme of the values from `first` up to `last`, for each pair of them."""
    edges = np.column_stack([first, last]).ravel()
    return np.asarray(extreme.reduceat(np.append(values, values[-1:]), edges)[::2])


def _within(values: Times, allowed: Interval) -> Mask:
    return np.asarray((values >= allowed[0]) & (values <= allowed[1]))


def _holds(found: Sequence[tuple[str, float, float]], windows: Windows, margin_s: float) -> Mask:
    if not found:
        return np.zeros(windows.starts.size, np.bool_)
    begins = np.array([begin for _, begin, _ in found])
    # The earliest end among the events from each on; none lies behind the last.
    ends = np.array([end for _, _, end in found] + [np.inf])
    ends = np.minimum.accumulate(ends[::-1])[::-1]
    following = np.searchsorted(begins, windows.starts + margin_s)
    return np.asarray(ends[following] <= windows.ends - margin_s)


def _swings(sought: Sought, windows: Windows, allowed: Interval, lengths: Lengths) -> Mask:
    """Return whether the signal swings as much as is allowed in every stretch of each window."""
    recording = sought.recording
    first, signal = recording.signal(sought.lead, (windows.starts[0], windows.ends[-1]))
    steady = without_wander(signal, recording.fs, lengths)
    hop = round(lengths.step_s * recording.fs)
    stretches = np.lib.stride_tricks.sliding_window_view(
        steady, round(lengths.swing_s * recording.fs)
    )[::hop]
    begins = first + np.arange(len(stretches)) * hop / recording.fs
    wrong = begins[~_within(np.ptp(stretches, axis=1), allowed)]
    return Windows(windows.starts, windows.ends - lengths.swing_s).free_of(wrong)


def without_wander(signal: Times, fs: float, lengths: Lengths) -> Times:
    """Return a signal less its mean over a second or so around each sample."""
    half = round(lengths.wander_s * fs / 2)
    mean = np.ones(2 * half + 1) / (2 * half + 1)
    return np.asarray(signal - np.convolve(np.pad(signal, half, mode="edge"), mean, "valid"))

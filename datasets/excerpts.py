"""Find the stretches of a recording in which every window shows one rhythm and only that."""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from datasets.recordings import BLOCKED_P, Recording
from datasets.rules import BuildError, Interval, Lengths, Rule, Rules
from rhythmtrainer.ecg import detect_beats
from rhythmtrainer.model import LeadName, RateSource, Span, StripRef

_Times = NDArray[np.float64]
_Mask = NDArray[np.bool_]

# Share of the highest likeness from which on a lag may be the period.
_HIGH = 0.7


def find_spans(recording: Recording, rule: Rule, rules: Rules) -> list[Span]:
    """Return the spans that one rule gives in one recording.

    Raises
    ------
    BuildError
        If the rule rests on words that the record's header does not hold, or no rate can be
        measured where one is needed.
    """
    lead = rules.lead(recording.ref, rule.rhythm, recording.leads)
    if lead is None:
        return []
    if rule.header not in recording.comments:
        raise BuildError(f"the header of {recording.ref.path} does not say {rule.header!r}")
    found = list(_stretches(recording, rule, lead, rules))
    spans = [
        Span(
            ref=StripRef(recording.ref, (LeadName(lead),), start, round(end - start, 3)),
            rhythm=rule.rhythm,
            accepted=rule.accepted,
            label=f'header: "{rule.header}"; {label}' if rule.header else label,
            rate_bpm=_rate(recording, rule, lead, (start, end), rules.lengths),
            rate_source=rule.rate_source,
            patient=rules.patient(recording.ref),
        )
        for label, (start, end) in _capped(found, rule.minutes)
    ]
    return [span for span in spans if not _leaves_its_class(span, rule)]


def _leaves_its_class(span: Span, rule: Rule) -> bool:
    """Return whether a span is out of its class though its windows are not.

    Windows see no interval that crosses their edges; the whole span does. A measured rate never
    makes a span leave: there the build stops.
    """
    if span.rate_bpm is None or rule.rate is None or rule.rate_source is RateSource.MEASURED:
        return False
    return not rule.rate[0] <= span.rate_bpm <= rule.rate[1]


def _stretches(
    recording: Recording, rule: Rule, lead: str, rules: Rules
) -> Iterator[tuple[str, Interval]]:
    """Yield the label and the ends of each stretch in which every window shows the rhythm."""
    for code, start, end in recording.episodes:
        if code in rule.codes:
            for part in rules.usable(recording.ref, rule.rhythm, (start, end)):
                trimmed = _trimmed(part, (start, end), rules.lengths)
                for stretch in _clean_stretches(recording, rule, lead, trimmed, rules.lengths):
                    yield f"{code} at {start:.1f} s", stretch


def _trimmed(part: Interval, episode: Interval, lengths: Lengths) -> Interval:
    """Return a part of an episode, moved away from the label's edges that it touches."""
    at_start, at_end = part[0] == episode[0], part[1] == episode[1]
    # A thousandth each, because the ends are rounded inwards to whole milliseconds.
    spare = (part[1] - part[0] - lengths.window_s - 0.002) / max(1, at_start + at_end)
    margin = min(lengths.margin_s, max(lengths.least_margin_s, spare))
    start, end = part[0] + margin * at_start, part[1] - margin * at_end
    return float(np.ceil(start * 1000) / 1000), float(np.floor(end * 1000) / 1000)


def _clean_stretches(
    recording: Recording, rule: Rule, lead: str, part: Interval, lengths: Lengths
) -> list[Interval]:
    if part[1] - part[0] < rule.least_s:
        return []
    width = lengths.window_s
    if part[1] - part[0] < width:
        width = lengths.least_window_s
    starts = np.append(np.arange(part[0], part[1] - width, lengths.step_s), part[1] - width)
    good = _quiet(recording, lead, starts, starts + width)
    if rule.beats:
        good &= _right_beats(recording, rule, starts, starts + width)
    if rule.peak_to_peak_mv is not None:
        good &= _swings(
            recording, lead, starts, starts + width, rule.peak_to_peak_mv, lengths=lengths
        )
    return [
        (round(a, 3), round(b, 3))
        for stretch in _covered(starts, good, width)
        for a, b in _pieces(stretch, lengths.longest_s, rule.least_s)
    ]


def _covered(starts: _Times, good: _Mask, width: float) -> Iterator[Interval]:
    """Yield the stretches that runs of good windows cover, none overlapping the one before."""
    covered_to = -np.inf
    for is_good, run in itertools.groupby(range(good.size), good.__getitem__):
        if is_good:
            indices = list(run)
            end = float(starts[indices[-1]]) + width
            yield max(float(starts[indices[0]]), covered_to), end
            covered_to = end


def _pieces(stretch: Interval, longest: float, least: float) -> list[Interval]:
    edges = [*np.arange(stretch[0], stretch[1], longest), stretch[1]]
    return [(float(a), float(b)) for a, b in itertools.pairwise(edges) if b - a >= least]


def _quiet(recording: Recording, lead: str, starts: _Times, ends: _Times) -> _Mask:
    good = _free_of(recording.marks, starts, ends)
    for a, b in recording.noisy[recording.leads.index(lead)]:
        good &= (ends <= a) | (starts >= b)
    return good


def _right_beats(recording: Recording, rule: Rule, starts: _Times, ends: _Times) -> _Mask:
    strange = recording.beats[~np.isin(recording.symbols, list(rule.beats))]
    good = _free_of(strange, starts - rule.clear_s, ends + rule.clear_s)
    for index in np.flatnonzero(good):
        inside = _between(recording.beats, starts[index], ends[index])
        beside = _between(recording.beats, starts[index] - rule.clear_s, ends[index] + rule.clear_s)
        conducted = recording.beats[inside & (recording.symbols != BLOCKED_P)]
        good[index] = _right_rate(rule, conducted) and _right_order(
            rule.pattern, recording.symbols[beside]
        )
    return good


def _between(times: _Times, start: float, end: float) -> _Mask:
    return (times >= start) & (times < end)


def _free_of(times: _Times, starts: _Times, ends: _Times) -> _Mask:
    return np.asarray(np.searchsorted(times, starts) == np.searchsorted(times, ends))


def _right_rate(rule: Rule, beats: _Times) -> bool:
    rr = np.diff(beats)
    if not rr.size:
        return False
    if rule.rate and not rule.rate[0] <= 60 / rr.mean() <= rule.rate[1]:
        return False
    return rule.rr_spread_s is None or bool(np.ptp(rr) <= rule.rr_spread_s)


def _right_order(pattern: str, symbols: NDArray[np.str_]) -> bool:
    return not pattern or "".join(symbols) in pattern * (symbols.size + 1)


def _swings(
    recording: Recording,
    lead: str,
    starts: _Times,
    ends: _Times,
    least_mv: float,
    *,
    lengths: Lengths,
) -> _Mask:
    """Return whether the signal swings enough in every short stretch of each window."""
    first, signal = recording.signal(lead, (starts[0], ends[-1]))
    steady = _without_wander(signal, recording.fs, lengths)
    hop = round(lengths.step_s * recording.fs)
    stretches = np.lib.stride_tricks.sliding_window_view(
        steady, round(lengths.swing_s * recording.fs)
    )[::hop]
    begins = first + np.arange(len(stretches)) * hop / recording.fs
    small = begins[np.ptp(stretches, axis=1) < least_mv]
    return _free_of(small, starts, ends - lengths.swing_s)


def _without_wander(
    signal: NDArray[np.float64], fs: float, lengths: Lengths
) -> NDArray[np.float64]:
    half = round(lengths.wander_s * fs / 2)
    mean = np.ones(2 * half + 1) / (2 * half + 1)
    return signal - np.convolve(np.pad(signal, half, mode="edge"), mean, "valid")


def _capped(found: list[tuple[str, Interval]], minutes: float | None) -> list[tuple[str, Interval]]:
    total = sum(b - a for _, (a, b) in found)
    if minutes is None or total <= minutes * 60:
        return found
    room = minutes * 60
    # Every n-th stretch first, so that what is kept lies all over the record.
    n = int(np.ceil(total / room))
    kept = []
    for index in sorted(range(len(found)), key=lambda index: (index % n, index)):
        _, (a, b) = found[index]
        if b - a <= room:
            kept.append(found[index])
            room -= b - a
    return sorted(kept, key=lambda labelled: labelled[1])


def _rate(
    recording: Recording, rule: Rule, lead: str, part: Interval, lengths: Lengths
) -> float | None:
    if rule.rate_source is RateSource.NONE:
        return None
    if rule.rate_source is RateSource.MEASURED and rule.waves:
        return round(60 / _wave_period(recording, lead, part, lengths), 1)
    beats = recording.beats[recording.symbols != BLOCKED_P]
    if rule.rate_source is RateSource.MEASURED:
        wide = (part[0] - lengths.beside_s, part[1] + lengths.beside_s)
        first, signal = recording.signal(lead, wide)
        beats = first + detect_beats(signal, recording.fs) / recording.fs
    rr = np.diff(beats[_between(beats, *part)])
    if not rr.size:
        raise BuildError(f"{recording.ref.path}: no rate from {part[0]} to {part[1]} s")
    return round(60 / float(rr.mean()), 1)


def _wave_period(recording: Recording, lead: str, part: Interval, lengths: Lengths) -> float:
    """Return the mean period in seconds of waves that follow each other without a baseline."""
    _, signal = recording.signal(lead, part)
    steady = _without_wander(signal, recording.fs, lengths)
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
        raise BuildError(f"{recording.ref.path}: no waves from {part[0]} to {part[1]} s")
    return float(1 / np.mean(1 / np.asarray(periods)))

"""Find the stretches of a recording in which every window shows one rhythm and only that."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rhythmtrainer.model import LeadName, Span, StripRef
from rhythmtrainer.records.index.rates import NoRateError, mean_rate
from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import BuildError, Interval, Lengths, Rule, Rules, without
from rhythmtrainer.records.index.windows import Mask, Sought, Times, Windows, fitting, sought_in

# Steps of windows are whole milliseconds, but sums of them are rounded.
_SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Episode:
    """Neighbouring episodes that a rule takes for one: their codes and times, and all of it."""

    labels: tuple[tuple[str, float], ...]
    start: float
    end: float

    def label_at(self, time: float) -> str:
        code, start = next(one for one in reversed(self.labels) if one[1] <= time + _SAME_S)
        return f"{code} at {start:.1f} s"


def find_spans(
    recording: Recording, rule: Rule, rules: Rules, taken: Sequence[Interval] = ()
) -> list[Span]:
    """Return the spans that one rule gives in one recording.

    Parameters
    ----------
    taken
        Stretches that are spans of other rules already.

    Raises
    ------
    BuildError
        If the rule rests on words that the record's header does not hold.
    """
    lead = rules.lead(recording.ref, rule.rhythm, recording.leads)
    if lead is None or not rule.fits(recording.comments):
        return []
    if rule.header not in recording.comments:
        raise BuildError(f"the header of {recording.ref.path} does not say {rule.header!r}")
    sought = sought_in(recording, rule, lead, rules.rate(rule))
    spans = []
    for episode, (start, end) in _spread(list(_stretches(sought, rules, taken)), rules.most_spans):
        try:
            rate = mean_rate(recording, rule, lead, (start, end), rules.lengths)
        except NoRateError:
            continue  # a stretch whose rate nobody knows is of no class
        spans.append(
            Span(
                ref=StripRef(recording.ref, (LeadName(lead),), start, round(end - start, 3)),
                rhythm=rule.rhythm,
                accepted=rule.accepted,
                label=_label(sought, episode, (start, end)),
                rate_bpm=rate,
                rate_source=rule.rate_source,
                patient=recording.patient,
            )
        )
    return spans


def _stretches(
    sought: Sought, rules: Rules, taken: Sequence[Interval]
) -> Iterator[tuple[_Episode, Interval]]:
    """Yield each stretch in which every window shows the rhythm, with the episode it lies in."""
    recording, rule = sought.recording, sought.rule
    end = recording.length / recording.fs
    barred = [*taken, *(recording.unread if rule.pattern is not None else ())]
    for episode in _episodes(recording, rule):
        whole = (episode.start, episode.end)
        for part in without(rules.usable(recording.ref, rule.rhythm, whole), barred):
            trimmed = _trimmed(part, whole, end, rule, rules.lengths)
            for stretch in _clean_stretches(sought, trimmed, rules.lengths):
                yield episode, stretch


def _episodes(recording: Recording, rule: Rule) -> Iterator[_Episode]:
    for wanted, group in itertools.groupby(recording.episodes, lambda one: one[0] in rule.codes):
        if wanted:
            episodes = list(group)
            labels = tuple((code, start) for code, start, _ in episodes)
            yield _Episode(labels, episodes[0][1], episodes[-1][2])


def _spread(
    stretches: list[tuple[_Episode, Interval]], most: int
) -> list[tuple[_Episode, Interval]]:
    """Return the stretches, or so many of them that lie evenly among all."""
    if not 0 < most < len(stretches):
        return stretches
    return [stretches[at] for at in np.linspace(0, len(stretches) - 1, most).round().astype(int)]


def _label(sought: Sought, episode: _Episode, stretch: Interval) -> str:
    """Return the annotations behind a span: header, event and rhythm, whatever the rule uses."""
    header = _words(sought)
    parts = [f'header: "{header}"'] if header else []
    at = stretch[0]
    inside = (one for one in sought.events if stretch[0] <= one[1] and one[2] <= stretch[1])
    for codes, first, last in itertools.islice(inside, 1):
        parts.append(f"{codes} at {first:.1f} s")
        at = (first + last) / 2
    return "; ".join([*parts, episode.label_at(at)])


def _words(sought: Sought) -> str:
    """Return the words of the header on which a rule rests."""
    told = sought.rule.header_has
    said = None if told is None else told.search(sought.recording.comments)
    return sought.rule.header if said is None else said.group()


def _trimmed(
    part: Interval, episode: Interval, end: float, rule: Rule, lengths: Lengths
) -> Interval:
    """Return a part of an episode, moved away from the label's edges that it touches.

    No rhythm changes where a recording begins or ends, so that nothing is kept away from there.
    """
    at_start = part[0] == episode[0] and episode[0] > lengths.record_edge_s
    at_end = part[1] == episode[1] and end - episode[1] > lengths.record_edge_s
    # A thousandth each, because the ends are rounded inwards to whole milliseconds.
    spare = (part[1] - part[0] - lengths.window_s - 0.002) / max(1, at_start + at_end)
    margin = min(lengths.margin_s, max(lengths.least_margin_s, spare))
    margin = margin if rule.edge_s is None else rule.edge_s
    start, stop = part[0] + margin * at_start, part[1] - margin * at_end
    return float(np.ceil(start * 1000) / 1000), float(np.floor(stop * 1000) / 1000)


def _clean_stretches(sought: Sought, part: Interval, lengths: Lengths) -> list[Interval]:
    rule = sought.rule
    if part[1] - part[0] < rule.least_s:
        return []
    windows = _windows(part, rule, lengths)
    good = fitting(sought, windows, lengths)
    return [
        (round(a, 3), round(b, 3))
        for stretch in _covered(windows.starts, good, float(windows.ends[0] - windows.starts[0]))
        for a, b in _pieces(stretch, lengths.longest_s, rule.least_s)
    ]


def _windows(part: Interval, rule: Rule, lengths: Lengths) -> Windows:
    width = rule.window_s or (lengths.least_window_s if rule.event else lengths.window_s)
    if part[1] - part[0] < width:
        width = lengths.least_window_s
    last = part[1] - width
    starts = np.append(np.arange(part[0], last - _SAME_S, lengths.step_s), last)
    return Windows(starts, starts + width)


def _covered(starts: Times, good: Mask, width: float) -> Iterator[Interval]:
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

"""Marks of the QRS complexes: how wide they are, which came early, which were paced."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts, early_word
from rhythmtrainer.gui.widgets.reveal_marks.intervals import mark_beats, mark_intervals
from rhythmtrainer.gui.widgets.reveal_marks.room import Room
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Plate, Sketch, Style, text_width
from rhythmtrainer.model import Measurement, Pattern, Step

_WIDE_S: Final = 0.12
_SMALL_BOX_S: Final = 0.04
_OTHER_LEADS_S: Final = 0.03  # more than this lead shows
_BEAT_S: Final = 0.12  # to each side of an R peak whose complex was not measured
_LEAST_BOX_PX: Final = 2.0
_MOST_TINTED: Final = 0.4  # of the picture's width
_GROUPS: Final = {Pattern.BIGEMINAL: 2, Pattern.TRIGEMINAL: 3}


def mark_qrs(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Lay three small boxes, 0.12 s, under each QRS complex, and its width over them."""
    mark_beats(sketch, room, facts)
    usual, early = (room.pairs(facts.qrs[mask]) for mask in (~facts.early_qrs, facts.early_qrs))
    spans = usual + early
    if not spans:
        return
    boxes = _WIDE_S * room.stretch.px_per_s
    lane = room.lane_below([(left, max(right, left + boxes)) for left, right in spans])
    thick = 0.45 * room.size
    with_boxes = _SMALL_BOX_S * room.stretch.px_per_s >= _LEAST_BOX_PX and room.roomy
    # Where complexes follow each other without a pause, all would be tinted and none stand out.
    picture = room.stretch.right - room.stretch.left
    tinted = sum(right - left for left, right in spans) < _MOST_TINTED * picture
    for left, right in spans:
        if tinted:
            sketch.tint(Ink.QRS, left, room.above(left, right) - 2, right, lane)
        sketch.bar(Ink.QRS, (left, right), lane, thick)
        if with_boxes:
            _three_boxes(sketch, left, lane + thick, (boxes, thick))
    _say_width(sketch, room, measurement, usual, lane + thick + room.line)
    for left, right in early:
        told = f"{(right - left) / room.stretch.px_per_s:.2f} s"
        middle = ((left + right) / 2, lane + thick + room.line)
        sketch.word(Ink.ALERT, told, middle, Style(room.size, bold=True))
    if with_boxes:
        _explain_boxes(sketch, room, (boxes, thick), lane + thick + 2 * room.line)


def _say_width(
    sketch: Sketch,
    room: Room,
    measurement: Measurement,
    spans: list[tuple[float, float]],
    y: float,
) -> None:
    """Write the width of the usual complexes under the one nearest to the middle."""
    finding = measurement.finding(Step.QRS)
    if finding is None or not finding.told or not spans:
        return
    told = f"QRS: {finding.verdict.value}"
    own = float(np.median([right - left for left, right in spans])) / room.stretch.px_per_s
    if finding.number is not None:
        told = f"QRS {finding.number:.2f} s: {finding.verdict.value}"
        if abs(own - finding.number) > _OTHER_LEADS_S:
            told += ", seen in other leads"
    middle = sum(room.edges) / 2
    left, right = min(spans, key=lambda each: abs(sum(each) / 2 - middle))
    sketch.word(Ink.QRS, told, ((left + right) / 2, y), Style(room.size, bold=True), room.edges)


def _explain_boxes(sketch: Sketch, room: Room, size: tuple[float, float], y: float) -> None:
    text = "three small boxes: 0.12 s"
    y = min(y, room.lowest)
    width = text_width(text, room.size)
    middle = room.stretch.right - width / 2
    if sketch.word(Ink.QRS, text, (middle, y), Style(room.size)):
        _three_boxes(sketch, room.stretch.right - width - size[0] - room.size / 2, y, size)


def _three_boxes(sketch: Sketch, left: float, y: float, size: tuple[float, float]) -> None:
    edges = (left, left + size[0])
    sketch.boxes(Ink.QRS, edges, y, height=size[1], width=size[0] / 3)


def mark_early(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Show each early beat beside the time at which it was due."""
    mark_beats(sketch, room, facts)
    word = early_word(measurement.finding(Step.EARLY_BEATS))
    style = Style(room.size, bold=True)
    for index in np.flatnonzero(facts.early).tolist():
        beat = float(facts.beats[index])
        if not room.stretch.start_s <= beat <= room.stretch.end_s:
            continue
        x = room.stretch.x(beat)
        reach = _BEAT_S * room.stretch.px_per_s
        sketch.tint(Ink.ALERT, x - reach, room.upper, x + reach, room.lowest)
        texts = (f"early, {word}" if word else "early", "early")
        y = room.upper + 1.1 * room.line
        any(sketch.word(Ink.ALERT, text, (x, y), style, room.edges) for text in texts)
        if room.roomy:
            _show_due(sketch, room, x, float(facts.due[index]))
    mark_intervals(sketch, room, facts)


def _show_due(sketch: Sketch, room: Room, x: float, due_s: float) -> None:
    if not room.stretch.start_s <= due_s <= room.stretch.end_s:
        return
    due = room.stretch.x(due_s)
    y = room.lowest - room.line
    sketch.dots(Ink.MARK, (due, room.upper), (due, room.lowest - 0.5 * room.line))
    sketch.word(Ink.MARK, "due", (due, room.lowest), Style(room.size))
    sketch.line(Ink.ALERT, (x, y), (due, y), 1.5)
    tip = 0.4 * room.size
    sketch.shape(Ink.ALERT, [(x, y), (x + tip, y - tip / 2), (x + tip, y + tip / 2)])
    seconds = (due - x) / room.stretch.px_per_s
    text = f"{seconds:.2f} s early"
    sketch.word(Ink.ALERT, text, ((x + due) / 2, y - 0.8 * room.line), Style(room.size))


def name_early(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Say under its diamond that a beat came early, and whether its complex is wide."""
    word = early_word(measurement.finding(Step.EARLY_BEATS))
    texts = (f"early, {word}" if word else "early", "early")
    style = Style(room.size, bold=True)
    for x in room.x(room.shown(facts.beats[facts.early])):
        y = room.upper + 1.05 * room.line
        any(sketch.word(Ink.ALERT, text, (x, y), style, room.edges) for text in texts)


def mark_pattern(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Bracket the beats that belong together: pairs, threes, early beats in a row."""
    mark_beats(sketch, room, facts)
    name_early(sketch, room, facts, measurement)
    for first, behind in _groups(facts):
        _count_group(sketch, room, facts, slice(first, behind))
    mark_intervals(sketch, room, facts)


def _count_group(sketch: Sketch, room: Room, facts: Facts, these: slice) -> None:
    """Count the beats of a group, and bracket them."""
    beats = facts.beats[these]
    if not room.stretch.shows(beats).all():
        return
    places = room.x(beats)
    y = room.lowest - room.line
    ends = (places[0] - room.size / 2, places[-1] + room.size / 2)
    sketch.bracket(Ink.ALERT, ends, y, size=0.3 * room.size, width=2.0)
    for count, (x, early) in enumerate(zip(places, facts.early[these].tolist(), strict=True), 1):
        ink = Ink.ALERT if early else Ink.MARK
        sketch.word(ink, str(count), (x, room.lowest), Style(room.size, bold=early))


def _groups(facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield the first beat of each group, and the beat behind its last."""
    if facts.pattern is None:
        return
    size = _GROUPS.get(facts.pattern)
    if size is not None:
        for at in np.flatnonzero(facts.early).tolist():
            first = at - size + 1
            if first >= 0 and not facts.early[first:at].any():
                yield first, at + 1
        return
    edges = np.flatnonzero(np.diff(np.concatenate([[False], facts.early, [False]]).astype(np.int8)))
    for first, behind in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if behind - first > 1:
            yield first, behind


def mark_spikes(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Put a bolt under each pacing spike."""
    places = room.x(room.shown(facts.spikes))
    style = Style(room.size, bold=True, plate=Plate.PAPER)
    if not places:
        return
    y = room.lane_below([(x - room.size, x + room.size) for x in places]) + 0.4 * room.line
    for x in places:
        _bolt(sketch, x, y, room.size)
        foot = room.below(x - 1, x + 1) + 2
        sketch.dots(Ink.MARK, (x, min(foot, y)), (x, y - 0.6 * room.size))
    for x in places:
        sketch.word(Ink.MARK, "spike", (x, y + room.line), style)


def note_spikes(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Put a small bolt over each pacing spike, and name the first."""
    places = room.x(room.shown(facts.spikes))
    y = room.upper + 1.1 * room.line
    for x in places:
        _bolt(sketch, x, y, room.size)
        sketch.take(x - 0.3 * room.size, y - room.size / 2, x + 0.3 * room.size, y + room.size / 2)
    style = Style(room.size)
    for x in places[:1]:
        middle = x + room.size / 2 + text_width("spike", room.size) / 2
        sketch.word(Ink.MARK, "spike", (middle, y), style)


def _bolt(sketch: Sketch, x: float, y: float, size: float) -> None:
    outline = ((0.1, -0.6), (-0.3, 0.1), (0.0, 0.1), (-0.1, 0.6), (0.3, -0.1), (0.0, -0.1))
    sketch.shape(Ink.MARK, [(x + size * right, y + size * down) for right, down in outline])


def hatch_disturbed(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Hatch the seconds that are hard to read."""
    stretch = room.stretch
    spans = [
        (max(start, stretch.start_s), min(end, stretch.end_s))
        for start, end in facts.disturbed
        if end > stretch.start_s and start < stretch.end_s
    ]
    for start, end in spans:
        left, right = stretch.x(start), stretch.x(end)
        sketch.hatch(left, stretch.top, right, stretch.bottom)
        middle = ((left + right) / 2, room.lowest)
        sketch.word(Ink.MARK, "disturbed", middle, Style(room.size), (left, right))

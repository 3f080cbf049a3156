"""The strip with all its marks at once, calm enough to be looked at."""

from itertools import pairwise
from typing import Final

from rhythmtrainer.gui.widgets.reveal_marks.atria import (
    march,
    mark_flutter,
    name_p_waves,
    note_absent,
    note_pr,
    p_lane,
    ring_dropped,
)
from rhythmtrainer.gui.widgets.reveal_marks.complexes import name_early, note_spikes
from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts
from rhythmtrainer.gui.widgets.reveal_marks.intervals import mark_beats, mark_intervals
from rhythmtrainer.gui.widgets.reveal_marks.room import Room
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Sketch, Style, text_width
from rhythmtrainer.model import Measurement

_MOST_ALIKE: Final = 0.7  # of the T waves; those of early beats may point the other way
_MOST_CROWDED: Final = 0.2  # of the complexes: with more too close for a name, one has it


def mark_everything(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Mark beats, intervals and waves, and what the eye has to find."""
    mark_beats(sketch, room, facts)
    if room.roomy:
        name_early(sketch, room, facts, measurement)
        note_spikes(sketch, room, facts)
    mark_intervals(sketch, room, facts)
    if facts.marching.size:
        march(sketch, room, facts)
    elif facts.flutter.size:
        mark_flutter(sketch, room, facts)
    elif room.roomy:
        _name_waves(sketch, room, facts, measurement)
    else:
        ring_dropped(sketch, room, facts, room.lowest)


def _name_waves(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Put a bar from beginning to end, and a letter, under each wave."""
    qrs, t = room.pairs(facts.qrs), room.pairs(facts.t)
    lane = max(p_lane(room, facts), room.lane_below(t, _MOST_ALIKE))
    if not t and facts.p.size + facts.bare_p.size == 0:
        lane = room.lane_below(qrs)
    ring_dropped(sketch, room, facts, lane)
    note_absent(sketch, room, facts, lane)
    name_p_waves(sketch, room, facts, lane, Style(room.size))
    for left, right in t:
        y = room.under(lane, (left, right))
        sketch.bar(Ink.T, (left, right), y - 0.65 * room.size, room.bar)
        sketch.word(Ink.T, "T", ((left + right) / 2, y), Style(room.size))
    # The longest name has a line of its own, so that it never pushes a letter out.
    second = lane + room.line
    _name_qrs(sketch, room, qrs, (lane, second))
    note_pr(sketch, room, facts, measurement, second + room.line)


def _name_qrs(
    sketch: Sketch, room: Room, spans: list[tuple[float, float]], lines: tuple[float, float]
) -> None:
    """Name every complex, or where they are too close one that stands for all."""
    apart = [(right[0] + right[1] - left[0] - left[1]) / 2 for left, right in pairwise(spans)]
    width = text_width("QRS", room.size) + 1.0
    crowded = sum(each < width for each in apart) > _MOST_CROWDED * len(apart)
    named = spans[:1] if crowded else spans
    lane, second = lines
    for left, right in spans:
        bottom = room.below(left, right)
        bar = max(lane - 0.65 * room.size, bottom + 0.3 * room.size)
        y = max(second, bottom + 0.8 * room.line)
        if y > room.lowest + room.line / 2:
            continue
        sketch.bar(Ink.QRS, (left, right), bar, room.bar)
        if (left, right) in named:
            sketch.word(Ink.QRS, "QRS", ((left + right) / 2, y), Style(room.size))

"""Marks of rate, regularity and pauses."""

from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts, is_regular
from rhythmtrainer.gui.widgets.reveal_marks.intervals import (
    mark_beats,
    mark_intervals,
    seen_intervals,
)
from rhythmtrainer.gui.widgets.reveal_marks.room import Room
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Sketch, Style, text_width
from rhythmtrainer.model import Measurement, Regularity

_SAME_S: Final = 0.005  # two times alike
_LARGE_BOX_S: Final = 0.2
_BOX_HEIGHT: Final = 0.6  # in heights of text
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_SIX_SECONDS: Final = 6.0
_MINUTE_S: Final = 60.0
_LOWEST_BARS: Final = 2.0  # height of the longest bar, in lines of text
_HIGHEST_BARS: Final = 3.5
_BARS_APART_PX: Final = 2.0


def mark_rate(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Show how the rate is read: the beats of six seconds counted, the large boxes of one RR."""
    mark_beats(sketch, room, facts)
    mark_intervals(sketch, room, facts)
    if not room.roomy:
        return
    _count_six_seconds(sketch, room, facts, measurement)
    _count_large_boxes(sketch, room, facts, measurement)


def _count_six_seconds(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    stretch = room.stretch
    start = facts.shown[0]
    end = start + _SIX_SECONDS
    seen = stretch.start_s - _SAME_S <= start and end <= stretch.end_s + _SAME_S
    if measurement.six_second_bpm is None or not seen:
        return
    y = room.lowest
    left, right = stretch.x(start), stretch.x(end)
    counted = facts.beats[facts.beats < end]
    told = f"{counted.size} beats in 6 s {_TIMES} 10 = {measurement.six_second_bpm}/min"
    sketch.bracket(Ink.MARK, (left, right), y, size=0.5 * room.size, width=1.5)
    style = Style(room.size, bold=True)
    if stretch.right - right > text_width(told, style.size, style.bold) + room.size:
        sketch.word(Ink.MARK, told, (right, y), style, (right + 0.6 * room.size, stretch.right))
    else:
        middle = ((left + right) / 2, y)
        sketch.word(Ink.MARK, told, middle, style, (left, right))
    number = Style(room.size)
    for count, beat in enumerate(counted.tolist(), start=1):
        x = stretch.x(beat)
        sketch.line(Ink.MARK, (x, y - 0.3 * room.size), (x, y))
        sketch.word(Ink.MARK, str(count), (x, y - room.line), number)


def _count_large_boxes(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Lay large boxes from one R peak to the next: 300 divided by their number is the rate."""
    rate = measurement.rule_300_bpm
    box = _LARGE_BOX_S * room.stretch.px_per_s
    if rate is None or not is_regular(measurement) or box < 0.5 * room.size:
        return
    intervals = seen_intervals(room, facts)
    # Behind the six seconds there is room for it, and an interval like most serves best.
    behind = facts.shown[0] + _SIX_SECONDS
    later = [each for at, each in intervals.items() if facts.beats[at] >= behind]
    chosen = later or list(intervals.values())
    if not chosen:
        return
    usual = min(chosen, key=lambda each: abs(each.seconds - facts.usual_rr))
    ends = (usual.left, usual.right)
    height = _BOX_HEIGHT * room.size
    y = room.lane_below([ends])
    boxes = _MINUTE_S / _LARGE_BOX_S / rate
    sketch.boxes(Ink.MARK, ends, y, height=height, width=box)
    for x in ends:
        sketch.dots(Ink.MARK, (x, room.below(x - 2, x + 2) + 2), (x, y + height / 2))
    told = f"{boxes:g} large boxes: 300 ÷ {boxes:g} = {rate:.0f}/min"
    middle = (usual.middle, y + room.line)
    sketch.word(Ink.MARK, told, middle, Style(room.size, bold=True), room.edges)


def mark_regularity(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Show how even the intervals are: each as a bar, the longest and the shortest named."""
    special: dict[int, str] = {}
    known = np.isfinite(facts.rr)
    if known.any() and not is_regular(measurement):
        special = {
            int(np.nanargmax(facts.rr)): "longest",
            int(np.nanargmin(facts.rr)): "shortest",
        }
    mark_beats(sketch, room, facts)
    mark_intervals(sketch, room, facts, special)
    if room.roomy and known.any():
        _compare_intervals(sketch, room, facts, measurement)


def _compare_intervals(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Stand a bar as high as its interval is long under each, beside a line of the usual one."""
    intervals = seen_intervals(room, facts).values()
    if not intervals:
        return
    bottom = room.lowest + room.line / 2
    free = bottom - room.below(*room.edges) - 1.5 * room.line
    height = min(max(free, _LOWEST_BARS * room.line), _HIGHEST_BARS * room.line)
    per_s = height / float(np.nanmax(facts.rr))
    for each in intervals:
        top = bottom - each.seconds * per_s
        left, right = each.left + _BARS_APART_PX, each.right - _BARS_APART_PX
        sketch.tint(each.ink, left, top, right, bottom)
        sketch.line(each.ink, (left, top), (right, top), 2.0)
    usual = bottom - facts.usual_rr * per_s
    sketch.dots(Ink.MARK, (room.stretch.left, usual), (room.stretch.right, usual))
    spread = measurement.rr_spread_s
    if spread is not None and measurement.regularity is not Regularity.CANNOT_TELL:
        told = f"RR intervals differ by up to {spread:.2f} s"
        middle = (room.stretch.right, bottom - height - 0.7 * room.line)
        sketch.word(Ink.MARK, told, middle, Style(room.size, bold=True), room.edges)


def mark_pauses(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Measure each pause, in seconds and in large boxes."""
    mark_beats(sketch, room, facts)
    mark_intervals(sketch, room, facts)
    for each in seen_intervals(room, facts).values():
        if not each.pause:
            continue
        sketch.tint(Ink.ALERT, each.left, room.upper, each.right, room.lowest)
        if not room.roomy:
            continue
        for x in (each.left, each.right):
            sketch.dots(Ink.ALERT, (x, room.upper + room.size), (x, room.lowest))
        told = f"no beat for {round(each.seconds / _LARGE_BOX_S)} large boxes"
        bold = Style(room.size, bold=True)
        sketch.word(Ink.ALERT, told, (each.middle, room.lowest), bold, room.edges)

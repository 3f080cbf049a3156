"""Marks of what the atria do: P waves, flutter waves, PR intervals, P waves marching through."""

from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts, Times
from rhythmtrainer.gui.widgets.reveal_marks.intervals import mark_beats, neighbours, spacing
from rhythmtrainer.gui.widgets.reveal_marks.room import Room
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Plate, Sketch, Style, text_width
from rhythmtrainer.model import Measurement, PrRelation, Step

_P_REACH_S: Final = 0.05  # of a P wave to each side of its peak, where its edges are not known
_MOST_ALIKE: Final = 0.8  # of the P waves lie at one height, unless the baseline wanders
_RING: Final = 0.95  # half the height of a ring, in heights of text
_TICK: Final = 0.34  # half the width of a small triangle, in heights of text
_MINUTE_S: Final = 60.0
_SAME_S: Final = 0.02
_NEARLY: Final = 0.9


def mark_p_waves(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Name each P wave, ring those that lead to no beat, or show where a P wave is missing."""
    mark_beats(sketch, room, facts)
    lane = p_lane(room, facts)
    ring_dropped(sketch, room, facts, lane)
    name_p_waves(sketch, room, facts, lane, Style(room.size, bold=True))
    for left, right in room.pairs(np.concatenate([facts.p[:, [0, 2]], around(facts.bare_p)])):
        top = room.above(left, right) - 0.4 * room.size
        sketch.tint(Ink.P, left, top, right, lane - 0.7 * room.size)
    march(sketch, room, facts)
    mark_flutter(sketch, room, facts)
    mark_absent(sketch, room, facts)


def p_lane(room: Room, facts: Facts) -> float:
    """Return the middle of a line of letters just below all P waves."""
    peaks = np.concatenate([facts.p[:, 1], facts.bare_p, facts.dropped])
    return room.lane_below(room.pairs(around(peaks)), _MOST_ALIKE)


def name_p_waves(sketch: Sketch, room: Room, facts: Facts, lane: float, style: Style) -> None:
    """Put a P under each P wave that leads to a beat, and a bar where its edges are known."""
    for left, right in room.pairs(facts.p):
        y = room.under(lane, (left, right))
        sketch.bar(Ink.P, (left, right), y - 0.65 * room.size, room.bar)
        sketch.word(Ink.P, "P", ((left + right) / 2, y), style)
    for left, right in room.pairs(around(facts.bare_p)):
        y = room.under(lane, (left, right))
        sketch.word(Ink.P, "P", ((left + right) / 2, y), style)


def around(times: Times) -> Times:
    """Return stretches around the peaks of waves whose edges are not known."""
    return np.stack([times - _P_REACH_S, times + _P_REACH_S], axis=1)


def ring_dropped(sketch: Sketch, room: Room, facts: Facts, lane: float) -> None:
    """Ring the P waves that lead to no beat, and say so."""
    style = Style(room.size, bold=True)
    for x in room.x(room.shown(facts.dropped)):
        reach = max(1.5 * _P_REACH_S * room.stretch.px_per_s, _RING * room.size)
        top = room.above(x - reach / 2, x + reach / 2)
        bottom = room.below(x - reach / 2, x + reach / 2)
        height = max((bottom - top) / 2 + 0.5 * room.size, _RING * room.size)
        sketch.ring(Ink.ALERT, (x, (top + bottom) / 2), (reach, height))
        if room.roomy:
            y = max(lane, (top + bottom) / 2 + height + 0.6 * room.line)
            sketch.word(Ink.ALERT, "P", (x, y), style)
            sketch.word(Ink.ALERT, "no QRS", (x, y + room.line), style, room.edges)


def march(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Draw the P waves and the QRS complexes each on its own line: they keep their own time."""
    if facts.marching.size == 0:
        return
    if not room.roomy:
        point_up(sketch, room, facts.marching, room.lane_below([room.edges]))
        return
    p_line = min(room.lane_below([room.edges]) + 0.4 * room.line, room.lowest - 1.9 * room.line)
    qrs_line = p_line + 1.9 * room.line
    stretch = room.stretch
    sketch.tint(
        Ink.P, stretch.left, p_line - 0.6 * room.line, stretch.right, p_line + 0.6 * room.line
    )
    sketch.tint(
        Ink.QRS, stretch.left, qrs_line - 0.6 * room.line, stretch.right, qrs_line + 0.6 * room.line
    )
    _steps(sketch, room, Ink.P, (facts.marching, "P"), p_line)
    _steps(sketch, room, Ink.QRS, (facts.beats, "QRS"), qrs_line)
    for x in room.x(room.shown(facts.marching)):
        foot = room.below(x - 2, x + 2) + 0.3 * room.size
        sketch.dots(Ink.P, (x, foot), (x, p_line - 0.5 * room.line))
    for x in room.x(room.shown(facts.beats)):
        sketch.dots(Ink.QRS, (x, p_line + 0.6 * room.line), (x, qrs_line - 0.5 * room.line))


def _steps(sketch: Sketch, room: Room, ink: Ink, named: tuple[Times, str], y: float) -> None:
    """Draw the steps of a march: a letter at each, and how far apart they are."""
    times, name = named
    places = room.x(room.shown(times))
    bold = Style(room.size, bold=True)
    for x in places:
        sketch.word(ink, name, (x, y), bold, room.edges)
    numbers = Style(room.size)
    half = text_width(name, room.size, bold=True) / 2
    apart = spacing(times)
    for left, right in neighbours(places):
        if right - left > 2 * half + 2:
            sketch.line(ink, (left + half, y), (right - half, y))
    if np.isfinite(apart):
        for left, right in neighbours(places):
            within = (left + half, right - half)
            step = (right - left) / room.stretch.px_per_s
            sketch.word(ink, f"{step:.2f}", ((left + right) / 2, y), numbers, within)


def mark_flutter(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Point at each flutter wave, and say how fast they follow each other."""
    places = room.x(room.shown(facts.flutter))
    if not places:
        return
    apart = spacing(facts.flutter)
    spans = [(x - 3, x + 3) for x in places]
    lane = room.lane_below(spans)
    if room.roomy and np.isfinite(apart):
        told = f"flutter waves, one every {apart:.2f} s: {_MINUTE_S / apart:.0f}/min"
        y = min(lane + 2.1 * room.line, room.lowest)
        sketch.word(Ink.P, told, (room.stretch.left, y), Style(room.size, bold=True), room.edges)
    point_up(sketch, room, facts.flutter, lane)
    if apart * room.stretch.px_per_s <= text_width("F", room.size) + 1.0:
        return
    for x in places:
        sketch.word(Ink.P, "F", (x, lane + 0.8 * room.line), Style(room.size))


def point_up(sketch: Sketch, room: Room, times: Times, y: float) -> None:
    """Put a small triangle under each of some waves, unless they would run together."""
    half = _TICK * room.size
    if spacing(times) * room.stretch.px_per_s < 2 * half:
        return
    for x in room.x(room.shown(times)):
        sketch.shape(Ink.P, [(x - half, y + half), (x + half, y + half), (x, y - half)])


def mark_absent(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Bracket the stretch before each QRS complex where a P wave is expected and not seen."""
    spans = room.pairs(facts.quiet)
    lane = room.lane_below(spans)
    for left, right in spans:
        top = room.above(left, right) - 0.4 * room.size
        foot = lane - 0.7 * room.size
        for x in (left, right):
            sketch.dots(Ink.P, (x, top), (x, foot))
        sketch.bracket(Ink.P, (left, right), foot, size=0.25 * room.size, width=1.5)
        sketch.word(Ink.P, "no P", ((left + right) / 2, lane), Style(room.size, bold=True))


def note_absent(sketch: Sketch, room: Room, facts: Facts, y: float) -> None:
    """Bracket one stretch without a P wave that stands for all: the widest."""
    spans = room.pairs(facts.quiet)
    if not spans:
        return
    widest = max(right - left for left, right in spans)
    wide = [span for span in spans if span[1] - span[0] > _NEARLY * widest]
    left, right = min(wide, key=lambda span: abs(sum(span) - sum(room.edges)))
    sketch.bracket(Ink.P, (left, right), y - 0.65 * room.size, size=0.25 * room.size, width=1.5)
    sketch.word(Ink.P, "no P", ((left + right) / 2, y), Style(room.size))


def mark_pr(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement) -> None:
    """Measure from each P wave to its QRS complex, or show that they have nothing to do."""
    mark_beats(sketch, room, facts)
    if facts.marching.size:
        march(sketch, room, facts)
        return
    finding = measurement.finding(Step.PR)
    relation = finding.verdict if finding else PrRelation.CANNOT_TELL
    spans = room.pairs(facts.pr)
    lane = room.lane_below(spans)
    ring_dropped(sketch, room, facts, lane)
    grows = relation is PrRelation.LENGTHENING
    for left, right in spans:
        _measure_pr(sketch, room, (left, right), lane, grows=grows)
    mark_flutter(sketch, room, facts)
    mark_absent(sketch, room, facts)


def _measure_pr(
    sketch: Sketch, room: Room, ends: tuple[float, float], lane: float, *, grows: bool
) -> None:
    left, right = ends
    # The beginning of the QRS complex would pull it up along the R wave.
    top = room.above(left, (left + 2 * right) / 3) - 0.4 * room.size
    sketch.tint(Ink.P, left, top, right, lane)
    sketch.bracket(Ink.P, ends, lane, size=0.3 * room.size, width=3.0)
    seconds = (right - left) / room.stretch.px_per_s
    plate = Plate.FILLED if grows else Plate.PAPER
    style = Style(room.size, bold=True, plate=plate)
    # Where they are too close to stand beside each other, every second one stands lower.
    for y in (lane + 0.95 * room.line, lane + 1.95 * room.line):
        if sketch.word(Ink.P, f"{seconds:.2f}", ((left + right) / 2, y), style):
            return


def note_pr(sketch: Sketch, room: Room, facts: Facts, measurement: Measurement, y: float) -> None:
    """Give the PR intervals in small: all where they differ, else one that stands for all."""
    finding = measurement.finding(Step.PR)
    if finding is None or facts.pr.size == 0:
        return
    spans = room.shown(facts.pr)
    if finding.verdict is PrRelation.CONSTANT and finding.number is not None:
        length = spans[:, 1] - spans[:, 0]
        spans = spans[np.abs(length - finding.number) <= _SAME_S]
        middle = (room.stretch.start_s + room.stretch.end_s) / 2
        spans = spans[np.abs(spans[:, 0] - middle).argsort()[:1]]
    y = min(y, room.lowest - 0.9 * room.line)
    for left, right in room.pairs(spans):
        sketch.bracket(Ink.P, (left, right), y, size=0.25 * room.size, width=1.5)
        seconds = (right - left) / room.stretch.px_per_s
        texts = (f"PR {seconds:.2f} s", f"{seconds:.2f}")
        text = texts[0] if finding.verdict is PrRelation.CONSTANT else texts[1]
        sketch.word(Ink.P, text, ((left + right) / 2, y + 0.9 * room.line), Style(room.size))

"""The row above the trace: R peaks, and the intervals between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts, Times
from rhythmtrainer.gui.widgets.reveal_marks.room import Room
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Ink, Plate, Sketch, Style, text_width

_HEAD: Final = 0.42  # half the width of a beat's triangle, in heights of text
_DIAMOND: Final = 0.55  # the same of an early beat's diamond
_MOST_HIDDEN: Final = 0.2  # of the intervals: with more too short for a number, none has one
_MOST_BELOW: Final = 0.25  # of the intervals: with more too short for the row, all stand below
_SHORTEST_BRACKET_PX: Final = 8.0
_INSET_PX: Final = 2.0
_NO_SPECIAL: Final[Mapping[int, str]] = {}


@dataclass(frozen=True, slots=True)
class Interval:
    """An RR interval in the picture.

    Attributes
    ----------
    left, right
        Where its R peaks lie, in logical pixels.
    name
        What makes it stand out; empty for most.
    """

    left: float
    right: float
    seconds: float
    name: str
    pause: bool

    @property
    def middle(self) -> float:
        """Half way between its R peaks."""
        return (self.left + self.right) / 2

    @property
    def ink(self) -> Ink:
        """What it is drawn in."""
        return Ink.ALERT if self.pause else Ink.MARK


def seen_intervals(
    room: Room, facts: Facts, special: Mapping[int, str] = _NO_SPECIAL
) -> dict[int, Interval]:
    """Return the intervals that are shown wholly and lie across no gap, by their place."""
    x = room.stretch.x(facts.beats).tolist()
    shown = room.stretch.shows(facts.beats)
    known = np.flatnonzero(shown[:-1] & shown[1:] & np.isfinite(facts.rr))
    return {
        at: Interval(
            left=x[at],
            right=x[at + 1],
            seconds=float(facts.rr[at]),
            name=special.get(at, "pause" if facts.pauses[at] else ""),
            pause=bool(facts.pauses[at]),
        )
        for at in known.tolist()
    }


def mark_beats(sketch: Sketch, room: Room, facts: Facts) -> None:
    """Put a triangle over each R peak, and a diamond over those that came early."""
    shown = room.stretch.shows(facts.beats)
    y, half, reach = room.upper, _HEAD * room.size, _DIAMOND * room.size
    for x, early in zip(room.x(facts.beats[shown]), facts.early[shown].tolist(), strict=True):
        if early:
            corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
            sketch.shape(Ink.ALERT, corners)
        else:
            sketch.shape(Ink.MARK, [(x - half, y - half), (x + half, y - half), (x, y + half)])
        sketch.take(x - half, y - half, x + half, y + half)


def mark_intervals(
    sketch: Sketch, room: Room, facts: Facts, special: Mapping[int, str] = _NO_SPECIAL
) -> None:
    """Draw the RR intervals between the triangles, in seconds.

    Parameters
    ----------
    special
        Words for some of the intervals, by their place, which then stand out.
    """
    intervals = list(seen_intervals(room, facts, special).values())
    inset = _HEAD * room.size + _INSET_PX
    lengths = [each.right - each.left - 2 * inset for each in intervals]
    bracketed = lengths and _share(lengths, _SHORTEST_BRACKET_PX) >= 1.0 - _MOST_BELOW
    for each, length in zip(intervals, lengths, strict=True):
        if length >= _SHORTEST_BRACKET_PX and (bracketed or each.name):
            ends = (each.left + inset, each.right - inset)
            width = 2.0 if each.name else 1.0
            sketch.bracket(each.ink, ends, room.upper, size=0.3 * room.size, width=width)
    for each in intervals:
        if each.name:
            _name(sketch, room, each)
    _write_numbers(sketch, room, [each for each in intervals if not each.name])


def _name(sketch: Sketch, room: Room, interval: Interval) -> None:
    """Write an interval that stands out, in its place or, where that is too narrow, below it."""
    style = Style(room.size, bold=True, plate=Plate.FILLED)
    words = f"{interval.name} {interval.seconds:.2f}"
    within = _between_heads(room, interval)
    below = room.upper + 1.05 * room.line
    for text, y, edges in (
        (f"{words} s", room.upper, within),
        (words, room.upper, within),
        (f"{words} s", below, room.edges),
    ):
        if sketch.word(interval.ink, text, (interval.middle, y), style, edges):
            return


def _write_numbers(sketch: Sketch, room: Room, intervals: list[Interval]) -> None:
    if not intervals:
        return
    lengths = [right - left for left, right in (_between_heads(room, each) for each in intervals)]
    number_px, with_unit_px = (text_width(text, room.size) for text in ("0.00", "0.00 s"))
    most = 1.0 - _MOST_BELOW
    unit = " s" if _share(lengths, with_unit_px) >= most else ""
    if _share([each.right - each.left for each in intervals], number_px) < 1.0 - _MOST_HIDDEN:
        _write_range(sketch, room, intervals)
        return
    below = room.upper + 1.05 * room.line
    rows = (room.upper, below) if _share(lengths, number_px) >= most else (below,)
    style = Style(room.size)
    for each in intervals:
        number = f"{each.seconds:.2f}"
        # Above, the triangles are in the way; below, nothing is but the other numbers.
        edges = {room.upper: _between_heads(room, each), below: (each.left, each.right)}
        tries = ((text, y) for y in rows for text in dict.fromkeys((number + unit, number)))
        any(sketch.word(Ink.MARK, text, (each.middle, y), style, edges[y]) for text, y in tries)


def _between_heads(room: Room, interval: Interval) -> tuple[float, float]:
    half = _HEAD * room.size
    return interval.left + half, interval.right - half


def _share(lengths: list[float], width: float) -> float:
    """Return how many of the lengths hold a word of a width."""
    return sum(length >= width for length in lengths) / len(lengths)


def _write_range(sketch: Sketch, room: Room, intervals: list[Interval]) -> None:
    """Say how long intervals are that leave no room for their numbers."""
    if not room.roomy:
        return
    seconds = [each.seconds for each in intervals]
    numbers = dict.fromkeys((f"{min(seconds):.2f}", f"{max(seconds):.2f}"))
    middle = (room.stretch.right, room.upper + 1.1 * room.line)
    sketch.word(Ink.MARK, f"RR {' to '.join(numbers)} s", middle, Style(room.size), room.edges)


def spacing(times: Times) -> float:
    """Return the usual distance between times in seconds; NaN for fewer than two."""
    return float(np.median(np.diff(times))) if times.size > 1 else float("nan")


def neighbours(places: list[float]) -> list[tuple[float, float]]:
    """Return each place with the next."""
    return list(pairwise(places))

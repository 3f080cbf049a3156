"""How a pair of calipers moves: from a pair and a movement to the pair where it ends."""

from typing import Final

from PySide6.QtCore import QPointF

from rhythmtrainer.ecg.calipers import Landmarks, Pair
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.pair_layout import Part

# How far apart feet are put that nobody has put anywhere: a large box on standard paper.
_FEET_APART_MV: Final = 0.5
# Of the stretch's width: how far apart legs are put that nobody has put anywhere.
_SHARE_APART: Final = 0.2


def in_the_middle(stretch: Stretch) -> Pair:
    """Return a pair in the middle of a stretch."""
    apart = _SHARE_APART * (stretch.end_s - stretch.start_s)
    return beginning_at((stretch.start_s + stretch.end_s - apart) / 2, stretch)


def beginning_at(seconds: float, stretch: Stretch) -> Pair:
    """Return a pair with its left leg at a time, as far as the other finds room."""
    apart = _SHARE_APART * (stretch.end_s - stretch.start_s)
    first = min(seconds, stretch.end_s - apart)
    return Pair((first, first + apart))


def spanned(start_s: float, end: QPointF, stretch: Stretch) -> Pair:
    """Return a pair from a time to the time below a point, as far as the stretch reaches."""
    limited = min(max(end.x(), stretch.left), stretch.right)
    return Pair((start_s, stretch.seconds(limited)))


def dragged(pair: Pair, part: Part, start: QPointF, end: QPointF, stretch: Stretch) -> Pair:
    """Return the pair with a part moved as a hand moves from one point to another."""
    if not part.is_foot:
        return moved_in_time(pair, part, (end.x() - start.x()) / stretch.px_per_s, stretch)
    if end.y() > stretch.bottom:
        return pair.without_feet()
    height = stretch.millivolts(max(end.y(), stretch.top))
    if pair.feet_mv is None:
        return _with_foot(pair, part, height, stretch.base_mv)
    grabbed_beside = pair.feet_mv[part.leg] - stretch.millivolts(start.y())
    return _with_foot(pair, part, height + grabbed_beside, stretch.base_mv)


def moved_in_time(pair: Pair, part: Part, by_s: float, stretch: Stretch) -> Pair:
    """Return the pair with a leg or both moved, but none out of its stretch."""
    legs = _legs_of(pair, part)
    earliest, latest = min(stretch.start_s, *legs), max(stretch.end_s, *legs)
    by_s = min(max(by_s, earliest - min(legs)), latest - max(legs))
    if part is Part.BOTH:
        return pair.shifted(by_s)
    return pair.with_leg(part.leg, pair.legs_s[part.leg] + by_s)


def moved_in_voltage(pair: Pair, part: Part, by_mv: float, stretch: Stretch) -> Pair:
    """Return the pair with a foot or both moved; they begin at the level of the baseline."""
    first, second = pair.feet_mv or (stretch.base_mv, stretch.base_mv)
    if part is Part.BOTH:
        return pair.with_feet(first + by_mv, second + by_mv)
    return _with_foot(pair, part, (first, second)[part.leg] + by_mv, stretch.base_mv)


def with_feet_turned(pair: Pair, stretch: Stretch) -> Pair:
    """Return the pair measuring voltage too, or no longer."""
    if pair.feet_mv is not None:
        return pair.without_feet()
    heights = (stretch.base_mv, stretch.base_mv + _FEET_APART_MV)
    return pair.with_feet(*(heights if pair.right_leg else heights[::-1]))


def snapped(pair: Pair, part: Part, landmarks: Landmarks, within_s: float) -> Pair:
    """Return the pair moved onto the landmark that the part's leg, or either leg, is closest to."""
    steps = [
        found - leg
        for leg in _legs_of(pair, part)
        if (found := landmarks.nearest(leg, within_s)) is not None
    ]
    return _stepped(pair, part, min(steps, key=abs)) if steps else pair


def on_next_landmark(pair: Pair, part: Part, direction: int, landmarks: Landmarks) -> Pair:
    """Return the pair with a leg on the next landmark; both move as the left leg does."""
    leg = pair.left_s if part is Part.BOTH else pair.legs_s[part.leg]
    found = landmarks.beyond(leg, direction)
    return pair if found is None else _stepped(pair, part, found - leg)


def _stepped(pair: Pair, part: Part, by_s: float) -> Pair:
    if part is Part.BOTH:
        return pair.shifted(by_s)
    return pair.with_leg(part.leg, pair.legs_s[part.leg] + by_s)


def _legs_of(pair: Pair, part: Part) -> tuple[float, ...]:
    return pair.legs_s if part is Part.BOTH else (pair.legs_s[part.leg],)


def _with_foot(pair: Pair, part: Part, height_mv: float, other_mv: float) -> Pair:
    first, second = pair.feet_mv or (other_mv, other_mv)
    return pair.with_feet(first, height_mv) if part.leg else pair.with_feet(height_mv, second)

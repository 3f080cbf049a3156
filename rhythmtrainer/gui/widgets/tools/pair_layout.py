"""Where the parts of a pair of calipers lie on what is shown now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from rhythmtrainer.ecg.calipers import Pair, Reading
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.march import TOO_CLOSE, is_too_close
from rhythmtrainer.gui.widgets.tools.plates import Lettering
from rhythmtrainer.gui.widgets.tools.rows import (
    Home,
    beside_name,
    label_and_head,
    picture,
    speed_of,
    stretch_of,
)

# How close to a part a hand has to be.
_REACH_PX: Final = 6.0
_FOOT_REACH_PX: Final = 9.0


class Part(Enum):
    """What of a pair of calipers can be held."""

    FIRST = 0
    SECOND = 1
    BOTH = 2
    FIRST_FOOT = 3
    SECOND_FOOT = 4

    @property
    def is_foot(self) -> bool:
        """Whether it measures voltage."""
        return self in _FEET

    @property
    def leg(self) -> int:
        """The leg's number, 0 or 1; the second where both are held."""
        return 0 if self in (Part.FIRST, Part.FIRST_FOOT) else 1


_FEET: Final = (Part.FIRST_FOOT, Part.SECOND_FOOT)


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that is seen.

    Attributes
    ----------
    part
        Which of the two.
    foot_y
        Height of its foot; at the lower edge while time alone is measured.
    """

    part: Part
    x: float
    foot_y: float
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class PairLayout:
    """A pair of calipers on the row it was put on.

    Attributes
    ----------
    row
        The stretches of that row, at least one.
    bar_y
        Height of the bar between the legs.
    legs
        Those that are seen.
    bars
        From where to where the bar is seen, in each stretch of the row.
    lettering
        How large everything is printed.
    label, text
        Plate with the reading, and what it says; None where no wording fits.
    """

    row: tuple[Stretch, ...]
    bar_y: float
    legs: tuple[Leg, ...]
    bars: tuple[tuple[float, float], ...]
    label: QRectF | None
    text: str
    lettering: Lettering

    @property
    def bottom(self) -> float:
        """Lower end of the legs."""
        return self.row[0].bottom

    def part_at(self, point: QPointF) -> Part | None:
        """Return what a hand at a point would take hold of."""
        for leg in self.legs:
            foot = point - QPointF(leg.x, leg.foot_y)
            if max(abs(foot.x()), abs(foot.y())) <= _FOOT_REACH_PX:
                return _FEET[leg.part.leg]
        if self.bar_y - _REACH_PX <= point.y() <= self.bottom and self.legs:
            nearest = min(self.legs, key=lambda leg: abs(leg.x - point.x()))
            if abs(nearest.x - point.x()) <= _REACH_PX:
                return nearest.part
        on_bar = abs(point.y() - self.bar_y) <= _REACH_PX and any(
            first <= point.x() <= last for first, last in self.bars
        )
        on_label = self.label is not None and self.label.contains(point)
        return Part.BOTH if on_bar or on_label else None


def lay_out(
    pair: Pair, home: Home, stretches: Sequence[Stretch], *, marching: bool
) -> PairLayout | None:
    """Return where a pair of calipers lies; None where nothing is shown at all."""
    row = home.row(stretches, pair.legs_s)
    if not row:
        return None
    lettering = Lettering.of(stretches)
    label_y, head_y = label_and_head(row[0], picture(stretches), lettering)
    bar_y = head_y + min(lettering.word_height, (row[0].bottom - head_y) / 2) / 2
    bars = tuple(_bars(pair, row))
    main = stretch_of(pair.left_s, row)
    texts = Reading(pair.interval_s, pair.rise_mv, speed_of(main)).texts
    if marching and is_too_close(pair, main):
        texts = (*(f"{text} · {TOO_CLOSE}" for text in texts), *texts)
    label, text = None, ""
    if label_y is not None and bars:
        label, text = _label(texts, lettering, (label_y, *bars[0]), (main, picture(stretches)))
    return PairLayout(
        tuple(row),
        bar_y,
        tuple(_legs(pair, row, bar_y, lettering.unit)),
        bars,
        label,
        text,
        lettering,
    )


def _legs(pair: Pair, row: Sequence[Stretch], bar_y: float, unit: float) -> Iterator[Leg]:
    for number, seconds in enumerate(pair.legs_s):
        stretch = stretch_of(seconds, row)
        if not stretch.start_s <= seconds <= stretch.end_s:
            continue
        foot = stretch.bottom - unit
        if pair.feet_mv is not None:
            foot = min(max(stretch.y(pair.feet_mv[number]), bar_y), stretch.bottom)
        yield Leg(Part(number), stretch.x(seconds), foot, stretch)


def _bars(pair: Pair, row: Sequence[Stretch]) -> Iterator[tuple[float, float]]:
    for stretch in row:
        first, last = max(pair.left_s, stretch.start_s), min(pair.right_s, stretch.end_s)
        if first <= last:
            yield stretch.x(first), stretch.x(last)


def _label(
    texts: Sequence[str],
    lettering: Lettering,
    place: tuple[float, float, float],
    around: tuple[Stretch, QRectF],
) -> tuple[QRectF | None, str]:
    """Return the plate, over the middle of the bar as far as the picture's edges allow."""
    top, bar_left, bar_right = place
    stretch, everything = around
    widths = [lettering.plate_width(text) for text in texts]
    room = min(stretch.right - stretch.left, everything.width())
    chosen = next((i for i, width in enumerate(widths) if width <= room), len(texts) - 1)
    width = widths[chosen]
    if width > everything.width():
        return None, ""
    wanted = (bar_left + bar_right - width) / 2
    left = beside_name(wanted, width, (stretch, everything, top), lettering)
    return QRectF(left, top, width, lettering.plate_height), texts[chosen]

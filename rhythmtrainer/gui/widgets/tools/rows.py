"""Where on a picture a tool lies: the row of one lead, found again after every change of view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from rhythmtrainer.ecg.calipers import paper_speed
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.plates import Lettering
from rhythmtrainer.model import LeadName, describe_lead

# Heights of rows in units: of one that has room for a reading of its own, of one that can spare
# it if there is no room elsewhere, and of one that can hold it at all.
_HIGH: Final = 64.0
_ROOMY: Final = 24.0
_TIGHT: Final = 12.0
# Paper prints the lead's name this far above the baseline, or at the upper edge of a lower row.
_NAME_ABOVE_MM: Final = 25.0
# It is bold, and in saved files larger.
_NAME_LARGER: Final = 1.3


@dataclass(frozen=True, slots=True)
class Home:
    """The row that a tool was put on.

    Attributes
    ----------
    place
        Which of the rows of this lead, counted from the top: on a page of twelve leads the rhythm
        strip repeats one of them.
    """

    lead: LeadName
    channel: int
    place: int

    @classmethod
    def of(cls, stretch: Stretch, stretches: Sequence[Stretch]) -> "Home":
        """Return the row in which a stretch lies."""
        tops = sorted({other.top for other in stretches if other.channel == stretch.channel})
        return cls(stretch.lead, stretch.channel, tops.index(stretch.top))

    def row(self, stretches: Sequence[Stretch], times: Sequence[float]) -> list[Stretch]:
        """Return the stretches of the row that shows one of the times, or else of any row.

        Another lead takes over where this one is no longer shown.
        """
        of_lead = [each for each in stretches if each.channel == self.channel] or list(stretches)
        tops = sorted({each.top for each in of_lead})
        showing = sorted({each.top for each in of_lead if each.shows(np.asarray(times)).any()})
        if not tops:
            return []
        wanted = tops[min(self.place, len(tops) - 1)]
        top = min(showing, key=lambda top: abs(top - wanted)) if showing else wanted
        return [each for each in of_lead if each.top == top]


def drawable(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches that have a width, a height and a scale."""
    return [
        stretch
        for stretch in stretches
        if stretch.px_per_s > 0
        and stretch.px_per_mm > 0
        and np.isfinite(stretch.px_per_mv)
        and stretch.px_per_mv != 0
        and stretch.right > stretch.left
        and stretch.bottom > stretch.top
    ]


def stretch_at(point: QPointF, stretches: Sequence[Stretch]) -> Stretch | None:
    """Return the stretch in which a point lies."""
    return next((each for each in stretches if each.holds(point.x(), point.y())), None)


def stretch_of(seconds: float, row: Sequence[Stretch]) -> Stretch:
    """Return the stretch of a row that shows a time, or the nearest to it."""
    return min(row, key=lambda each: max(each.start_s - seconds, seconds - each.end_s, 0.0))


def picture(stretches: Sequence[Stretch]) -> QRectF:
    """Return the smallest rectangle around all stretches."""
    left, right = min(each.left for each in stretches), max(each.right for each in stretches)
    top, bottom = min(each.top for each in stretches), max(each.bottom for each in stretches)
    return QRectF(left, top, right - left, bottom - top)


def speed_of(stretch: Stretch) -> float | None:
    """Return how fast the paper of a stretch runs; None where time is pressed together."""
    return paper_speed(stretch.px_per_s / stretch.px_per_mm)


def label_and_head(
    stretch: Stretch, everything: QRectF, lettering: Lettering
) -> tuple[float | None, float]:
    """Return the upper edges of a plate with a reading, if there is room, and of what it reads.

    A high row has both. The upper edge of a lower one is where its lead's name is printed, so that
    the plate stands above it, on the row above.
    """
    height = stretch.bottom - stretch.top
    plate, unit = lettering.plate_height, lettering.unit
    inside = stretch.top + unit, stretch.top + unit + plate
    if height >= _HIGH * unit:
        return inside
    if stretch.top - plate >= everything.top():
        return stretch.top - plate, stretch.top
    if height >= _ROOMY * unit:
        return inside
    if stretch.bottom + plate <= everything.bottom():
        return stretch.bottom, stretch.top
    return inside if height >= _TIGHT * unit else (None, stretch.top)


def beside_name(
    wanted: float, width: float, row: tuple[Stretch, QRectF, float], lettering: Lettering
) -> float:
    """Return the left edge of a plate, moved so that it stays in the picture.

    It is moved off the name of the lead too, where that is printed at the row's upper edge.

    Parameters
    ----------
    wanted
        Where the left edge is wanted.
    row
        The stretch, the picture, and the plate's upper edge.
    """
    stretch, everything, top = row
    latest = everything.right() - width
    name_top = stretch.baseline - _NAME_ABOVE_MM * stretch.px_per_mm
    earliest = everything.left()
    if stretch.top <= top and name_top < top + lettering.plate_height:
        name = lettering.plate_width(describe_lead(stretch.lead))
        behind_name = stretch.left + _NAME_LARGER * name
        earliest = behind_name if behind_name <= latest else earliest
    return min(max(wanted, earliest), latest)

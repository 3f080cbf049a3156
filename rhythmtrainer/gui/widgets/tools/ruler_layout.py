"""Where a ruler lies on what is shown now, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from rhythmtrainer.ecg.calipers import SIX_SECONDS, rule_lines
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.lines import draw_lines, faded
from rhythmtrainer.gui.widgets.tools.plates import Lettering
from rhythmtrainer.gui.widgets.tools.rows import beside_name, label_and_head, picture, speed_of
from rhythmtrainer.gui.widgets.tools.ruler_reading import Rule

ROUNDING_S: Final = 1e-6
"""What ends this little behind the last sample is still shown."""

_REACH_PX: Final = 6.0
_EDGE: Final = 1.5  # thin lines
_LINE_STRENGTH: Final = 0.7
_INSIDE_STRENGTH: Final = 0.07
# From a number to the next in the same line of them.
_BETWEEN: Final = 1.0  # unit
# Numbers may stand in two lines where they would touch in one; a low row has room for one only.
_MOST_LINES: Final = 2
_LOW_ROW: Final = 24.0  # units
_HALF_S: Final = SIX_SECONDS / 2
_PER_MINUTE: Final = "/min"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number on the ruler, in the first or the second line of them."""

    text: str
    x: float
    line: int


@dataclass(frozen=True, slots=True)
class RulerLayout:
    """A ruler on the stretch that shows where it begins.

    Attributes
    ----------
    scale_y
        Height of the ruler's edge: numbers stand above it, lines go down from it.
    start_x, end_x
        Where it begins, and where it ends as far as it is seen.
    line_x
        Where its lines are seen; those of the 6-second rule are its middle and its end.
    ends
        Whether its end is seen.
    next_x
        Where the next R peak falls on it; None where that is not told or beyond its end.
    """

    stretch: Stretch
    rule: Rule
    scale_y: float
    start_x: float
    end_x: float
    line_x: tuple[float, ...]
    numbers: tuple[_Number, ...]
    ends: bool
    next_x: float | None
    label: QRectF | None
    text: str
    lettering: Lettering

    def holds(self, point: QPointF) -> bool:
        """Return whether a hand at a point would take hold of the ruler."""
        top = self.scale_y - _MOST_LINES * self.lettering.word_height
        on_scale = (
            self.start_x <= point.x() <= self.end_x and top <= point.y() <= self.scale_y + _REACH_PX
        )
        on_start = (
            abs(point.x() - self.start_x) <= _REACH_PX and top <= point.y() <= self.stretch.bottom
        )
        return on_scale or on_start or (self.label is not None and self.label.contains(point))

    def draw(self, painter: QPainter, colours: StripColours, *, on_peak: bool) -> None:
        """Draw the ruler; diamonds tell that it begins at an R peak, and where the next falls."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bottom, scale_y, line = self.stretch.bottom, self.scale_y, self.lettering.line
        if self.rule is Rule.SIX_SECONDS:
            inside = QRectF(self.start_x, scale_y, self.end_x - self.start_x, bottom - scale_y)
            painter.fillRect(inside, faded(colours.mark, _INSIDE_STRENGTH))
        fine = QPen(faded(colours.mark, _LINE_STRENGTH), line)
        draw_lines(painter, fine, np.array(self.line_x), scale_y, bottom)
        high = [number.x for number in self.numbers if number.line and number.text != _PER_MINUTE]
        draw_lines(painter, fine, np.array(high), scale_y - self.lettering.word_height, scale_y)
        edge = QPen(colours.mark, _EDGE * line)
        edges = (self.start_x, self.end_x) if self._closed else (self.start_x,)
        draw_lines(painter, edge, np.array(edges), scale_y, bottom)
        painter.setPen(edge)
        painter.drawLine(QPointF(self.start_x, scale_y), QPointF(self.end_x, scale_y))
        for number in self.numbers:
            self.lettering.draw_word(painter, self._number_box(number), number.text, colours)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.mark)
        for peak in (self.start_x if on_peak else None, self.next_x):
            if peak is not None:
                painter.drawPolygon(self.lettering.diamond(QPointF(peak, scale_y)))
        if self.label is not None:
            self.lettering.draw_plate(painter, self.label, self.text, colours)
        painter.restore()

    @property
    def _closed(self) -> bool:
        return self.ends and self.rule is Rule.SIX_SECONDS

    def _number_box(self, number: _Number) -> QRectF:
        width, height = self.lettering.word_width(number.text), self.lettering.word_height
        top = self.scale_y - (number.line + 1) * height - self.lettering.unit / 2
        return QRectF(number.x - width / 2, top, width, height)


def lay_out_ruler(
    rule: Rule,
    start_s: float,
    stretch: Stretch,
    stretches: Sequence[Stretch],
    texts: Sequence[str],
    *,
    next_s: float | None = None,
) -> RulerLayout:
    """Return where a ruler lies that begins at a time which the stretch shows.

    Parameters
    ----------
    texts
        What it says, from the longest wording to the shortest.
    next_s
        Time of the next R peak, if that may be told.
    """
    offsets, names = _scale(rule, stretch)
    seen = stretch.shows(start_s + offsets - ROUNDING_S)
    x = stretch.x(start_s + offsets[seen])
    everything, lettering = picture(stretches), Lettering.of(stretches)
    label_y, head_y = label_and_head(stretch, everything, lettering)
    lines = 1 if stretch.bottom - stretch.top < _LOW_ROW * lettering.unit else _MOST_LINES
    numbers = _numbers(x, names, lettering, (lines, stretch.right))
    if rule is Rule.THREE_HUNDRED:
        numbers += _units(numbers, lettering, stretch.x(start_s), (stretch.left, stretch.right))
    used = max((number.line for number in numbers), default=-1) + 1
    scale_y = min(head_y + used * lettering.word_height + lettering.unit, stretch.bottom)
    start_x = stretch.x(start_s)
    end_x = float(x[-1]) if x.size and seen.all() else stretch.right if names else start_x
    shows_next = next_s is not None and stretch.x(next_s) <= end_x
    label, text = _label(texts, lettering, (start_x, label_y), (stretch, everything))
    return RulerLayout(
        stretch=stretch,
        rule=rule,
        scale_y=scale_y,
        start_x=start_x,
        end_x=end_x,
        line_x=tuple(x.tolist()),
        numbers=numbers,
        ends=bool(seen.all()),
        next_x=stretch.x(next_s) if shows_next and next_s is not None else None,
        label=label,
        text=text,
        lettering=lettering,
    )


def _scale(rule: Rule, stretch: Stretch) -> tuple[NDArray[np.float64], list[str]]:
    """Return the ruler's lines in seconds from its beginning, and what stands above them."""
    if rule is Rule.SIX_SECONDS:
        return np.array([_HALF_S, SIX_SECONDS]), [f"{_HALF_S:.0f} s", f"{SIX_SECONDS:.0f} s"]
    speed = speed_of(stretch)
    if speed is None:
        return np.empty(0), []
    offsets, rates = rule_lines(speed)
    return offsets, [f"{rate:.0f}" for rate in rates]


def _numbers(
    x: NDArray[np.float64],
    names: Sequence[str],
    lettering: Lettering,
    room: tuple[int, float],
) -> tuple[_Number, ...]:
    """Return the numbers that have room beside each other, in as few lines as possible."""
    lines, right = room
    found: list[_Number] = []
    free_from = [-np.inf] * lines
    for place, name in zip(x.tolist(), names, strict=False):
        half = lettering.word_width(name) / 2
        line = next((n for n in range(lines) if place - half >= free_from[n]), None)
        if line is not None and place + half <= right:
            found.append(_Number(name, place, line))
            free_from[line] = place + half + _BETWEEN * lettering.unit
    return tuple(found)


def _units(
    numbers: Sequence[_Number], lettering: Lettering, start_x: float, bounds: tuple[float, float]
) -> tuple[_Number, ...]:
    """Return the unit behind the last number of each line, or where none has room, in front."""
    width = lettering.word_width(_PER_MINUTE)
    left, right = bounds
    ends = {number.line: number.x + lettering.word_width(number.text) / 2 for number in numbers}
    units = tuple(
        _Number(_PER_MINUTE, end + width / 2, line)
        for line, end in ends.items()
        if end + width <= right
    )
    if units or not numbers:
        return units
    first = min(start_x, numbers[0].x - lettering.word_width(numbers[0].text) / 2)
    place = first - _BETWEEN * lettering.unit - width / 2
    return (_Number(_PER_MINUTE, place, 0),) if place - width / 2 >= left else ()


def _label(
    texts: Sequence[str],
    lettering: Lettering,
    place: tuple[float, float | None],
    around: tuple[Stretch, QRectF],
) -> tuple[QRectF | None, str]:
    """Return the plate, which begins with the ruler as far as the picture's edge allows."""
    start_x, top = place
    stretch, everything = around
    text = next((text for text in texts if lettering.plate_width(text) <= everything.width()), None)
    if text is None or top is None:
        return None, ""
    width = lettering.plate_width(text)
    left = beside_name(start_x, width, (stretch, everything, top), lettering)
    return QRectF(left, top, width, lettering.plate_height), text

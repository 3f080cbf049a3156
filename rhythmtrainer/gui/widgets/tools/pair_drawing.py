"""Drawing a pair of calipers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from rhythmtrainer.ecg.calipers import Landmarks, Pair
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.lines import draw_lines, faded
from rhythmtrainer.gui.widgets.tools.march import (
    ELSEWHERE,
    draw_copies,
    draw_numbers,
)
from rhythmtrainer.gui.widgets.tools.pair_layout import Leg, PairLayout, Part
from rhythmtrainer.gui.widgets.tools.plates import Lettering

# In thin lines.
_LEG: Final = 1.5
_CHOSEN: Final = 2.5
# In units.
_JOINT: Final = 0.6
_FOOT: Final = 1.0
_OVERHANG: Final = 2.0
_WORD_GAP: Final = 1.5
_NAME: Final = 10.0


@dataclass(frozen=True, slots=True)
class PairDrawing:
    """A pair of calipers as it is to be drawn.

    Attributes
    ----------
    landmarks
        What the legs may be holding on to.
    chosen
        The part that keys move, if it is to be told; None otherwise.
    marching
        Whether the interval is repeated over everything that is shown.
    """

    pair: Pair
    layout: PairLayout
    landmarks: Landmarks
    chosen: Part | None
    marching: bool

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Draw lines first, then what is read on them."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stretch in stretches:
            self._draw_thin(painter, stretch, colours)
        self._draw_bar(painter, colours)
        for leg in self.layout.legs:
            self._draw_leg(painter, leg, colours)
        words = list(self._draw_words(painter, colours))
        if self.marching:
            level = (self.layout.bar_y, words, self._lettering)
            draw_numbers(painter, self.pair, self.layout.row, colours, level)
        if self.layout.label is not None:
            self._lettering.draw_plate(painter, self.layout.label, self.layout.text, colours)
        painter.restore()

    def _draw_thin(self, painter: QPainter, stretch: Stretch, colours: StripColours) -> None:
        """Draw the legs on other leads, and the copies on all."""
        at_home = stretch in self.layout.row
        pen = QPen(colours.mark, self._lettering.line)
        if not at_home:
            legs = np.array([self.pair.left_s, self.pair.right_s])
            faint = QPen(faded(colours.mark, ELSEWHERE), pen.widthF())
            shown = stretch.x(legs[stretch.shows(legs)])
            draw_lines(painter, faint, shown, stretch.top, stretch.bottom)
        if self.marching:
            below_numbers = self.layout.bar_y + self._lettering.word_height / 2
            draw_copies(painter, self.pair, stretch, pen, below_numbers if at_home else None)

    def _draw_bar(self, painter: QPainter, colours: StripColours) -> None:
        painter.setPen(QPen(colours.mark, self._width(Part.BOTH)))
        for first, last in self.layout.bars:
            painter.drawLine(QPointF(first, self.layout.bar_y), QPointF(last, self.layout.bar_y))

    def _draw_leg(self, painter: QPainter, leg: Leg, colours: StripColours) -> None:
        joint, unit = QPointF(leg.x, self.layout.bar_y), self._lettering.unit
        painter.setPen(QPen(colours.mark, self._width(leg.part)))
        painter.drawLine(joint, QPointF(leg.x, leg.stretch.bottom))
        if self.pair.feet_mv is not None:
            self._draw_level(painter, leg, colours)
        painter.setPen(QPen(colours.mark, _LEG * self._lettering.line))
        painter.setBrush(colours.background if self.pair.feet_mv is None else colours.mark)
        painter.drawEllipse(QPointF(leg.x, leg.foot_y), _FOOT * unit, _FOOT * unit)
        painter.setBrush(colours.mark)
        if self._word(leg):
            painter.drawPolygon(self._lettering.diamond(joint))
        else:
            painter.drawEllipse(joint, _JOINT * unit, _JOINT * unit)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_level(self, painter: QPainter, leg: Leg, colours: StripColours) -> None:
        """Draw the height at which a foot stands, from leg to leg and a little more."""
        overhang = _OVERHANG * self._lettering.unit
        edges = [x for bar in self.layout.bars for x in bar]
        first = max(min(edges) - overhang, min(each.left for each in self.layout.row))
        last = min(max(edges) + overhang, max(each.right for each in self.layout.row))
        painter.setPen(QPen(colours.mark, _LEG * self._lettering.line, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(first, leg.foot_y), QPointF(last, leg.foot_y))

    def _draw_words(self, painter: QPainter, colours: StripColours) -> Iterator[QRectF]:
        """Name what the legs hold on to; yield where that is printed."""
        for leg in self.layout.legs:
            word = self._word(leg)
            box = self._word_box(leg, self._lettering.word_width(word)) if word else None
            if box is not None:
                self._lettering.draw_word(painter, box, word, colours)
                yield box

    def _word_box(self, leg: Leg, width: float) -> QRectF | None:
        """Return room for a word outside the pair, else inside; None where there is neither.

        Where the lead's name may be printed, inside is better if there is room.
        """
        mine, other = leg.part.leg, 1 - leg.part.leg
        is_left = (self.pair.legs_s[mine], mine) < (self.pair.legs_s[other], other)
        gap, height = _WORD_GAP * self._lettering.unit, self._lettering.word_height
        before, behind = leg.x - gap - width, leg.x + gap
        outside, inside = (before, behind) if is_left else (behind, before)
        top = self.layout.bar_y - height / 2
        has_room_inside = self.pair.interval_s * leg.stretch.px_per_s >= 2 * (width + 2 * gap)
        on_name = outside < leg.stretch.left + _NAME * self._lettering.unit
        if has_room_inside and (on_name or outside > leg.stretch.right - width):
            return QRectF(inside, top, width, height)
        if leg.stretch.left <= outside <= leg.stretch.right - width:
            return QRectF(outside, top, width, height)
        return None

    def _word(self, leg: Leg) -> str:
        return self.landmarks.at(self.pair.legs_s[leg.part.leg]) or ""

    def _width(self, part: Part) -> float:
        return (_CHOSEN if part is self.chosen else _LEG) * self._lettering.line

    @property
    def _lettering(self) -> Lettering:
        return self.layout.lettering

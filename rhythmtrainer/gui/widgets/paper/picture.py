"""The part of a sheet that scrolls, kept as a picture so that scrolling draws only what is new."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.outline import Canvas
from rhythmtrainer.gui.widgets.paper.sheet import Sheet


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the picture shows."""

    sheet: Sheet
    scale: Frame
    borders: tuple[int, ...]
    offset: int

    @classmethod
    def of(cls, sheet: Sheet, frame: Frame) -> "_Drawn":
        borders = tuple(round(border) for border in sheet.borders(frame))
        offset = round((frame.from_s - sheet.start_s) * frame.px_per_s)
        return cls(sheet, replace(frame, from_s=0.0), borders, offset)

    def same_but_moved(self, other: "_Drawn") -> bool:
        """Return whether nothing differs but where it is scrolled to."""
        mine, its = (self.scale, self.borders), (other.scale, other.borders)
        return self.sheet is other.sheet and mine == its


class Picture:
    """Grid and traces of a frame, in the pixels of the screen.

    Columns are kept in a ring: column ``n`` of the endless sheet lies at ``n`` modulo the width.
    So nothing is moved when it scrolls, and what stays on the screen is not drawn again.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._drawn: _Drawn | None = None
        self._zero = 0

    def forget(self) -> None:
        """Draw everything anew the next time."""
        self._drawn = None

    def is_of(self, sheet: Sheet, frame: Frame) -> bool:
        """Return whether it shows this, but perhaps scrolled to another place."""
        return self._drawn is not None and self._drawn.same_but_moved(_Drawn.of(sheet, frame))

    def show(self, sheet: Sheet, frame: Frame) -> None:
        """Bring the picture up to date.

        Parameters
        ----------
        frame
            In the screen's pixels, its beginning a whole number of them from the sheet's start.
        """
        width, height = int(frame.width), int(frame.height)
        if width < 1 or height < 1:
            self._drawn = None
            return
        drawn, wanted = self._drawn, _Drawn.of(sheet, frame)
        self._drawn = wanted
        if drawn is None or not drawn.same_but_moved(wanted):
            if (self._image.width(), self._image.height()) != (width, height):
                self._image = QImage(width, height, QImage.Format.Format_RGB32)
            self._zero = wanted.offset
            self._draw(sheet, frame, 0, width)
            return
        for first, last in _renewed(wanted, wanted.offset - drawn.offset):
            self._draw(sheet, frame, first, last)

    def paint(self, painter: QPainter) -> None:
        """Draw the picture at the painter's origin; its pixels have to be those of the screen."""
        if self._drawn is None:
            return
        width, height = self._image.width(), self._image.height()
        begin = (self._drawn.offset - self._zero) % width
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for x, first, last in ((0, begin, width), (width - begin, 0, begin)):
            if first < last:
                painter.drawImage(x, 0, self._image, first, 0, last - first, height)
        painter.restore()

    def _draw(self, sheet: Sheet, frame: Frame, first: int, last: int) -> None:
        """Draw columns of the frame where they lie in the ring."""
        width = self._image.width()
        offset = round((frame.from_s - sheet.start_s) * frame.px_per_s) - self._zero
        turn = -(-(first + offset) // width) * width - offset
        for begin, end in pairwise((first, *([turn] if first < turn < last else []), last)):
            if begin < end:
                self._draw_unbroken(sheet, frame, (begin, end), (begin + offset) % width)

    def _draw_unbroken(
        self, sheet: Sheet, frame: Frame, columns: tuple[int, int], place: int
    ) -> None:
        first, last = columns
        height, width = self._image.height(), self._image.width()
        pixels = np.frombuffer(self._image.bits(), dtype=np.uint32).reshape(height, width)
        sheet.grid(frame).fill(pixels[:, place : place + last - first], first)
        painter = QPainter(self._image)
        painter.setClipRect(QRectF(place, 0, last - first, height))
        painter.translate(place - first, 0)
        sheet.paint_traces(painter, frame, (first, last), Canvas(pixels, place - first))
        painter.end()


def _renewed(drawn: _Drawn, moved: int) -> list[tuple[int, int]]:
    """Return the columns that show something else after the sheet has moved to the left.

    At the edges that is what came into sight. Where a row changes from one lead to the next, and
    beside the margin, it is what has come over from the other side.
    """
    if not moved:
        return []
    width = int(drawn.scale.width)
    before, behind = (moved, 0) if moved > 0 else (0, -moved)
    places = [*drawn.borders, width] if moved > 0 else [0, *drawn.borders]
    spans = ((place - before, place + behind) for place in places)
    return _merged([(max(first, 0), min(last, width)) for first, last in spans])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(span for span in spans if span[0] < span[1]):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged

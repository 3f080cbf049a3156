"""The part of a sheet that scrolls, kept as a picture so that scrolling draws only what is new."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.sheet import Sheet

# Pixels of memory before the picture and behind it: after so many of scrolling it is drawn anew.
_ROOM: Final = 1 << 18


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

    Scrolled to the left, the picture begins as many pixels later in memory: what left a row at its
    beginning is the end of the row before, where the new columns belong. So nothing is moved, and
    what stays on the screen is not drawn again.
    """

    def __init__(self) -> None:
        self._memory = np.empty(0, dtype=np.uint32)
        self._begin = 0
        self._drawn: _Drawn | None = None

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
        if drawn is not None and drawn.same_but_moved(wanted):
            moved = wanted.offset - drawn.offset
            self._begin += moved
            if 0 <= self._begin <= 2 * _ROOM:
                for first, last in _renewed(wanted, moved):
                    self._draw(sheet, frame, first, last)
                return
        if self._memory.size != width * height + 2 * _ROOM:
            self._memory = np.empty(width * height + 2 * _ROOM, dtype=np.uint32)
        self._begin = _ROOM
        self._draw(sheet, frame, 0, width)

    def paint(self, painter: QPainter) -> None:
        """Draw the picture at the painter's origin; its pixels have to be those of the screen."""
        if self._drawn is None:
            return
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, _image(self._pixels(self._drawn.scale)))
        painter.restore()

    def _draw(self, sheet: Sheet, frame: Frame, first: int, last: int) -> None:
        """Draw columns of the frame."""
        pixels = self._pixels(frame)
        sheet.grid(frame).fill(pixels[:, first:last], first)
        image = _image(pixels)
        painter = QPainter(image)
        painter.setClipRect(QRectF(first, 0, last - first, len(pixels)))
        sheet.paint_traces(painter, frame, (first, last))
        painter.end()

    def _pixels(self, frame: Frame) -> NDArray[np.uint32]:
        width, height = int(frame.width), int(frame.height)
        return self._memory[self._begin :][: width * height].reshape(height, width)


def _image(pixels: NDArray[np.uint32]) -> QImage:
    """Return a picture in the memory of an array, which has to outlive it."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)


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

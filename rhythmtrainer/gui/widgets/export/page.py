"""Strips in rows on a page, with what has to be said above and below them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QLocale, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, PAGE_S, PaperLayout
from rhythmtrainer.gui.theme import tabular_font
from rhythmtrainer.gui.widgets.export.files import PX_PER_MM, Page, Words
from rhythmtrainer.gui.widgets.overlay import Overlay
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.sheet import Sheet
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import UserError

MOST_ROWS: Final = 30

_ROW_MM: Final = 250.0
"""Paper on each row: ten seconds at the standard speed."""

# Narrower pages have no room for what is said on them.
_NARROWEST_MM: Final = 110.0
# A rest that would be less than half a small box wide does not begin another row.
_REST_MM: Final = 0.5
# As wide as the paper of machines with one channel.
_SINGLE_MM: Final = 50.0
_FEW_MM: Final = 30.0
_MANY_MM: Final = 25.0
_FEW: Final = 4
_GAP_MM: Final = 6.0
_EDGE_MM: Final = 5.0
_BORDER_MM: Final = 0.2

_A4_MM: Final = (297.0, 210.0)
_LETTER_MM: Final = (279.4, 215.9)
# Printers leave this much of a page white.
_UNPRINTED_MM: Final = 8.0

_HEAD_PX: Final = 14
_FOOT_PX: Final = 12
_LEADING: Final = 1.3
_SPACE_MM: Final = 2.0
# Letters may be wider on another computer.
_SLACK: Final = 0.95
_DARK: Final = 128


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text."""

    text: str
    font: QFont

    @property
    def height(self) -> float:
        """What it takes of the page, in pixels."""
        return self.font.pixelSize() * _LEADING


class PageMaker:
    """Lays strips out in rows of ten seconds, and rows on pages.

    Parameters
    ----------
    caption
        The first line; may be empty.

    Raises
    ------
    UserError
        If there are too many rows for a picture.
    """

    def __init__(
        self, sheet: Sheet, words: Words, caption: str, overlays: Sequence[Overlay]
    ) -> None:
        self._sheet = sheet
        self._words = words
        self._caption = caption
        self._overlays = tuple(overlays)
        self._seconds = _seconds_a_row(sheet)
        rest_s = _REST_MM / sheet.style.speed_mm_s
        self._rows = max(1, math.ceil((sheet.duration_s - rest_s) / self._seconds))
        if self._rows > MOST_ROWS:
            raise UserError(
                f"A picture holds at most {MOST_ROWS * self._seconds / 60:g} minutes: "
                "choose a shorter stretch."
            )
        self._size_mm = self._row_size_mm()

    def whole(self) -> Page:
        """Return one page that holds everything."""
        width, height = self._size_mm.width(), self._needed_mm(self._rows)
        return self._page((width + 2 * _EDGE_MM, height + 2 * _EDGE_MM), range(self._rows))

    def printed(self) -> list[Page]:
        """Return pages of the paper that printers have here, or one page if a row needs more."""
        width, height = (side - 2 * _UNPRINTED_MM for side in _printers_paper_mm())
        rows = self._rows
        while rows and self._needed_mm(rows) > height:
            rows -= 1
        if not rows or self._size_mm.width() > width:
            return [self.whole()]
        starts = range(0, self._rows, rows)
        return [
            self._page(
                _printers_paper_mm(),
                range(first, min(first + rows, self._rows)),
                f"page {place} of {len(starts)}" if len(starts) > 1 else "",
            )
            for place, first in enumerate(starts, start=1)
        ]

    def _row_size_mm(self) -> QSizeF:
        sheet = self._sheet
        seconds = self._seconds
        if self._rows == 1:
            speed = sheet.style.speed_mm_s
            boxes = math.ceil((sheet.duration_s * speed - _REST_MM) / LARGE_BOX_MM)
            seconds = max(boxes * LARGE_BOX_MM, _NARROWEST_MM) / speed
        return sheet.size_mm(_row_mm(sheet.rows), seconds)

    def _needed_mm(self, rows: int) -> float:
        lines = (*self._head(), *self._foot())
        text = sum(line.height for line in lines) / PX_PER_MM + 2 * _SPACE_MM
        return text + rows * self._size_mm.height() + (rows - 1) * _GAP_MM

    def _page(self, size_mm: tuple[float, float], rows: range, number: str = "") -> Page:
        left = (size_mm[0] - self._size_mm.width()) / 2 * PX_PER_MM
        spare = size_mm[1] - self._needed_mm(len(rows))
        top = min(spare / 2, _UNPRINTED_MM) * PX_PER_MM

        def draw(painter: QPainter) -> None:
            painter.save()
            self._draw_ground(painter, size_mm)
            self._draw(painter, QPointF(left, top), rows, number)
            painter.restore()

        return Page(*size_mm, draw)

    def _draw_ground(self, painter: QPainter, size_mm: tuple[float, float]) -> None:
        paper = self._sheet.colours.background
        ground = paper if paper.lightness() < _DARK else QColor("white")
        width, height = (math.ceil(side * PX_PER_MM) for side in size_mm)
        painter.fillRect(0, 0, width, height, ground)

    def _draw(self, painter: QPainter, corner: QPointF, rows: range, number: str) -> None:
        colours = self._sheet.colours
        painter.setPen(colours.text)
        y = _draw_lines(painter, corner, self._head(number)) + _SPACE_MM * PX_PER_MM
        stretches: list[Stretch] = []
        for row in rows:
            stretches += self._draw_row(painter, QPointF(corner.x(), y), row)
            y += (self._size_mm.height() + _GAP_MM) * PX_PER_MM
        for overlay in self._overlays:
            overlay.draw(painter, stretches, colours)
        y += (_SPACE_MM - _GAP_MM) * PX_PER_MM
        painter.setPen(colours.text)
        _draw_lines(painter, QPointF(corner.x(), y), self._foot())

    def _draw_row(self, painter: QPainter, corner: QPointF, row: int) -> list[Stretch]:
        frame = self._frame(row)
        ratio = painter.device().devicePixelRatio()
        painter.save()
        if isinstance(painter.device(), QImage):
            # On whole pixels of the picture, so that all lines are alike.
            place = QPointF(round(corner.x() * ratio), round(corner.y() * ratio))
            painter.scale(1 / ratio, 1 / ratio)
            painter.translate(place)
            self._paint(painter, frame.scaled(ratio))
            corner = place / ratio
        else:
            painter.translate(corner)
            self._paint(painter, frame)
        painter.restore()
        return [_moved(stretch, corner) for stretch in self._sheet.stretches(frame)]

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        self._sheet.paint(painter, frame)
        line = _BORDER_MM * frame.px_per_mm
        painter.setPen(QPen(self._sheet.colours.large_line, line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = QRectF(0, 0, frame.width, frame.height)
        painter.drawRect(inside.adjusted(line / 2, line / 2, -line / 2, -line / 2))

    def _frame(self, row: int) -> Frame:
        from_s = self._sheet.start_s + row * self._seconds
        return self._sheet.frame(self._size_mm * PX_PER_MM, PX_PER_MM, from_s)

    def _head(self, number: str = "") -> list[Line]:
        font = _font(_HEAD_PX)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        scale = self._sheet.printed_scale(self._frame(0))
        shown = "   ".join(filter(None, (self._words.shown, scale, number)))
        if self._sheet.simulated:
            return [*self._lines(self._caption, bold), *self._lines(f"SIMULATED   {shown}", bold)]
        return [*self._lines(self._caption, bold), *self._lines(shown, font)]

    def _foot(self) -> list[Line]:
        font = _font(_FOOT_PX)
        words = self._words
        said = (words.notice, f"{words.source}. {words.licence_sentence}", words.citation)
        return [line for text in said for line in self._lines(text, font)]

    def _lines(self, text: str, font: QFont) -> list[Line]:
        room = self._size_mm.width() * PX_PER_MM * _SLACK
        return [Line(line, font) for line in wrapped(text, font, room)]


def _seconds_a_row(sheet: Sheet) -> float:
    if sheet.layout is PaperLayout.TWELVE:
        return PAGE_S
    return _ROW_MM / sheet.style.speed_mm_s


def _row_mm(leads: int) -> float:
    if leads == 1:
        return _SINGLE_MM
    return _FEW_MM if leads <= _FEW else _MANY_MM


def _printers_paper_mm() -> tuple[float, float]:
    metric = QLocale().measurementSystem() is not QLocale.MeasurementSystem.ImperialUSSystem
    return _A4_MM if metric else _LETTER_MM


def _font(px: int) -> QFont:
    font = QFont(tabular_font())
    font.setPixelSize(px)
    return font


def _draw_lines(painter: QPainter, corner: QPointF, lines: Sequence[Line]) -> float:
    """Draw lines one below another; return where the last one ends."""
    y = corner.y()
    for line in lines:
        painter.setFont(line.font)
        painter.drawText(QPointF(corner.x(), y + line.font.pixelSize()), line.text)
        y += line.height
    return y


def _moved(stretch: Stretch, by: QPointF) -> Stretch:
    return replace(
        stretch,
        left=stretch.left + by.x(),
        top=stretch.top + by.y(),
        bottom=stretch.bottom + by.y(),
        baseline=stretch.baseline + by.y(),
    )


def wrapped(text: str, font: QFont, width: float) -> list[str]:
    """Return a text in lines no wider than `width` pixels; a longer word is broken."""
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    # Two spaces and more keep what they divide apart, as on printed paper.
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines += _broken(word, metrics, width)
    return [line for line in lines if line.strip()]


def _broken(word: str, metrics: QFontMetricsF, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and metrics.horizontalAdvance(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces

"""How large a sheet is drawn on a screen: fitting its width, zoomed, or in its actual size."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QSizeF

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, MARGIN_MM
from rhythmtrainer.gui.widgets.paper.frame import Frame, margin_px
from rhythmtrainer.gui.widgets.paper.sheet import Sheet

# Smaller than this, complexes at the standard gain are too low to be read: time alone is then
# pressed together.
_LEAST_PX_PER_MM: Final = 1.2
_MOST_PRESSED_PX_PER_MM: Final = 6.0
_PRESSED_ROW_MM: Final = 40.0
# How fast heights grow again while time is pressed further together.
_PRESSED_GROWTH: Final = 0.75
# A row lower than this cannot hold a complex: paper is then drawn smaller than the width allows.
_LEAST_ROW_MM: Final = 6.0
# Whole pixels for each millimetre make all boxes alike. This part of the width may be lost to it.
_EVEN_LOSS: Final = 0.06
_SHORTEST_FIT_S: Final = 3.0
# Paper without a strip looks as it does with a usual one.
_EMPTY_S: Final = 10.0
_CLOSEST_S: Final = 1.0
_TEXT_PX: Final = (12.0, 24.0)
# Text grows with the window, not with the zoom.
_TEXT_OF_WIDTH: Final = 1 / 110
_TRACE_PX: Final = (1.4, 2.8)
_TRACE_MM: Final = 0.22


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a sheet is drawn.

    Attributes
    ----------
    size
        In logical pixels.
    ratio
        Pixels of the device for each logical one.
    """

    size: QSizeF
    ratio: float

    def fitting(self, sheet: Sheet) -> Frame:
        """Return the frame in which what is usually seen at once fits the width."""
        seconds = max(sheet.usual_s, _SHORTEST_FIT_S) if sheet.channels else _EMPTY_S
        speed = sheet.style.speed_mm_s
        width, height = max(self.size.width(), 1.0), max(self.size.height(), 1.0)
        px_per_mm = min(
            width / (MARGIN_MM + seconds * speed), height / (sheet.rows * _LEAST_ROW_MM)
        )
        if px_per_mm >= _LEAST_PX_PER_MM:
            return self._square(sheet, self._even(px_per_mm))
        pressed = self._pressed_px_per_mm(sheet, px_per_mm)
        room = width - margin_px(width, pressed)
        return self._frame(sheet, pressed, max(room, 1.0) / seconds)

    def zoomed(self, sheet: Sheet, px_per_s: float) -> Frame:
        """Return the frame in which a second takes about so many pixels.

        With square boxes it is the next number that makes them even.
        """
        px_per_mm = px_per_s / sheet.style.speed_mm_s
        if px_per_mm >= _LEAST_PX_PER_MM:
            return self._square(sheet, self._even_box(px_per_mm))
        return self._frame(sheet, self._pressed_px_per_mm(sheet, px_per_mm), px_per_s)

    def actual(self, sheet: Sheet, px_per_mm: float) -> Frame:
        """Return the frame in which a millimetre is one on the screen."""
        return self._square(sheet, px_per_mm)

    def closest_px_per_s(self) -> float:
        """Return the pixels of a second at the nearest zoom."""
        return max(self.size.width(), 1.0) / _CLOSEST_S

    def _square(self, sheet: Sheet, px_per_mm: float) -> Frame:
        return self._frame(sheet, px_per_mm, px_per_mm * sheet.style.speed_mm_s)

    def _frame(self, sheet: Sheet, px_per_mm: float, px_per_s: float) -> Frame:
        frame = Frame.of(
            self.size.width(),
            self.size.height(),
            px_per_mm,
            sheet.start_s,
            speed_mm_s=sheet.style.speed_mm_s,
        )
        return replace(
            frame,
            px_per_s=px_per_s,
            text_px=_within(_TEXT_OF_WIDTH * self.size.width(), _TEXT_PX),
            trace_px=_within(_TRACE_MM * px_per_mm, _TRACE_PX),
        )

    def _even(self, px_per_mm: float) -> float:
        """Round down to a scale at which all small boxes are alike, or all large ones."""
        device = px_per_mm * self.ratio
        if device // 1 >= device * (1 - _EVEN_LOSS):
            return device // 1 / self.ratio
        return max(device * LARGE_BOX_MM // 1, 1.0) / LARGE_BOX_MM / self.ratio

    def _even_box(self, px_per_mm: float) -> float:
        device = px_per_mm * self.ratio
        return max(round(device * LARGE_BOX_MM), 1) / LARGE_BOX_MM / self.ratio

    def _pressed_px_per_mm(self, sheet: Sheet, across_px_per_mm: float) -> float:
        """Return the scale of heights, which stay readable while time is pressed together."""
        row_px = self.size.height() / sheet.rows
        most = _within(row_px / _PRESSED_ROW_MM, (_LEAST_PX_PER_MM, _MOST_PRESSED_PX_PER_MM))
        growth = float((_LEAST_PX_PER_MM / across_px_per_mm) ** _PRESSED_GROWTH)
        return min(_LEAST_PX_PER_MM * growth, most)


def _within(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])

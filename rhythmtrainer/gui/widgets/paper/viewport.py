"""Which part of a sheet is seen, and how large, as hands have it."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSizeF

from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.scale import Screen
from rhythmtrainer.gui.widgets.paper.sheet import Sheet

# What fits to a thousandth fits.
_SAME: Final = 1.001


class Viewport:
    """Keeps zoom and place within what there is.

    Attributes
    ----------
    sheet, screen
        What is seen, and on what.
    screen_px_per_mm
        Logical pixels for each millimetre of the screen; None if nobody knows.
    wants_actual_size
        Whether paper is to have its own size, where the screen's is known.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.screen = Screen(QSizeF(), 1.0)
        self.screen_px_per_mm: float | None = None
        self.wants_actual_size = False
        self._px_per_s: float | None = None
        self._from_s = 0.0

    @property
    def frame(self) -> Frame:
        """What is drawn, in logical pixels."""
        if self._px_per_s is None:
            frame = self._default_frame()
        else:
            frame = self.screen.zoomed(self.sheet, self._px_per_s)
        # Scrolled by whole pixels of the device, nothing is blurred or drawn twice.
        per_s = frame.px_per_s * self.screen.ratio
        latest = max(self.sheet.end_s - frame.shown_s, self.sheet.start_s)
        begin = min(max(self._from_s, self.sheet.start_s), latest)
        pixels = round((begin - self.sheet.start_s) * per_s)
        return replace(frame, from_s=self.sheet.start_s + pixels / per_s)

    @property
    def shows_all(self) -> bool:
        """Whether nothing lies beyond what is seen."""
        return self.frame.shown_s * _SAME >= self.sheet.duration_s

    @property
    def is_actual_size(self) -> bool:
        """Whether a millimetre of paper is one on the screen."""
        known = self.screen_px_per_mm is not None
        return known and self.wants_actual_size and self._px_per_s is None

    @property
    def share_of_actual_size(self) -> float | None:
        """How large paper is, 1 for its own size; None if nobody knows, or time is pressed."""
        frame = self.frame
        if self.screen_px_per_mm is None or self.sheet.is_pressed(frame):
            return None
        return frame.px_per_mm / self.screen_px_per_mm

    def fit(self) -> None:
        """Show all in the width; a page of twelve leads, or paper in its own size, as it is."""
        self._px_per_s = None
        self.show_from(self._from_s)

    def show_from(self, seconds: float) -> None:
        """Begin at a time, in seconds from the recording's first sample, as far as can be."""
        self._from_s = seconds
        # Kept within what there is, or the way back would begin beyond the end.
        self._from_s = self.frame.from_s

    def zoom(self, factor: float, about_x: float | None) -> None:
        """Draw larger or smaller; what lies at `about_x`, or in the middle, stays there."""
        before = self.frame
        x = (before.margin + before.width) / 2 if about_x is None else about_x
        time = before.seconds(x)
        least = self._least_px_per_s()
        most = max(self.screen.closest_px_per_s(), least)
        wanted = (self._px_per_s or before.px_per_s) * factor
        self._px_per_s = min(max(wanted, least), most)
        default = self._default_frame()
        fits_all = default.shown_s * _SAME >= self.sheet.duration_s
        if fits_all and self._px_per_s <= default.px_per_s * _SAME:
            self._px_per_s = None
        after = self.frame
        self.show_from(time - (x - after.margin) / after.px_per_s)

    def _default_frame(self) -> Frame:
        if self.wants_actual_size and self.screen_px_per_mm is not None:
            return self.screen.actual(self.sheet, self.screen_px_per_mm)
        return self.screen.fitting(self.sheet)

    def _least_px_per_s(self) -> float:
        """Return the pixels of a second at which all of the recording is seen."""
        fitting = self.screen.fitting(self.sheet)
        room = max(fitting.width - fitting.margin, 1.0)
        return min(fitting.px_per_s, room / max(self.sheet.duration_s, 1.0))

"""Which part of a recording is drawn, and how large."""

import math
from dataclasses import dataclass, replace

from rhythmtrainer.ecg.paper import MARGIN_MM

# The calibration mark's room is given up when it would take more of the width than this.
_WIDEST_MARGIN = 0.2
_ROUNDING = 1e-6
_TEXT_MM = 2.8
_TRACE_MM = 0.22


@dataclass(frozen=True, slots=True)
class Frame:
    """Size, scale and beginning of what is drawn. Pixels are those of the painter.

    Attributes
    ----------
    width, height
        Of the picture, in pixels.
    px_per_mm
        Pixels for each millimetre of paper.
    px_per_s
        Pixels for each second; less than speed times `px_per_mm` where a long stretch is pressed
        into the width.
    margin
        Pixels left of the first sample, for the calibration mark.
    from_s
        What lies at the end of the margin, in seconds from the recording's first sample.
    text_px, trace_px
        Height of what is printed, and width of the trace, in pixels.
    crisp
        Whether a pixel is one of the device's, so that lines are laid on whole ones.
    """

    width: float
    height: float
    px_per_mm: float
    px_per_s: float
    margin: float
    from_s: float
    text_px: float
    trace_px: float
    crisp: bool = False

    @classmethod
    def of(
        cls,
        width: float,
        height: float,
        px_per_mm: float,
        from_s: float,
        *,
        speed_mm_s: float,
        crisp: bool = False,
    ) -> "Frame":
        """Return a frame with square boxes, text and trace as wide as on real paper."""
        margin = margin_px(width, px_per_mm)
        return cls(
            width=width,
            height=height,
            px_per_mm=px_per_mm,
            px_per_s=px_per_mm * speed_mm_s,
            margin=round(margin) if crisp else margin,
            from_s=from_s,
            text_px=_TEXT_MM * px_per_mm,
            trace_px=_TRACE_MM * px_per_mm,
            crisp=crisp,
        )

    @property
    def shown_s(self) -> float:
        """How many seconds have room."""
        return max(self.width - self.margin, 0.0) / self.px_per_s

    def x(self, seconds: float) -> float:
        """Return where a time lies."""
        return self.margin + (seconds - self.from_s) * self.px_per_s

    def seconds(self, x: float) -> float:
        """Return the time that lies at `x`."""
        return self.from_s + (x - self.margin) / self.px_per_s

    def scaled(self, ratio: float) -> "Frame":
        """Return the same in the pixels of a screen that has `ratio` of them for each of these."""
        return replace(
            self,
            width=round(self.width * ratio),
            height=round(self.height * ratio),
            px_per_mm=self.px_per_mm * ratio,
            px_per_s=self.px_per_s * ratio,
            margin=round(self.margin * ratio),
            text_px=self.text_px * ratio,
            trace_px=self.trace_px * ratio,
            crisp=True,
        )


def margin_px(width: float, px_per_mm: float) -> float:
    """Return the pixels kept for the calibration mark; none where it would take too many."""
    margin = MARGIN_MM * px_per_mm
    return margin if margin <= _WIDEST_MARGIN * width else 0.0


def whole_px(place: float) -> float:
    """Return the whole pixel in which a place lies.

    A place that ought to be a whole number, but for rounding, is taken for it: else lines would
    tremble while the sheet scrolls.
    """
    return math.floor(place + _ROUNDING)

"""Where marks have room: above the trace, below it, and between the waves."""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import Strip

_COLUMN_PX: Final = 4.0
SMALLEST_TEXT_PX: Final = 12
_TEXT_MM: Final = 2.5
_MOST_ZOOMED_TEXT_PX: Final = 16
_TEXT_SHARE: Final = 1 / 140  # of the picture's width: what is large is looked at from afar
_BAR: Final = 0.17  # heights of text
_TICKS_MM: Final = 3.0  # at the upper edge stand the paper's ticks
_PRINT: Final = 2.0  # heights of text: at the lower edge stand speed and gain
_MOST_INSET: Final = 0.08  # of the height
_MOST_PRINT: Final = 0.2  # of the height: on a low strip too, marks leave the print alone
_ALMOST: Final = 0.6  # lines
_BELOW: Final = 0.8  # lines from the trace to the middle of the text under it
_ROOMY_LINES: Final = 9.0
_ROOMY_SECOND: Final = 3.3  # heights of text that a second is wide
_UNKNOWN_REACH: Final = 0.25  # of the height, where the trace is not known


def text_size(stretch: Stretch, picture_width: float) -> int:
    """Return the height of text in logical pixels that suits a stretch in a picture."""
    most = max(_MOST_ZOOMED_TEXT_PX, int(_TEXT_SHARE * picture_width))
    return min(max(SMALLEST_TEXT_PX, int(_TEXT_MM * stretch.px_per_mm)), most)


class Room:
    """One stretch of the strip and the room its trace leaves.

    Parameters
    ----------
    strip, row
        Whose row is drawn in the stretch; None if unknown.

    Attributes
    ----------
    stretch
        The map between time and voltage, and the picture.
    size
        Height of text in logical pixels.
    line
        Height of a line of text with its distance to the next.
    bar
        Height of a bar under a wave.
    upper
        Middle of the first line of marks, below the ticks at the upper edge.
    lowest
        Middle of the last line of marks, above what is printed at the lower edge.
    """

    def __init__(self, stretch: Stretch, size: int, strip: Strip | None, row: int) -> None:
        self.stretch = stretch
        self.size = size
        self.line = 1.3 * size
        self.bar = _BAR * size
        height = stretch.bottom - stretch.top
        ticks = min(_TICKS_MM * stretch.px_per_mm, _MOST_INSET * height)
        self.upper = stretch.top + ticks + self.line / 2
        self.lowest = stretch.bottom - min(_PRINT * size, _MOST_PRINT * height) - self.line / 2
        self._highs, self._lows = _profile(stretch, strip, row)

    @property
    def roomy(self) -> bool:
        """Whether more than the essentials can be marked."""
        height = self.stretch.bottom - self.stretch.top
        wide = self.stretch.px_per_s >= _ROOMY_SECOND * self.size
        return wide and height >= _ROOMY_LINES * self.line

    @property
    def edges(self) -> tuple[float, float]:
        """Left and right edge in logical pixels."""
        return self.stretch.left, self.stretch.right

    def shown(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the times, or rows of times, that lie in the stretch wholly."""
        inside = self.stretch.shows(seconds)
        return np.asarray(seconds[inside if seconds.ndim == 1 else inside.all(axis=1)])

    def x(self, seconds: NDArray[np.float64]) -> list[float]:
        """Return where times lie in the picture."""
        where: list[float] = self.stretch.x(seconds).tolist()
        return where

    def pairs(self, spans: NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return where pairs of times lie that are shown wholly; first and last of each row."""
        rows = self.stretch.x(self.shown(spans))
        return [(row[0], row[-1]) for row in rows.tolist()]

    def above(self, left: float, right: float) -> float:
        """Return the height of the trace's highest point between two places."""
        return float(self._highs[self._columns(left, right)].min())

    def below(self, left: float, right: float) -> float:
        """Return the height of the trace's lowest point between two places."""
        return float(self._lows[self._columns(left, right)].max())

    def lane_below(self, spans: list[tuple[float, float]], share: float = 1.0) -> float:
        """Return the middle of a line of marks just below the trace in some of its parts.

        Parameters
        ----------
        share
            How many of the parts the line keeps clear of: a few deep ones need not push all marks
            away from their waves. Those few are marked lower, see `under`.
        """
        lowest = sorted(self.below(*span) for span in spans) or [self.stretch.baseline]
        most = lowest[max(ceil(share * len(lowest)) - 1, 0)]
        # What lies hardly deeper pushes all, rather than stand a pixel off the line.
        deep = max(each for each in lowest if each <= most + _ALMOST * self.line)
        return min(max(deep, self.stretch.baseline) + _BELOW * self.line, self.lowest)

    def under(self, lane: float, span: tuple[float, float]) -> float:
        """Return the middle of a mark on a line, or below it where the trace reaches deeper."""
        return min(max(lane, self.below(*span) + _BELOW * self.line), self.lowest)

    def _columns(self, left: float, right: float) -> slice:
        first = int((left - self.stretch.left) / _COLUMN_PX)
        last = int((right - self.stretch.left) / _COLUMN_PX)
        first = min(max(first, 0), self._highs.size - 1)
        return slice(first, max(last, first) + 1)


def _profile(
    stretch: Stretch, strip: Strip | None, row: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the trace's highest and lowest place in each column of the picture."""
    count = max(int((stretch.right - stretch.left) / _COLUMN_PX), 1)
    reach = _UNKNOWN_REACH * (stretch.bottom - stretch.top)
    highs = np.full(count, stretch.baseline - reach)
    lows = np.full(count, stretch.baseline + reach)
    if strip is None or strip.signal.shape[1] == 0:
        return highs, lows
    samples = strip.signal[row]
    seconds = stretch.start_s + np.arange(count + 1) * (_COLUMN_PX / stretch.px_per_s)
    places = np.rint((seconds - strip.start_s) * strip.fs).astype(np.int64)
    inside = (places[1:] > 0) & (places[:-1] < samples.size)
    highs[:], lows[:] = stretch.baseline, stretch.baseline
    if not inside.any():
        return highs, lows
    starts = np.clip(places[:-1][inside], 0, samples.size - 1)
    ends = int(np.clip(places[1:][inside][-1] + 1, starts[-1] + 1, samples.size))
    part = samples[starts[0] : ends]
    y = stretch.y(part.astype(np.float64))
    highs[inside] = np.fmin.reduceat(y, starts - starts[0])
    lows[inside] = np.fmax.reduceat(y, starts - starts[0])
    unknown = ~np.isfinite(highs)
    highs[unknown], lows[unknown] = stretch.baseline, stretch.baseline
    return np.clip(highs, stretch.top, stretch.bottom), np.clip(lows, stretch.top, stretch.bottom)

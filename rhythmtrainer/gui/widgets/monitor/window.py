"""Which columns stand on the monitor's screen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rhythmtrainer.gui.widgets.monitor.layout import Layout
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.gui.widgets.stretch import Stretch

_ERASE_MM: Final = 8.0
# A product of seconds and pixels misses a whole column by its last bits.
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Piece:
    """Columns that stand side by side, and the one that stands first on the screen."""

    first: int
    last: int
    shift: int


@dataclass(frozen=True, slots=True)
class Window:
    """What a screen shows of a tape.

    Attributes
    ----------
    first, last
        The oldest column on the screen, and behind the newest.
    blank
        Behind the last column of the erase bar, which begins at `last`.
    still
        Whether the columns stand from left to right, not where the sweep drew them.
    """

    first: int
    last: int
    blank: int
    still: bool = False

    def pieces(self, columns: int) -> Iterator[Piece]:
        """Cut what is shown at the right edge of a screen."""
        if self.still:
            return iter([Piece(max(self.first, 0), self.last, self.first)])
        return turns(self.first, self.last, columns)


NOTHING: Final = Window(0, 0, 0)
"""What a screen without a tape shows."""


def turns(first: int, last: int, columns: int) -> Iterator[Piece]:
    """Cut columns where the sweep begins at the left again."""
    while first < last:
        shift = first // columns * columns
        behind = min(last, shift + columns)
        yield Piece(first, behind, shift)
        first = behind


def sweeping(layout: Layout, tape: Tape) -> Window:
    """Return what the sweep shows now.

    Where all samples fit on the screen, the erase bar does not go round to rub out the first.
    """
    end = math.ceil((tape.end_s - tape.origin_s) * layout.px_per_s - _ROUNDING)
    head = end if tape.left_s <= 0 else _column(layout, tape, tape.now_s)
    blank = head + min(round(_ERASE_MM * layout.px_per_mm), layout.columns // 2)
    if end <= layout.columns:
        blank = min(blank, layout.columns)
    return Window(max(blank - layout.columns, 0), head, blank)


def looking_back(layout: Layout, tape: Tape, seconds: float) -> Window:
    """Return a screen full that ends some seconds before now."""
    last = _column(layout, tape, tape.now_s - seconds)
    return Window(last - layout.columns, last, last, still=True)


def farthest_back_s(layout: Layout, tape: Tape) -> float:
    """Return how far one can look back and still have a full screen."""
    return max(tape.now_s - tape.oldest_s - layout.sweep_s, 0.0)


def stretches(layout: Layout, tape: Tape, window: Window) -> tuple[Stretch, ...]:
    """Return where each lead lies on the screen, the newest piece first."""
    pieces = reversed(list(window.pieces(layout.columns)))
    return tuple(
        stretch
        for piece in pieces
        for stretch in layout.stretches(piece.first, piece.last, piece.shift, tape.origin_s)
    )


def _column(layout: Layout, tape: Tape, seconds: float) -> int:
    return math.floor((seconds - tape.origin_s) * layout.px_per_s + _ROUNDING)

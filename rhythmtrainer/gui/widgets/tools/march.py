"""An interval marched out: the same distance again and again, to both sides."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from rhythmtrainer.ecg.calipers import Pair
from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.lines import draw_lines, faded
from rhythmtrainer.gui.widgets.tools.plates import Lettering

# How strongly lines are drawn on the row itself where they repeat, and on other leads.
_REPEATED: Final = 0.8
ELSEWHERE: Final = 0.45
# Copies closer than the first hide the trace; from the second on they are drawn in full.
_CLOSEST_PX, _CLEAR_PX = 5.0, 20.0
_FAINTEST: Final = 0.4
_BETWEEN_NUMBERS: Final = 2.0  # units
_ROUND_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)

TOO_CLOSE: Final = "zoom in to march"


def is_too_close(pair: Pair, stretch: Stretch) -> bool:
    """Return whether the copies of an interval cannot be told apart."""
    return pair.interval_s * stretch.px_per_s < _CLOSEST_PX


def draw_copies(
    painter: QPainter,
    pair: Pair,
    stretch: Stretch,
    pen: QPen,
    top: float | None = None,
) -> None:
    """Repeat an interval over a stretch, fainter the closer its copies lie.

    Parameters
    ----------
    pen
        In full strength.
    top
        Upper end of the lines on the row where the pair stands; None on another.
    """
    if is_too_close(pair, stretch):
        return
    _, times = pair.marched(stretch.start_s, stretch.end_s)
    spacing = pair.interval_s * stretch.px_per_s
    clearness = float(np.interp(spacing, [_CLOSEST_PX, _CLEAR_PX], [_FAINTEST, 1.0]))
    strength = ELSEWHERE if top is None else _REPEATED
    pen = QPen(faded(pen.color(), strength * clearness), pen.widthF())
    upper = stretch.top if top is None else top
    draw_lines(painter, pen, stretch.x(times), upper, stretch.bottom)


def draw_numbers(
    painter: QPainter,
    pair: Pair,
    row: Sequence[Stretch],
    colours: StripColours,
    level: tuple[float, Sequence[QRectF], Lettering],
) -> None:
    """Say above the copies how many intervals lie between them and the left leg.

    Parameters
    ----------
    level
        Height of the middle of the numbers, what is already printed there, and how large.
    """
    middle, taken, lettering = level
    height = lettering.word_height
    for stretch in row:
        if is_too_close(pair, stretch):
            continue
        multiples, times = pair.marched(stretch.start_s, stretch.end_s)
        every = _numbered(multiples, pair.interval_s * stretch.px_per_s, lettering)
        chosen = multiples % every == 0
        for number, x in zip(multiples[chosen].tolist(), stretch.x(times[chosen]), strict=True):
            width = lettering.word_width(_times(number))
            box = QRectF(x - width / 2, middle - height / 2, width, height)
            inside = stretch.left <= box.left() and box.right() <= stretch.right
            if inside and not any(box.intersects(other) for other in taken):
                lettering.draw_word(painter, box, _times(number), colours)


def _numbered(multiples: NDArray[np.int64], spacing: float, lettering: Lettering) -> int:
    """Return that each, every second, fifth, tenth and so on copy has room for its number."""
    if not multiples.size:
        return 1
    widest = max(lettering.word_width(_times(int(number))) for number in multiples[[0, -1]])
    needed = (widest + _BETWEEN_NUMBERS * lettering.unit) / spacing
    return next((step for step in _ROUND_STEPS if step >= needed), _ROUND_STEPS[-1])


def _times(number: int) -> str:
    return f"{number}\N{MULTIPLICATION SIGN}".replace("-", "\N{MINUS SIGN}")

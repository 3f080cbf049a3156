"""Colours of strips: their own palette, which does not follow the window's."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class StripColours:
    """Colours of everything that is drawn on one kind of paper, or on the monitor.

    Attributes
    ----------
    text
        Of what is printed: lead, speed and gain.
    mark
        Of what is measured: intervals, calipers, rulers, their numbers.
    p_wave, qrs, t_wave
        Of the marks on waves. Each mark also carries its letter.
    alert
        Of what the eye has to find: a dropped beat, a pause. Also told by its shape.
    """

    background: QColor
    small_line: QColor
    large_line: QColor
    trace: QColor
    text: QColor
    mark: QColor
    p_wave: QColor
    qrs: QColor
    t_wave: QColor
    alert: QColor


class PaperStyle(StrEnum):
    """Kinds of ECG paper. Values are stored in the settings."""

    PINK = "pink"
    GREEN = "green"
    CONTRAST = "high contrast"
    NIGHT = "night"

    @property
    def colours(self) -> StripColours:
        """What this paper looks like."""
        return _PAPERS[self]


def _on_white(background: str, small_line: str, large_line: str) -> StripColours:
    return StripColours(
        background=QColor(background),
        small_line=QColor(small_line),
        large_line=QColor(large_line),
        trace=QColor("#141414"),
        text=QColor("#333333"),
        mark=QColor("#1a4fa3"),
        p_wave=QColor("#0b5fb0"),
        qrs=QColor("#6b3a00"),
        t_wave=QColor("#6a3d9a"),
        alert=QColor("#a3003c"),
    )


_PAPERS: Final = {
    PaperStyle.PINK: _on_white("#fffdfb", "#f7d5d6", "#e79aa2"),
    PaperStyle.GREEN: _on_white("#fbfefb", "#cfe6d2", "#8bbd95"),
    PaperStyle.CONTRAST: StripColours(
        background=QColor("#ffffff"),
        small_line=QColor("#d9d9d9"),
        large_line=QColor("#8c8c8c"),
        trace=QColor("#000000"),
        text=QColor("#000000"),
        mark=QColor("#00308f"),
        p_wave=QColor("#00308f"),
        qrs=QColor("#5c2e00"),
        t_wave=QColor("#4b0082"),
        alert=QColor("#8b0025"),
    ),
    PaperStyle.NIGHT: StripColours(
        background=QColor("#14171a"),
        small_line=QColor("#262b30"),
        large_line=QColor("#42494f"),
        trace=QColor("#f1f3f4"),
        text=QColor("#c3cbd1"),
        mark=QColor("#8fc2ff"),
        p_wave=QColor("#7fc4ff"),
        qrs=QColor("#ffc48a"),
        t_wave=QColor("#d3b1ff"),
        alert=QColor("#ff9db4"),
    ),
}

MONITOR: Final = StripColours(
    background=QColor("#05080a"),
    small_line=QColor("#05080a"),
    large_line=QColor("#12211a"),
    trace=QColor("#39e07a"),
    text=QColor("#b9c7cf"),
    mark=QColor("#8fc2ff"),
    p_wave=QColor("#7fc4ff"),
    qrs=QColor("#ffc48a"),
    t_wave=QColor("#d3b1ff"),
    alert=QColor("#ff9db4"),
)

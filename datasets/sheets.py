"""Draw windows of recordings on contact sheets, to be looked at beside their labels.

Time and voltage keep the proportion of ECG paper (25 mm/s, 10 mm/mV). Above the trace of the lead
that a learner is shown stand the reference annotations of the record, and below it, smaller, goes
a second lead for whoever judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rhythmtrainer.model import LeadName, Origin, Provenance, Strip, StripRef
from rhythmtrainer.records.signals.wfdb_reader import read_header, read_strip

ROWS_A_SHEET = 6

_INCHES_A_MM = 15.0 / 250.0
_MM_A_SECOND, _MM_A_MV = 25.0, 10.0
_SHOWN_MV, _BESIDE_MV = 3.0, 1.6
_TITLE_INCHES = 0.35
_DPI = 100
_LONGEST_S = 10.0
# What lies further out is cut off: a spike or an artifact must not flatten all the rest.
_EXTREMES = (0.5, 99.5)
# Small and large boxes: seconds, millivolts, colour and width of their lines.
_PAPER = ((0.04, 0.1, "#f8dfe2", 0.4), (0.2, 0.5, "#eeaab4", 0.6))
_BESIDE_FIRST = ("V1", "MLII", "II", "V5")


@dataclass(frozen=True, slots=True)
class Picture:
    """A window to be drawn.

    Attributes
    ----------
    title
        What stands above it.
    marks
        Seconds from the recording's first sample, and what an annotation there says.
    """

    window: StripRef
    title: str
    marks: tuple[tuple[float, str], ...] = ()


def draw_sheets(pictures: Sequence[Picture], records: Path, folder: Path) -> list[Path]:
    """Draw windows in their order, several on a sheet, as PNG files in `folder`.

    Raises
    ------
    RecordError
        If a recording is missing or damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheets = []
    for first in range(0, len(pictures), ROWS_A_SHEET):
        sheet = _sheet(pictures[first : first + ROWS_A_SHEET], records)
        sheets.append(folder / f"{first // ROWS_A_SHEET + 1:03}.png")
        sheet.savefig(sheets[-1], dpi=_DPI)
    return sheets


def _sheet(pictures: Sequence[Picture], records: Path) -> Figure:
    heights = [
        _TITLE_INCHES,
        _SHOWN_MV * _MM_A_MV * _INCHES_A_MM,
        _BESIDE_MV * _MM_A_MV * _INCHES_A_MM,
    ]
    size = (_LONGEST_S * _MM_A_SECOND * _INCHES_A_MM, len(pictures) * sum(heights))
    figure = Figure(figsize=size)
    grid = figure.add_gridspec(
        3 * len(pictures),
        1,
        height_ratios=heights * len(pictures),
        left=0.0,
        right=1.0,
        top=1.0,
        bottom=0.0,
        hspace=0.0,
    )
    for row, picture in enumerate(pictures):
        strip = _read(picture.window, records)
        title = figure.add_subplot(grid[3 * row])
        title.set_axis_off()
        title.text(0.002, 0.55, picture.title, fontsize=9, va="center")
        for number, height_mv in enumerate((_SHOWN_MV, _BESIDE_MV)[: len(strip.leads)]):
            axes = figure.add_subplot(grid[3 * row + 1 + number])
            _draw(axes, strip, number, height_mv)
            if number == 0:
                _draw_marks(axes, picture)
    return figure


def _read(window: StripRef, records: Path) -> Strip:
    path = records / window.record.path
    shown = window.leads[0]
    others = [
        signal.name
        for signal in read_header(path).signals
        if signal.name.casefold() != shown.casefold()
    ]
    beside = sorted(others, key=_place_beside)[:1]
    leads = (shown, *map(LeadName, beside))
    source = Provenance(origin=Origin.REAL, source=window.record.path)
    return read_strip(path, window.start_s, window.duration_s, leads, source)


def _place_beside(name: str) -> int:
    """Return how far behind a lead stands where one is wanted beside another."""
    known = name.upper()
    return _BESIDE_FIRST.index(known) if known in _BESIDE_FIRST else len(_BESIDE_FIRST)


def _draw(axes: Axes, strip: Strip, number: int, height_mv: float) -> None:
    signal = strip.signal[number]
    finite = signal[np.isfinite(signal)]
    low, high = np.percentile(finite, _EXTREMES) if finite.size else (0.0, 0.0)
    shrunk = max(1.0, float(high - low) / (0.8 * height_mv))
    middle = (low + high) / 2
    times = strip.start_s + np.arange(signal.size) / strip.fs
    axes.plot(times, (signal - middle) / shrunk, color="black", linewidth=0.9)
    axes.set_xlim(strip.start_s, strip.start_s + _LONGEST_S)
    axes.set_ylim(-height_mv / 2, height_mv / 2)
    _draw_paper(axes)
    name = strip.leads[number] + (f" at 1/{shrunk:.1f}" if shrunk > 1.0 else "")
    axes.text(strip.start_s + 0.02, -height_mv * 0.45, name, fontsize=8, color="tab:blue")


def _draw_paper(axes: Axes) -> None:
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    # Lines by the hundred: as two collections each they are drawn ten times faster than as a grid.
    for box_s, box_mv, color, width in _PAPER:
        axes.vlines(np.arange(left, right, box_s), low, high, color, linewidth=width, zorder=0)
        axes.hlines(np.arange(low, high, box_mv), left, right, color, linewidth=width, zorder=0)
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_marks(axes: Axes, picture: Picture) -> None:
    for at, text in picture.marks:
        axes.text(at, _SHOWN_MV * 0.43, text, fontsize=8, color="tab:green", ha="center")

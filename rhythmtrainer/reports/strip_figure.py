"""A strip on ECG paper, as a picture file."""

import textwrap
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rhythmtrainer.ecg.paper import (
    TICK_EVERY_S,
    Paper,
    baseline_mv,
    fitting_gain,
    grid_lines,
)
from rhythmtrainer.model import Measurement, Origin, Simulated, Strip, UserError, describe_lead

ROW_S = 10.0
"""Seconds on each line of paper."""

MOST_ROWS = 30

_ROW_HEIGHT_MM = 40.0
_GAP_MM = 6.0
_HEAD_MM = 12.0
_FOOT_MM = 12.0
_FOOT_LINE_MM = 2.8
_FOOT_CHARACTERS = 190
_MM_PER_INCH = 25.4
_DPI = 150
_SMALL_LINE = "#f3c6cb"
_LARGE_LINE = "#e08f99"
_TRACE = "#111111"
_MARK = "#1a4fa3"


class _Row(NamedTuple):
    """A line of paper: which lead, from which second of the strip on, and where."""

    lead: int
    offset_s: float
    top: float
    width: float


def save_strip(file: Path, strip: Strip, measurement: Measurement, notice: str) -> None:
    """Draw the first lead of a strip at 25 mm/s with its beats, and save it as PNG.

    Parameters
    ----------
    file
        Written under a temporary name beside it, then moved into place.
    notice
        What the picture must say about itself.

    Raises
    ------
    UserError
        If the strip is too long for a picture, or the file cannot be written.
    """
    rate = "rate not measurable"
    if measurement.rate_bpm is not None:
        rate = f"{measurement.rate_bpm:.0f}/min, {measurement.regularity.value}"
    first = replace(strip, signal=strip.signal[:1], leads=strip.leads[:1])
    _save(_drawn(first, rate, measurement.beats_s, notice), file)


def save_simulated(file: Path, made: Simulated, title: str, notice: str) -> None:
    """Draw every lead of a simulated strip at 25 mm/s with its QRS complexes; see `save_strip`.

    Raises
    ------
    UserError
        If the strip is too long for a picture, or the file cannot be written.
    """
    strip, truth = made.strip, made.truth
    middles_s = strip.start_s + (truth.qrs_s + truth.qrs_end_s) / 2
    _save(_drawn(strip, title, middles_s, notice), file)


def _drawn(strip: Strip, title: str, beats_s: NDArray[np.float64], notice: str) -> Figure:
    """Draw all leads, each ten seconds on a line, those of one time below each other."""
    parts = max(1, int(np.ceil(strip.duration_s / ROW_S - 1e-9)))
    leads = len(strip.leads)
    rows = parts * leads
    if rows > MOST_ROWS:
        raise UserError(
            f"A picture holds at most {MOST_ROWS * ROW_S / 60:g} minutes of one lead, and less of"
            " several; choose a shorter stretch."
        )
    gain = min(fitting_gain(signal, _ROW_HEIGHT_MM) for signal in strip.signal)
    paper = Paper(gain_mm_mv=gain)
    width = paper.width_mm(ROW_S)
    height = _HEAD_MM + rows * (_ROW_HEIGHT_MM + _GAP_MM) + _FOOT_MM
    figure = Figure(figsize=(width / _MM_PER_INCH, height / _MM_PER_INCH), dpi=_DPI)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)
    axes.axis("off")
    _draw_head(axes, strip, paper, title)
    for row in range(rows):
        top = _HEAD_MM + row * (_ROW_HEIGHT_MM + _GAP_MM)
        part, lead = divmod(row, leads)
        _draw_row(axes, strip, beats_s, paper, _Row(lead, part * ROW_S, top, width))
    for line, text in enumerate(_foot(strip, notice)):
        y = height - _FOOT_MM + (line + 0.5) * _FOOT_LINE_MM
        axes.text(2.0, y, text, fontsize=5.5, color="#444444", va="center", parse_math=False)
    return figure


def _draw_head(axes: Axes, strip: Strip, paper: Paper, title: str) -> None:
    alone = f"{describe_lead(strip.leads[0])}   " if len(strip.leads) == 1 else ""
    head = f"{alone}{paper.printed}   {title}"
    axes.text(2.0, 4.0, head, fontsize=8, va="center", parse_math=False)
    where = f"{strip.provenance.title}, {strip.start_s:.1f}-{strip.end_s:.1f} s"
    axes.text(2.0, 8.5, where, fontsize=6.5, va="center", color="#444444", parse_math=False)
    if _is_simulated(strip):
        right = axes.get_xlim()[1] - 2.0
        axes.text(right, 4.0, "SIMULATED", fontsize=9, weight="bold", ha="right", va="center")


def _is_simulated(strip: Strip) -> bool:
    return strip.provenance.origin is Origin.SIMULATED


def _foot(strip: Strip, notice: str) -> list[str]:
    """Return the lines that every picture carries: what it is not, and whose signal it shows."""
    if _is_simulated(strip):
        return [f"SIMULATED. {notice}", "Signal: drawn by a model of the heart."]
    database = strip.provenance.database
    citation = textwrap.wrap(database.citation, _FOOT_CHARACTERS)[:2] if database else []
    return [notice, f"Signal: {strip.provenance.licence}.", *citation]


def _draw_row(
    axes: Axes,
    strip: Strip,
    beats_s: NDArray[np.float64],
    paper: Paper,
    row: _Row,
) -> None:
    lead, offset_s, top, width = row
    _draw_grid(axes, top, width)
    middle = top + _ROW_HEIGHT_MM / 2
    base = baseline_mv(strip.signal[lead])
    first = round(offset_s * strip.fs)
    part = strip.signal[lead, first : round((offset_s + ROW_S) * strip.fs)]

    def y_mm(millivolts: NDArray[np.float64]) -> NDArray[np.float64]:
        below = middle - (millivolts - base) * paper.gain_mm_mv
        return np.clip(below, top, top + _ROW_HEIGHT_MM)

    x = paper.x_mm((first + np.arange(part.size)) / strip.fs - offset_s)
    axes.plot(x, y_mm(part.astype(np.float64)), color=_TRACE, linewidth=0.7, zorder=3)
    mark_x, mark_mv = paper.calibration_mark()
    axes.plot(mark_x, y_mm(mark_mv + base), color=_TRACE, linewidth=0.7, zorder=3)
    shown_from = strip.start_s + offset_s
    beats = beats_s - shown_from
    beats = beats[(beats >= 0) & (beats < ROW_S)]
    axes.plot(
        paper.x_mm(beats), np.full(beats.size, top + 2.0), "v", color=_MARK, markersize=3, zorder=4
    )
    ticks = np.arange(0.0, part.size / strip.fs + 1e-9, TICK_EVERY_S)
    axes.vlines(paper.x_mm(ticks), top - 1.5, top, color=_TRACE, linewidth=0.6)
    if len(strip.leads) > 1:
        axes.text(2.0, top + 2.0, strip.leads[lead], fontsize=7, va="center", parse_math=False)


def _draw_grid(axes: Axes, top: float, width: float) -> None:
    bottom = top + _ROW_HEIGHT_MM
    for lines, colour, thickness in zip(
        grid_lines(width), (_SMALL_LINE, _LARGE_LINE), (0.25, 0.5), strict=True
    ):
        axes.vlines(lines, top, bottom, color=colour, linewidth=thickness, zorder=1)
    for lines, colour, thickness in zip(
        grid_lines(_ROW_HEIGHT_MM), (_SMALL_LINE, _LARGE_LINE), (0.25, 0.5), strict=True
    ):
        axes.hlines(top + lines, 0.0, width, color=colour, linewidth=thickness, zorder=1)


def _save(figure: Figure, file: Path) -> None:
    partial = file.with_name(f".{file.name}.part")
    try:
        figure.savefig(partial, format="png", dpi=_DPI)
        partial.replace(file)
    except OSError as error:
        raise UserError(
            f"The picture {file} cannot be written: {error.strerror or error}."
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()

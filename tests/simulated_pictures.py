"""Draws simulated strips on ECG paper, each rhythm beside a real strip where there is one.

``python -m tests.simulated_pictures DIR [--records DIR] [--seed N] [--rhythm ID]`` writes a picture
of each rhythm, pages of 12 leads, and sheets of nine rhythms to look through. What shows recordings
never lies in the checkout, so a folder inside it is refused.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray

from rhythmtrainer import paths
from rhythmtrainer.model import (
    STANDARD_LEADS,
    LeadName,
    RecordError,
    RhythmId,
    Span,
    Strip,
    UnreachableError,
)
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.tables.own_catalogue import load_catalogue
from rhythmtrainer.simulate import simulate
from rhythmtrainer.training.cancel import Cancel

_CHECKOUT: Final = Path(__file__).resolve().parents[1]
_NOWHERE: Final = Path("no-catalogue-of-ones-own")
_LIKE_LEAD_II: Final = ("II", "MLII", "ECG")
_SECONDS: Final = 10.0
_SEEDS: Final = 4
_A_SHEET: Final = 9
_SHEET_SEEDS: Final = 2
_PAGES: Final = (
    RhythmId.NORMAL_SINUS_RHYTHM,
    RhythmId.BBB,
    RhythmId.WPW,
    RhythmId.ATRIAL_FLUTTER,
    RhythmId.AF_RVR,
    RhythmId.PVC_UNIFORM,
    RhythmId.VT_MONOMORPHIC,
    RhythmId.TORSADES,
    RhythmId.VF_COARSE,
    RhythmId.PACED_VENTRICULAR,
)
_MM_PER_INCH: Final = 25.4
_MM_PER_S, _MM_PER_MV = 25.0, 10.0
_ROW_MV: Final = 3.2
"""Height of a row; what is larger runs over its edges, as on paper."""
_TITLE_MM: Final = 6.0
_MARGIN: Final = 0.012
"""Of a column's width, on either side."""
_FINE, _BOLD = "#f6d9d9", "#e9a9a9"
_DPI, _SHEET_DPI = 110, 72


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One row of a picture: some seconds of one lead, and what stands above them."""

    millivolts: NDArray[np.float32]
    fs: float
    title: str


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the pictures; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulated_pictures", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="outside of the checkout")
    parser.add_argument("--records", type=Path, metavar="DIR", help="recordings as on PhysioNet")
    parser.add_argument("--seed", type=int, default=0, help="of the first patient")
    parser.add_argument("--rhythm", type=RhythmId, choices=list(RhythmId), metavar="ID")
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    if folder.is_relative_to(_CHECKOUT):
        parser.error(f"{folder} lies in the checkout; choose a folder outside of {_CHECKOUT}")
    folder.mkdir(parents=True, exist_ok=True)
    rhythms = [options.rhythm] if options.rhythm else list(RhythmId)
    real = {rhythm: _real(rhythm, options.records) for rhythm in rhythms}
    for rhythm in rhythms:
        traces = [*_simulated(rhythm, options.seed, _SEEDS), *real[rhythm]]
        _save(_page(traces, columns=1), folder / f"{rhythm}.png", _DPI)
        if rhythm in _PAGES:
            leads = list(_twelve_leads(rhythm, options.seed))
            _save(_page(leads, columns=2), folder / f"12-leads-{rhythm}.png", _DPI)
    for number, first in enumerate(range(0, len(rhythms), _A_SHEET), start=1):
        blocks = [
            [*_simulated(rhythm, options.seed, _SHEET_SEEDS), *real[rhythm]]
            for rhythm in rhythms[first : first + _A_SHEET]
        ]
        _save(_sheet(blocks), folder / f"sheet-{number}.png", _SHEET_DPI)
    return 0


def _simulated(rhythm: RhythmId, seed: int, count: int) -> Iterator[Trace]:
    for each in range(seed, seed + count):
        strip = simulate(rhythm, seconds=_SECONDS, seed=each)
        yield Trace(strip.signal[0], strip.fs, f"{rhythm}, simulated, seed {each}")


def _twelve_leads(rhythm: RhythmId, seed: int) -> Iterator[Trace]:
    strip = simulate(rhythm, seconds=_SECONDS / 2, leads=_names(STANDARD_LEADS), seed=seed)
    for lead, millivolts in zip(strip.leads, strip.signal, strict=True):
        yield Trace(millivolts, strip.fs, f"{lead}  {rhythm}, simulated, seed {seed}")


def _names(leads: Sequence[str]) -> tuple[LeadName, ...]:
    return tuple(map(LeadName, leads))


def _real(rhythm: RhythmId, records: Path | None) -> list[Trace]:
    """Return the first real strip of a rhythm that can be read, in a list of one or none."""
    if records is None:
        return []
    source = LocalRecords([records], {}, {})
    for span in load_catalogue(paths.dataset(), _NOWHERE).spans:
        if span.rhythm == rhythm and span.ref.leads[0] in _LIKE_LEAD_II:
            strip = _read(source, span)
            if strip is not None:
                title = f"{rhythm}, {span.ref.record.path} at {span.ref.start_s:.0f} s"
                return [Trace(strip.signal[0], strip.fs, title)]
    return []


def _read(source: LocalRecords, span: Span) -> Strip | None:
    seconds = min(_SECONDS, span.ref.duration_s)
    try:
        return source.read(span.ref, span.ref.start_s, seconds, Cancel())
    except (RecordError, UnreachableError):
        return None


def _page(traces: Sequence[Trace], *, columns: int) -> Figure:
    """Draw traces below each other, in columns that are read from the top."""
    rows = -(-len(traces) // columns)
    seconds = max(trace.millivolts.size / trace.fs for trace in traces)
    figure = Figure(figsize=_inches(columns * seconds, rows))
    _fill(figure, traces, rows, columns, seconds)
    return figure


def _sheet(blocks: Sequence[Sequence[Trace]]) -> Figure:
    """Draw the traces of several rhythms, three rhythms beside each other."""
    across = 3
    rows = max(len(block) for block in blocks)
    down = -(-len(blocks) // across)
    figure = Figure(figsize=_inches(across * _SECONDS, down * rows))
    parts = figure.subfigures(down, across, squeeze=False).ravel()
    for part, block in zip(parts, blocks, strict=False):
        _fill(part, block, rows, 1, _SECONDS)
    return figure


def _fill(
    figure: Figure | SubFigure, traces: Sequence[Trace], rows: int, columns: int, seconds: float
) -> None:
    for place, trace in enumerate(traces):
        column, row = divmod(place, rows)
        height = 1 / rows
        title = _TITLE_MM / (_TITLE_MM + _ROW_MV * _MM_PER_MV) * height
        bottom = 1 - (row + 1) * height
        left, width = (column + _MARGIN) / columns, (1 - 2 * _MARGIN) / columns
        axes = figure.add_axes((left, bottom, width, height - title))
        _draw(axes, trace, seconds)


def _draw(axes: Axes, trace: Trace, seconds: float) -> None:
    middle = float(np.nanmedian(trace.millivolts))
    low, high = middle - _ROW_MV / 2, middle + _ROW_MV / 2
    for step, colour, width in ((1.0, _FINE, 0.3), (5.0, _BOLD, 0.5)):
        axes.vlines(np.arange(0, seconds, step / _MM_PER_S), low, high, colour, linewidth=width)
        axes.hlines(np.arange(low, high, step / _MM_PER_MV), 0, seconds, colour, linewidth=width)
    times = np.arange(trace.millivolts.size) / trace.fs
    axes.plot(times, trace.millivolts, color="black", linewidth=0.7)
    axes.set(xlim=(0, seconds), ylim=(low, high))
    axes.set_axis_off()
    axes.set_title(trace.title, fontsize=9, loc="left", pad=1)


def _inches(seconds: float, rows: int) -> tuple[float, float]:
    width_mm = seconds * _MM_PER_S / (1 - 2 * _MARGIN)
    height_mm = rows * (_TITLE_MM + _ROW_MV * _MM_PER_MV)
    return width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH


def _save(figure: Figure, path: Path, dpi: int) -> None:
    figure.savefig(path, dpi=dpi)


if __name__ == "__main__":
    sys.exit(main())

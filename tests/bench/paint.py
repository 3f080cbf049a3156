"""Frame times of monitor and paper, against pyqtgraph and a full redraw in the same run.

Monitor: a sweep of 10 s across the screen at 25 mm/s, a frame for every 16 ms, with its heart rate.
Late frames: of a sweep that runs by its own timer, and of an empty timer. Memory: how much more the
process holds after an hour of sweep than after a sixth of it, by a clock that is pushed. Page: 12
leads, drawn anew. Recording: 24 hours of one lead, or 2 hours of 12, scrolled by 7 pixels a frame,
and zoomed from 10 s to all of it and back, its outline built beforehand. Envelope: building that
outline, and reading it.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, product
from types import ModuleType
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from rhythmtrainer.ecg.envelope import Envelope
from tests.bench.paint_ours import (
    OurPage,
    OurRecording,
    OurSweep,
    Recording,
    Sweep,
    running_monitor,
)
from tests.bench.paint_pages import (
    PyqtgraphPage,
    PyqtgraphRecording,
    RedrawnPage,
    RedrawnRecording,
)
from tests.bench.paint_sweeps import FullRedraw, Incremental, PyqtgraphSweep, Signal
from tests.bench.paint_timing import (
    FRAME_MS,
    Contestant,
    Figures,
    figures,
    frame_times,
    late_shares,
    resident_mb,
)
from tests.bench.setting import interleaved, peer, setting
from tests.support.synthetic import ecg_at, regular_peaks

SIZES: Final = ((1280, 800), (3840, 2160))
LEADS: Final = (1, 12)
SWEEP_FS: Final = 500.0
RECORDING_FS: Final = 250.0
HOUR_S: Final = 3600
HOURS: Final = {1: 24, 12: 2}
SMALL: Final = (400, 240)

_OURS: Final = "rhythmtrainer"
_GOALS: Final = {
    "monitor": "12 leads at 3840x2160: 99th percentile at most 1.5 ms",
    "late frames": "at most 0.1 % more than the empty timer has",
    "memory": "flat",
    "page": "12 leads at 3840x2160: at most 15 ms",
    "recording": "24 hours at 3840x2160: under 4 ms a frame",
    "envelope": "24 hours at 250 Hz: built in 400 ms, read in 0.15 ms",
}
_SWEEP_S: Final = 30.0
_PAGE_S: Final = 10.0
_SCROLL_PX: Final = 7
_SCROLL_FRAMES: Final = 2000
_FAR_SCREENS: Final = 24
_ZOOM_FRAMES: Final = 120
_ENVELOPE_READS: Final = 200
_MEMORY_LOOKS: Final = 6

Size = tuple[int, int]
_Table = dict[str, dict[str, Figures]]
_Part = Callable[["Extent", ModuleType | None], _Table]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Attributes
    ----------
    frames
        Of each widget, unless they take longer than `most_s`.
    running_s
        How long a sweep runs in real time, and as long an empty timer.
    swept_s
        How much of a sweep is made up to see whether memory grows.
    hours
        Length of a recording by its number of leads.
    """

    frames: int
    most_s: float = 4.0
    running_s: float = 30.0
    swept_s: float = HOUR_S
    hours: Mapping[int, float] = field(default_factory=lambda: HOURS)
    sizes: Sequence[Size] = SIZES


_QUICK: Final = Extent(
    frames=3, most_s=0.05, running_s=0.2, swept_s=5.0, hours={1: 0.1, 12: 0.02}, sizes=[SMALL]
)


def leads_of(count: int, seconds: float, fs: float) -> Signal:
    """Make an ECG in mV, shape ``(count, samples)``: every lead of another height.

    What is longer than ten minutes repeats.
    """
    once = min(seconds, 600.0)
    beats = regular_peaks(72, once)
    leads = [ecg_at(beats, fs, once, seed=lead) * (0.6 + 0.05 * lead) for lead in range(count)]
    return np.tile(np.stack(leads).astype(np.float32), (1, math.ceil(seconds / once)))


def run(argv: list[str]) -> int:
    """Print frame times; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench paint",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    parser.add_argument("--frames", type=int, default=600, metavar="N", help="of each widget")
    parser.add_argument("--quick", action="store_true", help="only to see that all of it runs")
    parser.add_argument("--part", choices=_PARTS, action="append", help="only this; repeatable")
    options = parser.parse_args(argv)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    notes: list[str] = []
    pyqtgraph = peer("pyqtgraph", notes)
    extent = _QUICK if options.quick else Extent(options.frames)
    report: dict[str, Any] = {
        part: measure(extent, pyqtgraph)
        for part, measure in _PARTS.items()
        if part in (options.part or _PARTS)
    }
    screen = {"qt": qVersion(), "platform": QGuiApplication.platformName()}
    report |= {"setting": setting() | screen, "notes": notes}
    del app
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(report)))
    return 0


def _monitor(extent: Extent, pyqtgraph: ModuleType | None) -> _Table:
    """Time sweeps of each size and number of leads."""
    table = {}
    for size, leads in product(extent.sizes, LEADS):
        signal = leads_of(leads, _SWEEP_S, SWEEP_FS)
        sweeps: dict[str, Sweep] = {
            _OURS: OurSweep(signal, SWEEP_FS, size),
            "plain incremental": Incremental(signal, SWEEP_FS, size),
            "full redraw in pieces": FullRedraw.in_pieces(signal, SWEEP_FS, size),
            "full redraw": FullRedraw(signal, SWEEP_FS, size),
        }
        if pyqtgraph is not None:
            sweeps[f"pyqtgraph {pyqtgraph.__version__}"] = PyqtgraphSweep(
                pyqtgraph, signal, SWEEP_FS, size
            )
        contestants = [
            Contestant(name, sweep.widget, partial(sweep.frame, FRAME_MS / 1000))
            for name, sweep in sweeps.items()
        ]
        table[_title(size, leads)] = frame_times(contestants, extent.frames, extent.most_s)
    return table


def _late(extent: Extent) -> _Table:
    """Let sweeps run by their own timers."""
    table = {}
    leads = LEADS[-1]
    for size in extent.sizes:
        signal = leads_of(leads, extent.running_s + _SWEEP_S, SWEEP_FS)
        ours, empty = late_shares(running_monitor(signal, SWEEP_FS, size), extent.running_s)
        table[_title(size, leads)] = {_OURS: ours, "empty timer": empty}
    return table


def _memory(extent: Extent) -> _Table:
    """Sweep for an hour by a clock that is pushed."""
    sweep = OurSweep(leads_of(LEADS[-1], _SWEEP_S, SWEEP_FS), SWEEP_FS, SMALL)
    sweep.widget.show()
    held = []
    for _ in range(_MEMORY_LOOKS):
        for _ in range(round(extent.swept_s / _MEMORY_LOOKS / FRAME_MS * 1000)):
            sweep.frame(FRAME_MS / 1000)
            QApplication.processEvents()
        held.append(resident_mb())
    sweep.widget.hide()
    return {
        f"{LEADS[-1]} leads, {extent.swept_s / 60:g} min of sweep": {
            _OURS: {"after a sixth": held[0], "at the end": held[-1], "growth": held[-1] - held[0]}
        }
    }


def _page(extent: Extent, pyqtgraph: ModuleType | None) -> _Table:
    """Draw a page of twelve leads anew."""
    table = {}
    signal = leads_of(LEADS[-1], _PAGE_S, SWEEP_FS)
    for size in extent.sizes:
        ours = OurPage(signal, SWEEP_FS, size)
        redrawn = RedrawnPage(signal, SWEEP_FS, size)
        contestants = [
            Contestant(f"{_OURS}: another strip", ours.widget, ours.another_strip),
            Contestant(f"{_OURS}: another paper", ours.widget, ours.another_paper),
            Contestant("full redraw", redrawn.widget, redrawn.frame),
        ]
        if pyqtgraph is not None:
            rival = PyqtgraphPage(pyqtgraph, signal, SWEEP_FS, size)
            contestants.append(
                Contestant(f"pyqtgraph {pyqtgraph.__version__}", rival.widget, rival.frame)
            )
        table[_title(size, LEADS[-1])] = frame_times(contestants, extent.frames, extent.most_s)
    return table


def _recording(extent: Extent, pyqtgraph: ModuleType | None) -> _Table:
    """Scroll and zoom long recordings."""
    table = {}
    for leads, hours in extent.hours.items():
        signal = leads_of(leads, hours * HOUR_S, RECORDING_FS)
        for size in extent.sizes:
            recordings: dict[str, Recording] = {
                _OURS: OurRecording(signal, RECORDING_FS, size),
                "full redraw": RedrawnRecording(signal, RECORDING_FS, size),
            }
            if pyqtgraph is not None:
                recordings[f"pyqtgraph {pyqtgraph.__version__}"] = PyqtgraphRecording(
                    pyqtgraph, signal, RECORDING_FS, size
                )
            ways = {
                "scroll near": _scrolled(hours, size, _PAGE_S),
                "scroll far": _scrolled(hours, size, hours * HOUR_S / _FAR_SCREENS),
                "zoom": _zoomed(hours),
            }
            for how, spans in ways.items():
                contestants = [
                    Contestant(name, one.widget, partial(_show_next, one, cycle(spans)))
                    for name, one in recordings.items()
                ]
                title = f"{_title(size, leads)}, {hours:g} h, {how}"
                table[title] = frame_times(contestants, extent.frames, extent.most_s)
    return table


def _scrolled(hours: float, size: Size, seconds: float) -> list[tuple[float, float]]:
    """Return stretches from the middle of a recording on: their beginnings and lengths."""
    starts = hours * HOUR_S / 2 + np.arange(_SCROLL_FRAMES) * _SCROLL_PX * seconds / size[0]
    return [(start, seconds) for start in starts.tolist()]


def _zoomed(hours: float) -> list[tuple[float, float]]:
    """Return stretches from ten seconds to all of a recording, and back."""
    whole = hours * HOUR_S
    lengths = np.geomspace(_PAGE_S, whole, _ZOOM_FRAMES).tolist()
    return [((whole - length) / 2, length) for length in lengths + lengths[::-1]]


def _show_next(recording: Recording, spans: Iterator[tuple[float, float]]) -> None:
    recording.show_span(*next(spans))


def _envelope(extent: Extent) -> _Table:
    """Build the pyramid, and read a screen full of columns at several zooms."""
    hours = extent.hours[1]
    signal = leads_of(1, hours * HOUR_S, RECORDING_FS)[0]
    times: dict[str, Figures] = {}
    for name, elapsed in interleaved({"build": partial(Envelope.of, signal)}, 5).items():
        times[name] = figures(elapsed)
    envelope = Envelope.of(signal)
    reads = {
        f"{width} columns of {hours / part:.2g} h": partial(
            envelope.extremes, 0.0, signal.size / part, width
        )
        for width, part in product((1280, 3840), (1, 10, 100))
    }
    for name, elapsed in interleaved(reads, min(extent.frames, _ENVELOPE_READS)).items():
        times[name] = figures(elapsed)
    return {f"{hours:g} h at {RECORDING_FS:g} Hz": times}


_PARTS: Final[Mapping[str, _Part]] = {
    "monitor": _monitor,
    "late frames": lambda extent, _: _late(extent),
    "memory": lambda extent, _: _memory(extent),
    "page": _page,
    "recording": _recording,
    "envelope": lambda extent, _: _envelope(extent),
}


def _title(size: Size, leads: int) -> str:
    return f"{size[0]}x{size[1]}, {leads} lead{'s' if leads > 1 else ''}"


def _lines(report: Mapping[str, Any]) -> Iterable[str]:
    for part in _PARTS:
        if part not in report:
            continue
        yield f"{part.upper()} (goal: {_GOALS[part]})"
        for title, rows in report[part].items():
            columns = list(next(iter(rows.values())))
            yield f"{title:44}" + "".join(f"{column:>14}" for column in columns)
            for name, row in rows.items():
                yield f"  {name:42}" + "".join(_cell(row[column]) for column in columns)
        yield ""
    for name, value in report["setting"].items():
        yield f"{name}: {value}"
    yield from report["notes"]


def _cell(value: float) -> str:
    return f"{value:14d}" if isinstance(value, int) else f"{value:14.3f}"

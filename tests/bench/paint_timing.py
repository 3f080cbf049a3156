"""Timing frames: in small blocks in turn, and against a timer that has nothing to do.

A frame is what one turn of the event loop costs: the new samples are put in, the dirty region is
painted and handed to the window. The picture is in memory (`offscreen`), so no display adds its
own time.

Rivals take turns in blocks of at most 60 frames or a quarter of a second; the first frame of a
block, whose memory the rival before has pushed out of the caches, is not counted. Python's garbage
collection stays on, as it is in the program; what the preparations have left is frozen, so that no
widget pays for another's objects.
"""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

FRAME_MS: Final = 16
LATE_MS: Final = 4
"""A frame is late if it comes this much later than its time."""

_BLOCK_FRAMES: Final = 60
_BLOCK_S: Final = 0.25
_WARM_UP: Final = 3
_TURN_MS: Final = 2500
_KIB: Final = 1024
_STATUS: Final = Path("/proc/self/status")

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A widget to be timed.

    Attributes
    ----------
    frame
        Moves it on by one frame, which is painted in the next turn of the event loop.
    """

    name: str
    widget: QWidget
    frame: Callable[[], None]


class _Paints(QObject):
    """Notes when one of some widgets is painted."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.at: list[float] = []
        self._watched = watched

    def __enter__(self) -> Self:
        for widget in self._watched:
            widget.installEventFilter(self)
        return self

    def __exit__(self, *error: object) -> None:
        for widget in self._watched:
            widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through."""
        del watched
        if event.type() is QEvent.Type.Paint:
            self.at.append(time.perf_counter())
        return False


def frame_times(
    contestants: Sequence[Contestant], frames: int, most_s: float
) -> dict[str, Figures]:
    """Time frames of each contestant.

    Parameters
    ----------
    frames
        Of each; fewer of those that would take longer than `most_s` seconds.

    Returns
    -------
    dict of dict
        By the contestants' names: how many frames, and milliseconds.
    """
    elapsed: dict[str, list[float]] = {one.name: [] for one in contestants}
    spent = dict.fromkeys(elapsed, 0.0)
    with _on_screen(contestants):
        while unfinished := [
            one
            for one in contestants
            if len(elapsed[one.name]) < frames and spent[one.name] < most_s
        ]:
            for one in unfinished:
                block = _block(one, min(frames - len(elapsed[one.name]), _BLOCK_FRAMES))
                elapsed[one.name] += block
                spent[one.name] += sum(block) / 1000
    return {name: figures(times) for name, times in elapsed.items()}


def figures(times_ms: Sequence[float]) -> Figures:
    """Return the median, the 95th and 99th percentile and the worst of times in milliseconds."""
    at = np.percentile(times_ms, [50, 95, 99, 100])
    names = ("median_ms", "p95_ms", "p99_ms", "max_ms")
    return {"frames": len(times_ms), **dict(zip(names, at.tolist(), strict=True))}


def late_shares(view: QWidget, seconds: float) -> tuple[Figures, Figures]:
    """Return how many frames come late: a running view's, and an empty timer's in turn with it.

    Parameters
    ----------
    view
        Runs by its own timer while it is visible.
    seconds
        For each of the two.
    """
    ours: list[float] = []
    empty: list[float] = []
    for _ in range(max(round(seconds * 1000 / _TURN_MS), 1)):
        empty += _intervals(_of_empty_timer(min(seconds * 1000, _TURN_MS)))
        view.show()
        _let_run(10 * FRAME_MS)
        with _Paints(view) as paints:
            _let_run(min(seconds * 1000, _TURN_MS))
        view.hide()
        ours += _intervals(paints.at)
    return _late(ours), _late(empty)


def resident_mb() -> float:
    """Return how much memory this process holds; NaN where only Linux could tell."""
    if _STATUS.is_file():
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / _KIB
    return float("nan")


@contextmanager
def _on_screen(contestants: Iterable[Contestant]) -> Iterator[None]:
    for one in contestants:
        one.widget.show()
    for one in contestants:
        # A plot paints itself in a widget inside it.
        with _Paints(one.widget, *one.widget.findChildren(QWidget)) as paints:
            for _ in range(_WARM_UP):
                _timed(one)
        if not paints.at:
            raise RuntimeError(f"{one.name} paints nothing")
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        for one in contestants:
            one.widget.hide()


def _block(one: Contestant, frames: int) -> list[float]:
    _timed(one)
    until = time.perf_counter() + _BLOCK_S
    times = [_timed(one)]
    while len(times) < frames and time.perf_counter() < until:
        times.append(_timed(one))
    return times


def _timed(one: Contestant) -> float:
    start = time.perf_counter()
    one.frame()
    QApplication.processEvents()
    return (time.perf_counter() - start) * 1000


def _of_empty_timer(milliseconds: float) -> list[float]:
    at: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(FRAME_MS)
    timer.timeout.connect(lambda: at.append(time.perf_counter()))
    timer.start()
    _let_run(milliseconds)
    timer.stop()
    return at


def _intervals(at: Sequence[float]) -> list[float]:
    apart: list[float] = (np.diff(at) * 1000).tolist()
    return apart


def _late(intervals_ms: Sequence[float]) -> Figures:
    late = float(np.mean(np.asarray(intervals_ms) > FRAME_MS + LATE_MS))
    return {
        "frames": len(intervals_ms),
        "late_percent": 100 * late,
        "longest_ms": float(np.max(intervals_ms)),
    }


def _let_run(milliseconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(milliseconds), loop.quit)
    loop.exec()

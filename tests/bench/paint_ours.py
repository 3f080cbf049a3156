"""Our monitor and paper, as the benchmark drives them."""

from dataclasses import replace
from itertools import cycle
from typing import Final, Protocol

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.paper.pyramids import Pyramids
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.model import STANDARD_LEADS, LeadName, Origin, Provenance, Strip
from tests.bench.paint_sweeps import Signal

_RR_S: Final = 0.8


class Sweep(Protocol):
    """A sweep that is moved on by hand."""

    @property
    def widget(self) -> QWidget:
        """What is painted."""
        ...

    def frame(self, step_s: float) -> None:
        """Go on by this much."""
        ...


class Recording(Protocol):
    """A long recording of which a stretch is shown."""

    @property
    def widget(self) -> QWidget:
        """What is painted."""
        ...

    def show_span(self, start_s: float, seconds: float) -> None:
        """Show another stretch."""
        ...


def strip_of(signal: Signal, fs: float) -> Strip:
    """Make a strip that says that it is made."""
    leads = tuple(LeadName(name) for name in STANDARD_LEADS[: len(signal)])
    made = Provenance(Origin.SIMULATED, "made for measuring")
    return Strip(signal, fs, leads, 0.0, at_end=False, provenance=made)


class OurSweep:
    """The monitor with its heart rate, by a clock that is pushed; the same samples come again."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self._now_s = 0.0
        self._strip = strip_of(signal, fs)
        self._view = MonitorView(clock=lambda: self._now_s)
        self._view.running_out.connect(self._go_on)
        self._view.resize(*size)
        self._view.set_heart_rate_shown(True)
        self._view.set_strip(self._strip)
        self._tell_beats(0.0)
        self.widget = self._view
        (self._timer,) = self._view.findChildren(QTimer)

    def frame(self, step_s: float) -> None:
        """Push the clock; the timer's own strikes would come in between."""
        self._timer.stop()
        self._now_s += step_s
        self._view.advance()

    def _go_on(self, from_s: float) -> None:
        self._view.extend(replace(self._strip, start_s=from_s))
        self._tell_beats(from_s)

    def _tell_beats(self, from_s: float) -> None:
        until_s = from_s + self._strip.duration_s
        self._view.add_beats(np.arange(from_s, until_s, _RR_S), until_s)


def running_monitor(signal: Signal, fs: float, size: tuple[int, int]) -> QWidget:
    """Make a monitor that runs by the real clock while it is visible."""
    view = MonitorView()
    view.resize(*size)
    view.set_heart_rate_shown(True)
    view.set_strip(strip_of(signal, fs))
    return view


class OurPage:
    """The paper with a page of twelve leads."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self._strips = cycle([strip_of(signal, fs), strip_of(signal[:, ::-1], fs)])
        self._papers = cycle(PaperStyle)
        self.widget = PaperView()
        self.widget.resize(*size)
        self.widget.set_layout(PaperLayout.TWELVE)
        self.another_strip()

    def another_strip(self) -> None:
        """Draw other samples."""
        self.widget.set_strip(next(self._strips))

    def another_paper(self) -> None:
        """Draw the same samples on another kind of paper."""
        self.widget.set_style(next(self._papers))


class OurRecording:
    """The paper with a long recording, its outline built beforehand."""

    def __init__(self, signal: Signal, fs: float, size: tuple[int, int]) -> None:
        self.widget = PaperView()
        self.widget.resize(*size)
        self.widget.set_layout(PaperLayout.STACKED)
        self.widget.set_strip(strip_of(signal, fs))
        (pyramids,) = self.widget.findChildren(Pyramids)
        while pyramids.is_building:
            QApplication.processEvents()
        first_s, last_s = self.widget.visible_s
        self._seconds = last_s - first_s

    def show_span(self, start_s: float, seconds: float) -> None:
        """Show another stretch, as nearly as its boxes can be even."""
        if seconds != self._seconds:
            self.widget.zoom(self._seconds / seconds)
            self._seconds = seconds
        self.widget.show_from(start_s)

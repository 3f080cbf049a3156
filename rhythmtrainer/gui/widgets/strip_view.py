"""The strip: on paper or on a monitor, whichever the learner prefers, with the tools over it."""

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from rhythmtrainer.ecg.calipers import ALL_LANDMARKS, Landmark
from rhythmtrainer.ecg.paper import STANDARD_SPEED_MM_S, PaperLayout, has_twelve_leads
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.sound import Beeper
from rhythmtrainer.gui.widgets.strip_tools import StripTools, ToolKind
from rhythmtrainer.model import LeadName, Measurement, Step, Strip

_ZOOM_STEP = 1.25
_SCROLL_SHARE = 0.1
_SCROLL_BACK_S = 1.0


class StripMode(StrEnum):
    """How a strip is shown. Values are stored in the settings."""

    PAPER = "paper"
    MONITOR = "monitor"


class StripView(QStackedWidget):
    """Holds one strip, on paper and on a monitor, and shows one of them.

    Signals
    -------
    painted
        A new strip's first sample is on the screen; once for each strip.
    running_out
        The monitor needs samples from this time on (seconds from the recording's first sample).
    mode_changed
        The strip is now shown in the other way.
    changed
        Something that a bar of controls shows is now otherwise.
    """

    painted = Signal()
    running_out = Signal(float)
    mode_changed = Signal(StripMode)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stripView")
        self._paper = PaperView()
        self._monitor = MonitorView()
        self._views: tuple[PaperView | MonitorView, ...] = (self._paper, self._monitor)
        self._strips: tuple[Strip, ...] = ()
        self._paper_marks: Measurement | None = None
        self._monitor_marks: Measurement | None = None
        self._offered: Measurement | None = None
        self._step: Step | None = None
        self._tools = StripTools(self)
        self._tools.changed.connect(self._describe)
        self._marks: dict[StripMode, tuple[RevealMarks, ...]] = {}
        self._held = False
        self._announced = True
        self._speed_mm_s = STANDARD_SPEED_MM_S
        self._gain_mm_mv: float | None = None
        self._layout = PaperLayout.RHYTHM
        self._style = PaperStyle.PINK
        self._px_per_mm: float | None = None
        self._actual = False
        self._beeper = Beeper()
        for view in self._views:
            self.addWidget(view)
            view.painted.connect(self._announce)
            view.view_changed.connect(self._describe)
        self._monitor.running_out.connect(self.running_out)
        self._monitor.set_heart_rate_shown(True)
        self._monitor.beat.connect(self._beeper.beep)
        self._monitor.frozen_changed.connect(self.changed)
        self._describe()

    # What is shown

    @property
    def _shown(self) -> PaperView | MonitorView:
        return self._views[self.currentIndex()]

    @property
    def mode(self) -> StripMode:
        """How the strip is shown."""
        return StripMode.MONITOR if self.currentWidget() is self._monitor else StripMode.PAPER

    def set_mode(self, mode: StripMode) -> None:
        """Show the strip on paper or on the monitor."""
        if mode is self.mode:
            return
        if mode is StripMode.MONITOR and not (self._monitor.frozen or self._monitor.at_end):
            # Nothing can be measured on what moves.
            self.set_tool(None)
        self.setCurrentWidget(self._monitor if mode is StripMode.MONITOR else self._paper)
        self._describe()
        self.mode_changed.emit(mode)
        self.changed.emit()

    def set_strip(self, strip: Strip | None, *others: Strip) -> None:
        """Show a strip without marks; the monitor begins a new sweep.

        Leads of another rate or length come as strips of their own.
        """
        self._strips = () if strip is None else (strip, *others)
        self._layout = self._layout if self._layout in self.layouts else PaperLayout.RHYTHM
        self._announced = strip is None
        self._held = False
        self._paper_marks = self._monitor_marks = self._offered = None
        self.set_tool(None)
        self._tools.calipers.put_away()
        self._tools.offer(None, ())
        for view in self._views:
            view.set_strip(strip, *others)
        self._paper.set_layout(self._layout)
        self._show_leads()
        self._lay_over()
        self._tell()

    def extend(self, strip: Strip) -> None:
        """Let the monitor go on with samples that follow; the paper keeps its strip."""
        self._monitor.extend(strip)

    def finish(self, ending: str) -> None:
        """Let the monitor freeze behind its last sample and print why."""
        self._monitor.finish(ending)

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """The leads that there are."""
        return tuple(lead for strip in self._strips for lead in strip.leads)

    # The sweep

    @property
    def frozen(self) -> bool:
        """Whether the sweep is held."""
        return self._monitor.frozen

    @property
    def held(self) -> bool:
        """Whether the sweep is held for good: the strip has been answered."""
        return self._held

    def hold(self) -> None:
        """Freeze the sweep until the next strip comes."""
        self._held = True
        self._monitor.set_frozen(True)
        self.changed.emit()

    def sweep_all(self) -> None:
        """Show the strip, and no more than it, on the monitor, held and without marks."""
        self._monitor.set_strip(*(self._strips or (None,)))
        if self._offered is not None:
            self._monitor.add_beats(self._offered.beats_s)
        self._monitor.show_all()

    def toggle_frozen(self) -> None:
        """Hold the monitor's sweep, or let it go on; paper does not move."""
        if self.mode is StripMode.MONITOR and not self._held:
            if self.frozen:
                self.set_tool(None)
            self._monitor.set_frozen(not self.frozen)

    @property
    def swept(self) -> Strip | None:
        """What the monitor has shown of the strip so far."""
        return self._monitor.swept

    def add_beats(self, beats_s: NDArray[np.float64]) -> None:
        """Let the monitor count and sound R peaks, in seconds from the recording's first sample."""
        self._monitor.add_beats(beats_s)

    @property
    def has_sound(self) -> bool:
        """Whether this computer can beep."""
        return self._beeper.installed

    @property
    def beeps(self) -> bool:
        """Whether the monitor beeps with each QRS."""
        return self._beeper.enabled

    def set_beeps(self, beeps: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Beep with each QRS, or be quiet."""
        self._beeper.set_enabled(beeps)
        self.changed.emit()

    # Speed, gain, leads, paper

    @property
    def speed_mm_s(self) -> float:
        """Millimetres for each second."""
        return self._speed_mm_s

    def set_speed(self, speed_mm_s: float) -> None:
        """Let paper and monitor run at this speed."""
        self._speed_mm_s = speed_mm_s
        for view in self._views:
            view.set_speed(speed_mm_s)
        self._tell()

    @property
    def gain_mm_mv(self) -> float | None:
        """Millimetres for each millivolt, negative for an inverted lead; None for what fits."""
        return self._gain_mm_mv

    def set_gain(self, gain_mm_mv: float | None) -> None:
        """Draw a millivolt so many millimetres high."""
        self._gain_mm_mv = gain_mm_mv
        for view in self._views:
            view.set_gain(gain_mm_mv)
        self._tell()

    @property
    def channel(self) -> int:
        """Which of the leads is shown where one is."""
        return self._paper.channel

    def set_channel(self, channel: int) -> None:
        """Show this lead where one is shown, and below a page of twelve."""
        self._paper.set_channel(channel)
        self._show_leads()
        self._tell()

    @property
    def layout_shown(self) -> PaperLayout:
        """How the leads lie on the paper."""
        return self._layout

    @property
    def layouts(self) -> tuple[PaperLayout, ...]:
        """How the leads that there are can lie on paper."""
        if has_twelve_leads(self.leads):
            return tuple(PaperLayout)
        several = len(self.leads) > 1
        return (PaperLayout.RHYTHM, PaperLayout.STACKED) if several else (PaperLayout.RHYTHM,)

    def set_layout(self, layout: PaperLayout) -> None:
        """Lay the leads out; the monitor shows one of them, or all."""
        self._layout = layout
        self._paper.set_layout(layout)
        self._show_leads()
        self._tell()

    @property
    def style_shown(self) -> PaperStyle:
        """The kind of paper."""
        return self._style

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper; the monitor has colours of its own."""
        self._style = style
        self._paper.set_style(style)
        self._tell()

    @property
    def calibrated(self) -> bool:
        """Whether it is known how large a millimetre is on this screen."""
        return self._px_per_mm is not None

    @property
    def actual_size(self) -> bool:
        """Whether a millimetre of paper is a millimetre on this screen."""
        return self._actual and self.calibrated

    def set_screen_px_per_mm(self, px_per_mm: float | None) -> None:
        """Say how many logical pixels a millimetre of this screen has, or that nobody knows."""
        self._px_per_mm = px_per_mm
        self._paper.set_screen_px_per_mm(px_per_mm)
        self._apply_size()

    def set_actual_size(self, actual: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Draw in actual size where the screen's is known, or fit the width."""
        self._actual = actual
        self._apply_size()

    def _apply_size(self) -> None:
        self._paper.set_actual_size(self.actual_size)
        self._monitor.set_px_per_mm(self._px_per_mm if self.actual_size else None)
        self._tell()

    # Scrolling

    def scroll_by(self, direction: int) -> None:
        """Move along the strip by a tenth of what is seen; a frozen monitor goes back in time."""
        if self.mode is StripMode.MONITOR:
            self._monitor.scroll_back(-direction * _SCROLL_BACK_S)
        else:
            first_s, last_s = self._paper.visible_s
            self._paper.scroll(direction * _SCROLL_SHARE * (last_s - first_s))

    def to_start(self) -> None:
        """Go to the strip's beginning, or as far back as a frozen monitor remembers."""
        if self.mode is StripMode.MONITOR:
            self._monitor.scroll_back(math.inf)
        elif self._strips:
            self._paper.show_from(min(strip.start_s for strip in self._strips))

    def to_end(self) -> None:
        """Go to the strip's end, or to where a frozen monitor stopped."""
        if self.mode is StripMode.MONITOR:
            self._monitor.scroll_back(-math.inf)
        elif self._strips:
            self._paper.show_from(max(strip.end_s for strip in self._strips))

    def zoom_in(self) -> None:
        """Show less of the paper, larger; a monitor is not zoomed."""
        self._zoom(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more of the paper, smaller."""
        self._zoom(1 / _ZOOM_STEP)

    def _zoom(self, factor: float) -> None:
        if self.mode is StripMode.PAPER:
            self._paper.zoom(factor)

    def fit(self) -> None:
        """Show the whole strip in the width."""
        if self.mode is StripMode.PAPER:
            self._paper.fit()

    # Tools

    @property
    def tool(self) -> ToolKind | None:
        """What lies over the strip to measure it with."""
        return self._tools.kind

    def set_tool(self, kind: ToolKind | None) -> None:
        """Lay a tool over the strip, or put it away; a running monitor is frozen for it."""
        if kind is self._tools.kind or (kind is not None and not self._strips):
            return
        self._tools.kind = kind
        for view in self._views:
            view.set_tool(self._tools.current)
        if kind is not None:
            if self.mode is StripMode.MONITOR:
                self._monitor.set_frozen(True)
            first_s = min(strip.start_s for strip in self._strips)
            self._tools.lay_down(self._shown.stretches, first_s)
            self._shown.setFocus()
        elif self._shown.hasFocus():
            # The keys belong to the page again.
            self.setFocus()
        self._tell()

    def toggle_calipers(self) -> None:
        """Lay the calipers over the strip, or put them away."""
        self.set_tool(None if self.tool is ToolKind.CALIPERS else ToolKind.CALIPERS)

    def turn_ruler(self) -> None:
        """Lay the 300 rule over the strip, then the 6-second rule, then none."""
        self.set_tool(self._tools.next_ruler)

    def march_out(self) -> None:
        """March the calipers out across the strip, or stop that."""
        self.set_tool(ToolKind.CALIPERS)
        self._tools.march(self._shown.stretches)

    # Marks

    @property
    def marked(self) -> bool:
        """Whether there are marks on what is shown."""
        return bool(self._marks.get(self.mode))

    def set_paper_marks(self, measurement: Measurement | None) -> None:
        """Mark what was measured on the paper, which does not move."""
        self._paper_marks = measurement
        self._tools.offer(measurement, ALL_LANDMARKS)
        self._lay_over()

    def set_monitor_marks(self, measurement: Measurement | None) -> None:
        """Mark what was measured on what stands on the monitor."""
        self._monitor_marks = measurement
        self._lay_over()

    def change_mode(self) -> None:
        """Change over from paper to monitor, or back."""
        on_paper = self.mode is StripMode.PAPER
        self.set_mode(StripMode.MONITOR if on_paper else StripMode.PAPER)

    def set_focus_step(self, step: Step | None) -> None:
        """Mark one step of reading alone, or all of them."""
        self._step = step
        self._lay_over()

    def offer_beats(self, measurement: Measurement) -> None:
        """Let monitor and calipers have the R peaks before the strip is answered.

        Waves and counts are kept back until marks are set: the learner reads them himself.
        """
        self._offered = measurement
        self._tools.offer(measurement, (Landmark.R,))
        self._monitor.add_beats(measurement.beats_s)

    def picture(self, notice: str, *, with_marks: bool) -> Picture | None:
        """Return what is shown as a picture to be copied or saved; None without a strip.

        Parameters
        ----------
        notice
            What the picture must say about itself.
        with_marks
            Whether marks and tools that lie over the strip come with it.
        """
        on_monitor = self.mode is StripMode.MONITOR
        strips = self._monitor.all_swept if on_monitor else self._paper_part
        if not any(strip.signal.size for strip in strips):
            return None
        tool = self._tools.current
        over = (*self._marks.get(self.mode, ()), *(() if tool is None else (tool,)))
        return Picture(strips, notice, self._paper.sheet.style, overlays=over if with_marks else ())

    @property
    def _paper_part(self) -> tuple[Strip, ...]:
        first_s, last_s = self._paper.visible_s
        return tuple(strip.cropped(first_s, last_s) for strip in self._strips)

    @property
    def legend(self) -> str:
        """What the marks mean, in one line; empty where there are none."""
        marks = self._marks.get(self.mode)
        return marks[0].legend if marks else ""

    def _show_leads(self) -> None:
        one = self._layout is PaperLayout.RHYTHM
        self._monitor.set_leads_shown((self.channel,) if one else None)

    def _announce(self) -> None:
        if not self._announced:
            self._announced = True
            self.painted.emit()

    def _tell(self) -> None:
        self._describe()
        self.changed.emit()

    def _describe(self) -> None:
        """Say to a screen reader what is drawn, without what it means."""
        self.setAccessibleName("ECG strip")
        if not self._strips:
            self.setAccessibleDescription("No strip is shown.")
            return
        tool = self._tools.current
        said = self._shown.description
        more = (self.legend, "" if tool is None else tool.description)
        self.setAccessibleDescription(" ".join(part for part in (said, *more) if part))

    def _lay_over(self) -> None:
        """Draw the marks anew over paper and monitor."""
        shown = next(iter(self._strips), None)
        for mode, view, found, strip in (
            (StripMode.PAPER, self._paper, self._paper_marks, shown),
            (StripMode.MONITOR, self._monitor, self._monitor_marks, self._monitor.swept),
        ):
            marks: tuple[RevealMarks, ...] = ()
            if found is not None and strip is not None:
                marks = (RevealMarks(found, strip, focus=self._step),)
            self._marks[mode] = marks
            view.set_overlays(marks)
        self._tell()

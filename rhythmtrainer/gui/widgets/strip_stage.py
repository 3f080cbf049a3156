"""A strip on paper and on a monitor, one of them shown: which leads, how large, which part."""

import math
from enum import StrEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from rhythmtrainer.ecg.paper import STANDARD_SPEED_MM_S, PaperLayout, has_twelve_leads
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.model import LeadName, Strip

_ZOOM_STEP = 1.25
# A screen reader needs it no sooner, and gaps are searched for it.
_DESCRIBED_AFTER_MS = 200
_SCROLL_SHARE = 0.1
_SCROLL_BACK_S = 1.0
# More than that, one below another, are too low to be read.
_FEW_LEADS = 3
# What fits in pixels is never quite what was wanted.
_MORE = 1.1


class StripMode(StrEnum):
    """How a strip is shown. Values are stored in the settings."""

    PAPER = "paper"
    MONITOR = "monitor"


class StripStage(QStackedWidget):
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
        self.setAccessibleName("ECG strip")
        self._paper = PaperView()
        self._monitor = MonitorView()
        self._views: tuple[PaperView | MonitorView, ...] = (self._paper, self._monitor)
        self._strips: tuple[Strip, ...] = ()
        self._announced = True
        self._speed_mm_s = STANDARD_SPEED_MM_S
        self._gain_mm_mv: float | None = None
        self._layout = PaperLayout.RHYTHM
        self._style = PaperStyle.PINK
        self._px_per_mm: float | None = None
        self._actual = False
        self._description_timer = QTimer(self)
        self._description_timer.setSingleShot(True)
        self._description_timer.setInterval(_DESCRIBED_AFTER_MS)
        self._description_timer.timeout.connect(self._describe)
        for view in self._views:
            self.addWidget(view)
            view.painted.connect(self._announce)
            view.view_changed.connect(self._describe_soon)
        self._monitor.running_out.connect(self.running_out)

    @property
    def _shown(self) -> PaperView | MonitorView:
        return self._views[self.currentIndex()]

    @property
    def mode(self) -> StripMode:
        """How the strip is shown."""
        return StripMode.MONITOR if self.currentWidget() is self._monitor else StripMode.PAPER

    def set_mode(self, mode: StripMode) -> None:
        """Show the strip on paper or on the monitor."""
        if mode is not self.mode:
            self.setCurrentWidget(self._monitor if mode is StripMode.MONITOR else self._paper)
            self._describe()
            self.mode_changed.emit(mode)
            self.changed.emit()

    def change_mode(self) -> None:
        """Change over from paper to monitor, or back."""
        on_paper = self.mode is StripMode.PAPER
        self.set_mode(StripMode.MONITOR if on_paper else StripMode.PAPER)

    def set_strip(self, strip: Strip | None, *others: Strip) -> None:
        """Show a strip at its usual speed and the gain that fits; the monitor sweeps anew.

        Leads of another rate or length come as strips of their own.
        """
        self._strips = () if strip is None else (strip, *others)
        self._layout = self._layout if self._layout in self.layouts else PaperLayout.RHYTHM
        self._announced = strip is None
        for view in self._views:
            view.set_strip(strip, *others)
        self._paper.set_layout(self._layout)
        self._show_leads()
        # What was wanted for one strip is a trap at the next.
        self.set_speed(STANDARD_SPEED_MM_S)
        self.set_gain(None)
        self._tell()

    @property
    def end_s(self) -> float:
        """Where the last of the samples on the paper lies, from the recording's first."""
        return max((strip.end_s for strip in self._strips), default=0.0)

    def lengthen(self, strip: Strip, *others: Strip) -> None:
        """Let the paper have more of the recording that it shows; nothing else changes.

        The monitor goes on with what it is given by `extend`.
        """
        self._strips = (strip, *others)
        self._paper.lengthen(strip, *others)
        self._tell()

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """The leads that there are."""
        return tuple(lead for strip in self._strips for lead in strip.leads)

    # How it is drawn

    @property
    def speed_mm_s(self) -> float:
        """Millimetres for each second."""
        return self._speed_mm_s

    def set_speed(self, speed_mm_s: float) -> None:
        """Let paper and monitor run at this speed."""
        if speed_mm_s != self._speed_mm_s:
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
        if gain_mm_mv != self._gain_mm_mv:
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

    def lay_out_all(self) -> None:
        """Lay out twelve leads as on a page, a few below each other, and of others the first."""
        few = has_twelve_leads(self.leads) or len(self.leads) <= _FEW_LEADS
        self.set_layout(self.layouts[-1] if few else PaperLayout.RHYTHM)
        # Below a page of twelve, too, lies the lead that is measured.
        self.set_channel(0)

    def set_layout(self, layout: PaperLayout) -> None:
        """Lay the leads out; the monitor shows one of them, or all."""
        first_s, last_s = self._paper.visible_s
        self._layout = layout
        self._paper.set_layout(layout)
        self._show_no_more(first_s, last_s - first_s)
        self._show_leads()
        self._tell()

    @property
    def style_shown(self) -> PaperStyle:
        """The kind of paper."""
        return self._style

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper; the monitor has colours of its own."""
        if style is not self._style:
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

    @property
    def shown_in_actual_size(self) -> bool:
        """Whether that is so now: zoomed, it is not."""
        zoomed = self.mode is StripMode.PAPER and not self._paper.is_actual_size
        return self.actual_size and not zoomed

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
            self._paper.show_end()

    def show_first(self, seconds: float) -> None:
        """Show so much of the beginning on the paper, where there is more than that.

        In actual size the screen says how much is seen.
        """
        if not self.actual_size:
            self._show_no_more(self._paper.visible_s[0], seconds)

    def _show_no_more(self, from_s: float, seconds: float) -> None:
        first_s, last_s = self._paper.visible_s
        if last_s - first_s > _MORE * seconds > 0.0:
            self._paper.zoom((last_s - first_s) / seconds)
            self._paper.show_from(from_s)

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

    # Inside

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

    @property
    def _description(self) -> str:
        """What is drawn, without what it means."""
        return self._shown.description if self._strips else "No strip is shown."

    def _describe_soon(self) -> None:
        """Describe what is drawn once it stands still: not with every frame that scrolls."""
        if not self._description_timer.isActive():
            self._description_timer.start()

    def _describe(self) -> None:
        """Say to a screen reader what is drawn."""
        self.setAccessibleDescription(self._description)

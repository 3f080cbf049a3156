"""The strip as a learner has it: swept, measured with tools, and marked with the reason."""

from itertools import chain

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from rhythmtrainer.ecg.calipers import ALL_LANDMARKS, Landmark
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.overlay import Tool
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.sound import Beeper
from rhythmtrainer.gui.widgets.strip_stage import StripMode, StripStage
from rhythmtrainer.gui.widgets.strip_tools import StripTools, ToolKind
from rhythmtrainer.model import Measurement, Step, Strip


class StripView(StripStage):
    """A strip with its sweep, the tools over it, and the marks of the reveal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper_marks: Measurement | None = None
        self._monitor_marks: Measurement | None = None
        self._marked_channel = 0
        self._offered: Measurement | None = None
        self._step: Step | None = None
        self._tools = StripTools(self)
        self._tools.changed.connect(self._describe_soon)
        self._page_tool: Tool | None = None
        self._marks: dict[StripMode, tuple[RevealMarks, ...]] = {}
        self._held = False
        self._ended = False
        self._beeper = Beeper()
        self._monitor.set_heart_rate_shown(True)
        self._monitor.beat.connect(self._beeper.beep)
        self._monitor.frozen_changed.connect(self.changed)
        self._monitor.view_changed.connect(self._tell_of_end)
        self._describe()

    # What is shown

    def set_mode(self, mode: StripMode) -> None:
        """Show the strip on paper or on the monitor."""
        if mode is self.mode:
            return
        if mode is StripMode.MONITOR and not (self.frozen or self.at_end):
            # Nothing can be measured on what moves.
            self.set_tool(None)
        self._tools.let_go()
        super().set_mode(mode)

    def set_strip(self, strip: Strip | None, *others: Strip) -> None:
        """Show a strip without marks; the monitor begins a new sweep.

        Leads of another rate or length come as strips of their own.
        """
        self._held = False
        self._paper_marks = self._monitor_marks = self._offered = None
        self._marked_channel = 0
        self.set_tool(None)
        self._tools.calipers.put_away()
        self._tools.offer(None, ())
        super().set_strip(strip, *others)
        self._lay_over()

    def extend(self, strip: Strip, *others: Strip) -> None:
        """Let the monitor go on with samples that follow; the paper keeps its strip."""
        self._monitor.extend(strip, *others)

    def finish(self, ending: str) -> None:
        """Let the monitor freeze behind its last sample and print why."""
        self._monitor.finish(ending)

    # The sweep

    @property
    def frozen(self) -> bool:
        """Whether the sweep is held."""
        return self._monitor.frozen

    @property
    def held(self) -> bool:
        """Whether the sweep is held for good: the strip has been answered."""
        return self._held

    @property
    def at_end(self) -> bool:
        """Whether the sweep rests because there is no more of the recording."""
        return self._monitor.at_end

    def _tell_of_end(self) -> None:
        if self._ended != self.at_end:
            self._ended = self.at_end
            self.changed.emit()

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
        if self.mode is StripMode.MONITOR and not (self._held or self.at_end):
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

    # Tools

    @property
    def tool(self) -> ToolKind | None:
        """What lies over the strip to measure it with."""
        return self._tools.kind

    def set_tool(self, kind: ToolKind | None) -> None:
        """Lay a tool over the strip, or put it away; a running monitor is frozen for it."""
        if kind is self._tools.kind or (kind is not None and not self._strips):
            return
        self._tools.let_go()
        self._tools.kind = kind
        self._paper.set_tool(self._tools.current or self._page_tool)
        self._monitor.set_tool(self._tools.current)
        if kind is not None:
            if self.mode is StripMode.MONITOR and not self.at_end:
                self._monitor.set_frozen(True)
            first_s = min(strip.start_s for strip in self._strips)
            self._tools.lay_down(self._shown.stretches, first_s)
            self._shown.setFocus()
        elif self._shown.hasFocus():
            # The keys belong to the page again.
            self.setFocus()
        self._tell()

    def set_page_tool(self, tool: Tool) -> None:
        """Lay a tool of the page's own over the paper while nothing is measured."""
        self._page_tool = tool
        self._paper.set_tool(self._tools.current or tool)

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

    def set_paper_marks(self, measurement: Measurement | None, channel: int = 0) -> None:
        """Mark what was measured on the paper, which does not move.

        Parameters
        ----------
        channel
            Place of the lead that was measured among all leads, from 0.
        """
        self._paper_marks = measurement
        self._marked_channel = channel
        self._tools.offer(measurement, ALL_LANDMARKS)
        self._lay_over()

    def set_monitor_marks(self, measurement: Measurement | None) -> None:
        """Mark what was measured on what stands on the monitor."""
        self._monitor_marks = measurement
        self._lay_over()

    def set_focus_step(self, step: Step | None) -> None:
        """Mark one step of reading alone, or all of them."""
        self._step = step
        for mark in chain.from_iterable(self._marks.values()):
            mark.set_focus(step)
        for view in self._views:
            view.update()
        self._tell()

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

    @property
    def _description(self) -> str:
        said = super()._description
        if not self._strips:
            return said
        tool = self._tools.current
        more = (self.legend, "" if tool is None else tool.description)
        return " ".join(part for part in (said, *more) if part)

    def _lay_over(self) -> None:
        """Draw the marks anew over paper and monitor."""
        channel = self._marked_channel
        shown, row = self._place_of(channel)
        for mode, view, found, strip, place in (
            (StripMode.PAPER, self._paper, self._paper_marks, shown, (channel, row)),
            (StripMode.MONITOR, self._monitor, self._monitor_marks, self._monitor.swept, (0, 0)),
        ):
            marks: tuple[RevealMarks, ...] = ()
            if found is not None and strip is not None:
                lead, row = place
                marks = (RevealMarks(found, strip, focus=self._step, channel=lead, row=row),)
            self._marks[mode] = marks
            view.set_overlays(marks)
        self._tell()

    def _place_of(self, channel: int) -> tuple[Strip | None, int]:
        """Return the strip that holds a lead, and its row there."""
        for strip in self._strips:
            if channel < len(strip.leads):
                return strip, channel
            channel -= len(strip.leads)
        return None, 0

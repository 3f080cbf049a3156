"""The strip: on paper or on a monitor, whichever the learner prefers."""

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from rhythmtrainer.gui.widgets.monitor_view import MonitorView
from rhythmtrainer.gui.widgets.paper_view import PaperView
from rhythmtrainer.model import Measurement, Strip, describe_lead


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
    """

    painted = Signal()
    running_out = Signal(float)
    mode_changed = Signal(StripMode)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stripView")
        self._paper = PaperView()
        self._monitor = MonitorView()
        self._strip: Strip | None = None
        self._announced = True
        self.addWidget(self._paper)
        self.addWidget(self._monitor)
        self._paper.painted.connect(self._announce)
        self._monitor.painted.connect(self._announce)
        self._monitor.running_out.connect(self.running_out)
        self._describe()

    @property
    def mode(self) -> StripMode:
        """How the strip is shown."""
        return StripMode.MONITOR if self.currentWidget() is self._monitor else StripMode.PAPER

    def set_mode(self, mode: StripMode) -> None:
        """Show the strip on paper or on the monitor."""
        if mode is self.mode:
            return
        self.setCurrentWidget(self._monitor if mode is StripMode.MONITOR else self._paper)
        self._describe()
        self.mode_changed.emit(mode)

    def set_strip(self, strip: Strip | None) -> None:
        """Show a strip without marks; the monitor begins a new sweep."""
        self._strip = strip
        self._announced = strip is None
        self._paper.set_strip(strip)
        self._monitor.set_strip(strip)
        self._describe()

    def extend(self, strip: Strip) -> None:
        """Let the monitor go on with samples that follow; the paper keeps its strip."""
        self._monitor.extend(strip)

    def finish(self, ending: str) -> None:
        """Let the monitor freeze behind its last sample and print why."""
        self._monitor.finish(ending)

    def freeze(self) -> None:
        """Hold the monitor's sweep."""
        self._monitor.set_frozen(True)

    def sweep_all(self) -> None:
        """Show the strip, and no more than it, on the monitor, held and without marks."""
        self._monitor.set_strip(self._strip)
        self._monitor.show_all()

    def toggle_frozen(self) -> None:
        """Hold the monitor's sweep, or let it go on; paper does not move."""
        if self.mode is StripMode.MONITOR:
            self._monitor.set_frozen(not self._monitor.frozen)

    @property
    def swept(self) -> Strip | None:
        """What the monitor has shown of the strip so far."""
        return self._monitor.swept

    def set_paper_marks(self, measurement: Measurement | None) -> None:
        """Mark beats on the paper, which does not move."""
        self._paper.set_marks(measurement)

    def set_monitor_marks(self, measurement: Measurement | None) -> None:
        """Mark beats on what stands on the monitor."""
        self._monitor.set_marks(measurement)

    def _announce(self) -> None:
        if not self._announced:
            self._announced = True
            self.painted.emit()

    def _describe(self) -> None:
        """Say to a screen reader what is drawn, without what it means."""
        self.setAccessibleName("ECG strip")
        if self._strip is None:
            self.setAccessibleDescription("No strip is shown.")
            return
        where = "a moving monitor" if self.mode is StripMode.MONITOR else "ECG paper"
        self.setAccessibleDescription(
            f"{self._strip.duration_s:.0f} seconds of {describe_lead(self._strip.leads[0])} "
            f"on {where}, 25 millimetres per second."
        )

"""What the program measures on the strip, beside what the instructor says."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rhythmtrainer.gui.theme import UNIT, heading_font, verdict_colour
from rhythmtrainer.gui.widgets.readings import Readings
from rhythmtrainer.gui.widgets.text import quiet_label, set_or_hide, wrapping_label
from rhythmtrainer.model import Reading, Step

_COUNTS = "Your label counts. Measurements can be wrong, and never change it."


class MeasuredPanel(QWidget):
    """Readings, and where they do not fit the label.

    Signals
    -------
    focus_changed
        The step of reading that is to be looked at on the strip, or None.
    """

    focus_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measuredPanel")
        self.setAccessibleName("Measured on this strip")
        self._heading = wrapping_label("Measured")
        self._heading.setObjectName("measuredHeading")
        self._heading.setFont(heading_font(0))
        self._doubts = wrapping_label()
        self._doubts.setObjectName("labelDoubts")
        self._readings = Readings()
        self._readings.focus_changed.connect(self.focus_changed)
        counts = quiet_label(_COUNTS)
        counts.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._heading)
        column.addWidget(self._doubts)
        column.addWidget(self._readings)
        column.addWidget(counts)
        column.addStretch(1)
        self.show_waiting("")

    @property
    def focus_step(self) -> Step | None:
        """The step that is looked at on the strip."""
        return self._readings.focus_step

    def follow(self, control: QWidget) -> None:
        """Let Tab go through the readings behind a control."""
        self._readings.follow(control)

    def show_waiting(self, heading: str) -> None:
        """Show no readings, and say why."""
        self._heading.setText(heading or "Measured")
        self._readings.show_readings(())
        self._readings.hide()
        set_or_hide(self._doubts, "")

    def show_measured(
        self, heading: str, readings: Sequence[Reading], doubts: Sequence[str]
    ) -> None:
        """Show readings, and what of them does not fit the label."""
        self._heading.setText(heading)
        self._readings.show_readings(readings)
        self._readings.show()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, verdict_colour(right=False))
        self._doubts.setPalette(palette)
        set_or_hide(self._doubts, "\n".join(f"⚠ {doubt}" for doubt in doubts))

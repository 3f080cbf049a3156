"""The readings of a strip, step by step; each can be looked at alone on the strip."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import quiet_label, wrapping_label
from rhythmtrainer.model import Reading, Step

_COLUMNS = ("", "How it is recognised", "Measured on this strip")


class Readings(QWidget):
    """A row for each step of reading, in the teaching order.

    Signals
    -------
    focus_changed
        The step that is to be looked at alone, or None for all of them.
    """

    focus_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._buttons: list[QPushButton] = []
        self._focus: Step | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * UNIT)
        self._grid.setVerticalSpacing(UNIT)
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(2, 2)

    @property
    def focus_step(self) -> Step | None:
        """The step that is looked at alone."""
        return self._focus

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Fill the rows; a step that is looked at stays so if it is among them."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._steps = tuple(reading.step for reading in readings)
        for column, title in enumerate(_COLUMNS):
            label = quiet_label(title)
            label.setWordWrap(True)
            self._grid.addWidget(label, 0, column)
        self._buttons = [self._add_row(row, reading) for row, reading in enumerate(readings, 1)]
        self.set_focus_step(self._focus if self._focus in self._steps else None)

    def follow(self, control: QWidget) -> None:
        """Let Tab go through the steps behind a control: new buttons would come last of all."""
        for button in self._buttons:
            QWidget.setTabOrder(control, button)
            control = button

    def set_focus_step(self, step: Step | None) -> None:
        """Look at one step alone, or at all of them."""
        for known, button in zip(self._steps, self._buttons, strict=True):
            button.setChecked(known is step)
        if step is not self._focus:
            self._focus = step
            self.focus_changed.emit(step)

    def move_focus(self, by: int) -> None:
        """Go to the next or the previous step; past either end all of them are looked at."""
        places: list[Step | None] = [None, *self._steps]
        now = places.index(self._focus)
        self.set_focus_step(places[(now + by) % len(places)])

    def _add_row(self, row: int, reading: Reading) -> QPushButton:
        button = QPushButton(reading.heading)
        button.setProperty("role", "reading")
        button.setCheckable(True)
        button.setAutoDefault(True)
        button.setAccessibleName(f"Show {reading.heading} alone on the strip")
        button.setToolTip("Show this alone on the strip (↑ ↓)")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        step = reading.step
        button.clicked.connect(lambda checked: self.set_focus_step(step if checked else None))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(button, row, 0, top)
        for column, text in enumerate((reading.taught, reading.measured), start=1):
            label = wrapping_label(text)
            label.setAlignment(top)
            self._grid.addWidget(label, row, column)
        return button

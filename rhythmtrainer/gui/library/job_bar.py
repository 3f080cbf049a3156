"""How far slow work has come, and how it ended."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from rhythmtrainer.gui.library.controls import button
from rhythmtrainer.gui.theme import UNIT, tabular_font, verdict_colour
from rhythmtrainer.gui.widgets.text import OneLine, wrapping_label

_STEPS: Final = 1000
_BAR_WIDTH: Final = 45 * UNIT
_HEIGHT: Final = 8 * UNIT


class JobBar(QWidget):
    """A line with a bar and Cancel while work is under way, then a sentence.

    Signals
    -------
    cancel_pressed
        The user does not want the work done any more.
    focus_left
        Cancel had the focus and cannot be pressed any more.
    """

    cancel_pressed = Signal()
    focus_left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._doing = ""
        self._line = OneLine()
        self._line.setFont(tabular_font())
        # For once it is not in the background.
        self._line.setProperty("role", "")
        self._sentence = wrapping_label()
        self._sentence.setObjectName(f"{name}Sentence")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._cancel = button(f"{name}Cancel", "Cancel")
        self._cancel.clicked.connect(self.cancel_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * UNIT)
        row.addWidget(self._line, 1)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._bar)
        row.addWidget(self._cancel)
        # Nothing jumps when work begins or ends.
        self.setMinimumHeight(_HEIGHT)
        self.say("")

    def begin(self, doing: str, *, can_stop: bool, focus: bool) -> None:
        """Say what is being done now.

        Parameters
        ----------
        can_stop
            Whether Cancel may be pressed.
        focus
            Whether Cancel takes the focus, because what started the work had it.
        """
        self._doing = doing
        self._show_running(running=True)
        self._cancel.setEnabled(can_stop)
        self._cancel.setAccessibleDescription(doing)
        self._bar.setAccessibleName(doing)
        self.show_progress(f"{doing} …", None)
        if focus:
            self._cancel.setFocus()

    def show_progress(self, said: str, share: float | None) -> None:
        """Say how far it has come; a share from 0 to 1, or None where the end is not known."""
        self._line.say(said)
        self._bar.setRange(0, 0 if share is None else _STEPS)
        if share is not None:
            self._bar.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))

    def show_stopping(self) -> None:
        """Say that the work has been called off but has not let go yet."""
        self._line.say(f"{self._doing}: stopping …")
        self._bar.setRange(0, 0)
        had_focus = self._cancel.hasFocus()
        self._cancel.setEnabled(False)
        if had_focus:
            self.focus_left.emit()

    def say(self, sentence: str, *, fault: bool = False) -> None:
        """Say how the work ended, or anything else in its place."""
        had_focus = self._cancel.hasFocus()
        self._show_running(running=False)
        self._sentence.setText(f"⚠ {sentence}" if fault else sentence)
        self._sentence.setAccessibleName(sentence)
        colour = verdict_colour(right=False).name() if fault else "palette(window-text)"
        self._sentence.setStyleSheet(f"color: {colour};")
        if had_focus:
            self.focus_left.emit()

    def _show_running(self, *, running: bool) -> None:
        for widget in (self._line, self._bar, self._cancel):
            widget.setVisible(running)
        self._sentence.setVisible(not running)

"""What the pages share that show a recording which the user opens."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from rhythmtrainer.gui.recordings.dropping import FileDrop
from rhythmtrainer.gui.recordings.heading import Heading
from rhythmtrainer.gui.recordings.table_form import TableForm
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import OneLine, wrapping_label
from rhythmtrainer.model import TableGuess, TableLayout


class RecordingPage(QWidget):
    """A page with a message, a question about a table, or what is done with a recording.

    Parameters
    ----------
    name
        How the names of its widgets begin.
    title
        The heading, and what a screen reader calls the page.
    keys
        What the panel of keys lists.

    Signals
    -------
    open_wanted
        The user wants to choose a recording.
    file_dropped
        The recording is this file, a `Path`.
    confirmed
        The table that was asked about is to be read like this, a `TableLayout`.
    stop_wanted
        The user does not want to wait for the recording, or to confirm anything.
    """

    open_wanted = Signal()
    file_dropped = Signal(Path)
    confirmed = Signal(TableLayout)
    stop_wanted = Signal()

    def __init__(
        self,
        name: str,
        title: str,
        strip: StripView,
        keys: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}Page")
        self.setAccessibleName(title)
        self.strip = strip
        self._name = name
        self._title = Heading(title)
        self._status = OneLine()
        self._said = ""
        strip.changed.connect(lambda: self._status.say(self._said))
        self._notes = wrapping_label()
        self._notes.setObjectName(f"{name}Notes")
        self._notes.setProperty("role", "quiet")
        self._message = MessagePanel()
        self._table_form = TableForm()
        self._table_form.confirmed.connect(self.confirmed)
        self._table_form.left.connect(self.stop_wanted)
        self._work = QWidget()
        self._stack = QStackedWidget()
        for widget in (self._message, self._work, self._table_form):
            self._stack.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._stack)
        self._keys = KeysPanel(keys, self)
        FileDrop(self).dropped.connect(self.file_dropped)

    def _lay_out(self, buttons: Sequence[QPushButton], below: Sequence[QWidget]) -> None:
        """Lay out the work: a head with buttons, below it widgets, the last of which is tall."""
        keys = self._button("KeysButton", "Keys  ?", self._keys.toggle)
        keys.setShortcut("?")
        keys.setAccessibleName("Keys")
        head = QHBoxLayout()
        head.setSpacing(2 * UNIT)
        head.addWidget(self._title)
        head.addSpacing(2 * UNIT)
        head.addWidget(self._status, 1)
        for button in (*buttons, keys):
            head.addWidget(button)
        column = QVBoxLayout(self._work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(head)
        column.addWidget(self._notes)
        for widget in below:
            column.addWidget(widget, 1 if widget is below[-1] else 0)

    def _button(self, name: str, label: str, slot: object) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"{self._name}{name}")
        button.setProperty("role", "segment")
        button.setAutoDefault(True)
        button.clicked.connect(slot)
        return button

    @property
    def working(self) -> bool:
        """Whether a recording is shown."""
        return self._stack.currentWidget() is self._work

    def show_work(self) -> None:
        """Show what is done with the recording as it is."""
        self._stack.setCurrentWidget(self._work)
        self.setFocus()

    def show_question(self, name: str, guess: TableGuess) -> None:
        """Ask how a table is to be read."""
        self._table_form.show_guess(name, guess)
        self._stack.setCurrentWidget(self._table_form)

    def show_message(self, message: Message) -> None:
        """Show a message in place of a recording."""
        self._message.show_message(message)
        self._stack.setCurrentWidget(self._message)
        if not message.focus:
            # Else it would go wherever Tab goes next.
            self.setFocus()

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper."""
        self.strip.set_style(style)

    def set_status(self, text: str) -> None:
        """Say something quietly above the strip."""
        self._said = text
        self._status.say(text)

    def mention(self, text: str) -> None:
        """Say something in the place of that until the strip changes."""
        self._status.say(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let Enter press the button of a message, also when the page is turned to again."""
        super().focusInEvent(event)
        if self._stack.currentWidget() is self._message:
            self._message.take_focus()

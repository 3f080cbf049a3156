"""The page on which a strip is made out of a recording, and labelled."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from rhythmtrainer.gui.label.desk import LabelDesk
from rhythmtrainer.gui.recordings.dropping import FileDrop
from rhythmtrainer.gui.recordings.heading import Heading
from rhythmtrainer.gui.recordings.table_form import TableForm
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS
from rhythmtrainer.gui.widgets.text import OneLine, set_or_hide, wrapping_label
from rhythmtrainer.model import TableGuess, TableLayout

OPEN: Final = ("labelOpenButton", "Open a recording …")
STOP: Final = ("labelStopButton", "Stop")
ANOTHER: Final = ("labelAnotherButton", "Label another")
LIBRARY: Final = ("labelLibraryButton", "Go to the Library")
GO_ON: Final = ("labelGoOnButton", "Go on with this strip")
LEAVE: Final = ("labelLeaveButton", "Leave it unsaved")

_NOTHING_YET: Final = Message(
    "Label a strip of your own",
    "Open a recording, or drop its file here: WFDB, EDF, DICOM, or a table of numbers. Find the "
    "stretch, trim it, and say what it shows. Names, dates and numbers of patients are left out.",
    (OPEN,),
)
_OPENING: Final = Message("Opening the recording …", "", (STOP,), focus=False)
_UNSAVED: Final = Message(
    "This strip is not saved",
    "What you have said about it would be lost.",
    (GO_ON, LEAVE),
)
_KEYS: Final = (
    ("← →", "a second along the recording; with Shift a tenth"),
    ("PgUp  PgDn", "along it by what is shown"),
    ("Home  End", "its beginning, its end"),
    ("Ctrl+Z  Ctrl+Shift+Z", "take back a change of trim or label; do it again"),
    ("Ctrl+Enter", "save"),
    *(keys for keys in STRIP_KEYS if not keys[0].startswith("← →")),
    ("?", "these keys"),
)


class LabelPage(QWidget):
    """Asks for a recording, shows it, and collects what is said about a strip of it.

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
    undo_wanted, redo_wanted
        A change is to be taken back, or done again.
    another_wanted
        Another strip is to be made of the same recording.
    library_wanted
        The user wants to see the strips that there are.
    go_on_wanted, leave_wanted
        What to do with a strip that is not saved.
    """

    open_wanted = Signal()
    file_dropped = Signal(Path)
    confirmed = Signal(TableLayout)
    stop_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    another_wanted = Signal()
    library_wanted = Signal()
    go_on_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelPage")
        self.setAccessibleName("Label a strip")
        self.desk = LabelDesk()
        self.strip = self.desk.strip
        self.bar = self.desk.bar
        self._title = Heading("Label a strip")
        self._status = OneLine()
        self._said = ""
        self.strip.changed.connect(lambda: self._status.say(self._said))
        self._notes = wrapping_label()
        self._notes.setObjectName("labelNotes")
        self._notes.setProperty("role", "quiet")
        self._undo = self._segment("labelUndoButton", "Undo", self.undo_wanted)
        self._redo = self._segment("labelRedoButton", "Redo", self.redo_wanted)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self._undo.click),
            (QKeySequence("Ctrl+Shift+Z"), self._redo.click),
            (QKeySequence("Ctrl+Return"), self.desk.save),
        ):
            QShortcut(keys, self).activated.connect(slot)
        self._open = self._segment("labelOpenAnotherButton", OPEN[1], self.open_wanted)
        self._message = MessagePanel()
        self._message.pressed.connect(self._pressed)
        self._table_form = TableForm()
        self._table_form.confirmed.connect(self.confirmed)
        self._table_form.left.connect(self.stop_wanted)
        self._keys = KeysPanel(_KEYS, self)
        FileDrop(self).dropped.connect(self.file_dropped)
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        keys = QPushButton("Keys  ?")
        keys.setObjectName("labelKeysButton")
        keys.setShortcut("?")
        keys.setProperty("role", "segment")
        keys.setAccessibleName("Keys")
        keys.clicked.connect(self._keys.toggle)
        head = QHBoxLayout()
        head.setSpacing(2 * UNIT)
        head.addWidget(self._title)
        head.addSpacing(2 * UNIT)
        head.addWidget(self._status, 1)
        for button in (self._undo, self._redo, self._open, keys):
            head.addWidget(button)
        self._work = QWidget()
        column = QVBoxLayout(self._work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(head)
        column.addWidget(self._notes)
        column.addWidget(self.desk, 1)
        self._stack = QStackedWidget()
        for widget in (self._message, self._work, self._table_form):
            self._stack.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._stack)

    def _segment(self, name: str, label: str, signal: object) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setProperty("role", "segment")
        button.setAutoDefault(True)
        button.clicked.connect(signal)
        return button

    @property
    def working(self) -> bool:
        """Whether a recording is shown."""
        return self._stack.currentWidget() is self._work

    def show_recording(self, name: str, source: str, notes: str) -> None:
        """Show the desk, for a recording with this name."""
        self._title.say(f"Label a strip · {name}")
        self.set_status(source)
        set_or_hide(self._notes, notes)
        self.show_work()

    def show_work(self) -> None:
        """Show the desk as it is."""
        self._stack.setCurrentWidget(self._work)
        self.setFocus()

    def show_steps(self, *, can_undo: bool, can_redo: bool) -> None:
        """Let changes be taken back, or done again."""
        for button, possible in ((self._undo, can_undo), (self._redo, can_redo)):
            if button.hasFocus() and not possible:
                self.setFocus()
            button.setEnabled(possible)

    def show_message(self, message: Message) -> None:
        """Show a message in place of the desk."""
        self._message.show_message(message)
        self._stack.setCurrentWidget(self._message)
        if not message.focus:
            # Else it would go wherever Tab goes next.
            self.setFocus()

    def show_nothing(self) -> None:
        """Say what the page is for."""
        self.show_message(_NOTHING_YET)

    def show_opening(self) -> None:
        """Say that a recording is being opened."""
        self.show_message(_OPENING)

    def show_question(self, name: str, guess: TableGuess) -> None:
        """Ask how a table is to be read."""
        self._table_form.show_guess(name, guess)
        self._stack.setCurrentWidget(self._table_form)

    def show_fault(self, sentence: str) -> None:
        """Say why a recording cannot be opened."""
        self.show_message(Message("This recording cannot be opened", sentence, (OPEN,)))

    def show_unsaved(self) -> None:
        """Ask what is to become of a strip that is not saved."""
        self.show_message(_UNSAVED)

    def show_saved(self, sentence: str, *, can_label_another: bool) -> None:
        """Say that the strip was saved, and what can be done next."""
        buttons = (ANOTHER, LIBRARY) if can_label_another else (LIBRARY, OPEN)
        self.show_message(Message("Saved to your strips", sentence, buttons))

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the recording."""
        if not (self.working and self.desk.take(event)):
            super().keyPressEvent(event)

    def _pressed(self, name: str) -> None:
        signals = {
            OPEN[0]: self.open_wanted,
            STOP[0]: self.stop_wanted,
            ANOTHER[0]: self.another_wanted,
            LIBRARY[0]: self.library_wanted,
            GO_ON[0]: self.go_on_wanted,
            LEAVE[0]: self.leave_wanted,
        }
        signals[name].emit()

"""The page on which a strip is made out of a recording, and labelled."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from rhythmtrainer.gui.label.desk import LabelDesk
from rhythmtrainer.gui.recordings.page import RecordingPage
from rhythmtrainer.gui.widgets.message_panel import Message
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS
from rhythmtrainer.gui.widgets.text import set_or_hide

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


class LabelPage(RecordingPage):
    """Asks for a recording, shows it, and collects what is said about a strip of it.

    Signals
    -------
    undo_wanted, redo_wanted
        A change is to be taken back, or done again.
    another_wanted
        Another strip is to be made of the same recording.
    library_wanted
        The user wants to see the strips that there are.
    go_on_wanted, leave_wanted
        What to do with a strip that is not saved.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()
    another_wanted = Signal()
    library_wanted = Signal()
    go_on_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        desk = LabelDesk()
        super().__init__("label", "Label a strip", desk.strip, _KEYS, parent)
        self.desk = desk
        self.bar = desk.bar
        self._undo = self._button("UndoButton", "Undo", self.undo_wanted)
        self._redo = self._button("RedoButton", "Redo", self.redo_wanted)
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self._undo.click),
            (QKeySequence("Ctrl+Shift+Z"), self._redo.click),
            (QKeySequence("Ctrl+Return"), desk.save),
        ):
            QShortcut(keys, self).activated.connect(slot)
        another = self._button("OpenAnotherButton", OPEN[1], self.open_wanted)
        self._message.pressed.connect(self._pressed)
        self._lay_out((self._undo, self._redo, another), (desk,))
        self.show_nothing()

    def show_recording(self, name: str, source: str, notes: str) -> None:
        """Show the desk, for a recording with this name."""
        self._title.say(f"Label a strip · {name}")
        self.set_status(source)
        set_or_hide(self._notes, notes)
        self.show_work()

    def show_steps(self, *, can_undo: bool, can_redo: bool) -> None:
        """Let changes be taken back, or done again."""
        for button, possible in ((self._undo, can_undo), (self._redo, can_redo)):
            if button.hasFocus() and not possible:
                self.setFocus()
            button.setEnabled(possible)

    def show_nothing(self) -> None:
        """Say what the page is for."""
        self.show_message(_NOTHING_YET)

    def show_opening(self) -> None:
        """Say that a recording is being opened."""
        self.show_message(_OPENING)

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

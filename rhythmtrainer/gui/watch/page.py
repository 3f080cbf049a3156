"""The watch page: a recording of the user's own, or of any database, with nothing asked."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from rhythmtrainer.gui.recordings.dropping import FileDrop
from rhythmtrainer.gui.recordings.heading import Heading
from rhythmtrainer.gui.recordings.notes import said_of_file
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.recordings.table_form import TableForm
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS, StripKeys
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import OneLine, set_or_hide, wrapping_label
from rhythmtrainer.model import Progress, Strip, TableGuess, TableLayout

# As much as an ECG on paper shows.
_FIRST_S = 10.0
OPEN = ("watchOpenButton", "Open a recording …")
STOP = ("watchStopButton", "Stop reading")

_NOTHING_YET = Message(
    "Watch a recording",
    "Open a recording, or drop its file here: WFDB, EDF, DICOM, or a table of numbers. All its ECG "
    "leads run on the monitor and lie on paper, with calipers and rulers. Nothing is asked, and "
    "nothing is kept.",
    (OPEN,),
)
_READING = Message("Opening the recording …", "", (STOP,), focus=False)


class WatchPage(QWidget):
    """Shows a recording whole.

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
    enough_wanted
        What has been read of it will do.
    """

    open_wanted = Signal()
    file_dropped = Signal(Path)
    confirmed = Signal(TableLayout)
    stop_wanted = Signal()
    enough_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watchPage")
        self.setAccessibleName("Watch")
        self.strip = StripView()
        self.strip.setObjectName("watchStripView")
        self.bar = StripBar(self.strip)
        self._strip_keys = StripKeys(self.strip, self.bar, self)
        self._title = Heading("Watch")
        self._status = OneLine()
        self._said = ""
        self.strip.changed.connect(lambda: self._status.say(self._said))
        self._notes = wrapping_label()
        self._notes.setObjectName("watchNotes")
        self._notes.setProperty("role", "quiet")
        self._source = ""
        self._file_notes = ""
        self._enough = QPushButton(STOP[1])
        self._enough.setObjectName("watchEnoughButton")
        self._enough.setProperty("role", "segment")
        self._enough.setToolTip("Keep what has been read so far")
        self._enough.clicked.connect(self.enough_wanted)
        self._enough.hide()
        self._table_form = TableForm()
        self._table_form.confirmed.connect(self.confirmed)
        self._table_form.left.connect(self.stop_wanted)
        FileDrop(self).dropped.connect(self.file_dropped)
        self._open = QPushButton(OPEN[1])
        self._open.setObjectName("watchAnotherButton")
        self._open.setProperty("role", "segment")
        self._open.clicked.connect(self.open_wanted)
        self._message = MessagePanel()
        self._message.pressed.connect(self._pressed)
        self._keys = KeysPanel((*STRIP_KEYS, ("?", "these keys")), self)
        self._lay_out()
        self.show_message(_NOTHING_YET)

    def _lay_out(self) -> None:
        keys = QPushButton("Keys  ?")
        keys.setShortcut("?")
        keys.setProperty("role", "segment")
        keys.setAccessibleName("Keys")
        keys.clicked.connect(self._keys.toggle)
        head = QHBoxLayout()
        head.setSpacing(4 * UNIT)
        head.addWidget(self._title)
        head.addWidget(self._status, 1)
        head.addWidget(self._enough)
        head.addWidget(self._open)
        head.addWidget(keys)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(head)
        column.addWidget(self._notes)
        column.addWidget(self.bar)
        column.addWidget(self.strip, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(shown)
        self._stack.addWidget(self._table_form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._stack)

    def show_recording(self, strips: Sequence[Strip], recording: Recording) -> None:
        """Show the beginning of all leads, on a page of twelve where there are as many."""
        self.strip.set_strip(*strips)
        self.strip.set_layout(self.strip.layouts[-1])
        provenance = recording.provenance
        self._title.say(f"Watch · {provenance.source.rpartition('/')[2]}")
        self._source = f"{provenance.title} · {provenance.licence}"
        self._file_notes = said_of_file(recording.dropped, recording.repairs)
        self._enough.hide()
        self.set_status(self._source)
        set_or_hide(self._notes, self._file_notes)
        self._stack.setCurrentIndex(1)
        # Half an hour across the width is a black bar.
        self.strip.show_first(_FIRST_S)
        self.setFocus()

    def show_progress(self, progress: Progress) -> None:
        """Say quietly how much more has been read."""
        if self._stack.currentIndex() == 1:
            self._enough.show()
            self.set_status(f"{progress.said} · {self._source}")

    def show_all(self, strips: Sequence[Strip], missing: str) -> None:
        """Show all that has been read of the recording; where one looks stays.

        Parameters
        ----------
        missing
            Why that is not all of it, in a sentence.
        """
        if self._enough.hasFocus():
            self.setFocus()
        self._enough.hide()
        self.set_status(self._source)
        set_or_hide(self._notes, " ".join(part for part in (missing, self._file_notes) if part))
        if max((strip.end_s for strip in strips), default=0.0) > self.strip.end_s:
            self.strip.lengthen(*strips)

    def show_question(self, name: str, guess: TableGuess) -> None:
        """Ask how a table is to be read."""
        self.strip.set_strip(None)
        self._table_form.show_guess(name, guess)
        self._stack.setCurrentWidget(self._table_form)

    def show_message(self, message: Message) -> None:
        """Show a message in place of a recording."""
        self.strip.set_strip(None)
        self._message.show_message(message)
        self._stack.setCurrentIndex(0)
        if not message.focus:
            # Else it would go wherever Tab goes next.
            self.setFocus()

    def show_reading(self) -> None:
        """Say that a recording is being read."""
        self.show_message(_READING)

    def show_nothing(self) -> None:
        """Say what the page is for."""
        self.show_message(_NOTHING_YET)

    def show_fault(self, sentence: str) -> None:
        """Say why a recording cannot be shown."""
        self.show_message(Message("This recording cannot be shown", sentence, (OPEN,)))

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
        """Scroll and zoom the strip."""
        if not (self.strip.isVisible() and self._strip_keys.take(event)):
            super().keyPressEvent(event)

    def _pressed(self, name: str) -> None:
        if name == STOP[0]:
            self.stop_wanted.emit()
        else:
            self.open_wanted.emit()

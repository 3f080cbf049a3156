"""The watch page: a recording of the user's own, or of any database, with nothing asked."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from rhythmtrainer.gui.recordings.notes import said_of_file
from rhythmtrainer.gui.recordings.page import RecordingPage
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.widgets.message_panel import Message
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS, StripKeys
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import set_or_hide
from rhythmtrainer.model import Progress, Strip, TableGuess

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


class WatchPage(RecordingPage):
    """Shows a recording whole.

    Signals
    -------
    enough_wanted
        What has been read so far is enough.
    """

    enough_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        strip = StripView()
        strip.setObjectName("watchStripView")
        super().__init__("watch", "Watch", strip, (*STRIP_KEYS, ("?", "these keys")), parent)
        self.bar = StripBar(strip)
        self._strip_keys = StripKeys(strip, self.bar, self)
        self._source = ""
        self._file_notes = ""
        self._enough = self._button("EnoughButton", STOP[1], self.enough_wanted)
        self._enough.setToolTip("Keep what has been read so far")
        self._enough.hide()
        self._open = self._button("AnotherButton", OPEN[1], self.open_wanted)
        self._message.pressed.connect(self._pressed)
        self._lay_out((self._enough, self._open), (self.bar, strip))
        self.show_message(_NOTHING_YET)

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
        self.show_work()
        # Half an hour across the width is a black bar.
        self.strip.show_first(_FIRST_S)

    def show_progress(self, progress: Progress) -> None:
        """Say quietly how much more has been read."""
        if self.working:
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
        super().show_question(name, guess)

    def show_message(self, message: Message) -> None:
        """Show a message in place of a recording."""
        self.strip.set_strip(None)
        super().show_message(message)

    def show_reading(self) -> None:
        """Say that a recording is being read."""
        self.show_message(_READING)

    def show_nothing(self) -> None:
        """Say what the page is for."""
        self.show_message(_NOTHING_YET)

    def show_fault(self, sentence: str) -> None:
        """Say why a recording cannot be shown."""
        self.show_message(Message("This recording cannot be shown", sentence, (OPEN,)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll and zoom the strip."""
        if not (self.strip.isVisible() and self._strip_keys.take(event)):
            super().keyPressEvent(event)

    def _pressed(self, name: str) -> None:
        if name == STOP[0]:
            self.stop_wanted.emit()
        else:
            self.open_wanted.emit()

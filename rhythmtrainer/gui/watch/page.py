"""The watch page: a recording of the user's own, or of any database, with nothing asked."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from rhythmtrainer.gui.theme import UNIT, heading_font
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS, StripKeys
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import OneLine
from rhythmtrainer.model import Strip

# As much as an ECG on paper shows.
_FIRST_S = 10.0
OPEN = ("watchOpenButton", "Open a recording …")
STOP = ("watchStopButton", "Stop reading")

_NOTHING_YET = Message(
    "Watch a recording",
    "Open the header (.hea) of a WFDB record: all its ECG leads run on the monitor and lie on "
    "paper, with calipers and rulers. Nothing is asked, and nothing is kept.",
    (OPEN,),
)
_READING = Message("Reading the recording …", "A long one takes a while.", (STOP,), focus=False)


class WatchPage(QWidget):
    """Shows a recording whole.

    Signals
    -------
    open_wanted
        The user wants to choose a recording.
    stop_wanted
        The user does not want to wait for it any longer.
    """

    open_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watchPage")
        self.setAccessibleName("Watch")
        self.strip = StripView()
        self.strip.setObjectName("watchStripView")
        self.bar = StripBar(self.strip)
        self._strip_keys = StripKeys(self.strip, self.bar, self)
        self._title = QLabel("Watch")
        self._title.setFont(heading_font(2))
        self._status = OneLine()
        self._said = ""
        self.strip.changed.connect(lambda: self._status.say(self._said))
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
        head.addWidget(self._open)
        head.addWidget(keys)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.strip, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(shown)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._stack)

    def show_recording(self, strips: Sequence[Strip]) -> None:
        """Show all leads, on a page of twelve where there are as many."""
        first, *others = strips
        self.strip.set_strip(first, *others)
        self.strip.set_layout(self.strip.layouts[-1])
        self.strip.finish("The recording ends here")
        provenance = first.provenance
        self._title.setText(f"Watch · {provenance.source.rpartition('/')[2]}")
        self.set_status(f"{provenance.title} · {provenance.licence}")
        self._stack.setCurrentIndex(1)
        # Half an hour across the width is a black bar.
        self.strip.show_first(_FIRST_S)
        self.setFocus()

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

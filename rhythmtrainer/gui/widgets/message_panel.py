"""A designed state instead of an empty page: what is the case, and what to do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rhythmtrainer.gui.theme import UNIT, heading_font
from rhythmtrainer.gui.widgets.text import wrapping_label

_TEXT_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Message:
    """What is said in place of a page's content.

    Attributes
    ----------
    buttons
        Object name and label of each; the first stands out.
    focus
        Whether the first button has the focus, so that Enter presses it.
    """

    heading: str
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    focus: bool = True


class MessagePanel(QWidget):
    """A heading, a sentence or two, and buttons, in the middle of the page.

    Signals
    -------
    pressed
        The object name of the button that was pressed.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = QLabel()
        self._heading.setFont(heading_font())
        self._heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = wrapping_label()
        self._text.setObjectName("messageText")
        self._text.setFixedWidth(_TEXT_WIDTH)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._first: QPushButton | None = None
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2 * UNIT)
        whole = QVBoxLayout(self)
        whole.setSpacing(4 * UNIT)
        whole.addStretch(2)
        whole.addWidget(self._heading)
        whole.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addLayout(self._buttons)
        whole.addStretch(3)

    @property
    def heading(self) -> str:
        """The heading that is shown."""
        return self._heading.text()

    @property
    def text(self) -> str:
        """The sentences that are shown."""
        return self._text.text()

    def show_message(self, message: Message) -> None:
        """Fill the panel."""
        self._heading.setText(message.heading)
        self._text.setText(message.text)
        # A centred label is not given the height that its wrapped text needs.
        self._text.setFixedHeight(max(0, self._text.heightForWidth(_TEXT_WIDTH)))
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._first = None
        self._buttons.addStretch(1)
        for place, (name, label) in enumerate(message.buttons):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAutoDefault(True)
            button.setProperty("role", "primary" if place == 0 else "")
            button.clicked.connect(lambda _=False, name=name: self.pressed.emit(name))
            self._buttons.addWidget(button)
            if place == 0 and message.focus:
                self._first = button
        self._buttons.addStretch(1)
        self.take_focus()

    def take_focus(self) -> None:
        """Let Enter press the first button, if the message is one that is to be answered."""
        if self._first is not None:
            self._first.setFocus()

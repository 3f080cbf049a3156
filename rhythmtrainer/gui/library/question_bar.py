"""A question in the page instead of in a window over it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from rhythmtrainer.gui.library.controls import button
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import wrapping_label


class QuestionBar(QFrame):
    """A sentence with two buttons; the one that changes nothing has the focus.

    Signals
    -------
    focus_left
        The bar had the focus and is gone.
    """

    focus_left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "banner")
        self._sentence = wrapping_label()
        self._yes = button(f"{name}Yes", "")
        self._no = button(f"{name}No", "")
        self._then: Callable[[], object] | None = None
        self._yes.clicked.connect(self._accept)
        self._no.clicked.connect(self.put_away)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * UNIT, UNIT, UNIT, UNIT)
        row.setSpacing(2 * UNIT)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        self.hide()

    def ask(self, sentence: str, yes: str, no: str, then: Callable[[], object]) -> None:
        """Ask, and call `then` if the answer is `yes`."""
        self.offer(sentence, yes, no, then)
        self._no.setFocus()

    def offer(self, sentence: str, yes: str, no: str, then: Callable[[], object]) -> None:
        """Offer something without taking the focus."""
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        for pressed, label in ((self._yes, yes), (self._no, no)):
            pressed.setText(label)
            pressed.setAccessibleName(label)
            pressed.setAccessibleDescription(sentence)
        self._then = then
        self.show()

    def put_away(self) -> None:
        """Ask no longer."""
        self._then = None
        had_focus = self._yes.hasFocus() or self._no.hasFocus()
        self.hide()
        if had_focus:
            self.focus_left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put the question away with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _accept(self) -> None:
        then = self._then
        self.put_away()
        if then is not None:
            then()

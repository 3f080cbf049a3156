"""The answers to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from rhythmtrainer.gui.theme import UNIT

_COLUMNS = 2


class Answers(QWidget):
    """Up to six buttons in two columns, each with the number of its key.

    Signals
    -------
    chosen
        The place of the answer, from 0.
    """

    chosen = Signal(int)

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = [self._button(place) for place in range(most)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2 * UNIT)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        grid.setRowStretch(most // _COLUMNS, 1)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    def show_answers(self, names: Sequence[str]) -> None:
        """Offer these answers."""
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(names))
            if place < len(names):
                button.setText(f"{place + 1}   {names[place]}")
                button.setAccessibleName(f"Answer {place + 1}: {names[place]}")

    def _button(self, place: int) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"answer{place + 1}")
        button.setProperty("role", "answer")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(place))
        return button

"""What is said at the first start, above the first question."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QWidget

from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import wrapping_label


class NoticeBar(QFrame):
    """One line that says what the program is not, with the offline switch beside it.

    Signals
    -------
    closed
        The learner has read it.
    more
        The learner wants to read all of it.
    offline_changed
        Whether the network is to be left alone.
    """

    closed = Signal()
    more = Signal()
    offline_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self.setProperty("role", "banner")
        self._text = wrapping_label()
        self._offline = QCheckBox("Work offline")
        self._offline.setObjectName("offlineSwitch")
        self._offline.setToolTip("Use only recordings that are already on this computer")
        self._offline.clicked.connect(self.offline_changed)
        more = self._button("aboutButton", "About and sources")
        more.clicked.connect(self.more)
        close = self._button("noticeCloseButton", "Got it")
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * UNIT, UNIT, UNIT, UNIT)
        row.setSpacing(3 * UNIT)
        row.addWidget(self._text, 1)
        for widget in (self._offline, more, close):
            row.addWidget(widget)

    def set_text(self, text: str) -> None:
        """Say this."""
        self._text.setText(text)

    def set_offline(self, offline: bool) -> None:  # noqa: FBT001 - a checkbox's state
        """Show whether the network is left alone."""
        self._offline.setChecked(offline)

    def _button(self, name: str, label: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setProperty("role", "segment")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

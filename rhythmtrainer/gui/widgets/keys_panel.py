"""All keys of a page, shown over it until they have been read."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from rhythmtrainer.gui.theme import UNIT, heading_font

Keys = Sequence[tuple[str, str]]
"""What is pressed, and what it does."""


class KeysPanel(QFrame):
    """Lies over the middle of a page; any key or click puts it away."""

    def __init__(self, keys: Keys, page: QWidget) -> None:
        super().__init__(page)
        self.setObjectName("keysPanel")
        self.setProperty("role", "banner")
        self.setAccessibleName("Keys")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        grid.setHorizontalSpacing(5 * UNIT)
        title = QLabel("Keys")
        title.setFont(heading_font())
        grid.addWidget(title, 0, 0, 1, 2)
        for row, (pressed, does) in enumerate(keys, start=1):
            key = QLabel(pressed)
            key.setFont(heading_font(0))
            grid.addWidget(key, row, 0)
            grid.addWidget(QLabel(does), row, 1)
        self.setAccessibleDescription("; ".join(f"{pressed}: {does}" for pressed, does in keys))
        self._page = page
        self.hide()

    def toggle(self) -> None:
        """Show the keys, or put them away."""
        if self.isVisible():
            self._put_away()
            return
        self.adjustSize()
        middle = self._page.rect().center() - self.rect().center()
        self.move(max(middle.x(), 0), max(middle.y(), 0))
        self._page.installEventFilter(self)
        self.show()
        self.raise_()
        self.setFocus()

    def _put_away(self) -> None:
        self._page.removeEventFilter(self)
        self.hide()
        self._page.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put the panel away."""
        event.accept()
        self._put_away()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the panel away."""
        event.accept()
        self._put_away()

    def event(self, event: QEvent) -> bool:
        """Take every key, also those that mean something on the page below."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the panel away when the page is clicked, left or resized."""
        kinds = (QEvent.Type.MouseButtonPress, QEvent.Type.Hide, QEvent.Type.Resize)
        if event.type() in kinds:
            self._put_away()
        return super().eventFilter(watched, event)

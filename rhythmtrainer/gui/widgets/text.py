"""Labels that are alike on all pages."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


def wrapping_label(text: str = "") -> QLabel:
    """Return a label that wraps, and whose text can be selected and copied."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def quiet_label(text: str = "") -> QLabel:
    """Return a label that stays in the background."""
    label = QLabel(text)
    label.setProperty("role", "quiet")
    return label


def set_or_hide(label: QLabel, text: str) -> None:
    """Show a text; an empty one takes no room."""
    label.setText(text)
    label.setVisible(bool(text))


class OneLine(QLabel):
    """A quiet line that never asks for room; what does not fit is in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", "quiet")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str, more: str = "") -> None:
        """Show a text; `more`, or else all of it, is in the tooltip."""
        self._whole = text
        self.setToolTip(_as_it_stands(more or text))
        self.setAccessibleName(more or text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as fits now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width(), self.fontMetrics().averageCharWidth())
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))


def _as_it_stands(text: str) -> str:
    """Return a tooltip in which Qt takes nothing for markup: a file or a pack may have named it."""
    return f"<p>{escape(text)}</p>" if "<" in text else text

"""The name of what a page shows, in as much room as there is."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from rhythmtrainer.gui.theme import heading_font
from rhythmtrainer.gui.widgets.text import OneLine

_LEAST_LETTERS = 12
_SPARE_PX = 2


class Heading(OneLine):
    """A heading as wide as its text where that fits; else it is cut short."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setProperty("role", "")
        self.setFont(heading_font(2))
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Maximum)
        self.setSizePolicy(policy)
        self.say(text)

    def say(self, text: str, more: str = "") -> None:
        """Show a text; `more`, or else all of it, is in the tooltip."""
        super().say(text, more)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for the width of the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + _SPARE_PX, metrics.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - as Qt calls it
        """Make do with a few letters."""
        least = self.fontMetrics().averageCharWidth() * _LEAST_LETTERS
        return QSize(min(least, self.sizeHint().width()), self.sizeHint().height())

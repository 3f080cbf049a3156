"""The reason for an answer, in two columns below the strip."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from rhythmtrainer.gui.theme import UNIT, heading_font, verdict_colour
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.comparison import Chosen, Comparison
from rhythmtrainer.gui.widgets.readings import Readings
from rhythmtrainer.gui.widgets.text import set_or_hide, wrapping_label
from rhythmtrainer.model import Reveal, Verdict

_VERDICTS = {
    Verdict.RIGHT: "✓ Right",
    Verdict.ACCEPTED: "✓ Accepted",
    Verdict.WRONG: "✗ Not this time",
}
_LINES = 19
_STEPS: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RevealPanel(QWidget):
    """Shows what the rhythm is, how it is read, and what tells it from the chosen one.

    Its height is always the same, so that the strip above it never moves.

    Attributes
    ----------
    comparison
        The strip of what was chosen, and what tells it from the answer.

    Signals
    -------
    focus_changed
        The step of reading that is to be looked at alone on the strip, or None for all of them.
    """

    focus_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("revealPanel")
        self.setAccessibleName("Why this is the answer")
        self._verdict = QLabel()
        self._verdict.setObjectName("verdictLabel")
        self._verdict.setFont(heading_font(2))
        self._answer = wrapping_label()
        self._answer.setObjectName("answerLabel")
        self._answer.setFont(heading_font(2))
        self._readings = Readings()
        self._readings.focus_changed.connect(self.focus_changed)
        self._note = wrapping_label()
        self._note.setProperty("role", "quiet")
        self.comparison = Comparison()
        self._readings.focus_changed.connect(self.comparison.set_focus_step)
        self._source = wrapping_label()
        self._source.setObjectName("sourceLabel")
        self._source.setProperty("role", "quiet")
        self._lay_out()
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(3 * UNIT)
        head.addWidget(self._verdict)
        head.addWidget(self._answer, 1)
        left = QVBoxLayout()
        left.addWidget(self._readings)
        left.addWidget(self._note)
        left.addStretch(1)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(8 * UNIT)
        columns.addLayout(left, 3)
        columns.addWidget(self.comparison, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        whole.addLayout(head)
        self._area = _Scrolling(body)
        self._area.setAccessibleName("The readings and the difference")
        whole.addWidget(self._area, 1)
        whole.addWidget(self._source)

    def show_reveal(self, reveal: Reveal) -> None:
        """Fill the panel."""
        right = reveal.verdict is not Verdict.WRONG
        self._verdict.setText(_VERDICTS[reveal.verdict])
        palette = QPalette(self._verdict.palette())
        palette.setColor(QPalette.ColorRole.WindowText, verdict_colour(right=right))
        self._verdict.setPalette(palette)
        self._answer.setText(reveal.answer if right else f"It is: {reveal.answer}")
        self._readings.show_readings(reveal.readings)
        self._readings.follow(self._area)
        set_or_hide(self._note, reveal.note)
        self.comparison.show_reveal(reveal)
        self._source.setText(f"{reveal.label}. {reveal.source}")

    def show_chosen(self, chosen: Chosen) -> None:
        """Show a strip of what was chosen beside the readings."""
        self.comparison.show_chosen(chosen)

    def set_style(self, style: PaperStyle) -> None:
        """Draw the strip of what was chosen on this kind of paper."""
        self.comparison.set_style(style)

    def look_at_all(self) -> None:
        """Look at all steps again."""
        self._readings.set_focus_step(None)

    def take(self, event: QKeyEvent) -> bool:
        """Look at the next or the previous step alone; False leaves the key to the page.

        Past either end all steps are looked at.
        """
        by = _STEPS.get(event.key())
        if by is not None:
            self._readings.move_focus(by)
        return by is not None


class _Scrolling(QScrollArea):
    """Lets long reasons be scrolled, so that they never push the strip.

    It has the arrow keys only while it was reached by Tab; else they belong to the page.
    """

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, or leave the key to the page."""
        if self.hasFocus():
            super().keyPressEvent(event)
        else:
            event.ignore()

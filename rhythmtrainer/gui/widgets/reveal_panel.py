"""The reason for an answer, in two columns below the strip."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.theme import UNIT, heading_font, verdict_colour
from rhythmtrainer.model import Reveal, Verdict

_VERDICTS = {
    Verdict.RIGHT: "✓ Right",
    Verdict.ACCEPTED: "✓ Accepted",
    Verdict.WRONG: "✗ Not this time",
}


def wrapping_label(text: str = "") -> QLabel:
    """Return a label that wraps, and whose text can be selected and copied."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


_LINES = 17
_COLUMNS = ("", "How it is recognised", "Measured on this strip")


class RevealPanel(QWidget):
    """Shows what the rhythm is, how it is read, and what tells it from the chosen one.

    Its height is always the same, so that the strip above it never moves.
    """

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
        self._readings = QGridLayout()
        self._readings.setHorizontalSpacing(3 * UNIT)
        self._readings.setVerticalSpacing(UNIT)
        self._readings.setColumnStretch(1, 3)
        self._readings.setColumnStretch(2, 2)
        self._chosen = wrapping_label()
        self._chosen.setFont(heading_font(0))
        self._difference = wrapping_label()
        self._difference.setObjectName("differenceLabel")
        self._definition = wrapping_label()
        self._note = wrapping_label()
        self._note.setProperty("role", "quiet")
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
        left.addLayout(self._readings)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(UNIT)
        for label in (self._chosen, self._difference, self._definition, self._note):
            right.addWidget(label)
        right.addStretch(1)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(8 * UNIT)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        whole.addLayout(head)
        whole.addWidget(self._scrolling(body), 1)
        whole.addWidget(self._source)

    def _scrolling(self, body: QWidget) -> QScrollArea:
        """Let long reasons be scrolled, so that they never push the strip."""
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("The five readings and the difference")
        return area

    def show_reveal(self, reveal: Reveal) -> None:
        """Fill the panel."""
        right = reveal.verdict is not Verdict.WRONG
        self._verdict.setText(_VERDICTS[reveal.verdict])
        palette = QPalette(self._verdict.palette())
        palette.setColor(QPalette.ColorRole.WindowText, verdict_colour(right=right))
        self._verdict.setPalette(palette)
        self._answer.setText(reveal.answer if right else f"It is: {reveal.answer}")
        self._fill_readings(reveal)
        _set(self._chosen, f"You chose {reveal.chosen}" if reveal.chosen else "")
        _set(self._difference, reveal.difference)
        _set(self._definition, "" if reveal.difference else reveal.definition)
        _set(self._note, reveal.note)
        self._source.setText(f"{reveal.label}. {reveal.source}")

    def _fill_readings(self, reveal: Reveal) -> None:
        while (item := self._readings.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for column, title in enumerate(_COLUMNS):
            self._readings.addWidget(_quiet_label(title), 0, column)
        for row, reading in enumerate(reveal.readings, start=1):
            heading = _quiet_label(reading.heading)
            self._readings.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            for column, text in enumerate((reading.taught, reading.measured), start=1):
                label = wrapping_label(text)
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                self._readings.addWidget(label, row, column)


def _quiet_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    return label


def _set(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))

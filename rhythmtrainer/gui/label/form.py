"""What an instructor says about a strip."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.label.choices import CalmChoice, RhythmChoice, RhythmsChoice
from rhythmtrainer.gui.label.draft import AGE_UNITS, MOST_NOTE, MOST_SOURCE, MOST_TITLE, Label
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import quiet_label
from rhythmtrainer.model import Rhythm, RhythmId, Scenario

_SCENARIOS: Final = (
    (None, "Not said"),
    (Scenario.WITH_PULSE, "With a pulse"),
    (Scenario.WITHOUT_PULSE, "Without a pulse"),
)
_AGE_PX: Final = 13 * UNIT
_NOTE_PX: Final = 16 * UNIT
_MOST_AGE: Final = 8
_SCENARIO_LETTERS: Final = 8


class LabelForm(QWidget):
    """Collects a label.

    Signals
    -------
    changed
        Something else is said now; which part of the label that is.
    settled
        A field was left: what is typed next is another change.
    """

    changed = Signal(str)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelForm")
        self._showing = False
        self._title = self._line("labelTitle", "Title", MOST_TITLE, "What you call this strip")
        self._answer = RhythmChoice("labelAnswer", "Answer", "Type a part of a name, or choose")
        self._accepted = RhythmsChoice(
            "labelAccepted", "Also accepted", "Add what counts as right, too"
        )
        self._scenario = CalmChoice()
        self._scenario.setObjectName("labelScenario")
        self._scenario.setAccessibleName("Teaching scenario")
        # Short of room, the choice is cut rather than the measurements beside it.
        self._scenario.setSizeAdjustPolicy(
            CalmChoice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._scenario.setMinimumContentsLength(_SCENARIO_LETTERS)
        for _, text in _SCENARIOS:
            self._scenario.addItem(text)
        self._age = self._line("labelAge", "Age", _MOST_AGE, "")
        self._age.setFixedWidth(_AGE_PX)
        self._age_unit = CalmChoice()
        self._age_unit.setObjectName("labelAgeUnit")
        self._age_unit.setAccessibleName("Age is counted in")
        self._age_unit.addItems(AGE_UNITS)
        self._note = QPlainTextEdit()
        self._note.setObjectName("labelNote")
        self._note.setAccessibleName("Note")
        self._note.setPlaceholderText("Shown after the answer. Plain text; nobody's name.")
        self._note.setTabChangesFocus(True)
        # A file dropped here is for the page; its path may hold a patient's name.
        self._note.setAcceptDrops(False)
        self._note.setFixedHeight(_NOTE_PX)
        self._left = quiet_label()
        self._source = self._line(
            "labelSource", "Source", MOST_SOURCE, "Whose recording it is, to be printed beside it"
        )
        self._licence = self._line(
            "labelLicence", "Licence", MOST_SOURCE, "For example CC BY 4.0; empty if not known"
        )
        self._lay_out()
        self._answer.chosen.connect(lambda _: self._tell("answer"))
        self._accepted.changed.connect(lambda _: self._tell("accepted"))
        self._scenario.activated.connect(lambda _: self._tell("scenario"))
        self._age_unit.activated.connect(lambda _: self._tell("age"))
        self._note.textChanged.connect(self._note_typed)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 2 * UNIT, 0)
        form.setHorizontalSpacing(3 * UNIT)
        form.setVerticalSpacing(2 * UNIT)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        teaching = QHBoxLayout()
        teaching.setSpacing(2 * UNIT)
        teaching.addWidget(self._scenario, 1)
        teaching.addWidget(QLabel("Age"))
        teaching.addWidget(self._age)
        teaching.addWidget(self._age_unit)
        note = QVBoxLayout()
        note.setSpacing(0)
        note.addWidget(self._note)
        note.addWidget(self._left)
        form.addRow("Answer", self._answer)
        form.addRow("Title", self._title)
        form.addRow("Also accepted", self._accepted)
        form.addRow("Scenario", teaching)
        form.addRow("Note", note)
        form.addRow("Source", self._source)
        form.addRow("Licence", self._licence)

    def set_rhythms(self, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Offer these as answers."""
        self._answer.set_rhythms(rhythms)
        self._accepted.set_rhythms(rhythms)

    @property
    def label(self) -> Label:
        """What is said now."""
        return Label(
            title=self._title.text(),
            answer=self._answer.rhythm,
            accepted=self._accepted.rhythms,
            scenario=_SCENARIOS[self._scenario.currentIndex()][0],
            age=self._age.text(),
            age_unit=self._age_unit.currentText(),
            note=self._note.toPlainText(),
            source=self._source.text(),
            licence=self._licence.text(),
        )

    def show_label(self, label: Label) -> None:
        """Show what was said; a field that shows it already keeps its cursor."""
        self._showing = True
        for line, text in (
            (self._title, label.title),
            (self._age, label.age),
            (self._source, label.source),
            (self._licence, label.licence),
        ):
            if line.text() != text:
                line.setText(text)
                # A text that is longer than its field is read from its beginning.
                line.setCursorPosition(0)
        if self._answer.rhythm is not label.answer:
            self._answer.show_rhythm(label.answer)
        if self._accepted.rhythms != label.accepted:
            self._accepted.show_rhythms(label.accepted)
        scenarios = [scenario for scenario, _ in _SCENARIOS]
        self._scenario.setCurrentIndex(scenarios.index(label.scenario))
        self._age_unit.setCurrentText(label.age_unit)
        if self._note.toPlainText() != label.note:
            self._note.setPlainText(label.note)
        self._count_note()
        self._showing = False

    @property
    def last_field(self) -> QWidget:
        """The field behind which Tab leaves the form."""
        return self._licence

    def set_source_open(self, is_open: bool) -> None:  # noqa: FBT001 - as Qt's setters look
        """Let source and licence be typed; those of a published database stay as they are."""
        for line in (self._source, self._licence):
            line.setReadOnly(not is_open)
            line.setToolTip("" if is_open else "As its database has published it")

    def _note_typed(self) -> None:
        text = self._note.toPlainText()
        if len(text) > MOST_NOTE:
            cursor = self._note.textCursor()
            place = min(cursor.position(), MOST_NOTE)
            self._note.setPlainText(text[:MOST_NOTE])
            cursor.setPosition(place)
            self._note.setTextCursor(cursor)
        self._count_note()
        self._tell("note")

    def _count_note(self) -> None:
        left = MOST_NOTE - len(self._note.toPlainText())
        self._left.setText(f"{left} letters left")
        self._left.setVisible(left < MOST_NOTE // 4)

    def _tell(self, what: str) -> None:
        if not self._showing:
            self.changed.emit(what)

    def _line(self, name: str, label: str, most: int, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(label)
        line.setMaxLength(most)
        line.setPlaceholderText(hint)
        line.setAcceptDrops(False)
        line.textEdited.connect(lambda _: self._tell(label.casefold()))
        line.editingFinished.connect(self.settled)
        return line

"""The review page: accuracy and speed by rhythm, sessions, and every missed strip."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.theme import UNIT, heading_font
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.comparison import Chosen
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.reveal_panel import RevealPanel
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS, StripKeys
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.table import Table
from rhythmtrainer.gui.widgets.text import OneLine, wrapping_label
from rhythmtrainer.model import Attempt, Measurement, Origin, Reveal, Rhythm, RhythmId, Strip
from rhythmtrainer.training.review import Review, Score
from rhythmtrainer.training.selection import WINDOW_S

MOST_MISSED = 200
_KEYS = (
    *STRIP_KEYS[:-1],
    ("↑ ↓", "show one reading alone on the strip"),
    ("Esc", "put the tool away, or go back to the review"),
    ("?", "these keys"),
)

_NOTHING_YET = Message(
    "Nothing to review yet",
    "Answer a few strips first. Every answer is kept, and shows up here.",
    (("reviewPractiseButton", "Practise"),),
)


class ReviewPage(QWidget):
    """Shows a review, and one missed strip at a time.

    Signals
    -------
    missed_chosen
        The answer whose strip is to be looked at again.
    practice_wanted
        The learner would rather practise.
    back_pressed
        The learner is done with the strip, or does not want to wait for it.
    """

    back_pressed = Signal()
    missed_chosen = Signal(Attempt)
    practice_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reviewPage")
        self._missed: Sequence[Attempt] = ()
        self._summary = wrapping_label()
        self._summary.setObjectName("reviewSummary")
        self._rhythms = Table("rhythmTable", ("Rhythm", "Answers", "Right", "Median time"))
        self._sessions = Table("sessionTable", ("Session", "Answers", "Right", "Median time"))
        self._misses = Table(
            "missedTable", ("Missed strip", "You chose", "When"), wide=2, choosable=True
        )
        self._misses.row_chosen.connect(lambda row: self.missed_chosen.emit(self._missed[row]))
        self._empty = MessagePanel()
        self._empty.pressed.connect(self.practice_wanted)
        self.strip = StripView()
        self.strip.setObjectName("reviewStripView")
        self._said = OneLine()
        self._reveal = RevealPanel()
        self._reveal.setObjectName("reviewRevealPanel")
        self.chosen = self._reveal.comparison
        self._reveal.focus_changed.connect(self.strip.set_focus_step)
        self.strip.changed.connect(lambda: self._said.say(self.strip.legend))
        self.bar = StripBar(self.strip)
        self._fault = wrapping_label()
        self._fault.setObjectName("reviewFault")
        self._back = QPushButton("Back to the review")
        self._back.setObjectName("reviewBackButton")
        self._back.clicked.connect(self.show_overview)
        self._back.clicked.connect(self.back_pressed)
        self._strip_keys = StripKeys(self.strip, self.bar, self.strip)
        self._keys = KeysPanel(_KEYS, self)
        self._show_keys = QPushButton("Keys  ?")
        self._show_keys.setShortcut("?")
        self._show_keys.setProperty("role", "segment")
        self._show_keys.setAccessibleName("Keys")
        self._show_keys.clicked.connect(self._keys.toggle)
        self._stack = QStackedWidget()
        for widget in (self._overview(), self._empty, self._detail()):
            self._stack.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.addWidget(self._stack)

    def _overview(self) -> QWidget:
        overview = QWidget()
        grid = QGridLayout(overview)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2 * UNIT)
        title = QLabel("Review")
        title.setFont(heading_font(2))
        grid.addWidget(title, 0, 0)
        grid.addWidget(self._summary, 1, 0, 1, 2)
        for heading, table, row, column in (
            ("By rhythm, the weakest first", self._rhythms, 2, 0),
            ("Missed strips: choose one to look at it again", self._misses, 2, 1),
            ("Last sessions", self._sessions, 4, 0),
        ):
            label = QLabel(heading)
            label.setFont(heading_font(0))
            label.setBuddy(table)
            table.setAccessibleName(heading)
            grid.addWidget(label, row, column)
            grid.addWidget(table, row + 1, column, 3 if column else 1, 1)
        grid.setRowStretch(3, 2)
        grid.setRowStretch(5, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return overview

    def _detail(self) -> QWidget:
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        head = QHBoxLayout()
        head.setSpacing(4 * UNIT)
        head.addWidget(self._back)
        head.addWidget(self._said, 1)
        head.addWidget(self._show_keys)
        column.addLayout(head)
        column.addWidget(self._fault)
        column.addWidget(self.bar)
        column.addWidget(self.strip, 1)
        column.addWidget(self._reveal)
        return detail

    def show_review(self, review: Review, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Fill the page."""
        if review.overall is None:
            self._empty.show_message(_NOTHING_YET)
            self._stack.setCurrentWidget(self._empty)
            return
        self._missed = review.missed[:MOST_MISSED]
        said = (
            f"{review.overall.asked} answers, {_share(review.overall)} right, "
            f"median time {review.overall.median_s:.1f} s."
        )
        if len(review.missed) > MOST_MISSED:
            said += f" The newest {MOST_MISSED} missed strips are listed."
        self._summary.setText(said)
        self._rhythms.show_rows(
            [
                (_name(rhythms[row.rhythm], row.origin), *_columns(row.score))
                for row in review.by_rhythm
            ]
        )
        self._sessions.show_rows(
            [
                (f"{row.session.started_at.astimezone():%d %b %Y, %H:%M}", *_columns(row.score))
                for row in review.sessions
            ]
        )
        self._misses.show_rows(
            [
                (
                    _name(rhythms[missed.answer], missed.origin),
                    rhythms[missed.chosen].name,
                    f"{missed.answered_at.astimezone():%d %b, %H:%M}",
                )
                for missed in self._missed
            ]
        )
        if self._stack.currentWidget() is self._empty:
            self.show_overview()

    def show_overview(self) -> None:
        """Go back from a strip to the tables."""
        self.strip.set_strip(None)
        self._stack.setCurrentIndex(0)

    def show_missed(self, strip: Strip, measurement: Measurement, reveal: Reveal) -> None:
        """Show a strip again, with its marks and the reason."""
        self._fault.hide()
        self._said.say("")
        self.strip.set_strip(strip)
        self.strip.lay_out_all()
        self.strip.show_first(WINDOW_S)
        if reveal.beats_count:
            self.strip.offer_beats(measurement)
        self.strip.sweep_all()
        self.strip.hold()
        if reveal.beats_count:
            self.strip.set_paper_marks(measurement)
            self.strip.set_monitor_marks(measurement)
        self._reveal.look_at_all()
        self._reveal.show_reveal(reveal)
        self._show_detail(strip=True)

    def show_chosen(self, chosen: Chosen) -> None:
        """Show a strip of what was chosen beside the reason."""
        self._reveal.show_chosen(chosen)

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper."""
        self.strip.set_style(style)
        self._reveal.set_style(style)

    def set_status(self, text: str) -> None:
        """Say something quietly above the strip."""
        self._said.say(text)

    def mention(self, text: str) -> None:
        """Say what was done with the strip, until it changes."""
        self._said.say(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let Enter press the button of a message, also when the page is turned to again."""
        super().focusInEvent(event)
        if self._stack.currentWidget() is self._empty:
            self._empty.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll and zoom the strip, go through the readings, or back to the tables."""
        if self.strip.isVisible():
            if self._strip_keys.take(event) or self._reveal.take(event):
                return
            if event.key() == Qt.Key.Key_Escape:
                self._back.click()
                return
        super().keyPressEvent(event)

    def _show_detail(self, *, strip: bool) -> None:
        for widget in (self._show_keys, self.bar, self.strip, self._reveal):
            widget.setVisible(strip)
        self._stack.setCurrentIndex(self._stack.count() - 1)
        if strip:
            self.setFocus()
        else:
            self._back.setFocus()

    def show_sentence(self, sentence: str) -> None:
        """Say that a strip is being read, or why it cannot be shown again."""
        self.strip.set_strip(None)
        self._said.say("")
        self._fault.setText(sentence)
        self._fault.show()
        self._show_detail(strip=False)


def _name(rhythm: Rhythm, origin: Origin) -> str:
    return f"{rhythm.name} (simulated)" if origin is Origin.SIMULATED else rhythm.name


def _share(score: Score) -> str:
    return f"{100 * score.accuracy:.0f} %"


def _columns(score: Score) -> tuple[str, str, str]:
    return (
        str(score.asked),
        f"{score.right} ({_share(score)})",
        f"{score.median_s:.1f} s",
    )

"""The practice page: the strip, the answers, and the reason."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.practice.answers import Answers
from rhythmtrainer.gui.practice.notice_bar import NoticeBar
from rhythmtrainer.gui.theme import UNIT, heading_font, tabular_font
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.reveal_panel import RevealPanel
from rhythmtrainer.gui.widgets.strip_view import StripMode, StripView
from rhythmtrainer.model import Reveal, Strip, describe_lead

MOST_ANSWERS = 6
_KEYS = "1-6 answer · Enter next · P paper or monitor · Space freeze or run"


class PracticePage(QWidget):
    """Shows one question at a time; knows nothing of how it was drawn or what is right.

    Signals
    -------
    answered
        The place of the chosen answer, from 0.
    next_requested
        The learner has read the reason.
    start_requested
        The learner wants a new session.
    message_pressed
        A button of the page's message, by its object name.
    """

    answered = Signal(int)
    next_requested = Signal()
    start_requested = Signal()
    message_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practicePage")
        self.setAccessibleName("Practice")
        self.notice = NoticeBar()
        self.strip = StripView()
        self._title = QLabel("Practice")
        self._title.setFont(heading_font(2))
        self._progress = QLabel()
        self._progress.setObjectName("progressLabel")
        self._progress.setFont(tabular_font())
        self._time = QLabel()
        self._time.setFont(tabular_font())
        self._time.setAccessibleName("Time on this question")
        self._lead = QLabel()
        self._lead.setObjectName("leadLabel")
        self._status = QLabel()
        self._status.setObjectName("statusLabel")
        self._status.setProperty("role", "quiet")
        self._start = _quiet_button("startPracticeButton", "New session")
        self._start.clicked.connect(self.start_requested)
        self._next = QPushButton("Next   ⏎")
        self._next.setObjectName("nextButton")
        self._next.setAccessibleName("Next question")
        self._next.setProperty("role", "primary")
        self._next.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._next.clicked.connect(self.next_requested)
        self._answers = Answers(MOST_ANSWERS)
        self._answers.chosen.connect(self.answered)
        self._reveal = RevealPanel()
        self._message = MessagePanel()
        self._message.pressed.connect(self.message_pressed)
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self._tick)
        self._seconds = 0
        self._lay_out()
        self._make_keys()
        self.strip.mode_changed.connect(self._show_mode)
        self.strip.painted.connect(self._ticker.start)
        self._show_mode(self.strip.mode)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4 * UNIT)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._progress)
        head.addStretch(1)
        head.addWidget(self._time)
        head.addWidget(self._start)
        self._lower = QStackedWidget()
        self._lower.addWidget(self._answers)
        self._lower.addWidget(self._reveal)
        # One height for both, so that the strip does not move when the reason comes.
        self._lower.setFixedHeight(self._reveal.height())
        room = self._next.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._next.setSizePolicy(room)
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = QHBoxLayout()
        foot.addWidget(self._status, 1)
        foot.addWidget(self._next)
        self._quiz = QWidget()
        column = QVBoxLayout(self._quiz)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(self._strip_bar())
        column.addWidget(self.strip, 1)
        column.addSpacing(UNIT)
        column.addWidget(self._lower)
        column.addLayout(foot)
        self._body = QStackedWidget()
        self._body.addWidget(self._message)
        self._body.addWidget(self._quiz)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.setSpacing(2 * UNIT)
        whole.addWidget(self.notice)
        whole.addLayout(head)
        whole.addWidget(self._body, 1)

    def _strip_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(0)
        # No button group: of a group, Tab reaches only one button.
        self._modes: dict[StripMode, QPushButton] = {}
        for mode, name, label in (
            (StripMode.PAPER, "paperButton", "Paper"),
            (StripMode.MONITOR, "monitorButton", "Monitor"),
        ):
            button = _quiet_button(name, label)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, mode=mode: self._choose_mode(mode))
            self._modes[mode] = button
            bar.addWidget(button)
        bar.addSpacing(4 * UNIT)
        bar.addWidget(self._lead)
        bar.addStretch(1)
        keys = QLabel(_KEYS)
        keys.setProperty("role", "quiet")
        bar.addWidget(keys)
        return bar

    def _make_keys(self) -> None:
        for place in range(MOST_ANSWERS):
            self._key(str(place + 1), partial(self._answer_by_key, place))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._key(key, self._enter)
        self._key(Qt.Key.Key_Space, self._space)
        self._key(Qt.Key.Key_P, self._change_mode)

    def _key(self, key: Qt.Key | str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(slot)

    def set_course(self, title: str) -> None:
        """Name the course."""
        self._title.setText(f"Practice · {title}")

    def show_question(self, strip: Strip, answers: Sequence[str], progress: str) -> None:
        """Show a strip and its answers; the clock starts when the strip is painted."""
        self._ticker.stop()
        self._seconds = -1
        self._tick()
        self._progress.setText(progress)
        self._lead.setText(describe_lead(strip.leads[0]))
        self._status.clear()
        self._next.setVisible(False)
        self._answers.show_answers(answers)
        self._lower.setCurrentWidget(self._answers)
        self._body.setCurrentWidget(self._quiz)
        self.strip.set_strip(strip)
        self.setFocus()

    def show_reveal(self, reveal: Reveal) -> None:
        """Show the reason in place of the answers."""
        self._ticker.stop()
        self._reveal.show_reveal(reveal)
        self._lower.setCurrentWidget(self._reveal)
        self._next.setVisible(True)

    def show_message(self, message: Message) -> None:
        """Show a message in place of the question."""
        self._ticker.stop()
        self._time.clear()
        self.strip.set_strip(None)
        self._message.show_message(message)
        self._body.setCurrentWidget(self._message)

    def set_status(self, text: str) -> None:
        """Say something quietly below the answers; what does not fit is in the tooltip."""
        self._status.setToolTip(text)
        room = max(self._status.width(), self.fontMetrics().averageCharWidth())
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._status.setText(elided)
        self._status.setAccessibleName(text)

    @property
    def showing_question(self) -> bool:
        """Whether a strip is on the screen, rather than a message."""
        return self._body.currentWidget() is not self._message

    @property
    def asking(self) -> bool:
        """Whether an answer is waited for."""
        return self.showing_question and self._lower.currentWidget() is self._answers

    @property
    def revealing(self) -> bool:
        """Whether the reason is on the screen."""
        return self.showing_question and self._lower.currentWidget() is self._reveal

    def _answer_by_key(self, place: int) -> None:
        if self.asking:
            self.answered.emit(place)

    def _enter(self) -> None:
        if not self._press_focused_button() and self.revealing:
            self.next_requested.emit()

    def _space(self) -> None:
        if not self._press_focused_button() and self.asking:
            self.strip.toggle_frozen()

    def _change_mode(self) -> None:
        other = {StripMode.PAPER: StripMode.MONITOR, StripMode.MONITOR: StripMode.PAPER}
        self.strip.set_mode(other[self.strip.mode])

    def _choose_mode(self, mode: StripMode) -> None:
        self.strip.set_mode(mode)
        # A second click on the pressed one has lifted it, and changes no mode.
        self._show_mode(mode)

    def _press_focused_button(self) -> bool:
        """Let a button that was reached by Tab be pressed with Enter and Space alike."""
        button = QApplication.focusWidget()
        if isinstance(button, QAbstractButton) and button.isEnabled() and button.isVisible():
            button.click()
            return True
        return False

    def _show_mode(self, mode: StripMode) -> None:
        for other, button in self._modes.items():
            button.setChecked(other is mode)

    def _tick(self) -> None:
        self._seconds += 1
        self._time.setText(f"{self._seconds // 60:02d}:{self._seconds % 60:02d}")


def _quiet_button(name: str, label: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setProperty("role", "segment")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button

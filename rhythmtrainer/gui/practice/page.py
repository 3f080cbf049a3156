"""The practice page: the strip, the answers, and the reason."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.practice.answers import Answers
from rhythmtrainer.gui.practice.course_choice import CourseChoice
from rhythmtrainer.gui.practice.notice_bar import NoticeBar
from rhythmtrainer.gui.recordings.heading import Heading
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.comparison import Chosen
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.gui.widgets.message_panel import Message, MessagePanel
from rhythmtrainer.gui.widgets.reveal_panel import RevealPanel
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_keys import STRIP_KEYS, StripKeys, press_focused
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.gui.widgets.text import OneLine, set_or_hide, wrapping_label
from rhythmtrainer.model import Course, Reveal, Strip
from rhythmtrainer.training.selection import WINDOW_S

MOST_ANSWERS = 6
_KEYS = (
    ("1-6", "answer"),
    ("Enter", "next strip"),
    *STRIP_KEYS,
    ("↑ ↓", "after the answer: show one reading alone on the strip"),
    ("?", "these keys"),
)


class PracticePage(QWidget):
    """Shows one question at a time; knows nothing of how it was drawn or what is right.

    Attributes
    ----------
    course_choice
        The course's name, and the way to another one; hidden while a pack is practised.

    Signals
    -------
    answered
        The place of the chosen answer, from 0.
    next_requested
        The learner has read the reason.
    start_requested
        The learner wants a new session.
    course_requested
        The learner wants to leave the pack for the course.
    message_pressed
        A button of the page's message, by its object name.
    """

    answered = Signal(int)
    next_requested = Signal()
    start_requested = Signal()
    course_requested = Signal()
    message_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practicePage")
        self.setAccessibleName("Practice")
        self.notice = NoticeBar()
        self.strip = StripView()
        self._title = Heading("Practice")
        self.course_choice = CourseChoice()
        self._progress = QLabel()
        self._progress.setObjectName("progressLabel")
        self._progress.setFont(tabular_font())
        self._scenario = wrapping_label()
        self._scenario.setObjectName("scenarioLabel")
        self._time = QLabel()
        self._time.setFont(tabular_font())
        self._time.setAccessibleName("Time on this question")
        self.bar = StripBar(self.strip)
        self._status = OneLine()
        self._status.setObjectName("statusLabel")
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
        self.chosen = self._reveal.comparison
        self._reveal.focus_changed.connect(self.strip.set_focus_step)
        self.strip.changed.connect(self._say)
        self._message = MessagePanel()
        self._message.pressed.connect(self.message_pressed)
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self._tick)
        self._seconds = 0
        self._said = ""
        self._lay_out()
        self._keys = KeysPanel(_KEYS, self)
        self._show_keys = _quiet_button("keysButton", "Keys  ?")
        self._show_keys.clicked.connect(self._keys.toggle)
        self._head.addWidget(self._show_keys)
        self.setTabOrder(self.course_choice, self._leave)
        self.setTabOrder(self._leave, self._start)
        self.setTabOrder(self._start, self._show_keys)
        self._strip_keys = StripKeys(self.strip, self.bar, self)
        self._make_keys()
        self.strip.painted.connect(self._ticker.start)

    def _lay_out(self) -> None:
        self._leave = _quiet_button("leavePackButton", "Back to the course")
        self._leave.clicked.connect(self.course_requested)
        self._leave.hide()
        self._head = head = QHBoxLayout()
        head.setSpacing(4 * UNIT)
        head.addWidget(self._title)
        head.addWidget(self.course_choice)
        head.addStretch(1)
        head.addWidget(self._progress)
        head.addStretch(1)
        head.addWidget(self._time)
        head.addWidget(self._leave)
        head.addWidget(self._start)
        self._lower = QStackedWidget()
        self._lower.addWidget(self._answers)
        self._lower.addWidget(self._reveal)
        # One height for both, so that the strip does not move when the reason comes.
        self._lower.setFixedHeight(self._reveal.height())
        room = self._next.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._next.setSizePolicy(room)
        foot = QHBoxLayout()
        foot.addWidget(self._status, 1)
        foot.addWidget(self._next)
        self._quiz = QWidget()
        column = QVBoxLayout(self._quiz)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addWidget(self.bar)
        column.addWidget(self._scenario)
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

    def _make_keys(self) -> None:
        for place in range(MOST_ANSWERS):
            self._key(str(place + 1), partial(self._answer_by_key, place))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._key(key, self._enter)
        self._key("?", self._keys.toggle)

    def _key(self, key: Qt.Key | str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(slot)

    def set_course(self, course: Course, *, in_pack: bool = False) -> None:
        """Name the course, or the pack from which a way leads back to the course."""
        self._title.say(f"Practice · {course.title}" if in_pack else "Practice")
        self._leave.setVisible(in_pack)
        self.course_choice.show_course(course)
        self.course_choice.setVisible(not in_pack)

    def show_question(
        self, strip: Strip, answers: Sequence[str], progress: str, scenario: str = ""
    ) -> None:
        """Show a strip and its answers; the clock starts when the strip is painted."""
        set_or_hide(self._scenario, scenario)
        self._ticker.stop()
        self._seconds = -1
        self._tick()
        self._progress.setText(progress)
        self.set_status("")
        self._next.setVisible(False)
        self._answers.show_answers(answers)
        self._lower.setCurrentWidget(self._answers)
        self._body.setCurrentWidget(self._quiz)
        self.strip.set_strip(strip)
        self.strip.lay_out_all()
        self.strip.show_first(WINDOW_S)
        self.setFocus()

    def show_reveal(self, reveal: Reveal) -> None:
        """Show the reason in place of the answers."""
        self._ticker.stop()
        self._reveal.look_at_all()
        self._reveal.show_reveal(reveal)
        self._lower.setCurrentWidget(self._reveal)
        self._next.setVisible(True)

    def show_chosen(self, chosen: Chosen) -> None:
        """Show a strip of what was chosen beside the reason."""
        self._reveal.show_chosen(chosen)

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper."""
        self.strip.set_style(style)
        self._reveal.set_style(style)

    def show_message(self, message: Message) -> None:
        """Show a message in place of the question."""
        self._ticker.stop()
        self._time.clear()
        self.strip.set_strip(None)
        self._message.show_message(message)
        self._body.setCurrentWidget(self._message)

    def set_status(self, text: str) -> None:
        """Say something quietly below the answers; what does not fit is in the tooltip."""
        self._said = text
        self._say()

    def mention(self, text: str) -> None:
        """Say something in the place of that until the strip changes."""
        self._status.say(text)

    def _say(self) -> None:
        """Say what has been said, or else what the marks mean."""
        self._status.say(self._said or self.strip.legend)

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let Enter press the button of a message, also when the page is turned to again."""
        super().focusInEvent(event)
        if not self.showing_question:
            self._message.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll and zoom the strip, or go through the readings."""
        taken = self.showing_question and self._strip_keys.take(event)
        if not (taken or (self.revealing and self._reveal.take(event))):
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if not press_focused() and self.revealing:
            self.next_requested.emit()

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

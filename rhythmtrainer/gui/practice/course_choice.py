"""The name of the course, which leads to the other courses."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from rhythmtrainer.model import Course, CourseId


class CourseChoice(QToolButton):
    """A button with the course's title, and a menu of all courses.

    Signals
    -------
    chosen
        The course that somebody wants.
    """

    chosen = Signal(CourseId)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("courseChoice")
        self.setProperty("role", "segment")
        self.setToolTip("Choose a course; a new session begins")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._actions: dict[CourseId, QAction] = {}
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self.setMenu(self._menu)
        self.hide()

    def offer(self, courses: Sequence[Course]) -> None:
        """Offer these courses."""
        self._menu.clear()
        self._actions = {course.id: self._action(course) for course in courses}

    def show_course(self, course: Course) -> None:
        """Show which course is practised now."""
        self.setText(course.title)
        self.setAccessibleName(f"Course: {course.title}")
        if course.id in self._actions:
            self._actions[course.id].setChecked(True)

    def _action(self, course: Course) -> QAction:
        action = self._menu.addAction(course.title)
        action.setCheckable(True)
        action.setToolTip(course.audience)
        action.triggered.connect(lambda: self.chosen.emit(course.id))
        return self._group.addAction(action)

"""The window: a rail of pages on the left, the page on the right."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.about.page import AboutPage
from rhythmtrainer.gui.label.page import LabelPage
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.preferences.page import PreferencesPage
from rhythmtrainer.gui.review.page import ReviewPage
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.watch.page import WatchPage

StripPage: TypeAlias = PracticePage | WatchPage | ReviewPage | LabelPage

_RAIL_WIDTH = 32 * UNIT


class MainWindow(QMainWindow):
    """Holds the pages and turns from one to another.

    Attributes
    ----------
    may_close
        Asked before the window closes.

    Signals
    -------
    page_shown
        The page that is now on the screen.
    screen_changed
        The window is now on another screen, or for the first time on one.
    closing
        The window is about to close; what is under way must stop now.
    """

    page_shown = Signal(QWidget)
    screen_changed = Signal()
    closing = Signal()
    may_close: Callable[[], bool]

    def __init__(self) -> None:
        super().__init__()
        self.may_close = lambda: True
        self._on_screen = False
        self.setObjectName("mainWindow")
        self.setWindowTitle("rhythmtrainer")
        self.setMinimumSize(900, 640)
        self.resize(1280, 800)
        self.practice = PracticePage()
        self.watch = WatchPage()
        self.review = ReviewPage()
        self.library = LibraryPage()
        self.label = LabelPage()
        self.preferences = PreferencesPage()
        self.about = AboutPage()
        self._pages = QStackedWidget()
        # No button group: of a group, Tab reaches only one button.
        self._buttons: dict[QWidget, QPushButton] = {}
        rail = QVBoxLayout()
        rail.setContentsMargins(2 * UNIT, 3 * UNIT, 2 * UNIT, 3 * UNIT)
        rail.setSpacing(UNIT)
        for name, label, page in (
            ("navPractice", "Practice", self.practice),
            ("navWatch", "Watch", self.watch),
            ("navReview", "Review", self.review),
            ("navLibrary", "Library", self.library),
            ("navLabel", "Label", self.label),
            ("navSettings", "Settings", self.preferences),
            ("navAbout", "About", self.about),
        ):
            self._pages.addWidget(page)
            rail.addWidget(self._rail_button(name, label, page))
        rail.addStretch(1)
        self.setCentralWidget(self._whole(rail))
        for button in self.findChildren(QPushButton):
            # Outside of dialogs Qt leaves Enter to the desktop's taste.
            button.setAutoDefault(True)
        self.show_page(self.practice)

    @property
    def strip_pages(self) -> tuple[StripPage, ...]:
        """The pages that show strips."""
        return (self.practice, self.watch, self.review, self.label)

    def _rail_button(self, name: str, label: str, page: QWidget) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(f"{label} page")
        button.setProperty("role", "rail")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.show_page(page))
        self._buttons[page] = button
        return button

    def _whole(self, rail: QVBoxLayout) -> QWidget:
        left = QWidget()
        left.setFixedWidth(_RAIL_WIDTH)
        left.setLayout(rail)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setProperty("role", "line")
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(line)
        row.addWidget(self._pages, 1)
        return whole

    def show_page(self, page: QWidget) -> None:
        """Turn to a page."""
        self._pages.setCurrentWidget(page)
        for other, button in self._buttons.items():
            button.setChecked(other is page)
        page.setFocus()
        self.page_shown.emit(page)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the window from screen to screen."""
        super().showEvent(event)
        if not self._on_screen:
            self._on_screen = True
            self.windowHandle().screenChanged.connect(self.screen_changed)
            self.screen_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the program stop its work first."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

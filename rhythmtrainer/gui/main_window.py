"""The window: a rail of pages on the left, the page on the right."""

from collections.abc import Callable

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
from rhythmtrainer.gui.practice.page import PracticePage
from rhythmtrainer.gui.preferences.page import PreferencesPage
from rhythmtrainer.gui.review.page import ReviewPage
from rhythmtrainer.gui.theme import UNIT

_RAIL_WIDTH = 32 * UNIT


class MainWindow(QMainWindow):
    """Holds the pages and turns from one to another.

    Pages that not everybody turns to come when somebody does: the first strip need not wait.

    Attributes
    ----------
    may_close
        Asked before the window closes.

    Signals
    -------
    page_wanted
        The name on the rail of a page that is not here yet; `add_page` brings it.
    page_shown
        The page that is now on the screen.
    screen_changed
        The window is now on another screen, or for the first time on one.
    closing
        The window is about to close; what is under way must stop now.
    """

    page_wanted = Signal(str)
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
        self.review = ReviewPage()
        self.preferences = PreferencesPage()
        self.about = AboutPage()
        self._pages = QStackedWidget()
        # No button group: of a group, Tab reaches only one button.
        self._buttons: dict[str, QPushButton] = {}
        self._named: dict[str, QWidget] = {}
        rail = QVBoxLayout()
        rail.setContentsMargins(2 * UNIT, 3 * UNIT, 2 * UNIT, 3 * UNIT)
        rail.setSpacing(UNIT)
        for name in ("Practice", "Watch", "Review", "Library", "Label", "Settings", "About"):
            rail.addWidget(self._rail_button(name))
        rail.addStretch(1)
        self.setCentralWidget(self._whole(rail))
        _press_with_enter(self)
        self.add_page("Practice", self.practice)
        self.add_page("Review", self.review)
        self.add_page("Settings", self.preferences)
        self.add_page("About", self.about)
        self.show_page(self.practice)

    def _rail_button(self, name: str) -> QPushButton:
        button = QPushButton(name)
        button.setObjectName(f"nav{name}")
        button.setAccessibleName(f"{name} page")
        button.setProperty("role", "rail")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._turn_to(name))
        self._buttons[name] = button
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

    def add_page(self, name: str, page: QWidget) -> None:
        """Put a page behind its name on the rail."""
        _press_with_enter(page)
        self._named[name] = page
        self._pages.addWidget(page)

    def _turn_to(self, name: str) -> None:
        if name not in self._named:
            self.page_wanted.emit(name)
        page = self._named.get(name)
        if page is not None:
            self.show_page(page)

    def show_page(self, page: QWidget) -> None:
        """Turn to a page."""
        self._pages.setCurrentWidget(page)
        for name, button in self._buttons.items():
            button.setChecked(self._named.get(name) is page)
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


def _press_with_enter(widget: QWidget) -> None:
    for button in widget.findChildren(QPushButton):
        # Outside of dialogs Qt leaves Enter to the desktop's taste.
        button.setAutoDefault(True)

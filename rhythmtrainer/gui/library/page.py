"""The library page: three parts, one of which is shown."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from rhythmtrainer.gui.library.controls import button, heading
from rhythmtrainer.gui.library.coverage_view import CoverageView
from rhythmtrainer.gui.library.databases_view import DatabasesView
from rhythmtrainer.gui.library.job_bar import JobBar
from rhythmtrainer.gui.library.pack_form import PackForm
from rhythmtrainer.gui.library.strips_view import StripsView
from rhythmtrainer.gui.recordings.dropping import PACK_ENDING
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.keys_panel import KeysPanel
from rhythmtrainer.model import Pack

_DATABASES, _COVERAGE, _STRIPS = range(3)
_KEYS: Final = (
    ("Alt+1 2 3", "recordings, coverage, my strips and packs"),
    ("↑ ↓", "go through a table"),
    ("Enter", "edit the label of a strip, practise a pack"),
    ("Delete", "remove a strip or a pack"),
    ("Ctrl+Z", "bring back the strip that was removed last"),
    ("Ctrl+F", "filter the rhythms"),
    ("Alt+↑ ↓", "move a strip within a pack that is handed out"),
    ("Esc", "go back, or answer a question with no"),
    ("?", "these keys"),
)


class LibraryPage(QWidget):
    """Shows recordings, what they cover, and strips; the wishes of its parts leave from here.

    Signals
    -------
    strip_wanted
        The user wants to make a strip of a recording.
    edit_wanted
        Id of the strip whose label is to be changed.
    open_pack_wanted
        The user wants to choose a pack to open.
    packs_dropped
        Files of packs that were dropped on the page.
    save_pack_wanted
        A pack that is to be written to a file that the user chooses.
    practise_wanted
        Id of the pack that is to be practised.
    clear_cache_wanted
        The excerpts that were kept are not wanted any more.
    """

    strip_wanted = Signal()
    edit_wanted = Signal(str)
    open_pack_wanted = Signal()
    packs_dropped = Signal(list)
    save_pack_wanted = Signal(Pack)
    practise_wanted = Signal(str)
    clear_cache_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryPage")
        self.setAccessibleName("Library")
        self.setAcceptDrops(True)
        self.databases = DatabasesView()
        self.coverage = CoverageView()
        self.strips = StripsView()
        self.pack_form = PackForm()
        self.job_bar = JobBar("libraryJob")
        self.shelf_bar = JobBar("libraryShelfJob")
        self._shelf = QStackedWidget()
        self._shelf.addWidget(self.strips)
        self._shelf.addWidget(self.pack_form)
        self._parts = QStackedWidget()
        self._buttons: list[QPushButton] = []
        self._keys = KeysPanel(_KEYS, self)
        self._lay_out()
        self._connect()
        self._show_place(_DATABASES)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(heading("Library", 2))
        head.addSpacing(4 * UNIT)
        for name, label, part in (
            ("libraryShowDatabases", "Recordings", self.databases),
            ("libraryShowCoverage", "Coverage", self.coverage),
            ("libraryShowStrips", "My strips and packs", self._strips_part()),
        ):
            head.addWidget(self._part_button(name, label, part))
        head.addStretch(1)
        keys = button("libraryKeys", "Keys  ?", "Keys")
        keys.setShortcut("?")
        keys.clicked.connect(self._keys.toggle)
        head.addWidget(keys)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 2 * UNIT)
        whole.setSpacing(2 * UNIT)
        whole.addLayout(head)
        whole.addWidget(self._parts, 1)
        whole.addWidget(self.job_bar)

    def _strips_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._shelf, 1)
        column.addWidget(self.shelf_bar)
        return part

    def _part_button(self, name: str, label: str, part: QWidget) -> QPushButton:
        place = self._parts.addWidget(part)
        made = button(name, label, f"{label}, part of the library")
        made.setCheckable(True)
        made.clicked.connect(lambda: self._show_place(place))
        shortcut = QShortcut(QKeySequence(f"Alt+{place + 1}"), self)
        shortcut.activated.connect(lambda: self._show_place(place))
        made.setToolTip(f"Alt+{place + 1}")
        self._buttons.append(made)
        return made

    def _connect(self) -> None:
        self.databases.clear_cache_wanted.connect(self.clear_cache_wanted)
        self.strips.strip_wanted.connect(self.strip_wanted)
        self.strips.edit_wanted.connect(self.edit_wanted)
        self.strips.open_pack_wanted.connect(self.open_pack_wanted)
        self.strips.practise_wanted.connect(self.practise_wanted)
        self.pack_form.closed.connect(self.close_pack_form)
        self.job_bar.focus_left.connect(self.take_focus)
        self.shelf_bar.focus_left.connect(self.take_focus)

    def show_strips(self) -> None:
        """Show the strips and packs, not the form."""
        self._shelf.setCurrentWidget(self.strips)
        self._show_place(_STRIPS)

    def show_pack_form(self) -> None:
        """Show the form in which a pack is handed out."""
        self._shelf.setCurrentWidget(self.pack_form)
        self._show_place(_STRIPS)

    def close_pack_form(self) -> None:
        """Show the strips again when their part is looked at."""
        self._shelf.setCurrentWidget(self.strips)
        if self.strips.isVisible():
            self.strips.take_focus()

    def show_cache(self, bytes_: int, limit: int) -> None:
        """Say how much the excerpts that are kept take, and how much they may, in bytes."""
        self.databases.show_cache(bytes_, limit)

    def take_focus(self) -> None:
        """Put the focus where the shown part is used from."""
        place = self._parts.currentIndex()
        if place == _DATABASES:
            self.databases.take_focus()
        elif place == _COVERAGE:
            self.coverage.take_focus()
        elif self._shelf.currentWidget() is self.strips:
            self.strips.take_focus()
        else:
            self.pack_form.take_focus()

    def _show_place(self, place: int) -> None:
        self._parts.setCurrentIndex(place)
        for at, each in enumerate(self._buttons):
            each.setChecked(at == place)
        self.take_focus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the part that is shown."""
        super().focusInEvent(event)
        self.take_focus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of packs."""
        if _packs(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which packs were dropped."""
        files = _packs(event)
        if files:
            event.acceptProposedAction()
            self.show_strips()
            self.packs_dropped.emit(files)


def _packs(event: QDropEvent) -> list[Path]:
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.casefold() == PACK_ENDING]

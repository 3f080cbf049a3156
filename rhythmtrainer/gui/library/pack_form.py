"""The form in which strips are chosen and named to be handed out as one file."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.library import words
from rhythmtrainer.gui.library.controls import allow, button, heading, tooltip
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import wrapping_label
from rhythmtrainer.model import LabelledStrip, Pack, PackId, Quiz, Rhythm, RhythmId

_TITLE_LENGTH: Final = 120
_NOTE_LENGTH: Final = 2000
_ID_LETTERS: Final = 40
_ID_DIGITS: Final = 8
_LIST_STYLE: Final = """
    QListWidget { border: 1px solid palette(mid); }
    QListWidget:focus { border-color: palette(highlight); }
    QListWidget::item { padding: 3px 2px; }
    QListWidget::indicator:unchecked { width: 12px; height: 12px; background: palette(base);
        border: 1px solid palette(placeholder-text); }
"""
# A button that stands out would otherwise not look as if it cannot be pressed yet.
_SAVE_STYLE: Final = """
    QPushButton:disabled { color: palette(placeholder-text); background: palette(button);
        border-color: palette(mid); }
"""
_KEY: Final = Qt.ItemDataRole.UserRole


class PackForm(QWidget):
    """Collects what a pack is called and which strips it holds, in which order.

    Signals
    -------
    accepted
        The form is filled, and the pack is to be written.
    closed
        The user does not want to hand anything out.
    """

    accepted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryPackForm")
        self._strips: dict[str, LabelledStrip] = {}
        self._busy_with = ""
        self._title = _field("libraryPackTitle", "Title of the pack", _TITLE_LENGTH)
        self._author = _field("libraryPackAuthor", "Author", _TITLE_LENGTH)
        self._author.setPlaceholderText("as you want to be named; may be empty")
        self._note = _field("libraryPackNote", "Note", _NOTE_LENGTH)
        self._note.setPlaceholderText("what the pack is for")
        self._quiz = _field("libraryQuizTitle", "Title of the quiz", _TITLE_LENGTH)
        self._quiz.setPlaceholderText("empty for no quiz; else it asks the strips in this order")
        self._list = QListWidget()
        self._list.setObjectName("libraryPackStrips")
        self._list.setAccessibleName("Strips of the pack, in order")
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.setAlternatingRowColors(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setStyleSheet(_LIST_STYLE)
        self._all = button("libraryPackAll", "All", "Hand out all strips")
        self._none = button("libraryPackNone", "None", "Hand out none of the strips")
        self._up = button("libraryPackUp", "Up", "Move the strip up")
        self._down = button("libraryPackDown", "Down", "Move the strip down")
        self._said = wrapping_label()
        self._said.setObjectName("libraryPackSaid")
        self._save = button("libraryPackSave", "Save the pack …", role="primary")
        self._save.setStyleSheet(_SAVE_STYLE)
        self._cancel = button("libraryPackCancel", "Back", "Back to the strips", role="")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(2 * UNIT)
        form.addRow("Title", self._title)
        form.addRow("Author", self._author)
        form.addRow("Note", self._note)
        form.addRow("Quiz", self._quiz)
        moves = QVBoxLayout()
        moves.setSpacing(UNIT)
        for each in (self._all, self._none, self._up, self._down):
            moves.addWidget(each)
        moves.addStretch(1)
        chosen = QHBoxLayout()
        chosen.setSpacing(2 * UNIT)
        chosen.addWidget(self._list, 1)
        chosen.addLayout(moves)
        form.addRow("Strips", chosen)
        end = QHBoxLayout()
        end.setSpacing(2 * UNIT)
        end.addWidget(self._said, 1)
        end.addWidget(self._cancel)
        end.addWidget(self._save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(3 * UNIT)
        whole.addWidget(heading("Hand out a pack"))
        whole.addLayout(form, 1)
        whole.addLayout(end)

    def _connect(self) -> None:
        self._title.textChanged.connect(self._allow)
        self._list.itemChanged.connect(self._allow)
        self._list.currentRowChanged.connect(self._allow)
        self._list.model().rowsMoved.connect(self._allow)
        self._all.clicked.connect(lambda: self._check(Qt.CheckState.Checked))
        self._none.clicked.connect(lambda: self._check(Qt.CheckState.Unchecked))
        self._up.clicked.connect(lambda: self._move(-1))
        self._down.clicked.connect(lambda: self._move(1))
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            move = QShortcut(QKeySequence(keys), self._list)
            move.setContext(Qt.ShortcutContext.WidgetShortcut)
            move.activated.connect(partial(self._move, step))
        self._save.clicked.connect(self.accepted)
        self._cancel.clicked.connect(self.closed)

    def show_strips(
        self, strips: Sequence[LabelledStrip], rhythms: Mapping[RhythmId, Rhythm]
    ) -> None:
        """List strips to choose from; those that were listed before stay as they were chosen."""
        before = {item.data(_KEY): item.checkState() for item in self._items()}
        places = {key: place for place, key in enumerate(before)}
        self._strips = {strip.id: strip for strip in strips}
        # The list is not to be asked what is chosen while it is half filled.
        with QSignalBlocker(self._list):
            self._list.clear()
            for strip in sorted(strips, key=lambda each: places.get(each.id, len(places))):
                item = _item(strip, rhythms[strip.answer].name)
                item.setCheckState(before.get(strip.id, Qt.CheckState.Checked))
                self._list.addItem(item)
            self._list.setCurrentRow(0)
        self._allow()

    def take_focus(self) -> None:
        """Let the user type the title."""
        self._title.setFocus()

    def set_busy(self, doing: str) -> None:
        """Take no wishes while something is being done; an empty text takes them again."""
        self._busy_with = doing
        self._allow()

    def pack(self, today: date) -> Pack:
        """Return the pack that the form describes.

        Parameters
        ----------
        today
            When it is made.
        """
        chosen = self._chosen()
        title, author = self._title.text().strip(), self._author.text().strip()
        quiz = self._quiz.text().strip()
        return Pack(
            id=_pack_id(title, author, chosen),
            title=title,
            author=author,
            created=today,
            note=self._note.text().strip(),
            strips=chosen,
            quiz=Quiz(quiz, tuple(strip.id for strip in chosen)) if quiz else None,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _chosen(self) -> tuple[LabelledStrip, ...]:
        return tuple(
            self._strips[item.data(_KEY)]
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        )

    def _check(self, state: Qt.CheckState) -> None:
        # One look at what is chosen is enough for all of them.
        with QSignalBlocker(self._list):
            for item in self._items():
                item.setCheckState(state)
        self._allow()

    def _move(self, step: int) -> None:
        row = self._list.currentRow()
        if row < 0 or not 0 <= row + step < self._list.count():
            return
        self._list.insertItem(row + step, self._list.takeItem(row))
        self._list.setCurrentRow(row + step)

    def _allow(self) -> None:
        chosen = self._chosen()
        busy = f"One thing at a time: {words.small(self._busy_with)}." if self._busy_with else ""
        untitled = "" if self._title.text().strip() else "Give the pack a title."
        empty = "" if chosen else "Choose the strips that go into it."
        why_not = " ".join(filter(None, (untitled, empty)))
        allow(self._save, busy or why_not)
        row = self._list.currentRow()
        allow(self._up, "" if row > 0 else "It is the first already.", "Alt+Up in the list")
        last = row >= self._list.count() - 1
        allow(self._down, "It is the last already." if last else "", "Alt+Down in the list")
        unknown = sum(not strip.licence for strip in chosen)
        whose = (
            f"The licence of {words.many(unknown, 'strip')} is not stated: make sure that you may "
            "hand out the recording."
        )
        ready = f"{words.many(len(chosen), 'strip')}."
        self._said.setText(why_not or (f"{ready} {whose}" if unknown else ready))


def _item(strip: LabelledStrip, answer: str) -> QListWidgetItem:
    licence = strip.licence or "licence not stated"
    item = QListWidgetItem(f"{strip.title} · {answer} · {strip.duration_s:.1f} s · {licence}")
    item.setToolTip(tooltip(item.text()))
    item.setData(_KEY, strip.id)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemIsDragEnabled
    )
    return item


def _field(name: str, accessible: str, length: int) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(accessible)
    field.setMaxLength(length)
    return field


def _pack_id(title: str, author: str, strips: Sequence[LabelledStrip]) -> PackId:
    """Name a pack so that the same title by the same author is a newer edition of it.

    Without an author the strips tell packs of one title apart.
    """
    whose = author or " ".join(sorted(strip.id for strip in strips))
    digits = hashlib.sha256(f"{title}\n{whose}".encode()).hexdigest()[:_ID_DIGITS]
    readable = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_ID_LETTERS].strip("-")
    return PackId("-".join(filter(None, (readable, digits))))

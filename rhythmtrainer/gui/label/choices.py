"""Choosing among the rhythms, by family or by typing a part of a name."""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QPushButton, QVBoxLayout, QWidget

from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.model import Rhythm, RhythmCategory, RhythmId

_SEARCHED: Final = Qt.ItemDataRole.UserRole + 1
_FAMILIES: Final = {
    RhythmCategory.SINUS: "Sinus rhythms",
    RhythmCategory.ATRIAL: "Atrial rhythms",
    RhythmCategory.JUNCTIONAL: "Junctional rhythms",
    RhythmCategory.AV_BLOCK: "AV blocks",
    RhythmCategory.CONDUCTION: "Conduction",
    RhythmCategory.ECTOPY: "Early beats",
    RhythmCategory.VENTRICULAR: "Ventricular rhythms",
    RhythmCategory.ARREST: "Arrest rhythms",
    RhythmCategory.PACED: "Paced rhythms",
    RhythmCategory.ARTIFACT: "Artifact",
}
_MOST_SHOWN: Final = 16


class CalmChoice(QComboBox):
    """A choice that the wheel passes over: scrolling a form must not change what it says."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls."""
        event.ignore()


class _Search(QCompleter):
    """Finds a rhythm by any part of its names, and writes the first of them."""

    def pathFromIndex(  # noqa: N802 - as Qt calls it
        self, index: QModelIndex | QPersistentModelIndex
    ) -> str:
        """Return what is written when a row is chosen."""
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class RhythmChoice(CalmChoice):
    """All rhythms by families; typing a part of a name, synonym or abbreviation finds one.

    Signals
    -------
    chosen
        A `RhythmId`, or None where the text was cleared.
    """

    chosen = Signal(object)

    def __init__(self, name: str, label: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(_MOST_SHOWN)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._now: RhythmId | None = None
        self._called: Mapping[str, RhythmId] = {}
        model = QStandardItemModel(self)
        self.setModel(model)
        search = _Search(model, self)
        search.setCompletionRole(_SEARCHED)
        search.setFilterMode(Qt.MatchFlag.MatchContains)
        search.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        search.setMaxVisibleItems(_MOST_SHOWN)
        self.setCompleter(search)
        self._search = search
        self._rows = model
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(placeholder)
            line.setAccessibleName(label)
            line.setAcceptDrops(False)
            line.setClearButtonEnabled(True)
            line.editingFinished.connect(self._settle)
        self.activated.connect(lambda place: self._choose(self._rhythm_at(place)))

    def set_rhythms(self, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Offer these."""
        self._rows.clear()
        self._called = {
            name.casefold(): rhythm.id
            for rhythm in reversed(list(rhythms.values()))
            for name in (*rhythm.synonyms, rhythm.abbreviation, rhythm.name)
        }
        for family, heading in _FAMILIES.items():
            members = [rhythm for rhythm in rhythms.values() if rhythm.category is family]
            if not members:
                continue
            self._rows.appendRow(_heading(heading))
            for rhythm in members:
                self._rows.appendRow(_row(rhythm))
        self.show_rhythm(self._now)

    @property
    def rhythm(self) -> RhythmId | None:
        """The rhythm that is chosen."""
        return self._now

    def show_rhythm(self, rhythm: RhythmId | None) -> None:
        """Show a rhythm; nobody is told."""
        self._now = rhythm
        place = -1 if rhythm is None else self.findData(rhythm)
        self.setCurrentIndex(place)
        if place < 0:
            self.clearEditText()

    def _settle(self) -> None:
        """Take what was typed if it names a rhythm; else show again what was chosen."""
        typed = self.currentText().strip()
        if not typed:
            self._choose(None)
            return
        found = self._called.get(typed.casefold())
        if found is None:
            self._search.setCompletionPrefix(typed)
            if self._search.completionCount() == 1:
                found = self._rhythm_at(self.findText(self._search.currentCompletion()))
        self._choose(self._now if found is None else found)

    def _rhythm_at(self, place: int) -> RhythmId | None:
        """Return the rhythm in a row; None for a heading, or where there is no row."""
        # Qt keeps a text and forgets which one it is.
        value = self.itemData(place) if place >= 0 else None
        return None if value is None else RhythmId(value)

    def _choose(self, rhythm: RhythmId | None) -> None:
        before = self._now
        self.show_rhythm(rhythm)
        if rhythm is not before:
            self.chosen.emit(rhythm)


class RhythmsChoice(QWidget):
    """Any number of rhythms: chosen one after another, and taken back by a press.

    Signals
    -------
    changed
        Others are chosen now, a frozen set of `RhythmId`.
    """

    changed = Signal(object)

    def __init__(self, name: str, label: str, placeholder: str) -> None:
        super().__init__()
        self._name = name
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self._now: tuple[RhythmId, ...] = ()
        self._buttons: list[QPushButton] = []
        self.choice = RhythmChoice(name, label, placeholder)
        self.choice.chosen.connect(self._add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT)
        self._column.addWidget(self.choice)

    def set_rhythms(self, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Offer these."""
        self._rhythms = rhythms
        self.choice.set_rhythms(rhythms)
        self.show_rhythms(self._now)

    @property
    def rhythms(self) -> frozenset[RhythmId]:
        """The rhythms that are chosen."""
        return frozenset(self._now)

    def show_rhythms(self, rhythms: Iterable[RhythmId]) -> None:
        """Show these, in the order of all; nobody is told."""
        wanted = set(rhythms)
        self._now = tuple(rhythm for rhythm in RhythmId if rhythm in wanted)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(rhythm) for rhythm in self._now]

    def _add(self, rhythm: RhythmId | None) -> None:
        if rhythm is None:
            return
        self.choice.show_rhythm(None)
        if rhythm not in self._now:
            self.show_rhythms((*self._now, rhythm))
            self.changed.emit(self.rhythms)

    def _remove(self, rhythm: RhythmId) -> None:
        self.choice.setFocus()
        self.show_rhythms(known for known in self._now if known is not rhythm)
        self.changed.emit(self.rhythms)

    def _button(self, rhythm: RhythmId) -> QPushButton:
        name = self._rhythms[rhythm].name if rhythm in self._rhythms else rhythm.value
        button = QPushButton(f"{name}   ✕")
        button.setObjectName(f"{self._name}-{rhythm.value}")
        button.setAccessibleName(f"Accept {name} no longer")
        button.setToolTip(button.accessibleName())
        button.setProperty("role", "segment")
        button.setAutoDefault(True)
        button.clicked.connect(lambda: self._remove(rhythm))
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        QWidget.setTabOrder(self._buttons[-1] if self._buttons else self.choice, button)
        return button


def _heading(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEnabled(False)
    item.setData("", _SEARCHED)
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    return item


def _row(rhythm: Rhythm) -> QStandardItem:
    item = QStandardItem(rhythm.name)
    item.setData(rhythm.id, Qt.ItemDataRole.UserRole)
    names = (rhythm.name, rhythm.abbreviation, *rhythm.synonyms)
    item.setData(" · ".join(name for name in names if name), _SEARCHED)
    item.setToolTip(rhythm.definition)
    return item

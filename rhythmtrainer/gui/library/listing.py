"""Tables that can be sorted and filtered, and whose rows are told apart by keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QRegularExpression, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rhythmtrainer.gui.library.controls import tooltip
from rhythmtrainer.gui.theme import UNIT, tabular_font

_KEY: Final = Qt.ItemDataRole.UserRole
_RANK: Final = Qt.ItemDataRole.UserRole + 1
_SOUGHT: Final = Qt.ItemDataRole.UserRole + 2
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NARROWEST: Final = 20 * UNIT
_STYLE: Final = """
    QTableView { outline: none; }
    QTableView:focus { border-color: palette(highlight); }
    QTableView::item { padding: 0px 3px; }
    QHeaderView::section { padding: 4px 6px; }
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    hint
        Says more about the heading, in its tooltip.
    number
        Whether it holds amounts, which stand at its right.
    share
        Of the room that is left beside columns that are as wide as what they hold: 0.
    """

    title: str
    hint: str = ""
    number: bool = False
    share: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and how it is written."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    key
        Tells it from all others, also after the table was filled again.
    sought
        Words by which it is found besides those of its cells.
    """

    key: str
    cells: tuple[str | Amount, ...]
    sought: str = ""


class Listing(QTableView):
    """Shows rows; a click on a heading sorts by it, and the third click as they were given.

    Signals
    -------
    row_changed
        The key of the row that is current now; empty if there is none.
    entered
        Enter was pressed on the row with this key, or it was clicked twice.
    deleted
        Delete was pressed on the row with this key.
    """

    row_changed = Signal(str)
    entered = Signal(str)
    deleted = Signal(str)

    def __init__(self, name: str, title: str, columns: Sequence[Column]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._columns = tuple(columns)
        self._told = ""
        self._filling = False
        self._items = QStandardItemModel(0, len(columns), self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._items)
        self._shown.setSortRole(_RANK)
        self._shown.setFilterRole(_SOUGHT)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._shown.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._shown)
        self._set_up()
        self._set_headings()
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        self.doubleClicked.connect(lambda _: self.entered.emit(self.current))

    def _set_up(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFont(tabular_font())
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * UNIT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(_STYLE)

    def _set_headings(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for place, column in enumerate(self._columns):
            item = QStandardItem(column.title)
            item.setToolTip(column.hint)
            item.setTextAlignment(_side(column))
            self._items.setHorizontalHeaderItem(place, item)
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                place, mode.Fixed if column.share else mode.ResizeToContents
            )
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    @property
    def current(self) -> str:
        """The key of the current row; empty if there is none."""
        return _key(self.currentIndex())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the rows that are shown, in the order in which they are shown."""
        return tuple(_key(self._shown.index(row, 0)) for row in range(self._shown.rowCount()))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Fill the table; the current row stays if it is among them."""
        before, row, top = self.current, self.currentIndex().row(), self.verticalScrollBar().value()
        self._filling = True
        self._items.setRowCount(0)
        for each in rows:
            self._items.appendRow(_items(each, self._columns))
        if not self.go_to(before):
            # Where a row was taken away, the next one moves up.
            self._go_to_row(min(max(row, 0), self._shown.rowCount() - 1))
        self.verticalScrollBar().setValue(top)
        self._filling = False
        self._share_room()
        self._tell()

    def _tell(self) -> None:
        if not self._filling and self.current != self._told:
            self._told = self.current
            self.row_changed.emit(self._told)

    def go_to(self, key: str) -> bool:
        """Make a row the current one; return whether it is shown."""
        if key not in self.keys:
            return False
        self._go_to_row(self.keys.index(key))
        return True

    def _go_to_row(self, row: int) -> None:
        if row >= 0:
            self.selectRow(row)

    def show_only(self, words: str) -> None:
        """Show the rows that hold all of these words, in any case and order."""
        each = (f"(?=.*{QRegularExpression.escape(word)})" for word in words.split())
        self._shown.setFilterRegularExpression("^" + "".join(each))
        if not self.currentIndex().isValid():
            self._go_to_row(0 if self._shown.rowCount() else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room that is left."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        header = self.horizontalHeader()
        header.resizeSections()
        narrow = [place for place, column in enumerate(self._columns) if not column.share]
        room = self.viewport().width() - sum(header.sectionSize(place) for place in narrow)
        shares = sum(column.share for column in self._columns)
        for place, column in enumerate(self._columns):
            if column.share:
                header.resizeSection(place, max(_NARROWEST, room * column.share // shares))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of Enter and Delete; leave the other keys to Qt."""
        if self.current and event.key() in _ENTER:
            self.entered.emit(self.current)
        elif self.current and event.key() == Qt.Key.Key_Delete:
            self.deleted.emit(self.current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the arrows will go on from."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self._go_to_row(0 if self._shown.rowCount() else -1)


def _side(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _key(index: QModelIndex) -> str:
    return str(index.siblingAtColumn(0).data(_KEY)) if index.isValid() else ""


def _items(row: Row, columns: Sequence[Column]) -> list[QStandardItem]:
    items = []
    for cell, column in zip(row.cells, columns, strict=True):
        text = cell.text if isinstance(cell, Amount) else " ".join(cell.split())
        item = QStandardItem(text)
        item.setEditable(False)
        item.setToolTip(tooltip(text))
        item.setTextAlignment(_side(column))
        item.setData(cell.value if isinstance(cell, Amount) else text, _RANK)
        items.append(item)
    items[0].setData(row.key, _KEY)
    items[0].setData(" ".join((*(item.text() for item in items), row.sought)), _SOUGHT)
    return items

"""A plain table whose rows can be chosen with mouse and keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from rhythmtrainer.gui.theme import tabular_font


class Table(QTableWidget):
    """Shows rows of texts; the first `wide` columns share the room that is left.

    Signals
    -------
    row_chosen
        A row was clicked, or Enter was pressed on it.
    """

    row_chosen = Signal(int)

    def __init__(
        self, name: str, headings: Sequence[str], *, wide: int = 1, choosable: bool = False
    ) -> None:
        super().__init__(0, len(headings))
        self.setObjectName(name)
        self.setHorizontalHeaderLabels(list(headings))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setFont(tabular_font())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in range(wide):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if choosable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.cellClicked.connect(lambda row, _column: self.row_chosen.emit(row))
            self.activated.connect(lambda index: self.row_chosen.emit(index.row()))

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Fill the table."""
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(place, column, item)

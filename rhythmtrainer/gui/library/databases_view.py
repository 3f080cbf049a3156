"""The databases of recordings: what is on this computer, and getting more."""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.library import words
from rhythmtrainer.gui.library.controls import allow, button, facts_browser
from rhythmtrainer.gui.library.listing import Amount, Column, Listing, Row
from rhythmtrainer.gui.library.question_bar import QuestionBar
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import OneLine
from rhythmtrainer.model import Holding

ASK_ABOVE_BYTES: Final = 1_000_000_000
"""A larger fetch is asked about first: on a slow line it takes hours."""

_COLUMNS: Final = (
    Column("Database", share=3),
    Column("Records", "Whole records on this computer, of those published", number=True),
    Column("Size", "What these records take on this computer", number=True),
    Column("Rhythms", "Rhythms that the catalogue finds in it", number=True),
    Column(
        "Stretches", "Stretches of it in the catalogue; strips are drawn from them", number=True
    ),
    Column("Licence", share=2),
)
_FETCH_HINT: Final = "Copy records to this computer; what is here already is not copied again"
_VERIFY_HINT: Final = "Compare the files that are here with what was published"
_INDEX_HINT: Final = "Find the rhythms in the records that are here, so that you can practise them"
_NOT_HERE: Final = "Nothing of it is on this computer yet: fetch it first."
_OFFLINE: Final = (
    "You work offline: nothing can be fetched before Settings let the network be used."
)
_NOT_UNDERSTOOD: Final = "Its labels are not understood, so it cannot be added to your catalogue."


class DatabasesView(QWidget):
    """Shows the known databases and collects what is wanted of one.

    Signals
    -------
    fetch_wanted
        Id of the database, and the names of the records; all where there are none.
    verify_wanted, index_wanted
        Id of the database.
    clear_cache_wanted
        The excerpts that were kept are not wanted any more.
    """

    fetch_wanted = Signal(str, list)
    verify_wanted = Signal(str)
    index_wanted = Signal(str)
    clear_cache_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryDatabases")
        self._holdings: dict[str, Holding] = {}
        self._busy_with = ""
        self._offline = False
        self.table = Listing("libraryDatabaseTable", "Databases", _COLUMNS)
        self._facts = facts_browser("libraryDatabaseFacts", "About this database")
        self._names = QLineEdit()
        self._names.setObjectName("libraryRecordNames")
        self._names.setAccessibleName("Records to fetch")
        self._names.setPlaceholderText("all of it, or names: 100 101 102")
        self._names.setClearButtonEnabled(True)
        self._fetch = button("libraryFetchButton", "Fetch")
        self._verify = button("libraryVerifyButton", "Verify")
        self._index = button("libraryIndexButton", "Add to my catalogue")
        self._why = OneLine()
        self._why.setObjectName("libraryWhyNot")
        self.question = QuestionBar("libraryQuestion")
        self._cache = QLabel()
        self._cache.setObjectName("libraryCacheSize")
        self._clear = button("libraryClearCache", "Clear cache", "Clear the cache of excerpts")
        self._lay_out()
        self._connect()
        self._allow()
        self._facts.setPlainText("Looking for recordings …")
        self.show_cache(0, 0)

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.setSpacing(2 * UNIT)
        label = QLabel("Records")
        label.setBuddy(self._names)
        actions.addWidget(label)
        actions.addWidget(self._names, 1)
        for each in (self._fetch, self._verify, self._index):
            actions.addWidget(each)
        cache = QHBoxLayout()
        cache.setSpacing(2 * UNIT)
        cache.addWidget(self._cache, 1)
        cache.addWidget(self._clear)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self._facts)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * UNIT)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setProperty("role", "line")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        whole.addWidget(split, 1)
        whole.addLayout(actions)
        whole.addWidget(self._why)
        whole.addWidget(self.question)
        whole.addWidget(line)
        whole.addLayout(cache)

    def _connect(self) -> None:
        self.table.row_changed.connect(self._show_current)
        self.table.entered.connect(lambda _: self._names.setFocus())
        self._names.returnPressed.connect(self._fetch.click)
        self._fetch.clicked.connect(self._ask_to_fetch)
        self._verify.clicked.connect(lambda: self.verify_wanted.emit(self.table.current))
        self._index.clicked.connect(lambda: self.index_wanted.emit(self.table.current))
        self._clear.clicked.connect(self._ask_to_clear)
        self.question.focus_left.connect(self.take_focus)

    @property
    def record_names(self) -> list[str]:
        """The names of the records to fetch; empty for all."""
        return [name for name in re.split(r"[\s,;]+", self._names.text()) if name]

    def show_holdings(self, holdings: Sequence[Holding]) -> None:
        """Fill the table."""
        self._holdings = {holding.database.id: holding for holding in holdings}
        self.table.show_rows([_row(holding) for holding in holdings])
        self._show_facts()
        self._allow()

    def show_fault(self, sentence: str) -> None:
        """Say why it is not known what there is."""
        self._facts.setPlainText(sentence)

    def show_cache(self, bytes_: int, limit: int) -> None:
        """Say how much the excerpts that are kept take, and how much they may."""
        of = f" of at most {words.size(limit)}" if limit else ""
        kept = f"{words.size(bytes_)}{of}" if bytes_ else "nothing"
        self._cache.setText(f"Excerpts kept for practice without a network: {kept}")
        allow(
            self._clear,
            "" if bytes_ else "No excerpts are kept.",
            "Excerpts are then read over the network again",
        )

    def take_focus(self) -> None:
        """Put the focus where the view is used from."""
        self.table.setFocus()

    def set_busy(self, doing: str) -> None:
        """Take no wishes while something is being done; an empty text takes them again."""
        self._busy_with = doing
        if doing:
            self.question.put_away()
        self._allow()

    def set_offline(self, offline: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Take no wish to fetch while the network is to be left alone."""
        self._offline = offline
        self._allow()

    def _show_current(self) -> None:
        self._names.clear()
        self.question.put_away()
        self._show_facts()
        self._allow()

    def _show_facts(self) -> None:
        holding = self._holdings.get(self.table.current)
        self._facts.setHtml(words.describe_database(holding) if holding else "")

    def _allow(self) -> None:
        holding = self._holdings.get(self.table.current)
        busy = f"One thing at a time: {words.small(self._busy_with)}." if self._busy_with else ""
        missing, unknown = "", ""
        if holding is not None:
            missing = "" if holding.records else _NOT_HERE
            unknown = "" if holding.can_index else _NOT_UNDERSTOOD
        none = "" if holding else "No database is chosen."
        offline = _OFFLINE if self._offline else ""
        allow(self._fetch, none or busy or offline, _FETCH_HINT)
        allow(self._verify, none or busy or missing, _VERIFY_HINT)
        allow(self._index, none or busy or unknown or missing, _INDEX_HINT)
        self._why.say(busy or " ".join(filter(None, (offline or missing, unknown))))

    def _ask_to_fetch(self) -> None:
        holding = self._holdings[self.table.current]
        database, names = holding.database, self.record_names
        bytes_ = words.size_to_fetch(holding, names)

        def fetch() -> None:
            self.fetch_wanted.emit(database.id, names)

        if bytes_ is None and not names:
            all_ = words.many(holding.published, "record") if holding.published else "all records"
            sentence = f"That is {all_} of {database.title}; how much is not known beforehand."
        elif bytes_ is not None and bytes_ > ASK_ABOVE_BYTES:
            sentence = f"That is about {words.size(bytes_)} of {database.title}."
        else:
            fetch()
            return
        self.question.ask(f"{sentence} It can be stopped and resumed.", "Fetch", "Not now", fetch)

    def _ask_to_clear(self) -> None:
        self.question.ask(
            "Without the excerpts that are kept, practice needs the network again.",
            "Clear cache",
            "Keep them",
            self.clear_cache_wanted.emit,
        )


def _row(holding: Holding) -> Row:
    database = holding.database
    return Row(
        database.id,
        (
            database.title,
            Amount(holding.records, words.here(holding)),
            Amount(holding.size, words.size(holding.size)),
            Amount(holding.rhythms, f"{holding.rhythms:,}" if holding.rhythms else words.NONE),
            Amount(holding.spans, f"{holding.spans:,}" if holding.spans else words.NONE),
            database.licence,
        ),
        database.id,
    )

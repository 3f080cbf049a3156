"""Strips of the user's own, and packs of other people."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from rhythmtrainer.gui.library import words
from rhythmtrainer.gui.library.controls import allow, button, facts_browser, heading
from rhythmtrainer.gui.library.listing import Amount, Column, Listing, Row
from rhythmtrainer.gui.library.question_bar import QuestionBar
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.text import wrapping_label
from rhythmtrainer.model import LabelledStrip, Pack, Rhythm, RhythmId
from rhythmtrainer.model.pack import OWN_STRIPS

_STRIP_COLUMNS: Final = (
    Column("Strip", share=4),
    Column("Answer", share=5),
    Column("Length", number=True),
    Column("Leads"),
    Column("Note", "Shown after the answer", share=4),
)
_PACK_COLUMNS: Final = (
    Column("Pack", share=3),
    Column("Author", share=2),
    Column("Strips", number=True),
    Column("Quiz", share=2),
)
_NO_STRIPS: Final = (
    "No strips of your own yet. Open a recording (WFDB, EDF, DICOM or CSV), find the stretch, "
    "and label it: it is then listed here, ready to be handed out in a pack."
)
_NO_PACKS: Final = (
    "No packs yet. A pack is one file (.rtpack) with strips, labels and a quiz that somebody "
    "made. Open one, or drop it on this page."
)
_FACT_LINES: Final = 3
_ONE_MOMENT: Final = "One moment …"


class StripsView(QWidget):
    """Shows strips and packs, and collects what is wanted with them.

    Signals
    -------
    strip_wanted
        The user wants to make a strip of a recording.
    edit_wanted, remove_wanted
        Id of a strip of the user's own.
    undo_wanted
        The strip that was removed last is to come back.
    hand_out_wanted
        The user wants to make a pack of strips.
    open_pack_wanted
        The user wants to open a pack.
    practise_wanted, remove_pack_wanted
        Id of a pack.
    """

    strip_wanted = Signal()
    edit_wanted = Signal(str)
    remove_wanted = Signal(str)
    undo_wanted = Signal()
    hand_out_wanted = Signal()
    open_pack_wanted = Signal()
    practise_wanted = Signal(str)
    remove_pack_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryStrips")
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self._strips: dict[str, LabelledStrip] = {}
        self._packs: dict[str, Pack] = {}
        self._busy_with = ""
        self.strips = Listing("libraryStripTable", "My strips", _STRIP_COLUMNS)
        self.packs = Listing("libraryPackTable", "Packs", _PACK_COLUMNS)
        self._strip_facts = facts_browser("libraryStripFacts", "About this strip")
        self._pack_facts = facts_browser("libraryPackFacts", "About this pack")
        self._strip_place = _Place(self.strips, self._strip_facts)
        self._pack_place = _Place(self.packs, self._pack_facts)
        self.undo = QuestionBar("libraryUndo")
        self.question = QuestionBar("libraryPackQuestion")
        self._new = button("libraryNewStrip", "New strip from a recording …")
        self._edit = button("libraryEditStrip", "Edit label")
        self._remove = button("libraryRemoveStrip", "Remove", "Remove this strip")
        self._practise_own = button(
            "libraryPractiseOwn", "Practise these", "Practise the strips of your own"
        )
        self._hand_out = button("libraryHandOut", "Hand out a pack …")
        self._open = button("libraryOpenPack", "Open a pack …")
        self._practise = button("libraryPractisePack", "Practise this pack")
        self._remove_pack = button("libraryRemovePack", "Remove pack")
        self._lay_out()
        self._connect()
        self._allow()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        strip_buttons = (self._new, self._edit, self._remove, self._practise_own, self._hand_out)
        whole.addLayout(_head("My strips", self.strips, strip_buttons))
        whole.addWidget(self._strip_place, 3)
        whole.addWidget(self.undo)
        whole.addSpacing(UNIT)
        pack_buttons = (self._open, self._practise, self._remove_pack)
        whole.addLayout(_head("Packs", self.packs, pack_buttons))
        whole.addWidget(self._pack_place, 2)
        whole.addWidget(self.question)

    def _connect(self) -> None:
        self.strips.row_changed.connect(self._show_current)
        self.packs.row_changed.connect(self._show_current)
        self.packs.row_changed.connect(self.question.put_away)
        self.strips.entered.connect(lambda _: self._edit.click())
        self.strips.deleted.connect(lambda _: self._remove.click())
        self.packs.entered.connect(lambda _: self._practise.click())
        self.packs.deleted.connect(lambda _: self._remove_pack.click())
        self._new.clicked.connect(self.strip_wanted)
        self._edit.clicked.connect(lambda: self.edit_wanted.emit(self.strips.current))
        self._remove.clicked.connect(lambda: self.remove_wanted.emit(self.strips.current))
        self._practise_own.clicked.connect(lambda: self.practise_wanted.emit(OWN_STRIPS))
        self._hand_out.clicked.connect(self.hand_out_wanted)
        self._open.clicked.connect(self.open_pack_wanted)
        self._practise.clicked.connect(lambda: self.practise_wanted.emit(self.packs.current))
        self._remove_pack.clicked.connect(self._ask_to_remove_pack)
        self.undo.focus_left.connect(self.take_focus)
        self.question.focus_left.connect(self._focus_packs)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self)
        undo.activated.connect(self.undo_wanted)

    def show_shelf(
        self, own: Pack, packs: Sequence[Pack], rhythms: Mapping[RhythmId, Rhythm]
    ) -> None:
        """Fill both tables."""
        self._rhythms = rhythms
        self._strips = {strip.id: strip for strip in own.strips}
        self._packs = {pack.id: pack for pack in packs}
        self.strips.show_rows([_strip_row(strip, rhythms) for strip in own.strips])
        self.packs.show_rows([_pack_row(pack) for pack in packs])
        in_strips, in_packs = self.strips.hasFocus(), self.packs.hasFocus()
        self._strip_place.set_empty("" if own.strips else _NO_STRIPS)
        self._pack_place.set_empty("" if packs else _NO_PACKS)
        # A table that is gone would pass the focus on to whatever comes next.
        if in_strips:
            self.take_focus()
        elif in_packs:
            self._focus_packs()
        self._show_current()

    def show_fault(self, sentence: str) -> None:
        """Say why neither strips nor packs can be listed."""
        self._strip_place.set_empty(sentence)
        self._pack_place.set_empty("")

    def take_focus(self) -> None:
        """Put the focus where the view is used from."""
        (self.strips if self._strips else self._new).setFocus()

    def offer_undo(self, title: str) -> None:
        """Offer to bring back a strip; without a title there is none to bring back."""
        if title:
            said = f"“{title}” was removed."
            self.undo.offer(said, "Undo", "Dismiss", self.undo_wanted.emit)
        else:
            self.undo.put_away()

    def set_busy(self, doing: str) -> None:
        """Take no wishes while something is being done; an empty text takes them again."""
        self._busy_with = doing
        self._allow()

    def _show_current(self) -> None:
        strip = self._strips.get(self.strips.current)
        pack = self._packs.get(self.packs.current)
        self._strip_facts.setHtml(words.describe_strip(strip, self._rhythms) if strip else "")
        self._pack_facts.setHtml(words.describe_pack(pack) if pack else "")
        self._allow()

    def _allow(self) -> None:
        busy = f"One thing at a time: {words.small(self._busy_with)}." if self._busy_with else ""
        no_strip = "" if self.strips.current else "No strip is chosen."
        pack = self._packs.get(self.packs.current)
        no_pack = "" if pack else "No pack is chosen."
        empty = "" if pack is None or pack.strips else "There are no strips in this pack."
        none = "" if self._strips else "There are no strips of your own yet."
        allow(self._new, "")
        allow(self._edit, busy or no_strip, "Enter")
        allow(self._remove, busy or no_strip, "Delete; it can be brought back")
        allow(self._practise_own, busy or none, "They are asked in this order")
        allow(self._hand_out, busy or none)
        allow(self._open, busy)
        allow(self._practise, busy or no_pack or empty, "Enter")
        allow(self._remove_pack, busy or no_pack, "Delete")

    def _focus_packs(self) -> None:
        (self.packs if self._packs else self._open).setFocus()

    def _ask_to_remove_pack(self) -> None:
        pack = self._packs[self.packs.current]
        self.question.ask(
            f"“{pack.title}” and its {words.many(len(pack.strips), 'strip')} will be gone from "
            "this computer, unless you still have the file.",
            "Remove pack",
            "Keep it",
            lambda: self.remove_pack_wanted.emit(pack.id),
        )


class _Place(QStackedWidget):
    """A table with the facts of its current row, or what to do while there are no rows."""

    def __init__(self, table: Listing, facts: QTextBrowser) -> None:
        super().__init__()
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(table, 1)
        column.addWidget(facts)
        lines = _FACT_LINES * facts.fontMetrics().lineSpacing()
        margins = 2 * round(facts.document().documentMargin()) + 2 * facts.frameWidth()
        facts.setFixedHeight(lines + margins)
        self._empty = wrapping_label()
        self._empty.setObjectName(f"{table.objectName()}Empty")
        self._empty.setProperty("role", "banner")
        self._empty.setMargin(6 * UNIT)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(filled)
        self.addWidget(self._empty)
        self.set_empty(_ONE_MOMENT)

    def set_empty(self, sentence: str) -> None:
        """Say this in place of the table; an empty sentence shows it."""
        self._empty.setText(sentence)
        self.setCurrentIndex(1 if sentence else 0)


def _head(title: str, table: Listing, buttons: Sequence[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2 * UNIT)
    label = heading(title)
    label.setBuddy(table)
    row.addWidget(label)
    row.addStretch(1)
    for each in buttons:
        row.addWidget(each)
    return row


def _strip_row(strip: LabelledStrip, rhythms: Mapping[RhythmId, Rhythm]) -> Row:
    return Row(
        strip.id,
        (
            strip.title,
            rhythms[strip.answer].name,
            Amount(strip.duration_s, f"{strip.duration_s:.1f} s"),
            words.leads(strip),
            strip.teaching.note or words.NONE,
        ),
    )


def _pack_row(pack: Pack) -> Row:
    quiz = f"{pack.quiz.title} ({len(pack.quiz.strips)})" if pack.quiz else words.NONE
    strips = Amount(len(pack.strips), f"{len(pack.strips):,}")
    return Row(pack.id, (pack.title, pack.author or words.NONE, strips, quiz))

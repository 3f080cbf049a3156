"""What the learner chose, as a strip, and the one difference that decides."""

from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.theme import UNIT, heading_font
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.text import set_or_hide, wrapping_label
from rhythmtrainer.model import Measurement, Reveal, Step, Strip

_STRIP_HEIGHT = 29 * UNIT


class Chosen(Protocol):
    """A strip of what the learner chose."""

    @property
    def strip(self) -> Strip:
        """The strip."""
        ...

    @property
    def marks(self) -> Measurement | None:
        """What may be marked on it; None for no marks."""
        ...

    @property
    def where(self) -> str:
        """A phrase: where it comes from, or that it is simulated."""
        ...

    @property
    def source(self) -> str:
        """The same with all that has to be said about it."""
        ...


class Comparison(QWidget):
    """Stands beside the readings; has nothing to compare after a right answer.

    Attributes
    ----------
    with_marks
        Whether copies of the strip carry its marks: they always do.

    Signals
    -------
    copy_wanted, save_wanted
        The strip of what was chosen is to be copied or saved.
    """

    copy_wanted = Signal()
    save_wanted = Signal()
    with_marks: Final = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[RevealMarks, ...] = ()
        self._shown: Strip | None = None
        self._step: Step | None = None
        self._chosen = wrapping_label()
        self._chosen.setFont(heading_font(0))
        self._strip = PaperView()
        self._strip.setObjectName("chosenStrip")
        self._strip.setAccessibleName("A strip of what you chose")
        self._strip.setMinimumHeight(_STRIP_HEIGHT)
        self._strip.setMaximumHeight(_STRIP_HEIGHT)
        self._strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._where = wrapping_label()
        self._where.setProperty("role", "quiet")
        self._where.setObjectName("chosenSourceLabel")
        self._difference = wrapping_label()
        self._difference.setObjectName("differenceLabel")
        self._definition = wrapping_label()
        self._menu = self._menu_button()
        head = QHBoxLayout()
        head.addWidget(self._chosen, 1)
        head.addWidget(self._menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addLayout(head)
        for widget in (
            self._difference,
            self._strip,
            self._where,
            self._definition,
        ):
            column.addWidget(widget)
        column.addStretch(1)

    def _menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("chosenMenuButton")
        button.setText("Strip")
        button.setAccessibleName("Copy or save this strip")
        button.setProperty("role", "segment")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        menu.addAction("Copy").triggered.connect(self.copy_wanted)
        menu.addAction("Save …").triggered.connect(self.save_wanted)
        button.setMenu(menu)
        return button

    def picture(self, notice: str, *, with_marks: bool) -> Picture | None:
        """Return the strip as a picture to be copied or saved; None without one."""
        if self._shown is None:
            return None
        marks = self._marks if with_marks else ()
        return Picture((self._shown,), notice, self._strip.sheet.style, overlays=marks)

    def show_reveal(self, reveal: Reveal) -> None:
        """Say what was chosen and what decides; the strip of it comes when it has been read."""
        set_or_hide(self._chosen, f"You chose {reveal.chosen}" if reveal.chosen else "")
        set_or_hide(self._difference, reveal.difference)
        set_or_hide(self._definition, "" if reveal.difference else reveal.definition)
        self._marks = ()
        self._shown = None
        self._menu.hide()
        self._strip.set_strip(None)
        self._strip.set_overlays(())
        for widget in (self._strip, self._where):
            widget.setVisible(bool(reveal.chosen))
        self._where.clear()

    def show_chosen(self, chosen: Chosen) -> None:
        """Show a strip of the chosen rhythm."""
        self._shown = chosen.strip
        self._marks = ()
        if chosen.marks is not None:
            self._marks = (RevealMarks(chosen.marks, chosen.strip, focus=self._step),)
        self._strip.set_strip(chosen.strip)
        self._strip.set_overlays(self._marks)
        self._strip.setAccessibleDescription(f"{self._strip.description} {chosen.source}")
        self._menu.show()
        self._where.setText(chosen.where)
        self._where.setToolTip(chosen.source)

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper."""
        self._strip.set_style(style)

    def set_focus_step(self, step: Step | None) -> None:
        """Mark one step alone, or all of them."""
        self._step = step
        for mark in self._marks:
            mark.set_focus(step)
        self._strip.update()

"""The row of fields that say which part of a recording is seen, and which becomes the strip."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.label.draft import LONGEST_S, SHORTEST_S, Trim
from rhythmtrainer.gui.label.times import understood, written
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.text import set_or_hide, wrapping_label

LEAST_SHOWN_S, USUAL_SHOWN_S, MOST_SHOWN_S = 6.0, 10.0, 60.0
"""Seconds that are seen at once."""

_TIME_PX: Final = 20 * UNIT
_NO_TIME: Final = "“{}” is no time. Write hh:mm:ss, mm:ss or seconds."
_MOST_TYPED: Final = 16


class Placing(QWidget):
    """Fields for the window and for the trim.

    Signals
    -------
    place_wanted
        The window is to begin here, in seconds from the recording's first sample.
    seconds_wanted
        So much is to be seen at once.
    trim_wanted
        The strip is to be this part, a `Trim`.
    shown_wanted
        The strip is to be what is seen.
    all_leads_wanted
        Whether the strip is to hold all leads, or one.
    """

    place_wanted = Signal(float)
    seconds_wanted = Signal(float)
    trim_wanted = Signal(Trim)
    shown_wanted = Signal()
    all_leads_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trim = Trim(0.0, 0.0)
        self._place_s = 0.0
        self._place = self._time("labelGoTo", "Shown from")
        self._place.editingFinished.connect(self._place_typed)
        self._seconds = _seconds_box("labelShownSeconds", "Seconds shown")
        self._seconds.setRange(LEAST_SHOWN_S, MOST_SHOWN_S)
        self._seconds.setDecimals(0)
        self._seconds.setValue(USUAL_SHOWN_S)
        self._seconds.valueChanged.connect(self.seconds_wanted)
        self._begin = self._time("labelBegin", "Strip begins at")
        self._begin.editingFinished.connect(self._begin_typed)
        self._length = _seconds_box("labelLength", "Length of the strip")
        self._length.setRange(SHORTEST_S, LONGEST_S)
        self._length.setDecimals(1)
        self._length.setSingleStep(0.5)
        self._length.valueChanged.connect(self._length_typed)
        self._take = QPushButton("As shown")
        self._take.setAccessibleName("Take what is shown as the strip")
        self._take.setToolTip("Take what is shown as the strip")
        self._take.setObjectName("labelTakeShown")
        self._take.setProperty("role", "segment")
        self._take.clicked.connect(self.shown_wanted)
        self._all = QCheckBox("All leads")
        self._all.setObjectName("labelAllLeads")
        self._all.clicked.connect(self.all_leads_wanted)
        self._fault = wrapping_label()
        self._fault.setObjectName("labelTimeFault")
        for field in (self._place, self._seconds, self._begin, self._length):
            field.installEventFilter(self)
        self._lay_out()
        self.show_fault("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave Ctrl+Z to the page: what is typed here is taken over at once."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undone = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(keys) for keys in undone):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        for text, *widgets in (
            ("Shown from", self._place, self._seconds),
            ("Strip from", self._begin, self._length, self._take, self._all),
        ):
            label = QLabel(text)
            label.setBuddy(widgets[0])
            row.addWidget(label)
            for widget in widgets:
                row.addWidget(widget)
            row.addSpacing(UNIT)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addLayout(row)
        column.addWidget(self._fault)

    def show_window(self, start_s: float, seconds: float) -> None:
        """Show what is seen."""
        self._place_s = start_s
        self._place.setText(written(start_s))
        _show(self._seconds, seconds)
        self.show_fault("")

    def show_trim(self, trim: Trim) -> None:
        """Show what becomes the strip."""
        self._trim = trim
        self._begin.setText(written(trim.start_s))
        _show(self._length, trim.length_s)
        self.show_fault("")

    def show_leads(self, count: int, *, all_of_them: bool) -> None:
        """Show whether the strip holds all leads, where there are several."""
        self._all.setVisible(count > 1)
        self._all.setText("Both leads" if count == 2 else f"All {count} leads")  # noqa: PLR2004 - a pair
        self._all.setChecked(all_of_them)

    def show_fault(self, sentence: str) -> None:
        """Say what cannot be understood."""
        set_or_hide(self._fault, sentence)

    def _place_typed(self) -> None:
        seconds = self._read(self._place, self._place_s)
        if seconds is not None:
            self.place_wanted.emit(seconds)

    def _begin_typed(self) -> None:
        seconds = self._read(self._begin, self._trim.start_s)
        if seconds is not None:
            self.trim_wanted.emit(Trim(seconds, self._trim.length_s))

    def _length_typed(self) -> None:
        self.trim_wanted.emit(Trim(self._trim.start_s, self._length.value()))

    def _read(self, field: QLineEdit, now_s: float) -> float | None:
        """Return the time that was typed; None where it stayed, or is none."""
        typed = field.text()
        if typed == written(now_s):
            return None
        seconds = understood(typed)
        field.setText(written(now_s))
        self.show_fault("" if seconds is not None else _NO_TIME.format(typed))
        return seconds

    @staticmethod
    def _time(name: str, label: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(f"{label}, hh:mm:ss")
        field.setToolTip("hh:mm:ss, mm:ss, or seconds")
        field.setFont(tabular_font())
        field.setMaxLength(_MOST_TYPED)
        field.setAcceptDrops(False)
        field.setFixedWidth(_TIME_PX)
        return field


def _seconds_box(name: str, label: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName(name)
    box.setAccessibleName(label)
    box.setToolTip(label)
    box.setSuffix(" s")
    box.setFont(tabular_font())
    box.setKeyboardTracking(False)
    return box


def _show(box: QDoubleSpinBox, seconds: float) -> None:
    was_blocked = box.blockSignals(True)  # noqa: FBT003 - as Qt declares it
    box.setValue(seconds)
    box.blockSignals(was_blocked)

"""Finding out how large a millimetre is on this screen, with a bank card or a ruler."""

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.ecg.paper import LARGE_BOX_MM, STANDARD_SPEED_MM_S
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.screen_gauge import FINE, USUAL_PX_PER_MM, BoxSample, Gauge, Outline
from rhythmtrainer.gui.widgets.text import wrapping_label

LEAST_PX_PER_MM: Final = 1.0
MOST_PX_PER_MM: Final = 40.0
"""Between a beamer's wall and twice the densest of telephones."""

_DECIMALS: Final = 3

_HOW: Final = {
    Gauge.CARD: (
        "Hold a bank card flat to the screen, its left edge on the left line. Then drag the right "
        "line, or press the arrow keys, until it lies at the card's right edge. Driving licences "
        "and most badges are of the same size."
    ),
    Gauge.RULER: (
        "Hold a ruler flat to the screen, its zero on the left line. Then drag the right line, or "
        "press the arrow keys, until the millimetres are the same."
    ),
}


class ScreenRuler(QWidget):
    """Draws a bank card or a ruler that is brought to its true size by hand.

    It remembers nothing: `show_screen` says what is known of the screen, and what was found leaves
    as a signal.

    Signals
    -------
    calibrated
        Logical pixels for each millimetre, found and confirmed.
    forgotten
        What was found on this screen is to be forgotten.
    """

    calibrated = Signal(float)
    forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screenRuler")
        self.setAccessibleName("Actual size on this screen")
        self._gauge = Gauge.CARD
        self._value = USUAL_PX_PER_MM
        self._in_use: float | None = None
        self._reported: float | None = None
        self._how = wrapping_label()
        self._outline = Outline()
        self._outline.wanted.connect(self.set_value)
        self._outline.confirmed.connect(self._confirm)
        self._number = _number_box()
        self._number.valueChanged.connect(self.set_value)
        self._says = wrapping_label()
        self._says.setObjectName("screenRulerSays")
        self._says.setFont(tabular_font())
        self._sample = BoxSample()
        self._check = wrapping_label()
        self._check.setObjectName("screenRulerCheck")
        self._known = wrapping_label()
        self._known.setObjectName("screenRulerKnown")
        self._known.setProperty("role", "quiet")
        self._use = QPushButton("Use this size")
        self._use.setObjectName("screenRulerUse")
        self._use.setProperty("role", "primary")
        self._use.setAutoDefault(True)
        self._use.clicked.connect(self._confirm)
        self._forget = QPushButton("Forget")
        self._forget.setObjectName("screenRulerForget")
        self._forget.setAccessibleName("Forget the size found on this screen")
        self._forget.setAutoDefault(True)
        self._forget.clicked.connect(self._give_up)
        self._lay_out(self._gauge_buttons())
        self._show_all()

    def _gauge_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        group = QButtonGroup(self)
        self._gauges: dict[Gauge, QPushButton] = {}
        for gauge in Gauge:
            button = QPushButton(gauge.value.capitalize())
            button.setObjectName(f"screenRuler-{gauge.name.lower()}")
            button.setAccessibleName(f"Compare with a {gauge.value}")
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, gauge=gauge: self.set_gauge(gauge))
            group.addButton(button)
            self._gauges[gauge] = button
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._number)
        return row

    def _lay_out(self, choice: QHBoxLayout) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * UNIT)
        buttons.addWidget(self._use)
        buttons.addWidget(self._forget)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * UNIT)
        whole.addLayout(choice)
        whole.addWidget(self._how)
        whole.addWidget(self._outline)
        whole.addWidget(self._says)
        whole.addWidget(self._sample)
        whole.addWidget(self._check)
        whole.addLayout(buttons)
        whole.addWidget(self._known)
        way = (*self._gauges.values(), self._number, self._outline, self._use, self._forget)
        for before, behind in pairwise(way):
            QWidget.setTabOrder(before, behind)

    @property
    def value(self) -> float:
        """Logical pixels for each millimetre that are drawn now."""
        return self._value

    @property
    def gauge(self) -> Gauge:
        """What is drawn to compare with."""
        return self._gauge

    def set_value(self, px_per_mm: float) -> None:
        """Draw in a size, kept between `LEAST_PX_PER_MM` and `MOST_PX_PER_MM`."""
        value = min(max(px_per_mm, LEAST_PX_PER_MM), MOST_PX_PER_MM)
        if value != self._value:
            self._value = value
            self._show_all()

    def set_gauge(self, gauge: Gauge) -> None:
        """Draw a card or a ruler."""
        if gauge is not self._gauge:
            self._gauge = gauge
            self._show_all()

    def show_screen(self, in_use: float | None, reported: float | None) -> None:
        """Show what is known of the screen, and begin there.

        Parameters
        ----------
        in_use
            Logical pixels for each millimetre found earlier on this screen, or None.
        reported
            What the screen itself says, or None where it says nothing that can be believed.
        """
        self._in_use, self._reported = in_use, reported
        self.set_value(in_use or reported or USUAL_PX_PER_MM)
        self._show_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say again how many boxes fit."""
        super().resizeEvent(event)
        self._show_check()

    def _confirm(self) -> None:
        self._in_use = self._value
        self._show_all()
        self.calibrated.emit(self._value)

    def _give_up(self) -> None:
        # A button that is switched off would take the focus with it.
        self._outline.setFocus()
        self.show_screen(None, self._reported)
        self.forgotten.emit()

    def _show_all(self) -> None:
        value = self._value
        self._gauges[self._gauge].setChecked(True)
        self._how.setText(_HOW[self._gauge])
        self._outline.show_gauge(self._gauge, value)
        with QSignalBlocker(self._number):
            self._number.setSingleStep(max(10.0**-_DECIMALS, round(value * (FINE - 1), _DECIMALS)))
            self._number.setValue(value)
        second = STANDARD_SPEED_MM_S * value
        says = f"1 mm = {value:.2f} pixels. A second at 25 mm/s is {second:.0f} pixels."
        self._says.setText(says)
        self._outline.setAccessibleName(f"Right edge of the {self._gauge.value}")
        self._outline.setAccessibleDescription(
            f"{says} Arrow keys change it by 0.1 %, with Shift by 1 %. Enter uses it."
        )
        self._sample.set_value(value)
        self._forget.setEnabled(self._in_use is not None)
        self._known.setText(self._what_is_known())
        self._show_check()

    def _show_check(self) -> None:
        boxes = self._sample.boxes
        self._check.setText(
            f"To make sure: these {boxes} large boxes are {boxes * LARGE_BOX_MM:.0f} mm wide."
            if boxes
            else "No large box of this size fits into the window."
        )

    def _what_is_known(self) -> str:
        if self._in_use is not None:
            return f"In use on this screen: 1 mm = {self._in_use:.2f} pixels."
        if self._reported is not None:
            return f"Not measured. The screen itself says 1 mm = {self._reported:.2f} pixels."
        return "Not measured, and the screen does not tell its size."


def _number_box() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName("screenRulerNumber")
    box.setAccessibleName("Pixels for each millimetre")
    box.setDecimals(_DECIMALS)
    box.setRange(LEAST_PX_PER_MM, MOST_PX_PER_MM)
    box.setSuffix(" px/mm")
    box.setFont(tabular_font())
    # Half a number typed is not a size.
    box.setKeyboardTracking(False)
    return box

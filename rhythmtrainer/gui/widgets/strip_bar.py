"""The row of controls above a strip."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QWidget

from rhythmtrainer.ecg.paper import STANDARD_GAIN_MM_MV
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.strip_menu import StripMenu
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.gui.widgets.strip_tools import ToolKind
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.model import describe_lead

_SPEEDS_MM_S = (12.5, 25.0, 50.0)
_GAINS_MM_MV = (None, 2.5, 5.0, 10.0, 20.0, 40.0, -STANDARD_GAIN_MM_MV)
_LEAST_LEAD_PX = 14 * UNIT
_RULERS: Mapping[ToolKind | None, str] = {
    ToolKind.RULER_300: "300 rule",
    ToolKind.RULER_6S: "6-second rule",
}


class StripBar(QWidget):
    """Paper or monitor, lead, speed and gain, the tools, and a menu with the rest.

    Signals
    -------
    style_chosen
        The kind of paper the user wants from now on.
    actual_size_chosen
        Whether paper is to be drawn in its actual size from now on.
    beep_chosen
        Whether the monitor is to beep from now on.
    copy_wanted, save_wanted
        The strip is to be copied or saved; see `with_marks`.
    """

    style_chosen = Signal(PaperStyle)
    actual_size_chosen = Signal(bool)
    beep_chosen = Signal(bool)
    copy_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, view: StripView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(UNIT)
        # No button group: of a group, Tab reaches only one button.
        self._modes = {
            mode: self._button(name, label, partial(self._choose_mode, mode))
            for mode, name, label in (
                (StripMode.PAPER, "paperButton", "Paper"),
                (StripMode.MONITOR, "monitorButton", "Monitor"),
            )
        }
        self._row.addSpacing(2 * UNIT)
        self._lead = self._choice("leadChoice", "Lead")
        # In a narrow window the longest text gives way, not all of them.
        self._lead.setMinimumWidth(_LEAST_LEAD_PX)
        self._speed = self._choice("speedChoice", "Speed")
        for speed in _SPEEDS_MM_S:
            self._speed.addItem(f"{speed:g} mm/s", speed)
        self._gain = self._choice("gainChoice", "Gain")
        for gain in _GAINS_MM_MV:
            self._gain.addItem(_gain_name(gain), gain)
        self._lead.activated.connect(lambda place: view.set_channel(self._lead.itemData(place)))
        self._speed.activated.connect(lambda place: view.set_speed(_SPEEDS_MM_S[place]))
        self._gain.activated.connect(lambda place: view.set_gain(_GAINS_MM_MV[place]))
        self._row.addStretch(1)
        self._freeze = self._button("freezeButton", "Freeze", view.toggle_frozen)
        self._beep = self._button("beepButton", "Beep", self.toggle_beep)
        self._beep.setToolTip("A beep with each QRS (B)")
        self._calipers = self._button("calipersButton", "Calipers", view.toggle_calipers)
        self._calipers.setToolTip("Measure with calipers (C), march them out (M)")
        self._ruler = self._button("rulerButton", "Ruler", view.turn_ruler)
        self._ruler.setToolTip("300 rule, 6-second rule, or none (R)")
        self._menu = StripMenu(view, self.style_chosen.emit, self)
        self._row.addWidget(self._menu_button(self._menu))
        self._menu.actual_size.triggered.connect(self.toggle_actual_size)
        self._menu.copy.triggered.connect(self.copy_wanted)
        self._menu.save.triggered.connect(self.save_wanted)
        view.changed.connect(self._refresh)
        self._refresh()

    @property
    def with_marks(self) -> bool:
        """Whether copies carry the marks, once the strip has some."""
        return self._menu.with_marks

    def toggle_beep(self) -> None:
        """Ask for the beep to be switched on, or off."""
        if self._view.has_sound:
            self.beep_chosen.emit(not self._view.beeps)

    def toggle_actual_size(self) -> None:
        """Ask for paper in its actual size, or to fit; zoomed, it goes back to its size first."""
        if self._view.actual_size and not self._view.shown_in_actual_size:
            self._view.fit()
        elif self._view.calibrated:
            self.actual_size_chosen.emit(not self._view.actual_size)

    def _refresh(self) -> None:
        """Show what the view shows now."""
        view = self._view
        for mode, button in self._modes.items():
            button.setChecked(mode is view.mode)
        self._show_leads()
        self._speed.setCurrentIndex(_SPEEDS_MM_S.index(view.speed_mm_s))
        self._gain.setCurrentIndex(_GAINS_MM_MV.index(view.gain_mm_mv))
        on_monitor = view.mode is StripMode.MONITOR
        self._freeze.setVisible(on_monitor and not (view.held or view.at_end))
        self._freeze.setChecked(view.frozen)
        self._freeze.setText("Run" if view.frozen else "Freeze")
        self._freeze.setToolTip("Let the sweep run (Space)" if view.frozen else "Freeze (Space)")
        self._beep.setVisible(on_monitor and view.has_sound)
        self._beep.setChecked(view.beeps)
        self._calipers.setChecked(view.tool is ToolKind.CALIPERS)
        self._ruler.setChecked(view.tool in _RULERS)
        self._ruler.setText(_RULERS.get(view.tool, "Ruler"))

    def _show_leads(self) -> None:
        names = [describe_lead(lead) for lead in self._view.leads]
        if names != [self._lead.itemText(place) for place in range(self._lead.count())]:
            self._lead.clear()
            for channel, name in enumerate(names):
                self._lead.addItem(name, channel)
        self._lead.setCurrentIndex(self._view.channel if names else -1)
        self._lead.setEnabled(len(names) > 1)

    def _choose_mode(self, mode: StripMode) -> None:
        self._view.set_mode(mode)
        # A second click on the pressed one has lifted it, and changes no mode.
        self._refresh()

    def _button(self, name: str, label: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: slot())
        self._row.addWidget(button)
        return button

    def _choice(self, name: str, label: str) -> QComboBox:
        choice = QComboBox()
        choice.setObjectName(name)
        choice.setAccessibleName(label)
        choice.setToolTip(label)
        choice.setProperty("role", "segment")
        choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._row.addWidget(choice)
        return choice

    @staticmethod
    def _menu_button(menu: StripMenu) -> QToolButton:
        button = QToolButton()
        button.setObjectName("stripMenuButton")
        button.setText("Strip")
        button.setAccessibleName("More for this strip")
        button.setProperty("role", "segment")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(menu)
        return button


def _gain_name(gain: float | None) -> str:
    if gain is None:
        return "Gain fits"
    return f"{gain:g} mm/mV" if gain > 0 else "Inverted"

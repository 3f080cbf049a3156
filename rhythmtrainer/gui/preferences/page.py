"""The settings page: where recordings come from, and what strips look like."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rhythmtrainer.gui.theme import UNIT, heading_font
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.screen_ruler import ScreenRuler
from rhythmtrainer.gui.widgets.text import wrapping_label
from rhythmtrainer.model import Supply

_SUPPLIES: Final = {
    Supply.REAL_ONLY: "Real recordings only",
    Supply.REAL_FIRST: "Real first, simulated where there is none",
    Supply.MIXED: "Real and simulated, mixed",
}


class PreferencesPage(QWidget):
    """Collects choices; each takes effect at once.

    Signals
    -------
    folder_wanted
        The user wants to choose a folder of recordings.
    folder_cleared
        No folder is to be looked at any more.
    archive_changed
        Another address to read recordings from; empty for the usual one.
    offline_changed
        Whether the network is to be left alone.
    supply_changed
        Which strips are to be asked about.
    style_changed
        The kind of paper that strips are drawn on.
    beep_changed
        Whether the monitor beeps with each QRS.
    """

    folder_wanted = Signal()
    folder_cleared = Signal()
    archive_changed = Signal(str)
    offline_changed = Signal(bool)
    supply_changed = Signal(Supply)
    style_changed = Signal(PaperStyle)
    beep_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesPage")
        self._folder = QLineEdit()
        self._folder.setReadOnly(True)
        self._folder.setAccessibleName("Folder of recordings")
        self._folder.setPlaceholderText("None: recordings are read over the network")
        choose = QPushButton("Choose …")
        choose.setObjectName("preferencesFolderButton")
        choose.setAccessibleName("Choose a folder of recordings")
        choose.clicked.connect(self.folder_wanted)
        clear = QPushButton("Clear")
        clear.setAccessibleName("Use no folder of recordings")
        clear.clicked.connect(self.folder_cleared)
        self._archive = QLineEdit()
        self._archive.setObjectName("archiveEdit")
        self._archive.setAccessibleName("Address of the archive")
        self._archive.editingFinished.connect(
            lambda: self.archive_changed.emit(self._archive.text())
        )
        self._offline = QCheckBox("Work offline: use only what is already on this computer")
        self._offline.setObjectName("preferencesOffline")
        self._offline.clicked.connect(self.offline_changed)
        self._supply = QComboBox()
        self._supply.setObjectName("preferencesSupply")
        self._supply.setAccessibleName("Strips")
        self._supply.addItems(list(_SUPPLIES.values()))
        self._supply.activated.connect(
            lambda place: self.supply_changed.emit(tuple(_SUPPLIES)[place])
        )
        self._style = QComboBox()
        self._style.setObjectName("preferencesPaper")
        self._style.setAccessibleName("Paper")
        self._style.addItems([style.value.capitalize() for style in PaperStyle])
        self._style.activated.connect(
            lambda place: self.style_changed.emit(tuple(PaperStyle)[place])
        )
        self._beep = QCheckBox("Beep with each QRS on the monitor")
        self._beep.setObjectName("preferencesBeep")
        self._beep.clicked.connect(self.beep_changed)
        self.screen_ruler = ScreenRuler()
        self._fault = wrapping_label()
        self._fault.setObjectName("preferencesFault")
        self._where = wrapping_label()
        self._where.setProperty("role", "quiet")
        self._lay_out(choose, clear)

    def _lay_out(self, choose: QPushButton, clear: QPushButton) -> None:
        title = QLabel("Settings")
        title.setFont(heading_font(2))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4 * UNIT, 0)
        column.setSpacing(4 * UNIT)
        form = QFormLayout()
        form.setSpacing(3 * UNIT)
        self._add_records(form, choose, clear)
        form.addRow(_line())
        self._add_strips(form)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self._where)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Settings")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * UNIT, 3 * UNIT, 4 * UNIT, 3 * UNIT)
        whole.setSpacing(4 * UNIT)
        whole.addWidget(title)
        whole.addWidget(area, 1)

    def _add_records(self, form: QFormLayout, choose: QPushButton, clear: QPushButton) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(choose)
        folder.addWidget(clear)
        hint = wrapping_label(
            "A folder laid out as PhysioNet lays it out, for example with "
            "mitdb/1.0.0/100.hea inside it. It is looked at before the network."
        )
        hint.setProperty("role", "quiet")
        recordings = QVBoxLayout()
        recordings.setSpacing(UNIT)
        recordings.addLayout(folder)
        recordings.addWidget(hint)
        form.addRow("Recordings on this computer", recordings)
        form.addRow("Archive on the network", self._archive)
        form.addRow("", self._offline)
        form.addRow("", self._fault)

    def _add_strips(self, form: QFormLayout) -> None:
        hint = wrapping_label(
            "Every simulated strip says so on its face. Packs are asked about as they are."
        )
        hint.setProperty("role", "quiet")
        supply = QVBoxLayout()
        supply.setSpacing(UNIT)
        supply.addWidget(self._supply)
        supply.addWidget(hint)
        form.addRow("Strips", supply)
        form.addRow("Paper", self._style)
        form.addRow("Monitor", self._beep)
        form.addRow("Actual size", self.screen_ruler)

    def show_source(
        self, folder: Path | None, archive: str, usual_archive: str, *, offline: bool
    ) -> None:
        """Show where recordings come from now."""
        self._folder.setText(str(folder) if folder else "")
        self._archive.setText(archive)
        self._archive.setPlaceholderText(usual_archive)
        self._offline.setChecked(offline)

    def show_supply(self, supply: Supply) -> None:
        """Show which strips are asked about now."""
        self._supply.setCurrentIndex(tuple(_SUPPLIES).index(supply))

    def show_strips(self, style: PaperStyle, *, beeps: bool, has_sound: bool) -> None:
        """Show what strips look and sound like now."""
        self._style.setCurrentIndex(tuple(PaperStyle).index(style))
        self._beep.setChecked(beeps and has_sound)
        self._beep.setEnabled(has_sound)
        self._beep.setToolTip(
            "" if has_sound else "The sound of Qt is not installed, or there is no audio device"
        )

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with a choice; an empty sentence takes it back."""
        self._fault.setText(sentence)

    def show_folders(self, data: Path, for_this_run: str) -> None:
        """Say where answers and settings are kept, and what the command line says otherwise."""
        self._where.setText(f"Your answers, settings and log are kept in {data}. {for_this_run}")


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setProperty("role", "line")
    return line

"""What the user has chosen, kept in a plain text file."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.screen_ruler import LEAST_PX_PER_MM, MOST_PX_PER_MM
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import CourseId, Supply


class Settings(QObject):
    """The user's choices.

    Signals
    -------
    source_changed
        Where recordings are looked for is now another: folder, archive, or offline.
    supply_changed
        Other strips are to be asked about: recordings, simulated ones, or both.
    strips_changed
        Strips are to look or sound otherwise.
    """

    source_changed = Signal()
    supply_changed = Signal()
    strips_changed = Signal()

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def records_dir(self) -> Path | None:
        """Folder of recordings on this computer."""
        text = str(self._store.value("records/folder", ""))
        return Path(text) if text else None

    def set_records_dir(self, folder: Path | None) -> None:
        """Look for recordings in a folder first, or in none."""
        if folder != self.records_dir:
            self._store.setValue("records/folder", str(folder) if folder else "")
            self.source_changed.emit()

    @property
    def archive(self) -> str:
        """Address of the archive that recordings are read from; empty for the usual one."""
        return str(self._store.value("records/archive", ""))

    def set_archive(self, address: str) -> None:
        """Read recordings from another address."""
        if address.strip() != self.archive:
            self._store.setValue("records/archive", address.strip())
            self.source_changed.emit()

    @property
    def offline(self) -> bool:
        """Whether the network is left alone."""
        return bool(self._store.value("records/offline", defaultValue=False, type=bool))

    def set_offline(self, offline: bool) -> None:  # noqa: FBT001 - a checkbox's slot
        """Leave the network alone, or use it."""
        if offline != self.offline:
            self._store.setValue("records/offline", offline)
            self.source_changed.emit()

    @property
    def supply(self) -> Supply:
        """Which strips are asked about."""
        text = str(self._store.value("records/supply", Supply.REAL_FIRST.value))
        return next((supply for supply in Supply if supply.value == text), Supply.REAL_FIRST)

    def set_supply(self, supply: Supply) -> None:
        """Ask about recordings, simulated strips, or both."""
        if supply is not self.supply:
            self._store.setValue("records/supply", supply.value)
            self.supply_changed.emit()

    @property
    def course(self) -> CourseId:
        """The course that is practised."""
        text = str(self._store.value("practice/course", CourseId.ACLS.value))
        return next((course for course in CourseId if course.value == text), CourseId.ACLS)

    def set_course(self, course: CourseId) -> None:
        """Remember which course is practised."""
        self._store.setValue("practice/course", course.value)

    @property
    def notice_read(self) -> bool:
        """Whether the notice of the first start has been put away."""
        return bool(self._store.value("notice/read", defaultValue=False, type=bool))

    def set_notice_read(self) -> None:
        """Remember that the notice has been put away."""
        self._store.setValue("notice/read", True)  # noqa: FBT003 - the value that is stored

    @property
    def strip_mode(self) -> StripMode:
        """How strips are shown."""
        text = str(self._store.value("strip/mode", StripMode.PAPER.value))
        return next((mode for mode in StripMode if mode.value == text), StripMode.PAPER)

    def set_strip_mode(self, mode: StripMode) -> None:
        """Remember how strips are shown."""
        self._store.setValue("strip/mode", mode.value)

    @property
    def paper_style(self) -> PaperStyle:
        """The kind of ECG paper."""
        text = str(self._store.value("strip/paper", PaperStyle.PINK.value))
        return next((style for style in PaperStyle if style.value == text), PaperStyle.PINK)

    def set_paper_style(self, style: PaperStyle) -> None:
        """Remember the kind of ECG paper."""
        if style != self.paper_style:
            self._store.setValue("strip/paper", style.value)
            self.strips_changed.emit()

    @property
    def beep(self) -> bool:
        """Whether the monitor beeps with each QRS."""
        return bool(self._store.value("strip/beep", defaultValue=False, type=bool))

    def set_beep(self, beep: bool) -> None:  # noqa: FBT001 - a checkbox's slot
        """Remember whether the monitor beeps."""
        if beep != self.beep:
            self._store.setValue("strip/beep", beep)
            self.strips_changed.emit()

    @property
    def actual_size(self) -> bool:
        """Whether paper is drawn in its actual size, where the screen's is known."""
        return bool(self._store.value("strip/actual_size", defaultValue=False, type=bool))

    def set_actual_size(self, actual: bool) -> None:  # noqa: FBT001 - a checkbox's slot
        """Remember whether paper is drawn in its actual size."""
        if actual != self.actual_size:
            self._store.setValue("strip/actual_size", actual)
            self.strips_changed.emit()

    def px_per_mm(self, screen: str) -> float | None:
        """Return how many logical pixels a millimetre of a screen has, if it was measured."""
        try:
            value = float(str(self._store.value(f"screens/{screen}", "nan")))
        except ValueError:
            return None
        return value if LEAST_PX_PER_MM <= value <= MOST_PX_PER_MM else None

    def set_px_per_mm(self, screen: str, value: float | None) -> None:
        """Remember what was measured on a screen, or forget it."""
        if value is None:
            self._store.remove(f"screens/{screen}")
        else:
            self._store.setValue(f"screens/{screen}", value)
        self.strips_changed.emit()

    @property
    def recordings_dir(self) -> Path | None:
        """Folder that a recording was last opened from."""
        text = str(self._store.value("watch/folder", ""))
        return Path(text) if text else None

    def set_recordings_dir(self, folder: Path) -> None:
        """Remember where a recording was opened from."""
        self._store.setValue("watch/folder", str(folder))

    @property
    def packs_dir(self) -> Path | None:
        """Folder that a pack was last opened from or saved in."""
        text = str(self._store.value("packs/folder", ""))
        return Path(text) if text else None

    def set_packs_dir(self, folder: Path) -> None:
        """Remember where packs are."""
        self._store.setValue("packs/folder", str(folder))

    @property
    def pictures_dir(self) -> Path | None:
        """Folder that a picture was last saved in."""
        text = str(self._store.value("pictures/folder", ""))
        return Path(text) if text else None

    def set_pictures_dir(self, folder: Path) -> None:
        """Remember where a picture was saved."""
        self._store.setValue("pictures/folder", str(folder))

    @property
    def geometry(self) -> QByteArray:
        """Where the window was; empty at the first start."""
        value = self._store.value("window/geometry", QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window is."""
        self._store.setValue("window/geometry", geometry)

    def save(self) -> None:
        """Write everything to the file now."""
        self._store.sync()

"""Copying and saving what a strip shows."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.widgets.export.picture import Picture
from rhythmtrainer.gui.widgets.export.words import suggested_name
from rhythmtrainer.model import UserError

_ENDINGS = {"Picture (*.png)": ".png", "Drawing (*.svg)": ".svg", "Document (*.pdf)": ".pdf"}


class Shown(Protocol):
    """A strip on the screen of which pictures can be taken."""

    def picture(self, notice: str, *, with_marks: bool) -> Picture | None:
        """Return what is shown; None where nothing is."""
        ...


class Asking(Protocol):
    """A control that asks for pictures."""

    copy_wanted: SignalInstance
    save_wanted: SignalInstance

    @property
    def with_marks(self) -> bool:
        """Whether the pictures carry the marks."""
        ...


class Pictures(QObject):
    """Takes pictures of a strip, for the clipboard and for files.

    Signals
    -------
    said
        What was done, or why it could not be done, in a sentence.
    """

    said = Signal(str)

    def __init__(self, shown: Shown, asking: Asking, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = shown
        self._asking = asking
        self._window = parent
        self._settings = settings
        self._notice = ""
        asking.copy_wanted.connect(self._copy)
        asking.save_wanted.connect(self._save)

    def set_notice(self, notice: str) -> None:
        """Take what every picture must say about itself."""
        self._notice = notice

    def _copy(self) -> None:
        self._attempt(self._to_clipboard)

    def _save(self) -> None:
        self._attempt(self._to_file)

    def _attempt(self, use: Callable[[Picture], str]) -> None:
        """Do something with a picture of what is shown, and say what came of it."""
        picture = self._shown.picture(self._notice, with_marks=self._asking.with_marks)
        if picture is None:
            self.said.emit("There is no strip to take a picture of.")
            return
        try:
            said = use(picture)
        except UserError as fault:
            said = str(fault)
        if said:
            self.said.emit(said)

    @staticmethod
    def _to_clipboard(picture: Picture) -> str:
        picture.copy()
        return "The strip is on the clipboard, with its source and licence."

    def _to_file(self, picture: Picture) -> str:
        folder = self._settings.pictures_dir or Path.home()
        suggested = folder / f"{suggested_name(picture.strips[0])}.png"
        chosen, kind = QFileDialog.getSaveFileName(
            self._window, "Save the strip", str(suggested), ";;".join(_ENDINGS)
        )
        if not chosen:
            return ""
        file = Path(chosen)
        if not file.suffix:
            file = file.with_suffix(_ENDINGS.get(kind, ".png"))
            # The dialog has asked about the name without its ending.
            if file.exists() and not self._may_replace(file):
                return ""
        picture.save(file)
        self._settings.set_pictures_dir(file.parent)
        return f"Saved as {file}."

    def _may_replace(self, file: Path) -> bool:
        answer = QMessageBox.question(
            self._window, "Save the strip", f"{file.name} is there already. Replace it?"
        )
        return answer is QMessageBox.StandardButton.Yes

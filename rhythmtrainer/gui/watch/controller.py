"""What happens on the watch page."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.model import Strip, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import RecordingReader


class WatchController(QObject):
    """Reads a recording and finds its beats, beside the window."""

    def __init__(self, page: WatchPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._tasks = tasks
        self._reader: RecordingReader | None = None
        self._task: Task | None = None
        page.stop_wanted.connect(self._give_up)

    def set_reader(self, reader: RecordingReader) -> None:
        """Take what reads recordings."""
        self._reader = reader

    def open(self, file: Path) -> None:
        """Show the recording in a file, in place of what is shown."""
        reader = self._reader
        if reader is None:
            return
        self.stop()
        self._page.show_reading()

        def work(cancel: Cancel) -> tuple[Strip, ...]:
            cancel.check()
            return tuple(reader(file))

        self._task = self._tasks.run(work, self._show, self._fail)

    def stop(self) -> None:
        """Call off what is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _give_up(self) -> None:
        self.stop()
        self._page.show_nothing()

    def _fail(self, fault: UserError) -> None:
        self._task = None
        self._page.show_fault(str(fault))

    def _show(self, strips: tuple[Strip, ...]) -> None:
        self._page.show_recording(strips)
        first = strips[0]

        def find(cancel: Cancel) -> NDArray[np.float64]:
            cancel.check()
            return first.start_s + detect_beats(first.signal[0], first.fs) / first.fs

        # Without beats the monitor shows no rate; the recording itself is there all the same.
        self._task = self._tasks.run(
            find, self._page.strip.add_beats, lambda fault: self._page.set_status(str(fault))
        )

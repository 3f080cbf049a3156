"""Opening a recording beside the window, with a question in between where its kind needs one."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rhythmtrainer.gui.recordings.dropping import PACK_ENDING
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import CancelledError, TableGuess, TableLayout, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import RecordingFiles


class Opening(QObject):
    """Turns a file into a `Recording`. One file at a time: the next takes the place of the last.

    Signals
    -------
    begun
        A file is being looked at; its name.
    asked
        The file is a table, and somebody has to confirm how it is laid out: its name, and what
        was guessed. `confirm` goes on.
    opened
        The recording is open. Whoever takes it closes it.
    failed
        Why it cannot be opened, in a sentence.
    """

    begun = Signal(str)
    asked = Signal(str, TableGuess)
    opened = Signal(Recording)
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._files: RecordingFiles | None = None
        self._file: Path | None = None
        self._task: Task | None = None

    def set_files(self, files: RecordingFiles) -> None:
        """Take what opens recordings."""
        self._files = files

    def open(self, file: Path) -> None:
        """Open a file, or ask how it is to be read."""
        files = self._files
        if files is None:
            self.failed.emit("The program is still loading. Try again in a moment.")
            return
        if file.suffix.casefold() == PACK_ENDING:
            self.failed.emit(f"{file.name} is a pack of strips: open it in the Library.")
            return
        self.stop()
        self._file = file
        self.begun.emit(file.name)

        def work(cancel: Cancel) -> TableGuess | Recording:
            guess = files.guess(file)
            return _open(files, file, None, cancel) if guess is None else guess

        self._task = self._tasks.run(work, self._deliver, self._fail)

    def confirm(self, layout: TableLayout) -> None:
        """Read the table that was asked about like this."""
        files, file = self._files, self._file
        if files is None or file is None:
            return
        self.stop()
        self.begun.emit(file.name)
        self._task = self._tasks.run(
            lambda cancel: _open(files, file, layout, cancel), self._deliver, self._fail
        )

    def stop(self) -> None:
        """Call off what is under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _deliver(self, found: TableGuess | Recording) -> None:
        self._task = None
        if isinstance(found, TableGuess):
            self.asked.emit(self._file.name if self._file else "", found)
        else:
            self.opened.emit(found)

    def _fail(self, fault: UserError) -> None:
        self._task = None
        self.failed.emit(str(fault))


def _open(
    files: RecordingFiles, file: Path, layout: TableLayout | None, cancel: Cancel
) -> Recording:
    cancel.check()
    recording = Recording(files.open(file, layout, cancel))
    if cancel.thrown:
        recording.close()
        raise CancelledError
    return recording

"""What happens on the watch page."""

import threading
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.gui.recordings.opening import Opening
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.gui.watch.reading_on import Read, read_on
from rhythmtrainer.model import Progress, Strip, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.measuring import for_measuring
from rhythmtrainer.training.ports import RecordingFiles

# More than a page of it, and soon read; the monitor gets so much at a time.
_PIECE_S: Final = 60.0
# Beats at a seam are found with so much of what came before.
_CONTEXT_S: Final = 4.0
_SEAM_S: Final = 1.0
_ENDS: Final = "The recording ends here"


class WatchController(QObject):
    """Opens recordings, shows their beginning at once, and reads on beside the window.

    Paper gets all of a recording when all of it has been read. The monitor is given piece after
    piece as it runs on, whether or not that has happened.
    """

    def __init__(self, page: WatchPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._tasks = tasks
        self._recording: Recording | None = None
        self._running: list[Task] = []
        self._enough = threading.Event()
        self._ends_s: tuple[float, ...] = ()
        self._opening = Opening(tasks, self)
        self._opening.begun.connect(page.show_reading)
        self._opening.asked.connect(page.show_question)
        self._opening.opened.connect(self._take)
        self._opening.failed.connect(page.show_fault)
        page.confirmed.connect(self._opening.confirm)
        page.file_dropped.connect(self.open)
        page.stop_wanted.connect(self._give_up)
        page.enough_wanted.connect(self._enough_read)
        page.strip.running_out.connect(self._feed_monitor)

    def set_files(self, files: RecordingFiles) -> None:
        """Take what opens recordings."""
        self._opening.set_files(files)

    def open(self, file: Path) -> None:
        """Show the recording in a file, in place of what is shown."""
        self.stop()
        self._opening.open(file)

    def stop(self) -> None:
        """Call off what is under way, and let go of the recording."""
        self._opening.stop()
        for task in self._running:
            task.cancel()
        self._running.clear()
        if self._recording is not None:
            # Somebody may still be reading: the window does not wait for that.
            close = self._recording.close
            self._recording = None
            self._tasks.run(lambda _: close(), lambda _: None, lambda _: None)

    def _give_up(self) -> None:
        self.stop()
        self._page.show_nothing()

    def _enough_read(self) -> None:
        self._enough.set()

    def _fail(self, fault: UserError) -> None:
        self.stop()
        self._page.show_fault(str(fault))

    def _take(self, recording: Recording) -> None:
        self._recording = recording
        self._enough = threading.Event()
        self._running.append(
            self._tasks.run(
                lambda cancel: recording.read(0.0, _PIECE_S, cancel), self._show, self._fail
            )
        )

    def _show(self, strips: tuple[Strip, ...]) -> None:
        recording = self._recording
        if recording is None:
            return
        if not any(strip.signal.size for strip in strips):
            self._fail(UserError("The recording has no samples."))
            return
        self._page.show_recording(strips, recording)
        self._ends_s = tuple(strip.end_s for strip in strips)
        self._find_beats(recording, strips[0])
        if all(strip.at_end for strip in strips):
            self._page.strip.finish(_ENDS)
            return
        self._page.show_progress(Progress("Reading on", 0.0))
        tell = self._tasks.relay(self._page.show_progress)
        enough = self._enough
        self._running.append(
            self._tasks.run(
                lambda cancel: read_on(recording, tell, enough, cancel), self._lengthen, self._fail
            )
        )

    def _lengthen(self, read: Read) -> None:
        self._page.show_all(read.strips, read.missing)

    def _feed_monitor(self, from_s: float) -> None:
        """Give the monitor what follows; each lead goes on where its own samples ended."""
        recording = self._recording
        if recording is None:
            return
        ends_s = self._ends_s

        def work(cancel: Cancel) -> tuple[Strip, ...]:
            return tuple(
                recording.read_leads(leads, end_s, from_s + _PIECE_S - end_s, cancel)
                for leads, end_s in zip(recording.groups, ends_s, strict=True)
            )

        self._running.append(self._tasks.run(work, self._extend, self._end_early))

    def _extend(self, strips: tuple[Strip, ...]) -> None:
        recording = self._recording
        if recording is None:
            return
        self._ends_s = tuple(strip.end_s for strip in strips)
        self._page.strip.extend(*strips)
        self._find_beats(recording, strips[0])
        if all(strip.at_end or not strip.signal.size for strip in strips):
            self._page.strip.finish(_ENDS)

    def _end_early(self, fault: UserError) -> None:
        self._page.strip.finish("The recording cannot be read on")
        self._page.mention(str(fault))

    def _find_beats(self, recording: Recording, piece: Strip) -> None:
        """Let the monitor count the beats of the first lead in a piece that it was given."""

        def find(cancel: Cancel) -> NDArray[np.float64] | None:
            from_s = max(piece.start_s - _CONTEXT_S, 0.0)
            wider = recording.read_leads(piece.leads[:1], from_s, piece.end_s - from_s, cancel)
            strip = for_measuring(wider)
            if strip is None:
                return None
            beats_s = strip.start_s + detect_beats(strip.signal[0], strip.fs) / strip.fs
            return beats_s[beats_s >= piece.start_s - _SEAM_S]

        def add(beats_s: NDArray[np.float64] | None) -> None:
            # Where none could be looked for the monitor shows no rate, which is not a rate of 0.
            if beats_s is not None:
                self._page.strip.add_beats(beats_s)

        self._running.append(
            self._tasks.run(find, add, lambda fault: self._page.mention(str(fault)))
        )

"""What happens on the page on which strips are made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from rhythmtrainer.gui.label.draft import SHORTEST_S, Draft, History, Label, Trim
from rhythmtrainer.gui.label.keeping import Cut, keep, keep_again
from rhythmtrainer.gui.label.measuring import Measured, measure_part
from rhythmtrainer.gui.label.page import LabelPage
from rhythmtrainer.gui.label.placing import LEAST_SHOWN_S, MOST_SHOWN_S, USUAL_SHOWN_S
from rhythmtrainer.gui.recordings.in_memory import StripsRecording
from rhythmtrainer.gui.recordings.notes import said_of_file
from rhythmtrainer.gui.recordings.opening import Opening
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import (
    LabelledStrip,
    Pack,
    RecordError,
    Rhythm,
    RhythmId,
    Strip,
    StripId,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import RecordingFiles, StripShelf

# While somebody scrubs along a recording, not every place that is passed is read.
_READ_AFTER_MS: Final = 15
_MEASURED_AFTER_MS: Final = 250
# Typed letter by letter, these are one step back.
_TEXTS: Final = frozenset({"title", "age", "note", "source", "licence"})
_TRIM: Final = "trim"


class LabelController(QObject):
    """Opens recordings, reads what is looked at, measures the strip and keeps it.

    Signals
    -------
    saved
        A strip of the user's own is new, or has another label.
    """

    saved = Signal()

    def __init__(self, page: LabelPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._desk = page.desk
        self._tasks = tasks
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self._shelf: StripShelf | None = None
        self._recording: Recording | None = None
        self._edited: LabelledStrip | None = None
        self._history = History(Draft(Trim(0.0, 0.0)))
        self._window = Trim(0.0, USUAL_SHOWN_S)
        self._measured: Measured | None = None
        self._jobs: dict[str, Task] = {}
        self._then: Callable[[], None] | None = None
        self._source = ""
        self._opening = Opening(tasks, self)
        self._read_soon = self._timer(_READ_AFTER_MS, self._read_window)
        self._measure_soon = self._timer(_MEASURED_AFTER_MS, self._measure)
        self._connect()

    def _timer(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        page, desk, opening = self._page, self._desk, self._opening
        opening.begun.connect(page.show_opening)
        opening.asked.connect(page.show_question)
        opening.opened.connect(self._take)
        opening.failed.connect(page.show_fault)
        page.confirmed.connect(opening.confirm)
        page.file_dropped.connect(self.open)
        page.stop_wanted.connect(self._give_up)
        page.undo_wanted.connect(lambda: self._show_step(self._history.undo()))
        page.redo_wanted.connect(lambda: self._show_step(self._history.redo()))
        page.another_wanted.connect(self._start_draft)
        page.go_on_wanted.connect(page.show_work)
        page.leave_wanted.connect(self._leave)
        desk.window_wanted.connect(self._go_to)
        desk.seconds_wanted.connect(self._show_seconds)
        desk.trim_wanted.connect(self._trim)
        desk.shown_wanted.connect(self._trim_to_window)
        desk.label_changed.connect(self._say)
        desk.settled.connect(self._settle)
        desk.leads_changed.connect(self._measure_anew)
        desk.save_wanted.connect(self._save)

    def set_files(self, files: RecordingFiles) -> None:
        """Take what opens recordings."""
        self._opening.set_files(files)

    def set_shelf(self, shelf: StripShelf) -> None:
        """Take where strips are kept."""
        self._shelf = shelf

    def set_rhythms(self, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Take what can be answered."""
        self._rhythms = rhythms
        self._desk.set_rhythms(rhythms)

    @property
    def unsaved(self) -> bool:
        """Whether something was said about a strip that is not kept yet."""
        return self._recording is not None and self._history.can_undo

    # Opening

    def open(self, file: Path) -> None:
        """Make a strip out of the recording in a file."""

        def go_on() -> None:
            self._close()
            self._opening.open(file)

        self._unless_unsaved(go_on)

    def edit(self, strip: StripId) -> None:
        """Change the label of a strip of the user's own, or trim it further."""
        self._unless_unsaved(lambda: self._open_own(strip))

    def stop(self) -> None:
        """Call off what is under way, and let go of the recording."""
        self._opening.stop()
        self._close()

    def _unless_unsaved(self, action: Callable[[], None]) -> None:
        """Go on, or ask first where something would be lost."""
        if self.unsaved:
            self._then = action
            self._page.show_unsaved()
        else:
            action()

    def _leave(self) -> None:
        action, self._then = self._then, None
        if action is not None:
            action()

    def _give_up(self) -> None:
        self.stop()
        self._page.show_nothing()

    def _close(self) -> None:
        self._read_soon.stop()
        self._measure_soon.stop()
        for task in self._jobs.values():
            task.cancel()
        self._jobs.clear()
        self._edited = None
        self._measured = None
        if self._recording is not None:
            # Somebody may still be reading: the window does not wait for that.
            close = self._recording.close
            self._recording = None
            self._tasks.run(lambda _: close(), lambda _: None, lambda _: None)

    def _open_own(self, strip: StripId) -> None:
        shelf = self._shelf
        if shelf is None:
            return
        self.stop()
        self._page.show_opening()

        def work(cancel: Cancel) -> tuple[LabelledStrip, Strip]:
            cancel.check()
            own = shelf.own()
            label = next((each for each in own.strips if each.id == strip), None)
            if label is None:
                raise RecordError("There is no such strip among yours.")
            return label, shelf.read(own.id, strip)

        def show(found: tuple[LabelledStrip, Strip]) -> None:
            label, signal = found
            self._take(Recording(StripsRecording((signal,), label.dropped)), label)

        self._jobs["open"] = self._tasks.run(
            work, show, lambda fault: self._page.show_fault(str(fault))
        )

    def _take(self, recording: Recording, edited: LabelledStrip | None = None) -> None:
        if recording.duration_s < SHORTEST_S:
            recording.close()
            self._page.show_fault(f"The recording is shorter than {SHORTEST_S:g} seconds.")
            return
        self._recording, self._edited = recording, edited
        self._desk.show_recording(recording.groups, recording.duration_s)
        provenance = recording.provenance
        name = provenance.source.rpartition("/")[2] if edited is None else edited.title
        self._desk.show_save("Save to my strips" if edited is None else "Save the changes")
        whole_strip = Trim(0.0, recording.duration_s).within(recording.duration_s)
        seconds = USUAL_SHOWN_S if edited is None else whole_strip.length_s
        self._window = _window(0.0, seconds, recording)
        self._source = f"{provenance.title} · {provenance.licence}"
        self._page.show_recording(
            name, self._source, said_of_file(recording.dropped, recording.repairs)
        )
        self._start_draft()

    def _start_draft(self) -> None:
        """Begin a strip of what is shown, of which nothing is said yet."""
        recording, edited = self._recording, self._edited
        if recording is None:
            return
        database = recording.provenance.database
        label = Label(source=recording.provenance.title)
        if edited is not None:
            label, database = Label.of(edited), edited.database
        elif database is not None:
            label = replace(label, licence=database.licence)
        else:
            label = replace(label, licence=recording.provenance.own_licence)
        self._history = History(Draft(self._window.within(recording.duration_s), label))
        self._desk.form.set_source_open(database is None)
        self._page.show_work()
        self._go_to(self._window.start_s)
        self._show_step(self._history.now)

    # Moving along

    def _go_to(self, start_s: float) -> None:
        self._show_window(start_s, self._window.length_s)

    def _show_seconds(self, seconds: float) -> None:
        """Show more or less, about the same middle."""
        middle_s = self._window.start_s + self._window.length_s / 2
        self._show_window(middle_s - seconds / 2, seconds)

    def _show_window(self, start_s: float, seconds: float) -> None:
        recording = self._recording
        if recording is None:
            return
        before = self._window.within(recording.duration_s)
        self._window = _window(start_s, seconds, recording)
        now = self._history.now
        # Until somebody trims, the strip is what is shown.
        if now.trim.same_as(before):
            self._history.follow(self._window.within(recording.duration_s))
            self._desk.show_trim(self._history.now.trim)
            self._measure_anew()
        self._desk.show_place(self._window.start_s, self._window.length_s)
        if not self._read_soon.isActive():
            self._read_soon.start()

    def _read_window(self) -> None:
        recording, window = self._recording, self._window
        if recording is not None:
            self._run(
                "read",
                lambda cancel: recording.read(window.start_s, window.length_s, cancel),
                self._show_read,
                self._cannot_read,
            )

    def _show_read(self, strips: tuple[Strip, ...]) -> None:
        self._page.set_status(self._source)
        self._desk.show_window(strips)

    def _cannot_read(self, fault: UserError) -> None:
        # What was shown before is not what is asked for now.
        self._desk.show_nothing()
        self._page.set_status(str(fault))

    def _run(
        self,
        name: str,
        work: Callable[[Cancel], object],
        show: Callable[..., object],
        fail: Callable[[UserError], object],
    ) -> None:
        """Do a thing in the background, in place of the same thing begun before."""
        if name in self._jobs:
            self._jobs[name].cancel()
        self._jobs[name] = self._tasks.run(work, show, fail)

    # The draft

    def _trim(self, trim: Trim) -> None:
        if self._recording is None:
            return
        trim = trim.within(self._recording.duration_s)
        self._history.change(replace(self._history.now, trim=trim), _TRIM)
        self._show_step(self._history.now)

    def _trim_to_window(self) -> None:
        self._settle()
        self._trim(self._window)
        self._settle()

    def _settle(self) -> None:
        self._history.settle()

    def _say(self, what: str) -> None:
        now = self._history.now
        label = self._desk.form.label
        self._history.change(replace(now, label=label), what if what in _TEXTS else "")
        if label.answer is not None and label.answer is not now.label.answer:
            self._suggest_title(now.label, label)
        self._show_step(self._history.now)

    def _suggest_title(self, before: Label, label: Label) -> None:
        """Call the strip by its answer where it has no title of its own."""
        if label.title.strip() in ("", self._name_of(before.answer)):
            named = replace(label, title=self._name_of(label.answer))
            self._history.amend(replace(self._history.now, label=named))

    def _name_of(self, rhythm: RhythmId | None) -> str:
        known = None if rhythm is None else self._rhythms.get(rhythm)
        return "" if known is None else known.name

    def _show_step(self, draft: Draft) -> None:
        window = self._window
        outside = draft.trim.end_s <= window.start_s or draft.trim.start_s >= window.end_s
        if outside:
            self._show_window(draft.trim.start_s, window.length_s)
        self._desk.show_draft(draft)
        self._desk.show_missing(draft.label.faults)
        self._page.show_steps(can_undo=self._history.can_undo, can_redo=self._history.can_redo)
        measured = self._measured
        if measured is None or not measured.trim.same_as(draft.trim):
            self._measure_anew()
        else:
            self._show_measured(measured)

    # Measuring

    def _measure_anew(self) -> None:
        self._measured = None
        self._desk.show_waiting("Measuring …")
        self._measure_soon.start()

    def _measure(self) -> None:
        recording, lead = self._recording, self._desk.shown_lead
        if recording is None or lead is None:
            return
        trim = self._history.now.trim
        self._run(
            "measure",
            lambda cancel: measure_part(recording, lead, trim, cancel),
            self._show_measured,
            lambda fault: self._desk.show_waiting(f"Not measured: {fault}"),
        )

    def _show_measured(self, measured: Measured) -> None:
        self._measured = measured
        answer = self._history.now.label.answer
        rhythm = self._rhythms.get(answer) if answer is not None else None
        measured.show_on(self._desk, rhythm)

    # Keeping

    def _save(self) -> None:
        recording, shelf, edited = self._recording, self._shelf, self._edited
        draft, leads = self._history.now, self._desk.kept_leads
        if recording is None or shelf is None or not leads or draft.label.faults:
            return
        self._desk.show_missing(("Saving …",))
        cut = Cut(recording, leads, draft)

        def work(cancel: Cancel) -> Pack:
            if edited is None:
                return keep(cut, shelf, cancel)
            return keep_again(cut, shelf, edited, cancel)

        def show(own: Pack) -> None:
            self._history = History(draft)
            title = f"“{draft.label.title.strip()}”"
            if edited is not None:
                said = f"What you have changed of {title} is kept."
            elif len(own.strips) == 1:
                said = f"{title} is the first strip of your own."
            else:
                said = f"{title} is one of {len(own.strips)} strips of your own now."
            self._page.show_saved(said, can_label_another=edited is None)
            self.saved.emit()

        def fail(fault: UserError) -> None:
            self._desk.show_missing(())
            self._desk.show_fault(str(fault))

        self._jobs["save"] = self._tasks.run(work, show, fail)


def _window(start_s: float, seconds: float, recording: Recording) -> Trim:
    """Return the nearest part of a recording that can be shown."""
    seconds = min(max(seconds, LEAST_SHOWN_S), MOST_SHOWN_S)
    latest_s = max(recording.duration_s - seconds, 0.0)
    return Trim(min(max(start_s, 0.0), latest_s), seconds)

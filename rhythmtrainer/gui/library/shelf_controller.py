"""What happens to strips of the user's own and to packs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import starmap
from pathlib import Path

from PySide6.QtCore import QObject

from rhythmtrainer.gui.library import words
from rhythmtrainer.gui.library.job import Errand, Latest, OneJob
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import LabelledStrip, Pack, PackId, Rhythm, RhythmId, StripId
from rhythmtrainer.model.pack import opening_sentence
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripShelf, Tell


class ShelfController(QObject):
    """Lists strips and packs, and changes them beside the window, one thing at a time."""

    def __init__(self, page: LibraryPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._job = OneJob(tasks, page.shelf_bar, self)
        self._look = Latest(tasks)
        self._shelf: StripShelf | None = None
        self._today: Callable[[], date] | None = None
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self._own: tuple[LabelledStrip, ...] = ()
        self._packs: dict[str, Pack] = {}
        self._removed: list[LabelledStrip] = []
        self._new_strip, self._new_pack = "", ""
        self._job.changed.connect(self._follow_job)
        view = page.strips
        view.remove_wanted.connect(self._remove)
        view.undo_wanted.connect(self._undo)
        view.remove_pack_wanted.connect(self._remove_pack)
        view.hand_out_wanted.connect(self._hand_out)
        page.packs_dropped.connect(self.open_packs)
        page.pack_form.accepted.connect(self._save_pack)

    def set_shelf(
        self, shelf: StripShelf, rhythms: Mapping[RhythmId, Rhythm], today: Callable[[], date]
    ) -> None:
        """Take what keeps strips, what rhythms are called, and the calendar."""
        self._shelf, self._rhythms, self._today = shelf, rhythms, today
        self.refresh()

    def refresh(self) -> None:
        """List what is there now."""
        shelf = self._shelf
        if shelf is None:
            return

        def look(cancel: Cancel) -> tuple[Pack, tuple[Pack, ...], str]:
            cancel.check()
            return shelf.own(), tuple(shelf.packs()), " ".join(shelf.faults())

        self._look.run(look, self._show, lambda fault: self._page.strips.show_fault(str(fault)))

    def stop(self) -> None:
        """Call off what is under way, for good."""
        self._shelf = None
        self._look.stop()
        self._job.cancel()

    def open_packs(self, files: Sequence[Path]) -> None:
        """Add the packs in files; the list tells what came of it."""
        shelf = self._shelf
        if shelf is None or self._job.busy:
            return

        def work(tell: Tell, cancel: Cancel) -> list[tuple[Pack | None, Pack]]:
            del tell
            before = {pack.id: pack for pack in shelf.packs()}
            opened = [shelf.open_pack(file, cancel) for file in files]
            return [(before.get(pack.id), pack) for pack in opened]

        def conclude(packs: Sequence[tuple[Pack | None, Pack]]) -> str:
            self._new_pack = packs[-1][1].id
            return " ".join(starmap(opening_sentence, packs))

        what = f"“{files[0].name}”" if len(files) == 1 else words.many(len(files), "pack")
        stopped = f"Opening {what} was stopped."
        errand = Errand("Opening", what, work, conclude, stopped, self.refresh)
        self._page.show_strips()
        self._job.start(errand)

    def write_pack(self, pack: Pack, file: Path) -> None:
        """Write a pack to a file, and close the form when that is done."""
        shelf = self._shelf
        if shelf is None:
            return

        def work(tell: Tell, cancel: Cancel) -> None:
            del tell
            cancel.check()
            shelf.write_pack(pack, file)

        def conclude(_: None) -> str:
            self._page.close_pack_form()
            return f"“{pack.title}” with {words.many(len(pack.strips), 'strip')} is in {file}."

        self._job.start(Errand("Writing", f"“{pack.title}”", work, conclude))

    def _show(self, found: tuple[Pack, tuple[Pack, ...], str]) -> None:
        own, packs, faults = found
        if faults:
            self._page.shelf_bar.say(faults, fault=True)
        self._own = own.strips
        self._packs = {pack.id: pack for pack in packs}
        self._page.strips.show_shelf(own, packs, self._rhythms)
        self._page.pack_form.show_strips(own.strips, self._rhythms)
        # What has just come is what the user looks for.
        self._page.strips.strips.go_to(self._new_strip)
        self._page.strips.packs.go_to(self._new_pack)
        self._new_strip, self._new_pack = "", ""

    def _follow_job(self) -> None:
        self._page.strips.set_busy(self._job.doing)
        self._page.pack_form.set_busy(self._job.doing)
        self._page.setAcceptDrops(not self._job.busy)

    def _do(
        self, verb: str, title: str, change: Callable[[], None], conclude: Callable[[], str]
    ) -> None:
        """Change something that takes no longer than a glance."""

        def work(tell: Tell, cancel: Cancel) -> None:
            del tell
            cancel.check()
            change()

        self._job.start(
            Errand(verb, f"“{title}”", work, lambda _: conclude(), after=self.refresh, quick=True)
        )

    def _remove(self, strip: StripId) -> None:
        removed = next((each for each in self._own if each.id == strip), None)
        if self._shelf is None or removed is None:
            return

        def conclude() -> str:
            self._removed.append(removed)
            self._page.strips.offer_undo(removed.title)
            return ""

        self._do("Removing", removed.title, partial(self._shelf.remove, strip), conclude)

    def _undo(self) -> None:
        if self._shelf is None or not self._removed:
            return
        back = self._removed[-1]

        def conclude() -> str:
            self._removed.remove(back)
            self._new_strip = back.id
            self._page.strips.offer_undo(self._removed[-1].title if self._removed else "")
            return f"“{back.title}” is back."

        self._do("Restoring", back.title, partial(self._shelf.restore, back.id), conclude)

    def _remove_pack(self, pack: PackId) -> None:
        if self._shelf is None or pack not in self._packs:
            return
        title = self._packs[pack].title
        self._do(
            "Removing",
            title,
            partial(self._shelf.remove_pack, pack),
            lambda: f"“{title}” was removed.",
        )

    def _hand_out(self) -> None:
        self._page.pack_form.show_strips(self._own, self._rhythms)
        self._page.show_pack_form()

    def _save_pack(self) -> None:
        if self._today is not None:
            self._page.save_pack_wanted.emit(self._page.pack_form.pack(self._today()))

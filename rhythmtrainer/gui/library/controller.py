"""What happens on the library page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from rhythmtrainer.gui.library.job import Errand, Latest, OneJob
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.library.shelf_controller import ShelfController
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import Holding, Pack, Rhythm, RhythmCoverage, RhythmId, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Library, StripShelf, Tell

_FETCHING: Final = "Fetching"


class LibraryController(QObject):
    """Looks at the databases when the page is turned to, and works on one at a time.

    Work goes on while another page is shown.

    Signals
    -------
    holdings_changed
        Recordings may have come, or the user's own catalogue may have changed.
    """

    holdings_changed = Signal()

    def __init__(self, page: LibraryPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._job = OneJob(tasks, page.job_bar, self)
        self._look = Latest(tasks)
        self._library: Library | None = None
        self._rhythms: Mapping[RhythmId, Rhythm] = {}
        self._shelf = ShelfController(page, tasks, self)
        self._job.changed.connect(self._follow_job)
        page.databases.fetch_wanted.connect(self._fetch)
        page.databases.verify_wanted.connect(self._verify)
        page.databases.index_wanted.connect(self._index)

    @property
    def busy(self) -> bool:
        """Whether a database is being fetched, verified or indexed."""
        return self._job.busy

    def set_library(self, library: Library, rhythms: Mapping[RhythmId, Rhythm]) -> None:
        """Take the databases, and what rhythms are called."""
        self._library, self._rhythms = library, rhythms
        self._refresh_databases()

    def set_shelf(
        self, shelf: StripShelf, rhythms: Mapping[RhythmId, Rhythm], today: Callable[[], date]
    ) -> None:
        """Take the user's own strips and packs, what rhythms are called, and the calendar."""
        self._shelf.set_shelf(shelf, rhythms, today)

    def set_offline(self, offline: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Fetch nothing, and call off what is being fetched, while the network is left alone."""
        self._page.databases.set_offline(offline)
        if offline and self._job.verb == _FETCHING:
            self._job.cancel()

    def refresh(self) -> None:
        """Look at everything again."""
        self._refresh_databases()
        self._shelf.refresh()

    def open_packs(self, files: Sequence[Path]) -> None:
        """Add the packs in files that the user chose."""
        self._shelf.open_packs(files)

    def write_pack(self, pack: Pack, file: Path) -> None:
        """Write a pack to the file that the user chose."""
        self._shelf.write_pack(pack, file)

    def stop(self) -> None:
        """Call off what is under way, for good."""
        self._library = None
        self._look.stop()
        self._job.cancel()
        self._shelf.stop()

    def _refresh_databases(self) -> None:
        library = self._library
        # A library does one thing at a time, and what is under way ends with another look.
        if library is None or self._job.busy:
            return

        def look(cancel: Cancel) -> tuple[Sequence[RhythmCoverage], Sequence[Holding]]:
            covered = library.coverage()
            return covered, library.holdings(cancel)

        self._look.run(look, self._show, self._fail)

    def _show(self, found: tuple[Sequence[RhythmCoverage], Sequence[Holding]]) -> None:
        covered, holdings = found
        self._page.coverage.show_coverage(covered, self._rhythms)
        self._page.databases.show_holdings(holdings)

    def _fail(self, fault: UserError) -> None:
        self._page.coverage.show_fault(str(fault))
        self._page.databases.show_fault(str(fault))

    def _follow_job(self) -> None:
        self._page.databases.set_busy(self._job.doing)

    def _look_again(self) -> None:
        if self._library is not None:
            self._refresh_databases()
            self.holdings_changed.emit()

    def _fetch(self, database: str, records: Sequence[str]) -> None:
        if self._library is not None:
            self._start(
                _FETCHING,
                database,
                partial(self._library.fetch, database, records),
                f"Fetching {database} was stopped: what is complete stays, and what was begun is "
                "resumed the next time.",
                self._look_again,
            )

    def _verify(self, database: str) -> None:
        if self._library is not None:
            self._start(
                "Verifying",
                database,
                partial(self._library.verify, database),
                f"Verifying {database} was stopped.",
                self._refresh_databases,
            )

    def _index(self, database: str) -> None:
        if self._library is not None:
            self._start(
                "Adding",
                f"{database} to your catalogue",
                partial(self._library.index, database),
                f"{database} was not added: your catalogue is as it was.",
                self._look_again,
            )

    def _start(
        self,
        verb: str,
        what: str,
        work: Callable[[Tell, Cancel], str],
        stopped: str,
        after: Callable[[], None],
    ) -> None:
        self._look.stop()
        self._job.start(Errand(verb, what, work, str, stopped, after), focus=True)

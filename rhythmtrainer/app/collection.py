"""Recordings and strips: the pages that look at them, and what these pages ask for."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from rhythmtrainer.app.shipped import Shipped
from rhythmtrainer.app.sources import Sources
from rhythmtrainer.gui.label.controller import LabelController
from rhythmtrainer.gui.label.page import LabelPage
from rhythmtrainer.gui.library.controller import LibraryController
from rhythmtrainer.gui.library.page import LibraryPage
from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.recordings.dropping import PACK_ENDING
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.watch.controller import WatchController
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.model import Pack, PackId, StripId
from rhythmtrainer.training.cancel import Cancel

if TYPE_CHECKING:
    from rhythmtrainer.records.packs.shelf import Shelf


class Collection(QObject):
    """Watch, Label and Library, the files they open, and the databases behind them.

    Signals
    -------
    holdings_changed
        Recordings may have come to this computer, or a database to the user's own catalogue; the
        catalogue as it is now.
    practise_wanted
        A pack to be asked about.
    """

    holdings_changed = Signal(object)
    practise_wanted = Signal(Pack)

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        tasks: Tasks,
        sources: Sources,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._settings = settings
        self._tasks = tasks
        self._sources = sources
        self._shelf: Shelf | None = None
        self._kinds: Sequence[tuple[str, tuple[str, ...]]] = ()
        self.watch_page = WatchPage()
        self.library_page = LibraryPage()
        self.label_page = LabelPage()
        self.watch = WatchController(self.watch_page, tasks, self)
        self.label = LabelController(self.label_page, tasks, self)
        self.library = LibraryController(self.library_page, tasks, self)
        window.add_page("Watch", self.watch_page)
        window.add_page("Library", self.library_page)
        window.add_page("Label", self.label_page)
        self._connect()

    def _connect(self) -> None:
        window, page = self._window, self.library_page
        window.page_shown.connect(self._page_shown)
        self.watch_page.open_wanted.connect(lambda: self._choose_recording(self.watch.open))
        self.label_page.open_wanted.connect(lambda: self._choose_recording(self.label.open))
        self.label_page.library_wanted.connect(self._show_strips)
        page.strip_wanted.connect(lambda: window.show_page(self.label_page))
        page.edit_wanted.connect(self._edit)
        page.open_pack_wanted.connect(self._choose_pack)
        page.save_pack_wanted.connect(self._choose_pack_file)
        page.practise_wanted.connect(self._practise)
        page.clear_cache_wanted.connect(self._clear_cache)
        self.library.holdings_changed.connect(self._read_catalogue)
        self.label.saved.connect(self.library.refresh)

    @property
    def unsaved(self) -> bool:
        """Whether a strip was labelled that is not kept yet."""
        return self.label.unsaved

    def load(self, shipped: Shipped, *, offline: bool) -> None:
        """Take what the program has read."""
        from rhythmtrainer.records.files.opening import Files

        files = Files(shipped.catalogue.databases)
        self._kinds = files.patterns
        self.watch.set_files(files)
        self.label.set_files(files)
        self.label.set_rhythms(shipped.rhythms)
        shelf = self._sources.shelf
        self._shelf = shelf
        self.label.set_shelf(shelf)
        self.library.set_shelf(shelf, shipped.rhythms, _today)
        self.use_library(shipped, offline=offline)

    def use_library(self, shipped: Shipped, *, offline: bool) -> None:
        """Look at the databases where the settings say now."""
        self.library.set_offline(offline)
        library = self._sources.library(shipped.catalogue, offline=offline)
        self.library.set_library(library, shipped.rhythms)

    def _page_shown(self, page: QWidget) -> None:
        """Look at everything again when the library is turned to."""
        if page is self.library_page:
            self.library.refresh()
            self._show_cache()

    def stop(self) -> None:
        """Call off what is under way, for good."""
        self.watch.stop()
        self.label.stop()
        self.library.stop()

    def _read_catalogue(self) -> None:
        # Read anew: what has changed it may be a library that is not in use any more.
        self._tasks.run(lambda _: self._sources.catalogue(), self.holdings_changed.emit, _ignore)

    def _show_cache(self) -> None:
        cache, limit = self._sources.cache, self._sources.cache_limit
        page = self.library_page
        self._tasks.run(lambda _: cache.size(), lambda size: page.show_cache(size, limit), _ignore)

    def _clear_cache(self) -> None:
        cache = self._sources.cache
        self._tasks.run(lambda _: cache.clear(), lambda _: self._show_cache(), _ignore)

    def _show_strips(self) -> None:
        self._window.show_page(self.library_page)
        self.library_page.show_strips()

    def _edit(self, strip: str) -> None:
        self._window.show_page(self.label_page)
        self.label.edit(StripId(strip))

    def _practise(self, pack: str) -> None:
        shelf = self._shelf
        if shelf is None:
            return

        def look(cancel: Cancel) -> Pack | None:
            cancel.check()
            packs = (shelf.own(), *shelf.packs())
            return next((found for found in packs if found.id == PackId(pack)), None)

        def begin(found: Pack | None) -> None:
            if found is not None:
                self.practise_wanted.emit(found)

        self._tasks.run(look, begin, _ignore)

    def _choose_recording(self, open_: Callable[[Path], None]) -> None:
        text, _ = QFileDialog.getOpenFileName(
            self._window,
            "Open a recording",
            str(self._settings.recordings_dir or self._settings.records_dir or Path.home()),
            _filters(self._kinds),
        )
        if text:
            self._settings.set_recordings_dir(Path(text).parent)
            open_(Path(text))

    def _choose_pack(self) -> None:
        texts, _ = QFileDialog.getOpenFileNames(
            self._window, "Open packs", str(self._packs_dir), f"Packs of strips (*{PACK_ENDING})"
        )
        if texts:
            self._settings.set_packs_dir(Path(texts[0]).parent)
            self.library.open_packs([Path(text) for text in texts])

    def _choose_pack_file(self, pack: Pack) -> None:
        text, _ = QFileDialog.getSaveFileName(
            self._window,
            "Hand out a pack",
            str(self._packs_dir / f"{pack.id}{PACK_ENDING}"),
            f"Packs of strips (*{PACK_ENDING})",
        )
        if text:
            file = Path(text) if text.endswith(PACK_ENDING) else Path(f"{text}{PACK_ENDING}")
            self._settings.set_packs_dir(file.parent)
            self.library.write_pack(pack, file)

    @property
    def _packs_dir(self) -> Path:
        return self._settings.packs_dir or Path.home()


def _filters(kinds: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    every = " ".join(pattern for _, patterns in kinds for pattern in patterns)
    named = [f"{name} ({' '.join(patterns)})" for name, patterns in kinds]
    return ";;".join([f"Recordings ({every})", *named, "All files (*)"])


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _ignore(_: Exception) -> None:
    """Leave a size or a list as it was: the next look tells."""

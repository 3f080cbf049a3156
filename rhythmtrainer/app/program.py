"""The desktop program: the only place that knows every part, brings them together and parts them.

The window is on the screen before the heavy libraries are loaded; they come in the background.
"""

import gc
import logging
import os
import secrets
import signal
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from rhythmtrainer import paths
from rhythmtrainer.app.options import Options
from rhythmtrainer.app.shipped import Shipped, load_shipped
from rhythmtrainer.app.sources import Sources
from rhythmtrainer.gui.looks import StripLooks
from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.practice import messages
from rhythmtrainer.gui.practice.controller import PracticeController
from rhythmtrainer.gui.practice.surroundings import Surroundings
from rhythmtrainer.gui.review.controller import ReviewController
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.theme import apply_theme
from rhythmtrainer.model import (
    CourseId,
    Mode,
    Pack,
    QuestionId,
    Session,
    SessionId,
    StoreError,
    Supply,
    UserError,
)
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.training.selection import Material

if TYPE_CHECKING:
    from rhythmtrainer.app.collection import Collection
    from rhythmtrainer.records.tables.own_catalogue import Catalogue
    from rhythmtrainer.store import Store

_log = logging.getLogger(__name__)
_LOG_BYTES = 500_000


class Program(QObject):
    """One run of the desktop program, from the first window to the last saved answer.

    Signals
    -------
    loaded
        Everything that is read once has been read, or cannot be.
    """

    loaded = Signal()

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._options = options
        self._environ = environ
        self._folders = paths.user_folders(options.data_dir)
        self._seeds = [options.seed] if options.seed is not None else []
        # Until the user says otherwise in the window, the command line's word holds.
        self._told_offline = options.offline
        self._shipped: Shipped | None = None
        self._pack: Pack | None = None
        self._collection: Collection | None = None
        self._store: Store | None = None
        self._told_of_defect = False
        self.settings = Settings(self._folders.settings, self)
        self._sources = Sources(self._folders, options, self.settings, environ)
        self.tasks = Tasks(self)
        self.window = MainWindow()
        self.practice = PracticeController(self.window.practice, self.tasks, self)
        self.review = ReviewController(self.window.review, self.tasks, self)
        self.looks = StripLooks(self.window, self.settings)
        self._connect()

    def _connect(self) -> None:
        window, settings = self.window, self.settings
        window.may_close = self._may_close
        window.closing.connect(self.stop)
        window.page_wanted.connect(lambda: self.collection)
        window.page_shown.connect(self._page_shown)
        window.practice.strip.mode_changed.connect(settings.set_strip_mode)
        window.practice.course_choice.chosen.connect(self._choose_course)
        window.practice.notice.closed.connect(self._close_notice)
        window.practice.notice.more.connect(lambda: window.show_page(window.about))
        window.review.practice_wanted.connect(lambda: window.show_page(window.practice))
        window.practice.notice.offline_changed.connect(self._set_offline)
        window.preferences.offline_changed.connect(self._set_offline)
        window.preferences.archive_changed.connect(settings.set_archive)
        window.preferences.folder_wanted.connect(self._choose_folder)
        window.preferences.folder_cleared.connect(lambda: settings.set_records_dir(None))
        window.preferences.supply_changed.connect(settings.set_supply)
        settings.source_changed.connect(self._change_source)
        settings.supply_changed.connect(self._change_supply)
        self.practice.folder_wanted.connect(self._choose_folder)
        self.practice.network_wanted.connect(lambda: self._set_offline(offline=False))
        self.practice.simulated_wanted.connect(lambda: settings.set_supply(Supply.REAL_FIRST))
        self.practice.restart_wanted.connect(self._load)
        self.practice.course_wanted.connect(lambda: self._practise(None))
        self.practice.review_wanted.connect(lambda: window.show_page(window.review))
        self.tasks.crashed.connect(self.tell_of_defect)
        self.practice.defect.connect(self.tell_of_defect)

    @property
    def collection(self) -> "Collection":
        """The pages about recordings and strips; they are made when somebody turns to one."""
        if self._collection is None:
            from rhythmtrainer.app.collection import Collection

            made = Collection(self.window, self.settings, self.tasks, self._sources, self)
            made.holdings_changed.connect(self._take_holdings)
            made.practise_wanted.connect(self._practise)
            self.looks.add(made.watch_page)
            self.looks.add(made.label_page)
            self._collection = made
            if self._store is not None and self._shipped is not None:
                made.load(self._shipped, offline=self._offline)
        return self._collection

    def start(self) -> None:
        """Show the window, then load everything else beside it."""
        geometry = self.settings.geometry
        if not geometry.isEmpty():
            self.window.restoreGeometry(geometry)
        self.window.practice.strip.set_mode(self.settings.strip_mode)
        # It has nothing to say yet.
        self.window.practice.notice.hide()
        self.window.preferences.show_supply(self.settings.supply)
        self.window.preferences.show_folders(self._folders.data, _for_this_run(self._options))
        self.window.show()
        self._load()

    def _load(self) -> None:
        self.window.practice.show_message(messages.LOADING)
        self.tasks.run(
            partial(load_shipped, self._folders.catalogue), self._loaded, self._cannot_start
        )

    def stop(self) -> None:
        """Stop what is under way, then close the memory. May be called twice."""
        self.practice.stop()
        if self._collection is not None:
            self._collection.stop()
        self.review.stop()
        self.tasks.stop()
        self._sources.close()
        self.settings.set_geometry(self.window.saveGeometry())
        self.settings.save()
        if self._store is not None:
            self._store.close()
            self._store = None

    def tell_of_defect(self, error: BaseException) -> None:
        """Say once, in one dialog, that the program has a defect; the log holds the rest."""
        _log.error("defect", exc_info=error)
        if self._told_of_defect:
            return
        self._told_of_defect = True
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("rhythmtrainer")
        box.setText(
            "Something went wrong that should not have. Answers given before are saved. "
            f"What happened is written to {self._folders.log}."
        )
        box.open()

    def _loaded(self, shipped: Shipped) -> None:
        from rhythmtrainer.simulate import simulate_known
        from rhythmtrainer.store import open_store, sqlite_url

        self._shipped = shipped
        self._show_sources(shipped)
        self.window.practice.notice.setVisible(not self.settings.notice_read)
        try:
            self._store = open_store(self._options.database or sqlite_url(self._folders.database))
        except StoreError as error:
            self._cannot_start(error)
            return
        self.window.practice.course_choice.offer(tuple(shipped.courses.values()))
        material = self._material(shipped, self._pack)
        self.review.set_store(self._store, simulate_known, self._sources.span_beyond)
        self.review.set_material(self._all_that_was_asked(shipped))
        if self._collection is not None:
            self._collection.load(shipped, offline=self._offline)
        self.looks.set_notice(shipped.notices.summary)
        self.practice.set_surroundings(
            Surroundings(
                store=self._store,
                material=material,
                simulator=simulate_known,
                new_session=self._new_session,
                new_id=lambda: QuestionId(uuid.uuid4().hex),
                clock=time.perf_counter,
                now=lambda: datetime.now(UTC),
            )
        )
        self._change_source()
        if self.window.review.isVisible():
            self.review.refresh()
        self.practice.start()
        self.loaded.emit()

    def _cannot_start(self, fault: UserError) -> None:
        self.window.practice.show_message(messages.cannot_start(fault))
        self.loaded.emit()

    def _new_session(self, course: CourseId) -> Session:
        seed = self._seeds.pop() if self._seeds else secrets.randbits(32)
        return Session(
            id=SessionId(uuid.uuid4().hex),
            course=course,
            mode=Mode.PRACTICE,
            seed=seed,
            started_at=datetime.now(UTC),
        )

    @property
    def _offline(self) -> bool:
        return self._told_offline or self.settings.offline

    def _set_offline(self, offline: bool) -> None:  # noqa: FBT001 - a checkbox's slot
        self._told_offline = False
        if offline == self.settings.offline:
            self._change_source()
        else:
            self.settings.set_offline(offline)

    def _change_source(self) -> None:
        """Read recordings from where the settings say now."""
        self.window.practice.notice.set_offline(self._offline)
        self.window.preferences.show_source(
            self.settings.records_dir,
            self.settings.archive,
            DEFAULT_ARCHIVE,
            offline=self._offline,
        )
        if self._shipped is None:
            return
        catalogue = self._shipped.catalogue
        source, fault = self._sources.open(catalogue, offline=self._offline)
        if self._collection is not None:
            self._collection.use_library(self._shipped, offline=self._offline)
        self.window.preferences.show_fault(" ".join([fault, *catalogue.faults]).strip())
        self.review.set_source(source)
        self.practice.set_source(source, offline=self._offline, advice=fault)

    def _change_supply(self) -> None:
        """Ask about what the settings say now."""
        self.window.preferences.show_supply(self.settings.supply)
        if self._shipped is not None:
            self.practice.set_material(self._material(self._shipped, self._pack))

    def _take_holdings(self, catalogue: "Catalogue") -> None:
        """Ask about what the user's own catalogue has gained, too."""
        shipped = self._shipped
        if shipped is None:
            return
        if catalogue != shipped.catalogue:
            self._shipped = shipped = replace(shipped, catalogue=catalogue)
            self._show_sources(shipped)
            self.review.set_material(self._all_that_was_asked(shipped))
            self.practice.set_material(self._material(shipped, self._pack))
        self._change_source()

    def _show_sources(self, shipped: Shipped) -> None:
        """Name what strips are taken from."""
        sources = shipped.sources
        self.window.practice.notice.set_text(
            f"{shipped.notices.summary} Recordings of {len(sources)} databases, cited under About "
            "and sources."
        )
        self.window.about.show_about(shipped.notices, sources, shipped.guideline, shipped.asked)

    def _material(self, shipped: Shipped, pack: Pack | None) -> Material:
        """Return what practice asks about: a pack, or else the course."""
        if pack is None:
            return replace(
                shipped.material(self.settings.course),
                simulations=self._sources.simulated,
                supply=self.settings.supply,
            )
        return shipped.material_of(pack, self._sources.spans_of(pack))

    def _all_that_was_asked(self, shipped: Shipped) -> Material:
        """Return what strips of any course are looked at with once more."""
        return replace(shipped.material(), simulations=self._sources.simulated)

    def _practise(self, pack: Pack | None) -> None:
        """Ask about the strips of a pack, or about the course again."""
        if self._shipped is not None:
            self.window.show_page(self.window.practice)
            if self.practice.practise(self._material(self._shipped, pack)):
                self._pack = pack

    def _choose_course(self, course: CourseId) -> None:
        """Ask about another course from now on, in a new session."""
        before = self.settings.course
        if self._shipped is None or course is before:
            return
        self.settings.set_course(course)
        if not self.practice.practise(self._material(self._shipped, None)):
            self.settings.set_course(before)
            self.window.practice.course_choice.show_course(self._shipped.courses[before])

    def _choose_folder(self) -> None:
        text = QFileDialog.getExistingDirectory(
            self.window,
            "Choose a folder of recordings",
            str(self.settings.records_dir or Path.home()),
        )
        if text:
            self.settings.set_records_dir(Path(text))

    def _close_notice(self) -> None:
        self.settings.set_notice_read()
        self.window.practice.notice.hide()
        if self.window.practice.showing_question:
            self.window.practice.setFocus()

    def _may_close(self) -> bool:
        """Ask before something is lost."""
        lost = []
        if self.practice.unsaved:
            lost.append("Your last answer could not be saved, and would be lost.")
        if self._collection is not None and self._collection.unsaved:
            lost.append("What you said about a strip on the Label page is not saved.")
        if not lost:
            return True
        answer = QMessageBox.question(
            self.window, "rhythmtrainer", f"{' '.join(lost)} Close all the same?"
        )
        return answer is QMessageBox.StandardButton.Yes

    def _page_shown(self, page: QWidget) -> None:
        if page is self.window.review:
            self.review.refresh()
        else:
            self.review.stop()


def run(options: Options) -> int:
    """Run the desktop program until its window is closed; return the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("rhythmtrainer")
    apply_theme(app)
    QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: apply_theme(app))
    # Looking for garbage among what is loaded, and stays, would hold up the first strip.
    gc.disable()
    program = Program(options, os.environ)
    program.loaded.connect(_collect_garbage)
    _log_to_file(paths.user_folders(options.data_dir).log)

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            program.tell_of_defect(error.with_traceback(trace))

    sys.excepthook = report
    # Qt's loop would never let Python see Ctrl+C; every answer is on disk already.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    program.start()
    return app.exec()


def _collect_garbage() -> None:
    gc.freeze()
    gc.enable()


def _for_this_run(options: Options) -> str:
    """Say what the command line puts in the place of settings."""
    said = []
    if options.records is not None:
        said.append(f"recordings from {options.records} first")
    if options.archive is not None:
        said.append(f"the archive at {options.archive}")
    return f"For this run the command line names {' and '.join(said)}." if said else ""


def _log_to_file(file: Path) -> None:
    logger = logging.getLogger("rhythmtrainer")
    logger.setLevel(logging.INFO)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        # Without a place for a log there is nobody to tell; the program itself says more.
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)

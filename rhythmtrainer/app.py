"""The desktop program: the only place that knows every part, brings them together and parts them.

The window is on the screen before the heavy libraries are loaded; they come in the background.
"""

import logging
import os
import secrets
import signal
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from rhythmtrainer import paths
from rhythmtrainer.gui.looks import StripLooks
from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.practice import messages
from rhythmtrainer.gui.practice.controller import PracticeController, Surroundings
from rhythmtrainer.gui.review.controller import ReviewController
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.theme import apply_theme
from rhythmtrainer.gui.watch.controller import WatchController
from rhythmtrainer.model import (
    Course,
    CourseId,
    Database,
    Mode,
    Notices,
    QuestionId,
    Rhythm,
    RhythmId,
    Session,
    SessionId,
    Span,
    StoreError,
    UserError,
)
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource
from rhythmtrainer.training.selection import Material

if TYPE_CHECKING:
    from rhythmtrainer.records.catalogue import FileFacts
    from rhythmtrainer.records.physionet import PhysioNet
    from rhythmtrainer.store import Store

_log = logging.getLogger(__name__)
_LOG_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line may set for one run; None leaves it to the settings.

    Attributes
    ----------
    database
        Address of the database that keeps the answers.
    seed
        Of the first session's chance, to see the same questions again.
    """

    records: Path | None = None
    data_dir: Path | None = None
    archive: str | None = None
    offline: bool = False
    database: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Shipped:
    """Everything that comes with the program and is read once."""

    rhythms: Mapping[RhythmId, Rhythm]
    courses: Mapping[CourseId, Course]
    notices: Notices
    guideline: str
    spans: tuple[Span, ...]
    databases: Mapping[tuple[str, str], Database]
    files: Mapping[str, "FileFacts"]


class Program(QObject):
    """One run of the desktop program, from the first window to the last saved answer."""

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._options = options
        self._environ = environ
        self._folders = paths.user_folders(options.data_dir)
        self._seeds = [options.seed] if options.seed is not None else []
        # Until the user says otherwise in the window, the command line's word holds.
        self._told_offline = options.offline
        self._shipped: Shipped | None = None
        self._store: Store | None = None
        self._archive: PhysioNet | None = None
        self._told_of_defect = False
        self.settings = Settings(self._folders.settings, self)
        self.tasks = Tasks(self)
        self.window = MainWindow()
        self.practice = PracticeController(self.window.practice, self.tasks, self)
        self.watch = WatchController(self.window.watch, self.tasks, self)
        self.review = ReviewController(self.window.review, self.tasks, self)
        self.looks = StripLooks(self.window, self.settings)
        self._connect()

    def _connect(self) -> None:
        window, settings = self.window, self.settings
        window.may_close = self._may_close
        window.closing.connect(self.stop)
        window.page_shown.connect(self._page_shown)
        window.practice.strip.mode_changed.connect(settings.set_strip_mode)
        window.practice.notice.closed.connect(self._close_notice)
        window.practice.notice.more.connect(lambda: window.show_page(window.about))
        window.review.practice_wanted.connect(lambda: window.show_page(window.practice))
        window.practice.notice.offline_changed.connect(self._set_offline)
        window.preferences.offline_changed.connect(self._set_offline)
        window.preferences.archive_changed.connect(settings.set_archive)
        window.preferences.folder_wanted.connect(self._choose_folder)
        window.preferences.folder_cleared.connect(lambda: settings.set_records_dir(None))
        settings.source_changed.connect(self._change_source)
        self.practice.folder_wanted.connect(self._choose_folder)
        window.watch.open_wanted.connect(self._choose_recording)
        self.practice.network_wanted.connect(lambda: self._set_offline(offline=False))
        self.practice.restart_wanted.connect(self._load)
        self.practice.review_wanted.connect(lambda: window.show_page(window.review))
        self.tasks.crashed.connect(self.tell_of_defect)
        self.practice.defect.connect(self.tell_of_defect)

    def start(self) -> None:
        """Show the window, then load everything else beside it."""
        geometry = self.settings.geometry
        if not geometry.isEmpty():
            self.window.restoreGeometry(geometry)
        self.window.practice.strip.set_mode(self.settings.strip_mode)
        self.window.practice.notice.setVisible(not self.settings.notice_read)
        self.window.preferences.show_folders(self._folders.data, _for_this_run(self._options))
        self.window.show()
        self._load()

    def _load(self) -> None:
        self.window.practice.show_message(messages.LOADING)
        self.tasks.run(_load_shipped, self._loaded, self._cannot_start)

    def stop(self) -> None:
        """Stop what is under way, then close the memory. May be called twice."""
        self.practice.stop()
        self.watch.stop()
        self.review.stop()
        self.tasks.stop()
        self._close_archive()
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
        from rhythmtrainer.records.whole import read_whole
        from rhythmtrainer.simulate import simulate_known
        from rhythmtrainer.store import open_store, sqlite_url

        self._shipped = shipped
        notices = shipped.notices
        sources = "; ".join(database.title for database in shipped.databases.values())
        self.window.practice.notice.set_text(
            f"{notices.summary} Recordings: {sources}; citations stand under About and sources."
        )
        self.window.about.show_about(
            notices, list(shipped.databases.values()), shipped.guideline, _asked(shipped)
        )
        try:
            self._store = open_store(self._options.database or sqlite_url(self._folders.database))
        except StoreError as error:
            self._cannot_start(error)
            return
        material = Material(shipped.spans, shipped.courses[CourseId.ACLS], shipped.rhythms)
        self.review.set_store(self._store, material, simulate_known)
        self.watch.set_reader(lambda file: read_whole(file, shipped.databases))
        self.looks.set_notice(notices.summary)
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

    def _cannot_start(self, fault: UserError) -> None:
        self.window.practice.show_message(messages.cannot_start(fault))

    def _new_session(self) -> Session:
        seed = self._seeds.pop() if self._seeds else secrets.randbits(32)
        return Session(
            id=SessionId(uuid.uuid4().hex),
            course=CourseId.ACLS,
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
        source, fault = self._sources(self._shipped)
        self.window.preferences.show_fault(fault)
        self.review.set_source(source)
        self.practice.set_source(source, offline=self._offline, advice=fault)

    def _sources(self, shipped: Shipped) -> tuple[StripSource, str]:
        """Return this computer's folders, the cache and the network, in this order.

        With them comes a sentence about a setting that cannot be used; the rest still serves.
        """
        from rhythmtrainer.records.cache import CachedRecords, ExcerptCache
        from rhythmtrainer.records.library import RecordLibrary
        from rhythmtrainer.records.local import LocalRecords, local_folders
        from rhythmtrainer.records.physionet import PhysioNet

        fault = ""
        try:
            folders = local_folders(self._options.records, self.settings.records_dir, self._environ)
        except UserError as error:
            # The folder was there at the start: a drive has been pulled out.
            fault = str(error)
            folders = local_folders(None, self.settings.records_dir, self._environ)
        cache = ExcerptCache(self._folders.cache)
        sources: list[StripSource] = [
            LocalRecords(folders, shipped.databases, shipped.files),
            CachedRecords(cache, shipped.databases),
        ]
        self._close_archive()
        if not self._offline:
            address = self._options.archive or self.settings.archive or DEFAULT_ARCHIVE
            try:
                self._archive = PhysioNet(address, cache, shipped.databases, shipped.files)
            except UserError as error:
                fault = str(error)
            else:
                sources.append(self._archive)
        return RecordLibrary(sources), fault

    def _close_archive(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _choose_folder(self) -> None:
        text = QFileDialog.getExistingDirectory(
            self.window,
            "Choose a folder of recordings",
            str(self.settings.records_dir or Path.home()),
        )
        if text:
            self.settings.set_records_dir(Path(text))

    def _choose_recording(self) -> None:
        text, _ = QFileDialog.getOpenFileName(
            self.window,
            "Open a recording",
            str(self.settings.recordings_dir or self.settings.records_dir or Path.home()),
            "Headers of WFDB records (*.hea)",
        )
        if text:
            self.settings.set_recordings_dir(Path(text).parent)
            self.watch.open(Path(text))

    def _close_notice(self) -> None:
        self.settings.set_notice_read()
        self.window.practice.notice.hide()
        if self.window.practice.showing_question:
            self.window.practice.setFocus()

    def _may_close(self) -> bool:
        """Ask before an answer is lost that could not be saved."""
        if not self.practice.unsaved:
            return True
        answer = QMessageBox.question(
            self.window,
            "rhythmtrainer",
            "Your last answer could not be saved, and would be lost. Close all the same?",
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
    program = Program(options, os.environ)
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


def _asked(shipped: Shipped) -> list[str]:
    """Return the names of the rhythms that have strips to ask about, in the course's order."""
    with_strips = {span.rhythm for span in shipped.spans}
    rhythms = shipped.courses[CourseId.ACLS].rhythms
    return [shipped.rhythms[rhythm].name for rhythm in rhythms if rhythm in with_strips]


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


def _load_shipped(cancel: Cancel) -> Shipped:
    """Read content and catalogue, and load the libraries that reading and saving need."""
    from rhythmtrainer.content import (
        load_courses,
        load_guideline,
        load_notices,
        load_rhythms,
    )
    from rhythmtrainer.records.catalogue import load_databases, load_files, load_spans

    rhythms = paths.asset("content", "rhythms.toml")
    shipped = Shipped(
        rhythms=load_rhythms(rhythms),
        courses=load_courses(paths.asset("content", "courses.toml")),
        notices=load_notices(paths.asset("content", "notices.toml")),
        guideline=load_guideline(rhythms),
        spans=load_spans(paths.dataset("catalogue.csv")),
        databases=load_databases(paths.dataset("databases.toml")),
        files=load_files(paths.dataset("files.csv")),
    )
    cancel.check()
    import rhythmtrainer.records.local
    import rhythmtrainer.records.physionet
    import rhythmtrainer.store  # noqa: F401 - loaded here so that the window need not wait for them

    return shipped

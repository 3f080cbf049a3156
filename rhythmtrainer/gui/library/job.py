"""Slow work of the page: one piece at a time, or the latest only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from rhythmtrainer.gui.library.job_bar import JobBar
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import Progress, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Errand(Generic[_T]):
    """A piece of slow work.

    Attributes
    ----------
    verb, what
        What is said while it is under way: ``Fetching`` and ``mitdb``. Where the work tells how
        far it has come, that stands in the place of `what`.
    conclude
        Makes of its result what is said at its end; called on the main thread.
    stopped
        What is said when it was called off; empty where Cancel would come too late.
    after
        Called on the main thread when it has ended, well or not: something may have changed.
    quick
        Whether it usually takes no longer than a glance, so that nothing is said meanwhile.
    """

    verb: str
    what: str
    work: Callable[[Tell, Cancel], _T]
    conclude: Callable[[_T], str]
    stopped: str = ""
    after: Callable[[], object] = lambda: None
    quick: bool = False

    @property
    def doing(self) -> str:
        """What is being done, as a phrase."""
        return f"{self.verb} {self.what}"


class OneJob(QObject):
    """Does one errand at a time and tells of it in a bar; another is not taken meanwhile.

    Signals
    -------
    changed
        An errand has begun or ended, well or not.
    """

    changed = Signal()

    def __init__(self, tasks: Tasks, bar: JobBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bar = bar
        self._errand: Errand[Any] | None = None
        self._task: Task | None = None
        self._stopping = False
        self._let_go = False
        bar.cancel_pressed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether an errand is under way."""
        return self._errand is not None

    @property
    def doing(self) -> str:
        """What is being done; empty if nothing is, or only something quick."""
        return self._errand.doing if self._errand and not self._errand.quick else ""

    @property
    def verb(self) -> str:
        """The first word of what is being done; empty if nothing is."""
        return self._errand.verb if self._errand else ""

    def start(self, errand: Errand[_T], *, focus: bool = False) -> bool:
        """Begin an errand, unless one is under way.

        Parameters
        ----------
        focus
            Whether the focus goes to Cancel.

        Returns
        -------
        bool
            Whether it was begun.
        """
        if self.busy:
            return False
        self._errand, self._stopping, self._let_go = errand, False, False

        def hear(progress: Progress) -> None:
            if self._errand is errand and not self._stopping:
                self._bar.show_progress(f"{errand.verb} {progress.said}", progress.share)

        tell = self._tasks.relay(hear)
        let_go = self._tasks.relay(self._hear_end)

        def work(cancel: Cancel) -> _T:
            try:
                return errand.work(tell, cancel)
            finally:
                let_go(errand)

        if not errand.quick:
            self._bar.begin(errand.doing, can_stop=bool(errand.stopped), focus=focus)
        self._task = self._tasks.run(
            work,
            lambda result: self._end(errand.conclude(result)),
            lambda fault: self._end(str(fault), fault=True),
        )
        self.changed.emit()
        return True

    def cancel(self) -> None:
        """Call the errand off; the next can begin when it has let go."""
        if self._task is None or self._stopping:
            return
        self._stopping = True
        self._task.cancel()
        if self._let_go:
            self._end_stopped()
        else:
            self._bar.show_stopping()

    def _hear_end(self, errand: Errand[Any]) -> None:
        if self._errand is errand:
            self._let_go = True
            if self._stopping:
                self._end_stopped()

    def _end_stopped(self) -> None:
        self._end(self._errand.stopped if self._errand else "")

    def _end(self, sentence: str, *, fault: bool = False) -> None:
        errand, self._errand, self._task = self._errand, None, None
        self._bar.say(sentence, fault=fault)
        self.changed.emit()
        if errand is not None:
            errand.after()


class Latest:
    """Looks something up; who asks again does not hear of what was asked before."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._task: Task | None = None

    def run(
        self,
        work: Callable[[Cancel], _T],
        show: Callable[[_T], object],
        fail: Callable[[UserError], object],
    ) -> None:
        """Look it up and call one of `show` and `fail` on the main thread."""
        self.stop()
        self._task = self._tasks.run(work, show, fail)

    def stop(self) -> None:
        """Call the search off."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

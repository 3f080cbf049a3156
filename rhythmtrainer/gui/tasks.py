"""Slow work: the only place with threads.

Work goes in, one signal comes back on the main thread. A task that was cancelled is never heard
of again; one that failed is heard of once.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from rhythmtrainer.model import CancelledError, UserError
from rhythmtrainer.training.cancel import Cancel

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_BETWEEN_NEWS_S = 0.1


class Task:
    """A piece of work under way.

    Attributes
    ----------
    switch
        What the work looks at to learn that it has been called off.
    """

    def __init__(
        self, on_success: Callable[[Any], Any], on_failure: Callable[[UserError], Any]
    ) -> None:
        self.switch = Cancel()
        self.on_success = on_success
        self.on_failure = on_failure

    def cancel(self) -> None:
        """Call the work off; neither of its callbacks will be called."""
        self.switch.throw()


class Tasks(QObject):
    """Runs work beside the window.

    Signals
    -------
    crashed
        Work raised something that nobody foresaw: a defect of the program. Its owner hears of
        it as of any other failure.
    """

    crashed = Signal(Exception)
    _done = Signal(object, object, object)
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Task, threading.Thread] = {}
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(_hand_on, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[Cancel], _T],
        on_success: Callable[[_T], Any],
        on_failure: Callable[[UserError], Any],
    ) -> Task:
        """Run `work` in the background.

        Parameters
        ----------
        work
            Gets the switch that `Task.cancel` throws, and should look at it.
        on_success, on_failure
            Called on the main thread with the result, or with the fault that the user can
            act on.
        """
        task = Task(on_success, on_failure)
        # A daemon: a connection that hangs must not keep the program from closing.
        thread = threading.Thread(target=self._work, args=(task, work), daemon=True)
        self._running[task] = thread
        thread.start()
        return task

    def relay(self, receiver: Callable[[_T], Any]) -> Callable[[_T], None]:
        """Return what work may call from its thread; `receiver` hears of it on the main thread.

        What is told within a tenth of a second of the last is left out: it is about progress.
        """
        last = 0.0

        def tell(news: _T) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _BETWEEN_NEWS_S:
                last = now
                with suppress(RuntimeError):  # the window may have gone
                    self._told.emit(receiver, news)

        return tell

    def stop(self, patience_s: float = 1.0) -> None:
        """Call all work off and wait for it for as long as is polite."""
        for task in list(self._running):
            task.cancel()
        until = time.monotonic() + patience_s
        for thread in list(self._running.values()):
            thread.join(max(0.0, until - time.monotonic()))
        self._running.clear()

    def _work(self, task: Task, work: Callable[[Cancel], Any]) -> None:
        result: Any = None
        fault: Exception | None = None
        try:
            result = work(task.switch)
        except (CancelledError, UserError) as error:
            fault = error
        except Exception as error:  # noqa: BLE001 - the edge of a thread: nobody else can catch it
            fault = error
        try:
            self._done.emit(task, result, fault)
        except RuntimeError:
            # The window has gone while the work was waiting for a connection.
            _log.info("work finished after the window had closed")

    def _deliver(self, task: Task, result: Any, fault: Exception | None) -> None:
        self._running.pop(task, None)
        if task.switch.thrown or isinstance(fault, CancelledError):
            return
        if fault is None:
            task.on_success(result)
        elif isinstance(fault, UserError):
            task.on_failure(fault)
        else:
            self.crashed.emit(fault)
            task.on_failure(UserError("A defect of the program got in the way; the log has more."))


def _hand_on(receiver: Callable[[Any], Any], news: Any) -> None:
    receiver(news)

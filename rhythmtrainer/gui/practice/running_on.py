"""Reading on while the monitor runs."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.gui.widgets.strip_view import StripView
from rhythmtrainer.model import Strip, StripRef, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource
from rhythmtrainer.training.preparation import read_on
from rhythmtrainer.training.selection import WINDOW_S

# What is left of a span below this is rounding, not signal.
_ROUNDING_S: Final = 0.1


class RunningOn:
    """Gives the monitor what follows in the recording, to the end of the question's span.

    Parameters
    ----------
    strip
        The view that asks for more.
    say
        Called with a sentence where there is no more to be had.
    """

    def __init__(self, tasks: Tasks, strip: StripView, say: Callable[[str], object]) -> None:
        self._tasks = tasks
        self._strip = strip
        self._say = say
        self._span: StripRef | None = None
        self._source: StripSource | None = None
        self._counts = False
        self._task: Task | None = None
        strip.running_out.connect(self._extend)

    def set_source(self, source: StripSource) -> None:
        """Read from another place from now on."""
        self._source = source

    def begin(self, span: StripRef, *, counts: bool) -> None:
        """Follow another span from now on.

        Parameters
        ----------
        counts
            Whether the beats that are found in it may be counted.
        """
        self.stop()
        self._span, self._counts = span, counts

    def stop(self) -> None:
        """Call off what is being read."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _extend(self, from_s: float) -> None:
        span, source = self._span, self._source
        if span is None or source is None:
            return
        seconds = min(WINDOW_S, span.end_s - from_s)
        if seconds < _ROUNDING_S:
            self._strip.finish("End of this stretch of the recording")
            return

        def work(cancel: Cancel) -> tuple[Strip, NDArray[np.float64]]:
            return read_on(source, span, from_s, seconds, cancel)

        self._task = self._tasks.run(work, self._deliver, self._fail)

    def _deliver(self, read: tuple[Strip, NDArray[np.float64]]) -> None:
        strip, beats_s = read
        self._strip.extend(strip)
        if self._counts:
            self._strip.add_beats(beats_s)
        if strip.at_end or not strip.signal.shape[1]:
            self._strip.finish("The recording ends here")

    def _fail(self, fault: UserError) -> None:
        self._strip.finish("The recording cannot be read further")
        self._say(str(fault))

"""Finding a strip of what was chosen, beside the window."""

from collections.abc import Callable

from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import Attempt, UserError
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.example import Example, example_beside
from rhythmtrainer.training.ports import Simulator, StripSource
from rhythmtrainer.training.selection import Material


class Beside:
    """Looks for one strip at a time; who asks for the next does not wait for the one before."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._task: Task | None = None

    def find(
        self,
        attempt: Attempt,
        material: Material,
        source: StripSource,
        simulator: Simulator,
        *,
        child_years: float | None = None,
        show: Callable[[Example], object],
        say: Callable[[str], object],
    ) -> None:
        """Find a strip of what was chosen; none is looked for after a right answer.

        Parameters
        ----------
        child_years
            The age of the child whose strip was answered; None for an adult.
        show, say
            Called on the main thread with the strip, or with why there is none.
        """
        self.stop()
        if attempt.chosen == attempt.answer:
            return

        def work(cancel: Cancel) -> Example:
            return example_beside(
                attempt, material, source, simulator, cancel, child_years=child_years
            )

        def fail(fault: UserError) -> None:
            say(str(fault))

        self._task = self._tasks.run(work, show, fail)

    def stop(self) -> None:
        """Call the search off."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

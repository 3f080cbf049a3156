"""What happens on the review page."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from rhythmtrainer.gui.beside import Beside
from rhythmtrainer.gui.review.page import ReviewPage
from rhythmtrainer.gui.tasks import Task, Tasks
from rhythmtrainer.model import (
    Attempt,
    Measurement,
    Span,
    StoreError,
    Strip,
    StripRef,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import explain
from rhythmtrainer.training.ports import AttemptStore, Simulator, StripSource
from rhythmtrainer.training.preparation import read_window
from rhythmtrainer.training.review import review
from rhythmtrainer.training.selection import Material, span_of

_LAST_SESSIONS = 20


class ReviewController(QObject):
    """Sums up the store when the page is looked at, and reads missed strips again."""

    def __init__(self, page: ReviewPage, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._tasks = tasks
        self._store: AttemptStore | None = None
        self._material: Material | None = None
        self._simulator: Simulator | None = None
        self._span_beyond: Callable[[StripRef], Span | None] = lambda _: None
        self._source: StripSource | None = None
        self._reading: Task | None = None
        self._beside = Beside(tasks)
        page.missed_chosen.connect(self._look_again)
        page.back_pressed.connect(self.stop)

    def set_store(
        self,
        store: AttemptStore,
        simulator: Simulator,
        span_beyond: Callable[[StripRef], Span | None],
    ) -> None:
        """Take the memory of answers, what stands in for recordings, and what finds strips.

        Parameters
        ----------
        span_beyond
            Returns the strip that a window lies in and that is not in the catalogue: one of a pack
            that is still here, or a simulated one. Called beside the window.
        """
        self._store = store
        self._simulator = simulator
        self._span_beyond = span_beyond

    def set_material(self, material: Material) -> None:
        """Take what is asked about in the course."""
        self._material = material

    def set_source(self, source: StripSource) -> None:
        """Read strips from another place from now on."""
        self._source = source

    def refresh(self) -> None:
        """Sum up what the store holds now."""
        if self._store is None or self._material is None:
            return
        try:
            attempts = self._store.attempts()
            sessions = self._store.sessions(_LAST_SESSIONS)
        except StoreError as error:
            self._page.show_sentence(str(error))
            return
        self._page.show_review(review(attempts, sessions), self._material.rhythms)

    def stop(self) -> None:
        """Call off the reading of a strip, and show the tables again."""
        self._beside.stop()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
            self._page.show_overview()

    def _look_again(self, attempt: Attempt) -> None:
        material, source, simulator = self._material, self._source, self._simulator
        if source is None or material is None or simulator is None:
            return
        self.stop()
        self._page.show_sentence("Reading the strip …")

        def work(cancel: Cancel) -> tuple[Strip, Measurement, Span | None]:
            window = attempt.window
            strip, measurement = read_window(
                source, window, cancel, simulations=material.simulations
            )
            span = span_of(material.spans, window) or self._span_beyond(window)
            return strip, measurement, span

        def deliver(read: tuple[Strip, Measurement, Span | None]) -> None:
            self._reading = None
            strip, measurement, span = read
            reveal = explain(attempt, strip, measurement, material.rhythms, span)
            self._page.show_missed(strip, measurement, reveal)
            self._beside.find(
                attempt,
                material,
                source,
                simulator,
                child_years=span.child_years if span is not None else None,
                show=self._page.show_chosen,
                say=self._page.set_status,
            )

        def fail(fault: UserError) -> None:
            self._reading = None
            self._page.show_sentence(str(fault))

        self._reading = self._tasks.run(work, deliver, fail)

"""What the practice page needs from the program."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rhythmtrainer.model import CourseId, QuestionId, Session
from rhythmtrainer.training.ports import AttemptStore, Simulator
from rhythmtrainer.training.selection import Material

PATIENCE_MS: Final = 1000
"""So long the first strip after the start may take before a simulated one is shown."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Chance, time and names come from outside.

    Attributes
    ----------
    new_session
        Gives a session of a course that has not begun yet.
    clock
        Seconds that only go forward, for response times.
    now
        The time of day, aware.
    patience_ms
        How long the first strip may take.
    """

    store: AttemptStore
    material: Material
    simulator: Simulator
    new_session: Callable[[CourseId], Session]
    new_id: Callable[[], QuestionId]
    clock: Callable[[], float]
    now: Callable[[], datetime]
    patience_ms: int = PATIENCE_MS

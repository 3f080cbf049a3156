"""What the training needs from outside, said as protocols that others implement."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rhythmtrainer.model import Attempt, RhythmId, Session, Simulated, Strip, StripRef
from rhythmtrainer.training.cancel import Cancel


class StripSource(Protocol):
    """Where strips come from: recordings on this computer, an archive, a simulator."""

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read `seconds` of the lead and recording that `ref` names, from `start_s` on.

        `start_s` counts from the recording's first sample and may lie outside `ref`, so that a
        monitor can run on. At the recording's end the strip is shorter and says so with
        ``at_end``; it has no samples when `start_s` lies at the end or beyond it.

        Raises
        ------
        RecordError
            If the recording is damaged, of an unknown kind, or has no such lead.
        UnreachableError
            If the recording is not on this computer and the network does not give it.
        CancelledError
            If `cancel` was thrown.
        """
        ...

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return the stretches inside `ref` that can be read without a network."""
        ...


class Simulator(Protocol):
    """What makes a strip of a rhythm that nobody had."""

    def __call__(self, rhythm: RhythmId, *, seconds: float, seed: int) -> Simulated:
        """Make a strip that shows `rhythm` and says of itself that it is simulated.

        It begins at 0 s and is `seconds` long; the same seed, 0 or more, gives the same strip.
        """
        ...


class RecordingReader(Protocol):
    """What reads a recording whole."""

    def __call__(self, file: Path) -> Sequence[Strip]:
        """Read all ECG leads of the recording that `file` names; one strip for each rate.

        Raises
        ------
        RecordError
            If the recording is missing, damaged, of an unknown kind, or no ECG.
        """
        ...


class AttemptStore(Protocol):
    """What remembers sessions and answers.

    Every method raises `StoreError` when the memory cannot be read or written.
    """

    def start_session(self, session: Session) -> None:
        """Remember that a session has begun."""
        ...

    def add(self, attempt: Attempt) -> None:
        """Remember an answer. When this returns, the answer survives a killed process.

        Adding the same question twice keeps the first answer.
        """
        ...

    def attempts(self) -> Sequence[Attempt]:
        """Return all answers, the oldest first."""
        ...

    def sessions(self, limit: int) -> Sequence[Session]:
        """Return the last sessions, the newest first."""
        ...

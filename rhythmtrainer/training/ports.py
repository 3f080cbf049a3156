"""What the training needs from outside, said as protocols that others implement."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    Attempt,
    Holding,
    LabelledStrip,
    LeadName,
    Pack,
    PackId,
    Progress,
    Provenance,
    RhythmCoverage,
    RhythmId,
    Session,
    Simulated,
    Span,
    Strip,
    StripId,
    StripRef,
    TableGuess,
    TableLayout,
)
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

    def __call__(
        self, rhythm: RhythmId, *, seconds: float, seed: int, age: float | None = None
    ) -> Simulated:
        """Make a strip that shows `rhythm` and says of itself that it is simulated.

        It begins at 0 s and is `seconds` long; the same seed, 0 or more, gives the same strip.
        The patient's `age` is in years; None for an adult.
        """
        ...


class Simulations(Protocol):
    """Simulated recordings to ask about; a `StripSource` reads them as any other."""

    @property
    def rhythms(self) -> Collection[RhythmId]:
        """The rhythms that can be made."""
        ...

    def span(self, rhythm: RhythmId, seed: int, ages: tuple[int, int] | None = None) -> Span:
        """Return a recording that shows a rhythm from end to end.

        Each seed, from 0 to 2**32 - 1, is another patient; the same one gives the same recording.
        The patient is a child of between these ages in years, and the span tells the age; without
        ages an adult.
        """
        ...

    def span_of(self, window: StripRef) -> Span | None:
        """Return the recording that a window lies in; None if it is no simulated one of now."""
        ...

    def complexes(self, window: StripRef) -> NDArray[np.float64] | None:
        """Return the QRS complexes that were made and reach into a window.

        Columns onset, R peak and end in seconds from the recording's first sample, shape
        ``(complexes, 3)``, ascending; None if it is no simulated recording of now.
        """
        ...


Tell: TypeAlias = Callable[[Progress], None]
"""Takes note of how far work has come; may be called often, and from any thread."""


class OpenRecording(Protocol):
    """A recording in a file of which only what is asked for is read."""

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """Its ECG leads in the order of the file; signals of other kinds are left out."""
        ...

    @property
    def rates(self) -> tuple[float, ...]:
        """Samples per second of each lead."""
        ...

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        ...

    @property
    def provenance(self) -> Provenance:
        """What a strip of it says about itself; names nobody."""
        ...

    @property
    def dropped(self) -> tuple[str, ...]:
        """Kinds of facts about the patient that the file holds and that are not handed on."""
        ...

    @property
    def repairs(self) -> tuple[str, ...]:
        """A sentence for each fault of the file that was mended."""
        ...

    def read(
        self, leads: Sequence[LeadName], start_s: float, seconds: float, cancel: Cancel
    ) -> Strip:
        """Read a stretch of some leads of one rate; shorter where the recording ends.

        Raises
        ------
        RecordError
            If the file is damaged there, has no such leads, or they differ in their rates.
        CancelledError
            If `cancel` was thrown.
        """
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class RecordingFiles(Protocol):
    """Opens recordings in files of any kind that is read."""

    @property
    def patterns(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """What each kind is called, and how its files' names end: ``("EDF", ("*.edf",))``."""
        ...

    def guess(self, file: Path) -> TableGuess | None:
        """Say how a table seems to be laid out; None for a file that says itself what it holds.

        Raises
        ------
        RecordError
            If the file cannot be read, or is no recording.
        """
        ...

    def open(self, file: Path, layout: TableLayout | None, cancel: Cancel) -> OpenRecording:
        """Open a recording.

        Parameters
        ----------
        layout
            What a person confirmed about a table; None for every other kind.

        Raises
        ------
        RecordError
            If the file is missing, damaged, of an unknown kind, or no ECG.
        CancelledError
            If `cancel` was thrown.
        """
        ...


class StripShelf(Protocol):
    """Strips of the user's own and packs of other people.

    Every method raises `RecordError` with a sentence when a file cannot be read or written.
    """

    def own(self) -> Pack:
        """Return the user's own strips; without any if there are none yet."""
        ...

    def packs(self) -> Sequence[Pack]:
        """Return the packs that were opened, by their titles."""
        ...

    def faults(self) -> Sequence[str]:
        """Return a sentence about each pack that cannot be read and is left out."""
        ...

    def add(self, strip: Strip, label: LabelledStrip) -> None:
        """Add a strip to the user's own, its signal kept as WFDB."""
        ...

    def change(self, label: LabelledStrip) -> None:
        """Put a new label on a strip of the user's own."""
        ...

    def remove(self, strip: StripId) -> None:
        """Take a strip of the user's own away; `restore` brings it back until the program ends."""
        ...

    def restore(self, strip: StripId) -> None:
        """Bring back a strip that was removed."""
        ...

    def read(self, pack: PackId, strip: StripId) -> Strip:
        """Read the signal of a strip."""
        ...

    def write_pack(self, pack: Pack, file: Path) -> None:
        """Write strips of the user's own as a file to hand out; an older file is replaced whole."""
        ...

    def open_pack(self, file: Path, cancel: Cancel) -> Pack:
        """Add the pack in a file, or a newer edition of one, wholly or not at all."""
        ...

    def remove_pack(self, pack: PackId) -> None:
        """Take a pack of other people away."""
        ...


class Library(Protocol):
    """The databases of recordings: what is here, and getting more."""

    def holdings(self, cancel: Cancel) -> Sequence[Holding]:
        """Return what there is of every known database."""
        ...

    def coverage(self) -> Sequence[RhythmCoverage]:
        """Return what the catalogue holds of every rhythm, in the order of the rhythms."""
        ...

    def fetch(self, database: str, records: Sequence[str], tell: Tell, cancel: Cancel) -> str:
        """Copy records, or a whole database where none are named, to this computer.

        What is here already is not fetched again; what was begun is resumed.

        Returns
        -------
        str
            A sentence that says what was done.

        Raises
        ------
        RecordError
            If there are no such records, or a file is not the published one.
        UnreachableError
            If the network fails or the disk is full; what was fetched stays.
        CancelledError
            If `cancel` was thrown.
        """
        ...

    def verify(self, database: str, tell: Tell, cancel: Cancel) -> str:
        """Compare the files that are here with what was published; see `fetch`."""
        ...

    def index(self, database: str, tell: Tell, cancel: Cancel) -> str:
        """Add what is here of a database to the user's own catalogue; see `fetch`."""
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

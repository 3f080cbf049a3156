"""What open recordings of every kind have in common."""

import math
import weakref
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Provenance, RecordError, Strip, is_ecg_lead
from rhythmtrainer.records.signals.layout import frames_between
from rhythmtrainer.records.signals.leads import all_nameless, own_leads
from rhythmtrainer.training.cancel import Cancel

LEAST_FS: Final = 50.0
MOST_FS: Final = 5000.0
# Half a gigabyte: a day of three leads at 500 Hz. Longer ones are read stretch by stretch.
_MOST_VALUES: Final = 135_000_000


@dataclass(frozen=True, slots=True)
class Track:
    """A lead of an open file.

    Attributes
    ----------
    index
        Its place among the file's signals.
    samples
        How many the file has of it.
    """

    index: int
    lead: LeadName
    fs: float
    samples: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said about an open file.

    Attributes
    ----------
    name
        The file's name, for messages alone: a patient's name may be part of it.
    dropped, repairs
        See `OpenRecording`.
    """

    name: str
    provenance: Provenance
    dropped: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundSignal:
    """A signal of a file that is about to be opened.

    Attributes
    ----------
    label
        What the file calls it.
    voltage
        Whether it has a unit that is a voltage.
    """

    label: str
    voltage: bool
    fs: float
    samples: int


class OpenedFile(ABC):
    """An open recording; each kind of file says how its samples are read.

    Parameters
    ----------
    tracks
        One or more leads.

    Attributes
    ----------
    block_values
        Read at once, so that memory stays small and a cancelled reader notices soon.
    """

    block_values: ClassVar[int] = 2_000_000

    def __init__(self, facts: Facts, tracks: Sequence[Track]) -> None:
        self._facts = facts
        self._tracks = tuple(tracks)
        self._resources = ExitStack()
        # Also lets go where nobody closes it.
        self._let_go = weakref.finalize(self, self._resources.close)

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """The ECG leads in the order of the file."""
        return tuple(track.lead for track in self._tracks)

    @property
    def rates(self) -> tuple[float, ...]:
        """Samples per second of each lead."""
        return tuple(track.fs for track in self._tracks)

    @property
    def duration_s(self) -> float:
        """Length of the longest lead in seconds."""
        return max(track.samples / track.fs for track in self._tracks)

    @property
    def provenance(self) -> Provenance:
        """What a strip of it says about itself; names nobody."""
        return self._facts.provenance

    @property
    def dropped(self) -> tuple[str, ...]:
        """Kinds of facts about the patient that the file holds and that are not handed on."""
        return self._facts.dropped

    @property
    def repairs(self) -> tuple[str, ...]:
        """A sentence for each fault of the file that was mended."""
        return self._facts.repairs

    def read(
        self, leads: Sequence[LeadName], start_s: float, seconds: float, cancel: Cancel
    ) -> Strip:
        """Read a stretch of some leads of one rate; see `OpenRecording.read`.

        Raises
        ------
        RecordError
            If the file is damaged there, has no such leads, they differ in their rates, or
            more is asked for than fits into memory.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        tracks = self._chosen(leads)
        if not (seconds > 0 and math.isfinite(seconds) and math.isfinite(start_s)):
            raise RecordError(
                f"{seconds:g} s of {self._facts.name} from {start_s:g} s on cannot be read."
            )
        fs = tracks[0].fs
        total = min(track.samples for track in tracks)
        first, end = frames_between(fs, total, start_s, seconds)
        if (end - first) * len(tracks) > _MOST_VALUES:
            raise RecordError(
                f"{(end - first) / fs / 60:.0f} minutes of {len(tracks)} leads of"
                f" {self._facts.name} are too much to be read at once."
            )
        signal = np.empty((len(tracks), end - first), dtype=np.float32)
        step = max(1, self.block_values // len(tracks))
        indices = tuple(track.index for track in tracks)
        for start in range(first, end, step):
            stop = min(start + step, end)
            cancel.check()
            part = signal[:, start - first : stop - first]
            # What does not fit into the numbers of a strip is no voltage of a heart.
            with np.errstate(over="ignore", invalid="ignore"):
                part[:] = self._millivolts(indices, start, stop)
            part[~np.isfinite(part)] = np.nan
        signal.flags.writeable = False
        return Strip(
            signal=signal,
            fs=fs,
            leads=tuple(track.lead for track in tracks),
            start_s=first / fs,
            at_end=end == total,
            provenance=self.provenance,
        )

    def close(self) -> None:
        """Let go of the file."""
        self._let_go()

    @abstractmethod
    def _millivolts(
        self, indices: tuple[int, ...], first: int, end: int
    ) -> NDArray[np.floating[Any]]:
        """Return samples from `first` to before `end`, shape ``(len(indices), end - first)``.

        Raises
        ------
        RecordError
            If the file is damaged there.
        """

    def _chosen(self, leads: Sequence[LeadName]) -> tuple[Track, ...]:
        name = self._facts.name
        by_lead = {track.lead: track for track in self._tracks}
        if not leads or len(set(leads)) < len(leads):
            raise RecordError(f"Each lead of {name} can be asked for once, and one must be.")
        missing = [lead for lead in leads if lead not in by_lead]
        if missing:
            raise RecordError(
                f"{name} has no lead {missing[0]}; its leads are: {', '.join(self.leads)}."
            )
        chosen = tuple(by_lead[lead] for lead in leads)
        if len({track.fs for track in chosen}) > 1:
            raise RecordError(
                f"The leads {', '.join(leads)} of {name} differ in their sampling rates: they"
                " cannot be shown as one strip."
            )
        return chosen


@dataclass(frozen=True, slots=True)
class Leads:
    """The ECG leads among the signals of a file.

    Attributes
    ----------
    repairs
        What had to be assumed to find them, in sentences.
    """

    tracks: tuple[Track, ...]
    repairs: tuple[str, ...] = field(default=())


def leads_among(signals: Sequence[FoundSignal], name: str) -> Leads:
    """Find the ECG leads among the signals of a file.

    Parameters
    ----------
    name
        The file's name, for messages.

    Raises
    ------
    RecordError
        If there is none, or none that can be read.
    """
    voltages = [index for index, signal in enumerate(signals) if signal.voltage]
    names = [signals[index].label for index in voltages]
    leads = {
        index: lead
        for index, lead in zip(voltages, own_leads(names), strict=True)
        if lead is not None
    }
    bare = [signal.label for signal in signals if not signal.voltage and is_ecg_lead(signal.label)]
    if not leads and bare:
        raise RecordError(f"{name} does not say how many millivolts the numbers of its ECG are.")
    if not leads:
        raise RecordError(f"{name} holds no ECG: {_what(signals)}.")
    told = []
    if bare:
        lost = ", ".join(lead for lead in own_leads(bare) if lead is not None)
        told.append(f"Left out, because their unit is no voltage or not known: {lost}.")
    if all_nameless(names):
        told.append("No signal is called an ECG: all voltages without a name are taken for leads.")
    held = {index: lead for index, lead in leads.items() if signals[index].samples > 0}
    if not held:
        raise RecordError(f"{name} has no samples.")
    kept = {index: lead for index, lead in held.items() if LEAST_FS <= signals[index].fs <= MOST_FS}
    if not kept:
        fs = signals[next(iter(held))].fs
        raise RecordError(
            f"{name} has {fs:.6g} samples per second; {LEAST_FS:g} to {MOST_FS:g} can be shown."
        )
    left = [lead for index, lead in leads.items() if index not in kept]
    if left:
        told.append(
            f"Left out, being empty or not sampled {LEAST_FS:g} to {MOST_FS:g} times a second:"
            f" {', '.join(left)}."
        )
    tracks = tuple(
        Track(index, lead, signals[index].fs, signals[index].samples)
        for index, lead in kept.items()
    )
    return Leads(tracks, tuple(told))


def _what(signals: Sequence[FoundSignal]) -> str:
    if not signals:
        return "it has no signals"
    shown = 8
    labels = (signal.label.strip()[:20] for signal in signals[:shown])
    listed = ", ".join(
        "".join(c if c.isprintable() else "?" for c in label) or "without a name"
        for label in labels
    )
    more = f" and {len(signals) - shown} more" if len(signals) > shown else ""
    unit = "" if any(signal.voltage for signal in signals) else ", none of them a voltage"
    return f"its signals are {listed}{more}{unit}"

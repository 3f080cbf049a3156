"""A recording that is open, and is read by one thread at a time."""

import threading
from collections.abc import Sequence

from rhythmtrainer.model import LeadName, Provenance, RecordError, Strip
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import OpenRecording


class Recording:
    """Reads stretches of an open recording, its leads sorted by their rates.

    Attributes
    ----------
    groups
        Leads of one rate each, in the order of the file; a name that comes twice counts once.
    duration_s
        Length in seconds.
    dropped, repairs
        What of the patient is not handed on, and what of the file was mended.
    """

    def __init__(self, recording: OpenRecording) -> None:
        self._recording = recording
        self._lock = threading.Lock()
        self._closed = False
        by_rate: dict[float, dict[LeadName, None]] = {}
        for lead, rate in zip(recording.leads, recording.rates, strict=True):
            by_rate.setdefault(rate, {}).setdefault(lead)
        self.groups = tuple(tuple(leads) for leads in by_rate.values())
        self.rates = tuple(by_rate)
        self.duration_s = recording.duration_s
        self.dropped = tuple(recording.dropped)
        self.repairs = tuple(recording.repairs)

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """All leads, those of one rate side by side."""
        return tuple(lead for group in self.groups for lead in group)

    @property
    def samples_per_s(self) -> float:
        """Samples of all leads in a second."""
        groups = zip(self.groups, self.rates, strict=True)
        return float(sum(len(leads) * rate for leads, rate in groups))

    @property
    def provenance(self) -> Provenance:
        """What a strip of it says about itself."""
        return self._recording.provenance

    def read(self, start_s: float, seconds: float, cancel: Cancel) -> tuple[Strip, ...]:
        """Read a stretch of all leads; one strip for each rate. See `OpenRecording.read`."""
        return tuple(self.read_leads(group, start_s, seconds, cancel) for group in self.groups)

    def read_leads(
        self, leads: Sequence[LeadName], start_s: float, seconds: float, cancel: Cancel
    ) -> Strip:
        """Read a stretch of some leads of one rate. See `OpenRecording.read`."""
        cancel.check()
        with self._lock:
            cancel.check()
            if self._closed:
                raise RecordError("The recording has been closed.")
            return self._recording.read(leads, start_s, seconds, cancel)

    def close(self) -> None:
        """Let go of the file once nobody reads it."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._recording.close()

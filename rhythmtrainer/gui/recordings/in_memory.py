"""Strips in memory, to be read as a recording in a file is."""

from collections.abc import Sequence

from rhythmtrainer.model import LeadName, Provenance, RecordError, Strip
from rhythmtrainer.training.cancel import Cancel


class StripsRecording:
    """An `OpenRecording` of strips that begin together and differ in their rates.

    See there for the attributes; time counts from the strips' first samples.
    """

    def __init__(self, strips: Sequence[Strip], dropped: tuple[str, ...] = ()) -> None:
        self._strips = tuple(strips)
        self.dropped = dropped
        self.repairs: tuple[str, ...] = ()

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """Its leads."""
        return tuple(lead for strip in self._strips for lead in strip.leads)

    @property
    def rates(self) -> tuple[float, ...]:
        """Samples per second of each lead."""
        return tuple(strip.fs for strip in self._strips for _ in strip.leads)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return max((strip.duration_s for strip in self._strips), default=0.0)

    @property
    def provenance(self) -> Provenance:
        """What a strip of it says about itself."""
        return self._strips[0].provenance

    def read(
        self, leads: Sequence[LeadName], start_s: float, seconds: float, cancel: Cancel
    ) -> Strip:
        """Return a stretch of some leads of one rate."""
        cancel.check()
        for strip in self._strips:
            if set(leads) <= set(strip.leads):
                from_s = strip.start_s + start_s
                part = strip.cropped(from_s, from_s + seconds)
                rows = [strip.leads.index(lead) for lead in leads]
                return Strip(
                    part.signal[rows],
                    strip.fs,
                    tuple(leads),
                    part.start_s - strip.start_s,
                    part.at_end,
                    strip.provenance,
                )
        raise RecordError(f"There are no leads {', '.join(leads)} of one rate.")

    def close(self) -> None:
        """Nothing has to be let go."""

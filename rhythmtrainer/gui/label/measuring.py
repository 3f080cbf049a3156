"""Measuring the part of a recording that becomes a strip."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.label.contradicting import doubts
from rhythmtrainer.gui.label.desk import LabelDesk
from rhythmtrainer.gui.label.draft import Trim
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.model import LeadName, Measurement, Rhythm, Strip, describe_lead
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import measured_readings
from rhythmtrainer.training.measuring import for_measuring

# Beats near the ends are found as surely as the others with so much on each side.
_CONTEXT_S: Final = 1.0
# More leads help no further.
_MOST_LEADS: Final = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a lead.

    Attributes
    ----------
    found
        None where nothing can be measured.
    why_not
        The reason for that, in a sentence.
    """

    trim: Trim
    lead: LeadName
    found: Measurement | None
    why_not: str = ""

    def show_on(self, desk: LabelDesk, rhythm: Rhythm | None) -> None:
        """Show it beside the label, and where it does not fit the answer."""
        if self.found is None:
            desk.show_waiting(self.why_not)
            return
        desk.show_measured(
            f"Measured on {describe_lead(self.lead)[:1].lower()}{describe_lead(self.lead)[1:]}, "
            f"{self.trim.length_s:.1f} s",
            self.found,
            measured_readings(rhythm, self.found),
            doubts(rhythm, self.found) if rhythm is not None else (),
        )


def measure_part(recording: Recording, lead: LeadName, trim: Trim, cancel: Cancel) -> Measured:
    """Measure a lead between two times; leads of the same rate help."""
    group = next(group for group in recording.groups if lead in group)
    leads = (lead, *[other for other in group if other != lead][: _MOST_LEADS - 1])
    from_s = max(trim.start_s - _CONTEXT_S, 0.0)
    wider = recording.read_leads(leads, from_s, trim.end_s + _CONTEXT_S - from_s, cancel)
    strip = for_measuring(wider)
    if strip is None:
        sentence = f"Not measured: {wider.fs:g} samples per second are too few for that."
        return Measured(trim, lead, None, sentence)
    if not _has_signal(strip.cropped(trim.start_s, trim.end_s)):
        return Measured(trim, lead, None, "Not measured: there is no signal in this lead here.")
    return Measured(trim, lead, measure(strip, trim.start_s, trim.end_s))


def _has_signal(strip: Strip) -> bool:
    return bool(np.isfinite(strip.signal[0]).any())

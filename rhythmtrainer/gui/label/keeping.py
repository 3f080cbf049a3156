"""Putting a labelled strip on the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rhythmtrainer.gui.label.draft import Draft
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.model import LabelledStrip, LeadName, Pack, RecordError, Strip, StripId
from rhythmtrainer.model.pack import strip_id_of
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripShelf


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be kept: which leads of a recording, and the draft with its part and label."""

    recording: Recording
    leads: Sequence[LeadName]
    draft: Draft

    def strip(self, cancel: Cancel) -> Strip:
        """Read it.

        Raises
        ------
        RecordError
            If the recording cannot be read there, or holds no signal there.
        """
        trim = self.draft.trim
        strip = self.recording.read_leads(self.leads, trim.start_s, trim.length_s, cancel)
        if not np.isfinite(strip.signal).any():
            raise RecordError("There is no signal in this stretch: nothing was saved.")
        return strip

    def label(self, strip: Strip, known_as: StripId | None = None) -> LabelledStrip:
        """Return its label, under the id that it has already or that its signal gives it."""
        strip_id = strip_id_of(strip) if known_as is None else known_as
        dropped = self.recording.dropped
        return self.draft.label.labelled(strip_id, strip.leads, strip.duration_s, dropped)


def keep(cut: Cut, shelf: StripShelf, cancel: Cancel) -> Pack:
    """Add a strip to the shelf; return all strips of the user's own.

    Raises
    ------
    RecordError
        If it cannot be read, or not be kept.
    """
    strip = cut.strip(cancel)
    shelf.add(strip, cut.label(strip))
    return shelf.own()


def keep_again(cut: Cut, shelf: StripShelf, before: LabelledStrip, cancel: Cancel) -> Pack:
    """Put another label on a strip; one that was trimmed takes the place of the one before."""
    strip = cut.strip(cancel)
    whole = cut.recording.read_leads(before.leads, 0.0, cut.recording.duration_s, cancel)
    if strip.leads == before.leads and strip.signal.shape == whole.signal.shape:
        shelf.change(cut.label(strip, before.id))
    else:
        # In this order nothing is lost where the disk is full.
        shelf.add(strip, cut.label(strip))
        shelf.remove(before.id)
    return shelf.own()

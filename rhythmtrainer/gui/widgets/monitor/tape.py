"""Everything a monitor was given, and how far it has been played."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from rhythmtrainer.gui.widgets.monitor.layout import Channel, Reach, reach_of
from rhythmtrainer.gui.widgets.monitor.track import Track
from rhythmtrainer.model import LeadName, Strip

HISTORY_S: Final = 300.0
"""How much of what was swept is kept, to be scrolled back to: five minutes."""

MOST_LEADS: Final = 12
"""No monitor shows more leads at a time."""

# Level and gain are set by these, once: a trace that jumps when more samples come is a false step.
_REACH_S: Final = 10.0
# A lead without one sample in this time has no signal.
_SILENT_S: Final = 2.0


class Tape:
    """Leads of one recording, each by its own clock, and the time up to which they were played.

    Parameters
    ----------
    strips
        At least one; they may differ in rate, length and start.
    """

    def __init__(self, strips: Sequence[Strip]) -> None:
        self.tracks = tuple(Track(strip) for strip in strips)
        self.origin_s = min(track.start_s for track in self.tracks)
        self.now_s = self.origin_s
        self._leads = [
            (lead, number, row)
            for number, track in enumerate(self.tracks)
            for row, lead in enumerate(track.leads)
        ]
        self._reaches: list[Reach | None] = [None] * len(self._leads)
        self._look_for_reaches()

    @property
    def end_s(self) -> float:
        """Where the longest lead's samples end for now."""
        return max(track.end_s for track in self.tracks)

    @property
    def left_s(self) -> float:
        """Seconds that are still to be played."""
        return self.end_s - self.now_s

    @property
    def oldest_s(self) -> float:
        """Since when what was played is kept."""
        return max(self.origin_s, self.now_s - HISTORY_S)

    @property
    def swept(self) -> tuple[Strip, ...]:
        """What was played and is kept."""
        return tuple(track.strip(self.oldest_s, self.now_s) for track in self.tracks)

    def play(self, seconds: float) -> None:
        """Go on by some seconds, at most to the end."""
        self.now_s = self.end_s if seconds >= self.left_s else self.now_s + seconds

    def extend(self, strips: Sequence[Strip]) -> None:
        """Go on with one strip for each track.

        Raises
        ------
        ValueError
            If there is not one for each, or one does not follow on; then none is taken.
        """
        if len(strips) != len(self.tracks):
            raise ValueError(f"samples must go on for {len(self.tracks)} strips, got {len(strips)}")
        for track, strip in zip(self.tracks, strips, strict=True):
            track.check_follows(strip)
        for track, strip in zip(self.tracks, strips, strict=True):
            track.append(strip)
            track.forget(self.oldest_s)
        self._look_for_reaches()

    def channels(self, numbers: Iterable[int] | None) -> list[Channel]:
        """Return the leads with some numbers, in their order, as far as there are such.

        None, and numbers of which there is no lead, stand for the first twelve.
        """
        known = range(len(self._leads))
        wanted = [number for number in numbers or () if number in known]
        return [
            Channel(lead, number, track, row, self._reaches[number])
            for number in (wanted or known)[:MOST_LEADS]
            for lead, track, row in [self._leads[number]]
        ]

    def ended(self, channels: Iterable[Channel]) -> list[LeadName]:
        """Return the leads that have no more samples, while others go on."""
        over = [
            track.end_s <= self.now_s and track.end_s + 1.0 / track.fs < self.end_s
            for track in self.tracks
        ]
        return [channel.lead for channel in channels if over[channel.track]]

    @property
    def all_silent(self) -> bool:
        """Whether the last two seconds are a gap in every lead."""
        return all(self._is_silent(channel) for channel in self.channels(None))

    def silent(self, channels: Iterable[Channel]) -> list[LeadName]:
        """Return the leads in which the last two seconds are a gap."""
        return [channel.lead for channel in channels if self._is_silent(channel)]

    def _is_silent(self, channel: Channel) -> bool:
        track = self.tracks[channel.track]
        last = round((self.now_s - track.start_s) * track.fs)
        _, signal = track.samples(last - round(_SILENT_S * track.fs), last)
        lately = signal[channel.row]
        return bool(lately.size) and bool(np.isnan(lately).all())

    def _look_for_reaches(self) -> None:
        for number, (_, track, row) in enumerate(self._leads):
            if self._reaches[number] is None:
                first = self.tracks[track]
                _, signal = first.samples(0, round(_REACH_S * first.fs))
                self._reaches[number] = reach_of(signal[row])

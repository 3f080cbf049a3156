"""What is going to happen, in the order of time."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

Happening: TypeAlias = Callable[..., None]
"""Called with the time in seconds at which it happens, and with what was given along."""


class Schedule:
    """Events that wait for their time."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Happening, tuple[object, ...]]] = []
        # Of two events at the same time the one that was put down first comes first.
        self._order = count()

    def at(self, at_s: float, happening: Happening, *details: object) -> None:
        """Let something happen at a time, in seconds from the strip's first sample."""
        heappush(self._waiting, (at_s, next(self._order), happening, details))

    def run(self, until_s: float) -> None:
        """Let all happen that is due before a time, and all that comes of it."""
        while self._waiting and self._waiting[0][0] < until_s:
            at_s, _, happening, details = heappop(self._waiting)
            happening(at_s, *details)


class Alarm:
    """An event of which only the time that was set last counts."""

    def __init__(self, schedule: Schedule, happening: Happening) -> None:
        self._schedule = schedule
        self._happening = happening
        self._set = 0

    def set(self, at_s: float) -> None:
        """Let it happen at a time, and not at the one that was set before."""
        self._set += 1
        self._schedule.at(at_s, self._ring, self._set)

    def stop(self) -> None:
        """Let it not happen any more."""
        self._set += 1

    def _ring(self, at_s: float, which: int) -> None:
        if which == self._set:
            self._happening(at_s)

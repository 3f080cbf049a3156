"""What an interval and a voltage are called on paper: milliseconds, boxes, a rate, millivolts."""

from dataclasses import dataclass
from typing import Final

import numpy as np

SMALL_PER_LARGE: Final = 5
S_PER_MIN: Final = 60.0
_MS_PER_S: Final = 1000.0
_MIN_PER_H: Final = 60

# A shorter interval is a wave's width, a longer one a stretch of the recording: no cycle.
_SHORTEST_CYCLE_S, _LONGEST_CYCLE_S = 0.15, 60.0
# From here on a reader wants seconds.
_LONGEST_IN_MS: Final = 10.0
# Below this a tenth is worth printing.
_SMALL_COUNT: Final = 10.0
# Paper runs at these speeds. At another the view has pressed time together, and has no boxes.
_PAPER_SPEEDS_MM_S: Final = np.array([5.0, 6.25, 10.0, 12.5, 25.0, 50.0, 100.0, 200.0])
# Pixels are whole numbers, so that a speed may be drawn this much off.
_SPEED_TOLERANCE: Final = 0.01


def paper_speed(drawn_mm_s: float) -> float | None:
    """Return how fast the paper runs that is drawn at a speed; None if no paper does.

    Examples
    --------
    >>> paper_speed(24.98), paper_speed(17.0)
    (25.0, None)
    """
    nearest = float(_PAPER_SPEEDS_MM_S[np.argmin(np.abs(_PAPER_SPEEDS_MM_S - drawn_mm_s))])
    return nearest if abs(nearest - drawn_mm_s) <= _SPEED_TOLERANCE * nearest else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pair of calipers reads.

    Attributes
    ----------
    seconds
        Between the legs.
    millivolts
        From the left foot up to the right one; None where only time is measured.
    speed_mm_s
        How fast the paper runs; None where time is pressed together, which leaves no boxes.

    Examples
    --------
    >>> Reading(0.84, 0.9, 25.0).text
    '840 ms (0.84 s) · 21 small boxes (4.2 large) · 71/min · +0.90 mV'
    """

    seconds: float
    millivolts: float | None
    speed_mm_s: float | None

    @property
    def small_boxes(self) -> float | None:
        """How many small boxes wide; None where there are no boxes that one could count."""
        return None if self.speed_mm_s is None else self.seconds * self.speed_mm_s

    @property
    def per_minute(self) -> float | None:
        """The rate if this is one cycle; None where it is shorter or longer than any."""
        is_cycle = _SHORTEST_CYCLE_S <= self.seconds <= _LONGEST_CYCLE_S
        return S_PER_MIN / self.seconds if is_cycle else None

    @property
    def text(self) -> str:
        """All that is read, in one line."""
        return self.texts[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """The same from the longest to the shortest wording."""
        boxes, large = self._boxes
        return (
            _joined(self._time, f"{boxes} small boxes ({large} large)", self._rate, self._rise),
            _joined(self._short_time, f"{boxes} small ({large} large)", self._rate, self._rise),
            _joined(self._short_time, "", self._rate, self._rise),
            _joined(self._short_time, "", "", self._rise),
            self._short_time,
        )

    @property
    def sentence(self) -> str:
        """The same to be spoken."""
        boxes, large = self._boxes
        rate, rise = self.per_minute, self.millivolts
        parts = [
            self._spoken_time,
            f"{boxes} small boxes or {large} large boxes" if boxes else "",
            f"{rate:.0f} per minute" if rate is not None else "",
            "" if rise is None else _spoken_rise(rise),
        ]
        return ", ".join(part for part in parts if part)

    @property
    def _boxes(self) -> tuple[str, str]:
        small = self.small_boxes
        return ("", "") if small is None else (_count(small), f"{small / SMALL_PER_LARGE:.1f}")

    @property
    def _time(self) -> str:
        if self.seconds >= _LONGEST_IN_MS:
            return self._short_time
        return f"{self._short_time} ({self.seconds:.2f} s)"

    @property
    def _short_time(self) -> str:
        if self.seconds >= S_PER_MIN:
            return _long_time(self.seconds)
        if self.seconds >= _LONGEST_IN_MS:
            return f"{self.seconds:.2f} s"
        return f"{self.seconds * _MS_PER_S:.0f} ms"

    @property
    def _spoken_time(self) -> str:
        if self.seconds >= S_PER_MIN:
            return _long_time(self.seconds)
        if self.seconds >= _LONGEST_IN_MS:
            return f"{self.seconds:.1f} seconds"
        return f"{self.seconds * _MS_PER_S:.0f} milliseconds"

    @property
    def _rate(self) -> str:
        rate = self.per_minute
        if rate is None:
            return ""
        return f"{rate:.0f}/min" if rate >= _SMALL_COUNT else f"{rate:.1f}/min"

    @property
    def _rise(self) -> str:
        if self.millivolts is None:
            return ""
        sign = "\N{MINUS SIGN}" if self.millivolts < 0 else "+"
        return f"{sign}{abs(self.millivolts):.2f} mV"


def _long_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), round(S_PER_MIN))
    hours, minutes = divmod(minutes, _MIN_PER_H)
    in_hours = f"{hours} h " if hours else ""
    return f"{in_hours}{minutes} min {rest} s"


def _count(boxes: float) -> str:
    return f"{boxes:.1f}" if boxes < _SMALL_COUNT else f"{boxes:.0f}"


def _joined(time: str, boxes: str, rate: str, rise: str) -> str:
    counted = boxes if boxes[:1].isdigit() else ""
    return " · ".join(part for part in (time, counted, rate, rise) if part)


def _spoken_rise(millivolts: float) -> str:
    where = "lower" if millivolts < 0 else "higher"
    return f"the right foot {abs(millivolts):.2f} millivolts {where}"

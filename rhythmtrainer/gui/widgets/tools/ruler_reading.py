"""What a ruler says: what to do with it, and where it may, what it reads."""

from enum import Enum
from typing import Final

from rhythmtrainer.ecg.calipers import (
    SIX_SECONDS,
    beats_in,
    cycle_after,
    rule_lines,
    rule_neighbours,
)
from rhythmtrainer.model import Measurement

_S_PER_MIN: Final = 60.0
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


class Rule(Enum):
    """Ways to read a rate with a ruler."""

    THREE_HUNDRED = "300 rule"
    SIX_SECONDS = "6-second rule"


def texts_of(
    rule: Rule,
    start_s: float,
    paper: tuple[float | None, bool],
    measurement: Measurement | None,
) -> tuple[str, ...]:
    """Return what a ruler says that begins at a time, from the longest wording to the shortest.

    Parameters
    ----------
    paper
        How fast the paper runs, None where time is pressed together; and whether six seconds from
        the ruler's beginning on are shown.
    measurement
        What may be told; None before the learner has read it.
    """
    speed, six_fit = paper
    if rule is Rule.SIX_SECONDS:
        return _six_seconds(start_s, measurement, fits=six_fit)
    return _rule_300(start_s, speed, measurement)


def _rule_300(
    start_s: float, speed_mm_s: float | None, measurement: Measurement | None
) -> tuple[str, ...]:
    if speed_mm_s is None:
        return "Zoom in to use the 300 rule", "Zoom in"
    first = f"{rule_lines(speed_mm_s)[1][0]:.0f}"
    name = f"{first} rule at {speed_mm_s:g} mm/s"
    cycle = cycle_after(measurement, start_s) if measurement else None
    if cycle is None:
        return f"{name}: begin at an R, read at the next R", name
    before, behind = rule_neighbours(cycle, speed_mm_s)
    about = f"about {_S_PER_MIN / cycle:.0f}/min"
    if before is None:
        where = f"above {behind:.0f}/min"
    elif behind is None:
        where = f"below {before:.0f}/min"
    else:
        where = f"between {before:.0f} and {behind:.0f}/min"
    return f"{name}: next R {where}, {about}", f"Next R {where}", about


def _six_seconds(start_s: float, measurement: Measurement | None, *, fits: bool) -> tuple[str, ...]:
    if not fits:
        return "6 s do not fit here: zoom out, or use a longer lead", "6 s do not fit here"
    count = beats_in(measurement, start_s, start_s + SIX_SECONDS) if measurement else None
    if count is None:
        return f"6 s: count the QRS {_TIMES} 10", f"QRS in 6 s {_TIMES} 10"
    return f"6 s: {count} QRS {_TIMES} 10 = {count * 10}/min", f"{count * 10}/min"

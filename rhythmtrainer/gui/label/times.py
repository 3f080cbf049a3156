"""Times that are typed: how they are written, and what they mean."""

import math
from typing import Final

_SIXTY: Final = 60
_MOST_PARTS: Final = 3


def written(seconds: float) -> str:
    """Return a place in a recording as hours, minutes and seconds.

    Examples
    --------
    >>> written(3723.48)
    '01:02:03.5'
    """
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 10 * _SIXTY)
    hours, minutes = divmod(minutes, _SIXTY)
    return f"{hours:02d}:{minutes:02d}:{rest // 10:02d}.{rest % 10}"


def understood(text: str) -> float | None:
    """Return the seconds that somebody typed: ``hh:mm:ss``, ``mm:ss`` or seconds.

    Returns None where that is no time.

    Examples
    --------
    >>> understood("1:02:03.5"), understood("2:30"), understood("90"), understood("soon")
    (3723.5, 150.0, 90.0, None)
    """
    parts = text.strip().replace(",", ".").split(":")
    if len(parts) > _MOST_PARTS:
        return None
    seconds = 0.0
    try:
        for part in parts:
            seconds = seconds * _SIXTY + float(part)
    except ValueError:
        return None
    negative = any(part.strip().startswith("-") for part in parts)
    return None if negative or not math.isfinite(seconds) else seconds

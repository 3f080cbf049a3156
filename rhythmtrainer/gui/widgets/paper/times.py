"""Times on paper: how far ticks lie apart, and how a place in a recording is written."""

from typing import Final

from rhythmtrainer.ecg.paper import TICK_EVERY_S

_STEPS_S: Final = (TICK_EVERY_S, 15.0, 60.0, 300.0, 900.0, 3600.0, 10_800.0, 43_200.0)
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


def tick_step_s(px_per_s: float, closest_px: float) -> float:
    """Return how many seconds lie between two ticks: three, or more where they would crowd."""
    fitting = (step for step in _STEPS_S if step * px_per_s >= closest_px)
    return next(fitting, _STEPS_S[-1])


def clock(seconds: float, *, tenths: bool = False) -> str:
    """Return a time in a recording as it is written: minutes and seconds, and hours if any.

    Examples
    --------
    >>> clock(75.0), clock(3675.0), clock(75.25, tenths=True)
    ('1:15', '1:01:15', '1:15.2')
    """
    whole, rest = divmod(round(seconds * 10), 10) if tenths else (round(seconds), 0)
    hours, minutes = divmod(whole // _MINUTE_S, _HOUR_S // _MINUTE_S)
    last = f"{whole % _MINUTE_S:02d}" + (f".{rest}" if tenths else "")
    return f"{hours}:{minutes:02d}:{last}" if hours else f"{minutes}:{last}"


def between(begin: float, end: float, of: float) -> str:
    """Return which part of a recording is seen, as it is printed.

    Examples
    --------
    >>> between(600.0, 608.5, 1800.0), between(0.0, 3600.0, 86400.0)
    ('10:00.0-10:08.5 of 30:00', '0:00-1:00:00 of 24:00:00')
    """
    tenths = end - begin < _MINUTE_S
    return f"{clock(begin, tenths=tenths)}-{clock(end, tenths=tenths)} of {clock(of)}"

"""Reading the rest of a recording whose beginning is on the screen already."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.gui.widgets.paper.times import clock
from rhythmtrainer.model import Progress, Strip, UserError
from rhythmtrainer.training.cancel import Cancel

MOST_SAMPLES: Final = 128_000_000
"""What is kept of one recording at most: half a gigabyte of float32."""

# So much is read between two looks at whether anybody still waits: a fraction of a second's work.
_BLOCK_SAMPLES: Final = 500_000
_SAMPLES_A_GIGABYTE: Final = 250_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """What has been read of a recording.

    Attributes
    ----------
    strips
        From the beginning on, one for each rate; none where there is no memory for them.
    missing
        Why there is no more, in a sentence; empty where that is all of the recording.
    """

    strips: tuple[Strip, ...]
    missing: str = ""


def read_on(
    recording: Recording,
    tell: Callable[[Progress], None],
    enough: threading.Event,
    cancel: Cancel,
) -> Read:
    """Read a recording from its beginning, as much of it as may be kept in memory.

    Parameters
    ----------
    tell
        Hears how far it has come.
    enough
        Set by whoever does not want to wait for more; what was read until then is kept.

    Raises
    ------
    CancelledError
        If `cancel` was thrown.
    """
    a_second = max(recording.samples_per_s, 1.0)
    wanted_s = min(recording.duration_s, MOST_SAMPLES / a_second)
    missing = _limit(recording, wanted_s)
    rates = recording.rates
    try:
        signals = [
            np.full((len(leads), round(wanted_s * rate)), np.nan, np.float32)
            for leads, rate in zip(recording.groups, rates, strict=True)
        ]
    except MemoryError:
        return Read((), "Paper shows only the beginning: there is no memory for more.")
    done_s = 0.0
    while done_s < wanted_s:
        if enough.is_set():
            missing = f"Only the first {clock(done_s)} is shown: reading was stopped."
            break
        block_s = min(_BLOCK_SAMPLES / a_second, wanted_s - done_s)
        try:
            block = recording.read(done_s, block_s, cancel)
        except UserError as fault:
            missing = f"Only the first {clock(done_s)} is shown. {fault}"
            break
        for signal, strip in zip(signals, block, strict=True):
            room = signal[:, round(done_s * strip.fs) :][:, : strip.signal.shape[1]]
            room[:] = strip.signal[:, : room.shape[1]]
        done_s += block_s
        tell(Progress(f"{clock(done_s)} of {clock(wanted_s)} read", done_s / wanted_s))
    strips = []
    for signal, leads, rate in zip(signals, recording.groups, rates, strict=True):
        part = signal[:, : round(done_s * rate)]
        # What nobody can write to is not copied.
        part.flags.writeable = False
        strips.append(Strip(part, rate, leads, 0.0, not missing, recording.provenance))
    return Read(tuple(strips), missing)


def _limit(recording: Recording, wanted_s: float) -> str:
    if wanted_s >= recording.duration_s:
        return ""
    size = recording.duration_s * recording.samples_per_s / _SAMPLES_A_GIGABYTE
    return (
        f"Paper shows only the first {clock(wanted_s)} of {clock(recording.duration_s)}: all of "
        f"it would take {size:.1f} GB of memory. The monitor runs on."
    )

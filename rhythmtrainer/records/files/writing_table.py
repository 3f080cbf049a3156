"""Simulated strips as tables of numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from rhythmtrainer.model import Simulated

# A tenth of a microvolt.
_MILLIVOLTS: Final = "%.4f"
# Two hundredths of a step at the fastest rate.
_SECONDS: Final = "%.6f"


def write_table(file: Path, made: Simulated, remarks: Sequence[str]) -> None:
    """Write times in seconds and leads in millivolts, below remarks and the sampling rate.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    strip = made.strip
    times = np.arange(strip.signal.shape[1]) / strip.fs
    names = ["time (s)", *(f"{lead} (mV)" for lead in strip.leads)]
    above = [*(f"# {remark}" for remark in remarks), f"# Sampling rate: {strip.fs:.10g} Hz"]
    np.savetxt(
        file,
        np.column_stack([times, strip.signal.T]),
        fmt=[_SECONDS, *[_MILLIVOLTS] * len(strip.leads)],
        delimiter=",",
        header="\n".join([*above, ",".join(names)]),
        comments="",
        encoding="utf-8",
    )

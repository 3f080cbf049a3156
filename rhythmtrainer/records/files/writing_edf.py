"""Simulated strips as EDF+ files with annotations."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from edfio import Edf, EdfAnnotation, EdfSignal, Recording

from rhythmtrainer.model import RecordError, Simulated, Strip
from rhythmtrainer.records.files.quiet import quiet
from rhythmtrainer.records.files.source import SIMULATED
from rhythmtrainer.records.files.writing_marks import COMMENT, RHYTHM_CHANGE, beat_marks

# A data record lasts about a second: it has a place of its own for annotations.
_RECORD_S: Final = (0.1, 1.0)
# The header has eight characters for a record's length: so fine can it be written.
_TICKS_A_SECOND: Final = 10_000
_LEAST_RANGE_MV: Final = 1.0


def write_edf(file: Path, made: Simulated, remarks: Sequence[str]) -> None:
    """Write signals, beats and rhythms.

    The format holds whole data records: where the length is none, the last sample is repeated for
    less than a tenth of a second.

    Raises
    ------
    RecordError
        If the sampling rate cannot be written.
    OSError
        If the file cannot be written.
    """
    strip = made.strip
    count = _record_samples(strip, file.name)
    missing = -strip.signal.shape[1] % count
    padded = np.pad(np.nan_to_num(strip.signal.astype(np.float64)), ((0, 0), (0, missing)), "edge")
    reach = max(_LEAST_RANGE_MV, float(np.ceil(np.abs(padded).max() * 10) / 10))
    signals = [
        EdfSignal(
            row,
            strip.fs,
            label=f"ECG {lead}",
            physical_dimension="mV",
            physical_range=(-reach, reach),
        )
        for lead, row in zip(strip.leads, padded, strict=True)
    ]
    with quiet():
        Edf(
            signals,
            recording=Recording(additional=SIMULATED.split()),
            data_record_duration=count / strip.fs,
            annotations=_annotations(made, remarks),
        ).write(file)


def _annotations(made: Simulated, remarks: Sequence[str]) -> list[EdfAnnotation]:
    strip = made.strip
    said = [EdfAnnotation(0.0, None, remark) for remark in remarks]
    said += [
        EdfAnnotation(episode.start_s, episode.end_s - episode.start_s, episode.rhythm.value)
        for episode in made.truth.episodes
    ]
    said += [
        EdfAnnotation(round(mark.sample / strip.fs, 6), None, mark.symbol)
        for mark in beat_marks(made)
        if mark.symbol not in (RHYTHM_CHANGE, COMMENT)
    ]
    return said


def _record_samples(strip: Strip, file: str) -> int:
    """Return how many samples a data record holds, so that its length is a short number."""
    rate = Fraction(str(strip.fs))
    # The fewest samples that last a whole number of ticks; any multiple of them does as well.
    least = (rate / _TICKS_A_SECOND).numerator
    shortest, longest = (int(rate * Fraction(str(second))) for second in _RECORD_S)
    if least > longest:
        raise RecordError(
            f"{file} cannot be written: EDF cannot say {strip.fs:.10g} samples per second exactly;"
            " a whole number it can."
        )
    total = strip.signal.shape[1]
    fitting = [
        count
        for count in range(least, longest + 1, least)
        if total % count == 0 and count >= shortest
    ]
    return max(fitting, default=least * max(1, shortest // least))

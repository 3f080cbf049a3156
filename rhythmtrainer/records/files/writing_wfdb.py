"""Simulated strips as WFDB records with annotations."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Before the library, whose import it keeps quiet.
import rhythmtrainer.records.signals.decode  # noqa: F401 - for what it imports
from rhythmtrainer.model import RecordError, Simulated, Strip
from rhythmtrainer.records.files.writing_marks import (
    COMMENT,
    COMMENT_LATER,
    Mark,
    beat_marks,
    wave_marks,
)

import wfdb  # isort: skip

BEATS: Final = "atr"
WAVES: Final = "marks"
"""Endings of the two annotation files: beats and rhythms, and onsets, peaks and ends of waves."""

_NAME: Final = re.compile(r"[-\w]+", re.ASCII)
_FORMAT: Final = "16"
# Steps in a millivolt, the finest first: 0.1 uV, or less fine where the signal leaves no room.
_GAINS: Final = (10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0, 200.0, 100.0, 50.0, 20.0, 10.0)
_REACH: Final = 32_766
# The format's sample for a gap.
_GAP: Final = -32_768


def check_name(file: Path) -> None:
    """Make sure that a record can be called as a file is.

    Raises
    ------
    RecordError
        If it cannot.
    """
    if not _NAME.fullmatch(file.stem):
        raise RecordError(
            f"{file.name} cannot be the name of a WFDB record: before the ending there may only"
            " be letters from A to Z, digits, hyphens and underscores."
        )


def write_wfdb(folder: Path, name: str, made: Simulated, remarks: Sequence[str]) -> list[str]:
    """Write header, signals and annotations into a folder.

    Parameters
    ----------
    remarks
        At least one.

    Returns
    -------
    list of str
        The names of the files; the header, which makes them a record, is the last.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    strip = made.strip
    count = len(strip.leads)
    gain = _gain(strip)
    with _old_ways_with_pandas():
        wfdb.wrsamp(
            name,
            fs=int(strip.fs) if strip.fs.is_integer() else strip.fs,
            units=["mV"] * count,
            sig_name=list(strip.leads),
            d_signal=_digital(strip, gain),
            fmt=[_FORMAT] * count,
            adc_gain=[gain] * count,
            baseline=[0] * count,
            comments=list(remarks),
            write_dir=str(folder),
        )
        # The format has no file without annotations: a remark stands in each.
        said = [Mark(COMMENT_LATER, COMMENT, remark) for remark in remarks[:1]]
        _write_marks(folder, name, BEATS, said + beat_marks(made))
        _write_marks(folder, name, WAVES, said + wave_marks(made))
    return [f"{name}.{ending}" for ending in ("dat", BEATS, WAVES, "hea")]


def _write_marks(folder: Path, name: str, ending: str, marks: Sequence[Mark]) -> None:
    marks = sorted(marks, key=lambda mark: mark.sample)
    wfdb.wrann(
        name,
        ending,
        np.array([mark.sample for mark in marks]),
        [mark.symbol for mark in marks],
        num=np.array([mark.wave for mark in marks]),
        aux_note=[mark.note for mark in marks],
        write_dir=str(folder),
    )


def _digital(strip: Strip, gain: float) -> NDArray[np.int16]:
    """Return the samples in steps of the format, shape ``(samples, leads)``."""
    steps = np.rint(strip.signal.T * np.float32(gain)).clip(-_REACH, _REACH)
    return np.asarray(np.nan_to_num(steps, copy=False, nan=_GAP), np.int16)


def _gain(strip: Strip) -> float:
    """Return the finest scale on which a signal has room; what has none on any is cut off."""
    most = float(np.nanmax(np.abs(strip.signal), initial=0.0))
    return next((gain for gain in _GAINS if most * gain <= _REACH), _GAINS[-1])


@contextmanager
def _old_ways_with_pandas() -> Iterator[None]:
    # When it writes, the library calls pandas in a way that pandas 3.1 warns about.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
        yield

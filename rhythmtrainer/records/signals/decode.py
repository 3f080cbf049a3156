"""Signals and annotations out of files, decoded by the WFDB library."""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RecordError

# While it is imported the library calls pandas in a way that pandas 3 warns about.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
    import wfdb
    from wfdb.io.annotation import ann_labels

# What the library raises for broken files, found by feeding it broken files: it casts, reshapes
# and indexes without checking first, believes any length, and hands on what the operating system
# and its FLAC decoder (RuntimeError) say.
WFDB_FAULTS: Final = (ValueError, IndexError, MemoryError, OSError, RuntimeError)
# Notes by which an annotation file defines codes of its own. The library goes round in circles at
# any other note that begins like them.
_DEFINITION_MARK: Final = b"## "
_DEFINITION: Final = re.compile(
    rb"## (?:(?P<rate>time resolution: \d)|annotation type definitions|end of definitions)"
)
_SYMBOLS: Final = {label.label_store: label.symbol for label in ann_labels}


def decode_signals(
    path: Path, indices: Sequence[int], first: int, end: int
) -> list[NDArray[np.float64]]:
    """Decode some signals of a record, each in its physical unit.

    Parameters
    ----------
    path
        The record without an ending; its header is one that the library reads as it stands.
    indices
        Which signals.
    first, end
        First frame, and one behind the last; the skew of the signals is not applied.

    Returns
    -------
    list of numpy.ndarray
        In the order of `indices`: float64, shape ``(samples,)``, NaN where the recording has a
        gap.

    Raises
    ------
    RecordError
        If the library cannot decode the signals.
    """
    record = _decode(path, first, end, channels=list(indices), physical=True)
    return [np.asarray(samples, dtype=np.float64) for samples in record.e_p_signal]


def decode_checksums(path: Path, frames: int) -> tuple[tuple[int, int], ...]:
    """Return the first sample of each signal of a record and the sum of all modulo 65536.

    Raises
    ------
    RecordError
        If the library cannot decode the signals.
    """
    record = _decode(path, 0, frames, channels=None, physical=False)
    return tuple((int(samples[0]), int(samples.sum() % 65536)) for samples in record.e_d_signal)


def decode_annotations(
    path: Path, extension: str
) -> tuple[NDArray[np.int64], list[str], NDArray[np.int64], list[str]]:
    """Return the sample numbers, symbols, subtypes and notes of an annotation file.

    Raises
    ------
    RecordError
        If the library cannot decode the file.
    """
    try:
        _check_definitions(path.with_name(f"{path.name}.{extension}"))
        # Codes are asked for and translated here: the library's own way calls pandas in a way
        # that pandas warns about.
        found = wfdb.rdann(str(path), extension, return_label_elements=["label_store"])
        samples = np.array(found.sample, dtype=np.int64)
        codes = [int(code) for code in found.label_store]
        subtypes = np.array(found.subtype, dtype=np.int64)
    except WFDB_FAULTS as error:
        raise RecordError(f"{path.name}.{extension} is damaged: it cannot be decoded.") from error
    notes = list(found.aux_note)
    if not len(samples) == len(codes) == len(subtypes) == len(notes):
        raise RecordError(f"{path.name}.{extension} is damaged: it ends inside an annotation.")
    symbols = [_SYMBOLS.get(code, f"[{code}]") for code in codes]
    return samples, symbols, subtypes, notes


def _check_definitions(file: Path) -> None:
    content = file.read_bytes()
    known = list(_DEFINITION.finditer(content))
    rates = sum(match["rate"] is not None for match in known)
    if len(known) != content.count(_DEFINITION_MARK) or rates > 1:
        raise RecordError(f"{file.name} is damaged: its table of codes cannot be read.")


def _decode(path: Path, first: int, end: int, *, channels: list[int] | None, physical: bool) -> Any:
    try:
        return wfdb.rdrecord(
            str(path),
            sampfrom=first,
            sampto=end,
            channels=channels,
            physical=physical,
            smooth_frames=False,
            # The library cannot apply skews that differ from signal to signal.
            ignore_skew=True,
            return_res=64,
        )
    except WFDB_FAULTS as error:
        raise RecordError(
            f"The signals of {path.name} are damaged: they cannot be decoded."
        ) from error

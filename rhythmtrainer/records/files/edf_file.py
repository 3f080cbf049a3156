"""EDF and EDF+ files, and short BDF files, read by edfio."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from edfio import BdfSignal, EdfSignal, read_bdf, read_edf
from numpy.typing import NDArray

from rhythmtrainer.model import Database, RecordError
from rhythmtrainer.records.files.edf_door import EdfHeader, Run, read_edf_header, record_runs
from rhythmtrainer.records.files.opened import Facts, FoundSignal, OpenedFile, Track, leads_among
from rhythmtrainer.records.files.quiet import quiet
from rhythmtrainer.records.files.source import provenance_of
from rhythmtrainer.records.signals.units import millivolts_in

# What edfio raises for broken files: it casts, multiplies and maps without checking first.
_FAULTS: Final = (
    *(ValueError, LookupError, ArithmeticError, NameError, AttributeError, TypeError),
    *(AssertionError, MemoryError),
)
_BDF_SAMPLE_BYTES: Final = 3
# edfio reads a BDF file whole, and needs some ten bytes of memory for each of the file.
_MOST_BDF_BYTES: Final = 100_000_000
# Full scale of an ECG in millivolts, and in microvolts, where no unit is written.
_MOST_MILLIVOLTS: Final = 33.0
_LEAST_MICROVOLTS: Final = 100.0


def open_edf(file: Path, databases: Mapping[tuple[str, str], Database]) -> OpenedFile:
    """Open an EDF, EDF+ or BDF file.

    Raises
    ------
    RecordError
        If it is damaged, of a kind that is not read, or no ECG.
    OSError
        If the file cannot be read.
    """
    header = read_edf_header(file)
    signals = _read(file, header)
    runs = record_runs(file, header)
    total_s = runs[-1].start_s + runs[-1].count * header.record_s
    try:
        scaled = [_Scaled(signal) for signal in signals]
        found = [
            FoundSignal(
                signal.label,
                scale.millivolts is not None,
                signal.sampling_frequency,
                round(total_s * signal.sampling_frequency),
            )
            for signal, scale in zip(signals, scaled, strict=True)
        ]
    except _FAULTS as error:
        raise _damaged(file) from error
    leads = leads_among(found, file.name)
    guessed = [track.lead for track in leads.tracks if scaled[track.index].guessed]
    told = list(leads.repairs)
    if guessed:
        told.append(f"No unit is written for {', '.join(guessed)}: its range was judged.")
    if len(runs) > 1:
        told.append(f"The recording has {len(runs) - 1} gaps, which are shown empty.")
    facts = Facts(
        file.name,
        provenance_of(file, databases, "BDF" if _is_bdf(header) else "EDF"),
        header.personal,
        (*header.repairs, *told),
    )
    return _EdfFile(facts, leads.tracks, scaled, runs)


class _Scaled:
    """A signal of which is known how its numbers become millivolts.

    Attributes
    ----------
    millivolts
        In one physical unit; None where that is not known or not calibrated.
    guessed
        Whether the unit was guessed from the range.
    """

    def __init__(self, signal: EdfSignal | BdfSignal) -> None:
        self.signal = signal
        unit = signal.physical_dimension.strip(" \0?-")
        low, high = sorted(signal.physical_range)
        digital = sorted(signal.digital_range)
        calibrated = np.isfinite([low, high]).all() and low < high and digital[0] < digital[1]
        self.guessed = not unit
        self.millivolts: float | None = None
        if calibrated and unit:
            self.millivolts = millivolts_in(unit)
        elif calibrated and [low, high] != digital:
            self.millivolts = _guessed_unit(max(-low, high))


def _guessed_unit(full_scale: float) -> float | None:
    """Return millivolts in the unit in which an ECG has this full scale."""
    if full_scale <= _MOST_MILLIVOLTS:
        return 1.0
    return 1e-3 if full_scale >= _LEAST_MICROVOLTS else None


class _EdfFile(OpenedFile):
    """An open EDF or BDF file; only the data records that are asked for are read."""

    def __init__(
        self,
        facts: Facts,
        tracks: Sequence[Track],
        signals: Sequence[_Scaled],
        runs: Sequence[Run],
    ) -> None:
        super().__init__(facts, tracks)
        self._signals = tuple(signals)
        self._runs = tuple(runs)

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._signals = ()

    def _millivolts(
        self, indices: tuple[int, ...], first: int, end: int
    ) -> NDArray[np.floating[Any]]:
        values = np.full((len(indices), end - first), np.nan)
        try:
            for row, index in zip(values, indices, strict=True):
                self._fill(row, index, first)
        except (*_FAULTS, OSError) as error:
            raise RecordError(f"{self._facts.name} cannot be read to its end.") from error
        return values

    def _fill(self, row: NDArray[np.float64], index: int, first: int) -> None:
        """Write the samples of one signal from `first` on where the recording has any."""
        scaled = self._signals[index]
        signal = scaled.signal
        fs = signal.sampling_frequency
        end = first + row.size
        for run in self._runs:
            start = round(run.start_s * fs)
            held = run.count * signal.samples_per_data_record
            low, high = max(first, start), min(end, start + held)
            if low < high:
                stored = run.first * signal.samples_per_data_record - start
                read = signal.get_data_slice((low + stored) / fs, (high + stored) / fs)
                row[low - first : high - first] = read * (scaled.millivolts or 1.0)


def _read(file: Path, header: EdfHeader) -> tuple[EdfSignal | BdfSignal, ...]:
    try:
        with quiet():
            if not _is_bdf(header):
                return tuple(read_edf(file, lazy_load_data=True, header_encoding="latin-1").signals)
            if file.stat().st_size > _MOST_BDF_BYTES:
                raise RecordError(
                    f"{file.name} is a BDF file of more than {_MOST_BDF_BYTES / 1e6:g} MB, which"
                    " is not read: save it as EDF."
                )
            return tuple(read_bdf(file, header_encoding="latin-1").signals)
    except _FAULTS as error:
        raise _damaged(file) from error


def _is_bdf(header: EdfHeader) -> bool:
    return header.sample_bytes == _BDF_SAMPLE_BYTES


def _damaged(file: Path) -> RecordError:
    return RecordError(f"{file.name} is damaged: its header cannot be read.")

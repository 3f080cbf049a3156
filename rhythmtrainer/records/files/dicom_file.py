"""DICOM waveforms, read by pydicom."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from rhythmtrainer.model import Database, RecordError
from rhythmtrainer.records.files.dicom_items import Budget, items_of, read_dataset
from rhythmtrainer.records.files.dicom_leads import channel_millivolts, lead_label, personal_kinds
from rhythmtrainer.records.files.opened import Facts, FoundSignal, Leads, OpenedFile, leads_among
from rhythmtrainer.records.files.quiet import quiet
from rhythmtrainer.records.files.source import provenance_of

# What pydicom raises for broken files, found by feeding it broken files.
_FAULTS: Final = (
    *(ValueError, LookupError, ArithmeticError, AttributeError, TypeError, NotImplementedError),
    *(AssertionError, MemoryError, RecursionError, EOFError, OSError),
    *(InvalidDicomError, BytesLengthException, struct.error),
)
# pydicom reads a waveform whole; a day of three leads at 500 Hz has 260 MB.
_MOST_BYTES: Final = 400_000_000
_MOST_GROUPS: Final = 64
_MOST_CHANNELS: Final = 512
_TYPES: Final = {
    (8, "SB"): "i1",
    (8, "UB"): "u1",
    (16, "SS"): "i2",
    (16, "US"): "u2",
    (32, "SL"): "i4",
    (32, "UL"): "u4",
}


def open_dicom(file: Path, databases: Mapping[tuple[str, str], Database]) -> OpenedFile:
    """Open a DICOM file that holds waveforms: of several, the longest that is no average.

    Raises
    ------
    RecordError
        If it is damaged, holds no waveform that can be read, or no ECG.
    """
    try:
        with quiet():
            budget = Budget()
            dataset = _dataset(file, budget)
            group, leads, told = _chosen(dataset, budget, file.name)
            personal = personal_kinds(dataset)
    except _FAULTS as error:
        raise RecordError(f"{file.name} is damaged: it cannot be read as DICOM.") from error
    facts = Facts(
        file.name,
        provenance_of(file, databases, "DICOM"),
        personal,
        (*group.repairs, *leads.repairs, *told),
    )
    return _DicomFile(facts, leads, group)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Channels that were sampled together.

    Attributes
    ----------
    numbers
        Shape ``(samples, channels)``, as they are stored.
    factors, baselines
        Millivolts for each number of a channel, and at 0; NaN where that is not known.
    padding
        The number that stands where there is no sample.
    """

    fs: float
    original: bool
    labels: tuple[str, ...]
    numbers: NDArray[Any]
    factors: NDArray[np.float64]
    baselines: NDArray[np.float64]
    padding: int | None
    repairs: tuple[str, ...]

    @property
    def signals(self) -> list[FoundSignal]:
        """What the channels are."""
        samples = len(self.numbers)
        return [
            FoundSignal(label, bool(np.isfinite(factor)), self.fs, samples)
            for label, factor in zip(self.labels, self.factors, strict=True)
        ]


class _DicomFile(OpenedFile):
    """An open group of channels."""

    def __init__(self, facts: Facts, leads: Leads, group: _Group) -> None:
        super().__init__(facts, leads.tracks)
        self._group = group

    def _millivolts(self, indices: tuple[int, ...], first: int, end: int) -> NDArray[np.float64]:
        group, columns = self._group, list(indices)
        numbers = group.numbers[first:end][:, columns]
        values = numbers * group.factors[columns] + group.baselines[columns]
        if group.padding is not None:
            values[numbers == group.padding] = np.nan
        return np.asarray(values.T, dtype=np.float64)


def _dataset(file: Path, budget: Budget) -> Dataset:
    if file.stat().st_size > _MOST_BYTES:
        raise RecordError(
            f"{file.name} is DICOM of more than {_MOST_BYTES / 1e6:g} MB, which is not read."
        )
    # To unpack it would take memory without bounds.
    if read_file_meta_info(file).get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        raise RecordError(f"{file.name} is packed (deflated) DICOM, which is not read.")
    return read_dataset(file, budget)


def _chosen(dataset: Dataset, budget: Budget, file: str) -> tuple[_Group, Leads, tuple[str, ...]]:
    """Return the group to be shown, its leads, and what is to be said about the choice."""
    items = items_of(dataset, "WaveformSequence", budget)[:_MOST_GROUPS]
    if not items:
        raise RecordError(f"{file} is DICOM without waveforms, so it holds no ECG.")
    order = ">" if dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<"
    found: list[tuple[_Group, Leads]] = []
    faults: list[Exception] = []
    for item in items:
        try:
            group = _group(item, order, budget, file)
            found.append((group, leads_among(group.signals, file)))
        except (RecordError, *_FAULTS) as error:
            faults.append(error)
    if not found:
        raise faults[0]
    group, leads = max(found, key=_worth)
    left = len(items) - 1
    told = (
        f"Of {len(items)} groups of signals the longest that was recorded is shown"
        f" ({len(leads.tracks)} leads, {len(group.numbers) / group.fs:.6g} s).",
    )
    return group, leads, told if left else ()


def _worth(found: tuple[_Group, Leads]) -> tuple[bool, float, int]:
    group, leads = found
    return group.original, len(group.numbers) / group.fs, len(leads.tracks)


def _group(item: Dataset, order: str, budget: Budget, file: str) -> _Group:
    bits, kind = int(item.WaveformBitsAllocated), str(item.WaveformSampleInterpretation)
    if (bits, kind) not in _TYPES:
        raise RecordError(
            f"{file} stores samples as {kind[:2]!r} of {bits} bits, which is not read."
        )
    stored = np.dtype(order + _TYPES[bits, kind])
    channels = items_of(item, "ChannelDefinitionSequence", budget)
    count = int(item.NumberOfWaveformChannels)
    if not 1 <= count <= _MOST_CHANNELS or count != len(channels):
        raise RecordError(
            f"{file} is damaged: it announces {count} channels and describes {len(channels)}."
        )
    fs, promised = float(item.SamplingFrequency), int(item.NumberOfWaveformSamples)
    if not (fs > 0 and np.isfinite(fs) and promised > 0):
        raise RecordError(f"{file} is damaged: it has {promised} samples, {fs:g} each second.")
    content = bytes(item.WaveformData or b"")
    samples = min(promised, len(content) // (stored.itemsize * count))
    numbers = np.frombuffer(content, stored, samples * count).reshape(samples, count)
    scales = [_scale(channel, budget) for channel in channels]
    return _Group(
        fs,
        str(item.get("WaveformOriginality") or "ORIGINAL") == "ORIGINAL",
        tuple(lead_label(channel, budget) for channel in channels),
        numbers,
        np.array([factor for factor, _ in scales]),
        np.array([baseline for _, baseline in scales]),
        _padding(item, stored),
        _repairs(channels, samples / fs, promised / fs),
    )


def _scale(channel: Dataset, budget: Budget) -> tuple[float, float]:
    """Return the millivolts of one number of a channel, and those at 0."""
    unit, sensitivity = channel_millivolts(channel, budget), channel.get("ChannelSensitivity")
    if unit is None or sensitivity is None:
        return np.nan, np.nan
    correction = channel.get("ChannelSensitivityCorrectionFactor")
    factor = float(sensitivity) * (1.0 if correction is None else float(correction)) * unit
    baseline = float(channel.get("ChannelBaseline") or 0.0) * unit
    return (factor, baseline) if factor and np.isfinite([factor, baseline]).all() else (np.nan, 0)


def _padding(item: Dataset, stored: np.dtype[Any]) -> int | None:
    value = item.get("WaveformPaddingValue")
    if value is None:
        return None
    if isinstance(value, bytes):
        held = value[: stored.itemsize]
        return int(np.frombuffer(held, stored)[0]) if len(held) == stored.itemsize else None
    return int(value)


def _repairs(channels: Sequence[Dataset], held_s: float, promised_s: float) -> tuple[str, ...]:
    told = []
    if held_s < promised_s:
        told.append(f"The signals are cut off: {held_s:.6g} of {promised_s:.6g} s are there.")
    if any(abs(float(channel.get("ChannelSampleSkew") or 0)) >= 1 for channel in channels):
        told.append("The leads were not sampled at one time, but are shown as if they were.")
    return tuple(told)

"""Small recordings of every kind, made for a test."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import ExplicitVRLittleEndian, TwelveLeadECGWaveformStorage, generate_uid

FS = 250


def wave(seconds: float = 12.0, fs: float = FS, height: float = 1.2) -> NDArray[np.float64]:
    """Beats at 72 per minute, in whole microvolts if `height` is in mV."""
    time = np.arange(round(seconds * fs)) / fs
    return np.round(np.sin(2 * np.pi * 1.2 * time) ** 21 * height, 3)


def edf_bytes(
    signals: Sequence[tuple[str, str, NDArray[np.float64]]],
    *,
    records: int | None = None,
    patient: str = "X X X X",
    recording: str = "Startdate X X X X",
    kind: str = "EDF+C",
    full_scale: tuple[float, float] = (-5.0, 5.0),
    onsets: Sequence[float] | None = None,
) -> bytes:
    """Write an EDF file by hand, one second in each data record.

    Parameters
    ----------
    signals
        Label, unit and samples of each.
    records
        What the header says about their number.
    onsets
        When each data record begins; adds a signal of notes.
    """
    held = [np.round(samples / full_scale[1] * 32767).astype("<i2") for *_, samples in signals]
    labels = [label for label, *_ in signals]
    units = [unit for _, unit, _ in signals]
    count = len(held[0]) // FS
    blocks = [[part[i * FS : (i + 1) * FS].tobytes() for part in held] for i in range(count)]
    sizes = [FS] * len(held)
    if onsets is not None:
        labels, units, sizes = [*labels, "EDF Annotations"], [*units, ""], [*sizes, 16]
        for block, onset in zip(blocks, onsets, strict=True):
            block.append(f"{onset:+.3f}\x14\x14\0".encode().ljust(32, b"\0"))
    number = len(labels)

    def fields(values: Sequence[object], width: int) -> bytes:
        return b"".join(str(value).encode("latin-1").ljust(width)[:width] for value in values)

    header = fields(["0"], 8) + fields([patient, recording], 80)
    header += fields(["01.01.85", "00.00.00", 256 * (number + 1)], 8) + fields([kind], 44)
    header += fields([count if records is None else records, 1], 8) + fields([number], 4)
    header += fields(labels, 16) + fields([""] * number, 80) + fields(units, 8)
    header += fields([full_scale[0]] * number, 8) + fields([full_scale[1]] * number, 8)
    header += fields([-32767] * number, 8) + fields([32767] * number, 8)
    header += fields([""] * number, 80) + fields(sizes, 8) + fields([""] * number, 32)
    return header + b"".join(b"".join(block) for block in blocks)


def dicom_group(
    leads: Sequence[tuple[str, str]],
    samples: NDArray[np.integer],
    *,
    fs: float = FS,
    bits: int = 16,
    kind: str = "SS",
    unit: str = "uV",
    sensitivity: float = 5.0,
) -> Dataset:
    """Make a group of channels; each lead is a code of SCP-ECG and its meaning."""
    group = Dataset()
    group.WaveformOriginality = "ORIGINAL"
    group.NumberOfWaveformChannels = len(leads)
    group.NumberOfWaveformSamples = len(samples)
    group.SamplingFrequency = fs
    group.WaveformBitsAllocated = bits
    group.WaveformSampleInterpretation = kind
    channels = []
    for code, meaning in leads:
        channel, source, units = Dataset(), Dataset(), Dataset()
        source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = (
            code,
            "SCPECG",
            meaning,
        )
        units.CodeValue, units.CodingSchemeDesignator, units.CodeMeaning = unit, "UCUM", unit
        channel.ChannelSourceSequence = Items([source])
        channel.ChannelSensitivity = sensitivity
        channel.ChannelSensitivityUnitsSequence = Items([units])
        channel.ChannelSensitivityCorrectionFactor = 1
        channel.ChannelBaseline = 0
        channel.WaveformBitsStored = bits
        channels.append(channel)
    group.ChannelDefinitionSequence = Items(channels)
    group.WaveformData = np.ascontiguousarray(samples).tobytes()
    return group


def write_dicom(file: Path, groups: Sequence[Dataset], **facts: str) -> Path:
    """Write a DICOM file of these groups and facts."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = TwelveLeadECGWaveformStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["made"])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset(str(file), {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID = TwelveLeadECGWaveformStorage
    for keyword, value in facts.items():
        setattr(dataset, keyword, value)
    if groups:
        dataset.WaveformSequence = Items(groups)
    dataset.save_as(file, enforce_file_format=True)
    return file

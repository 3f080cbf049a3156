import struct
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.files.dicom_file import open_dicom
from rhythmtrainer.records.files.opened import OpenedFile
from rhythmtrainer.training.cancel import Cancel
from tests.records.files.making import FS, dicom_group, wave, write_dicom

TWO = [("5.6.3-9-1", "Lead I (Einthoven)"), ("2:64", "aVF, augmented voltage, foot")]
COUNTS = np.stack([wave() * 200, wave() * -100], axis=1).round()


def opened(folder: Path, *groups: Dataset, **facts: str) -> OpenedFile:
    return open_dicom(write_dicom(folder / "made.dcm", groups, **facts), {})


def read(recording: OpenedFile) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return recording.read(recording.leads, 0.0, 1e5, Cancel()).signal


def fault_of(folder: Path, *groups: Dataset) -> str:
    with pytest.raises(RecordError) as error:
        opened(folder, *groups)
    assert str(error.value).startswith("made.dcm ")
    return str(error.value)


@pytest.mark.parametrize(
    ("bits", "kind", "stored"),
    [
        (8, "SB", "i1"),
        (8, "UB", "u1"),
        (16, "SS", "<i2"),
        (16, "US", "<u2"),
        (32, "SL", "<i4"),
        (32, "UL", "<u4"),
    ],
)
def test_samples_of_every_width_are_read(bits: int, kind: str, stored: str, tmp_path: Path) -> None:
    counts = np.clip(np.abs(COUNTS), 0, 127).astype(stored)
    recording = opened(tmp_path, dicom_group(TWO, counts, bits=bits, kind=kind))
    assert recording.leads == ("I", "aVF")
    assert set(recording.rates) == {FS}
    assert np.allclose(read(recording), counts.T * 0.005, rtol=1e-6)


def test_sensitivity_correction_and_baseline_are_applied(tmp_path: Path) -> None:
    group = dicom_group(TWO, COUNTS.astype("<i2"), unit="mV", sensitivity=0.002)
    channel = group.ChannelDefinitionSequence[0]
    channel.ChannelSensitivityCorrectionFactor = 1.5
    channel.ChannelBaseline = 0.25
    signal = read(opened(tmp_path, group))
    assert np.allclose(signal[0], COUNTS[:, 0] * 0.003 + 0.25, atol=1e-6)
    assert np.allclose(signal[1], COUNTS[:, 1] * 0.002, atol=1e-6)


def test_padding_becomes_a_gap(tmp_path: Path) -> None:
    counts = COUNTS.astype("<i2")
    counts[[5, 6], 0] = -32768
    group = dicom_group(TWO, counts)
    group.add_new(0x5400100A, "OW", np.array([-32768], "<i2").tobytes())
    assert np.flatnonzero(np.isnan(read(opened(tmp_path, group)))).tolist() == [5, 6]


def test_the_rhythm_is_chosen_and_not_the_average_beat(tmp_path: Path) -> None:
    average = dicom_group(TWO, np.ones((9000, 2), "<i2"))
    average.WaveformOriginality = "DERIVED"
    short = dicom_group(TWO, COUNTS[:500].astype("<i2"))
    recording = opened(tmp_path, average, short, dicom_group(TWO, COUNTS.astype("<i2")))
    assert recording.duration_s == 12.0
    assert recording.repairs == (
        "Of 3 groups of signals the longest that was recorded is shown (2 leads, 12 s).",
    )


def test_what_is_said_about_a_patient_is_counted_and_dropped(tmp_path: Path) -> None:
    group = dicom_group(TWO, COUNTS.astype("<i2"))
    recording = opened(
        tmp_path,
        group,
        PatientName="Mustermann^Erika",
        PatientID="4711",
        PatientBirthDate="19500101",
        StudyDate="20200101",
        ReferringPhysicianName="Doe^John",
        InstitutionName="",
    )
    assert set(recording.dropped) == {
        *("patient's name", "patient's number", "date of birth"),
        *("dates and times", "names of staff"),
    }


def test_samples_that_are_missing_are_told(tmp_path: Path) -> None:
    group = dicom_group(TWO, COUNTS[:1000].astype("<i2"))
    group.NumberOfWaveformSamples = 3000
    recording = opened(tmp_path, group)
    assert recording.duration_s == 4.0
    assert recording.repairs == ("The signals are cut off: 4 of 12 s are there.",)


def test_a_dicom_picture_is_refused(tmp_path: Path) -> None:
    assert fault_of(tmp_path) == "made.dcm is DICOM without waveforms, so it holds no ECG."


def test_a_waveform_that_is_not_calibrated_is_refused(tmp_path: Path) -> None:
    group = dicom_group(TWO, COUNTS.astype("<i2"))
    for channel in group.ChannelDefinitionSequence:
        del channel.ChannelSensitivity
    assert "does not say how many millivolts" in fault_of(tmp_path, group)


def test_a_waveform_that_is_no_ecg_is_refused(tmp_path: Path) -> None:
    group = dicom_group([("X", "Arterial pressure")], COUNTS[:, :1].astype("<i2"))
    assert "holds no ECG: its signals are Arterial pressure." in fault_of(tmp_path, group)


@pytest.mark.parametrize(
    ("keyword", "value", "fault"),
    [
        ("WaveformBitsAllocated", 64, "stores samples as 'SS' of 64 bits"),
        ("WaveformSampleInterpretation", "MB", "stores samples as 'MB' of 16 bits"),
        ("NumberOfWaveformChannels", 10_000, "announces 10000 channels and describes 2"),
        ("SamplingFrequency", "0", "has 3000 samples, 0 each second"),
        ("NumberOfWaveformSamples", 0, "has 0 samples"),
        ("WaveformData", b"", "has no samples"),
    ],
)
def test_a_broken_group_is_refused(keyword: str, value: object, fault: str, tmp_path: Path) -> None:
    group = dicom_group(TWO, COUNTS.astype("<i2"))
    setattr(group, keyword, value)
    assert fault in fault_of(tmp_path, group)


def test_a_packed_file_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = write_dicom(tmp_path / "made.dcm", [dicom_group(TWO, COUNTS.astype("<i2"))])
    dataset = pydicom.dcmread(file)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(file)
    with pytest.raises(RecordError, match="packed"):
        open_dicom(file, {})


def test_endless_tiny_elements_are_not_read_to_their_end(tmp_path: Path) -> None:
    file = write_dicom(tmp_path / "made.dcm", [dicom_group(TWO, COUNTS.astype("<i2"))])
    with file.open("ab") as stream:
        stream.truncate(1 << 26)
    with pytest.raises(RecordError, match=r"^made\.dcm is damaged"):
        open_dicom(file, {})


@pytest.mark.parametrize("junk", [bytes(8), struct.pack("<HHL", 0xFFFE, 0xE000, 0)])
def test_endless_tiny_items_are_not_read_to_their_end(junk: bytes, tmp_path: Path) -> None:
    file = write_dicom(tmp_path / "made.dcm", [dicom_group(TWO, COUNTS.astype("<i2"))])
    content = file.read_bytes()
    start = content.index(struct.pack("<HH2sH", 0x5400, 0x0100, b"SQ", 0)) + 8
    file.write_bytes(content[:start] + struct.pack("<L", 1 << 21) + junk * (1 << 18))
    with pytest.raises(RecordError, match=r"^made\.dcm is damaged"):
        open_dicom(file, {})


def test_sequences_inside_each_other_without_end_are_refused(tmp_path: Path) -> None:
    file = write_dicom(tmp_path / "made.dcm", [dicom_group(TWO, COUNTS.astype("<i2"))])
    content = file.read_bytes()
    start = content.index(struct.pack("<HH2s", 0x5400, 0x0100, b"SQ"))
    level = struct.pack("<HH2sHL", 0x5400, 0x0100, b"SQ", 0, 0xFFFFFFFF)
    level += struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    file.write_bytes(content[:start] + level * 20_000)
    with pytest.raises(RecordError, match=r"^made\.dcm is damaged"):
        open_dicom(file, {})


def test_a_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    file = write_dicom(tmp_path / "made.dcm", [dicom_group(TWO, COUNTS.astype("<i2"))])
    content = file.read_bytes()
    for size in (132, 140, 400, 700):
        file.write_bytes(content[:size])
        with pytest.raises(RecordError, match=r"^made\.dcm "):
            open_dicom(file, {})
    file.write_bytes(content[: len(content) // 2])
    assert "The signals are cut off" in open_dicom(file, {}).repairs[0]

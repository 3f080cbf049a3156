from pathlib import Path
from typing import Any

import numpy as np
import pytest
from edfio import Edf, EdfAnnotation, EdfSignal, Patient

from rhythmtrainer.model import RecordError, Strip
from rhythmtrainer.records.files.edf_file import open_edf
from rhythmtrainer.records.files.opened import OpenedFile
from rhythmtrainer.training.cancel import Cancel
from tests.records.files.making import FS, edf_bytes, wave

QUANTUM = 5 / 32767
WAVE = wave()


def opened(folder: Path, content: bytes | None = None, **facts: Any) -> OpenedFile:
    file = folder / "made.edf"
    signals = facts.pop("signals", [("ECG II", "mV", WAVE)])
    file.write_bytes(edf_bytes(signals, **facts) if content is None else content)
    return open_edf(file, {})


def read(recording: OpenedFile, start_s: float = 0.0, seconds: float = 1e5) -> Strip:
    return recording.read(recording.leads, start_s, seconds, Cancel())


def fault_of(folder: Path, content: bytes | None = None, **facts: Any) -> str:
    with pytest.raises(RecordError) as error:
        opened(folder, content, **facts)
    assert str(error.value).startswith("made.edf ")
    assert str(error.value).endswith(".")
    return str(error.value)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    recording = opened(tmp_path)
    strip = read(recording)
    assert strip.leads == ("II",)
    assert strip.fs == FS
    assert strip.at_end
    assert np.allclose(strip.signal[0], WAVE, atol=QUANTUM)
    part = read(recording, 3.1, 5.7)
    assert np.array_equal(part.signal[0], strip.signal[0, 775:2200])
    assert recording.repairs == recording.dropped == ()


def test_what_edfio_writes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "made.edf"
    signals = [
        EdfSignal(WAVE, FS, label="EKG1", physical_dimension="mV", physical_range=(-3, 3)),
        EdfSignal(wave(fs=100), 100, label="EEG Fpz-Cz", physical_dimension="uV"),
        EdfSignal(wave(fs=500), 500, label="ECG V1", physical_dimension="mV"),
    ]
    patient = Patient(code="4711", sex="F", name="Erika_Mustermann")
    Edf(signals, patient=patient, annotations=[EdfAnnotation(1.0, None, "says hello")]).write(file)
    recording = open_edf(file, {})
    assert recording.leads == ("ECG1", "V1")
    assert recording.rates == (250.0, 500.0)
    assert recording.dropped == (
        "patient's number",
        "patient's sex",
        "patient's name",
        "notes in the recording",
    )
    strip = recording.read(recording.leads[1:], 0.0, 12.0, Cancel())
    assert np.allclose(strip.signal[0], wave(fs=500), atol=1e-3)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("mV", 1.0), ("uV", 1e-3), ("µV", 1e-3), ("V", 1e3), ("nV", 1e-6), ("MV", 1.0), ("ÂµV", 1e-3)],
)
def test_every_voltage_becomes_millivolts(unit: str, factor: float, tmp_path: Path) -> None:
    recording = opened(tmp_path, signals=[("ECG", unit, WAVE)])
    assert np.allclose(read(recording).signal[0], WAVE * factor, atol=QUANTUM * factor)


@pytest.mark.parametrize(("scale", "factor"), [(5.0, 1.0), (3276.7, 1e-3)])
def test_a_missing_unit_is_judged_by_the_range_and_told(
    scale: float, factor: float, tmp_path: Path
) -> None:
    samples = WAVE / factor
    recording = opened(tmp_path, signals=[("ECG", "", samples)], full_scale=(-scale, scale))
    assert recording.repairs == ("No unit is written for ECG: its range was judged.",)
    assert np.allclose(read(recording).signal[0], WAVE, atol=1e-3)


@pytest.mark.parametrize("scale", [50.0, 32767.0, 0.0])
def test_a_signal_that_is_not_calibrated_is_refused(scale: float, tmp_path: Path) -> None:
    content = edf_bytes([("ECG", "", WAVE)])
    content = content.replace(b"-5.0    ", f"{-scale:<8g}".encode())
    content = content.replace(b"5.0     ", f"{scale:<8g}".encode())
    assert "does not say how many millivolts" in fault_of(tmp_path, content)


@pytest.mark.parametrize(
    ("labels", "leads"),
    [
        (("ECG I", "ECG II", "Resp"), ("I", "II")),
        (("EKG1", "EKG2"), ("ECG1", "ECG2")),
        (("II-Ref", "V1-Ref", "EEG C3"), ("II", "V1")),
        (("Ch1", "Ch2"), ("ECG", "ECG2")),
        (("ECG", "ECG"), ("ECG", "ECG2")),
        (("ECG LA-RA", "Müller ECG"), ("LA-RA",)),
        (("I", "I"), ("I", "I (2)")),
    ],
)
def test_odd_labels_are_understood_and_not_handed_on(
    labels: tuple[str, ...], leads: tuple[str, ...], tmp_path: Path
) -> None:
    recording = opened(tmp_path, signals=[(label, "mV", WAVE) for label in labels])
    assert recording.leads == leads
    assert read(recording).leads == leads


def test_a_file_that_ends_too_early_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = edf_bytes([("ECG", "mV", WAVE)])
    recording = opened(tmp_path, whole[:-700])
    assert recording.duration_s == 10.0
    assert recording.repairs == (
        "The file ends inside a data record, which is left out.",
        "The header promises 12 s; 10 s are there and are read.",
    )
    assert np.allclose(read(recording).signal[0], WAVE[: 10 * FS], atol=QUANTUM)


def test_a_recording_whose_length_is_not_written_is_measured(tmp_path: Path) -> None:
    recording = opened(tmp_path, records=-1)
    assert recording.duration_s == 12.0
    assert "does not say how long" in recording.repairs[0]


def test_gaps_of_an_interrupted_recording_are_empty(tmp_path: Path) -> None:
    samples = wave(6.0)
    onsets = [100.0, 101.0, 105.0, 106.0, 107.0, 120.5]
    recording = opened(tmp_path, signals=[("ECG", "mV", samples)], kind="EDF+D", onsets=onsets)
    assert recording.duration_s == 21.5
    assert "2 gaps" in recording.repairs[0]
    signal = read(recording).signal[0]
    for place, onset in enumerate(onsets):
        start = round((onset - onsets[0]) * FS)
        held = samples[place * FS : (place + 1) * FS]
        assert np.allclose(signal[start : start + FS], held, atol=QUANTUM)
    assert np.isfinite(signal).sum() == samples.size
    assert np.array_equal(read(recording, 1.5, 4.0).signal[0], signal[375:1375], equal_nan=True)


@pytest.mark.parametrize(
    ("onsets", "fault"),
    [
        ([0.0, 1.0, 1.5], "overlap in time"),
        ([0.0, -1.0, 1.0], "overlap in time"),
        ([0.0, 1.0, 1e8], "more than a month apart"),
    ],
)
def test_times_that_cannot_be_are_refused(onsets: list[float], fault: str, tmp_path: Path) -> None:
    signals = [("ECG", "mV", wave(3.0))]
    assert fault in fault_of(tmp_path, signals=signals, kind="EDF+D", onsets=onsets)


def test_what_a_header_says_about_a_patient_is_counted_and_dropped(tmp_path: Path) -> None:
    plus = opened(tmp_path, patient="123 M 01-JAN-1950 Erika_Mustermann tall", recording="Ward 7")
    assert plus.dropped == (
        *("patient's number", "patient's sex", "date of birth", "patient's name"),
        *("free text about the patient", "text about the recording"),
    )
    old = opened(tmp_path, patient="Erika Mustermann", kind="", recording="")
    assert old.dropped == ("text about the patient",)


def test_a_header_that_is_not_in_ascii_is_read(tmp_path: Path) -> None:
    recording = opened(tmp_path, patient="Jürgen Groß", kind="", signals=[("ECG II", "µV", WAVE)])
    assert recording.leads == ("II",)


def test_bdf_is_read(tmp_path: Path) -> None:
    plain = edf_bytes([("ECG II", "mV", WAVE)])
    samples = np.frombuffer(plain[512:], "<i2").astype("<i4").view("u1").reshape(-1, 4)[:, :3]
    (tmp_path / "made.bdf").write_bytes(b"\xffBIOSEMI" + plain[8:512] + samples.tobytes())
    recording = open_edf(tmp_path / "made.bdf", {})
    assert recording.provenance.source == "own recording (BDF)"
    assert np.allclose(read(recording).signal[0], WAVE, atol=QUANTUM)


@pytest.mark.parametrize(
    ("place", "field", "fault"),
    [
        (252, b"none", "the number of signals reads 'none'"),
        (252, b"9999", "announces 9999 signals; at most 512"),
        (252, b"0   ", "describes no signal"),
        (252, b"-5  ", "describes no signal"),
        (252, b"nan ", "the number of signals reads nan"),
        (252, b"2   ", "its header has not the length it says"),
        (184, b"9999    ", "its header has not the length it says"),
        (244, b"0       ", "its data records are 0 s long"),
        (244, b"-1      ", "its data records are -1 s long"),
        (236, b"many    ", "the number of data records reads 'many'"),
        (256 + 216, b"-250    ", "its data records hold no samples"),
        (256 + 216, b"99999999", "it holds no whole data record"),
        (256 + 104, b"low     ", "its header cannot be read"),
    ],
)
def test_a_broken_header_is_refused_in_one_sentence(
    place: int, field: bytes, fault: str, tmp_path: Path
) -> None:
    content = bytearray(edf_bytes([("ECG", "mV", WAVE)]))
    content[place : place + len(field)] = field
    assert fault in fault_of(tmp_path, bytes(content))


@pytest.mark.parametrize("size", [8, 255, 400, 512])
def test_a_file_without_samples_is_refused(size: int, tmp_path: Path) -> None:
    fault_of(tmp_path, edf_bytes([("ECG", "mV", WAVE)])[:size])

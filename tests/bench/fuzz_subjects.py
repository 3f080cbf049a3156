"""What is fuzzed: sound files of every kind, and what may come out when they are read."""

import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import TableLayout
from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.records.packs.opening import open_pack_file
from rhythmtrainer.records.signals.wfdb_reader import read_annotations
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import OpenRecording
from tests.records.files.making import FS, dicom_group, edf_bytes, wave, write_dicom
from tests.records.packs.making import pack_file
from tests.support.wfdb_files import write_samples

_SECONDS = 4.0
_ECG = wave(_SECONDS)
_LOOKED_AT_S = 1.5
_LEADS = (("5.6.3-9-1", "Lead I"), ("5.6.3-9-2", "Lead II"))


class WrongValuesError(Exception):
    """A strip came out that does not show what the file holds."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A reader that is fuzzed.

    Attributes
    ----------
    make
        Writes sound files into a folder and returns them, the one that is opened first.
    read
        Reads a file; raises anything but `RecordError` where the program has a defect.
    """

    make: Callable[[Path], list[Path]]
    read: Callable[[Path], None]


def _opened(file: Path) -> None:
    files = Files({})
    guess = files.guess(file)
    recording = files.open(file, guess.layout if guess is not None else None, Cancel())
    try:
        _check_recording(recording)
        if not recording.repairs:
            _compare(file, recording, guess.layout if guess is not None else None)
    finally:
        recording.close()


def _check_recording(recording: OpenRecording) -> None:
    assert recording.leads
    assert len(set(recording.leads)) == len(recording.leads) == len(recording.rates)
    assert all(50 <= fs <= 5000 for fs in recording.rates)
    assert 0 < recording.duration_s < 1e9
    for start_s in (0.0, recording.duration_s / 2, max(0.0, recording.duration_s - 1.0)):
        for lead, fs in list(zip(recording.leads, recording.rates, strict=True))[:3]:
            strip = recording.read([lead], start_s, _LOOKED_AT_S, Cancel())
            assert strip.signal.shape[1] <= round(_LOOKED_AT_S * fs) + 1
            assert strip.fs == fs
            assert not np.isinf(strip.signal).any()
            assert abs(strip.start_s - start_s) <= 1.0 / fs + 1e-6 or strip.at_end


def _compare(file: Path, recording: OpenRecording, layout: TableLayout | None) -> None:
    """Compare the first lead with what another way of reading the file makes of it."""
    wanted = _reference(file, layout, len(recording.leads))
    if wanted is None or not wanted.size:
        return
    strip = recording.read(recording.leads[:1], 0.0, _LOOKED_AT_S, Cancel())
    count = min(strip.signal.shape[1], wanted.size)
    held = strip.signal[0, :count].astype(np.float64)
    with np.errstate(over="ignore"):
        wanted = wanted[:count].astype(np.float32).astype(np.float64)
    wanted[np.isinf(wanted)] = np.nan
    wrong = ~np.isclose(held, wanted, 1e-4, 1e-6, equal_nan=True)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise WrongValuesError(
            f"sample {first}: {held[first:][:3]} instead of {wanted[first:][:3]}"
        )


def _reference(file: Path, layout: TableLayout | None, leads: int) -> NDArray[np.float64] | None:
    if file.suffix == ".hea":
        return _by_wfdb(file, leads)
    if file.suffix == ".edf":
        return _by_hand(file)
    if file.suffix == ".dcm":
        return _by_pydicom(file)
    return _by_cells(file, layout) if layout is not None else None


def _by_wfdb(file: Path, leads: int) -> NDArray[np.float64] | None:
    import wfdb  # noqa: PLC0415 - after this program has imported it without its warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            record: Any = wfdb.rdrecord(str(file.with_suffix("")))
        if record.n_sig != leads:
            return None
        factors = {"mv": 1.0, "uv": 1e-3, "v": 1e3}
        return np.asarray(record.p_signal[:, 0] * factors[record.units[0].casefold()])
    except Exception:  # noqa: BLE001 - the library refuses what this program mends
        return None


def _by_hand(file: Path) -> NDArray[np.float64] | None:
    content = file.read_bytes()
    try:
        count = int(content[252:256])
        labels = [content[256 + 16 * i :][:16].strip() for i in range(count)]
        if content[192:197] == b"EDF+D" or labels[0] != b"ECG I":
            return None

        def field(place: int, width: int) -> float:
            return float(content[256 + place * count :][:width])

        unit = content[256 + 96 * count :][:8].strip().decode("latin-1").casefold()
        low, high = field(104, 8), field(112, 8)
        bottom, top = field(120, 8), field(128, 8)
        sizes = [int(content[256 + 216 * count + 8 * i :][:8]) for i in range(count)]
        values = [
            value
            for start in range(256 * (count + 1), len(content) - 2 * sum(sizes) + 1, 2 * sum(sizes))
            for value in struct.unpack_from(f"<{sizes[0]}h", content, start)
        ]
        factor = {"mv": 1.0, "uv": 1e-3, "v": 1e3, "nv": 1e-6}[unit]
        return ((np.array(values) - bottom) / (top - bottom) * (high - low) + low) * factor
    except (ValueError, KeyError, struct.error, ZeroDivisionError):
        return None


def _by_pydicom(file: Path) -> NDArray[np.float64] | None:
    import pydicom  # noqa: PLC0415 - only where it is needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: Any = pydicom.dcmread(file)
            unit = found.WaveformSequence[0].ChannelDefinitionSequence[0]
            code = unit.ChannelSensitivityUnitsSequence[0].CodeValue
            return np.asarray(
                found.waveform_array(0)[:, 0] * {"uV": 1e-3, "mV": 1.0, "V": 1e3}[code]
            )
    except Exception:  # noqa: BLE001 - the library refuses what this program mends
        return None


def _by_cells(file: Path, layout: TableLayout) -> NDArray[np.float64] | None:
    column = layout.columns[0]
    values = []
    for line in file.read_bytes().decode("latin-1").split("\n")[layout.skipped_rows :]:
        cells = line.split() if layout.delimiter == " " else line.split(layout.delimiter)
        try:
            values.append(float(cells[column.index].strip(" \r'\"").replace(layout.decimal, ".")))
        except (ValueError, IndexError):
            values.append(np.nan)
    return np.array(values) * {"mV": 1.0, "uV": 1e-3, "V": 1e3, "nV": 1e-6}[column.units]


def _wfdb(folder: Path) -> list[Path]:
    samples = np.stack([_ECG * 200, _ECG * 100], axis=1).astype("<i2")
    samples.tofile(folder / "made.dat")
    header = (
        f"made 2 {FS} {len(samples)}\nmade.dat 16 200(0)/mV 16 0 0 0 0 II\n"
        "made.dat 16 200(0)/mV 16 0 0 0 0 V1\n# 55 M 1234\n"
    )
    (folder / "made.hea").write_text(header, encoding="utf-8")
    return [folder / "made.hea", folder / "made.dat"]


def _wfdb_packed(folder: Path) -> list[Path]:
    (folder / "made.dat").write_bytes(np.random.default_rng(1).bytes(3000))
    lines = [
        "made.dat 212x2:1+4 200(3)/uV 12 0 5 0 0 ECG",
        "made.dat 212 0 12 0 0 0 0 lead V1",
    ]
    text = "\n".join(["made.mat 2 250 600 10:00:00 01/02/2003", *lines, ""])
    (folder / "made.hea").write_text(text, encoding="utf-8")
    return [folder / "made.hea", folder / "made.dat"]


def _wfdb_compressed(folder: Path) -> list[Path]:

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_samples(
            "made",
            fs=FS,
            units=["mV"],
            sig_name=["II"],
            d_signal=np.round(_ECG[:, np.newaxis] * 200).astype(int),
            fmt=["516"],
            adc_gain=[200.0],
            baseline=[0],
            write_dir=str(folder),
        )
    return [folder / "made.hea", folder / "made.dat"]


def _segments(folder: Path) -> list[Path]:
    for name in ("made_1", "made_2"):
        (_ECG[:500] * 200).astype("<i2").tofile(folder / f"{name}.dat")
        header = f"{name} 1 250 500\n{name}.dat 16 200(0)/mV 16 0 0 0 0 II\n"
        (folder / f"{name}.hea").write_text(header, encoding="utf-8")
    (folder / "made_0.hea").write_text("made_0 1 250 0\n~ 0 200/mV 12 0 0 0 0 II\n", "utf-8")
    text = "made/4 1 250 1200\nmade_0 0\nmade_1 500\n~ 200\nmade_2 500\n"
    (folder / "made.hea").write_text(text, encoding="utf-8")
    return [folder / "made.hea", folder / "made_0.hea", folder / "made_2.hea"]


def _annotations(folder: Path) -> list[Path]:
    files = _wfdb(folder)
    stored = bytes([10, 4] * 20 + [3, 0x70, 8, 0xFC]) + b"(AFIB\0\0\0" + bytes([0, 0])
    (folder / "made.atr").write_bytes(stored)
    return [folder / "made.atr", *files]


def _read_annotations(file: Path) -> None:
    found = read_annotations(file.with_suffix(""), "atr")
    assert found.samples.size == len(found.symbols) == len(found.aux_notes)


def _edf(folder: Path) -> list[Path]:
    signals = [("ECG I", "mV", _ECG), ("ECG II", "mV", _ECG), ("Resp", "mV", _ECG)]
    (folder / "made.edf").write_bytes(edf_bytes(signals, patient="X M 01-JAN-1950 John"))
    return [folder / "made.edf"]


def _edf_gaps(folder: Path) -> list[Path]:
    content = edf_bytes([("ECG I", "mV", _ECG)], kind="EDF+D", onsets=[0, 1, 7, 8])
    (folder / "made.edf").write_bytes(content)
    return [folder / "made.edf"]


def _bdf(folder: Path) -> list[Path]:
    plain = edf_bytes([("ECG I", "mV", _ECG)])
    samples = np.frombuffer(plain[512:], "<i2").astype("<i4").view("u1").reshape(-1, 4)[:, :3]
    (folder / "made.bdf").write_bytes(b"\xffBIOSEMI" + plain[8:512] + samples.tobytes())
    return [folder / "made.bdf"]


def _dicom(folder: Path) -> list[Path]:
    samples = np.stack([_ECG * 200, _ECG * 100], axis=1).astype("<i2")
    groups = [dicom_group(_LEADS, samples), dicom_group(_LEADS, samples[:300])]
    groups[1].WaveformOriginality = "DERIVED"
    return [write_dicom(folder / "made.dcm", groups, PatientName="John", PatientID="7")]


def _table(folder: Path) -> list[Path]:
    rows = [f"{i / FS:.3f},{value:.3f},{value / 2:.3f}" for i, value in enumerate(_ECG)]
    text = "\n".join(["# Name: John", "time,II (mV),V1 (mV)", *rows, ""])
    (folder / "made.csv").write_text(text, encoding="utf-8")
    return [folder / "made.csv"]


def _table_bare(folder: Path) -> list[Path]:
    rows = [f"{value:.3f}; {value / 2:.3f}".replace(".", ",") for value in _ECG]
    (folder / "made.txt").write_text("\r\n".join(rows), encoding="latin-1", newline="")
    return [folder / "made.txt"]


def _table_clock(folder: Path) -> list[Path]:
    rows = [f"'0:{i / FS:06.3f}',{value:.3f}" for i, value in enumerate(_ECG)]
    text = "\n".join(["'Elapsed time','MLII'", "'hh:mm:ss.mmm','mV'", *rows, ""])
    (folder / "made.csv").write_text(text, encoding="utf-8")
    return [folder / "made.csv"]


def _table_labchart(folder: Path) -> list[Path]:
    rows = [f"{i / FS:.3f}\t0.1\t{value:.3f}" for i, value in enumerate(_ECG)]
    head = [f"Interval=\t{1 / FS:.3f} s", "ChannelTitle=\tResp\tECG II", "UnitName=\tV\tmV"]
    (folder / "made.txt").write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    return [folder / "made.txt"]


def _table_acqknowledge(folder: Path) -> list[Path]:
    rows = [f"{i / FS / 60:.7f},{value:.3f},0.1," for i, value in enumerate(_ECG)]
    head = ["made.acq", f"{1000 / FS:g} msec/sample", "2 channels", "ECG - ECG100C", "mV"]
    head += ["RSP", "Volts", "min,CH1,CH2,", f",{len(rows)},{len(rows)},"]
    (folder / "made.txt").write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    return [folder / "made.txt"]


def _pack(folder: Path) -> list[Path]:
    return [pack_file(folder)]


def _read_pack(file: Path) -> None:
    place = file.with_name("unpacked")
    try:
        open_pack_file(file, place, Cancel())
    except Exception:
        assert not place.exists(), "a half unpacked folder was left behind"
        raise


SUBJECTS = {
    "wfdb": Subject(_wfdb, _opened),
    "wfdb-packed": Subject(_wfdb_packed, _opened),
    "wfdb-flac": Subject(_wfdb_compressed, _opened),
    "segments": Subject(_segments, _opened),
    "annotations": Subject(_annotations, _read_annotations),
    "edf": Subject(_edf, _opened),
    "edf-gaps": Subject(_edf_gaps, _opened),
    "bdf": Subject(_bdf, _opened),
    "dicom": Subject(_dicom, _opened),
    "table": Subject(_table, _opened),
    "table-bare": Subject(_table_bare, _opened),
    "table-clock": Subject(_table_clock, _opened),
    "table-lab": Subject(_table_labchart, _opened),
    "table-acq": Subject(_table_acqknowledge, _opened),
    "pack": Subject(_pack, _read_pack),
}

from pathlib import Path

import numpy as np
import pytest
import wfdb

from rhythmtrainer.model import LeadName, RecordError, Strip
from rhythmtrainer.records.files.opened import OpenedFile
from rhythmtrainer.records.files.wfdb_file import open_wfdb
from rhythmtrainer.training.cancel import Cancel
from tests.records.making import FRAMES, make_record
from tests.support.wfdb_files import write_samples

ECG = "made.dat 16 200(3)/mV 16 0 0 0 0 II"


def opened(file: Path) -> OpenedFile:
    return open_wfdb(file if file.suffix else file.with_suffix(".hea"), {})


def read(file: Path, *leads: str, start_s: float = 0.0, seconds: float = 1e5) -> Strip:
    recording = opened(file)
    try:
        names = [LeadName(lead) for lead in leads] or recording.leads
        return recording.read(names, start_s, seconds, Cancel())
    finally:
        recording.close()


@pytest.mark.parametrize("ending", [".hea", ".dat"])
def test_a_record_is_opened_by_any_of_its_files(ending: str, tmp_path: Path) -> None:
    assert read(make_record(tmp_path, [ECG]).with_suffix(ending)).leads == ("II",)


def test_a_signal_file_finds_the_header_that_names_it(tmp_path: Path) -> None:
    make_record(tmp_path, [ECG.replace("made.dat", "signal.dat")])
    assert read(tmp_path / "signal.dat").leads == ("II",)
    (tmp_path / "made.hea").unlink()
    with pytest.raises(RecordError, match=r"signal\.dat is no recording by itself"):
        read(tmp_path / "signal.dat")


@pytest.mark.parametrize("format_", ["8", "16", "24", "32", "61", "80", "160", "212", "310", "311"])
@pytest.mark.parametrize("units", ["mV", "µV"])
def test_every_format_is_read_as_the_library_reads_it(
    format_: str, units: str, tmp_path: Path
) -> None:
    lines = [f"made.dat {format_} 200(3)/mV 16 0 5 0 0 {lead}" for lead in ("II", "V1")]
    reference = wfdb.rdrecord(str(make_record(tmp_path, lines))).p_signal.T
    make_record(tmp_path, [line.replace("mV", units) for line in lines])
    factor = 1.0 if units == "mV" else 1e-3
    strip = read(tmp_path / "made")
    assert np.allclose(strip.signal, reference * factor, 1e-6, 1e-9, equal_nan=True)
    part = read(tmp_path / "made", "V1", start_s=0.5, seconds=0.5)
    assert np.array_equal(part.signal[0], strip.signal[1, 125:250], equal_nan=True)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # of the library, as it writes
@pytest.mark.parametrize("format_", ["508", "516", "524"])
@pytest.mark.parametrize("header", ["plain", "faulty"])
def test_compressed_formats_are_read_whatever_the_header(
    format_: str, header: str, tmp_path: Path
) -> None:
    samples = np.random.default_rng(1).integers(-100, 100, (1000, 2))
    write_samples(
        "made",
        fs=250,
        units=["mV", "mV"],
        sig_name=["II", "V1"],
        d_signal=samples,
        fmt=[format_] * 2,
        adc_gain=[200.0] * 2,
        baseline=[0] * 2,
        write_dir=str(tmp_path),
    )
    if header == "faulty":
        text = (tmp_path / "made.hea").read_text()
        (tmp_path / "made.hea").write_text(text.replace("/mV", "/µV").replace("made 2", "made.d 2"))
    strip = read(tmp_path / "made", start_s=1.0, seconds=1.0)
    assert np.allclose(strip.signal, samples[250:500].T / 200 * (1 if header == "plain" else 1e-3))


def test_signals_of_other_kinds_are_left_out_and_rates_kept(tmp_path: Path) -> None:
    lines = [
        "made.dat 16 200/mmHg 16 0 0 0 0 ABP",
        "made.dat 16x4 200/mV 16 0 0 0 0 ECG",
        "made.dat 16 200/mV 16 0 0 0 0 RESP",
        "made.dat 16 200/mV 16 0 0 0 0 ECG",
    ]
    path = make_record(tmp_path, lines)
    recording = opened(path)
    assert recording.leads == ("ECG", "ECG2")
    assert recording.rates == (1000.0, 250.0)
    samples = np.fromfile(tmp_path / "made.dat", "<i2")[: FRAMES * 7].reshape(-1, 7)
    fast = read(path, "ECG", start_s=0.1, seconds=0.5)
    assert np.allclose(fast.signal[0], samples[:, 1:5].ravel()[100:600] / 200)
    assert np.allclose(read(path, "ECG2").signal[0], samples[:, 6] / 200)
    with pytest.raises(RecordError, match="differ in their sampling rates"):
        recording.read(recording.leads, 0.0, 1.0, Cancel())


def test_faults_of_a_header_are_mended_and_told(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    plain = read(path).signal
    text = "\ufeffmade.dat 1 250\r\nmade.dat 16 0(3)/mV 16 0 0 0 0 II\r\n#Erika\r\n"
    (tmp_path / "made.hea").write_bytes(text.encode())
    recording = opened(path)
    assert np.array_equal(read(path, seconds=FRAMES / 250).signal, plain)
    assert recording.repairs == (
        "The header named a file in the place of the record.",
        "The header does not say how long the record is: its files were measured.",
        "Not calibrated: 200 units a millivolt are assumed for signal 1.",
    )
    assert recording.dropped == ("free-text comments",)


def test_a_sound_header_needs_no_repair(tmp_path: Path) -> None:
    recording = opened(make_record(tmp_path, [ECG]))
    assert recording.repairs == ()
    assert recording.dropped == ()


def test_the_date_of_a_record_is_dropped(tmp_path: Path) -> None:
    first = f"made 1 250 {FRAMES} 10:00:00 01/02/1999"
    recording = opened(make_record(tmp_path, [ECG], first_line=first))
    assert recording.dropped == ("date or time of the recording",)


def test_what_is_left_of_a_cut_off_record_is_read_and_told(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG], size=501)
    recording = opened(path)
    assert recording.duration_s == 1.0
    assert recording.repairs == ("The signals are cut off: 1 of 1.6 s are there.",)
    assert read(path).at_end
    (tmp_path / "made.dat").write_bytes(b"1")
    with pytest.raises(RecordError, match=r"made\.dat is cut off: it has no whole sample"):
        opened(path)


def test_a_signal_file_named_in_other_letters_is_found(tmp_path: Path) -> None:
    plain = read(make_record(tmp_path, [ECG], size=2 * FRAMES)).signal
    (tmp_path / "made.dat").rename(tmp_path / "MADE.DAT")
    recording = opened(tmp_path / "made.hea")
    if recording.repairs:  # where the case of letters makes another file
        assert "another signal file" in recording.repairs[0]
    assert np.array_equal(read(tmp_path / "made.hea").signal, plain)


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a\0\0\0"])
def test_the_end_of_a_text_of_old_systems_is_no_signal(end: bytes, tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG], size=2 * FRAMES)
    plain = read(path).signal
    path.with_suffix(".hea").write_bytes(path.with_suffix(".hea").read_bytes() + end)
    assert np.array_equal(read(path).signal, plain)


def test_renamed_files_are_found_again(tmp_path: Path) -> None:
    plain = read(make_record(tmp_path, [ECG], size=2 * FRAMES)).signal
    for ending in (".hea", ".dat"):
        (tmp_path / f"made{ending}").rename(tmp_path / f"my patient{ending}")
    recording = opened(tmp_path / "my patient.hea")
    assert "another signal file" in recording.repairs[0]
    assert np.array_equal(read(tmp_path / "my patient.hea").signal, plain)
    (tmp_path / "my patient.dat").write_bytes(bytes(2 * FRAMES + 2))
    with pytest.raises(RecordError, match=r"made\.dat is missing"):
        opened(tmp_path / "my patient.hea")


def test_a_missing_signal_file_is_named(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    (tmp_path / "made.dat").unlink()
    with pytest.raises(RecordError, match=r"made\.dat is missing: made\.hea names it"):
        opened(path)


@pytest.mark.parametrize("names", [("", ""), ("ch1", "ch2")])
def test_voltages_without_a_name_are_taken_for_leads(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    path = make_record(tmp_path, [ECG.replace("II", name).rstrip() for name in names])
    recording = opened(path)
    assert recording.leads == ("ECG", "ECG2")
    assert "No signal is called an ECG" in recording.repairs[0]


@pytest.mark.parametrize(
    ("line", "fs", "fault"),
    [
        (ECG.replace("II", "RESP"), 250, "holds no ECG: its signals are RESP."),
        (ECG.replace("mV", "mmHg"), 250, "does not say how many millivolts"),
        (ECG, 49, "has 49 samples per second; 50 to 5000 can be shown"),
        (ECG, 5001, "has 5001 samples per second"),
    ],
)
def test_what_is_no_ecg_is_refused(line: str, fs: float, fault: str, tmp_path: Path) -> None:
    path = make_record(tmp_path, [line], first_line=f"made 1 {fs} {FRAMES}")
    with pytest.raises(RecordError, match=fault):
        opened(path)


def test_ten_thousand_signals_are_refused(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG] * 600)
    with pytest.raises(RecordError, match="announces 600 signals; at most 512"):
        opened(path)


def _part(folder: Path, name: str, leads: tuple[str, ...], frames: int) -> None:
    lines = [f"{name}.dat 16 200(0)/mV 16 0 0 0 0 {lead}" for lead in leads]
    make_record(folder, lines, name, f"{name} {len(leads)} 250 {frames}", frames * 2 * len(leads))


def _segments(folder: Path, *lines: str, total: int) -> Path:
    text = "\n".join([f"whole/{len(lines)} 2 250 {total}", *lines, ""])
    (folder / "whole.hea").write_text(text, encoding="utf-8")
    return folder / "whole.hea"


def test_segments_of_one_layout_are_joined_and_gaps_are_empty(tmp_path: Path) -> None:
    for name, frames in (("a", 500), ("b", 300)):
        _part(tmp_path, name, ("ECG", "ECG"), frames)
    file = _segments(tmp_path, "a 500", "~ 100", "b 300", total=900)
    strip = read(file)
    assert strip.leads == ("ECG", "ECG2")
    assert strip.duration_s == pytest.approx(3.6)
    for start, end, name in ((0, 500, "a"), (600, 900, "b")):
        samples = np.fromfile(tmp_path / f"{name}.dat", "<i2").reshape(-1, 2)
        assert np.allclose(strip.signal[:, start:end], samples.T / 200)
    assert np.isnan(strip.signal[:, 500:600]).all()
    across = read(file, "ECG2", start_s=1.9, seconds=0.6)
    assert np.array_equal(across.signal[0], strip.signal[1, 475:625], equal_nan=True)


def test_segments_of_various_layouts_have_gaps_where_a_lead_is_missing(tmp_path: Path) -> None:
    layout = ["~ 0 200/mV 12 0 0 0 0 II", "~ 0 200/mV 12 0 0 0 0 V1", "~ 0 1/mmHg 12 0 0 0 0 ABP"]
    (tmp_path / "layout.hea").write_text("\n".join(["layout 3 250 0", *layout]), encoding="utf-8")
    _part(tmp_path, "a", ("V1", "II"), 250)
    _part(tmp_path, "b", ("II",), 250)
    strip = read(_segments(tmp_path, "layout 0", "a 250", "b 250", total=500))
    a = np.fromfile(tmp_path / "a.dat", "<i2").reshape(-1, 2) / 200
    b = np.fromfile(tmp_path / "b.dat", "<i2") / 200
    assert strip.leads == ("II", "V1")
    assert np.allclose(strip.signal[0], np.concatenate([a[:, 1], b]))
    assert np.allclose(strip.signal[1, :250], a[:, 0])
    assert np.isnan(strip.signal[1, 250:]).all()


@pytest.mark.parametrize(
    ("lines", "total", "fault"),
    [
        (("a 500",), 600, "promises 600 samples and its segments have 500"),
        (("../a 500",), 500, "describes a segment as"),
        (("~ 500",), 500, "has no samples"),
        (("a 400",), 400, "does not fit into whole.hea"),
        (("whole 500",), 500, "joins several segments"),
        (("none 500",), 500, "none.hea is missing"),
    ],
)
def test_broken_segments_are_refused(
    lines: tuple[str, ...], total: int, fault: str, tmp_path: Path
) -> None:
    _part(tmp_path, "a", ("I", "II"), 500)
    with pytest.raises(RecordError, match=fault):
        read(_segments(tmp_path, *lines, total=total))

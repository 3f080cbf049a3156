from pathlib import Path

import pytest
import wfdb

from rhythmtrainer.model import RecordError, RecordRef
from rhythmtrainer.records.signals.header import (
    checked_path,
    header_text,
    parse_header,
)

SIGNAL = "100.dat 212 200 11 1024 995 -22131 0 MLII"


def parse(*lines: str) -> None:
    parse_header("\n".join(lines).encode(), "100.hea")


@pytest.mark.recordings
def test_real_headers_say_the_same_as_to_the_wfdb_library(records_dir: Path) -> None:
    names = ["mitdb/1.0.0/100", "ludb/1.0.1/data/1", "cpsc2021/1.0.0/Training_set_I/data_21_7"]
    for name in names:
        header = parse_header((records_dir / f"{name}.hea").read_bytes(), name)
        reference = wfdb.rdheader(str(records_dir / name))
        assert (header.name, header.fs) == (reference.record_name, reference.fs)
        assert header.length == reference.sig_len
        assert header.as_written
        for field, ours in {
            "file_name": "file",
            "fmt": "format",
            "adc_gain": "gain",
            "baseline": "baseline",
            "units": "units",
            "checksum": "checksum",
            "sig_name": "name",
        }.items():
            assert [getattr(signal, ours) for signal in header.signals] == getattr(reference, field)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((), "it is empty"),
        (("# only a remark",), "it is empty"),
        (("\x00\x01",), "is not a WFDB header"),
        (("100 one 360 1000", SIGNAL), "is not a WFDB header"),
        (("100 1 fast 1000", SIGNAL), "is not a WFDB header"),
        (("100/3 1 360 1000", "a 500"), "joins several segments"),
        (("100 1 0 1000", SIGNAL), "its sampling rate is 0"),
        (("100 1 -360 1000", SIGNAL), "its sampling rate is -360"),
        (("100 1 360 0", SIGNAL), "a length of 0 samples"),
        (("100 1 360 -5", SIGNAL), "a length of -5 samples"),
        (("100 0 360 1000",), "describes no signal"),
        (("100 2 360 1000", SIGNAL), "announces 2 signals and describes 1"),
        (("100 1 360 1000", SIGNAL, SIGNAL), "announces 1 signals and describes 2"),
        (("100 1 360 1000", "~ 212 200 11 1024 0 0 0 MLII"), "names no signal file"),
        (("100 1 360 1000", "../100.dat 212 200 11 1024 0 0 0 MLII"), "which is no name"),
        (("100 1 360 1000", "100.dat MLII"), "describes a signal as"),
        (("100 1 360 1000", "100.dat 212 1e99 11 0 0 0 0 MLII"), "a gain of 1e99"),
        (("100 1 360 1000", "100.dat 212x0 200 11 0 0 0 0 MLII"), "cannot be laid out"),
        (("100 1 360 1000", "100.dat 212:1001 200 11 0 0 0 0 MLII"), "cannot be laid out"),
        (
            ("100 2 360 1000", SIGNAL, "100.dat 16 200 11 0 0 0 0 V5"),
            "describes 100.dat in two ways",
        ),
    ],
)
def test_a_broken_header_is_refused_in_one_sentence(lines: tuple[str, ...], fault: str) -> None:
    with pytest.raises(RecordError, match=fault) as error:
        parse(*lines)
    assert str(error.value).startswith("100.hea ")
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_what_the_library_would_guess_is_not_given_to_it() -> None:
    header = parse_header(b"100.mat 1 360 1000\n" + SIGNAL.encode(), "100.hea")
    assert not header.as_written


def test_micro_volts_are_no_volts_whatever_the_encoding() -> None:
    text = "100 1 360 1000\n100.dat 16 200/µV 11 0 0 0 0 II"
    for encoding in ("utf-8", "latin-1"):
        (signal,) = parse_header(text.encode(encoding), "100.hea").signals
        assert signal.millivolts == 1e-3


def test_defaults_are_those_of_the_format() -> None:
    header = parse_header(b"100 1\n100.dat 212", "100.hea")
    assert (header.fs, header.length) == (250.0, None)
    assert (header.signals[0].gain, header.signals[0].units) == (200.0, "mV")


def test_a_missing_baseline_is_the_converters_zero() -> None:
    header = parse_header(f"100 1 360 1000\n{SIGNAL}".encode(), "100.hea")
    assert header.signals[0].baseline == 1024


def test_a_written_header_reads_back_as_it_was() -> None:
    lines = "100 2 360.5 1000\na.dat 16x2:3+24 1e-5(-7)/uV 16 3 0 0 0 lead II\nb.dat 8 200"
    header = parse_header(lines.encode(), "100.hea")
    again = parse_header(header_text(header, "copy", 10, ((1, 2), (3, 4))).encode(), "copy.hea")
    assert again.fs == header.fs
    assert again.length == 10
    assert [signal.file for signal in again.signals] == ["copy_0.dat", "copy_1.dat"]
    for field in ("format", "samples_per_frame", "skew", "gain", "baseline", "units", "name"):
        assert [getattr(signal, field) for signal in again.signals] == [
            getattr(signal, field) for signal in header.signals
        ]
    assert [(signal.initial, signal.checksum) for signal in again.signals] == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    "record", ["../100", "data/../../x", "/etc/passwd", "a//b", "", "a b", "a\\b", "C:x", ".x"]
)
def test_a_record_cannot_lead_out_of_its_archive(record: str) -> None:
    with pytest.raises(RecordError, match="does not name a record"):
        checked_path(RecordRef("mitdb", "1.0.0", record))


def test_a_record_in_a_folder_of_its_database_is_accepted() -> None:
    assert checked_path(RecordRef("ludb", "1.0.1", "data/1")) == "ludb/1.0.1/data/1"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("100.mat 1 360 1000", SIGNAL), "named a file in the place of the record"),
        (("100 1 360 1000.0", SIGNAL), "as a fraction"),
        (("100 1 360 1000", SIGNAL.replace("200", "200/µV")), "wrote µ"),
        (("100 1", SIGNAL), "gives no sampling rate: 250 per second"),
        (("100 1 360", SIGNAL), "does not say how long"),
        (("100 1 360 1000", SIGNAL.replace("200", "0")), "Not calibrated: 200 units a millivolt"),
        (("100 1 360 1000", "100.dat 212"), "Not calibrated: 200 units a millivolt"),
    ],
)
def test_what_is_mended_is_told(lines: tuple[str, ...], told: str) -> None:
    repairs = parse_header("\n".join(lines).encode(), "100.hea").repairs
    assert any(told in sentence for sentence in repairs)


def test_marks_of_other_systems_are_no_fault() -> None:
    plain = parse_header(f"100 1 360 1000\n{SIGNAL}\n".encode(), "100.hea")
    marked = parse_header(f"\ufeff100 1 360 1000\r\n{SIGNAL}\r\n".encode(), "100.hea")
    assert marked == plain
    assert plain.repairs == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"100 1 360 1000\n{SIGNAL}\n#\n# \n", ()),
        (f"100 1 360 1000\n{SIGNAL}\n# Erika, 69\n", ("free-text comments",)),
        (f"100 1 360 1000 10:00 1/2/1999\n{SIGNAL}", ("date or time of the recording",)),
    ],
)
def test_what_a_header_says_about_a_patient_is_counted(text: str, kinds: tuple[str, ...]) -> None:
    assert parse_header(text.encode(), "100.hea").personal == kinds


def test_ten_thousand_signals_are_refused() -> None:
    with pytest.raises(RecordError, match="announces 10000 signals; at most 512"):
        parse("100 10000 360 1000", *[SIGNAL] * 10_000)

"""Signals of strips as WFDB records."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName, Origin, Provenance, RecordError, Strip, StripId
from rhythmtrainer.records.packs.signals import check_record, encode_strip
from rhythmtrainer.records.signals.wfdb_reader import check_record as check_wfdb
from rhythmtrainer.records.signals.wfdb_reader import read_strip
from tests.records.packs.making import FS, label_of, strip

_MADE = Provenance(Origin.REAL, "made")
_HALF_UV = 0.5e-3 + 1e-6


def _strip_of(signal: NDArray[np.float32], fs: float = FS) -> Strip:
    leads = tuple(LeadName(f"ECG{row + 1}") for row in range(signal.shape[0]))
    return Strip(signal, fs, leads, 0.0, at_end=True, provenance=_MADE)


def _kept(folder: Path, made: Strip) -> Strip:
    header, content = encode_strip(StripId("a-1"), made)
    (folder / "a-1.hea").write_bytes(header)
    (folder / "a-1.dat").write_bytes(content)
    check_wfdb(folder / "a-1")
    check_record(replace(label_of(made), id=StripId("a-1")), header, content, "x.rtpack")
    return read_strip(folder / "a-1", 0.0, None, made.leads, _MADE)


@settings(max_examples=60, deadline=None)
@given(
    signal=arrays(
        np.float32,
        st.tuples(st.integers(1, 4), st.integers(50, 70)),
        elements=st.floats(-32, 32, width=32) | st.just(np.float32(np.nan)),
    ).filter(lambda signal: not np.isnan(signal).all()),
    fs=st.sampled_from([50.0, 50.5, 51.123456789, 100.0 / 3 + 20]),
    offset=st.floats(-9000, 9000, width=32),
)
def test_a_kept_signal_comes_back_within_half_a_microvolt(
    tmp_path_factory: pytest.TempPathFactory,
    signal: NDArray[np.float32],
    fs: float,
    offset: float,
) -> None:
    if signal.shape[1] / fs < 1.0:
        fs = 50.0
    made = _strip_of(signal + np.float32(offset), fs)
    back = _kept(tmp_path_factory.mktemp("kept"), made)
    assert back.fs == made.fs
    assert back.leads == made.leads
    assert back.at_end
    rounding = np.spacing(np.float32(9032.0)) if offset else 0.0
    np.testing.assert_allclose(back.signal, made.signal, rtol=0, atol=_HALF_UV + rounding)


def test_a_signal_with_a_huge_range_loses_resolution_but_no_peak(tmp_path: Path) -> None:
    signal = np.zeros((1, 500), np.float32)
    signal[0, 10], signal[0, 20] = -9000.0, 10_000.0
    back = _kept(tmp_path, _strip_of(signal))
    np.testing.assert_allclose(back.signal, signal, rtol=0, atol=0.5 / 2)


def test_whole_microvolts_come_back_exactly(tmp_path: Path) -> None:
    made = strip()
    assert np.array_equal(_kept(tmp_path, made).signal, made.signal)


def test_a_lead_that_is_one_gap_stays_one(tmp_path: Path) -> None:
    signal = np.full((2, 500), np.nan, np.float32)
    signal[0] = 1.0
    back = _kept(tmp_path, _strip_of(signal))
    assert np.isnan(back.signal[1]).all()
    assert np.all(back.signal[0] == 1.0)


def test_other_software_reads_the_record(tmp_path: Path) -> None:
    made = strip(leads=("II", "aVR"))
    _kept(tmp_path, made)
    record = wfdb.rdrecord(str(tmp_path / "a-1"))
    assert record.sig_name == ["II", "aVR"]
    assert (record.fs, record.units, record.comments) == (FS, ["mV", "mV"], [])
    assert record.base_date is None
    assert record.base_time is None
    np.testing.assert_allclose(record.p_signal.T, made.signal, atol=_HALF_UV)


def test_the_format_is_what_it_was_when_it_was_published() -> None:
    signal = np.tile(np.array([0.5, -1.0, np.nan, 0.25], np.float32), 25)[np.newaxis]
    header, content = encode_strip(StripId("a-1"), _strip_of(signal, 100.0))
    assert header == (b"a-1 1 100 100\na-1.dat 16 1000(250)/mV 16 0 750 -20268 0 ECG1\n")
    assert content[:8] == np.array([750, -750, -32768, 500], "<i2").tobytes()


@pytest.mark.parametrize(
    ("signal", "fs"),
    [
        (np.zeros((1, 100)), 250.0),
        (np.zeros((1, 601 * 50)), 50.0),
        (np.zeros((1, 500)), 49.0),
        (np.zeros((1, 6000)), 5001.0),
        (np.zeros((32, 600_000)), 1000.0),
        (np.full((1, 500), np.nan), 250.0),
        (np.full((1, 500), np.inf), 250.0),
        (np.full((1, 500), 10_001.0), 250.0),
        (np.zeros((0, 500)), 250.0),
        (np.zeros((1, 0)), 250.0),
    ],
)
def test_what_is_no_strip_of_an_ecg_is_refused(signal: NDArray[np.float64], fs: float) -> None:
    with pytest.raises(RecordError):
        encode_strip(StripId("a-1"), _strip_of(signal.astype(np.float32), fs))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\n# Erika Mustermann\n"),
        (b" II", b" II "),
        (b" II", b" V1"),
        (b"a-1 1 250 1500", b"a-1 1 250 1500 10:00:00 01/02/2003"),
        (b"a-1 1 250 1500", b"a-1 1 500 1500"),
        (b"a-1 1 250 1500", b"a-1 1 250 1499"),
        (b"a-1 1 250 1500", b"a-1 1 1e9 1500"),
        (b"a-1 1 250 1500", b"a-1 1 250"),
        (b"a-1 1 250 1500", b"a-1/2 1 250 1500"),
        (b"a-1.dat", b"/etc/passwd"),
        (b"a-1.dat", b"a-2.dat"),
        (b" 16 1000", b" 212 1000"),
        (b" 16 1000", b" 16 0"),
        (b" 16 1000", b" 16 300"),
        (b" 16 1000", b" 16 1e12"),
        (b"/mV", b"/uV"),
    ],
)
def test_a_header_that_says_anything_else_is_refused(old: bytes, new: bytes) -> None:
    label = replace(label_of(strip()), id=StripId("a-1"))
    header, content = encode_strip(label.id, strip())
    assert old in header
    with pytest.raises(RecordError, match=r"x\.rtpack, strip a-1"):
        check_record(label, header.replace(old, new, 1), content, "x.rtpack")


def test_signals_that_do_not_add_up_are_refused() -> None:
    label = replace(label_of(strip()), id=StripId("a-1"))
    header, content = encode_strip(label.id, strip())
    for wrong in (content[:-2], content + b"\0\0", content[:-2] + b"\x01\x00", b""):
        with pytest.raises(RecordError, match="damaged"):
            check_record(label, header, wrong, "x.rtpack")

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import wfdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhythmtrainer.model import STANDARD_LEADS, LeadName, Origin, Provenance, RecordError, Strip
from rhythmtrainer.records.signals.wfdb_reader import (
    check_record,
    read_annotations,
    read_header,
    read_strip,
)
from tests.records.making import FRAMES, make_record
from tests.support.wfdb_files import write_annotations, write_samples

PROVENANCE = Provenance(Origin.REAL, "made")
ECG = "made.dat 16 200(3)/mV 16 0 0 0 0 II"
REAL = (
    "mitdb/1.0.0/100",
    "vfdb/1.0.0/418",
    "ludb/1.0.1/data/1",
    "nstdb/1.0.0/118e_6",
    "ptb-xl/1.0.3/records500/00000/00005_hr",
    "challenge-2021/1.0.3/training/ptb-xl/HR00005",
    "cpsc2021/1.0.0/Training_set_I/data_21_7",
)


def read(path: Path, start_s: float = 0.0, seconds: float | None = 1.0) -> Strip:
    return read_strip(path, start_s, seconds, None, PROVENANCE)


def fault_of(path: Path, lead: str | None = None) -> str:
    with pytest.raises(RecordError) as error:
        read_strip(path, 0.0, 1.0, (LeadName(lead),) if lead else None, PROVENANCE)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")
    return str(error.value)


@pytest.mark.recordings
@pytest.mark.parametrize("name", REAL)
def test_every_lead_of_a_real_record_is_what_the_wfdb_library_reads(
    records_dir: Path, name: str
) -> None:
    path = records_dir / name
    for index, signal in enumerate(read_header(path).signals):
        strip = read_strip(path, 1.3, 5.0, (LeadName(signal.name),), PROVENANCE)
        first = round(1.3 * strip.fs)
        wanted = 0 if name.startswith("vfdb") else index  # both leads there are called ECG
        reference = wfdb.rdrecord(
            str(path), sampfrom=first, sampto=first + round(5 * strip.fs), channels=[wanted]
        )
        assert strip.fs == reference.fs
        assert strip.signal.dtype == np.float32
        assert np.array_equal(
            strip.signal[0], reference.p_signal[:, 0].astype(np.float32), equal_nan=True
        )


@pytest.mark.recordings
@pytest.mark.parametrize("name", REAL)
def test_real_records_add_up_to_their_checksums(records_dir: Path, name: str) -> None:
    check_record(records_dir / name)


@pytest.mark.recordings
def test_a_record_name_that_carries_an_ending_is_read_all_the_same(records_dir: Path) -> None:
    path = records_dir / "challenge-2021/1.0.3/training/georgia/E00271"
    with pytest.raises(ValueError, match="invalid syntax"):
        wfdb.rdheader(str(path))
    samples = np.fromfile(path.with_suffix(".mat"), "<i2", offset=24).reshape(-1, 12)
    strip = read_strip(path, 2.0, 3.0, (LeadName("aVF"),), PROVENANCE)
    assert np.array_equal(strip.signal[0], (samples[1000:2500, 5] / 1000).astype(np.float32))
    check_record(path)


@pytest.mark.recordings
def test_a_lead_bears_the_name_that_is_printed(records_dir: Path) -> None:
    path = records_dir / "ludb/1.0.1/data/1"
    assert read_strip(path, 0.0, 1.0, (LeadName("avf"),), PROVENANCE).leads == ("aVF",)
    assert read(path).leads == ("I",)


@pytest.mark.recordings
def test_without_an_end_the_strip_reaches_the_end_of_the_recording(records_dir: Path) -> None:
    strip = read(records_dir / "mitdb/1.0.0/100", 1800.0, None)
    assert strip.at_end
    assert strip.signal.shape == (1, 650_000 - 1800 * 360)
    assert strip.end_s == pytest.approx(650_000 / 360)


@pytest.mark.recordings
def test_reading_on_is_seamless_and_ends_at_the_end(records_dir: Path) -> None:
    path = records_dir / "ludb/1.0.1/data/1"
    strips = [read(path, 0.0, 3.3)]
    while not strips[-1].at_end:
        strips.append(read(path, strips[-1].end_s, 3.3))
    assert len(strips) == 4
    joined = np.concatenate([strip.signal for strip in strips], axis=1)
    assert np.array_equal(joined, read(path, 0.0, None).signal)


@pytest.mark.recordings
@pytest.mark.parametrize("names", [("MLII", "V5"), ("V5", "MLII")])
def test_two_leads_are_read_in_the_order_of_the_wish(
    records_dir: Path, names: tuple[str, ...]
) -> None:
    path = records_dir / "mitdb/1.0.0/100"
    strip = read_strip(path, 60.0, 10.0, tuple(map(LeadName, names)), PROVENANCE)
    whole = wfdb.rdrecord(str(path), sampfrom=21_600, sampto=25_200)
    columns = [whole.sig_name.index(name) for name in names]
    assert strip.leads == names
    assert np.array_equal(strip.signal, whole.p_signal[:, columns].T.astype(np.float32))


@pytest.mark.recordings
@pytest.mark.parametrize(
    "name",
    [
        "ludb/1.0.1/data/1",
        "challenge-2021/1.0.3/training/georgia/E00271",
        "challenge-2021/1.0.3/training/ptb-xl/HR00005",
    ],
)
def test_twelve_leads_are_those_that_are_read_one_by_one(records_dir: Path, name: str) -> None:
    path = records_dir / name
    leads = tuple(map(LeadName, STANDARD_LEADS[::-1]))
    strip = read_strip(path, 1.3, 5.0, leads, PROVENANCE)
    assert strip.leads == leads
    assert strip.signal.shape == (12, 2500)
    for lead, row in zip(strip.leads, strip.signal, strict=True):
        assert np.array_equal(read_strip(path, 1.3, 5.0, (lead,), PROVENANCE).signal[0], row)


def test_leads_may_differ_in_file_format_unit_and_skew(tmp_path: Path) -> None:
    lines = [
        "a.dat 212:7 200(3)/mV 12 0 0 0 0 I",
        "b.dat 8 100(0)/uV 8 0 5 0 0 II",
        "a.dat 212 200(3)/mV 12 0 0 0 0 III",
        "c.dat 16:2 1000(-5)/V 16 0 0 0 0 V1",
    ]
    path = make_record(tmp_path, [lines[0], lines[2], lines[1], lines[3]])
    leads = tuple(map(LeadName, ("V1", "III", "II", "I")))
    for start_s, seconds in ((0.0, 0.5), (0.8, 0.4), (1.2, None)):
        strip = read_strip(path, start_s, seconds, leads, PROVENANCE)
        for lead, row in zip(leads, strip.signal, strict=True):
            alone = read_strip(path, start_s, seconds, (lead,), PROVENANCE)
            assert np.array_equal(alone.signal[0], row, equal_nan=True)
    gaps = np.isnan(read_strip(path, 1.2, None, leads, PROVENANCE).signal).sum(axis=1)
    assert gaps.tolist() == [2, 0, 0, 7]


def test_behind_the_end_every_lead_is_without_samples(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG, ECG.replace("II", "V1")])
    strip = read_strip(path, 1e6, 1.0, (LeadName("V1"), LeadName("II")), PROVENANCE)
    assert strip.leads == ("V1", "II")
    assert strip.signal.shape == (2, 0)


@pytest.mark.parametrize("start_s", [0.0, 1e6])
def test_leads_that_make_no_strip_together_are_refused(tmp_path: Path, start_s: float) -> None:
    path = make_record(tmp_path, [ECG.replace(" 16 200", " 16x2 200"), ECG.replace("II", "V1")])
    for names, fault in (
        (("II", "V1"), "made.hea has 500 samples per second of lead II and 250 of lead V1"),
        (("II", "II"), "Lead II of made.hea was asked for twice."),
        (("II", "V9"), "made.hea has no lead V9; its leads are: II, V1."),
        ((), "No lead of made.hea was asked for."),
    ):
        with pytest.raises(RecordError) as error:
            read_strip(path, start_s, 1.0, tuple(map(LeadName, names)), PROVENANCE)
        assert fault in str(error.value)


def test_behind_the_end_there_is_a_strip_without_samples(tmp_path: Path) -> None:
    strip = read(make_record(tmp_path, [ECG]), 1e6)
    assert strip.signal.shape == (1, 0)
    assert strip.at_end
    assert strip.start_s == FRAMES / 250


def test_a_strip_before_the_end_does_not_say_that_it_is_at_the_end(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    assert not read(path, 0.0, (FRAMES - 1) / 250).at_end
    assert read(path, 0.0, FRAMES / 250).at_end


@pytest.mark.parametrize(
    ("units", "factor"), [("V", 1e3), ("mV", 1.0), ("mv", 1.0), ("uV", 1e-3), ("nV", 1e-6)]
)
def test_every_voltage_becomes_millivolts(tmp_path: Path, units: str, factor: float) -> None:
    path = make_record(tmp_path, [ECG.replace("mV", units)])
    samples = np.fromfile(tmp_path / "made.dat", "<i2")[:250]
    assert np.allclose(read(path).signal[0], (samples - 3.0) / 200 * factor, rtol=1e-6)


def test_micro_volts_written_with_a_greek_letter_are_micro_volts(tmp_path: Path) -> None:
    plain = read(make_record(tmp_path, [ECG.replace("mV", "uV")])).signal
    for encoding in ("utf-8", "latin-1"):
        header = f"made 1 250 {FRAMES}\n{ECG.replace('mV', 'µV')}\n"
        (tmp_path / "made.hea").write_bytes(header.encode(encoding))
        assert np.array_equal(read(tmp_path / "made").signal, plain)


def test_invalid_samples_become_gaps(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    samples = np.fromfile(tmp_path / "made.dat", "<i2")
    samples[[10, 11, 20]] = -32768
    samples.tofile(tmp_path / "made.dat")
    assert np.flatnonzero(np.isnan(read(path).signal[0])).tolist() == [10, 11, 20]


def test_a_gain_of_0_is_taken_as_the_200_that_the_format_has_for_it(tmp_path: Path) -> None:
    with_gain = read(make_record(tmp_path, [ECG])).signal
    assert np.array_equal(read(make_record(tmp_path, [ECG.replace("200", "0")])).signal, with_gain)


def test_a_signal_with_many_samples_a_frame_keeps_them_all(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG.replace(" 16 200", " 16x4 200"), ECG.replace("II", "V1")])
    strip = read(path, 0.4, 0.8)
    samples = np.fromfile(tmp_path / "made.dat", "<i2").reshape(-1, 5)[100:300, :4].ravel()
    assert strip.fs == 1000
    assert np.allclose(strip.signal[0], (samples - 3.0) / 200, rtol=1e-6)


def test_skewed_signals_are_set_right_and_end_in_a_gap(tmp_path: Path) -> None:
    late = [ECG.replace(" 16 200", " 16:7 200"), ECG.replace(" 16 200", " 16:2 200")]
    path = make_record(tmp_path, [*late, ECG.replace("II", "V1")])
    samples = np.fromfile(tmp_path / "made.dat", "<i2").reshape(-1, 3)[:FRAMES, 0]
    signal = read(path, 0.4, None).signal[0]
    assert signal.size == FRAMES - 100
    assert np.allclose(signal[:-7], (samples[107:] - 3.0) / 200, rtol=1e-6)
    assert np.isnan(signal[-7:]).all()


def test_a_length_that_is_not_written_is_that_of_the_signal_file(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG], first_line="made 1 250", size=2 * 777 + 1)
    assert read(path, 0.0, None).signal.shape == (1, 777)


def test_differences_are_added_up_from_the_start(tmp_path: Path) -> None:
    path = make_record(tmp_path, ["made.dat 8 200(0)/mV 8 0 5 0 0 II"])
    steps = np.fromfile(tmp_path / "made.dat", "<i1").astype(np.int64)[:FRAMES]
    signal = read(path, 1.0, 0.4).signal[0]
    assert np.allclose(signal, (5 + steps.cumsum())[250:350] / 200, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # of the library, as it writes
def test_a_compressed_record_is_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    samples = rng.integers(-1000, 1000, (1000, 1))
    write_samples(
        "flac",
        fs=250,
        units=["mV"],
        sig_name=["II"],
        d_signal=samples,
        fmt=["516"],
        adc_gain=[200.0],
        baseline=[0],
        write_dir=str(tmp_path),
    )
    assert np.allclose(read(tmp_path / "flac", 1.0).signal[0], samples[250:500, 0] / 200)


def test_faults_of_a_record_are_told_in_one_sentence(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none") == "none.hea is missing: there is no such record."
    path = make_record(tmp_path, [ECG])
    assert fault_of(path, "V9") == "made.hea has no lead V9; its leads are: II."
    (tmp_path / "made.dat").write_bytes(bytes(799))
    assert fault_of(path) == "made.dat is cut off: it has 799 bytes where its header promises 800."
    (tmp_path / "made.dat").unlink()
    assert fault_of(path) == "made.dat is missing: made.hea names it as its signal file."


@pytest.mark.parametrize(
    ("signal", "fault"),
    [
        ("made.dat 999 200 16 0 0 0 0 II", "format 999, which is unknown"),
        ("made.dat 16 200/mmHg 16 0 0 0 0 II", "measures lead II in 'mmHg'"),
        ("made.dat 16 200 16 0 0 0 0 ABP", "holds no ECG lead"),
        ("made.dat 516 200 16 0 0 0 0 II", "cannot be decoded"),
        ("made.dat 16+12000 200 16 0 0 0 0 II", "is cut off"),
    ],
)
def test_a_record_of_another_kind_is_refused(tmp_path: Path, signal: str, fault: str) -> None:
    assert fault in fault_of(make_record(tmp_path, [signal]))


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_strip_must_be_longer_than_nothing(tmp_path: Path, seconds: float) -> None:
    with pytest.raises(RecordError, match="must be longer than 0 s"):
        read(make_record(tmp_path, [ECG]), 0.0, seconds)


def test_a_folder_in_place_of_a_header_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "made.hea").mkdir()
    assert "made.hea cannot be opened" in fault_of(tmp_path / "made")


@pytest.mark.recordings
def test_a_single_wrong_sample_shows_in_the_checksum(records_dir: Path, tmp_path: Path) -> None:
    for ending in (".hea", ".dat"):
        shutil.copy(records_dir / f"ludb/1.0.1/data/1{ending}", tmp_path)
    check_record(tmp_path / "1")
    samples = np.fromfile(tmp_path / "1.dat", "<i2")
    samples[777] += 1
    samples.tofile(tmp_path / "1.dat")
    with pytest.raises(RecordError, match=r"1\.dat is damaged: the samples of signal 'v4'"):
        check_record(tmp_path / "1")


@pytest.mark.recordings
def test_annotations_are_those_of_the_record(records_dir: Path) -> None:
    found = read_annotations(records_dir / "mitdb/1.0.0/201", "atr")
    assert found.samples.size == len(found.symbols) == len(found.aux_notes)
    assert found.samples.shape == found.subtypes.shape
    rhythms = [
        (int(sample), note)
        for sample, symbol, note in zip(found.samples, found.symbols, found.aux_notes, strict=True)
        if symbol == "+"
    ]
    assert rhythms[0][1] == "(AFIB"
    assert set(found.symbols) >= {"N", "V", "+"}
    assert not found.samples.flags.writeable
    assert not found.subtypes.flags.writeable


@pytest.mark.recordings
def test_the_subtype_of_an_annotation_of_quality_says_which_lead_is_noisy(
    records_dir: Path,
) -> None:
    found = read_annotations(records_dir / "mitdb/1.0.0/104", "atr")
    quality = [
        int(subtype)
        for symbol, subtype in zip(found.symbols, found.subtypes, strict=True)
        if symbol == "~"
    ]
    assert set(quality) == {0, 1, 2, 3}


@pytest.mark.recordings
def test_an_annotation_may_close_the_record_but_not_lie_outside(
    records_dir: Path, tmp_path: Path
) -> None:
    source = records_dir / "cpsc2021/1.0.0/Training_set_I/data_101_6"
    if not source.with_suffix(".atr").is_file():
        source = records_dir / "cpsc2021/1.0.0/Training_set_II/data_101_6"
    assert read_annotations(source, "atr").samples[-1] == read_header(source).length
    for ending in (".hea", ".dat", ".atr"):
        shutil.copy(source.with_suffix(ending), tmp_path)
    header = tmp_path / "data_101_6.hea"
    header.write_text(header.read_text().replace(" 200 22355", " 200 22354"))
    with pytest.raises(RecordError, match="sample 22355, outside the record of 22354 samples"):
        read_annotations(tmp_path / "data_101_6", "atr")


@pytest.mark.parametrize("content", [b"\1", b"\0\xec\1", bytes(range(256))])
def test_broken_annotations_are_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = make_record(tmp_path, [ECG])
    (tmp_path / "made.atr").write_bytes(content)
    with pytest.raises(RecordError, match=r"^made\.atr is damaged"):
        read_annotations(path, "atr")


def test_a_comment_may_stand_behind_the_end_and_is_left_out(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    write_annotations(
        "made",
        "atr",
        np.array([10, 9000]),
        symbol=["N", '"'],
        aux_note=["", "\x01 Aux"],
        write_dir=str(tmp_path),
    )
    found = read_annotations(path, "atr")
    assert list(found.samples) == [10]
    assert found.symbols == ("N",)
    assert found.aux_notes == ("",)


def test_annotations_without_end_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    (tmp_path / "made.atr").write_bytes(bytes(3_000_000))
    with pytest.raises(RecordError, match=r"made\.atr is far too long"):
        read_annotations(path, "atr")


def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made.hea").write_bytes(b"#" * 20_000_000)
    with pytest.raises(RecordError, match=r"made\.hea is not a WFDB header: it is far too long"):
        read_header(tmp_path / "made")


def test_an_empty_annotation_file_holds_no_annotations(tmp_path: Path) -> None:
    path = make_record(tmp_path, [ECG])
    (tmp_path / "made.atr").write_bytes(b"")
    assert read_annotations(path, "atr").samples.size == 0


def test_missing_annotations_are_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"made\.qrs is missing"):
        read_annotations(make_record(tmp_path, [ECG]), "qrs")


HEADER = f"made 2 250 {FRAMES}\n{ECG}\nmade.dat 16 1000(-5)/uV 16 0 1 2 0 V1\n".encode()
MUTATION = st.tuples(
    st.integers(0, len(HEADER) - 1),
    st.integers(0, 3),
    st.sampled_from(list(b"0123456789.-+:x()/ ~#%\n\t\xb5\xffeV")),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mutations=st.lists(MUTATION, min_size=1, max_size=6))
def test_whatever_a_header_says_a_strip_or_one_sentence_comes_out(
    tmp_path: Path, mutations: list[tuple[int, int, int]]
) -> None:
    path = make_record(tmp_path, [ECG])
    header = bytearray(HEADER)
    for place, removed, byte in mutations:
        header[place : place + removed] = bytes([byte])
    (tmp_path / "made.hea").write_bytes(bytes(header))
    # Anything else that is raised fails the test.
    with suppress(RecordError):
        strip = read(path, 0.3, 0.5)
        assert not np.isinf(strip.signal).any()

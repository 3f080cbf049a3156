from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from rhythmtrainer.model import RecordError, TableGuess
from rhythmtrainer.records.files.table_guess import guess_table
from tests.records.files.making import FS, wave

WAVE = wave()
TWO = [(place / FS, value, value / 2) for place, value in enumerate(WAVE)]


def guess(folder: Path, lines: Iterable[str], encoding: str = "utf-8") -> TableGuess:
    file = folder / "made.csv"
    file.write_text("\n".join(lines), encoding=encoding, newline="")
    return guess_table(file)


def columns(found: TableGuess) -> list[tuple[int, str, str]]:
    return [(column.index, column.lead, column.units) for column in found.layout.columns]


def test_a_table_that_says_all_leaves_no_doubt(tmp_path: Path) -> None:
    found = guess(tmp_path, ["time (s),II (mV),V1 (uV)", *(f"{t:.3f},{a},{b}" for t, a, b in TWO)])
    layout = found.layout
    assert found.doubts == ()
    assert (layout.delimiter, layout.decimal, layout.skipped_rows) == (",", ".", 1)
    assert (layout.time_column, layout.time_unit_s, layout.fs) == (0, 1.0, FS)
    assert columns(found) == [(1, "II", "mV"), (2, "V1", "uV")]
    assert found.preview[0] == ("time (s)", "II (mV)", "V1 (uV)")
    assert found.preview[1] == ("0.000", "0.0", "0.0")


@pytest.mark.parametrize(
    ("delimiter", "decimal"),
    [
        (",", "."),
        (";", "."),
        (";", ","),
        ("\t", "."),
        ("\t", ","),
        ("|", "."),
        (" ", "."),
        (" ", ","),
    ],
)
def test_delimiters_and_decimal_signs_are_told_apart(
    delimiter: str, decimal: str, tmp_path: Path
) -> None:
    rows = (delimiter.join(f"{cell:.3f}".replace(".", decimal) for cell in row) for row in TWO)
    found = guess(tmp_path, rows)
    assert (found.layout.delimiter, found.layout.decimal) == (delimiter, decimal)
    assert found.layout.time_column == 0
    assert found.layout.fs == FS
    assert len(found.layout.columns) == 2


def test_one_column_with_decimal_commas_is_not_two_columns(tmp_path: Path) -> None:
    found = guess(tmp_path, (f"{value:.3f}".replace(".", ",") for value in WAVE))
    assert found.layout.decimal == ","
    assert [column.index for column in found.layout.columns] == [0]
    assert "commas were taken for decimal signs" in found.doubts[0]


@pytest.mark.parametrize(
    ("times", "unit_s"),
    [
        ([f"{place * 4}" for place in range(3000)], 1e-3),
        ([f"{place * 4000}" for place in range(3000)], 1e-6),
        ([f"{place / 250:.3f}" for place in range(3000)], 1.0),
        ([f"{1.7e9 + place / 250:.3f}" for place in range(3000)], 1.0),
    ],
)
def test_the_unit_of_time_is_judged_and_doubted(
    times: list[str], unit_s: float, tmp_path: Path
) -> None:
    found = guess(tmp_path, (f"{t},{v}" for t, v in zip(times, WAVE, strict=True)))
    assert (found.layout.time_column, found.layout.time_unit_s) == (0, unit_s)
    assert found.layout.fs == FS
    assert any("was taken for the time" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    "clock",
    [
        lambda t: f"0:{t:06.3f}",
        lambda t: f"10:00:{t:06.3f}",
        lambda t: f"2020-01-31T10:00:{t:06.3f}Z",
        lambda t: f"31.01.2020 10:00:{t:06.3f}",
        lambda t: f"[10:00:{t:06.3f} 31/01/2020]",
    ],
)
def test_clocks_are_read(clock: Callable[[float], str], tmp_path: Path) -> None:
    found = guess(tmp_path, ["time;II", *(f"{clock(t)};{a}" for t, a, _ in TWO)])
    assert (found.layout.time_column, found.layout.fs) == (0, FS)


@pytest.mark.parametrize("fs", [128, 250, 257, 360, 500, 512, 1000])
def test_rounded_times_give_the_rate_that_was_meant(fs: int, tmp_path: Path) -> None:
    rows = (f"{place / fs:.3f},{value}" for place, value in enumerate(WAVE))
    assert guess(tmp_path, ["time,II", *rows]).layout.fs == fs


def test_numbers_of_rows_are_no_times_and_the_rate_is_a_mere_guess(tmp_path: Path) -> None:
    rows = (f"{place},{value}" for place, value in enumerate(WAVE))
    found = guess(tmp_path, ["'sample #','MLII'", *rows])
    assert found.layout.time_column is None
    assert columns(found)[0][:2] == (1, "MLII")
    assert any("mere guess" in doubt for doubt in found.doubts)
    assert any("seems to number the rows" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    ("line", "fs"),
    [
        ("# sampling frequency: 500 Hz", 500),
        ("Sample Rate,512.4 hertz", 512.4),
        ("Abtastrate;360", 360),
        ("fs=1000", 1000),
        ("sampling interval 2 ms", 500),
        ('# {"date": "2020-1-1", "sampling rate": 1000, "label": ["CH1"]}', 1000),
        ("recorded with 0.5 kHz", 500),
    ],
)
def test_the_rate_above_the_table_is_found(line: str, fs: float, tmp_path: Path) -> None:
    found = guess(tmp_path, [line, "", *(f"{value}" for value in WAVE)])
    assert found.layout.fs == fs
    assert not any("mere guess" in doubt for doubt in found.doubts)


@pytest.mark.parametrize("line", ["low pass filter 150 Hz", "heart rate 80", "Date 2020-01-01"])
def test_other_numbers_above_the_table_are_no_rates(line: str, tmp_path: Path) -> None:
    found = guess(tmp_path, [line, "", *(f"{value}" for value in WAVE)])
    assert any("mere guess" in doubt for doubt in found.doubts)


def test_units_may_stand_in_a_row_of_their_own(tmp_path: Path) -> None:
    rows = (f"{place * 4};{value}" for place, value in enumerate(WAVE))
    found = guess(tmp_path, ["Zeit;EKG", "[ms];[mV]", *rows])
    assert columns(found) == [(1, "ECG", "mV")]
    assert (found.layout.time_unit_s, found.doubts) == (1e-3, ())


def test_the_export_of_a_watch_is_understood(tmp_path: Path) -> None:
    head = [
        "Name,Erika Mustermann",
        'Date of Birth,"Jan 1, 1950"',
        "Recorded Date,2020-01-01 10:00:00 +0000",
        "Symptoms,",
        'Device,"Watch4,2"',
        "Sample Rate,512 hertz",
        "",
        "Lead,Lead I",
        "Unit,µV",
        "",
    ]
    found = guess(tmp_path, [*head, *(f"{value * 1000:.3f}" for value in WAVE)])
    assert columns(found) == [(0, "I", "uV")]
    assert found.layout.fs == 512
    assert found.layout.skipped_rows == len(head)
    assert found.doubts == ()


def test_twelve_columns_without_names_are_doubted(tmp_path: Path) -> None:
    rows = (" ".join(f"{value * k:.3f}" for k in range(1, 13)) for value in WAVE)
    found = guess(tmp_path, rows)
    assert [lead for _, lead, _ in columns(found)][:4] == ["I", "II", "III", "aVR"]
    assert any("usual order of 12" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(("factor", "unit"), [(1.0, "mV"), (1000.0, "uV"), (0.001, "V")])
def test_units_are_judged_by_the_height_of_the_waves(
    factor: float, unit: str, tmp_path: Path
) -> None:
    found = guess(tmp_path, ["time,II", *(f"{t:.3f},{a * factor:.6f}" for t, a, _ in TWO)])
    assert columns(found) == [(1, "II", unit)]
    assert any(f"{unit} was judged" in doubt for doubt in found.doubts)


def test_whole_numbers_may_be_those_of_a_converter(tmp_path: Path) -> None:
    found = guess(tmp_path, ["time,II", *(f"{t:.3f},{round(a * 200)}" for t, a, _ in TWO)])
    assert any("converter" in doubt for doubt in found.doubts)


def test_columns_that_are_no_leads_are_left_out_and_told(tmp_path: Path) -> None:
    rows = (f"{t:.3f},{a},{b},N" for t, a, b in TWO)
    found = guess(tmp_path, ["time (s),ECG (mV),resp,beat", *rows])
    assert columns(found) == [(1, "ECG", "mV")]
    assert found.doubts == ("Left out, not bearing the name of a lead: column 3.",)


def test_a_name_of_a_patient_is_no_name_of_a_lead(tmp_path: Path) -> None:
    rows = (f"{t:.3f},{a}" for t, a, _ in TWO)
    found = guess(tmp_path, ["time (s),Erika Mustermann", *rows])
    assert [lead for _, lead, _ in columns(found)] == ["ECG"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_encodings_are_told_apart(encoding: str, tmp_path: Path) -> None:
    rows = (f"{t:.3f};{a * 1000:.1f}" for t, a, _ in TWO)
    found = guess(tmp_path, ["Zeit [s];Ableitung II [µV]", *rows], encoding)
    assert found.layout.encoding == encoding
    assert columns(found) == [(1, "II", "uV")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hello\nworld\n", "without columns of numbers"),
        (",".join(["1"] * 3000), "or with more than 512"),
        ("time\n" + "\n".join(f"{t:.3f}" for t, *_ in TWO), "has no column of voltages"),
        ("1" * 200_000, "its first line does not end"),
    ],
)
def test_what_is_no_table_of_an_ecg_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=fault):
        guess(tmp_path, [text])


@pytest.mark.parametrize(
    ("line", "fs", "sure"),
    [
        ("Sampling rate: 500 Hz", 500.0, True),
        ("Abtastrate;500 Hz", 500.0, True),
        ("Frecuencia de muestreo,512 hercios", 512.0, True),
        ("Interval=\t0.001 s", 1000.0, True),
        ("0.5 msec/sample", 2000.0, True),
        ("Sampling rate 500 Hz, filter 0.05-150 Hz", 500.0, True),
        ("1 kHz", 1000.0, False),
    ],
)
def test_a_rate_above_the_numbers_is_taken_and_told_where_nothing_calls_it_so(
    *, line: str, fs: float, sure: bool, tmp_path: Path
) -> None:
    found = guess(tmp_path, [line, "II (mV)", *map(str, WAVE)])
    assert found.layout.fs == fs
    assert any("taken for the sampling rate" in doubt for doubt in found.doubts) is not sure


@pytest.mark.parametrize(
    "line",
    [
        "Ventricular rate: 75 bpm",
        "Rate 75",
        "Bandwidth: 0.05-150 Hz",
        "Mains: 60 Hz",
        "QRS interval: 16 ms",
        "Heart rate 120 Hz",
    ],
)
def test_a_rate_of_something_else_is_not_the_sampling_rate(line: str, tmp_path: Path) -> None:
    found = guess(tmp_path, [line, "II (mV)", *map(str, WAVE)])
    assert any("sampling rate: 250 per second is a mere guess" in doubt for doubt in found.doubts)


def test_an_odd_rate_that_is_said_is_taken_where_the_times_agree(tmp_path: Path) -> None:
    head = ["Sampling rate: 333.33 Hz", "time (s),II (mV)"]
    rows = (f"{place / 333.33:.6f},{value}" for place, value in enumerate(WAVE))
    found = guess(tmp_path, [*head, *rows])
    assert found.layout.fs == 333.33
    assert found.doubts == ()


def test_times_that_contradict_the_text_above_them_are_told(tmp_path: Path) -> None:
    head = ["Sampling rate: 100 Hz", "time (s),II (mV)"]
    found = guess(tmp_path, [*head, *(f"{t:.3f},{a}" for t, a, _ in TWO)])
    assert found.layout.fs == FS
    assert any(f"100 samples per second, but the times make {FS:g}" in d for d in found.doubts)


def test_the_channels_of_labchart_are_named_by_its_keys(tmp_path: Path) -> None:
    head = [
        "Interval=\t0.004 s",
        "ChannelTitle=\tResp\tECG II",
        "Range=\t10 V\t2.0 mV",
        "UnitName=\tV\tmV",
    ]
    found = guess(tmp_path, [*head, *(f"{t:.3f}\t{b}\t{a}" for t, a, b in TWO)])
    assert columns(found) == [(2, "II", "mV")]
    assert found.layout.time_column == 0


@pytest.mark.parametrize("timed", [True, False])
def test_the_channels_of_acqknowledge_are_named_line_by_line(
    *, timed: bool, tmp_path: Path
) -> None:
    head = ["made.acq", "4 msec/sample", "2 channels", "ECG - ECG100C", "mV", "RSP", "Volts"]
    counts = f"{len(TWO)},{len(TWO)},"
    head += ["min,CH1,CH2,", f",{counts}"] if timed else ["CH1,CH2,", counts]
    time = "{:.8f}," if timed else ""
    rows = (f"{time.format(t / 60)}{a},{b}," for t, a, b in TWO)
    found = guess(tmp_path, [*head, *rows])
    assert columns(found) == [(int(timed), "ECG", "mV")]
    assert found.layout.skipped_rows == len(head)
    assert found.layout.time_unit_s == (60.0 if timed else 1.0)
    assert found.layout.fs == FS


def test_a_column_of_sparse_notes_is_no_lead_and_hides_no_row(tmp_path: Path) -> None:
    rows = (f"{t:.3f},{a},{'N' if n % 90 == 40 else ''}" for n, (t, a, _) in enumerate(TWO))
    found = guess(tmp_path, ["time (s),II (mV),note", *rows])
    assert columns(found) == [(1, "II", "mV")]
    assert found.layout.skipped_rows == 1


def test_a_damaged_row_does_not_hide_those_above_it(tmp_path: Path) -> None:
    rows = [f"{t:.3f},{a}" for t, a, _ in TWO]
    rows[100] = "0.400,error"
    rows[150] = ""
    found = guess(tmp_path, ["time (s),II (mV)", *rows])
    assert found.layout.skipped_rows == 1


def test_of_several_columns_of_times_the_even_one_is_taken(tmp_path: Path) -> None:
    rows = (f"{n // 36 * 36 / FS:.3f};{1000 * t:.1f};{a}" for n, (t, a, _) in enumerate(TWO))
    found = guess(tmp_path, ["timestamp [s];timestamp [ms];ecg [mV]", *rows])
    assert (found.layout.time_column, found.layout.fs) == (1, FS)
    assert columns(found) == [(2, "ECG", "mV")]
    assert any("does not go on in equal steps and was left out" in d for d in found.doubts)


def test_times_in_whole_seconds_tell_the_rate(tmp_path: Path) -> None:
    seconds = range(int(5 * FS))
    rows = (f"12:00:{int(n / FS):02},{WAVE[n % len(WAVE)]}" for n in seconds)
    assert guess(tmp_path, ["time,II (mV)", *rows]).layout.fs == FS


def test_a_unit_that_is_no_voltage_is_named(tmp_path: Path) -> None:
    found = guess(tmp_path, ["time (s),II [adu]", *(f"{t:.3f},{a}" for t, a, _ in TWO)])
    assert any("'adu' is no voltage" in doubt for doubt in found.doubts)


def test_a_lead_upside_down_is_not_taken_for_the_lead(tmp_path: Path) -> None:
    found = guess(tmp_path, ["time (s),-aVR (mV)", *(f"{t:.3f},{a}" for t, a, _ in TWO)])
    assert columns(found) == [(1, "-aVR", "mV")]


def test_names_of_two_words_stand_above_columns_of_white_space(tmp_path: Path) -> None:
    head = ["     Elapsed time   MLII    V5", "     hh:mm:ss.mmm   (mV)   (mV)"]
    rows = (f"     0:{t:06.3f}  {a:7.3f} {b:7.3f}" for t, a, b in TWO)
    assert columns(guess(tmp_path, [*head, *rows])) == [(1, "MLII", "mV"), (2, "V5", "mV")]

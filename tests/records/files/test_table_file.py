from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhythmtrainer.model import CancelledError, Column, LeadName, RecordError, TableLayout
from rhythmtrainer.records.files.opened import OpenedFile
from rhythmtrainer.records.files.table_file import open_table
from rhythmtrainer.records.files.table_rows import find_lines
from rhythmtrainer.training.cancel import Cancel
from tests.records.files.making import FS, wave

WAVE = wave()
ROWS = [f"{place / FS:.3f},{value},{value / 2}" for place, value in enumerate(WAVE)]
LAYOUT = TableLayout(
    encoding="utf-8",
    delimiter=",",
    decimal=".",
    skipped_rows=1,
    time_column=0,
    time_unit_s=1.0,
    fs=FS,
    columns=(Column(1, LeadName("II"), "mV"), Column(2, LeadName("V1"), "uV")),
)


def opened(
    folder: Path, rows: Sequence[str] = ROWS, head: str = "time,II,V1\n", **changes: Any
) -> OpenedFile:
    file = folder / "made.csv"
    file.write_text(head + "\n".join(rows) + "\n", encoding="utf-8", newline="")
    return open_table(file, replace(LAYOUT, **changes), {}, Cancel())


def read(recording: OpenedFile, start_s: float = 0.0, seconds: float = 1e5) -> Any:
    return recording.read(recording.leads, start_s, seconds, Cancel()).signal


def test_the_confirmed_columns_are_read_in_their_units(tmp_path: Path) -> None:
    recording = opened(tmp_path)
    assert recording.leads == ("II", "V1")
    assert recording.duration_s == 12.0
    assert np.allclose(read(recording), [WAVE, WAVE / 2000], atol=1e-6)
    assert np.array_equal(read(recording, 3.3, 4.4), read(recording)[:, 825:1925])
    assert recording.repairs == recording.dropped == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(end: str, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    file.write_bytes(end.join(["time,II,V1", *ROWS]).encode())
    recording = open_table(file, LAYOUT, {}, Cancel())
    assert np.allclose(read(recording)[0], WAVE, atol=1e-6)


def test_decimal_commas_and_runs_of_spaces_are_read(tmp_path: Path) -> None:
    rows = [row.replace(",", "   ").replace(".", ",") for row in ROWS]
    recording = opened(tmp_path, rows, delimiter=" ", decimal=",")
    assert np.allclose(read(recording)[0], WAVE, atol=1e-6)


def test_empty_cells_and_words_for_nothing_are_gaps(tmp_path: Path) -> None:
    rows = list(ROWS)
    for place, cell in ((10, ""), (11, "NaN"), (12, "-"), (13, "1e999")):
        rows[place] = f"{place / FS:.3f},{cell},0"
    assert np.flatnonzero(np.isnan(read(opened(tmp_path, rows))[0])).tolist() == [10, 11, 12, 13]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("0.400,x,1", "Line 102 of made.csv holds 'x', which is no number."),
        ("0.400", "Line 102 of made.csv has 1 cells where 3 are needed."),
        ("", "Line 102 of made.csv has 1 cells where 3 are needed."),
    ],
)
def test_a_broken_line_is_named(row: str, fault: str, tmp_path: Path) -> None:
    recording = opened(tmp_path, [*ROWS[:100], row, *ROWS[101:]])
    assert read(recording, 1.0, 1.0).shape == (2, FS)
    with pytest.raises(RecordError) as error:
        read(recording, 0.2, 0.5)
    assert str(error.value) == fault


def test_what_stands_behind_the_samples_is_left_out_and_told(tmp_path: Path) -> None:
    recording = opened(tmp_path, [*ROWS, "12.000,0.1", "", "# end", ""])
    assert recording.duration_s == 12.0
    assert recording.repairs == ("What stands behind the samples was left out.",)
    assert opened(tmp_path, [*ROWS, "", ""]).repairs == ()


def test_a_gap_in_the_times_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [*ROWS[:2000], *ROWS[2100:]]
    with pytest.raises(RecordError, match=r"^Line \d+ of made\.csv is at .* there is a gap"):
        opened(tmp_path, rows)


def test_a_wrong_rate_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="or the rate is another"):
        opened(tmp_path, fs=360.0)


def test_times_that_stray_a_little_are_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    times = np.arange(len(WAVE)) / FS + rng.uniform(0, 0.007, len(WAVE))
    rows = [f"{time:.4f},{value},0" for time, value in zip(times, WAVE, strict=True)]
    assert "The times stray by up to" in opened(tmp_path, rows).repairs[0]


@pytest.mark.parametrize(
    "clock",
    [
        lambda t: f"23:59:{50 + t:06.3f}" if t < 10 else f"00:00:{t - 10:06.3f}",
        lambda t: f"0:{t:02.0f}",
    ],
)
def test_a_clock_may_pass_midnight_or_be_coarse(
    clock: Callable[[float], str], tmp_path: Path
) -> None:
    rows = [f"{clock(place / FS)},{value},0" for place, value in enumerate(WAVE)]
    assert opened(tmp_path, rows).duration_s == 12.0


def test_without_times_the_rate_is_believed(tmp_path: Path) -> None:
    assert opened(tmp_path, time_column=None, fs=500.0).duration_s == 6.0


def test_what_is_said_about_a_patient_is_counted_and_dropped(tmp_path: Path) -> None:
    head = "Name: Erika\nDate of birth: 1950-01-01\ntime,II,V1,note\n"
    rows = [f"{row},hello" for row in ROWS]
    assert opened(tmp_path, rows, head, skipped_rows=3).dropped == (
        *("patient's name", "date of birth", "recording date", "columns that are no leads"),
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"columns": ()}, "no column is a lead"),
        ({"fs": 49.0}, "the sampling rate is not between 50 and 5000"),
        ({"fs": float("nan")}, "the sampling rate is not between"),
        ({"delimiter": ""}, "the delimiter is not one character"),
        ({"decimal": ","}, "delimiter and decimal sign are the same"),
        ({"time_column": 1}, "a column is used twice"),
        ({"skipped_rows": -1}, "a negative number of rows"),
        ({"skipped_rows": 9999}, "no row of numbers where they are looked for"),
        ({"time_unit_s": 0.0}, "the unit of time is not above 0"),
        ({"columns": (Column(1, LeadName("II"), "mmHg"),)}, "a unit is no voltage"),
        ({"columns": (Column(-1, LeadName("II"), "mV"),)}, "a column lies left of the first"),
        ({"columns": (Column(1, LeadName(""), "mV"),)}, "a lead has no name"),
        ({"columns": (Column(9, LeadName("II"), "mV"),)}, "no row of numbers"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(
    changes: dict[str, Any], fault: str, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match=fault):
        opened(tmp_path, **changes)


def test_lines_are_found_wherever_blocks_end(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    lines = [f"{number:0{1 + number % 40}d}".encode() for number in range(20_000)]
    for tail in (b"", b"\n"):
        file.write_bytes(b"\n".join(lines) + tail)
        found = find_lines(file, b"\n", Cancel())
        assert found.count == len(lines)
        for first, end in ((0, 1), (0, 20_000), (3333, 9999), (19_999, 20_000)):
            assert found.read(first, end) == lines[first:end]


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    recording = opened(tmp_path)
    (tmp_path / "made.csv").write_text("time,II,V1\n" + "\n".join(ROWS[:100]), encoding="utf-8")
    with pytest.raises(RecordError, match="changed since it was opened"):
        read(recording, 5.0, 1.0)
    (tmp_path / "made.csv").unlink()
    with pytest.raises(RecordError, match=r"made\.csv cannot be read"):
        read(recording, 5.0, 1.0)


def test_counting_lines_can_be_called_off(tmp_path: Path) -> None:
    opened(tmp_path)
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        find_lines(tmp_path / "made.csv", b"\n", cancel)

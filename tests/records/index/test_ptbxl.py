from collections.abc import Mapping
from pathlib import Path

import pytest

from rhythmtrainer.model import RecordRef, RhythmId
from rhythmtrainer.records.index import ptbxl
from rhythmtrainer.records.index.rules import BuildError
from rhythmtrainer.records.tables.catalogue import table_text
from tests.records.index.statements_making import every, shipped_rules, write_record

COLUMNS = (
    "ecg_id",
    "patient_id",
    "age",
    "report",
    "scp_codes",
    "pacemaker",
    "filename_lr",
    "filename_hr",
)
RULES = shipped_rules("ptb-xl")


def row(ecg_id: int, codes: str, **cells: str) -> Mapping[str, str]:
    return {
        "ecg_id": str(ecg_id),
        "patient_id": "13243.0",
        "age": "56.0",
        "report": 'sinusrhythmus, "sonst"\nnormales ekg',
        "scp_codes": codes,
        "pacemaker": "",
        "filename_lr": f"records100/{ecg_id // 1000 * 1000:05d}/{ecg_id:05d}_lr",
        "filename_hr": ref(ecg_id).record,
    } | cells


def write_table(records: Path, *rows: Mapping[str, str]) -> Path:
    folder = records / "ptb-xl" / "1.0.3"
    folder.mkdir(parents=True, exist_ok=True)
    cells = [[one[column] for column in COLUMNS] for one in rows]
    (folder / ptbxl.TABLE).write_text(table_text(COLUMNS, cells), encoding="utf-8")
    return folder


def ref(ecg_id: int) -> RecordRef:
    folder = f"records500/{ecg_id // 1000 * 1000:05d}"
    return RecordRef("ptb-xl", "1.0.3", f"{folder}/{ecg_id:05d}_hr")


def test_the_recordings_at_500_hz_that_are_there_are_named(tmp_path: Path) -> None:
    folder = write_table(tmp_path, row(2, "{'SR': 0.0}"), row(1, "{}"), row(3, "{}"))
    write_record(tmp_path, ref(2), every(0.8))
    write_record(tmp_path, ref(1), every(0.8))

    assert ptbxl.names_of(folder, RULES) == [ref(1).record, ref(2).record]


def test_a_likelihood_of_zero_denies_nothing(tmp_path: Path) -> None:
    write_table(tmp_path, row(9001, "{'NORM': 100.0, 'LVOLT': 0.0, 'SR': 0.0}"))
    write_record(tmp_path, ref(9001), every(0.8))
    (span,) = ptbxl.find(ref(9001), tmp_path, RULES)

    assert span.rhythm is RhythmId.NORMAL_SINUS_RHYTHM
    assert span.label == "SCP SR"
    assert span.patient == "ptb-xl-patient-13243"


def test_missing_cells_and_ages_that_hide_somebody_are_unknown(tmp_path: Path) -> None:
    write_table(
        tmp_path,
        row(9001, "{'STACH': 0.0}", patient_id="", age=""),
        row(9002, "{'STACH': 0.0}", age="300.0"),
        row(9003, "{'STACH': 0.0}", age="nan", patient_id="nan"),
    )
    for number in (9001, 9002, 9003):
        write_record(tmp_path, ref(number), every(0.5))
    patients = [ptbxl.find(ref(n), tmp_path, RULES)[0].patient for n in (9001, 9002, 9003)]

    assert patients == ["ptb-xl-ecg-09001", "ptb-xl-patient-13243", "ptb-xl-ecg-09003"]


@pytest.mark.parametrize(
    "codes", ["", "{'SR': 0.0", "['SR']", "SR", "{'SR': __import__('os')}", "{" * 20_000]
)
def test_statements_that_cannot_be_read_leave_their_recording_out(
    tmp_path: Path, codes: str
) -> None:
    write_table(tmp_path, row(9001, codes))
    write_record(tmp_path, ref(9001), every(0.8))
    skipped: list[str] = []

    assert not ptbxl.find(ref(9001), tmp_path, RULES, lambda _, why: skipped.append(why))
    assert skipped == [f"{ptbxl.TABLE} has no row for it that can be read"]


def test_a_recording_in_two_rows_counts_once_and_only_if_they_agree(tmp_path: Path) -> None:
    write_table(
        tmp_path,
        row(9001, "{'SR': 0.0}"),
        row(9001, "{'SR': 0.0}"),
        row(9002, "{'SR': 0.0}"),
        row(9002, "{'AFIB': 0.0}"),
        row(9002, "{'SR': 0.0}"),
    )
    folder = tmp_path / "ptb-xl" / "1.0.3"
    for number in (9001, 9002):
        write_record(tmp_path, ref(number), every(0.8))

    assert len(ptbxl.names_of(folder, RULES)) == 2
    assert ptbxl.find(ref(9001), tmp_path, RULES)
    assert not ptbxl.find(ref(9002), tmp_path, RULES)


def test_a_table_that_changed_is_read_again(tmp_path: Path) -> None:
    folder = write_table(tmp_path, row(9001, "{'SR': 0.0}"))
    assert ptbxl.read_table(folder / ptbxl.TABLE)[ref(9001).record].codes == ("SR",)
    (folder / ptbxl.TABLE).unlink()

    with pytest.raises(BuildError, match="is missing"):
        ptbxl.read_table(folder / ptbxl.TABLE)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"ecg_id,age\n1,2\n", "has no column patient_id, scp_codes, filename_hr"),
        (b"", "has no column"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"ecg_id,patient_id,age,scp_codes,filename_hr\n" + b"x" * 200_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / ptbxl.TABLE
    path.write_bytes(content)

    with pytest.raises(BuildError, match=fault):
        ptbxl.read_table(path)


def test_a_folder_without_the_recordings_is_named(tmp_path: Path) -> None:
    folder = write_table(tmp_path, row(1, "{}"))

    with pytest.raises(BuildError, match="holds none of the recordings"):
        ptbxl.names_of(folder, RULES)


def test_a_copy_of_an_ecg_belongs_to_the_patient_of_the_original(tmp_path: Path) -> None:
    write_table(tmp_path, row(9001, "{'SR': 0.0}"))

    assert ptbxl.patient_of(tmp_path, "09001") == "ptb-xl-patient-13243"
    assert ptbxl.patient_of(tmp_path, "21837") == "ptb-xl-ecg-21837"
    assert ptbxl.patient_of(tmp_path / "elsewhere", "09001") == "ptb-xl-ecg-09001"

from pathlib import Path

import pytest

from rhythmtrainer.model import RecordRef, RhythmId, Span
from rhythmtrainer.records.index import snomed
from rhythmtrainer.records.index.patients import identified, merged
from rhythmtrainer.records.index.rules import BuildError
from tests.records.index.statements_making import FS, every, shipped_rules, write_record
from tests.records.index.test_ptbxl import row, write_table

RULES = shipped_rules("challenge-2021")


def found(
    records: Path, record: str, *comments: str, database: str = "challenge-2021"
) -> tuple[list[Span], list[str]]:
    rules = shipped_rules(database)
    ref = RecordRef(database, rules.version, record)
    write_record(records, ref, every(0.8), comments, matlab=True)
    skipped: list[str] = []
    return snomed.find(ref, records, rules, lambda _, why: skipped.append(why)), skipped


@pytest.mark.parametrize("before", ["", " "])
def test_the_codes_in_the_header_are_the_statements(tmp_path: Path, before: str) -> None:
    comments = (f"{before}Age: 65", f"{before}Dx: 426783006,164934002", f"{before}Rx: Unknown")
    (span,), _ = found(tmp_path, "training/georgia/E00900", *comments)

    assert span.rhythm is RhythmId.NORMAL_SINUS_RHYTHM
    assert span.label == "SNOMED 426783006"
    assert span.patient == "challenge-2021-E00900"
    assert span.rate_bpm == pytest.approx(75, abs=0.5)


def test_a_header_whose_record_line_is_at_fault_is_read(tmp_path: Path) -> None:
    ref = RecordRef("challenge-2021", "1.0.3", "training/georgia/E00900")
    write_record(
        tmp_path,
        ref,
        every(0.8),
        ("Dx: 426783006",),
        matlab=True,
        first_line=f"E00900.mat 4 {FS} 5000 05-May-2020 09:49:17",
    )

    assert len(snomed.find(ref, tmp_path, RULES)) == 1


@pytest.mark.parametrize("age", ["NaN", "Unknown", "", "-4", "1e9"])
def test_an_age_that_is_no_age_is_unknown(tmp_path: Path, age: str) -> None:
    spans, _ = found(tmp_path, "training/georgia/E00900", f"Age: {age}", "Dx: 426783006")

    assert len(spans) == 1


def test_a_child_gets_no_class_of_rate(tmp_path: Path) -> None:
    spans, skipped = found(tmp_path, "training/ningbo/JS30000", "Age: 5", "Dx: 426783006")

    assert not spans
    assert "5 years" in skipped[0]


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ("", "no rule for: no rhythm"),
        ("164934002", "no rule for: no rhythm"),
        ("426783006,999", "unknown codes: 999"),
        ("426783006,nonsense", "unknown codes: nonsense"),
        ("426627000", "says neither"),
        ("195080001", "fibrillation and flutter"),
        ("164889003,164890007", "fibrillation and flutter"),
        ("233917008", "type of block"),
        ("50799005", "type of block"),
        ("284470004,698252002", "aberrantly"),
    ],
)
def test_what_cannot_be_asked_is_left_out_with_the_reason(
    tmp_path: Path, codes: str, why: str
) -> None:
    spans, skipped = found(tmp_path, "training/georgia/E00900", f"Dx: {codes}")

    assert not spans
    assert why in skipped[0]


def test_flutter_of_ningbo_is_not_told_from_fibrillation(tmp_path: Path) -> None:
    for database, folder in (("challenge-2021", "training/ningbo"), ("ecg-arrhythmia", "11/110")):
        spans, skipped = found(tmp_path, f"{folder}/JS10647", "Dx: 164890007", database=database)
        assert not spans
        assert "merged" in skipped[0]
    (span,), _ = found(tmp_path, "training/chapman_shaoxing/JS10646", "Dx: 164890007")
    assert span.rhythm is RhythmId.ATRIAL_FLUTTER


def test_the_challenge_does_not_know_the_origin_of_bigeminy_in_ptb_xl(tmp_path: Path) -> None:
    assert not found(tmp_path, "training/ptb-xl/HR21000", "Dx: 11157007,426783006")[0]
    assert found(tmp_path, "training/georgia/E00900", "Dx: 11157007,426783006")[0]


def test_ecgs_of_ptb_xl_belong_to_its_patients(tmp_path: Path) -> None:
    write_table(tmp_path, row(9001, "{'SR': 0.0}"))
    (known,), _ = found(tmp_path, "training/ptb-xl/HR09001", "Dx: 426783006")
    (unknown,), _ = found(tmp_path, "training/ptb-xl/HR21000", "Dx: 426783006")

    assert (known.patient, unknown.patient) == ("ptb-xl-patient-13243", "ptb-xl-ecg-21000")


def test_copies_of_one_recording_belong_to_one_patient(tmp_path: Path) -> None:
    spans = [
        found(tmp_path, record, "Dx: 426783006", database=database)[0][0]
        for database, record in (
            ("challenge-2021", "training/chapman_shaoxing/JS00900"),
            ("ecg-arrhythmia", "WFDBRecords/01/010/JS00900"),
        )
    ]

    assert {span.patient for span in identified(spans, RULES.identities)} == {
        "challenge-2021-JS00900"
    }
    assert merged(spans, RULES.identities) == spans[:1]


def test_all_records_below_a_folder_are_named(tmp_path: Path) -> None:
    for record in ("WFDBRecords/01/019/JS01002", "WFDBRecords/01/010/JS00001"):
        write_record(tmp_path, RecordRef("ecg-arrhythmia", "1.0.0", record), every(0.8))
    names = snomed.names_of(tmp_path / "ecg-arrhythmia" / "1.0.0", RULES)

    assert names == ["WFDBRecords/01/010/JS00001", "WFDBRecords/01/019/JS01002"]


def test_a_folder_without_records_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no recordings"):
        snomed.names_of(tmp_path, RULES)


def test_a_recording_that_is_not_there_is_skipped(tmp_path: Path) -> None:
    skipped: list[str] = []
    ref = RecordRef("challenge-2021", "1.0.3", "training/georgia/E00900")

    assert not snomed.find(ref, tmp_path, RULES, lambda _, why: skipped.append(why))
    assert "E00900.hea cannot be opened" in skipped[0]


def test_text_that_is_not_utf_8_does_not_stop_the_reading(tmp_path: Path) -> None:
    ref = RecordRef("challenge-2021", "1.0.3", "training/georgia/E00900")
    path = write_record(tmp_path, ref, every(0.8), ("Dx: 426783006",), matlab=True)
    header = path.with_suffix(".hea")
    header.write_bytes(header.read_bytes() + b"#Hx: caf\xe9\n")

    assert len(snomed.find(ref, tmp_path, RULES)) == 1


@pytest.mark.recordings
def test_the_recordings_at_hand_show_what_was_seen_in_them(records_dir: Path) -> None:
    folder = "challenge-2021", RULES.version
    rhythms = {
        name: {
            span.rhythm
            for span in snomed.find(RecordRef(*folder, f"training/{name}"), records_dir, RULES)
        }
        for name in ("ningbo/JS45545", "ningbo/JS20004", "georgia/E07509", "georgia/E07510")
    }

    assert rhythms == {
        "ningbo/JS45545": {RhythmId.VT_MONOMORPHIC},
        "ningbo/JS20004": {RhythmId.PVC_UNIFORM},
        "georgia/E07509": {RhythmId.BBB},
        "georgia/E07510": set(),
    }

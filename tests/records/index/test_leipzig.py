from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RateSource, RecordRef, RhythmId, Span
from rhythmtrainer.records.index import leipzig
from rhythmtrainer.records.index.rules import BuildError
from tests.records.index.statements_making import shipped_rules
from tests.support.wfdb_files import write_annotations

RULES = shipped_rules("leipzig-heart-center-ecg")
FS = 977
SECONDS = 60
CHILDREN = "subject_id,file_name,gender,age,diagnosis,ap_loacation,ecg_duration\n"
ADULTS = "subject_id,file_name,gender,age,diagnosis,ecg_duration\n"


def folder(records: Path) -> Path:
    place = records / RULES.database / RULES.version
    place.mkdir(parents=True, exist_ok=True)
    return place


def write(
    records: Path,
    record: str,
    rhythm: str,
    beats: Sequence[tuple[str, str]],
    every_s: float = 0.4,
) -> None:
    """Write a recording with a rhythm from its first sample on, and beats by symbol and text."""
    place = folder(records)
    names = ["I", "II", "V1", "ABL12", "RVA12"]
    lines = [f"{record} {len(names)} {FS} {FS * SECONDS}"]
    lines += [f"{record}.dat 16 200/mV 16 0 0 0 0 {name}" for name in names]
    (place / f"{record}.hea").write_text("\n".join([*lines, ""]))
    (place / f"{record}.dat").write_bytes(bytes(FS * SECONDS * len(names) * 2))
    count = int((SECONDS - 0.5) / every_s)
    repeated = [beats[number % len(beats)] for number in range(count)]
    write_annotations(
        record,
        "atr",
        np.array([1, *(np.rint((0.3 + np.arange(count) * every_s) * FS).astype(int))]),
        symbol=["+", *(symbol for symbol, _ in repeated)],
        aux_note=[rhythm, *(text for _, text in repeated)],
        custom_labels=[("X", "tachycardia beat"), ("b", "first-degree block")],
        write_dir=str(place),
    )


def write_ages(records: Path, children: str = "", adults: str = "") -> None:
    (folder(records) / "children-subject-info.csv").write_text(CHILDREN + children)
    (folder(records) / "adults-subject-info.csv").write_text(ADULTS + adults)


def find(records: Path, record: str) -> tuple[list[Span], list[str]]:
    skipped: list[str] = []
    spans = leipzig.find(
        RecordRef(RULES.database, RULES.version, record),
        records,
        RULES,
        lambda _, why: skipped.append(why),
    )
    return spans, skipped


@pytest.mark.parametrize(
    ("rhythm", "beat", "every_s", "answer"),
    [
        ("(AVNRT", ("X", "AVNRT"), 0.33, RhythmId.SVT),
        ("(AVRT", ("X", "avrt"), 0.30, RhythmId.SVT),
        ("(VT", ("X", "VT"), 0.35, RhythmId.VT_MONOMORPHIC),
        ("(EAT", ("X", "EAT"), 0.45, RhythmId.ATRIAL_TACHYCARDIA),
        ("(AFL", ("X", "AFL"), 0.5, RhythmId.ATRIAL_FLUTTER),
        ("(/A", ("/", "/A"), 0.6, RhythmId.PACED_ATRIAL),
        ("(/V", ("/", "/V"), 0.6, RhythmId.PACED_VENTRICULAR),
        ("(N", ("N", "N-Prex"), 0.7, RhythmId.WPW),
        ("(N", ("b", "BI"), 0.7, RhythmId.AVB1),
        ("(N", ("R", ""), 0.8, RhythmId.BBB),
    ],
)
def test_texts_beside_the_beats_make_the_rhythm(
    tmp_path: Path, rhythm: str, beat: tuple[str, str], every_s: float, answer: RhythmId
) -> None:
    write(tmp_path, "x001", rhythm, [beat], every_s)
    write_ages(tmp_path, "001,x001,M,6.6,AVRT,right posteroseptal,0:01:00.0\n")
    spans, _ = find(tmp_path, "x001")

    assert {span.rhythm for span in spans} == {answer}
    assert all(span.rate_source is RateSource.REFERENCE_BEATS for span in spans)
    assert all(span.label.endswith("; age 6") for span in spans)
    assert {span.patient for span in spans} == {"leipzig-heart-center-ecg-x001"}


def test_a_tachycardia_that_is_not_all_conducted_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "x001", "(AVNRT", [("X", "AVNRT"), ("X", "AVNRT+BII")], 0.33)
    spans, skipped = find(tmp_path, "x001")

    assert not spans
    assert skipped == ["no stretch fits a rule"]


def test_classes_of_rate_are_those_of_adults(tmp_path: Path) -> None:
    for record in ("x001", "x002", "x100", "x101"):
        write(tmp_path, record, "(N", [("N", "")], 0.8)
    write_ages(
        tmp_path,
        "001,x001,M,6.6,AVRT,,0:01:00.0\n002,x002,M,.17.3,AVRT,,0:01:00.0\n",
        "100,x100,F,64.16,TOF with VT,0:01:00.0\n",
    )

    assert not find(tmp_path, "x001")[0]
    assert find(tmp_path, "x002")[0][0].rhythm is RhythmId.NORMAL_SINUS_RHYTHM
    assert find(tmp_path, "x100")[0][0].label.endswith("; age 64")
    assert not find(tmp_path, "x101")[0], "an age that is not known may be a child's"


def test_an_ectopic_beat_stands_in_every_window(tmp_path: Path) -> None:
    normal = [("N", "")] * 9
    write(tmp_path, "x100", "(N", [*normal, ("V", "")], 0.6)
    spans, _ = find(tmp_path, "x100")

    assert {span.rhythm for span in spans} == {RhythmId.PVC_UNIFORM}


def test_ages_are_read_where_they_can_be(tmp_path: Path) -> None:
    write_ages(tmp_path, "7,x007,M,.14.3,AVNRT,,\n8,x008,F,unknown,AVNRT,,\n9,x009,F\n")

    assert leipzig.read_ages(folder(tmp_path)) == {"x007": 14.3}
    assert leipzig.read_ages(tmp_path) == {}


def test_a_table_of_patients_that_is_no_text_is_named(tmp_path: Path) -> None:
    (folder(tmp_path) / "children-subject-info.csv").write_bytes(b"\xff\xfe\x00\xd8")

    with pytest.raises(BuildError, match=r"children-subject-info\.csv cannot be read"):
        leipzig.read_ages(folder(tmp_path))


def test_damaged_recordings_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, "x001", "(N", [("N", "")])
    (folder(tmp_path) / "x001.dat").write_bytes(b"")
    spans, skipped = find(tmp_path, "x001")

    assert not spans
    assert "x001.dat is cut off" in skipped[0]


def test_a_broken_table_of_codes_is_refused_and_not_read_for_ever(tmp_path: Path) -> None:
    write(tmp_path, "x001", "(N", [("N", "")])
    path = folder(tmp_path) / "x001.atr"
    path.write_bytes(path.read_bytes().replace(b"## annotation", b"## annexation"))
    spans, skipped = find(tmp_path, "x001")

    assert not spans
    assert skipped == ["x001.atr is damaged: its table of codes cannot be read."]


def test_records_with_annotations_are_named(tmp_path: Path) -> None:
    write(tmp_path, "x0010", "(N", [("N", "")])
    write(tmp_path, "x001", "(N", [("N", "")])

    assert leipzig.names_of(folder(tmp_path), RULES) == ["x001", "x0010"]

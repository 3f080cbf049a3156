import subprocess
import sys
from pathlib import Path

import pytest

from rhythmtrainer.model import (
    ContentError,
    Half,
    LeadName,
    RateSource,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
)
from rhythmtrainer.records.tables.catalogue import (
    FileFacts,
    Inventory,
    load_databases,
    load_files,
    load_inventories,
    load_spans,
    spans_text,
)

COLUMNS = (
    "database,version,record,leads,start_s,duration_s,rhythm,accepted,label,rate_bpm,"
    "rate_source,patient,quality,half\n"
)
ROW = (
    'mitdb,1.0.0,201,MLII,12.5,30,af_rvr,af_controlled svt,"(AFIB, 12.5 s",131.5,'
    "reference beats,mitdb-201,0.95,exam\n"
)
DIGEST = "0123456789abcdef" * 4
DATABASE = """
[[database]]
id = "mitdb"
version = "1.0.0"
title = "MIT-BIH Arrhythmia Database"
citation = "Moody 2001"
doi = "10.13026/C2F305"
licence = "ODC-By 1.0"
labels = "Two cardiologists."
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(error: pytest.ExceptionInfo[ContentError]) -> list[str]:
    return str(error.value).splitlines()


def test_a_row_becomes_a_span(tmp_path: Path) -> None:
    (span,) = load_spans(table(tmp_path, COLUMNS + ROW))
    assert span == Span(
        ref=StripRef(RecordRef("mitdb", "1.0.0", "201"), (LeadName("MLII"),), 12.5, 30.0),
        rhythm=RhythmId.AF_RVR,
        accepted=frozenset({RhythmId.AF_CONTROLLED, RhythmId.SVT}),
        label="(AFIB, 12.5 s",
        rate_bpm=131.5,
        rate_source=RateSource.REFERENCE_BEATS,
        patient="mitdb-201",
        quality=0.95,
        half=Half.EXAM,
    )


def test_a_row_may_name_several_leads_in_their_order(tmp_path: Path) -> None:
    (span,) = load_spans(table(tmp_path, COLUMNS + ROW.replace("MLII", "V5 MLII")))
    assert span.ref.leads == (LeadName("V5"), LeadName("MLII"))


@pytest.mark.parametrize(
    ("leads", "fault"), [("", "leads is empty"), ("II V1 II", "leads names II twice")]
)
def test_a_row_names_leads_and_each_once(tmp_path: Path, leads: str, fault: str) -> None:
    with pytest.raises(ContentError, match=f"line 2: {fault}"):
        load_spans(table(tmp_path, COLUMNS + ROW.replace("MLII", leads)))


def test_accepted_and_rate_may_be_empty(tmp_path: Path) -> None:
    row = "vfdb,1.0.0,418,ECG,0,10,vf_coarse,,(VF,,none,vfdb-418,1,practice\n"
    (span,) = load_spans(table(tmp_path, COLUMNS + row))
    assert span.accepted == frozenset()
    assert span.rate_bpm is None


def test_all_faults_of_a_catalogue_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    wrong = "mitdb,1.0.0,,MLII,-1,0,no_rhythm,neither,l,fast,guessed,p,1.2,both\n"
    with pytest.raises(ContentError) as error:
        load_spans(table(tmp_path, COLUMNS + ROW + wrong + "too,short\n"))
    faults = faults_of(error)
    assert [fault.split(": ")[0] for fault in faults] == ["table.csv, line 3"] * 10 + [
        "table.csv, line 4"
    ]
    text = str(error.value)
    for part in (
        "record is empty",
        "'-1'",
        "'0'",
        "'no_rhythm'",
        "'neither'",
        "'fast'",
        "'1.2'",
        "'both'",
    ):
        assert part in text
    assert "'guessed'" in text
    assert "14 cells are needed, got 2" in text


def test_a_rate_without_a_source_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="line 2: rate_bpm must be empty where"):
        load_spans(table(tmp_path, COLUMNS + ROW.replace("reference beats", "none")))


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", ""])
def test_what_is_no_finite_number_is_a_fault(tmp_path: Path, number: str) -> None:
    with pytest.raises(ContentError, match="start_s must be a number from 0 on"):
        load_spans(table(tmp_path, COLUMNS + ROW.replace("12.5,30", f"{number},30")))


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"table\.csv, line 1: the columns must be database,"):
        load_spans(table(tmp_path, "database,record\nmitdb,100\n"))


def test_an_unfinished_quotation_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="not CSV"):
        load_spans(table(tmp_path, COLUMNS + 'mitdb,"1.0.0\n'))


def test_a_missing_table_is_a_fault_of_content(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.csv: cannot be read"):
        load_spans(tmp_path / "nowhere.csv")


def test_a_table_that_is_no_utf8_is_a_fault_of_content(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(COLUMNS.encode() + b"\xff")
    with pytest.raises(ContentError, match="not UTF-8"):
        load_spans(path)


def test_files_are_found_by_their_path_in_the_archive(tmp_path: Path) -> None:
    text = f"database,version,file,bytes,sha256,described\nmitdb,1.0.0,100.dat,1950000,{DIGEST},\n"
    assert load_files(table(tmp_path, text)) == {
        "mitdb/1.0.0/100.dat": FileFacts(size=1_950_000, sha256=DIGEST)
    }


def test_all_faults_of_the_files_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        "database,version,file,bytes,sha256,described",
        f"mitdb,1.0.0,100.dat,1,{DIGEST},",
        f"mitdb,1.0.0,100.dat,1,{DIGEST},",
        "mitdb,1.0.0,101.dat,1.5,ABC,",
    ]
    with pytest.raises(ContentError) as error:
        load_files(table(tmp_path, "\n".join(rows)))
    faults = faults_of(error)
    assert len(faults) == 3
    assert faults[0] == "table.csv, line 3: mitdb/1.0.0/100.dat is listed twice"
    assert "line 4: bytes" in faults[1]
    assert "line 4: sha256" in faults[2]


def test_databases_are_found_by_id_and_version(tmp_path: Path) -> None:
    databases = load_databases(table(tmp_path, DATABASE))
    assert databases["mitdb", "1.0.0"].licence == "ODC-By 1.0"


def test_all_faults_of_the_databases_are_told_at_once(tmp_path: Path) -> None:
    wrong = DATABASE.replace('doi = "10.13026/C2F305"', "doi = 10\ncolour = 'red'")
    with pytest.raises(ContentError) as error:
        load_databases(table(tmp_path, DATABASE + DATABASE + wrong))
    assert faults_of(error) == [
        "table.csv, line 11: mitdb 1.0.0 is described twice",
        "table.csv, line 20: unknown key 'colour'",
        "table.csv, line 20: doi must be a text that is not empty, got 10",
    ]


@pytest.mark.parametrize(
    ("text", "fault"), [("[[database", "not TOML"), ("database = 3", "tables")]
)
def test_what_is_no_table_of_databases_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ContentError, match=fault):
        load_databases(table(tmp_path, text))


def test_reading_tables_does_not_load_the_libraries_that_read_signals() -> None:
    code = (
        "import sys, rhythmtrainer.records.tables.catalogue;"
        "sys.exit(any(name in sys.modules for name in ('wfdb', 'requests', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code
    assert done.returncode == 0


def test_how_much_a_database_holds_stands_beside_what_is_said_about_it(tmp_path: Path) -> None:
    path = table(tmp_path, DATABASE + 'records = 48\ntables = ["labels.csv"]\n')
    key = ("mitdb", "1.0.0")
    assert load_inventories(path)[key] == Inventory(48, ("labels.csv",))
    assert load_databases(path)[key].citation == "Moody 2001"
    assert load_inventories(table(tmp_path, DATABASE))[key] == Inventory()


@pytest.mark.parametrize(
    "wrong", ["records = 0", 'records = "48"', "megabytes = 1.5", "tables = 3", "tables = [1]"]
)
def test_a_wrong_inventory_is_a_fault(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ContentError, match=f"line 2: {wrong.split(maxsplit=1)[0]} must be"):
        load_databases(table(tmp_path, f"{DATABASE}{wrong}\n"))


def test_written_spans_are_read_as_they_were(tmp_path: Path) -> None:
    spans = load_spans(table(tmp_path, COLUMNS + ROW))
    assert load_spans(table(tmp_path, spans_text(spans))) == spans

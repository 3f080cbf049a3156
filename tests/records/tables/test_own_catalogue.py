from dataclasses import replace
from pathlib import Path

import pytest

from rhythmtrainer.model import (
    Half,
    LeadName,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.tables.catalogue import FILE_COLUMNS, FileFacts, spans_text, table_text
from rhythmtrainer.records.tables.own_catalogue import keep_own, load_catalogue

DIGEST = "0123456789abcdef" * 4
FACTS = {"made/1.0.0/g1/7.dat": FileFacts(7, DIGEST)}
DATABASE = """
[[database]]
id = "{0}"
version = "1.0.0"
title = "Database {0}"
citation = "Somebody 2001"
doi = "10.1/1"
licence = "ODC-By"
labels = "Good."
"""


def span(database: str, record: str, patient: str, half: Half = Half.PRACTICE) -> Span:
    return Span(
        ref=StripRef(RecordRef(database, "1.0.0", record), (LeadName("II"),), 1.5, 30.0),
        rhythm=RhythmId.PAC,
        accepted=frozenset({RhythmId.PJC}),
        label="(N at 0.1 s",
        rate_bpm=70.0,
        rate_source=RateSource.MEASURED,
        patient=patient,
        quality=0.5,
        half=half,
    )


SHIPPED = (
    span("made", "7", "seven", Half.EXAM),
    span("made", "8", "eight"),
    span("mitdb", "100", "mitdb-100"),
)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "catalogue.csv").write_text(spans_text(SHIPPED), encoding="utf-8")
    (folder / "files.csv").write_text(table_text(FILE_COLUMNS, ()), encoding="utf-8")
    tables = DATABASE.format("made") + "records = 3\n" + DATABASE.format("mitdb")
    (folder / "databases.toml").write_text(tables, encoding="utf-8")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


def test_without_own_tables_it_is_the_shipped_catalogue(shipped: Path, own: Path) -> None:
    catalogue = load_catalogue(shipped, own)
    assert catalogue.spans == SHIPPED
    assert catalogue.own == frozenset()
    assert catalogue.faults == ()
    assert catalogue.inventories["made", "1.0.0"].records == 3
    assert catalogue.inventories["mitdb", "1.0.0"].records is None


def test_own_spans_of_a_record_replace_the_shipped_ones_wherever_it_lies(
    shipped: Path, own: Path
) -> None:
    mine = span("made", "g1/7", "somebody")
    keep_own(own, "made", [mine], FACTS)
    catalogue = load_catalogue(shipped, own)
    assert catalogue.spans == (*SHIPPED[1:], mine)
    assert catalogue.own == {"made"}
    assert catalogue.files == FACTS


def test_a_patient_stays_in_the_half_that_is_known(shipped: Path, own: Path) -> None:
    keep_own(own, "made", [span("made", "9", "seven"), span("made", "10", "new")], FACTS)
    twin = replace(span("other", "1", "new"), half=Half.EXAM)
    keep_own(own, "other", [twin], {})
    halves = {one.ref.record.record: one.half for one in load_catalogue(shipped, own).spans}
    assert halves["9"] is Half.EXAM
    assert halves["10"] is halves["1"] is Half.PRACTICE


@pytest.mark.parametrize("ending", [".csv", ".files.csv"])
@pytest.mark.parametrize("text", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", None])
def test_own_tables_that_are_broken_are_left_out_with_a_sentence(
    shipped: Path, own: Path, ending: str, text: bytes | None
) -> None:
    keep_own(own, "made", [span("made", "9", "new")], FACTS)
    keep_own(own, "other", [span("other", "1", "new")], {})
    broken = own / f"made{ending}"
    broken.unlink()
    if text is not None:
        broken.write_bytes(text)
    catalogue = load_catalogue(shipped, own)
    assert catalogue.spans[:3] == SHIPPED
    assert catalogue.own == {"other"}
    if text is not None or ending == ".files.csv":
        assert "records index made" in catalogue.faults[0]


def test_rows_of_another_database_do_not_hide_in_own_tables(shipped: Path, own: Path) -> None:
    keep_own(own, "made", [span("mitdb", "100", "new")], {})
    catalogue = load_catalogue(shipped, own)
    assert catalogue.spans == SHIPPED
    assert "rows of mitdb" in catalogue.faults[0]


def test_own_tables_are_replaced_whole_and_nothing_else_is_left(shipped: Path, own: Path) -> None:
    for record in ("9", "10"):
        keep_own(own, "made", [span("made", record, "new")], FACTS)
    assert sorted(path.name for path in own.iterdir()) == ["made.csv", "made.files.csv"]
    assert load_catalogue(shipped, own).spans[-1].ref.record.record == "10"


def test_own_tables_that_cannot_be_written_are_told(own: Path) -> None:
    own.write_text("a file")
    with pytest.raises(UnreachableError, match="made cannot be written"):
        keep_own(own, "made", [], {})


def test_a_database_is_found_by_its_id_and_others_are_refused(shipped: Path, own: Path) -> None:
    catalogue = load_catalogue(shipped, own)
    assert catalogue.database("MITDB/").id == "mitdb"
    with pytest.raises(RecordError, match=r"no database “mitbd”\. Like it are mitdb\. Known are"):
        catalogue.database("mitbd")

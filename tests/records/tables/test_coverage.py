import pytest

from rhythmtrainer.model import (
    Half,
    LeadName,
    RateSource,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
)
from rhythmtrainer.records.tables.coverage import coverage_of, windows_in


def span(
    record: str,
    duration_s: float,
    rhythm: RhythmId = RhythmId.PAC,
    database: str = "mitdb",
    half: Half = Half.PRACTICE,
) -> Span:
    ref = StripRef(RecordRef(database, "1.0.0", record), (LeadName("II"),), 0.0, duration_s)
    patient = f"{database}-{record}"
    none = frozenset[RhythmId]()
    return Span(ref, rhythm, none, "(N", None, RateSource.NONE, patient, half=half)


@pytest.mark.parametrize(
    ("duration_s", "windows"), [(6.0, 1), (10.0, 1), (19.999, 1), (20.0, 2), (0.1 * 300, 3)]
)
def test_windows_do_not_overlap_and_a_short_span_gives_one(duration_s: float, windows: int) -> None:
    assert windows_in(span("100", duration_s)) == windows


def test_every_rhythm_is_told_in_the_order_of_the_list() -> None:
    assert [row.rhythm for row in coverage_of([])] == list(RhythmId)
    assert all(not row.excerpts and not row.databases for row in coverage_of([]))


def test_excerpts_minutes_patients_and_databases_are_counted() -> None:
    spans = [
        span("100", 30.0),
        span("100", 6.0),
        span("101", 24.0, half=Half.EXAM),
        span("1", 60.0, database="ludb"),
        span("2", 600.0, RhythmId.SVT),
    ]
    row = next(row for row in coverage_of(spans) if row.rhythm is RhythmId.PAC)
    assert row.excerpts == 3 + 1 + 2 + 6
    assert row.minutes == pytest.approx(2.0)
    assert (row.patients, row.exam_patients) == (3, 1)
    assert row.databases == ("mitdb", "ludb")

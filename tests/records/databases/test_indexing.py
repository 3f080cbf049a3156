import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rhythmtrainer.model import (
    Half,
    LeadName,
    Progress,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
)
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.databases import indexing
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.training.cancel import Cancel
from tests.support.archive import publish

Find = Callable[..., list[Span]]


@pytest.fixture
def rules() -> Rules:
    return read_rules(dataset("rules"), "ptb-xl")


@pytest.fixture
def records(tmp_path: Path) -> Path:
    names = [f"records500/00000/{number:05}_hr" for number in (1, 2, 3)]
    publish(tmp_path, "ptb-xl", "1.0.3", names)
    return tmp_path


def span(number: int, patient: str, database: str = "ptb-xl") -> Span:
    name = f"records500/00000/{number:05}_hr" if database == "ptb-xl" else f"x/HR{number:05}"
    ref = StripRef(RecordRef(database, "1.0.3", name), (LeadName("II"),), 0.0, 10.0)
    none = frozenset[RhythmId]()
    return Span(ref, RhythmId.PAC, none, "PAC", None, RateSource.NONE, patient)


def finding(*spans: Span, faults: tuple[str, ...] = ()) -> Find:
    def find(_: Path, __: Rules, tell: object, ___: Cancel, skip: object) -> list[Span]:
        assert callable(tell)
        assert callable(skip)
        tell(Progress("ptb-xl", 0.5))
        for fault in faults:
            skip(spans[0].ref.record, fault)
        return list(spans)

    return find


def index(rules: Rules, records: Path, *known: Span) -> indexing.Indexed:
    return indexing.index_database(rules, records, known, lambda _: None, Cancel())


def test_files_of_the_spans_are_noted_as_they_are(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "find_database", finding(span(1, "one"), span(2, "two")))
    found = index(rules, records)
    folder = "ptb-xl/1.0.3/records500/00000"
    assert set(found.files) == {
        f"{folder}/0000{n}_hr.{end}" for n in (1, 2) for end in ("hea", "dat")
    }
    published = (records / "ptb-xl" / "1.0.3" / "SHA256SUMS.txt").read_text()
    for path, facts in found.files.items():
        name = path.removeprefix("ptb-xl/1.0.3/")
        assert re.search(rf"^{facts.sha256} {name}$", published, re.MULTILINE)
        assert facts.size == (records / path).stat().st_size


def test_each_half_gets_some_patients(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "find_database", finding(span(1, "one"), span(2, "two")))
    assert {one.half for one in index(rules, records).spans} == set(Half)


def test_a_recording_that_stands_in_another_database_is_left_out(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "find_database", finding(span(1, "one"), span(2, "two")))
    found = index(rules, records, span(2, "somebody", "challenge-2021"))
    assert [one.patient for one in found.spans] == ["one"]


def test_a_person_of_whom_the_catalogue_holds_a_recording_keeps_the_name(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = [span(1, "person"), span(2, "person"), span(3, "other")]
    monkeypatch.setattr(indexing, "find_database", finding(*same))
    found = index(rules, records, span(2, "ecg-2", "challenge-2021"))
    assert [one.patient for one in found.spans] == ["ecg-2", "other"]
    found = index(rules, records, replace(span(3, "ecg-3"), half=Half.EXAM))
    assert [one.patient for one in found.spans] == ["person", "person", "ecg-3"]


def test_records_that_give_nothing_are_named_with_the_reason(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = finding(span(1, "one"), faults=("damaged",))
    monkeypatch.setattr(indexing, "find_database", find)
    assert index(rules, records).left_out == ("records500/00000/00001_hr: damaged",)


def test_a_signal_that_is_not_there_is_told(
    rules: Rules, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (records / "ptb-xl" / "1.0.3" / "records500" / "00000" / "00001_hr.dat").unlink()
    monkeypatch.setattr(indexing, "find_database", finding(span(1, "one")))
    with pytest.raises(RecordError, match=r"00001_hr\.dat cannot be read"):
        index(rules, records)

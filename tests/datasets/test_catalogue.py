"""What must hold for the catalogue that ships, and for the script that builds it."""

import csv
import importlib.util
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from rhythmtrainer.model import Half, RateSource, RhythmId, Span, is_ecg_lead
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.records.signals.wfdb_reader import read_header
from rhythmtrainer.records.tables.catalogue import load_databases, load_files, load_spans

WINDOW_S = 10.0
FEWEST_WINDOWS = 5000
FEWEST_RHYTHMS = 30
CLASS_OF_RATE = {
    RhythmId.NORMAL_SINUS_RHYTHM: (65, 95),
    RhythmId.SINUS_BRADYCARDIA: (25, 55),
    RhythmId.SINUS_TACHYCARDIA: (105, 145),
    RhythmId.AF_CONTROLLED: (60, 95),
    RhythmId.AF_RVR: (110, 220),
    RhythmId.SVT: (155, 280),
    RhythmId.AVB2_2TO1: (25, 55),
    RhythmId.JUNCTIONAL_ESCAPE: (30, 55),
    RhythmId.ACCELERATED_JUNCTIONAL: (65, 95),
    RhythmId.JUNCTIONAL_TACHYCARDIA: (105, 180),
    RhythmId.AIVR: (50, 95),
    RhythmId.VT_MONOMORPHIC: (125, 250),
    RhythmId.VENTRICULAR_FLUTTER: (155, 300),
}
SPLIT_BY_RATE = {
    RhythmId.NORMAL_SINUS_RHYTHM,
    RhythmId.SINUS_BRADYCARDIA,
    RhythmId.SINUS_TACHYCARDIA,
    RhythmId.AF_CONTROLLED,
    RhythmId.AF_RVR,
    RhythmId.JUNCTIONAL_ESCAPE,
    RhythmId.ACCELERATED_JUNCTIONAL,
    RhythmId.JUNCTIONAL_TACHYCARDIA,
}
WITHOUT_RATE = {
    RhythmId.AGONAL,
    RhythmId.ARTIFACT,
    RhythmId.ASYSTOLE,
    RhythmId.VF_COARSE,
    RhythmId.VF_FINE,
    RhythmId.VT_POLYMORPHIC,
}
DATABASES = ("challenge-2021", "cpsc2021", "ludb", "mitdb", "ptb-xl", "vfdb")
TABLES = ("rule", "lead", "left_out", "chosen", "statement")


def rows_of(name: str) -> list[dict[str, str]]:
    with dataset(name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.fixture(scope="module")
def spans() -> list[Span]:
    return list(load_spans(dataset("catalogue.csv")))


@pytest.fixture(scope="module")
def rules() -> dict[str, Rules]:
    return {database: read_rules(dataset("rules"), database) for database in DATABASES}


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue_build", dataset("build.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_record(spans: Iterable[Span]) -> Iterator[list[Span]]:
    for _, group in itertools.groupby(spans, key=lambda span: span.ref.record):
        yield list(group)


def test_the_catalogue_is_large_and_varied(spans: list[Span]) -> None:
    windows = sum(max(1, int(span.ref.duration_s / WINDOW_S + 1e-6)) for span in spans)
    assert windows >= FEWEST_WINDOWS
    assert len({span.rhythm for span in spans}) >= FEWEST_RHYTHMS
    assert {span.ref.record.database for span in spans} == set(DATABASES)


def test_every_span_has_room_for_a_window(spans: list[Span]) -> None:
    assert all(span.ref.start_s >= 0 and span.ref.duration_s >= 6 for span in spans)


def test_every_span_is_of_an_ecg_lead(spans: list[Span]) -> None:
    assert all(is_ecg_lead(lead) for span in spans for lead in span.ref.leads)


def test_every_span_says_which_label_stands_behind_it(spans: list[Span]) -> None:
    for span in spans:
        if span.ref.record.database in ("mitdb", "vfdb"):
            assert re.search(r"\([A-Z]+ at [\d.]+ s$", span.label), span
        assert span.label.strip(), span


def test_an_event_of_a_label_lies_in_its_span(spans: list[Span]) -> None:
    for span in spans:
        event = re.search(r"[A-Za-z]{2,} at ([\d.]+) s; ", span.label)
        if event and "header" not in span.label:
            assert span.ref.start_s <= float(event[1]) + 0.05 <= span.ref.end_s, span


def test_words_of_a_header_stand_between_quotation_marks(spans: list[Span]) -> None:
    labels = [span.label for span in spans if "header" in span.label]
    assert labels
    assert all(re.match(r'header: "[^"]+"', label) for label in labels)


def test_the_answer_is_not_listed_among_the_accepted_ones(spans: list[Span]) -> None:
    assert all(span.rhythm not in span.accepted for span in spans)


def test_rates_lie_within_the_class_of_the_rhythm(spans: list[Span]) -> None:
    for span in spans:
        low, high = CLASS_OF_RATE.get(span.rhythm, (20, 300))
        assert span.rate_bpm is None or low <= span.rate_bpm <= high, span


def test_a_rate_is_known_wherever_a_class_hangs_on_it(spans: list[Span]) -> None:
    for span in spans:
        assert span.rate_bpm is not None or span.rhythm not in SPLIT_BY_RATE, span
        assert span.rate_bpm is None or span.rhythm not in WITHOUT_RATE, span
        assert (span.rate_source is RateSource.NONE) == (span.rate_bpm is None), span


def test_most_spans_can_be_read_throughout(spans: list[Span]) -> None:
    readable = [span.quality for span in spans if span.rhythm is not RhythmId.ARTIFACT]
    assert all(0 < quality <= 1 for quality in readable)
    assert sum(quality >= 0.9 for quality in readable) > 0.9 * len(readable)


def test_spans_of_a_record_are_in_order_and_none_overlaps_another(spans: list[Span]) -> None:
    groups = list(by_record(spans))
    assert len(groups) == len({span.ref.record for span in spans})
    for group in groups:
        for one, other in itertools.pairwise(group):
            assert one.ref.end_s <= other.ref.start_s + 1e-6, (one, other)


def test_records_of_one_person_share_a_patient(spans: list[Span]) -> None:
    patients = {(span.ref.record.database, span.ref.record.record): span.patient for span in spans}
    assert patients["mitdb", "201"] == patients["mitdb", "202"]
    assert len({patients["vfdb", name] for name in ("428", "429", "430")}) == 1


def test_a_record_has_one_patient_and_a_patient_one_half(spans: list[Span]) -> None:
    assert all(len({span.patient for span in group}) == 1 for group in by_record(spans))
    halves = {(span.patient, span.half) for span in spans}
    assert len(halves) == len({patient for patient, _ in halves})


def test_every_rhythm_of_two_patients_is_in_both_halves(spans: list[Span]) -> None:
    for rhythm in {span.rhythm for span in spans}:
        patients = {(span.patient, span.half) for span in spans if span.rhythm == rhythm}
        if len(patients) > 1:
            halves = Counter(half for _, half in patients)
            assert set(halves) == set(Half), rhythm


def test_a_recording_of_two_databases_is_there_once(spans: list[Span]) -> None:
    names = [span.ref.record.record for span in spans]
    here = {name[-8:-3] for name in names if name.endswith("_hr")}
    again = {name[-5:] for name in names if name.rpartition("/")[2].startswith("HR")}
    assert again
    assert not here & again


def test_the_table_of_patients_names_those_of_the_catalogue(spans: list[Span]) -> None:
    patients = {(span.ref.record.database, span.ref.record.record): span.patient for span in spans}
    rows = rows_of("patients.csv")
    assert {("mitdb", "201"), ("mitdb", "202")} <= {(x["database"], x["record"]) for x in rows}
    for row in rows:
        assert patients[row["database"], row["record"]] == row["patient"]
        assert row["reason"].strip()


def test_no_span_touches_a_stretch_that_is_left_out(
    spans: list[Span], rules: dict[str, Rules]
) -> None:
    for span in spans:
        for start, end in rules[span.ref.record.database].gaps(span.ref.record, span.rhythm):
            assert span.ref.end_s <= start or span.ref.start_s >= end, span


def test_every_chosen_stretch_of_a_rule_lies_where_it_was_chosen(
    spans: list[Span], rules: dict[str, Rules]
) -> None:
    for span in spans:
        chosen = [
            stretch
            for choice in rules[span.ref.record.database].chosen
            if choice.concerns(span.ref.record, span.rhythm)
            for stretch in choice.stretches
        ]
        inside = any(a - 1e-6 <= span.ref.start_s and span.ref.end_s <= b + 1e-6 for a, b in chosen)
        assert inside or not chosen, span


@pytest.mark.parametrize("path", sorted(dataset("rules").glob("*.toml")), ids=lambda p: p.stem)
def test_every_rule_and_choice_gives_its_reason(path: Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {"annotation", "header", "documentation", "seen in the trace"}
    for name in TABLES:
        for row in table.get(name, []):
            assert row["reason"].strip(), row
            if name not in ("rule", "statement"):
                assert row["says"] in known, row


def test_every_database_of_the_catalogue_is_described(spans: list[Span]) -> None:
    described = load_databases(dataset("databases.toml"))
    used = {(span.ref.record.database, span.ref.record.version) for span in spans}
    assert used <= described.keys()


def test_the_files_of_every_record_are_listed_and_no_others(spans: list[Span]) -> None:
    files = load_files(dataset("files.csv"))
    records = {span.ref.record.path for span in spans}
    assert {name.rpartition(".")[0] for name in files} == records
    assert {f"{record}.hea" for record in records} <= files.keys()
    assert all(facts.size > 0 for facts in files.values())


def test_a_folder_without_recordings_is_refused_in_a_sentence(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--records", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "holds no recordings" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_database_without_rules_is_refused_in_a_sentence(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--records", str(tmp_path), "--out", str(tmp_path), "nodb"]) == 1
    assert "There are no rules for nodb" in capsys.readouterr().err


@pytest.mark.recordings
def test_spans_lie_inside_their_recordings_in_leads_that_are_there(
    spans: list[Span], records_dir: Path
) -> None:
    for group in by_record(spans):
        header = read_header(records_dir / group[0].ref.record.path)
        leads = {signal.name.casefold() for signal in header.signals}
        assert header.length is not None
        assert all(span.ref.end_s <= header.length / header.fs + 1e-3 for span in group)
        assert {lead.casefold() for span in group for lead in span.ref.leads} <= leads


@pytest.mark.recordings
def test_building_again_gives_the_same_bytes(
    build: ModuleType, records_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--records", str(records_dir), "--out", str(tmp_path)]) == 0
    assert "\r" not in capsys.readouterr().out
    for name in ("catalogue.csv", "files.csv", "patients.csv"):
        assert (tmp_path / name).read_bytes() == dataset(name).read_bytes()

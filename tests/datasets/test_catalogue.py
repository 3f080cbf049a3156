"""What must hold for the catalogue that ships, and for the script that builds it."""

import csv
import hashlib
import importlib.util
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from rhythmtrainer.model import (
    Database,
    LeadName,
    RateSource,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
    is_ecg_lead,
)
from rhythmtrainer.paths import dataset

REQUIRED = {
    RhythmId.NORMAL_SINUS_RHYTHM,
    RhythmId.SINUS_BRADYCARDIA,
    RhythmId.SINUS_TACHYCARDIA,
    RhythmId.AF_CONTROLLED,
    RhythmId.AF_RVR,
    RhythmId.ATRIAL_FLUTTER,
    RhythmId.AVB1,
    RhythmId.AVB2_2TO1,
    RhythmId.VENTRICULAR_BIGEMINY,
    RhythmId.VT_MONOMORPHIC,
    RhythmId.VF_COARSE,
    RhythmId.ASYSTOLE,
    RhythmId.PACED_VENTRICULAR,
}
CLASS_OF_RATE = {
    RhythmId.NORMAL_SINUS_RHYTHM: (65, 95),
    RhythmId.SINUS_BRADYCARDIA: (30, 55),
    RhythmId.SINUS_TACHYCARDIA: (105, 180),
    RhythmId.AF_CONTROLLED: (65, 95),
    RhythmId.AF_RVR: (110, 180),
    RhythmId.SVT: (150, 250),
    RhythmId.AVB2_2TO1: (30, 55),
    RhythmId.AIVR: (50, 95),
    RhythmId.VT_MONOMORPHIC: (125, 250),
    RhythmId.VENTRICULAR_FLUTTER: (155, 300),
}
WITHOUT_RATE = {RhythmId.VF_COARSE, RhythmId.ASYSTOLE}


def rows_of(name: str) -> list[dict[str, str]]:
    with dataset(name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.fixture(scope="module")
def spans() -> list[Span]:
    return [
        Span(
            ref=StripRef(
                record=RecordRef(row["database"], row["version"], row["record"]),
                leads=tuple(map(LeadName, row["leads"].split())),
                start_s=float(row["start_s"]),
                duration_s=float(row["duration_s"]),
            ),
            rhythm=RhythmId(row["rhythm"]),
            accepted=frozenset(map(RhythmId, row["accepted"].split())),
            label=row["label"],
            rate_bpm=float(row["rate_bpm"]) if row["rate_bpm"] else None,
            rate_source=RateSource(row["rate_source"]),
            patient=row["patient"],
        )
        for row in rows_of("catalogue.csv")
    ]


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


def test_the_rhythms_that_a_course_needs_are_there(spans: list[Span]) -> None:
    assert {span.rhythm for span in spans} >= REQUIRED


def test_every_span_has_room_for_a_window(spans: list[Span]) -> None:
    assert all(span.ref.start_s >= 0 and span.ref.duration_s >= 6 for span in spans)


def test_every_span_is_of_an_ecg_lead(spans: list[Span]) -> None:
    assert all(is_ecg_lead(lead) for span in spans for lead in span.ref.leads)


def test_every_span_says_which_label_stands_behind_it(spans: list[Span]) -> None:
    assert all("(" in span.label and span.label.endswith(" s") for span in spans)


def test_words_of_a_header_stand_between_quotation_marks(spans: list[Span]) -> None:
    labels = {span.label for span in spans if "header" in span.label}
    assert labels
    assert all(re.fullmatch(r'header: "[^"]+"; \([A-Z]+ at [\d.]+ s', label) for label in labels)


def test_the_answer_is_not_listed_among_the_accepted_ones(spans: list[Span]) -> None:
    assert all(span.rhythm not in span.accepted for span in spans)


def test_rates_lie_within_the_class_of_the_rhythm(spans: list[Span]) -> None:
    for span in spans:
        low, high = CLASS_OF_RATE.get(span.rhythm, (20, 300))
        assert span.rate_bpm is None or low <= span.rate_bpm <= high, span


def test_only_rhythms_without_countable_beats_have_no_rate(spans: list[Span]) -> None:
    for span in spans:
        assert (span.rate_bpm is None) == (span.rhythm in WITHOUT_RATE), span
        assert (span.rate_source is RateSource.NONE) == (span.rate_bpm is None), span


def test_spans_are_in_order_and_none_overlaps_another(spans: list[Span]) -> None:
    records = [span.ref.record for span in spans]
    assert records == sorted(records)
    for group in by_record(spans):
        for one, other in itertools.pairwise(group):
            assert one.ref.end_s <= other.ref.start_s + 1e-6, (one, other)


def test_no_record_swamps_a_rhythm(spans: list[Span]) -> None:
    for group in by_record(spans):
        for rhythm in {span.rhythm for span in group}:
            assert sum(x.ref.duration_s for x in group if x.rhythm == rhythm) <= 6 * 60


def test_records_of_one_person_share_a_patient(spans: list[Span]) -> None:
    patients = {span.ref.record.record: span.patient for span in spans}
    assert patients["201"] == patients["202"]
    assert patients["428"] == patients["429"] == patients["430"]
    assert len(set(patients.values())) == len(patients) - 3


def test_a_record_has_one_patient(spans: list[Span]) -> None:
    assert all(len({span.patient for span in group}) == 1 for group in by_record(spans))


def test_no_span_touches_a_stretch_that_is_left_out(spans: list[Span], build: ModuleType) -> None:
    rules = build.read_rules(dataset("rules.toml"))
    for span in spans:
        for start, end in rules.gaps(span.ref.record, span.rhythm):
            assert span.ref.end_s <= start or span.ref.start_s >= end, span


@pytest.mark.parametrize("table", ["rule", "lead", "left_out", "chosen"])
def test_every_rule_and_choice_gives_its_reason(table: str) -> None:
    rows = tomllib.loads(dataset("rules.toml").read_text(encoding="utf-8"))[table]
    assert all(row["reason"].strip() for row in rows)
    if table != "rule":
        known = {"annotation", "header", "documentation", "seen in the trace"}
        assert {row["says"] for row in rows} <= known


def test_every_database_of_the_catalogue_is_described(spans: list[Span]) -> None:
    table = tomllib.loads(dataset("databases.toml").read_text(encoding="utf-8"))
    described = [Database(**row) for row in table["database"]]
    used = {(span.ref.record.database, span.ref.record.version) for span in spans}
    assert used == {(database.id, database.version) for database in described}
    assert all("Goldberger" in database.citation for database in described)


def test_the_files_of_every_record_are_listed_and_no_others(spans: list[Span]) -> None:
    records = {span.ref.record for span in spans}
    wanted = {
        (ref.database, ref.version, f"{ref.record}{ending}")
        for ref in records
        for ending in (".hea", ".dat", ".atr")
    }
    rows = rows_of("files.csv")
    assert {(row["database"], row["version"], row["file"]) for row in rows} == wanted
    assert len(rows) == len(wanted)
    assert all(int(row["bytes"]) > 0 and len(row["sha256"]) == 64 for row in rows)


def test_an_unknown_rhythm_in_the_rules_is_named(build: ModuleType, tmp_path: Path) -> None:
    text = dataset("rules.toml").read_text(encoding="utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(text.replace('rhythm = "svt"', 'rhythm = "svvt"'), encoding="utf-8")
    with pytest.raises(build.BuildError, match="'svvt' is not a valid RhythmId"):
        build.read_rules(path)


def test_a_folder_without_recordings_is_refused_in_a_sentence(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--records", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "holds no recordings" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def published_record(tmp_path: Path) -> RecordRef:
    ref = RecordRef("mitdb", "1.0.0", "100")
    folder = tmp_path / ref.database / ref.version
    folder.mkdir(parents=True)
    lines = []
    for ending in (".atr", ".dat", ".hea"):
        path = folder / f"{ref.record}{ending}"
        path.write_bytes(ending.encode())
        lines.append(f"{hashlib.sha256(ending.encode()).hexdigest()} {path.name}\n")
    (folder / "SHA256SUMS.txt").write_text("".join(lines), encoding="utf-8")
    return ref


def test_files_are_listed_with_size_and_checksum(
    build: ModuleType, tmp_path: Path, published_record: RecordRef
) -> None:
    rows = build.file_rows(tmp_path, {published_record})
    digest = hashlib.sha256(b".atr").hexdigest()
    assert rows[0] == ("mitdb", "1.0.0", "100.atr", 4, digest)


def test_a_changed_and_a_missing_file_are_both_named(
    build: ModuleType, tmp_path: Path, published_record: RecordRef
) -> None:
    path = tmp_path / published_record.path
    path.with_suffix(".dat").write_bytes(b"changed")
    path.with_suffix(".hea").unlink()
    with pytest.raises(
        build.BuildError, match=r"100\.dat differs from the checksum.*100\.hea is missing"
    ):
        build.file_rows(tmp_path, {published_record})


@pytest.mark.recordings
def test_spans_lie_inside_their_recordings_in_leads_that_are_there(
    spans: list[Span], records_dir: Path
) -> None:
    for group in by_record(spans):
        path = records_dir / f"{group[0].ref.record.path}.hea"
        first, *lines = path.read_text(encoding="ascii").splitlines()
        count, fs, samples = first.split()[1:4]
        leads = {line.split()[-1] for line in lines[: int(count)]}
        assert all(span.ref.end_s <= int(samples) / float(fs) for span in group)
        assert {lead for span in group for lead in span.ref.leads} <= leads


@pytest.mark.recordings
def test_building_again_gives_the_same_bytes(
    build: ModuleType, records_dir: Path, tmp_path: Path
) -> None:
    assert build.main(["--records", str(records_dir), "--out", str(tmp_path)]) == 0
    for name in ("catalogue.csv", "files.csv"):
        assert (tmp_path / name).read_bytes() == dataset(name).read_bytes()

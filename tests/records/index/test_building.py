"""A folder of recordings becomes spans, in the same order and with the same numbers each time."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from rhythmtrainer.model import CancelledError, Progress, RecordRef, RhythmId
from rhythmtrainer.records.index.building import find_database
from rhythmtrainer.records.index.rules import BuildError, Choice, Rules
from rhythmtrainer.training.cancel import Cancel
from tests.records.index.making_recordings import a_rule, some_rules, write_recording

NSR = a_rule(rhythm=RhythmId.NORMAL_SINUS_RHYTHM, clear_s=1.0)
PVC = a_rule("N+(?:VN{3,})*", RhythmId.PVC_UNIFORM, event="NVN")
PLAIN = "N" * 40
WITH_PVC = "N" * 30 + "V" + "N" * 30


def rules(*, first: str = "pvc") -> Rules:
    order = (PVC, NSR) if first == "pvc" else (NSR, PVC)
    return some_rules(*order, version="1.0.0")


def folder(tmp_path: Path) -> Path:
    write_recording(tmp_path / "made" / "1.0.0", "b/2", WITH_PVC)
    write_recording(tmp_path / "made" / "1.0.0", "a/1", PLAIN)
    return tmp_path


def ignore(_progress: Progress) -> None:
    pass


def test_records_in_sub_folders_are_found_in_order(tmp_path: Path) -> None:
    found = find_database(folder(tmp_path), rules(), ignore, Cancel())
    assert [span.ref.record.record for span in found] == ["a/1", "b/2", "b/2", "b/2"]
    assert all(span.quality == 1.0 for span in found)
    assert all(span.rate_bpm == pytest.approx(75) for span in found)


def test_the_first_rule_that_claims_a_second_has_it(tmp_path: Path) -> None:
    records = folder(tmp_path)
    found = find_database(records, rules(), ignore, Cancel())
    assert [span.rhythm for span in found][1:] == [NSR.rhythm, PVC.rhythm, NSR.rhythm]
    for one, other in itertools.pairwise(found[1:]):
        assert one.ref.end_s <= other.ref.start_s


def test_building_again_gives_the_same(tmp_path: Path) -> None:
    records = folder(tmp_path)
    once = find_database(records, rules(), ignore, Cancel())
    assert find_database(records, rules(), ignore, Cancel()) == once


def test_progress_grows_and_names_the_record(tmp_path: Path) -> None:
    told: list[Progress] = []
    find_database(folder(tmp_path), rules(), told.append, Cancel())
    assert [(one.said, one.share) for one in told] == [("made a/1", 0.0), ("made b/2", 0.5)]


def test_it_can_be_called_off(tmp_path: Path) -> None:
    cancel = Cancel()
    with pytest.raises(CancelledError):
        find_database(folder(tmp_path), rules(), lambda _progress: cancel.throw(), cancel)


@pytest.mark.parametrize("ending", ["hea", "dat", "atr"])
def test_a_damaged_recording_does_not_keep_the_others_out(tmp_path: Path, ending: str) -> None:
    records = folder(tmp_path)
    path = records / "made" / "1.0.0" / "a" / f"1.{ending}"
    path.write_bytes(path.read_bytes()[:7])
    told: dict[RecordRef, str] = {}
    found = find_database(records, rules(), ignore, Cancel(), told.__setitem__)
    assert {span.ref.record.record for span in found} == {"b/2"}
    assert [ref.record for ref in told] == ["a/1"]
    assert f"1.{ending}" in next(iter(told.values()))


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no recordings"):
        find_database(tmp_path, rules(), ignore, Cancel())


def test_an_unknown_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no reader is called 'tea leaves'"):
        find_database(tmp_path, replace(rules(), reader="tea leaves"), ignore, Cancel())


def test_a_record_that_is_left_out_as_a_whole_is_told_with_the_reason(tmp_path: Path) -> None:
    records = folder(tmp_path)
    whole = Choice(reason="made for a test", says="header", records=frozenset({"a/1"}))
    part = Choice(
        reason="a part", says="header", records=frozenset({"b/2"}), stretches=((0.0, 1.0),)
    )
    (records / "made" / "1.0.0" / "a" / "1.dat").unlink()
    told: dict[RecordRef, str] = {}
    left_out = replace(rules(), left_out=(whole, part))
    found = find_database(records, left_out, ignore, Cancel(), told.__setitem__)
    assert {span.ref.record.record for span in found} == {"b/2"}
    assert {ref.record: why for ref, why in told.items()} == {"a/1": "made for a test"}

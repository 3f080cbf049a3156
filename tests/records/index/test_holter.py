"""Long-term databases are read as PhysioNet has them."""

from dataclasses import replace
from pathlib import Path

import pytest

from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.rule_files import read_rules
from tests.records.index.holter_making import (
    Holter,
    find,
    folder_of,
    shipped,
    steady,
)

NSRDB = shipped("nsrdb")


def a_record() -> Holter:
    beats = steady(75, 60)
    return Holter("16265", 128, ["ECG1", "ECG2"], beats, "N" * beats.size, gain="0")


@pytest.mark.parametrize("damage", ["cut", "text", "empty"])
def test_a_broken_record_does_not_keep_the_others_out(tmp_path: Path, damage: str) -> None:
    folder = folder_of(tmp_path, NSRDB)
    a_record().write(folder)
    for ending in ("hea", "dat", "atr"):
        replace(a_record(), name=f"bad{ending}").write(folder)
        path = folder / f"bad{ending}.{ending}"
        content = {"cut": path.read_bytes()[:9], "text": b"\xff\xfe no such thing", "empty": b""}
        path.write_bytes(content[damage])
    spans, skipped = find(tmp_path, NSRDB)
    assert {span.ref.record.record for span in spans} == {"16265"}
    assert set(skipped) <= {"badhea", "baddat", "badatr"}
    assert {"badhea", "baddat"} <= set(skipped)


@pytest.mark.parametrize(
    "database",
    ["afdb", "cpsc2021", "cudb", "edb", "incartdb", "ltafdb", "nsrdb", "picsdb", "svdb"],
)
def test_the_shipped_rules_can_be_read(database: str) -> None:
    rules = read_rules(dataset("rules"), database)
    assert rules.rules
    assert rules.leads
    assert all(rule.rhythm not in rule.accepted for rule in rules.rules)

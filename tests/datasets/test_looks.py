"""What was seen in the strips that were looked at, beside the catalogue that followed from it."""

import csv
from collections import defaultdict

import pytest

from rhythmtrainer.model import RecordRef, RhythmId, Span
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.tables.catalogue import load_spans

COLUMNS = ["database", "record", "start_s", "rhythm", "seen", "reason"]
SEEN = {"agrees", "left out", "lead changed", "more accepted", "relabelled"}
KEPT = {"agrees", "lead changed", "more accepted"}
FEWEST_LOOKS = 350
FEWEST_OF_A_RHYTHM = 4
# Spans shrink when a stretch beside them is left out, but what was looked at must be shown still.
SHORTEST_S = 4.0
LONGEST_S = 10.0


@pytest.fixture(scope="module")
def looks() -> list[dict[str, str]]:
    with dataset("looks.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.fixture(scope="module")
def spans() -> dict[tuple[str, str, RhythmId], list[Span]]:
    found: dict[tuple[str, str, RhythmId], list[Span]] = defaultdict(list)
    for span in load_spans(dataset("catalogue.csv")):
        found[span.ref.record.database, span.ref.record.record, span.rhythm].append(span)
    return found


def shown_s(look: dict[str, str], spans: dict[tuple[str, str, RhythmId], list[Span]]) -> float:
    """Return how much of what was looked at the catalogue holds under the same label."""
    start = float(look["start_s"])
    return max(
        (
            min(start + LONGEST_S, span.ref.end_s) - max(start, span.ref.start_s)
            for span in spans[look["database"], look["record"], RhythmId(look["rhythm"])]
        ),
        default=0.0,
    )


def test_every_look_says_what_was_seen_and_why(looks: list[dict[str, str]]) -> None:
    assert all(list(look) == COLUMNS for look in looks)
    assert {look["seen"] for look in looks} <= SEEN
    assert all(look["reason"].strip() for look in looks)
    assert all(RhythmId(look["rhythm"]) and float(look["start_s"]) >= 0 for look in looks)


def test_looks_are_many_in_order_and_none_is_told_twice(looks: list[dict[str, str]]) -> None:
    keys = [
        (look["database"], look["record"], float(look["start_s"]), look["rhythm"]) for look in looks
    ]
    assert len(keys) >= FEWEST_LOOKS
    assert keys == sorted(set(keys))


def test_every_rhythm_was_looked_at_as_often_as_it_can_be(
    looks: list[dict[str, str]], spans: dict[tuple[str, str, RhythmId], list[Span]]
) -> None:
    rows: dict[RhythmId, int] = defaultdict(int)
    for (_, _, rhythm), group in spans.items():
        rows[rhythm] += len(group)
    for rhythm, count in rows.items():
        seen = sum(look["rhythm"] == rhythm for look in looks)
        assert seen >= min(FEWEST_OF_A_RHYTHM, count), rhythm


def test_what_was_left_out_is_not_shown(
    looks: list[dict[str, str]], spans: dict[tuple[str, str, RhythmId], list[Span]]
) -> None:
    for look in looks:
        if look["seen"] == "left out":
            assert shown_s(look, spans) < LONGEST_S, look


def test_what_agreed_is_shown_still(
    looks: list[dict[str, str]], spans: dict[tuple[str, str, RhythmId], list[Span]]
) -> None:
    for look in looks:
        if look["seen"] in KEPT:
            assert shown_s(look, spans) >= SHORTEST_S, look


def test_where_more_is_to_be_accepted_more_is_accepted(
    looks: list[dict[str, str]], spans: dict[tuple[str, str, RhythmId], list[Span]]
) -> None:
    for look in looks:
        if look["seen"] == "more accepted":
            rhythm = RhythmId(look["rhythm"])
            assert any(span.accepted for span in spans[look["database"], look["record"], rhythm])


def test_a_record_that_was_looked_at_is_of_the_version_that_is_shown(
    looks: list[dict[str, str]],
) -> None:
    versions = {
        record.database: record.version
        for record in {span.ref.record for span in load_spans(dataset("catalogue.csv"))}
    }
    for look in looks:
        database = look["database"]
        assert RecordRef(database, versions[database], look["record"]).path, look

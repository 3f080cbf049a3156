"""Healthy people: normal beats are sinus beats, where beats are annotated."""

from pathlib import Path

import pytest

from rhythmtrainer.model import RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    find,
    folder_of,
    shipped,
    steady,
)

NSR = RhythmId.NORMAL_SINUS_RHYTHM


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


NSRDB = shipped("nsrdb")


def nsrdb(rate: float, seconds: float = 60.0, start: float = 0.3, length: float = 0.0) -> Holter:
    beats = steady(rate, seconds, start)
    return Holter(
        "16265",
        128,
        ["ECG1", "ECG2"],
        beats,
        "N" * beats.size,
        notes=[(start + 1.0, "|", "", 0)],
        comments=["# 32 M"],
        gain="0",
        seconds=length or seconds,
    )


@pytest.mark.parametrize(
    ("rate", "answer"),
    [(50, RhythmId.SINUS_BRADYCARDIA), (75, NSR), (125, RhythmId.SINUS_TACHYCARDIA)],
)
def test_beats_of_the_healthy_are_sinus_beats(
    tmp_path: Path, rate: float, answer: RhythmId
) -> None:
    nsrdb(rate).write(folder_of(tmp_path, NSRDB))
    spans, _ = find(tmp_path, NSRDB)
    assert rhythms(spans) == {answer}
    assert {span.label for span in spans} == {"no significant arrhythmia at 0.0 s"}


@pytest.mark.parametrize("rate", [60, 98, 150])
def test_rates_on_a_border_are_no_items(tmp_path: Path, rate: float) -> None:
    nsrdb(rate).write(folder_of(tmp_path, NSRDB))
    assert find(tmp_path, NSRDB)[0] == []


def test_hours_without_beats_are_not_used(tmp_path: Path) -> None:
    nsrdb(75, seconds=120.0, start=30.0, length=600.0).write(folder_of(tmp_path, NSRDB))
    spans, _ = find(tmp_path, NSRDB)
    assert min(span.ref.start_s for span in spans) >= 28.0
    assert max(span.ref.end_s for span in spans) <= 122.0

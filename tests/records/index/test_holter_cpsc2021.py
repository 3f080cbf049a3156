"""Fibrillation from mark to mark; what lies between is only said to be none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    find,
    folder_of,
    irregular,
    shipped,
    steady,
)

RHYTHM = "+"
NSR = RhythmId.NORMAL_SINUS_RHYTHM


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


CPSC = shipped("cpsc2021")


def cpsc(name: str, beats: np.ndarray, codes: str, *changes: tuple[float, str]) -> Holter:
    return Holter(
        name,
        200,
        ["I", "II"],
        beats,
        codes,
        notes=[(at, RHYTHM, text, 0) for at, text in changes],
        comments=["# paroxysmal atrial fibrillation"],
        gain="31132.3(-166)/mV",
    )


def test_n_is_sinus_rhythm_only_where_somebody_looked(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CPSC) / "Training_set_I"
    beats = steady(75, 40)
    for name in ("data_21_7", "data_99_1"):
        replace(cpsc(name, beats, "N" * beats.size), gain="200/mV").write(folder)
    spans, _ = find(tmp_path, CPSC)
    assert {span.ref.record.record for span in spans} == {"Training_set_I/data_21_7"}
    assert rhythms(spans) == {NSR}
    assert spans[0].patient == "cpsc2021-21"


def test_fibrillation_lies_between_its_marks(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CPSC) / "Training_set_II"
    beats = irregular(130, 90)
    holter = cpsc("data_99_2", beats, "N" * beats.size, (30.0, "(AFIB"), (60.0, "(N"))
    replace(holter, gain="200/mV").write(folder)
    spans, _ = find(tmp_path, CPSC)
    assert rhythms(spans) == {RhythmId.AF_RVR}
    assert all(span.ref.start_s >= 35 and span.ref.end_s <= 55 for span in spans)


@pytest.mark.recordings
def test_a_mark_at_the_very_end_does_no_harm(records_dir: Path) -> None:
    spans, skipped = find(records_dir, CPSC)
    assert not skipped
    assert {"Training_set_II/data_101_6"} <= {span.ref.record.record for span in spans}
    assert len({span.patient for span in spans}) == 5
    assert not any("data_35" in span.ref.record.record for span in spans)

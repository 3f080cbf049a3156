"""Brackets stand around fibrillation, and nothing else is to be trusted."""

from pathlib import Path

import pytest

from rhythmtrainer.model import RateSource, RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    find,
    folder_of,
    irregular,
    shipped,
    steady,
)

RHYTHM = "+"


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


CUDB = shipped("cudb")


def cudb(name: str, notes: list[tuple[float, str, str, int]], wave_hz: float = 5.0) -> Holter:
    beats = steady(75, 20)
    return Holter(
        name,
        250,
        ["ECG"],
        beats,
        "N" * beats.size,
        notes=notes,
        gain="400",
        seconds=120.0,
        wave_hz=wave_hz,
    )


def test_fibrillation_stands_between_brackets_far_from_both(tmp_path: Path) -> None:
    notes = [(0.1, RHYTHM, "(N", 0), (25.0, "[", "", 0), (100.0, "]", "", 0)]
    cudb("cu03", notes).write(folder_of(tmp_path, CUDB))
    spans, _ = find(tmp_path, CUDB)
    assert rhythms(spans) == {RhythmId.VF_COARSE}
    assert min(span.ref.start_s for span in spans) >= 35.0
    assert max(span.ref.end_s for span in spans) <= 90.0
    assert spans[0].label == "[ at 25.0 s"
    assert spans[0].rate_bpm is None
    assert RhythmId.VENTRICULAR_FLUTTER in spans[0].accepted


def test_fibrillation_without_an_end_lasts_to_the_end(tmp_path: Path) -> None:
    cudb("cu01", [(25.0, "[", "", 0), (26.0, RHYTHM, "(VF", 0)]).write(folder_of(tmp_path, CUDB))
    spans, _ = find(tmp_path, CUDB)
    assert max(span.ref.end_s for span in spans) == pytest.approx(120.0, abs=0.1)


def test_paced_patients_are_left_out(tmp_path: Path) -> None:
    cudb("cu12", [(25.0, "[", "", 0)]).write(folder_of(tmp_path, CUDB))
    assert find(tmp_path, CUDB)[0] == []


def test_spells_fibrillation_of_the_atria_af(tmp_path: Path) -> None:
    beats = irregular(80, 60)
    notes = [(0.1, RHYTHM, "(AF", 0)]
    holter = Holter("cu09", 250, ["ECG"], beats, "N" * beats.size, notes=notes)
    holter.write(folder_of(tmp_path, CUDB))
    spans, _ = find(tmp_path, CUDB)
    assert rhythms(spans) == {RhythmId.AF_CONTROLLED}
    assert spans[0].rate_source is RateSource.MEASURED

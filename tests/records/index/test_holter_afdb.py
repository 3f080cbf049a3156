"""Fibrillation marked by hand over beats of a detector: rates are measured again."""

from pathlib import Path

import numpy as np
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


AFDB = shipped("afdb")


def afdb(name: str, code: str, beats: np.ndarray, seconds: float = 60.0) -> Holter:
    return Holter(
        name,
        250,
        ["ECG1", "ECG2"],
        beats,
        "N" * beats.size,
        notes=[(0.1, RHYTHM, code, 0)],
        gain="0",
        seconds=seconds,
    )


@pytest.mark.parametrize(
    ("code", "beats", "answer"),
    [
        ("(AFIB", irregular(80, 60), RhythmId.AF_CONTROLLED),
        ("(AFIB", irregular(135, 60), RhythmId.AF_RVR),
        ("(AFL", steady(75, 60), RhythmId.ATRIAL_FLUTTER),
        ("(J", steady(45, 60), RhythmId.JUNCTIONAL_ESCAPE),
        ("(J", steady(80, 60), RhythmId.ACCELERATED_JUNCTIONAL),
    ],
)
def test_rates_by_the_beats_of_a_detector_are_measured_again(
    tmp_path: Path, code: str, beats: np.ndarray, answer: RhythmId
) -> None:
    afdb("04015", code, beats).write(folder_of(tmp_path, AFDB), beats="qrs")
    spans, _ = find(tmp_path, AFDB)
    assert rhythms(spans) == {answer}
    assert all(span.rate_source is RateSource.MEASURED for span in spans)
    assert all(span.ref.leads == ("ECG1",) for span in spans)
    assert spans[0].label == f"{code} at 0.1 s"
    assert spans[0].rate_bpm == pytest.approx(60 / np.diff(beats).mean(), rel=0.08)


def test_corrected_beats_are_reference_beats(tmp_path: Path) -> None:
    afdb("07859", "(AFIB", irregular(80, 60)).write(folder_of(tmp_path, AFDB), beats="qrsc")
    spans, _ = find(tmp_path, AFDB)
    assert rhythms(spans) == {RhythmId.AF_CONTROLLED}
    assert {span.rate_source for span in spans} == {RateSource.REFERENCE_BEATS}


def test_calls_every_other_rhythm_n_so_that_none_is_taken_for_sinus(tmp_path: Path) -> None:
    afdb("04015", "(N", steady(75, 60)).write(folder_of(tmp_path, AFDB), beats="qrs")
    assert find(tmp_path, AFDB)[0] == []


def test_signals_behind_the_last_beat_are_not_used(tmp_path: Path) -> None:
    holter = afdb("04015", "(AFIB", irregular(80, 60), seconds=120.0)
    holter.write(folder_of(tmp_path, AFDB), beats="qrs")
    spans, _ = find(tmp_path, AFDB)
    assert max(span.ref.end_s for span in spans) <= holter.beats[-1] + 2.0


def test_records_without_signals_are_passed_over_with_a_note(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, AFDB)
    afdb("04015", "(AFIB", irregular(80, 60)).write(folder, beats="qrs")
    afdb("00735", "(AFIB", irregular(80, 60)).write(folder, beats="qrs")
    (folder / "00735.dat").unlink()
    (folder / "00735.hea").write_text("00735 0 250 0\n")
    spans, skipped = find(tmp_path, AFDB)
    assert {span.ref.record.record for span in spans} == {"04015"}
    assert skipped == {"00735": "published without its signals"}

"""Preterm infants: their own rates, and marks of bradycardia that look like flutter."""

from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RateSource, RhythmId
from tests.records.index.holter_making import Holter, find, folder_of, shipped, steady

PICS = shipped("picsdb")
NSR, SB = RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.SINUS_BRADYCARDIA
ONSET_S = 60.0


def infant(
    name: str = "infant2_ecg", lead: str = "II", fs: int = 500, slow: float = 70.0
) -> Holter:
    """Return a minute of a newborn's rate, fifteen seconds of a slow one, and it once more."""
    beats = np.concatenate(
        [steady(150, ONSET_S), steady(slow, 75.0, ONSET_S), steady(150, 400.0, 75.5)]
    )
    marks = [(ONSET_S + 0.002, "[", "", 0)]
    return Holter(name, fs, [lead], beats, "N" * beats.size, notes=marks, gain="800.66(16)/mV")


@pytest.mark.parametrize(
    ("name", "lead", "fs"),
    [("infant1_ecg", "ECG", 250), ("infant2_ecg", "II", 500), ("infant10_ecg", "I", 500)],
)
def test_rates_are_those_of_newborns(tmp_path: Path, name: str, lead: str, fs: int) -> None:
    infant(name, lead, fs).write(folder_of(tmp_path, PICS), beats="qrsc")
    spans, skipped = find(tmp_path, PICS)
    assert not skipped
    assert {span.rhythm for span in spans} == {NSR, SB}
    for span in spans:
        assert span.ref.leads == (lead,)
        assert span.rate_source is RateSource.REFERENCE_BEATS
        assert span.rate_bpm == pytest.approx(150 if span.rhythm is NSR else 70, rel=0.03)


def test_a_mark_is_the_onset_of_a_bradycardia_and_no_flutter(tmp_path: Path) -> None:
    infant().write(folder_of(tmp_path, PICS), beats="qrsc")
    spans, _ = find(tmp_path, PICS)
    (slow,) = [span for span in spans if span.rhythm is SB]
    assert slow.label == "[ at 60.0 s"
    assert slow.ref.start_s == pytest.approx(60.0, abs=0.6)
    assert slow.ref.end_s <= 76.0
    assert NSR in slow.accepted


def test_a_mark_is_past_after_three_minutes(tmp_path: Path) -> None:
    infant().write(folder_of(tmp_path, PICS), beats="qrsc")
    spans, _ = find(tmp_path, PICS)
    steady_ones = [span for span in spans if span.rhythm is NSR]
    assert {span.label for span in steady_ones} == {
        "preterm infant, no bradycardia marked at 0.0 s",
        "preterm infant, no bradycardia marked at 240.0 s",
    }
    assert all(span.ref.end_s <= ONSET_S or span.ref.start_s >= 240 for span in steady_ones)
    assert all(RhythmId.SINUS_TACHYCARDIA in span.accepted for span in steady_ones)


def test_a_rate_near_the_border_is_no_bradycardia(tmp_path: Path) -> None:
    infant(slow=97.0).write(folder_of(tmp_path, PICS), beats="qrsc")
    assert {span.rhythm for span in find(tmp_path, PICS)[0]} == {NSR}


def test_records_of_breathing_are_no_recordings_of_a_heart(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PICS)
    infant().write(folder, beats="qrsc")
    infant("infant2_resp", "RESP", 50).write(folder, beats="resp")
    (folder / "infant2_resp.atr").unlink()
    spans, skipped = find(tmp_path, PICS)
    assert {span.ref.record.record for span in spans} == {"infant2_ecg"}
    assert not skipped


def test_hours_without_checked_beats_are_not_used(tmp_path: Path) -> None:
    beats = np.concatenate([steady(150, 60.0), steady(150, 200.0, 120.0)])
    holter = Holter("infant5_ecg", 250, ["ECG"], beats, "N" * beats.size, notes=[(0.1, "|", "", 0)])
    holter.write(folder_of(tmp_path, PICS), beats="qrsc")
    spans, _ = find(tmp_path, PICS)
    assert spans
    assert all(span.ref.end_s <= 62 or span.ref.start_s >= 118 for span in spans)


def test_each_infant_is_a_patient(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PICS)
    for name in ("infant2_ecg", "infant3_ecg"):
        infant(name).write(folder, beats="qrsc")
    assert len({span.patient for span in find(tmp_path, PICS)[0]}) == 2

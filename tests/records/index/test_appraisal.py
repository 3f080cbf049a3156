"""What lies on the border of two classes stays out; how much can be read is written down."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import wfdb

from rhythmtrainer.model import LeadName, RateSource, RecordRef, RhythmId, Span, StripRef
from rhythmtrainer.records.index.appraisal import appraised
from rhythmtrainer.records.index.rules import Borders, Floor, WidthBorder
from tests.records.index.making_recordings import FS, write_recording
from tests.support.wfdb_files import write_samples

NSR = RhythmId.NORMAL_SINUS_RHYTHM
NOTHING = Borders({}, (), ())


@pytest.fixture
def span(tmp_path: Path) -> Span:
    write_recording(tmp_path / "made" / "1", "1", "N" * 30)
    ref = StripRef(RecordRef("made", "1", "1"), (LeadName("II"),), 2.0, 20.0)
    return Span(ref, NSR, frozenset(), "(N at 0.1 s", 75.0, RateSource.MEASURED, "made-1")


def test_a_clean_span_can_be_read_throughout(span: Span, tmp_path: Path) -> None:
    assert list(appraised([span], tmp_path, NOTHING)) == [replace(span, quality=1.0)]


def test_quality_is_the_share_of_seconds_that_can_be_read(span: Span, tmp_path: Path) -> None:
    path = tmp_path / "made" / "1"
    signal = wfdb.rdrecord(str(path / "1")).p_signal
    signal[round(12 * FS) : round(22 * FS)] = np.nan
    write_samples("1", FS, ["mV"], ["II"], p_signal=signal, fmt=["16"], write_dir=str(path))
    (judged,) = appraised([span], tmp_path, NOTHING)
    assert judged.quality == pytest.approx(0.5, abs=0.06)
    floor = Floor(0.7, frozenset({RhythmId.ARTIFACT}), "made")
    assert not list(appraised([span], tmp_path, Borders({}, (), (floor,))))
    noise = replace(span, rhythm=RhythmId.ARTIFACT)
    assert list(appraised([noise], tmp_path, Borders({}, (), (floor,))))


@pytest.mark.parametrize(("rate", "stays"), [(64.9, False), (65.0, True), (95.1, False)])
def test_a_rate_near_the_border_of_its_class_stays_out(
    span: Span, tmp_path: Path, rate: float, *, stays: bool
) -> None:
    borders = Borders({NSR: (65.0, 95.0)}, (), ())
    assert bool(list(appraised([replace(span, rate_bpm=rate)], tmp_path, borders))) is stays


def test_a_width_on_the_border_stays_out_where_it_decides(span: Span, tmp_path: Path) -> None:
    narrow = WidthBorder(frozenset({NSR}), (0.02, 0.11), "made")
    wide = WidthBorder(frozenset({NSR}), (0.11, 0.12), "made")
    elsewhere = replace(narrow, rhythms=frozenset({RhythmId.WPW}))
    assert not list(appraised([span], tmp_path, Borders({}, (narrow,), ())))
    assert list(appraised([span], tmp_path, Borders({}, (wide,), ())))
    assert list(appraised([span], tmp_path, Borders({}, (elsewhere,), ())))

"""A day of beats and rhythms, with texts that are no rhythms, and a comment behind the end."""

from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    early,
    find,
    folder_of,
    irregular,
    shipped,
    steady,
)

RHYTHM = "+"
COMMENT = '"'
PAC = RhythmId.PAC


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


def of(spans: list[Span], rhythm: RhythmId) -> Span:
    return next(span for span in spans if span.rhythm == rhythm)


LTAFDB = shipped("ltafdb")


def ltafdb(name: str, code: str, beats: np.ndarray, codes: str = "") -> Holter:
    return Holter(
        name,
        128,
        ["ECG", "ECG"],
        beats,
        codes or "N" * beats.size,
        notes=[
            (0.2, RHYTHM, code, 0),
            (10.0, COMMENT, "MISSB", 0),
            (20.0, COMMENT, "PSE", 0),
            (beats[-1] + 4000.0, COMMENT, "\x01 Aux", 0),
        ],
        gain="166.945/mV",
    )


@pytest.mark.parametrize(
    ("code", "rate", "codes", "answer"),
    [
        ("(SBR", 48, "N", RhythmId.SINUS_BRADYCARDIA),
        ("(B", 80, "NV", RhythmId.VENTRICULAR_BIGEMINY),
        ("(T", 80, "NNV", RhythmId.VENTRICULAR_TRIGEMINY),
        ("(IVR", 35, "V", RhythmId.IDIOVENTRICULAR),
        ("(IVR", 70, "V", RhythmId.AIVR),
        ("(VT", 160, "V", RhythmId.VT_MONOMORPHIC),
        ("(SVTA", 180, "A", RhythmId.SVT),
    ],
)
def test_rhythms_have_their_names(
    tmp_path: Path, code: str, rate: float, codes: str, answer: RhythmId
) -> None:
    beats = steady(rate, 60)
    repeated = (codes * beats.size)[: beats.size]
    ltafdb("00", code, beats, repeated).write(folder_of(tmp_path, LTAFDB))
    spans, skipped = find(tmp_path, LTAFDB)
    assert rhythms(spans) == {answer}
    assert not skipped
    assert spans[0].label == f"{code} at 0.2 s"
    assert spans[0].rate_bpm == pytest.approx(rate, abs=2)


def test_fibrillation_is_split_by_its_rate(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, LTAFDB)
    ltafdb("00", "(AFIB", irregular(75, 60)).write(folder)
    ltafdb("01", "(AFIB", irregular(130, 60)).write(folder)
    spans, _ = find(tmp_path, LTAFDB)
    by_record = {span.ref.record.record: span.rhythm for span in spans}
    assert by_record == {"00": RhythmId.AF_CONTROLLED, "01": RhythmId.AF_RVR}


def test_shows_ectopy_under_n_but_no_sinus_rhythm(tmp_path: Path) -> None:
    beats = steady(75, 120)
    codes = list("N" * beats.size)
    codes[40], codes[90] = "V", "A"
    early(beats, [40, 90])
    ltafdb("00", "(N", beats, "".join(codes)).write(folder_of(tmp_path, LTAFDB))
    spans, _ = find(tmp_path, LTAFDB)
    assert rhythms(spans) == {RhythmId.PVC_UNIFORM, PAC}
    assert of(spans, PAC).label.startswith("NNAN at ")


def test_gives_a_few_spans_of_a_day_spread_over_it(tmp_path: Path) -> None:
    seconds = 1800.0
    ltafdb("00", "(AFIB", irregular(75, seconds)).write(folder_of(tmp_path, LTAFDB))
    spans, _ = find(tmp_path, LTAFDB)
    assert len(spans) == LTAFDB.most_spans
    starts = np.array([span.ref.start_s for span in spans])
    assert starts[0] < 120
    assert starts[-1] > seconds - 180
    assert np.diff(starts).max() < 3 * np.diff(starts).min()


def test_with_a_wrong_gain_is_left_out(tmp_path: Path) -> None:
    ltafdb("62", "(AFIB", irregular(75, 60)).write(folder_of(tmp_path, LTAFDB))
    assert find(tmp_path, LTAFDB)[0] == []

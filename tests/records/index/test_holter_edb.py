"""Rhythms among marks of ST segments and T waves, and people without numbers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    find,
    folder_of,
    shipped,
    steady,
)

RHYTHM = "+"
COMMENT = '"'
NSR, PAC = RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.PAC


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


EDB = shipped("edb")
HEADER = ["#Age: 62  Sex: M", "#Mixed angina", "#Medications: nitrates", "#Recorder type: ICR 7200"]


def edb(
    name: str,
    code: str,
    beats: np.ndarray,
    codes: str = "",
    comments: Sequence[str] = HEADER,
) -> Holter:
    notes = [
        (0.1, RHYTHM, code, 0),
        (15.0, "s", "(ST0+", 0),
        (16.0, "T", "(T1-\x00\x1a", 0),
        (17.0, "s", "AST0+600", 0),
        (18.0, COMMENT, "(st0+", 0),
        (19.0, COMMENT, "TS", 0),
    ]
    codes = codes or "N" * beats.size
    return Holter(name, 250, ["V4", "MLIII"], beats, codes, notes=notes, comments=comments)


def test_marks_of_segments_and_waves_are_no_rhythms(tmp_path: Path) -> None:
    edb("e0103", "(N", steady(75, 60)).write(folder_of(tmp_path, EDB))
    spans, _ = find(tmp_path, EDB)
    assert rhythms(spans) == {NSR}
    assert {span.label for span in spans} == {"(N at 0.1 s"}
    assert {span.ref.leads for span in spans} == {("MLIII",)}
    assert {RhythmId.BBB, RhythmId.AVB1} <= spans[0].accepted
    assert max(span.ref.end_s for span in spans) > 50


def test_rhythm_text_may_trail_what_stood_there_before(tmp_path: Path) -> None:
    notes = [(0.1, RHYTHM, "(N", 0), (30.0, RHYTHM, "(AFIB\x00\x13", 0)]
    replace(edb("e0103", "(N", steady(75, 60)), notes=notes).write(folder_of(tmp_path, EDB))
    spans, _ = find(tmp_path, EDB)
    assert all(span.ref.end_s <= 30 for span in spans if span.rhythm is NSR)
    assert RhythmId.AF_CONTROLLED in rhythms(spans)


@pytest.mark.parametrize(
    ("code", "rate", "codes", "answer"),
    [
        ("(SBR", 50, "N", RhythmId.SINUS_BRADYCARDIA),
        ("(B3", 35, "N", RhythmId.AVB3),
        ("(AB", 75, "NS", PAC),
        ("(B", 75, "NV", RhythmId.VENTRICULAR_BIGEMINY),
        ("(T", 75, "NNV", RhythmId.VENTRICULAR_TRIGEMINY),
        ("(SVTA", 180, "S", RhythmId.SVT),
        ("(AFIB", 75, "N", RhythmId.AF_CONTROLLED),
    ],
)
def test_rhythms_have_their_names(
    tmp_path: Path, code: str, rate: float, codes: str, answer: RhythmId
) -> None:
    beats = steady(rate, 60)
    edb("e0103", code, beats, (codes * beats.size)[: beats.size]).write(folder_of(tmp_path, EDB))
    assert rhythms(find(tmp_path, EDB)[0]) == {answer}


def test_sinoatrial_block_shows_its_gap(tmp_path: Path) -> None:
    beats = np.delete(steady(75, 60), [20, 40])
    edb("e0103", "(SAB", beats).write(folder_of(tmp_path, EDB))
    spans, _ = find(tmp_path, EDB)
    assert rhythms(spans) == {RhythmId.SA_EXIT_BLOCK}
    gaps = beats[:-1][np.diff(beats) > 1.5]
    assert all(((gaps > s.ref.start_s) & (gaps < s.ref.end_s)).any() for s in spans)


def test_tells_people_by_what_the_headers_say(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, EDB)
    turned = [HEADER[0], HEADER[2], HEADER[1], HEADER[3]]
    edb("e0123", "(N", steady(75, 30)).write(folder)
    edb("e0126", "(N", steady(75, 30), comments=turned).write(folder)
    edb("e0127", "(N", steady(75, 30), comments=[*HEADER, "#Hypertension"]).write(folder)
    edb("e0206", "(N", steady(75, 30), comments=["#Age: 55  Sex: M"]).write(folder)
    edb("e0210", "(N", steady(75, 30), comments=["#Age: 53  Sex: M"]).write(folder)
    patients = {span.ref.record.record: span.patient for span in find(tmp_path, EDB)[0]}
    assert patients["e0123"] == patients["e0126"]
    assert patients["e0206"] == patients["e0210"]
    assert len(set(patients.values())) == 3

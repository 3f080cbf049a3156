"""Beats without rhythms: what they show by themselves is shown, and nothing else."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rhythmtrainer.model import RhythmId, Span
from tests.records.index.holter_making import (
    Holter,
    early,
    find,
    folder_of,
    shipped,
    steady,
)

RHYTHM = "+"
QUALITY = "~"
PAC = RhythmId.PAC


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


def of(spans: list[Span], rhythm: RhythmId) -> Span:
    return next(span for span in spans if span.rhythm == rhythm)


SVDB = shipped("svdb")


def svdb(
    beats: np.ndarray, codes: str, notes: Sequence[tuple[float, str, str, int]] = ()
) -> Holter:
    return Holter("800", 128, ["ECG1", "ECG2"], beats, codes, notes=notes, gain="200")


def test_shows_what_beats_alone_show(tmp_path: Path) -> None:
    beats = steady(75, 150)
    codes = list("N" * beats.size)
    for at, code in ((30, "S"), (60, "V"), (90, "V"), (91, "V"), (130, "J")):
        codes[at] = code
    early(beats, [30, 60, 90, 130])
    svdb(beats, "".join(codes)).write(folder_of(tmp_path, SVDB))
    spans, _ = find(tmp_path, SVDB)
    assert rhythms(spans) == {PAC, RhythmId.PVC_UNIFORM, RhythmId.PVC_COUPLET, RhythmId.PJC}
    assert RhythmId.PJC in of(spans, PAC).accepted
    assert of(spans, PAC).label.endswith("; beats without a rhythm at 0.0 s")


def test_runs_are_supraventricular_tachycardia_if_fast_enough(tmp_path: Path) -> None:
    fast = steady(190, 30, start=10.0)
    beats = np.concatenate([steady(75, 10), fast, fast[-1] + steady(75, 20, start=0.8)])
    codes = "".join("S" if at in fast else "N" for at in beats)
    svdb(beats, codes).write(folder_of(tmp_path, SVDB))
    spans, _ = find(tmp_path, SVDB)
    assert rhythms(spans) == {RhythmId.SVT}
    assert RhythmId.ATRIAL_TACHYCARDIA in of(spans, RhythmId.SVT).accepted


def test_never_calls_normal_beats_sinus_rhythm(tmp_path: Path) -> None:
    beats = steady(75, 90)
    label = [(40.0, RHYTHM, "(N", 0)]
    svdb(beats, "N" * beats.size, notes=label).write(folder_of(tmp_path, SVDB))
    assert find(tmp_path, SVDB)[0] == []


def test_noise_in_the_lead_keeps_a_stretch_out(tmp_path: Path) -> None:
    beats = steady(75, 60)
    codes = "N" * 30 + "V" + "N" * (beats.size - 31)
    early(beats, [30])
    quality = [(20.0, QUALITY, "", 1), (30.0, QUALITY, "", 2), (40.0, QUALITY, "", 0)]
    svdb(beats, codes, notes=quality).write(folder_of(tmp_path, SVDB))
    assert find(tmp_path, SVDB)[0] == []

"""Beats with codes, and a header that says the rest for half an hour."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import RecordRef, RhythmId, Span
from rhythmtrainer.records.index.patients import identified, merged
from tests.records.index.holter_making import (
    Holter,
    early,
    find,
    folder_of,
    shipped,
    steady,
)

NSR, PAC = RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.PAC


def rhythms(spans: list[Span]) -> set[RhythmId]:
    return {span.rhythm for span in spans}


INCART = shipped("incartdb")
LEADS = ["I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def incart(name: str, beats: np.ndarray, codes: str, findings: str, patient: int = 1) -> Holter:
    return Holter(
        name,
        257,
        LEADS,
        beats,
        codes,
        comments=["#<age>: 51 <sex>: F ", f"# patient {patient}", f"# {findings}"],
        gain="306",
    )


def test_people_have_a_number_in_the_header(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, INCART)
    beats = steady(75, 30)
    for name, patient in (("I01", 1), ("I02", 1), ("I10", 5)):
        incart(name, beats, "N" * beats.size, "PVCs", patient).write(folder)
    patients = {span.ref.record.record: span.patient for span in find(tmp_path, INCART)[0]}
    assert patients == {"I01": "incartdb-1", "I02": "incartdb-1", "I10": "incartdb-5"}


@pytest.mark.parametrize(
    ("findings", "rate", "answers"),
    [
        ("ST elevation", 75, {NSR}),
        ("positional changes, bradycardia", 50, {RhythmId.SINUS_BRADYCARDIA}),
        ("PVCs on tachycardia", 120, {RhythmId.SINUS_TACHYCARDIA}),
        ("PVCs", 120, set()),
        ("paroxysmal supraventricular tachycardia", 120, set()),
        ("PVCs, atrial fibrillation", 75, set()),
        ("PVCs, AV nodal block 2 degree", 75, set()),
        ("WPW", 75, set()),
        ("polymorphic PVCs, intraventricular block", 75, set()),
    ],
)
def test_sinus_rhythm_rests_on_what_the_header_says(
    tmp_path: Path, findings: str, rate: float, answers: set[RhythmId]
) -> None:
    beats = steady(rate, 40)
    incart("I60", beats, "N" * beats.size, findings).write(folder_of(tmp_path, INCART))
    spans, _ = find(tmp_path, INCART)
    assert rhythms(spans) == answers
    assert all(span.ref.leads == ("II",) for span in spans)


def test_labels_cite_the_words_on_which_they_rest(tmp_path: Path) -> None:
    beats = steady(75, 40)
    findings = "right bundle branch block, noise"
    incart("I16", beats, "R" * beats.size, findings).write(folder_of(tmp_path, INCART))
    spans, _ = find(tmp_path, INCART)
    assert rhythms(spans) == {RhythmId.BBB}
    assert spans[0].label == 'header: "bundle branch block"; beats without a rhythm at 0.0 s'
    assert spans[0].ref.leads == ("V1",)


def test_ectopy_is_shown_by_its_beats(tmp_path: Path) -> None:
    beats = steady(75, 160)
    codes = list("N" * beats.size)
    for at, code in ((30, "V"), (60, "V"), (61, "V"), (100, "A"), (150, "V"), (151, "V")):
        codes[at] = code
    codes[152] = "V"
    early(beats, [30, 60, 61, 100, 150, 151, 152], share=0.6)
    incart("I01", beats, "".join(codes), "PVCs, couplets").write(folder_of(tmp_path, INCART))
    found = rhythms(find(tmp_path, INCART)[0])
    assert {RhythmId.PVC_UNIFORM, RhythmId.PVC_COUPLET, RhythmId.NSVT, PAC} <= found


def test_the_copies_in_the_challenge_are_the_same_recordings(tmp_path: Path) -> None:
    beats = steady(75, 30)
    incart("I01", beats, "N" * beats.size, "PVCs").write(folder_of(tmp_path, INCART))
    (span,) = find(tmp_path, INCART)[0]
    copy = RecordRef("challenge-2021", "1.0.3", "training/st_petersburg_incart/g1/I0001")
    other = replace(span, ref=replace(span.ref, record=copy), patient="challenge-2021-I0001")
    assert merged([span, other], INCART.identities) == [span]
    (named,) = identified([other], INCART.identities)
    assert named.patient == "challenge-2021-incartdb"

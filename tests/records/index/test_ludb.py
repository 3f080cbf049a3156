from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import RateSource, RecordRef, RhythmId, Span
from rhythmtrainer.records.index import ludb
from rhythmtrainer.records.index.rules import BuildError
from tests.records.index.statements_making import (
    FS,
    LEADS,
    at_rate,
    every,
    shipped_rules,
    write_record,
)
from tests.support.wfdb_files import write_annotations

RULES = shipped_rules("ludb")
LOWER = {name.casefold(): size for name, size in LEADS.items()}


def reference(number: int) -> RecordRef:
    return RecordRef("ludb", RULES.version, f"data/{number}")


def write(
    records: Path, number: int, beats: NDArray[np.float64], *diagnoses: str, age: str = "51"
) -> Path:
    comments = [f"<age>: {age}", "<sex>: F", "<diagnoses>:", *diagnoses]
    return write_record(records, reference(number), beats, comments, leads=LOWER)


def mark(path: Path, beats: NDArray[np.float64], lead: str = "ii") -> None:
    """Mark beats in a lead as the doctors did: onset, peak and end of each complex."""
    peaks = np.rint(beats * FS).astype(int)
    samples = np.sort(np.concatenate([peaks - 20, peaks, peaks + 20]))
    write_annotations(
        path.name, lead, samples, symbol=["(", "N", ")"] * peaks.size, write_dir=str(path.parent)
    )


def find(records: Path, number: int) -> tuple[list[Span], list[str]]:
    skipped: list[str] = []
    spans = ludb.find(reference(number), records, RULES, lambda _, why: skipped.append(why))
    return spans, skipped


def test_the_diagnosis_is_the_answer_and_the_marks_give_the_rate(tmp_path: Path) -> None:
    beats = at_rate(48)
    mark(write(tmp_path, 901, beats, "Rhythm: Sinus bradycardia.", "Ischemia: septal. "), beats)
    (span,), _ = find(tmp_path, 901)

    assert span.rhythm is RhythmId.SINUS_BRADYCARDIA
    assert span.label == 'header: "Rhythm: Sinus bradycardia."'
    assert (span.rate_bpm, span.rate_source) == (48.0, RateSource.REFERENCE_BEATS)
    assert span.patient == "ludb-901"
    assert span.ref.leads == ("II",)


def test_without_marks_the_rate_is_measured(tmp_path: Path) -> None:
    write(tmp_path, 901, at_rate(48), "Rhythm: Sinus bradycardia.")
    (span,), _ = find(tmp_path, 901)

    assert span.rate_source is RateSource.MEASURED


def test_a_tachycardia_below_100_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, 901, at_rate(91), "Rhythm: Sinus tachycardia.")
    spans, skipped = find(tmp_path, 901)

    assert not spans
    assert skipped == ["sinus_tachycardia: rate 91/min, allowed 105 to 145"]


def test_a_block_behind_a_pacemaker_is_answered_as_paced(tmp_path: Path) -> None:
    write(
        tmp_path,
        901,
        at_rate(60),
        "Rhythm: Sinus rhythm.",
        "III degree AV-block.",
        "UNIpolar ventricular pacing.",
    )
    (span,), _ = find(tmp_path, 901)

    assert span.rhythm is RhythmId.PACED_VENTRICULAR
    assert RhythmId.AVB3 not in span.accepted


@pytest.mark.parametrize(
    ("pacing", "rhythm"),
    [
        (("UNIpolar atrial pacing.",), RhythmId.PACED_ATRIAL),
        (("Biventricular pacing.",), RhythmId.PACED_VENTRICULAR),
        (("UNIpolar atrial pacing.", "UNIpolar ventricular pacing."), RhythmId.PACED_DUAL),
    ],
)
def test_the_paced_chamber_is_stated(
    tmp_path: Path, pacing: tuple[str, ...], rhythm: RhythmId
) -> None:
    write(tmp_path, 901, at_rate(70), "Rhythm: Sinus rhythm.", *pacing)

    assert find(tmp_path, 901)[0][0].rhythm is rhythm


def test_a_child_gets_no_class_of_rate(tmp_path: Path) -> None:
    write(tmp_path, 901, at_rate(75), "Rhythm: Sinus rhythm.", age="15")

    assert not find(tmp_path, 901)[0]


def test_an_unknown_diagnosis_keeps_a_recording_out(tmp_path: Path) -> None:
    write(tmp_path, 901, at_rate(75), "Rhythm: Sinus rhythm.", "Something new.")

    assert find(tmp_path, 901)[1] == ["unknown codes: Something new."]


def test_damaged_marks_skip_their_recording(tmp_path: Path) -> None:
    path = write(tmp_path, 901, at_rate(75), "Rhythm: Sinus rhythm.")
    path.with_name("901.ii").write_bytes(b"\x01")
    spans, skipped = find(tmp_path, 901)

    assert not spans
    assert "901.ii" in skipped[0]


def test_records_are_named_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 100):
        write(tmp_path, number, every(0.8))
    folder = tmp_path / "ludb" / RULES.version

    assert ludb.names_of(folder, RULES) == ["data/9", "data/10", "data/100"]
    with pytest.raises(BuildError, match="holds no recordings"):
        ludb.names_of(tmp_path, RULES)


@pytest.mark.recordings
def test_the_recordings_give_the_rhythms_that_they_hold(records_dir: Path) -> None:
    names = ludb.names_of(records_dir / "ludb" / RULES.version, RULES)
    spans = [
        span
        for name in names
        for span in ludb.find(RecordRef("ludb", RULES.version, name), records_dir, RULES)
    ]
    rhythms = {span.rhythm for span in spans}

    assert len(spans) >= 105
    assert len({span.patient for span in spans}) == len(spans)
    assert {
        RhythmId.AVB1,
        RhythmId.ATRIAL_FLUTTER,
        RhythmId.BBB,
        RhythmId.PAC,
        RhythmId.PACED_DUAL,
        RhythmId.PACED_VENTRICULAR,
        RhythmId.PVC_COUPLET,
        RhythmId.PVC_MULTIFORM,
        RhythmId.SINUS_ARRHYTHMIA,
    } <= rhythms
    assert RhythmId.AVB3 not in rhythms
    assert RhythmId.SINUS_TACHYCARDIA not in rhythms

"""The audit of labels, on a catalogue and recordings made for it."""

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from datasets import audit, doubts
from rhythmtrainer.model import (
    EarlyBeats,
    Finding,
    Half,
    LeadName,
    Measurement,
    PrRelation,
    RateSource,
    RecordRef,
    Regularity,
    RhythmId,
    Span,
    Step,
    StripRef,
)
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.tables.catalogue import spans_text
from tests.records.index.making_recordings import write_recording

EVEN = "mitdb/1.0.0/even"


def a_span(
    record: str = "even",
    rhythm: RhythmId = RhythmId.NORMAL_SINUS_RHYTHM,
    start_s: float = 0.0,
    duration_s: float = 10.0,
    *accepted: RhythmId,
) -> Span:
    return Span(
        ref=StripRef(RecordRef("mitdb", "1.0.0", record), (LeadName("II"),), start_s, duration_s),
        rhythm=rhythm,
        accepted=frozenset(accepted),
        label="(N at 0.0 s",
        rate_bpm=75.0,
        rate_source=RateSource.REFERENCE_BEATS,
        patient=f"mitdb-{record}",
        half=Half.PRACTICE,
    )


def measured(*findings: Finding, rate_bpm: float | None = 75.0) -> Measurement:
    beats_s = np.arange(0.4, 10.0, 0.8)
    return Measurement(
        beats_s, np.diff(beats_s), rate_bpm, None, Regularity.REGULAR, 0.0, findings=findings
    )


def flagged(span: Span, *strengths: float, step: str = Step.QRS, windows: int = 1) -> audit.Audited:
    against = tuple(doubts.Contradiction(step, strength, "made") for strength in strengths)
    return audit.Audited(span, windows, len(strengths), span.ref, against)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    write_recording(folder, EVEN, "N" * 40)
    return folder


def test_windows_lie_in_their_span_side_by_side() -> None:
    windows = audit.windows_of(a_span(start_s=3.0, duration_s=34.0))
    assert [window.start_s for window in windows] == [3.0, 13.0, 23.0]
    assert all(window.duration_s == 10.0 for window in windows)


def test_a_span_shorter_than_a_window_is_one_window() -> None:
    assert [w.duration_s for w in audit.windows_of(a_span(duration_s=7.0))] == [7.0]


def test_a_strip_that_fits_its_label_is_not_contradicted(records: Path) -> None:
    found = audit.audit(a_span(duration_s=30.0), records)
    assert (found.windows, found.flagged, found.against) == (3, 0, ())


def test_an_even_strip_that_is_called_ectopic_is_told(records: Path) -> None:
    found = audit.audit(a_span(rhythm=RhythmId.PVC_UNIFORM, duration_s=30.0), records)
    assert found.flagged == found.windows == 3
    assert {one.step for one in found.against} == {Step.REGULARITY, Step.EARLY_BEATS}
    assert found.worst in audit.windows_of(found.span)


def test_a_rate_unlike_the_one_on_record_is_told() -> None:
    told = doubts.against(a_span(), measured(rate_bpm=100.0), np.array([]))
    assert [one.step for one in told] == [doubts.RECORD_RATE]
    assert "75/min on record" in told[0].text


def test_a_rate_outside_of_what_is_taught_is_told() -> None:
    span = replace(a_span(rhythm=RhythmId.SINUS_TACHYCARDIA), rate_bpm=80.0)
    steps = [one.step for one in doubts.against(span, measured(rate_bpm=80.0), np.array([]))]
    assert steps == [doubts.TAUGHT_RATE]


def test_beats_that_the_reference_has_and_the_program_missed_are_told() -> None:
    reference = np.sort(np.append(measured().beats_s, [0.8, 9.6]))
    told = doubts.against(a_span(), measured(), reference)
    assert [(one.step, one.text) for one in told] == [(doubts.BEATS, "1 beats missed, 0 too many")]


@pytest.mark.parametrize(
    ("rhythm", "pr_s", "contradicted"),
    [
        (RhythmId.NORMAL_SINUS_RHYTHM, 0.24, True),
        (RhythmId.NORMAL_SINUS_RHYTHM, 0.18, False),
        (RhythmId.AVB1, 0.16, True),
        (RhythmId.AVB1, 0.26, False),
    ],
)
def test_a_pr_interval_on_the_wrong_side_is_told(
    rhythm: RhythmId, pr_s: float, *, contradicted: bool
) -> None:
    finding = Finding(Step.PR, PrRelation.CONSTANT, pr_s, "s", 0.9, f"PR {pr_s} s")
    told = doubts.against(a_span(rhythm=rhythm), measured(finding), np.array([]))
    assert bool(told) == contradicted


def test_what_fits_an_accepted_answer_counts_half() -> None:
    uneven = Finding(
        Step.REGULARITY, Regularity.REGULARLY_IRREGULAR, None, "s", 0.8, "regularly irregular"
    )
    alone, beside = (
        a_span(),
        a_span("even", RhythmId.NORMAL_SINUS_RHYTHM, 0.0, 10.0, RhythmId.SINUS_ARRHYTHMIA),
    )
    strengths = [
        doubts.against(span, measured(uneven), np.array([]))[0].strength for span in (alone, beside)
    ]
    assert strengths == [0.8, 0.4]


def test_a_verdict_that_cannot_be_given_contradicts_nothing() -> None:
    unknown = Finding(Step.EARLY_BEATS, EarlyBeats.CANNOT_TELL, None, "", 0.0, "cannot tell")
    assert doubts.against(a_span(), measured(unknown), np.array([])) == ()


def test_what_is_contradicted_most_strongly_comes_first() -> None:
    weak, strong, none = flagged(a_span("a"), 0.3), flagged(a_span("b"), 0.5, 0.4), a_span("c")
    assert audit.ranked([weak, flagged(none), strong]) == [strong, weak]


def test_what_one_record_shows_again_and_again_makes_room_for_others() -> None:
    alike = [flagged(a_span("a", start_s=10.0 * n), 0.9) for n in range(5)]
    other = flagged(a_span("b"), 0.5)
    assert audit.ranked([*alike, other])[1] is other


def test_the_order_does_not_hang_on_the_order_of_the_catalogue() -> None:
    flags = [flagged(a_span(str(n), start_s=float(n)), 0.5) for n in range(20)]
    assert audit.ranked(flags[::-1]) == audit.ranked(flags)


def test_a_sample_holds_some_of_every_rhythm_and_nothing_that_is_contradicted() -> None:
    many = [flagged(a_span(str(n))) for n in range(50)]
    few = [flagged(a_span(f"f{n}", RhythmId.PAC)) for n in range(6)]
    bad = [flagged(a_span(f"b{n}", RhythmId.BBB), 0.9) for n in range(6)]
    sample = audit.sampled([*many, *few, *bad], 20)
    assert len(sample) == 20
    assert sum(one.span.rhythm is RhythmId.PAC for one in sample) >= 4
    assert not any(one.against for one in sample)
    assert audit.sampled([*many, *few, *bad], 20) == sample


def test_a_sample_of_a_rhythm_comes_from_different_people() -> None:
    one_person = [flagged(a_span("a", RhythmId.PAC, float(n))) for n in range(30)]
    others = [flagged(a_span(name, RhythmId.PAC)) for name in "bcd"]
    assert {x.span.patient for x in audit.sampled([*one_person, *others], 4)} == {
        "mitdb-a",
        "mitdb-b",
        "mitdb-c",
        "mitdb-d",
    }


def test_the_summary_counts_spans_windows_rhythms_and_steps() -> None:
    text = audit.summary([flagged(a_span("a"), 0.5, windows=3), flagged(a_span("b"), windows=2)])
    assert text.splitlines() == [
        "2 spans, 5 windows; 1 spans with 1 contradicted windows",
        "    1 of    2 spans,    1 windows  normal_sinus_rhythm",
        "    1 spans by qrs",
    ]


def test_the_script_prints_the_flags_and_draws_them(records: Path, tmp_path: Path) -> None:
    wrong = a_span(rhythm=RhythmId.PVC_UNIFORM, start_s=12.0)
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text(spans_text([a_span(), wrong]), encoding="utf-8")
    paths = {"records": records, "catalogue": catalogue, "pictures": tmp_path / "sheets"}
    asked = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(dataset("audit.py")), *asked],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [(row["start_s"], row["rhythm"]) for row in rows] == [("12.000", "pvc_uniform")]
    assert "2 spans, 2 windows; 1 spans" in done.stderr
    sheets = list((tmp_path / "sheets").iterdir())
    assert [sheet.name for sheet in sheets] == ["001.png"]
    assert sheets[0].read_bytes().startswith(b"\x89PNG")


def test_recordings_that_are_not_there_are_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text(spans_text([a_span()]), encoding="utf-8")
    asked = ["--records", str(tmp_path / "nowhere"), "--catalogue", str(catalogue)]
    assert audit.main(asked) == 1
    assert capsys.readouterr().err.startswith("The catalogue was not audited: ")


def test_a_catalogue_that_is_not_there_is_told_in_a_sentence(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--records", str(records), "--catalogue", str(tmp_path / "none.csv")]
    assert audit.main(asked) == 1
    assert "none.csv" in capsys.readouterr().err

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import RateSource, RecordRef, RhythmId, Span
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.statements import Stated, read_statements
from rhythmtrainer.records.index.statements_finding import spans_of
from tests.records.index.statements_making import at_rate, ecg, every, shipped_rules, write_record

REF = RecordRef("ptb-xl", "1.0.3", "records500/00000/09999_hr")


class Case:
    """One recording of which something was stated."""

    def __init__(self, records: Path) -> None:
        self._records = records
        self.skipped: list[str] = []

    def spans(
        self,
        codes: Sequence[str],
        beats: NDArray[np.float64],
        *,
        age: float | None = None,
        length_s: float = 10.0,
        signals: dict[str, NDArray[np.float64]] | None = None,
    ) -> list[Span]:
        path = write_record(self._records, REF, beats, length_s=length_s, signals=signals)
        return self.of(codes, path, age)

    def of(self, codes: Sequence[str], path: Path, age: float | None = None) -> list[Span]:
        statements = read_statements(dataset("rules"), REF.database)
        terms, unknown = statements.understood(codes)
        stated = Stated(REF, path, terms, unknown, age, "somebody")
        return spans_of(
            stated,
            shipped_rules(REF.database),
            statements,
            lambda _, why: self.skipped.append(why),
        )


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.mark.parametrize(
    ("code", "rate", "rhythm"),
    [
        ("SR", 75, RhythmId.NORMAL_SINUS_RHYTHM),
        ("SR", 48, RhythmId.SINUS_BRADYCARDIA),
        ("SBRAD", 48, RhythmId.SINUS_BRADYCARDIA),
        ("STACH", 120, RhythmId.SINUS_TACHYCARDIA),
        ("PSVT", 180, RhythmId.SVT),
    ],
)
def test_a_measured_rate_splits_what_was_stated(
    case: Case, code: str, rate: int, rhythm: RhythmId
) -> None:
    (span,) = case.spans([code], at_rate(rate))

    assert span.rhythm is rhythm
    assert span.rate_bpm == pytest.approx(rate, abs=0.5)
    assert span.rate_source is RateSource.MEASURED
    assert span.label == f"SCP {code}"
    assert (span.ref.leads, span.ref.start_s, span.ref.duration_s) == (("II",), 0.0, 10.0)


@pytest.mark.parametrize(
    ("code", "rate"),
    [("SR", 58), ("SR", 62), ("SR", 98), ("STACH", 102), ("STACH", 91), ("SBRAD", 57)],
)
def test_a_rate_near_a_border_or_in_another_class_keeps_a_recording_out(
    case: Case, code: str, rate: int
) -> None:
    assert not case.spans([code], at_rate(rate))
    assert f"rate {rate}" in case.skipped[0]


def test_the_rate_of_fibrillation_tells_controlled_from_rapid(case: Case) -> None:
    slow = np.cumsum([0.5, *[0.62, 0.95, 0.7, 0.85, 0.75] * 2])
    fast = np.cumsum([0.5, *[0.38, 0.55, 0.42, 0.48, 0.4] * 4])

    assert case.spans(["AFIB"], slow)[0].rhythm is RhythmId.AF_CONTROLLED
    assert case.spans(["AFIB"], fast)[0].rhythm is RhythmId.AF_RVR


def test_even_intervals_alone_are_a_plain_sinus_rhythm(case: Case) -> None:
    wavering = 0.4 + np.cumsum(0.8 + 0.09 * np.sin(np.arange(11)))

    assert case.spans(["SR"], every(0.8))[0].accepted == frozenset()
    assert case.spans(["SR"], wavering)[0].accepted == {RhythmId.SINUS_ARRHYTHMIA}
    assert case.spans(["SARRH"], wavering)[0].rhythm is RhythmId.SINUS_ARRHYTHMIA
    assert not case.spans(["SARRH"], every(0.8))


@pytest.mark.parametrize("besides", ["1AVB", "LPR", "CLBBB", "IRBBB", "IVCD", "WPW", "PVC", "PACE"])
def test_sinus_rhythm_with_something_else_is_never_normal(case: Case, besides: str) -> None:
    spans = case.spans(["SR", besides], every(0.8))

    assert all(span.rhythm is not RhythmId.NORMAL_SINUS_RHYTHM for span in spans)


@pytest.mark.parametrize(
    ("rate", "accepted"),
    [
        (50, {RhythmId.SINUS_BRADYCARDIA}),
        (61, {RhythmId.SINUS_BRADYCARDIA, RhythmId.NORMAL_SINUS_RHYTHM}),
        (75, {RhythmId.NORMAL_SINUS_RHYTHM}),
        (100, {RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.SINUS_TACHYCARDIA}),
        (120, {RhythmId.SINUS_TACHYCARDIA}),
    ],
)
def test_bundle_branch_block_accepts_the_sinus_rhythm_of_its_rate_and_is_shown_in_v1(
    case: Case, rate: int, accepted: set[RhythmId]
) -> None:
    (span,) = case.spans(["SR", "CRBBB"], at_rate(rate))

    assert span.rhythm is RhythmId.BBB
    assert span.accepted == accepted
    assert span.ref.leads == ("V1",)


def test_an_incomplete_block_is_neither_a_block_nor_normal(case: Case) -> None:
    assert not case.spans(["SR", "IRBBB"], every(0.8))


def test_fibrillation_with_wide_complexes_accepts_both(case: Case) -> None:
    beats = np.cumsum([0.5, *[0.62, 0.95, 0.7, 0.85, 0.75] * 2])
    (span,) = case.spans(["AFIB", "CLBBB"], beats)

    assert span.rhythm is RhythmId.AF_CONTROLLED
    assert span.accepted == {RhythmId.BBB}
    assert span.label == "SCP AFIB, SCP CLBBB"


@pytest.mark.parametrize("code", ["SVARR", "BIGU", "TRIGU", "2AVB", "PRC(S)"])
def test_a_statement_that_leaves_the_rhythm_open_keeps_a_recording_out(
    case: Case, code: str
) -> None:
    assert not case.spans([code, "SR"], every(0.8))
    assert case.skipped


def test_classes_of_rate_are_those_of_adults(case: Case) -> None:
    assert not case.spans(["STACH"], at_rate(120), age=4)
    assert "4 years" in case.skipped[0]
    assert case.spans(["STACH"], at_rate(120), age=16)
    assert case.spans(["1AVB"], at_rate(80), age=4)


def test_a_code_that_nobody_knows_keeps_a_recording_out(case: Case) -> None:
    assert not case.spans(["SR", "NEWCODE"], every(0.8))
    assert case.skipped == ["unknown codes: NEWCODE"]


def test_an_event_has_to_be_in_what_is_shown(case: Case) -> None:
    assert case.spans(["PVC", "SR"], every(0.8))[0].rhythm is RhythmId.PVC_UNIFORM
    assert not case.spans(["PVC", "SR"], every(0.8, 20.0), length_s=20.0)
    assert "20 s" in case.skipped[0]


def test_a_recording_that_is_too_short_to_show_is_kept_out(case: Case) -> None:
    assert not case.spans(["SR"], every(0.8, 5.0), length_s=5.0)
    assert "only 5.0 s" in case.skipped[0]


def test_a_long_recording_gives_no_more_than_the_longest_span(case: Case) -> None:
    (span,) = case.spans(["SR"], every(0.8, 90.0), length_s=90.0)

    assert span.ref.duration_s == shipped_rules("ptb-xl").lengths.longest_s


def test_leads_that_disagree_tell_no_rate(case: Case) -> None:
    other = {"V1": ecg(every(0.5)), "V5": ecg(every(0.65))}

    assert not case.spans(["SR"], every(0.8), signals=other)
    assert "rate cannot be told" in case.skipped[0]


def test_one_lead_that_is_off_does_not_hide_the_rate_of_the_others(case: Case) -> None:
    (span,) = case.spans(["SR"], every(0.8), signals={"V5": np.zeros(5000)})

    assert span.rate_bpm == pytest.approx(75, abs=0.5)


def test_where_no_class_hangs_on_the_rate_it_may_be_unknown(case: Case) -> None:
    flat = {"V1": np.zeros(5000), "V5": np.zeros(5000)}
    (span,) = case.spans(["PACE"], every(0.8), signals=flat)

    assert (span.rate_bpm, span.rate_source) == (None, RateSource.NONE)


def test_a_chamber_that_was_not_stated_is_not_held_against_anybody(case: Case) -> None:
    (span,) = case.spans(["PACE"], every(0.8))

    assert span.rhythm is RhythmId.PACED_VENTRICULAR
    assert span.accepted == {RhythmId.PACED_ATRIAL, RhythmId.PACED_DUAL}


def test_damaged_recordings_are_skipped_with_the_reason(case: Case, tmp_path: Path) -> None:
    path = write_record(tmp_path, REF, every(0.8))
    path.with_suffix(".dat").write_bytes(b"cut off")
    assert not case.of(["SR"], path)
    path.with_suffix(".hea").write_text("no header\n")
    assert not case.of(["SR"], path)
    path.with_suffix(".hea").unlink()
    assert not case.of(["SR"], path)

    assert "cut off" in case.skipped[0]
    assert "is not a WFDB header" in case.skipped[1]
    assert "missing" in case.skipped[2]


def test_a_recording_without_the_leads_is_skipped(case: Case, tmp_path: Path) -> None:
    path = write_record(tmp_path, REF, every(0.8), leads={"V2": 1.0, "V3": 1.0})

    assert not case.of(["SR"], path)
    assert "no lead to show it; there are V2, V3" in case.skipped[0]


def test_a_recording_at_a_rate_at_which_no_beats_are_found_is_skipped(
    case: Case, tmp_path: Path
) -> None:
    path = write_record(tmp_path, REF, every(0.8), first_line="09999_hr 4 20 5000")

    assert not case.of(["SR"], path)
    assert case.skipped

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhythmtrainer.content import load_courses
from rhythmtrainer.model import (
    CancelledError,
    CourseId,
    LeadName,
    Origin,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Scenario,
)
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate.rhythms.ages import table_rate
from rhythmtrainer.simulate.source import ONSET_S, RECORDING_S, SimulatedSource, _days_old
from rhythmtrainer.training.cancel import Cancel

SEEDS = st.integers(0, 2**32 - 1)
SINUS = RhythmId.NORMAL_SINUS_RHYTHM


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_rhythm_is_read_as_its_span_says(rhythm: RhythmId) -> None:
    source = SimulatedSource()
    span = source.span(rhythm, 7)
    assert span.rhythm is rhythm
    assert span.is_simulated
    assert span.ref.duration_s in (ONSET_S, RECORDING_S)
    strip = source.read(span.ref, span.ref.end_s - 10.0, 10.0, Cancel())
    assert strip.duration_s == pytest.approx(10.0)
    assert strip.leads == span.ref.leads
    assert strip.provenance.origin is Origin.SIMULATED
    assert np.isfinite(strip.signal).all()


@pytest.mark.parametrize("rhythm", RhythmId)
def test_neither_name_nor_title_nor_patient_gives_the_rhythm_away(rhythm: RhythmId) -> None:
    source = SimulatedSource()
    span = source.span(rhythm, 7)
    strip = source.read(span.ref, 0.0, 10.0, Cancel())
    said = f"{span.ref.record.path} {span.patient} {strip.provenance.title}"
    digits = "[0-9a-f]{16}"
    assert re.fullmatch(rf"simulated/model-\d+/{digits} simulated-7 simulated, seed 7", said)


@settings(max_examples=40)
@given(st.sampled_from(RhythmId), SEEDS)
def test_a_window_is_known_again_as_what_it_was_made_as(rhythm: RhythmId, seed: int) -> None:
    source = SimulatedSource()
    span = source.span(rhythm, seed)
    window = replace(span.ref, start_s=0.0, duration_s=10.0)
    assert SimulatedSource().span_of(window) == span


def test_the_same_name_gives_the_same_strip_again() -> None:
    ref = SimulatedSource().span(RhythmId.AVB2_TYPE1, 5).ref
    one, other = (SimulatedSource().read(ref, 12.0, 10.0, Cancel()) for _ in range(2))
    np.testing.assert_array_equal(one.signal, other.signal)
    another = SimulatedSource().span(RhythmId.AVB2_TYPE1, 6).ref
    assert not np.array_equal(
        one.signal, SimulatedSource().read(another, 12.0, 10.0, Cancel()).signal
    )


def test_parts_of_a_recording_fit_together_and_it_ends() -> None:
    source = SimulatedSource()
    ref = source.span(SINUS, 1).ref
    whole = source.read(ref, 0.0, 100.0, Cancel())
    assert whole.at_end
    assert whole.duration_s > RECORDING_S
    first, second = (source.read(ref, start_s, 10.0, Cancel()) for start_s in (0.0, 10.0))
    assert not first.at_end
    joined = np.concatenate([first.signal, second.signal], axis=1)
    np.testing.assert_array_equal(joined, whole.signal[:, : joined.shape[1]])
    beyond = source.read(ref, whole.end_s + 5.0, 10.0, Cancel())
    assert beyond.at_end
    assert beyond.signal.shape[1] == 0
    before = source.read(ref, -5.0, 6.0, Cancel())
    assert before.start_s == 0.0
    assert before.duration_s == pytest.approx(1.0)


def test_other_leads_of_a_recording_show_the_same_beats() -> None:
    source = SimulatedSource()
    alone = source.span(RhythmId.AVB3, 3)
    both = replace(alone.ref, leads=(LeadName("II"), LeadName("V1")))
    strip = source.read(both, 5.0, 10.0, Cancel())
    assert strip.leads == both.leads
    assert strip.signal.shape == (2, round(10.0 * strip.fs))
    known = source.span_of(replace(both, start_s=5.0, duration_s=10.0))
    assert known is not None
    assert (known.rhythm, known.rate_bpm) == (alone.rhythm, alone.rate_bpm)
    assert known.ref.leads == both.leads


def test_all_of_it_is_at_hand() -> None:
    source = SimulatedSource()
    part = replace(source.span(SINUS, 1).ref, start_s=12.0, duration_s=10.0)
    assert source.at_hand(part) == (part,)


def test_the_rate_is_that_of_its_beats_and_none_where_there_are_none() -> None:
    source = SimulatedSource()
    brady = source.span(RhythmId.SINUS_BRADYCARDIA, 3)
    assert brady.rate_source is RateSource.SIMULATED
    assert brady.rate_bpm is not None
    assert 30.0 < brady.rate_bpm < 60.0
    assert source.span(RhythmId.VF_COARSE, 3).rate_bpm is None


def test_a_patient_without_a_pulse_is_said_to_have_none() -> None:
    source = SimulatedSource()
    for rhythm in (RhythmId.PEA, RhythmId.ASYSTOLE, RhythmId.VF_FINE):
        teaching = source.span(rhythm, 3).teaching
        assert teaching is not None
        assert teaching.scenario is Scenario.WITHOUT_PULSE
    assert source.span(SINUS, 3).teaching is None


def test_no_rhythm_accepts_itself() -> None:
    source = SimulatedSource()
    assert all(rhythm not in source.span(rhythm, 1).accepted for rhythm in source.rhythms)


def test_a_sinus_rhythm_beneath_may_be_named_too() -> None:
    source = SimulatedSource()
    names = (RhythmId.SINUS_BRADYCARDIA, SINUS, RhythmId.SINUS_TACHYCARDIA)
    for rhythm in (RhythmId.BBB, RhythmId.SINUS_ARRHYTHMIA, RhythmId.AVB1, SINUS):
        for seed in range(20):
            span = source.span(rhythm, seed)
            assert span.rate_bpm is not None
            beneath = names[(span.rate_bpm >= 60.0) + (span.rate_bpm > 100.0)]
            if rhythm is RhythmId.AVB1 and beneath is not names[0]:
                assert not span.accepted
            else:
                assert span.accepted == (set() if rhythm is SINUS else {beneath})


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RecordRef("simulated", "model-of-old", "00000001abcdef01"), "another version"),
        (RecordRef("simulated", "", ""), "another version"),
        (RecordRef("simulated", "now", "00000001abcdef01"), "no simulated strip of the name"),
        (RecordRef("simulated", "now", "normal_sinus_rhythm"), "no simulated strip of the name"),
        (RecordRef("simulated", "now", ""), "no simulated strip of the name"),
        (RecordRef("simulated", "now", "-0000001abcdef01"), "no simulated strip of the name"),
        (RecordRef("simulated", "now", "0000000099ecd500-338"), "no simulated strip of the name"),
        (RecordRef("simulated", "now", "0000000099ecd500-"), "no simulated strip of the name"),
        (RecordRef("simulated", "now", "0000000099ecd500-9999"), "no simulated strip of the name"),
    ],
)
def test_a_name_that_it_did_not_give_is_refused(record: RecordRef, said: str) -> None:
    source = SimulatedSource()
    known = source.span(SINUS, 1).ref
    if record.version == "now":
        record = replace(record, version=known.record.version)
    unknown = replace(known, record=record)
    with pytest.raises(RecordError, match=said):
        source.read(unknown, 0.0, 10.0, Cancel())
    assert source.span_of(unknown) is None
    assert source.complexes(unknown) is None


def test_an_unknown_lead_is_refused_in_a_sentence() -> None:
    source = SimulatedSource()
    ref = replace(source.span(SINUS, 1).ref, leads=(LeadName("V19"),))
    with pytest.raises(RecordError, match="V19"):
        source.read(ref, 0.0, 10.0, Cancel())
    assert source.span_of(ref) is None


def test_cancelled_stays_cancelled() -> None:
    source = SimulatedSource()
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        source.read(source.span(SINUS, 1).ref, 0.0, 10.0, cancel)


AGES = (0, 16)
CHILDREN = st.sampled_from(load_courses(asset("content", "courses.toml"))[CourseId.PALS].rhythms)


@settings(max_examples=30)
@given(CHILDREN, SEEDS)
def test_a_child_is_known_again_and_its_age_is_told(rhythm: RhythmId, seed: int) -> None:
    source = SimulatedSource()
    span = source.span(rhythm, seed, AGES)
    assert span.child_years is not None
    assert 1 / 366 < span.child_years < AGES[1]
    assert SimulatedSource().span_of(replace(span.ref, duration_s=10.0)) == span
    assert span.ref.record != source.span(rhythm, seed).ref.record
    assert source.span(rhythm, seed).child_years is None


def test_every_stage_of_childhood_is_as_likely() -> None:
    days = [_days_old(seed, AGES) for seed in range(1200)]
    stages = np.searchsorted([28, 366, 1096, 2192, 4383], days, side="right")
    counts = np.bincount(stages, minlength=6)
    assert counts.min() > 0.7 * counts.max()
    some = [_days_old(seed, (3, 12)) / 365.25 for seed in range(200)]
    assert 3.0 <= min(some) < 3.5
    assert 11.5 < max(some) < 12.0


@pytest.mark.parametrize(
    ("rhythm", "fits"),
    [
        (SINUS, lambda rate, low, high, _: low <= rate <= high),
        (RhythmId.SINUS_BRADYCARDIA, lambda rate, low, _, __: rate < low),
        (RhythmId.SINUS_TACHYCARDIA, lambda rate, _, high, svt: high < rate < svt),
        (RhythmId.SVT, lambda rate, _, __, svt: rate >= svt),
        (RhythmId.VT_MONOMORPHIC, lambda rate, *_: rate >= 120.0),
    ],
)
def test_a_rate_is_slow_or_fast_for_the_age(
    rhythm: RhythmId, fits: Callable[[float, float, float, float], bool]
) -> None:
    source = SimulatedSource()
    for seed in range(40):
        span = source.span(rhythm, seed, AGES)
        years, rate = span.child_years, span.rate_bpm
        assert years is not None
        assert rate is not None
        svt = 220.0 if years < 1.0 else 180.0
        assert fits(rate, *table_rate(years), svt), (seed, years, rate)


def test_a_child_with_a_pulse_has_a_note_of_what_is_usual_at_its_age() -> None:
    source = SimulatedSource()
    teaching = source.span(SINUS, 1, AGES).teaching
    assert teaching is not None
    assert teaching.note == "5 months old: awake, 100-190/min is usual (PALS)."
    pulseless = source.span(RhythmId.PEA, 1, AGES).teaching
    assert pulseless is not None
    assert pulseless.scenario is Scenario.WITHOUT_PULSE
    assert pulseless.age_years == teaching.age_years
    assert not pulseless.note


def test_the_complexes_of_a_window_are_those_that_reach_into_it() -> None:
    source = SimulatedSource()
    whole = source.complexes(source.span(SINUS, 3).ref)
    assert whole is not None
    onsets, peaks, ends = whole.T
    assert (onsets < peaks).all()
    assert (peaks < ends).all()
    assert (ends[:-1] < onsets[1:]).all()
    inside = (onsets < 22.0) & (ends > 12.0)
    window = replace(source.span(SINUS, 3).ref, start_s=12.0, duration_s=10.0)
    np.testing.assert_array_equal(source.complexes(window), whole[inside])
    beyond = source.complexes(replace(window, start_s=55.0, duration_s=30.0))
    assert beyond is not None
    assert beyond[-1, 2] < 63.0
    silent = source.complexes(source.span(RhythmId.ASYSTOLE, 3).ref)
    assert silent is not None
    assert silent.shape == (0, 3)

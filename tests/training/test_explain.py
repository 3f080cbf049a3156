from dataclasses import replace
from enum import StrEnum

import numpy as np
import pytest

from rhythmtrainer.content import load_rhythms
from rhythmtrainer.ecg.evidence.rate import measure_beats
from rhythmtrainer.model import (
    STANDARD_LEADS,
    Finding,
    LeadName,
    Measurement,
    Origin,
    Pauses,
    PWaves,
    QrsWidth,
    RateSource,
    Reading,
    Reveal,
    RhythmId,
    Scenario,
    Span,
    Step,
    Teaching,
    Verdict,
    WaveTimes,
)
from rhythmtrainer.paths import asset
from rhythmtrainer.training.explain import (
    age_in_words,
    clock,
    contrast,
    explain,
    placed,
    scenario,
)
from tests.support import fakes

MEASURED = replace(
    fakes.span(RhythmId.VT_MONOMORPHIC, "a"), rate_bpm=136.0, rate_source=RateSource.MEASURED
)
RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))


def beats(rate: float) -> Measurement:
    return measure_beats(np.arange(12.6, 22.5, 60 / rate), 12.5, 22.5)


def test_the_reason_follows_the_teaching_order_with_what_was_measured() -> None:
    reveal = explain(fakes.attempt(), fakes.strip(), beats(75), RHYTHMS, None)
    assert [reading.heading for reading in reveal.readings][:2] == ["Rate", "Regularity"]
    assert "75/min" in reveal.readings[0].measured
    assert "regular" in reveal.readings[1].measured
    assert reveal.chosen == reveal.difference == ""
    assert reveal.beats_count


def test_a_wrong_answer_is_told_apart_from_the_right_one() -> None:
    attempt = fakes.attempt(chosen=RhythmId.SINUS_TACHYCARDIA)
    reveal = explain(attempt, fakes.strip(), beats(75), RHYTHMS, None)
    assert reveal.verdict is Verdict.WRONG
    assert reveal.chosen == RHYTHMS[RhythmId.SINUS_TACHYCARDIA].name
    assert reveal.difference


def test_the_source_is_always_named() -> None:
    reveal = explain(fakes.attempt(), fakes.strip(), beats(75), RHYTHMS, None)
    for part in ("Real recording", "Made-up Database 1.0.0", "record a", "0:12.5", "CC0"):
        assert part in reveal.source
    assert "(N at 10.0 s" in reveal.label


def test_a_simulated_strip_says_so() -> None:
    reveal = explain(
        fakes.attempt(origin=Origin.SIMULATED), fakes.strip(), beats(75), RHYTHMS, None
    )
    assert reveal.source.startswith("Simulated")


def test_a_rate_that_contradicts_the_label_is_flagged_and_the_label_stays() -> None:
    reveal = explain(fakes.attempt(), fakes.strip(), beats(130), RHYTHMS, None)
    assert "60-100" in reveal.note
    assert reveal.answer == RHYTHMS[RhythmId.NORMAL_SINUS_RHYTHM].name


def test_beats_that_contradict_the_catalogue_are_not_shown_as_beats() -> None:
    vt = fakes.attempt(answer=RhythmId.VT_MONOMORPHIC, chosen=RhythmId.VT_MONOMORPHIC)
    reveal = explain(vt, fakes.strip(), beats(264), RHYTHMS, MEASURED)
    assert not reveal.beats_count
    assert reveal.readings[0].measured == "136/min on record"
    assert "not marked" in reveal.note
    assert explain(vt, fakes.strip(), beats(140), RHYTHMS, MEASURED).beats_count


def test_even_waves_with_an_uneven_interval_are_not_shown_as_beats() -> None:
    vt = fakes.attempt(answer=RhythmId.VT_MONOMORPHIC, chosen=RhythmId.VT_MONOMORPHIC)
    times = np.arange(12.6, 22.5, 60 / 136.0)
    times[5] += 0.15
    uneven = measure_beats(times, 12.5, 22.5)
    assert not explain(vt, fakes.strip(), uneven, RHYTHMS, MEASURED).beats_count
    annotated = replace(MEASURED, rate_source=RateSource.REFERENCE_BEATS)
    assert explain(vt, fakes.strip(), uneven, RHYTHMS, annotated).beats_count


def test_a_measured_rate_is_told_with_the_label() -> None:
    reveal = explain(fakes.attempt(), fakes.strip(), beats(136), RHYTHMS, MEASURED)
    assert "136/min measured" in reveal.label


def test_the_sentence_written_for_a_pair_is_told() -> None:
    vt, svt = RHYTHMS[RhythmId.VT_MONOMORPHIC], RHYTHMS[RhythmId.SVT]
    assert contrast(vt, svt) == vt.difference_from(RhythmId.SVT)


def test_any_two_rhythms_can_be_told_apart_somehow() -> None:
    for answer in RHYTHMS.values():
        for chosen in RHYTHMS.values():
            assert contrast(answer, chosen)


def test_an_interval_across_a_gap_is_not_read() -> None:
    times = np.arange(12.6, 22.5, 0.8)
    gaps = np.zeros(times.size - 1, dtype=bool)
    gaps[4] = True
    times[5:] += 0.6
    found = measure_beats(times[times < 22.5], 12.5, 22.5, gaps[: (times < 22.5).sum() - 1])
    assert (
        explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, None).readings[1].measured
        == "RR 0.80 s: regular"
    )


def test_nothing_is_counted_where_there_are_no_beats_to_count() -> None:
    attempt = fakes.attempt(answer=RhythmId.VF_COARSE, chosen=RhythmId.VF_COARSE)
    reveal = explain(attempt, fakes.strip(), beats(180), RHYTHMS, None)
    assert not reveal.beats_count
    assert all(reading.measured == "" for reading in reveal.readings)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00.0"), (334.25, "5:34.2"), (3600.0, "60:00.0")]
)
def test_times_are_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def reading(reveal: Reveal, heading: str) -> Reading:
    return next(one for one in reveal.readings if one.heading == heading)


def with_finding(step: Step, verdict: StrEnum, text: str) -> Measurement:
    found = Finding(step, verdict, None, "", 0.9, text)
    return replace(beats(75), findings=(*beats(75).findings, found))


def test_what_is_read_stands_beside_what_is_taught() -> None:
    found = with_finding(Step.P_WAVES, PWaves.ONE_PER_QRS, "a P wave before every QRS")
    reveal = explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, None)
    assert reading(reveal, "P waves").measured == "A P wave before every QRS"
    assert reading(reveal, "P waves").taught


def test_a_reading_that_contradicts_the_label_says_so() -> None:
    found = with_finding(Step.P_WAVES, PWaves.ABSENT, "no P waves")
    reveal = explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, None)
    assert reading(reveal, "P waves").measured == "No P waves (not what the label implies)"


def test_a_reading_that_contradicts_what_was_made_is_left_out() -> None:
    waves = WaveTimes(*(np.empty((0, 3)) for _ in range(3)))
    found = replace(with_finding(Step.P_WAVES, PWaves.ABSENT, "no P waves"), waves=waves)
    span = replace(
        fakes.span(RhythmId.NORMAL_SINUS_RHYTHM, "a"),
        rate_bpm=75.0,
        rate_source=RateSource.SIMULATED,
    )
    reveal = explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, span)
    assert reading(reveal, "P waves").measured == ""
    assert "left out" in reveal.note
    fitting = with_finding(Step.P_WAVES, PWaves.ONE_PER_QRS, "a P wave before every QRS")
    fitting = replace(fitting, waves=waves)
    reveal = explain(fakes.attempt(), fakes.strip(), fitting, RHYTHMS, span)
    assert reading(reveal, "P waves").measured
    assert "left out" not in reveal.note


def test_a_reading_that_cannot_be_told_contradicts_nothing() -> None:
    found = with_finding(Step.QRS, QrsWidth.CANNOT_TELL, "QRS: cannot tell")
    reveal = explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, None)
    assert reading(reveal, "QRS").measured == "QRS: cannot tell"


def test_what_else_is_there_is_told_after_the_five_readings() -> None:
    found = with_finding(Step.PAUSES, Pauses.PRESENT, "a pause of 2.4 s")
    reveal = explain(fakes.attempt(), fakes.strip(), found, RHYTHMS, None)
    assert reveal.readings[-1].measured == "A pause of 2.4 s"
    none = with_finding(Step.PAUSES, Pauses.NONE, "no pauses")
    assert len(explain(fakes.attempt(), fakes.strip(), none, RHYTHMS, None).readings) == 5


@pytest.mark.parametrize(
    ("teaching", "said"),
    [
        (None, ""),
        (Teaching(note="look at V1"), ""),
        (Teaching(Scenario.WITHOUT_PULSE), "Teaching scenario: a patient without a pulse"),
        (
            Teaching(Scenario.WITH_PULSE, 54),
            "Teaching scenario: a patient with a pulse, 54 years old",
        ),
        (Teaching(age_years=1 / 12), "Teaching scenario: 1 month old"),
    ],
)
def test_an_instructor_sets_the_scene(teaching: Teaching | None, said: str) -> None:
    assert scenario(teaching) == said


def test_who_labelled_a_strip_of_a_pack_is_told_and_the_note_comes_with_the_reason() -> None:
    attempt = replace(fakes.attempt(), label="labelled by A. Teacher")
    taught = replace(fakes.SPANS[0], teaching=Teaching(note="Look at the P waves."))
    reveal = explain(attempt, fakes.strip(), beats(75), RHYTHMS, taught)
    assert reveal.label == "Labelled by A. Teacher"
    assert reveal.note.startswith("Note: Look at the P waves.")


def test_many_leads_are_counted() -> None:
    leads = [LeadName(lead) for lead in STANDARD_LEADS]
    assert placed(leads[:3], 0.0, 10.0) == "Lead I, Lead II, Lead III, 0:00.0 to 0:10.0"
    assert placed(leads, 0.0, 10.0) == "12 leads, 0:00.0 to 0:10.0"


def test_a_simulated_strip_says_what_it_was_made_as_and_no_archive() -> None:
    span = replace(fakes.span(RhythmId.SVT, "a"), rate_bpm=190.0, rate_source=RateSource.SIMULATED)
    made = replace(fakes.strip().provenance, origin=Origin.SIMULATED, database=None)
    strip = replace(fakes.strip(), provenance=replace(made, source="simulated, seed 7"))
    attempt = replace(fakes.attempt(origin=Origin.SIMULATED), label="Supraventricular tachycardia")
    reveal = explain(attempt, strip, beats(75), RHYTHMS, span)
    assert reveal.label == "Made as Supraventricular tachycardia"
    assert reveal.source == "Simulated, seed 7, Lead II, 0:12.5 to 0:22.5"
    assert reveal.beats_count
    assert "marked as they were made" in reveal.note
    assert "on record" not in reveal.readings[0].measured


def of_child(rhythm: RhythmId = RhythmId.NORMAL_SINUS_RHYTHM, *, years: float = 0.5) -> Span:
    return replace(
        fakes.span(rhythm, "a"),
        rate_bpm=145.0,
        rate_source=RateSource.SIMULATED,
        teaching=Teaching(age_years=years, note="6 months old: 100-190/min is usual."),
    )


def test_an_adult_s_figures_are_said_to_be_an_adult_s_beside_a_child_s_strip() -> None:
    attempt = fakes.attempt(origin=Origin.SIMULATED)
    reveal = explain(attempt, fakes.strip(), beats(145), RHYTHMS, of_child())
    taught = {reading.step: reading.taught for reading in reveal.readings}
    assert taught[Step.RATE] == "Adult: 60-100/min"
    assert taught[Step.QRS] == "Adult: below 0.12 s"
    assert taught[Step.P_WAVES] == RHYTHMS[attempt.answer].p_waves
    assert "145/min" in reveal.readings[0].measured
    assert reveal.note.startswith("Note: 6 months old: 100-190/min is usual.")
    assert "an adult's" in reveal.note
    assert "lies outside" not in reveal.note
    adult = explain(attempt, fakes.strip(), beats(145), RHYTHMS, of_child(years=17.0))
    assert adult.readings[0].taught == "60-100/min"
    assert "an adult's" not in adult.note


def test_a_child_s_narrow_qrs_contradicts_no_ventricular_tachycardia() -> None:
    attempt = replace(fakes.attempt(), answer=RhythmId.VT_MONOMORPHIC)
    finding = Finding(Step.QRS, QrsWidth.NARROW, 0.10, "s", 0.9, "QRS 0.10 s: narrow")
    found = replace(beats(145), findings=(finding,))
    span = of_child(RhythmId.VT_MONOMORPHIC)
    (measured,) = (
        reading.measured
        for reading in explain(attempt, fakes.strip(), found, RHYTHMS, span).readings
        if reading.step is Step.QRS
    )
    assert measured == "0.10 s"
    recorded = replace(span, teaching=None, rate_source=RateSource.REFERENCE_BEATS)
    reveal = explain(attempt, fakes.strip(), found, RHYTHMS, recorded)
    assert "not what the label implies" in reveal.readings[-1].measured


def test_a_child_s_beats_that_were_not_found_are_said_to_be_marked_as_made() -> None:
    reveal = explain(fakes.attempt(), fakes.strip(), beats(75), RHYTHMS, of_child())
    assert reveal.beats_count
    assert "marked as they were made" in reveal.note
    assert "an adult's" in reveal.note


@pytest.mark.parametrize(
    ("years", "said"),
    [(15.9, "15 years old"), (2.0, "2 years old"), (1.99, "23 months old"), (0.07, "26 days old")],
)
def test_nobody_is_older_than_on_the_last_birthday(years: float, said: str) -> None:
    assert age_in_words(years) == said


def test_an_age_in_months_is_told_as_it_was_given() -> None:
    for months in range(1, 24):
        assert age_in_words(months / 12).startswith(f"{months} month")

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.model import (
    CourseId,
    Question,
    QuestionId,
    RhythmId,
    Scenario,
    Span,
    Supply,
    Teaching,
)
from rhythmtrainer.paths import asset
from rhythmtrainer.training.selection import Material, draw_choices, draw_question, span_of
from tests.support import fakes
from tests.support.simulated import FakeSimulations

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
COURSE = load_courses(asset("content", "courses.toml"))[CourseId.ACLS]
MATERIAL = Material(fakes.SPANS, COURSE, RHYTHMS)


def draw(
    seed: int, material: Material = MATERIAL, previous: Question | None = None
) -> Question | None:
    return draw_question(material, previous, np.random.default_rng(seed), QuestionId("q"))


@given(st.integers(0, 2**32))
def test_a_window_lies_inside_its_span(seed: int) -> None:
    question = draw(seed)
    assert question is not None
    assert question.window.start_s >= question.span.ref.start_s
    assert question.window.end_s <= question.span.ref.end_s + 1e-9
    assert question.window.duration_s == 10.0


@given(st.integers(0, 2**32))
def test_the_answer_stands_once_among_four_to_six_choices(seed: int) -> None:
    question = draw(seed)
    assert question is not None
    assert 4 <= len(question.choices) <= 6
    assert len(set(question.choices)) == len(question.choices)
    assert question.choices.count(question.answer) == 1


@pytest.mark.parametrize("rhythm", COURSE.rhythms)
def test_what_the_label_cannot_tell_apart_is_never_a_wrong_answer(rhythm: RhythmId) -> None:
    look = RHYTHMS[rhythm].look_alikes[0].id
    span = fakes.span(rhythm, "a", accepted=frozenset({look}))
    for seed in range(20):
        choices = draw_choices(span, MATERIAL, np.random.default_rng(seed))
        assert look not in choices
        assert len(choices) >= 4


@pytest.mark.parametrize("rhythm", COURSE.rhythms)
def test_wrong_answers_are_look_alikes_first(rhythm: RhythmId) -> None:
    looks = [look.id for look in RHYTHMS[rhythm].look_alikes if look.id in COURSE.rhythms]
    choices = draw_choices(fakes.span(rhythm, "a"), MATERIAL, np.random.default_rng(0))
    wrong = set(choices) - {rhythm}
    assert wrong <= set(looks) or set(looks) <= wrong


def test_the_answers_place_tells_nothing() -> None:
    places: Counter[float] = Counter()
    for seed in range(400):
        choices = draw_choices(fakes.SPANS[0], MATERIAL, np.random.default_rng(seed))
        places[choices.index(RhythmId.NORMAL_SINUS_RHYTHM) / len(choices)] += 1
    assert min(places.values()) > 40


def test_one_patient_never_comes_twice_in_a_row() -> None:
    previous = None
    for seed in range(200):
        question = draw(seed, previous=previous)
        assert question is not None
        if previous is not None:
            assert question.span.patient != previous.span.patient
        previous = question


def test_the_only_patient_there_is_may_come_again() -> None:
    alone = Material([fakes.SPANS[0]], COURSE, RHYTHMS)
    first = draw(1, alone)
    assert first is not None
    assert draw(2, alone, previous=first) is not None


def test_every_rhythm_is_as_likely_however_many_spans_it_has() -> None:
    many = [fakes.span(RhythmId.NORMAL_SINUS_RHYTHM, f"n{i}") for i in range(30)]
    material = Material((*fakes.SPANS, *many), COURSE, RHYTHMS)
    drawn: Counter[RhythmId] = Counter()
    for seed in range(600):
        question = draw(seed, material)
        assert question is not None
        drawn[question.answer] += 1
    assert max(drawn.values()) < 1.6 * min(drawn.values())


def test_spans_of_other_courses_and_too_short_ones_are_left_out() -> None:
    others: tuple[Span, ...] = (
        fakes.span(RhythmId.BBB, "x"),
        fakes.span(RhythmId.SVT, "y", duration_s=5.9),
    )
    assert draw(1, Material(others, COURSE, RHYTHMS)) is None


def test_a_short_span_is_shown_whole() -> None:
    question = draw(1, Material((fakes.span(RhythmId.SVT, "y", duration_s=7.0),), COURSE, RHYTHMS))
    assert question is not None
    assert (question.window.start_s, question.window.duration_s) == (10.0, 7.0)


def test_the_span_of_a_window_is_found_again() -> None:
    question = draw(3)
    assert question is not None
    assert span_of(fakes.SPANS, question.window) == question.span
    elsewhere = replace(question.window, start_s=200.0)
    assert span_of(fakes.SPANS, elsewhere) is None


def test_a_strip_of_an_instructor_s_is_asked_as_a_whole() -> None:
    minute = replace(fakes.span(RhythmId.SVT, "y", duration_s=60.0), teaching=Teaching())
    question = draw(1, Material((minute,), COURSE, RHYTHMS))
    assert question is not None
    assert question.window == minute.ref


def supplied(supply: Supply, spans: Sequence[Span] = fakes.SPANS) -> Material:
    return Material(spans, COURSE, RHYTHMS, simulations=FakeSimulations(), supply=supply)


def test_real_only_asks_as_if_nothing_could_be_simulated() -> None:
    material = supplied(Supply.REAL_ONLY)
    assert all(draw(seed, material) == draw(seed) for seed in range(50))
    assert draw(1, supplied(Supply.REAL_ONLY, ())) is None


def test_real_first_simulates_what_no_recording_shows_and_nothing_else() -> None:
    material = supplied(Supply.REAL_FIRST)
    recorded = {span.rhythm for span in fakes.SPANS}
    asked: Counter[RhythmId] = Counter()
    for seed in range(1000):
        question = draw(seed, material)
        assert question is not None
        assert question.span.is_simulated == (question.answer not in recorded)
        asked[question.answer] += 1
    assert set(asked) == set(COURSE.rhythms)
    assert max(asked.values()) < 3 * min(asked.values())


def test_a_rhythm_whose_recordings_are_too_short_is_simulated() -> None:
    short = (fakes.span(RhythmId.SVT, "y", duration_s=5.9),)
    only_svt = replace(COURSE, rhythms=(RhythmId.SVT,))
    question = draw(1, replace(supplied(Supply.REAL_FIRST, short), course=only_svt))
    assert question is not None
    assert question.span.is_simulated


def test_mixed_simulates_every_other_strip_of_what_recordings_show() -> None:
    only = replace(COURSE, rhythms=tuple(span.rhythm for span in fakes.SPANS))
    material = replace(supplied(Supply.MIXED), course=only)
    drawn = [draw(seed, material) for seed in range(400)]
    simulated = sum(question is not None and question.span.is_simulated for question in drawn)
    assert 150 < simulated < 250


def test_the_only_patient_there_is_gives_way_to_a_simulated_one() -> None:
    material = supplied(Supply.REAL_FIRST, fakes.SPANS[:1])
    first = next(
        question
        for seed in range(1000)
        if (question := draw(seed, material)) is not None and not question.span.is_simulated
    )
    for seed in range(20):
        question = draw(seed, material, previous=first)
        assert question is not None
        assert question.answer is not first.answer


def test_a_simulated_question_is_settled_by_chance_alone() -> None:
    material = supplied(Supply.REAL_FIRST, ())
    assert draw(7, material) == draw(7, material)
    seeds = set()
    for seed in range(20):
        question = draw(seed, material)
        assert question is not None
        seeds.add(question.span.patient)
        assert question.span.label == RHYTHMS[question.answer].name
        assert question.window.duration_s == 10.0
    assert len(seeds) == 20


def test_nothing_is_simulated_that_the_course_does_not_ask_or_nobody_can_make() -> None:
    few = FakeSimulations(rhythms=(RhythmId.BBB, RhythmId.SVT))
    question = draw(1, Material((), COURSE, RHYTHMS, simulations=few))
    assert question is not None
    assert question.answer is RhythmId.SVT


@pytest.mark.parametrize("rhythm", COURSE.rhythms)
def test_pulseless_activity_is_an_answer_only_where_no_pulse_is_said(rhythm: RhythmId) -> None:
    span = fakes.span(rhythm, "a")
    with_pulse = replace(span, teaching=Teaching(Scenario.WITH_PULSE))
    for seed in range(10):
        if rhythm is not RhythmId.PEA:
            for said in (span, with_pulse):
                assert RhythmId.PEA not in draw_choices(said, MATERIAL, np.random.default_rng(seed))


def test_without_a_pulse_an_organised_rhythm_may_be_pulseless_activity() -> None:
    told = Teaching(Scenario.WITHOUT_PULSE)
    pulseless = replace(fakes.span(RhythmId.NORMAL_SINUS_RHYTHM, "a"), teaching=told)
    few = replace(MATERIAL, course=replace(COURSE, rhythms=(*COURSE.rhythms[:3], RhythmId.PEA)))
    assert RhythmId.PEA in draw_choices(pulseless, few, np.random.default_rng(1))
    assert RhythmId.PEA not in draw_choices(fakes.SPANS[0], few, np.random.default_rng(1))
    activity = replace(fakes.span(RhythmId.PEA, "a"), teaching=told)
    choices = draw_choices(activity, MATERIAL, np.random.default_rng(1))
    assert choices.count(RhythmId.PEA) == 1
    assert RhythmId.NORMAL_SINUS_RHYTHM in choices


def test_a_course_about_children_asks_for_children() -> None:
    simulations = FakeSimulations()
    children = replace(COURSE, ages=(2, 3))
    question = draw(1, Material((), children, RHYTHMS, simulations=simulations))
    assert question is not None
    assert question.span.child_years == 2.0
    of_adults = draw(1, Material((), COURSE, RHYTHMS, simulations=simulations))
    assert of_adults is not None
    assert of_adults.span.child_years is None

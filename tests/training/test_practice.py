from dataclasses import replace

import pytest

from rhythmtrainer.content import load_courses, load_rhythms
from rhythmtrainer.model import CourseId, Origin, Question, QuestionId, RhythmId, Verdict
from rhythmtrainer.paths import asset
from rhythmtrainer.training.practice import SESSION_LENGTH, Practice, session_length
from rhythmtrainer.training.selection import Material
from tests.support import fakes

MATERIAL = Material(
    fakes.SPANS,
    load_courses(asset("content", "courses.toml"))[CourseId.ACLS],
    load_rhythms(asset("content", "rhythms.toml")),
)


def draw(practice: Practice, previous: Question | None, redraw: int = 0) -> Question:
    name = QuestionId(f"q{practice.position}")
    question = practice.draw(MATERIAL, previous, name, redraw)
    assert question is not None
    return question


def answer(practice: Practice, question: Question, chosen: RhythmId) -> Practice:
    return practice.answered(question, chosen, 3.0, fakes.NOW, Origin.REAL)[0]


def test_the_same_seed_asks_the_same_again() -> None:
    first = draw(Practice(fakes.session(seed=3)), None)
    assert draw(Practice(fakes.session("other", seed=3)), None) == first
    assert any(draw(Practice(fakes.session(seed=n)), None) != first for n in range(4, 10))


def test_a_question_read_ahead_is_the_one_that_would_come_next() -> None:
    practice = Practice(fakes.session(seed=3))
    first = draw(practice, None)
    ahead = practice.draw(MATERIAL, first, QuestionId("next"))
    then = answer(practice, first, first.answer).draw(MATERIAL, first, QuestionId("next"))
    assert ahead == then


def test_a_strip_that_cannot_be_read_gives_way_to_another() -> None:
    practice = Practice(fakes.session(seed=3))
    windows = {draw(practice, None, redraw).window for redraw in range(6)}
    assert len(windows) > 3


def test_an_answer_keeps_everything_that_is_needed_to_show_it_again() -> None:
    practice = Practice(fakes.session(seed=3))
    question = draw(practice, None)
    wrong = next(choice for choice in question.choices if choice != question.answer)
    after, attempt = practice.answered(question, wrong, 3.5, fakes.NOW, Origin.SIMULATED)
    assert after.attempts == (attempt,)
    assert practice.attempts == ()
    assert attempt.window == question.window
    assert (attempt.chosen, attempt.answer) == (wrong, question.answer)
    assert attempt.verdict is Verdict.WRONG
    assert (attempt.response_s, attempt.answered_at) == (3.5, fakes.NOW)
    assert attempt.origin is Origin.SIMULATED


def test_a_question_is_answered_once() -> None:
    practice = Practice(fakes.session(seed=3))
    question = draw(practice, None)
    after = answer(practice, question, question.answer)
    with pytest.raises(ValueError, match="already"):
        answer(after, question, question.answer)


def test_a_session_ends_after_its_last_question() -> None:
    practice = Practice(fakes.session(seed=3), length=3)
    previous = None
    for _ in range(3):
        assert not practice.finished
        previous = draw(practice, previous)
        practice = answer(practice, previous, previous.answer)
    assert practice.finished


def test_a_quiz_asks_its_strips_in_its_own_order() -> None:
    quiz = fakes.SPANS[3:0:-1]
    material = replace(MATERIAL, quiz=quiz)
    practice = Practice(fakes.session(seed=3), session_length(material))
    asked = [practice.draw(material, None, QuestionId(f"q{n}"), place=n) for n in range(3)]
    assert [question.span for question in asked if question] == list(quiz)
    assert practice.length == 3
    assert session_length(MATERIAL) == SESSION_LENGTH


def test_a_strip_of_a_quiz_that_cannot_be_read_gives_way_to_another() -> None:
    material = replace(MATERIAL, quiz=fakes.SPANS[:1])
    practice = Practice(fakes.session(seed=3), 1)
    drawn = {
        question.span.rhythm
        for redraw in range(1, 9)
        if (question := practice.draw(material, None, QuestionId("q"), redraw))
    }
    assert len(drawn) > 1

from datetime import timedelta

import pytest

from rhythmtrainer.model import Origin, RhythmId
from rhythmtrainer.training.review import review, score
from tests.support import fakes

NSR, SVT, AVB3 = RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.SVT, RhythmId.AVB3


def test_nothing_answered_is_nothing_to_review() -> None:
    found = review([], [])
    assert found.overall is None
    assert not (found.by_rhythm)
    assert not (found.sessions)
    assert not (found.missed)


def test_accuracy_and_median_time_are_counted_by_rhythm_the_weakest_first() -> None:
    attempts = [
        fakes.attempt("q1", response_s=2.0),
        fakes.attempt("q2", response_s=4.0),
        fakes.attempt("q3", response_s=9.0, chosen=AVB3),
        fakes.attempt("q4", answer=SVT, chosen=AVB3, response_s=5.0),
    ]
    found = review(attempts, [])
    assert [row.rhythm for row in found.by_rhythm] == [SVT, NSR]
    nsr = found.by_rhythm[1].score
    assert (nsr.asked, nsr.right, nsr.median_s) == (3, 2, 4.0)
    assert nsr.accuracy == pytest.approx(2 / 3)
    assert found.overall is not None
    assert (found.overall.asked, found.overall.right) == (4, 2)


def test_real_and_simulated_strips_are_counted_apart() -> None:
    attempts = [fakes.attempt("q1"), fakes.attempt("q2", origin=Origin.SIMULATED)]
    assert {row.origin for row in review(attempts, []).by_rhythm} == set(Origin)


def test_missed_strips_come_newest_first() -> None:
    attempts = [
        fakes.attempt(
            f"q{n}",
            chosen=AVB3 if n % 2 else NSR,
            answered_at=fakes.NOW + timedelta(minutes=n),
        )
        for n in range(6)
    ]
    assert [a.question for a in review(attempts, []).missed] == ["q5", "q3", "q1"]


def test_sessions_without_an_answer_are_left_out() -> None:
    found = review(
        [fakes.attempt("q1", session_id="s2")], [fakes.session("s2"), fakes.session("s1")]
    )
    assert [row.session.id for row in found.sessions] == ["s2"]


def test_a_score_needs_an_answer() -> None:
    with pytest.raises(ValueError, match="at least one"):
        score([])

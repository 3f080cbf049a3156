import pytest

from rhythmtrainer.model import Question, QuestionId, QuestionKind, RhythmId, Verdict
from rhythmtrainer.training.marking import mark
from tests.support import fakes

SPAN = fakes.span(RhythmId.VT_MONOMORPHIC, "a", accepted=frozenset({RhythmId.VENTRICULAR_FLUTTER}))
QUESTION = Question(
    QuestionId("q"), QuestionKind.NAME, SPAN, SPAN.ref, (RhythmId.SVT, RhythmId.VT_MONOMORPHIC)
)


@pytest.mark.parametrize(
    ("chosen", "verdict"),
    [
        (RhythmId.VT_MONOMORPHIC, Verdict.RIGHT),
        (RhythmId.VENTRICULAR_FLUTTER, Verdict.ACCEPTED),
        (RhythmId.SVT, Verdict.WRONG),
    ],
)
def test_answers_are_right_accepted_or_wrong(chosen: RhythmId, verdict: Verdict) -> None:
    assert mark(QUESTION, chosen) is verdict

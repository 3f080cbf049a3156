import pytest

from rhythmtrainer.content import load_rhythms
from rhythmtrainer.model import Question, QuestionId, QuestionKind, RhythmId, Verdict
from rhythmtrainer.paths import asset
from rhythmtrainer.training.marking import contrast, mark
from tests.support import fakes

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
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
    marking = mark(QUESTION, chosen, RHYTHMS)
    assert marking.verdict is verdict
    assert (marking.difference == "") == (verdict is Verdict.RIGHT)


def test_the_sentence_written_for_the_pair_is_told() -> None:
    written = RHYTHMS[RhythmId.VT_MONOMORPHIC].difference_from(RhythmId.SVT)
    assert mark(QUESTION, RhythmId.SVT, RHYTHMS).difference == written


def test_any_two_rhythms_can_be_told_apart_somehow() -> None:
    for answer in RhythmId:
        for chosen in RhythmId:
            assert contrast(answer, chosen, RHYTHMS)

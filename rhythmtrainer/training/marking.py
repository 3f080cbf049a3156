"""Judging an answer."""

from collections.abc import Mapping

from rhythmtrainer.model import Marking, Question, Rhythm, RhythmId, Verdict


def mark(question: Question, chosen: RhythmId, rhythms: Mapping[RhythmId, Rhythm]) -> Marking:
    """Judge `chosen` against the label of the strip.

    Right is the rhythm that the label names, accepted one that the label cannot tell from it,
    wrong anything else.
    """
    if chosen == question.answer:
        verdict = Verdict.RIGHT
    elif chosen in question.span.accepted:
        verdict = Verdict.ACCEPTED
    else:
        verdict = Verdict.WRONG
    return Marking(
        verdict=verdict,
        chosen=chosen,
        answer=question.answer,
        difference="" if chosen == question.answer else contrast(question.answer, chosen, rhythms),
    )


def contrast(answer: RhythmId, chosen: RhythmId, rhythms: Mapping[RhythmId, Rhythm]) -> str:
    """Return the sentence that tells two rhythms apart.

    The one written for the pair, from either side; where none is written, what makes each of
    them what it is.
    """
    right, wrong = rhythms[answer], rhythms[chosen]
    written = right.difference_from(chosen) or wrong.difference_from(answer)
    return written or f"{right.definition} {wrong.definition}"

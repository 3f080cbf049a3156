"""Judging an answer."""

from rhythmtrainer.model import Question, RhythmId, Verdict


def mark(question: Question, chosen: RhythmId) -> Verdict:
    """Judge `chosen` against the label of the strip.

    Right is the rhythm that the label names, accepted one that the label cannot tell from it,
    wrong anything else.
    """
    if chosen == question.answer:
        return Verdict.RIGHT
    return Verdict.ACCEPTED if chosen in question.span.accepted else Verdict.WRONG

import numpy as np

from rhythmtrainer.model import (
    TAUGHT_STEPS,
    Baseline,
    EarlyBeats,
    Finding,
    Measurement,
    Pacing,
    Pattern,
    Pauses,
    PrRelation,
    QrsWidth,
    Regularity,
    Step,
)


def finding(step: Step, verdict: object) -> Finding:
    return Finding(step, verdict, None, "", 0.5, "words")  # type: ignore[arg-type]  # any verdict


def test_the_taught_steps_come_first() -> None:
    assert tuple(Step)[: len(TAUGHT_STEPS)] == TAUGHT_STEPS


def test_what_cannot_be_told_is_not_told() -> None:
    assert finding(Step.PR, PrRelation.CONSTANT).told
    assert not finding(Step.PR, PrRelation.CANNOT_TELL).told


def test_a_reader_wants_the_taught_steps_and_what_is_there() -> None:
    assert finding(Step.QRS, QrsWidth.CANNOT_TELL).notable
    assert finding(Step.EARLY_BEATS, EarlyBeats.WIDE).notable
    assert finding(Step.BASELINE, Baseline.DISTURBED).notable
    for step, verdict in (
        (Step.EARLY_BEATS, EarlyBeats.NONE),
        (Step.PATTERN, Pattern.CANNOT_TELL),
        (Step.PAUSES, Pauses.NONE),
        (Step.PACING, Pacing.NONE),
        (Step.BASELINE, Baseline.CLEAN),
    ):
        assert not finding(step, verdict).notable


def test_a_measurement_gives_its_findings_by_step() -> None:
    told = finding(Step.REGULARITY, Regularity.REGULAR)
    quiet = finding(Step.PAUSES, Pauses.NONE)
    measured = Measurement(
        beats_s=np.empty(0),
        rr_s=np.empty(0),
        rate_bpm=None,
        six_second_bpm=None,
        regularity=Regularity.REGULAR,
        rr_spread_s=None,
        findings=(told, quiet),
    )
    assert measured.finding(Step.REGULARITY) is told
    assert measured.finding(Step.QRS) is None
    assert measured.notable == (told,)

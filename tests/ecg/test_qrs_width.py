import numpy as np
import pytest

from rhythmtrainer.ecg.evidence.qrs_width import judge_width
from rhythmtrainer.model import ABSENT, QrsWidth, Wave, Waves

FS = 500.0


def lasting(seconds: list[float]) -> Waves:
    """Waves whose complexes last so long; ABSENT where that is 0."""
    samples = np.rint(np.array(seconds) * FS).astype(np.int64)
    onset = 1000 * np.arange(1, len(seconds) + 1)
    there = samples > 0
    none = Wave(*np.full((3, len(seconds)), ABSENT, np.int64))
    qrs = Wave(*(np.where(there, at, ABSENT) for at in (onset, onset + 10, onset + samples)))
    return Waves(none, qrs, none)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0.08, QrsWidth.NARROW),
        (0.11, QrsWidth.NARROW),
        (0.114, QrsWidth.CANNOT_TELL),
        (0.12, QrsWidth.WIDE),
        (0.16, QrsWidth.WIDE),
    ],
)
def test_three_small_boxes_are_wide_and_a_little_less_is_grey(
    seconds: float, verdict: QrsWidth
) -> None:
    found = judge_width(lasting([seconds] * 5), np.ones(5, np.bool_), FS)
    assert found.verdict is verdict
    assert found.seconds == pytest.approx(seconds)


def test_the_usual_beats_count_and_of_them_the_median() -> None:
    waves = lasting([0.08, 0.16, 0.09, 0.08, 0.30])
    usual = np.array([True, False, True, True, True])
    assert judge_width(waves, usual, FS).seconds == pytest.approx(0.085)


def test_beats_without_a_complex_tell_nothing() -> None:
    assert judge_width(lasting([0.0, 0.0]), np.ones(2, np.bool_), FS).seconds is None
    assert judge_width(lasting([0.1]), np.zeros(1, np.bool_), FS).seconds is None


def test_the_nearer_to_the_border_the_less_sure() -> None:
    sure, unsure = (
        judge_width(lasting([width] * 3), np.ones(3, np.bool_), FS).confidence
        for width in (0.07, 0.105)
    )
    assert sure > unsure

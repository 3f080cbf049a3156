import numpy as np
import pytest

from rhythmtrainer.ecg.evidence.complexes import Complexes
from rhythmtrainer.ecg.evidence.premature import early_beats, pattern_of, pauses
from rhythmtrainer.model import Pattern


def forms(letters: str) -> Complexes:
    """Beats of the usual form (N) and of another (V)."""
    foreign = np.array([letter == "V" for letter in letters])
    return Complexes(
        likeness=np.where(foreign, 0.3, 0.98).astype(np.float32),
        unlike=foreign,
        foreign=foreign,
        shift_s=np.zeros(foreign.size),
        sameness=0.98,
        contrast=4.0,
        unevenness=0.1,
    )


def mask(letters: str) -> list[bool]:
    return [letter == "x" for letter in letters]


def test_in_an_even_rhythm_nothing_is_early() -> None:
    found = early_beats(np.full(9, 0.8), forms("N" * 10))
    assert not found.any.any()
    assert found.usual_rr_s.tolist() == pytest.approx([0.8] * 10)


def test_an_early_beat_of_the_usual_form_is_narrow() -> None:
    found = early_beats(np.array([0.8, 0.8, 0.55, 0.95, 0.8, 0.8]), forms("NNNNNNN"))
    assert found.narrow.tolist() == mask("---x---")


def test_an_early_beat_of_another_form_is_wide() -> None:
    found = early_beats(np.array([0.8, 0.8, 0.5, 1.1, 0.8, 0.8]), forms("NNNVNNN"))
    assert found.wide.tolist() == mask("---x---")
    assert not found.narrow.any()


def test_a_late_beat_of_another_form_is_not_early() -> None:
    assert not early_beats(np.array([0.8, 0.8, 1.2, 0.8, 0.8]), forms("NNNVNN")).any.any()


def test_a_pair_of_early_beats_is_found() -> None:
    found = early_beats(np.array([0.8, 0.8, 0.5, 0.45, 1.2, 0.8, 0.8]), forms("NNNVVNNN"))
    assert found.wide.tolist() == mask("---xx---")


def test_every_second_beat_is_measured_against_the_mean_of_two_intervals() -> None:
    found = early_beats(np.array([0.5, 1.1] * 4), forms("NVNVNVNVN"))
    assert found.wide.tolist() == mask("-x-x-x-x-")


def test_intervals_that_swing_with_breathing_hold_no_early_beats() -> None:
    swing = 0.9 + 0.12 * np.sin(2 * np.pi * np.arange(14) / 5)
    assert not early_beats(swing, forms("N" * 15)).any.any()


def test_a_gap_hides_whether_a_beat_is_early() -> None:
    found = early_beats(np.array([0.8, np.nan, 0.8, 0.8]), forms("NNNNN"))
    assert not found.any.any()


@pytest.mark.parametrize("letters", ["", "N", "V", "NN", "NV"])
def test_few_beats_are_no_rhythm(letters: str) -> None:
    found = early_beats(np.full(max(len(letters) - 1, 0), 0.5), forms(letters))
    assert not found.any.any()
    assert found.any.size == len(letters)


@pytest.mark.parametrize(
    ("letters", "pattern"),
    [
        ("----------", Pattern.NONE),
        ("---x------", Pattern.NONE),
        ("-x-x-x-x-x", Pattern.BIGEMINAL),
        ("--x--x--x-", Pattern.TRIGEMINAL),
        ("---xx-----", Pattern.COUPLETS),
        ("---xxx----", Pattern.RUNS),
        ("x---------xx", Pattern.COUPLETS),
        ("---x------x----", Pattern.NONE),
    ],
)
def test_early_beats_follow_each_other_in_patterns(letters: str, pattern: Pattern) -> None:
    assert pattern_of(np.array(mask(letters))) is pattern


def test_a_pause_is_long_in_seconds_and_for_the_rhythm() -> None:
    assert pauses(np.array([0.9, 0.9, 1.9, 0.9])).size == 0
    assert pauses(np.array([0.9, 0.9, 2.0, 0.9])).tolist() == [2]
    assert pauses(np.array([2.1, 2.2, 2.1, 2.0])).size == 0
    assert pauses(np.array([np.nan, np.nan])).size == 0
    assert pauses(np.empty(0)).size == 0

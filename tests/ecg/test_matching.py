import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhythmtrainer.ecg.matching import BeatMatch, match_beats

# A slow machine is no failure.
steady = settings(deadline=None)
beat_lists = st.lists(st.integers(0, 2_000), max_size=40)


def by_going_through_all_pairs(
    reference: list[int], detected: list[int], tolerance: float
) -> BeatMatch:
    """Match closest pairs first, the slow and obvious way."""
    ordered = sorted(
        (abs(r - d), r, i, d, j)
        for i, r in enumerate(sorted(reference))
        for j, d in enumerate(sorted(detected))
    )
    used_reference: set[int] = set()
    used_detected: set[int] = set()
    for distance, _, i, _, j in ordered:
        if distance <= tolerance and i not in used_reference and j not in used_detected:
            used_reference.add(i)
            used_detected.add(j)
    found = len(used_reference)
    return BeatMatch(found, len(reference) - found, len(detected) - found)


def test_equal_beats_all_match() -> None:
    assert match_beats([10, 300, 600], [10, 300, 600], 0) == BeatMatch(3, 0, 0)


def test_two_detections_of_one_beat_are_one_hit_and_one_false_alarm() -> None:
    assert match_beats([100], [95, 103], 54) == BeatMatch(1, 0, 1)


def test_one_detection_between_two_beats_is_one_hit_and_one_miss() -> None:
    assert match_beats([100, 140], [120], 54) == BeatMatch(1, 1, 0)


def test_the_same_detection_twice_is_a_false_alarm() -> None:
    assert match_beats([100, 400], [100, 100, 400], 54) == BeatMatch(2, 0, 1)


def test_a_detection_freed_by_a_closer_one_still_finds_its_beat() -> None:
    assert match_beats([100, 130], [125, 131], 54) == BeatMatch(2, 0, 0)


@pytest.mark.parametrize(("distance", "hits"), [(54, 1), (55, 0)])
def test_the_tolerance_itself_is_allowed(distance: int, hits: int) -> None:
    assert match_beats([100], [100 + distance], 54).true_positives == hits


def test_order_does_not_matter() -> None:
    assert match_beats([700, 100, 400], [395, 701], 54) == BeatMatch(2, 1, 0)


@steady
@given(beat_lists, beat_lists, st.integers(0, 200))
def test_agrees_with_going_through_all_pairs(
    reference: list[int], detected: list[int], tolerance: int
) -> None:
    expected = by_going_through_all_pairs(reference, detected, tolerance)
    assert match_beats(reference, detected, tolerance) == expected


@steady
@given(beat_lists, beat_lists, st.integers(0, 200))
def test_every_beat_and_every_detection_is_counted_once(
    reference: list[int], detected: list[int], tolerance: int
) -> None:
    match = match_beats(reference, detected, tolerance)
    assert match.true_positives + match.false_negatives == len(reference)
    assert match.true_positives + match.false_positives == len(detected)


@steady
@given(beat_lists, beat_lists, st.integers(0, 200))
def test_exchanging_the_sides_exchanges_the_errors(
    reference: list[int], detected: list[int], tolerance: int
) -> None:
    there = match_beats(reference, detected, tolerance)
    back = match_beats(detected, reference, tolerance)
    assert (there.false_negatives, there.false_positives) == (
        back.false_positives,
        back.false_negatives,
    )


def test_shares_are_those_of_the_counts() -> None:
    match = BeatMatch(true_positives=90, false_negatives=10, false_positives=30)
    assert match.sensitivity == pytest.approx(0.9)
    assert match.positive_predictivity == pytest.approx(0.75)
    assert match.f1 == pytest.approx(2 * 0.9 * 0.75 / (0.9 + 0.75))


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    match = match_beats([], [], 54)
    assert match == BeatMatch(0, 0, 0)
    assert (match.sensitivity, match.positive_predictivity, match.f1) == (1.0, 1.0, 1.0)


def test_nothing_found_misses_everything() -> None:
    match = match_beats([100, 200], [], 54)
    assert (match.sensitivity, match.positive_predictivity, match.f1) == (0.0, 1.0, 0.0)


def test_detections_where_nothing_is_are_all_false() -> None:
    match = match_beats([], [100, 200], 54)
    assert (match.sensitivity, match.positive_predictivity, match.f1) == (1.0, 0.0, 0.0)


def test_matches_of_records_add_up() -> None:
    assert BeatMatch(1, 2, 3) + BeatMatch(10, 20, 30) == BeatMatch(11, 22, 33)


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_a_tolerance_that_is_no_distance_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match=rf"tolerance is {tolerance}; allowed is 0 or more"):
        match_beats([1], [1], tolerance)


def test_beats_in_two_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"detected has shape \(1, 2\)"):
        match_beats([1], np.array([[1, 2]]), 54)


def test_beats_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="reference has sample numbers that are not finite"):
        match_beats([1, float("nan")], [1], 54)

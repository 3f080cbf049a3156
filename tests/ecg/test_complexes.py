import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.complexes import (
    GRID_HZ,
    Complexes,
    compare_complexes,
    crests,
    on_grid,
    periodicity,
)
from tests.support.evidence_synthetic import FS, SECONDS, chaos, lead_with

Times = NDArray[np.float64]
SINUS = np.arange(0.6, 11.4, 0.8)


def compared(narrow: Times, wide: Times | None = None) -> Complexes:
    foreign = np.empty(0) if wide is None else wide
    beats = np.sort(np.concatenate([narrow, foreign]))
    return compare_complexes(
        on_grid(lead_with(narrow, foreign), FS), np.rint(beats * GRID_HZ).astype(np.int64)
    )


def test_beats_of_one_form_are_alike() -> None:
    found = compared(SINUS)
    assert found.organised
    assert found.sameness > 0.95
    assert not found.unlike.any()
    assert not found.foreign.any()


def test_a_ventricular_beat_is_foreign() -> None:
    found = compared(np.delete(SINUS, 5), SINUS[[5]])
    assert np.flatnonzero(found.foreign).tolist() == [5]
    assert np.flatnonzero(found.unlike).tolist() == [5]


def test_of_two_forms_that_take_turns_the_early_one_is_foreign() -> None:
    wide = np.arange(1, SINUS.size, 2)
    found = compared(np.delete(SINUS, wide), SINUS[wide] - 0.2)
    assert np.flatnonzero(found.foreign).tolist() == wide.tolist()
    assert found.sameness > 0.9


def test_a_mark_beside_its_complex_is_seen() -> None:
    beats = np.rint(SINUS * GRID_HZ).astype(np.int64)
    beats[4] -= 3
    found = compare_complexes(on_grid(lead_with(SINUS), FS), beats)
    assert found.shift_s[4] - np.median(found.shift_s) == pytest.approx(3 / GRID_HZ)


def test_chaos_is_not_organised() -> None:
    marks = np.arange(50, 2900, 60)
    assert not compare_complexes(on_grid(chaos(), FS), marks).organised


def test_no_beats_are_no_complexes() -> None:
    found = compare_complexes(np.zeros(2500, np.float32), np.empty(0, np.int64))
    assert found.likeness.size == 0
    assert not found.organised


@pytest.mark.parametrize("places", [[0], [2999], [0, 2999], [100], [5, 6, 7]])
def test_marks_anywhere_are_compared_without_a_warning(places: list[int]) -> None:
    for grid in (on_grid(lead_with(SINUS), FS), np.zeros(3000, np.float32)):
        found = compare_complexes(grid, np.array(places, np.int64))
        assert found.likeness.shape == (len(places),)
        assert np.isfinite(found.likeness).all()


@pytest.mark.parametrize("fs", [100.0, 128.0, 257.0, 360.0, 1000.0])
def test_the_grid_has_one_rate_and_one_size(fs: float) -> None:
    lead = lead_with(SINUS, fs=fs)
    for scale in (1e-3, 1.0, 1e6):
        grid = on_grid(lead * scale, fs)
        assert grid.size == pytest.approx(SECONDS * GRID_HZ, abs=2)
        assert np.abs(grid).max() == pytest.approx(1.0, abs=0.1)


def test_a_lead_without_samples_or_without_change_is_all_zero() -> None:
    assert on_grid(np.empty(0, np.float32), FS).size == 0
    assert not on_grid(np.full(500, np.nan, np.float32), FS).any()
    assert not on_grid(np.full(500, 3.0, np.float32), FS).any()


def test_a_long_recording_is_compared_with_some_of_its_beats() -> None:
    beats = np.arange(0.6, 599.0, 0.8)
    grid = on_grid(lead_with(beats, seconds=600.0), FS)
    found = compare_complexes(grid, np.rint(beats * GRID_HZ).astype(np.int64))
    assert found.likeness.size == beats.size
    assert found.organised


@pytest.mark.parametrize("rate", [120, 180, 240, 300])
@pytest.mark.parametrize("sign", [-1, 1])
def test_waves_without_a_line_between_them_repeat_and_have_crests(rate: int, sign: int) -> None:
    time = np.arange(0, SECONDS, 1 / FS)
    grid = on_grid((sign * np.sin(2 * np.pi * rate / 60 * time)).astype(np.float32), FS)
    found = crests(grid)
    assert periodicity(grid) > 0.9
    assert 60 * GRID_HZ / np.diff(found).mean() == pytest.approx(rate, rel=0.02)
    assert compare_complexes(grid, found).organised


def test_waves_that_follow_each_other_without_a_line_are_merged() -> None:
    grid = on_grid(np.sin(6 * np.pi * np.arange(0, SECONDS, 1 / FS)).astype(np.float32), FS)
    assert compare_complexes(grid, crests(grid)).merged


def test_chaos_does_not_repeat() -> None:
    assert periodicity(on_grid(chaos(), FS)) < 0.8
    assert not compared(SINUS).merged


@pytest.mark.parametrize("size", [0, 3, 100, 800, 2500])
def test_a_flat_or_short_lead_repeats_nothing(size: int) -> None:
    grid = np.zeros(size, np.float32)
    assert periodicity(grid) == 0
    assert crests(grid).size == 0


def test_what_the_end_cuts_off_is_not_foreign_for_it() -> None:
    lead = lead_with(SINUS)[: round((SINUS[10] + 0.15) * FS)]
    beats = np.rint(SINUS[:11] * GRID_HZ).astype(np.int64)
    assert not compare_complexes(on_grid(lead, FS), beats).foreign[-1]

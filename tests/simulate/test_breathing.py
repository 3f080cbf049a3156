import numpy as np
import pytest

from rhythmtrainer.simulate.breathing import draw_breathing

SEEDS = range(12)
FS = 20.0


def breaths(seed: int, age: float, seconds: float = 300.0) -> tuple[np.ndarray, np.ndarray]:
    """The chest's filling, and when each breath begins."""
    time_s = np.arange(0.0, seconds, 1.0 / FS)
    filled = draw_breathing(np.random.default_rng(seed), age).at(time_s)
    return filled, time_s[1:][(filled[1:] >= 0.0) & (filled[:-1] < 0.0)]


@pytest.mark.parametrize(("age", "low", "high"), [(0.0, 33.0, 57.0), (40.0, 10.0, 20.0)])
def test_a_patient_breathes_as_fast_as_his_age_does(age: float, low: float, high: float) -> None:
    for seed in SEEDS:
        assert low < 60.0 / np.diff(breaths(seed, age)[1]).mean() < high


def test_breaths_differ_in_length_but_none_is_absurd() -> None:
    for seed in SEEDS:
        lengths = np.diff(breaths(seed, 40.0)[1])
        assert 0.05 < lengths.std() / lengths.mean() < 0.25
        assert lengths.max() < 2.5 * lengths.min()


def test_no_stretch_of_breathing_comes_again() -> None:
    highest = []
    for seed in SEEDS:
        filled = breaths(seed, 40.0)[0]
        filled = filled - filled.mean()
        again = np.correlate(filled, filled, "full")[filled.size - 1 :] / (filled @ filled)
        highest.append(again[int(30 * FS) : filled.size // 2].max())
    assert np.median(highest) < 0.4


def test_one_moment_is_as_many_moments_are() -> None:
    breathing = draw_breathing(np.random.default_rng(3), 40.0)
    times_s = np.linspace(-4.0, 60.0, 50)
    found = [breathing.now(float(time_s)) for time_s in times_s]
    np.testing.assert_allclose(found, breathing.at(times_s), atol=1e-12)

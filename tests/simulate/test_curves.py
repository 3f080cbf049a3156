import numpy as np
import pytest

from rhythmtrainer.simulate.curves import LEAD_IN, lay, rough, through, turning, wandering


def _points(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(0).standard_normal(shape, np.float32)


@pytest.mark.parametrize("every", [1, 2, 7])
def test_a_curve_through_equal_points_is_a_line(every: int) -> None:
    curve = through(np.full((2, 9 + LEAD_IN), 3.0), every)

    assert curve.shape == (2, 9 * every)
    assert curve == pytest.approx(3.0)


def test_a_curve_follows_a_slope_from_its_second_point_on() -> None:
    curve = through(np.arange(10.0), 4)

    assert curve == pytest.approx(1.0 + np.arange(7 * 4) / 4)


def test_a_curve_bends_without_corners() -> None:
    curve = through(_points(200), 50)

    assert np.abs(np.diff(curve, 2)).max() < 0.01 * np.abs(curve).max()


def test_laying_in_pieces_makes_the_same_curve() -> None:
    points = _points(3, 20_000)
    signal = np.ones((3, 2 * 19_997 - 1))

    lay(signal, points, 2)

    np.testing.assert_allclose(signal, 1.0 + through(points, 2)[:, :-1], atol=1e-5)


@pytest.mark.parametrize("every", [1, 5, 40])
def test_what_wanders_has_a_standard_deviation_of_1(every: int) -> None:
    curves = wandering((50,), 400 * every, every, np.random.default_rng(1))

    assert curves.std() == pytest.approx(1.0, rel=0.04)
    assert curves.mean() == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(("octaves", "falling"), [(1, 0.5), (3, 0.9), (6, 0.6)])
def test_rough_noise_has_a_standard_deviation_of_1(octaves: int, falling: float) -> None:
    noise = rough(20, 10_000, octaves, falling, np.random.default_rng(2))

    assert noise.shape == (20, 10_000)
    assert noise.std() == pytest.approx(1.0, rel=0.03)


def test_rough_noise_falls_with_frequency() -> None:
    noise = rough(1, 1 << 15, 5, 0.5, np.random.default_rng(3))[0]

    power = np.abs(np.fft.rfft(noise)) ** 2
    octaves = [power[1 << k : 2 << k].mean() for k in range(9, 14)]

    assert np.all(np.diff(octaves) < 0.0)


def test_what_turns_keeps_its_size_and_its_pace_after_an_hour() -> None:
    wave = turning(np.full(400_000, 0.05), 0.25)

    np.testing.assert_allclose(np.abs(wave), 1.0, atol=1e-6)
    assert wave[0] == pytest.approx(np.exp(2j * np.pi * 0.30), abs=1e-6)
    np.testing.assert_allclose(np.angle(wave[1:] / wave[:-1]), 0.1 * np.pi, atol=1e-5)

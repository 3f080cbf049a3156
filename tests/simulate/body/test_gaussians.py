import numpy as np

from rhythmtrainer.simulate.body.gaussians import EDGE, Gaussians, add_gaussians, area

FS = 500.0


def some(rng: np.random.Generator, beats: int = 40) -> Gaussians:
    shape = (beats, 3)
    at_s = np.sort(rng.uniform(-0.3, 4.3, shape), axis=0)
    before_s, after_s = rng.uniform(0.002, 0.09, (2, *shape))
    return Gaussians(at_s, before_s, after_s, rng.standard_normal((*shape, 2)))


def plainly(bumps: Gaussians, samples: int) -> np.ndarray:
    away = np.arange(samples) / FS - bumps.at_s.reshape(-1, 1)
    spread = np.where(away < 0, bumps.before_s.reshape(-1, 1), bumps.after_s.reshape(-1, 1))
    return bumps.heights.reshape(-1, 2).T @ np.exp(-0.5 * (away / spread) ** 2)


def test_they_add_up_as_their_formula_says() -> None:
    bumps = some(np.random.default_rng(3))
    signal = np.zeros((2, 2000))
    add_gaussians(signal, FS, bumps)
    np.testing.assert_allclose(signal, plainly(bumps, 2000), atol=4e-3)


def test_what_was_there_stays() -> None:
    signal = np.ones((2, 100))
    add_gaussians(signal, FS, some(np.random.default_rng(3))._replace(heights=np.zeros((40, 3, 2))))
    assert (signal == 1.0).all()


def test_those_far_outside_leave_no_trace() -> None:
    bumps = some(np.random.default_rng(3))
    signal = np.zeros((2, 500))
    for shift_s in (-20.0, 20.0):
        add_gaussians(signal, FS, bumps._replace(at_s=bumps.at_s + shift_s))
    assert not signal.any()


def test_a_signal_shorter_than_one_of_them_is_filled() -> None:
    bumps = some(np.random.default_rng(3))
    signal = np.zeros((2, 5))
    add_gaussians(signal, FS, bumps)
    np.testing.assert_allclose(signal, plainly(bumps, 5), atol=4e-3)


def test_one_narrower_than_the_samples_stand_apart_is_seen_all_the_same() -> None:
    for at_s in (0.1, 0.101):
        tiny = np.full((1, 1), 1e-5)
        signal = np.zeros((1, 200))
        add_gaussians(signal, FS, Gaussians(np.full((1, 1), at_s), tiny, tiny, np.ones((1, 1, 1))))
        assert signal.max() > 0.4


def test_the_area_is_that_below_the_curve() -> None:
    before_s, after_s = np.array([0.02]), np.array([0.05])
    signal = np.zeros((1, 1000))
    one = Gaussians(np.ones((1, 1)), before_s[None], after_s[None], np.ones((1, 1, 1)))
    add_gaussians(signal, FS, one)
    np.testing.assert_allclose(signal.sum() / FS, area(before_s, after_s)[0], rtol=1e-3)


def test_at_its_edge_a_tenth_is_left() -> None:
    assert 0.08 < np.exp(-0.5 * EDGE**2) < 0.1

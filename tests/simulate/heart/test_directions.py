from math import pi

import numpy as np
import pytest

from rhythmtrainer.simulate.heart.directions import full_turns, square_to, turned, wandered

LEFT, DOWN, BACK = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def test_a_quarter_turn_leads_from_one_axis_to_the_next() -> None:
    assert turned(LEFT, BACK, pi / 2.0) == pytest.approx(DOWN)
    assert turned(LEFT, BACK, 2.0 * pi) == pytest.approx(LEFT)
    assert turned(BACK, BACK, 1.0) == pytest.approx(BACK)


def test_what_is_drawn_square_is_square_and_of_length_one() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        drawn = np.array(square_to(DOWN, rng))
        assert drawn @ DOWN == pytest.approx(0.0, abs=1e-9)
        assert np.linalg.norm(drawn) == pytest.approx(1.0)


def test_wandering_keeps_the_length_and_goes_as_far_as_it_may() -> None:
    rng = np.random.default_rng(2)
    assert wandered(LEFT, 0.0, rng) == LEFT
    moved = np.array([wandered(LEFT, 0.2, rng) for _ in range(2000)])
    assert np.linalg.norm(moved, axis=1) == pytest.approx(1.0)
    assert np.arccos(np.clip(moved @ LEFT, -1.0, 1.0)).mean() == pytest.approx(0.16, rel=0.1)


def test_what_does_not_turn_has_not_turned() -> None:
    assert full_turns(3.0, 0.0) == 0.0
    assert full_turns(3.0, 6.0) == pytest.approx(pi)

import numpy as np
import pytest

from rhythmtrainer.simulate.heart.firing import Drift, first_s

_INTERVAL_S = 0.8


def test_what_does_not_drift_keeps_its_interval() -> None:
    drift = Drift(0.0, np.random.default_rng(1))
    assert {drift.next() for _ in range(20)} == {1.0}


def test_a_drift_has_its_spread_and_changes_slowly() -> None:
    drift = Drift(0.02, np.random.default_rng(1))
    factors = np.array([drift.next() for _ in range(20_000)])
    assert factors.mean() == pytest.approx(1.0, abs=0.002)
    assert factors.std() == pytest.approx(0.02, rel=0.1)
    assert np.corrcoef(factors[1:], factors[:-1])[0, 1] == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    ("last_s", "due_s"), [(5.5, 6.3), (5.2, 6.0), (4.9, 6.0), (4.5, 6.0), (6.0, 6.8)]
)
def test_who_takes_over_counts_from_the_beat_before(last_s: float, due_s: float) -> None:
    rng = np.random.default_rng(1)
    assert first_s(6.0, last_s, _INTERVAL_S, rng) == pytest.approx(due_s)


def test_who_takes_over_in_a_silence_fires_some_time_within_an_interval() -> None:
    rng = np.random.default_rng(1)
    found = [first_s(6.0, -60.0, _INTERVAL_S, rng) for _ in range(200)]
    assert 6.0 <= min(found) < 6.1
    assert 6.7 < max(found) <= 6.0 + _INTERVAL_S

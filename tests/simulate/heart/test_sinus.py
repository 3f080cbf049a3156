import numpy as np
import pytest

from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.heart.parts import SinusNode
from rhythmtrainer.simulate.heart.sinus import SinusIntervals, slow_changes

BREATHING = Breathing(0.25, (0.3, 0.0, 1.0))


def tachogram(node: SinusNode, seed: int, seconds: float = 1200.0) -> np.ndarray:
    """Times of the impulses."""
    rng = np.random.default_rng(seed)
    intervals = SinusIntervals(slow_changes(rng, 0.0, seconds), BREATHING, rng)
    times = [0.0]
    while times[-1] < seconds:
        times.append(times[-1] + intervals.after(times[-1], node))
    return np.array(times)


def power(node: SinusNode, low: float, high: float) -> float:
    """Mean power of the intervals in a band, over some patients."""
    found = []
    for seed in range(8):
        times = tachogram(node, seed)
        even = np.arange(0.0, 1100.0, 0.25)
        values = np.interp(even, times[1:], np.diff(times))
        spectrum = np.abs(np.fft.rfft(values - values.mean())) ** 2
        hz = np.fft.rfftfreq(even.size, 0.25)
        found.append(spectrum[(hz >= low) & (hz < high)].sum())
    return float(np.mean(found))


def test_slow_changes_are_of_the_size_that_was_asked_for_on_the_average() -> None:
    node = SinusNode(70.0, variability=0.04, breathing=0.0)
    spread = [np.diff(tachogram(node, seed)).std() * 70.0 / 60.0 for seed in range(30)]
    assert np.mean(spread) == pytest.approx(0.04, rel=0.12)


def test_the_rate_is_kept() -> None:
    times = tachogram(SinusNode(88.0), 3)
    assert 60.0 / np.diff(times).mean() == pytest.approx(88.0, rel=0.02)


def test_the_spectrum_has_its_peaks_at_a_tenth_of_a_hertz_and_at_the_breaths() -> None:
    node = SinusNode(75.0, variability=0.03, breathing=0.03)
    between = power(node, 0.14, 0.17)
    assert power(node, 0.085, 0.115) > 5.0 * between
    assert power(node, 0.235, 0.265) > 5.0 * between


def test_below_that_slower_changes_are_larger() -> None:
    node = SinusNode(75.0, variability=0.03, breathing=0.0)
    assert power(node, 0.006, 0.02) > 1.5 * power(node, 0.03, 0.044)


def test_breathing_in_makes_it_faster() -> None:
    times = tachogram(SinusNode(75.0, variability=0.0, breathing=0.1), 1, 120.0)
    breath = BREATHING.at(times[:-1])
    assert np.corrcoef(breath, np.diff(times))[0, 1] < -0.9


def test_one_moment_is_told_as_many_are() -> None:
    times = np.linspace(-4.0, 30.0, 50)
    assert [BREATHING.now(time) for time in times] == pytest.approx(BREATHING.at(times).tolist())

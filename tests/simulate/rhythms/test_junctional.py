"""Rhythms and beats of the AV junction."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from rhythmtrainer.simulate.rhythms import ages
from tests.simulate.rhythms.hearts import FEW, Window, whole, windows

RATES = {
    RhythmId.JUNCTIONAL_ESCAPE: (40.0, 60.0),
    RhythmId.ACCELERATED_JUNCTIONAL: (60.0, 100.0),
    RhythmId.JUNCTIONAL_TACHYCARDIA: (100.0, 180.0),
}
# Where the P wave from below begins, from the onset of the QRS complex.
PLACES = {"before": (-0.12, -0.05), "hidden": (-0.02, 0.03), "after": (0.09, 0.17)}


def from_complex_to_p(window: Window) -> NDArray[np.float64]:
    """Return how long after each junctional complex the nearest P wave from below begins."""
    complexes = window.qrs_s[window.qrs_beginning == Beginning.JUNCTION][1:-1]
    p = window.p_s[window.p_beginning == Beginning.JUNCTION]
    nearest = np.abs(p[:, None] - complexes).argmin(axis=0)
    apart: NDArray[np.float64] = p[nearest] - complexes
    return apart


@pytest.mark.parametrize("rhythm", RATES)
def test_the_junction_leads_regularly_at_its_rate(rhythm: RhythmId) -> None:
    low, high = RATES[rhythm]
    for window in windows(rhythm):
        assert low <= window.rate <= high
        assert np.ptp(window.rr_s) < 0.12
        assert (window.qrs_beginning == Beginning.JUNCTION).all()
        assert (window.p_beginning == Beginning.JUNCTION).all()
        assert (window.qrs_width_s < 0.12).all()


@pytest.mark.parametrize("age", [None, 0.3, 4.0])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("rhythm", RATES)
def test_the_p_wave_lies_where_it_was_asked_for(
    rhythm: RhythmId, place: str, age: float | None
) -> None:
    low, high = PLACES[place]
    for seed in FEW:
        apart = from_complex_to_p(whole(rhythm, seed, age=age, p_waves=place))
        assert low < apart.min() <= apart.max() < high


@pytest.mark.parametrize("place", PLACES)
def test_early_junctional_beats_come_among_those_of_the_sinus_node(place: str) -> None:
    low, high = PLACES[place]
    for window in windows(RhythmId.PJC, p_waves=place):
        early = window.qrs_beginning == Beginning.JUNCTION
        assert 1 <= early.sum() < 0.5 * early.size
        assert (window.qrs_width_s < 0.12).all()
        assert (window.pr_s >= 0.12).all()
        apart = from_complex_to_p(window)
        assert ((low < apart) & (apart < high)).all()


def test_an_early_junctional_beat_is_early() -> None:
    for window in windows(RhythmId.PJC):
        early = np.flatnonzero(window.qrs_beginning[1:] == Beginning.JUNCTION)
        assert (window.rr_s[early] < 0.85 * np.median(window.rr_s)).all()


@pytest.mark.parametrize("age", [0.1, 2.0, 8.0])
def test_a_childs_junction_escapes_and_races_at_the_rates_of_its_age(age: float) -> None:
    slow, fast = ages.junction_escape_rate(age), ages.junctional_tachycardia_rate(age)
    for seed in FEW:
        escape = whole(RhythmId.JUNCTIONAL_ESCAPE, seed, age=age).rate
        assert 0.98 * slow[0] < escape < 1.02 * slow[1]
        racing = whole(RhythmId.JUNCTIONAL_TACHYCARDIA, seed, age=age).rate
        assert 0.98 * fast[0] < racing < 1.02 * fast[1]

import numpy as np

from rhythmtrainer.model import Beginning, LeadName
from rhythmtrainer.simulate.heart.activity import (
    Activity,
    AtrialBeat,
)
from rhythmtrainer.simulate.heart.parts import FROM_BELOW, HIGH_RIGHT
from tests.simulate.body.hearts import (
    II,
    SEEDS,
    TWELVE,
    drawn,
    reading,
    sinus,
    times,
)


def test_sinus_p_waves_are_upright_in_ii_and_negative_in_avr() -> None:
    activity = sinus()
    for seed in SEEDS:
        drawing = drawn(activity, seed)[1]
        assert 0.03 < reading(activity, drawing, TWELVE.index(LeadName("II")))["P"] < 0.3
        assert reading(activity, drawing, TWELVE.index(LeadName("aVR")))["P"] < 0.0


def test_p_waves_from_below_are_inverted_in_the_lower_leads() -> None:
    activity = sinus(rr_s=1.0)
    activity.atria = [beat._replace(site=FROM_BELOW, retrograde=True) for beat in activity.atria]
    for seed in SEEDS:
        drawing = drawn(activity, seed)[1]
        for lead in ("II", "III", "aVF"):
            assert reading(activity, drawing, TWELVE.index(LeadName(lead)))["P"] < 0.0
        assert reading(activity, drawing, TWELVE.index(LeadName("aVR")))["P"] > 0.0


def test_flutter_waves_fill_the_time_until_the_next() -> None:
    at = times(0.2, 5.0)
    activity = Activity(atria=[AtrialBeat(t, Beginning.FLUTTER, FROM_BELOW) for t in at])
    drawing = drawn(activity, 4, leads=II)[1]
    np.testing.assert_allclose(drawing.p_end_s[:-1], at[1:], atol=1e-9)
    signal = drawing.signal[0]
    assert signal.min() < -0.1
    # Nowhere does the line rest: it goes down slowly and comes back fast.
    slopes = np.diff(signal[500:2000])
    assert slopes.max() > 1.15 * -slopes.min()


def test_p_waves_of_a_fast_focus_leave_a_rest_between_them() -> None:
    at = times(0.16, 5.0)
    activity = Activity(atria=[AtrialBeat(t, Beginning.ATRIA, HIGH_RIGHT) for t in at])
    ends = drawn(activity, 4, leads=II)[1].p_end_s
    assert (ends[:-1] < np.array(at[1:]) - 0.05).all()

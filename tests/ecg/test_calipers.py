import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rhythmtrainer.ecg.calipers import (
    Landmark,
    Landmarks,
    Pair,
    Reading,
    beats_in,
    cycle_after,
    nearest_line,
    paper_speed,
    rule_lines,
    rule_neighbours,
)
from rhythmtrainer.model import Measurement, Regularity, WaveTimes

TIMES = st.floats(-1e5, 1e5)
NONE = np.empty(0)


def measured(
    beats: list[float], *, p_s: list[float] | None = None, waves: WaveTimes | None = None
) -> Measurement:
    beats_s = np.array(beats, np.float64)
    return Measurement(
        beats_s,
        np.diff(beats_s),
        rate_bpm=None,
        six_second_bpm=None,
        regularity=Regularity.CANNOT_TELL,
        rr_spread_s=None,
        waves=waves,
        p_s=np.array(p_s or [], np.float64),
    )


def waves_around(beats: NDArray[np.float64]) -> WaveTimes:
    none = np.full((beats.size, 3), np.nan)
    qrs = beats[:, None] + [-0.04, 0.0, 0.05]
    return WaveTimes(beats[:, None] + [-0.2, -0.15, -0.1], qrs, none)


def test_nothing_measured_offers_nothing() -> None:
    for nothing in (Landmarks.none(), Landmarks.of(None), Landmarks.of(measured([]))):
        assert nothing.nearest(1.0, within_s=1e9) is None
        assert nothing.beyond(1.0, 1) is None
        assert nothing.at(1.0) is None


def test_all_borders_that_exist_are_offered_in_the_order_of_time() -> None:
    found = Landmarks.of(measured([1.0], p_s=[0.85, 3.0], waves=waves_around(np.array([1.0]))))
    named = [(round(float(t), 2), found.at(float(t))) for t in found.times_s]
    assert named == [
        (0.8, Landmark.P_ONSET),
        (0.85, Landmark.P),
        (0.9, Landmark.P_END),
        (0.96, Landmark.QRS_ONSET),
        (1.0, Landmark.R),
        (1.05, Landmark.QRS_END),
        (3.0, Landmark.P),
    ]


def test_only_wanted_kinds_are_offered() -> None:
    whole = measured([1.0, 2.0], p_s=[0.85], waves=waves_around(np.array([1.0, 2.0])))
    found = Landmarks.of(whole, {Landmark.R})
    assert found.times_s.tolist() == [1.0, 2.0]


def test_times_that_are_not_numbers_are_none() -> None:
    found = Landmarks.of(measured([1.0, np.nan, 2.0], p_s=[np.nan, np.inf]))
    assert found.times_s.tolist() == [1.0, 2.0]


@given(st.lists(TIMES, max_size=20), TIMES, st.floats(0, 1e5))
def test_the_nearest_landmark_is_within_reach(
    times: list[float], seconds: float, within: float
) -> None:
    found = Landmarks.of(measured([], p_s=times)).nearest(seconds, within)
    distances = [abs(time - seconds) for time in times]
    if found is None:
        assert not distances or min(distances) > within
    else:
        assert abs(found - seconds) == min(distances) <= within


def test_close_to_an_r_peak_its_borders_do_not_interfere() -> None:
    found = Landmarks.of(measured([1.0], waves=waves_around(np.array([1.0]))))
    assert found.nearest(0.97, within_s=0.1) == 1.0
    onset = found.nearest(0.94, within_s=0.1)
    assert onset is not None
    assert found.at(onset) is Landmark.QRS_ONSET


def test_one_goes_from_landmark_to_landmark_and_stops_at_the_last() -> None:
    found = Landmarks.of(measured([1.0, 2.0]))
    assert [found.beyond(seconds, 1) for seconds in (0.0, 1.0, 2.0)] == [1.0, 2.0, None]
    assert [found.beyond(seconds, -1) for seconds in (3.0, 2.0, 1.0)] == [2.0, 1.0, None]


@given(TIMES, TIMES)
def test_an_interval_is_never_negative_whichever_leg_was_put_down_first(
    first: float, second: float
) -> None:
    one, other = Pair((first, second)), Pair((second, first))
    assert one.interval_s == other.interval_s >= 0
    assert one.left_s <= one.right_s
    assert one.legs_s[one.right_leg] == one.right_s


def test_a_rise_is_read_from_left_to_right() -> None:
    assert Pair((1.0, 2.0), (0.1, 0.5)).rise_mv == pytest.approx(0.4)
    assert Pair((2.0, 1.0), (0.1, 0.5)).rise_mv == pytest.approx(-0.4)
    assert Pair((1.0, 2.0)).rise_mv is None


@given(st.floats(0, 100), st.floats(0.01, 10), st.floats(0, 50), st.floats(0, 50))
def test_a_march_is_even_and_stays_in_its_stretch(
    left: float, interval: float, start: float, length: float
) -> None:
    pair = Pair((left, left + interval))
    multiples, times = pair.marched(start, start + length)
    assert not np.isin(multiples, (0, 1)).any()
    assert ((times >= start - 1e-6) & (times <= start + length + 1e-6)).all()
    assert np.allclose(times, left + multiples * pair.interval_s)
    all_of_them = np.union1d(multiples, [0, 1])
    if times.size and start <= left <= left + interval <= start + length:
        assert (np.diff(all_of_them) == 1).all()


def test_legs_that_stand_together_do_not_march() -> None:
    multiples, times = Pair((1.0, 1.0)).marched(0.0, 86_400.0)
    assert multiples.size == times.size == 0


def test_a_march_keeps_its_step_after_a_day() -> None:
    _, times = Pair((0.0, 0.8)).marched(86_390.0, 86_400.0)
    assert np.allclose(times / 0.8, np.round(times / 0.8))


@pytest.mark.parametrize(
    ("seconds", "speed", "text"),
    [
        (0.84, 25.0, "840 ms (0.84 s) · 21 small boxes (4.2 large) · 71/min"),
        (0.84, 50.0, "840 ms (0.84 s) · 42 small boxes (8.4 large) · 71/min"),
        (0.092, 25.0, "92 ms (0.09 s) · 2.3 small boxes (0.5 large)"),
        (12.5, 25.0, "12.50 s · 312 small boxes (62.5 large) · 4.8/min"),
        (90.0, None, "1 min 30 s"),
        (40_000.0, None, "11 h 6 min 40 s"),
        (0.84, None, "840 ms (0.84 s) · 71/min"),
        (0.0, 25.0, "0 ms (0.00 s) · 0.0 small boxes (0.0 large)"),
    ],
)
def test_readings_are_said_with_their_units(seconds: float, speed: float | None, text: str) -> None:
    assert Reading(seconds, None, speed).text == text


def test_a_voltage_is_read_with_its_sign() -> None:
    assert Reading(0.5, -0.2, 25.0).text.endswith(" · \N{MINUS SIGN}0.20 mV")
    assert Reading(0.5, 0.2, 25.0).text.endswith(" · +0.20 mV")
    assert "0.20 millivolts lower" in Reading(0.5, -0.2, 25.0).sentence


@given(st.floats(0, 1e5), st.none() | st.floats(-20, 20), st.sampled_from([None, 12.5, 25.0]))
def test_wordings_become_shorter(
    seconds: float, millivolts: float | None, speed: float | None
) -> None:
    lengths = [len(text) for text in Reading(seconds, millivolts, speed).texts]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] > 0


def test_only_paper_that_exists_has_boxes() -> None:
    assert paper_speed(25.1) == 25.0
    assert paper_speed(3.0) is None
    assert paper_speed(float("nan")) is None


def test_the_rule_reads_300_150_100_75_60_50() -> None:
    offsets, rates = rule_lines(25.0)
    assert [round(rate) for rate in rates.tolist()] == [300, 150, 100, 75, 60, 50, 43, 38, 33, 30]
    assert np.allclose(offsets * rates, 60.0)


@pytest.mark.parametrize(("speed", "first", "count"), [(12.5, 150, 5), (50.0, 600, 20)])
def test_at_another_speed_the_rule_has_other_numbers(
    speed: float, first: float, count: int
) -> None:
    _, rates = rule_lines(speed)
    assert (rates[0], rates[-1], rates.size) == (first, 30.0, count)


def test_the_rule_needs_a_speed() -> None:
    with pytest.raises(ValueError, match="above 0 mm/s"):
        rule_lines(0.0)


def test_the_next_r_peak_lies_between_two_lines() -> None:
    assert rule_neighbours(0.9, 25.0) == (75.0, 60.0)
    assert rule_neighbours(0.8, 25.0) == (75.0, 60.0)
    assert rule_neighbours(3.0, 25.0) == (30.0, None)


def test_a_cycle_is_read_from_an_r_peak_only_and_across_no_gap() -> None:
    strip = measured([1.0, 1.8, 2.6])
    assert cycle_after(strip, 1.8) == pytest.approx(0.8)
    assert cycle_after(strip, 1.5) is None
    assert cycle_after(strip, 2.6) is None
    strip.rr_s[0] = np.nan
    assert cycle_after(strip, 1.0) is None


def test_beats_are_counted_where_there_are_some_and_no_gap() -> None:
    strip = measured([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
    assert beats_in(strip, 0.0, 6.0) == 6
    assert beats_in(strip, 0.5, 6.5) == 6
    assert beats_in(measured([]), 0.0, 6.0) is None
    strip.rr_s[3] = np.nan
    assert beats_in(strip, 0.0, 6.0) is None
    assert beats_in(strip, 4.6, 10.6) == 2


@given(TIMES, TIMES, st.sampled_from([0.1, 0.2, 0.4, 3.0]))
def test_the_nearest_line_is_at_most_half_a_box_away(
    seconds: float, origin: float, every: float
) -> None:
    assert abs(nearest_line(seconds, origin, every) - seconds) <= every / 2 + 1e-6

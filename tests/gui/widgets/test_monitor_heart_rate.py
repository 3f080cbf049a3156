import numpy as np
import pytest

from rhythmtrainer.gui.widgets.monitor.heart_rate import HeartDisplay, HeartRate


def rate_of(times: object, until_s: float = 1000.0) -> HeartRate:
    rate = HeartRate(0.0)
    rate.set_beats(np.asarray(times, dtype=np.float64), until_s)
    return rate


def test_there_is_no_number_until_three_intervals_are_known() -> None:
    rate = rate_of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert [rate.reading(now) for now in (0.5, 1.5, 2.5, 3.5, 4.0)] == [None, None, None, None, 60]


def test_the_number_follows_a_new_rate_only_over_twelve_intervals() -> None:
    slow = np.arange(1.0, 20.0, 1.0)
    fast = np.arange(slow[-1] + 0.5, 40.0, 0.5)
    rate = rate_of(np.concatenate([slow, fast]))
    assert rate.reading(slow[-1] + 0.1) == 60
    assert 60 < (rate.reading(slow[-1] + 2.0) or 0) < 80
    assert rate.reading(slow[-1] + 6.1) == 120


def test_a_slow_rate_is_read_from_four_intervals() -> None:
    normal = np.arange(1.0, 20.0, 0.8)
    slow = np.arange(normal[-1] + 2.0, 60.0, 2.0)
    rate = rate_of(np.concatenate([normal, slow]))
    assert rate.reading(float(slow[3])) == 30


def test_four_seconds_without_a_beat_are_zero() -> None:
    rate = rate_of(np.arange(1.0, 10.0, 0.5))
    assert rate.reading(13.4) == 120
    assert rate.reading(13.5) == 0
    assert rate_of([]).reading(3.9) is None
    assert rate_of([]).reading(4.0) == 0


def test_after_a_pause_the_average_begins_anew() -> None:
    before, after = np.arange(1.0, 10.0, 0.5), np.arange(20.0, 30.0, 1.0)
    rate = rate_of(np.concatenate([before, after]))
    assert rate.reading(22.0) is None
    assert rate.reading(23.0) == 60


def test_what_was_not_searched_is_not_called_silent() -> None:
    rate = rate_of(np.arange(1.0, 10.0, 0.5), until_s=10.0)
    assert rate.reading(11.5) == 120
    assert rate.reading(15.0) is None
    rate.add_beats(np.arange(10.0, 20.0, 0.5), until_s=20.0)
    assert rate.reading(15.0) == 120


def test_a_beat_found_twice_counts_once() -> None:
    rate = rate_of(np.arange(1.0, 10.0, 0.5))
    rate.add_beats(np.arange(5.004, 10.0, 0.5), until_s=10.0)
    assert rate.reading(9.5) == 120


def test_times_may_come_in_any_order_and_with_gaps() -> None:
    assert rate_of([4.0, np.nan, 2.0, 3.0, 1.0]).reading(4.0) == 60


def test_old_beats_are_forgotten() -> None:
    rate = rate_of(np.arange(1.0, 100.0, 0.5))
    rate.forget(90.0)
    assert rate.beats_s.min() == 90.0
    assert rate.reading(99.0) == 120


def test_the_number_on_the_screen_is_read_every_two_seconds() -> None:
    display = HeartDisplay(10.0)
    display.rate.set_beats(np.arange(10.0, 60.0, 1.0), until_s=60.0)
    assert display.printed == "---"
    assert not display.due(11.9)
    assert display.due(12.0)
    display.refresh(14.0, signal=True)
    assert display.printed == "60"
    assert not display.due(15.9)


def test_there_is_no_number_without_a_signal() -> None:
    display = HeartDisplay(0.0)
    display.rate.set_beats([], until_s=60.0)
    display.refresh(10.0, signal=True)
    assert display.printed == "0"
    display.refresh(12.0, signal=False)
    assert display.printed == "---"


@pytest.mark.parametrize(("before_s", "now_s", "beaten"), [(0.9, 1.0, True), (1.0, 1.1, False)])
def test_the_heart_is_lit_for_a_moment(before_s: float, now_s: float, beaten: bool) -> None:  # noqa: FBT001 - a case's value
    display = HeartDisplay(0.0)
    display.rate.set_beats([1.0], until_s=60.0)
    assert display.go_on(before_s, now_s) is beaten
    assert display.lit(now_s + 0.1) is beaten
    assert not display.lit(now_s + 0.2)

"""Many windows are judged at once, each as if it were alone."""

import numpy as np
import pytest

from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import Interval, Rule
from rhythmtrainer.records.index.windows import Windows, fitting, sought_in
from tests.records.index.making_recordings import FS, a_recording, a_rule, some_rules, with_signal

LENGTHS = some_rules().lengths
STARTS = np.arange(0.0, 50.0, 0.5)
RNG = np.random.default_rng(7)


def judged(recording: Recording, rule: Rule, rate: Interval | None = None) -> np.ndarray:
    return fitting(sought_in(recording, rule, "II", rate), Windows(STARTS, STARTS + 10.0), LENGTHS)


def intervals_of(recording: Recording, start: float) -> np.ndarray:
    beats = recording.beats
    return np.diff(beats[(beats >= start) & (beats < start + 10.0)])


def test_rates_and_spreads_are_those_of_each_window_alone() -> None:
    recording = a_recording("N" * 80, list(RNG.uniform(0.7, 1.0, 79)))
    rule = a_rule(rr_spread_s=(0.0, 0.26), rr_step_s=0.22)
    expected = [
        bool(
            70 <= 60 / rr.mean() <= 73 and np.ptp(rr) <= 0.26 and np.abs(np.diff(rr)).max() <= 0.22
        )
        for rr in (intervals_of(recording, start) for start in STARTS)
    ]
    assert list(judged(recording, rule, (70.0, 73.0))) == expected
    loose = a_rule(rr_spread_s=(0.25, 1.0))
    assert list(judged(recording, loose)) == [
        bool(np.ptp(intervals_of(recording, start)) >= 0.25) for start in STARTS
    ]


def test_an_event_counts_only_where_it_is_whole_and_clear_of_the_edges() -> None:
    recording = a_recording("N" * 30 + "VV" + "N" * 60, 0.8)
    first, last = recording.beats[29], recording.beats[32]
    good = judged(recording, a_rule("[NV]+", event="NVVN"))
    expected = (first - 0.5 >= STARTS) & (last + 0.5 <= STARTS + 10.0)
    assert list(good) == list(expected)


def test_events_of_different_length_do_not_hide_each_other() -> None:
    recording = a_recording("N" * 10 + "VVVVVVVV" + "NNVVVN" + "N" * 60, 0.5)
    rule = a_rule("[NV]+", event="NV{3,}N")
    short = recording.codes.index("NVVVN")
    windows = Windows(
        np.array([recording.beats[short] - 1.0]), np.array([recording.beats[short] + 5])
    )
    assert fitting(sought_in(recording, rule, "II", None), windows, LENGTHS).all()


@pytest.mark.parametrize(("height", "fits"), [(0.1, False), (0.5, True), (3.0, False)])
def test_a_swing_has_to_lie_between_its_bounds(height: float, *, fits: bool) -> None:
    recording = a_recording("N" * 80)
    time = np.arange(recording.length) / FS
    with_signal(recording, height / 2 * np.sin(2 * np.pi * 4 * time) + 0.5 * time)
    rule = a_rule(swing_mv=(0.3, 2.0))
    assert bool(judged(recording, rule).all()) is fits


def test_one_still_stretch_keeps_out_every_window_that_holds_it() -> None:
    recording = a_recording("N" * 80)
    time = np.arange(recording.length) / FS
    signal = np.sin(2 * np.pi * 4 * time)
    signal[round(30 * FS) : round(33 * FS)] = 0.0
    with_signal(recording, signal)
    good = judged(recording, a_rule(swing_mv=(0.3, 5.0)))
    assert good[STARTS + 10.0 <= 30.0].all()
    assert not good[(STARTS <= 29.5) & (STARTS + 10.0 >= 33.5)].any()

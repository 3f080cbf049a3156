"""Rhythms that an implanted pacemaker leads, or should."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning, RhythmId, Truth
from tests.simulate.rhythms.hearts import FEW, Window, whole, windows

AGES = (0.02, 5.0)
WORKING = {
    RhythmId.PACED_ATRIAL: Beginning.SINUS,
    RhythmId.PACED_VENTRICULAR: Beginning.DEVICE,
    RhythmId.PACED_DUAL: Beginning.DEVICE,
}
FAULTY = [
    RhythmId.FAILURE_TO_CAPTURE,
    RhythmId.FAILURE_TO_SENSE,
    RhythmId.FAILURE_TO_PACE,
]


@dataclass(frozen=True)
class Spikes:
    """The stimuli of a stretch, but those so late that their answer may lie behind it."""

    at_s: NDArray[np.float64]
    in_atria: NDArray[np.bool_]
    captures: NDArray[np.bool_]


def spikes(window: Window) -> Spikes:
    truth: Truth = window.truth
    within = (truth.spikes_s >= window.start_s) & (truth.spikes_s < window.end_s - 0.3)
    return Spikes(
        truth.spikes_s[within], truth.spike_in_atria[within], truth.spike_captures[within]
    )


def since(times_s: NDArray[np.float64], events_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the time from the last event before each time."""
    row = np.searchsorted(events_s, times_s) - 1
    return np.where(row >= 0, times_s - events_s[np.maximum(row, 0)], np.nan)


@pytest.mark.parametrize("age", [None, *AGES])
@pytest.mark.parametrize("rhythm", WORKING)
def test_every_stimulus_is_answered_and_the_rhythm_is_even(
    rhythm: RhythmId, age: float | None
) -> None:
    alone = {"own_beats": "none"} if rhythm is RhythmId.PACED_VENTRICULAR else {}
    for window in windows(rhythm, age, **alone):
        given = spikes(window)
        assert given.captures.all()
        assert given.at_s.size >= 7
        assert np.ptp(window.rr_s) < (0.2 if rhythm is RhythmId.PACED_VENTRICULAR else 0.12)
        assert age is not None or 50.0 <= window.rate <= 100.0


def test_behind_atrial_stimuli_the_ventricles_follow_by_the_node() -> None:
    for window in windows(RhythmId.PACED_ATRIAL):
        assert spikes(window).in_atria.all()
        assert (window.p_beginning == Beginning.DEVICE).all()
        assert (window.causes >= 0).all()
        assert (window.qrs_width_s < 0.12).all()
        behind_s = since(window.qrs_s, window.truth.spikes_s)
        assert 0.12 <= np.nanmin(behind_s) <= np.nanmax(behind_s) <= 0.24


@pytest.mark.parametrize("atria", ["fibrillating", "silent", "dissociated"])
def test_behind_ventricular_stimuli_complexes_are_wide_whatever_the_atria_do(atria: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.PACED_VENTRICULAR, seed, atria=atria, own_beats="none")
        assert (window.qrs_beginning == Beginning.DEVICE).all()
        assert (window.qrs_width_s >= 0.12).all()
        assert (window.causes == -1).all()
        assert (window.p_s.size > 0) is (atria == "dissociated")


@pytest.mark.parametrize(
    ("begin", "beginning"),
    [("junctional", Beginning.JUNCTION), ("ventricular", Beginning.VENTRICLES)],
)
def test_beats_of_the_patients_own_make_the_pacemaker_wait(
    begin: str, beginning: Beginning
) -> None:
    heard = []
    for window in windows(RhythmId.PACED_VENTRICULAR, own_beats=begin, rate=70.0):
        own = window.qrs_beginning == beginning
        heard.append(own.any())
        assert np.mean(window.qrs_beginning == Beginning.DEVICE) >= 0.6
        assert spikes(window).captures.all()
        assert window.rr_s[own[:-1]] == pytest.approx(60.0 / 70.0, abs=0.12)
        assert (window.rr_s[own[1:]] < 60.0 / 70.0 + 0.12).all()
    assert np.mean(heard) > 0.8


@pytest.mark.parametrize("atria", ["paced", "sensed"])
def test_dual_chamber_pacing_paces_the_atria_or_follows_them(atria: str) -> None:
    for seed in FEW:
        window = whole(RhythmId.PACED_DUAL, seed, atria=atria, av_delay=0.16)
        paced = atria == "paced"
        assert spikes(window).in_atria.any() is np.bool_(paced)
        assert set(window.p_beginning) == {Beginning.DEVICE if paced else Beginning.SINUS}
        delay_s = since(window.qrs_s, window.truth.p_s)
        assert np.nanmin(delay_s) == pytest.approx(0.165, abs=0.02)
        assert np.nanmax(delay_s) == pytest.approx(0.165, abs=0.02)


@pytest.mark.parametrize("age", [None, *AGES])
@pytest.mark.parametrize("rhythm", [RhythmId.FAILURE_TO_CAPTURE, RhythmId.FAILURE_TO_SENSE])
def test_ten_seconds_show_stimuli_that_work_and_others(rhythm: RhythmId, age: float | None) -> None:
    for window in windows(rhythm, age):
        captures = spikes(window).captures
        assert captures.any()
        assert not captures.all()


@pytest.mark.parametrize(
    ("escape", "beginning"),
    [("junctional", Beginning.JUNCTION), ("ventricular", Beginning.VENTRICLES)],
)
@pytest.mark.parametrize("rhythm", [RhythmId.FAILURE_TO_CAPTURE, RhythmId.FAILURE_TO_PACE])
def test_in_the_silence_that_a_fault_leaves_escape_beats_are_heard(
    rhythm: RhythmId, escape: str, beginning: Beginning
) -> None:
    heard = []
    for seed in FEW:
        window = whole(rhythm, seed, escape=escape)
        assert set(window.qrs_beginning) <= {Beginning.DEVICE, beginning}
        heard.append((window.qrs_beginning == beginning).any())
        assert window.rr_s.max() < 60.0 / 28.0
    assert np.mean(heard) > 0.4


def test_a_stimulus_that_was_due_is_missing_and_all_others_work() -> None:
    for window in windows(RhythmId.FAILURE_TO_PACE):
        given = spikes(window)
        assert given.captures.all()
        interval_s = np.diff(given.at_s).min()
        assert window.rr_s.max() > 1.2 * interval_s


def test_beats_of_its_own_do_not_keep_a_deaf_device_waiting() -> None:
    for window in windows(RhythmId.FAILURE_TO_SENSE, senses="never"):
        given = spikes(window)
        assert np.ptp(np.diff(given.at_s)) < 0.001
        native = window.qrs_s[window.qrs_beginning == Beginning.SINUS]
        too_early = since(given.at_s, native) < 0.9 * np.diff(given.at_s)[0]
        assert too_early.sum() >= 2
        assert native.size >= 3


def test_a_device_that_hears_sometimes_is_uneven() -> None:
    for seed in FEW:
        given = spikes(whole(RhythmId.FAILURE_TO_SENSE, seed, senses="sometimes"))
        assert np.ptp(np.diff(given.at_s)) > 0.02


@pytest.mark.parametrize("rhythm", [*WORKING, *FAULTY])
def test_no_stimulus_falls_together_with_the_one_before(rhythm: RhythmId) -> None:
    for seed in FEW:
        truth = whole(rhythm, seed).truth
        assert np.diff(truth.spikes_s).min() > 0.1

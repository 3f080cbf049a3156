from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.rate import measure_beats
from rhythmtrainer.model import LeadName, RecordRef, RhythmId, StripRef
from rhythmtrainer.simulate import simulate_known
from rhythmtrainer.simulate.source import SimulatedSource
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.made import as_made
from rhythmtrainer.training.preparation import read_window
from tests.support.simulated import FakeSimulations

WINDOW = StripRef(RecordRef("simulated", "0", "x"), (LeadName("II"),), 10.0, 10.0)
PEAKS = np.arange(10.5, 20.0, 1.0)


class Known(FakeSimulations):
    """Knows complexes of 0.1 s."""

    def complexes(self, window: StripRef) -> NDArray[np.float64]:
        del window
        return np.column_stack([PEAKS - 0.04, PEAKS, PEAKS + 0.06])


@pytest.mark.parametrize("found", [PEAKS, PEAKS + 0.05, PEAKS - 0.06])
def test_beats_that_were_made_stay_as_they_were_measured(found: NDArray[np.float64]) -> None:
    measured = measure_beats(found, 10.0, 20.0)
    assert as_made(measured, WINDOW, Known()) is measured


@pytest.mark.parametrize(
    "found",
    [
        PEAKS[1:],
        PEAKS[[0, 1, 2, 4, 5, 6, 7, 8, 9]],
        np.insert(PEAKS, 1, 11.0),
        np.insert(PEAKS, 1, 10.52),
        PEAKS + 0.3,
        np.array([10.1]),
        np.empty(0),
    ],
)
def test_where_others_were_found_those_that_were_made_are_told(
    found: NDArray[np.float64],
) -> None:
    told = as_made(measure_beats(found, 10.0, 20.0), WINDOW, Known())
    np.testing.assert_array_equal(told.beats_s, PEAKS)
    assert told.rate_bpm == pytest.approx(60.0)
    assert told.waves is None


def test_a_complex_that_the_strip_s_end_cuts_need_not_be_found() -> None:
    cut = replace(WINDOW, start_s=10.5, duration_s=9.0)
    measured = measure_beats(PEAKS[1:-1], 10.5, 19.5)
    assert as_made(measured, cut, Known()) is measured
    told = as_made(measure_beats(np.empty(0), 10.5, 19.5), cut, Known())
    assert told.beats_s.min() >= 10.5
    assert told.beats_s.max() < 19.5


def test_of_a_recording_nothing_is_known() -> None:
    measured = measure_beats(np.empty(0), 10.0, 20.0)
    assert as_made(measured, WINDOW, None) is measured
    assert as_made(measured, WINDOW, FakeSimulations()) is measured


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_beat_that_is_told_of_a_simulated_strip_lies_in_a_complex(rhythm: RhythmId) -> None:
    source = SimulatedSource()
    span = source.span(rhythm, 11)
    window = replace(span.ref, start_s=max(0.0, span.ref.end_s - 25.0), duration_s=10.0)
    _, found = read_window(source, window, Cancel(), simulations=source)
    truth = simulate_known(rhythm, seconds=span.ref.duration_s + 1.0, seed=11).truth
    inside = (truth.qrs_s > window.start_s + 0.2) & (truth.qrs_end_s < window.end_s - 0.2)
    onsets, ends = truth.qrs_s[inside], truth.qrs_end_s[inside]
    beats_s = found.beats_s[:, None]
    within = np.asarray((beats_s > onsets - 0.05) & (beats_s < ends + 0.05))
    assert within.any(axis=0).all()
    well_inside = (found.beats_s > window.start_s + 0.5) & (found.beats_s < window.end_s - 0.5)
    assert within[well_inside].any(axis=1).all()

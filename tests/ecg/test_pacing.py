import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.pacing import find_spikes, spikes_in_wide_complexes, without_spikes
from rhythmtrainer.model import ABSENT, Wave
from tests.support.evidence_synthetic import FS, lead_with, with_spikes

BEATS = np.arange(0.6, 11.4, 0.8)
PLACES = np.rint(BEATS * FS).astype(np.int64)


def test_a_spike_ahead_of_each_wide_beat_is_found() -> None:
    lead = with_spikes(lead_with([], BEATS), BEATS)
    found = find_spikes(lead, FS, PLACES, wide=True)
    assert found.tolist() == np.rint((BEATS - 0.06) * FS).astype(np.int64).tolist()


@pytest.mark.parametrize("fs", [250.0, 360.0, 500.0, 1000.0])
@pytest.mark.parametrize("wide", [False, True])
def test_complexes_are_not_spikes(fs: float, *, wide: bool) -> None:
    places = np.rint(BEATS * fs).astype(np.int64)
    for lead in (lead_with(BEATS, fs=fs), lead_with([], BEATS, fs=fs)):
        assert find_spikes(lead, fs, places, wide=wide).size == 0


def test_size_and_polarity_do_not_matter() -> None:
    lead = with_spikes(lead_with([], BEATS), BEATS)
    for scale in (-1.0, 1e-3, 1e3):
        found = find_spikes(lead * np.float32(scale), FS, PLACES, wide=True)
        assert found.size == BEATS.size


def test_one_spike_among_many_beats_is_an_artefact() -> None:
    lead = with_spikes(lead_with(BEATS), BEATS[[3]])
    assert find_spikes(lead, FS, PLACES, wide=False).size == 0


def test_sparse_samples_and_few_beats_show_no_spikes() -> None:
    lead = with_spikes(lead_with([], BEATS), BEATS)
    assert find_spikes(lead[::2], FS / 2, PLACES // 2, wide=True).size == 0
    assert find_spikes(lead, FS, PLACES[:1], wide=True).size == 0
    assert find_spikes(np.empty(0, np.float32), FS, PLACES, wide=True).size == 0


def test_gaps_are_not_spikes() -> None:
    lead = lead_with(BEATS)
    lead[PLACES[:, None] - np.arange(20, 24)] = np.nan
    lead[PLACES[2] - 30] = np.inf
    assert find_spikes(lead, FS, PLACES, wide=False).size == 0


def melted(fs: float) -> tuple[NDArray[np.float32], Wave]:
    """Build wide complexes that jump up within 10 ms and then come back slowly."""
    time = np.arange(0, 12, 1 / fs)
    since = (time - 0.5) % 0.8
    lead = np.interp(since, [0, 0.01, 0.12, 0.3, 0.8], [0, 2, -2, 0, 0])
    onsets = np.rint((np.arange(15) * 0.8 + 0.5) * fs).astype(np.int64)[:-1]
    return lead.astype(np.float32), Wave(onsets, onsets + 2, onsets + round(0.2 * fs))


@pytest.mark.parametrize("fs", [250.0, 360.0, 500.0, 1000.0])
@pytest.mark.parametrize("scale", [1.0, -1e-3])
def test_a_complex_that_jumps_out_of_silence_is_paced(fs: float, scale: float) -> None:
    lead, qrs = melted(fs)
    found = spikes_in_wide_complexes(lead * np.float32(scale), fs, qrs)
    assert found.size == qrs.onset.size
    assert np.all(np.abs(found - qrs.onset) < 0.02 * fs)


@pytest.mark.parametrize("fs", [250.0, 360.0, 500.0, 1000.0])
def test_complexes_that_begin_slowly_are_not_paced(fs: float) -> None:
    places = np.rint(BEATS * fs).astype(np.int64)
    reach = round(0.08 * fs)
    qrs = Wave(places - reach, places, places + reach)
    assert spikes_in_wide_complexes(lead_with([], BEATS, fs=fs), fs, qrs).size == 0


def test_without_complexes_or_samples_there_are_no_melted_spikes() -> None:
    lead, qrs = melted(FS)
    none = Wave(*np.full((3, 4), ABSENT))
    assert spikes_in_wide_complexes(lead, FS, none).size == 0
    assert spikes_in_wide_complexes(lead[:2], FS, qrs).size == 0
    assert spikes_in_wide_complexes(lead, 100.0, qrs).size == 0
    assert spikes_in_wide_complexes(np.zeros_like(lead), FS, qrs).size == 0


def test_what_spikes_set_off_is_left_when_they_are_taken_away() -> None:
    plain = lead_with([], BEATS)
    spiky = with_spikes(plain, BEATS)
    spikes = find_spikes(spiky, FS, PLACES, wide=True)
    assert np.abs(without_spikes(spiky, FS, spikes) - plain).max() < 0.15
    assert without_spikes(plain[:3], FS, np.array([1])).tolist() == plain[:3].tolist()

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats import choice, detect_beats
from rhythmtrainer.ecg.matching import BeatMatch, match_beats
from rhythmtrainer.model import Origin, Provenance
from rhythmtrainer.records.signals.leads import printed_lead
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_strip
from tests.bench.beats import AnnotatedLead, read_lead, with_motion
from tests.support.synthetic import add_waves, ecg_at, regular_peaks

RATES = (20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 210, 240, 270, 300)
SAMPLING_RATES = (100, 128, 200, 250, 360, 500, 1000)

FS = 250
SECONDS = 12.0
PEAKS = regular_peaks(75, SECONDS)
LEAD = ecg_at(PEAKS, FS, SECONDS)
BEATS = np.round(PEAKS * FS).astype(np.int64)

# A slow machine is no failure.
steady = settings(deadline=None, max_examples=60)


def assert_marks(detected: NDArray[np.int64], expected: NDArray[np.int64], within: int) -> None:
    assert detected.size == expected.size
    assert np.abs(detected - expected).max() <= within


# Rates and rhythms


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("rate", RATES)
def test_marks_every_r_peak_of_a_regular_rhythm(rate: int, fs: int) -> None:
    peaks = regular_peaks(rate, SECONDS)
    detected = detect_beats(ecg_at(peaks, fs, SECONDS, seed=rate), fs)
    assert_marks(detected, np.round(peaks * fs).astype(np.int64), within=max(1, fs // 250))


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("rate", [40, 75, 110, 150, 200, 250, 300])
def test_marks_every_wide_complex(rate: int, fs: int) -> None:
    peaks = regular_peaks(rate, SECONDS)
    detected = detect_beats(ecg_at(peaks, fs, SECONDS, wide=True, seed=rate), fs)
    assert_marks(detected, np.round(peaks * fs).astype(np.int64), within=max(2, fs // 50))


@pytest.mark.parametrize("seed", range(5))
def test_finds_every_beat_of_an_irregular_rhythm(seed: int) -> None:
    peaks = 0.5 + np.cumsum(np.random.default_rng(seed).uniform(0.35, 1.1, 30))
    detected = detect_beats(ecg_at(peaks, FS, peaks[-1] + 0.4, seed=seed), FS)
    assert_marks(detected, np.round(peaks * FS).astype(np.int64), within=1)


def test_follows_a_rhythm_that_leaps_from_70_to_280_and_back() -> None:
    peaks = np.concatenate([regular_peaks(70, 20), 20 + regular_peaks(280, 10)])
    peaks = np.concatenate([peaks, 30 + regular_peaks(70, 20)])
    signal = np.concatenate(
        [
            ecg_at(regular_peaks(rate, seconds), FS, seconds, wander=0)
            for rate, seconds in ((70, 20), (280, 10), (70, 20))
        ]
    )
    assert match_beats(peaks * FS, detect_beats(signal, FS), 0.05 * FS).f1 > 0.98


@pytest.mark.parametrize("amplitude", [0.2, 0.4, 0.6])
def test_a_t_wave_is_no_beat(amplitude: float) -> None:
    assert_marks(detect_beats(ecg_at(PEAKS, FS, SECONDS, t_wave=amplitude), FS), BEATS, within=1)


def test_a_p_wave_without_a_qrs_is_no_beat() -> None:
    signal = LEAD.astype(np.float64)
    for missing in (4, 5, 9):
        start, end = BEATS[missing] - 20, BEATS[missing] + 130
        signal[start:end] = np.linspace(signal[start], signal[end], end - start)
    assert_marks(detect_beats(signal, FS), np.delete(BEATS, [4, 5, 9]), within=1)


def test_small_and_large_beats_in_turn_are_all_found() -> None:
    signal = ecg_at(PEAKS[::2], FS, SECONDS) + 0.5 * ecg_at(PEAKS[1::2], FS, SECONDS)
    assert_marks(detect_beats(signal, FS), BEATS, within=1)


@pytest.mark.parametrize("rate", [150, 180, 210])
def test_complexes_that_point_up_and_down_in_turn_are_all_found(rate: int) -> None:
    peaks = regular_peaks(rate, SECONDS)
    upward = ecg_at(peaks[::2], FS, SECONDS, wide=True)
    downward = ecg_at(peaks[1::2], FS, SECONDS, wide=True)
    detected = detect_beats(upward - downward, FS)
    assert match_beats(peaks * FS, detected, 0.1 * FS) == BeatMatch(peaks.size, 0, 0)


def test_only_the_strongest_of_its_neighbourhood_removes_others() -> None:
    position, weight = np.array([0, 10, 20, 40]), np.array([1, 2, 3, 1], np.float32)
    kept = choice._survivors(position, weight, np.full(4, 12.0))
    np.testing.assert_array_equal(kept, [0, 2, 3])


@pytest.mark.parametrize("frequency", [50, 60])
def test_mains_hum_makes_no_difference(frequency: int) -> None:
    hum = 0.2 * np.sin(2 * np.pi * frequency * np.arange(LEAD.size) / FS)
    assert_marks(detect_beats(LEAD + hum, FS), BEATS, within=1)


@pytest.mark.parametrize("step", [-10.0, 10.0])
def test_a_step_of_ten_millivolts_loses_no_beat(step: float) -> None:
    signal = LEAD.copy()
    signal[(BEATS[5] + BEATS[6]) // 2 :] += np.float32(step)
    detected = detect_beats(signal, FS)
    match = match_beats(BEATS, detected, 2)
    assert match.false_negatives == 0
    assert match.false_positives <= 1


@pytest.mark.parametrize("rate", [40, 75, 150])
def test_the_matched_filter_hears_beats_through_electrode_motion(rate: int) -> None:
    rng, seconds = np.random.default_rng(rate), 120.0
    peaks = regular_peaks(rate, seconds)
    signal = ecg_at(peaks, FS, seconds).astype(np.float64)
    bumps = rng.uniform(60, 119, 200)
    for bump in bumps:
        add_waves(signal, FS, bump, rng.normal(0, 1.0), rng.uniform(0.03, 0.08))
    match = match_beats(np.round(peaks * FS), detect_beats(signal, FS), 0.1 * FS)
    assert match.f1 > 0.97


def test_an_irregular_rhythm_of_up_to_300_is_counted_in_full() -> None:
    peaks = 0.5 + np.cumsum(np.random.default_rng(3).uniform(0.2, 0.36, 60))
    detected = detect_beats(ecg_at(peaks, FS, peaks[-1] + 0.4), FS)
    assert match_beats(np.round(peaks * FS), detected, 0.05 * FS).f1 > 0.97


# Where no beats are


def test_a_pause_stays_empty() -> None:
    peaks = np.concatenate([regular_peaks(75, 12), 18 + regular_peaks(75, 12)])
    detected = detect_beats(ecg_at(peaks, FS, 30, noise=0.02), FS)
    assert_marks(detected, np.round(peaks * FS).astype(np.int64), within=1)


@pytest.mark.parametrize("fs", SAMPLING_RATES)
def test_noise_on_a_wandering_baseline_has_few_beats(fs: int) -> None:
    minutes, found = 0.0, 0
    for seed in range(6):
        none = np.empty(0)
        signal = ecg_at(none, fs, 20, noise=0.02, wander=0.3, seed=seed)
        found += detect_beats(signal, fs).size
        minutes += 20 / 60
    assert found / minutes < 20


def test_asystole_after_a_rhythm_has_few_beats() -> None:
    signal = ecg_at(regular_peaks(75, 20), FS, 60, noise=0.02, wander=0.3)
    detected = detect_beats(signal, FS)
    assert np.count_nonzero(detected < 20 * FS) == regular_peaks(75, 20).size
    assert np.count_nonzero(detected >= 20 * FS) <= 4


@pytest.mark.parametrize("amplitude", [1e-6, 0.3, 100.0])
def test_a_wandering_baseline_alone_has_no_beats(amplitude: float) -> None:
    time = np.arange(60 * FS) / FS
    assert detect_beats(amplitude * np.sin(1.3 * time), FS).size == 0


@pytest.mark.parametrize("value", [0.0, 0.1, -3.0, 1e300, 1e-320, np.nan, np.inf, -np.inf])
def test_a_constant_has_no_beats(value: float) -> None:
    assert detect_beats(np.full(5000, value), FS).size == 0
    if abs(value) < 1e30 or not np.isfinite(value):
        assert detect_beats(np.full(5000, value, np.float32), FS).size == 0


def test_rounding_errors_are_no_beats() -> None:
    signal = np.ones(1200, np.float32)
    signal[100::80] += np.finfo(np.float32).eps
    assert detect_beats(signal, 100).size == 0


def test_what_drowns_in_the_rounding_errors_of_an_artefact_is_no_beat() -> None:
    signal = LEAD.copy()
    signal[100] = 1e9
    assert detect_beats(signal, FS).size <= 1


@pytest.mark.parametrize("size", [0, 1, 2, FS - 1])
def test_less_than_a_second_has_no_beats(size: int) -> None:
    assert detect_beats(LEAD[BEATS[3] - 20 :][:size], FS).size == 0


def test_a_beat_in_little_more_than_a_second_is_found() -> None:
    start = BEATS[3] - 30
    assert_marks(detect_beats(LEAD[start : start + 260], FS), BEATS[3:5] - start, within=1)


# What must make no difference


@steady
@given(st.floats(-12, 12))
def test_size_makes_no_difference(exponent: float) -> None:
    assert_marks(detect_beats(LEAD * np.float32(10**exponent), FS), BEATS, within=1)


@pytest.mark.parametrize("factor", [1e-300, 1e308])
def test_sizes_at_the_ends_of_what_numbers_hold_make_no_difference(factor: float) -> None:
    assert_marks(detect_beats(LEAD.astype(np.float64) * factor, FS), BEATS, within=1)


@steady
@given(st.floats(-50, 50))
def test_an_offset_makes_no_difference(offset: float) -> None:
    assert_marks(detect_beats(LEAD + np.float32(offset), FS), BEATS, within=1)


@pytest.mark.parametrize("rate", [30, 75, 150, 300])
def test_an_inverted_lead_has_the_same_marks(rate: int) -> None:
    signal = ecg_at(regular_peaks(rate, SECONDS), FS, SECONDS)
    np.testing.assert_array_equal(detect_beats(-signal, FS), detect_beats(signal, FS))


@steady
@given(st.integers(0, 2 * FS))
def test_a_later_start_moves_the_marks(start: int) -> None:
    detected = detect_beats(LEAD[start:], FS) + start
    inside = start + FS // 4
    assert_marks(detected[detected >= inside], BEATS[np.greater_equal(BEATS, inside)], within=1)


@steady
@given(st.floats(100, 1000))
def test_the_sampling_rate_makes_no_difference(fs: float) -> None:
    detected = detect_beats(ecg_at(PEAKS, fs, SECONDS), fs)
    assert_marks(detected, np.round(PEAKS * fs).astype(np.int64), within=max(1, int(fs) // 250))


@steady
@given(st.integers(0, 40 * FS), st.integers(0, 40 * FS))
def test_a_lead_that_is_off_before_and_after_makes_no_difference(before: int, after: int) -> None:
    padded = np.pad(LEAD, (before, after), mode="edge")
    assert_marks(detect_beats(padded, FS), BEATS + before, within=1)


def test_two_strips_in_a_row_have_the_beats_of_both() -> None:
    fast = regular_peaks(140, SECONDS)
    signal = np.concatenate([LEAD, ecg_at(fast, FS, SECONDS) + LEAD[-1]])
    expected = np.concatenate([BEATS, np.round((fast + SECONDS) * FS).astype(np.int64)])
    assert_marks(detect_beats(signal, FS), expected, within=1)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64, np.float16, np.float64])
def test_the_type_of_the_numbers_makes_no_difference(dtype: type[np.generic]) -> None:
    assert_marks(detect_beats((LEAD * 1000).astype(dtype), FS), BEATS, within=1)


def test_the_layout_in_memory_makes_no_difference() -> None:
    leads = np.stack([LEAD, LEAD * 0, LEAD * 0], axis=1)
    assert not leads[:, 0].flags.c_contiguous
    np.testing.assert_array_equal(detect_beats(leads[:, 0], FS), detect_beats(LEAD, FS))


def test_a_list_will_do() -> None:
    np.testing.assert_array_equal(detect_beats(LEAD.tolist(), FS), detect_beats(LEAD, FS))


@pytest.mark.parametrize("spoilt", [np.float32(0.5), np.float32(np.nan)])
def test_the_signal_is_left_as_it_was(spoilt: np.float32) -> None:
    signal = LEAD.copy()
    signal[500:520] = spoilt
    before = signal.copy()
    signal.flags.writeable = False
    detect_beats(signal, FS)
    np.testing.assert_array_equal(signal, before)


def test_calls_at_the_same_time_or_in_turn_do_not_disturb_each_other() -> None:
    # Long enough for memory to be used again.
    signals = [ecg_at(regular_peaks(rate, 400), 100, 400, seed=rate) for rate in (50, 75, 110, 150)]
    expected = [regular_peaks(rate, 400).size for rate in (50, 75, 110, 150)]
    first = [detect_beats(signal, 100) for signal in signals]
    assert [marks.size for marks in first] == expected
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda signal: detect_beats(signal, 100), signals * 5))
    for number, marks in enumerate(again):
        np.testing.assert_array_equal(marks, first[number % 4])


# Marks


def test_the_mark_is_on_the_s_wave_where_that_is_the_largest_deflection() -> None:
    signal = np.zeros(round(SECONDS * FS))
    add_waves(signal, FS, PEAKS, 0.3, 0.010)
    add_waves(signal, FS, PEAKS + 0.04, -1.2, 0.012)
    assert_marks(detect_beats(signal, FS), BEATS + 10, within=1)


def test_r_and_s_waves_of_one_size_do_not_take_turns() -> None:
    size = np.random.default_rng(1).uniform(0.85, 1.15, PEAKS.size)
    signal = np.zeros(round(SECONDS * FS))
    for peak, factor in zip(PEAKS, size, strict=True):
        add_waves(signal, FS, peak, 1.0, 0.010)
        add_waves(signal, FS, peak + 0.04, -factor, 0.010)
    offsets = detect_beats(signal, FS) - BEATS
    assert np.ptp(offsets) <= 2


# Gaps


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gap_takes_its_own_beats_and_no_others(value: float) -> None:
    signal = LEAD.copy()
    signal[BEATS[5] - 60 : BEATS[6] + 60] = value
    assert_marks(detect_beats(signal, FS), np.delete(BEATS, [5, 6]), within=1)


@pytest.mark.parametrize("after_peak", [0, 1, 2, 3])
def test_a_beat_cut_by_a_gap_is_marked_outside_the_gap(after_peak: int) -> None:
    signal = LEAD.copy()
    end = int(BEATS[5]) + after_peak
    signal[end - 60 : end] = np.nan
    detected = detect_beats(signal, FS)
    assert not np.isnan(signal[detected]).any()
    np.testing.assert_array_equal(np.delete(detected, 5), np.delete(detect_beats(LEAD, FS), 5))


@pytest.mark.parametrize("step", [-5.0, -1.0, 1.0, 5.0])
@pytest.mark.parametrize("length", [26, 30, 60, 100])
def test_a_step_across_a_gap_is_no_beat(step: float, length: int) -> None:
    signal = LEAD.copy()
    start = int(BEATS[5] + 75)
    signal[start + length :] += np.float32(step)
    signal[start : start + length] = np.nan
    assert_marks(detect_beats(signal, FS), BEATS, within=1)


@steady
@given(st.data())
def test_beats_beside_gaps_are_found_and_gaps_make_none(data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, LEAD.size - 1), min_size=1, max_size=4))
    lengths = [data.draw(st.integers(1, FS)) for _ in starts]
    signal = LEAD.copy()
    for start, length in zip(starts, lengths, strict=True):
        signal[start : start + length] = np.nan
    unknown = np.flatnonzero(np.isnan(signal))

    detected = detect_beats(signal, FS)

    assert not np.isin(detected, unknown).any()
    distance = np.abs(BEATS[:, None] - unknown).min(axis=1)
    clear = BEATS[distance > 0.2 * FS]
    assert match_beats(clear, detected, 1).false_negatives == 0
    # What a gap leaves of a beat may still be marked.
    assert match_beats(BEATS, detected, 0.2 * FS).false_positives == 0


def test_gaps_of_single_samples_lose_no_beat() -> None:
    signal = LEAD.copy()
    signal[np.random.default_rng(0).random(LEAD.size) < 0.1] = np.nan
    assert_marks(detect_beats(signal, FS), BEATS, within=2)


@steady
@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.integers(0, 1500),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    st.sampled_from(SAMPLING_RATES),
)
def test_any_numbers_give_ascending_samples_of_the_signal(
    signal: NDArray[np.float64], fs: int
) -> None:
    detected = detect_beats(signal, fs)
    assert detected.dtype == np.int64
    assert (np.diff(detected) > 0).all()
    assert np.isfinite(signal[detected]).all()


@steady
@given(st.integers(0, 2**32 - 1), st.integers(250, 5000), st.floats(0, 1))
def test_any_noise_gives_marks_that_are_apart(seed: int, size: int, roughness: float) -> None:
    noise = np.random.default_rng(seed).standard_normal(size)
    signal = roughness * noise + (1 - roughness) * np.cumsum(noise)
    detected = detect_beats(signal, FS)
    assert (np.diff(detected) > 0.03 * FS).all()
    assert ((detected >= 0) & (detected < size)).all()


# Several leads


def two_leads() -> NDArray[np.float32]:
    """Two leads that show the same beats at different size, the second one upside down."""
    return np.stack([LEAD, -0.3 * ecg_at(PEAKS, FS, SECONDS, t_wave=0.1, seed=1)])


def test_one_lead_in_a_row_has_the_marks_of_that_lead() -> None:
    np.testing.assert_array_equal(detect_beats(LEAD[None], FS), detect_beats(LEAD, FS))


@pytest.mark.parametrize("gain", [1e-3, 1.0, 1e3])
def test_leads_of_any_gain_give_one_list_of_beats(gain: float) -> None:
    leads = two_leads() * np.array([[1], [gain]], np.float32)
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


@pytest.mark.parametrize("dtype", [np.int16, np.float16, np.float64])
def test_the_layout_of_several_leads_makes_no_difference(dtype: type[np.generic]) -> None:
    leads = np.asfortranarray((two_leads() * 1000).astype(dtype))
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


@pytest.mark.parametrize("useless", ["flat", "missing", "noise", "hum"])
@pytest.mark.parametrize("row", [0, 1])
def test_a_lead_without_an_ecg_does_no_harm(useless: str, row: int) -> None:
    leads = np.stack([LEAD, LEAD])
    time = np.arange(LEAD.size) / FS
    rng = np.random.default_rng(0)
    leads[row] = {
        "flat": np.zeros(LEAD.size),
        "missing": np.full(LEAD.size, np.nan),
        "noise": rng.standard_normal(LEAD.size),
        "hum": np.sin(2 * np.pi * 50 * time),
    }[useless]
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("gap", [np.nan, 0.7])
def test_a_gap_in_one_lead_loses_no_beat_of_the_other(row: int, gap: float) -> None:
    leads = np.stack([LEAD, LEAD])
    leads[row, BEATS[5] - 60 : BEATS[8] + 60] = np.float32(gap)
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


def test_each_beat_is_marked_on_the_first_lead_that_shows_it() -> None:
    later = np.roll(LEAD, 5)
    leads = np.stack([LEAD, later])
    np.testing.assert_array_equal(detect_beats(leads, FS), detect_beats(LEAD, FS))
    leads[0, BEATS[5] - 60 : BEATS[6] + 60] = np.nan
    expected = BEATS.copy()
    expected[[5, 6]] += 5
    assert_marks(detect_beats(leads, FS), expected, within=1)


@pytest.mark.parametrize("per_second", [0.7, 1.5])
@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("beside", [0, 1])
def test_tall_irregular_spikes_in_one_lead_do_no_harm(
    beside: int, row: int, per_second: float
) -> None:
    rng, seconds = np.random.default_rng(0), 60.0
    peaks = regular_peaks(75, seconds)
    lead = ecg_at(peaks, FS, seconds)
    spikes = 0.01 * rng.standard_normal(lead.size).astype(np.float32)
    starts = rng.integers(0, lead.size - 4, round(per_second * seconds))
    spikes[starts[:, None] + np.arange(4)] = 10
    leads = np.stack([lead, lead])
    leads[row] = beside * lead + spikes
    match = match_beats(np.round(peaks * FS), detect_beats(leads, FS), 0.1 * FS)
    assert match == BeatMatch(peaks.size, 0, 0)


@pytest.mark.parametrize("delay", [5, 10, 15])
@pytest.mark.parametrize("row", [0, 1])
def test_a_complex_that_peaks_later_in_one_lead_is_one_beat(row: int, delay: int) -> None:
    leads = np.stack([LEAD, LEAD])
    leads[row] = np.roll(LEAD, delay)
    assert_marks(detect_beats(leads, FS), BEATS + (delay if row == 0 else 0), within=1)


def test_a_step_in_one_lead_is_no_beat() -> None:
    leads = two_leads()
    leads[1, (BEATS[5] + BEATS[6]) // 2 :] += np.float32(0.4)
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


def test_what_is_seen_in_several_leads_outweighs_one_that_misses_it() -> None:
    leads = np.stack([ecg_at(PEAKS, FS, SECONDS, seed=seed) for seed in range(4)])
    leads[0, BEATS[6] - 40 : BEATS[6] + 60] = np.float32(0)
    assert_marks(detect_beats(leads, FS), BEATS, within=1)


def test_a_pause_in_all_leads_stays_empty() -> None:
    peaks = np.concatenate([regular_peaks(75, 12), 18 + regular_peaks(75, 12)])
    leads = np.stack([ecg_at(peaks, FS, 30, noise=0.02, seed=seed) for seed in range(3)])
    assert_marks(detect_beats(leads, FS), np.round(peaks * FS).astype(np.int64), within=1)


@steady
@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.tuples(st.integers(1, 3), st.integers(0, 800)),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    st.sampled_from(SAMPLING_RATES),
)
def test_any_numbers_in_several_leads_give_ascending_samples(
    leads: NDArray[np.float64], fs: int
) -> None:
    detected = detect_beats(leads, fs)
    assert detected.dtype == np.int64
    assert (np.diff(detected) > 0).all()
    assert np.isfinite(leads[:, detected]).any(axis=0).all()


# What is refused


@pytest.mark.parametrize(
    ("signal", "message"),
    [
        (np.zeros((2, 2, 500)), r"signal has shape \(2, 2, 500\); allowed is \(samples,\) or"),
        (np.zeros((0, 500)), r"signal has shape \(0, 500\); allowed is .* with a lead"),
        (np.float64(1), r"signal has shape \(\); allowed is \(samples,\) or"),
        (np.zeros(500, np.complex128), "signal has type complex128; allowed are real numbers"),
        (np.array(["1"] * 500), "signal has type <U1; allowed are real numbers"),
        (np.array([None] * 500), "signal has type object; allowed are real numbers"),
    ],
)
def test_what_is_no_lead_is_refused(signal: NDArray[np.generic], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        detect_beats(signal, FS)


@pytest.mark.parametrize("fs", [99.9, 1000.1, 0, -250, np.nan, np.inf])
def test_a_sampling_rate_out_of_range_is_refused(fs: float) -> None:
    with pytest.raises(ValueError, match=rf"fs is {fs}; allowed is 100 to 1000 Hz"):
        detect_beats(LEAD, fs)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"signal has shape .*; fs is 50"):
        detect_beats(np.zeros((2, 2, 500)), 50)


# Real recordings

# F1 at 150 ms, first channel, whole record. Floors may only rise.
FLOORS = {
    "100": 1.0,
    "101": 0.9986,
    "102": 1.0,
    "103": 1.0,
    "104": 0.9988,
    "105": 0.9965,
    "106": 0.9997,
    "107": 0.9992,
    "108": 0.9949,
    "109": 1.0,
    "111": 0.9997,
    "112": 1.0,
    "113": 1.0,
    "114": 0.9997,
    "115": 1.0,
    "116": 0.9958,
    "117": 1.0,
    "118": 1.0,
    "119": 0.9997,
    "121": 1.0,
    "122": 1.0,
    "123": 0.9996,
    "124": 1.0,
    "200": 0.9994,
    "201": 0.9951,
    "202": 0.9992,
    "203": 0.9921,
    "205": 0.9994,
    "207": 0.9981,
    "208": 0.9977,
    "209": 1.0,
    "210": 0.9981,
    "212": 1.0,
    "213": 0.9998,
    "214": 0.9993,
    "215": 1.0,
    "217": 0.9995,
    "219": 1.0,
    "220": 1.0,
    "221": 0.9993,
    "222": 0.9995,
    "223": 0.9998,
    "228": 0.9985,
    "230": 1.0,
    "231": 1.0,
    "232": 0.9985,
    "233": 0.9998,
    "234": 0.9998,
}
TOTAL_FLOORS = {150: 0.999, 75: 0.9986, 50: 0.9968}
# Record 118 with electrode motion in every other two minutes, by signal-to-noise ratio in dB.
NOISE_FLOORS = {24: 1.0, 18: 0.9993, 12: 0.9973, 6: 0.9951, 0: 0.885, -6: 0.8045}


@pytest.fixture(scope="module")
def leads(records_dir: Path) -> dict[str, AnnotatedLead]:
    folder = records_dir / "mitdb" / "1.0.0"
    return {name: read_lead(folder / name) for name in FLOORS}


@pytest.fixture(scope="module")
def detections(leads: dict[str, AnnotatedLead]) -> dict[str, NDArray[np.int64]]:
    return {name: detect_beats(lead.signal, lead.fs) for name, lead in leads.items()}


@pytest.mark.recordings
@pytest.mark.parametrize("record", FLOORS)
def test_a_record_is_read_no_worse_than_before(
    record: str, leads: dict[str, AnnotatedLead], detections: dict[str, NDArray[np.int64]]
) -> None:
    assert leads[record].score(detections[record], 150).f1 >= FLOORS[record]


@pytest.mark.recordings
@pytest.mark.parametrize("tolerance_ms", TOTAL_FLOORS)
def test_the_database_is_read_no_worse_than_before(
    tolerance_ms: int,
    leads: dict[str, AnnotatedLead],
    detections: dict[str, NDArray[np.int64]],
) -> None:
    matches = (lead.score(detections[name], tolerance_ms) for name, lead in leads.items())
    total = sum(matches, start=BeatMatch(0, 0, 0))
    assert total.true_positives + total.false_negatives == 109_494
    assert total.f1 >= TOTAL_FLOORS[tolerance_ms]


@pytest.mark.recordings
@pytest.mark.parametrize("decibels", NOISE_FLOORS)
def test_electrode_motion_is_withstood_no_worse_than_before(
    decibels: int, records_dir: Path, leads: dict[str, AnnotatedLead]
) -> None:
    clean = leads["118"]
    noisy = read_lead(records_dir / "nstdb" / "1.0.0" / "118e_6")
    signal = with_motion(clean, noisy, decibels)
    assert clean.score(detect_beats(signal, clean.fs), 150).f1 >= NOISE_FLOORS[decibels]


@pytest.mark.recordings
def test_ten_seconds_are_read_almost_as_well_as_half_an_hour(
    leads: dict[str, AnnotatedLead],
) -> None:
    length, edge = 3600, 180
    total = BeatMatch(0, 0, 0)
    for name in ("100", "105", "119", "200", "203", "208", "228", "233"):
        lead = leads[name]
        for start in range(0, lead.signal.size - length, length):
            detected = detect_beats(lead.signal[start : start + length], lead.fs)
            kept = detected[(detected > edge) & (detected < length - edge)]
            inside = lead.beats[(lead.beats > start + edge) & (lead.beats < start + length - edge)]
            total += match_beats(inside, kept + start, 54)
    assert total.f1 >= 0.994


# F1 at 150 ms of both channels together.
BOTH_LEADS_FLOORS = {150: 0.9993, 75: 0.9989, 50: 0.997}
LEAST_BELOW = 0.0005


@pytest.mark.recordings
def test_both_leads_together_are_read_no_worse_than_before(
    leads: dict[str, AnnotatedLead],
    detections: dict[str, NDArray[np.int64]],
) -> None:
    totals = dict.fromkeys(BOTH_LEADS_FLOORS, BeatMatch(0, 0, 0))
    for name, record in leads.items():
        detected = detect_beats(record.leads, record.fs)
        for tolerance in totals:
            totals[tolerance] += record.score(detected, tolerance)
        alone = record.score(detections[name], 150).f1
        assert record.score(detected, 150).f1 >= alone - LEAST_BELOW, name
    for tolerance, floor in BOTH_LEADS_FLOORS.items():
        assert totals[tolerance].f1 >= floor


@pytest.mark.recordings
@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("record", ["100", "119", "215"])
def test_a_dead_lead_beside_a_real_one_costs_nothing(
    record: str, row: int, leads: dict[str, AnnotatedLead]
) -> None:
    both = leads[record].leads.copy()
    both[1 - row] = both[0]
    both[row] = np.random.default_rng(0).standard_normal(both.shape[1])
    assert leads[record].score(detect_beats(both, leads[record].fs), 150).f1 >= FLOORS[record]


# Of the F1 at 150 ms of the first channel alone, when the second is nothing but noise.
NOISE_COSTS = {"em": 0.0075, "ma": 0.0, "bw": 0.0}


@pytest.mark.recordings
@pytest.mark.parametrize("kind", NOISE_COSTS)
@pytest.mark.parametrize("record", ["100", "103", "112", "122", "219", "234"])
def test_noise_in_the_second_lead_costs_little(
    record: str,
    kind: str,
    records_dir: Path,
    leads: dict[str, AnnotatedLead],
    detections: dict[str, NDArray[np.int64]],
) -> None:
    path = records_dir / "nstdb" / "1.0.0" / kind
    noise = wfdb.rdrecord(str(path), channels=[0]).p_signal[:, 0].astype(np.float32)
    lead = leads[record]
    both = np.stack([lead.signal, noise[: lead.signal.size]])
    alone = lead.score(detections[record], 150).f1
    assert lead.score(detect_beats(both, lead.fs), 150).f1 >= alone - NOISE_COSTS[kind]


# The first channel played at double speed: 110 to 230/min.
DOUBLE_SPEED_FLOORS = {
    "100": 1.0,
    "103": 0.9995,
    "112": 1.0,
    "115": 1.0,
    "122": 1.0,
    "209": 0.9817,
    "212": 0.9996,
    "215": 0.985,
    "220": 0.9987,
    "230": 1.0,
    "234": 0.9994,
}


@pytest.mark.recordings
@pytest.mark.parametrize("record", DOUBLE_SPEED_FLOORS)
def test_a_record_at_double_speed_is_read_no_worse_than_before(
    record: str, leads: dict[str, AnnotatedLead]
) -> None:
    lead = leads[record]
    detected = detect_beats(lead.signal, 2 * lead.fs)
    assert lead.score(detected, 300).f1 >= DOUBLE_SPEED_FLOORS[record]


# F1 at 150 ms with noise of other kinds in every other two minutes after the fifth.
KINDS_FLOORS = {
    ("em", 6): 0.9845,
    ("em", 0): 0.955,
    ("ma", 6): 0.9944,
    ("ma", 0): 0.9712,
    ("bw", 6): 0.9989,
    ("bw", 0): 0.9977,
}


@pytest.mark.recordings
@pytest.mark.parametrize(("kind", "decibels"), KINDS_FLOORS)
def test_noise_is_withstood_no_worse_than_before(
    kind: str, decibels: int, records_dir: Path, leads: dict[str, AnnotatedLead]
) -> None:
    path = records_dir / "nstdb" / "1.0.0" / kind
    noise = wfdb.rdrecord(str(path), channels=[0]).p_signal[:, 0].astype(np.float32)
    total = BeatMatch(0, 0, 0)
    for name in ("100", "103", "112", "121", "219", "221"):
        lead = leads[name]
        added = noise[: lead.signal.size] * _gain(lead, noise, decibels)
        minutes = np.arange(lead.signal.size) / lead.fs / 60
        added[(minutes < 5) | ((minutes - 5) % 4 >= 2)] = 0
        total += lead.score(detect_beats(lead.signal + added, lead.fs), 150)
    assert total.f1 >= KINDS_FLOORS[kind, decibels]


def _gain(lead: AnnotatedLead, noise: NDArray[np.float32], decibels: float) -> np.float32:
    """Scale noise as the Noise Stress Test does, by the size of the complexes."""
    beats = lead.beats[lead.beats > 18][:300]
    size = np.sort(np.ptp(lead.signal[beats[:, None] + np.arange(-18, 19)], axis=1))[15:-15]
    seconds = noise[: noise.size // 360 * 360].reshape(-1, 360)
    power = float((size**2).mean()) / 8 / float(seconds.var(axis=1).mean())
    return np.float32(np.sqrt(power / 10 ** (decibels / 10)))


# F1 at 150 ms of every fourth record, each lead alone and all together; of all records.
LUDB_LEADS = ("i", "ii", "v1", "v5")
LUDB_FLOOR = 0.9948
LUDB_TOGETHER_FLOOR = 0.9967
CPSC_FLOOR = 0.9977


@pytest.mark.recordings
def test_twelve_leads_of_ten_seconds_are_read_no_worse_than_before(records_dir: Path) -> None:
    folder = records_dir / "ludb" / "1.0.1" / "data"
    alone, together = BeatMatch(0, 0, 0), BeatMatch(0, 0, 0)
    for number in range(1, 201, 4):
        path = folder / str(number)
        provenance = Provenance(Origin.REAL, path.name)
        names = [printed_lead(lead) for lead in LUDB_LEADS]
        strip = read_strip(path, start_s=0.0, seconds=None, leads=names, provenance=provenance)
        every = detect_beats(strip.signal, strip.fs)
        for row, lead in enumerate(LUDB_LEADS):
            marks = read_annotations(path, lead)
            samples = marks.samples
            beats = samples[np.asarray(marks.symbols) == "N"]
            for detected in (detect_beats(strip.signal[row], strip.fs), every):
                inside = detected[(detected >= samples.min()) & (detected <= samples.max())]
                match = match_beats(beats, inside, 0.15 * strip.fs)
                if detected is every:
                    together += match
                else:
                    alone += match
    assert alone.f1 >= LUDB_FLOOR
    assert together.f1 >= LUDB_TOGETHER_FLOOR


@pytest.mark.recordings
def test_atrial_fibrillation_is_read_no_worse_than_before(records_dir: Path) -> None:
    total = BeatMatch(0, 0, 0)
    for header in sorted((records_dir / "cpsc2021" / "1.0.0").rglob("*.hea")):
        record = read_lead(header.with_suffix(""))
        total += record.score(detect_beats(record.leads, record.fs), 150)
    assert total.f1 >= CPSC_FLOOR


@pytest.mark.recordings
def test_each_wide_complex_of_a_tachycardia_is_counted_once(records_dir: Path) -> None:
    path = records_dir / "vfdb" / "1.0.0" / "611"
    provenance = Provenance(Origin.REAL, path.name)
    strip = read_strip(path, start_s=0.0, seconds=None, leads=None, provenance=provenance)
    detected = detect_beats(strip.signal[0], strip.fs)
    marks = read_annotations(path, "atr")
    starts = np.array([note.rstrip("\0") == "(VT" for note in marks.aux_notes])
    ends = np.append(marks.samples[1:], strip.signal.shape[1])
    intervals = [
        np.diff(detected[(detected >= start) & (detected < end)]) / strip.fs
        for start, end in zip(marks.samples[starts], ends[starts], strict=True)
    ]
    rate = 60 / np.median(np.concatenate(intervals))
    assert 125 < rate < 150


@pytest.mark.parametrize("minutes", [30, 50, 90])
def test_a_long_recording_can_be_searched_again_and_again(minutes: int) -> None:
    minute = ecg_at(regular_peaks(75, 60), FS, 60)
    recording = np.tile(minute, minutes)
    first = detect_beats(recording, FS)
    assert_marks(first, detect_beats(recording, FS), within=0)
    assert first.size == detect_beats(minute, FS).size * minutes

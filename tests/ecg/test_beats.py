from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from rhythmtrainer.ecg import beats, detect_beats
from rhythmtrainer.ecg.matching import BeatMatch, match_beats
from tests.bench.beats import AnnotatedLead, read_lead
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
    np.testing.assert_array_equal(beats._survivors(position, weight, 12.0), [0, 2, 3])


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


# What is refused


@pytest.mark.parametrize(
    ("signal", "message"),
    [
        (np.zeros((2, 500)), r"signal has shape \(2, 500\); allowed is one dimension"),
        (np.float64(1), r"signal has shape \(\); allowed is one dimension"),
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
        detect_beats(np.zeros((2, 500)), 50)


# Real recordings

# F1 at 150 ms, first channel, whole record. Floors may only rise.
FLOORS = {
    "100": 1.0,
    "101": 0.9986,
    "102": 1.0,
    "103": 1.0,
    "104": 0.997,
    "105": 0.9957,
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
    "201": 0.9948,
    "202": 0.999,
    "203": 0.9907,
    "205": 0.9994,
    "207": 0.9981,
    "208": 0.9977,
    "209": 1.0,
    "210": 0.9979,
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
    "228": 0.9968,
    "230": 1.0,
    "231": 1.0,
    "232": 0.9985,
    "233": 0.9998,
    "234": 0.9998,
}
TOTAL_FLOORS = {150: 0.9989, 75: 0.9984, 50: 0.9954}
# Record 118 with electrode motion in every other two minutes, by signal-to-noise ratio in dB.
NOISE_FLOORS = {24: 0.9999, 12: 0.989, 6: 0.911, 0: 0.832, -6: 0.771}


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
    noisy = read_lead(records_dir / "nstdb" / "1.0.0" / "118e_6").signal
    share = np.float32(10 ** (-(decibels + 6) / 20))
    signal = clean.signal + (noisy - clean.signal) * share
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

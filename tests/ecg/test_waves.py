import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import resample_poly

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.model.waves import ABSENT, Wave, Waves
from tests.bench.waves import (
    LEADS,
    TEST,
    WAVES,
    MarkedLead,
    ludb_folder,
    read_record,
    score,
    total,
)
from tests.support.waves_synthetic import (
    INVERTED_T,
    NORMAL,
    VENTRICULAR,
    WITHOUT_P,
    WITHOUT_T,
    Beat,
    Shape,
    regular,
    strip_of,
)

SAMPLING_RATES = (100, 128, 200, 250, 257, 360, 500, 1000)
FS = 500
SECONDS = 12.0
PEAKS = regular(75, SECONDS)
LEAD = strip_of([NORMAL] * PEAKS.size, PEAKS, FS, SECONDS)
BEATS = np.round(PEAKS * FS).astype(np.int64)
FOUND = delineate(LEAD, FS, BEATS)

# A slow machine is no failure.
steady = settings(deadline=None, max_examples=40)


def marks_of(waves: Waves) -> NDArray[np.int64]:
    """All marks of all waves, shape (3, 3, beats)."""
    kinds = (waves.p, waves.qrs, waves.t)
    return np.array([(wave.onset, wave.peak, wave.end) for wave in kinds])


def assert_same(waves: Waves, expected: Waves, within: int) -> None:
    mine, other = marks_of(waves), marks_of(expected)
    np.testing.assert_array_equal(mine == ABSENT, other == ABSENT)
    assert np.abs(mine - other).max(initial=0) <= within


def assert_bounds(
    wave: Wave, beats: NDArray[np.int64], fs: float, shape: Shape, within_s: float
) -> None:
    assert wave.present.all()
    onset, end = shape.visible
    assert np.abs((wave.onset - beats) / fs - onset).max() <= within_s
    assert np.abs((wave.end - beats) / fs - end).max() <= within_s


def assert_in_order(waves: Waves, size: int) -> None:
    for wave in (waves.p, waves.qrs, waves.t):
        present = wave.present
        for marks in (wave.onset, wave.peak, wave.end):
            assert marks.dtype == np.int64
            assert ((marks == ABSENT) == ~present).all()
            assert ((marks >= ABSENT) & (marks < size)).all()
        assert (wave.onset <= wave.peak)[present].all()
        assert (wave.peak <= wave.end)[present].all()
    both = waves.p.present & waves.qrs.present
    assert (waves.p.end <= waves.qrs.onset)[both].all()
    both = waves.t.present & waves.qrs.present
    assert (waves.qrs.end <= waves.t.onset)[both].all()
    both = waves.t.present[:-1] & waves.qrs.present[1:]
    assert (waves.t.end[:-1] < waves.qrs.onset[1:])[both].all()
    both = waves.t.present[:-1] & waves.p.present[1:]
    assert (waves.t.end[:-1] <= waves.p.onset[1:])[both].all()


# Known bounds


@pytest.mark.parametrize("fs", SAMPLING_RATES)
def test_bounds_are_found_at_any_sampling_rate(fs: int) -> None:
    beats = np.round(PEAKS * fs).astype(np.int64)
    found = delineate(strip_of([NORMAL] * PEAKS.size, PEAKS, fs, SECONDS), fs, beats)
    assert NORMAL.p is not None
    assert NORMAL.t is not None
    assert_bounds(found.p, beats, fs, NORMAL.p, 0.02)
    assert_bounds(found.t, beats, fs, NORMAL.t, 0.02)
    assert_bounds(found.qrs, beats, fs, Shape(-0.045, 0.05, 1), 0.025)
    np.testing.assert_array_equal(found.qrs.peak, beats)


@pytest.mark.parametrize("rate", [20, 30, 40, 60, 90, 120])
def test_bounds_follow_the_rate(rate: int) -> None:
    pace = min(1.0, float(np.sqrt(60 / rate)))
    p, t = Shape(-0.2 * pace, -0.09 * pace, 0.15), Shape(0.16 * pace, 0.38 * pace, 0.3)
    peaks = regular(rate, 20)
    beats = np.round(peaks * FS).astype(np.int64)
    found = delineate(strip_of([Beat(p=p, t=t)] * peaks.size, peaks, FS, 20), FS, beats)
    assert_bounds(found.p, beats, FS, p, 0.03)
    assert_bounds(found.t, beats, FS, t, 0.03)


@pytest.mark.parametrize("beats", [1, 2, 3])
def test_few_beats_are_enough(beats: int) -> None:
    cut = int(BEATS[beats] - 200)
    assert_same(
        delineate(LEAD[:cut], FS, BEATS[:beats]),
        Waves(
            *(
                Wave(*(marks[:beats] for marks in (wave.onset, wave.peak, wave.end)))
                for wave in (FOUND.p, FOUND.qrs, FOUND.t)
            )
        ),
        within=6,
    )


def test_a_wide_complex_is_wider_and_its_neighbours_are_not() -> None:
    kinds = [NORMAL] * PEAKS.size
    kinds[5] = kinds[9] = VENTRICULAR
    found = delineate(strip_of(kinds, PEAKS, FS, SECONDS), FS, BEATS)
    width = (found.qrs.end - found.qrs.onset) / FS
    ectopic = np.isin(np.arange(PEAKS.size), [5, 9])
    assert width[ectopic].min() > 0.14
    assert width[~ectopic].max() < 0.115
    np.testing.assert_array_equal(found.p.present, ~ectopic)


def test_an_inverted_t_wave_is_found_in_the_same_place() -> None:
    found = delineate(strip_of([INVERTED_T] * PEAKS.size, PEAKS, FS, SECONDS), FS, BEATS)
    assert_same(found, FOUND, within=6)


@pytest.mark.parametrize("rate", [150, 200, 240, 280])
def test_t_waves_are_found_at_high_rates(rate: int) -> None:
    pace = float(np.sqrt(60 / rate))
    t = Shape(0.16 * pace, 0.38 * pace, 0.3)
    peaks = regular(rate, SECONDS)
    beats = np.round(peaks * FS).astype(np.int64)
    signal = strip_of([replace(WITHOUT_P, t=t)] * peaks.size, peaks, FS, SECONDS)
    assert_bounds(delineate(signal, FS, beats).t, beats, FS, t, 0.03)


def test_a_large_p_wave_is_not_the_t_wave_of_the_beat_before() -> None:
    peaks = regular(110, SECONDS)
    beats = np.round(peaks * FS).astype(np.int64)
    p, t = Shape(-0.19, -0.08, 0.4), Shape(0.1, 0.3, 0.1)
    found = delineate(strip_of([Beat(p=p, t=t)] * peaks.size, peaks, FS, SECONDS), FS, beats)
    assert np.abs((found.t.peak - beats) / FS - 0.2).max() < 0.03
    assert_bounds(found.p, beats, FS, p, 0.02)


def test_a_pr_interval_of_0_4_s_is_measured() -> None:
    p = Shape(-0.45, -0.34, 0.15)
    peaks = regular(60, SECONDS)
    beats = np.round(peaks * FS).astype(np.int64)
    found = delineate(strip_of([Beat(p=p)] * peaks.size, peaks, FS, SECONDS), FS, beats)
    assert_bounds(found.p, beats, FS, p, 0.03)


def test_faint_t_waves_are_found_in_noise() -> None:
    signal = strip_of(
        [replace(NORMAL, t=Shape(0.16, 0.38, 0.05))] * PEAKS.size, PEAKS, FS, SECONDS, noise=0.03
    )
    found = delineate(signal, FS, BEATS).t
    assert found.present.all()
    assert np.abs((found.peak - BEATS) / FS - 0.27).max() < 0.04


def test_noise_widens_no_complex() -> None:
    noisy = strip_of([NORMAL] * PEAKS.size, PEAKS, FS, SECONDS, noise=0.08)
    found = delineate(noisy, FS, BEATS).qrs
    assert np.abs(found.onset - FOUND.qrs.onset).max() <= 0.008 * FS
    assert np.abs(found.end - FOUND.qrs.end).max() <= 0.008 * FS


@pytest.mark.parametrize("aside_s", [-0.02, 0.02, 0.07])
def test_a_mark_beside_the_r_peak_moves_no_bound(aside_s: float) -> None:
    signal = strip_of([VENTRICULAR] * PEAKS.size, PEAKS, FS, SECONDS)
    usual, found = (delineate(signal, FS, BEATS + round(by * FS)) for by in (0.0, aside_s))
    assert_in_order(found, signal.size)
    for wave in ("qrs", "t"):
        mine, other = getattr(found, wave), getattr(usual, wave)
        assert np.abs(mine.onset - other.onset).max() <= 0.012 * FS
        assert np.abs(mine.end - other.end).max() <= 0.012 * FS


# What is not there


def test_a_flat_line_after_a_complex_is_no_t_wave() -> None:
    signal = strip_of([WITHOUT_T] * PEAKS.size, PEAKS, FS, SECONDS, noise=0, wander=0)
    found = delineate(signal, FS, BEATS)
    assert not found.t.present.any()
    assert found.p.present.all()


def test_no_p_waves_where_there_are_none() -> None:
    signal = strip_of([WITHOUT_P] * PEAKS.size, PEAKS, FS, SECONDS)
    found = delineate(signal, FS, BEATS)
    assert not found.p.present.any()
    assert (found.p.onset == ABSENT).all()
    assert found.t.present.all()


def test_no_t_waves_where_there_are_none() -> None:
    found = delineate(strip_of([WITHOUT_T] * PEAKS.size, PEAKS, FS, SECONDS), FS, BEATS)
    assert not found.t.present.any()
    assert found.p.present.all()


def test_a_complex_behind_a_pacing_spike_has_no_p_wave() -> None:
    paced = replace(VENTRICULAR, p=NORMAL.earlier_p(0.05).p)
    signal = strip_of([paced] * PEAKS.size, PEAKS, FS, SECONDS)
    assert delineate(signal, FS, BEATS).p.present.all()
    signal[BEATS - 40] += 1.0
    found = delineate(signal, FS, BEATS)
    assert not found.p.present.any()
    assert found.qrs.present.all()


def test_a_spike_in_the_atria_leaves_the_p_wave() -> None:
    paced = replace(VENTRICULAR, p=NORMAL.earlier_p(0.05).p)
    signal = strip_of([paced] * PEAKS.size, PEAKS, FS, SECONDS)
    signal[BEATS - 125] += 1.0
    assert delineate(signal, FS, BEATS).p.present.all()


@pytest.mark.parametrize("amplitude", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_fibrillating_atria_have_no_p_waves(seed: int, amplitude: float) -> None:
    peaks = 0.7 + np.cumsum(np.random.default_rng(seed).uniform(0.45, 1.1, 14))
    seconds = peaks[-1] + 0.7
    signal = strip_of(
        [WITHOUT_P] * peaks.size, peaks, FS, seconds, fibrillation=amplitude, seed=seed
    )
    found = delineate(signal, FS, np.round(peaks * FS).astype(np.int64))
    assert found.p.present.mean() <= 0.15


def test_a_wave_that_an_end_cuts_off_is_absent() -> None:
    start, end = int(BEATS[2] - 60), int(BEATS[8] + 120)
    found = delineate(LEAD[start:end], FS, BEATS[2:9] - start)
    np.testing.assert_array_equal(found.p.present, [False] + [True] * 6)
    np.testing.assert_array_equal(found.t.present, [True] * 6 + [False])
    assert found.qrs.present.all()


@pytest.mark.parametrize("cut", range(-4, 5))
def test_no_mark_lies_beyond_the_signal(cut: int) -> None:
    end = int(FOUND.t.end[-2]) + cut
    signal = LEAD[:end]
    assert_in_order(delineate(signal, FS, BEATS[:-1]), end)
    start = int(FOUND.p.onset[1]) + cut
    assert_in_order(delineate(LEAD[start:], FS, BEATS[1:] - start), LEAD.size - start)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_wave_in_a_gap_is_absent_and_the_others_stay(value: float) -> None:
    signal = LEAD.copy()
    signal[BEATS[4] + 100 : BEATS[4] + 160] = value
    found = delineate(signal, FS, BEATS)
    np.testing.assert_array_equal(found.t.present, np.arange(BEATS.size) != 4)
    others = np.delete(marks_of(found), 4, axis=2) - np.delete(marks_of(FOUND), 4, axis=2)
    assert np.abs(others).max() <= 6


def test_a_beat_in_a_gap_has_no_waves() -> None:
    signal = LEAD.copy()
    signal[BEATS[4] - 150 : BEATS[4] + 250] = np.nan
    assert (marks_of(delineate(signal, FS, BEATS))[:, :, 4] == ABSENT).all()


# PR intervals


def test_pr_intervals_that_lengthen_are_measured_beat_by_beat() -> None:
    longer = 0.05 * (np.arange(PEAKS.size) % 3)
    kinds = [NORMAL.earlier_p(by) for by in longer]
    found = delineate(strip_of(kinds, PEAKS, FS, SECONDS), FS, BEATS)
    assert found.p.present.all()
    pr = (found.qrs.onset - found.p.onset) / FS
    assert np.abs(pr - pr[0] - longer).max() < 0.015


def test_one_long_pr_interval_is_seen() -> None:
    kinds = [NORMAL.earlier_p(0.1 * (beat == 6)) for beat in range(PEAKS.size)]
    found = delineate(strip_of(kinds, PEAKS, FS, SECONDS), FS, BEATS)
    pr = (found.qrs.onset - found.p.onset) / FS
    assert pr[6] - np.median(pr) == pytest.approx(0.1, abs=0.015)


# What must make no difference


@steady
@given(st.floats(-12, 12))
def test_size_makes_no_difference(exponent: float) -> None:
    assert_same(delineate(LEAD * np.float32(10**exponent), FS, BEATS), FOUND, within=3)


@pytest.mark.parametrize("factor", [1e-300, 1e-100, 1e-3, 1e3, 1e100, 1e305])
@pytest.mark.parametrize("kind", [NORMAL, VENTRICULAR])
def test_sizes_at_the_ends_of_what_numbers_hold_make_no_difference(
    kind: Beat, factor: float
) -> None:
    signal = strip_of([kind] * PEAKS.size, PEAKS, FS, SECONDS).astype(np.float64)
    expected = delineate(signal, FS, BEATS)
    assert_same(delineate(signal * factor, FS, BEATS), expected, within=3)


@steady
@given(st.floats(-50, 50))
def test_an_offset_makes_no_difference(offset: float) -> None:
    assert_same(delineate(LEAD + np.float64(offset), FS, BEATS), FOUND, within=3)


def test_an_inverted_lead_has_the_same_marks() -> None:
    assert_same(delineate(-LEAD, FS, BEATS), FOUND, within=0)


@steady
@given(st.integers(0, 3 * FS), st.integers(0, 3 * FS))
def test_padding_moves_the_marks(before: int, after: int) -> None:
    padded = np.pad(LEAD, (before, after), mode="edge")
    moved = marks_of(delineate(padded, FS, BEATS + before))
    expected = marks_of(FOUND)
    known = (expected != ABSENT) & (moved != ABSENT)
    assert known[:, :, 1:-1].all()
    assert np.abs(moved - before - expected)[known].max() <= 6


def test_two_strips_in_a_row_have_the_waves_of_both() -> None:
    both = np.concatenate([LEAD, LEAD])
    found = marks_of(delineate(both, FS, np.concatenate([BEATS, BEATS + LEAD.size])))
    first, second = np.split(found, 2, axis=2)
    assert np.abs(first - marks_of(FOUND)).max() <= 6
    assert np.abs(second - LEAD.size - marks_of(FOUND)).max() <= 6


@pytest.mark.parametrize("fs", [128, 250, 1000])
def test_resampling_makes_little_difference(fs: int) -> None:
    signal = resample_poly(LEAD.astype(np.float64), fs, FS)
    found = marks_of(delineate(signal, fs, np.round(PEAKS * fs).astype(np.int64)))
    assert np.abs(found / fs - marks_of(FOUND) / FS).max() < 0.014


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64, np.float16, np.float64])
def test_the_type_of_the_numbers_makes_no_difference(dtype: type[np.generic]) -> None:
    assert_same(delineate((LEAD * 1000).astype(dtype), FS, BEATS), FOUND, within=6)


def test_the_layout_in_memory_makes_no_difference() -> None:
    leads = np.stack([LEAD, LEAD * 0, LEAD * 0], axis=1)
    assert_same(delineate(leads[:, 0], FS, BEATS), FOUND, within=0)
    assert_same(delineate(LEAD.tolist(), FS, BEATS.tolist()), FOUND, within=3)


@pytest.mark.parametrize("fs", [250, 257, 360, 500, 1000])
@pytest.mark.parametrize("amplitude_mv", [0.05, 0.2])
@pytest.mark.parametrize("hum", [50, 60, 49.9])
def test_hum_moves_no_mark_far(hum: float, amplitude_mv: float, fs: int) -> None:
    beats = np.round(PEAKS * fs).astype(np.int64)
    signal = strip_of([NORMAL] * PEAKS.size, PEAKS, fs, SECONDS)
    noisy = signal + amplitude_mv * np.sin(2 * np.pi * hum * np.arange(signal.size) / fs)
    usual, found = (marks_of(delineate(lead, fs, beats)) for lead in (signal, noisy))
    assert np.abs(found - usual).max() <= 0.02 * fs


@pytest.mark.parametrize("amplitude_mv", [0.05, 0.2])
def test_strong_hum_is_taken_away_and_not_smoothed(amplitude_mv: float) -> None:
    hum = amplitude_mv * np.sin(2 * np.pi * 50 * np.arange(LEAD.size) / FS)
    assert_same(delineate(LEAD + hum, FS, BEATS), FOUND, within=4)


def test_many_beats_are_as_good_as_few() -> None:
    peaks = regular(75, 120)
    beats = np.round(peaks * FS).astype(np.int64)
    found = delineate(strip_of([NORMAL] * peaks.size, peaks, FS, 120), FS, beats)
    assert NORMAL.p is not None
    assert_bounds(found.p, beats, FS, NORMAL.p, 0.02)


def test_the_memory_for_a_long_record_is_small() -> None:
    repeats = 60
    signal = np.tile(LEAD, repeats)
    beats = (BEATS + LEAD.size * np.arange(repeats)[:, None]).ravel()
    tracemalloc.start()
    try:
        delineate(signal, FS, beats)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < signal.nbytes


def test_the_marks_are_read_only_copies() -> None:
    mine = BEATS.copy()
    wave = Wave(mine, mine, mine)
    assert mine.flags.writeable
    mine[0] = 7
    assert wave.onset[0] == BEATS[0]
    for marks in (FOUND.p.onset, FOUND.qrs.peak, FOUND.t.end, wave.peak):
        assert not marks.flags.writeable


def test_the_signal_is_left_as_it_was() -> None:
    signal = LEAD.copy()
    signal[300:320] = np.nan
    before = signal.copy()
    signal.flags.writeable = False
    delineate(signal, FS, BEATS)
    np.testing.assert_array_equal(signal, before)


# Anything may come in


@steady
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 4000), st.floats(0, 1), st.sampled_from([128, 500])
)
def test_any_numbers_give_marks_in_order(seed: int, size: int, roughness: float, fs: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(size)
    signal = roughness * noise + (1 - roughness) * np.cumsum(noise)
    signal[rng.random(size) < 0.02 * roughness] = np.nan
    beats = np.unique(rng.integers(0, size, rng.integers(0, 15)))
    assert_in_order(delineate(signal, fs, beats), size)


@pytest.mark.parametrize("interval_s", [0.2, 0.3, 0.5, 1.0, 3.0])
def test_marks_are_in_order_at_any_rate(interval_s: float) -> None:
    peaks = np.arange(0.7, SECONDS - 0.6, interval_s)
    signal = strip_of([VENTRICULAR] * peaks.size, peaks, FS, SECONDS)
    assert_in_order(delineate(signal, FS, np.round(peaks * FS).astype(np.int64)), signal.size)


@pytest.mark.parametrize("step_mv", [-10.0, 10.0])
def test_a_step_leaves_the_marks_of_other_beats(step_mv: float) -> None:
    signal = LEAD.copy()
    signal[BEATS[6] + 230 :] += np.float32(step_mv)
    found = marks_of(delineate(signal, FS, BEATS))
    far = np.abs(np.arange(BEATS.size) - 6) > 1
    assert np.abs(found - marks_of(FOUND))[1][:, far].max() <= 6


@pytest.mark.parametrize("value", [0.0, 0.1, 1e300, np.nan, np.inf])
def test_a_constant_has_no_waves(value: float) -> None:
    assert (marks_of(delineate(np.full(3000, value), FS, [500, 1000, 1500])) == ABSENT).all()


@pytest.mark.parametrize("signal", [np.empty(0), LEAD])
def test_no_beats_have_no_waves(signal: NDArray[np.float32]) -> None:
    found = delineate(signal, FS, [])
    assert marks_of(found).shape == (3, 3, 0)
    assert found.p.onset.dtype == np.int64


# What is refused


@pytest.mark.parametrize(
    ("signal", "beats", "message"),
    [
        (np.zeros((2, 500)), [100], r"signal has shape \(2, 500\); allowed is one dimension"),
        (np.zeros(500, np.complex128), [100], "signal has type complex128; allowed are real"),
        (np.zeros(500), [[100]], r"beats has shape \(1, 1\); allowed is one dimension"),
        (np.zeros(500), [100.5], "beats has type float64; allowed are sample numbers"),
        (np.zeros(500), [-1, 100], "beats reach from -1 to 100; the signal has 500"),
        (np.zeros(500), [100, 500], "beats reach from 100 to 500; the signal has 500"),
        (np.zeros(500), [100, 100], "beats do not ascend"),
        (np.empty(0), [0], "beats reach from 0 to 0; the signal has 0"),
    ],
)
def test_what_does_not_fit_is_refused(
    signal: NDArray[np.generic], beats: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        delineate(signal, FS, beats)


@pytest.mark.parametrize("fs", [99.9, 1000.1, 0, -250, np.nan, np.inf])
def test_a_sampling_rate_out_of_range_is_refused(fs: float) -> None:
    with pytest.raises(ValueError, match=rf"fs is {fs}; allowed is 100 to 1000 Hz"):
        delineate(LEAD, fs, BEATS)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"signal has shape .*; fs is 50.*; beats do not ascend"):
        delineate(np.zeros((2, 500)), 50, [3, 2])


# Real recordings: the half of LUDB that settled nothing. Floors of F1 in %, which may only rise,
# and ceilings of the standard deviations in ms, which may only fall.
LEAD_II_F1 = {"p": 99.4, "qrs": 100.0, "t": 99.9}
LEAD_II_SD_MS = {"p": (14.0, 10.5), "qrs": (8.8, 11.3), "t": (21.2, 19.2)}
ALL_LEADS_F1 = {"p": 97.4, "qrs": 100.0, "t": 99.2}
ALL_LEADS_SD_MS = {"p": (18.3, 15.7), "qrs": (10.7, 11.3), "t": (25.8, 23.0)}
MEAN_MS = 4.0


@pytest.fixture(scope="module")
def marked(records_dir: Path) -> list[MarkedLead]:
    folder = ludb_folder(records_dir)
    return [lead for record in TEST for lead in read_record(folder, record, LEADS)]


@pytest.fixture(scope="module")
def marked_ii(marked: list[MarkedLead]) -> list[MarkedLead]:
    return [lead for lead in marked if lead.lead == "ii"]


@pytest.mark.recordings
def test_lead_ii_of_real_recordings(marked_ii: list[MarkedLead]) -> None:
    scores = total(marked_ii)
    for wave in WAVES:
        assert scores[wave].f1 >= LEAD_II_F1[wave]
        errors = scores[wave].errors_ms
        assert (np.nanstd(errors, axis=0) <= LEAD_II_SD_MS[wave]).all()
        assert (np.abs(np.nanmean(errors, axis=0)) <= MEAN_MS).all()


@pytest.mark.recordings
def test_all_leads_of_real_recordings(marked: list[MarkedLead]) -> None:
    scores = total(marked)
    for wave in WAVES:
        assert scores[wave].f1 >= ALL_LEADS_F1[wave]
        errors = scores[wave].errors_ms
        assert (np.nanstd(errors, axis=0) <= ALL_LEADS_SD_MS[wave]).all()
        assert (np.abs(np.nanmean(errors, axis=0)) <= MEAN_MS).all()


@pytest.mark.recordings
def test_p_waves_are_rare_where_the_reference_has_none(marked_ii: list[MarkedLead]) -> None:
    scores = total(lead for lead in marked_ii if not lead.marks["p"].size)
    assert scores["p"].made_up == 0


@pytest.mark.recordings
def test_detected_beats_are_as_good_as_marked_ones(marked_ii: list[MarkedLead]) -> None:
    found = dict.fromkeys(WAVES, 0.0)
    for lead in marked_ii:
        beats = detect_beats(lead.signal, lead.fs)
        for wave, one in score(lead, delineate(lead.signal, lead.fs, beats)).items():
            found[wave] += one.f1 / len(marked_ii)
    assert found["qrs"] > 99.5
    assert found["t"] > 99.0
    assert found["p"] > 86.0  # a record without P waves counts 0 for the first that is marked


@pytest.mark.recordings
@pytest.mark.parametrize("fs", [128, 250, 1000])
def test_real_recordings_at_other_sampling_rates(marked_ii: list[MarkedLead], fs: int) -> None:
    moved = [
        MarkedLead(
            lead.record,
            lead.lead,
            resample_poly(lead.signal.astype(np.float64), fs, FS).astype(np.float32),
            fs,
            {
                wave: np.where(marks == ABSENT, ABSENT, np.rint(marks * (fs / FS)).astype(np.int64))
                for wave, marks in lead.marks.items()
            },
        )
        for lead in marked_ii
    ]
    scores = total(moved)
    for wave, slack in (("p", 1.0), ("qrs", 0.1), ("t", 0.5)):
        assert scores[wave].f1 >= LEAD_II_F1[wave] - slack
        spread = np.nanstd(scores[wave].errors_ms, axis=0)
        assert (spread <= 1.15 * np.array(LEAD_II_SD_MS[wave])).all()

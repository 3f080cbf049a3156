from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from rhythmtrainer.ecg.quality import quality
from rhythmtrainer.model.quality import Quality
from tests.bench.quality import mitdb, noise_stress, vfdb, whole
from tests.support.synthetic import ecg_at, regular_peaks

SAMPLING_RATES = (100, 128, 250, 257.3, 360, 500, 1000)
MASKS = ("missing", "flat", "clipped", "saturated", "motion", "mains", "noisy", "usable")
DISTURBANCES = MASKS[:-1]

FS = 250
SECONDS = 20
LEAD = ecg_at(regular_peaks(75, SECONDS), FS, SECONDS)

steady = settings(deadline=None, max_examples=60)


def lead_at(
    fs: float, rate: float = 75, *, noise: float = 0.01, wander: float = 0.1
) -> NDArray[np.float32]:
    return ecg_at(regular_peaks(rate, SECONDS), fs, SECONDS, noise=noise, wander=wander)


def marked(judged: Quality) -> set[str]:
    return {name for name in DISTURBANCES if getattr(judged, name).any()}


def seconds_of(mask: NDArray[np.bool_]) -> list[int]:
    return [int(second) for second in np.flatnonzero(mask.any(axis=0))]


def assert_same(one: Quality, other: Quality) -> None:
    for name in MASKS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


# What can be read


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("rate", [20, 40, 75, 110, 150, 180, 200, 220, 250, 280, 300])
def test_an_ecg_is_usable_at_any_rate(rate: int, fs: float) -> None:
    judged = quality(lead_at(fs, rate), fs)
    assert judged.usable_share >= 0.95
    assert not judged.noisy.any()


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("rate", [40, 120, 150, 200, 250])
def test_wide_complexes_are_usable(rate: int, fs: float) -> None:
    signal = ecg_at(regular_peaks(rate, SECONDS), fs, SECONDS, wide=True)
    assert quality(signal, fs).usable.all()


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("amplitude", [0.1, 0.4, 1.0])
def test_fibrillation_is_usable(amplitude: float, fs: float) -> None:
    time = np.arange(round(SECONDS * fs)) / fs
    chaos = np.random.default_rng(1)
    phase = np.cumsum(2 * np.pi * (5 + np.interp(time, range(21), chaos.normal(0, 1, 21))) / fs)
    size = amplitude * np.interp(time, range(21), chaos.uniform(0.4, 1, 21))
    judged = quality(size * np.sin(phase) + 0.01 * chaos.standard_normal(time.size), fs)
    assert judged.usable_share >= 0.95
    assert not judged.flat.any()


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("wander", [0.0, 0.3, 1.0])
def test_asystole_is_usable_and_not_flat(wander: float, fs: float) -> None:
    assert marked(quality(ecg_at([], fs, SECONDS, noise=0.01, wander=wander), fs)) == set()


def test_a_low_voltage_ecg_is_usable() -> None:
    assert quality(0.15 * LEAD, FS).usable.all()


@pytest.mark.parametrize("rate", [20, 30, 40])
def test_a_flat_line_between_beats_is_a_pause(rate: int) -> None:
    judged = quality(lead_at(FS, rate, noise=0, wander=0), FS)
    assert judged.flat.any()
    assert judged.usable.all()


def test_a_wandering_baseline_is_motion_and_still_usable() -> None:
    judged = quality(lead_at(FS, wander=1.5), FS)
    assert judged.motion.any()
    assert judged.usable.all()


# What disturbs


@pytest.mark.parametrize("fs", SAMPLING_RATES)
def test_an_electrode_that_comes_off_is_flat_and_unusable(fs: float) -> None:
    signal = lead_at(fs)
    signal[round(10 * fs) :] = 0.123
    judged = quality(signal, fs)
    assert seconds_of(judged.flat) == list(range(10, 20))
    assert seconds_of(~judged.usable) == list(range(10, 20))


@pytest.mark.parametrize("value", [0.0, -3.0, 5.0, 1e300])
def test_a_constant_is_flat_and_unusable(value: float) -> None:
    judged = quality(np.full(10 * FS, value), FS)
    assert judged.flat.all()
    assert not judged.usable.any()


def test_one_step_of_the_recorder_to_and_fro_is_flat() -> None:
    signal = np.round(LEAD / 0.005) * 0.005
    signal[10 * FS :] = 0.005 * np.random.default_rng(0).integers(0, 2, 10 * FS)
    assert seconds_of(quality(signal, FS).flat) == list(range(10, 20))


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_cut_off_r_peaks_are_clipped_and_still_usable(sign: int, fs: float) -> None:
    judged = quality(sign * np.minimum(lead_at(fs, rate=90, wander=0), 0.45), fs)
    # At 100 Hz not every plateau has three samples.
    assert judged.clipped.mean() > (0.9 if fs > 100 else 0.5)
    assert judged.usable.all()


@pytest.mark.parametrize("step", [0.001, 0.005, 0.01])
@pytest.mark.parametrize("fs", SAMPLING_RATES)
def test_a_coarse_recorder_does_not_clip(fs: float, step: float) -> None:
    signal = np.round(lead_at(fs, noise=0.002) / step) * step
    assert not quality(signal, fs).clipped.any()
    assert not quality(-signal, fs).clipped.any()


def test_an_amplifier_that_is_stuck_is_saturated() -> None:
    signal = LEAD.copy()
    signal[8 * FS : 9 * FS + 50] = 5.0
    judged = quality(signal, FS)
    assert seconds_of(judged.saturated) == [8, 9]
    assert seconds_of(~judged.usable) == [8, 9]


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("size", [-10, 10])
def test_a_step_of_10_mv_is_motion(size: float, fs: float) -> None:
    signal = lead_at(fs)
    signal[round(8.5 * fs) :] += size
    judged = quality(signal, fs)
    assert 8 in seconds_of(judged.motion)
    assert set(seconds_of(~judged.usable)) <= {7, 8, 9}
    assert not judged.usable[0, 8]


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("hertz", [50, 60])
def test_hum_is_seen_where_the_sampling_rate_can_hold_it(hertz: int, fs: float) -> None:
    hum = np.sin(2 * np.pi * hertz * np.arange(round(SECONDS * fs)) / fs).astype(np.float32)
    judged = quality(lead_at(fs) + np.float32(0.1) * hum, fs)
    assert judged.mains.all() == (hertz < 0.48 * fs)
    assert judged.usable.all()
    assert not quality(lead_at(fs) + np.float32(0.03) * hum, fs).mains.any()
    if hertz < 0.48 * fs:
        assert not quality(lead_at(fs) + hum, fs).usable.any()


@pytest.mark.parametrize("fs", [100, 128, 250, 257.3, 360, 500])
def test_fast_noise_as_large_as_the_ecg_is_noisy_and_unusable(fs: float) -> None:
    noise = np.random.default_rng(0).standard_normal(round(SECONDS * fs)).astype(np.float32)
    judged = quality(lead_at(fs) + np.float32(0.4) * noise, fs)
    assert judged.noisy.mean() > 0.9
    assert judged.usable_share < 0.1


@pytest.mark.parametrize("still", [7, 8])
def test_four_fifths_of_a_second_without_change_are_flat(still: int) -> None:
    signal = LEAD.copy()
    signal[8 * FS : 8 * FS + still * FS // 10] = 0.1
    assert seconds_of(quality(signal, FS).flat) == ([8] if still == 8 else [])


@pytest.mark.parametrize("length_s", [0.1, 0.3])
def test_a_plateau_of_a_fifth_of_a_second_is_stuck(length_s: float) -> None:
    signal = LEAD.copy()
    signal[8 * FS : 8 * FS + round(length_s * FS)] = 3.0
    judged = quality(signal, FS)
    assert seconds_of(judged.clipped) == [8]
    assert seconds_of(judged.saturated) == ([8] if length_s > 0.2 else [])


def test_what_no_amplifier_lets_through_is_saturated() -> None:
    assert not quality(6 * LEAD, FS).saturated.any()
    judged = quality(14 * LEAD, FS)
    assert judged.saturated.mean() > 0.9
    assert not (judged.usable & judged.saturated).any()


@pytest.mark.parametrize("hertz", [0.5, 1.0, 3.0])
def test_a_round_top_is_not_clipped(hertz: float) -> None:
    time = np.arange(SECONDS * 500) / 500
    assert not quality(np.sin(2 * np.pi * hertz * time), 500).clipped.any()


def test_a_baseline_at_the_end_of_the_range_is_not_clipped() -> None:
    assert not quality(np.where(LEAD > 0.5, LEAD, 0), FS).clipped.any()


@pytest.mark.parametrize("hertz", [50, 60])
def test_a_burst_is_no_hum(hertz: int) -> None:
    burst = 0.3 * np.sin(2 * np.pi * hertz * np.arange(LEAD.size) / FS)
    burst *= np.arange(LEAD.size) % FS < 0.3 * FS
    assert not quality(LEAD + burst, FS).mains.any()


def test_white_noise_is_no_hum() -> None:
    noise = np.random.default_rng(0).standard_normal(LEAD.size)
    assert not quality(LEAD + 0.3 * noise, FS).mains.any()


def test_a_baseline_that_leaves_the_paper_is_unusable() -> None:
    second = np.arange(LEAD.size) / FS
    for rise, lost in ((2.0, []), (5.0, [8])):
        judged = quality(LEAD + rise * np.clip(second - 8, 0, 1), FS)
        assert seconds_of(judged.motion) == [8]
        assert seconds_of(~judged.usable) == lost


def test_noise_in_one_lead_leaves_the_other_usable() -> None:
    noise = np.random.default_rng(0).standard_normal(LEAD.size).astype(np.float32)
    judged = quality(np.stack([LEAD, LEAD + noise]), FS)
    assert judged.usable[0].all()
    assert not judged.usable[1].any()


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
def test_a_gap_is_missing_and_unusable_and_its_neighbours_are_not(gap: float) -> None:
    signal = LEAD.copy()
    signal[8 * FS : 10 * FS] = gap
    judged = quality(signal, FS)
    assert seconds_of(judged.missing) == [8, 9]
    assert seconds_of(~judged.usable) == [8, 9]
    assert marked(judged) == {"missing"}


def test_single_missing_samples_are_not_missed() -> None:
    signal = LEAD.copy()
    signal[np.random.default_rng(0).random(LEAD.size) < 0.05] = np.nan
    judged = quality(signal, FS)
    assert not judged.missing.any()
    assert judged.usable.all()


@pytest.mark.parametrize(("share", "missing"), [(0.15, []), (0.25, [8])])
def test_a_fifth_of_a_second_may_be_missing(share: float, missing: list[int]) -> None:
    signal = LEAD.copy()
    signal[8 * FS : round((8 + share) * FS)] = np.nan
    judged = quality(signal, FS)
    assert seconds_of(judged.missing) == missing
    assert seconds_of(~judged.usable) == missing


def test_nothing_known_is_nothing_usable() -> None:
    judged = quality(np.full((2, 10 * FS), np.nan), FS)
    assert judged.missing.all()
    assert not judged.usable.any()
    assert marked(judged) == {"missing"}


# What must make no difference


SPOILT = LEAD.copy()
SPOILT[5 * FS : 6 * FS] += 3 * np.random.default_rng(0).standard_normal(FS).astype(np.float32)
SPOILT[12 * FS + 99 :] += 10


@steady
@given(st.sampled_from([1e-3, 1e3, -1.0, -1e-3, -1e3]))
def test_volts_microvolts_and_polarity_make_no_difference(factor: float) -> None:
    assert_same(quality(SPOILT * np.float32(factor), FS), quality(SPOILT, FS))


@steady
@given(st.floats(-20, 20))
def test_an_offset_makes_no_difference(offset: float) -> None:
    judged = quality(SPOILT.astype(np.float64) + offset, FS)
    for name in ("saturated", "motion", "mains", "noisy", "usable"):
        np.testing.assert_array_equal(getattr(judged, name), getattr(quality(SPOILT, FS), name))


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64, np.float16, np.float64])
def test_the_type_of_the_numbers_makes_no_difference(dtype: type[np.generic]) -> None:
    judged = quality((LEAD * 1000).astype(dtype), FS)
    assert judged.usable.all()
    assert marked(judged) == set()


def test_the_layout_in_memory_makes_no_difference() -> None:
    columns = np.stack([SPOILT, LEAD], axis=1)
    assert_same(quality(columns.T, FS), quality(np.stack([SPOILT, LEAD]), FS))


def test_a_list_will_do() -> None:
    assert_same(quality(LEAD.tolist(), FS), quality(LEAD, FS))


def test_whole_seconds_in_front_move_the_masks() -> None:
    judged, moved = quality(SPOILT, FS), quality(np.concatenate([LEAD, SPOILT]), FS)
    for name in ("missing", "saturated", "noisy", "usable"):
        np.testing.assert_array_equal(
            getattr(moved, name)[:, SECONDS + 1 :], getattr(judged, name)[:, 1:]
        )


def test_the_signal_is_left_as_it_was() -> None:
    signal = SPOILT.copy()
    signal[77] = np.nan
    before = signal.copy()
    signal.flags.writeable = False
    quality(signal, FS)
    np.testing.assert_array_equal(signal, before)


# Shapes and values


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((0,), (1, 0)),
        ((FS - 1,), (1, 0)),
        ((FS,), (1, 1)),
        ((FS + 99,), (1, 1)),
        ((2 * FS,), (1, 2)),
        ((3, 5 * FS), (3, 5)),
        ((0, 5 * FS), (0, 5)),
        ((2, 0), (2, 0)),
    ],
)
def test_there_is_a_row_for_each_lead_and_a_column_for_each_second(
    shape: tuple[int, ...], expected: tuple[int, int]
) -> None:
    judged = quality(np.zeros(shape), FS)
    assert all(getattr(judged, name).shape == expected for name in MASKS)


@steady
@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64]),
        st.tuples(st.integers(1, 3), st.integers(0, 900)),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    st.sampled_from(SAMPLING_RATES),
)
def test_any_numbers_get_an_answer(signal: NDArray[np.floating], fs: float) -> None:
    judged = quality(signal, fs)
    assert judged.usable.shape == (signal.shape[0], int(signal.shape[1] / fs + 1e-6))
    assert not (judged.usable & (judged.missing | judged.saturated)).any()


@pytest.mark.parametrize("fs", SAMPLING_RATES)
@pytest.mark.parametrize("size", [1e9, 1e12, 1e300])
def test_an_enormous_second_spoils_no_other(size: float, fs: float) -> None:
    signal = lead_at(fs).astype(np.float64)
    here = slice(round(8 * fs), round(9 * fs))
    signal[here] = size * np.random.default_rng(0).standard_normal(signal[here].size)
    judged = quality(signal, fs)
    assert not judged.usable[0, 8]
    assert judged.usable[0, :6].all()
    assert judged.usable[0, 12:].all()


def test_the_masks_are_read_only() -> None:
    judged = quality(LEAD, FS)
    for name in MASKS:
        assert not getattr(judged, name).flags.writeable


def test_the_shares_count_leads_and_seconds() -> None:
    off = np.zeros((1, 4), np.bool_)
    humming = np.array([[True, False, False, False]])
    readable = np.array([[True, True, True, False]])
    judged = Quality(off, off, off, off, off, humming, off, readable)
    assert judged.usable_share == 0.75
    assert judged.difficulty == 0.5
    nothing = quality(np.empty(0), FS)
    assert (nothing.usable_share, nothing.difficulty) == (0, 0)


def test_masks_of_different_shapes_are_refused() -> None:
    off = np.zeros((1, 4), np.bool_)
    with pytest.raises(ValueError, match="one shape"):
        Quality(off, off, off, off, off, off, off, np.zeros((1, 5), np.bool_))


@pytest.mark.parametrize(
    ("signal", "fs", "message"),
    [
        (np.zeros((1, 2, 500)), 250, r"signal has shape \(1, 2, 500\); allowed are \(samples,\)"),
        (np.float64(1), 250, r"signal has shape \(\)"),
        (np.zeros(500, np.complex128), 250, "signal has type complex128; allowed are real"),
        (np.array(["1"] * 500), 250, "signal has type <U1; allowed are real numbers"),
        *((LEAD, fs, f"fs is {fs}; allowed is 100 to 1000") for fs in (99.9, 1000.1, 0, np.nan)),
        (np.zeros((1, 1, 1)), 50, r"signal has shape .*; fs is 50"),
    ],
)
def test_what_is_no_ecg_is_refused(signal: NDArray[np.generic], fs: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quality(signal, fs)


# Real recordings: share of unusable seconds in percent. Ceilings may only fall, floors only rise.

STRESS_FLOORS = {
    "em   6 dB": 70.0,
    "em   0 dB": 83.0,
    "em  -6 dB": 94.0,
    "ma   6 dB": 75.0,
    "ma   0 dB": 93.0,
    "ma  -6 dB": 98.0,
}
STRESS_CEILINGS = {"em  24 dB": 0.5, "em  18 dB": 1.0, "em  12 dB": 16.0, "ma  24 dB": 1.2}
CLEAN_CEILING = 1.6
RHYTHM_CEILINGS = {
    "vfdb (VF": 1.0,
    "vfdb (VFL": 0.5,
    "vfdb (VT": 4.5,
    "vfdb (AFIB": 1.0,
    "vfdb (BI": 0.6,
    "vfdb (N": 3.2,
}
DATABASE_CEILINGS = {"ludb/1.0.1": 0.1, "ptb-xl/1.0.3": 0.4}


@pytest.fixture(scope="module")
def stress(records_dir: Path) -> Mapping[str, Mapping[str, float]]:
    return noise_stress(records_dir)


@pytest.fixture(scope="module")
def rhythms(records_dir: Path) -> Mapping[str, Mapping[str, float]]:
    return vfdb(records_dir)


@pytest.mark.recordings
@pytest.mark.parametrize("level", STRESS_FLOORS)
def test_strong_noise_is_found_no_worse_than_before(
    level: str, stress: Mapping[str, Mapping[str, float]]
) -> None:
    assert stress[level]["noisy"] >= STRESS_FLOORS[level]


@pytest.mark.recordings
@pytest.mark.parametrize("level", STRESS_CEILINGS)
def test_slight_noise_stays_usable(level: str, stress: Mapping[str, Mapping[str, float]]) -> None:
    assert stress[level]["noisy"] <= STRESS_CEILINGS[level]


@pytest.mark.recordings
def test_minutes_without_noise_stay_usable(stress: Mapping[str, Mapping[str, float]]) -> None:
    assert max(row["clean"] for row in stress.values()) <= CLEAN_CEILING


@pytest.mark.recordings
@pytest.mark.parametrize("rhythm", RHYTHM_CEILINGS)
def test_chaos_is_not_noise(rhythm: str, rhythms: Mapping[str, Mapping[str, float]]) -> None:
    assert rhythms[rhythm]["unusable"] <= RHYTHM_CEILINGS[rhythm]


@pytest.mark.recordings
def test_noise_that_people_marked_is_told_from_what_they_left_unmarked(records_dir: Path) -> None:
    shares = mitdb(records_dir)
    assert shares["mitdb, annotated clean"]["unusable"] <= 0.4
    assert shares["mitdb, annotated noisy"]["unusable"] >= 18


@pytest.mark.recordings
@pytest.mark.parametrize("database", DATABASE_CEILINGS)
def test_ecgs_from_hospitals_are_usable(database: str, records_dir: Path) -> None:
    assert whole(records_dir / database)["unusable"] <= DATABASE_CEILINGS[database]

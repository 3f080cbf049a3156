"""Atrial activity, on leads whose P waves are known and on real ones."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.atria import atrial_activity
from rhythmtrainer.ecg.atria.p_waves import unevenness
from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.model import Origin, Provenance
from rhythmtrainer.model.atria import AtrialActivity, AtrialKind
from rhythmtrainer.model.evidence import PrRelation, PWaves
from rhythmtrainer.model.waves import ABSENT, Wave, Waves
from rhythmtrainer.records.signals.wfdb_reader import read_annotations, read_strip
from tests.support.synthetic import add_waves

FS, SECONDS = 250, 10.0
RATES = (100, 128, 250, 257, 360, 500, 1000)

steady = settings(deadline=None, max_examples=30)


def lead(
    beats: ArrayLike,
    p_waves: ArrayLike = (),
    *,
    fs: float = FS,
    wide: bool = False,
    t_wave: float = 0.25,
    noise: float = 0.01,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Build ten seconds of a lead with R peaks and P waves at the times given."""
    beats = np.asarray(beats, np.float64)
    time = np.arange(round(SECONDS * fs)) / fs
    signal = 0.05 * np.sin(2 * np.pi * 0.25 * time)
    pace = float(np.sqrt(min(1.0, np.median(np.diff(beats)))))
    stretch = 3.0 if wide else 1.0
    for delay, height, spread in ((-0.025, -0.1, 0.008), (0, 1.0, 0.011), (0.028, -0.25, 0.010)):
        add_waves(signal, fs, beats + delay * stretch, height, spread * stretch)
    add_waves(signal, fs, beats + (0.4 if wide else 0.3) * pace, t_wave, 0.045 * pace)
    add_waves(signal, fs, p_waves, 0.12, 0.022)
    return signal + noise * np.random.default_rng(seed).standard_normal(time.size)


def regular(rate: float, start: float = 0.7) -> NDArray[np.float64]:
    return np.arange(start, SECONDS - 0.4, 60 / rate)


def irregular(seed: int = 3) -> NDArray[np.float64]:
    intervals = np.random.default_rng(seed).uniform(0.45, 1.1, 30)
    times = 0.5 + np.cumsum(intervals)
    return times[times < SECONDS - 0.4]


def f_waves(fs: float = FS, seed: int = 5) -> NDArray[np.float64]:
    """Build waves at about 6 Hz whose pace and height wander."""
    random = np.random.default_rng(seed)
    count = round(SECONDS * fs)
    knots = np.arange(0, SECONDS + 0.2, 0.2)
    time = np.arange(count) / fs
    pace = np.interp(time, knots, random.uniform(4.5, 8.0, knots.size))
    height = np.interp(time, knots, random.uniform(0.02, 0.07, knots.size))
    return np.asarray(height * np.sin(2 * np.pi * np.cumsum(pace) / fs))


def sawtooth(rate: float, fs: float = FS) -> NDArray[np.float64]:
    phase = np.arange(round(SECONDS * fs)) / fs * rate / 60 % 1
    return np.asarray(0.25 * np.where(phase < 0.7, phase / 0.7, (1 - phase) / 0.3))


def no_waves(beats: int) -> Waves:
    def none() -> Wave:
        return Wave(*(np.full(beats, ABSENT, np.int64) for _ in range(3)))

    return Waves(none(), none(), none())


def activity(signal: ArrayLike, beats: ArrayLike, fs: float = FS) -> AtrialActivity:
    samples = np.round(np.asarray(beats) * fs).astype(np.int64)
    return atrial_activity(signal, fs, samples, no_waves(samples.size))


WENCKEBACH = np.array([0.6, 1.36, 2.10, 3.6, 4.36, 5.10, 6.6, 7.36, 8.10, 9.6])
WENCKEBACH_PR = np.array([0.16, 0.24, 0.30, 0.16, 0.24, 0.30, 0.16, 0.24, 0.30, 0.16])
WENCKEBACH_P = np.sort(np.concatenate([WENCKEBACH - WENCKEBACH_PR, [2.6, 5.6, 8.6]]))


# One P wave before each complex


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("rate", [45, 60, 75, 100, 130])
def test_p_waves_before_all_complexes_are_one_per_qrs(rate: int, fs: float) -> None:
    beats = regular(rate)
    pr = 0.16 * min(1, np.sqrt(60 / rate))
    found = activity(lead(beats, beats - pr, fs=fs), beats, fs)
    assert found.p_waves is PWaves.ONE_PER_QRS
    assert found.kind is AtrialKind.P_WAVES
    assert found.pr is PrRelation.CONSTANT
    assert found.p_confidence > 0.8
    assert found.atrial_rate_bpm == pytest.approx(rate, rel=0.03)
    expected = np.round((beats - pr) * fs)
    distance = np.abs(found.p_peaks[:, None] - expected).min(axis=1)
    assert (distance <= 0.02 * fs + 1).all()
    assert found.p_peaks.size >= beats.size - 1


@pytest.mark.parametrize("pr", [0.12, 0.16, 0.24, 0.32])
def test_the_pr_interval_is_that_of_the_waves(pr: float) -> None:
    beats = regular(60, 0.9)
    found = activity(lead(beats, beats - pr), beats)
    assert found.p_waves is PWaves.ONE_PER_QRS
    assert found.pr is PrRelation.CONSTANT
    # From the R peak and the peak of the P wave to their onsets.
    assert np.nanmedian(found.pr_s) == pytest.approx(pr - 0.045 + 0.05, abs=0.025)


def test_the_onsets_of_the_waves_set_the_pr_interval() -> None:
    beats = regular(60, 0.9)
    samples = np.round(beats * FS).astype(np.int64)
    t = Wave(*(np.full(beats.size, ABSENT, np.int64) for _ in range(3)))
    p = Wave(samples - 55, samples - 40, samples - 28)
    qrs = Wave(samples - 10, samples.copy(), samples + 12)
    found = atrial_activity(lead(beats, beats - 0.16), FS, samples, Waves(p, qrs, t))
    np.testing.assert_allclose(found.pr_s[np.isfinite(found.pr_s)], 45 / FS, atol=0.012)


def test_irregular_complexes_with_p_waves_have_one_each() -> None:
    beats = irregular()
    found = activity(lead(beats, beats - 0.16), beats)
    assert found.p_waves is PWaves.ONE_PER_QRS
    assert found.pr is PrRelation.CONSTANT


def test_inverted_p_waves_count() -> None:
    beats = regular(70)
    upright = lead(beats, beats - 0.16)
    without = lead(beats)
    found = activity(2 * without - upright, beats)
    assert found.p_waves is PWaves.ONE_PER_QRS


# None


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("seed", [3, 4])
def test_fibrillatory_waves_are_no_p_waves(fs: float, seed: int) -> None:
    beats = irregular(seed)
    found = activity(lead(beats, fs=fs) + f_waves(fs, seed), beats, fs)
    assert found.p_waves is PWaves.ABSENT
    assert found.kind is AtrialKind.FIBRILLATORY
    assert found.pr is PrRelation.CANNOT_TELL
    assert found.p_peaks.size == 0
    assert found.atrial_rate_bpm is None
    assert np.isnan(found.pr_s).all()


@pytest.mark.parametrize("seed", [3, 4, 6])
def test_a_flat_baseline_between_irregular_complexes_has_no_p_waves(seed: int) -> None:
    beats = irregular(seed)
    assert activity(lead(beats), beats).p_waves is PWaves.ABSENT


@pytest.mark.parametrize("rate", [45, 60, 75])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_regular_complexes_without_p_waves_are_not_given_any(rate: int, *, wide: bool) -> None:
    beats = regular(rate)
    for seed in range(3):
        found = activity(lead(beats, wide=wide, seed=seed), beats)
        assert found.p_waves in {PWaves.ABSENT, PWaves.CANNOT_TELL}


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("rate", [100, 115, 130, 145, 160, 180])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_the_t_waves_of_a_tachycardia_are_no_p_waves(rate: int, fs: float, *, wide: bool) -> None:
    beats = regular(rate)
    found = activity(lead(beats, fs=fs, wide=wide), beats, fs)
    assert found.p_waves in {PWaves.ABSENT, PWaves.CANNOT_TELL}


@pytest.mark.parametrize("height", [2, 4])
@pytest.mark.parametrize("fs", [250, 360, 500, 1000])
def test_spikes_of_a_pacemaker_are_no_p_waves(fs: float, height: float) -> None:
    beats = regular(70)
    signal = lead(beats, fs=fs, wide=True)
    signal[np.round((beats - 0.09) * fs).astype(np.int64)] += height
    found = activity(signal, beats, fs)
    assert found.p_waves in {PWaves.ABSENT, PWaves.CANNOT_TELL}


# More than one


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("ratio", [2, 4])
def test_a_sawtooth_is_flutter(ratio: int, fs: float) -> None:
    beats = regular(260 / ratio)
    found = activity(lead(beats, fs=fs, t_wave=0.08) + sawtooth(260, fs), beats, fs)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.flutter
    assert found.atrial_rate_bpm == pytest.approx(260, rel=0.05)
    assert found.p_peaks.size == pytest.approx(260 / 6, abs=3)
    assert found.pr is PrRelation.CANNOT_TELL


@pytest.mark.parametrize("rate", [240, 260])
@pytest.mark.parametrize("height", [1, 0.5, 0.3])
def test_four_shallow_waves_to_a_complex_are_more_than_one(rate: int, height: float) -> None:
    beats = regular(rate / 4)
    found = activity(lead(beats) + height * sawtooth(rate), beats)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.atrial_rate_bpm == pytest.approx(rate, rel=0.05)


def test_flutter_with_changing_conduction_is_flutter() -> None:
    cycles = np.random.default_rng(1).choice([2, 3, 4], 14)
    beats = 0.5 + 0.2 * np.cumsum(cycles)
    beats = beats[beats < SECONDS - 0.4]
    found = activity(lead(beats, t_wave=0.1) + sawtooth(300), beats)
    assert found.flutter
    assert found.atrial_rate_bpm == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("rate", [35, 40, 45])
def test_every_second_p_wave_without_a_complex_is_two_to_one(rate: int, fs: float) -> None:
    beats = regular(rate, 0.9)
    p_waves = np.sort(np.concatenate([beats - 0.16, beats - 0.16 + 30 / rate]))
    found = activity(lead(beats, p_waves, fs=fs), beats, fs)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.pr is PrRelation.CONSTANT
    assert not found.flutter
    assert found.atrial_rate_bpm == pytest.approx(2 * rate, rel=0.03)


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_p_waves_that_march_through_are_dissociated(fs: float, *, wide: bool) -> None:
    beats = regular(35, 0.9)
    found = activity(lead(beats, np.arange(0.1, 9.9, 60 / 80), fs=fs, wide=wide), beats, fs)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.dissociated
    assert found.dissociated_confidence > 0.5
    assert found.pr is PrRelation.VARYING
    assert found.atrial_rate_bpm == pytest.approx(80, rel=0.04)


def test_conducted_p_waves_are_not_dissociated() -> None:
    for rate in (45, 60, 80):
        beats = regular(rate)
        assert not activity(lead(beats, beats - 0.16), beats).dissociated


# PR intervals that change


@pytest.mark.parametrize("fs", RATES)
def test_a_pr_interval_that_grows_until_a_beat_is_dropped_is_lengthening(fs: float) -> None:
    found = activity(lead(WENCKEBACH, WENCKEBACH_P, fs=fs), WENCKEBACH, fs)
    assert found.p_waves in {PWaves.ONE_PER_QRS, PWaves.MORE_THAN_ONE}
    assert found.pr is PrRelation.LENGTHENING
    steps = np.diff(found.pr_s)
    assert np.nanmean(np.abs(steps - np.diff(WENCKEBACH_PR))) < 0.02


def grouped(
    pace: float, pr_s: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Build P waves of a steady pace, and the beats that follow all but the last of each group."""
    p_waves = np.arange(0.4, SECONDS - 0.5, 60 / pace)
    order = np.arange(p_waves.size) % (len(pr_s) + 1)
    followed = order < len(pr_s)
    beats = p_waves[followed] + np.array(pr_s)[order[followed]]
    return p_waves, beats[beats < SECONDS - 0.4]


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("pace", [65, 80])
@pytest.mark.parametrize("pr", [(0.16, 0.26, 0.32), (0.16, 0.24, 0.29, 0.32)])
def test_wenckebach_has_more_p_waves_and_lengthening_pr(
    pace: int, pr: tuple[float, ...], fs: float
) -> None:
    p_waves, beats = grouped(pace, pr)
    found = activity(lead(beats, p_waves, fs=fs), beats, fs)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.pr is PrRelation.LENGTHENING
    assert not found.dissociated
    assert found.atrial_rate_bpm == pytest.approx(pace, rel=0.05)


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("pace", [65, 80, 95])
@pytest.mark.parametrize("group", [2, 3, 4])
def test_p_waves_in_pauses_with_a_constant_pr_interval(group: int, pace: int, fs: float) -> None:
    p_waves, beats = grouped(pace, (0.18,) * group)
    found = activity(lead(beats, p_waves, fs=fs), beats, fs)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.pr is PrRelation.CONSTANT
    assert found.atrial_rate_bpm == pytest.approx(pace, rel=0.05)
    dropped = p_waves[group :: group + 1] * fs
    inside = dropped[(dropped > beats[0] * fs) & (dropped < beats[-1] * fs)]
    assert (np.abs(found.p_peaks[:, None] - inside).min(axis=0) < 0.04 * fs).mean() > 0.7


@pytest.mark.parametrize("rate", [30, 45, 60])
@pytest.mark.parametrize("pace", [70, 100])
def test_p_waves_of_their_own_pace_have_no_constant_pr(rate: int, pace: int) -> None:
    beats = regular(rate, 0.9)
    found = activity(lead(beats, np.arange(0.1, 9.9, 60 / pace)), beats)
    assert found.p_waves is PWaves.MORE_THAN_ONE
    assert found.dissociated
    assert found.pr is PrRelation.VARYING
    assert found.atrial_rate_bpm == pytest.approx(pace, rel=0.04)


def test_a_pr_interval_that_jumps_about_is_not_constant() -> None:
    beats = regular(60, 0.9)
    pr = np.array([0.14, 0.26, 0.18, 0.3, 0.12, 0.24, 0.16, 0.28, 0.2])
    found = activity(lead(beats, beats - pr[: beats.size]), beats)
    assert found.pr is not PrRelation.CONSTANT


# What must make no difference

AF_BEATS, SINUS_BEATS = irregular(), regular(72)
AF = lead(AF_BEATS) + f_waves()
SINUS = lead(SINUS_BEATS, SINUS_BEATS - 0.15)
CASES = [(SINUS, SINUS_BEATS), (AF, AF_BEATS)]


def same(left: AtrialActivity, right: AtrialActivity) -> bool:
    return (left.p_waves, left.kind, left.pr) == (right.p_waves, right.kind, right.pr)


@pytest.mark.parametrize(("signal", "beats"), CASES, ids=["sinus", "fibrillation"])
@steady
@given(st.floats(-12, 12), st.floats(-50, 50))
def test_size_and_offset_make_no_difference(
    signal: NDArray[np.float64], beats: NDArray[np.float64], exponent: float, offset: float
) -> None:
    changed = (signal + offset) * 10**exponent
    assert same(activity(changed, beats), activity(signal, beats))


@pytest.mark.parametrize(("signal", "beats"), CASES, ids=["sinus", "fibrillation"])
def test_polarity_makes_no_difference(
    signal: NDArray[np.float64], beats: NDArray[np.float64]
) -> None:
    assert same(activity(-signal, beats), activity(signal, beats))


@pytest.mark.parametrize(("signal", "beats"), CASES, ids=["sinus", "fibrillation"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int16, np.int64])
def test_the_type_of_the_numbers_makes_no_difference(
    signal: NDArray[np.float64], beats: NDArray[np.float64], dtype: type[np.generic]
) -> None:
    whole = (signal * 1000).astype(dtype)
    assert same(activity(whole, beats), activity(signal, beats))


def test_the_layout_in_memory_makes_no_difference() -> None:
    leads = np.stack([SINUS, AF], axis=1)
    assert same(activity(leads[:, 0], SINUS_BEATS), activity(SINUS, SINUS_BEATS))


def test_the_same_lead_twice_is_like_the_lead() -> None:
    for signal, beats in CASES:
        assert same(activity(np.stack([signal, signal]), beats), activity(signal, beats))


def test_a_lead_that_is_off_does_not_hide_the_other() -> None:
    for off in (np.zeros_like(SINUS), np.full_like(SINUS, np.nan)):
        assert same(activity(np.stack([SINUS, off]), SINUS_BEATS), activity(SINUS, SINUS_BEATS))
        assert same(activity(np.stack([off, SINUS]), SINUS_BEATS), activity(SINUS, SINUS_BEATS))


@pytest.mark.parametrize("hum", [50, 60])
def test_hum_from_the_mains_makes_no_difference(hum: int) -> None:
    time = np.arange(SINUS.size) / FS
    hummed = SINUS + 0.05 * np.sin(2 * np.pi * hum * time)
    assert activity(hummed, SINUS_BEATS).p_waves is PWaves.ONE_PER_QRS


def test_the_signal_is_left_as_it_was() -> None:
    signal = SINUS.copy()
    signal[500:520] = np.nan
    before = signal.copy()
    signal.flags.writeable = False
    activity(signal, SINUS_BEATS)
    np.testing.assert_array_equal(signal, before)


def test_results_are_read_only() -> None:
    found = activity(SINUS, SINUS_BEATS)
    assert not found.p_peaks.flags.writeable
    assert not found.pr_s.flags.writeable


# Little or nothing to go by


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_with_few_beats_nothing_can_be_told(count: int) -> None:
    found = activity(SINUS, SINUS_BEATS[:count])
    assert found.p_waves is PWaves.CANNOT_TELL
    assert found.pr is PrRelation.CANNOT_TELL
    assert found.pr_s.size == count


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan, np.inf, 1e300])
def test_of_nothing_nothing_can_be_told(value: float) -> None:
    found = activity(np.full(SINUS.size, value), SINUS_BEATS)
    assert found.p_waves is PWaves.CANNOT_TELL
    assert found.kind is AtrialKind.CANNOT_TELL


@pytest.mark.parametrize("fs", [100, 257.3, 1000])
@pytest.mark.parametrize("size", [1, 2, 9])
def test_a_few_samples_have_nothing_to_tell(size: int, fs: float) -> None:
    peaks = np.arange(size)
    found = atrial_activity(np.ones(size), fs, peaks, no_waves(size))
    assert found.p_waves is PWaves.CANNOT_TELL


def test_an_empty_signal_has_nothing_to_tell() -> None:
    assert activity(np.empty(0), []).p_waves is PWaves.CANNOT_TELL


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gap_is_bridged(value: float) -> None:
    signal = SINUS.copy()
    signal[900:1000] = value
    assert activity(signal, SINUS_BEATS).p_waves is PWaves.ONE_PER_QRS


def test_a_step_of_ten_millivolts_makes_no_p_waves() -> None:
    signal = AF.copy()
    signal[1200:] += 10
    assert activity(signal, AF_BEATS).p_waves is not PWaves.ONE_PER_QRS


@steady
@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.integers(100, 1500),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    st.sampled_from(RATES),
    st.data(),
)
def test_any_numbers_give_an_answer(
    signal: NDArray[np.float64], fs: int, data: st.DataObject
) -> None:
    beats = data.draw(st.lists(st.integers(0, signal.size - 1), max_size=20, unique=True))
    peaks = np.array(sorted(beats), np.int64)
    found = atrial_activity(signal, fs, peaks, no_waves(peaks.size))
    assert 0 <= found.p_confidence <= 1
    assert 0 <= found.pr_confidence <= 1
    assert found.pr_s.shape == peaks.shape
    assert (np.diff(found.p_peaks) > 0).all()
    assert ((found.p_peaks >= 0) & (found.p_peaks < signal.size)).all()


# What is refused


@pytest.mark.parametrize(
    ("signal", "beats", "fs", "message"),
    [
        (np.zeros((2, 3, 500)), [10], FS, "signal has shape"),
        (np.zeros(500, np.complex128), [10], FS, "signal has type complex128"),
        (np.zeros(500), [10], 0, "fs is 0; allowed is 100 to 1000 Hz"),
        (np.zeros(500), [10], np.nan, "fs is nan"),
        (np.zeros(500), [10.5], FS, "beats has shape"),
        (np.zeros(500), [[10]], FS, "beats has shape"),
        (np.zeros(500), [10, 10], FS, "do not ascend"),
        (np.zeros(500), [-1], FS, "lie outside"),
        (np.zeros(500), [500], FS, "lie outside"),
    ],
)
def test_what_cannot_be_read_is_refused(
    signal: NDArray[np.generic], beats: list[float], fs: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        atrial_activity(signal, fs, np.array(beats), no_waves(len(beats)))


def test_waves_of_other_beats_are_refused() -> None:
    with pytest.raises(ValueError, match="waves has 3 beats; beats has 4"):
        atrial_activity(SINUS, FS, np.array([100, 300, 500, 700]), no_waves(3))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"signal has shape .*; fs is 50"):
        atrial_activity(np.zeros((1, 2, 500)), 50, np.array([10]), no_waves(1))


# RR intervals


def test_patterns_of_two_and_three_are_even() -> None:
    for pattern in ([0.6, 1.0], [0.6, 1.1, 0.8]):
        assert unevenness(np.tile(pattern, 4)) == pytest.approx((0, 0))


def test_random_intervals_are_uneven() -> None:
    half, most = unevenness(np.random.default_rng(0).uniform(0.5, 1.1, 12))
    assert most >= half > 0.08


# Real recordings

WINDOW_S = 10.0
# Of every second window of a rhythm in a record of mitdb, its first lead: the verdict it implies,
# the share of verdicts that agree, and the windows without a verdict. The share may only rise, the
# number may only fall.
FLOORS = {
    ("100", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("101", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("103", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("113", "(N"): (PWaves.ONE_PER_QRS, 0.988, 5),
    ("117", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("122", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("213", "(N"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("220", "(N"): (PWaves.ONE_PER_QRS, 0.976, 5),
    ("203", "(AFIB"): (PWaves.ABSENT, 0.99, 2),
    ("210", "(AFIB"): (PWaves.ABSENT, 0.99, 10),
    ("219", "(AFIB"): (PWaves.ABSENT, 0.985, 2),
    ("221", "(AFIB"): (PWaves.ABSENT, 0.99, 3),
    ("222", "(AFL"): (PWaves.MORE_THAN_ONE, 0.812, 1),
    ("119", "(T"): (PWaves.ONE_PER_QRS, 0.99, 0),
    ("231", "(N"): (PWaves.ONE_PER_QRS, 0.981, 0),
    ("232", "(SBR"): (PWaves.ONE_PER_QRS, 0.987, 12),
    ("231", "(BII"): (PWaves.MORE_THAN_ONE, 0.99, 0),
}


def verdicts(folder: Path, record: str, rhythm: str) -> list[AtrialActivity]:
    """Read every second window of ten seconds that lies wholly within a rhythm."""
    path = folder / "mitdb" / "1.0.0" / record
    provenance = Provenance(Origin.REAL, record)
    strip = read_strip(path, start_s=0.0, seconds=None, leads=None, provenance=provenance)
    marks = read_annotations(path, "atr")
    signal, length = strip.signal[0], round(WINDOW_S * strip.fs)
    changes = [
        (int(sample), note)
        for sample, note in zip(marks.samples, marks.aux_notes, strict=True)
        if note.startswith("(")
    ]
    ends = [*(sample for sample, _ in changes[1:]), signal.size]
    starts = [
        start
        for (first, note), end in zip(changes, ends, strict=True)
        if note == rhythm
        for start in range(first, end - length + 1, 2 * length)
    ]
    windows = [signal[start : start + length] for start in starts]
    found = []
    for window in windows:
        beats = detect_beats(window, strip.fs)
        found.append(atrial_activity(window, strip.fs, beats, no_waves(beats.size)))
    return found


@pytest.mark.recordings
@pytest.mark.parametrize(("record", "rhythm"), FLOORS)
def test_a_rhythm_is_read_no_worse_than_before(record: str, rhythm: str, records_dir: Path) -> None:
    verdict, floor, ceiling = FLOORS[record, rhythm]
    found = [each.p_waves for each in verdicts(records_dir, record, rhythm)]
    undecided = found.count(PWaves.CANNOT_TELL)
    assert found.count(verdict) / (len(found) - undecided) >= floor
    assert undecided <= ceiling


@pytest.mark.recordings
def test_conducted_p_waves_of_real_records_have_constant_pr_intervals(records_dir: Path) -> None:
    for record in ("100", "103", "117", "122"):
        found = verdicts(records_dir, record, "(N")
        relations = [each.pr for each in found if each.p_waves is PWaves.ONE_PER_QRS]
        assert relations.count(PrRelation.CONSTANT) / len(relations) >= 0.97

import time

import numpy as np
import pytest

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import Origin, QrsWidth, RhythmId, Step
from rhythmtrainer.simulate import simulate
from rhythmtrainer.simulate.conduction import activations
from rhythmtrainer.simulate.presets import PRESETS

EVEN = (
    RhythmId.NORMAL_SINUS_RHYTHM,
    RhythmId.SINUS_BRADYCARDIA,
    RhythmId.SINUS_TACHYCARDIA,
    RhythmId.SVT,
    RhythmId.JUNCTIONAL_ESCAPE,
    RhythmId.ACCELERATED_JUNCTIONAL,
    RhythmId.AVB1,
    RhythmId.AVB2_2TO1,
    RhythmId.BBB,
    RhythmId.IDIOVENTRICULAR,
    RhythmId.AIVR,
    RhythmId.VT_MONOMORPHIC,
    RhythmId.VENTRICULAR_FLUTTER,
    RhythmId.PACED_ATRIAL,
    RhythmId.PACED_VENTRICULAR,
)
SEEDS = range(4)


def heights(rhythm: RhythmId, seed: int) -> float:
    """Usual difference between the highest and lowest sample of a second, in mV."""
    seconds = simulate(rhythm, seed=seed).signal[0].reshape(10, -1)
    return float(np.median(np.ptp(seconds, axis=1)))


@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_strip_says_that_it_is_simulated_and_keeps_the_house_form(rhythm: RhythmId) -> None:
    strip = simulate(rhythm, seed=7)
    assert strip.provenance.origin is Origin.SIMULATED
    assert strip.provenance.title == "simulated, seed 7"
    assert strip.leads == ("II",)
    assert strip.signal.dtype == np.float32
    assert strip.signal.shape == (1, 5000)
    assert strip.fs == 500.0
    assert np.isfinite(strip.signal).all()
    assert np.abs(strip.signal).max() < 4.0


@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_seed_is_a_patient(rhythm: RhythmId) -> None:
    first, again, other = (simulate(rhythm, seed=seed).signal for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("rhythm", EVEN)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_measurement_agrees_on_the_rate(rhythm: RhythmId, seed: int) -> None:
    rng = np.random.default_rng(seed)
    looks = PRESETS[rhythm]
    happened = activations(looks[int(rng.integers(len(looks)))], 10.0, rng)
    assert happened.interval_s is not None
    measured = measure(simulate(rhythm, seed=seed))
    assert measured.rate_bpm == pytest.approx(60.0 / happened.interval_s, rel=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_measurement_tells_narrow_from_wide(seed: int) -> None:
    for rhythm, width in (
        (RhythmId.NORMAL_SINUS_RHYTHM, QrsWidth.NARROW),
        (RhythmId.SVT, QrsWidth.NARROW),
        (RhythmId.BBB, QrsWidth.WIDE),
        (RhythmId.VT_MONOMORPHIC, QrsWidth.WIDE),
    ):
        finding = measure(simulate(rhythm, seed=seed)).finding(Step.QRS)
        assert finding is not None
        assert finding.verdict is width


@pytest.mark.parametrize("seed", range(8))
def test_fibrillation_is_coarse_or_fine_and_asystole_is_flat(seed: int) -> None:
    assert heights(RhythmId.VF_COARSE, seed) > 0.6
    assert 0.06 < heights(RhythmId.VF_FINE, seed) < 0.2
    assert heights(RhythmId.ASYSTOLE, seed) < 0.06


@pytest.mark.parametrize("rhythm", RhythmId)
@pytest.mark.parametrize(("seconds", "fs"), [(0.001, 500.0), (1.0, 50.0), (2.5, 5000.0)])
def test_any_allowed_length_and_rate_is_made(rhythm: RhythmId, seconds: float, fs: float) -> None:
    strip = simulate(rhythm, seconds=seconds, fs=fs, seed=1)
    assert strip.signal.shape == (1, max(round(seconds * fs), 1))
    assert np.isfinite(strip.signal).all()


def test_an_hour_of_the_fastest_rhythm_is_made() -> None:
    strip = simulate(RhythmId.TORSADES, seconds=3600.0, fs=50.0, seed=1)
    assert strip.duration_s == 3600.0


def test_bad_arguments_are_refused_all_at_once_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"above 0 and at most 3600.*50 to 5000.*0 or more"):
        simulate(RhythmId.SVT, seconds=0.0, fs=49.0, seed=-1)
    for seconds in (-1.0, 3601.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="seconds must be above 0 and at most 3600"):
            simulate(RhythmId.SVT, seconds=seconds, seed=1)
    for fs in (0.0, 5001.0, float("nan")):
        with pytest.raises(ValueError, match="fs must be 50 to 5000 samples per second"):
            simulate(RhythmId.SVT, fs=fs, seed=1)


def test_a_strip_is_made_in_no_time() -> None:
    best = []
    for rhythm in RhythmId:
        times = []
        for seed in range(5):
            begun = time.process_time()
            simulate(rhythm, seed=seed)
            times.append(time.process_time() - begun)
        best.append(min(times))
    assert max(best) < 0.005  # measured: 0.2 to 1.3 ms

"""Rhythms of the cardiac arrest, and noise that is taken for them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning, RhythmId
from rhythmtrainer.simulate import Stage, simulate_known, simulate_stages
from rhythmtrainer.simulate.rhythms import PRESETS
from tests.simulate.rhythms.hearts import FEW, SEEDS, whole, windows

SILENT = [RhythmId.ASYSTOLE, RhythmId.VF_COARSE, RhythmId.VF_FINE]
# Rates that belong to each kind of organised rhythm, and whether it is wide.
ORGANISED = {
    "sinus": (40.0, 140.0, False),
    "sinus_wide": (40.0, 140.0, True),
    "junctional": (40.0, 60.0, False),
    "idioventricular": (20.0, 50.0, True),
    "paced": (60.0, 80.0, True),
}


def swings_mv(
    rhythm: RhythmId, seed: int, seconds: int = 10, variant: dict[str, float | str] | None = None
) -> NDArray[np.float64]:
    """Return the difference between the highest and lowest sample of each second, lead II."""
    stages = [Stage(rhythm, float(seconds), variant or {})]
    strip = simulate_stages(stages, fs=100.0, seed=seed, noise=0.0).strip
    return np.asarray(np.ptp(strip.signal[0].astype(float).reshape(seconds, -1), axis=1))


@pytest.mark.parametrize("rhythm", SILENT)
def test_nothing_is_organised(rhythm: RhythmId) -> None:
    for seed in FEW:
        window = whole(rhythm, seed)
        assert window.p_s.size == window.qrs_s.size == 0


def test_coarse_fibrillation_is_clear_of_fine() -> None:
    assert min(np.median(swings_mv(RhythmId.VF_COARSE, seed)) for seed in SEEDS) > 0.4
    fine = [np.median(swings_mv(RhythmId.VF_FINE, seed)) for seed in SEEDS]
    assert 0.03 < min(fine) <= max(fine) < 0.15


def test_fibrillation_decays_where_it_should_and_stays_coarse() -> None:
    for course, low, high in (("decaying", 0.35, 0.9), ("steady", 0.7, 1.4)):
        swings = np.array(
            [swings_mv(RhythmId.VF_COARSE, seed, 60, {"course": course}) for seed in FEW]
        )
        left = np.median(swings[:, -15:], axis=1) / np.median(swings[:, :15], axis=1)
        assert low < np.median(left) < high
        assert np.median(swings[:, -15:], axis=1).min() > 0.35


def test_asystole_is_flat_or_drifts_gently() -> None:
    assert max(swings_mv(RhythmId.ASYSTOLE, seed).max() for seed in FEW) == 0.0
    noise = [PRESETS[RhythmId.ASYSTOLE].noise(np.random.default_rng(seed)) for seed in SEEDS]
    assert 0.0 < min(one.wander_mv for one in noise) < max(one.wander_mv for one in noise) < 0.1
    assert max(one.muscle_mv for one in noise) < 0.03


def test_ventricular_standstill_has_p_waves_alone() -> None:
    for window in windows(RhythmId.VENTRICULAR_STANDSTILL):
        assert window.qrs_s.size == 0
        assert (window.p_beginning == Beginning.SINUS).all()
        assert window.p_s.size >= 7


def test_agonal_beats_are_few_wide_and_uneven() -> None:
    spreads = []
    for seed in SEEDS:
        window = whole(RhythmId.AGONAL, seed)
        assert 1 <= window.qrs_s.size <= 6
        assert (window.qrs_width_s > 0.2).all()
        spreads += [np.ptp(window.rr_s)] if window.rr_s.size > 1 else []
    assert np.median(spreads) > 0.2
    assert all(1 <= window.qrs_s.size <= 3 for window in windows(RhythmId.AGONAL))


@pytest.mark.parametrize("origin", ORGANISED)
def test_what_is_left_without_a_pulse_is_organised(origin: str) -> None:
    low, high, wide = ORGANISED[origin]
    for seed in FEW:
        window = whole(RhythmId.PEA, seed, origin=origin)
        assert low <= window.rate <= high
        assert np.ptp(window.rr_s) < 0.2 * window.rr_s.mean()
        assert (np.median(window.qrs_width_s) >= 0.12) is np.bool_(wide)


def test_a_heart_behind_artifact_is_in_order_and_cannot_be_seen_without_it() -> None:
    preset = PRESETS[RhythmId.ARTIFACT]
    assert preset.least_noise > 0.0
    for seed in FEW:
        noise = preset.noise(np.random.default_rng(seed))
        assert max(noise.tremor_mv, noise.compressions_mv, noise.wander_mv) > 0.1
        truth = simulate_known(RhythmId.ARTIFACT, fs=100.0, seed=seed).truth
        assert 60.0 <= 60.0 / np.diff(truth.qrs_s).mean() <= 100.0

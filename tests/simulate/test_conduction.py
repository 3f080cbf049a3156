import itertools

import numpy as np
import pytest

from rhythmtrainer.content import load_rhythms
from rhythmtrainer.model import RhythmId, Step
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate.conduction import activations
from rhythmtrainer.simulate.events import Activation, Activations, Shape
from rhythmtrainer.simulate.preset import Preset
from rhythmtrainer.simulate.presets import PRESETS
from rhythmtrainer.simulate.waves import complex_of

RHYTHMS = load_rhythms(asset("content", "rhythms.toml"))
SECONDS = 30.0
SEEDS = range(5)
NARROW = {Shape.NARROW}
P_SHAPES = {shape for shape in Shape if shape.name.startswith("P_") or shape is Shape.P}
# Their rate is that of the run, or of nothing at all.
IN_RUNS = {RhythmId.NSVT, RhythmId.VT_POLYMORPHIC, RhythmId.TORSADES}


def hearts(rhythm: RhythmId, seconds: float = SECONDS) -> list[Activations]:
    """A few patients of each look of a rhythm."""
    return [heart(look, seed, seconds) for look in PRESETS[rhythm] for seed in SEEDS]


def heart(look: Preset, seed: int, seconds: float = SECONDS) -> Activations:
    return activations(look, seconds, np.random.default_rng(seed))


def onsets(waves: tuple[Activation, ...]) -> np.ndarray:
    return np.array([wave.onset_s for wave in waves])


def prs(found: Activations) -> list[float]:
    return [beat.after_s for beat in found.ventricles if beat.after_s is not None]


def conducted(found: Activations) -> list[bool]:
    """For each P wave, whether it led to a beat."""
    led = np.array([b.onset_s - b.after_s for b in found.ventricles if b.after_s is not None])
    return [bool((np.abs(led - wave.onset_s) < 1e-9).any()) for wave in found.atria]


def qrs_s(shape: Shape) -> float:
    """Duration of a complex: from where it leaves the baseline to where it is back."""
    drawn = np.abs(complex_of(shape, 1000.0))
    inside = np.flatnonzero(drawn > 0.04 * drawn.max())
    return float(inside[-1] - inside[0]) / 1000.0


def test_every_rhythm_has_a_preset() -> None:
    assert set(PRESETS) == set(RhythmId)
    assert all(PRESETS.values())


@pytest.mark.parametrize("rhythm", RhythmId)
def test_activations_come_in_order_and_begin_before_the_strip(rhythm: RhythmId) -> None:
    for found in hearts(rhythm):
        for times in (onsets(found.atria), onsets(found.ventricles), np.array(found.spikes_s)):
            assert (np.diff(times) >= 0).all()
            assert not times.size or times[0] < (6.0 if rhythm is RhythmId.AGONAL else 2.2)
            assert not times.size or times[-1] > SECONDS - 7.0


@pytest.mark.parametrize(
    "rhythm", [r for r in RhythmId if RHYTHMS[r].rate_range and r not in IN_RUNS]
)
def test_the_rate_lies_in_the_range_that_is_taught(rhythm: RhythmId) -> None:
    limits = RHYTHMS[rhythm].rate_range
    assert limits is not None
    for found in hearts(rhythm):
        gaps = np.diff(onsets(found.ventricles))
        rate = 60.0 / gaps.mean() if gaps.size else 0.0
        assert limits[0] <= round(rate) <= limits[1]


@pytest.mark.parametrize("rhythm", sorted(IN_RUNS))
def test_a_run_has_the_rate_that_is_taught(rhythm: RhythmId) -> None:
    limits = RHYTHMS[rhythm].rate_range
    assert limits is not None
    for found in hearts(rhythm):
        run = np.array([beat.pace_s is not None for beat in found.ventricles])
        inside = run[1:] & run[:-1]
        rate = 60.0 / np.diff(onsets(found.ventricles))[inside].mean()
        assert limits[0] <= rate <= limits[1]


@pytest.mark.parametrize(
    ("rhythm", "low", "high"),
    [
        (RhythmId.NORMAL_SINUS_RHYTHM, 0.12, 0.20),
        (RhythmId.SINUS_BRADYCARDIA, 0.12, 0.20),
        (RhythmId.SINUS_TACHYCARDIA, 0.12, 0.20),
        (RhythmId.BBB, 0.12, 0.20),
        (RhythmId.AVB1, 0.201, 0.40),
        (RhythmId.WPW, 0.08, 0.119),
        (RhythmId.AVB2_TYPE2, 0.12, 0.24),
        (RhythmId.AVB2_2TO1, 0.12, 0.24),
    ],
)
def test_the_pr_interval_is_constant_and_as_it_is_taught(
    rhythm: RhythmId, low: float, high: float
) -> None:
    assert all(low <= limit <= high for look in PRESETS[rhythm] for limit in look.av.pr)
    for found in hearts(rhythm):
        measured = prs(found)
        assert low - 0.01 <= min(measured) <= max(measured) <= high + 0.01
        assert np.ptp(measured) < 0.02


def test_wenckebach_lengthens_until_a_beat_drops_and_begins_anew() -> None:
    for found in hearts(RhythmId.AVB2_TYPE1):
        led = conducted(found)
        intervals = iter(prs(found))
        groups: list[list[float]] = [[]]
        for answered in led:
            if answered:
                groups[-1].append(next(intervals))
            else:
                groups.append([])
        assert len(groups) > 4
        for group in groups[:-1]:
            assert 3 <= len(group) <= 4
            assert (np.diff(group) > 0.015).all()
            assert (np.diff(group, 2) < 0.0).all()  # by less and less
        rr = np.diff(onsets(found.ventricles))
        assert rr.max() < 2.0 * rr.min()


def test_mobitz_ii_drops_single_beats_from_an_even_rhythm() -> None:
    for found in hearts(RhythmId.AVB2_TYPE2):
        led = "".join("x" if answered else "-" for answered in conducted(found))
        assert "-" in led
        assert "--" not in led
        assert "xx" in led
        pp = np.diff(onsets(found.atria))
        rr = np.diff(onsets(found.ventricles))
        assert np.ptp(pp) < 0.06
        assert np.abs(rr.max() - 2.0 * np.median(pp)) < 0.06


def test_two_to_one_conducts_every_second_p_and_high_grade_drops_more() -> None:
    for found in hearts(RhythmId.AVB2_2TO1):
        led = conducted(found)[:-1]
        assert all(a != b for a, b in itertools.pairwise(led))
    for found in hearts(RhythmId.AVB_HIGH_GRADE):
        led_high = "".join("x" if answered else "-" for answered in conducted(found))
        assert "--" in led_high
        assert "xx" not in led_high


def test_in_complete_block_p_waves_and_escape_keep_their_own_time() -> None:
    for found in hearts(RhythmId.AVB3):
        p, r = onsets(found.atria), onsets(found.ventricles)
        assert prs(found) == []
        assert np.diff(p).std() < 0.03 * np.diff(p).mean()
        assert np.diff(r).std() < 0.03 * np.diff(r).mean()
        assert p.size > r.size
        before = [at - p[p < at][-1] for at in r if (p < at).any()]
        assert np.ptp(before) > 0.5 * np.diff(p).mean()  # no PR agrees with the next


@pytest.mark.parametrize("seed", range(30))
def test_in_complete_block_the_two_never_seem_to_keep_step(seed: int) -> None:
    for look in PRESETS[RhythmId.AVB3]:
        found = heart(look, seed)
        ratio = np.diff(onsets(found.ventricles)).mean() / np.diff(onsets(found.atria)).mean()
        assert 0.2 < ratio % 1.0 < 0.8


@pytest.mark.parametrize("rhythm", [RhythmId.AF_CONTROLLED, RhythmId.AF_RVR])
def test_fibrillation_has_no_p_and_no_even_spacing(rhythm: RhythmId) -> None:
    for found in hearts(rhythm):
        rr = np.diff(onsets(found.ventricles))
        assert found.atria == ()
        assert rr.std() > 0.12 * rr.mean()


def test_flutter_circles_at_about_300_and_conducts_at_whole_ratios() -> None:
    for found in hearts(RhythmId.ATRIAL_FLUTTER):
        waves = np.diff(onsets(found.atria))
        assert 250 <= 60.0 / waves.mean() <= 350
        ratios = np.diff(onsets(found.ventricles)) / waves.mean()
        assert np.abs(ratios - np.rint(ratios)).max() < 0.05


def test_a_sinus_pause_fits_no_multiple_and_an_exit_block_fits_two() -> None:
    for rhythm, low, high in (
        (RhythmId.SINUS_PAUSE_ARREST, 2.4, 2.7),
        (RhythmId.SA_EXIT_BLOCK, 1.95, 2.05),
    ):
        for found in hearts(rhythm, 10.0):
            pp = np.diff(onsets(found.atria))
            shown = onsets(found.atria)[1:] < 10.0
            gaps = pp[shown & (pp > 1.5 * np.median(pp))]
            assert gaps.size
            assert (gaps / np.median(pp) > low).all()
            assert (gaps / np.median(pp) < high).all()
            if rhythm is RhythmId.SINUS_PAUSE_ARREST:
                assert gaps.min() >= 2.0


@pytest.mark.parametrize(
    ("rhythm", "usual"),
    [(RhythmId.VENTRICULAR_BIGEMINY, 1), (RhythmId.VENTRICULAR_TRIGEMINY, 2)],
)
def test_every_second_or_third_beat_is_early_and_wide(rhythm: RhythmId, usual: int) -> None:
    for found in hearts(rhythm):
        wide = [beat.shape not in NARROW for beat in found.ventricles if beat.onset_s > 2.0]
        places = np.flatnonzero(wide)
        assert (np.diff(places) == usual + 1).all()


def test_couplets_are_pairs_and_runs_are_longer() -> None:
    for rhythm, low, high in ((RhythmId.PVC_COUPLET, 2, 2), (RhythmId.NSVT, 5, 9)):
        for found in hearts(rhythm):
            text = "".join("n" if b.shape in NARROW else "w" for b in found.ventricles)
            lengths = [len(run) for run in text.strip("w").split("n") if run]
            assert lengths
            assert low <= min(lengths) <= max(lengths) <= high


@pytest.mark.parametrize(
    "rhythm", [RhythmId.PVC_UNIFORM, RhythmId.PVC_MULTIFORM, RhythmId.R_ON_T, RhythmId.PJC]
)
def test_an_early_beat_is_early_without_a_p_and_a_pause_follows(rhythm: RhythmId) -> None:
    for found in hearts(rhythm):
        times = onsets(found.ventricles)
        usual = found.interval_s
        assert usual is not None
        early = [k for k, b in enumerate(found.ventricles) if b.after_s is None]
        assert len(early) >= 3
        for k in early[:-1]:
            assert times[k] - times[k - 1] < 0.7 * usual
            assert times[k + 1] - times[k] > 1.2 * usual
    if rhythm is RhythmId.PVC_MULTIFORM:
        assert {b.shape for b in found.ventricles if b.after_s is None} == {
            Shape.PVC,
            Shape.PVC_DOWN,
        }


def test_an_early_atrial_beat_begins_with_another_p_and_is_conducted() -> None:
    for found in hearts(RhythmId.PAC):
        odd = [k for k, wave in enumerate(found.atria) if wave.shape is not Shape.P]
        pp = np.diff(onsets(found.atria))
        assert all(pp[k - 1] < 0.7 * np.median(pp) for k in odd if k)
        assert all(np.array(conducted(found))[odd[:-1]])


@pytest.mark.parametrize(
    "rhythm", [RhythmId.WANDERING_ATRIAL_PACEMAKER, RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA]
)
def test_a_wandering_pacemaker_shows_three_p_shapes_soon(rhythm: RhythmId) -> None:
    for found in hearts(rhythm, 6.0):
        assert len({wave.shape for wave in found.atria if wave.onset_s > 0.0}) >= 3


def test_what_lacks_beats_or_p_waves_lacks_them() -> None:
    for rhythm in (RhythmId.VF_COARSE, RhythmId.VF_FINE, RhythmId.ASYSTOLE):
        assert all(found.atria == found.ventricles == () for found in hearts(rhythm))
    for found in hearts(RhythmId.VENTRICULAR_STANDSTILL):
        assert found.ventricles == ()
        assert found.atria
    for rhythm in (RhythmId.IDIOVENTRICULAR, RhythmId.AGONAL, RhythmId.VT_MONOMORPHIC):
        assert all(found.atria == () for found in hearts(rhythm))


def test_torsades_begins_behind_beats_and_turns_about_the_baseline() -> None:
    for found in hearts(RhythmId.TORSADES, 10.0):
        sizes = [beat.scale for beat in found.ventricles if beat.shape is Shape.TWISTING]
        led_in = [b for b in found.ventricles if b.shape is Shape.NARROW and b.onset_s > 0.0]
        assert len(led_in) >= 2
        assert min(sizes) < -0.9
        assert max(sizes) > 0.9
        assert 2 <= int((np.diff(np.sign(sizes)) != 0).sum()) <= 6


def test_each_paced_beat_has_its_spike_and_faults_are_seen() -> None:
    for rhythm in (RhythmId.PACED_VENTRICULAR, RhythmId.PACED_DUAL, RhythmId.PACED_ATRIAL):
        for found in hearts(rhythm):
            per_beat = 2 if rhythm is RhythmId.PACED_DUAL else 1
            ahead = np.subtract.outer(onsets(found.ventricles), np.array(found.spikes_s))
            near = ((ahead > 0.0) & (ahead < 0.25)).sum(axis=1)
            assert (near[1:] == per_beat).all()
    for found in hearts(RhythmId.FAILURE_TO_CAPTURE):
        assert len(found.spikes_s) > 1.4 * len(found.ventricles)
    for found in hearts(RhythmId.FAILURE_TO_SENSE):
        assert {b.shape for b in found.ventricles} == {Shape.NARROW, Shape.PACED}
        assert np.ptp(np.diff(found.spikes_s)) < 1e-6  # whatever the heart does
    for found in hearts(RhythmId.FAILURE_TO_PACE):
        gaps = np.diff(found.spikes_s)
        assert gaps.max() > 1.9 * gaps.min()


@pytest.mark.parametrize("shape", [s for s in Shape if s not in P_SHAPES | {Shape.FLUTTER}])
def test_complexes_are_as_wide_as_they_are_taught(shape: Shape) -> None:
    if shape is Shape.SINE:
        return  # QRS and T cannot be told apart
    if shape is Shape.NARROW:
        assert 0.07 <= qrs_s(shape) <= 0.11
    elif shape is Shape.DELTA:
        assert 0.11 <= qrs_s(shape) <= 0.15
    elif shape is Shape.AGONAL:
        assert qrs_s(shape) > 0.2
    else:
        assert 0.12 <= qrs_s(shape) <= 0.18


@pytest.mark.parametrize("rhythm", RhythmId)
def test_narrow_and_wide_are_as_they_are_taught(rhythm: RhythmId) -> None:
    taught = {verdict.value for verdict in RHYTHMS[rhythm].agreeing.get(Step.QRS, ())}
    shapes = {beat.shape for found in hearts(rhythm) for beat in found.ventricles}
    if "narrow" in taught:
        assert shapes <= NARROW
    elif "wide" in taught and rhythm not in {*IN_RUNS, RhythmId.PREEXCITED_AF}:
        assert not shapes & NARROW

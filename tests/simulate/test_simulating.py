import numpy as np
import pytest

from rhythmtrainer.model import LeadName, Origin, RhythmId
from rhythmtrainer.simulate import (
    Noise,
    Stage,
    has_onset,
    simulate,
    simulate_known,
    simulate_stages,
    variants_of,
)
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate.rhythms.preset import Number, Options

SEEDS = range(4)
ALL_LEADS = tuple(LeadName(lead) for lead in LEADS)
LIMBS = tuple(LeadName(lead) for lead in ("I", "II", "III"))
STANDARD = ALL_LEADS[:12]


def heights(rhythm: RhythmId, seed: int) -> float:
    """Usual difference between the highest and lowest sample of a second, in mV."""
    seconds = simulate(rhythm, seed=seed).signal[0].reshape(10, -1)
    return float(np.median(np.ptp(seconds, axis=1)))


@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_strip_says_that_it_is_simulated_and_keeps_the_house_form(rhythm: RhythmId) -> None:
    strip = simulate(rhythm, leads=ALL_LEADS, seed=7)
    assert strip.provenance.origin is Origin.SIMULATED
    assert strip.provenance.title == "simulated, seed 7"
    assert strip.leads == ALL_LEADS
    assert strip.signal.dtype == np.float32
    assert strip.signal.shape == (len(ALL_LEADS), 5000)
    assert strip.fs == 500.0
    assert np.isfinite(strip.signal).all()
    assert np.abs(strip.signal).max() < 8.0


@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_seed_is_a_patient(rhythm: RhythmId) -> None:
    first, again, other = (simulate(rhythm, seed=seed).signal for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("rhythm", [RhythmId.AF_RVR, RhythmId.AVB2_TYPE1, RhythmId.TORSADES])
def test_the_heart_beats_as_it_beats_whatever_is_looked_at(rhythm: RhythmId) -> None:
    one = simulate_known(rhythm, seed=5).truth
    many = simulate_known(rhythm, seed=5, leads=STANDARD, fs=250.0, noise=3.0).truth
    np.testing.assert_array_equal(one.qrs_s, many.qrs_s)
    np.testing.assert_array_equal(one.p_s, many.p_s)


@pytest.mark.parametrize("rhythm", RhythmId)
def test_the_limb_leads_agree(rhythm: RhythmId) -> None:
    first, second, third = simulate(rhythm, seed=2, leads=LIMBS).signal
    np.testing.assert_allclose(third, second - first, atol=2e-3)


def test_what_is_asked_for_is_what_is_made() -> None:
    truth = simulate_known(RhythmId.NORMAL_SINUS_RHYTHM, seed=1, seconds=60.0, rate=64.0).truth
    assert 60.0 / np.diff(truth.qrs_s).mean() == pytest.approx(64.0, rel=0.03)


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_variant_can_be_asked_for_up_to_its_ends(rhythm: RhythmId) -> None:
    for name, kind in variants_of(rhythm).items():
        values = kind.names if isinstance(kind, Options) else (kind.low, kind.high)
        for value in values:
            made = simulate_stages([Stage(rhythm, 10.0, {name: value})], seed=1)
            assert np.isfinite(made.strip.signal).all()


def test_no_variant_is_named_as_an_argument_is() -> None:
    arguments = {"rhythm", "seconds", "fs", "leads", "seed", "age", "noise"}
    assert not [rhythm for rhythm in RhythmId if arguments & variants_of(rhythm).keys()]


@pytest.mark.parametrize("age", [0.0, 0.05, 1.0, 6.0, 15.9, 16.0, 110.0])
@pytest.mark.parametrize("rhythm", RhythmId)
def test_any_age_is_made(rhythm: RhythmId, age: float) -> None:
    for kind in variants_of(rhythm).values():
        if isinstance(kind, Number) and kind.at_age is not None and age < 16.0:
            low, high = kind.at_age(age)
            assert low < high
    assert np.isfinite(simulate(rhythm, seed=1, age=age).signal).all()


def test_one_rhythm_turns_into_another_at_a_known_time() -> None:
    stages = [
        Stage(RhythmId.NORMAL_SINUS_RHYTHM, 6.0),
        Stage(RhythmId.VF_COARSE, 4.0),
        Stage(RhythmId.ASYSTOLE, 5.0),
    ]
    made = simulate_stages(stages, seed=3)
    assert made.strip.duration_s == 15.0
    assert [(e.rhythm, e.start_s, e.end_s) for e in made.truth.episodes] == [
        (RhythmId.NORMAL_SINUS_RHYTHM, 0.0, 6.0),
        (RhythmId.VF_COARSE, 6.0, 10.0),
        (RhythmId.ASYSTOLE, 10.0, 15.0),
    ]
    assert not ((made.truth.qrs_s > 6.3) & (made.truth.qrs_s < 15.0)).any()
    trace = made.strip.signal[0]
    assert np.ptp(trace[3500:4750]) > 5.0 * np.ptp(trace[5500:])
    # Nothing jumps where they meet.
    assert np.abs(np.diff(trace[2990:3010])).max() < 0.1


@pytest.mark.parametrize("seed", range(8))
def test_fibrillation_is_coarse_or_fine_and_asystole_is_flat(seed: int) -> None:
    assert heights(RhythmId.VF_COARSE, seed) > 0.4
    assert 0.04 < heights(RhythmId.VF_FINE, seed) < 0.2
    assert heights(RhythmId.ASYSTOLE, seed) < 0.12


@pytest.mark.parametrize("rhythm", RhythmId)
@pytest.mark.parametrize(("seconds", "fs"), [(0.001, 500.0), (1.0, 50.0), (2.5, 5000.0)])
def test_any_allowed_length_and_rate_is_made(rhythm: RhythmId, seconds: float, fs: float) -> None:
    strip = simulate(rhythm, seconds=seconds, fs=fs, seed=1)
    assert strip.signal.shape == (1, max(round(seconds * fs), 1))
    assert np.isfinite(strip.signal).all()


def test_an_hour_of_the_fastest_rhythm_is_made() -> None:
    strip = simulate(RhythmId.TORSADES, seconds=3600.0, fs=50.0, seed=1)
    assert strip.duration_s == 3600.0


def test_noise_may_be_left_out_and_told_by_its_kinds() -> None:
    still = simulate(RhythmId.ASYSTOLE, seed=1, noise=0.0).signal
    humming = simulate(RhythmId.ASYSTOLE, seed=1, noise=Noise(mains_mv=0.1)).signal
    assert np.ptp(still) < 0.01 < np.ptp(humming)


def test_a_rhythm_that_is_known_by_its_beginning_says_so() -> None:
    assert has_onset(RhythmId.TORSADES)
    assert not has_onset(RhythmId.NORMAL_SINUS_RHYTHM)


def test_bad_arguments_are_refused_all_at_once_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"above 0 and at most 3600.*50 to 5000.*0 or more"):
        simulate(RhythmId.SVT, seconds=0.0, fs=49.0, seed=-1)
    for seconds in (-1.0, 3601.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="seconds must be above 0 and at most 3600"):
            simulate(RhythmId.SVT, seconds=seconds, seed=1)
    for fs in (0.0, 5001.0, float("nan")):
        with pytest.raises(ValueError, match="fs must be 50 to 5000 samples per second"):
            simulate(RhythmId.SVT, fs=fs, seed=1)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"leads": ()}, "leads must name at least one of I, II"),
        ({"leads": ("II", "II")}, "lead 'II' is named more than once"),
        ({"leads": ("V7",)}, "no simulated lead 'V7', only I, II"),
        ({"leads": ("V7", 3)}, "no simulated lead 'V7', 3, only I, II"),
        ({"leads": "II"}, r"leads must be several names, as in \['II'\], not one"),
        ({"fs": "500"}, "fs must be 50 to 5000 samples per second, got '500'"),
        ({"fs": True}, "fs must be 50 to 5000 samples per second, got True"),
        ({"seconds": None}, "seconds must be above 0 and at most 3600, got None"),
        ({"seconds": 10**400}, "seconds must be above 0 and at most 3600, got 1000"),
        ({"age": "5"}, "age must be 0 to 110 years, got '5'"),
        ({"noise": "much"}, "noise must be 0 to 20 .*, got 'much'"),
        ({"rate": True}, "rate must be 60 to 100 .*, got True"),
        ({"rate": None}, "rate must be 60 to 100 .*, got None"),
        ({"age": -3.0}, "age must be 0 to 110 years, got -3"),
        ({"age": float("nan")}, "age must be 0 to 110 years"),
        ({"noise": -1.0}, "noise must be 0 to 20 in normal_sinus_rhythm, got -1"),
        ({"rate": 500.0}, r"rate must be 60 to 100 .* in normal_sinus_rhythm, got 500"),
        ({"rate": "fast"}, "rate must be 60 to 100"),
        ({"ratio": "3:1"}, "normal_sinus_rhythm cannot vary in 'ratio', only in rate"),
        ({"age": 0.1, "rate": 70.0}, "in normal_sinus_rhythm at 0.1 years"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(asked: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        simulate(RhythmId.NORMAL_SINUS_RHYTHM, seed=1, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 1.5, True, "3", None, float("nan")])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(ValueError, match="seed must be a whole number, 0 or more, got"):
        simulate(RhythmId.SVT, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nsr", None, 1, []])
def test_a_rhythm_that_is_none_is_refused_with_those_that_are(name: object) -> None:
    with pytest.raises(ValueError, match=r"there is no rhythm .*, only normal_sinus_rhythm, "):
        simulate(name, seed=1)  # type: ignore[arg-type]


def test_more_than_fits_into_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 100,000,000 samples, got 216,000,000"):
        simulate(RhythmId.SVT, seconds=3600.0, fs=5000.0, leads=STANDARD, seed=1)


def test_numbers_of_other_kinds_and_names_one_by_one_make_the_same_strip() -> None:
    plain = simulate(RhythmId.SVT, leads=LIMBS, fs=500.0, seed=3)
    stages = (Stage(RhythmId.SVT, float(length)) for length in (np.float32(10.0),))
    other = simulate_stages(stages, leads=iter(LIMBS), fs=500, seed=np.int64(3)).strip  # type: ignore[arg-type]
    np.testing.assert_array_equal(plain.signal, other.signal)
    assert isinstance(other.fs, float)
    assert other.leads == LIMBS
    assert other.provenance == plain.provenance


def disturbance(rhythms: list[RhythmId], seed: int) -> list[float]:
    """How much half of its noise moves each of several stages of ten seconds, in mV."""
    stages = [Stage(rhythm, 10.0) for rhythm in rhythms]
    full, half = (simulate_stages(stages, seed=seed, noise=much).strip for much in (1.0, 0.5))
    noise = (full.signal[0] - half.signal[0]).reshape(len(rhythms), -1)
    return [float(part.std()) for part in noise]


def test_each_stage_has_the_noise_of_its_rhythm() -> None:
    calm, artifact = RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.ARTIFACT
    found = np.median([disturbance([calm, artifact, calm], seed) for seed in range(12)], axis=0)
    assert found[1] > 2.0 * found[[0, 2]].max()


def test_nothing_jumps_where_one_noise_gives_way_to_another() -> None:
    stages = [Stage(RhythmId.ASYSTOLE, 5.0), Stage(RhythmId.ARTIFACT, 5.0)]
    for seed in SEEDS:
        steps = np.abs(np.diff(simulate_stages(stages, seed=seed).strip.signal[0]))
        assert steps[2495:2505].max() < 0.15


def test_a_name_that_is_not_among_the_choices_is_refused_with_them() -> None:
    with pytest.raises(ValueError, match=r"ratio must be one of .*4:3.* got '9:8'"):
        simulate(RhythmId.AVB2_TYPE1, seed=1, ratio="9:8")


def test_noise_that_makes_the_rhythm_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match=r"noise must be 0\.5 to 20 in artifact"):
        simulate(RhythmId.ARTIFACT, seed=1, noise=0.0)


def test_no_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one stage"):
        simulate_stages([], seed=1)

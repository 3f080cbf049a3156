from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.shock import advise_shock
from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.noise import (
    NOISES,
    Noise,
    add_noise,
    artifact_noise,
    usual_noise,
)

FS = 500.0
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
BREATHING = Breathing(0.25, (0.3, 1.0, 2.0))
KINDS = {
    "wander": Noise(wander_mv=0.1),
    "muscle": Noise(muscle_mv=0.1),
    "mains": Noise(mains_mv=0.1),
    "tremor": Noise(tremor_mv=0.1),
    "compressions": Noise(compressions_mv=0.1),
    "motion": Noise(motion_per_min=20.0),
    "dropouts": Noise(dropouts_per_min=20.0),
}


def _noisy(
    noise: Noise,
    *leads: str,
    seconds: float = 10.0,
    fs: float = FS,
    seed: int = 0,
) -> NDArray[np.float64]:
    names = [LeadName(lead) for lead in leads or ("II",)]
    signal = np.zeros((len(names), round(seconds * fs)))
    add_noise(signal, noise, BREATHING, leads=names, fs=fs, rng=np.random.default_rng(seed))
    return signal


def _power(signal: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    length = round(2.0 * FS)
    pieces = signal[: signal.size // length * length].reshape(-1, length)
    power = np.abs(np.fft.rfft(pieces * np.hanning(length), axis=1)) ** 2
    return np.arange(length // 2 + 1) * FS / length, np.asarray(power.mean(axis=0))


def _share(signal: NDArray[np.float64], low: float, high: float) -> float:
    frequencies, power = _power(signal)
    inside = (frequencies >= low) & (frequencies < high)
    return float(power[inside].sum() / power.sum())


def _peak(signal: NDArray[np.float64]) -> float:
    frequencies, power = _power(signal)
    return float(frequencies[power.argmax()])


def test_no_noise_changes_nothing() -> None:
    assert not _noisy(Noise(), *TWELVE).any()
    assert not _noisy(NOISES["clean"], *TWELVE).any()


@pytest.mark.parametrize("kind", KINDS)
def test_none_of_a_kind_changes_nothing(kind: str) -> None:
    assert not _noisy(KINDS[kind].scaled(0.0), *TWELVE).any()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows(kind: str) -> None:
    assert np.all(_noisy(KINDS[kind], *TWELVE, seconds=60.0).std(axis=1) > 0.005)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "dropouts"])
def test_leads_agree_in_their_noise(kind: str) -> None:
    first, second, third, right, left, foot = _noisy(KINDS[kind], *TWELVE)[:6]

    assert third == pytest.approx(second - first, abs=1e-5)
    assert right + left + foot == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("motion", "dropouts")])
def test_twice_as_much_is_twice_as_large(kind: str) -> None:
    once, twice = _noisy(KINDS[kind]), _noisy(KINDS[kind].scaled(2.0))

    assert twice == pytest.approx(2.0 * once, abs=1e-5)


@pytest.mark.parametrize(
    ("kind", "leads"), [("wander", 1.4), ("muscle", 1.1), ("mains", 0.8), ("compressions", 1.4)]
)
def test_sizes_are_those_of_an_electrode(kind: str, leads: float) -> None:
    """Of two electrodes that have nothing to do with one another a lead shows 1.4 times as much."""
    sizes = [_noisy(KINDS[kind], "II", seconds=30.0, seed=seed).std() for seed in range(40)]

    assert np.sqrt(np.mean(np.square(sizes))) == pytest.approx(0.1 * leads, rel=0.35)


def test_the_trembling_limb_is_the_first_leads_and_the_others_are_quieter() -> None:
    for seed in range(10):
        limbs = _noisy(KINDS["tremor"], *TWELVE[:3], seed=seed).std(axis=1)

        assert np.sort(limbs)[1:] == pytest.approx(0.1, rel=0.6)
        assert limbs.min() < 0.3 * limbs.max()


def test_the_baseline_moves_slowly_and_breathes() -> None:
    strip = _noisy(KINDS["wander"], seconds=600.0)[0]

    assert _share(strip - strip.mean(), 0.0, 1.0) > 0.95
    power = np.abs(np.fft.rfft(strip * np.hanning(strip.size))) ** 2
    at = np.fft.rfftfreq(strip.size, 1.0 / FS)
    breathing = power[(at > 0.2) & (at < 0.3)].mean()
    assert breathing > 3.0 * power[(at > 0.35) & (at < 0.45)].mean()


def test_muscles_make_quick_noise_that_falls_to_the_highest_frequencies() -> None:
    strip = _noisy(KINDS["muscle"], seconds=60.0)[0]

    shares = [_share(strip, *band) for band in ((5.0, 15.0), (15.0, 50.0), (50.0, 100.0))]

    assert shares[1] > 0.3
    assert shares[2] > 0.03
    assert _share(strip, 150.0, 250.0) < 0.01


def test_muscles_come_in_bursts_if_asked_for() -> None:
    def unevenness(bursts: float) -> float:
        strip = _noisy(Noise(muscle_mv=0.1, bursts=bursts), seconds=60.0)[0]
        sizes = strip.reshape(-1, round(0.5 * FS)).std(axis=1)
        return float(sizes.std() / sizes.mean())

    assert unevenness(0.0) < 0.2
    assert unevenness(0.9) > 0.5


@pytest.mark.parametrize("hertz", [50.0, 60.0])
def test_the_mains_hum_at_their_frequency(hertz: float) -> None:
    strip = _noisy(replace(KINDS["mains"], mains_hz=hertz), seconds=30.0)[0]

    assert _peak(strip) == hertz
    assert _share(strip, hertz - 1.5, hertz + 1.5) > 0.99


def test_mains_that_samples_cannot_show_are_left_out() -> None:
    assert not _noisy(KINDS["mains"], fs=100.0).any()


@pytest.mark.parametrize("hertz", [3.5, 6.0, 9.0])
def test_a_tremor_has_the_frequency_asked_for(hertz: float) -> None:
    strip = _noisy(replace(KINDS["tremor"], tremor_hz=hertz), seconds=60.0)[0]

    assert _peak(strip) == pytest.approx(hertz, rel=0.15)


def test_compressions_keep_their_rate_and_pause_for_breaths() -> None:
    noise = replace(KINDS["compressions"], compressions_per_min=120.0)
    strip = _noisy(noise, "V2", seconds=60.0)[0]

    frequencies, power = _power(strip)
    comb = [power[np.abs(frequencies - 2.0 * k) < 0.6].sum() for k in range(1, 6)]
    assert sum(comb) > 0.9 * power.sum()
    seconds = strip.reshape(-1, round(FS)).std(axis=1)
    assert 0.1 < np.mean(seconds < 0.01) < 0.4


def test_an_electrode_that_moves_makes_a_jump_and_comes_back() -> None:
    strips = [_noisy(Noise(motion_per_min=3.0), seed=seed, seconds=20.0)[0] for seed in range(20)]

    shown = [strip for strip in strips if strip.any()]
    assert len(shown) > 10
    for strip in shown:
        first = int(np.flatnonzero(strip)[0])
        after = np.abs(strip[first : first + round(0.5 * FS)])
        assert after.max() > 0.04
    assert max(np.abs(strip).max() for strip in shown) < 4.0


def test_a_lead_that_is_off_is_flat_with_a_jump_on_both_sides() -> None:
    names = [LeadName("II")]
    time = np.arange(round(60.0 * FS)) / FS
    signal = np.sin(2.0 * np.pi * time)[np.newaxis].copy()

    add_noise(
        signal,
        Noise(dropouts_per_min=1.0),
        BREATHING,
        leads=names,
        fs=FS,
        rng=np.random.default_rng(3),
    )

    flat = np.flatnonzero(np.diff(signal[0]) == 0.0)
    assert flat.size > 0.4 * FS
    start, end = int(flat[0]), int(flat[flat < flat[0] + round(10.0 * FS)][-1]) + 1
    assert abs(signal[0, start] - signal[0, start - 1]) > 0.05
    assert abs(signal[0, start]) >= 0.5
    assert np.array_equal(signal[0, : start - 1], np.sin(2.0 * np.pi * time)[: start - 1])
    assert np.abs(signal[0, end:]).max() > 0.5


def test_leads_without_the_electrode_that_is_off_stay() -> None:
    for seed in range(40):
        strip = _noisy(Noise(dropouts_per_min=0.3), *TWELVE, seed=seed)
        shown = {lead for lead, row in zip(TWELVE, strip, strict=True) if row.any()}
        if shown == {"V3"}:
            return
    pytest.fail("no strip in which only V3 was off")


@pytest.mark.parametrize("name", NOISES)
def test_the_same_chance_makes_the_same_noise(name: str) -> None:
    noise = replace(NOISES[name], dropouts_per_min=2.0)

    once, again, other = (_noisy(noise, *TWELVE, seed=seed) for seed in (5, 5, 6))

    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("fs", [50.0, 128.0, 360.0, 1000.0, 5000.0])
@pytest.mark.parametrize("seconds", [0.02, 2.0])
def test_any_rate_and_length_will_do(name: str, fs: float, seconds: float) -> None:
    noise = replace(NOISES[name], dropouts_per_min=20.0)

    assert np.isfinite(_noisy(noise, "MCL1", "PADS", "V6", fs=fs, seconds=seconds)).all()


def test_noise_is_added_to_what_there_is_in_place() -> None:
    signal = np.full((1, 1000), 5.0, np.float32)

    add_noise(
        signal,
        NOISES["usual"],
        BREATHING,
        leads=[LeadName("II")],
        fs=FS,
        rng=np.random.default_rng(0),
    )

    assert signal.dtype == np.float32
    assert 0.0 < np.abs(signal - 5.0).max() < 1.0


def test_it_is_the_same_noise_in_the_precision_of_a_strip() -> None:
    leads = [LeadName("II"), LeadName("V1")]
    strips: list[NDArray[np.floating]] = [np.zeros((2, 5000), np.float32), np.zeros((2, 5000))]
    for strip in strips:
        add_noise(strip, NOISES["cpr"], BREATHING, leads=leads, fs=FS, rng=np.random.default_rng(1))

    assert strips[0] == pytest.approx(strips[1], abs=1e-5)


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, 1001.0])
@pytest.mark.parametrize("name", [field.name for field in fields(Noise)])
def test_amounts_that_cannot_be_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"{name} is .*; allowed is 0 to 1000"):
        replace(Noise(), **{name: value})


@pytest.mark.parametrize("name", ["tremor_hz", "compressions_per_min"])
def test_what_is_too_slow_for_a_movement_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} is 0\.001; allowed is 0, or "):
        Noise(**{name: 0.001})
    assert getattr(Noise(**{name: 0.0}), name) == 0.0


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"wander_mv is -1; .*mains_mv is -2; "):
        Noise(wander_mv=-1.0, mains_mv=-2.0)


def test_scaling_leaves_frequencies_alone() -> None:
    noise = replace(NOISES["cpr"], mains_hz=60.0, tremor_hz=7.0).scaled(3.0)

    assert noise.compressions_mv == pytest.approx(3.0 * NOISES["cpr"].compressions_mv)
    assert (noise.mains_hz, noise.tremor_hz, noise.compressions_per_min) == (60.0, 7.0, 110.0)


def test_patients_who_lie_still_differ_and_tremble_not() -> None:
    drawn = [usual_noise(np.random.default_rng(seed)) for seed in range(200)]

    wander = np.array([noise.wander_mv for noise in drawn])
    assert np.median(wander) == pytest.approx(0.04, rel=0.2)
    assert np.quantile(wander, 0.9) > 4.0 * np.quantile(wander, 0.1)
    assert not any(noise.tremor_mv or noise.compressions_mv for noise in drawn)


def test_a_line_without_waves_is_seen_as_that_and_is_not_perfectly_flat() -> None:
    strips = [_noisy(usual_noise(np.random.default_rng(seed)), seed=seed)[0] for seed in range(30)]

    assert all(np.ptp(strip) > 0.01 for strip in strips)
    assert all("nearly flat" in advise_shock(strip, FS).reason for strip in strips)


def test_an_artifact_hides_what_lies_below_it() -> None:
    sizes = [
        np.ptp(_noisy(artifact_noise(np.random.default_rng(seed)), seed=seed)) for seed in range(30)
    ]

    assert np.quantile(sizes, 0.2) > 0.5

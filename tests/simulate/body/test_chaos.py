import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.shock import advise_shock
from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.body.chaos import fibrillation
from rhythmtrainer.simulate.body.leads import electrode_matrix
from rhythmtrainer.simulate.body.patient import Patient, draw_patient
from rhythmtrainer.simulate.heart.activity import Fibrillating

FS = 250.0
SECONDS = 10.0
COARSE = Fibrillating(-2.0, 60.0, in_atria=False, frequency_hz=4.5, amplitude_mv=0.3)
ATRIAL = Fibrillating(-2.0, 60.0, in_atria=True, frequency_hz=6.2, amplitude_mv=0.025)


def _draw(
    one: Fibrillating, *leads: str, seed: int = 1, seconds: float = SECONDS, fs: float = FS
) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    patient = draw_patient(rng, 60.0)
    dipole = fibrillation(one, patient, samples=round(seconds * fs), fs=fs, rng=rng)
    return _seen(dipole, patient, *leads) if leads else dipole


def _seen(dipole: NDArray[np.float64], patient: Patient, *leads: str) -> NDArray[np.float64]:
    matrix = electrode_matrix([LeadName(lead) for lead in leads])
    return np.asarray(matrix @ patient.electrodes @ dipole)


def _rms(signal: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(signal**2)))


def _spectrum(signal: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return frequencies and the power there, averaged over pieces of 2 s."""
    length = round(2.0 * FS)
    pieces = signal[: signal.size // length * length].reshape(-1, length)
    power = np.abs(np.fft.rfft(pieces * np.hanning(length), axis=1)) ** 2
    return np.arange(length // 2 + 1) * FS / length, np.asarray(power.mean(axis=0))


def _share(signal: NDArray[np.float64], low: float, high: float) -> float:
    frequencies, power = _spectrum(signal)
    inside = (frequencies >= low) & (frequencies < high)
    return float(power[inside].sum() / power.sum())


@pytest.mark.parametrize(("one", "lead"), [(COARSE, "II"), (ATRIAL, "V1")])
def test_the_amplitude_is_the_one_asked_for(one: Fibrillating, lead: str) -> None:
    sizes = [_rms(_draw(one, lead, seed=seed)) for seed in range(10)]

    assert sizes == pytest.approx([one.amplitude_mv] * 10, rel=0.05)


@pytest.mark.parametrize("frequency", [3.0, 4.5, 7.0])
def test_the_dominant_frequency_of_the_ventricles_is_the_one_asked_for(frequency: float) -> None:
    peaks = []
    for seed in range(20):
        one = COARSE._replace(frequency_hz=frequency)
        frequencies, power = _spectrum(_draw(one, "II", seed=seed, seconds=30.0)[0])
        peaks.append(frequencies[power.argmax()])

    assert np.median(peaks) == pytest.approx(frequency, abs=0.5)
    assert np.mean(np.abs(np.array(peaks) / frequency - 1.0) < 0.35) >= 0.9


@pytest.mark.parametrize("frequency", [5.0, 8.0])
def test_the_dominant_frequency_of_the_atria_is_the_one_asked_for(frequency: float) -> None:
    one = ATRIAL._replace(frequency_hz=frequency)
    peaks = []
    for seed in range(20):
        frequencies, power = _spectrum(_draw(one, "V1", seed=seed, seconds=30.0)[0])
        peaks.append(frequencies[power.argmax()])

    assert np.median(peaks) == pytest.approx(frequency, abs=0.6)


def test_power_is_spread_as_in_recorded_fibrillation() -> None:
    strips = [_draw(COARSE, "II", seed=seed)[0] for seed in range(30)]

    around = [_share(strip, 0.7 * 4.5, 1.3 * 4.5) for strip in strips]
    quick = [_share(strip, 8.0, 16.0) for strip in strips]
    quickest = [_share(strip, 16.0, 30.0) for strip in strips]

    assert 0.5 < np.median(around) < 0.85
    assert 0.015 < np.median(quick) < 0.08
    assert 0.001 < np.median(quickest) < 0.01


def test_waves_never_repeat() -> None:
    strip = _draw(COARSE, "II", seconds=60.0)[0]
    piece = strip[: round(3.0 * FS)]
    longer = np.lib.stride_tricks.sliding_window_view(strip[piece.size :], piece.size)

    alike = longer @ piece / (np.linalg.norm(longer, axis=1) * np.linalg.norm(piece))

    assert np.abs(alike).max() < 0.9


def test_leads_see_it_differently_and_agree() -> None:
    first, second, third, chest = _draw(COARSE, "I", "II", "III", "V2")

    assert third == pytest.approx(second - first)
    assert abs(np.corrcoef(second, chest)[0, 1]) < 0.95


def test_the_atrias_waves_are_largest_on_the_right_of_the_chest() -> None:
    sizes = np.array(
        [
            [_rms(lead) for lead in _draw(ATRIAL, "V1", "II", "I", "V6", seed=seed)]
            for seed in range(20)
        ]
    )

    middle = np.median(sizes / sizes[:, :1], axis=0)

    assert np.all(middle[1:] < 0.85)
    assert np.all(middle[1:] > 0.25)


def test_amplitude_and_frequency_fall_as_it_decays() -> None:
    one = COARSE._replace(start_s=0.0, decay_s=20.0)
    strip = _draw(one, "II", seconds=60.0)[0]
    early, late = np.split(strip, [round(30.0 * FS)])

    assert _rms(late) == pytest.approx(np.exp(-30.0 / 20.0) * _rms(early), rel=0.3)
    crossings = [np.count_nonzero(np.diff(np.sign(half))) for half in (early, late)]
    assert crossings[1] < 0.9 * crossings[0]


def test_what_began_before_the_strip_has_decayed_since() -> None:
    fresh = COARSE._replace(start_s=0.0, decay_s=20.0)

    sizes = [
        np.mean([_rms(_draw(one, "II", seed=seed)) for seed in range(5)])
        for one in (fresh, fresh._replace(start_s=-20.0))
    ]

    assert sizes[1] == pytest.approx(sizes[0] / np.e, rel=0.1)


def test_there_is_nothing_outside_of_it_and_its_edges_are_smooth() -> None:
    one = COARSE._replace(start_s=2.0, end_s=7.0)

    dipole = _draw(one)

    before, inside, after = np.split(dipole, [round(2.0 * FS), round(7.0 * FS)], axis=1)
    assert not before.any()
    assert not after.any()
    assert np.abs(inside[:, [0, -1]]).max() < 0.01
    assert np.abs(inside).max() > 0.3


def test_it_does_not_fade_where_the_strip_begins_and_ends() -> None:
    strips = [_draw(COARSE, "II", seed=seed)[0] for seed in range(30)]

    edges = [np.mean(strip[[0, -1]] ** 2) for strip in strips]

    assert np.sqrt(np.mean(edges)) > 0.7 * COARSE.amplitude_mv


@pytest.mark.parametrize(
    ("start_s", "end_s"), [(-5.0, -1.0), (20.0, 30.0), (3.0, 3.0), (-np.inf, 0.0)]
)
def test_what_lies_outside_of_the_strip_leaves_it_empty(start_s: float, end_s: float) -> None:
    assert not _draw(COARSE._replace(start_s=start_s, end_s=end_s)).any()


@pytest.mark.parametrize("fs", [50.0, 128.0, 360.0, 1000.0, 5000.0])
@pytest.mark.parametrize("seconds", [0.02, 0.5, 3.3])
def test_any_rate_and_length_will_do(fs: float, seconds: float) -> None:
    dipole = _draw(COARSE, fs=fs, seconds=seconds)

    assert dipole.shape == (3, round(seconds * fs))
    assert np.isfinite(dipole).all()


def test_a_moment_of_it_is_drawn() -> None:
    dipole = _draw(COARSE._replace(start_s=1.0, end_s=1.0 + 1.0 / FS))

    assert np.isfinite(dipole).all()
    assert np.count_nonzero(dipole.any(axis=0)) <= 1


def test_the_same_chance_draws_the_same() -> None:
    assert np.array_equal(_draw(COARSE, seed=4), _draw(COARSE, seed=4))
    assert not np.array_equal(_draw(COARSE, seed=4), _draw(COARSE, seed=5))


def test_coarse_fibrillation_is_to_be_shocked() -> None:
    strips = [_draw(COARSE._replace(amplitude_mv=0.15), "II", seed=seed) for seed in range(30)]

    assert sum(advise_shock(strip, FS).shock for strip in strips) >= 29


def test_fine_fibrillation_passes_for_asystole() -> None:
    strips = [_draw(COARSE._replace(amplitude_mv=0.03), "II", seed=seed) for seed in range(10)]

    assert not any(advise_shock(strip, FS).shock for strip in strips)

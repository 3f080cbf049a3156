import numpy as np
import pytest

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.model import Beginning, Entry, LeadName
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate.heart.activity import (
    Activity,
    AtrialBeat,
    Fibrillating,
    Spike,
    VentricularBeat,
)
from rhythmtrainer.simulate.heart.parts import FROM_BELOW
from tests.simulate.body.hearts import (
    FS,
    RIGHT_APEX,
    TWELVE,
    drawn,
    reading,
    sinus,
)


def test_limb_leads_obey_einthoven_and_goldberger_in_every_patient() -> None:
    for seed in range(5):
        i, ii, iii, avr, avl, avf = drawn(sinus(), seed)[1].signal[:6]
        np.testing.assert_allclose(iii, ii - i, atol=1e-9)
        np.testing.assert_allclose(avr, -(i + ii) / 2.0, atol=1e-9)
        np.testing.assert_allclose(avl, i - ii / 2.0, atol=1e-9)
        np.testing.assert_allclose(avf, ii - i / 2.0, atol=1e-9)


def test_amplitudes_and_t_waves_are_those_of_recordings() -> None:
    """Medians of recordings of sinus rhythm, with some room."""
    activity = sinus()
    two, five = (TWELVE.index(LeadName(lead)) for lead in ("II", "V5"))
    drawings = [drawn(activity, seed)[1] for seed in range(60)]
    seen = {lead: [reading(activity, one, lead) for one in drawings] for lead in (two, five)}
    medians = {
        (lead, wave): np.median([read[wave] for read in seen[lead]])
        for lead in seen
        for wave in "PRT"
    }
    assert 0.7 < medians[two, "R"] < 1.1
    assert 1.0 < medians[five, "R"] < 1.45
    assert 0.14 < medians[two, "T"] < 0.3
    assert 0.2 < medians[five, "T"] < 0.4
    assert 0.08 < medians[two, "P"] < 0.14


def ventricular(at_s: float) -> Spike:
    return Spike(at_s, in_atria=False, captures=True)


def atrial(at_s: float) -> Spike:
    return Spike(at_s, in_atria=True, captures=False)


def test_spikes_are_sharp_and_stand_in_all_leads() -> None:
    for seed in range(20):
        activity = Activity(spikes=[ventricular(1.0), atrial(2.0)])
        signal = drawn(activity, seed)[1].signal
        for at in (500, 1000):
            height = np.abs(signal[:, at])
            assert np.count_nonzero(height > 0.02) >= 8
            assert 0.1 < height.max() < 4.0
            around = signal[:, at - 4 : at + 6]
            assert np.count_nonzero(np.abs(around) > 0.6 * height.max()) <= 12
        assert np.count_nonzero(signal.any(axis=0)) <= 4


@pytest.mark.parametrize("in_atria", [True, False])
def test_a_fibrillating_chamber_is_drawn_while_it_does(in_atria: bool) -> None:  # noqa: FBT001 - a parameter of a test
    activity = Activity(fibrillating=[Fibrillating(1.0, 4.0, in_atria, 5.5, 0.2)])
    signal = drawn(activity, 2)[1].signal
    assert np.abs(signal[:, 700:1800]).max() > 0.1
    assert not signal[:, :490].any()
    assert not signal[:, 2010:].any()


def test_one_lead_is_drawn_as_it_is_among_twelve() -> None:
    activity = sinus()
    activity.spikes = [ventricular(1.0)]
    activity.fibrillating = [
        Fibrillating(0.0, 5.0, in_atria=True, frequency_hz=6.0, amplitude_mv=0.05)
    ]
    many = drawn(activity, 5)[1]
    one = drawn(activity, 5, leads=(LeadName("V2"),))[1]
    np.testing.assert_allclose(one.signal[0], many.signal[7], atol=2e-4)
    np.testing.assert_array_equal(one.t_end_s, many.t_end_s)


def test_the_same_chance_draws_the_same() -> None:
    first, second = (drawn(sinus(), 5)[1] for _ in range(2))
    np.testing.assert_array_equal(first.signal, second.signal)


def test_nothing_that_happens_is_a_flat_line_in_every_lead() -> None:
    drawing = drawn(Activity(), leads=[LeadName(name) for name in LEADS])[1]
    assert drawing.signal.shape == (len(LEADS), 2500)
    assert not drawing.signal.any()
    assert drawing.qrs_end_s.size == drawing.p_end_s.size == 0


def test_waves_at_the_edges_are_cut_as_a_recorder_cuts_them() -> None:
    """A strip is a window: what lies around it reaches into it, without a jump."""
    activity = sinus(seconds=8.0)
    long, short = (drawn(activity, 6, seconds=seconds)[1].signal for seconds in (8.0, 4.1))
    np.testing.assert_allclose(short, long[:, : short.shape[1]], atol=1e-3)


def test_a_single_beat_can_be_drawn() -> None:
    activity = Activity(
        atria=[AtrialBeat(1.0, Beginning.FLUTTER, FROM_BELOW)],
        ventricles=[VentricularBeat(1.2, Beginning.VENTRICLES, Entry.SITE, RIGHT_APEX, 1.0)],
    )
    drawing = drawn(activity, 6)[1]
    assert np.isfinite(drawing.signal).all()
    assert 1.2 < drawing.qrs_end_s[0] < drawing.t_peak_s[0] < drawing.t_end_s[0] < 1.9


def test_all_sampling_rates_show_the_same_waves() -> None:
    activity = sinus()
    fine = drawn(activity, 6, fs=1000.0)[1].signal
    for fs in (200.0, 250.0, 500.0):
        coarse = drawn(activity, 6, fs=fs)[1].signal
        np.testing.assert_allclose(coarse, fine[:, :: round(1000.0 / fs)], atol=4e-3)


@pytest.mark.parametrize("lead", ["II", "V1", "V5"])
def test_a_reader_of_recordings_finds_the_waves_where_they_are(lead: str) -> None:
    activity = sinus(seconds=10.0)
    onsets_s = np.array([one.at_s for one in activity.ventricles])
    errors: dict[str, list[float]] = {"QRS onset": [], "QRS end": [], "T end": [], "P onset": []}
    for seed in range(16):
        leads = (LeadName(lead),)
        drawing = drawn(activity, seed, leads=leads, seconds=10.0, age=25.0 + 3.0 * seed)[1]
        noise = np.random.default_rng(seed).standard_normal(5000) * 0.004
        signal = (drawing.signal[0] + noise).astype(np.float32)
        beats = detect_beats(signal, FS)[1:-1]
        waves = delineate(signal, FS, beats)
        row = np.searchsorted(onsets_s, beats / FS + 0.02) - 1
        truths = {
            "QRS onset": (waves.qrs.onset, onsets_s),
            "QRS end": (waves.qrs.end, drawing.qrs_end_s),
            "T end": (waves.t.end, drawing.t_end_s),
            "P onset": (waves.p.onset, onsets_s - 0.16),
        }
        for name, (found, true_s) in truths.items():
            away_s = found[found >= 0] / FS - true_s[row[found >= 0]]
            if away_s.size:
                errors[name].append(float(np.median(away_s)))
    for name, allowed_s in (("QRS onset", 0.01), ("QRS end", 0.012), ("T end", 0.015)):
        assert len(errors[name]) >= 13
        assert np.mean(np.abs(errors[name]) < allowed_s) > 0.8, (name, errors[name])
    if lead == "II":
        assert np.mean(np.abs(errors["P onset"]) < 0.012) > 0.9

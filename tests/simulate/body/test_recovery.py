import numpy as np

from rhythmtrainer.model import Beginning, Entry, LeadName
from rhythmtrainer.simulate.heart.activity import (
    Activity,
    Fibrillating,
    Repolarisation,
    VentricularBeat,
)
from tests.simulate.body.hearts import (
    FS,
    II,
    RIGHT_APEX,
    SEEDS,
    TWELVE,
    drawn,
    from_site,
    reading,
    share,
    sinus,
    unit,
)


def test_t_waves_point_against_complexes_from_a_site() -> None:
    against = []
    for seed in SEEDS:
        site = unit(*np.random.default_rng(seed).standard_normal(3))
        activity = from_site(site)
        drawing = drawn(activity, seed)[1]
        row = 3
        largest = max(range(12), key=lambda lead: np.ptp(drawing.signal[lead]))
        signal = drawing.signal[largest]
        qrs = signal[
            round(activity.ventricles[row].at_s * FS) : round(float(drawing.qrs_end_s[row]) * FS)
        ]
        against.append(qrs.sum() * signal[round(float(drawing.t_peak_s[row]) * FS)] < 0.0)
    assert share(against) > 0.85


def test_the_t_wave_ends_later_where_beats_are_slow_and_where_recovery_is_long() -> None:
    def qt(rr_s: float, qtc_s: float | None = None) -> float:
        activity = sinus(rr_s=rr_s, seconds=12.0)
        if qtc_s is not None:
            activity.repolarisation = [Repolarisation(-10.0, qtc_s)]
        drawing = drawn(activity, 3, leads=II)[1]
        return float(drawing.t_end_s[4] - activity.ventricles[4].at_s)

    assert qt(0.5) < qt(0.8) < qt(1.2)
    assert 0.38 < qt(1.0) < 0.42
    assert 0.53 < qt(1.0, 0.55) < 0.57


def test_recovery_changes_when_it_is_said_to() -> None:
    activity = sinus(rr_s=1.0, seconds=10.0)
    activity.repolarisation = [Repolarisation(-10.0, 0.38), Repolarisation(5.0, 0.56)]
    drawing = drawn(activity, 3, leads=II)[1]
    qt = drawing.t_end_s - np.array([one.at_s for one in activity.ventricles])
    late = np.array([one.at_s > 5.0 for one in activity.ventricles])
    assert qt[~late].max() < 0.42
    assert qt[late].min() > 0.52


def test_the_qt_interval_remembers_the_rate_of_the_last_minute() -> None:
    at = [*np.arange(0.0, 60.0, 1.0), *np.arange(60.0, 300.0, 0.6)]
    activity = Activity(
        ventricles=[VentricularBeat(float(t), Beginning.SINUS, Entry.BOTH_BUNDLES) for t in at]
    )
    qt = drawn(activity, 2, leads=II)[1].t_end_s - np.array(at)
    before, soon, settled = qt[50], qt[65], qt[-2]
    assert before > soon > settled
    assert before - soon < 0.6 * (before - settled)


def test_a_t_wave_that_the_next_complex_cuts_off_has_no_end() -> None:
    activity = sinus(rr_s=1.0)
    early = activity.ventricles[3]
    activity.ventricles.insert(
        4, VentricularBeat(early.at_s + 0.3, Beginning.VENTRICLES, Entry.SITE, RIGHT_APEX, 1.0)
    )
    drawing = drawn(activity, 2, leads=II)[1]
    assert np.isnan(drawing.t_end_s[3])
    assert np.isfinite(np.delete(drawing.t_end_s, 3)).all()


def test_ventricular_flutter_is_a_sine_wave() -> None:
    activity = from_site(RIGHT_APEX, rr_s=0.22, seconds=10.0)
    for seed in range(10):
        drawing = drawn(activity, seed, leads=II, seconds=10.0)[1]
        spectrum = np.abs(np.fft.rfft(drawing.signal[0] - drawing.signal[0].mean())) ** 2
        hertz = np.fft.rfftfreq(drawing.signal.shape[1], 1.0 / FS)
        fundamental = np.abs(hertz - 1.0 / 0.22) < 0.5
        assert spectrum[fundamental].sum() > 0.75 * spectrum.sum()


def test_a_childs_t_waves_are_inverted_in_v1() -> None:
    activity = sinus(rr_s=0.65, pr_s=0.13)
    v1 = TWELVE.index(LeadName("V1"))
    inverted = [
        reading(activity, drawn(activity, seed, age=5.0)[1], v1)["T"] < 0.0 for seed in SEEDS
    ]
    assert share(inverted) > 0.9


def test_t_waves_are_flatter_in_atrial_fibrillation() -> None:
    quiet = sinus()
    trembling = sinus()
    trembling.fibrillating = [
        Fibrillating(0.0, 5.0, in_atria=True, frequency_hz=6.0, amplitude_mv=1e-9)
    ]
    two = TWELVE.index(LeadName("II"))
    heights = [
        [abs(reading(activity, drawn(activity, seed)[1], two)["T"]) for seed in SEEDS]
        for activity in (quiet, trembling)
    ]
    assert 0.55 < np.median(heights[1]) / np.median(heights[0]) < 0.9

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import (
    Baseline,
    EarlyBeats,
    Finding,
    Measurement,
    Pacing,
    Pattern,
    Pauses,
    PWaves,
    QrsWidth,
    Regularity,
    Step,
)
from tests.bench.evidence import tabulate
from tests.bench.evidence_windows import labelled_windows
from tests.support.evidence_synthetic import FS, SECONDS, chaos, lead_with, strip_of, with_spikes
from tests.support.synthetic import add_waves, ecg_at, regular_peaks

SINUS = np.arange(0.5, 11.5, 0.8)
EVERY_STEP = tuple(Step)


def read(lead: NDArray[np.float32], step: Step, fs: float = FS) -> Finding:
    finding = measure(strip_of(lead, fs)).finding(step)
    assert finding is not None
    return finding


def with_ectopy(early: dict[int, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sinus beats, and ventricular beats in the place of some of them, earlier by so much."""
    places = list(early)
    return np.delete(SINUS, places), SINUS[places] - np.array(list(early.values()))


def test_the_steps_come_in_the_teaching_order() -> None:
    for lead in (lead_with(SINUS), chaos(), np.zeros(3000, np.float32)):
        assert tuple(finding.step for finding in measure(strip_of(lead)).findings) == EVERY_STEP


def test_sinus_rhythm_is_read_as_it_is_taught() -> None:
    found = measure(strip_of(lead_with(SINUS)))
    texts = {finding.step: finding.text for finding in found.findings}
    assert texts[Step.RATE] == "Rate 75/min, 70 by the 6-second rule"
    assert texts[Step.REGULARITY] == "RR 0.80 s: regular"
    assert texts[Step.EARLY_BEATS] == "no early beats"
    assert texts[Step.PACING] == "no pacing spikes seen"
    assert "narrow" in texts[Step.QRS]


def test_no_finding_names_a_rhythm() -> None:
    named = ("sinus", "fibrillation", "block", "tachycardia", "bradycardia", "junctional")
    for lead in (lead_with(SINUS), lead_with([], SINUS), chaos()):
        for finding in measure(strip_of(lead)).findings:
            assert not any(word in finding.text.lower() for word in named)


def test_confidence_is_a_share_and_nothing_untold_has_any() -> None:
    for lead in (lead_with(SINUS), chaos(), lead_with(*with_ectopy({5: 0.3}))):
        for finding in measure(strip_of(lead)).findings:
            assert 0.0 <= finding.confidence <= 1.0
            assert finding.told or finding.confidence == 0.0


def test_places_lie_inside_what_is_shown() -> None:
    strip = strip_of(lead_with(*with_ectopy({5: 0.3, 9: 0.3})), start_s=30.0)
    for finding in measure(strip, 31.0, 41.0).findings:
        for start, end in finding.where:
            assert 31.0 <= start < end <= 41.0


def test_an_early_wide_beat_is_found_where_it_is() -> None:
    finding = read(lead_with(*with_ectopy({6: 0.3})), Step.EARLY_BEATS)
    assert finding.verdict is EarlyBeats.WIDE
    assert finding.text == "early wide beat at 5.0 s"
    ((start, end),) = finding.where
    assert start < SINUS[6] - 0.3 < end


def test_an_early_narrow_beat_is_found() -> None:
    beats = SINUS.copy()
    beats[7:] -= 0.3
    finding = read(lead_with(beats), Step.EARLY_BEATS)
    assert finding.verdict is EarlyBeats.NARROW
    assert finding.number == 1.0


def test_an_even_rhythm_with_an_early_beat_is_regular_but_for_it() -> None:
    finding = read(lead_with(*with_ectopy({6: 0.3})), Step.REGULARITY)
    assert finding.verdict is Regularity.REGULARLY_IRREGULAR
    assert "regular except for an early beat" in finding.text


@pytest.mark.parametrize(("period", "pattern"), [(2, Pattern.BIGEMINAL), (3, Pattern.TRIGEMINAL)])
def test_early_beats_that_repeat_make_a_pattern(period: int, pattern: Pattern) -> None:
    early = dict.fromkeys(range(period - 1, SINUS.size, period), 0.25)
    lead = lead_with(*with_ectopy(early))
    assert read(lead, Step.PATTERN).verdict is pattern
    assert read(lead, Step.REGULARITY).verdict is Regularity.REGULARLY_IRREGULAR


def test_early_beats_in_pairs_are_couplets() -> None:
    assert read(lead_with(*with_ectopy({6: 0.35, 7: 0.65})), Step.PATTERN).verdict is (
        Pattern.COUPLETS
    )


def test_intervals_without_an_order_are_irregularly_irregular() -> None:
    chance = np.random.default_rng(7)
    beats = 0.5 + np.cumsum(chance.uniform(0.45, 1.1, 20))
    lead = lead_with(beats[beats < 11.5])
    assert read(lead, Step.REGULARITY).verdict is not Regularity.REGULAR
    assert read(lead, Step.EARLY_BEATS).verdict is not EarlyBeats.WIDE


def test_a_missing_beat_of_two_seconds_is_a_pause() -> None:
    finding = read(lead_with(np.delete(np.arange(0.5, 11.5, 1.05), [5])), Step.PAUSES)
    assert finding.verdict is Pauses.PRESENT
    assert finding.number == pytest.approx(2.1, abs=0.02)
    assert finding.text == "pause of 2.1 s at 4.7 s"


def test_a_slow_rhythm_has_no_pauses() -> None:
    assert read(lead_with(np.arange(0.6, 11.5, 2.2)), Step.PAUSES).verdict is Pauses.NONE


def test_wide_complexes_are_wide() -> None:
    lead = lead_with([], np.arange(0.5, 11.5, 0.7))
    assert read(lead, Step.QRS).verdict is QrsWidth.WIDE
    assert read(lead_with(SINUS), Step.QRS).verdict is QrsWidth.NARROW


def test_pacing_spikes_are_seen() -> None:
    wide = np.arange(0.6, 11.5, 0.8)
    lead = lead_with([], wide)
    assert read(lead, Step.PACING).verdict is Pacing.NONE
    finding = read(with_spikes(lead, wide), Step.PACING)
    assert finding.verdict is Pacing.SPIKES
    assert finding.number == wide.size


def test_spikes_cannot_be_told_where_samples_are_sparse() -> None:
    lead = ecg_at(SINUS, 128.0, SECONDS)
    assert read(lead, Step.PACING, 128.0).verdict is Pacing.CANNOT_TELL


@pytest.mark.parametrize("seed", range(5))
def test_chaos_has_no_beats_and_nothing_is_told(seed: int) -> None:
    found = measure(strip_of(chaos(seed=seed)))
    assert found.beats_s.size == 0
    assert found.rate_bpm is None
    assert not any(finding.told for finding in found.findings if finding.step != Step.BASELINE)


def test_what_is_beside_the_window_helps_but_is_not_counted() -> None:
    strip = strip_of(lead_with(SINUS), start_s=100.0)
    found = measure(strip, 101.0, 111.0)
    assert found.beats_s.min() >= 101.0
    assert found.beats_s.max() < 111.0
    assert found.rate_bpm == pytest.approx(75.0, abs=0.5)


def test_without_times_all_of_the_strip_counts() -> None:
    strip = strip_of(lead_with(SINUS), start_s=100.0)
    assert measure(strip).beats_s.size == SINUS.size


def test_another_lead_can_be_read() -> None:
    rows = np.stack([np.zeros(round(SECONDS * FS), np.float32), lead_with(SINUS)])
    strip = strip_of(rows, names=("I", "II"))
    assert measure(strip, lead=1).rate_bpm == pytest.approx(75.0, abs=0.5)


def verdicts(measurement: Measurement) -> dict[Step, str]:
    return {finding.step: finding.verdict.value for finding in measurement.findings}


@pytest.mark.parametrize(
    "change",
    [lambda x: x * 1e-3, lambda x: x * 1e3, lambda x: -x, lambda x: x + 5.0, lambda x: x * 0.3],
)
@pytest.mark.parametrize("early", [{}, {6: 0.3}, {3: 0.25, 5: 0.25, 7: 0.25, 9: 0.25}])
def test_size_polarity_and_offset_change_no_verdict(
    change: Callable[[NDArray[np.float32]], NDArray[np.float32]], early: dict[int, float]
) -> None:
    lead = lead_with(*with_ectopy(early)) if early else lead_with(SINUS)
    before, after = (verdicts(measure(strip_of(signal))) for signal in (lead, change(lead)))
    rhythm = (Step.RATE, Step.REGULARITY, Step.QRS, Step.EARLY_BEATS, Step.PATTERN, Step.PAUSES)
    assert {step: after[step] for step in rhythm} == {step: before[step] for step in rhythm}


@pytest.mark.parametrize("fs", [128.0, 250.0, 257.0, 360.0, 500.0, 1000.0])
def test_the_sampling_rate_changes_no_verdict_on_the_rhythm(fs: float) -> None:
    narrow, wide = with_ectopy({6: 0.3})
    found = verdicts(measure(strip_of(lead_with(narrow, wide, fs=fs), fs)))
    assert found[Step.RATE] == "60-100"
    assert found[Step.REGULARITY] == Regularity.REGULARLY_IRREGULAR.value
    assert found[Step.EARLY_BEATS] == EarlyBeats.WIDE.value
    assert found[Step.QRS] == QrsWidth.NARROW.value


def test_the_time_of_the_recording_moves_places_and_nothing_else() -> None:
    lead = lead_with(*with_ectopy({6: 0.3}))
    early, late = (measure(strip_of(lead, start_s=start)) for start in (0.0, 1000.0))
    for before, after in zip(early.findings, late.findings, strict=True):
        assert (before.verdict, before.text) == (after.verdict, after.text)
        assert np.allclose(np.array(before.where) + 1000.0, np.array(after.where))


def half_missing(lead: NDArray[np.float32]) -> NDArray[np.float32]:
    holed = lead.copy()
    holed[: holed.size // 2] = np.nan
    return holed


POOR = {
    "empty": np.empty(0, np.float32),
    "one sample": np.zeros(1, np.float32),
    "half a second": lead_with(SINUS)[:125],
    "two seconds": lead_with(SINUS)[:500],
    "all missing": np.full(3000, np.nan, np.float32),
    "half missing": half_missing(lead_with(SINUS)),
    "constant": np.full(3000, 1.5, np.float32),
    "infinite": np.full(3000, np.inf, np.float32),
    "some infinite": np.where(np.arange(3000) % 500 == 0, np.inf, lead_with(SINUS)),
    "huge": np.full(3000, 3e38, np.float32) * np.sign(np.sin(np.arange(3000))),
    "whole numbers": (lead_with(SINUS) * 200).astype(np.int16),
    "yes or no": lead_with(SINUS) > 0.5,
    "steps of 10 mV": lead_with(SINUS) + 10 * (np.arange(3000) // 700),
    "hum": lead_with(SINUS) + 0.3 * np.sin(2 * np.pi * 50 * np.arange(3000) / FS),
    "noise": np.random.default_rng(1).standard_normal(3000),
}


@pytest.mark.parametrize("name", POOR)
def test_poor_signals_give_findings_and_no_warning(name: str) -> None:
    found = measure(strip_of(POOR[name]))
    assert len(found.findings) == len(EVERY_STEP)
    assert np.isfinite(found.beats_s).all()
    for finding in found.findings:
        assert finding.text
        assert finding.number is None or np.isfinite(finding.number)
        assert np.isfinite(np.array(finding.where)).all()


@pytest.mark.parametrize(
    "name", ["empty", "one sample", "half a second", "all missing", "constant", "infinite"]
)
def test_where_nothing_can_be_read_nothing_is_told(name: str) -> None:
    found = measure(strip_of(POOR[name]))
    told = [finding.step for finding in found.findings if finding.told]
    assert set(told) <= {Step.BASELINE}


def test_half_a_recording_is_still_read() -> None:
    found = measure(strip_of(POOR["half missing"]))
    assert found.rate_bpm == pytest.approx(75.0, abs=1.0)
    baseline = found.finding(Step.BASELINE)
    assert baseline is not None
    assert baseline.verdict is not Baseline.CLEAN


def test_a_gap_is_not_a_pause() -> None:
    lead = lead_with(SINUS)
    lead[1200:1950] = np.nan
    found = measure(strip_of(lead))
    assert verdicts(found)[Step.PAUSES] == Pauses.NONE.value
    assert verdicts(found)[Step.REGULARITY] == Regularity.REGULAR.value


def test_a_beat_at_the_pace_of_the_p_waves_is_not_early_after_a_dropped_one() -> None:
    p_s = np.arange(0.3, 11.6, 0.8)
    conducted = np.flatnonzero(np.arange(p_s.size) % 3 != 2)
    lead = ecg_at([], FS, SECONDS, noise=0.005, wander=0.0).astype(np.float64)
    for delay, height, spread in ((0.0, 1.0, 0.011), (0.028, -0.25, 0.01), (0.32, 0.3, 0.05)):
        add_waves(lead, FS, p_s[conducted] + 0.17 + delay, height, spread)
    add_waves(lead, FS, p_s, 0.15, 0.024)
    found = measure(strip_of(lead.astype(np.float32)))
    assert verdicts(found)[Step.P_WAVES] == PWaves.MORE_THAN_ONE.value
    assert verdicts(found)[Step.EARLY_BEATS] == EarlyBeats.NONE.value
    assert verdicts(found)[Step.PATTERN] == Pattern.NONE.value


@pytest.mark.parametrize("fs", [50.0, 2000.0])
def test_a_sampling_rate_out_of_range_is_refused(fs: float) -> None:
    with pytest.raises(ValueError, match="fs"):
        measure(strip_of(np.zeros(1000, np.float32), fs))


@pytest.mark.parametrize("rate", [20, 40, 60, 100, 150, 200, 250])
def test_rates_of_infants_and_of_complete_block_are_read(rate: int) -> None:
    lead = ecg_at(regular_peaks(rate, SECONDS), 500.0, SECONDS)
    assert measure(strip_of(lead, 500.0)).rate_bpm == pytest.approx(rate, rel=0.02)


# Shares of the verdicts given that agree with what the annotations of mitdb imply. They may only
# be raised.
AGREEMENT = {
    Step.RATE: 0.97,
    Step.REGULARITY: 0.95,
    Step.P_WAVES: 0.95,
    Step.PR: 0.97,
    Step.QRS: 0.88,
    Step.EARLY_BEATS: 0.93,
    Step.PATTERN: 0.98,
    Step.PAUSES: 0.98,
    Step.PACING: 0.93,
}
MOST_UNTOLD = 0.15
EVERY = 12


@pytest.mark.recordings
def test_verdicts_agree_with_the_annotations(records_dir: Path) -> None:
    windows = itertools.islice(labelled_windows(records_dir, ("mitdb",)), 0, None, EVERY)
    table, _, _ = tabulate(windows, None)
    for step, floor in AGREEMENT.items():
        cells = [steps[step.value] for steps in table.values() if step.value in steps]
        agree = sum(cell.agree for cell in cells)
        given = agree + sum(cell.disagree for cell in cells)
        strips = sum(cell.strips for cell in cells)
        assert agree / given >= floor, step
        assert 1 - given / strips <= MOST_UNTOLD, step


@pytest.mark.recordings
def test_fibrillating_ventricles_have_no_beats(records_dir: Path) -> None:
    chaotic = [
        measure(window.strip, window.start_s, window.end_s).beats_s.size == 0
        for window in labelled_windows(records_dir, ("vfdb",))
        if window.labels[0] in ("(VF", "(VFIB") and window.start_s % 3 < 1
    ]
    assert len(chaotic) > 20
    assert np.mean(chaotic) >= 0.9


def test_the_waves_of_the_shown_beats_are_given_in_seconds() -> None:
    beats = np.arange(0.6, 11.4, 0.8)
    found = measure(strip_of(lead_with(beats), start_s=100.0), 101.0, 111.0)
    assert found.waves is not None
    shape = (found.beats_s.size, 3)
    assert found.waves.p.shape == found.waves.qrs.shape == found.waves.t.shape == shape
    np.testing.assert_allclose(found.waves.qrs[:, 1], found.beats_s)
    assert np.all(np.diff(found.waves.p, axis=1) > 0)
    spans = found.waves.pr_spans
    assert np.all((spans[:, 1] - spans[:, 0] > 0.08) & (spans[:, 1] - spans[:, 0] < 0.3))
    assert np.all((found.p_s >= 101.0) & (found.p_s < 111.0))
    assert found.p_s.size >= found.beats_s.size - 1


def test_where_there_are_no_beats_there_are_no_waves() -> None:
    found = measure(strip_of(chaos()))
    assert found.waves is None
    assert found.p_s.size == 0


def test_the_other_leads_help_to_see_the_p_waves() -> None:
    beats = np.arange(0.6, 11.4, 0.8)
    clear = lead_with(beats)
    noise = np.random.default_rng(1).normal(0, 0.12, clear.size).astype(np.float32)
    names = ("II", "I", "V1", "V5")
    alone = measure(strip_of(clear + noise)).finding(Step.P_WAVES)
    together = measure(strip_of([clear + noise, clear, clear, clear], names=names))
    with_others = together.finding(Step.P_WAVES)
    assert alone is not None
    assert with_others is not None
    assert with_others.verdict is PWaves.ONE_PER_QRS
    assert with_others.confidence >= alone.confidence or alone.verdict is not with_others.verdict


@pytest.mark.parametrize("rate", [150, 200, 250])
def test_an_even_fast_rhythm_whose_waves_merge_is_read_as_wide(rate: int) -> None:
    time = np.arange(0, 12, 1 / FS)
    phase = 2 * np.pi * rate / 60 * time
    found = measure(strip_of((np.sin(phase) + 0.3 * np.sin(2 * phase)).astype(np.float32)))
    assert found.rate_bpm == pytest.approx(rate, rel=0.02)
    assert found.regularity is Regularity.REGULAR
    qrs = found.finding(Step.QRS)
    assert qrs is not None
    assert qrs.verdict is QrsWidth.WIDE


@pytest.mark.parametrize("gap", [slice(0, 700), slice(700, 1300)])
def test_six_seconds_with_a_gap_are_not_counted(gap: slice) -> None:
    lead = lead_with(SINUS)
    lead[gap] = np.nan
    found = measure(strip_of(lead))
    assert found.six_second_bpm is None
    assert "6-second" not in found.findings[0].text
    assert found.rate_bpm == pytest.approx(75, abs=1)


def test_what_is_asked_for_beyond_the_strip_is_not_counted() -> None:
    strip = strip_of(lead_with(SINUS))
    wider = measure(strip, strip.start_s - 5, strip.end_s + 5)
    assert wider.six_second_bpm == measure(strip).six_second_bpm
    assert wider.findings[0].where == ((strip.start_s, strip.end_s),)


def test_no_pr_is_measured_where_none_is_told() -> None:
    for lead in (lead_with(SINUS), ecg_at(SINUS, FS, SECONDS, wide=True)):
        found = measure(strip_of(lead))
        pr = found.finding(Step.PR)
        assert pr is not None
        assert found.intervals is not None
        assert pr.told == (found.intervals.pr.value_s is not None)


def test_no_p_wave_is_claimed_before_early_wide_beats() -> None:
    usual, early = with_ectopy({3: 0.25, 7: 0.25, 11: 0.25})
    lead = lead_with(usual) + ecg_at(early, FS, SECONDS, wide=True, noise=0, wander=0)
    found = measure(strip_of(lead.astype(np.float32)))
    p_waves = found.finding(Step.P_WAVES)
    assert p_waves is not None
    assert p_waves.text != "P wave before every QRS"

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rhythmtrainer.ecg.shock.advice import advise_shock, shock_odds
from rhythmtrainer.ecg.shock.coefficients import THRESHOLD, TREES
from rhythmtrainer.ecg.shock.features import FEATURES, shock_features, to_grid
from rhythmtrainer.ecg.shock.model import Trees
from tests.bench import fit_shock
from tests.bench.shock_windows import (
    ASYSTOLE,
    OTHER,
    SHOCKABLE,
    SINUS,
    VF,
    VFDB_RECORDS,
    VT,
    Labelled,
    cut_by_label,
    measured,
)

FS = 250.0
SECONDS = 4.0

Signal = NDArray[np.float64]

FLOORS = {VF: 0.967, VT: 0.930, SINUS: 0.982, OTHER: 0.987, ASYSTOLE: 0.942}
"""Of the coefficients in use, all of vfdb as labelled. They were fitted to a part of it; with each
patient left out it is about one per cent less at most (``python -m tests.bench shock``)."""


def _time(fs: float = FS, seconds: float = SECONDS) -> Signal:
    return np.arange(0, seconds, 1 / fs)


def fibrillation(fs: float = FS, seconds: float = SECONDS) -> Signal:
    """Draw waves of about 5 Hz whose frequency and size never stay the same."""
    time = _time(fs, seconds)
    phase = 2 * np.pi * 5 * time + 2 * np.sin(2 * np.pi * 0.55 * time) + np.sin(7.3 * time)
    size = 0.4 + 0.15 * np.sin(2 * np.pi * 0.8 * time + 1) + 0.1 * np.sin(5.1 * time)
    wave: Signal = size * np.sin(phase) + 0.12 * np.sin(2.3 * phase / 1.7 + 1)
    return wave


def sinus(fs: float = FS, seconds: float = SECONDS, width: float = 0.018) -> Signal:
    """Draw P, QRS and T at 75 a minute."""
    time = _time(fs, seconds) % 0.8

    def bump(at: float, wide: float, high: float) -> Signal:
        wave: Signal = high * np.exp(-(((time - at) / wide) ** 2))
        return wave

    return bump(0.2, 0.03, 0.12) + bump(0.36, width, 1.0) + bump(0.62, 0.06, 0.25)


def tachycardia(fs: float = FS, seconds: float = SECONDS) -> Signal:
    """Draw wide complexes without a baseline between them, at 200 a minute."""
    time = _time(fs, seconds)
    angle = 2 * np.pi * time / 0.3
    wave: Signal = np.sin(angle) + 0.3 * np.sin(2 * angle + 1)
    return wave


def flat(fs: float = FS, seconds: float = SECONDS) -> Signal:
    """Draw a line that drifts and carries a little noise."""
    time = _time(fs, seconds)
    noise = np.random.default_rng(0).normal(0, 0.01, time.size)
    wave: Signal = 0.5 * np.sin(2 * np.pi * 0.1 * time) + noise
    return wave


def train(rate: float, qrs: float, t_wave: float) -> Signal:
    """Draw complexes of some width and the opposite wave after them; widths in seconds."""
    period = 60 / rate
    time = _time() % period
    first: Signal = np.exp(-(((time - 0.35 * period) / qrs) ** 2))
    second: Signal = np.exp(-(((time - 0.8 * period) / t_wave) ** 2))
    return first - 0.3 * second


RHYTHMS = [(fibrillation, True), (tachycardia, True), (sinus, False), (flat, False)]
rhythms = pytest.mark.parametrize(("draw", "shock"), RHYTHMS)


@rhythms
def test_a_drawn_rhythm_is_told(draw: Callable[..., Signal], shock: bool) -> None:  # noqa: FBT001 - a row of the table
    advice = advise_shock(draw(), FS)
    assert advice.shock is shock
    assert 0 <= advice.score <= 1
    assert (advice.score >= 0.5) is shock


@rhythms
@pytest.mark.parametrize("fs", [100, 125, 128, 257, 360, 500, 1000])
@pytest.mark.parametrize("seconds", [3.0, 4.0, 7.3, 10.0])
def test_the_sampling_rate_and_the_length_do_not_matter(
    draw: Callable[..., Signal],
    shock: bool,  # noqa: FBT001 - a row of the table
    fs: float,
    seconds: float,
) -> None:
    assert advise_shock(draw(fs, seconds), fs).shock is shock


@rhythms
@given(
    gain=st.floats(0.6, 2) | st.floats(-2, -0.6),
    offset=st.floats(-10, 10),
    start=st.integers(0, 400),
)
@settings(max_examples=20, deadline=None)
def test_gain_polarity_offset_and_start_do_not_matter(
    draw: Callable[..., Signal],
    shock: bool,  # noqa: FBT001 - a row of the table
    gain: float,
    offset: float,
    start: int,
) -> None:
    signal = draw(FS, 6.0)[start : start + 1000]
    assert advise_shock(gain * signal + offset, FS).shock is shock


@rhythms
@pytest.mark.parametrize("kind", ["float32", "float16", "strided", "list"])
def test_the_kind_of_array_does_not_matter(
    draw: Callable[..., Signal],
    shock: bool,  # noqa: FBT001 - a row of the table
    kind: str,
) -> None:
    signal = draw()
    other: Any = {
        "float32": signal.astype(np.float32),
        "float16": signal.astype(np.float16),
        "strided": np.repeat(signal, 2)[::2],
        "list": signal.tolist(),
    }[kind]
    assert advise_shock(other, FS).shock is shock


@pytest.mark.parametrize("rate", [60, 100, 140, 180, 215])
def test_narrow_complexes_are_not_shocked_however_fast(rate: float) -> None:
    assert not advise_shock(train(rate, 0.016, 0.04), FS).shock


@pytest.mark.parametrize(("rate", "shock"), [(100, False), (130, False), (170, True), (240, True)])
def test_wide_complexes_are_shocked_from_about_150_a_minute(
    rate: float,
    shock: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert advise_shock(train(rate, 0.05, 0.06), FS).shock is shock


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"signal has shape .*; signal has type .*; fs is 0; "):
        advise_shock(np.full((1, 1, 1000), "a"), 0)


def test_a_reason_says_what_was_seen() -> None:
    assert re.fullmatch(r"chaotic, [45]\.\d Hz, no QRS", advise_shock(fibrillation(), FS).reason)
    assert advise_shock(tachycardia(), FS).reason == "wide complexes at 200/min"
    assert advise_shock(sinus(), FS).reason == "narrow complexes at 75/min"
    assert advise_shock(sinus(width=0.06), FS).reason == "wide complexes at 75/min"
    assert advise_shock(flat(), FS).reason.startswith("nearly flat, 0.0")


@pytest.mark.parametrize("draw", [fibrillation, sinus, tachycardia])
def test_what_is_in_volts_passes_for_flat(draw: Callable[..., Signal]) -> None:
    advice = advise_shock(draw() / 1000, FS)
    assert advice.reason == "nearly flat, 0.00 mV"
    assert not advice.shock


@pytest.mark.parametrize(("draw", "shock"), RHYTHMS[:3])
def test_what_is_in_microvolts_is_judged_by_its_shape(
    draw: Callable[..., Signal],
    shock: bool,  # noqa: FBT001 - a row of the table
) -> None:
    advice = advise_shock((1000 * draw()).astype(np.int32), FS)
    assert advice.shock is shock
    assert "too large for millivolts" in advice.reason


def test_flat_leads_do_not_count_beside_others() -> None:
    assert advise_shock(np.stack([flat(), fibrillation(), flat()]), FS).shock
    assert not advise_shock(np.stack([flat(), sinus()]), FS).shock
    assert advise_shock(np.stack([flat(), flat()]), FS).reason.startswith("nearly flat")


def test_a_lead_that_is_lost_does_not_count() -> None:
    lost = np.full(1000, np.nan)
    lost[:500] = sinus()[:500]
    assert advise_shock(np.stack([lost, fibrillation()]), FS).shock


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
def test_a_short_gap_is_bridged(gap: float) -> None:
    signal = fibrillation()
    signal[300:320] = gap
    signal[-3:] = gap
    assert advise_shock(signal, FS).shock


@pytest.mark.parametrize("hertz", [50, 60])
def test_mains_hum_alone_is_not_shocked(hertz: float) -> None:
    assert not advise_shock(0.5 * np.sin(2 * np.pi * hertz * _time()), FS).shock
    assert not advise_shock(sinus() + 0.2 * np.sin(2 * np.pi * hertz * _time()), FS).shock
    assert advise_shock(fibrillation() + 0.2 * np.sin(2 * np.pi * hertz * _time()), FS).shock


def test_a_step_of_ten_millivolts_is_not_shocked() -> None:
    assert not advise_shock(flat() + 10 * (_time() > 2), FS).shock


@pytest.mark.parametrize("signal", [np.zeros(1000), np.full(1000, 7), np.ones(1000, np.bool_)])
def test_a_constant_is_flat(signal: NDArray[Any]) -> None:
    advice = advise_shock(signal, FS)
    assert advice.reason == "nearly flat, 0.00 mV"
    assert not advice.shock


@pytest.mark.parametrize(
    ("signal", "message"),
    [
        (np.array([]), r"signal has shape \(0,\) at 250 Hz; allowed is 3 s and longer"),
        (np.zeros(749), r"signal has shape \(749,\) at 250 Hz; allowed is 3 s and longer"),
        (np.zeros((0, 1000)), r"signal has shape \(0, 1000\) at 250 Hz; allowed is 3 s"),
        (np.zeros((2, 2, 1000)), r"signal has shape \(2, 2, 1000\); allowed is"),
        (np.float64(1), r"signal has shape \(\); allowed is \(samples,\)"),
        (np.zeros(1000, np.complex128), "signal has type complex128; allowed are real numbers"),
        (np.full(1000, "a"), "signal has type <U1; allowed are real numbers"),
        (np.full(1000, np.nan), "signal has no lead that is known; allowed is one"),
        (np.linspace(-1e300, 1e300, 1000), r"signal reaches 1e\+300; allowed is up to 1e\+12"),
        (1e300 * (-1.0) ** np.arange(1000), r"signal reaches 1e\+300; allowed is up to"),
        (np.where(np.arange(1000) % 2, np.nan, 1.0), "signal has no lead that is known"),
    ],
)
def test_a_signal_that_cannot_be_judged_is_refused(signal: NDArray[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        advise_shock(signal, FS)


@pytest.mark.parametrize("fs", [0, -250, 99, 1001, np.nan, np.inf])
def test_a_sampling_rate_out_of_range_is_refused(fs: float) -> None:
    with pytest.raises(ValueError, match=f"fs is {fs}; allowed is 100 to 1000 Hz"):
        advise_shock(np.zeros(1000), fs)


def test_windows_are_measured_together_as_they_are_alone() -> None:
    windows = np.stack([draw() for draw, _ in RHYTHMS])
    together = shock_features(windows, FS)
    alone = np.concatenate([shock_features(one[np.newaxis], FS).values for one in windows])
    assert together.values.shape == (4, len(FEATURES))
    np.testing.assert_allclose(together.values, alone, atol=1e-9)


def test_the_grid_keeps_the_mean() -> None:
    signal = np.random.default_rng(0).normal(5, 1, (2, 1440))
    grid = to_grid(signal, 360)
    assert grid.shape == (2, 400)
    np.testing.assert_allclose(grid.mean(axis=1), signal.mean(axis=1))


def test_a_tree_asks_two_questions() -> None:
    tree = Trees.from_rows([(0, 1, 2, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0)])
    rows = [[-1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, 1.0, -1.0], [1.0, -1.0, 1.0]]
    assert tree.score(np.array(rows)).tolist() == [1, 2, 3, 4]


@pytest.fixture(scope="module")
def vfdb(records_dir: Path) -> Labelled:
    folder = records_dir / "vfdb" / "1.0.0"
    return measured([cut_by_label(folder / name) for name in VFDB_RECORDS])


@pytest.mark.recordings
@pytest.mark.parametrize("rhythm", FLOORS)
def test_the_malignant_arrhythmias_are_judged_no_worse_than_before(
    rhythm: str, vfdb: Labelled
) -> None:
    shock = shock_odds(vfdb.features) >= 0
    right = shock == (rhythm in SHOCKABLE)
    assert right[vfdb.rhythm == rhythm].mean() >= FLOORS[rhythm]


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("folder", "records"),
    [("mitdb/1.0.0", ("100", "104", "107", "109", "203", "214", "217", "221"))],
)
def test_organised_rhythms_are_never_shocked(
    folder: str, records: tuple[str, ...], records_dir: Path
) -> None:
    windows = measured([cut_by_label(records_dir / folder / name) for name in records])
    organised = ~np.isin(windows.label, ("(VT", "(IVR"))
    assert not (shock_odds(windows.features)[organised] >= 0).any()


@pytest.mark.recordings
def test_the_flutter_of_207_is_shocked(records_dir: Path) -> None:
    windows = measured([cut_by_label(records_dir / "mitdb" / "1.0.0" / "207")])
    flutter = windows.label == "(VFL"
    assert (shock_odds(windows.features)[flutter] >= 0).mean() >= 0.96


@pytest.mark.recordings
def test_the_coefficients_are_those_that_the_script_fits(records_dir: Path) -> None:
    trees, threshold = fit_shock.fit(fit_shock.training_set(records_dir))
    in_use = Trees.from_rows(TREES)
    assert trees.features.tolist() == in_use.features.tolist()
    np.testing.assert_allclose(trees.thresholds, in_use.thresholds, rtol=1e-3)
    np.testing.assert_allclose(trees.values, in_use.values, rtol=1e-3)
    assert threshold == pytest.approx(THRESHOLD, abs=1e-3)

"""Whatever comes in, each function answers or says in a `ValueError` which argument is wrong.

Warnings fail a test, so none is given on the way.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.atria import atrial_activity
from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.quality import quality
from rhythmtrainer.ecg.shock import advise_shock
from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.model import LeadName, Measurement, Origin, Provenance, Strip
from rhythmtrainer.model.atria import AtrialActivity
from rhythmtrainer.model.quality import Quality
from rhythmtrainer.model.shock import ShockAdvice
from rhythmtrainer.model.waves import ABSENT, Wave, Waves
from tests.support.synthetic import ecg_at, regular_peaks

RATES = (100, 257.3, 1000)
FS = 250
SECONDS = 10.0

Signal = NDArray[Any]
Function = Callable[[ArrayLike, float], object]


def lead_at(fs: float) -> NDArray[np.float32]:
    return ecg_at(regular_peaks(75, SECONDS), fs, SECONDS)


def at(lead: Signal, share: float) -> int:
    return round(share * lead.size)


def spoilt(lead: Signal, value: float, *shares: tuple[float, float]) -> Signal:
    """Replace stretches of a lead, given in shares of its length."""
    result = lead.astype(np.float64)
    for start, end in shares:
        result[at(lead, start) : at(lead, end)] = value
    return result


def with_value(lead: Signal, value: float, every: int) -> Signal:
    result = lead.astype(np.float64)
    result[1::every] = value
    return result


def with_hum(lead: Signal, fs: float, frequency: float, size: float) -> Signal:
    return np.asarray(lead + size * np.sin(2 * np.pi * frequency * np.arange(lead.size) / fs))


def with_steps(lead: Signal, size: float, count: int) -> Signal:
    return np.asarray(lead + size * (np.arange(lead.size) * count // lead.size % 2))


def read_only(lead: Signal) -> Signal:
    result = lead.copy()
    result.flags.writeable = False
    return result


def noise(lead: Signal, size: float) -> Signal:
    return size * np.random.default_rng(0).standard_normal(lead.size)


SIGNALS: dict[str, Callable[[Signal, float], ArrayLike]] = {
    "empty": lambda lead, _: lead[:0],
    "one sample": lambda lead, _: lead[:1],
    "two samples": lambda lead, _: lead[:2],
    "half a second": lambda lead, fs: lead[: int(fs / 2)],
    "almost a second": lambda lead, fs: lead[: int(fs) - 1],
    "a second": lambda lead, fs: lead[: int(np.ceil(fs))],
    "two seconds": lambda lead, fs: lead[: int(2 * fs)],
    "three seconds": lambda lead, fs: lead[: int(np.ceil(3 * fs))],
    "all NaN": lambda lead, _: np.full(lead.size, np.nan),
    "all NaN, float32": lambda lead, _: np.full(lead.size, np.nan, np.float32),
    "all infinite": lambda lead, _: np.full(lead.size, -np.inf),
    "first half NaN": lambda lead, _: spoilt(lead, np.nan, (0, 0.5)),
    "second half NaN": lambda lead, _: spoilt(lead, np.nan, (0.5, 1)),
    "NaN but for a second": lambda lead, _: spoilt(lead, np.nan, (0, 0.4), (0.5, 1)),
    "NaN but for both ends": lambda lead, _: spoilt(lead, np.nan, (0.01, 0.99)),
    "every other sample NaN": lambda lead, _: with_value(lead, np.nan, 2),
    "every tenth sample NaN": lambda lead, _: with_value(lead, np.nan, 10),
    "an infinite stretch": lambda lead, _: spoilt(lead, np.inf, (0.3, 0.35)),
    "both infinities": lambda lead, _: spoilt(spoilt(lead, np.inf, (0, 0.1)), -np.inf, (0.6, 0.7)),
    "zero": lambda lead, _: np.zeros(lead.size),
    "zero, float32": lambda lead, _: np.zeros(lead.size, np.float32),
    "a constant": lambda lead, _: np.full(lead.size, 0.1),
    "a negative constant": lambda lead, _: np.full(lead.size, -3.0, np.float32),
    "an enormous constant": lambda lead, _: np.full(lead.size, 1e300),
    "a minute constant": lambda lead, _: np.full(lead.size, 1e-320),
    "one spike": lambda lead, _: np.where(np.arange(lead.size) == lead.size // 2, 1.0, 0.0),
    "an enormous spike": lambda lead, _: with_value(lead, 1e9, lead.size - 1),
    "enormous to and fro": lambda lead, _: 1e300 * (-1.0) ** np.arange(lead.size),
    "minute": lambda lead, _: lead.astype(np.float64) * 1e-310,
    "a ramp": lambda lead, _: np.arange(lead.size, dtype=np.float64),
    "noise": lambda lead, _: noise(lead, 1),
    "faint noise": lambda lead, _: noise(lead, 1e-3),
    "16-bit integers": lambda lead, _: (200 * lead).astype(np.int16),
    "64-bit integers": lambda lead, _: (1000 * lead).astype(np.int64),
    "unsigned integers": lambda lead, _: (128 + 50 * lead).astype(np.uint8),
    "large integers": lambda lead, _: (lead * 2**60).astype(np.int64),
    "truth values": lambda lead, _: lead > 0.5,
    "nothing true": lambda lead, _: np.zeros(lead.size, np.bool_),
    "float64": lambda lead, _: lead.astype(np.float64),
    "float16": lambda lead, _: lead.astype(np.float16),
    "big-endian": lambda lead, _: lead.astype(">f4"),
    "a list": lambda lead, _: lead.tolist(),
    "a column": lambda lead, _: np.stack([lead, lead], axis=1)[:, 0],
    "backwards": lambda lead, _: lead[::-1],
    "read-only": lambda lead, _: read_only(lead),
    "upside down": lambda lead, _: -lead,
    "volts": lambda lead, _: lead / 1000,
    "microvolts": lambda lead, _: lead * 1000,
    "hum of 50 Hz": lambda lead, fs: with_hum(lead, fs, 50, 0.3),
    "hum of 60 Hz": lambda lead, fs: with_hum(lead, fs, 60, 0.3),
    "more hum than ECG": lambda lead, fs: with_hum(lead, fs, 50, 5),
    "a step of 10 mV": lambda lead, _: with_steps(lead, 10, 2),
    "steps of 10 mV": lambda lead, _: with_steps(lead, -10, 12),
    "steps of 10 mV alone": lambda lead, _: with_steps(0 * lead, 10, 12),
}


def beats_of(signal: ArrayLike, fs: float) -> NDArray[np.int64]:
    """Return the beats of a signal, or some where it has none."""
    beats = detect_beats(signal, fs)
    size = len(np.asarray(signal))
    return beats if beats.size or not size else np.unique(np.linspace(0, size - 1, 9).astype(int))


def delineated(signal: ArrayLike, fs: float) -> Waves:
    return delineate(signal, fs, beats_of(signal, fs))


def atrial(signal: ArrayLike, fs: float) -> AtrialActivity:
    beats = beats_of(signal, fs)
    return atrial_activity(signal, fs, beats, delineate(signal, fs, beats))


def measured(signal: ArrayLike, fs: float) -> Measurement:
    with np.errstate(over="ignore"):  # a strip is float32
        samples = np.asarray(signal).astype(np.float32)[None]
    made = Provenance(Origin.SIMULATED, "made")
    return measure(Strip(samples, fs, (LeadName("II"),), 0.0, at_end=True, provenance=made))


FUNCTIONS: dict[str, Function] = {
    "detect_beats": detect_beats,
    "delineate": delineated,
    "atrial_activity": atrial,
    "measure": measured,
    "advise_shock": advise_shock,
    "quality": quality,
}
# A strip checks its signal itself, before there is anything to measure.
TAKE_ARRAYS = tuple(name for name in FUNCTIONS if name != "measure")


def assert_positions(positions: NDArray[np.int64], size: int) -> None:
    assert positions.dtype == np.int64
    assert ((positions >= 0) & (positions < size)).all()


def assert_wave(wave: Wave, beats: int, size: int) -> None:
    for positions in (wave.onset, wave.peak, wave.end):
        assert positions.shape == (beats,)
        assert_positions(positions[wave.present], size)
        assert (positions[~wave.present] == ABSENT).all()
    present = wave.present
    assert (wave.onset <= wave.peak)[present].all()
    assert (wave.peak <= wave.end)[present].all()


def assert_share(value: float) -> None:
    assert 0 <= value <= 1


def assert_sound(answer: object, size: int) -> None:
    """Hold what every answer keeps to, whatever the signal."""
    match answer:
        case np.ndarray():
            assert_positions(answer, size)
            assert (np.diff(answer) > 0).all()
        case Waves():
            for wave in (answer.p, answer.qrs, answer.t):
                assert_wave(wave, answer.qrs.peak.size, size)
        case AtrialActivity():
            assert_positions(answer.p_peaks, size)
            for share in (answer.p_confidence, answer.dissociated_confidence, answer.pr_confidence):
                assert_share(share)
            assert answer.atrial_rate_bpm is None or answer.atrial_rate_bpm > 0
        case Measurement():
            assert_sound_measurement(answer)
        case ShockAdvice():
            assert_share(answer.score)
            assert answer.reason
        case Quality():
            assert answer.usable.dtype == np.bool_
            assert_share(answer.usable_share)
            assert_share(answer.difficulty)
        case _:
            raise AssertionError(f"unexpected: {answer}")


def assert_sound_measurement(answer: Measurement) -> None:
    assert np.isfinite(answer.beats_s).all()
    assert answer.rate_bpm is None or np.isfinite(answer.rate_bpm)
    for finding in answer.findings:
        assert_share(finding.confidence)
        assert finding.text
        assert "nan" not in finding.text.lower().split()
        assert finding.number is None or np.isfinite(finding.number)
        for start, end in finding.where:
            assert start <= end


def answer_or_fault(function: Function, signal: ArrayLike, fs: float) -> object:
    """Return the answer, or what a refusal says."""
    try:
        return function(signal, fs)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("fs", RATES)
@pytest.mark.parametrize("kind", SIGNALS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_signal_gets_an_answer(name: str, kind: str, fs: float) -> None:
    signal = SIGNALS[kind](lead_at(fs), fs)
    size = len(np.asarray(signal))
    answer = answer_or_fault(FUNCTIONS[name], signal, fs)
    if isinstance(answer, str):
        # Only an advice needs a length, and has nothing to say where nothing is known.
        assert name == "advise_shock"
        assert answer.startswith(("signal ", "fs "))
    else:
        assert_sound(answer, size)


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(deadline=None, max_examples=25)
@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int32]),
        st.integers(0, 1500),
        elements=st.one_of(st.integers(-50, 50), st.sampled_from([1000, -30000])),
    ),
    st.sampled_from(RATES),
    st.sampled_from([None, np.nan, np.inf]),
)
def test_any_numbers_get_an_answer(
    name: str, signal: Signal, fs: float, unknown: float | None
) -> None:
    if unknown is not None and signal.dtype.kind == "f":
        signal[::7] = unknown
    answer = answer_or_fault(FUNCTIONS[name], signal, fs)
    if isinstance(answer, str):
        assert name == "advise_shock"
        assert answer.startswith(("signal ", "fs "))
    else:
        assert_sound(answer, signal.size)


LEADS: dict[str, Callable[[Signal], Signal]] = {
    "no leads": lambda lead: np.empty((0, lead.size)),
    "no samples": lambda lead: np.empty((2, 0), lead.dtype),
    "one lead": lambda lead: lead[None],
    "columns": lambda lead: np.stack([lead, -lead], axis=1).T,
    "one lead off": lambda lead: np.stack([lead, 0 * lead]),
    "one lead unknown": lambda lead: np.stack([np.full(lead.size, np.nan), lead]),
    "each unknown in turn": lambda lead: np.stack(
        [spoilt(lead, np.nan, (0, 0.5)), spoilt(lead, np.nan, (0.5, 1))]
    ),
    "nothing known": lambda lead: np.full((3, lead.size), np.nan),
    "of very different size": lambda lead: np.stack([lead, 1e6 * lead, 1e-6 * lead]),
    "integers": lambda lead: (1000 * np.stack([lead, lead])).astype(np.int16),
}


@pytest.mark.parametrize("kind", LEADS)
@pytest.mark.parametrize("name", ["detect_beats", "advise_shock", "quality"])
def test_several_leads_get_an_answer_or_are_refused(name: str, kind: str) -> None:
    signal = LEADS[kind](lead_at(FS))
    answer = answer_or_fault(FUNCTIONS[name], signal, FS)
    if isinstance(answer, str):
        assert answer.startswith(("signal ", "fs "))
    else:
        assert_sound(answer, signal.shape[1])


@pytest.mark.parametrize("kind", LEADS)
def test_the_atria_are_looked_for_in_several_leads_or_these_are_refused(kind: str) -> None:
    signal = LEADS[kind](lead_at(FS))
    size = signal.shape[1]
    beats = detect_beats(lead_at(FS)[:size], FS)
    waves = delineate(lead_at(FS)[:size], FS, beats)
    answer = answer_or_fault(lambda leads, fs: atrial_activity(leads, fs, beats, waves), signal, FS)
    if isinstance(answer, str):
        assert answer.startswith(("signal ", "beats "))
    else:
        assert_sound(answer, size)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_signal_is_left_as_it_was(name: str) -> None:
    signal = spoilt(lead_at(FS), np.nan, (0.5, 0.55)).astype(np.float32)
    before = signal.copy()
    signal.flags.writeable = False
    FUNCTIONS[name](signal, FS)
    np.testing.assert_array_equal(signal, before)


@pytest.mark.parametrize("fs", [0, -250, 99.9, 1000.1, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", TAKE_ARRAYS)
def test_a_sampling_rate_out_of_range_is_refused(name: str, fs: float) -> None:
    with pytest.raises(ValueError, match=r"\bfs\b"):
        FUNCTIONS[name](lead_at(FS), fs)


@pytest.mark.parametrize("fs", [0.0, -250.0, np.nan])
def test_a_strip_refuses_such_a_rate_itself(fs: float) -> None:
    with pytest.raises(ValueError, match="fs must be above 0"):
        measured(lead_at(FS), fs)


@pytest.mark.parametrize(
    "signal",
    [
        np.float64(1),
        np.zeros((2, 2, 1000)),
        np.zeros(1000, np.complex128),
        np.array(["1"] * 1000),
        np.array([None] * 1000),
        np.zeros(1000, "datetime64[s]"),
    ],
    ids=["a number", "three dimensions", "complex", "text", "objects", "times"],
)
@pytest.mark.parametrize("name", TAKE_ARRAYS)
def test_what_is_no_signal_is_refused(name: str, signal: Signal) -> None:
    with pytest.raises(ValueError, match=r"\bsignal\b"):
        FUNCTIONS[name](signal, FS)


# What is told about the beats

BAD_BEATS: dict[str, ArrayLike] = {
    "before the signal": [-1, 100, 300],
    "behind the signal": [100, 300, 2500],
    "falling": [300, 100],
    "twice": [100, 100, 300],
    "not a number": [100.0, np.nan],
    "infinite": [100.0, np.inf],
    "halves": [100.5, 300.5],
    "text": ["100", "300"],
    "two dimensions": [[100, 300]],
    "a number": 100,
}
STRANGE_BEATS: dict[str, list[int]] = {
    "none": [],
    "one": [1200],
    "the first sample": [0],
    "the last sample": [2499],
    "both ends": [0, 2499],
    "every sample of a second": list(range(1000, 1250)),
    "side by side": [1200, 1201, 1202],
}


def none_of(count: int) -> Waves:
    return Waves(*(Wave(*(np.full(count, ABSENT) for _ in range(3))) for _ in range(3)))


@pytest.mark.parametrize("kind", BAD_BEATS)
def test_beats_that_cannot_be_are_refused(kind: str) -> None:
    lead, beats = lead_at(FS), BAD_BEATS[kind]
    with pytest.raises(ValueError, match=r"\bbeats\b"):
        delineate(lead, FS, beats)
    with pytest.raises(ValueError, match=r"\bbeats\b"):
        atrial_activity(lead, FS, beats, none_of(np.size(beats)))


@pytest.mark.parametrize("kind", STRANGE_BEATS)
@pytest.mark.parametrize("signal", ["zero", "noise", "float64", "first half NaN", "all NaN"])
def test_beats_in_strange_places_get_an_answer(kind: str, signal: str) -> None:
    lead, beats = SIGNALS[signal](lead_at(FS), FS), STRANGE_BEATS[kind]
    waves = delineate(lead, FS, beats)
    assert_sound(waves, 2500)
    assert waves.qrs.peak.size == len(beats)
    assert_sound(atrial_activity(lead, FS, beats, waves), 2500)


def test_waves_of_other_beats_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\bwaves\b"):
        atrial_activity(lead_at(FS), FS, [100, 300, 500], none_of(2))


# What must make no difference


def marks(waves: Waves) -> Iterator[NDArray[np.int64]]:
    for wave in (waves.p, waves.qrs, waves.t):
        yield from (wave.onset, wave.peak, wave.end)


@pytest.mark.parametrize("factor", [1e-3, 1e3, -1.0])
def test_volts_microvolts_and_polarity_make_no_difference(factor: float) -> None:
    lead = lead_at(FS)
    changed = lead * np.float32(factor)
    beats = detect_beats(lead, FS)
    np.testing.assert_array_equal(detect_beats(changed, FS), beats)
    for mine, other in zip(
        marks(delineate(changed, FS, beats)), marks(delineate(lead, FS, beats)), strict=True
    ):
        assert ((mine == ABSENT) == (other == ABSENT)).all()
        assert np.abs(mine - other).max() <= 1
    assert quality(changed, FS).usable.all()
    assert atrial(changed, FS).p_waves is atrial(lead, FS).p_waves
    assert advise_shock(changed, FS).shock == advise_shock(lead, FS).shock
    for finding, usual in zip(
        measured(changed, FS).findings[:5], measured(lead, FS).findings[:5], strict=True
    ):
        assert finding.verdict is usual.verdict


@pytest.mark.parametrize("kind", ["hum of 50 Hz", "hum of 60 Hz", "a step of 10 mV"])
@pytest.mark.parametrize("fs", [250, 360, 500])
def test_hum_and_a_step_neither_hide_nor_make_more_than_a_beat(kind: str, fs: float) -> None:
    lead = lead_at(fs)
    found = detect_beats(SIGNALS[kind](lead, fs), fs)
    usual = detect_beats(lead, fs)
    gap = 0.1 * fs
    near = [int(np.abs(found - beat).min()) <= gap for beat in usual]
    assert near.count(False) <= 1
    assert found.size <= usual.size + 1
    assert all(later - earlier > gap for earlier, later in pairwise(found.tolist()))

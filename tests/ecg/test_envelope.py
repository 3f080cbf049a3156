import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rhythmtrainer.ecg.envelope import Envelope, EnvelopeBuilder

GAP = float("nan")

Extremes = tuple[NDArray[np.float32], NDArray[np.float32]]


def noise(samples: int, *, seed: int = 0, gaps: bool = False) -> NDArray[np.float32]:
    chance = np.random.default_rng(seed)
    signal = chance.standard_normal(samples).astype(np.float32)
    if gaps:
        for start in chance.integers(0, max(samples, 1), 5):
            signal[start : start + int(chance.integers(1, max(samples // 3, 2)))] = GAP
    return signal


def looked_at_one_by_one(
    signal: NDArray[np.float32], first: float, last: float, columns: int, *, more: float = 0.0
) -> Extremes:
    """The same by definition: sample k is in column c if it lies between the column's bounds.

    Columns reach into both neighbours by `more` of their width.
    """
    width = (last - first) / max(columns, 1)
    bounds = first + np.arange(columns + 1) * width
    number = np.arange(signal.size)
    low, high = np.full((2, columns), GAP, dtype=np.float32)
    for column in range(columns):
        begin, end = bounds[column] - more * width, bounds[column + 1] + more * width
        inside = signal[(number >= begin) & (number < end)]
        present = inside[np.isfinite(inside)]
        if present.size:
            low[column], high[column] = present.min(), present.max()
    return low, high


def same(found: Extremes, expected: Extremes) -> None:
    for got, wanted in zip(found, expected, strict=True):
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, wanted)


def assert_between(found: Extremes, narrow: Extremes, wide: Extremes) -> None:
    """Check that no value of the narrow columns is missing, and none but of the wide ones found."""
    for got, least, most in zip(found, narrow, wide, strict=True):
        assert np.isfinite(got[np.isfinite(least)]).all()
        assert np.isnan(got[np.isnan(most)]).all()
    low, high = found
    np.testing.assert_array_equal(np.fmin(low, narrow[0]), low)
    np.testing.assert_array_equal(np.fmax(high, narrow[1]), high)
    np.testing.assert_array_equal(np.fmin(low, wide[0]), wide[0])
    np.testing.assert_array_equal(np.fmax(high, wide[1]), wide[1])


@given(
    samples=st.integers(0, 5000),
    seed=st.integers(0, 1000),
    gaps=st.booleans(),
    first=st.floats(-3000, 6000),
    per_column=st.floats(0, 127.9),
    columns=st.integers(0, 60),
)
@settings(deadline=None)
def test_each_column_has_the_extremes_of_its_samples(
    samples: int, seed: int, first: float, per_column: float, columns: int, *, gaps: bool
) -> None:
    signal = noise(samples, seed=seed, gaps=gaps)
    last = first + per_column * columns
    found = Envelope.of(signal).extremes(first, last, columns)
    same(found, looked_at_one_by_one(signal, first, last, columns))


@given(
    samples=st.integers(0, 5000),
    seed=st.integers(0, 1000),
    gaps=st.booleans(),
    first=st.floats(-3000, 6000),
    per_column=st.floats(128, 6000),
    columns=st.integers(0, 20),
)
@settings(deadline=None)
def test_from_far_bounds_of_columns_move_by_less_than_a_sixteenth(
    samples: int, seed: int, first: float, per_column: float, columns: int, *, gaps: bool
) -> None:
    signal = noise(samples, seed=seed, gaps=gaps)
    last = first + per_column * columns
    found = Envelope.of(signal).extremes(first, last, columns)
    assert_between(
        found,
        looked_at_one_by_one(signal, first, last, columns, more=-1 / 16),
        looked_at_one_by_one(signal, first, last, columns, more=1 / 16),
    )


@given(seed=st.integers(0, 1000), steps=st.lists(st.integers(0, 3000), max_size=20))
@settings(deadline=None)
def test_steps_of_any_length_build_the_same_envelope(seed: int, steps: list[int]) -> None:
    signal = noise(9001, seed=seed, gaps=True)
    builder = EnvelopeBuilder(signal)
    for samples in steps:
        builder.step(samples)
    while not builder.step(1000):
        pass
    for columns in (1, 3, 20):
        same(
            builder.envelope.extremes(-5.5, 9100.0, columns),
            Envelope.of(signal).extremes(-5.5, 9100.0, columns),
        )


@pytest.mark.parametrize("columns", [1280, 3840])
@pytest.mark.parametrize("hours", [24.0, 7.3, 0.6, 0.01])
def test_a_day_is_outlined_from_far_and_near(columns: int, hours: float) -> None:
    fs = 250
    day = np.tile(noise(fs * 3600 // 4, gaps=True), 96)
    day[17_000_001] = 40.0
    first = 17_000_001 - hours * 3600 * fs * 0.7
    last = first + hours * 3600 * fs
    low, high = Envelope.of(day).extremes(first, last, columns)
    assert np.nanmax(high) == 40.0
    width = (last - first) / columns
    more = 1 / 16 if width >= 128 else 0.0
    for column in np.linspace(0, columns - 1, 97).astype(int):
        begin = max(int(first + (column - 1) * width), 0)
        near = day[begin : max(int(first + (column + 2) * width), 0)]
        left = first + column * width - begin
        here = slice(column, column + 1)
        assert_between(
            (low[here], high[here]),
            looked_at_one_by_one(near, left, left + width, 1, more=-more),
            looked_at_one_by_one(near, left, left + width, 1, more=more),
        )


def test_every_sample_counts_in_one_column() -> None:
    signal = np.arange(100_000, dtype=np.float32)
    low, high = Envelope.of(signal).extremes(0, signal.size, 333)
    assert low[0] == 0
    assert high[-1] == signal.size - 1
    np.testing.assert_array_equal(low[1:], high[:-1] + 1)


def test_a_gap_and_what_lies_outside_are_nan_without_a_warning() -> None:
    signal = np.full(100_000, GAP, dtype=np.float32)
    signal[50_000:60_000] = 1.0
    low, high = Envelope.of(signal).extremes(-100_000, 200_000, 300)
    there = np.isfinite(low)
    assert np.flatnonzero(there).tolist() == list(range(150, 160))
    assert (there == np.isfinite(high)).all()


def test_a_mapped_file_is_read_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("mapped") / "day.f32"
    signal = noise(50_000)
    signal.tofile(path)
    mapped = np.memmap(path, dtype=np.float32, mode="r")
    same(Envelope.of(mapped).extremes(0, 50_000, 70), Envelope.of(signal).extremes(0, 50_000, 70))


def test_the_envelope_adds_no_more_than_a_quarter_of_the_signal() -> None:
    signal = noise(1_000_000)
    _, *levels = Envelope.of(signal)._levels
    added = sum(level.low.nbytes + level.high.nbytes for level in levels)
    assert added <= 0.251 * signal.nbytes


def test_an_envelope_is_not_given_out_before_it_is_complete() -> None:
    builder = EnvelopeBuilder(noise(1000))
    assert not builder.step(500)
    with pytest.raises(ValueError, match="step on"):
        _ = builder.envelope


@pytest.mark.parametrize(
    "signal", [np.zeros((2, 50), np.float32), np.zeros(50)], ids=["two leads", "float64"]
)
def test_what_is_not_one_lead_in_float32_is_refused(signal: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="1-D float32"):
        Envelope.of(signal)

"""A rate is counted where beats are known and measured where they are not."""

import numpy as np
import pytest

from rhythmtrainer.model import RateSource
from rhythmtrainer.records.index.rates import mean_rate
from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rules import BuildError, Rule
from tests.records.index.making_recordings import FS, a_recording, a_rule, some_rules, with_signal

LENGTHS = some_rules().lengths


def rate(recording: Recording, rule: Rule, part: tuple[float, float] = (5.0, 25.0)) -> float | None:
    return mean_rate(recording, rule, "II", part, LENGTHS)


def test_no_rate_is_given_where_there_is_nothing_to_count() -> None:
    assert rate(a_recording("N" * 50), a_rule(rate_source=RateSource.NONE)) is None


def test_reference_beats_are_counted() -> None:
    assert rate(a_recording("N" * 50, 0.75), a_rule()) == 80.0


def test_a_stretch_without_beats_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"no rate from 50\.0 to 60\.0 s"):
        rate(a_recording("N" * 50), a_rule(), (50.0, 60.0))


def test_beats_are_measured_where_none_are_annotated() -> None:
    time = np.arange(40 * FS) / FS
    beats = sum(np.exp(-(((time - at) / 0.014) ** 2)) for at in np.arange(0.4, 40, 0.6))
    recording = with_signal(a_recording("N" * 50), np.asarray(beats))
    assert rate(recording, a_rule(rate_source=RateSource.MEASURED)) == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("period_s", [0.22, 0.3, 0.45])
def test_waves_without_a_baseline_have_the_rate_of_their_period(period_s: float) -> None:
    time = np.arange(40 * FS) / FS
    recording = with_signal(a_recording("N" * 50), np.sin(2 * np.pi * time / period_s))
    rule = a_rule(rate_source=RateSource.MEASURED, waves=True)
    assert rate(recording, rule) == pytest.approx(60 / period_s, rel=0.03)

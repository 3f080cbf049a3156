import numpy as np
import pytest

from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from rhythmtrainer.training.measuring import beats_of, for_measuring, measured
from tests.support.synthetic import ecg_at, regular_peaks


def at_rate(fs: float, seconds: float = 10.0) -> Strip:
    signal = ecg_at(regular_peaks(75.0, 10.0), fs, 10.0, seed=1)[: round(seconds * fs)]
    made = Provenance(Origin.REAL, "made up")
    return Strip(signal[np.newaxis], fs, (LeadName("II"),), 3.0, at_end=True, provenance=made)


@pytest.mark.parametrize("fs", [100.0, 360.0, 1000.0])
def test_a_usual_rate_is_measured_as_it_is(fs: float) -> None:
    strip = at_rate(fs)
    assert for_measuring(strip) is strip


@pytest.mark.parametrize("fs", [1001.0, 2000.0, 5000.0])
def test_a_high_rate_is_averaged_and_keeps_its_times(fs: float) -> None:
    strip = at_rate(fs)
    coarse = for_measuring(strip)
    assert coarse is not None
    assert 500.0 <= coarse.fs <= 1000.0
    assert coarse.start_s == pytest.approx(3.0)
    assert coarse.duration_s == pytest.approx(10.0, abs=0.01)
    found = measured(strip, 3.0, 13.0)
    assert found.rate_bpm == pytest.approx(75.0, abs=1.0)
    assert beats_of(strip).size in (12, 13)


@pytest.mark.parametrize("strip", [at_rate(50.0), at_rate(64.0), at_rate(250.0, 0.0)])
def test_nothing_is_found_on_what_is_too_coarse_or_empty(strip: Strip) -> None:
    assert for_measuring(strip) is None
    assert not measured(strip, 3.0, 13.0).beats_s.size
    assert not beats_of(strip).size

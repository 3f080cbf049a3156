import numpy as np
import pytest

from rhythmtrainer.model import LeadName, Origin, Provenance, Strip
from tests.support import fakes

PROVENANCE = Provenance(Origin.REAL, "made up")


def make(signal: np.ndarray, fs: float = 100.0, leads: int = 1) -> Strip:
    names = tuple(LeadName(f"V{place + 1}") for place in range(leads))
    return Strip(signal, fs, names, 0.0, at_end=False, provenance=PROVENANCE)


def test_the_signal_is_float32_contiguous_and_read_only() -> None:
    strip = make(np.arange(20.0).reshape(2, 10)[:, ::2], leads=2)
    assert strip.signal.dtype == np.float32
    assert strip.signal.flags.c_contiguous
    assert not strip.signal.flags.writeable


def test_the_callers_array_stays_its_own() -> None:
    mine = np.zeros((1, 10), dtype=np.float32)
    strip = make(mine)
    mine[0, 0] = 5.0
    assert strip.signal[0, 0] == 0.0


@pytest.mark.parametrize("shape", [(10,), (2, 10), (1, 2, 5), (0, 10)])
def test_one_row_for_each_lead_is_asked_for(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="leads, samples"):
        make(np.zeros(shape))


@pytest.mark.parametrize("fs", [0.0, -1.0, float("nan")])
def test_a_sampling_rate_must_be_positive(fs: float) -> None:
    with pytest.raises(ValueError, match="fs"):
        make(np.zeros((1, 10)), fs=fs)


def test_a_part_keeps_its_place_in_the_recording() -> None:
    part = fakes.strip(start_s=10.0, seconds=20.0).cropped(12.5, 15.0)
    whole = fakes.strip(start_s=10.0, seconds=20.0)
    assert part.start_s == 12.5
    assert part.duration_s == 2.5
    assert np.array_equal(part.signal, whole.signal[:, 625:1250])
    assert not part.at_end


def test_a_part_beyond_the_strip_is_cut_at_its_edges() -> None:
    strip = fakes.strip(start_s=110.0, seconds=20.0)
    assert strip.at_end
    assert strip.cropped(0.0, 500.0).end_s == fakes.RECORD_SECONDS
    assert strip.cropped(0.0, 500.0).at_end
    assert strip.cropped(300.0, 500.0).duration_s == 0.0


def test_a_sampling_rate_of_any_number_type_becomes_a_float() -> None:
    assert type(make(np.zeros((1, 10)), np.float32(360)).fs) is float  # type: ignore[arg-type]

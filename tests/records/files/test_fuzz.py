import pytest

from tests.bench.fuzz import run_case
from tests.bench.fuzz_subjects import SUBJECTS

_CASES = 12


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_damaged_file_gives_a_justified_strip_or_one_sentence(subject: str) -> None:
    faults = [run_case(subject, seed) for seed in range(_CASES)]
    assert [fault for fault in faults if fault is not None] == []

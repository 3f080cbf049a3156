import pytest

from rhythmtrainer.model import LeadName, RecordError
from rhythmtrainer.records.header import Header, parse_header
from rhythmtrainer.records.leads import find_lead, printed_lead


def header_of(*names: str, units: str = "mV") -> Header:
    lines = [f"r {len(names)} 250 1000"]
    lines += [f"r.dat 16 200/{units} 16 0 0 0 0 {name}" for name in names]
    return parse_header("\n".join(lines).encode(), "r.hea")


@pytest.mark.parametrize("wanted", ["avr", "aVR", "AVR", "lead aVR", "ECG aVR"])
def test_a_lead_is_found_however_it_is_written(wanted: str) -> None:
    assert find_lead(header_of("RESP", "I", "avr"), LeadName(wanted), "r.hea") == 2


def test_without_a_wish_the_first_ecg_lead_is_taken() -> None:
    assert find_lead(header_of("ABP", "ECG1", "V5"), None, "r.hea") == 1


def test_a_name_written_exactly_so_comes_first() -> None:
    assert find_lead(header_of("v1", "V1"), LeadName("V1"), "r.hea") == 1


def test_a_lead_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(RecordError, match=r"r\.hea has no lead V6; its leads are: MLII, V5\."):
        find_lead(header_of("MLII", "RESP", "V5"), LeadName("V6"), "r.hea")


def test_a_record_without_an_ecg_says_so() -> None:
    with pytest.raises(RecordError, match=r"holds no ECG lead; its signals are: ABP, RESP\."):
        find_lead(header_of("ABP", "RESP"), None, "r.hea")


def test_a_unit_that_is_no_voltage_is_named() -> None:
    with pytest.raises(RecordError, match="measures lead II in 'mmHg'"):
        find_lead(header_of("II", units="mmHg"), None, "r.hea")


def test_leads_are_printed_as_on_paper() -> None:
    names = [printed_lead(name) for name in ("i", "AVL", "ECG lead V1", "ECG", "MLII", "ECG1")]
    assert names == ["I", "aVL", "V1", "ECG", "MLII", "ECG1"]

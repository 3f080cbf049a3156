import pytest

from rhythmtrainer.model import STANDARD_LEADS, LeadName, describe_lead, is_ecg_lead


@pytest.mark.parametrize(
    "name",
    [
        *(*STANDARD_LEADS, "MLII", "avr", "ECG", "ECG1", "ECG II", "lead V3", "ekg_v5", "MCL1"),
        *("ECG1-ECG2", "ECGL-ECGR", "LA-RA", "E-S", "A-I"),
    ],
)
def test_leads_are_known_in_any_spelling(name: str) -> None:
    assert is_ecg_lead(name)


@pytest.mark.parametrize(
    "name", ["", "RESP", "ABP", "PLETH", "V7x", "EEG Fpz-Cz", "II V1", "ECGx", "ECG1-A2"]
)
def test_other_signals_are_not_taken_for_leads(name: str) -> None:
    assert not is_ecg_lead(name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("II", "Lead II"), ("MLII", "Lead MLII (modified II)"), ("ECG", "Lead not named")],
)
def test_a_lead_is_printed_by_its_name(name: str, printed: str) -> None:
    assert describe_lead(LeadName(name)) == printed

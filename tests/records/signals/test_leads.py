import pytest

from rhythmtrainer.model import LeadName, RecordError
from rhythmtrainer.records.signals.header import Header, parse_header
from rhythmtrainer.records.signals.leads import (
    all_nameless,
    find_lead,
    find_leads,
    own_leads,
    printed_lead,
)

LEADS_AND_FRAMES = (("", "II"), ("x4", "V1"), ("x4", "V2"))


def header_of(*names: str, units: str = "mV") -> Header:
    lines = [f"r {len(names)} 250 1000"]
    lines += [f"r.dat 16 200/{units} 16 0 0 0 0 {name}" for name in names]
    return parse_header("\n".join(lines).encode(), "r.hea")


@pytest.mark.parametrize("wanted", ["avr", "aVR", "AVR", "lead aVR", "ECG aVR"])
def test_a_lead_is_found_however_it_is_written(wanted: str) -> None:
    assert find_lead(header_of("RESP", "I", "avr"), LeadName(wanted), "r.hea") == 2


def test_a_lead_upside_down_is_another_lead() -> None:
    assert printed_lead("-AVR") == "-aVR"
    assert own_leads(["-aVR", "aVR"]) == ("-aVR", "aVR")
    assert find_lead(header_of("-aVR", "aVR"), LeadName("aVR"), "r.hea") == 1
    with pytest.raises(RecordError, match=r"r\.hea has no lead aVR"):
        find_lead(header_of("-aVR"), LeadName("aVR"), "r.hea")


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


def test_leads_are_found_in_the_order_of_the_wish() -> None:
    header = header_of("RESP", "i", "ii", "v1")
    assert find_leads(header, [LeadName("V1"), LeadName("I")], "r.hea") == (3, 1)
    assert find_leads(header, None, "r.hea") == (1,)


@pytest.mark.parametrize("again", ["II", "ii", "lead II"])
def test_a_lead_that_is_named_twice_is_refused(again: str) -> None:
    leads = [LeadName("II"), LeadName("V1"), LeadName(again)]
    with pytest.raises(RecordError, match=rf"^Lead {again} of r\.hea was asked for twice\.$"):
        find_leads(header_of("II", "V1"), leads, "r.hea")


def test_no_lead_at_all_is_refused() -> None:
    with pytest.raises(RecordError, match=r"^No lead of r\.hea was asked for\.$"):
        find_leads(header_of("II"), [], "r.hea")


def test_leads_of_different_sampling_rates_are_refused() -> None:
    lines = ["r 3 250 1000"]
    lines += [f"r.dat 16{frame} 200 16 0 0 0 0 {name}" for frame, name in LEADS_AND_FRAMES]
    header = parse_header("\n".join(lines).encode(), "r.hea")
    assert find_leads(header, [LeadName("V2"), LeadName("V1")], "r.hea") == (2, 1)
    with pytest.raises(RecordError) as error:
        find_leads(header, [LeadName("V1"), LeadName("II")], "r.hea")
    assert str(error.value) == (
        "r.hea has 1000 samples per second of lead V1 and 250 of lead II: they cannot be shown as"
        " one strip."
    )


def test_leads_are_printed_as_on_paper() -> None:
    names = [printed_lead(name) for name in ("i", "AVL", "ECG lead V1", "ECG", "MLII", "ECG1")]
    assert names == ["I", "aVL", "V1", "ECG", "MLII", "ECG1"]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Lead I (Einthoven)", "I"),
        ("II-Ref", "II"),
        ("MDC_ECG_LEAD_AVR", "aVR"),
        ("Ableitung V3", "V3"),
        ("EKG 2", "ECG2"),
        ("II,", "II"),
        ("ecg la-ra", "LA-RA"),
        ("mlii", "MLII"),
        ("ECG I filtered", "I"),
    ],
)
def test_odd_names_become_those_on_paper(name: str, printed: str) -> None:
    assert own_leads([name]) == (printed,)


def test_every_lead_has_a_name_of_its_own_and_others_have_none() -> None:
    assert own_leads(["ECG", "ECG", "RESP", "II", "lead II"]) == (
        *("ECG", "ECG2", None, "II", "II (2)"),
    )


def test_what_does_not_say_what_it_is_counts_only_where_nothing_else_does() -> None:
    assert own_leads(["Ch1", "II"]) == (None, "II")
    assert own_leads(["Ch1", "", "Pleth"]) == ("ECG", "ECG2", None)
    assert all_nameless(["Ch1", ""])
    assert not all_nameless(["Ch1", "II"])


def test_no_word_of_the_file_gets_into_the_name_of_a_lead() -> None:
    assert own_leads(["Erika Mustermann"]) == (None,)
    assert own_leads(["ECG chest"]) == ("ECG",)

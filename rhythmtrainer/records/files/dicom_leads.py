"""What DICOM waveforms say about their channels, and about the patient."""

from typing import Final

from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from rhythmtrainer.model import is_ecg_lead
from rhythmtrainer.records.files.dicom_items import Budget, items_of
from rhythmtrainer.records.signals.units import millivolts_in

# The numbers of the leads in SCP-ECG, which the newer codes of ISO 11073 ("2:61") end in too.
_NUMBERED: Final = (
    *((1, "I"), (2, "II"), (61, "III"), (62, "aVR"), (63, "aVL"), (64, "aVF")),
    *((number + 2, f"V{number}") for number in range(1, 8)),
    *((11, "V3R"), (12, "V4R"), (13, "V5R"), (14, "V6R"), (66, "V8"), (67, "V9")),
    *((16, "VX"), (17, "VY"), (18, "VZ"), (19, "CC5"), (20, "CM5")),
)
_BY_NUMBER: Final = dict(_NUMBERED)
_LEAD_CODES: Final = ("5.6.3-9-", "2:")
_KINDS: Final = {
    "PatientName": "patient's name",
    "OtherPatientNames": "patient's name",
    "PatientID": "patient's number",
    "OtherPatientIDs": "patient's number",
    "IssuerOfPatientID": "patient's number",
    "PatientBirthDate": "date of birth",
    "PatientSex": "patient's sex",
    "PatientAge": "patient's age",
    "PatientSize": "patient's size and weight",
    "PatientWeight": "patient's size and weight",
    "PatientAddress": "patient's address",
    "PatientTelephoneNumbers": "patient's address",
    "EthnicGroup": "patient's origin",
    "InstitutionName": "hospital",
    "InstitutionAddress": "hospital",
    "InstitutionalDepartmentName": "hospital",
    "StationName": "hospital",
    "AccessionNumber": "numbers of the study",
    "StudyID": "numbers of the study",
    "AdmissionID": "numbers of the study",
    "DeviceSerialNumber": "number of the device",
    "WaveformAnnotationSequence": "readings and comments",
}
_KINDS_BY_TYPE: Final = {
    "PN": "names of staff",
    "DA": "dates and times",
    "DT": "dates and times",
    "TM": "dates and times",
    "UI": "numbers of the study",
    "LT": "free-text comments",
    "ST": "free-text comments",
    "UT": "free-text comments",
}
# They say what kind of file it is, and name nobody.
_HARMLESS: Final = frozenset(("SOPClassUID",))


def lead_label(channel: Dataset, budget: Budget) -> str:
    """Return what a channel is called: by its code, else by its words."""
    source = next(iter(items_of(channel, "ChannelSourceSequence", budget)), Dataset())
    code = str(source.get("CodeValue") or "")
    for start in _LEAD_CODES:
        number = code.removeprefix(start)
        if number != code and number.isdecimal() and int(number) in _BY_NUMBER:
            return _BY_NUMBER[int(number)]
    said = (str(source.get("CodeMeaning") or ""), code, str(channel.get("ChannelLabel") or ""))
    return next((text for text in said if is_ecg_lead(text)), said[0] or said[2])


def channel_millivolts(channel: Dataset, budget: Budget) -> float | None:
    """Return how many millivolts one unit of a channel's sensitivity is, if that is a voltage."""
    units = next(iter(items_of(channel, "ChannelSensitivityUnitsSequence", budget)), Dataset())
    for said in (units.get("CodeValue"), units.get("CodeMeaning")):
        found = millivolts_in(str(said or ""))
        if found is not None:
            return found
    return None


def personal_kinds(dataset: Dataset) -> tuple[str, ...]:
    """Return what kinds of facts about a patient a file holds."""
    kinds = []
    for tag in dataset.keys():  # noqa: SIM118 - to walk over the elements would decode them
        element = dataset.get_item(tag)
        keyword = keyword_for_tag(tag)
        if keyword in _HARMLESS or not element.value:
            continue
        kind = _KINDS.get(keyword) or _KINDS_BY_TYPE.get(element.VR or _type_of(tag))
        if kind is not None:
            kinds.append(kind)
    return tuple(dict.fromkeys(kinds))


def _type_of(tag: BaseTag) -> str:
    return dictionary_VR(tag) if dictionary_has_tag(tag) else ""

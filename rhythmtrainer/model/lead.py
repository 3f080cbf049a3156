"""Leads by the names that are printed on paper and stored in record headers."""

from typing import Final, NewType

LeadName = NewType("LeadName", str)

STANDARD_LEADS: Final = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")

# Names that ambulatory and monitor recordings add to the twelve.
_OTHER_LEADS: Final = ("MLI", "MLII", "MLIII", "MCL1", "MCL6", "D3", "D4", "CM2", "CM4", "CM5")
# A header says "ECG" where the electrode positions were not written down.
_UNNAMED: Final = ("ECG", "EKG")

_ECG_NAMES: Final = frozenset(
    name.casefold() for name in (*STANDARD_LEADS, *_OTHER_LEADS, *_UNNAMED)
)


def is_ecg_lead(name: str) -> bool:
    """Return whether a signal's name in a record header is that of an ECG lead.

    Accepts the standard and monitor lead names in any case, alone or behind the
    word "ECG" or "lead" (``"ECG II"``, ``"lead V1"``), and numbered ECG channels
    (``"ECG1"``).

    Examples
    --------
    >>> is_ecg_lead("MLII"), is_ecg_lead("ECG lead V1"), is_ecg_lead("RESP")
    (True, True, False)
    """
    words = name.casefold().replace("_", " ").replace("-", " ").split()
    rest = [word for word in words if word not in ("ecg", "ekg", "lead")]
    if not rest:
        return bool(words)
    if len(rest) > 1:
        return False
    return rest[0] in _ECG_NAMES or (rest[0][:3] in ("ecg", "ekg") and rest[0][3:].isdecimal())


def describe_lead(name: LeadName) -> str:
    """Return what is printed beside a strip for a lead.

    Examples
    --------
    >>> describe_lead(LeadName("MLII")), describe_lead(LeadName("ECG"))
    ('Lead MLII (modified II)', 'Lead not named')
    """
    if name.upper() in _UNNAMED:
        return "Lead not named"
    if name.upper().startswith("ML"):
        return f"Lead {name} (modified {name[2:]})"
    return f"Lead {name}"

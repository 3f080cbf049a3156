"""Leads by the names that are printed on paper and stored in record headers."""

import re
from itertools import permutations
from typing import Final, NewType

LeadName = NewType("LeadName", str)

STANDARD_LEADS: Final = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")

# Names that ambulatory and monitor recordings, and those of the back and the right, add.
OTHER_LEADS: Final = (
    *("MLI", "MLII", "MLIII", "ML2", "ML5", "D1", "D2", "D3", "D4"),
    *(
        "MCL",
        *(f"MCL{number}" for number in range(1, 7)),
        *(f"MV{number}" for number in range(1, 7)),
    ),
    *("CM1", "CM2", "CM3", "CM4", "CM5", "CC5", "V", "V7", "V8", "V9"),
    *("V1R", "V2R", "V3R", "V4R", "V5R", "V6R", "VX", "VY", "VZ"),
    "PADS",
)
# A header says "ECG" where the electrode positions were not written down.
_UNNAMED: Final = ("ECG", "EKG")

_ECG_NAMES: Final = frozenset(name.casefold() for name in (*STANDARD_LEADS, *OTHER_LEADS))
_ECG_WORDS: Final = frozenset(name.casefold() for name in _UNNAMED)
# Said around a lead's name without changing which lead it is.
_FILLING: Final = _ECG_WORDS | {
    *("lead", "mdc", "ref", "einthoven", "filtered", "raw", "mod"),
    *("ableitung", "derivation", "dérivation", "derivación"),
}
# Pairs of electrodes: those on the limbs, and on the trunk as in the EASI system.
_PAIRS: Final = frozenset(
    (*permutations(("ra", "la", "ll"), 2), ("e", "s"), ("a", "s"), ("a", "i"))
)
# A channel of many that a sleep laboratory records: "ECG1", "EKG L".
_CHANNEL: Final = re.compile(r"(?:ecg|ekg)(?:\d{1,2}|[lr])", re.ASCII)
_SIDES: Final = frozenset(("l", "r", "left", "right", "chest"))
_SEPARATORS: Final = re.compile(r"[\s_\-.,;:/()\[\]+'\"]+")


def is_ecg_lead(name: str) -> bool:
    """Return whether a signal's name in a record header is that of an ECG lead.

    Accepts the standard and monitor lead names in any case, alone or among words like
    "ECG", "lead" and "ref" (``"ECG II"``, ``"lead V1"``, ``"II-Ref"``) or with a number
    (``"II (2)"``), pairs of electrodes (``"LA-RA"``), and numbered ECG channels (``"ECG1-ECG2"``).

    Examples
    --------
    >>> is_ecg_lead("MLII"), is_ecg_lead("ECG lead V1"), is_ecg_lead("RESP")
    (True, True, False)
    """
    words = _words(name)
    rest = [word for word in words if word not in _FILLING]
    says_ecg = not _ECG_WORDS.isdisjoint(words)
    if not rest:
        return says_ecg or "lead" in words
    word, *others = rest
    if all(map(_CHANNEL.fullmatch, rest)):
        return True
    if others:
        return tuple(rest) in _PAIRS or (word in _ECG_NAMES and others[0].isdecimal())
    return (
        word in _ECG_NAMES
        or (word[:3] in _ECG_WORDS and word[3:].isdecimal())
        or (says_ecg and (word.isdecimal() or word in _SIDES))
    )


def plain_lead(name: str) -> str:
    """Return what all spellings of a lead's name have in common.

    A sign before it stays: some print aVR upside down.

    Examples
    --------
    >>> plain_lead("ECG lead aVR"), plain_lead("-aVR"), plain_lead("II-Ref"), plain_lead("EKG")
    ('avr', '-avr', 'ii', 'ecg')
    """
    sign = "-" if name.lstrip().startswith("-") else ""
    return sign + (" ".join(word for word in _words(name) if word not in _FILLING) or "ecg")


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


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.split(name.casefold()) if word]

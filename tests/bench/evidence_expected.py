"""What a label implies about each finding, from the taught texts. Written before any result.

Where a label implies nothing about a finding, the finding is not scored. Where the beats are
annotated, they say what the strip must show: the label ``(N`` of mitdb also covers bundle branch
block, ectopy and sinus arrhythmia.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from rhythmtrainer.model import (
    EarlyBeats,
    Pace,
    Pacing,
    Pattern,
    Pauses,
    PrRelation,
    PWaves,
    QrsWidth,
    Regularity,
    Step,
)
from tests.bench.evidence_windows import LabelledWindow

Expected = Mapping[Step, frozenset[StrEnum]]
_Implied = dict[Step, set[StrEnum]]

RATE_TOLERANCE = 0.05
RATE_TOLERANCE_BPM = 5.0
"""A rate is right within the larger of the two of that of the annotated beats."""

# Around the three small boxes (0.12 s) that divide regular from irregular, where the placing of a
# mark decides, nothing is scored.
_SURELY_REGULAR_S, _SURELY_IRREGULAR_S = 0.10, 0.14
_REGULAR_S = 0.12
# Of the usual interval: what comes before is early, what comes after is not; between them no score.
_SURELY_EARLY, _SURELY_ON_TIME = 0.85, 0.93
_SURELY_PAUSE_S, _SURELY_NO_PAUSE_S = 2.05, 1.9
_MAJORITY = 0.8
_FEWEST_BASIC = 3

_CANNOT = "cannot tell"
_VENTRICULAR = frozenset("VEr!")
_SUPRAVENTRICULAR = frozenset("AJSejn")
_ABERRANT = frozenset("aF")
_WIDE_CONDUCTION = frozenset("LR/")
_PACED = frozenset("/f")

_SINUS: _Implied = {
    Step.REGULARITY: {Regularity.REGULAR},
    Step.P_WAVES: {PWaves.ONE_PER_QRS},
    Step.PR: {PrRelation.CONSTANT},
}
_NO_BEATS: _Implied = {
    Step.RATE: {Pace.CANNOT_TELL},
    Step.REGULARITY: {Regularity.CANNOT_TELL},
    Step.P_WAVES: {PWaves.CANNOT_TELL, PWaves.ABSENT},
    Step.PR: {PrRelation.CANNOT_TELL},
    Step.QRS: {QrsWidth.CANNOT_TELL},
    Step.EARLY_BEATS: {EarlyBeats.CANNOT_TELL, EarlyBeats.NONE},
    Step.PAUSES: {Pauses.CANNOT_TELL, Pauses.NONE},
}
_FIBRILLATION: _Implied = {
    Step.REGULARITY: {Regularity.IRREGULARLY_IRREGULAR},
    Step.P_WAVES: {PWaves.ABSENT},
    Step.PR: {PrRelation.CANNOT_TELL},
}
_FLUTTER: _Implied = {
    Step.P_WAVES: {PWaves.ABSENT, PWaves.MORE_THAN_ONE},
    Step.PR: {PrRelation.CANNOT_TELL},
}
_UNRELATED_P: _Implied = {
    Step.P_WAVES: {PWaves.ABSENT, PWaves.MORE_THAN_ONE},
    Step.PR: {PrRelation.CANNOT_TELL, PrRelation.VARYING},
    Step.QRS: {QrsWidth.WIDE},
}
_IRREGULAR: set[StrEnum] = {Regularity.REGULARLY_IRREGULAR, Regularity.IRREGULARLY_IRREGULAR}
_EARLY_WIDE: set[StrEnum] = {EarlyBeats.WIDE, EarlyBeats.BOTH}
_EARLY_NARROW: set[StrEnum] = {EarlyBeats.NARROW, EarlyBeats.BOTH}

_BY_FAMILY: Final[dict[str, _Implied]] = {
    "sinus": _SINUS,
    # vfdb marks no beats, and its patients have many early ones.
    "sinus, ectopy unmarked": _SINUS
    | {Step.REGULARITY: {Regularity.REGULAR, Regularity.REGULARLY_IRREGULAR}},
    "sinus bradycardia": _SINUS | {Step.RATE: {Pace.SLOW}},
    "sinus tachycardia": _SINUS | {Step.RATE: {Pace.FAST}},
    "sinus arrhythmia": _SINUS | {Step.REGULARITY: _IRREGULAR},
    "wandering pacemaker": {Step.P_WAVES: {PWaves.ONE_PER_QRS}},
    "fibrillation": _FIBRILLATION,
    "flutter": _FLUTTER,
    "atrial bigeminy": {
        Step.REGULARITY: {Regularity.REGULARLY_IRREGULAR},
        Step.EARLY_BEATS: _EARLY_NARROW,
        Step.PATTERN: {Pattern.BIGEMINAL},
    },
    "svt": {Step.RATE: {Pace.FAST}, Step.P_WAVES: {PWaves.ABSENT, PWaves.ONE_PER_QRS}},
    "nodal": {
        Step.REGULARITY: {Regularity.REGULAR},
        Step.P_WAVES: {PWaves.ABSENT, PWaves.ONE_PER_QRS},
        Step.QRS: {QrsWidth.NARROW},
    },
    "first-degree block": {
        Step.P_WAVES: {PWaves.ONE_PER_QRS},
        Step.PR: {PrRelation.CONSTANT},
    },
    "2:1 block": {
        Step.RATE: {Pace.SLOW},
        Step.REGULARITY: {Regularity.REGULAR},
        Step.P_WAVES: {PWaves.MORE_THAN_ONE},
        Step.PR: {PrRelation.CONSTANT},
    },
    "pre-excitation": {Step.P_WAVES: {PWaves.ONE_PER_QRS}, Step.PR: {PrRelation.CONSTANT}},
    "sick sinus": {Step.P_WAVES: {PWaves.ONE_PER_QRS}},
    "ventricular bigeminy": {
        Step.REGULARITY: {Regularity.REGULARLY_IRREGULAR},
        Step.P_WAVES: {PWaves.ONE_PER_QRS},
        Step.EARLY_BEATS: _EARLY_WIDE,
        Step.PATTERN: {Pattern.BIGEMINAL},
    },
    "ventricular trigeminy": {
        Step.REGULARITY: {Regularity.REGULARLY_IRREGULAR},
        Step.P_WAVES: {PWaves.ONE_PER_QRS},
        Step.EARLY_BEATS: _EARLY_WIDE,
        Step.PATTERN: {Pattern.TRIGEMINAL},
    },
    "ventricular ectopy": {Step.EARLY_BEATS: _EARLY_WIDE},
    "ventricular tachycardia": _UNRELATED_P | {Step.RATE: {Pace.FAST}},
    "idioventricular": _UNRELATED_P | {Step.REGULARITY: {Regularity.REGULAR}},
    "ventricular flutter": {
        Step.P_WAVES: {PWaves.ABSENT, PWaves.CANNOT_TELL},
        Step.PR: {PrRelation.CANNOT_TELL},
    },
    "ventricular fibrillation": _NO_BEATS,
    "asystole": _NO_BEATS,
    "paced": {Step.QRS: {QrsWidth.WIDE}, Step.PACING: {Pacing.SPIKES}},
    # The chambers are not stated.
    "paced, 12 leads": {Step.PACING: {Pacing.SPIKES}},
    "noise": {},
    "no rhythm named": {},
}

_AMBULATORY = {
    ("mitdb", "(N"): "sinus",
    ("mitdb", "(SBR"): "sick sinus",
    ("mitdb", "(AFIB"): "fibrillation",
    ("mitdb", "(AFL"): "flutter",
    ("mitdb", "(AB"): "atrial bigeminy",
    ("mitdb", "(SVTA"): "svt",
    ("mitdb", "(NOD"): "nodal",
    ("mitdb", "(PREX"): "pre-excitation",
    ("mitdb", "(BII"): "2:1 block",
    ("mitdb", "(P"): "paced",
    ("mitdb", "(B"): "ventricular bigeminy",
    ("mitdb", "(T"): "ventricular trigeminy",
    ("mitdb", "(VT"): "ventricular tachycardia",
    ("mitdb", "(IVR"): "idioventricular",
    ("mitdb", "(VFL"): "ventricular flutter",
    ("vfdb", "(N"): "sinus, ectopy unmarked",
    ("vfdb", "(NSR"): "sinus, ectopy unmarked",
    ("vfdb", "(SBR"): "sinus bradycardia",
    ("vfdb", "(AFIB"): "fibrillation",
    ("vfdb", "(SVTA"): "svt",
    ("vfdb", "(NOD"): "nodal",
    ("vfdb", "(BI"): "first-degree block",
    ("vfdb", "(B"): "ventricular bigeminy",
    ("vfdb", "(HGEA"): "ventricular ectopy",
    ("vfdb", "(VT"): "ventricular tachycardia",
    ("vfdb", "(VER"): "idioventricular",
    ("vfdb", "(VFL"): "ventricular flutter",
    ("vfdb", "(VF"): "ventricular fibrillation",
    ("vfdb", "(VFIB"): "ventricular fibrillation",
    ("vfdb", "(ASYS"): "asystole",
    ("vfdb", "(PM"): "paced",
    ("vfdb", "(NOISE"): "noise",
    ("cpsc2021", "(N"): "sinus",
    ("cpsc2021", "(AFIB"): "fibrillation",
}

# In this order: the first that a 12-lead recording carries names its rhythm.
_TWELVE_LEADS = (
    ("paced, 12 leads", ("PACE", "10370003", "pacing")),
    ("fibrillation", ("AFIB", "164889003", "Atrial fibrillation")),
    ("flutter", ("AFLT", "164890007", "Atrial flutter")),
    ("svt", ("SVTAC", "PSVT", "713422000", "233897008")),
    ("wandering pacemaker", ("Wandering atrial pacemaker",)),
    ("no rhythm named", ("425856008", "Sinoatrial blockade", "106068003")),
    ("sinus arrhythmia", ("SARRH", "427393009", "Sinus arrhythmia", "Irregular sinus rhythm")),
    ("sinus bradycardia", ("SBRAD", "426177001", "Sinus bradycardia")),
    ("sinus tachycardia", ("STACH", "427084000", "Sinus tachycardia")),
    ("sinus", ("SR", "426783006", "Sinus rhythm")),
)
_FIRST_DEGREE = ("1AVB", "270492004", "I degree AV block")
_WIDE = ("CLBBB", "CRBBB", "164909002", "59118001", "713427006", "Complete ")
# Conduction that may be narrow, wide or between.
_ANY_WIDTH = ("IRBBB", "ILBBB", "IVCD", "WPW", "ABQRS", "713426002", "698252002", "Incomplete ")
_PVC = ("PVC", "427172004", "17338001", "164884008", "Ventricular extrasystole")
_PAC = ("PAC", "284470004", "251170000", "Atrial extrasystole")


def family(window: LabelledWindow) -> str:
    """Return which rhythm the labels of a window name."""
    if len(window.labels) == 1 and (window.database, window.labels[0]) in _AMBULATORY:
        return _AMBULATORY[window.database, window.labels[0]]
    return next((name for name, codes in _TWELVE_LEADS if _carries(window, codes)), "other")


def row_name(window: LabelledWindow) -> str:
    """Return the row of the table in which a window stands."""
    name = f"{window.database} {family(window)}"
    if window.database == "mitdb" and family(window) == "sinus":
        codes = set(window.symbols)
        if codes & (_VENTRICULAR | _SUPRAVENTRICULAR | _ABERRANT):
            return f"{name}, early or other beats"
        return f"{name}, bundle branch block" if codes & set("LR") else f"{name}, all normal"
    return name


def expected(window: LabelledWindow) -> Expected:
    """Return the verdicts that agree with what is known, for each finding that is implied."""
    implied = {step: set(verdicts) for step, verdicts in _BY_FAMILY.get(family(window), {}).items()}
    if window.beats_s is not None:
        implied |= {step: told for step, told in _from_beats(window).items() if told}
    elif window.database != "vfdb":
        implied |= _from_codes(window)
    return {step: frozenset(verdicts) for step, verdicts in implied.items() if verdicts}


def rate_of_beats(window: LabelledWindow) -> float | None:
    """Return the rate of the annotated beats, where they are beats."""
    if window.beats_s is None or window.beats_s.size < 2 or "!" in window.symbols:
        return None
    return 60.0 / float(np.diff(window.beats_s).mean())


def _carries(window: LabelledWindow, codes: tuple[str, ...]) -> bool:
    for label in window.labels:
        words = label.removeprefix("Rhythm: ")
        if words in codes or words.split(":")[0] in codes:
            return True
        if any(len(code) >= 6 and code.strip() in words for code in codes):
            return True
    return False


def _from_codes(window: LabelledWindow) -> _Implied:
    """What the other codes of a 12-lead recording imply."""
    name = family(window)
    implied: _Implied = {}
    paced = name.startswith("paced")
    if not paced:
        implied[Step.PACING] = {Pacing.NONE}
        if _carries(window, _WIDE):
            implied[Step.QRS] = {QrsWidth.WIDE}
        elif not _carries(window, _ANY_WIDTH) and name not in ("other", "no rhythm named"):
            implied[Step.QRS] = {QrsWidth.NARROW}
    early = (_carries(window, _PAC), _carries(window, _PVC))
    if any(early):
        either: set[StrEnum] = {EarlyBeats.NARROW, EarlyBeats.WIDE, EarlyBeats.BOTH}
        implied[Step.EARLY_BEATS] = (
            either if all(early) else _EARLY_NARROW if early[0] else _EARLY_WIDE
        )
        if name.startswith("sinus") and name != "sinus arrhythmia":
            implied[Step.REGULARITY] = {Regularity.REGULARLY_IRREGULAR}
    elif name.startswith("sinus"):
        implied[Step.EARLY_BEATS] = {EarlyBeats.NONE}
        implied[Step.PATTERN] = {Pattern.NONE}
    if name == "sinus" and _carries(window, _FIRST_DEGREE):
        implied |= _BY_FAMILY["first-degree block"]
    return implied


def _from_beats(window: LabelledWindow) -> _Implied:
    """What the annotated beats imply."""
    name = family(window)
    if name in ("ventricular flutter", "asystole", "ventricular fibrillation", "noise"):
        return {}
    implied: _Implied = {}
    if name in ("sinus", "sick sinus", "pre-excitation", "paced", "nodal", "svt", "flutter"):
        implied[Step.REGULARITY] = _regularity(window)
    if window.database == "mitdb":
        implied[Step.QRS] = _width(window)
        implied[Step.PACING] = {Pacing.SPIKES if set(window.symbols) & _PACED else Pacing.NONE}
        early = _early(window)
        if name not in ("ventricular tachycardia", "idioventricular"):
            implied[Step.EARLY_BEATS] = early
        if early == {EarlyBeats.NONE}:
            implied[Step.PATTERN] = {Pattern.NONE, Pattern.CANNOT_TELL}
    implied[Step.PAUSES] = _pauses(window)
    if name == "ventricular tachycardia":
        implied.pop(Step.QRS, None)
    return implied


def _regularity(window: LabelledWindow) -> set[StrEnum]:
    if window.beats_s is None or window.beats_s.size <= _FEWEST_BASIC:
        return set()
    rr = np.diff(window.beats_s)
    spread = float(np.ptp(rr))
    if spread < _SURELY_REGULAR_S:
        return {Regularity.REGULAR}
    if spread < _SURELY_IRREGULAR_S:
        return set()
    usual = np.array([symbol in "NLR/fQ" for symbol in window.symbols])
    if not usual.all():
        basic = rr[usual[1:] & usual[:-1]]
        # The interval after an early beat belongs to it.
        if basic.size >= _FEWEST_BASIC and np.ptp(basic) < _REGULAR_S:
            return {Regularity.REGULARLY_IRREGULAR}
    return set(_IRREGULAR)


def _width(window: LabelledWindow) -> set[StrEnum]:
    supraventricular = [s for s in window.symbols if s in _SUPRAVENTRICULAR | {"N"}]
    wide = [s for s in window.symbols if s in _WIDE_CONDUCTION]
    total = len(window.symbols)
    if total and len(supraventricular) >= _MAJORITY * total:
        return {QrsWidth.NARROW}
    if total and len(wide) >= _MAJORITY * total:
        return {QrsWidth.WIDE}
    others = [s for s in window.symbols if s not in _VENTRICULAR | _ABERRANT | {"f", "Q"}]
    if others and len(others) >= total / 3:
        if all(s in _WIDE_CONDUCTION for s in others):
            return {QrsWidth.WIDE}
        if not any(s in _WIDE_CONDUCTION for s in others):
            return {QrsWidth.NARROW}
    return set()


def _early(window: LabelledWindow) -> set[StrEnum]:
    """Which early beats the annotations imply; nothing where one is only a little early."""
    times = window.beats_s
    if times is None or times.size <= _FEWEST_BASIC:
        return set()
    since = np.diff(times, prepend=window.before_s)
    usual = float(np.nanmedian(since))
    wide = narrow = False
    for symbol, interval in zip(window.symbols, since.tolist(), strict=True):
        if symbol not in _VENTRICULAR | _SUPRAVENTRICULAR | _ABERRANT:
            continue
        if symbol in _ABERRANT or not (interval < _SURELY_EARLY * usual):
            if interval > _SURELY_ON_TIME * usual and symbol in "ejn":
                continue
            return set()
        wide |= symbol in _VENTRICULAR
        narrow |= symbol in _SUPRAVENTRICULAR
    if wide:
        return {EarlyBeats.BOTH if narrow else EarlyBeats.WIDE}
    return {EarlyBeats.NARROW if narrow else EarlyBeats.NONE}


def _pauses(window: LabelledWindow) -> set[StrEnum]:
    times = window.beats_s
    if times is None or times.size <= _FEWEST_BASIC:
        return set()
    rr = np.diff(times)
    longest, usual = float(rr.max()), float(np.median(rr))
    if longest < _SURELY_NO_PAUSE_S:
        return {Pauses.NONE}
    if longest > _SURELY_PAUSE_S and longest > 1.6 * usual:
        return {Pauses.PRESENT}
    return set()

"""Finding leads among the signals of a record."""

import re
from collections.abc import Sequence
from typing import Final

from rhythmtrainer.model import STANDARD_LEADS, LeadName, RecordError, is_ecg_lead
from rhythmtrainer.model.lead import OTHER_LEADS, plain_lead
from rhythmtrainer.records.signals.header import Header

_PRINTED: Final = {name.casefold(): LeadName(name) for name in (*STANDARD_LEADS, *OTHER_LEADS)}
_PAIR: Final = re.compile(r"[rl][al] [rl][al]|[ea] [si]")
_NUMBERED: Final = re.compile(r"(?:ecg|ekg)?(\d{1,3})", re.ASCII)
# What a signal is called by somebody who does not say what it is.
_NAMELESS: Final = re.compile(
    r"(?:ch|chan|channel|lead|sig|signal|col|column|val|value|data|voltage|amplitude|adc|sample"
    r"|biopotential|)[ _#.-]*\d{0,3}",
    re.IGNORECASE | re.ASCII,
)


def find_lead(header: Header, lead: LeadName | None, file: str) -> int:
    """Return the index of the signal that records `lead`, or the first ECG lead for None.

    Case does not matter, nor the words "ECG" and "lead" before the name.

    Raises
    ------
    RecordError
        If there is no such lead, or its unit is no voltage.
    """
    names = [signal.name for signal in header.signals]
    leads = [index for index, name in enumerate(names) if is_ecg_lead(name)]
    if not leads:
        listed = ", ".join(name or "without a name" for name in names)
        raise RecordError(f"{file} holds no ECG lead; its signals are: {listed}.")
    wanted = [
        index for index in leads if lead is None or plain_lead(names[index]) == plain_lead(lead)
    ]
    if not wanted:
        listed = ", ".join(names[index] for index in leads)
        raise RecordError(f"{file} has no lead {lead}; its leads are: {listed}.")
    chosen = next((index for index in wanted if names[index] == lead), wanted[0])
    signal = header.signals[chosen]
    if signal.millivolts is None:
        raise RecordError(
            f"{file} measures lead {signal.name} in {signal.units!r}; known are V, mV, uV and nV."
        )
    return chosen


def find_leads(header: Header, leads: Sequence[LeadName] | None, file: str) -> tuple[int, ...]:
    """Return the indices of the signals that record `leads`, in their order.

    Parameters
    ----------
    leads
        See `find_lead`; None for the first ECG lead alone.

    Raises
    ------
    RecordError
        If one of them is not there or measures no voltage, if one is named twice or none at
        all, or if they do not have one sampling rate.
    """
    if leads is None:
        return (find_lead(header, None, file),)
    if not leads:
        raise RecordError(f"No lead of {file} was asked for.")
    found = tuple(find_lead(header, lead, file) for lead in leads)
    for place, lead in enumerate(leads):
        if found[place] in found[:place]:
            raise RecordError(f"Lead {lead} of {file} was asked for twice.")
        one, other = header.signals[found[0]], header.signals[found[place]]
        if one.samples_per_frame != other.samples_per_frame:
            raise RecordError(
                f"{file} has {header.fs * one.samples_per_frame:g} samples per second of lead"
                f" {one.name} and {header.fs * other.samples_per_frame:g} of lead {other.name}:"
                " they cannot be shown as one strip."
            )
    return found


def printed_lead(name: str) -> LeadName:
    """Return a lead's name as it is printed on paper.

    Examples
    --------
    >>> printed_lead("avr"), printed_lead("-AVR"), printed_lead("ECG lead V1"), printed_lead("MLII")
    ('aVR', '-aVR', 'V1', 'MLII')
    """
    plain = plain_lead(name)
    known = _PRINTED.get(plain.removeprefix("-"))
    if known is None:
        return LeadName(name)
    return LeadName(f"-{known}") if plain.startswith("-") else known


def own_leads(names: Sequence[str]) -> tuple[LeadName | None, ...]:
    """Name the leads among signals whose names anybody may have written.

    Parameters
    ----------
    names
        What the file calls each signal that measures a voltage.

    Returns
    -------
    tuple
        For each signal the lead's printed name, one of a kind and free of the file's own
        words; None for a signal that is no ECG. Where none says that it is one, all that do
        not say what they are (``Ch1``) are taken for leads; see `all_nameless`.
    """
    known = [is_ecg_lead(name) for name in names]
    if not any(known):
        known = [_NAMELESS.fullmatch(name.strip()) is not None for name in names]
    chosen: list[LeadName | None] = []
    for name, is_lead in zip(names, known, strict=True):
        chosen.append(_one_of_a_kind(_own_name(name), chosen) if is_lead else None)
    return tuple(chosen)


def all_nameless(names: Sequence[str]) -> bool:
    """Return whether `own_leads` had to take for leads what does not say that it is one."""
    return not any(map(is_ecg_lead, names))


def _own_name(name: str) -> LeadName:
    plain = plain_lead(name)
    if plain.removeprefix("-") in _PRINTED:
        return printed_lead(name)
    if _PAIR.fullmatch(plain):
        return LeadName(plain.upper().replace(" ", "-"))
    numbered = _NUMBERED.fullmatch(plain)
    return LeadName(f"ECG{int(numbered[1])}" if numbered else "ECG")


def _one_of_a_kind(name: LeadName, taken: Sequence[LeadName | None]) -> LeadName:
    number = 2
    chosen = name
    while chosen in taken:
        chosen = LeadName(f"{name}{number}" if name == "ECG" else f"{name} ({number})")
        number += 1
    return chosen

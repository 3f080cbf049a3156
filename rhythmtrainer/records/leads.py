"""Finding leads among the signals of a record."""

from collections.abc import Sequence
from typing import Final

from rhythmtrainer.model import STANDARD_LEADS, LeadName, RecordError, is_ecg_lead
from rhythmtrainer.records.header import Header

_PRINTED: Final = {name.casefold(): LeadName(name) for name in STANDARD_LEADS}


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
    wanted = [index for index in leads if lead is None or _key(names[index]) == _key(lead)]
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
    >>> printed_lead("avr"), printed_lead("ECG lead V1"), printed_lead("MLII")
    ('aVR', 'V1', 'MLII')
    """
    return _PRINTED.get(_key(name), LeadName(name))


def _key(name: str) -> str:
    words = name.casefold().replace("_", " ").replace("-", " ").split()
    return " ".join(word for word in words if word not in ("ecg", "ekg", "lead")) or "ecg"

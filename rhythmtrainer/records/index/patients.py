"""Who was recorded, and which recordings are one and the same in two databases."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from rhythmtrainer.model import RecordRef, Span
from rhythmtrainer.records.index.rules import Identity

_PATIENT: Final[Callable[[Identity], str]] = attrgetter("patient")
_RECORDING: Final[Callable[[Identity], str]] = attrgetter("recording")

PATIENT_COLUMNS: Final = ("database", "record", "patient", "reason")


def identified(spans: Iterable[Span], identities: Sequence[Identity]) -> list[Span]:
    """Return the spans with the patients that the rules name."""
    named = [identity for identity in identities if identity.patient]
    return [
        replace(span, patient=_name(span.ref.record, named, _PATIENT) or span.patient)
        for span in spans
    ]


def merged(spans: Sequence[Span], identities: Sequence[Identity]) -> list[Span]:
    """Return the spans of several databases without those of recordings that stand in two.

    Spans of the database that comes first stay, and say for the others who was recorded.
    """
    databases = list(dict.fromkeys(span.ref.record.database for span in spans))
    names = {ref: _recording(ref, identities) for ref in {span.ref.record for span in spans}}
    first: dict[str, Span] = {}
    for span in sorted(spans, key=lambda span: databases.index(span.ref.record.database)):
        first.setdefault(names[span.ref.record], span)
    return [
        span
        for span in spans
        if first[names[span.ref.record]].ref.record.database == span.ref.record.database
    ]


def patient_rows(
    spans: Iterable[Span], identities: Sequence[Identity]
) -> list[tuple[str, str, str, str]]:
    """Return database, record, patient and reason of each record that a rule speaks of."""
    patients = {span.ref.record: span.patient for span in spans}
    return [
        (ref.database, ref.record, patient, identity.reason)
        for ref, patient in sorted(patients.items())
        for identity in identities
        if identity.concerns(ref)
    ]


def _recording(ref: RecordRef, identities: Sequence[Identity]) -> str:
    named = [identity for identity in identities if identity.recording]
    return _name(ref, named, _RECORDING) or ref.path


def _name(
    ref: RecordRef, identities: Iterable[Identity], template: Callable[[Identity], str]
) -> str | None:
    """Return the name that the first rule about a record gives it."""
    for identity in identities:
        match = identity.record.fullmatch(ref.record)
        if match is not None and identity.database == ref.database:
            return match.expand(template(identity))
    return None

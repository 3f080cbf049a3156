"""Adding a database to the user's own catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rhythmtrainer.model import Progress, RecordError, RecordRef, Span
from rhythmtrainer.records.databases.download import sha256_of
from rhythmtrainer.records.index.building import find_database
from rhythmtrainer.records.index.halves import into_halves
from rhythmtrainer.records.index.patients import merged
from rhythmtrainer.records.index.rules import Identity, Rules
from rhythmtrainer.records.signals.header import record_file
from rhythmtrainer.records.signals.wfdb_reader import read_header
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was found in the records of a database.

    Attributes
    ----------
    spans
        In the order of the catalogue.
    files
        Facts of the files that they are read from, by path below the archive's root.
    left_out
        A phrase for each record that gives no span because of a fault, or of its labels.
    """

    spans: tuple[Span, ...]
    files: Mapping[str, FileFacts]
    left_out: tuple[str, ...] = ()


def index_database(
    rules: Rules, records: Path, known: Sequence[Span], tell: Tell, cancel: Cancel
) -> Indexed:
    """Find the spans in the records of a database that are on this computer.

    Parameters
    ----------
    rules
        What the database's labels mean.
    records
        A folder laid out as PhysioNet lays out its databases.
    known
        The catalogue as it is. A recording that stands in another database of it is left out,
        and who was recorded there has the same name here.

    Raises
    ------
    UserError
        If there are no records, or the rules do not fit them.
    CancelledError
        If `cancel` was thrown.
    """
    left_out: list[str] = []

    def skip(ref: RecordRef, why: str) -> None:
        left_out.append(f"{ref.record}: {why}")

    found = find_database(records, rules, tell, cancel, skip)
    found = _with_known_patients(found, known, rules.identities)
    others = [span for span in known if span.ref.record.database != rules.database]
    alone = merged([*others, *found], rules.identities)
    spans = into_halves([span for span in alone if span.ref.record.database == rules.database])
    tell(Progress(f"{rules.database}: checksums"))
    facts = _facts(records, {span.ref.record for span in spans}, cancel)
    return Indexed(tuple(spans), facts, tuple(left_out))


def _with_known_patients(
    found: Sequence[Span], known: Iterable[Span], identities: Sequence[Identity]
) -> list[Span]:
    """Return the spans with the names that the catalogue has for the people in them.

    More may be known of a database that is here whole: which recordings are of one person. All
    of them belong in the half of the one that the catalogue holds already.
    """
    names = {_recording(span.ref.record, identities): span.patient for span in known}
    called = {
        span.patient: names[recording]
        for span in found
        if (recording := _recording(span.ref.record, identities)) in names
    }
    return [replace(span, patient=called.get(span.patient, span.patient)) for span in found]


def _recording(ref: RecordRef, identities: Iterable[Identity]) -> str:
    for identity in identities:
        match = identity.record.fullmatch(ref.record)
        if match is not None and identity.database == ref.database and identity.recording:
            return match.expand(identity.recording)
    return f"{ref.database} {ref.record.rpartition('/')[2]}"


def _facts(records: Path, refs: Iterable[RecordRef], cancel: Cancel) -> dict[str, FileFacts]:
    found = {}
    for ref in sorted(refs):
        header = record_file(records / ref.path)
        signals = [header.with_name(one.file) for one in read_header(records / ref.path).signals]
        for file in dict.fromkeys((header, *signals)):
            found[file.relative_to(records).as_posix()] = _facts_of(file, cancel)
    return found


def _facts_of(file: Path, cancel: Cancel) -> FileFacts:
    try:
        return FileFacts(file.stat().st_size, sha256_of(file, cancel))
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror or error}.") from error

"""The files that a catalogue was built from, and whether they are the published ones."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rhythmtrainer.model import RecordRef, Span
from rhythmtrainer.records.index.rules import BuildError
from rhythmtrainer.records.signals.header import record_file
from rhythmtrainer.records.signals.wfdb_reader import read_header
from rhythmtrainer.records.tables.verify import description_of

_CHECKSUMS = "SHA256SUMS.txt"
_HEADER = ".hea"


def file_rows(
    records: Path, spans: Iterable[Span], annotations: str = "atr"
) -> list[tuple[str, str, str, int, str, str]]:
    """Return a row for each file behind some spans, in the columns of `FILE_COLUMNS`.

    These are the header, the signal files that it names, and the labels beside them: those of
    the record, or of the lead that is shown. Where the database's own checksums are there, the
    files are compared with them.

    Parameters
    ----------
    annotations
        Ending of the files with the labels of a record.

    Raises
    ------
    BuildError
        If a file is missing or is not the published one.
    RecordError
        If a header is damaged.
    """
    endings: dict[RecordRef, set[str]] = {}
    for span in spans:
        own = endings.setdefault(span.ref.record, {annotations})
        own.update(lead.lower() for lead in span.ref.leads)
    rows = []
    faults: list[str] = []
    published: dict[Path, dict[str, str]] = {}
    for ref, labels in sorted(endings.items()):
        folder = records / ref.database / ref.version
        known = published.setdefault(folder, _published_checksums(folder))
        for path in _files(records / ref.path, labels):
            name = path.relative_to(folder).as_posix()
            if not path.is_file():
                faults.append(f"{path} is missing")
                continue
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if known and digest != known.get(name):
                faults.append(f"{path} differs from the checksum in {folder / _CHECKSUMS}")
            unconfirmed = not known and path.suffix == _HEADER
            described = description_of(content) if unconfirmed else ""
            rows.append((ref.database, ref.version, name, len(content), digest, described))
    if faults:
        raise BuildError("; ".join(faults))
    return rows


def _files(record: Path, labels: Iterable[str]) -> Iterator[Path]:
    header = record_file(record)
    yield header
    signals = [signal.file for signal in read_header(record).signals]
    for name in dict.fromkeys(signals):
        yield header.with_name(name)
    for ending in sorted(labels):
        path = header.with_name(f"{record.name}.{ending}")
        if path.is_file():
            yield path


def _published_checksums(folder: Path) -> dict[str, str]:
    path = folder / _CHECKSUMS
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines if line)}

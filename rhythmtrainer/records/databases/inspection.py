"""Comparing this computer's copy of a database with what was published."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rhythmtrainer.model import Progress, RecordError
from rhythmtrainer.records.databases.download import PART, sha256_of
from rhythmtrainer.records.signals.header import parse_header
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.records.tables.listing import CHECKSUMS, HEADER, Listing
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import Tell

_NAMED: Final = 10


@dataclass(slots=True)
class Inspection:
    """What was found in one folder; paths are below it.

    Attributes
    ----------
    sound
        How many files are as published.
    unknown
        How many files could not be compared, because nothing is published about them.
    """

    sound: int = 0
    unknown: int = 0
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def faults(self) -> str:
        """Names what is damaged or missing, in a phrase; empty where nothing is."""
        said = []
        for files, what in ((self.damaged, "damaged"), (self.missing, "missing")):
            if files:
                count = "1 file is" if len(files) == 1 else f"{len(files):,} files are"
                more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
                said.append(f"{count} {what}: {', '.join(files[:_NAMED])}{more}")
        return "; ".join(said)


def inspect(
    place: Path, listing: Listing, facts: Mapping[str, FileFacts], tell: Tell, cancel: Cancel
) -> Inspection:
    """Compare all files in the folder of a database with the published ones.

    What is missing is told of the records that are there, not of the rest of the database.

    Parameters
    ----------
    facts
        What is known without the database's own list of checksums, by path below `place`.

    Raises
    ------
    RecordError
        If a file cannot be read.
    CancelledError
        If `cancel` was thrown.
    """
    found = Inspection()
    files = sorted(_files_in(place))
    digests = {path: one.sha256 for path, one in facts.items()} | dict(listing.checksums)
    for done, path in enumerate(files):
        tell(Progress(f"{listing.database} {path}", done / len(files)))
        digest = digests.get(path)
        if digest is None:
            found.unknown += path != CHECKSUMS
        elif _digest_of(place / path, cancel) == digest:
            found.sound += 1
        else:
            found.damaged.append(path)
    found.missing = sorted(set(_wanted(place, files, listing, digests)) - set(files))
    return found


def _files_in(place: Path) -> Iterator[str]:
    for folder, _, names in os.walk(place):
        inside = Path(folder).relative_to(place)
        for name in names:
            if not name.startswith(".") and not name.endswith(PART):
                yield (inside / name).as_posix()


def _digest_of(file: Path, cancel: Cancel) -> str:
    try:
        return sha256_of(file, cancel)
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror or error}.") from error


def _wanted(
    place: Path, files: list[str], listing: Listing, published: Mapping[str, str]
) -> Iterator[str]:
    """Yield the published files of the records of which any file is there."""
    for record in dict.fromkeys(path.rpartition(".")[0] for path in files):
        header = f"{record}{HEADER}"
        if header not in published:
            continue
        yield header
        wanted = (*_signals(place / header, record), *listing.annotations(record))
        yield from (path for path in wanted if path in published)


def _signals(header: Path, record: str) -> tuple[str, ...]:
    try:
        signals = parse_header(header.read_bytes(), header.name).signals
    except (OSError, RecordError):
        # Missing or damaged, which is told already.
        return ()
    folder = record.rpartition("/")[0]
    return tuple(f"{folder}/{one.file}" if folder else one.file for one in signals)

"""What a database publishes: its records, the files of each, and their checksums."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rhythmtrainer.model import RecordError

RECORDS: Final = "RECORDS"
CHECKSUMS: Final = "SHA256SUMS.txt"
ANNOTATORS: Final = "ANNOTATORS"
HEADER: Final = ".hea"
# The lists of the largest database that is known have 20 MB.
LARGEST_LIST: Final = 256 << 20
# What stands beside the records and is worth having with any of them.
_PAPERS: Final = re.compile(r"RECORDS|ANNOTATORS|SHA256SUMS\.txt|LICENSE(\.txt)?|README(\.\w+)?")
_CHECKSUM_LINE: Final = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(\S.*)")
_PATH: Final = re.compile(r"\w[-+.\w]*(/\w[-+.\w]*)*", re.ASCII)
_ANNOTATOR: Final = re.compile(r"\w+", re.ASCII)
_NEAR: Final = 3
# More names than these are not compared letter by letter: it would take seconds.
_COMPARED: Final = 20_000


def is_safe(path: str) -> bool:
    """Return whether a path stays inside the folder it is meant for, on any system.

    Examples
    --------
    >>> is_safe("training/georgia/g1/E00271.hea"), is_safe("../100.hea"), is_safe("a//b")
    (True, False, False)
    """
    return _PATH.fullmatch(path) is not None


def read_checksums(text: str) -> dict[str, str]:
    """Return the SHA-256 of files by their path below the database's folder.

    Lines of another shape, and paths that would leave the folder, are left out.
    """
    found = {}
    for line in text.splitlines():
        match = _CHECKSUM_LINE.fullmatch(line.strip())
        if match and is_safe(path := match[2].removeprefix("./")):
            found[path] = match[1].lower()
    return found


def read_records(text: str, folder: str = "") -> list[str]:
    """Return the lines of a RECORDS file: records, and folders with a slash at their end.

    Parameters
    ----------
    folder
        Where the file lies below the database's folder, with a slash at its end.
    """
    lines = (line.strip().removeprefix("./") for line in text.splitlines())
    return [f"{folder}{line}" for line in lines if is_safe(line.removesuffix("/"))]


def read_annotators(text: str) -> tuple[str, ...]:
    """Return the endings of a database's annotation files."""
    words = (line.split()[0] for line in text.splitlines() if line.strip())
    return tuple(word for word in words if _ANNOTATOR.fullmatch(word))


@dataclass(frozen=True)
class Listing:
    """What is published of one database, all paths below the database's folder.

    Attributes
    ----------
    records
        In the order of the database's own list.
    checksums
        SHA-256 in lower-case hexadecimal digits; empty where the archive has no list of them.
    annotators
        Endings of annotation files; empty where the database does not name them.
    closed
        Whether there are no other records than the listed ones.
    """

    database: str
    version: str
    records: tuple[str, ...]
    checksums: Mapping[str, str] = field(default_factory=dict)
    annotators: tuple[str, ...] = ()
    closed: bool = True

    @cached_property
    def _by_record(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.checksums:
            found[path.rpartition(".")[0]].append(path)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for record in self.records:
            found[record.rpartition("/")[2]].append(record)
        return found

    @property
    def papers(self) -> tuple[str, ...]:
        """Files about the database as such: licence, list of records and the like."""
        return tuple(path for path in self.checksums if _PAPERS.fullmatch(path))

    def files(self, record: str) -> tuple[str, ...]:
        """Return all published files that bear a record's name."""
        return tuple(self._by_record.get(record, ()))

    def annotations(self, record: str) -> tuple[str, ...]:
        """Return the annotation files of a record, as far as the lists tell.

        Without a list of annotators it is every other published file of the record's name.
        """
        named = tuple(f"{record}.{ending}" for ending in self.annotators)
        if not self.checksums:
            return named
        if named:
            return tuple(path for path in named if path in self.checksums)
        return tuple(path for path in self.files(record) if path != f"{record}{HEADER}")

    def resolve(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the records that people mean by some names.

        A name may be a record's whole path, its last part, or a path that leaves folders in
        between out, each with or without the database before it. Where the list may lack
        records, a name that is not in it is taken for a whole path.

        Raises
        ------
        RecordError
            If a name is of no record, or of several; says which names are like it.
        """
        return tuple(dict.fromkeys(self._meant(name) for name in names))

    def _meant(self, name: str) -> str:
        asked = name.strip().removesuffix(HEADER).strip("/").split("/")
        for part in (self.database, self.version):
            asked = asked[1:] if len(asked) > 1 and asked[0] == part else asked
        namesakes = self._by_name.get(asked[-1], [])
        found = [record for record in namesakes if _is_path_of(asked, record.split("/"))]
        exact = [record for record in found if record == "/".join(asked)]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if found:
            raise RecordError(
                f"{self.database} has {len(found)} records called “{name}”:"
                f" {', '.join(found[:_NEAR])}{' …' if len(found) > _NEAR else ''}."
            )
        if not self.closed and is_safe(path := "/".join(asked)):
            return path
        raise RecordError(
            f"{self.database} has no record “{name}”.{near_names(asked[-1], list(self._by_name))}"
        )


def near_names(name: str, names: Sequence[str]) -> str:
    """Return a sentence, with a space before it, that says which names are like another."""
    alike = [one for one in names if one[:1].casefold() == name[:1].casefold()] or list(names)
    near = difflib.get_close_matches(name, alike[:_COMPARED], n=_NEAR, cutoff=0.5)
    return f" Like it are {', '.join(near)}." if near else ""


def _is_path_of(asked: Sequence[str], path: Sequence[str]) -> bool:
    """Return whether the folders asked for stand in a path, in this order and before its name."""
    folders = iter(path[:-1])
    return asked[-1] == path[-1] and all(folder in folders for folder in asked[:-1])

"""Which whole records lie in the folders of this computer, without opening any."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rhythmtrainer.training.cancel import Cancel

_VERSION: Final = re.compile(r"\d+(\.\d+)+", re.ASCII)
_HEADER: Final = "hea"
# How the databases name their signal files; a header without one is a record begun.
_SIGNALS: Final = ("dat", "mat")
# No database is nested so deeply; links that lead upwards would be.
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class _Listed:
    """What one folder holds, as long as the folder's time of change stays."""

    changed_ns: int
    records: dict[str, int] = field(default_factory=dict)
    folders: tuple[str, ...] = ()


class Stock:
    """Counts records and their bytes by the names in the folders.

    A folder is listed again only where it has changed, so that asking often costs little.

    Parameters
    ----------
    folders
        Where to look; laid out as PhysioNet lays them out or one database alone.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._listed: dict[Path, _Listed] = {}

    def places(self, database: str, version: str) -> tuple[Path, ...]:
        """Return the folders that hold this edition of a database, in the order of looking."""
        found = []
        for folder in self._folders:
            found += [place for place in _candidates(folder, database, version) if place.is_dir()]
        return tuple(dict.fromkeys(found))

    def records(self, database: str, version: str, cancel: Cancel) -> dict[str, int]:
        """Return the bytes of each whole record by its path below the database's folder.

        Raises
        ------
        CancelledError
            If `cancel` was thrown.
        """
        found: dict[str, int] = {}
        for place in reversed(self.places(database, version)):
            found |= self.below(place, cancel)
        return found

    def below(self, place: Path, cancel: Cancel) -> dict[str, int]:
        """Return the bytes of each whole record in one folder by its path below it; see `records`.

        Raises
        ------
        CancelledError
            If `cancel` was thrown.
        """
        return self._below(place, "", cancel)

    def _below(self, root: Path, inside: str, cancel: Cancel) -> dict[str, int]:
        cancel.check()
        listed = self._list(root / inside)
        found = {f"{inside}{name}": size for name, size in listed.records.items()}
        if inside.count("/") < _DEEPEST:
            for folder in listed.folders:
                found |= self._below(root, f"{inside}{folder}/", cancel)
        return found

    def _list(self, folder: Path) -> _Listed:
        try:
            changed_ns = folder.stat().st_mtime_ns
            known = self._listed.get(folder)
            if known is None or known.changed_ns != changed_ns:
                known = _Listed(changed_ns, *_read(folder))
                self._listed[folder] = known
        except OSError:
            # Taken away, or closed to us, while it was looked at: nothing is there for us.
            return _Listed(0)
        return known


def _read(folder: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the bytes of the whole records in a folder by name, and the folders in it."""
    sizes: dict[str, int] = {}
    endings: dict[str, set[str]] = {}
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                folders.append(entry.name)
                continue
            name, _, ending = entry.name.rpartition(".")
            try:
                sizes[name] = sizes.get(name, 0) + entry.stat().st_size
            except OSError:
                # Gone by now, or a link to nothing.
                continue
            endings.setdefault(name, set()).add(ending)
    whole = {
        name: sizes[name]
        for name, given in endings.items()
        if _HEADER in given and not given.isdisjoint(_SIGNALS)
    }
    return whole, tuple(sorted(folders))


def _candidates(folder: Path, database: str, version: str) -> Iterator[Path]:
    yield folder / database / version
    if not _has_versions(folder / database):
        yield folder / database
    if folder.name == database:
        yield folder / version
        if not _has_versions(folder):
            yield folder
    if (folder.parent.name, folder.name) == (database, version):
        yield folder


def _has_versions(folder: Path) -> bool:
    try:
        return any(_VERSION.fullmatch(entry.name) for entry in folder.iterdir())
    except OSError:
        return False

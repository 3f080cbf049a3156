"""A user's own strips: a pack that nobody opened, kept strip by strip."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from rhythmtrainer.model import LabelledStrip, Pack, RecordError, Strip, StripId
from rhythmtrainer.model.pack import OWN_STRIPS
from rhythmtrainer.records.packs.installed import InstalledPacks, strip_of
from rhythmtrainer.records.packs.labels import label_for, relabelled
from rhythmtrainer.records.packs.limits import MOST_STRIPS
from rhythmtrainer.records.packs.manifest import (
    Manifest,
    checked,
    file_names,
    manifest_bytes,
    strip_files,
)
from rhythmtrainer.records.packs.places import installed_file, manifest_file
from rhythmtrainer.records.packs.signals import encode_strip
from rhythmtrainer.records.packs.workbench import Workbench
from rhythmtrainer.records.tables.catalogue import FileFacts

_TITLE: Final = "My own strips"


@dataclass(frozen=True, slots=True)
class _Removed:
    """A strip that was taken away: what was said about it, where it stood, and its files."""

    label: LabelledStrip
    index: int
    files: Mapping[str, FileFacts]
    place: Path


class OwnStrips:
    """The strips of the user's own; see `StripShelf` for what each method does.

    A strip counts once the manifest that names it has replaced the older one; until then its
    files are left over, and so they are once the manifest does not name them any more.

    Parameters
    ----------
    today
        Tells the date on which own strips are first kept.
    """

    def __init__(self, packs: InstalledPacks, bench: Workbench, today: Callable[[], date]) -> None:
        self._packs = packs
        self._bench = bench
        self._today = today
        self._folder = packs.folder / OWN_STRIPS
        self._removed: dict[StripId, _Removed] = {}

    def manifest(self) -> Manifest:
        """Return what is said about all own strips; without any if there are none yet.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        kept = self._packs.manifest(OWN_STRIPS)
        return kept or Manifest(Pack(OWN_STRIPS, _TITLE, "", self._today(), "", ()), {})

    def add(self, strip: Strip, label: LabelledStrip) -> None:
        """Add a strip.

        Raises
        ------
        RecordError
            If the strip cannot be kept, its id is in use, or the disk cannot be written.
        """
        label = label_for(strip, label)
        contents = dict(zip(strip_files(label.id), encode_strip(label.id, strip), strict=True))
        facts = {
            name: FileFacts(len(content), hashlib.sha256(content).hexdigest())
            for name, content in contents.items()
        }
        with self._bench.changing():
            manifest = self._with_strip(label, facts, None)
            written = {name: self._bench.written(content) for name, content in contents.items()}
            self._keep(manifest, written)

    def change(self, label: LabelledStrip) -> None:
        """Put a new label on a strip; its signal stays what it is.

        Raises
        ------
        RecordError
            If there is no such strip, the label has faults, or the disk cannot be written.
        """
        with self._bench.changing():
            own = self.manifest()
            label = _checked(relabelled(known_strip(own.pack, label.id), label), own.files)
            strips = tuple(label if strip.id == label.id else strip for strip in own.pack.strips)
            self._keep(Manifest(replace(own.pack, strips=strips), own.files), {})

    def remove(self, strip: StripId) -> None:
        """Take a strip away; `restore` brings it back until `forget_removed`.

        Raises
        ------
        RecordError
            If there is no such strip, or the disk cannot be written.
        """
        names = strip_files(strip)
        with self._bench.changing():
            own = self.manifest()
            label = known_strip(own.pack, strip)
            removed = _Removed(
                label,
                own.pack.strips.index(label),
                {name: own.files[name] for name in names},
                self._bench.place(),
            )
            removed.place.mkdir()
            strips = tuple(other for other in own.pack.strips if other.id != strip)
            files = {name: facts for name, facts in own.files.items() if name not in names}
            self._keep(Manifest(replace(own.pack, strips=strips), files), {})
            self._removed[strip] = removed
            for name in names:
                file = installed_file(self._folder, name)
                # What is missing already is not missed here.
                with suppress(FileNotFoundError):
                    file.rename(removed.place / file.name)

    def restore(self, strip: StripId) -> None:
        """Bring back a strip that was removed, to where it stood.

        Raises
        ------
        RecordError
            If it was not removed since the program began, or the disk cannot be written.
        """
        removed = self._removed.get(strip)
        if removed is None:
            raise RecordError("The strip cannot be brought back: it was not removed just now.")
        with self._bench.changing():
            manifest = self._with_strip(removed.label, removed.files, removed.index)
            self._keep(manifest, {file.name: file for file in removed.place.iterdir()})
            del self._removed[strip]

    def forget_removed(self) -> None:
        """Give up strips that were removed."""
        self._removed.clear()

    def sweep(self) -> None:
        """Remove files that a killed process had moved into place, or had not moved away.

        Raises
        ------
        RecordError
            If it cannot be read which files belong here; all of them stay.
        OSError
            If the disk cannot be written.
        """
        kept = self._packs.manifest(OWN_STRIPS)
        if kept is None:
            # A manifest that was lost is no reason to lose the signals as well.
            return
        named = {installed_file(self._folder, name) for name in kept.files}
        for file in installed_file(self._folder, "").glob("*"):
            if file not in named:
                file.unlink()

    def _with_strip(
        self, label: LabelledStrip, files: Mapping[str, FileFacts], index: int | None
    ) -> Manifest:
        """Return the own strips with one more, at a place among them or behind the last."""
        own = self.manifest()
        strips = list(own.pack.strips)
        if strip_of(own.pack, label.id):
            raise RecordError("This strip is on the shelf already.")
        if len(strips) >= MOST_STRIPS:
            raise RecordError(f"The strip cannot be kept: the shelf is full with {MOST_STRIPS}.")
        strips.insert(len(strips) if index is None else index, _checked(label, files))
        return Manifest(replace(own.pack, strips=tuple(strips)), {**own.files, **files})

    def _keep(self, manifest: Manifest, new: Mapping[str, Path]) -> None:
        """Put new files in their places, then the manifest that names them in its own."""
        # Written first: from here on nothing more has to find room on the disk.
        said = self._bench.written(manifest_bytes(manifest))
        installed_file(self._folder, "").mkdir(parents=True, exist_ok=True)
        for name, file in new.items():
            file.replace(installed_file(self._folder, name))
        said.replace(manifest_file(self._folder))


def known_strip(pack: Pack, strip: StripId) -> LabelledStrip:
    """Return a strip of a pack by its id.

    Raises
    ------
    RecordError
        If it is not there.
    """
    label = strip_of(pack, strip)
    if label is None:
        raise RecordError("There is no such strip on the shelf.")
    return label


def _checked(label: LabelledStrip, files: Mapping[str, FileFacts]) -> LabelledStrip:
    """Return a label as it will be read again; see `checked`."""
    alone = Pack(OWN_STRIPS, _TITLE, "", date.min, "", (label,))
    manifest = Manifest(alone, {name: files[name] for name in file_names(alone)})
    return checked(manifest, "The strip cannot be kept: its label").pack.strips[0]

"""The shelf: a user's own strips, and the packs of other people."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from rhythmtrainer.model import (
    LabelledStrip,
    Pack,
    PackId,
    RecordError,
    Span,
    Strip,
    StripId,
    UnreachableError,
)
from rhythmtrainer.model.pack import OWN_STRIPS
from rhythmtrainer.records.packs.installed import InstalledPacks, spans_of
from rhythmtrainer.records.packs.manifest import Manifest, file_names
from rhythmtrainer.records.packs.opening import open_pack_file
from rhythmtrainer.records.packs.own import OwnStrips, known_strip
from rhythmtrainer.records.packs.workbench import Workbench, sweep
from rhythmtrainer.records.packs.writing import write_pack_file
from rhythmtrainer.training.cancel import Cancel

_log = logging.getLogger(__name__)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


class Shelf:
    """Strips of the user's own and packs of other people, in one folder; see `StripShelf`.

    Every change is made whole or not at all, and several processes and threads may use one
    folder at once.

    Parameters
    ----------
    folder
        Made when it is first written; what a killed process left in it is removed now.
    today
        Tells the date on which own strips are first kept.
    """

    def __init__(self, folder: Path, today: Callable[[], date] = _today) -> None:
        self._folder = folder
        self._packs = InstalledPacks(folder)
        self._bench = Workbench(folder)
        self._own = OwnStrips(self._packs, self._bench, today)
        if folder.is_dir():
            self._sweep()

    @property
    def installed(self) -> InstalledPacks:
        """The packs as a source of strips reads them."""
        return self._packs

    def own(self) -> Pack:
        """Return the user's own strips; without any if there are none yet."""
        return self._own.manifest().pack

    def packs(self) -> tuple[Pack, ...]:
        """Return the packs that were opened, by their titles; damaged ones are left out."""
        found = [pack for pack in self._read_all()[0] if pack.id != OWN_STRIPS]
        return tuple(sorted(found, key=lambda pack: (pack.title.casefold(), pack.id)))

    def faults(self) -> tuple[str, ...]:
        """Return a sentence about each pack that cannot be read."""
        return self._read_all()[1]

    def spans(self) -> tuple[Span, ...]:
        """Return the strips of all packs as rows of a catalogue."""
        return tuple(span for pack in self._read_all()[0] for span in spans_of(pack))

    def read(self, pack: PackId, strip: StripId) -> Strip:
        """Read the signal of a strip.

        Raises
        ------
        RecordError
            If it is damaged, or there is no such pack or strip.
        """
        try:
            return self._packs.strip(pack, strip)
        except UnreachableError as error:
            raise RecordError(str(error)) from error

    def add(self, strip: Strip, label: LabelledStrip) -> None:
        """Add a strip to the user's own, its signal kept as WFDB.

        What is kept is the signal, and what the instructor wrote: of a file that belongs to no
        published database nothing else is taken, not even its name.

        Raises
        ------
        RecordError
            If the strip cannot be kept, its id is in use, or the disk cannot be written.
        """
        self._own.add(strip, label)

    def change(self, label: LabelledStrip) -> None:
        """Put a new label on a strip of the user's own; its signal stays what it is.

        Raises
        ------
        RecordError
            If there is no such strip, the label has faults, or the disk cannot be written.
        """
        self._own.change(label)

    def remove(self, strip: StripId) -> None:
        """Take a strip of the user's own away; `restore` brings it back until the program ends.

        Raises
        ------
        RecordError
            If there is no such strip, or the disk cannot be written.
        """
        self._own.remove(strip)

    def restore(self, strip: StripId) -> None:
        """Bring back a strip that was removed, to where it stood.

        Raises
        ------
        RecordError
            If it was not removed since the program began, or the disk cannot be written.
        """
        self._own.restore(strip)

    def write_pack(self, pack: Pack, file: Path) -> None:
        """Write strips of the user's own as a file to hand out; an older file is replaced whole.

        Parameters
        ----------
        pack
            What is said about the pack, and which strips are in it, by their ids; their labels
            are those on the shelf.

        Raises
        ------
        RecordError
            If there is no such strip, the pack has faults, or the file cannot be written.
        """
        if pack.id == OWN_STRIPS:
            raise RecordError(f"A pack cannot be handed out under the id {OWN_STRIPS}.")
        own = self._own.manifest()
        pack = replace(pack, strips=tuple(known_strip(own.pack, s.id) for s in pack.strips))
        manifest = Manifest(pack, {name: own.files[name] for name in file_names(pack)})
        write_pack_file(file, manifest, self._folder / OWN_STRIPS)

    def open_pack(self, file: Path, cancel: Cancel) -> Pack:
        """Add the pack in a file, or a newer edition of one, wholly or not at all.

        Raises
        ------
        RecordError
            If the pack is damaged, made by a newer version, or older than the edition that is
            here; or if the disk cannot be written.
        CancelledError
            If `cancel` was thrown.
        """
        # Unpacking may take long: others may change the shelf meanwhile.
        with self._bench.changing():
            new = self._bench.place()
        try:
            pack = open_pack_file(file, new, cancel)
            if pack.id == OWN_STRIPS:
                raise RecordError(f"{file.name} cannot be opened: its id is that of own strips.")
            cancel.check()
            with self._bench.changing():
                self._check_edition(pack, file.name)
                self._install(pack.id, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        return pack

    def remove_pack(self, pack: PackId) -> None:
        """Take a pack of other people away.

        Raises
        ------
        RecordError
            If there is no such pack, or the disk cannot be written.
        """
        if pack == OWN_STRIPS or pack not in self._packs.ids():
            raise RecordError("There is no such pack to take away.")
        with self._bench.changing():
            gone = self._bench.place()
            (self._folder / pack).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def close(self) -> None:
        """Let go of strips that were removed: they cannot be restored any more."""
        self._own.forget_removed()
        self._bench.close()

    def _sweep(self) -> None:
        try:
            with self._bench.changing():
                sweep(self._folder)
                self._own.sweep()
        except RecordError as error:
            _log.info("what is left behind among the packs stays: %s", error)

    def _read_all(self) -> tuple[list[Pack], tuple[str, ...]]:
        found: list[Pack] = []
        faults: list[str] = []
        for pack in self._packs.ids():
            try:
                manifest = self._packs.manifest(pack)
            except RecordError as error:
                faults.append(str(error))
            else:
                found += [manifest.pack] if manifest else []
        return found, tuple(faults)

    def _check_edition(self, pack: Pack, file: str) -> None:
        try:
            kept = self._packs.manifest(pack.id)
        except RecordError:
            # A damaged one is mended by the new one.
            return
        if kept is not None and kept.pack.created > pack.created:
            raise RecordError(
                f"{file} holds the edition of {pack.created} of “{pack.title}”, and that of"
                f" {kept.pack.created} is on this computer: remove that one first to go back."
            )

    def _install(self, pack: PackId, new: Path) -> None:
        place = self._folder / pack
        if not place.exists():
            new.rename(place)
            return
        replaced = self._bench.replaced(pack)
        place.rename(replaced)
        try:
            new.rename(place)
        except OSError:
            replaced.rename(place)
            raise
        # From here on nobody puts the older edition back.
        gone = self._bench.place()
        replaced.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

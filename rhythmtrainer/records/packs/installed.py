"""The packs on this computer, to be read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rhythmtrainer.model import (
    LabelledStrip,
    Pack,
    PackId,
    Provenance,
    RateSource,
    RecordError,
    Span,
    Strip,
    StripId,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.model.pack import OWN_STRIPS
from rhythmtrainer.records.packs.fields import is_id
from rhythmtrainer.records.packs.manifest import (
    Manifest,
    parse_manifest,
    strip_files,
)
from rhythmtrainer.records.packs.places import (
    installed_file,
    is_of_pack,
    manifest_file,
    record_of,
)
from rhythmtrainer.records.signals.wfdb_reader import read_strip
from rhythmtrainer.records.tables.verify import VerifiedFiles
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource

_OWN_RECORDING: Final = "own recording"


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A pack as it was read from a certain file, at its time and size."""

    state: tuple[int, int, int]
    manifest: Manifest
    verified: VerifiedFiles


class InstalledPacks:
    """The packs in a folder; whoever changes them moves whole files into place.

    Parameters
    ----------
    folder
        See `places`; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[PackId, _Known] = {}

    def ids(self) -> list[PackId]:
        """Return the ids of all packs that are here."""
        try:
            names = sorted(place.name for place in self.folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self.folder, error) from error
        return [PackId(name) for name in names if is_id(name)]

    def manifest(self, pack: PackId) -> Manifest | None:
        """Return what a pack says; None where there is no such pack.

        Raises
        ------
        RecordError
            If its manifest cannot be read.
        """
        known = self._read(pack)
        return known.manifest if known else None

    def strip(self, pack: PackId, strip: StripId, part: StripRef | None = None) -> Strip:
        """Read the signal of a strip.

        Parameters
        ----------
        part
            Which leads, and which seconds; None for all of it.

        Raises
        ------
        RecordError
            If it is damaged.
        UnreachableError
            If there is no such pack or strip.
        """
        known = self._read(pack)
        found = strip_of(known.manifest.pack, strip) if known else None
        if known is None or found is None:
            raise UnreachableError("The strip is in none of the packs on this computer.")
        folder = self.folder / pack
        for name in strip_files(strip):
            _verify(known, name, installed_file(folder, name))
        record = installed_file(folder, strip_files(strip)[0])
        provenance = _provenance_of(found, known.manifest.pack)
        if part is None:
            return read_strip(record, 0.0, None, found.leads, provenance)
        return read_strip(record, part.start_s, part.duration_s, part.leads, provenance)

    def _read(self, pack: PackId) -> _Known | None:
        if not is_id(pack):
            return None
        file = manifest_file(self.folder / pack)
        try:
            found = file.stat()
            state = (found.st_ino, found.st_mtime_ns, found.st_size)
            known = self._known.get(pack)
            if known is not None and known.state == state:
                return known
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(file, error) from error
        manifest = parse_manifest(content, f"The pack {pack} on this computer")
        known = _Known(state, manifest, VerifiedFiles(manifest.files))
        self._known[pack] = known
        return known


class PackRecords:
    """Strips of packs for whoever reads recordings.

    Parameters
    ----------
    packs
        Where the strips of packs are.
    others
        What is asked for every other recording, and for no strip of a pack: a pack's names never
        leave this computer.
    """

    def __init__(self, packs: InstalledPacks, others: StripSource | None = None) -> None:
        self._packs = packs
        self._others = others

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Read a strip; see `StripSource.read`.

        Raises
        ------
        RecordError
            If the strip is damaged, or the other recordings say so.
        UnreachableError
            If the strip's pack is not on this computer, or the other recordings say so.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        if is_of_pack(ref.record):
            part = StripRef(ref.record, ref.leads, start_s, seconds)
            return self._packs.strip(PackId(ref.record.database), StripId(ref.record.record), part)
        if self._others is None:
            raise UnreachableError(f"{ref.record.path} is in no pack.")
        return self._others.read(ref, start_s, seconds, cancel)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return the stretches inside `ref` that can be read without a network."""
        if not is_of_pack(ref.record):
            return self._others.at_hand(ref) if self._others else ()
        try:
            manifest = self._packs.manifest(PackId(ref.record.database))
        except RecordError:
            return ()
        strip = StripId(ref.record.record)
        return (ref,) if manifest and strip_of(manifest.pack, strip) else ()


def strip_of(pack: Pack, strip: StripId) -> LabelledStrip | None:
    """Return a strip of a pack by its id, if it is there."""
    return next((label for label in pack.strips if label.id == strip), None)


def spans_of(pack: Pack) -> tuple[Span, ...]:
    """Return the strips of a pack as rows of a catalogue, each as long as it is.

    They are all in the practice half: who was recorded is not known.
    """
    if pack.id == OWN_STRIPS:
        label = "labelled by the instructor"
    else:
        label = f"labelled by {pack.author or 'the author of the pack'}"
    return tuple(
        Span(
            ref=StripRef(record_of(pack.id, strip.id), strip.leads, 0.0, strip.duration_s),
            rhythm=strip.answer,
            accepted=strip.accepted,
            label=label,
            rate_bpm=None,
            rate_source=RateSource.NONE,
            patient=f"{pack.id}-{strip.id}",
            teaching=strip.teaching,
        )
        for strip in pack.strips
    )


def _provenance_of(strip: LabelledStrip, pack: Pack) -> Provenance:
    """Return what a strip says about itself; its title would tell the answer."""
    by_author = f"recording from a pack by {pack.author}" if pack.author else _OWN_RECORDING
    return Provenance(
        origin=strip.origin,
        source=strip.source or by_author,
        database=strip.database,
        own_licence=strip.licence,
    )


def _verify(known: _Known, name: str, file: Path) -> None:
    try:
        known.verified.check(name, file)
    except RecordError as error:
        pack = known.manifest.pack.title
        raise RecordError(f"{file.name} of “{pack}” is missing or damaged.") from error


def _unreadable(file: Path, error: OSError) -> RecordError:
    return RecordError(f"{file} cannot be read: {error.strerror or error}.")

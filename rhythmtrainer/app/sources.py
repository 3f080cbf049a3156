"""Where recordings are read from, as the command line and the settings say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rhythmtrainer import paths
from rhythmtrainer.app.options import Options
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.model import Pack, PackId, Span, Strip, StripRef, UserError
from rhythmtrainer.paths import UserFolders
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import StripSource, Tell
from rhythmtrainer.training.selection import span_of

if TYPE_CHECKING:
    from rhythmtrainer.records.databases.indexing import Indexed
    from rhythmtrainer.records.databases.library import DatabaseLibrary
    from rhythmtrainer.records.index.rules import Rules
    from rhythmtrainer.records.packs.shelf import Shelf
    from rhythmtrainer.records.sources.cache import ExcerptCache
    from rhythmtrainer.records.sources.physionet import PhysioNet
    from rhythmtrainer.records.tables.own_catalogue import Catalogue
    from rhythmtrainer.simulate.source import SimulatedSource


_RHYTHM_LEAD: Final = "ii"


class Sources:
    """Opens this computer's folders, the cache and the network, and closes what must be closed."""

    def __init__(
        self,
        folders: UserFolders,
        options: Options,
        settings: Settings,
        environ: Mapping[str, str],
    ) -> None:
        self._folders = folders
        self._options = options
        self._settings = settings
        self._environ = environ
        self._archive: PhysioNet | None = None

    @cached_property
    def cache(self) -> "ExcerptCache":
        """Excerpts that were read over the network."""
        from rhythmtrainer.records.sources.cache import ExcerptCache

        return ExcerptCache(self._folders.cache)

    @property
    def cache_limit(self) -> int:
        """Bytes that the cache keeps at most."""
        from rhythmtrainer.records.sources.cache import DEFAULT_LIMIT_BYTES

        return DEFAULT_LIMIT_BYTES

    @cached_property
    def shelf(self) -> "Shelf":
        """The user's own strips, and packs."""
        from rhythmtrainer.records.packs.shelf import Shelf

        return Shelf(self._folders.packs)

    def spans_of(self, pack: Pack) -> tuple[Span, ...]:
        """Return the strips of a pack, in the order of its quiz where it has one."""
        from rhythmtrainer.records.packs.installed import spans_of

        spans = {span.ref.record.record: _rhythm_lead_first(span) for span in spans_of(pack)}
        quiz = pack.quiz.strips if pack.quiz else ()
        order = quiz or [strip.id for strip in pack.strips]
        return tuple(spans[strip] for strip in order)

    @cached_property
    def simulated(self) -> "SimulatedSource":
        """What makes strips that nobody had."""
        from rhythmtrainer.simulate.source import SimulatedSource

        return SimulatedSource()

    def span_beyond(self, window: StripRef) -> Span | None:
        """Return the strip of a pack, or the simulated one, that a window lies in, if there is."""
        return self._span_in_pack(window) or self.simulated.span_of(window)

    def _span_in_pack(self, window: StripRef) -> Span | None:
        from rhythmtrainer.records.packs.installed import spans_of

        try:
            manifest = self.shelf.installed.manifest(PackId(window.record.database))
        except UserError:
            return None
        if manifest is None:
            return None
        return span_of([_rhythm_lead_first(span) for span in spans_of(manifest.pack)], window)

    @property
    def address(self) -> str:
        """The archive's address."""
        return self._options.archive or self._settings.archive or DEFAULT_ARCHIVE

    def catalogue(self) -> "Catalogue":
        """Read the catalogue that comes with the program, and the user's own."""
        from rhythmtrainer.records.tables.own_catalogue import load_catalogue

        return load_catalogue(paths.dataset(), self._folders.catalogue)

    def library(self, catalogue: "Catalogue", *, offline: bool) -> "DatabaseLibrary":
        """Return what fetches databases, compares them and adds them to the catalogue."""
        from rhythmtrainer.records.databases.holdings import Places
        from rhythmtrainer.records.databases.library import DatabaseLibrary

        folders, _ = self._local_folders()
        places = Places(
            recordings=self._folders.recordings,
            folders=folders,
            shipped=paths.dataset(),
            own=self._folders.catalogue,
        )
        address = None if offline else self.address
        return DatabaseLibrary(
            places, catalogue, address, indexer=_index_database, cached=self.cache.size_of
        )

    def open(self, catalogue: "Catalogue", *, offline: bool) -> tuple[StripSource, str]:
        """Return packs, simulation, folders, the cache and the network as one source.

        With them comes a sentence about a setting that cannot be used; the rest still serves.
        """
        from rhythmtrainer.records.packs.installed import PackRecords
        from rhythmtrainer.records.sources.cache import CachedRecords
        from rhythmtrainer.records.sources.in_turn import RecordLibrary
        from rhythmtrainer.records.sources.local import LocalRecords
        from rhythmtrainer.records.sources.physionet import PhysioNet

        databases, files = catalogue.databases, catalogue.files
        folders, fault = self._local_folders()
        sources: list[StripSource] = [
            LocalRecords((*folders, self._folders.recordings), databases, files),
            CachedRecords(self.cache, databases),
        ]
        self._close_archive()
        if not offline:
            try:
                self._archive = PhysioNet(self.address, self.cache, databases, files)
            except UserError as error:
                fault = str(error)
            else:
                sources.append(self._archive)
        recordings = _WithSimulated(self.simulated, RecordLibrary(sources))
        return PackRecords(self.shelf.installed, recordings), fault

    def close(self) -> None:
        """Close the connections to the archive, and let go of strips that were removed."""
        self._close_archive()
        # Made when it is first asked for.
        if "shelf" in self.__dict__:
            self.shelf.close()

    def _close_archive(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _local_folders(self) -> tuple[tuple[Path, ...], str]:
        from rhythmtrainer.records.sources.local import local_folders

        setting = self._settings.records_dir
        try:
            return local_folders(self._options.records, setting, self._environ), ""
        except UserError as error:
            # The folder was there at the start: a drive has been pulled out.
            return local_folders(None, setting, self._environ), str(error)


class _WithSimulated:
    """Simulated strips beside recordings; their names never leave this computer."""

    def __init__(self, simulated: "SimulatedSource", recordings: StripSource) -> None:
        self._simulated = simulated
        self._recordings = recordings

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        return self._source_of(ref).read(ref, start_s, seconds, cancel)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        return self._source_of(ref).at_hand(ref)

    def _source_of(self, ref: StripRef) -> StripSource:
        return self._simulated if self._simulated.makes(ref.record) else self._recordings


def _rhythm_lead_first(span: Span) -> Span:
    """Let the lead be measured and drawn on its own that is read for the rhythm."""
    leads = sorted(span.ref.leads, key=lambda lead: lead.casefold() != _RHYTHM_LEAD)
    return replace(span, ref=replace(span.ref, leads=tuple(leads)))


def _index_database(
    rules: "Rules", records: Path, known: Sequence[Span], tell: Tell, cancel: Cancel
) -> "Indexed":
    # What finds the spans needs libraries that nothing else here does.
    from rhythmtrainer.records.databases.indexing import index_database

    return index_database(rules, records, known, tell, cancel)

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from rhythmtrainer.model import (
    CancelledError,
    LeadName,
    Progress,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.databases import copying as database_copy
from rhythmtrainer.records.databases.holdings import Places
from rhythmtrainer.records.databases.indexing import Indexed
from rhythmtrainer.records.databases.library import DatabaseLibrary
from rhythmtrainer.records.index.rules import Rules
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.training.cancel import Cancel
from tests.support.archive import SIGNAL_BYTES, files_below, known, publish, write_checksums
from tests.support.physionet_server import Fault, PhysioNetServer

if TYPE_CHECKING:
    from rhythmtrainer.training.ports import Library

RECORD_100 = {"100.hea", "100.dat", "100.atr"}
PAPERS = {"ANNOTATORS", "LICENSE.txt", "RECORDS", "SHA256SUMS.txt"}


def no_index(*_: Any) -> Indexed:
    pytest.fail("nothing is to be indexed")


@dataclass
class Site:
    """An archive, and a library that fetches from it."""

    published: Path
    server: PhysioNetServer
    places: Places
    catalogue: Any = field(default_factory=lambda: known("mitdb", "challenge-2021", "ptb-xl"))
    offline: bool = False
    progress: list[Progress] = field(default_factory=list)

    def library(self, **others: Any) -> DatabaseLibrary:
        address = None if self.offline else self.server.url
        others = {"indexer": no_index, "cached": lambda _: 0, **others}
        return DatabaseLibrary(self.places, self.catalogue, address, **others)

    def fetch(self, database: str = "mitdb", *records: str, cancel: Cancel | None = None) -> str:
        return self.library().fetch(database, records, self.progress.append, cancel or Cancel())

    def verify(self, database: str = "mitdb") -> str:
        return self.library().verify(database, self.progress.append, Cancel())

    @property
    def here(self) -> dict[str, bytes]:
        return files_below(self.places.recordings)

    def below(self, database: str = "mitdb") -> set[str]:
        folder = self.places.recordings / database / "1.0.0"
        return set(files_below(folder)) if folder.is_dir() else set()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    published = tmp_path / "published"
    publish(published)
    places = Places(tmp_path / "here", (), dataset(), tmp_path / "own")
    with PhysioNetServer(published) as server:
        yield Site(published, server, places)


def test_a_library_is_what_the_page_asks_for(site: Site) -> None:
    library: Library = site.library()
    assert len(library.coverage()) == len(RhythmId)


def test_a_whole_database_is_laid_out_as_it_was_published(site: Site) -> None:
    said = site.fetch()
    assert said.startswith("mitdb: 2 records with 10 files are on this computer")
    assert "0.4 MB were fetched" in said
    published = files_below(site.published)
    assert site.here == {path: published[path] for path in site.here}
    assert site.below() == {*RECORD_100, "101.hea", "101.dat", "101.atr", *PAPERS}


def test_named_records_come_with_what_belongs_to_them_and_nothing_else(site: Site) -> None:
    site.fetch("mitdb", "100")
    assert site.below() == RECORD_100 | PAPERS


def test_what_is_here_is_not_fetched_again(site: Site) -> None:
    site.fetch("mitdb", "100")
    site.server.forget()
    assert "none was fetched now" in site.fetch("mitdb", "100")
    assert site.server.requests == []
    site.fetch()
    assert {Path(request.path).stem for request in site.server.requests} == {"101"}


def test_progress_runs_from_nothing_to_the_end(site: Site) -> None:
    site.fetch()
    shares = [one.share for one in site.progress if one.share is not None]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.8 < shares[-1] <= 1
    assert site.progress[-1].said == "mitdb 101: record 2 of 2, 0.4 MB"


def test_a_list_that_names_folders_leads_to_the_records_in_them(site: Site) -> None:
    records = ("training/georgia/g1/E00001", "training/georgia/g2/E00271")
    folders = ("training/georgia/g1/", "training/georgia/g2/")
    publish(site.published, "challenge-2021", records=records, listed=folders)
    site.fetch("challenge-2021", "E00271")
    assert "training/georgia/g2/E00271.dat" in site.below("challenge-2021")
    assert "training/georgia/g1/E00001.dat" not in site.below("challenge-2021")
    site.fetch("challenge-2021")
    assert "training/georgia/g1/E00001.dat" in site.below("challenge-2021")


def test_nothing_is_asked_for_that_is_not_published(site: Site) -> None:
    site.catalogue = known("mitdb", tables=("labels.csv",))
    folder = site.published / "mitdb" / "1.0.0"
    (folder / "ANNOTATORS").unlink()
    (folder / "100.dat").unlink()
    write_checksums(folder)
    site.fetch()
    asked = [request.path.removeprefix("mitdb/1.0.0/") for request in site.server.requests]
    assert {path for path in asked if not (folder / path).is_file()} == set()
    assert len(asked) == len(set(asked))


def test_folders_are_asked_for_their_own_lists_where_there_are_no_checksums(site: Site) -> None:
    records = ("a/b/1", "a/2")
    folder = publish(site.published, "ptb-xl", records=records, listed=("a/",))
    (folder / "a" / "RECORDS").write_text("b/\n2\n")
    (folder / "a" / "b" / "RECORDS").write_text("1\n")
    (folder / "SHA256SUMS.txt").unlink()
    said = site.fetch("ptb-xl")
    assert {"a/b/1.dat", "a/b/1.atr", "a/2.dat", "a/2.hea"} <= site.below("ptb-xl")
    assert "Nothing is published that" in said


def test_folders_without_end_are_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_copy, "_MOST_FOLDERS", 5)
    folder = publish(site.published, "ptb-xl", records=(), listed=("a/",))
    (folder / "SHA256SUMS.txt").unlink()
    site.server.misbehave(Fault(content=b"a/\n"), "*/RECORDS")
    with pytest.raises(RecordError, match="has no end"):
        site.fetch("ptb-xl")


def test_tables_that_the_labels_need_come_as_well(site: Site) -> None:
    site.catalogue = known("ptb-xl", tables=("labels.csv", "not_published.csv"))
    folder = publish(site.published, "ptb-xl", records=("1",))
    (folder / "labels.csv").write_text("a,b\n")
    (folder / "other.csv").write_text("a,b\n")
    write_checksums(folder)
    site.fetch("ptb-xl", "1")
    assert "labels.csv" in site.below("ptb-xl")
    assert "other.csv" not in site.below("ptb-xl")


def test_a_mirror_without_lists_gives_a_record_by_its_path(site: Site) -> None:
    folder = publish(site.published, "ptb-xl", records=("a/1",))
    for name in ("RECORDS", "SHA256SUMS.txt", "ANNOTATORS"):
        (folder / name).unlink()
    said = site.fetch("ptb-xl", "a/1")
    assert site.below("ptb-xl") == {"a/1.hea", "a/1.dat", "a/1.atr"}
    assert "has no list of records" in said
    with pytest.raises(RecordError, match="does not say which records"):
        site.fetch("ptb-xl")
    with pytest.raises(RecordError, match=r"has no file ptb-xl/1\.0\.0/a/2\.hea"):
        site.fetch("ptb-xl", "a/2")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("mitdb", "1000"), r"no record “1000”\. Like it are 100"),
        (("mitbd",), r"no database “mitbd”\. Like it are mitdb"),
        (("challenge-2021",), "does not say which records"),
    ],
)
def test_what_there_is_not_is_refused(site: Site, asked: tuple[str, ...], told: str) -> None:
    with pytest.raises(RecordError, match=told):
        site.fetch(*asked)


def test_offline_nothing_is_fetched(site: Site) -> None:
    site.offline = True
    with pytest.raises(UnreachableError, match="network is to be left alone"):
        site.fetch()
    assert site.here == {}


def test_a_record_that_is_not_the_published_one_is_told_and_the_others_come(site: Site) -> None:
    site.server.misbehave(Fault(garbled=True), "*/100.dat")
    with pytest.raises(RecordError, match=r"1 record could not be fetched: .*100\.dat") as fault:
        site.fetch()
    assert "1 record with" in str(fault.value)
    assert "100.dat" not in site.below()
    assert "101.dat" in site.below()


def test_an_archive_of_nonsense_is_given_up(site: Site) -> None:
    publish(site.published, records=tuple(map(str, range(100, 200))))
    site.server.misbehave(Fault(garbled=True), "*.hea")
    with pytest.raises(RecordError, match="20 records could not be fetched"):
        site.fetch()


def test_a_paper_that_is_not_the_published_one_spoils_nothing(site: Site) -> None:
    site.server.misbehave(Fault(garbled=True), "*/ANNOTATORS")
    assert "ANNOTATORS at 127.0.0.1 is not the published file" in site.fetch("mitdb", "100")
    assert site.below() >= RECORD_100


def test_a_record_whose_checksums_contradict_the_catalogue_is_refused(site: Site) -> None:
    facts = {"mitdb/1.0.0/100.dat": FileFacts(SIGNAL_BYTES, "0" * 64)}
    site.catalogue = replace(site.catalogue, files=facts)
    with pytest.raises(RecordError, match=r"another checksum of mitdb/1\.0\.0/100\.dat"):
        site.fetch()
    assert "100.dat" not in site.below()
    assert "101.dat" in site.below()


def test_the_catalogues_facts_hold_where_the_archive_has_no_checksums(site: Site) -> None:
    folder = site.published / "mitdb" / "1.0.0"
    (folder / "SHA256SUMS.txt").unlink()
    content = (folder / "100.dat").read_bytes()
    facts = FileFacts(len(content), hashlib.sha256(content).hexdigest())
    site.catalogue = replace(site.catalogue, files={"mitdb/1.0.0/100.dat": facts})
    site.server.misbehave(Fault(content=content + b"more"), "*/100.dat")
    with pytest.raises(RecordError, match=f"longer than {len(content)} bytes"):
        site.fetch("mitdb", "100")
    site.server.behave()
    site.fetch("mitdb", "100")


def test_a_record_that_was_published_without_its_signals_is_whole_without(site: Site) -> None:
    folder = site.published / "mitdb" / "1.0.0"
    (folder / "100.dat").unlink()
    write_checksums(folder)
    assert "2 records" in site.fetch()
    assert "100.hea" in site.below()


def test_a_header_that_is_not_understood_is_fetched_with_all_of_its_name(site: Site) -> None:
    folder = site.published / "mitdb" / "1.0.0"
    (folder / "100.hea").write_text("100/2 2 250 100\n100_1 50\n100_2 50\n")
    write_checksums(folder)
    site.fetch("mitdb", "100")
    assert site.below() >= {"100.hea", "100.dat", "100.atr"}


def test_the_network_may_fail_and_the_next_fetch_goes_on(site: Site) -> None:
    site.server.misbehave(Fault(ends_after=100_000), "*/101.dat", times=1)
    site.server.misbehave(Fault(status=503), "*/101.dat")
    with pytest.raises(UnreachableError, match="the next try goes on from there"):
        site.fetch()
    assert "101.dat.part" in site.below()
    site.server.behave()
    assert "0.1 MB were fetched now" in site.fetch()
    assert site.below() == {*RECORD_100, "101.hea", "101.dat", "101.atr", *PAPERS}


def test_calling_off_leaves_whole_files_and_one_part(site: Site) -> None:
    cancel = Cancel()

    def stop(progress: Progress) -> None:
        if progress.said.startswith("mitdb 101") and progress.said.endswith("0.3 MB"):
            cancel.throw()

    with pytest.raises(CancelledError):
        site.library().fetch("mitdb", (), stop, cancel)
    assert site.below() == {*RECORD_100, "101.hea", "101.dat.part", *PAPERS}
    assert not list(site.places.recordings.glob(".*"))
    site.fetch()
    assert not [path for path in site.below() if path.endswith(".part")]


def test_two_that_fetch_the_same_do_not_get_in_each_others_way(site: Site) -> None:
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            site.fetch()
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(request.path.endswith("100.dat") for request in site.server.requests) == 1
    assert site.below() == {*RECORD_100, "101.hea", "101.dat", "101.atr", *PAPERS}


def test_who_waits_for_another_program_says_so_and_can_be_called_off(site: Site) -> None:
    cancel = Cancel()
    site.places.recordings.mkdir()
    with FileLock(site.places.recordings / ".mitdb-1.0.0.lock"), pytest.raises(CancelledError):
        site.library().fetch("mitdb", (), lambda _: cancel.throw(), cancel)
    assert site.server.requests == []


def test_what_was_fetched_is_counted(site: Site) -> None:
    site.fetch("mitdb", "100")
    holding = site.library(cached=len).holdings(Cancel())[0]
    assert (holding.database.id, holding.records, holding.published) == ("mitdb", 1, 2)
    assert holding.size > SIGNAL_BYTES
    assert holding.cached == len("mitdb")
    assert holding.can_index
    assert (holding.spans, holding.rhythms, holding.own) == (0, 0, False)


def test_what_is_as_published_is_confirmed_without_the_network(site: Site) -> None:
    site.fetch("mitdb", "100")
    site.offline = True
    assert site.verify() == "mitdb: 6 files as published."


def test_damaged_and_missing_files_are_named(site: Site) -> None:
    site.fetch()
    folder = site.places.recordings / "mitdb" / "1.0.0"
    (folder / "100.dat").write_bytes(b"?" * SIGNAL_BYTES)
    (folder / "101.atr").unlink()
    (folder / "101.dat").unlink()
    told = r"1 file is damaged: 100\.dat; 2 files are missing: 101\.atr, 101\.dat\. “.*fetch mitdb”"
    with pytest.raises(RecordError, match=told):
        site.verify()
    site.fetch()
    assert "as published" in site.verify()


def test_a_missing_header_is_told(site: Site) -> None:
    site.fetch("mitdb", "100")
    (site.places.recordings / "mitdb" / "1.0.0" / "100.hea").unlink()
    with pytest.raises(RecordError, match=r"1 file is missing: 100\.hea"):
        site.verify()


def test_a_copy_without_checksums_is_compared_with_the_archives(site: Site) -> None:
    site.fetch("mitdb", "100")
    (site.places.recordings / "mitdb" / "1.0.0" / "SHA256SUMS.txt").unlink()
    assert "as published" in site.verify()
    site.offline = True
    with pytest.raises(UnreachableError, match="Nothing on this computer says"):
        site.verify()


def test_many_faults_are_told_shortly(site: Site) -> None:
    publish(site.published, records=tuple(map(str, range(100, 150))))
    site.fetch()
    for file in (site.places.recordings / "mitdb" / "1.0.0").glob("*.atr"):
        file.unlink()
    with pytest.raises(RecordError, match="and 40 more") as fault:
        site.verify()
    assert len(str(fault.value)) < 500


def test_where_there_are_no_records_it_says_how_to_get_them(site: Site) -> None:
    for work in (site.library().verify, site.library().index):
        with pytest.raises(RecordError, match=r"No records of mitdb.*records fetch mitdb"):
            work("mitdb", site.progress.append, Cancel())


def found_span(record: str, database: str = "mitdb") -> Span:
    ref = StripRef(RecordRef(database, "1.0.0", record), (LeadName("II"),), 0.0, 30.0)
    none = frozenset[RhythmId]()
    return Span(ref, RhythmId.PAC, none, "A at 1 s", None, RateSource.NONE, "new")


def test_a_database_is_added_to_the_users_own_catalogue(site: Site) -> None:
    site.fetch()
    spans = (found_span("99"), found_span("1", "ptb-xl"))
    site.catalogue = replace(site.catalogue, spans=spans)
    asked: list[Path] = []

    def indexer(rules: Rules, records: Path, known: Any, tell: Any, cancel: Cancel) -> Indexed:
        asked.append(records)
        assert known == spans
        assert rules.database == "mitdb"
        tell(Progress("mitdb 100", 0.5))
        cancel.check()
        files = {"mitdb/1.0.0/100.dat": FileFacts(3, "0" * 64)}
        return Indexed((found_span("100"),), files, ("101: damaged.",))

    library = site.library(indexer=indexer)
    said = library.index("mitdb", site.progress.append, Cancel())
    assert said == (
        "mitdb: 1 stretch with 1 rhythm of 1 patient are in your catalogue. 1 record gave none;"
        " the first is 101: damaged."
    )
    assert asked == [site.places.recordings]
    assert found_span("100") in library.catalogue.spans
    assert library.catalogue.own == {"mitdb"}


def test_most_records_of_several_folders_are_the_ones_that_are_added(
    site: Site, tmp_path: Path
) -> None:
    publish(tmp_path / "other", records=("100", "101", "102"))
    site.places = replace(site.places, folders=(tmp_path / "other",))
    site.fetch("mitdb", "100")
    asked: list[Path] = []

    def indexer(_: Rules, records: Path, *__: Any) -> Indexed:
        asked.append(records)
        return Indexed((), {})

    with pytest.raises(RecordError, match="No stretch"):
        site.library(indexer=indexer).index("mitdb", site.progress.append, Cancel())
    assert asked == [tmp_path / "other"]
    assert not site.places.own.exists()


def test_a_database_whose_labels_nobody_understands_is_not_added(site: Site) -> None:
    site.catalogue = known("nstdb", "mitdb")
    with pytest.raises(RecordError, match=r"labels are not understood\. Understood are .*mitdb"):
        site.library().index("nstdb", site.progress.append, Cancel())

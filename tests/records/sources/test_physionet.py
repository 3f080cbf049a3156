import dataclasses
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import wfdb

from rhythmtrainer.model import (
    STANDARD_LEADS,
    CancelledError,
    Database,
    LeadName,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
    UserError,
)
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records.archive import fetch
from rhythmtrainer.records.sources import physionet as archive_module
from rhythmtrainer.records.sources.cache import CachedRecords, ExcerptCache
from rhythmtrainer.records.sources.in_turn import RecordLibrary
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.sources.physionet import PhysioNet
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.preparation import read_window
from tests.records.conftest import MITDB_100
from tests.records.making import FRAMES, make_record
from tests.support.physionet_server import Fault, PhysioNetServer, Request

MADE = StripRef(RecordRef("db", "1.0", "data/made"), (LeadName("II"),), 0.0, 1.0)
DAT = "mitdb/1.0.0/100.dat"
HEA = "mitdb/1.0.0/100.hea"
# Ten seconds of two leads in format 212.
TEN_SECONDS = 3600 * 3
PAGE = b"<!DOCTYPE html><title>Log in</title>"

Connect = Callable[..., PhysioNet]


@pytest.fixture
def cache(tmp_path: Path) -> ExcerptCache:
    return ExcerptCache(tmp_path / "cache")


@pytest.fixture
def connect(cache: ExcerptCache) -> Iterator[Connect]:
    """Make archives that are closed after the test."""
    opened: list[PhysioNet] = []

    def make(
        server: PhysioNetServer,
        files: dict[str, FileFacts] | None = None,
        keep_in: ExcerptCache | None = None,
    ) -> PhysioNet:
        opened.append(PhysioNet(server.url, keep_in or cache, {}, files or {}))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Path, PhysioNetServer]]:
    """An archive with nothing in it but what a test puts there."""
    root = tmp_path / "archive"
    root.mkdir()
    with PhysioNetServer(root) as server:
        yield root / "db/1.0/data", server


def read(archive: PhysioNet, ref: StripRef = MITDB_100) -> Strip:
    return archive.read(ref, ref.start_s, ref.duration_s, Cancel())


def published(records_dir: Path) -> dict[str, FileFacts]:
    contents = {name: (records_dir / name).read_bytes() for name in (HEA, DAT)}
    return {
        name: FileFacts(len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    }


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("record", "lead"),
    [
        (RecordRef("mitdb", "1.0.0", "100"), "V5"),
        (RecordRef("vfdb", "1.0.0", "418"), "ECG"),
        (RecordRef("ludb", "1.0.1", "data/1"), "V6"),
        (RecordRef("ptb-xl", "1.0.3", "records500/00000/00005_hr"), "aVF"),
        (RecordRef("challenge-2021", "1.0.3", "training/georgia/E07500"), "V3"),
        (RecordRef("cpsc2021", "1.0.0", "Training_set_I/data_21_7"), "II"),
    ],
)
def test_an_excerpt_is_sample_by_sample_what_the_record_holds(
    records_dir: Path,
    physionet: PhysioNetServer,
    connect: Connect,
    record: RecordRef,
    lead: str,
) -> None:
    ref = StripRef(record, (LeadName(lead),), 1.37, 5.01)
    strip = read(connect(physionet), ref)
    whole = wfdb.rdrecord(str(records_dir / ref.record.path))
    column = [name.casefold() for name in whole.sig_name].index(lead.casefold())
    first = round(strip.start_s * strip.fs)
    expected = whole.p_signal[first : first + strip.signal.shape[1], column]
    assert strip.signal.shape[1] == round(5.01 * whole.fs)
    assert np.array_equal(strip.signal[0], expected.astype(np.float32), equal_nan=True)


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("record", "names"),
    [
        (RecordRef("mitdb", "1.0.0", "100"), ("MLII", "V5")),
        (RecordRef("mitdb", "1.0.0", "100"), ("V5", "MLII")),
        (RecordRef("ludb", "1.0.1", "data/1"), STANDARD_LEADS),
        (RecordRef("challenge-2021", "1.0.3", "training/georgia/E00271"), STANDARD_LEADS[::-1]),
        (RecordRef("challenge-2021", "1.0.3", "training/ptb-xl/HR00005"), STANDARD_LEADS),
    ],
)
def test_all_leads_of_a_strip_take_one_request(
    *,
    records_dir: Path,
    physionet: PhysioNetServer,
    connect: Connect,
    cache: ExcerptCache,
    record: RecordRef,
    names: tuple[str, ...],
) -> None:
    ref = StripRef(record, tuple(map(LeadName, names)), 1.37, 5.01)
    strip = read(connect(physionet), ref)
    assert strip.leads == names
    assert len([request for request in physionet.requests if request.range]) == 1
    assert len(physionet.requests) == 2
    for source in (LocalRecords([records_dir], {}, {}), CachedRecords(cache, {})):
        expected = source.read(ref, 1.37, 5.01, Cancel())
        assert expected.leads == names
        assert np.array_equal(strip.signal, expected.signal, equal_nan=True)


def test_leads_that_make_no_strip_together_cost_the_header_only(
    made: tuple[Path, PhysioNetServer], connect: Connect
) -> None:
    folder, server = made
    make_record(
        folder, [f"made.dat 16{x} 200 16 0 0 0 0 {n}" for x, n in (("", "II"), ("x2", "I"))]
    )
    archive = connect(server)
    for names, fault in (
        (("I", "II"), "500 samples per second of lead I and 250"),
        (("II", "II"), "asked for twice"),
    ):
        with pytest.raises(RecordError, match=fault):
            read(archive, dataclasses.replace(MADE, leads=tuple(map(LeadName, names))))
    assert [request.method for request in server.requests] == ["GET"]


@pytest.mark.parametrize("format_", ["16", "24", "32", "61", "80", "160", "212", "310", "311"])
@pytest.mark.parametrize("signals", [1, 2, 3])
def test_every_format_is_cut_at_any_sample(
    made: tuple[Path, PhysioNetServer], connect: Connect, format_: str, signals: int
) -> None:
    folder, server = made
    line = f"made.dat {format_}+24 200(3)/mV 12 0 0 0 0"
    path = make_record(folder, [f"{line} {name}" for name in ("I", "III", "II")[-signals:]])
    whole = wfdb.rdrecord(str(path), channels=[signals - 1])
    archive = connect(server)
    for first, end in ((0, 7), (1, 8), (2, 3), (101, 203), (FRAMES - 5, FRAMES)):
        strip = archive.read(MADE, first / 250, (end - first) / 250, Cancel())
        expected = whole.p_signal[first:end, 0].astype(np.float32)
        assert np.array_equal(strip.signal[0], expected, equal_nan=True)
        assert strip.at_end == (end == FRAMES)


def test_signals_in_several_files_take_one_request_each(
    made: tuple[Path, PhysioNetServer], connect: Connect
) -> None:
    folder, server = made
    lines = ["a.dat 212 200 12 0 0 0 0 I", "b.dat 16:3 200 12 0 0 0 0 II"]
    local = LocalRecords([make_record(folder, lines).parents[3]], {}, {})
    archive = connect(server)
    for start_s in (0.404, 1.2):
        strip = archive.read(MADE, start_s, 0.4, Cancel())
        expected = local.read(MADE, start_s, 0.4, Cancel())
        assert np.array_equal(strip.signal, expected.signal, equal_nan=True)
    assert [request.path.rpartition("/")[2] for request in server.requests] == [
        "made.hea",
        *("a.dat", "b.dat") * 2,
    ]


@pytest.mark.recordings
def test_a_strip_takes_two_requests_and_the_next_of_its_record_one(
    physionet: PhysioNetServer, connect: Connect, records_dir: Path
) -> None:
    header = (records_dir / HEA).stat().st_size
    read(connect(physionet))
    assert physionet.requests == [
        Request("GET", HEA, None),
        Request("GET", DAT, f"bytes={6 * TEN_SECONDS}-{7 * TEN_SECONDS - 1}"),
    ]
    assert physionet.body_bytes == header + TEN_SECONDS
    physionet.forget()
    # A new archive knows the header from the cache.
    connect(physionet).read(MITDB_100, 70.0, 10.0, Cancel())
    assert len(physionet.requests) == 1
    assert physionet.body_bytes == TEN_SECONDS


@pytest.mark.recordings
def test_what_is_in_the_cache_takes_no_request(
    physionet: PhysioNetServer, connect: Connect, cache: ExcerptCache
) -> None:
    library = RecordLibrary([CachedRecords(cache, {}), connect(physionet)])
    first = library.read(MITDB_100, 60.0, 10.0, Cancel())
    physionet.forget()
    again = library.read(MITDB_100, 60.0, 10.0, Cancel())
    part = library.read(MITDB_100, 62.0, 3.0, Cancel())
    assert physionet.requests == []
    assert np.array_equal(again.signal, first.signal)
    assert np.array_equal(part.signal, first.signal[:, 720:1800])
    assert library.at_hand(MITDB_100) == (MITDB_100,)


@pytest.mark.recordings
def test_a_damaged_excerpt_is_read_again(
    physionet: PhysioNetServer, connect: Connect, cache: ExcerptCache, tmp_path: Path
) -> None:
    library = RecordLibrary([CachedRecords(cache, {}), connect(physionet)])
    first = library.read(MITDB_100, 60.0, 10.0, Cancel())
    (dat,) = (tmp_path / "cache").rglob("*.dat")
    dat.write_bytes(bytes(dat.stat().st_size))
    physionet.forget()
    assert np.array_equal(library.read(MITDB_100, 60.0, 10.0, Cancel()).signal, first.signal)
    assert len(physionet.requests) == 1


@pytest.mark.recordings
def test_reading_on_is_seamless_and_ends_at_the_end(
    physionet: PhysioNetServer, connect: Connect
) -> None:
    archive = connect(physionet)
    long = archive.read(MITDB_100, 1790.0, 20.0, Cancel())
    strips = [archive.read(MITDB_100, 1790.0, 6.1, Cancel())]
    while not strips[-1].at_end:
        strips.append(archive.read(MITDB_100, strips[-1].end_s, 6.1, Cancel()))
    assert len(strips) == 3
    assert np.array_equal(np.concatenate([strip.signal for strip in strips], axis=1), long.signal)
    assert long.at_end
    assert long.end_s == 650_000 / 360


@pytest.mark.recordings
def test_behind_the_end_there_is_a_strip_without_samples(
    physionet: PhysioNetServer, connect: Connect
) -> None:
    strip = connect(physionet).read(MITDB_100, 4000.0, 10.0, Cancel())
    assert strip.signal.shape == (1, 0)
    assert strip.at_end
    assert len(physionet.requests) == 1


@pytest.mark.recordings
def test_a_strip_from_the_network_knows_its_database(
    physionet: PhysioNetServer, cache: ExcerptCache, databases: dict[tuple[str, str], Database]
) -> None:
    archive = PhysioNet(physionet.url.rstrip("/"), cache, databases, {})
    strip = read(archive)
    archive.close()
    assert strip.provenance.title == "MIT-BIH Arrhythmia Database 1.0.0, record 100"
    assert archive.at_hand(MITDB_100) == ()


@pytest.mark.recordings
def test_a_cache_that_cannot_be_written_does_not_hinder_reading(
    physionet: PhysioNetServer, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    archive = connect(physionet, keep_in=ExcerptCache(tmp_path / "file/cache"))
    first = read(archive)
    assert np.array_equal(read(archive).signal, first.signal)
    assert first.signal.shape == (1, 3600)
    assert [request.path for request in physionet.requests] == [HEA, DAT, DAT]


@pytest.mark.recordings
def test_a_damaged_header_in_the_cache_is_read_again(
    physionet: PhysioNetServer, connect: Connect, tmp_path: Path
) -> None:
    read(connect(physionet))
    (tmp_path / "cache" / "mitdb/1.0.0/100/100.hea").write_bytes(b"\0")
    physionet.forget()
    read(connect(physionet))
    assert [request.path for request in physionet.requests] == [HEA, DAT]


@pytest.mark.recordings
def test_a_server_that_knows_no_ranges_is_put_up_with(
    physionet: PhysioNetServer, connect: Connect, records_dir: Path
) -> None:
    physionet.misbehave(Fault(ignores_range=True))
    strip = read(connect(physionet))
    expected = LocalRecords([records_dir], {}, {}).read(MITDB_100, 60.0, 10.0, Cancel())
    assert np.array_equal(strip.signal, expected.signal)


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("fault", "pattern", "sentence"),
    [
        (Fault(status=503), "*.hea", "answers with fault 503. Try again later"),
        (Fault(status=500), "*.dat", "answers with fault 500. Try again later"),
        (Fault(status=429), "*", "answers with fault 429. Try again later"),
        (Fault(status=401), "*.hea", "to everybody (401): is there a log-in page on this network"),
        (Fault(status=403), "*.dat", "to everybody (403): is there a log-in page on this network"),
        (Fault(reset_after=1000), "*.dat", "broke off. Check the connection"),
        (Fault(reset_after=10), "*.hea", "broke off. Check the connection"),
        (Fault(ends_after=1000), "*.dat", "broke off. Check the connection"),
        (Fault(ends_after=10), "*.hea", "broke off. Check the connection"),
        (Fault(ends_after=0), "*.dat", "broke off. Check the connection"),
        (Fault(ends_after=1000, promises_nothing=True), "*.dat", "broke off. Check the"),
        (Fault(promised_more=100), "*.hea", "broke off. Check the connection"),
        (Fault(promised_more=100, ignores_range=True, reset_after=9), "*.dat", "broke off."),
    ],
)
def test_trouble_on_the_way_says_what_happened_and_what_to_do(
    physionet: PhysioNetServer,
    connect: Connect,
    fault: Fault,
    pattern: str,
    sentence: str,
) -> None:
    physionet.misbehave(fault, pattern)
    archive = connect(physionet)
    with pytest.raises(UnreachableError) as error:
        read(archive)
    assert sentence in str(error.value)
    assert "mitdb/1.0.0/100" in str(error.value)
    assert "127.0.0.1" in str(error.value)
    physionet.behave()
    assert read(archive).signal.shape == (1, 3600)


@pytest.mark.parametrize(
    "fault",
    [Fault(reset_after=0), Fault(ends_after=100), Fault(drops=True), Fault(reset_after=200)],
)
@pytest.mark.parametrize("pattern", ["*.hea", "*.dat"])
def test_a_connection_that_breaks_off_once_is_made_again(
    made: tuple[Path, PhysioNetServer], connect: Connect, fault: Fault, pattern: str
) -> None:
    folder, server = made
    make_record(folder, ["made.dat 16 200 16 0 0 0 0 II"])
    archive = connect(server)
    expected = archive.read(MADE, 0.0, 1.0, Cancel()).signal
    server.misbehave(fault, pattern, times=1)
    later = archive if pattern == "*.dat" else connect(server)
    assert np.array_equal(later.read(MADE, 0.0, 1.0, Cancel()).signal, expected)
    assert len(server.requests) <= 5


@pytest.mark.recordings
@pytest.mark.parametrize("record", ["100", "104", "203", "207", "222", "232"])
def test_ten_seconds_with_their_context_cost_less_than_a_fifth_more(
    physionet: PhysioNetServer, connect: Connect, record: str
) -> None:
    ref = StripRef(RecordRef("mitdb", "1.0.0", record), MITDB_100.leads, 60.0, 10.0)
    if record == "104":
        ref = dataclasses.replace(ref, leads=(LeadName("V5"),))
    read_window(connect(physionet), ref, Cancel())
    assert len(physionet.requests) == 2
    assert physionet.body_bytes <= 1.2 * TEN_SECONDS
    physionet.forget()
    read_window(connect(physionet), dataclasses.replace(ref, start_s=100.001), Cancel())
    assert len(physionet.requests) == 1
    assert physionet.body_bytes <= 1.2 * TEN_SECONDS


def test_a_whole_file_is_compared_with_the_published_one(
    made: tuple[Path, PhysioNetServer], connect: Connect
) -> None:
    folder, server = made
    path = make_record(folder, ["made.dat 16+24 200 16 0 0 0 0 II"], size=824).with_suffix(".dat")
    content = path.read_bytes()
    facts = FileFacts(len(content), hashlib.sha256(content).hexdigest())
    archive = connect(server, {"db/1.0/data/made.dat": facts})
    assert archive.read(MADE, 0.0, 1.6, Cancel()).signal.shape == (1, 400)
    assert server.body_bytes == (path.parent / "made.hea").stat().st_size + len(content)
    server.misbehave(Fault(garbled=True), "*.dat")
    with pytest.raises(RecordError, match=r"made\.dat is not the published file: its checksum"):
        archive.read(MADE, 0.0, 1.6, Cancel())


@pytest.mark.recordings
def test_a_folder_is_an_archive_too(records_dir: Path, cache: ExcerptCache) -> None:
    archive = PhysioNet(records_dir.as_uri(), cache, {}, published(records_dir))
    expected = LocalRecords([records_dir], {}, {}).read(MITDB_100, 60.0, 10.0, Cancel())
    assert np.array_equal(read(archive).signal, expected.signal)
    assert np.array_equal(read(archive).signal, expected.signal)
    with pytest.raises(RecordError, match=r"the folder .* has no file mitdb/1\.0\.0/none\.hea"):
        read(archive, dataclasses.replace(MITDB_100, record=RecordRef("mitdb", "1.0.0", "none")))
    archive.close()
    wrong = {DAT: FileFacts(1_950_001, "0" * 64)}
    with pytest.raises(RecordError, match="has 1950000 bytes instead of 1950001"):
        PhysioNet(records_dir.as_uri(), cache, {}, wrong).read(MITDB_100, 90.0, 10.0, Cancel())


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("fault", "pattern", "sentence"),
    [
        (Fault(status=404), "*.hea", "127.0.0.1 has no file mitdb/1.0.0/100.hea."),
        (Fault(status=404), "*.dat", "127.0.0.1 has no file mitdb/1.0.0/100.dat."),
        (Fault(status=416), "*.dat", "is shorter at 127.0.0.1 than its header promises."),
        (Fault(shifted_by=3), "*.dat", "sends other bytes of mitdb/1.0.0/100.dat"),
        (Fault(promised_more=100), "*.dat", "sends other bytes of mitdb/1.0.0/100.dat"),
        (Fault(garbled=True), "*.hea", "mitdb/1.0.0/100.hea is not a WFDB header"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(
    physionet: PhysioNetServer,
    connect: Connect,
    fault: Fault,
    pattern: str,
    sentence: str,
) -> None:
    physionet.misbehave(fault, pattern)
    with pytest.raises(RecordError) as error:
        read(connect(physionet))
    assert sentence in str(error.value)


@pytest.mark.recordings
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        (Fault(content=PAGE), "*.hea"),
        (Fault(content=b"\xef\xbb\xbf\r\n" + PAGE), "*.hea"),
        (Fault(content=PAGE * 100_000), "*.hea"),
        (Fault(content=b"Log in, please", content_type="Text/HTML; charset=utf-8"), "*.hea"),
        (Fault(content=b"", content_type="text/html"), "*.hea"),
        (Fault(content=PAGE, content_type="text/html"), "*.dat"),
        (Fault(content=PAGE * 100_000, content_type="text/html"), "*.dat"),
    ],
)
def test_a_log_in_page_in_place_of_a_file_is_trouble_on_the_way(
    *,
    physionet: PhysioNetServer,
    connect: Connect,
    records_dir: Path,
    fault: Fault,
    pattern: str,
    listed: bool,
) -> None:
    physionet.misbehave(fault, pattern)
    archive = connect(physionet, published(records_dir) if listed else {})
    with pytest.raises(UnreachableError) as error:
        read(archive)
    assert (
        f"mitdb/1.0.0/100{pattern[1:]} was not read: 127.0.0.1 answers with a web page instead of"
        " the recording: is there a log-in page on this network?"
    ) in str(error.value)
    physionet.behave()
    assert read(archive).signal.shape == (1, 3600)


@pytest.mark.recordings
def test_a_changed_header_that_is_no_web_page_is_damaged(
    physionet: PhysioNetServer, connect: Connect, records_dir: Path
) -> None:
    content = (records_dir / HEA).read_bytes() + b"# <html>\n"
    physionet.misbehave(Fault(content=content, content_type="text/plain"), "*.hea")
    with pytest.raises(RecordError, match=r"100\.hea is not the published file"):
        read(connect(physionet, published(records_dir)))


@pytest.mark.recordings
def test_files_that_are_not_the_published_ones_are_refused(
    physionet: PhysioNetServer, connect: Connect, records_dir: Path
) -> None:
    files = published(records_dir)
    read(connect(physionet, files))
    physionet.misbehave(Fault(other_size=1_950_003), "*.dat")
    with pytest.raises(RecordError, match="has 1950003 bytes instead of 1950000"):
        connect(physionet, files).read(MITDB_100, 70.0, 10.0, Cancel())
    other = {HEA: dataclasses.replace(files[HEA], sha256="0" * 64)}
    with pytest.raises(RecordError, match=r"100\.hea is not the published file"):
        read(connect(physionet, other))


@pytest.mark.recordings
def test_a_server_that_does_not_answer_is_given_up(
    physionet: PhysioNetServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "READ_S", 0.2)
    for fault in (Fault(delay_s=20.0), Fault(stall_after=1000)):
        physionet.behave()
        physionet.misbehave(fault, "*.dat")
        with pytest.raises(UnreachableError, match=r"did not answer in time\. Check the conn"):
            read(connect(physionet))


@pytest.mark.recordings
def test_a_strip_that_trickles_in_is_given_up(
    physionet: PhysioNetServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "WHOLE_S", 0.5)
    physionet.misbehave(Fault(bytes_per_second=1000), "*.dat")
    archive = connect(physionet)
    with pytest.raises(UnreachableError, match="sends it too slowly"):
        read(archive)
    monkeypatch.undo()
    physionet.behave()
    assert read(archive).signal.shape == (1, 3600)


@pytest.mark.recordings
@pytest.mark.parametrize("pattern", ["*.hea", "*.dat"])
def test_an_answer_whose_headers_never_end_is_given_up(
    physionet: PhysioNetServer, connect: Connect, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setattr(archive_module, "WHOLE_S", 0.5)
    physionet.misbehave(Fault(header_every_s=0.05), pattern)
    archive = connect(physionet)
    began = time.monotonic()
    with pytest.raises(UnreachableError, match=r"did not answer in time\. Check the connection"):
        read(archive)
    assert time.monotonic() - began < 2.0
    monkeypatch.undo()
    physionet.behave()
    assert read(archive).signal.shape == (1, 3600)


def test_a_slow_server_is_waited_for(made: tuple[Path, PhysioNetServer], connect: Connect) -> None:
    folder, server = made
    make_record(folder, ["made.dat 16 200 16 0 0 0 0 II"])
    server.misbehave(Fault(bytes_per_second=2000), "*.dat")
    assert read(connect(server), MADE).signal.shape == (1, 250)


def test_a_server_that_is_not_there_is_out_of_reach(tmp_path: Path, cache: ExcerptCache) -> None:
    with PhysioNetServer(tmp_path) as server:
        url = server.url
    archive = PhysioNet(url, cache, {}, {})
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1 could not be reached\. Check the"):
        read(archive)
    archive.close()


def test_a_server_that_protects_nothing_is_not_read_as_if_it_did(
    tmp_path: Path, cache: ExcerptCache
) -> None:
    with PhysioNetServer(tmp_path) as server:
        archive = PhysioNet(server.url.replace("http:", "https:"), cache, {}, {})
        with pytest.raises(UnreachableError, match="no protected connection to 127"):
            read(archive)
        archive.close()


@pytest.mark.recordings
def test_an_answer_that_is_late_is_still_an_answer(
    physionet: PhysioNetServer, connect: Connect
) -> None:
    physionet.misbehave(Fault(delay_s=0.1), "*.hea")
    assert read(connect(physionet)).signal.shape == (1, 3600)


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        (Fault(stall_after=1000), "*.dat"),
        (Fault(stall_after=0), "*.dat"),
        (Fault(stall_after=50), "*.hea"),
        (Fault(delay_s=20.0), "*.hea"),
        (Fault(delay_s=20.0), "*.dat"),
        (Fault(header_every_s=3.0), "*.hea"),
        (Fault(header_every_s=0.01), "*.dat"),
    ],
)
def test_calling_off_wakes_a_read_that_waits_for_a_stalled_server(
    physionet: PhysioNetServer, connect: Connect, fault: Fault, pattern: str
) -> None:
    physionet.misbehave(fault, pattern)
    archive, cancel = connect(physionet), Cancel()
    ended: list[BaseException] = []

    def work() -> None:
        try:
            archive.read(MITDB_100, 60.0, 10.0, cancel)
        except CancelledError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert physionet.stalled.wait(5.0)
    cancel.throw()
    thread.join(1.0)
    assert not thread.is_alive()
    assert len(ended) == 1
    physionet.behave()
    assert read(archive).signal.shape == (1, 3600)


@pytest.mark.recordings
def test_a_read_that_was_called_off_asks_for_nothing(
    physionet: PhysioNetServer, connect: Connect
) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        connect(physionet).read(MITDB_100, 60.0, 10.0, cancel)
    assert physionet.requests == []


def test_a_length_that_the_header_leaves_open_is_asked_for(
    made: tuple[Path, PhysioNetServer], connect: Connect
) -> None:
    folder, server = made
    make_record(folder, ["made.dat 16 200 16 0 0 0 0 II"], first_line="made.dat 1 250", size=1000)
    strip = connect(server).read(MADE, 1.0, 5.0, Cancel())
    assert strip.signal.shape == (1, 250)
    assert strip.at_end
    assert [request.method for request in server.requests] == ["GET", "HEAD", "GET"]


@pytest.mark.parametrize(
    ("first_line", "signal", "sentence"),
    [
        ("made/2 1 250 400", "made.dat 16 200 16 0 0 0 0 II", "joins several segments"),
        (None, "made.dat 8 200 16 0 0 0 0 II", "format 8, of which no excerpt can be read"),
        (None, "made.dat 516 200 16 0 0 0 0 II", "format 516, of which no excerpt"),
        (None, "made.dat 999 200 16 0 0 0 0 II", "format 999, which is unknown"),
        (None, "made.dat 16 200 16 0 0 0 0 V1", "has no lead II; its leads are: V1."),
    ],
)
def test_a_record_of_another_kind_costs_its_header_only(
    made: tuple[Path, PhysioNetServer],
    connect: Connect,
    first_line: str | None,
    signal: str,
    sentence: str,
) -> None:
    folder, server = made
    make_record(folder, [signal], first_line=first_line)
    with pytest.raises(RecordError) as error:
        read(connect(server), MADE)
    assert sentence in str(error.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [Fault(), Fault(ignores_range=True)])
def test_a_signal_file_that_is_too_short_is_not_taken_for_trouble_on_the_way(
    made: tuple[Path, PhysioNetServer], connect: Connect, fault: Fault
) -> None:
    folder, server = made
    make_record(folder, ["made.dat 16 200 16 0 0 0 0 II"], size=400)
    server.misbehave(fault)
    archive = connect(server)
    assert archive.read(MADE, 0.0, 0.8, Cancel()).signal.shape == (1, 200)
    with pytest.raises(RecordError, match=r"made\.dat is shorter at 127\.0\.0\.1 than its header"):
        archive.read(MADE, 0.9, 0.5, Cancel())
    with pytest.raises(RecordError, match=r"made\.dat is shorter at 127\.0\.0\.1 than its header"):
        archive.read(MADE, 0.5, 0.5, Cancel())


@pytest.mark.recordings
def test_a_server_that_does_not_announce_lengths_is_put_up_with(
    physionet: PhysioNetServer, connect: Connect
) -> None:
    physionet.misbehave(Fault(promises_nothing=True))
    assert read(connect(physionet)).signal.shape == (1, 3600)


def test_a_page_in_place_of_a_header_is_not_read_to_its_end(
    made: tuple[Path, PhysioNetServer], connect: Connect
) -> None:
    folder, server = made
    folder.mkdir(parents=True)
    (folder / "made.hea").write_bytes(bytes(3 << 20))
    with pytest.raises(RecordError, match="longer than 1048576 bytes, so it is not what"):
        read(connect(server), MADE)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "physionet.org/files",
        "ftp://physionet.org/files/",
        "https://",
        "http://127.0.0.1:99999/",
        "http://physio net.org/",
        "https://physionet.org/files/?a=1",
        "http://[::1/",
        "file://server/records",
        "file:records",
        "file:///records?a=1",
    ],
)
def test_an_address_that_makes_no_sense_is_told_at_once(cache: ExcerptCache, address: str) -> None:
    with pytest.raises(UserError, match="is no address of an archive"):
        PhysioNet(address, cache, {}, {})


def test_the_archive_is_read_over_a_protected_connection() -> None:
    assert DEFAULT_ARCHIVE == "https://physionet.org/files/"

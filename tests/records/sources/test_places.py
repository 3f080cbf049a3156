import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rhythmtrainer.model import (
    CancelledError,
    LeadName,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.sources.cache import ExcerptCache
from rhythmtrainer.records.sources.physionet import PhysioNet
from rhythmtrainer.training.cancel import Cancel
from tests.records.making import make_record
from tests.support.physionet_server import Fault, PhysioNetServer

GROUPS = 12
SIGNAL = ["{name}.mat 16+24 200 16 0 0 0 0 II"]


def record(number: int) -> RecordRef:
    return RecordRef("db", "1.0", f"training/georgia/E{number:05}")


def ref(number: int) -> StripRef:
    return StripRef(record(number), (LeadName("II"),), 0.0, 1.0)


def make(folder: Path, number: int) -> None:
    name = f"E{number:05}"
    make_record(folder, [line.format(name=name) for line in SIGNAL], name=name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with records in folders that their names leave out."""
    top = tmp_path / "archive/db/1.0"
    folders = [f"training/{part}/g{n}" for part in ("georgia", "other") for n in range(1, GROUPS)]
    for folder in folders:
        (top / folder).mkdir(parents=True)
        first = 10 * int(folder.rpartition("g")[2])
        names = "\n".join(f"E{number:05}" for number in range(first, first + 10))
        (top / folder / "RECORDS").write_text(f"{names}\n")
    (top / "RECORDS").write_text("".join(f"{folder}/\n" for folder in sorted(folders)))
    make(top / "training/georgia/g2", 21)
    make(top / "training/georgia/g2", 22)
    make(top / "training/georgia/g11", 113)
    return tmp_path / "archive"


@pytest.fixture
def server(root: Path) -> Iterator[PhysioNetServer]:
    with PhysioNetServer(root) as server:
        yield server


def read(address: str, cache: ExcerptCache, *numbers: int, cancel: Cancel | None = None) -> Strip:
    archive = PhysioNet(address, cache, {}, {})
    try:
        strips = [archive.read(ref(number), 0.0, 1.0, cancel or Cancel()) for number in numbers]
    finally:
        archive.close()
    return strips[-1]


@pytest.fixture
def cache(tmp_path: Path) -> ExcerptCache:
    return ExcerptCache(tmp_path / "cache")


def test_a_record_is_found_in_a_folder_that_its_name_leaves_out(
    server: PhysioNetServer, cache: ExcerptCache
) -> None:
    strip = read(server.url, cache, 21)
    assert strip.signal.shape == (1, 250)
    assert strip.provenance.source == "db/1.0/training/georgia/E00021"
    paths = [request.path.removeprefix("db/1.0/") for request in server.requests]
    assert paths[0] == "training/georgia/E00021.hea"
    assert paths[1] == "RECORDS"
    assert paths[-2:] == ["training/georgia/g2/E00021.hea", "training/georgia/g2/E00021.mat"]
    # Names in order are searched as a book of telephone numbers is.
    assert len(paths) <= 8
    assert not any("other" in path for path in paths)


def test_it_is_remembered_for_good(server: PhysioNetServer, cache: ExcerptCache) -> None:
    read(server.url, cache, 21)
    server.forget()
    read(server.url, cache, 22)
    paths = [request.path.rpartition("/")[2] for request in server.requests]
    assert paths == ["E00022.hea", "E00022.mat"]
    server.forget()
    archive = PhysioNet(server.url, cache, {}, {})
    archive.read(ref(22), 0.3, 1.0, Cancel())
    archive.close()
    assert len(server.requests) == 1


def test_a_folder_laid_out_so_is_read_too(root: Path, cache: ExcerptCache) -> None:
    assert read(root.as_uri(), cache, 113).signal.shape == (1, 250)


def test_a_mirror_without_these_folders_is_read_as_it_is(
    tmp_path: Path, server: PhysioNetServer, cache: ExcerptCache
) -> None:
    read(server.url, cache, 21)
    for number in (21, 22, 113):
        make(tmp_path / "flat/db/1.0/training/georgia", number)
    with PhysioNetServer(tmp_path / "flat") as mirror:
        assert read(mirror.url, ExcerptCache(tmp_path / "other"), 21).duration_s == 1.0
        assert [request.path.rpartition("/")[2] for request in mirror.requests] == [
            "E00021.hea",
            "E00021.mat",
        ]
        mirror.forget()
        assert read(mirror.url, cache, 22, 113).duration_s == 1.0
        # What was learnt of another archive costs one question at most.
        assert len(mirror.requests) <= 5


def test_a_record_that_is_nowhere_is_told_by_its_name_and_looked_for_once(
    server: PhysioNetServer, cache: ExcerptCache
) -> None:
    archive = PhysioNet(server.url, cache, {}, {})
    for most in (2 + 2 + GROUPS, 1):
        server.forget()
        with pytest.raises(RecordError, match=r"has no file db/1\.0/training/georgia/E99999\.hea"):
            archive.read(ref(99_999), 0.0, 1.0, Cancel())
        assert len(server.requests) <= most
    archive.close()


@pytest.mark.parametrize(
    "listing",
    [b"", b"\xff\xfe\0", b"../../secret/\n", b"training/georgia/g2/../\n", b"x" * 1_000_000],
)
def test_a_list_that_makes_no_sense_finds_nothing(
    root: Path, server: PhysioNetServer, cache: ExcerptCache, listing: bytes
) -> None:
    (root / "db/1.0/RECORDS").write_bytes(listing)
    with pytest.raises(RecordError, match=r"has no file db/1\.0/training/georgia/E00021\.hea"):
        read(server.url, cache, 21)
    assert len(server.requests) == 2


def test_a_list_that_leads_in_circles_is_given_up(
    server: PhysioNetServer, cache: ExcerptCache
) -> None:
    server.misbehave(Fault(content=b"training/\ngeorgia/\ng1/\ng2/\n"), "*RECORDS")
    with pytest.raises(RecordError, match="has no file"):
        read(server.url, cache, 21)
    assert len(server.requests) < 100


def test_a_network_that_fails_in_the_search_is_not_taken_for_a_missing_record(
    server: PhysioNetServer, cache: ExcerptCache
) -> None:
    server.misbehave(Fault(status=503), "*/g*/RECORDS")
    archive = PhysioNet(server.url, cache, {}, {})
    with pytest.raises(UnreachableError, match="RECORDS was not read"):
        archive.read(ref(21), 0.0, 1.0, Cancel())
    server.behave()
    assert archive.read(ref(21), 0.0, 1.0, Cancel()).duration_s == 1.0
    archive.close()


def test_a_search_can_be_called_off(server: PhysioNetServer, cache: ExcerptCache) -> None:
    cancel = Cancel()
    server.misbehave(Fault(delay_s=20.0), "*RECORDS")
    timer = threading.Timer(0.3, cancel.throw)
    timer.start()
    with pytest.raises(CancelledError):
        read(server.url, cache, 21, cancel=cancel)
    timer.join()


def test_lists_that_were_damaged_on_this_computer_are_read_again(
    tmp_path: Path, server: PhysioNetServer, cache: ExcerptCache
) -> None:
    read(server.url, cache, 21)
    for kept in (tmp_path / "cache").rglob("RECORDS"):
        kept.write_bytes(kept.read_bytes().replace(b"E", b"F", 1))
    assert read(server.url, cache, 22).duration_s == 1.0

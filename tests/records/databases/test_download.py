import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from rhythmtrainer.model import CancelledError, RecordError, UnreachableError
from rhythmtrainer.records.archive.address import open_archive
from rhythmtrainer.records.archive.faults import MissingFileError
from rhythmtrainer.records.databases.download import Download
from rhythmtrainer.training.cancel import Cancel
from tests.support.archive import files_below
from tests.support.physionet_server import Fault, PhysioNetServer

PATH = "made/1.0.0/1.dat"
CONTENT = bytes(range(256)) * 2000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Site(NamedTuple):
    server: PhysioNetServer
    folder: Path
    download: Download

    def fetch(self, digest: str | None = DIGEST, cancel: Cancel | None = None) -> int:
        """Fetch the file, and return how many bytes came."""
        came: list[int] = []
        self.download.file(PATH, digest, lambda count, _: came.append(count), cancel or Cancel())
        return sum(came)

    @property
    def part(self) -> Path:
        return self.folder / f"{PATH}.part"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    published = tmp_path / "published" / PATH
    published.parent.mkdir(parents=True)
    published.write_bytes(CONTENT)
    folder = tmp_path / "here"
    with (
        PhysioNetServer(tmp_path / "published") as server,
        closing(open_archive(server.url)) as archive,
    ):
        yield Site(server, folder, Download(archive, folder))


def test_a_file_comes_whole_in_one_request(site: Site) -> None:
    assert site.fetch() == len(CONTENT)
    assert files_below(site.folder) == {PATH: CONTENT}
    assert len(site.server.requests) == 1


def test_a_file_that_is_here_is_not_fetched_again(site: Site) -> None:
    site.fetch()
    site.server.forget()
    assert site.fetch() == 0
    assert site.fetch(digest=None) == 0
    assert site.server.requests == []


def test_a_damaged_file_is_fetched_anew(site: Site) -> None:
    site.fetch()
    (site.folder / PATH).write_bytes(CONTENT[:-1] + b"?")
    assert site.fetch() == len(CONTENT)
    assert files_below(site.folder) == {PATH: CONTENT}


@pytest.mark.parametrize("fault", [Fault(ends_after=300_000), Fault(reset_after=300_000)])
def test_what_broke_off_goes_on_where_it_stood(site: Site, fault: Fault) -> None:
    site.server.misbehave(fault, times=1)
    assert site.fetch() == len(CONTENT)
    assert files_below(site.folder) == {PATH: CONTENT}
    first, second = site.server.requests
    assert first.range is None
    assert second.range is not None
    assert int(second.range.removeprefix("bytes=").removesuffix("-")) > 100_000


def test_a_server_that_knows_no_ranges_is_put_up_with(site: Site) -> None:
    site.part.parent.mkdir(parents=True)
    site.part.write_bytes(CONTENT[:1000])
    site.server.misbehave(Fault(ignores_range=True))
    assert site.fetch() == len(CONTENT) - 1000
    assert files_below(site.folder) == {PATH: CONTENT}


def test_a_dead_server_is_told_and_what_came_stays(site: Site) -> None:
    site.server.misbehave(Fault(ends_after=70_000), times=1)
    site.server.misbehave(Fault(status=503))
    with pytest.raises(UnreachableError, match="503"):
        site.fetch()
    assert site.part.read_bytes() == CONTENT[:70_000]
    site.server.behave()
    assert site.fetch() == len(CONTENT) - 70_000


def test_nothing_empty_is_left_where_nothing_came(site: Site) -> None:
    site.server.misbehave(Fault(status=503))
    with pytest.raises(UnreachableError):
        site.fetch()
    site.server.behave()
    site.server.misbehave(Fault(ends_after=0))
    with pytest.raises(UnreachableError):
        site.fetch()
    assert files_below(site.folder) == {}


@pytest.mark.parametrize("left", [b"of another file", CONTENT + b"and more", b"?" * len(CONTENT)])
def test_what_is_no_beginning_of_the_file_is_thrown_away(site: Site, left: bytes) -> None:
    site.part.parent.mkdir(parents=True)
    site.part.write_bytes(left)
    site.fetch()
    assert files_below(site.folder) == {PATH: CONTENT}


@pytest.mark.parametrize(
    "fault", [Fault(garbled=True), Fault(content=CONTENT[:-1]), Fault(content=b"")]
)
def test_what_is_not_the_published_file_is_refused_and_not_kept(site: Site, fault: Fault) -> None:
    site.server.misbehave(fault)
    with pytest.raises(RecordError, match=r"1\.dat .* is not the published file"):
        site.fetch()
    assert files_below(site.folder) == {}


def test_a_page_to_log_in_is_no_file(site: Site) -> None:
    site.server.misbehave(Fault(content=b"<html>", content_type="text/html; charset=utf-8"))
    with pytest.raises(UnreachableError, match="log-in page"):
        site.fetch(digest=None)
    assert files_below(site.folder) == {}


def test_a_missing_file_is_told(site: Site) -> None:
    with pytest.raises(MissingFileError):
        site.download.file("made/1.0.0/2.dat", None, lambda *_: None, Cancel())


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "made/../../x"])
def test_a_path_that_leaves_the_folder_is_refused(site: Site, path: str) -> None:
    with pytest.raises(RecordError, match="no path"):
        site.download.file(path, None, lambda *_: None, Cancel())
    assert site.server.requests == []


@pytest.mark.parametrize("fault", [Fault(), Fault(promises_nothing=True)])
def test_a_file_that_is_longer_than_it_may_be_does_not_fill_the_disk(
    site: Site, fault: Fault
) -> None:
    site.server.misbehave(fault)
    with pytest.raises(RecordError, match="longer than 1000 bytes"):
        site.download.file(PATH, None, lambda *_: None, Cancel(), largest=1000)
    assert files_below(site.folder) == {}


def test_calling_off_leaves_only_what_can_be_resumed(site: Site) -> None:
    cancel = Cancel()
    came: list[int] = []

    def stop(count: int, _: float | None) -> None:
        came.append(count)
        if sum(came) >= 100_000:
            cancel.throw()

    with pytest.raises(CancelledError):
        site.download.file(PATH, DIGEST, stop, cancel)
    assert list(files_below(site.folder)) == [f"{PATH}.part"]
    assert site.part.read_bytes() == CONTENT[: sum(came)]
    assert site.fetch() == len(CONTENT) - sum(came)
    assert files_below(site.folder) == {PATH: CONTENT}


def test_a_full_disk_is_told_before_anything_is_written(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(site.folder.parent)._replace(free=len(CONTENT) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(UnreachableError, match=r"1\.dat was not fetched: the disk .* is full"):
        site.fetch()
    assert files_below(site.folder) == {}


def test_a_disk_that_fills_up_meanwhile_is_told_and_what_came_stays(site: Site) -> None:
    def fill(_: int, __: float | None) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UnreachableError, match="is full"):
        site.download.file(PATH, DIGEST, fill, Cancel())
    assert site.part.stat().st_size > 0
    site.fetch()
    assert files_below(site.folder) == {PATH: CONTENT}


def test_a_folder_that_cannot_be_made_is_told(site: Site) -> None:
    site.folder.write_text("a file")
    with pytest.raises(UnreachableError, match="cannot be written"):
        site.fetch()

import math
import os
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rhythmtrainer.model import CancelledError, RecordError, UnreachableError, UserError
from rhythmtrainer.records.archive import fetch
from rhythmtrainer.records.archive.address import Archive, open_archive
from rhythmtrainer.records.archive.faults import BrokenOffError, MissingFileError
from rhythmtrainer.records.archive.fetch import Fetcher
from rhythmtrainer.training.cancel import Cancel
from tests.support.physionet_server import Fault, PhysioNetServer

CONTENT = bytes(range(256)) * 1024
CERTIFICATE = Path(__file__).parents[2] / "data" / "loopback.pem"
# Nobody has it: it is looked up by a proxy, if by anybody.
NOWHERE = "http://archive.invalid/"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "db").mkdir(parents=True)
    (folder / "db/made.dat").write_bytes(CONTENT)
    (folder / "db/made.hea").write_bytes(b"made")
    return folder


@pytest.fixture
def server(root: Path) -> Iterator[PhysioNetServer]:
    with PhysioNetServer(root) as server:
        yield server


@pytest.fixture(params=["http", "file"])
def archive(request: pytest.FixtureRequest, root: Path) -> Iterator[Archive]:
    """One archive after the other: behind an address, and in a folder."""
    if request.param == "file":
        yield open_archive(root.as_uri())
        return
    with PhysioNetServer(root) as server:
        opened = open_archive(server.url)
        yield opened
        opened.close()


@pytest.fixture
def fetcher(server: PhysioNetServer) -> Iterator[Fetcher]:
    fetcher = Fetcher(server.url)
    yield fetcher
    fetcher.close()


@contextmanager
def answering(answer: bytes) -> Iterator[Fetcher]:
    """Give an archive that says the same to everybody, and hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        fetcher = Fetcher(f"http://127.0.0.1:{server.server_address[1]}/")
        try:
            yield fetcher
        finally:
            fetcher.close()
            server.shutdown()
            thread.join()


def whole(archive: Archive, path: str = "db/made.hea") -> bytes:
    return archive.whole(path, 100, Cancel(), time.monotonic() + 20.0)


def streamed(archive: Archive, start: int = 0) -> bytes:
    with archive.stream("db/made.dat", start, Cancel(), math.inf) as stream:
        return b"".join(stream.chunks)


def test_an_archive_gives_files_and_parts_of_them(archive: Archive) -> None:
    deadline = time.monotonic() + 20.0
    assert whole(archive) == b"made"
    part = archive.part("db/made.dat", 300, 1000, Cancel(), deadline)
    assert part == (CONTENT[300:1000], len(CONTENT))
    assert archive.size("db/made.dat", Cancel(), deadline) == len(CONTENT)


@pytest.mark.parametrize("start", [0, 1, 70_000, len(CONTENT) - 1, len(CONTENT)])
def test_a_file_comes_from_any_byte_on(archive: Archive, start: int) -> None:
    with archive.stream("db/made.dat", start, Cancel(), math.inf) as stream:
        assert stream.size == len(CONTENT)
        chunks = list(stream.chunks)
    assert b"".join(chunks) == CONTENT[start:]
    assert all(chunks)


def test_what_is_not_there_is_told(archive: Archive) -> None:
    for path in ("db/none.hea", "none/made.hea", "db", "db/made.hea/made"):
        with pytest.raises(MissingFileError, match=f"has no file {path}"):
            whole(archive, path)
    deadline = time.monotonic() + 20.0
    with pytest.raises(RecordError, match="is shorter at"):
        archive.part("db/made.dat", 0, len(CONTENT) + 1, Cancel(), deadline)
    with pytest.raises(RecordError, match="is shorter at"):
        streamed(archive, len(CONTENT) + 1)
    with pytest.raises(RecordError, match="longer than 100 bytes"):
        whole(archive, "db/made.dat")


def test_work_that_was_called_off_reads_nothing(archive: Archive) -> None:
    cancel = Cancel()
    with archive.stream("db/made.dat", 0, cancel, math.inf) as stream:
        cancel.throw()
        with pytest.raises(CancelledError):
            list(stream.chunks)
    with pytest.raises(CancelledError):
        archive.whole("db/made.hea", 100, cancel, math.inf)


def test_a_time_that_is_over_ends_a_stream(archive: Archive) -> None:
    with (
        pytest.raises(UnreachableError),
        archive.stream("db/made.dat", 0, Cancel(), time.monotonic() - 1.0) as stream,
    ):
        list(stream.chunks)


def test_a_folder_that_is_gone_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match=r"the folder .*gone could not be reached"):
        whole(open_archive((tmp_path / "gone").as_uri()))


def test_a_folder_gives_nothing_from_beside_it(root: Path) -> None:
    (root.parent / "secret").write_bytes(b"secret")
    archive = open_archive(f"{root.as_uri()}/")
    for path in ("../secret", "db/../../secret", str(root.parent / "secret")):
        with pytest.raises(MissingFileError):
            whole(archive, path)


@pytest.mark.parametrize(
    "address",
    [
        *("file:records", "file://server/share", "file:///a?b", "file:///a#b", "file:///a%00"),
        *("gopher://a", "/records", r"C:\records"),
    ],
)
def test_an_address_that_makes_no_sense_is_told(address: str) -> None:
    with pytest.raises(UserError, match="is no address of an archive"):
        open_archive(address)


def test_a_folder_with_spaces_has_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "my records é"
    (folder / "db").mkdir(parents=True)
    (folder / "db/made.hea").write_bytes(b"made")
    assert whole(open_archive(folder.as_uri())) == b"made"
    assert whole(open_archive(f"file://localhost{folder.as_uri()[7:]}")) == b"made"


@pytest.mark.parametrize("fault", [Fault(ignores_range=True), Fault(promises_nothing=True)])
def test_a_stream_of_a_simple_server_begins_where_it_should(
    server: PhysioNetServer, fetcher: Fetcher, fault: Fault
) -> None:
    server.misbehave(fault)
    assert streamed(fetcher, 70_000) == CONTENT[70_000:]


@pytest.mark.parametrize("fault", [Fault(reset_after=90_000), Fault(ends_after=90_000)])
def test_a_stream_that_breaks_off_gives_what_came_before(
    server: PhysioNetServer, fetcher: Fetcher, fault: Fault
) -> None:
    server.misbehave(fault)
    came: list[bytes] = []
    with (
        pytest.raises(UnreachableError, match="broke off"),
        fetcher.stream("db/made.dat", 100, Cancel(), math.inf) as stream,
    ):
        came.extend(stream.chunks)
    assert b"".join(came) == CONTENT[100 : 100 + len(b"".join(came))]
    server.behave()
    resumed = 100 + len(b"".join(came))
    assert streamed(fetcher, resumed) == CONTENT[resumed:]


@pytest.mark.parametrize(
    "fault", [Fault(shifted_by=1), Fault(other_size=1 << 40), Fault(promised_more=3)]
)
def test_a_stream_of_other_bytes_is_refused(
    server: PhysioNetServer, fetcher: Fetcher, fault: Fault
) -> None:
    server.misbehave(fault)
    with pytest.raises(RecordError, match="sends other bytes"):
        streamed(fetcher, 100)


def test_a_stream_that_stalls_is_given_up_although_it_may_take_for_ever(
    server: PhysioNetServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "READ_S", 0.2)
    server.misbehave(Fault(stall_after=1000))
    with pytest.raises(UnreachableError, match="did not answer in time"):
        streamed(fetcher)


def test_calling_off_wakes_a_stream_that_waits(server: PhysioNetServer, fetcher: Fetcher) -> None:
    server.misbehave(Fault(stall_after=1000))
    cancel = Cancel()
    timer = threading.Timer(0.2, cancel.throw)
    timer.start()
    with (
        pytest.raises(CancelledError),
        fetcher.stream("db/made.dat", 0, cancel, math.inf) as stream,
    ):
        list(stream.chunks)
    timer.join()


@pytest.mark.parametrize("status", [416, 206, 302, 304])
def test_an_answer_that_makes_no_sense_is_a_fault_of_the_server(
    server: PhysioNetServer, fetcher: Fetcher, status: int
) -> None:
    server.misbehave(Fault(status=status))
    with pytest.raises(UnreachableError, match=f"answers with fault {status}"):
        whole(fetcher)


@pytest.mark.parametrize(
    "place", ["/db/made.hea", "http://[::1", "file:///etc/hostname", "gopher://127.0.0.1/"]
)
def test_a_redirection_that_leads_nowhere_is_told(place: str) -> None:
    head = "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\n"
    with (
        answering(f"{head}Location: {place}\r\n\r\n".encode()) as fetcher,
        pytest.raises(UnreachableError, match="leads on to an address that cannot be used"),
    ):
        whole(fetcher)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\n"])
def test_headers_that_were_cut_off_are_no_empty_file(answer: bytes) -> None:
    with answering(answer) as fetcher, pytest.raises(BrokenOffError):
        whole(fetcher)


@pytest.mark.parametrize("start", [0, 700])
def test_a_page_of_a_network_is_not_taken_for_samples(
    server: PhysioNetServer, fetcher: Fetcher, start: int
) -> None:
    server.misbehave(Fault(content=b"<!DOCTYPE html><html>Log in" + bytes(3000)))
    with pytest.raises(UnreachableError, match="is there a log-in page"):
        fetcher.part("db/made.dat", start, 1000, Cancel(), time.monotonic() + 20.0)
    with pytest.raises(UnreachableError, match="is there a log-in page"):
        streamed(fetcher)


def test_the_unit_of_a_range_is_read_in_any_case() -> None:
    head = "HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\nContent-Range: Bytes 2-5/9\r\n\r\n"
    with answering(head.encode() + b"made") as fetcher:
        part = fetcher.part("db/made.dat", 2, 6, Cancel(), time.monotonic() + 20.0)
    assert part == (b"made", 9)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_nobody_waits_for_a_pipe(root: Path) -> None:
    os.mkfifo(root / "db/pipe.hea")
    with pytest.raises(MissingFileError):
        whole(open_archive(root.as_uri()), "db/pipe.hea")


def test_connections_are_kept(server: PhysioNetServer, fetcher: Fetcher) -> None:
    for _ in range(5):
        whole(fetcher)
        fetcher.part("db/made.dat", 300, 1000, Cancel(), time.monotonic() + 20.0)
    assert server.connections == 1


def test_the_proxy_of_the_environment_is_used(
    server: PhysioNetServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    assert whole(open_archive(NOWHERE)) == b"made"
    (request,) = server.requests
    assert request.host == "archive.invalid"


def test_hosts_that_the_environment_leaves_out_need_no_proxy(
    server: PhysioNetServer, fetcher: Fetcher, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PhysioNetServer(root) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert whole(fetcher) == b"made"
        assert proxy.requests == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9/", "http://[::1", "nonsense://127.0.0.1"])
def test_a_proxy_that_does_not_work_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(UnreachableError, match=r"^db/made\.hea was not read: "):
        whole(open_archive(NOWHERE))


def test_a_certificate_that_nobody_vouches_for_is_refused(root: Path) -> None:
    with PhysioNetServer(root, certificate=CERTIFICATE) as server:
        with pytest.raises(UnreachableError, match="its certificate is not trusted"):
            whole(open_archive(server.url))
        assert server.requests == []


def test_the_certificates_of_the_environment_are_trusted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with PhysioNetServer(root, certificate=CERTIFICATE) as server:
        archive = open_archive(server.url)
        assert whole(archive) == b"made"
        assert streamed(archive) == CONTENT
        archive.close()


def test_a_protected_read_can_be_called_off(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with PhysioNetServer(root, certificate=CERTIFICATE) as server:
        server.misbehave(Fault(stall_after=1))
        archive, cancel = open_archive(server.url), Cancel()
        timer = threading.Timer(0.3, cancel.throw)
        timer.start()
        with pytest.raises(CancelledError):
            archive.whole("db/made.hea", 100, cancel, time.monotonic() + 20.0)
        timer.join()
        archive.close()


@pytest.mark.parametrize("bundle", ["gone.pem", "made.hea"])
def test_certificates_that_cannot_be_read_are_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, bundle: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(root / "db" / bundle))
    with (
        PhysioNetServer(root, certificate=CERTIFICATE) as server,
        pytest.raises(UnreachableError, match=r"^db/made\.hea was not read: "),
    ):
        whole(open_archive(server.url))

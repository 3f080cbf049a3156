import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from rhythmtrainer.records.archive.watch import Watch, WatchedAdapter
from tests.support.physionet_server import Fault, PhysioNetServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PhysioNetServer]:
    (tmp_path / "made.hea").write_bytes(b"made")
    with PhysioNetServer(tmp_path) as server:
        yield server


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("http://", WatchedAdapter())
        yield session


def get(session: requests.Session, server: PhysioNetServer) -> bytes:
    return session.get(server.url + "made.hea", timeout=20.0).content


def test_an_exchange_that_was_ended_makes_no_connection(
    session: requests.Session, server: PhysioNetServer
) -> None:
    with Watch(time.monotonic() + 20.0) as watch:
        watch.end()
        with pytest.raises(requests.ConnectionError):
            get(session, server)
    assert server.requests == []
    assert not watch.late


def test_an_exchange_that_was_ended_does_not_wait_on_a_connection_that_is_there(
    session: requests.Session, server: PhysioNetServer
) -> None:
    get(session, server)
    server.misbehave(Fault(delay_s=20.0))
    began = time.monotonic()
    with Watch(time.monotonic() + 20.0) as watch:
        watch.end()
        with pytest.raises(requests.ConnectionError):
            get(session, server)
    assert time.monotonic() - began < 2.0


def test_the_end_of_one_exchange_does_not_touch_the_next(
    session: requests.Session, server: PhysioNetServer
) -> None:
    with Watch(time.monotonic() + 20.0) as first:
        get(session, server)
    server.misbehave(Fault(delay_s=0.2))
    threading.Timer(0.1, first.end).start()
    with Watch(time.monotonic() + 20.0):
        assert get(session, server) == b"made"


def test_without_a_watch_connections_are_as_always(
    session: requests.Session, server: PhysioNetServer
) -> None:
    assert get(session, server) == b"made"


def test_a_time_that_is_over_ends_the_exchange(
    session: requests.Session, server: PhysioNetServer
) -> None:
    server.misbehave(Fault(header_every_s=0.05))
    with Watch(time.monotonic() + 0.3) as watch:
        answer = session.get(server.url + "made.hea", timeout=20.0)
    assert watch.late
    assert answer.content == b""

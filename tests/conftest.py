"""What every test may ask for, and what fails a run although no test did."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.physionet_server import PhysioNetServer

# Before any test module loads Qt: no test shows a window on somebody's screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_BESIDE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "physionet"
_CI = bool(os.environ.get("CI"))
_PATIENCE_S = 5.0


@pytest.fixture(scope="session")
def records_dir() -> Path:
    """Folder of real recordings laid out as PhysioNet lays them out."""
    folder = Path(os.environ.get("RHYTHMTRAINER_TEST_RECORDS", _BESIDE_CHECKOUT))
    if (folder / "mitdb" / "1.0.0" / "100.hea").is_file():
        return folder
    pytest.skip(
        "no real recordings: set RHYTHMTRAINER_TEST_RECORDS to a folder that holds mitdb/1.0.0"
    )


@pytest.fixture(autouse=True)
def loopback_without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep requests to this computer on this computer."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def physionet(records_dir: Path) -> Iterator[PhysioNetServer]:
    """The real recordings, served from a loopback address."""
    with PhysioNetServer(records_dir) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_logged_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which the program logged a warning or worse."""
    yield
    logged = [
        record.getMessage()
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING and record.name.startswith("rhythmtrainer")
    ]
    assert not logged, f"logged: {logged}"


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(_PATIENCE_S)
        assert not thread.is_alive(), f"left running: {thread.name}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Count a skipped test as a failure where everything has to run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _CI and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

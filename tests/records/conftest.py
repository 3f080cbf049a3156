"""What the tests of records share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

# Imported first, because importing the WFDB library by itself warns.
import rhythmtrainer.records.decode  # noqa: F401 - for what it imports
from rhythmtrainer.model import Database, LeadName, RecordRef, StripRef
from tests.support.physionet_server import PhysioNetServer

MITDB_100 = StripRef(RecordRef("mitdb", "1.0.0", "100"), LeadName("MLII"), 60.0, 10.0)


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


@pytest.fixture
def databases() -> dict[tuple[str, str], Database]:
    """What is said about one database."""
    mitdb = Database(
        id="mitdb",
        version="1.0.0",
        title="MIT-BIH Arrhythmia Database",
        citation="Moody GB, Mark RG, 2001",
        doi="10.13026/C2F305",
        licence="ODC-By 1.0",
        labels="Two cardiologists labelled every beat.",
    )
    return {(mitdb.id, mitdb.version): mitdb}

"""What the tests of records share."""

import pytest

# Imported first, because importing the WFDB library by itself warns.
import rhythmtrainer.records.signals.decode  # noqa: F401 - for what it imports
from rhythmtrainer.model import Database, LeadName, RecordRef, StripRef

MITDB_100 = StripRef(RecordRef("mitdb", "1.0.0", "100"), (LeadName("MLII"),), 60.0, 10.0)


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

from pathlib import Path

import pytest

from rhythmtrainer.model import RecordError
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.catalogue import load_databases
from rhythmtrainer.records.whole import provenance_of, read_whole

DATABASES = load_databases(dataset("databases.toml"))


@pytest.mark.recordings
def test_every_ecg_lead_of_a_record_is_read(records_dir: Path) -> None:
    (strip,) = read_whole(records_dir / "mitdb" / "1.0.0" / "100.hea", DATABASES)
    assert strip.leads == ("MLII", "V5")
    assert strip.duration_s == pytest.approx(1805.6, abs=0.1)
    assert strip.at_end
    assert strip.provenance.title == "MIT-BIH Arrhythmia Database 1.0.0, record 100"


@pytest.mark.recordings
def test_twelve_leads_are_read_under_their_printed_names(records_dir: Path) -> None:
    (strip,) = read_whole(records_dir / "ludb" / "1.0.1" / "data" / "1", DATABASES)
    assert len(strip.leads) == 12
    assert "aVR" in strip.leads


def test_a_missing_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"nothing\.hea is missing"):
        read_whole(tmp_path / "nothing.hea", DATABASES)


def test_a_record_outside_of_every_database_goes_by_its_name(tmp_path: Path) -> None:
    found = provenance_of(tmp_path / "my record", DATABASES)
    assert found.database is None
    assert found.title == "my record"


def test_a_record_in_the_folders_of_a_database_belongs_to_it(tmp_path: Path) -> None:
    found = provenance_of(tmp_path / "mitdb" / "1.0.0" / "100", DATABASES)
    assert found.database is DATABASES["mitdb", "1.0.0"]
    assert found.source == "mitdb/1.0.0/100"

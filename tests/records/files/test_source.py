from pathlib import Path

import pytest

from rhythmtrainer.model import Origin
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.records.files.source import SIMULATED, provenance_of
from rhythmtrainer.records.tables.catalogue import load_databases
from rhythmtrainer.training.cancel import Cancel

DATABASES = load_databases(dataset("databases.toml"))


@pytest.mark.recordings
@pytest.mark.parametrize(
    ("name", "count", "seconds"), [("mitdb/1.0.0/100", 2, 1805.6), ("ludb/1.0.1/data/1", 12, 10.0)]
)
def test_a_strip_of_a_published_record_says_so(
    records_dir: Path, name: str, count: int, seconds: float
) -> None:
    recording = Files(DATABASES).open(records_dir / f"{name}.hea", None, Cancel())
    assert len(recording.leads) == count
    assert recording.duration_s == pytest.approx(seconds, abs=0.1)
    strip = recording.read(recording.leads, 0.0, 2.0, Cancel())
    assert strip.provenance.database is not None
    assert strip.provenance.source == name
    recording.close()


def test_a_record_outside_of_every_database_names_neither_file_nor_folder(tmp_path: Path) -> None:
    found = provenance_of(tmp_path / "Smith John", DATABASES)
    assert found.database is None
    assert found.title == "own recording (WFDB)"


def test_a_record_in_the_folders_of_a_database_belongs_to_it(tmp_path: Path) -> None:
    found = provenance_of(tmp_path / "mitdb" / "1.0.0" / "100", DATABASES)
    assert found.database is DATABASES["mitdb", "1.0.0"]
    assert found.source == "mitdb/1.0.0/100"


def test_folders_inside_a_database_belong_to_it_too(tmp_path: Path) -> None:
    found = provenance_of(tmp_path / "ludb" / "1.0.1" / "data" / "7", DATABASES)
    assert found.title.endswith("record 7")
    assert found.source == "ludb/1.0.1/data/7"


@pytest.mark.parametrize(("file", "named"), [("made.hea", "made"), ("made.csv", "made.csv")])
def test_what_was_simulated_says_so(tmp_path: Path, file: str, named: str) -> None:
    (tmp_path / file).write_text(f"# {SIMULATED} 0.1.0\n", encoding="ascii")
    found = provenance_of(tmp_path / named, DATABASES)
    assert found.origin is Origin.SIMULATED
    assert found.title == "simulated (WFDB)"


def test_what_was_simulated_says_so_among_published_records_too(tmp_path: Path) -> None:
    folder = tmp_path / "mitdb" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "made.hea").write_text(f"# {SIMULATED} 0.1.0\n", encoding="ascii")
    assert provenance_of(folder / "made", DATABASES).origin is Origin.SIMULATED


def test_what_does_not_say_so_is_not_called_simulated(tmp_path: Path) -> None:
    (tmp_path / "made.csv").write_text("II\n0.1\n", encoding="ascii")
    for name in ("made.csv", "nothing.csv"):
        assert provenance_of(tmp_path / name, DATABASES).origin is Origin.REAL

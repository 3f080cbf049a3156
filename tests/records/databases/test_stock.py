import shutil
from pathlib import Path

import pytest

from rhythmtrainer.model import CancelledError
from rhythmtrainer.records.databases.stock import Stock
from rhythmtrainer.training.cancel import Cancel
from tests.support.archive import SIGNAL_BYTES, publish


def count(*folders: Path) -> dict[str, int]:
    return Stock(folders).records("mitdb", "1.0.0", Cancel())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    publish(tmp_path / "archive", records=("100", "x/101"))
    return tmp_path / "archive"


@pytest.mark.parametrize("below", ["", "mitdb", "mitdb/1.0.0"])
def test_records_are_found_from_each_level_of_the_folders(archive: Path, below: str) -> None:
    records = count(archive / below)
    assert list(records) == ["100", "x/101"]
    assert all(SIGNAL_BYTES < size < SIGNAL_BYTES + 1000 for size in records.values())


def test_a_database_may_lie_in_a_folder_without_its_version(archive: Path, tmp_path: Path) -> None:
    shutil.move(archive / "mitdb" / "1.0.0", tmp_path / "mitdb")
    assert list(count(tmp_path)) == ["100", "x/101"]
    assert list(count(tmp_path / "mitdb")) == ["100", "x/101"]


def test_another_version_is_another_database(archive: Path) -> None:
    assert Stock([archive]).records("mitdb", "0.9.0", Cancel()) == {}


def test_a_record_in_two_folders_is_one_record(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, tmp_path / "copy")
    (archive / "mitdb" / "1.0.0" / "100.dat").write_bytes(b"longer" * SIGNAL_BYTES)
    records = count(tmp_path / "copy", archive)
    assert len(records) == 2
    assert records["100"] < 2 * SIGNAL_BYTES


def test_what_has_only_begun_to_come_is_no_record(archive: Path) -> None:
    signal = archive / "mitdb" / "1.0.0" / "100.dat"
    signal.rename(signal.with_name("100.dat.part"))
    assert list(count(archive)) == ["x/101"]


def test_what_came_or_went_meanwhile_is_noticed(archive: Path) -> None:
    stock = Stock([archive])
    assert len(stock.records("mitdb", "1.0.0", Cancel())) == 2
    (archive / "mitdb" / "1.0.0" / "x" / "101.hea").unlink()
    assert list(stock.records("mitdb", "1.0.0", Cancel())) == ["100"]
    shutil.rmtree(archive)
    assert stock.records("mitdb", "1.0.0", Cancel()) == {}


def test_folders_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    assert count(tmp_path / "nowhere") == {}
    assert count() == {}


def test_counting_can_be_called_off(archive: Path) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        Stock([archive]).records("mitdb", "1.0.0", cancel)


def test_links_are_followed_but_lead_nowhere_twice(archive: Path, tmp_path: Path) -> None:
    folder = archive / "mitdb" / "1.0.0"
    shutil.move(folder / "x", tmp_path / "elsewhere")
    (folder / "x").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.dat").symlink_to(tmp_path / "nowhere")
    assert list(count(archive)) == ["100", "x/101"]
    (tmp_path / "elsewhere" / "up").symlink_to(folder)
    assert "x/101" in count(archive)

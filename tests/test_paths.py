from pathlib import Path

from rhythmtrainer.paths import asset, dataset, user_folders


def test_shipped_files_are_where_they_are_looked_for() -> None:
    assert asset("content", "rhythms.toml").is_file()
    assert dataset("catalogue.csv").is_file()


def test_everything_of_a_user_lies_in_the_folder_that_was_named(tmp_path: Path) -> None:
    folders = user_folders(tmp_path)
    files = (folders.database, folders.settings, folders.log)
    kept = (folders.data, folders.cache, folders.recordings, folders.catalogue, folders.packs)
    assert all(path.is_relative_to(tmp_path) for path in (*files, *kept))
    assert len({*files, *kept}) == len(files) + len(kept)
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_the_systems_own_folders_are_used() -> None:
    folders = user_folders()
    assert "rhythmtrainer" in folders.data.parts
    assert folders.data != folders.cache

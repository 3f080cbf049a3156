import io
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from rhythmtrainer import paths, records_command
from rhythmtrainer.model import Progress, RhythmId
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records_command import ProgressLine, Surroundings, saved_settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(None, tmp_path, None, offline=False, environ={})


def settings_of(folder: Path) -> QSettings:
    return QSettings(str(paths.user_folders(folder).settings), QSettings.Format.IniFormat)


@pytest.mark.parametrize(
    "folder",
    [
        "/mnt/records",
        "/a, b; c = d",
        "C:\\Users\\Ä Ö\\心電図",
        "",
        'a "b" c',
        "/100 %",
        "/\N{GRINNING FACE}",
    ],
)
def test_settings_are_read_as_qt_wrote_them(tmp_path: Path, folder: str) -> None:
    settings = settings_of(tmp_path)
    settings.setValue("records/folder", folder)
    settings.setValue("records/offline", True)  # noqa: FBT003 - the value that is stored
    settings.setValue("window/geometry", b"\x00\xff\n=")
    settings.sync()
    found = saved_settings(Path(settings.fileName()))
    assert found["folder"] == folder
    assert found["offline"] == "true"


@pytest.mark.parametrize(
    "text", [b"", b"[records", b"\xff\x00", b"no section\n", b"[other]\na=1\n"]
)
def test_settings_that_cannot_be_read_are_left_out(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "settings.ini"
    assert saved_settings(file) == {}
    file.write_bytes(text)
    assert saved_settings(file) == {}
    assert saved_settings(tmp_path) == {}


def test_the_command_line_comes_before_the_settings(around: Surroundings, tmp_path: Path) -> None:
    assert around.address() == DEFAULT_ARCHIVE
    settings = settings_of(tmp_path)
    settings.setValue("records/archive", "https://mirror.example/files/")
    settings.setValue("records/folder", str(tmp_path))
    settings.sync()
    assert around.address() == "https://mirror.example/files/"
    assert around.places().all_folders == (tmp_path, tmp_path / "recordings")
    other = Surroundings(None, tmp_path, "http://127.0.0.1/", offline=False, environ={})
    assert other.address() == "http://127.0.0.1/"


def test_offline_leaves_only_archives_on_this_computer(
    around: Surroundings, tmp_path: Path
) -> None:
    settings_of(tmp_path).setValue("records/offline", True)  # noqa: FBT003 - what is stored
    assert around.address() is None
    folder = Surroundings(None, tmp_path, "file:///mnt/copy", offline=True, environ={})
    assert folder.address() == "file:///mnt/copy"


def test_a_folder_of_the_environment_is_looked_at(tmp_path: Path) -> None:
    environ = {"RHYTHMTRAINER_RECORDS": str(tmp_path)}
    places = Surroundings(None, tmp_path / "data", None, offline=False, environ=environ).places()
    assert places.all_folders == (tmp_path, tmp_path / "data" / "recordings")


def test_progress_is_one_line_on_a_terminal_and_gone_afterwards() -> None:
    out = Terminal()
    with ProgressLine(out) as tell:
        tell(Progress("mitdb 100", 0.25))
        tell(Progress("x" * 500, 0.5))
        tell(Progress("waiting"))
    assert "\n" not in out.getvalue()
    shown = out.getvalue().split("\r")
    assert " 25%  mitdb 100" in shown[1]
    assert len({len(line) for line in shown[1:-1]}) == 1
    assert shown[-2].strip() == ""


def test_progress_is_a_few_lines_elsewhere() -> None:
    out = io.StringIO()
    with ProgressLine(out) as tell:
        tell(Progress("begins"))
        for number in range(1000):
            tell(Progress(f"record {number}", number / 1000))
    lines = out.getvalue().splitlines()
    assert 9 <= len(lines) <= 11
    assert lines[0] == "  0%  record 0"


def test_every_rhythm_has_a_line(around: Surroundings) -> None:
    said = records_command.coverage(around, as_json=False)
    assert len(said.splitlines()) >= len(RhythmId) + 4
    assert "only simulated" in said

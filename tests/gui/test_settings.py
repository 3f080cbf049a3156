from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.widgets.strip_stage import StripMode

pytestmark = pytest.mark.gui


def test_a_first_start_has_sensible_choices(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert settings.records_dir is None
    assert settings.archive == ""
    assert not settings.offline
    assert not settings.notice_read
    assert settings.strip_mode is StripMode.PAPER
    assert settings.geometry.isEmpty()


def test_choices_outlive_the_program(tmp_path: Path) -> None:
    first = Settings(tmp_path / "settings.ini")
    first.set_records_dir(tmp_path / "with ünicode, commas = signs")
    first.set_archive("http://127.0.0.1:8000/files/")
    first.set_offline(True)
    first.set_notice_read()
    first.set_strip_mode(StripMode.MONITOR)
    first.set_geometry(QByteArray(b"\x00\x01geometry"))
    first.save()
    again = Settings(tmp_path / "settings.ini")
    assert again.records_dir == tmp_path / "with ünicode, commas = signs"
    assert again.archive == "http://127.0.0.1:8000/files/"
    assert again.offline
    assert again.notice_read
    assert again.strip_mode is StripMode.MONITOR
    assert again.geometry == QByteArray(b"\x00\x01geometry")


def test_another_source_is_told_only_when_it_is_another(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path / "settings.ini")
    with qtbot.waitSignal(settings.source_changed):
        settings.set_offline(True)
    with qtbot.assertNotEmitted(settings.source_changed):
        settings.set_offline(True)
        settings.set_archive("  ")
        settings.set_records_dir(None)


@pytest.mark.parametrize("content", ["", "[strip]\nmode=sideways\n", "\0\0\0nonsense[[["])
def test_a_damaged_file_gives_the_usual_choices(tmp_path: Path, content: str) -> None:
    file = tmp_path / "settings.ini"
    file.write_text(content, encoding="utf-8")
    assert Settings(file).strip_mode is StripMode.PAPER

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.model import CourseId, Supply

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


def test_strips_are_real_first_until_somebody_says_otherwise(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "settings.ini"
    settings = Settings(file)
    assert settings.supply is Supply.REAL_FIRST
    with qtbot.assertNotEmitted(settings.supply_changed):
        settings.set_supply(Supply.REAL_FIRST)
    for supply in (Supply.MIXED, Supply.REAL_ONLY):
        with qtbot.waitSignal(settings.supply_changed):
            settings.set_supply(supply)
        settings.save()
        assert Settings(file).supply is supply
    file.write_text("[records]\nsupply=of old\n", encoding="utf-8")
    assert Settings(file).supply is Supply.REAL_FIRST


def test_the_course_is_acls_until_another_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    first = Settings(file)
    assert first.course is CourseId.ACLS
    first.set_course(CourseId.PALS)
    first.save()
    assert Settings(file).course is CourseId.PALS
    file.write_text("[practice]\ncourse=xyz\n", encoding="utf-8")
    assert Settings(file).course is CourseId.ACLS

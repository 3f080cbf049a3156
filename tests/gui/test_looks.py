from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.looks import StripLooks
from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.screens import screen_key
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.watch.page import WatchPage
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.strip_view import StripView

pytestmark = pytest.mark.gui


class Desk:
    """A window, and the settings that its strips follow."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.settings = Settings(folder / "settings.ini")
        self.looks = StripLooks(self.window, self.settings)
        self.looks.apply()
        self.watch = WatchPage()
        self.window.add_page("Watch", self.watch)
        self.looks.add(self.watch)

    @property
    def strips(self) -> list[StripView]:
        window = self.window
        return [window.practice.strip, self.watch.strip, window.review.strip]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_paper_chosen_at_one_strip_is_that_of_all_and_of_the_next_start(
    desk: Desk, tmp_path: Path
) -> None:
    desk.window.practice.bar.style_chosen.emit(PaperStyle.GREEN)
    assert [strip.style_shown for strip in desk.strips] == [PaperStyle.GREEN] * 3
    shown = desk.window.preferences.findChild(QComboBox, "preferencesPaper")
    assert shown is not None
    assert shown.currentText() == "Green"
    shown.activated.emit(shown.findText("Night"))
    assert [strip.style_shown for strip in desk.strips] == [PaperStyle.NIGHT] * 3
    desk.settings.save()
    assert Settings(tmp_path / "settings.ini").paper_style is PaperStyle.NIGHT


def test_a_measured_screen_gives_every_strip_its_actual_size(desk: Desk) -> None:
    assert not any(strip.calibrated for strip in desk.strips)
    ruler = desk.window.preferences.screen_ruler
    ruler.calibrated.emit(4.25)
    desk.window.practice.bar.toggle_actual_size()
    assert all(strip.actual_size for strip in desk.strips)
    assert desk.settings.px_per_mm(screen_key(desk.window.screen())) == 4.25
    ruler.forgotten.emit()
    assert not any(strip.actual_size for strip in desk.strips)


def test_the_beep_is_switched_for_all_strips(desk: Desk) -> None:
    box = desk.window.preferences.findChild(QCheckBox, "preferencesBeep")
    assert box is not None
    desk.settings.set_beep(True)
    assert all(strip.beeps for strip in desk.strips)
    # Where nothing can sound, the box does not say that something does.
    assert box.isChecked() == box.isEnabled() == desk.strips[0].has_sound


def test_settings_that_make_no_sense_are_passed_over(desk: Desk) -> None:
    for nonsense in ("nan", "inf", "-3", "0", "1e9", "wide"):
        desk.settings._store.setValue("screens/here", nonsense)
        assert desk.settings.px_per_mm("here") is None
    desk.settings._store.setValue("strip/paper", "purple")
    assert desk.settings.paper_style is PaperStyle.PINK


def test_a_page_that_comes_later_looks_as_the_others_do(desk: Desk, qtbot: QtBot) -> None:
    desk.settings.set_paper_style(PaperStyle.NIGHT)
    late = WatchPage()
    qtbot.addWidget(late)
    desk.looks.add(late)
    assert late.strip.style_shown is PaperStyle.NIGHT

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.pictures import Pictures
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_view import StripView
from tests.support import fakes

pytestmark = pytest.mark.gui


class Desk:
    """A strip, its bar, and what is said about pictures of it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.view = StripView()
        self.bar = StripBar(self.view)
        for widget in (self.view, self.bar):
            qtbot.addWidget(widget)
        self.view.resize(900, 300)
        self.view.show()
        self.settings = Settings(folder / "settings.ini")
        self.pictures = Pictures(self.view, self.bar, self.settings, self.view)
        self.pictures.set_notice("For training only.")
        self.said: list[str] = []
        self.pictures.said.connect(self.said.append)

    def show(self) -> None:
        strip = fakes.strip()
        self.view.set_strip(strip)
        self.view.set_paper_marks(measure(strip, strip.start_s, strip.end_s))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None, str], None]:
    def answer(file: Path | None, kind: str = "Picture (*.png)") -> None:
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_: ("" if file is None else str(file), kind)
        )

    return answer


def test_a_copy_is_on_the_clipboard_and_said(desk: Desk) -> None:
    desk.show()
    desk.bar.copy_wanted.emit()
    assert not QGuiApplication.clipboard().image().isNull()
    assert "clipboard" in desk.said[-1]


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_strip_is_saved_where_the_user_says(
    desk: Desk, tmp_path: Path, choose: Callable[..., None], ending: str
) -> None:
    desk.show()
    file = tmp_path / f"strip{ending}"
    choose(file)
    desk.bar.save_wanted.emit()
    assert file.stat().st_size > 1000
    assert str(file) in desk.said[-1]
    assert desk.settings.pictures_dir == tmp_path


def test_a_name_without_an_ending_gets_the_chosen_one(
    desk: Desk, tmp_path: Path, choose: Callable[..., None]
) -> None:
    desk.show()
    choose(tmp_path / "strip", "Document (*.pdf)")
    desk.bar.save_wanted.emit()
    assert (tmp_path / "strip.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_file_is_not_replaced_unasked(
    desk: Desk,
    tmp_path: Path,
    choose: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    asked: list[str] = []

    def question(_parent: object, _title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", question)
    desk.show()
    (tmp_path / "strip.png").write_text("mine")
    choose(tmp_path / "strip")
    desk.bar.save_wanted.emit()
    assert len(asked) == 1
    assert "strip.png" in asked[0]
    assert ((tmp_path / "strip.png").read_bytes() == b"mine") == (answer == "No")
    assert len(desk.said) == (answer == "Yes")


def test_what_cannot_be_saved_is_told_in_a_sentence(
    desk: Desk, tmp_path: Path, choose: Callable[..., None]
) -> None:
    desk.show()
    choose(tmp_path / "no such folder" / "strip.png")
    desk.bar.save_wanted.emit()
    assert "no such folder" in desk.said[-1]
    choose(tmp_path / "strip.docx")
    desk.bar.save_wanted.emit()
    assert "docx" in desk.said[-1]
    assert list(tmp_path.glob("strip*")) == []


def test_giving_up_says_and_saves_nothing(
    desk: Desk, tmp_path: Path, choose: Callable[..., None]
) -> None:
    desk.show()
    choose(None)
    desk.bar.save_wanted.emit()
    assert desk.said == []
    assert desk.settings.pictures_dir is None
    assert list(tmp_path.glob("*.png")) == []


def test_without_a_strip_there_is_nothing_to_save(desk: Desk) -> None:
    desk.bar.copy_wanted.emit()
    desk.bar.save_wanted.emit()
    assert len(desk.said) == 2


def test_marks_come_with_the_picture_unless_they_are_switched_off(
    desk: Desk, tmp_path: Path, choose: Callable[..., None]
) -> None:
    desk.show()
    files = [tmp_path / "marked.png", tmp_path / "bare.png"]
    for file, marks in zip(files, (True, False), strict=True):
        desk.bar._menu._marks.setChecked(marks)
        choose(file)
        desk.bar.save_wanted.emit()
    marked, bare = (QImage(str(file)) for file in files)
    assert marked.size() == bare.size()
    assert marked != bare

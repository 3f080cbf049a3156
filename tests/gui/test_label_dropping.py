from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.recordings.dropping import FileDrop

pytestmark = pytest.mark.gui

_COPY = Qt.DropAction.CopyAction
_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


def dropped(qtbot: QtBot, *urls: str) -> tuple[list[Path], bool]:
    """Drop these on a page; return what it took, and whether it said that it would."""
    page = QWidget()
    qtbot.addWidget(page)
    files: list[Path] = []
    drop = FileDrop(page)
    drop.dropped.connect(files.append)
    what = QMimeData()
    what.setUrls([QUrl(url) for url in urls])
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), _COPY, what, _LEFT, _NONE)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(5, 5), _COPY, what, _LEFT, _NONE))
    return files, enter.isAccepted()


def test_one_file_is_taken(qtbot: QtBot) -> None:
    file = Path("/somewhere/a b.edf")
    assert dropped(qtbot, file.as_uri()) == ([file], True)


@pytest.mark.parametrize(
    "urls", [(), ("file:///a.edf", "file:///b.edf"), ("https://localhost/a.edf",)]
)
def test_anything_else_is_not(qtbot: QtBot, urls: tuple[str, ...]) -> None:
    assert dropped(qtbot, *urls) == ([], False)

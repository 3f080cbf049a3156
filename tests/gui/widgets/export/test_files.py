import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.export.files import (
    PX_PER_MM,
    FileKind,
    Page,
    Words,
    as_pdf,
    as_png,
    as_svg,
    copy,
    write,
)
from rhythmtrainer.model import UserError

pytestmark = pytest.mark.gui

WORDS = Words(
    title='Lead II, 0.0-10.0 s & "more" <here>',
    shown="Lead II",
    source="Made-up Database 1.0.0, record Łódź, 0.0-10.0 s",
    licence="CC0 & <friends>",
    citation="Nobody. A database that tests make. 2026.",
    notice="Not for diagnosis.",
)
PER_MM = 300 / 25.4


def draw_boxes(painter: QPainter) -> None:
    """Two black squares of 10 mm, 30 mm apart."""
    for x_mm in (5, 35):
        box = QRectF(x_mm * PX_PER_MM, 5 * PX_PER_MM, 10 * PX_PER_MM, 10 * PX_PER_MM)
        painter.fillRect(box, QColor("black"))
    painter.drawText(QRectF(0, 0, 100, 20), "words")


PAGE = Page(50.0, 20.0, draw_boxes)


@pytest.fixture(autouse=True)
def _app(qtbot: QtBot) -> Iterator[None]:
    """Fonts and the clipboard need the program."""
    del qtbot
    yield
    QGuiApplication.clipboard().clear()


def image_of(content: bytes) -> QImage:
    return QImage.fromData(QByteArray(content))


def grey(image: QImage) -> NDArray[np.uint8]:
    flat = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), -1)
    return rows[:, : flat.width()]


def black_edges(row: NDArray[np.uint8]) -> list[int]:
    return (np.flatnonzero(np.diff((row < 128).astype(np.int8))) + 1).tolist()


def test_a_png_has_300_dots_to_the_inch_and_says_so() -> None:
    image = image_of(as_png(PAGE, WORDS))
    assert image.size() == QSize(round(50 * PER_MM), round(20 * PER_MM))
    assert image.dotsPerMeterX() == image.dotsPerMeterY() == 11811
    row = grey(image)[round(10 * PER_MM)]
    expected = [mm * PER_MM for mm in (5, 15, 35, 45)]
    assert black_edges(row) == pytest.approx(expected, abs=1)


def test_a_png_carries_whose_signal_it_shows() -> None:
    image = image_of(as_png(PAGE, WORDS))
    assert image.text("Title") == WORDS.title
    assert image.text("Source") == WORDS.source
    assert image.text("Copyright") == WORDS.licence
    assert image.text("Disclaimer") == WORDS.notice
    for said in (WORDS.source, WORDS.licence, WORDS.citation, WORDS.notice):
        assert said in image.text("Description")


def test_an_svg_is_measured_in_millimetres() -> None:
    content = as_svg(PAGE, WORDS)
    root = ET.fromstring(content)  # noqa: S314 - made a line above
    assert (root.get("width"), root.get("height")) == ("50mm", "20mm")
    assert root.get("viewBox") == "0 0 250 100"
    image = QImage(500, 200, QImage.Format.Format_RGB32)
    image.fill("white")
    painter = QPainter(image)
    QSvgRenderer(QByteArray(content)).render(painter)
    painter.end()
    assert black_edges(grey(image)[100]) == [50, 150, 350, 450]


def test_an_svg_carries_whose_signal_it_shows() -> None:
    root = ET.fromstring(as_svg(PAGE, WORDS))  # noqa: S314 - made here
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == WORDS.title
    assert root.findtext(f"{space}desc") == WORDS.in_full


def test_the_text_of_an_svg_has_letters_on_every_computer() -> None:
    families = re.findall(r'<text[^>]*font-family="([^"]*)"', as_svg(PAGE, WORDS).decode())
    assert families
    assert all(family.endswith(", sans-serif") for family in families)


def test_a_pdf_has_pages_of_the_true_size() -> None:
    content = as_pdf([PAGE, Page(297.0, 210.0, draw_boxes)], WORDS)
    boxes = re.findall(rb"/MediaBox \[0 0 (\d+)\.0+ (\d+)\.0+\]", content)
    # Points: 72 to the inch, whole ones.
    assert boxes == [(b"142", b"57"), (b"842", b"595")]


def test_a_pdf_carries_whose_signal_it_shows() -> None:
    content = as_pdf([PAGE], WORDS)
    xmp = content[content.index(b"<x:xmpmeta") : content.index(b"</x:xmpmeta>") + 12]
    said = "\n".join(ET.fromstring(xmp).itertext())  # noqa: S314 - made here
    for text in (WORDS.title, WORDS.source, WORDS.licence, WORDS.in_full):
        assert text in said


def test_the_clipboard_gets_the_same_picture() -> None:
    copy(PAGE, WORDS)
    held = QGuiApplication.clipboard().mimeData()
    assert held.hasImage()
    assert not held.hasText()
    image = QGuiApplication.clipboard().image()
    assert image == image_of(as_png(PAGE, WORDS))
    assert image.text("Copyright") == WORDS.licence
    assert image.dotsPerMeterX() == 11811


def test_the_program_ends_well_with_a_picture_on_the_clipboard() -> None:
    code = (
        "from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from rhythmtrainer.gui.widgets.export.files import Page, Words, copy;"
        "copy(Page(50.0, 20.0, lambda painter: None), Words('a', 'a', 'b', 'c', 'd', 'e'))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this interpreter


@pytest.mark.parametrize("name", ["a.png", "a.b.PNG", "ä ö.Png"])
def test_a_kind_is_told_by_the_ending(name: str) -> None:
    assert FileKind.of(Path(name)) is FileKind.PNG


@pytest.mark.parametrize("name", ["strip", "strip.jpg", "png", ".png", "strip.png ", "a.png/b"])
def test_an_unknown_ending_is_told_with_those_that_are_known(name: str) -> None:
    with pytest.raises(UserError, match=r"end the name with \.png, \.svg or \.pdf"):
        FileKind.of(Path(name))


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "strip ü.png"
    write(file, b"one")
    write(file, b"the other")
    assert file.read_bytes() == b"the other"
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be written: .+\."):
        write(tmp_path / "none" / "strip.png", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_files_place_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / "strip.png").mkdir()
    with pytest.raises(UserError, match=r"cannot be written: .+\."):
        write(tmp_path / "strip.png", b"content")
    assert (tmp_path / "strip.png").is_dir()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"a file")
    with pytest.raises(UserError, match=r"cannot be written: .+\."):
        write(tmp_path / "folder" / "strip.png", b"content")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    file = tmp_path / "strip.png"
    write(file, b"before")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
    try:
        with pytest.raises(UserError, match=r"cannot be written: File too large\."):
            write(file, bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_page_too_large_for_an_image_is_told() -> None:
    with pytest.raises(UserError, match="shorter stretch"):
        as_png(Page(1e6, 1e6, draw_boxes), WORDS)

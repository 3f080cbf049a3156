"""Pages as PNG, SVG and PDF, at their true size and with what has to be said about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Final, Self

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QSaveFile,
    QSize,
    QSizeF,
)
from PySide6.QtGui import QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter

from rhythmtrainer.gui.widgets.export.svg import draw_svg
from rhythmtrainer.model import UserError

PX_PER_MM: Final = 5.0
"""What painters of pages measure in: text of 12 pixels is printed at 7 points."""

_MM_PER_INCH: Final = 25.4
_MM_PER_M: Final = 1000.0
_PNG_DPI: Final = 300
# Five minutes of one lead; 290 MB while it is drawn.
_MOST_DOTS: Final = 72_000_000
_PDF_DPI: Final = 1200
_POINTS_PER_INCH: Final = 72
_PROGRAM: Final = "Rhythm Trainer"


class FileKind(StrEnum):
    """Kinds of picture files; each value is the ending."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"

    @classmethod
    def of(cls, file: Path) -> Self:
        """Return the kind of a file by its ending.

        Raises
        ------
        UserError
            If it is none of these.
        """
        ending = file.suffix.lower().removeprefix(".")
        for kind in cls:
            if kind.value == ending:
                return kind
        raise UserError(
            f"A strip can be saved as PNG, SVG or PDF, not as “{file.name}”: "
            "end the name with .png, .svg or .pdf."
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says about itself to those who do not look at it.

    Attributes
    ----------
    title
        What is drawn, in one line.
    shown
        The same without the caption: leads and seconds.
    source
        Which recording, and which part of it.
    licence
        Under which the signal may be passed on.
    citation
        What to cite; empty where nothing is known.
    notice
        What the picture is not meant for.
    """

    title: str
    shown: str
    source: str
    licence: str
    citation: str
    notice: str

    @property
    def licence_sentence(self) -> str:
        """The licence, or that it is not stated."""
        said = self.licence[:1].upper() + self.licence[1:]
        return f"{said}." if said.startswith("Licence") else f"Licence: {self.licence}."

    @property
    def in_full(self) -> str:
        """Everything but the title, one sentence a line."""
        said = (self.source, self.licence_sentence, self.citation, self.notice)
        return "\n".join(line for line in said if line)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A piece of paper and what is drawn on it.

    Attributes
    ----------
    draw
        Draws on a painter that measures in logical pixels, `PX_PER_MM` for each millimetre.
    """

    width_mm: float
    height_mm: float
    draw: Callable[[QPainter], None]

    @property
    def width(self) -> int:
        """Width in logical pixels."""
        return round(self.width_mm * PX_PER_MM)

    @property
    def height(self) -> int:
        """Height in logical pixels."""
        return round(self.height_mm * PX_PER_MM)


def as_image(page: Page, words: Words) -> QImage:
    """Draw a page with 300 dots to the inch.

    Raises
    ------
    UserError
        If that would be too large.
    """
    dots = _PNG_DPI / _MM_PER_INCH
    width, height = round(page.width_mm * dots), round(page.height_mm * dots)
    if width * height > _MOST_DOTS:
        raise UserError("The picture would be too large: choose a shorter stretch, or PDF.")
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill("white")
    image.setDevicePixelRatio(dots / PX_PER_MM)
    painter = QPainter(image)
    page.draw(painter)
    painter.end()
    image.setDevicePixelRatio(1.0)
    per_m = round(dots * _MM_PER_M)
    image.setDotsPerMeterX(per_m)
    image.setDotsPerMeterY(per_m)
    # The names are those of the PNG standard.
    for name, text in (
        ("Title", words.title),
        ("Description", words.in_full),
        ("Source", words.source),
        ("Copyright", words.licence),
        ("Author", words.citation),
        ("Disclaimer", words.notice),
        ("Software", _PROGRAM),
    ):
        if text:
            image.setText(name, text)
    return image


def as_png(page: Page, words: Words) -> bytes:
    """Draw a page as a PNG file that prints at its true size."""
    buffer = _open_buffer()
    as_image(page, words).save(buffer, "PNG")  # type: ignore[call-overload] # the stubs ask for bytes
    return bytes(buffer.data().data())


def as_svg(page: Page, words: Words) -> bytes:
    """Draw a page as an SVG file whose units are millimetres."""
    resolution = round(PX_PER_MM * _MM_PER_INCH)
    size = QSize(page.width, page.height)
    return draw_svg(size, resolution, words.title, words.in_full, page.draw)


def as_pdf(pages: Sequence[Page], words: Words) -> bytes:
    """Draw pages as one PDF file at their true size."""
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    writer.setTitle(words.title)
    writer.setCreator(_PROGRAM)
    if hasattr(writer, "setAuthor"):  # Since Qt 6.9.
        writer.setAuthor(words.citation)
    writer.setDocumentXmpMetadata(QByteArray(_xmp(words).encode()))
    writer.setPageMargins(QMarginsF())
    writer.setPageSize(_page_size(pages[0]))
    painter = QPainter(writer)
    for place, page in enumerate(pages):
        if place:
            writer.setPageSize(_page_size(page))
            writer.newPage()
        painter.save()
        scale = _PDF_DPI / _MM_PER_INCH / PX_PER_MM
        painter.scale(scale, scale)
        page.draw(painter)
        painter.restore()
    painter.end()
    return bytes(buffer.data().data())


def _page_size(page: Page) -> QPageSize:
    """Return the page's size in whole points, to which Qt would round it down."""
    points = _POINTS_PER_INCH / _MM_PER_INCH
    size = QSizeF(round(page.width_mm * points), round(page.height_mm * points))
    match = QPageSize.SizeMatchPolicy.FuzzyMatch
    return QPageSize(size, QPageSize.Unit.Point, "", match)


def _xmp(words: Words) -> str:
    """Return the metadata of a PDF file in Adobe's XML, which has a place for a licence."""

    def said(name: str, text: str) -> str:
        line = f'<rdf:li xml:lang="x-default">{escape(text)}</rdf:li>'
        return f"<dc:{name}><rdf:Alt>{line}</rdf:Alt></dc:{name}>"

    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{said('title', words.title)}{said('description', words.in_full)}"
        f"{said('rights', words.licence)}<dc:source>{escape(words.source)}</dc:source>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    )


def write(file: Path, content: bytes) -> None:
    """Write a file under a temporary name in its folder, then move it into place.

    Raises
    ------
    UserError
        If it cannot be written; what was there before is still there.
    """
    target = QSaveFile(str(file))
    opened = target.open(QIODevice.OpenModeFlag.WriteOnly)
    if not (opened and _write_whole(target, content) and target.commit()):
        fault = target.errorString()
        if target.isOpen():
            target.cancelWriting()
            # Takes the temporary file away.
            target.commit()
        raise UserError(f"The picture {file} cannot be written: {fault}.")


def _write_whole(target: QSaveFile, content: bytes) -> bool:
    """Write on after a part has been taken: only then a full disk says what it is."""
    left = content
    while left:
        written = target.write(left)
        if written < 1:
            return False
        left = left[written:]
    return True


def copy(page: Page, words: Words) -> None:
    """Put a page on the clipboard; other programs get it in the kinds they ask for.

    There is no text beside it: programs that take text would paste that in the picture's place.
    """
    QGuiApplication.clipboard().setImage(as_image(page, words))


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer

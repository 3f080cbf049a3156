"""A strip on ECG paper as a picture for others: saved, or copied to the clipboard."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtGui import QImage

from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.export import files
from rhythmtrainer.gui.widgets.export.files import FileKind, Words
from rhythmtrainer.gui.widgets.export.page import PageMaker
from rhythmtrainer.gui.widgets.export.words import words_for
from rhythmtrainer.gui.widgets.overlay import Overlay
from rhythmtrainer.gui.widgets.paper.sheet import Sheet, SheetStyle
from rhythmtrainer.model import Strip


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is to be drawn.

    It tells where the strips come from and under which licence; it never tells what they show,
    unless the caption does.

    Attributes
    ----------
    strips
        Leads of different length or rate come as several strips. All of it is drawn: cut them
        first.
    notice
        What the picture must say about itself.
    style
        Layout, speed, gain and leads, as on the screen.
    paper
        What it is drawn on, whatever the style says: a dark screen's paper does not print well.
    overlays
        Marks, calipers and rulers over the strip; none to leave them out.
    caption
        Printed above, for example the rhythm's name; empty where that is a question.
    """

    strips: Sequence[Strip]
    notice: str
    style: SheetStyle = field(default_factory=SheetStyle)
    paper: PaperStyle = PaperStyle.PINK
    overlays: Sequence[Overlay] = ()
    caption: str = ""

    def save(self, file: Path) -> None:
        """Write the picture as PNG, SVG or PDF, by the file's ending, at its true size.

        Raises
        ------
        UserError
            If the ending is another, the strip is too long, or the file cannot be written; what
            was there before is still there then.
        """
        kind = FileKind.of(file)
        files.write(file, self.content(kind))

    def content(self, kind: FileKind) -> bytes:
        """Return what `save` writes."""
        maker = self._maker()
        if kind is FileKind.PNG:
            return files.as_png(maker.whole(), self.words)
        if kind is FileKind.SVG:
            return files.as_svg(maker.whole(), self.words)
        return files.as_pdf(maker.printed(), self.words)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        files.copy(self._maker().whole(), self.words)

    def image(self) -> QImage:
        """Return the picture that is copied, and saved as PNG."""
        return files.as_image(self._maker().whole(), self.words)

    @property
    def words(self) -> Words:
        """What the file says about itself."""
        return words_for(self.strips, self.notice, self.caption)

    def _maker(self) -> PageMaker:
        sheet = Sheet(self.strips, replace(self.style, paper=self.paper))
        return PageMaker(sheet, self.words, self.caption, self.overlays)

"""SVG files whose drawings end where they are clipped, which Qt's own do not."""

import re
from collections.abc import Callable
from html import escape
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

# The small profile that Qt writes knows no clipping.
_TINY: Final = 'version="1.2" baseProfile="tiny"'
_FULL: Final = 'version="1.1"'

_MARK: Final = re.compile(r"<text [^>]*>@clip(\d+)@</text>\n?")
_STATE: Final = re.compile(r"<g [^>]*>")
_EMPTY: Final = re.compile(r"<g [^>]*>\s*</g>\s*")


def draw_svg(
    size: QSize, dots_per_inch: int, title: str, description: str, draw: Callable[[QPainter], None]
) -> bytes:
    """Return a drawing as an SVG file measured in millimetres.

    Parameters
    ----------
    size
        In the painter's units.
    dots_per_inch
        Of the painter's units, how many are an inch.
    """
    # Nothing else of the program needs it.
    from PySide6.QtSvg import QSvgGenerator  # noqa: PLC0415 - kept out of the start

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(dots_per_inch)
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(0, 0), size))
    generator.setTitle(title)
    generator.setDescription(description)
    painter = _MarkingPainter(generator)
    family = painter.font().family()
    draw(painter)
    painter.finish()
    text = _clipped(bytes(buffer.data().data()).decode(), painter.areas)
    text = text.replace(_TINY, _FULL, 1)
    # The family of this computer's window is not on every other computer.
    own = f'font-family="{escape(family)}"'
    return text.replace(own, f'{own[:-1]}, sans-serif"').encode()


class _MarkingPainter(QPainter):
    """Leaves a mark in the file wherever another area is clipped to.

    Areas are rectangles: of others, that which holds them counts.

    Attributes
    ----------
    areas
        What is clipped to behind a mark, by its number. 0 is everything.
    """

    def __init__(self, device: Any) -> None:
        super().__init__(device)
        self.areas: list[QRectF | None] = [None]
        self._now = 0
        self._saved: list[int] = []

    def finish(self) -> None:
        """End the drawing outside of all areas."""
        self._clip_to(0)
        self.end()

    def save(self) -> None:
        """Keep the area too."""
        super().save()
        self._saved.append(self._now)

    def restore(self) -> None:
        """Go back to the area that was kept."""
        super().restore()
        self._clip_to(self._saved.pop() if self._saved else 0)

    def setClipRect(self, *given: Any) -> None:  # noqa: N802 - Qt's
        """Clip to a rectangle, or to what it shares with the area before."""
        super().setClipRect(*given)
        sides = [side for side in given if isinstance(side, int | float)]
        area = QRectF(*sides) if sides else QRectF(given[0])
        self._narrow(area, given[-1])

    def setClipPath(self, *given: Any) -> None:  # noqa: N802 - Qt's
        """Clip to a path's rectangle."""
        super().setClipPath(*given)
        self._narrow(given[0].boundingRect(), given[-1])

    def setClipRegion(self, *given: Any) -> None:  # noqa: N802 - Qt's
        """Clip to a region's rectangle."""
        super().setClipRegion(*given)
        self._narrow(QRectF(given[0].boundingRect()), given[-1])

    def setClipping(self, enable: bool) -> None:  # noqa: FBT001, N802 - Qt's
        """Clip no longer; what was clipped to before is not known again."""
        super().setClipping(enable)
        if not enable:
            self._clip_to(0)

    def _narrow(self, area: QRectF, how: Any) -> None:
        if how is Qt.ClipOperation.NoClip:
            self._clip_to(0)
            return
        mapped = self.transform().mapRect(area)
        before = self.areas[self._now]
        if how is Qt.ClipOperation.IntersectClip and before is not None:
            mapped = mapped.intersected(before)
        if mapped not in self.areas:
            self.areas.append(mapped)
        self._clip_to(self.areas.index(mapped))

    def _clip_to(self, number: int) -> None:
        if number == self._now:
            return
        self._now = number
        super().save()
        # Without a pen no text is written.
        self.setPen(Qt.PenStyle.SolidLine)
        self.drawText(QPointF(0, 0), f"@clip{number}@")
        super().restore()


def _clipped(text: str, areas: list[QRectF | None]) -> str:
    """Put what lies between two marks into a group that is clipped."""
    pieces: list[str] = []
    state, inside, begin = "", False, 0
    for mark in _MARK.finditer(text):
        piece = text[begin : mark.start()]
        state = (_STATE.findall(piece) or [state])[-1]
        number = int(mark[1])
        leave = "</g>\n</g>\n" if inside else "</g>\n"
        enter = f'<g clip-path="url(#clip{number})">\n' if number else ""
        pieces += [piece, leave, enter, state, "\n"]
        inside, begin = bool(number), mark.end()
    pieces.append(text[begin:])
    drawn = "".join(pieces)
    while (tidier := _EMPTY.sub("", drawn)) != drawn:
        drawn = tidier
    shapes = "".join(
        f'<clipPath id="clip{number}"><rect x="{area.x():g}" y="{area.y():g}" '
        f'width="{area.width():g}" height="{area.height():g}"/></clipPath>\n'
        for number, area in enumerate(areas)
        if area is not None
    )
    return drawn.replace("<defs>\n", f"<defs>\n{shapes}", 1)

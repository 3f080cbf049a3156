"""A widget that draws strips on ECG paper, and shows the part of them that is wanted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.overlay import Overlay
from rhythmtrainer.gui.widgets.paper.channel import Channel, channels_of
from rhythmtrainer.gui.widgets.paper.describing import describe
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.picture import Picture
from rhythmtrainer.gui.widgets.paper.position_bar import PositionBar
from rhythmtrainer.gui.widgets.paper.pyramids import Pyramids
from rhythmtrainer.gui.widgets.paper.scale import Screen
from rhythmtrainer.gui.widgets.paper.sheet import Sheet, SheetStyle
from rhythmtrainer.gui.widgets.paper.viewport import Viewport
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import Strip

_LEAST_HEIGHT: Final = 280
_ROW_HEIGHT: Final = 100
# Half of it lies outside.
_FOCUS_PX: Final = 4.0


class PaperSurface(QWidget):
    """Shows strips on ECG paper; fitting its width unless zoomed or in actual size.

    Signals
    -------
    painted
        A new strip's samples are on the screen for the first time.
    view_changed
        Something else is seen, or in another size.
    """

    painted = Signal()
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(33 * UNIT)
        self._strips: tuple[Strip, ...] = ()
        self._channels: tuple[Channel, ...] = ()
        self._sheet = Sheet(())
        self._viewport = Viewport(self._sheet)
        self._overlays: tuple[Overlay, ...] = ()
        self._announced = True
        self._seen: tuple[Any, ...] = ()
        self._picture = Picture()
        self._scale_painted: tuple[Sheet, Frame] | None = None
        self._pyramids = Pyramids(self)
        self._pyramids.ready.connect(self._redraw)

    def sizeHint(self) -> QSize:
        """Ask for the proportions of a ten-second strip, and for readable rows."""
        return QSize(1000, max(_LEAST_HEIGHT, _ROW_HEIGHT * self._sheet.rows))

    # What is shown

    def set_strip(self, strip: Strip | None, *others: Strip) -> None:
        """Show a strip from its beginning and its first lead, fitting, unmarked; or nothing.

        Parameters
        ----------
        others
            Leads of another rate or length. Channel numbers count through all leads of all.
        """
        self._strips = () if strip is None else (strip, *others)
        self._channels = channels_of(self._strips)
        self._pyramids.set_channels(self._channels)
        self._overlays = ()
        self._announced = strip is None
        self._set_style(replace(self._sheet.style, channel=None, chosen=None))
        self._viewport.fit()
        self.show_from(self._sheet.start_s)

    def lengthen(self, strip: Strip, *others: Strip) -> None:
        """Show more of the same recording; one goes on looking where one looks."""
        self._strips = (strip, *others)
        self._channels = channels_of(self._strips)
        self._pyramids.set_channels(self._channels)
        self._set_style(self._sheet.style)

    def set_layout(self, layout: PaperLayout) -> None:
        """Lay the leads out in another way, and fit."""
        if layout is not self._sheet.style.layout:
            self._set_style(replace(self._sheet.style, layout=layout))
            self.fit()

    def set_channel(self, channel: int) -> None:
        """Draw another lead across the width: alone, or below the twelve."""
        if channel != self.channel:
            self._set_style(replace(self._sheet.style, channel=channel))

    def set_chosen(self, channels: Sequence[int] | None) -> None:
        """Draw some leads one below another, or all."""
        chosen = None if channels is None else tuple(channels)
        if chosen != self._sheet.style.chosen:
            self._set_style(replace(self._sheet.style, chosen=chosen))

    def set_speed(self, mm_s: float) -> None:
        """Let the paper run faster or slower; the seconds that are seen stay."""
        if mm_s != self._sheet.style.speed_mm_s:
            self._set_style(replace(self._sheet.style, speed_mm_s=mm_s))
            self.show_from(self.frame.from_s)

    def set_gain(self, mm_mv: float | None) -> None:
        """Draw a millivolt so high; negative to invert, None for what fits."""
        if mm_mv != self._sheet.style.gain_mm_mv:
            self._set_style(replace(self._sheet.style, gain_mm_mv=mm_mv))

    def set_style(self, paper: PaperStyle) -> None:
        """Draw on another kind of paper."""
        if paper is not self._sheet.style.paper:
            self._set_style(replace(self._sheet.style, paper=paper))

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Draw these over the strip, which stays where it is."""
        self._overlays = tuple(overlays)
        self.update()

    @property
    def sheet(self) -> Sheet:
        """What is drawn, to be drawn elsewhere too."""
        return self._sheet

    @property
    def channel(self) -> int:
        """The lead that is drawn across the width."""
        chosen, cells = self._sheet.style.channel, self._sheet.cells
        if chosen is None and self._sheet.layout is PaperLayout.TWELVE and cells:
            return cells[-1].channel
        return chosen or 0

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """What is drawn over the strip, without the tool."""
        return self._overlays

    # Which part, and how large

    def set_screen_px_per_mm(self, px_per_mm: float | None) -> None:
        """Say how many logical pixels a millimetre of this screen has; None if nobody knows."""
        if px_per_mm != self._viewport.screen_px_per_mm:
            self._viewport.screen_px_per_mm = px_per_mm
            self.update()
            self._tell()

    def set_actual_size(self, actual: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Draw paper in its own size where the screen's is known, or fitting the width."""
        if actual != self._viewport.wants_actual_size:
            self._viewport.wants_actual_size = actual
            self.fit()

    @property
    def is_actual_size(self) -> bool:
        """Whether a millimetre of paper is one on the screen."""
        return self._viewport.is_actual_size

    def fit(self) -> None:
        """Show all in the width; a page of twelve leads, or paper in its own size, as it is."""
        self._viewport.fit()
        self._tell()

    def zoom(self, factor: float, about_x: float | None = None) -> None:
        """Draw larger or smaller.

        Parameters
        ----------
        factor
            Above 1 for larger.
        about_x
            What lies here, in logical pixels, stays; the middle if None.
        """
        if self._channels and factor > 0:
            self._viewport.zoom(factor, about_x)
            self._tell()

    def scroll(self, seconds: float) -> None:  # type: ignore[override]
        """Show what lies so many seconds later, or earlier if negative."""
        self.show_from(self.frame.from_s + seconds)

    def show_from(self, seconds: float) -> None:
        """Show what begins so many seconds from the recording's first sample, as far as can be."""
        self._viewport.show_from(seconds)
        self._tell()

    def show_end(self) -> None:
        """Show the end of the recording."""
        self.show_from(self._sheet.end_s)

    @property
    def visible_s(self) -> tuple[float, float]:
        """What is seen, in seconds from the recording's first sample."""
        frame = self.frame
        return frame.from_s, min(frame.from_s + frame.shown_s, self._sheet.end_s)

    @property
    def shows_all(self) -> bool:
        """Whether nothing lies beyond what is seen."""
        return self._viewport.shows_all

    @property
    def px_per_mm(self) -> float:
        """Logical pixels for each millimetre of paper."""
        return self.frame.px_per_mm

    @property
    def frame(self) -> Frame:
        """What is drawn, in logical pixels."""
        self._viewport.screen = Screen(QSizeF(self.size()), self.devicePixelRatioF())
        return self._viewport.frame

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Where each lead lies now, in logical pixels."""
        ratio = self.devicePixelRatioF()
        return tuple(_divided(s, ratio) for s in self._sheet.stretches(self.frame.scaled(ratio)))

    @property
    def description(self) -> str:
        """What is drawn, for a screen reader, without what it means."""
        return describe(self._sheet, self.frame)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew."""
        super().resizeEvent(event)
        self._tell()

    def event(self, event: QEvent) -> bool:
        """Draw anew on a screen with other pixels."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._redraw()
            self._tell()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is new on the paper, then what is printed, and what lies over it."""
        del event
        frame, ratio = self.frame, self.devicePixelRatioF()
        device = frame.scaled(ratio)
        painter = QPainter(self)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        self._paint_paper(painter, device)
        self._sheet.paint_print(painter, device, self._size_note())
        painter.restore()
        if not self.shows_all:
            self._bar.paint(painter, self.visible_s, self._sheet.colours)
        self._paint_over(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._sheet.colours.mark, _FOCUS_PX))
            painter.drawRect(self.rect())
        painter.end()
        if not self._announced:
            self._announced = True
            self.painted.emit()

    # Inside

    @property
    def _bar(self) -> PositionBar:
        return PositionBar(QRectF(self.rect()), self._sheet.start_s, self._sheet.end_s)

    def _set_style(self, style: SheetStyle) -> None:
        self._sheet = Sheet(self._strips, style, channels=self._channels)
        self._viewport.sheet = self._sheet
        self._redraw()
        self._tell()

    def _redraw(self) -> None:
        self._picture.forget()
        self._scale_painted = None
        self.update()

    def _tell(self) -> None:
        """Draw, and say so, if something else is to be seen."""
        seen = (self.frame, id(self._sheet))
        if seen != self._seen:
            self._seen = seen
            self.update()
            self.view_changed.emit()

    def _paint_paper(self, painter: QPainter, device: Frame) -> None:
        """Draw grid and traces: anew while the scale changes, else from the kept picture.

        To fill a picture and then copy it costs more than drawing, unless it is copied again.
        """
        scale = self._sheet, replace(device, from_s=0.0)
        is_new, self._scale_painted = scale != self._scale_painted, scale
        kept = self._picture.is_of(self._sheet, device)
        grid = self._sheet.grid(device)
        if is_new and not kept and grid.is_painted_fast:
            grid.paint(painter)
            self._sheet.paint_traces(painter, device, (0.0, device.width))
        else:
            self._picture.show(self._sheet, device)
            self._picture.paint(painter)

    @property
    def _over(self) -> tuple[Overlay, ...]:
        """What is drawn over the strip, the last one topmost."""
        return self._overlays

    def _paint_over(self, painter: QPainter) -> None:
        if not self._over:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stretches = self.stretches
        for overlay in self._over:
            overlay.draw(painter, stretches, self._sheet.colours)

    def _size_note(self) -> str:
        """Return how large paper is drawn, where that is known."""
        share = self._viewport.share_of_actual_size
        if share is None or not self._channels:
            return ""
        return "actual size" if self.is_actual_size else f"at {100 * share:.0f} % of actual size"


def _divided(stretch: Stretch, ratio: float) -> Stretch:
    """Return a stretch in logical pixels."""
    return replace(
        stretch,
        left=stretch.left / ratio,
        top=stretch.top / ratio,
        bottom=stretch.bottom / ratio,
        baseline=stretch.baseline / ratio,
        px_per_s=stretch.px_per_s / ratio,
        px_per_mv=stretch.px_per_mv / ratio,
        px_per_mm=stretch.px_per_mm / ratio,
    )

"""The monitor's screen as a widget: what is drawn when the sweep stands where it stands."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, cast

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.colours import MONITOR
from rhythmtrainer.gui.widgets.monitor.heart_rate import HeartDisplay
from rhythmtrainer.gui.widgets.monitor.layout import SPEEDS_MM_S, Layout, Scale, lay_out
from rhythmtrainer.gui.widgets.monitor.screen import Screen
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.gui.widgets.monitor.window import (
    NOTHING,
    Window,
    farthest_back_s,
    looking_back,
    stretches,
    sweeping,
)
from rhythmtrainer.gui.widgets.monitor.words import Header, Standing, description, header
from rhythmtrainer.gui.widgets.overlay import Overlay, Tool
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tool_hand import ToolHand

_LEAST_HEIGHT_PX: Final = 33 * UNIT
_USUAL_SIZE: Final = QSize(1000, 280)
# Half of it is cut off at the edge.
_FOCUS_PX: Final = 4
RUNNING: Final = Standing(frozen=False, back_s=0.0, ending="")


class MonitorSurface(QWidget):
    """Shows a tape as far as it was played, at some scale, with what lies over it.

    Overlays are drawn, and a tool gets mouse and keys, while the sweep rests: frozen, or at its
    end.

    Signals
    -------
    view_changed
        `stretches` have changed otherwise than by the sweep's going on, or the heart rate has.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT_PX)
        self._tape: Tape | None = None
        self._standing = RUNNING
        self._heart = HeartDisplay(0.0)
        self._scale = Scale()
        self._leads_shown: tuple[int, ...] | None = None
        self._rate_shown = False
        self._layout: Layout | None = None
        self._screen: Screen | None = None
        self._overlays: tuple[Overlay, ...] = ()
        self._hand = ToolHand(self, lambda: self.stretches, lambda: self._resting)

    def sizeHint(self) -> QSize:
        """Ask for the same room as the paper, so that changing over moves nothing."""
        return _USUAL_SIZE

    def set_speed(self, speed_mm_s: float) -> None:
        """Sweep at 12.5, 25 or 50 mm/s.

        Raises
        ------
        ValueError
            For another speed.
        """
        if speed_mm_s not in SPEEDS_MM_S:
            raise ValueError(f"speed must be one of {SPEEDS_MM_S} mm/s, got {speed_mm_s:g}")
        self._set_scale(replace(self._scale, speed_mm_s=speed_mm_s))

    def set_gain(self, mm_per_mv: float | None) -> None:
        """Draw a millivolt so many millimetres high.

        Parameters
        ----------
        mm_per_mv
            Negative to invert; None for the largest customary gain at which the leads fit.

        Raises
        ------
        ValueError
            If it is 0 or not finite.
        """
        if mm_per_mv is not None and (mm_per_mv == 0 or not math.isfinite(mm_per_mv)):
            raise ValueError(f"gain must be finite and not 0 mm/mV, got {mm_per_mv}")
        self._set_scale(replace(self._scale, gain_mm_mv=mm_per_mv))

    def set_px_per_mm(self, px_per_mm: float | None) -> None:
        """Draw a millimetre so many logical pixels long; None to fit ten seconds into the width.

        Raises
        ------
        ValueError
            If it is not finite and above 0.
        """
        if px_per_mm is not None and not (0 < px_per_mm < math.inf):
            raise ValueError(f"px_per_mm must be finite and above 0, got {px_per_mm}")
        self._set_scale(replace(self._scale, px_per_mm=px_per_mm))

    def set_leads_shown(self, channels: Sequence[int] | None) -> None:
        """Show some of the leads, from the top.

        Parameters
        ----------
        channels
            Their places among all leads of all strips, from 0, at most twelve; those that a strip
            does not have are left out. None for the first twelve.
        """
        shown = None if channels is None else tuple(channels)
        if shown != self._leads_shown:
            self._leads_shown = shown
            self._lay_out_anew()

    def set_heart_rate_shown(self, shown: bool) -> None:  # noqa: FBT001 - Qt's setters look so
        """Show the heart rate beside what is printed above the traces, or not."""
        if shown != self._rate_shown:
            self._rate_shown = shown
            self._screen = None
            self.update()

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Draw these over the traces while the sweep rests."""
        if tuple(overlays) != self._overlays:
            self._overlays = tuple(overlays)
            self.update()

    def set_tool(self, tool: Tool | None) -> None:
        """Give mouse and keys to a tool while the sweep rests; it is drawn over everything."""
        self._hand.set_tool(tool)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Where each lead lies: first what was swept since the left edge, then what is older."""
        if self._tape is None:
            return ()
        layout = self._ready_layout()
        return stretches(layout, self._tape, self._window(layout))

    @property
    def heart_rate(self) -> str:
        """The heart rate as it is displayed."""
        return self._heart.printed

    @property
    def description(self) -> str:
        """What is drawn, in sentences for a screen reader; never what it means."""
        rate = self.heart_rate if self._rate_shown else None
        return description(self._tape, self._ready_layout(), self._standing, rate)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the screen anew at the new size."""
        self._lay_out_anew()
        super().resizeEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - as Qt declares it
        """Let Tab choose parts of the tool before it moves the focus."""
        return self._hand.tab(forward=forward) or super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        """Draw the screen anew when it has moved to another kind of display."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._lay_out_anew()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the tool take hold of what is under the mouse."""
        left = event.button() is Qt.MouseButton.LeftButton
        if not (left and self._hand.press(event.position())):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the tool move what it holds."""
        if not self._hand.move(event.position()):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the tool let go."""
        if not self._hand.release():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the tool answer a key; the page gets those it does not know."""
        if not self._hand.key(event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the screen's picture, and draw what lies over it while it rests."""
        ratio = self.devicePixelRatioF()
        if self._layout is not None and self._layout.ratio != ratio:
            self._layout = self._screen = None
        screen = self._ready_screen()
        with QPainter(self) as painter:
            painter.scale(1 / ratio, 1 / ratio)
            # The stubs do not know that a region can be walked through.
            for area in cast("Iterable[QRect]", event.region()):
                device = _device_area(area, ratio)
                # Within one rectangle Qt copies lines; within several it blends spans, at five
                # times the cost.
                painter.setClipRect(device)
                painter.drawImage(device.topLeft(), screen.image, device)
            painter.setClipping(False)
            painter.scale(ratio, ratio)
            self._draw_over(painter)
            if self.hasFocus():
                painter.setPen(QPen(MONITOR.mark, _FOCUS_PX))
                painter.drawRect(self.rect())

    @property
    def _resting(self) -> bool:
        return self._tape is not None and self._standing.rests(self._tape)

    def _set_scale(self, scale: Scale) -> None:
        if scale != self._scale:
            self._scale = scale
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._layout = self._screen = None
        if self._tape is not None and self._standing.back_s:
            farthest_s = farthest_back_s(self._ready_layout(), self._tape)
            back_s = min(self._standing.back_s, farthest_s)
            self._standing = replace(self._standing, back_s=back_s)
        self.update()
        self.view_changed.emit()

    def _ready_layout(self) -> Layout:
        if self._layout is None:
            channels = self._tape.channels(self._leads_shown) if self._tape else []
            size = (self.width(), self.height())
            self._layout = lay_out(size, self.devicePixelRatioF(), self._scale, channels)
        return self._layout

    def _ready_screen(self) -> Screen:
        if self._screen is None:
            layout = self._ready_layout()
            size = (self.width(), self.height())
            self._screen = Screen(size, layout, self._tape, MONITOR)
            self._screen.redraw(self._window(layout))
            self._print()
            self._print_rate()
        return self._screen

    def _window(self, layout: Layout) -> Window:
        if self._tape is None:
            return NOTHING
        if self._standing.back_s:
            return looking_back(layout, self._tape, self._standing.back_s)
        return sweeping(layout, self._tape)

    def _redraw(self) -> None:
        if self._screen is not None:
            self._screen.redraw(self._window(self._screen.layout))
            self.update()

    def _draw_new(self, tape: Tape) -> None:
        if self._screen is None:
            self.update()
            return
        for area in self._screen.advance(sweeping(self._screen.layout, tape)):
            self.update(area)

    def _print(self) -> None:
        """Print what has changed above the traces."""
        if self._screen is None:
            return
        layout = self._screen.layout
        words = header(self._tape, layout, self._standing) if self._tape else Header()
        for area in self._screen.print_header(words, beside_rate=self._rate_shown):
            self.update(area)

    def _print_rate(self) -> None:
        if self._screen is None or self._tape is None or not self._rate_shown:
            return
        lit = self._heart.lit(self._tape.now_s) and not self._resting
        printed = self._screen.print_rate(self.heart_rate)
        for area in printed + self._screen.fill_heart(filled=lit):
            self.update(area)

    def _draw_over(self, painter: QPainter) -> None:
        if not self._resting:
            return
        shown = self.stretches
        for overlay in (*self._overlays, *self._hand.overlays):
            overlay.draw(painter, shown, MONITOR)


def _device_area(area: QRect, ratio: float) -> QRect:
    """Return the device pixels that an area in logical ones touches."""
    left, top = math.floor(area.left() * ratio), math.floor(area.top() * ratio)
    right = math.ceil((area.left() + area.width()) * ratio)
    bottom = math.ceil((area.top() + area.height()) * ratio)
    return QRect(left, top, right - left, bottom - top)

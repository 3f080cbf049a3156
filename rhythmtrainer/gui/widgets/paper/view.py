"""A widget that shows strips on ECG paper, with hands to move it and tools to measure with."""

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from rhythmtrainer.gui.widgets.overlay import Overlay, Tool
from rhythmtrainer.gui.widgets.paper.surface import PaperSurface
from rhythmtrainer.gui.widgets.tool_hand import ToolHand

_NOTCH: Final = 120.0
_ZOOM_A_NOTCH: Final = 1.25
# Part of what is seen.
_SCROLL_A_NOTCH: Final = 0.1


class PaperView(PaperSurface):
    """Paper that the wheel, a drag or a pinch scrolls and zooms, unless a tool takes the press."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = ToolHand(self, lambda: self.stretches)
        self._dragged_from: float | None = None
        self._on_bar = False

    def set_tool(self, tool: Tool | None) -> None:
        """Give mouse and keys to a tool that lies over the strip, or take them back."""
        self._hand.set_tool(tool)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - as Qt declares it
        """Let Tab choose parts of the tool before it moves the focus."""
        return self._hand.tab(forward=forward) or super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom(1.0 + event.value(), event.position().x())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; zoom about the pointer with Ctrl."""
        notches = event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM_A_NOTCH**notches, event.position().x())
        elif self.shows_all:
            event.ignore()
            return
        else:
            frame = self.frame
            pixels = event.pixelDelta()
            if pixels.isNull():
                sideways = event.angleDelta().x() / _NOTCH
                self.scroll(-(notches + sideways) * _SCROLL_A_NOTCH * frame.shown_s)
            else:
                self.scroll(-(pixels.x() + pixels.y()) / frame.px_per_s)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give the press to the tool, else take hold of the paper."""
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        at = event.position()
        if self._hand.press(at):
            return
        if self.shows_all:
            event.ignore()
        elif self._bar.holds(at):
            self._on_bar = True
            self._show_around(self._bar.seconds(at.x()))
        else:
            self._dragged_from = self.frame.seconds(at.x())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held."""
        at = event.position()
        if self._on_bar:
            self._show_around(self._bar.seconds(at.x()))
        elif self._dragged_from is not None:
            frame = self.frame
            self.show_from(self._dragged_from - (at.x() - frame.margin) / frame.px_per_s)
        else:
            self._hand.move(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._let_go()
        super().mouseReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go: the release goes to what is seen then."""
        self._let_go()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the key to the tool, else to the page."""
        if not self._hand.key(event):
            super().keyPressEvent(event)

    @property
    def _over(self) -> tuple[Overlay, ...]:
        return (*self._overlays, *self._hand.overlays)

    def _let_go(self) -> None:
        self._hand.release()
        self._on_bar = False
        if self._dragged_from is not None:
            self._dragged_from = None
            self.unsetCursor()

    def _show_around(self, seconds: float) -> None:
        self.show_from(seconds - self.frame.shown_s / 2)

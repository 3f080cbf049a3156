"""Passing mouse and keys of a view on to the tool that lies over its strip."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from rhythmtrainer.gui.widgets.overlay import Overlay, Tool
from rhythmtrainer.gui.widgets.stretch import Stretch


class ToolHand:
    """What a tool needs of the view that it lies over.

    Parameters
    ----------
    stretches
        What the view shows now.
    ready
        Whether what it shows stands still; until then the tool gets nothing.
    """

    def __init__(
        self,
        view: QWidget,
        stretches: Callable[[], Sequence[Stretch]],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._view = view
        self._stretches = stretches
        self._ready = ready
        self._tool: Tool | None = None
        self._holds = False

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The tool, to be drawn over everything; nothing where there is none."""
        return () if self._tool is None else (self._tool,)

    @property
    def holds(self) -> bool:
        """Whether the tool is being moved."""
        return self._holds

    def set_tool(self, tool: Tool | None) -> None:
        """Take up a tool, or put the one that there is away."""
        if tool is self._tool:
            return
        view = self._view
        if self._tool is not None:
            self._tool.changed.disconnect(view.update)
        if tool is not None:
            tool.changed.connect(view.update)
        self._tool = tool
        self._holds = False
        # With a tool the arrow keys belong to the strip; without, to the page.
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tool else Qt.FocusPolicy.NoFocus)
        view.setMouseTracking(tool is not None)
        view.unsetCursor()
        view.update()

    def press(self, at: QPointF) -> bool:
        """Let the tool take hold of what lies at a point."""
        if self._tool is None or not self._ready():
            return False
        self._holds = self._tool.pressed(at, self._stretches())
        self._show_cursor(at)
        return self._holds

    def move(self, to: QPointF) -> bool:
        """Let the tool move what it holds, or show what a press would do."""
        if self._tool is None:
            return False
        if self._holds:
            self._tool.moved(to, self._stretches())
        self._show_cursor(to)
        return self._holds

    def release(self) -> bool:
        """Let the tool let go."""
        held, self._holds = self._holds, False
        if held and self._tool is not None:
            self._tool.released()
        return held

    def key(self, event: QKeyEvent) -> bool:
        """Let the tool answer a key; False leaves it to the page."""
        if self._tool is None or not self._ready():
            return False
        return self._tool.key(event, self._stretches())

    def tab(self, *, forward: bool) -> bool:
        """Let the tool answer Tab before it moves the focus."""
        key = Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab
        return self.key(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))

    def _show_cursor(self, at: QPointF) -> None:
        if self._tool is None or not self._ready():
            return
        shape = self._tool.cursor(at, self._stretches())
        if shape is Qt.CursorShape.ArrowCursor:
            self._view.unsetCursor()
        else:
            self._view.setCursor(shape)
